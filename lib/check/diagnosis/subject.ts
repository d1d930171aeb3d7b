// What a search works with: the two points, what the row should be there, and what changes may be made of.
import type { Change, Offers } from "./change.ts";
import { isMeasured, type Points } from "../formula/derive.ts";
import {
  evaluate,
  type Formula,
  isFormula,
  type Leaf,
  leaf,
  leavesIn,
  operations,
  type Point,
  sameLeaf,
  sumOf,
} from "../formula/formula.ts";
import { simple } from "./notation.ts";
import { offersOf } from "./offers.ts";
import { isAmong, largest, type Probe, type Target, targetOf } from "./target.ts";

/** One row, and what is known about it. */
export interface Subject {
  readonly name: string;
  readonly points: Points;
  /** Both points, with room for what belongs to this row alone. */
  readonly first: Point;
  readonly second: Point | undefined;
  readonly target: Target;
  readonly otherTarget: Target | undefined;
  /** The second point with any gradients from above: a formula of one line alone is right there, too. */
  readonly free: Point;
  /** Whether the gradient from above is always the same number, which a formula may have in its place. */
  readonly areNumbersAbove: boolean;
  /** None for a term, which is not held against it. */
  readonly freeTarget: Target | undefined;
  readonly offers: Offers;
  /** Changes of formulas, once they are made. */
  readonly known: Map<Formula, Known>;
  /** All of them for this target, the nearest first. */
  readonly ordered: Map<Formula, readonly Change[]>;
  /** Picks the changes that are tried; without it all are. */
  readonly only?: (changes: readonly Change[]) => readonly Change[];
  /** How many operations may have been run before the search ends. They are counted, not timed: some 5 µs each. */
  readonly effort: number;
  /** The learner's whole formula, for sentences about a term of it. */
  readonly row?: Formula;
  /** The right formula, where the learner's is not known, but guessed from the numbers. */
  readonly inferred?: Formula;
  /** What a gradient was before it had its name. */
  readonly originOf?: (gradient: Leaf) => Formula | undefined;
  /** Whether a step is one of the row's own lines. */
  readonly isRecent?: (formula: Formula) => boolean;
  /** What each line that reads the tensor sends back. */
  readonly sendings: readonly Sending[];
}

/** Changes of a formula, and probes of its numbers. */
export interface Known {
  readonly changes: readonly Change[];
  readonly probes: readonly Probe[];
}

/** What one line sends back, as one formula, and the terms that it is the sum of. */
export interface Sending {
  readonly reader: string;
  readonly whole: Formula;
  readonly terms: readonly Formula[];
}

/** Operations for one row. */
export const EFFORT = 28_000;

/** Room for changes that are not made yet. */
export const unknown = (): Pick<Subject, "known" | "ordered"> => ({ known: new Map(), ordered: new Map() });

/** A point's leaves, and a copy of its values to add to. */
export function forRow(point: Point): Point {
  return { leaves: new Map(point.leaves), values: new Map(point.values) };
}

/** The gradients that a formula reads, as `dname`; what a line sends back as measured, `reader name`, is made of its own. */
export function gradientsIn(formula: Formula): string[] {
  return leavesIn(formula).filter(({ gradient }) => gradient).map(({ name }) =>
    isMeasured(name) ? `d${name.split(" ")[0]}` : name
  );
}

/**
 * Whether a formula takes the gradients of all the lines that read the tensor, and of no others: then it is right whatever they
 * are. One that takes several lines in one go is right for gradients that hang together.
 */
export function isLocal(formula: Formula, { sendings }: Subject): boolean {
  const names = gradientsIn(formula), above = sendings.map(({ reader }) => `d${reader}`);
  return names.every((name) => above.includes(name)) && above.every((name) => names.includes(name));
}

/** What each line that reads a tensor sends back to it. */
export function sendingsOf(name: string, derivation: Points["derivation"]): Sending[] {
  return derivation.readers(name).map((reader) => {
    const terms = derivation.sent(reader, name);
    return { reader, terms, whole: sumOf(terms)! };
  });
}

/** The subject of a search for the row of `name`. `above` are the gradients that have a row already; `freely` is a free point. */
export function subjectOf(name: string, points: Points, above: readonly string[], freely: Point): Subject {
  const { derivation } = points, first = forRow(points.first), second = points.second && forRow(points.second);
  const sendings = sendingsOf(name, derivation);
  const offers = offersOf(name, points, above, sendings), free = forRow(freely);
  const keep = [...offers.tensors.map(({ formula }) => formula), ...offers.terms, ...offers.indices.filter(isFormula)];
  for (const point of [first, second, free]) if (point) { for (const one of keep) evaluate(one, point); }
  const whole = wholeOf({ sendings })!, freeTarget = targetOf(whole, free), own = targetOf(whole, first);
  // A gradient that is always zero shows itself only where the gradients from above are anything.
  const isZero = largest(own.numbers) <= 1e-9 * largest(derivation.sizes(name, first).toArray());
  return {
    name,
    points,
    first: isZero ? free : first,
    second: isZero ? undefined : second,
    target: isZero ? freeTarget : own,
    otherTarget: second && !isZero ? targetOf(whole, second) : undefined,
    free,
    freeTarget,
    areNumbersAbove: areNumbers(sendings, first, second),
    ...unknown(),
    effort: operations.run + EFFORT,
    offers,
    sendings,
  };
}

/** Whether the gradient of each line is one number, at both points. */
function areNumbers(sendings: readonly Sending[], first: Point, second: Point | undefined): boolean {
  return sendings.every(({ reader }) => {
    const [x, y] = [first, second ?? first].map(({ leaves }) => leaves.get(`d${reader}`)!.toArray());
    return [...x, ...y].every((v) => v === x[0]);
  });
}

/** The derived formula of the whole gradient; undefined where no line reads the tensor. */
export function wholeOf({ sendings }: Pick<Subject, "sendings">): Formula | undefined {
  return sumOf(sendings.map(({ whole }) => whole));
}

/** Whether all gradients in a formula have a row. */
export function isNamed(formula: Formula, { offers }: Subject): boolean {
  return gradientsIn(formula).every((name) => offers.tensors.some(({ formula }) => sameLeaf(formula, leaf(name))));
}

/** Whether somebody may have forgotten or added this factor beside another slip: a size, a number of the lines, or a small fraction. */
export function isLikely(factor: number, { offers }: Subject): boolean {
  const size = Math.abs(factor), isSmall = Array.from({ length: 12 }, (_, q) => size * (q + 1)).some(isWhole);
  return isSmall || isWhole(1 / size) || isAmong(size, ...offers.numbers) || isOfLines(factor, offers);
}

/** Whether a factor is a number of the lines around, or divides by one. */
export function isOfLines(factor: number, { lineNumbers }: Offers): boolean {
  return lineNumbers.some((x) => x !== 0 && isAmong(factor, x, 1 / x));
}

const isWhole = (x: number) => isAmong(x, Math.round(x));

/** Whether somebody may have forgotten or added this factor: a number with a name. */
export function isPlain(factor: number, { offers }: Subject): boolean {
  return simple(factor) !== undefined || isOfLines(factor, offers);
}
