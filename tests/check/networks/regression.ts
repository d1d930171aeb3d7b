// A linear regression with a pseudo-Huber loss, an L2 and an L1 penalty: w is used in three lines.
import { Generator } from "../../../lib/random/generator.ts";
import type { Network } from "./network.ts";

const n = 6, D = 4, delta = 0.7, ridge = 0.05, lasso = 0.02;

export const regression: Network = {
  name: "robust regression with penalties",
  constants: { n, D, delta, ridge, lasso },
  forward: {
    pred: ({ X, w, b }) => X.matmul(w).add(b), // (6, 1)
    err: ({ pred, y }) => pred.sub(y),
    scaled: ({ err }) => err.div(delta),
    root: ({ scaled }) => scaled.pow(2).add(1).sqrt(),
    huber: ({ root }) => root.sub(1).mul(delta ** 2),
    fit: ({ huber, weight }) => huber.mul(weight).sum().div(n), // weight (6, 1)
    l2: ({ w }) => w.pow(2).sum().mul(ridge),
    l1: ({ w }) => w.abs().sum().mul(lasso),
    loss: ({ fit, l2, l1 }) => fit.add(l2).add(l1),
  },
  leaves: () => {
    const g = new Generator(20);
    return {
      X: g.randn([n, D]).double(),
      w: g.randn([D, 1]).double(),
      b: g.randn([1]).double(),
      y: g.randn([n, 1]).double().mul(2),
      weight: g.randn([n, 1]).double().mul(0.4).add(1.5),
    };
  },
  code: [
    ["fit", "ones_like(fit)"],
    ["huber", "weight.div(n).mul(dfit)"],
    ["weight", "huber.div(n).mul(dfit)"],
    ["root", "dhuber.mul(delta ** 2)"],
    ["scaled", "droot.mul(scaled).div(root)"],
    ["err", "dscaled.div(delta)"],
    ["pred", "derr.clone()"],
    ["y", "derr.neg()"],
    ["w", "X.T.matmul(dpred)"],
    ["w+", "dw.add_(w.mul(2 * ridge)).add_(w.div(w.abs()).mul(lasso))"],
    ["b", "dpred.sum(0)"],
    ["X", "dpred.matmul(w.T)"],
  ],
  rights: [
    ["err", "err.mul(weight).div(n).div(scaled.square().add(1).sqrt())"],
    ["b", "dpred.sum().view(1)"],
    ["X", "dpred.mul(w.view(1, D))"],
  ],
  mistakes: [
    { row: "huber", code: "weight.mul(dfit)", what: "1/n is forgotten", words: ["n|6"] },
    { row: "huber", code: "ones_like(huber).div(n).mul(dfit)", what: "weight is forgotten", words: ["weight"] },
    {
      row: "huber",
      code: "weight.div(weight.sum()).mul(dfit)",
      what: "divided by the weights' sum instead of n",
      words: ["n|6|sum|weight"],
    },
    {
      row: "weight",
      code: "huber.mean().mul(dfit).mul(ones_like(weight)).div(n)",
      what: "the mean of huber instead of huber",
      words: ["huber|mean"],
    },
    { row: "root", code: "dhuber.mul(delta)", what: "delta where delta² belongs", words: ["delta|0.7|0.49"] },
    {
      row: "root",
      code: "dhuber.div(delta ** 2)",
      what: "divided instead of multiplied",
      words: ["delta|0.49|0.24|divide|2.04|4.16"],
    },
    {
      row: "scaled",
      code: "droot.mul(scaled).mul(root)",
      what: "multiplied by root instead of divided",
      words: ["root"],
    },
    {
      row: "scaled",
      code: "droot.mul(scaled).div(root).mul(2)",
      what: "the 2 of the square stays, without the half of the root",
      words: ["2|half|twice"],
    },
    { row: "scaled", code: "droot.mul(scaled)", what: "1/root is forgotten", words: ["root"] },
    {
      row: "scaled",
      code: "droot.div(root).mul(0.5)",
      what: "only the root's derivative: 2·scaled is forgotten",
      words: ["scaled"],
    },
    {
      row: "scaled",
      code: "droot.mul(scaled).div(scaled.pow(2).sqrt())",
      what: "the 1 under the root is forgotten",
      words: ["1|root"],
    },
    { row: "err", code: "dscaled.clone()", what: "1/delta is forgotten", words: ["delta|0.7|1.43|1.42"] },
    {
      row: "err",
      code: "dscaled.mul(delta)",
      what: "multiplied by delta instead of divided",
      words: ["delta|0.7|0.49|2.04"],
    },
    { row: "y", code: "derr.clone()", what: "the sign", words: ["sign|neg|minus|−"] },
    { row: "w", code: "X.T.matmul(derr.mul(err))", what: "a factor err that does not belong", words: ["err"] },
    { row: "w", code: "X.T.matmul(dpred).div(n)", what: "divided by n once more", words: ["n|6"] },
    { row: "w+", code: "dw.add_(w.mul(2 * ridge))", what: "the L1 penalty is forgotten", words: ["l1"] },
    {
      row: "w+",
      code: "dw.add_(w.mul(ridge)).add_(w.div(w.abs()).mul(lasso))",
      what: "the 2 of w² is forgotten",
      words: ["2|half|l2|0.1"],
    },
    {
      row: "w+",
      code: "dw.add_(w.mul(2 * ridge)).add_(w.mul(lasso))",
      what: "w where its sign belongs",
      words: ["abs|sign|l1"],
    },
    {
      row: "w+",
      code: "dw.add_(w.mul(2 * ridge)).add_(w.abs().mul(lasso))",
      what: "|w| where its sign belongs",
      words: ["abs|sign|l1|w"],
    },
    {
      row: "w+",
      code: "dw.add_(w.mul(2 * ridge)).add_(ones_like(w).mul(lasso))",
      what: "1 where w's sign belongs",
      words: ["abs|sign|l1|w"],
    },
    {
      row: "w+",
      code: "dw.add_(w.mul(2)).add_(w.div(w.abs()).mul(lasso))",
      what: "ridge is forgotten",
      words: ["ridge|0.05|20"],
    },
    {
      row: "w+",
      code: "dw.sub_(w.mul(2 * ridge)).add_(w.div(w.abs()).mul(lasso))",
      what: "weight decay is taken off, as the step does",
      words: ["sign|sub|−|add|subtract"],
    },
    { row: "w+", code: "dw", what: "both penalties are forgotten", words: ["l2", "l1"] },
    { row: "b", code: "dpred.mean(0)", what: "mean instead of sum", words: ["sum|mean|6"] },
    { row: "b", code: "dpred.sum()", what: "the shape: (1) belongs there", words: ["(1)|shape|keepdim|sum(0)"] },
    { row: "X", code: "pred.matmul(w.T)", what: "pred in place of dpred", words: ["dpred"] },
    { row: "X", code: "dpred.matmul(w.add(b).T)", what: "b is added to w", words: ["b"] },
    {
      row: "err",
      code: "err.mul(weight).div(n)",
      what: "the plain square's gradient: 1/root is forgotten",
      words: ["root|delta|droot|dscaled"],
    },
  ],
};
