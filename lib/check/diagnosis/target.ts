// Numbers to be hit: whether a formula hits them, or misses them by a factor, and which number in it would make it hit.
import { heap, inScratch } from "../../tensor/memory.ts";
import { arrayOf } from "../../tensor/ndarray.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attempt, computed, evaluate, type Formula, type Point, type Step } from "../formula/formula.ts";
import { choices } from "../formula/rules.ts";
import { simple } from "./notation.ts";
import { type Site, valueWith } from "./places.ts";

/** Numbers to be hit. */
export interface Target {
  readonly shape: Shape;
  readonly numbers: Float64Array;
  /** The index of the largest. */
  readonly at: number;
  /** How large a difference is nothing: rounding, relative to the largest. */
  readonly tolerance: number;
  /** Numbers at corners, where anything between two is right. */
  readonly loose?: ReadonlyMap<number, readonly [low: number, high: number]>;
}

/** The size of the largest number. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((most, x) => Math.abs(x) > most ? Math.abs(x) : most, 0); // NaN is no size
}

/**
 * What is no difference, relative to the largest number: a distribution in float32 sums to 1 but for some 1e-8, and a sum of
 * numbers in float32 has six digits.
 */
const ROUNDING = 2e-8, ROUNDING32 = 2e-6;

/** Numbers to be hit. */
export function target(tensor: Tensor): Target {
  const numbers = tensor.toArray(), at = largestAt(numbers);
  return {
    shape: tensor.shape,
    numbers,
    at,
    tolerance: (tensor.dtype === "float32" ? ROUNDING32 : ROUNDING) * Math.abs(numbers[at] ?? 0),
  };
}

/** The numbers of a formula at a point, to be hit. */
export function targetOf(formula: Formula, point: Point): Target {
  const whole = target(evaluate(formula, point)),
    [x, y] = choices(formula).map((one) => evaluate(one, point).toArray());
  const loose = new Map<number, readonly [number, number]>();
  x?.forEach((v, i) => {
    if (Math.abs(v - y[i]) > whole.tolerance) loose.set(i, [Math.min(v, y[i]), Math.max(v, y[i])]);
  });
  if (loose.size === 0) return whole;
  const at = loose.size < x.length ? largestAt(whole.numbers.map((v, i) => loose.has(i) ? 0 : v)) : -1;
  return { ...whole, at, loose };
}

/** Where the number farthest from 0 is. */
export function largestAt(numbers: Float64Array): number {
  return numbers.reduce((most, x, i) => Math.abs(x) > Math.abs(numbers[most]) ? i : most, 0);
}

/** The factor by which a tensor is off everywhere: 1 if it hits the target; undefined if there is none. */
export function factorOf(value: Tensor, { shape, numbers, at, tolerance, loose }: Target): number | undefined {
  if (!sameShape(value.shape, shape) || tolerance === Infinity) return undefined;
  const x = numbersOf(value), n = numbers.length;
  const hits = (k: number, allowed: number) => {
    for (let i = 0; i < n; i++) {
      if (Math.abs(x[i] - k * numbers[i]) <= allowed) continue;
      const between = loose?.get(i), y = x[i] / k;
      if (!between || !(y >= between[0] - tolerance && y <= between[1] + tolerance)) return false;
    }
    return true;
  };
  if (hits(1, tolerance)) return 1;
  const k = x[at] / numbers[at];
  if (!Number.isFinite(k) || k === 0 || Math.abs(numbers[at]) <= 1e3 * tolerance) return undefined;
  if (!hits(k, tolerance * Math.abs(k))) return undefined;
  return Math.abs(Math.abs(k) - 1) < 1e-7 ? Math.sign(k) : k;
}

/** Some elements of a tensor, which tell it from most others. */
export interface Sample {
  readonly shape: Shape;
  readonly numbers: readonly number[];
}

/** Where a tensor of so many elements is sampled. */
const sampledAt = (n: number) => [0.07, 0.38, 0.61, 0.93].map((part) => Math.floor(part * n));

/** A sample of a tensor. */
export function sampleOf(value: Tensor): Sample {
  const numbers = numbersOf(value);
  return { shape: value.shape, numbers: sampledAt(numbers.length).map((i) => numbers[i]) };
}

