// One draw from given probabilities, as in PyTorch's builds with Intel's MKL. Names are sampled with it.
// Left out: more than one draw at a time.
import { named, outOfRange, refuse, tensorArgument } from "../tensor/guards.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Generator } from "./generator.ts";

/**
 * `torch.multinomial(probs, 1)`: one index, drawn with the given probabilities, which need not sum to 1.
 *
 * The index with the largest p_i / q_i, where the q_i are exponentially distributed (an exponential race). PyTorch's
 * builds with MKL draw the q_i from Intel's MCG31m1 generator, x ← 1132489760·x mod (2³¹ − 1), seeded from `generator`
 * ("Notes for Intel oneMKL Vector Statistics", basic generator MCG31m1).
 *
 * @throws RangeError when a probability is negative, NaN or infinite, or all are 0.
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { tensor } from "../tensor/creation.ts";
 * import { Generator } from "./generator.ts";
 * equal(multinomial(tensor([0, 1, 0]), new Generator(1)), 1);
 * ```
 */
export function multinomial(probs: Tensor, generator: Generator): number {
  const { dtype } = tensorArgument("multinomial", probs), given = probs.toArray();
  if (!(generator instanceof Generator)) {
    refuse(`multinomial takes a Generator after the probabilities; given ${named(generator)}.`);
  }
  if (probs.dim() > 2 || (probs.dim() === 2 && probs.shape[0] !== 1)) {
    outOfRange(`multinomial takes the probabilities of one draw, one row; given ${named(probs)}.`);
  }
  if (!given.every((p) => p >= 0 && p < Infinity)) {
    outOfRange(
      `Probabilities are finite numbers, 0 or more; multinomial was given ${named(probs)} with others in it.`,
    );
  }
  if (!given.some((p) => p > 0)) outOfRange("multinomial was given no probability above 0, so nothing can be drawn.");
  const round = dtype === "float64" ? (x: number) => x : Math.fround;
  const modulus = 2 ** 31 - 1, multiplier = 1132489760n;
  let x = generator.random() % modulus || 1;
  let best = -Infinity, at = 0;
  given.forEach((p, i) => {
    const q = Math.fround(-Math.log(x / modulus)), ratio = round(p / q); // PyTorch divides in the tensor's dtype
    if (ratio > best) {
      best = ratio;
      at = i;
    }
    x = Number(multiplier * BigInt(x) % BigInt(modulus));
  });
  return at;
}
