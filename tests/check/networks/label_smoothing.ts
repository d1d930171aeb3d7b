// Cross-entropy with smoothed labels: 0.9 of the target's and 0.1 of the mean over all classes; n equals the hidden width.
import { Generator } from "../../../lib/random/generator.ts";
import { range, tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const n = 5, inputs = 3, hidden = 5, classes = 7, smoothing = 0.1;

export const labelSmoothing: Network = {
  name: "label smoothing",
  constants: { n, inputs, hidden, classes, smoothing },
  forward: {
    h: ({ x, W1 }) => x.matmul(W1).tanh(), // (5, 5)
    logits: ({ h, W2, b2 }) => h.matmul(W2).add(b2), // (5, 7)
    logp: ({ logits }) => logits.log_softmax(1),
    nll: ({ logp, y }) => logp.at(range(n), y).mean().neg(),
    uniform: ({ logp }) => logp.mean().neg(),
    loss: ({ nll, uniform }) => nll.mul(1 - smoothing).add(uniform.mul(smoothing)),
  },
  leaves: () => {
    const g = new Generator(15);
    return {
      x: g.randn([n, inputs]).double(),
      W1: g.randn([inputs, hidden]).double(),
      W2: g.randn([hidden, classes]).double(),
      b2: g.randn([classes]).double(),
      y: tensor([6, 1, 0, 1, 4], { dtype: "int32" }),
    };
  },
  code: [
    ["nll", "ones_like(nll).mul(1 - smoothing)"],
    ["uniform", "ones_like(uniform).mul(smoothing)"],
    ["logp", "zeros_like(logp).index_put_([range(n), y], -1 / n).mul(dnll)"],
    ["logp+", "dlogp.sub_(ones_like(logp).div(n * classes).mul(duniform))"],
    ["logits", "dlogp.sub(logits.softmax(1).mul(dlogp.sum(1, { keepdim: true })))"],
    ["h", "dlogits.matmul(W2.T)"],
    ["W2", "h.T.matmul(dlogits)"],
    ["b2", "dlogits.sum(0)"],
    ["W1", "x.T.matmul(sub(1, h.pow(2)).mul(dh))"],
    ["x", "sub(1, h.pow(2)).mul(dh).matmul(W1.T)"],
  ],
  rights: [
    [
      "logits",
      "logits.softmax(1).sub(one_hot(y, classes).double().mul(1 - smoothing)).sub(smoothing / classes).div(n)",
    ],
    ["logits", "logp.exp().div(n).add(dlogp)"],
    ["b2", "dlogits.T.sum(1)"],
  ],
  mistakes: [
    { row: "nll", code: "ones_like(nll).mul(smoothing)", what: "0.1 in place of 0.9", words: ["0.9|1 - smoothing|9"] },
    { row: "nll", code: "ones_like(nll)", what: "the factor 0.9 is forgotten", words: ["0.9|smoothing"] },
    { row: "uniform", code: "ones_like(uniform).mul(smoothing).neg()", what: "the sign", words: ["sign|neg|minus|−"] },
    {
      row: "logp",
      code: "zeros_like(logp).index_put_([range(n), y], -1 / n)",
      what: "dnll is forgotten in the first term",
      words: ["dnll|0.9"],
    },
    {
      row: "logp",
      code: "zeros_like(logp).index_put_([range(n), y], -1).mul(dnll)",
      what: "1/n is forgotten in the first term",
      words: ["n|5"],
    },
    {
      row: "logp+",
      code: "dlogp.sub_(ones_like(logp).div(n).mul(duniform))",
      what: "1/classes of the mean is forgotten",
      words: ["7|classes|35"],
    },
    {
      row: "logp+",
      code: "dlogp.add_(ones_like(logp).div(n * classes).mul(duniform))",
      what: "the second term's sign",
      words: ["sign|−|minus|sub|subtract"],
    },
    {
      row: "logp+",
      code: "dlogp.sub_(ones_like(logp).div(n * classes))",
      what: "duniform is forgotten",
      words: ["duniform|0.1"],
    },
    {
      row: "logp+",
      code: "dlogp.sub_(ones_like(logp).div(n * classes).mul(dnll))",
      what: "dnll in place of duniform",
      words: ["duniform"],
    },
    { row: "logp+", code: "dlogp", what: "only the first term", words: ["uniform"] },
    {
      row: "logp+",
      code: "dlogp.sub_(ones_like(logp).div(n * (classes - 1)).mul(duniform))",
      what: "classes − 1 in place of classes",
      words: ["6|7|classes|35|30"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).sub(one_hot(y, classes).double()).div(n)",
      what: "plain cross-entropy's formula: the smoothing is forgotten",
      words: ["smoothing|0.9|0.1|dlogp|uniform"],
    },
    {
      row: "logits",
      code: "dlogp.sub(logits.softmax(1).mul(dlogp.sum(0, { keepdim: true })))",
      what: "summed over the wrong dimension",
      words: ["dim|1"],
    },
    {
      row: "logits",
      code: "dlogp.sub(logits.softmax(1))",
      what: "the row sums of dlogp are forgotten",
      words: ["sum|dlogp"],
    },
    {
      row: "logits",
      code: "dlogp.add(logits.softmax(1).mul(dlogp.sum(1, { keepdim: true })))",
      what: "the sign of the second part",
      words: ["sign|−|sub|subtract"],
    },
    {
      row: "logits",
      code: "dlogp.sub(logp.mul(dlogp.sum(1, { keepdim: true })))",
      what: "logp in place of the softmax",
      words: ["softmax|exp"],
      never: ["as well"],
    },
    { row: "logits", code: "dlogp.clone()", what: "softmax's part is forgotten", words: ["softmax|log_softmax|sum"] },
    {
      row: "logits",
      code: "logits.softmax(1).mul(dlogp.sub(logits.softmax(1).mul(dlogp).sum(1, { keepdim: true })))",
      what: "softmax's gradient at a log_softmax",
      words: ["softmax|log"],
    },
    { row: "h", code: "dlogits.add(b2).matmul(W2.T)", what: "b2 is added", words: ["b2"] },
    { row: "W2", code: "dlogits.T.matmul(h).T.div(n)", what: "divided by n once more", words: ["5|n|divide"] },
    {
      row: "W2",
      code: "h.matmul(dlogits)",
      what: "h is not transposed, which fits as n equals hidden",
      words: ["h.T|transpose|.T"],
    },
    {
      row: "W1",
      code: "x.T.matmul(dh)",
      what: "tanh's derivative is forgotten",
      words: ["h.pow(2)|1 − h²|tanh|derivative"],
    },
    {
      row: "W1",
      code: "x.T.matmul(sub(1, h.pow(2)).mul(dh.T))",
      what: "dh transposed, which fits as n equals hidden",
      words: ["dh"],
    },
    {
      row: "x",
      code: "sub(1, h.pow(2)).mul(dh).T.matmul(W1.T)",
      what: "transposed by mistake, which fits as n equals hidden",
      words: ["transpose|.T|T"],
    },
    { row: "x", code: "sub(1, h.pow(2)).matmul(W1.T)", what: "dh is forgotten", words: ["dh"] },
    {
      row: "x",
      code: "sub(1, h.pow(3)).mul(dh).matmul(W1.T).neg()",
      what: "two slips: h³ for h², and the sign",
      words: ["h³|h.pow(3)|h²", "sign|neg"],
    },
  ],
};