/** Whether a tensor of which this is a sample may be a multiple of a target, or hit it. */
export function mayHit({ shape, numbers: x }: Sample, { shape: own, numbers, tolerance, loose }: Target): boolean {
  if (!sameShape(shape, own)) return false;
  if (loose) return true;
  const y = sampledAt(numbers.length).map((i) => numbers[i]);
  const at = y.reduce((most, v, i) => Math.abs(v) > Math.abs(y[most]) ? i : most, 0), k = x[at] / y[at];
  if (!(Math.abs(y[at]) > 1e3 * tolerance)) return true;
  return y.every((v, i) => Math.abs(x[i] - k * v) <= 4 * tolerance * Math.abs(k));
}

/** The elements of a tensor, to be read at once. */
function numbersOf(t: Tensor): ArrayLike<number> {
  const a = arrayOf(t)!.contiguous();
  return heap[a.dtype].subarray(a.start, a.start + a.numel);
}

/** The value of a formula that is not kept. */
export function passing(formula: Formula, point: Point, own = new Map<Formula, Tensor>()): Tensor {
  const known = point.values.get(formula) ?? own.get(formula);
  if (known) return known;
  const value = computed(formula, (part) => passing(part, point, own), point);
  own.set(formula, value);
  return value;
}

/** Whether a formula gives these numbers, and by which factor if not; undefined where it cannot be run. */
export function tried(formula: Formula, point: Point, to: Target): number | undefined {
  return inScratch(() => attempt(() => factorOf(passing(formula, point), to)));
}

/** What a number in a step does: how the element of the whole that hangs on it most changes when it does. */
export interface Probe {
  readonly site: Site;
  /** Which argument of the step it is. */
  readonly k: number;
  readonly shape: Shape;
  readonly at: number;
  /** The element, and that with the number `other`. */
  readonly is: number;
  readonly would: number;
  readonly other: number;
  /** What the number is a factor of, where it stands alone. */
  readonly without?: Formula;
}

/** A step with another number in one place; the same number with a minus goes with it: clamp(−1, 1). */
export function withNumberAt(here: Step, k: number, x: number): Step {
  return {
    ...here,
    args: here.args.map((one, j) => j === k ? x : one === -(here.args[k] as number) && one !== 0 ? -x : one),
  };
}

/** A probe of an argument of what stands at a site; undefined where the whole cannot be run. */
export function probe(site: Site, k: number, point: Point, without?: Formula): Probe | undefined {
  const here = site.formula as Step, n = here.args[k] as number, other = n === 0 ? 1 : 2 * n;
  const valueOf = (x: number) => valueWith(site, passing(withNumberAt(here, k, x), point), point);
  return inScratch(() =>
    attempt(() => {
      const [a, b] = [valueOf(n), valueOf(other)], x = numbersOf(a), y = numbersOf(b);
      let at = 0;
      for (let i = 1; i < x.length; i++) if (Math.abs(y[i] - x[i]) > Math.abs(y[at] - x[at])) at = i;
      return { site, k, shape: a.shape, at, is: x[at], would: y[at], other, without };
    })
  );
}

/**
 * The number that makes the whole hit the target, if the whole is linear in it, or in its inverse. Undefined where it is not, or
 * where that number is none that somebody would write.
 */
export function solvedFor({ site, k, shape, at, is, would, other }: Probe, to: Target): number | undefined {
  const here = site.formula as Step, n = here.args[k] as number, isDivisor = here.op === "div" && k === 1;
  const linear = (x: number) => isDivisor ? 1 / x : x;
  if (!sameShape(shape, to.shape)) return undefined;
  const found = linear(linear(n) + (to.numbers[at] - is) / (would - is) * (linear(other) - linear(n)));
  return found !== n && simple(found) !== undefined ? found : undefined;
}

/** Whether a number is one of these, but for rounding. */
export function isAmong(x: number, ...numbers: number[]): boolean {
  return Number.isFinite(x) && numbers.some((one) => Math.abs(x - one) <= 1e-8 * Math.abs(x));
}
