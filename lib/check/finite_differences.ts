// The reference that every gradient is compared with: how the loss changes when one element changes a little.
//
// Central differences in float64, (L(x + h) − L(x − h)) / 2h, element by element. Only the lines that depend on the tensor
// are run again. The error has two parts: h²/6 times the third derivative, and the rounding of L over h. With a step of
// 2e-5 times the tensor's typical element, both are nearly always smaller than allclose allows. When a verdict depends on
// one element, `refine` measures it with more evaluations.
// Left out: the verdict (lib/check/check.ts).
import { inScratch } from "../tensor/memory.ts";
import { downstream, type Forward, type Graph, type Tensors } from "./graph.ts";

/** The loss as a function of one element of one tensor; all that comes before the tensor stays fixed. */
export interface Probe {
  /** Central difference on one element with the step `h`. */
  difference(index: number, h: number): number;
  /** The slopes to the left and to the right of one element, each over the distance `h`. */
  sides(index: number, h: number): [left: number, right: number];
  /** The step that suits the tensor. */
  step: number;
  /** How large the rounding error of a difference with the step `h` may be. */
  noise(h: number): number;
}

/**
 * A probe of `name`. All tensors are float64. Only a copy of the probed one is changed.
 *
 * @param values every tensor of the forward pass, as `run` returns them.
 */
export function probe(forward: Forward, graph: Graph, values: Tensors, name: string): Probe {
  const lines = downstream(graph, name).map((line) => [line, forward[line]] as const);
  const target = values[name].clone(), replayed = { ...values, [name]: target };
  const last = Object.keys(forward).at(-1)!;
  const replay = () => {
    for (const [line, make] of lines) replayed[line] = make(replayed);
    return replayed[last].item();
  };
  const elements = target.toArray();
  let squares = 0;
  for (const x of elements) squares += x * x;
  const typical = Math.sqrt(squares / elements.length);
  // The size of a tensor of (nearly) zeros, such as a new bias, does not suggest a step; 1/16 works for this network.
  const step = 2e-5 * Math.max(typical, 1 / 16);
  const size = Math.abs(values[last].item());
  const at = (index: number, x: number) => {
    try {
      target.put_(index, x);
      return inScratch(replay);
    } finally {
      target.put_(index, elements[index]);
    }
  };
  return {
    step,
    sides(index, h) {
      const x = elements[index], high = x + h, low = x - h, here = at(index, x);
      return [(here - at(index, low)) / (x - low), (at(index, high) - here) / (high - x)];
    },
    noise: (h) => 4 * Number.EPSILON * size / h,
    difference(index, h) {
      // x + h and x − h are rounded, so divide by the actual distance.
      const x = elements[index], high = x + h, low = x - h;
      return (at(index, high) - at(index, low)) / (high - low);
    },
  };
}

/**
 * One element's derivative to more digits. Differences at nine steps, each a quarter of the last, are extrapolated in pairs
 * to step 0 (Richardson 1911: their errors go as h²); the result is the one that agrees best with its neighbour. Together
 * with the difference at the usual step these are ten, so twenty evaluations of the loss; more if it is not finite nearby.
 */
export function refine({ difference, step, noise }: Probe, index: number): number {
  let best = difference(index, step), smallest = Infinity, previous: number | undefined;
  let h = step * 256, coarse = difference(index, h);
  // If the loss is not finite so far away, start closer.
  for (let i = 0; i < 16 && !Number.isFinite(coarse); i++) {
    h /= 4;
    coarse = difference(index, h);
  }
  for (let i = 0; i < 8; i++) {
    h /= 4;
    const fine = difference(index, h), extrapolated = fine + (fine - coarse) / 15;
    const error = previous === undefined ? Infinity : Math.abs(extrapolated - previous) + noise(h);
    // On a plateau far away, coarse differences agree but are wrong. A finer one wins if it differs from them by far more
    // than its own error.
    if (error < smallest || Math.abs(extrapolated - best) > 100 * error) {
      smallest = error;
      best = extrapolated;
    }
    previous = extrapolated;
    coarse = fine;
  }
  return best;
}

/**
 * The slopes on both sides of an element where the loss has a corner within the step, as |x| has at 0; undefined where it
 * has none. A corner shows in that the two differ as much when one comes closer; a bend would straighten.
 */
export function corner({ sides, step, noise }: Probe, index: number): [left: number, right: number] | undefined {
  const far = sides(index, step), close = sides(index, step / 8), gap = far[1] - far[0], closer = close[1] - close[0];
  const rounding = 4 * noise(step / 8);
  if (!(Math.abs(gap) > 10 * rounding) || !(Math.abs(closer) > 10 * rounding)) return undefined;
  return Math.abs(gap - closer) <= 0.2 * Math.abs(gap) + rounding ? close : undefined;
}
