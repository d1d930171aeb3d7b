// What a search works with: the two points, what the row should be there, and what changes may be made of.
import { range, tensor } from "../../tensor/creation.ts";
import { isFloat } from "../../tensor/dtypes.ts";
import { heap, inScratch } from "../../tensor/memory.ts";
import { arrayOf } from "../../tensor/ndarray.ts";
import { numel, sameShape, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { NumberStep, Offer, Offers } from "./change.ts";
import {
  type Argument,
  attempt,
  computed,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  type Leaf,
  leaf,
  leavesIn,
  parts,
  type Point,
  step,
} from "./formula.ts";
import { simple } from "./notation.ts";
import { isMeasured, type Points } from "./derive.ts";

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
  /** None for a term, which is not held against it. */
  readonly freeTarget: Target | undefined;
  readonly offers: Offers;
  /** Steps that may still be computed to try changes. They are counted, not timed: some 5 to 10 µs each at the lecture's sizes. */
  readonly effort: { left: number };
  /** What a gradient was before it had its name. */
  readonly originOf?: (gradient: Leaf) => Formula | undefined;
  /** Whether a step is one of the row's own lines. */
  readonly isRecent?: (formula: Formula) => boolean;
  /** What each line that reads the tensor sends back. */
  readonly sendings: readonly Sending[];
}

/** What one line sends back, as one formula, and the terms that it is the sum of. */
export interface Sending {
  readonly reader: string;
  readonly whole: Formula;
  readonly terms: readonly Formula[];
}

/** Steps for one row. */
export const EFFORT = 60_000;

/** Numbers to be hit. */
export interface Target {
  readonly shape: Shape;
  readonly numbers: Float64Array;
  /** The index of the largest. */
  readonly at: number;
  /** How large a difference is nothing: rounding, relative to the largest. */
  readonly tolerance: number;
}

/** The size of the largest number. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** What is no difference, relative to the largest number: a distribution in float32 sums to 1 but for some 1e-8. */
const ROUNDING = 2e-8;

/** Numbers to be hit; `reach` is the size of what was added up to make them, if they cancel. */
export function target(tensor: Tensor, reach = 0): Target {
  const numbers = tensor.toArray();
  const at = numbers.reduce((most, x, i) => Math.abs(x) > Math.abs(numbers[most]) ? i : most, 0);
  const tolerance = ROUNDING * Math.max(Math.abs(numbers[at] ?? 0), 1e-3 * reach);
  return { shape: tensor.shape, numbers, at, tolerance };
}

/** The factor by which a tensor is off everywhere: 1 if it hits the target; undefined if there is none. */
export function factorOf(value: Tensor, { shape, numbers, at, tolerance }: Target): number | undefined {
  if (!sameShape(value.shape, shape)) return undefined;
  const x = numbersOf(value), n = numbers.length;
  if (n === 0) return 1;
  let exact = true;
  for (let i = 0; exact && i < n; i++) exact = Math.abs(x[i] - numbers[i]) <= tolerance;
  if (exact) return 1;
  const k = x[at] / numbers[at];
  if (!Number.isFinite(k) || k === 0 || Math.abs(numbers[at]) <= 1e3 * tolerance) return undefined;
  const allowed = tolerance * Math.abs(k);
  for (let i = 0; i < n; i++) if (!(Math.abs(x[i] - k * numbers[i]) <= allowed)) return undefined;
  return Math.abs(Math.abs(k) - 1) < 1e-7 ? Math.sign(k) : k;
}

/** The elements of a tensor, to be read at once. */
function numbersOf(t: Tensor): ArrayLike<number> {
  const a = arrayOf(t)!.contiguous();
  return heap[a.dtype].subarray(a.start, a.start + a.numel);
}

/** The value of a formula that is not kept. */
export function passing(formula: Formula, point: Point): Tensor {
  return point.values.get(formula) ?? computed(formula, (part) => passing(part, point), point);
}

/** Whether a formula gives these numbers, and by which factor if not; undefined where it cannot be run. */
export function tried(formula: Formula, point: Point, to: Target): number | undefined {
  return inScratch(() => attempt(() => factorOf(passing(formula, point), to)));
}

/** A point's leaves, and a copy of its values to add to. */
export function forRow(point: Point): Point {
  return { leaves: new Map(point.leaves), values: new Map(point.values) };
}

