// Whether a row is wrong only because of rows above it: its formula is right with the right gradients from above.
// Left out: what is wrong with the formula, if it is not (repair.ts).
import type { Check, Row } from "../check.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  attempt,
  type Formula,
  hasWrites,
  isFormula,
  isLeaf,
  isOpaque,
  type Leaf,
  leaf,
  leavesIn,
  parts,
  type Point,
  replaced,
  type Step,
  step,
  withoutFloat32,
} from "../formula/formula.ts";
import { enumerated, short } from "./notation.ts";
import { filledWith, sitesOf } from "./places.ts";
import { isRight } from "./repair.ts";
import { gradientsIn, isLocal, type Subject, wholeOf } from "./subject.ts";
import { largest, passing, target, targetOf, tried } from "./target.ts";

/** What is said of a wrong row. */
export interface Explanation {
  /** For the learner. */
  readonly text: string;
  /** The gradients above where the mistakes are, if the row is wrong only because of them. */
  readonly causes?: readonly string[];
}

/** A wrong row, and all that is known about it. */
export interface Wrong {
  readonly check: Check;
  readonly row: Row;
  readonly given: Tensor;
  /** The learner's formula, if it gives the learner's numbers and can be followed. */
  readonly formula?: Formula;
  /** The same, where it is a long loop or its indices are numbers of the data. */
  readonly loop?: Formula;
  readonly earlier: readonly Row[];
  readonly subject: Subject;
  /** The learner's own gradients in the place of the right ones. */
  readonly learners: Point;
}

/** A formula, if it gives the learner's numbers and can be followed. */
export function usable(formula: Formula, { given, learners, subject }: Omit<Wrong, "formula">): Formula | undefined {
  const { offers, points: { derivation } } = subject;
  if (isOpaque(formula, offers.lineNumbers, derivation.tables)) return undefined;
  return attempt(() => {
    const again = passing(formula, learners), x = again.toArray(), y = given.toArray();
    if (!sameShape(again.shape, given.shape)) return undefined;
    const close = (again.dtype === "float32" || given.dtype === "float32" ? 1e-4 : 1e-9) *
      largest(y.filter(Number.isFinite));
    const same = x.every((v, i) =>
      v === y[i] || Math.abs(v - y[i]) <= close || !Number.isFinite(v) && !Number.isFinite(y[i])
    );
    return same ? formula : undefined;
  });
}

/** Whether a formula has as many steps as only a loop makes: but for what all turns do, its numbers tell more. */
export function isLoop(formula: Formula): boolean {
  return parts(formula).length > 400 || hasWrites(formula, 40);
}

/** What is said of a row whose formula, or whose numbers if it has none, are right but for the gradients from above. */
export function following({ formula, subject, given, earlier, check, learners }: Wrong): Explanation | undefined {
  if (!formula) {
    const derived = wholeOf(subject);
    return derived && tried(derived, learners, target(given)) === 1 ? blameAbove(derived, earlier, check) : undefined;
  }
  const wide = withoutFloat32(formula);
  // One that takes another way, where all of it is zero.
  const mayBeRight = (one: Formula) =>
    isRight(one, subject) || !isLocal(one, subject) && isNothing(one, subject) ||
    wrongAbove(formula, earlier).length > 0 && isRightWhereIndicesStay(one, subject);
  if (![wide, asShaped(wide, subject.first, learners)].some(mayBeRight)) return spoiled(wide, subject);
  if (wrongAbove(formula, earlier).length === 0 && (given.dtype === "float32" || wide !== formula)) {
    return { text: `The formula is right. float32 has too few digits for it: compute d${subject.name} in float64.` };
  }
  return blameAbove(formula, earlier, check);
}

/** What was changed in place by a row above: all its names before, as a row may give it another, and the step that did. */
export function changedAbove(
  here: Formula,
  { originOf, isRecent }: Pick<Subject, "originOf" | "isRecent">,
): { names: Leaf[]; by: Step } | undefined {
  const originIn = (one: Formula) => isLeaf(one) ? one.gradient ? originOf?.(one) : undefined : one;
  // One tensor may be several gradients.
  let by = isLeaf(here) ? originIn(here) : isRecent?.(here) ? undefined : here;
  while (by && isLeaf(by)) by = originIn(by);
  if (by?.kind !== "step") return undefined;
  const names: Leaf[] = [];
  for (let one: Formula | undefined = by; one; one = originIn(one)) {
    while (one.kind === "step" && /_$|^write$/.test(one.op) && isFormula(one.args[0])) one = one.args[0];
    if (!isLeaf(one) || names.includes(one)) break;
    names.push(one);
  }
  return names.length > 0 && !names.some((one) => one === here) ? { names, by } : undefined;
}

/** A right formula that reads a tensor as it was before a row above changed it in place. */
function spoiled(formula: Formula, subject: Subject): Explanation | undefined {
  const all = sitesOf(formula, true).flatMap((site) => {
    const { names = [], by } = changedAbove(site.formula, subject) ?? {};
    return names.map((was) => ({ site, was, by: by! }));
  });
  const whole = all.reduce((sum, { site, was }) => replaced(sum, site.formula, was), formula);
  const one = all.find(({ site, was }) => isRight(filledWith(site, was), subject)) ??
    (all.length > 1 && isRight(whole, subject) ? all[0] : undefined);
  if (!one) return undefined;
  const { was: { name }, by } = one;
  return {
    text: `Your line is right, but ${name} was changed in place above, by ${short(by)}. Work on ${name}.clone() there.`,
    // The rows below are sent here, where it is told.
    causes: [`d${subject.name}`],
  };
}

