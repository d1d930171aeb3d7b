// A second opinion on elements that a check's measurements do not confirm: the gradient by the rules of differentiation.
//
// A line such as exp(x) − 1 − x hides in the rounding of numbers of size 1 what it makes of an x of 1e-9, and no difference shows
// its slope. Where the rules agree with the learner there, and no difference plainly contradicts them, it is the measurement
// that is wrong.
// Left out: the first opinion (reference.ts). What it confirms is right, whatever the rules say.
import { Derivation } from "./diagnosis/derive.ts";
import { attempt } from "./diagnosis/formula.ts";
import type { Differences } from "./finite_differences.ts";
import { downstream, type Forward, type Graph, type Tensors } from "./graph.ts";
import { absoluteFor, cancels, type Reference, RELATIVE } from "./reference.ts";

/** A gradient by the rules. */
export interface Opinion {
  /** One for each element. */
  readonly numbers: Float64Array;
  /** What the terms of each add up to if none cancels. */
  readonly sizes: Float64Array;
  /** How much the loss changes when everything that is computed on the way to it is off by its own size. */
  readonly size: number;
}

/** The gradients of all tensors by the rules; none where the lines cannot be followed. */
export function opinions(forward: Forward, graph: Graph, values: Tensors): Map<string, Opinion> {
  const found = new Map<string, Opinion>();
  attempt(() => {
    const derivation = new Derivation(forward, graph, values), point = derivation.pointAt(values);
    const weight = (line: string) => graph[line].reduce((sum, read) => sum + derivation.weight(line, read, point), 0);
    for (const name in values) {
      const gradient = point.leaves.get(`d${name}`);
      if (!gradient) continue;
      const size = downstream(graph, name).reduce((sum, line) => sum + weight(line), 0);
      found.set(name, { numbers: gradient.toArray(), sizes: derivation.sizes(name, point).toArray(), size });
    }
  });
  return found;
}

/**
 * What the reference should have been where the rules confirm each disputed element of a gradient, and it is plain why it was
 * another; else undefined.
 */
export function confirmed(
  { numbers, sizes, size }: Opinion,
  { expected }: Reference,
  given: ArrayLike<number>,
  disputed: readonly number[],
  differences: Differences,
): Float64Array | undefined {
  const allowed = allowedBeside({ numbers, sizes });
  const confirms = (i: number) => Math.abs(given[i] - numbers[i]) <= allowed(i);
  // Either it contradicts the rules, or the terms in a line cancel, of which differences see only what is left.
  const differs = (i: number) => !(Math.abs(expected[i] - numbers[i]) <= allowed(i)) || cancels(numbers[i], sizes[i]);
  if (!disputed.every(confirms) || !disputed.some(differs)) return undefined;
  if (disputed.some((i) => differences.contradicts(i, numbers[i], size, allowed(i)))) return undefined;
  const right = expected.slice();
  for (const i of disputed) right[i] = numbers[i];
  return right;
}

/** A measured gradient, with what the rules say in place of what they contradict and no difference defends. */
export function preferred(opinion: Opinion, measured: Float64Array, differences: () => Differences): Float64Array {
  const { numbers, size } = opinion, allowed = allowedBeside(opinion);
  const disputed = Array.from(numbers.keys()).filter((i) =>
    Number.isFinite(numbers[i]) && !(Math.abs(measured[i] - numbers[i]) <= allowed(i))
  );
  if (disputed.length === 0) return measured;
  const right = measured.slice(), replayed = differences();
  for (const i of disputed) if (!replayed.contradicts(i, numbers[i], size, allowed(i))) right[i] = numbers[i];
  return right;
}

/** How far off an element may be from the rules. */
function allowedBeside({ numbers, sizes }: Pick<Opinion, "numbers" | "sizes">): (i: number) => number {
  const absolute = absoluteFor(numbers, 0);
  return (i) => absolute + 16 * Number.EPSILON * sizes[i] + RELATIVE * Math.abs(numbers[i]);
}
