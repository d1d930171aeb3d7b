// A residual block: LayerNorm, a linear layer, GELU (tanh's approximation), a linear layer, and the sum with its input.
import { Generator } from "../../../lib/random/generator.ts";
import type { Network } from "./network.ts";

const n = 5, D = 6, F = 4, eps = 1e-3, k = Math.sqrt(2 / Math.PI);

export const layernormBlock: Network = {
  name: "residual block with LayerNorm",
  constants: { n, D, F, eps, k },
  forward: {
    x: ({ input, W0 }) => input.matmul(W0), // (5, 6)
    mu: ({ x }) => x.mean(1, { keepdim: true }), // (5, 1)
    xc: ({ x, mu }) => x.sub(mu),
    variance: ({ xc }) => xc.pow(2).mean(1, { keepdim: true }), // (5, 1)
    rstd: ({ variance }) => variance.add(eps).pow(-0.5),
    xhat: ({ xc, rstd }) => xc.mul(rstd),
    normed: ({ xhat, gain, bias }) => xhat.mul(gain).add(bias),
    u: ({ normed, W1 }) => normed.matmul(W1), // (5, 4)
    inner: ({ u }) => u.add(u.pow(3).mul(0.044715)).mul(k),
    t: ({ inner }) => inner.tanh(),
    a: ({ u, t }) => u.mul(t.add(1)).mul(0.5), // gelu(u)
    y: ({ x, a, W2 }) => x.add(a.matmul(W2)), // (5, 6)
    loss: ({ y, target }) => y.sub(target).pow(2).mean(),
  },
  leaves: () => {
    const g = new Generator(16);
    return {
      input: g.randn([n, 3]).double(),
      W0: g.randn([3, D]).double(),
      gain: g.randn([D]).double().mul(0.2).add(1),
      bias: g.randn([D]).double(),
      W1: g.randn([D, F]).double().mul(0.5),
      W2: g.randn([F, D]).double(),
      target: g.randn([n, D]).double(),
    };
  },
  code: [
    ["y", "y.sub(target).mul(2 / (n * D))"],
    ["x", "dy.clone()"],
    ["a", "dy.matmul(W2.T)"],
    ["W2", "a.T.matmul(dy)"],
    ["t", "da.mul(u).mul(0.5)"],
    ["u", "da.mul(t.add(1)).mul(0.5)"],
    ["inner", "dt.mul(sub(1, t.pow(2)))"],
    ["u+", "du.add_(dinner.mul(k).mul(u.pow(2).mul(3 * 0.044715).add(1)))"],
    ["normed", "du.matmul(W1.T)"],
    ["W1", "normed.T.matmul(du)"],
    ["gain", "dnormed.mul(xhat).sum(0)"],
    ["bias", "dnormed.sum(0)"],
    ["xhat", "dnormed.mul(gain)"],
    ["rstd", "dxhat.mul(xc).sum(1, { keepdim: true })"],
    ["variance", "drstd.mul(-0.5).mul(rstd.pow(3))"],
    ["xc", "dxhat.mul(rstd).add(xc.mul(2 / D).mul(dvariance))"],
    ["mu", "dxc.sum(1, { keepdim: true }).neg()"],
    ["x+", "dx.add_(dxc).add_(dmu.div(D))"],
    ["W0", "input.T.matmul(dx)"],
    ["input", "dx.matmul(W0.T)"],
  ],
  rights: [
    ["variance", "variance.add(eps).pow(-1.5).mul(drstd).mul(-0.5)"],
    [
      "x+",
      "dx.add_(rstd.div(D).mul(dxhat.mul(D).sub(dxhat.sum(1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(1, { keepdim: true })))))",
    ],
    ["gain", "dnormed.T.mul(xhat.T).sum(1)"],
  ],
  mistakes: [
    {
      row: "y",
      code: "y.sub(target).mul(2 / n)",
      what: "1/D is forgotten: the mean is over all 30",
      words: ["6|D|30"],
    },
    { row: "y", code: "target.sub(y).mul(2 / (n * D))", what: "the sign", words: ["sign|neg|minus|−|exchanged"] },
    { row: "x+", code: "dx.add_(dxc)", what: "the mean's part is forgotten", words: ["mu|dmu"] },
    {
      row: "x+",
      code: "dx.mul(0).add_(dxc).add_(dmu.div(D))",
      what: "the residual's gradient is thrown away",
      words: ["y|dy|residual|first|dx|0"],
    },
    { row: "x+", code: "dx.add_(dxc).add_(dmu)", what: "1/D of the mean is forgotten", words: ["6|D|mean"] },
    { row: "x+", code: "dx.add_(dxc).add_(dmu.div(n))", what: "n in place of D", words: ["6|D"] },
    { row: "x+", code: "dx.add_(dxhat).add_(dmu.div(D))", what: "dxhat in place of dxc", words: ["dxc"] },
    {
      row: "x+",
      code:
        "dx.add_(rstd.div(D).mul(dxhat.mul(D).sub(dxhat.sum(1, { keepdim: true })).add(xhat.mul(dxhat.mul(xhat).sum(1, { keepdim: true })))))",
      what: "the sign of the third term in the one-go formula",
      words: ["sign|sub|−|subtract"],
    },
    {
      row: "x+",
      code:
        "dx.add_(rstd.div(D).mul(dxhat.mul(D).sub(dxhat.sum(0, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(1, { keepdim: true })))))",
      what: "summed over the examples, as in batchnorm, in the second term",
      words: ["dim|1"],
    },
    {
      row: "x+",
      code:
        "dx.add_(rstd.div(D).mul(dxhat.mul(D).sub(dxhat.sum(1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(1, { keepdim: true })).mul(D / (D - 1)))))",
      what: "Bessel's D/(D − 1) in the third term, which does not belong to LayerNorm",
      words: ["D − 1|D - 1|1.2|5|6/5"],
    },
    {
      row: "x+",
      code:
        "dx.add_(rstd.div(D).mul(dnormed.mul(D).sub(dnormed.sum(1, { keepdim: true })).sub(xhat.mul(dnormed.mul(xhat).sum(1, { keepdim: true })))))",
      what: "gain is forgotten: dnormed in place of dxhat throughout",
      words: ["dxhat|gain"],
    },
    {
      row: "x+",
      code:
        "dx.add_(rstd.div(D).mul(dxhat.sub(dxhat.sum(1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(1, { keepdim: true })))))",
      what: "D is forgotten in the first term of the one-go formula",
      words: ["D|6"],
    },
    { row: "t", code: "da.mul(u)", what: "the half is forgotten", words: ["0.5|half|½|twice|2 times"] },
    { row: "u", code: "da.mul(t).mul(0.5)", what: "t where t + 1 belongs", words: ["1 + t|t + 1|add(1)|t.add"] },
    { row: "inner", code: "dt.mul(sub(1, inner.pow(2)))", what: "inner in place of t", words: ["t"] },
    {
      row: "u+",
      code: "du.add_(dinner.mul(k).mul(u.pow(2).mul(0.044715).add(1)))",
      what: "the 3 of u³ is forgotten",
      words: ["3"],
      never: ["1/3"],
    },
    {
      row: "u+",
      code: "du.add_(dinner.mul(u.pow(2).mul(3 * 0.044715).add(1)))",
      what: "√(2/π) is forgotten",
      words: ["0.797|0.8|k"],
    },
    {
      row: "u+",
      code: "du.add_(dinner.mul(k).mul(u.pow(3).mul(3 * 0.044715).add(1)))",
      what: "u³ where u² belongs",
      words: ["u²|u.pow(2)|exponent|pow"],
    },
    {
      row: "u+",
      code: "du.add_(dinner.mul(k).mul(u.pow(2).mul(3 * 0.044715)))",
      what: "the 1 is forgotten",
      words: ["1"],
      never: ["through inner is missing"],
    },
    { row: "u+", code: "du", what: "the path through the tanh is forgotten", words: ["inner|dinner"] },
    { row: "gain", code: "dnormed.mul(normed).sum(0)", what: "normed in place of xhat", words: ["xhat"] },
    { row: "gain", code: "dnormed.mul(xhat).mul(gain).sum(0)", what: "a factor gain too many", words: ["gain"] },
    { row: "bias", code: "dnormed.sum(1)", what: "the wrong dimension", words: ["dim|0|shape|(6)"] },
    { row: "rstd", code: "dxhat.mul(xhat).sum(1, { keepdim: true })", what: "xhat in place of xc", words: ["xc"] },
    {
      row: "variance",
      code: "drstd.mul(-0.5).mul(rstd.pow(2))",
      what: "the exponent is one short",
      words: ["rstd³|pow(3)|exponent|rstd"],
    },
    {
      row: "variance",
      code: "drstd.mul(-0.5).mul(variance.pow(-1.5))",
      what: "ε is forgotten",
      words: ["0.001|ε|epsilon|eps"],
    },
    {
      row: "variance",
      code: "drstd.mul(0.5).mul(rstd)",
      what: "two slips: the sign, and rstd where rstd³ belongs",
      words: ["sign|neg|−", "rstd³|pow(3)|exponent|rstd|division by variance.add(0.001)"],
    },
    {
      row: "xc",
      code: "dxhat.mul(rstd).add(xc.mul(2).mul(dvariance))",
      what: "1/D of the variance is forgotten",
      words: ["6|D|1/3"],
    },
    { row: "xc", code: "dxhat.mul(rstd)", what: "the path through the variance is forgotten", words: ["variance"] },
    { row: "W0", code: "input.T.matmul(dxc)", what: "dxc in place of dx", words: ["dx|x"] },
  ],
};