/** Whether a formula that is right here is so on other numbers, with the same indices. */
function isRightWhereIndicesStay(formula: Formula, subject: Subject): boolean {
  const { first, target, points } = subject;
  if (tried(formula, first, target) !== 1) return false;
  const still = points.still(), whole = wholeOf(subject);
  return still !== undefined && whole !== undefined && tried(formula, still, targetOf(whole, still)) === 1;
}

/** Whether a formula is zero everywhere, as it should be: then nothing tells it from the right one. */
function isNothing(formula: Formula, { name, points: { first } }: Subject): boolean {
  const areZero = (t: Tensor | undefined) => t?.toArray().every((x) => x === 0) ?? false;
  return areZero(first.leaves.get(`d${name}`)) && areZero(attempt(() => passing(formula, first)));
}

/** The rows above that make a right formula wrong: wrong ones, or one that is right to a few digits only, or only by itself. */
function blameAbove(formula: Formula, earlier: readonly Row[], check: Check): Explanation | undefined {
  const wrong = wrongAbove(formula, earlier), names = gradientsIn(formula);
  if (wrong.length > 0) return blame(wrong);
  const inexact = earlier.filter((row) => row.status === "ok" && row.given && !row.note && !isExact(row, check));
  if (!inexact.some(({ name }) => names.includes(`d${name}`))) return undefined;
  const [row] = inexact, dname = `d${row.name}`, isAtCorner = !isExact(row, check, 1e-3);
  const text = isAtCorner
    ? `Your line is right. At a corner ${dname} above takes a slope that does not go with the others: ` +
      "where two are equal, their shares have to add up to 1."
    : `Wrong only because ${dname} above is right to a few digits only.`;
  return { text, causes: [dname] };
}

/** The rows above that a formula reads the gradients of and that are not right. */
export function wrongAbove(formula: Formula, earlier: readonly Row[]): Row[] {
  const names = gradientsIn(formula);
  return earlier.filter(({ name, status, note }) =>
    !note && names.includes(`d${name}`) && status !== "ok" && status !== "given"
  );
}

/** Where the mistakes are that made these rows wrong: they themselves, or what they blame. */
export function causesOf(wrong: readonly Row[]): string[] {
  const all = wrong.flatMap(({ name, status, causes }) => status === "follows" && causes ? causes : [`d${name}`]);
  return [...new Set(all)];
}

/** That a row is wrong because of these. */
export function blame(wrong: readonly Row[]): Explanation {
  const causes = causesOf(wrong);
  return {
    causes,
    text: `Your line is right; its numbers are off only because of ${enumerated(causes)} above. Fix that first.`,
  };
}

function isExact({ name, given }: Row, check: Check, but = 1e-9): boolean {
  const right = check.rightNumbers(name), size = largest(right);
  return size <= 1e-9 || given!.toArray().every((x, i) => Math.abs(x - right[i]) <= but * size);
}

/** The formula with a name for each part that is a gradient as far as it is done: the first terms of one that has no row yet. */
export function withUnfinished(
  formula: Formula,
  { name: own, points, first, second, free, offers }: Subject,
  learners: Point,
) {
  const { derivation } = points,
    done = offers.tensors.flatMap(({ formula }) => leavesIn(formula).map(({ name }) => name));
  const isSame = (part: Formula, term: Formula) =>
    [first, second].every((point) => !point || tried(part, point, target(passing(term, point))) === 1);
  let whole = formula;
  for (const part of parts(formula)) {
    if (part === formula || part.kind !== "step" || gradientsIn(part).length === 0) continue;
    for (const name of derivation.lines.keys()) {
      const readers = derivation.readers(name), dname = `d${name} so far`;
      if (readers.length < 2 || name === own || done.includes(`d${name}`) || first.leaves.has(dname)) continue;
      const sent = readers.map((reader) => derivation.sent(reader, name));
      if (!sent.some((terms) => terms.length === 1 && isSame(part, terms[0]))) continue;
      for (const point of [first, second, free, learners]) {
        if (point) (point.leaves as Map<string, Tensor>).set(dname, passing(part, point));
      }
      whole = replaced(whole, part, leaf(dname, true));
    }
  }
  return whole;
}

/** The formula with the right gradients read in the shapes that the learner's have, where a row lost a dimension. */
function asShaped(formula: Formula, first: Point, learners: Point): Formula {
  return leavesIn(formula).reduce((whole, part) => {
    const own = learners.leaves.get(part.name), right = first.leaves.get(part.name);
    if (!part.gradient || !own || !right || sameShape(own.shape, right.shape)) return whole;
    if (own.numel() !== right.numel()) return whole;
    return replaced(whole, part, step("view", leaf(part.name, true), ...own.shape));
  }, formula);
}
