// Batchnorm over (N, C, L), as a 1-D convolution's output has it: statistics over dimensions 0 and 2, biased variance.
import { Generator } from "../../../lib/random/generator.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import { range } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const N = 4, C = 3, L = 5, classes = 6, m = N * L;

export const batchnormNcl: Network = {
  name: "batchnorm over (N, C, L)",
  constants: { N, C, L, m, classes },
  forward: {
    y: ({ x, a }) => x.mul(a), // (4, 3, 5)
    mu: ({ y }) => y.sum([0, 2], { keepdim: true }).div(m), // (1, 3, 1)
    c: ({ y, mu }) => y.sub(mu),
    sq: ({ c }) => c.mul(c),
    variance: ({ sq }) => sq.mean([0, 2], { keepdim: true }), // (1, 3, 1)
    sd: ({ variance }) => variance.add(1e-3).sqrt(),
    xhat: ({ c, sd }) => c.div(sd),
    out: ({ xhat, gamma, beta }) => xhat.mul(gamma).add(beta),
    act: ({ out }) => out.tanh(),
    pooled: ({ act }) => act.mean(2), // (4, 3)
    logits: ({ pooled, W }) => pooled.matmul(W), // (4, 6)
    logp: ({ logits }) => logits.log_softmax(1),
    loss: ({ logp, labels }) => logp.at(range(N), labels).mean().neg(),
  },
  leaves: () => {
    const g = new Generator(13);
    return {
      x: g.randn([N, C, L]).double().mul(1.5).add(0.4),
      a: g.randn([C, L]).double(),
      gamma: g.randn([1, C, 1]).double().mul(0.3).add(1),
      beta: g.randn([1, C, 1]).double(),
      W: g.randn([C, classes]).double(),
      labels: tensor([5, 0, 2, 2], { dtype: "int32" }),
    };
  },
  code: [
    ["logp", "zeros_like(logp).index_put_([range(N), labels], -1 / N)"],
    ["logits", "dlogp.sub(logits.softmax(1).mul(dlogp.sum(1, { keepdim: true })))"],
    ["pooled", "dlogits.matmul(W.T)"],
    ["W", "pooled.T.matmul(dlogits)"],
    ["act", "ones_like(act).mul(dpooled.unsqueeze(2)).div(L)"],
    ["out", "dact.mul(sub(1, act.pow(2)))"],
    ["gamma", "dout.mul(xhat).sum([0, 2], { keepdim: true })"],
    ["beta", "dout.sum([0, 2], { keepdim: true })"],
    ["xhat", "dout.mul(gamma)"],
    ["c", "dxhat.div(sd)"],
    ["sd", "dxhat.mul(c).div(sd.pow(2)).neg().sum([0, 2], { keepdim: true })"],
    ["variance", "dsd.div(sd).mul(0.5)"],
    ["sq", "ones_like(sq).mul(dvariance).div(m)"],
    ["c+", "dc.add_(c.mul(2).mul(dsq))"],
    ["mu", "dc.sum([0, 2], { keepdim: true }).neg()"],
    ["y", "dc.clone()"],
    ["y+", "dy.add_(dmu.div(m).expand(N, C, L))"],
    ["x", "dy.mul(a)"],
    ["a", "dy.mul(x).sum(0)"],
  ],
  rights: [
    ["logits", "logits.softmax(1).sub(one_hot(labels, classes).double()).div(N)"],
    ["sd", "xhat.mul(dxhat).div(sd).sum(0, { keepdim: true }).sum(2, { keepdim: true }).mul(-1)"],
    ["variance", "variance.add(1e-3).pow(-0.5).mul(dsd).div(2)"],
    ["beta", "dout.transpose(0, 1).reshape(C, N * L).sum(1).view(1, C, 1)"],
  ],
  mistakes: [
    {
      row: "logp",
      code: "zeros_like(logp).index_put_([range(N), labels], 1 / N)",
      what: "wrong sign",
      words: ["sign|−|minus|neg"],
    },
    {
      row: "logp",
      code: "zeros_like(logp).index_put_([range(N), labels], -1 / classes)",
      what: "classes in place of N",
      words: ["N|1/4|1.5|4|0.25"],
    },
    {
      row: "logits",
      code: "dlogp.sub(logits.softmax(0).mul(dlogp.sum(1, { keepdim: true })))",
      what: "softmax along the wrong dimension",
      words: ["softmax", "dim|1"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).sub(one_hot(labels, classes).double())",
      what: "1/N is forgotten",
      words: ["N|4|n"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).mul(dlogp.sub(dlogp.sum(1, { keepdim: true })))",
      what: "the bracket closes too late: softmax multiplies both",
      words: ["softmax|dlogp"],
    },
    {
      row: "act",
      code: "ones_like(act).mul(dpooled.unsqueeze(2))",
      what: "the mean's 1/L is forgotten",
      words: ["L|5|mean"],
    },
    { row: "act", code: "ones_like(act).mul(dpooled.unsqueeze(2)).div(C)", what: "C in place of L", words: ["L|5"] },
    {
      row: "out",
      code: "dact.mul(sub(1, out.tanh()))",
      what: "the square is forgotten",
      words: ["act²|pow(2)|square|²|factor act"],
    },
    {
      row: "gamma",
      code: "dout.mul(xhat).sum(0, { keepdim: true }).mean(2, { keepdim: true })",
      what: "mean along L instead of sum",
      words: ["sum|mean|5"],
    },
    {
      row: "gamma",
      code: "dout.mul(out).sum([0, 2], { keepdim: true })",
      what: "out in place of xhat",
      words: ["xhat"],
    },
    {
      row: "gamma",
      code: "dout.mul(xhat).sum([0, 2])",
      what: "keepdim is forgotten",
      words: ["keepdim|(1, 3, 1)|shape"],
    },
    {
      row: "beta",
      code: "dout.sum(0, { keepdim: true }).amax(2, { keepdim: true })",
      what: "the largest along L instead of the sum",
      words: ["sum|largest|max"],
    },
    { row: "xhat", code: "dout.mul(gamma).add(beta)", what: "beta is added as in the forward line", words: ["beta"] },
    { row: "xhat", code: "dout.div(gamma)", what: "divided instead of multiplied", words: ["gamma"] },
    {
      row: "sd",
      code: "dxhat.mul(c).div(sd).neg().sum([0, 2], { keepdim: true })",
      what: "sd⁻¹ where sd⁻² belongs",
      words: ["sd|xhat"],
    },
    {
      row: "sd",
      code: "dxhat.mul(c).div(sd.pow(2)).sum([0, 2], { keepdim: true })",
      what: "the sign",
      words: ["sign|neg|minus|−"],
    },
    {
      row: "sd",
      code: "dxhat.mul(y).div(sd.pow(2)).neg().sum([0, 2], { keepdim: true })",
      what: "y in place of c",
      words: ["c"],
    },
    { row: "variance", code: "dsd.mul(sd).mul(0.5)", what: "multiplied by sd instead of divided", words: ["sd"] },
    {
      row: "variance",
      code: "dsd.div(variance.sqrt()).mul(0.5)",
      what: "ε is forgotten",
      words: ["0.001|1e-3|ε|epsilon"],
    },
    {
      row: "sq",
      code: "ones_like(sq).mul(dvariance).div(m - 1)",
      what: "m − 1 as with Bessel's correction",
      words: ["19|m − 1|m - 1|20"],
    },
    { row: "sq", code: "ones_like(sq).mul(dvariance).div(N)", what: "N in place of N·L", words: ["5|L|20|m"] },
    {
      row: "c+",
      code: "dc.add_(c.mul(dsq))",
      what: "the 2 of the square is forgotten",
      words: ["2|twice"],
      never: ["through sq is missing"],
    },
    { row: "c+", code: "dc.add_(xhat.mul(2).mul(dsq))", what: "xhat in place of c", words: ["c|sd"] },
    {
      row: "mu",
      code: "dc.sum([0, 2], { keepdim: true }).neg().div(m)",
      what: "divided by m, which belongs to the next line",
      words: ["20|m|divide"],
    },
    { row: "y", code: "dout.clone()", what: "dout in place of dc", words: ["dc"] },
    { row: "x", code: "dy.mul(a.mean(1, { keepdim: true }))", what: "a's mean in place of a", words: ["a"] },
    { row: "a", code: "dy.mul(x).mean(0)", what: "mean instead of sum over the examples", words: ["sum|mean|4"] },
    { row: "a", code: "dy.mul(y).sum(0)", what: "y in place of x", words: ["x"] },
    { row: "a", code: "dc.mul(y).sum(0)", what: "two slips: dc for dy, y for x", words: ["dy", "x"] },
  ],
};
