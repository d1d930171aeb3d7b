// A draw from given probabilities, as the PyTorch builds with Intel's MKL make it: how names are sampled.
// Left out: more than one draw at a time.
import type { Tensor } from "../tensor/tensor.ts";
import type { Generator } from "./generator.ts";

/**
 * `torch.multinomial(probs, 1)`: one index, drawn with the given probabilities, which need not sum to 1.
 *
 * The index with the largest p_i / q_i, where the q_i are exponentially distributed (an exponential race). PyTorch's
 * builds with MKL draw the q_i from Intel's MCG31m1 generator, x ← 1132489760·x mod (2³¹ − 1), seeded from `generator`
 * ("Notes for Intel oneMKL Vector Statistics", basic generator MCG31m1).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "../tensor/tensor.ts";
 * import { Generator } from "./generator.ts";
 * assertEquals(multinomial(tensor([0, 1, 0]), new Generator(1)), 1);
 * ```
 */
export function multinomial(probs: Tensor, generator: Generator): number {
  const modulus = 2 ** 31 - 1, multiplier = 1132489760n;
  let x = generator.random() % modulus || 1;
  let best = -Infinity, at = 0;
  probs.toArray().forEach((p, i) => {
    const q = Math.fround(-Math.log(x / modulus));
    if (p / q > best) {
      best = p / q;
      at = i;
    }
    x = Number(multiplier * BigInt(x) % BigInt(modulus));
  });
  return at;
}
