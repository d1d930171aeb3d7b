// A second opinion on elements that a check's measurements do not confirm: the gradient by the rules of differentiation.
//
// A line such as exp(x) − 1 − x hides in the rounding of numbers of size 1 what it makes of an x of 1e-9, and beside a corner that
// is closer than rounding lets a step be, no difference shows the slope. Where the rules agree with the learner there, it is
// the measurement that is wrong.
// Left out: the first opinion (reference.ts). What it confirms is right, whatever the rules say.
import { Derivation } from "./formula/derive.ts";
import { attempt } from "./formula/formula.ts";
import type { Forward, Graph, Tensors } from "./graph.ts";
import { absoluteFor, cancels, type Reference, RELATIVE } from "./reference.ts";

/** A gradient by the rules. */
export interface Opinion {
  /** One for each element. */
  readonly numbers: Float64Array;
  /** What the terms of each add up to if none cancels. */
  readonly sizes: Float64Array;
  /** What is allowed beside a part of each number. */
  readonly absolute: number;
}

/** The gradients of all tensors by the rules; none where the lines cannot be followed. */
export function opinions(forward: Forward, graph: Graph, values: Tensors): Map<string, Opinion> {
  const found = new Map<string, Opinion>();
  attempt(() => {
    const derivation = new Derivation(forward, graph, values), point = derivation.pointAt(values);
    for (const name in values) {
      const gradient = point.leaves.get(`d${name}`);
      if (!gradient) continue;
      const numbers = gradient.toArray(), sizes = derivation.sizes(name, point).toArray();
      found.set(name, { numbers, sizes, absolute: absoluteFor(numbers, 0) });
    }
  });
  return found;
}

/** Whether the rules confirm an element of a gradient, which may be infinite, as that of √x is at 0. */
export function confirms(opinion: Opinion, given: ArrayLike<number>, i: number): boolean {
  const told = opinion.numbers[i];
  return given[i] === told || Number.isFinite(told) && Math.abs(given[i] - told) <= allowedBeside(opinion, i);
}

/** What the reference should have been at these elements, if it says something else than the rules at any; else undefined. */
export function confirmed(
  opinion: Opinion,
  { expected, doubt }: Reference,
  elements: readonly number[],
): Float64Array | undefined {
  const { numbers, sizes } = opinion;
  // It contradicts the rules, knows nothing, or cannot see that the terms in a line cancel to less than it allows for.
  const differs = (i: number) =>
    !(Math.abs(expected[i] - numbers[i]) <= allowedBeside(opinion, i)) || !Number.isFinite(doubt[i]) ||
    cancels(numbers[i], sizes[i]);
  if (!elements.some(differs)) return undefined;
  const right = expected.slice();
  for (const i of elements) right[i] = numbers[i];
  return right;
}

/** A measured gradient, with what the rules say in place of what they contradict. */
export function preferred(opinion: Opinion, measured: Float64Array): Float64Array {
  return measured.map((x, i) => {
    const other = opinion.numbers[i];
    return !Number.isFinite(other) || Math.abs(x - other) <= allowedBeside(opinion, i) ? x : other;
  });
}

/** How far off an element may be from the rules. */
function allowedBeside({ numbers, sizes, absolute }: Opinion, i: number): number {
  return absolute + 16 * Number.EPSILON * sizes[i] + RELATIVE * Math.abs(numbers[i]);
}
