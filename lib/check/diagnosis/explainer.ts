// What there is to say about the rows of one forward pass: from the learner's formulas where they are known, else from the
// numbers.
//
//     const explainer = new Explainer(check, tensors);
//     explainer.listening(() => { …the learner's lines… });
//     explainer.explain(check.row("h", dh), dh, rows);
//
// In this order: is the row wrong only because of rows above? Which change makes its formula right? If there is no formula, of
// which formula, near the right one, are these the numbers? Where are they wrong? And the rest.
// Left out: the verdict (check.ts).
import type { Check, Row } from "../check.ts";
import type { Tensors } from "../graph.ts";
import { arrayOf } from "../../tensor/ndarray.ts";
import { inScratch } from "../../tensor/memory.ts";
import { listen, type Listener, unheard } from "../../tensor/recording.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import {
  attempt,
  type Formula,
  hasWrites,
  isOpaque,
  leavesIn,
  type Point,
  withoutFloat32,
} from "../formula/formula.ts";
import {
  blame,
  causesOf,
  type Explanation,
  following,
  isLoop,
  usable,
  withUnfinished,
  type Wrong,
  wrongAbove,
} from "./follows.ts";
import { digits, enumerated, position } from "./notation.ts";
import {
  diagonal,
  forgotten,
  identity,
  infer,
  infiniteText,
  loneElement,
  pattern,
  rest,
  shapeText,
} from "./numbers.ts";
import { freePoint, type Points, pointsOf } from "../formula/derive.ts";
import { Recorder } from "../formula/record.ts";
import { COSTS } from "./change.ts";
import { otherRule } from "./other_rule.ts";
import { costOf, repairInLoop } from "./repair.ts";
import { repairs } from "./search.ts";
import { type Around, told } from "./sentences.ts";
import { gradientsIn, subjectOf } from "./subject.ts";
import { largest, passing, target, tried } from "./target.ts";
import { thrownAway } from "./thrown_away.ts";

export type { Explanation };

/** Explains the rows of one forward pass. */
export class Explainer {
  readonly #check: Check;
  readonly #recorder = new Recorder();
  /** The gradients that the learner has, as they were when they got their names. */
  readonly #above = new Map<string, Tensor>();
  #points: Points | undefined | "unknown" = "unknown";
  #free: Point | undefined;
  #held: { second?: Point; free: Point } | undefined;

  /** `tensors` are the learner's own, by name; so are those of `more`. */
  constructor(check: Check, tensors: Tensors = {}, more: Tensors = {}) {
    this.#check = check;
    for (const [name, t] of [...Object.entries(more), ...Object.entries(tensors)]) this.#recorder.name(t, name);
  }

  /** What is to be told of the learner's operations, with `listen`. */
  get listener(): Listener {
    return this.#recorder;
  }

