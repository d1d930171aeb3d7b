// The right gradient for one tensor, before a learner's is compared with it: a number for each element, and how far off it
// may be.
//
// Two measures meet here: differences of the whole loss, and the slopes of the lines, multiplied along the chain.
// Left out: how either is measured (finite_differences.ts, jacobian.ts), and comparing (check.ts).
import { largest, upTo } from "./apart.ts";
import type { Differences } from "./finite_differences.ts";
import type { Sent } from "./jacobian.ts";

/** The tolerance: |a − b| ≤ ABSOLUTE + RELATIVE·|b|. */
export const ABSOLUTE = 1e-8, RELATIVE = 1e-5;

/** A gradient whose terms cancel to less than this part of them counts as zero: no computation shows more. */
const CANCELLED = 1e-3;

/** Numbers that the differences of one tensor may read and write: about two seconds of them. */
const WORK = 8e8;

/** Elements whose difference is always measured on the whole loss. */
const SAMPLE = 64;

/** The right gradient, as far as it can be measured. */
export interface Reference {
  /** The finite differences; NaN where the loss has no slope. */
  readonly expected: Float64Array;
  /** How far off each may be. */
  readonly doubt: Float64Array;
  /** The tolerance beside a part of each number. */
  readonly absolute: number;
}

/** How far a check of many elements has come. */
export interface Progress {
  /** The tensor whose gradient is checked. */
  name: string;
  /** Elements done. */
  done: number;
  /** Elements in all. */
  total: number;
  /** Seconds that the rest of this tensor will take, as it looks now. */
  secondsLeft: number;
}

/** What a reference is made from. */
export interface Measures {
  /** The tensor. */
  readonly name: string;
  /** Differences of the whole loss. */
  readonly differences: Differences;
  /** The gradient by the slopes of the lines. */
  readonly right: Sent;
  /** Hears how far it has come. */
  readonly progress?: (progress: Progress) => void;
}

/**
 * Measures each element. If differences of the whole loss would take longer than some two seconds, as in a very wide
 * network, only a sample of elements, spread out, is measured so, and has to agree with the slopes of the lines. No clock
 * decides, so that the same run shows the same digits.
 */
export function measure(measures: Measures): Reference {
  const { differences, right: { numbers: right, doubts, reach } } = measures, n = right.length;
  const absolute = absoluteFor(right, reach);
  const expected = right.slice(), doubt = doubts.slice();
  const wanted = (i: number) => 0.1 * (absolute + RELATIVE * Math.abs(right[i]));
  /** Takes what was measured, and returns the elements where the slopes of the lines do not agree. */
  const settle = (elements: Int32Array, measured: Float64Array): number[] => {
    const alike = (i: number) => Math.abs(measured[i] - right[i]) <= wanted(i) + differences.noise(i) + doubts[i];
    const unsettled = elements.filter((i) => {
      const noise = differences.noise(i);
      if (!alike(i)) return true;
      // The rounding is known before: where it is small, the difference counts, else the slopes.
      if (noise <= wanted(i)) [expected[i], doubt[i]] = [measured[i], noise];
      return noise > wanted(i) && !(doubts[i] <= wanted(i));
    });
    const others: number[] = [];
    each(measures, unsettled, (group) => {
      const { slopes, errors } = differences.refined(group, group.map(wanted));
      group.forEach((i, k) => {
        const agree = Math.abs(slopes[k] - right[i]) <= 4 * errors[k] + doubts[i];
        // What drowns in the loss's rounding, or has one side only there, the lines may still show.
        const isLost = Number.isNaN(slopes[k]) && doubts[i] < Infinity && (alike(i) || Number.isNaN(measured[i]));
        const isKnown = agree ? doubts[i] <= errors[k] : isLost || differences.favours(i, right[i], slopes[k]);
        if (isKnown) [expected[i], doubt[i]] = [right[i], doubts[i]];
        else [expected[i], doubt[i]] = errors[k] < Infinity ? [slopes[k], errors[k]] : [NaN, 0];
        if (!agree && !isKnown) others.push(i);
      });
    });
    return others;
  };
  const all = upTo(n), few = n > SAMPLE && differences.replay.work > WORK;
  const sample = few ? upTo(SAMPLE).map((k) => Math.floor(k / SAMPLE * n)) : all;
  const others = settle(sample, measured(measures, sample));
  if (few && others.length > 0) settle(all, measured(measures, all));
  return { expected, doubt, absolute: absoluteFor(expected, reach) };
}

/** Whether terms of this size cancel to a sum that is zero as far as anybody can work it out. */
export function cancels(sum: number, size: number): boolean {
  return Math.abs(sum) <= CANCELLED * size;
}

/** What is allowed for these numbers beside a part of each; `reach` is the largest if no terms cancelled. */
export function absoluteFor(numbers: Float64Array, reach: number): number {
  return Math.min(ABSOLUTE, RELATIVE * Math.max(largest(numbers), CANCELLED * reach));
}

/** One difference for each of these elements; NaN for the others. */
function measured(measures: Measures, elements: Int32Array): Float64Array {
  const { differences } = measures;
  const all = new Float64Array(differences.replay.x.length).fill(NaN);
  each(measures, elements, (group) => {
    differences.of(group).forEach((x, k) => all[group[k]] = x);
  });
  return all;
}

/** Does some work for the elements, one group after the other, and says how far it has come. */
function each(
  { name, differences, progress }: Measures,
  elements: Int32Array,
  work: (group: readonly number[]) => void,
): void {
  const total = elements.length, started = performance.now();
  let done = 0, reported = started;
  for (const group of differences.replay.groups(elements)) {
    work(group);
    done += group.length;
    const now = performance.now();
    if (!progress || now - reported < 100) continue;
    reported = now;
    progress({ name, done, total, secondsLeft: (now - started) / done * (total - done) / 1000 });
  }
}

/** Whether an earlier run's reference is this forward pass's: the first, the middle and the last element are measured again. */
export function stillHolds({ expected, doubt }: Reference, differences: Differences): boolean {
  const n = expected.length, most = largest(expected);
  return n === differences.replay.x.length && [0, n >> 1, n - 1].slice(0, n).every((i) => {
    const [now] = differences.of([i]), off = Math.abs(now - expected[i]);
    // At a corner, or where the loss overflows, one difference says nothing.
    return !Number.isFinite(off) || off <= 1e-6 * most + differences.noise(i) + doubt[i] + RELATIVE * Math.abs(now);
  });
}
