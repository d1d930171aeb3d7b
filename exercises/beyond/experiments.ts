// The experiments of layernorm.ts: the formula at other shapes, one example alone, and batchnorm's factor where it does not
// belong.
// Left out: the formula itself, which is an argument.
import type { Forward, Tensors } from "../../lib/check/graph.ts";
import type { Generator } from "../../lib/random/generator.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

/** LayerNorm's lines with any ε. */
function layernorm(eps: number) {
  return {
    mean: ({ x }) => x.mean(-1, { keepdim: true }),
    variance: ({ x }) => x.var(-1, { keepdim: true, correction: 0 }),
    rstd: ({ variance }) => variance.add(eps).pow(-0.5),
    xhat: ({ x, mean, rstd }) => x.sub(mean).mul(rstd),
    y: ({ xhat, gain, bias }) => xhat.mul(gain).add(bias),
    loss: ({ y, dy }) => y.mul(dy).sum(), // its gradient for y is dy
  } satisfies Forward;
}

/**
 * LayerNorm on random x of d dimensions, the last of which has 6 numbers or m, with gains of all signs and a random gradient
 * dy from above.
 */
export function atOtherShapes(g: Generator, m: number) {
  const normal = (...shape: number[]) => g.randn(shape).to("float64"), gains = [1.1, -0.7, 0, 2.5, -1e-3, 1];
  const settings = [1e-5, 1e-2].flatMap((eps) =>
    [[7], [2, 5]].flatMap((rows) => [...new Set([6, m])].map((m) => ({ eps, rows, m })))
  );
  return settings.map(({ eps, rows, m }) => ({
    m,
    note: `m=${m} d=${rows.length + 1} eps=${eps.toExponential()}`,
    forward: layernorm(eps),
    leaves: {
      x: normal(...rows, m).add(0.5),
      gain: tensor(Array.from({ length: m }, (_, i) => gains[i % gains.length]), { dtype: "float64" }),
      bias: normal(m),
      dy: normal(...rows, m),
    },
  }));
}

/** What the formula says of the first example by itself, beside what it says of it among all. */
export function eachAlone({ xhat, rstd, gain }: Tensors, dy: Tensor, formula: (t: Tensors) => Tensor): string {
  const first = (t: Tensor) => t.narrow(0, 0, 1); // (1, …)
  const among = first(formula({ xhat, rstd, gain, dy })); // (1, 64)
  const alone = formula({ xhat: first(xhat), rstd: first(rstd), gain, dy: first(dy) }); // (1, 64)
  const most = alone.sub(among).abs().max().item();
  return `The first example by itself has the gradient that it has among all ${
    xhat.shape[0]
  }: they differ by ${most}. ` +
    "In batchnorm every example has a part in every other's gradient, and one example alone has none.\n";
}

/** What comes of batchnorm's factor m/(m − 1) in the last term of LayerNorm's formula. */
export function withBatchnormsFactor({ xhat, rstd, gain }: Tensors, dy: Tensor, dx: Tensor): string {
  const m = xhat.shape.at(-1)!, most = (t: Tensor) => t.abs().max().item().toExponential(1);
  const dxhat = dy.mul(gain), last = rstd.mul(xhat).mul(dxhat.mul(xhat).mean(-1, { keepdim: true })); // (32, 64)
  return `Batchnorm's factor, here ${m}/${m - 1}, in the last term would make dx wrong by up to ${
    most(last.div(m - 1))
  }; its largest element is ${most(dx)}.\n`;
}