  /** Does some work while the operations are recorded. */
  listening<T>(work: () => T): T {
    const before = listen(this.#recorder);
    try {
      return work();
    } finally {
      listen(before);
    }
  }

  /** From here on the gradient of `name` is a name in the formulas of what is made of it. */
  name(name: string, gradient: unknown): void {
    // A gradient still to do is no tensor, though it is an instance of one.
    if (!arrayOf(gradient)) return;
    this.#recorder.name(gradient as Tensor, `d${name}`, true);
    this.#above.set(name, unheard(() => (gradient as Tensor).clone()));
  }

  /** What is wrong with a row that is wrong, or has a wrong shape. */
  explain(row: Row, gradient: unknown, earlier: readonly Row[]): Explanation {
    const points = this.#both(), { given, name } = row, check = this.#check;
    if (!given) return { text: row.remark ?? `d${name} is not a tensor.` };
    const noted = points && arrayOf(gradient) &&
      unheard(() => this.#recorder.formulaWithout(gradient as Tensor, `d${name}`));
    const unused = noted ? this.#recorder.unused(noted) : [], isWritten = noted && hasWrites(noted);
    const { second, free } = (noted && unheard(() => this.#heldFor(noted, points, unused))) ??
      { second: points?.second, free: points && (this.#free ??= unheard(() => freePoint(points))) };
    return unheard(() =>
      inScratch(() => {
        // The loss itself, say.
        const isRead = points && points.derivation.readers(name).length > 0;
        if (!isRead || !agreesWith(points, row, check)) return withoutPoints(row, given, check);
        // A row above that is no tensor: what stands there for it, nobody can tell.
        const nothing = earlier.filter((one) =>
          one.status === "shape" && !one.given && points.derivation.readers(name).includes(one.name)
        );
        if (nothing.length > 0) return blame(nothing);
        const above = new Set([...this.#above.keys(), ...earlier.filter(({ given }) => given).map(({ name }) => name)]);
        const isRecent = (one: Formula) => this.#recorder.isRecent(one);
        const originOf = (gradient: Formula) => this.#recorder.originOf(gradient);
        const own = { ...points, second, first: atOwnCorners(points.first, earlier) };
        const subject = { ...subjectOf(name, own, [...above], free!), isRecent, originOf };
        const theirs = (read?: readonly string[]) => learnersPoint(points, this.#above, earlier, check, read);
        const all = theirs(), wrong = { check, row, given, earlier, subject, learners: all };
        // Which elements are written to may hang on the numbers that were read, and so may numbers alone.
        const isOfRead = noted && this.#recorder.hasRead && (isWritten || areNumbers(noted));
        const formula = noted && usable(noted, wrong);
        // Of a gradient that a formula does not read, its numbers are not made, unless they were read one by one.
        wrong.learners = inFloat64(formula && !this.#recorder.hasRead ? theirs(gradientsIn(formula)) : all);
        const isFixed = isOfRead || formula && isLoop(formula);
        return explained({ ...wrong, ...isFixed ? { loop: formula } : { formula } }, unused);
      })
    );
  }

  /** What a right row is right by luck in: undefined if its formula is right on other numbers, too, or is not known. */
  luck(row: Row, gradient: unknown, earlier: readonly Row[]): string | undefined {
    if (!(gradient instanceof Tensor) || this.#recorder.hasRead) return undefined;
    const formula = this.#recorder.formulaWithout(gradient, `d${row.name}`);
    const isKnown = formula.kind === "step" && !this.#recorder.isFixed(formula);
    if (!isKnown || gradient.dtype === "float32" || wrongAbove(formula, earlier).length > 0) {
      return undefined;
    }
    const points = this.#both();
    if (!points?.second || isOpaque(formula, [], points.derivation.tables)) return undefined;
    return unheard(() => {
      const second = this.#heldFor(formula, points)?.second ?? points.second;
      return inScratch(() => byLuck(row, formula, { ...points, second }, [...this.#above.keys()]));
    });
  }

  /** Whether a line may send something back to a tensor that it reads: it does not if it looks at the shape only. */
  sends(reader: string, name: string): boolean {
    return this.#both()?.derivation.readers(name).includes(reader) ?? true;
  }

  /** The second point, and a free one, for a formula with indices that may be numbers of the data: all indices stay. */
  #heldFor(
    formula: Formula,
    points: Points,
    unused: readonly Formula[] = [],
  ): { second?: Point; free: Point } | undefined {
    if (!hasWrites(formula) && unused.length < 2 && !this.#recorder.isFixed(formula)) return undefined;
    if (this.#held) return this.#held;
    const second = points.still();
    return this.#held = second && { second, free: freePoint({ ...points, second }) };
  }

  #both(): Points | undefined {
    const { forward, graph, values } = this.#check;
    if (this.#points === "unknown") {
      this.#points = pointsOf(forward, graph, values, (name) => this.#check.rightNumbers(name));
    }
    return this.#points;
  }
}

function explained(wrong: Wrong, unused: readonly Formula[]): Explanation {
  const { row, given, subject, loop, formula } = wrong, { name } = row;
  const blamed = following(wrong);
  if (blamed) return blamed;
  const shape = sameShape(given.shape, row.shape)
    ? ""
    : `Yours is ${formatShape(given.shape)}, expected is ${formatShape(row.shape)}.`;
  const before = infiniteText(wrong), known = formula && fromFormula(wrong, formula, unused, { before, shape });
  if (known) return { text: known };
  const inLoop = loop && repairInLoop(loop, subject);
  if (inLoop) return { text: told([inLoop], subject, { before, shape }) };
  const right = subject.points.first.leaves.get(`d${name}`)!;
  const lone = shape ? undefined : loneElement(given, right);
  if (lone && !formula && !before) return { text: lone };
  const nearest = formula
    ? undefined
    : (shape ? undefined : otherRule(wrong) ?? forgotten(wrong)) ?? infer(wrong, shape) ??
      identity(wrong, shape) ?? (shape ? undefined : diagonal(wrong));
  const text = nearest ?? before ??
    (shape ? shapeText(wrong) : lone) ??
    pattern(given, right, subject) ?? rest(given, right.toArray(), row.shape, name);
  return { text };
}

/** Whether a formula is numbers alone, which were put somewhere one by one or made all at once. */
function areNumbers(formula: Formula): boolean {
  return formula.kind === "constant" ||
    formula.kind === "step" && formula.op.endsWith("_") && leavesIn(formula).length === 0;
}

/** What the learner's formula tells: which change makes it right, if that is near, or of what the numbers are. */
function fromFormula(
  wrong: Wrong,
  formula: Formula,
  unused: readonly Formula[],
  { before, shape }: Around,
): string | undefined {
  const { earlier, subject, learners } = wrong, vain = thrownAway(formula, unused, subject);
  if (vain) {
    const { phrase: { atStart: text }, besides } = vain;
    return besides.length > 0
      ? told(besides, { ...subject, row: vain.formula }, { before: text, isFirst: true })
      : text;
  }
  const another = shape ? undefined : otherRule(wrong);
  if (another) return another;
  const own = withoutFloat32(formula), named = withUnfinished(own, subject, learners);
  const found = named === own ? repairs(subject, own) : repairs(subject, named, own);
  const isFar = costOf(found) > COSTS.far || found.length === 0, isOne = found.length === 1 && !isFar;
  const nearer = (isOne || shape ? undefined : diagonal(wrong)) ??
    (isFar ? identity(wrong, shape) ?? infer(wrong, shape, found[0]?.isLast) : undefined) ??
    (isOne && found[0].term !== "missing" || shape ? undefined : forgotten(wrong));
  if (nearer || !found.some(({ changes, factor, term }) => changes.length > 0 || factor !== 1 || term)) return nearer;
  const causes = causesOf(wrongAbove(formula, earlier)), is = causes.length > 1 ? "are" : "is";
  const after = causes.length > 0 ? `Besides, ${enumerated(causes)} above ${is} wrong.` : "";
  return told(found, { ...subject, row: own }, { before, shape, after });
}

/** The learner's own gradients in the place of the right ones: all, or those that are `read`. */
function learnersPoint(
  points: Points,
  above: ReadonlyMap<string, Tensor>,
  earlier: readonly Row[],
  { values }: Check,
  read?: readonly string[],
): Point {
  const leaves = new Map(points.first.leaves);
  const set = (name: string, gradient: Tensor) => {
    if (!read || read.includes(`d${name}`)) leaves.set(`d${name}`, gradient);
  };
  for (const [name, gradient] of above) set(name, gradient);
  for (const { name, given, note } of earlier) if (given && !note) set(name, given);
  points.derivation.measureAgain(leaves, values);
  return { leaves, values: new Map() };
}

/** A point with its float32 tensors in float64. */
function inFloat64({ leaves }: Point): Point {
  const wide = [...leaves].map(([name, t]): [string, Tensor] => [name, t.dtype === "float32" ? t.double() : t]);
  return { leaves: new Map(wide), values: new Map() };
}

/** A point with what the learner's right gradients are at corners, where there are several right ones. */
function atOwnCorners(point: Point, earlier: readonly Row[]): Point {
  const leaves = new Map(point.leaves);
  for (const { name, status, given, note } of earlier) {
    const right = leaves.get(`d${name}`)?.toArray();
    if (!right || !given || status !== "ok" || note) continue;
    const size = largest(right);
    if (given.toArray().some((x, i) => Math.abs(x - right[i]) > 1e-3 * size + 1e-9)) leaves.set(`d${name}`, given);
  }
  const isOwn = [...leaves].some(([name, t]) => point.leaves.get(name) !== t);
  return isOwn ? { leaves, values: new Map() } : point;
}

/** A right row whose formula is wrong at the second point. */
function byLuck({ name }: Row, formula: Formula, points: Points, above: readonly string[]): string | undefined {
  const first = points.first, second = points.second!;
  const isRight = (point: Point) => tried(formula, point, target(point.leaves.get(`d${name}`)!)) === 1;
  if (!isRight(first) || isRight(second)) return undefined;
  const value = attempt(() => passing(formula, second)), right = second.leaves.get(`d${name}`)!;
  if (!value || !sameShape(value.shape, right.shape)) return undefined;
  const x = value.toArray(), y = right.toArray(), off = x.map((v, i) => Math.abs(v - y[i]));
  const worst = off.indexOf(largest(off));
  if (!(off[worst] > 1e-6 * largest(y))) return undefined;
  const subject = subjectOf(name, { ...points, first: second, second: first }, above, freePoint(points)),
    found = repairs(subject, formula);
  const where = `${position(worst, right.shape)} would be ${digits(x[worst])} instead of ${digits(y[worst])}`;
  const why = found.length > 0 ? ` ${told(found, subject)}` : "";
  return `Right with these numbers only: with others, ${where}.${why}`;
}

/** Whether the derived gradient is the measured one, or at corners between two: only then is it a ground to stand on. */
function agreesWith({ first }: Points, { name, expected }: Row, check: Check): boolean {
  const derived = first.leaves.get(`d${name}`), x = derived?.toArray();
  if (!x || !expected || expected.length !== x.length) return x !== undefined;
  const size = largest(x);
  return x.every((v, i) => Math.abs(v - expected[i]) <= 1e-3 * size + 1e-6) || check.row(name, derived).status === "ok";
}

/** What can be said where the gradients cannot be worked out from the lines. */
function withoutPoints({ name, shape, expected }: Row, given: Tensor, check: Check): Explanation {
  if (sameShape(given.shape, shape)) return { text: rest(given, expected ?? check.rightNumbers(name), shape, name) };
  return { text: `Wrong shape: yours is ${formatShape(given.shape)}, expected is ${formatShape(shape)}.` };
}
