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
import { isFloat } from "../../tensor/dtypes.ts";
import { inScratch } from "../../tensor/memory.ts";
import { listen, type Listener, unheard } from "../../tensor/recording.ts";
import { arrayOf } from "../../tensor/ndarray.ts";
import { formatShape, numel, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import {
  evaluate,
  exchanged,
  type Formula,
  isOpaque,
  leaf,
  parts,
  type Point,
  replaced,
  type Step,
  step,
} from "./formula.ts";
import { enumerated, minus, number, position } from "./notation.ts";
import { pattern, rest } from "./pattern.ts";
import { type Points, pointsOf } from "./points.ts";
import { Recorder } from "./record.ts";
import { costOf, type Repair, repair, repairs } from "./repair.ts";
import { MOST_WORDS, short, told } from "./sentences.ts";
import { factorOf, forRow, isPlain, passing, type Subject, subjectOf, type Target, target, tried } from "./subject.ts";

/** What is said of a wrong row. */
export interface Explanation {
  /** For the learner. */
  readonly text: string;
  /** The gradients above where the mistakes are, if the row is wrong only because of them. */
  readonly causes?: readonly string[];
}

/** Explains the rows of one forward pass. */
export class Explainer {
  readonly #check: Check;
  readonly #recorder = new Recorder();
  /** The tensors whose gradients the learner has. */
  readonly #above = new Set<string>();
  #points: Points | undefined | "unknown" = "unknown";

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
    this.#above.add(name);
  }

  /** What is wrong with a row that is wrong, or has a wrong shape. */
  explain(row: Row, gradient: unknown, earlier: readonly Row[]): Explanation {
    const points = this.#both(), { given } = row;
    if (!given) return { text: row.remark ?? `d${row.name} is not a tensor.` };
    return unheard(() =>
      inScratch(() => {
        const formula = gradient instanceof Tensor ? this.#recorder.formulaOf(gradient) : undefined;
        if (!points || !agreesWith(points, row)) return withoutFormula(this.#check, row, given, earlier);
        const above = [...new Set([...this.#above, ...earlier.filter(({ given }) => given).map(({ name }) => name)])];
        const isRecent = (one: Formula) => this.#recorder.isRecent(one);
        return explained({ check: this.#check, row, given, formula, points, earlier, above, isRecent });
      })
    );
  }

  /** What a right row is right by luck in: undefined if its formula is right on other numbers, too, or is not known. */
  luck(row: Row, gradient: unknown, earlier: readonly Row[]): string | undefined {
    if (!(gradient instanceof Tensor)) return undefined;
    const formula = this.#recorder.formulaOf(gradient);
    if (formula.kind !== "step" || isOpaque(formula) || gradient.dtype === "float32") return undefined;
    const points = this.#both();
    if (!points?.second) return undefined;
    const names = new Set(gradientsIn(formula));
    if (earlier.some(({ name, status }) => names.has(name) && status !== "ok" && status !== "given")) return undefined;
    return unheard(() => inScratch(() => byLuck(row, formula, points, [...this.#above])));
  }

  #both(): Points | undefined {
    const { forward, graph, values } = this.#check;
    if (this.#points === "unknown") this.#points = pointsOf(forward, graph, values);
    return this.#points;
  }
}

/** A wrong row, and all that is known about it. */
interface Wrong {
  check: Check;
  row: Row;
  given: Tensor;
  formula: Formula | undefined;
  points: Points;
  earlier: readonly Row[];
  /** The tensors whose gradients the learner has. */
  above: readonly string[];
  /** Whether a step is one of the row's own lines. */
  isRecent: (formula: Formula) => boolean;
}

function explained(wrong: Wrong): Explanation {
  const { row, given, points, earlier } = wrong, { name } = row;
  const subject = { ...subjectOf(name, points, wrong.above, reachOf(name, points)), isRecent: wrong.isRecent };
  const learners = learnersPoint(points, earlier, wrong.check), formula = usable(wrong, learners, subject);
  // A row above that is no tensor: what stands there for it, nobody can tell.
  const nothing = earlier.filter((one) =>
    one.status === "shape" && !one.given && points.derivation.readers(name).includes(one.name)
  );
  if (nothing.length > 0) return blame(nothing);
  const shape = sameShape(given.shape, row.shape)
    ? ""
    : ` Yours is ${formatShape(given.shape)}, expected is ${formatShape(row.shape)}.`;
  const infinite = infiniteText(given, subject, learners, formula);
  if (formula) {
    const blamed = following(formula, subject, wrong, learners);
    if (blamed) return blamed;
    const found = repairs(named(withoutFloat32(formula), subject, learners), subject), cost = costOf(found);
    const same = cost > 1.5 || found.length === 0 ? identity(given, subject, learners) : undefined;
    if (same) return { text: same + shape };
    if (found.some(({ changes, factor, term }) => changes.length > 0 || factor !== 1 || term)) {
      const also = wrongAbove(formula, earlier);
      const causes = blame(also).causes!, is = causes.length > 1 ? "are" : "is";
      const above = causes.length > 0 ? ` Besides, ${enumerated(causes)} above ${is} wrong.` : "";
      const before = infinite ? `${infinite} ` : "", taken = (before + above + shape).split(" ").length - 1;
      return { text: before + fit(told(found, subject, MOST_WORDS - taken), shape) + above };
    }
  } else {
    const blamed = followingNumbers(subject, wrong, learners);
    if (blamed) return blamed;
  }
  const right = points.first.leaves.get(`d${name}`)!, places = shape ? undefined : pattern(given, right, subject);
  if (places?.startsWith("Only the element at") && !formula && !infinite) return { text: places };
  const inferred = infer(given, subject, learners);
  if (inferred) return { text: fit(inferred, shape) };
  const same = identity(given, subject, learners);
  if (same) return { text: same + shape };
  if (infinite) return { text: infinite };
  if (shape) return { text: shapeText(wrong) };
  return { text: places ?? rest(given, right.toArray(), row.shape, name) };
}

/** The shapes, unless the sentence has them. */
function fit(text: string, shape: string): string {
  return shape === "" || /\(\d*(, \d+)*\)/.test(text) && text.includes("expected") ? text : text + shape;
}

/** The learner's own gradients in the place of the right ones. */
function learnersPoint(points: Points, earlier: readonly Row[], { values }: Check): Point {
  const leaves = new Map(points.first.leaves);
  for (const { name, given, note } of earlier) if (given && !note) leaves.set(`d${name}`, given);
  points.derivation.measureAgain(leaves, values);
  return { leaves, values: new Map() };
}

/** The learner's formula, if it gives the learner's numbers and can be followed. */
function usable({ formula, given }: Wrong, learners: Point, { offers }: Subject): Formula | undefined {
  if (!formula || isOpaque(formula, offers.lineNumbers) || isLoop(formula)) return undefined;
  try {
    const again = passing(formula, learners), x = again.toArray(), y = given.toArray();
    if (!sameShape(again.shape, given.shape)) return undefined;
    const close = again.dtype === "float32" || given.dtype === "float32" ? 1e-4 : 1e-9;
    const size = y.reduce((most, v) => Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most, 0);
    const same = x.every((v, i) =>
      v === y[i] || Math.abs(v - y[i]) <= close * size || !Number.isFinite(v) && !Number.isFinite(y[i])
    );
    return same ? formula : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a formula has as many steps as only a loop makes: it tells less than its numbers do. */
function isLoop(formula: Formula): boolean {
  const all = parts(formula);
  return all.length > 120 || all.filter((part) => part.kind === "step" && part.op === "write").length > 8;
}

/** Whether the formula is right, and its numbers are off only because of rows above. */
function following(
  formula: Formula,
  subject: Subject,
  { given, earlier, check }: Wrong,
  learners: Point,
): Explanation | undefined {
  const { first, second, target: to, otherTarget } = subject;
  const wide = withoutFloat32(formula),
    right = [wide, asShaped(wide, first, learners)].find((one) => {
      try {
        const isRight = (point: Point, at: Target) => factorOf(passing(one, point), at) === 1;
        return isRight(first, to) && (!second || isRight(second, otherTarget!)) &&
          (!isLocal(one, subject) || isRight(subject.free, subject.freeTarget));
      } catch {
        return false;
      }
    });
  if (!right) return undefined;
  const blamed = blameAbove(formula, earlier, check), wrong = wrongAbove(formula, earlier).length > 0;
  if (!wrong && (given.dtype === "float32" || wide !== formula)) {
    return { text: `The formula is right. float32 has too few digits for it: compute d${subject.name} in float64.` };
  }
  return blamed;
}

/** Whether a formula takes its gradients from the lines that read the tensor, and from no others. */
function isLocal(formula: Formula, { sendings }: Subject): boolean {
  return gradientsIn(formula).every((name) => sendings.some(({ reader }) => reader === name));
}

/** The rows above that make a right formula wrong: wrong ones, or one that is right to a few digits only. */
function blameAbove(formula: Formula, earlier: readonly Row[], check: Check): Explanation | undefined {
  const wrong = wrongAbove(formula, earlier), names = new Set(gradientsIn(formula));
  if (wrong.length > 0) return blame(wrong);
  const inexact = earlier.filter((row) => row.status === "ok" && row.given && !row.note && !isExact(row, check));
  if (!inexact.some(({ name }) => names.has(name))) return undefined;
  const [{ name }] = inexact;
  return {
    text: `Wrong only because d${name} above is right to a few digits only.`,
    causes: [`d${name}`],
  };
}

/** The formula with a name for each part that is a gradient as far as it is done: the first terms of one that has no row yet. */
function named(
  formula: Formula,
  { name: own, points, first, second, free, offers }: Subject,
  learners: Point,
): Formula {
  const { derivation } = points;
  const done = new Set(offers.tensors.map(({ formula }) => formula.kind === "leaf" ? formula.name : ""));
  let whole = formula;
  for (const part of parts(formula)) {
    if (part === formula || part.kind !== "step" || gradientsIn(part).length === 0) continue;
    for (const name of derivation.lines.keys()) {
      const readers = derivation.readers(name), dname = `the unfinished d${name}`;
      if (readers.length < 2 || name === own || done.has(`d${name}`) || first.leaves.has(dname)) continue;
      const sent = readers.map((reader) => derivation.sent(reader, name)).find((terms) =>
        terms.length === 1 && isSame(part, terms[0], first) && (!second || isSame(part, terms[0], second))
      );
      if (!sent) continue;
      for (const point of [first, second, free, learners]) {
        if (point) (point.leaves as Map<string, Tensor>).set(dname, passing(part, point));
      }
      whole = replaced(whole, part, leaf(dname, true));
    }
  }
  return whole;
}

function isSame(a: Formula, b: Formula, point: Point): boolean {
  try {
    return factorOf(passing(a, point), target(passing(b, point))) === 1;
  } catch {
    return false;
  }
}

/** The formula with the right gradients read in the shapes that the learner's have, where a row lost a dimension. */
function asShaped(formula: Formula, first: Point, learners: Point): Formula {
  return parts(formula).reduce((whole, part) => {
    if (part.kind !== "leaf" || !part.gradient) return whole;
    const own = learners.leaves.get(part.name), right = first.leaves.get(part.name);
    if (!own || !right || sameShape(own.shape, right.shape) || own.numel() !== right.numel()) return whole;
    return replaced(whole, part, step("view", leaf(part.name, true), ...own.shape));
  }, formula);
}

/** The same for numbers without a formula: the learner's gradients from above give them. */
function followingNumbers(
  subject: Subject,
  { given, earlier, check }: Wrong,
  learners: Point,
): Explanation | undefined {
  const derived = wholeOf(subject);
  try {
    if (!derived || factorOf(passing(derived, learners), target(given)) !== 1) return undefined;
  } catch {
    return undefined;
  }
  return blameAbove(derived, earlier, check);
}

/** The derived formula of the whole gradient; undefined where no line reads the tensor. */
function wholeOf({ sendings }: Subject): Formula | undefined {
  const [first, ...more] = sendings.map(({ whole }) => whole);
  return first && more.reduce((sum, one) => step("add", sum, one), first);
}

/** The rows above that a formula reads the gradients of and that are not right. */
function wrongAbove(formula: Formula, earlier: readonly Row[]): Row[] {
  const names = new Set(gradientsIn(formula));
  return earlier.filter(({ name, status, note }) => !note && names.has(name) && status !== "ok" && status !== "given");
}

/** Where the mistakes are that made these rows wrong: they themselves, or what they blame. */
function blame(wrong: readonly Row[]): Explanation {
  const causes = [
    ...new Set(wrong.flatMap(({ name, status, causes }) => status === "follows" && causes ? causes : [`d${name}`])),
  ];
  return {
    causes,
    text: `Your line is right; its numbers are off only because of ${enumerated(causes)} above. Fix that first.`,
  };
}

function isExact({ name, given }: Row, check: Check): boolean {
  const right = check.rightNumbers(name), size = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return size <= 1e-9 || given!.toArray().every((x, i) => Math.abs(x - right[i]) <= 1e-9 * size);
}

/** Of which formula, one change away from the derived one, these are the numbers; and what is wrong with that. */
function infer(given: Tensor, subject: Subject, learners: Point): string | undefined {
  const derived = wholeOf(subject), own = forRow(learners);
  if (!derived) return undefined;
  try {
    for (const one of [derived, ...subject.offers.terms, ...subject.offers.tensors.map(({ formula }) => formula)]) {
      evaluate(one, own);
    }
    for (const index of subject.offers.indices) {
      if (typeof index === "object" && "kind" in index) evaluate(index as Formula, own);
    }
  } catch {
    return undefined;
  }
  const to = target(given);
  if (!(Math.abs(to.numbers[to.at]) > 0)) return undefined;
  const offers = { ...subject.offers, shape: given.shape, arrays: true };
  // The derived formula's own numbers are none of the learner's: a factor is rather on the whole.
  const factor = tried(derived, own, to);
  if (factor !== undefined && isPlain(factor, subject)) {
    return told([{ changes: [], factor: 1 / factor, of: derived, cost: 1 }], subject);
  }
  const found = repair(derived, { ...subject, first: own, second: undefined, offers }, to, undefined);
  if (!found || found.cost > 1.7) return undefined;
  const formula = formulaOf(found, derived), fixed = repairs(formula, subject);
  if (fixed.length === 0) return undefined;
  // Nobody divides by what is only missing.
  const [{ kind, other }] = found.changes;
  return kind === "over" ? `The factor ${short(other as Formula)} is missing.` : told(fixed, subject);
}

/** The formula that a repair leads to, its factor included. */
function formulaOf({ changes: [change], factor }: Repair, root: Formula): Formula {
  const formula = change ? replaced(change.site.holed, change.site.hole, change.by) : root;
  return factor === 1 ? formula : factor === -1 ? step("neg", formula) : step("div", formula, factor);
}

/** That the numbers are those of a named tensor, or of one times a plain number; undefined if they are of none. */
function identity(given: Tensor, subject: Subject, learners: Point): string | undefined {
  const to = target(given);
  if (given.numel() < 2 || !(Math.abs(to.numbers[to.at]) > 0)) return undefined;
  for (const { formula } of subject.offers.tensors) {
    if (formula.kind !== "leaf") continue;
    for (const from of formula.gradient ? [learners, subject.points.first] : [learners]) {
      const factor = factorOf(given, target(from.leaves.get(formula.name)!));
      if (factor === undefined || !isPlain(factor, subject)) continue;
      const times = factor === 1 ? "" : factor === -1 ? "−" : `${number(factor)}·`;
      return `What stands there is ${times}${formula.name}${factor === 1 ? " itself" : ""}.`;
    }
  }
}

/** A right row whose formula is wrong at the second point. */
function byLuck(row: Row, formula: Formula, points: Points, above: readonly string[]): string | undefined {
  const { name } = row;
  const at = (point: Point) => {
    try {
      return factorOf(passing(formula, point), { ...target(point.leaves.get(`d${name}`)!, reachOf(name, points)) });
    } catch {
      return undefined;
    }
  };
  if (at(points.first) !== 1 || at(points.second!) === 1) return undefined;
  const subject = subjectOf(
    name,
    { ...points, first: points.second!, second: points.first },
    above,
    reachOf(name, points),
  );
  const found = repairs(formula, subject), value = passing(formula, points.second!), right = subject.target;
  if (!sameShape(value.shape, right.shape)) return undefined;
  const x = value.toArray(), off = (i: number) => Math.abs(x[i] - right.numbers[i]);
  const worst = right.numbers.reduce((most, _, i) => off(i) > off(most) ? i : most, 0);
  if (!(off(worst) > 1e-6 * Math.abs(right.numbers[right.at]))) return undefined;
  const digits = (v: number) => minus(String(Number(v.toPrecision(4))));
  const there = `with others, ${position(worst, right.shape)} would be ${digits(x[worst])} instead of ${
    digits(right.numbers[worst])
  }`;
  return `Right with these numbers only: ${there}.${found.length > 0 ? ` ${told(found, subject)}` : ""}`;
}

/** Whether the derived gradient is the measured one: only then is it a ground to stand on. */
function agreesWith(points: Points, { name, expected }: Row): boolean {
  const derived = points.first.leaves.get(`d${name}`)?.toArray();
  if (!derived) return false;
  if (!expected || expected.length !== derived.length) return true;
  const size = derived.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return derived.every((x, i) => !(Math.abs(x - expected[i]) > 1e-3 * size + 1e-6));
}

/** The size of what is added up for a gradient: what cancels to less than a thousandth of it is rounding. */
function reachOf(name: string, { derivation, first }: Points): number {
  return derivation.readers(name).reduce((most, reader) => {
    const above = first.leaves.get(`d${reader}`);
    return above ? above.toArray().reduce((max, x) => Math.max(max, Math.abs(x)), most) : most;
  }, 0);
}

function gradientsIn(formula: Formula): string[] {
  return parts(formula).flatMap((part) => part.kind === "leaf" && part.gradient ? [part.name.slice(1)] : []);
}

/** A formula without its conversions to float32. */
function withoutFloat32(formula: Formula): Formula {
  const narrows = (part: Formula): part is Step =>
    part.kind === "step" && (part.op === "float" || (part.op === "to" && part.args[1] === "float32"));
  const visit = (one: Formula): Formula => narrows(one) ? visit(one.args[0] as Formula) : exchanged(one, visit);
  return parts(formula).some(narrows) ? visit(formula) : formula;
}

/** That elements are NaN or infinite, and where it comes from; undefined if none are. */
function infiniteText(
  given: Tensor,
  { first }: Subject,
  learners: Point,
  formula: Formula | undefined,
): string | undefined {
  const own = new Set(formula && parts(formula).flatMap((part) => part.kind === "leaf" ? [part.name] : []));
  const x = given.toArray(), bad = x.findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return undefined;
  const count = x.filter((v) => !Number.isFinite(v)).length;
  const where = (is: (v: number) => boolean) =>
    [...learners.leaves].find(([name, t]) =>
      (own.size === 0 ? first.leaves.has(name) : own.has(name)) && isFloat(t.dtype) &&
      sameShape(t.shape, given.shape) && count < x.length &&
      t.toArray().every((v, i) => is(v) === !Number.isFinite(x[i]))
    )?.[0];
  const zero = where((v) => v === 0), negative = zero ? undefined : where((v) => v < 0);
  const why = zero ? `: ${zero} is zero there` : negative ? `: ${negative} is negative there` : "";
  return `${count} of ${x.length} elements are NaN or infinite, the first at ${position(bad, given.shape)}${why}.`;
}

/** A wrong shape of which nothing else is known. */
function shapeText({ row, given, points, formula }: Wrong): string {
  const { name, shape } = row,
    yours = given.shape,
    both = `yours is ${formatShape(yours)}, expected is ${formatShape(shape)}`;
  if (yours.length === 2 && sameShape([yours[1], yours[0]], shape)) return `Transposed: ${both}.`;
  const twin = [...points.first.leaves].find(([other, t]) =>
    other !== name && !other.includes(" ") && sameShape(t.shape, yours) && numel(yours) > 1 &&
    t.toArray().every((v, i) => v === given.toArray()[i])
  )?.[0];
  const same = twin && formula && short(formula) !== twin ? ` Yours is equal to ${twin}.` : "";
  const advice = numel(yours) === numel(shape)
    ? `As many elements, in another shape: view(${shape.join(", ")}).`
    : "A gradient has the shape of its tensor, always.";
  return `Wrong shape: ${both}.${same} ${advice}`;
}

/** What can be said where the gradients cannot be worked out from the lines. */
function withoutFormula(check: Check, row: Row, given: Tensor, earlier: readonly Row[]): Explanation {
  if (!sameShape(given.shape, row.shape)) {
    return { text: `Wrong shape: yours is ${formatShape(given.shape)}, expected is ${formatShape(row.shape)}.` };
  }
  void earlier;
  return { text: rest(given, row.expected ?? check.rightNumbers(row.name), row.shape, row.name) };
}