/** A point at which every gradient is a number of its own. */
function freePoint({ first, second, derivation }: Points): Point {
  const leaves = new Map((second ?? first).leaves), loss = [...derivation.lines.keys()].at(-1);
  for (const [seed, [name, { shape }]] of [...leaves].entries()) {
    // That of the loss is 1, whatever the network.
    if (!name.startsWith("d") || !leaves.has(name.slice(1)) || derivation.lines.has(name) || name === `d${loss}`) {
      continue;
    }
    const numbers = range(numel(shape)).map((i) => Math.sin(12.9898 * (i + 1) + 7.7 * seed + i * i));
    leaves.set(name, tensor(numbers, { shape, dtype: "float64" }));
  }
  derivation.measureAgain(leaves, Object.fromEntries(leaves));
  return { leaves, values: new Map() };
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

/** The subject of a search for the row of `name`. `above` are the gradients that have a row already. */
export function subjectOf(name: string, points: Points, above: readonly string[]): Subject {
  const reach = reachOf(name, points),
    { derivation } = points,
    first = forRow(points.first),
    second = points.second && forRow(points.second);
  const right = (point: Point) => point.leaves.get(`d${name}`)!;
  const sendings = derivation.readers(name).map((reader): Sending => {
    const terms = derivation.sent(reader, name);
    return { reader, terms, whole: terms.reduce((sum, term) => step("add", sum, term)) };
  });
  const offers = offersOf(name, points, above, sendings), free = freePoint(points);
  const keep = [...offers.tensors.map(({ formula }) => formula), ...offers.terms, ...offers.indices.filter(isFormula)];
  for (const point of [first, second, free]) if (point) { for (const one of keep) evaluate(one, point); }
  const freely = target(evaluate(wholeOf({ sendings })!, free)), own = target(right(first), reach);
  // A gradient that is always zero shows itself only where the gradients from above are anything.
  const isZero = Math.abs(own.numbers[own.at] ?? 0) <= 1e-9 * reach;
  return {
    name,
    points,
    first: isZero ? free : first,
    second: isZero ? undefined : second,
    target: isZero ? freely : own,
    otherTarget: second && !isZero ? target(right(second), reach) : undefined,
    free,
    freeTarget: freely,
    effort: { left: EFFORT },
    offers,
    sendings,
  };
}

/** The size of what is added up for a gradient: what cancels to less than a thousandth of it is rounding. */
export function reachOf(name: string, { derivation, first }: Points): number {
  const above = derivation.readers(name).flatMap((reader) => first.leaves.get(`d${reader}`) ?? []);
  return Math.max(0, ...above.map((t) => largest(t.toArray())));
}

/** The derived formula of the whole gradient; undefined where no line reads the tensor. */
export function wholeOf({ sendings }: Pick<Subject, "sendings">): Formula | undefined {
  const [first, ...more] = sendings.map(({ whole }) => whole);
  return first && more.reduce((sum, one) => step("add", sum, one), first);
}

function offersOf(name: string, points: Points, above: readonly string[], sendings: readonly Sending[]): Offers {
  const { derivation, first } = points, close = closeTo(name, points, above);
  const lines = [...derivation.lines.values()].filter((line) => line !== undefined);
  const tensors: Offer[] = [], indices: Argument[] = [];
  for (const [other, t] of first.leaves) {
    const isGradient = other.startsWith("d") && first.leaves.has(other.slice(1)) && !derivation.lines.has(other);
    if (other.includes(" ") || isGradient && !above.includes(other.slice(1))) continue;
    if (t.dtype === "int32") indices.push(leaf(other));
    if (isFloat(t.dtype)) tensors.push({ formula: leaf(other, isGradient), close: close.has(other), slope: false });
  }
  const derived = sendings.flatMap(({ terms }) => terms),
    named = new Set(tensors.flatMap(({ formula }) => leavesIn(formula).map(({ name }) => name)));
  const isKnown = (formula: Formula) =>
    leavesIn(formula).every(({ name }) => named.has(name) || !isFloat(first.leaves.get(name)!.dtype));
  const hasGradient = (formula: Formula) => leavesIn(formula).some(({ gradient }) => gradient);
  const pieces = [...new Set(derived.flatMap(parts))].filter((one) =>
    one.kind === "step" && one.op !== "zeros_like" && !derived.includes(one) && isKnown(one)
  );
  // Those first that a line's slope is made of.
  pieces.sort((a, b) => Number(hasGradient(a)) - Number(hasGradient(b)));
  for (const formula of pieces.slice(0, 24)) {
    if (isFloat(evaluate(formula, first).dtype)) tensors.push({ formula, close: false, slope: true });
  }
  const lineNumbers = new Set<number>(), factors: NumberStep[] = [], picks: (readonly Argument[])[] = [];
  const around = new Set([...[...close].map((one) => derivation.lines.get(one)), ...derived]);
  const isIndex = (argument: Argument) => isFormula(argument) || Array.isArray(argument);
  for (const line of [...lines, ...derived]) {
    for (const part of parts(line)) {
      if (part.kind !== "step") continue;
      if (NUMERIC.has(part.op) && around.has(line)) {
        for (const x of part.args) if (typeof x === "number") lineNumbers.add(x).add(-x);
        const [, by] = part.args,
          isFactor = derived.includes(line as Formula) && typeof by === "number" && Math.abs(by) !== 1;
        if (isFactor && (part.op === "mul" || part.op === "div")) factors.push({ op: part.op, by });
      }
      if (part.op === "at") part.args.slice(1).filter(isIndex).forEach((index) => addIndex(indices, index));
      if (part.op === "max") addIndex(indices, step("argmax", ...part.args.slice(0, 2)));
    }
  }
  // The pairs of lists by which lines pick elements of a named matrix.
  for (const part of lines.flatMap(parts)) {
    if (part.kind !== "step" || part.op !== "at" || part.args.length !== 3) continue;
    const [of, ...index] = part.args;
    if (!isLeaf(of) || !index.every(isIndex)) continue;
    picks.push(index);
    tensors.push({ formula: step("index_put_", step("zeros_like", of), index, 1), close: false, slope: true });
  }
  return {
    tensors,
    numbers: [...new Set(sizes(name, points))],
    lineNumbers: [...lineNumbers],
    factors,
    indices,
    picks,
    terms: sendings.flatMap(({ terms, whole }) => terms.length > 1 ? [whole, ...terms] : [whole]),
    shape: first.leaves.get(name)!.shape,
  };
}

/** Operations whose numbers are constants of the network. */
const NUMERIC = new Set(["add", "sub", "mul", "div", "pow"]);

function addIndex(indices: Argument[], index: Argument): void {
  const text = JSON.stringify(index);
  if (!indices.some((other) => JSON.stringify(other) === text)) indices.push(index);
}

/** The tensors of the lines that read this one, and of those below as long as they have no row. */
function closeTo(name: string, { derivation, first }: Points, above: readonly string[]): Set<string> {
  const close = new Set<string>();
  const visit = (one: string) => {
    for (const reader of derivation.readers(one)) {
      if (close.has(reader)) continue;
      close.add(reader).add(`d${reader}`);
      const line = derivation.lines.get(reader);
      for (const { name } of line ? leavesIn(line) : []) close.add(name);
      if (!above.includes(reader) && first.leaves.has(`d${reader}`)) visit(reader);
    }
  };
  visit(name);
  return close;
}

/** Numbers that are made of the sizes around: n, 1/n, n − 1, n/(n − 1) and the like. */
function sizes(name: string, { derivation, first }: Points): number[] {
  const shapes = [name, ...derivation.readers(name)].flatMap((one) => first.leaves.get(one)?.shape ?? []);
  const all = new Set([...shapes, ...[...first.leaves.values()].flatMap(({ shape }) => shape.slice(0, 1))]);
  const made = [...all].filter((size) => size > 1).slice(0, 8).flatMap((n) => {
    const m = n - 1;
    return [n, 1 / n, -n, -1 / n, m, 1 / m, n / m, m / n, -1 / m, 2 / n, 2 / m, 1 / Math.sqrt(n)];
  });
  return [2, 0.5, 1, -1, ...made];
}

/** Whether a number is one of these, but for rounding. */
export function isAmong(x: number, ...numbers: number[]): boolean {
  return numbers.some((one) => Math.abs(x - one) <= 1e-8 * Math.abs(x));
}

/** Whether somebody may have forgotten or added this factor: a number with a name. */
export function isPlain(factor: number, { offers }: Subject): boolean {
  return simple(factor) !== undefined || offers.lineNumbers.some((x) => x !== 0 && isAmong(factor, x, 1 / x));
}
