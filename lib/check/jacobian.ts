// What one forward line sends back for one tensor it reads, from its slopes: how each element of its result changes with each
// element of the tensor. moved.ts measures them.
// Left out: multiplying the slopes along the chain (lib/check/check.ts).
import { inScratch } from "../tensor/memory.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { largest } from "./apart.ts";
import { Collected, type Jacobian } from "./collected.ts";
import type { Tensors } from "./graph.ts";
import { type Line, Moved } from "./moved.ts";

/** A gradient as lines send it back for a tensor. */
export interface Sent {
  /** Its numbers, in the order of the tensor's elements. */
  readonly numbers: Float64Array;
  /** How far off each of them may be. */
  readonly doubts: Float64Array;
  /** The largest known one if no terms cancelled. Rounding errors are relative to this. */
  readonly reach: number;
}

/** A sum of terms is off by at most this part of what it would be if none cancelled, whatever their number. */
const ROUNDING = 1e-12;

/** What so small a part of its terms is left of is nothing. */
const ONLY_ROUNDING = 1e-9;

/**
 * Measures the slopes of `line` with respect to `inputs[name]`, at these inputs, to some ten digits.
 *
 * @param inputs every tensor that the line reads; none is changed.
 * @param value what the line makes of them.
 */
export function jacobian(line: Line, inputs: Tensors, name: string, value: Tensor): Jacobian {
  return inScratch(() => {
    const moved = new Moved(line, inputs, name, value);
    let found = new Collected(moved);
    const isLinear = moved.measure(() => {
      found = new Collected(moved);
      return (slopes, g) => found.take(slopes, g);
    });
    return { ...found.slopes(), isLinear };
  });
}

/**
 * What a line sends back for `inputs[name]`: its slopes, transposed, times the gradient of what it makes. They are many, and kept
 * only where that is asked for and the line is linear.
 *
 * @param above that gradient, how far off each of its numbers may be, and what it was added up from.
 */
export function sentBack(
  line: Line,
  inputs: Tensors,
  name: string,
  value: Tensor,
  { numbers: gradient, doubts: off, reach: most = 0 }: Omit<Sent, "reach"> & Partial<Sent>,
  keeps = false,
): Sent & { linear?: Jacobian } {
  return inScratch(() => {
    const moved = new Moved(line, inputs, name, value), { groups, size: n } = moved;
    const numbers = new Float64Array(n), doubts = new Float64Array(n);
    // A gradient that is nothing but rounding is as large as the terms that have cancelled, and so is what comes of it.
    const least = largest(gradient) <= ONLY_ROUNDING * most ? most : 0;
    let reach = 0, kept: Collected | undefined;
    const isLinear = moved.measure((linear) => {
      reach = 0;
      kept = linear && keeps ? new Collected(moved) : undefined;
      return (found, g) => {
        const { slopes, errors } = found;
        groups.at(g).forEach((i, p) => {
          let sum = 0, doubt = 0, size = 0;
          for (let o = moved.starts[p]; o < moved.starts[p + 1]; o++) {
            const j = moved.order[o], slope = slopes[j], error = errors[j];
            // What does not reach the loss sends nothing back, however steep the line is.
            if (gradient[j] !== 0 && slope !== 0) {
              sum += gradient[j] * slope;
              size += Math.max(least, Math.abs(gradient[j])) * Math.abs(slope);
            }
            if (gradient[j] !== 0) doubt += Math.abs(gradient[j]) * (error + ROUNDING * Math.abs(slope));
            if (off[j] !== 0 && (slope !== 0 || error !== 0)) doubt += off[j] * (Math.abs(slope) + error);
          }
          numbers[i] = sum;
          doubts[i] = doubt;
          if (size > reach && size < Infinity) reach = size;
        });
        kept?.take(found, g);
      };
    });
    const sent = { numbers, doubts, reach };
    return kept ? { ...sent, linear: { ...kept.slopes(), isLinear } } : sent;
  });
}
