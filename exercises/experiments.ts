// Exercise 3's three experiments: the formula at other sizes, its best-known wrong twin, and float32's last digits.
// Left out: the formula itself, which is an argument.
import { Check } from "../lib/check/check.ts";
import { type Forward, run, type Tensors } from "../lib/check/graph.ts";
import type { Generator } from "../lib/random/generator.ts";
import { sub } from "../lib/tensor/functional.ts";
import { tensor } from "../lib/tensor/creation.ts";
import { type Tensor } from "../lib/tensor/tensor.ts";
import { inDtype } from "./network.ts";

/** Batchnorm's lines with any ε, and with Bessel's correction or without it (0). */
function batchnorm(eps: number, correction: number) {
  return {
    bnmean: ({ hprebn }) => hprebn.mean(0, { keepdim: true }),
    bnvar: ({ hprebn }) => hprebn.var(0, { keepdim: true, correction }),
    bnvar_inv: ({ bnvar }) => bnvar.add(eps).pow(-0.5),
    bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul(bnvar_inv),
    hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias),
  } satisfies Forward;
}

/** Batchnorm on random hprebn (n, 6), with gains of all signs and a random gradient dhpreact from above. */
export function atOtherSizes(g: Generator) {
  const normal = (...shape: number[]) => g.randn(shape).to("float64");
  return [1e-5, 1e-2].flatMap((eps) =>
    [2, 5, 32, 257].map((n) => ({
      n,
      eps,
      forward: {
        ...batchnorm(eps, 1),
        loss: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(), // its gradient for hpreact is dhpreact
      } satisfies Forward,
      leaves: {
        hprebn: normal(n, 6).add(0.5),
        bngain: tensor([1.1, -0.7, 0, 2.5, -1e-3, 1], { shape: [1, 6], dtype: "float64" }),
        bnbias: normal(1, 6),
        dhpreact: normal(n, 6),
      },
    }))
  );
}

/**
 * Checks a formula with the factor n/(n − 1) on a forward pass that divides the variance by n, as the batchnorm paper does
 * (Ioffe and Szegedy 2015): many programs mix the two.
 */
export function wrongTwin(forward: Forward, leaves: Tensors, formula: (t: Tensors) => Tensor): string {
  const biased = { ...forward, ...batchnorm(1e-5, 0) } satisfies Forward;
  const check = new Check(biased, leaves), tensors = run(biased, leaves);
  const wrong = formula({ ...tensors, dhpreact: check.right("hpreact") });
  const { status, maxdiff, expected } = check.row("hprebn", wrong);
  const largest = Math.max(...expected!.map(Math.abs));
  return "\nThe wrong twin, common on the web: 1/n in the forward variance, but n/(n−1) backward. " +
    `Its gradient is ${status}: off by up to ${maxdiff!.toExponential(1)}, ` +
    `${(100 * maxdiff! / largest).toFixed(1)} % of the largest element.`;
}

/**
 * Why the lecture's dhpreact is "not exact": PyTorch computes 1 − h² in one fused operation and rounds once. Written as two
 * operations, h² is rounded, then the difference. In float32 this changes some last digits: the lecture sees 4.66e-10,
 * which is 2⁻³¹. It is not a mistake, and there is nothing to fix.
 */
export function inFloat32(forward: Forward, leaves: Tensors, dh: Tensor): string {
  const { xb, yb, ...parameters } = leaves;
  const { h } = run(forward, { ...inDtype("float32", parameters), xb, yb }), dh32 = dh.to("float32"); // (32, 64)
  const twice = sub(1, h.pow(2)).mul(dh32); // h² rounded, 1 − h² rounded
  const once = sub(1, h.to("float64").pow(2)).to("float32").mul(dh32); // h² exact in float64, 1 − h² rounded
  const difference = once.sub(twice), differing = difference.toArray().filter((x) => x !== 0).length;
  return `\nIn float32, rounding 1 − h² once or twice changes ${differing} of ${once.numel()} elements of ` +
    `dhpreact, by at most ${
      difference.abs().max().item().toExponential(2)
    }: why the lecture's hpreact row is not exact.\n`;
}
