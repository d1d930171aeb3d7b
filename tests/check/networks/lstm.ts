// Two steps of an LSTM whose four gates come from one matrix product, one below the other: columns are examples.
import { Generator } from "../../../lib/random/generator.ts";
import type { Network } from "./network.ts";

const n = 3, inputs = 2, H = 3;

export const lstm: Network = {
  name: "LSTM, gates stacked",
  constants: { n, inputs, H },
  forward: {
    p1: ({ W, x1, b }) => W.matmul(x1).add(b), // (12, 3): gates i, f, o, g, three rows each
    i1: ({ p1 }) => p1.narrow(0, 0, H).neg().exp().add(1).pow(-1),
    o1: ({ p1 }) => p1.narrow(0, 2 * H, H).neg().exp().add(1).pow(-1),
    g1: ({ p1 }) => p1.narrow(0, 3 * H, H).tanh(),
    c1: ({ i1, g1 }) => i1.mul(g1), // no cell before it to remember
    h1: ({ o1, c1 }) => o1.mul(c1.tanh()), // (3, 3)
    p2: ({ W, x2, U, h1, b }) => W.matmul(x2).add(U.matmul(h1)).add(b),
    i2: ({ p2 }) => p2.narrow(0, 0, H).neg().exp().add(1).pow(-1),
    f2: ({ p2 }) => p2.narrow(0, H, H).neg().exp().add(1).pow(-1),
    o2: ({ p2 }) => p2.narrow(0, 2 * H, H).neg().exp().add(1).pow(-1),
    g2: ({ p2 }) => p2.narrow(0, 3 * H, H).tanh(),
    c2: ({ f2, c1, i2, g2 }) => f2.mul(c1).add(i2.mul(g2)),
    tc2: ({ c2 }) => c2.tanh(),
    h2: ({ o2, tc2 }) => o2.mul(tc2),
    score: ({ v, h2 }) => v.matmul(h2), // (1, 3)
    loss: ({ score, target }) => score.mul(target).exp().mean(), // an exponential loss
  },
  leaves: () => {
    const g = new Generator(21);
    return {
      x1: g.randn([inputs, n]).double(),
      x2: g.randn([inputs, n]).double(),
      W: g.randn([4 * H, inputs]).double().mul(0.7),
      U: g.randn([4 * H, H]).double().mul(0.7),
      b: g.randn([4 * H, 1]).double().mul(0.5),
      v: g.randn([1, H]).double(),
      target: g.randn([1, n]).double(),
    };
  },
  code: [
    ["score", "score.mul(target).exp().mul(target).div(n)"],
    ["h2", "v.T.matmul(dscore)"],
    ["v", "dscore.matmul(h2.T)"],
    ["o2", "dh2.mul(tc2)"],
    ["tc2", "dh2.mul(o2)"],
    ["c2", "dtc2.mul(sub(1, tc2.square()))"],
    ["f2", "dc2.mul(c1)"],
    ["i2", "dc2.mul(g2)"],
    ["g2", "dc2.mul(i2)"],
    ["c1", "dc2.mul(f2)"],
    [
      "p2",
      "zeros_like(p2).index_add_(0, range(0, H), di2.mul(i2).mul(sub(1, i2))).index_add_(0, range(H, 2 * H), df2.mul(f2).mul(sub(1, f2)))" +
      ".index_add_(0, range(2 * H, 3 * H), do2.mul(o2).mul(sub(1, o2))).index_add_(0, range(3 * H, 4 * H), dg2.mul(sub(1, g2.square())))",
    ],
    ["h1", "U.T.matmul(dp2)"],
    ["U", "dp2.matmul(h1.T)"],
    ["W", "dp2.matmul(x2.T)"],
    ["b", "dp2.sum(1, { keepdim: true })"],
    ["x2", "W.T.matmul(dp2)"],
    ["o1", "dh1.mul(c1.tanh())"],
    ["c1+", "dc1.add_(dh1.mul(o1).mul(sub(1, c1.tanh().square())))"],
    ["i1", "dc1.mul(g1)"],
    ["g1", "dc1.mul(i1)"],
    [
      "p1",
      "zeros_like(p1).index_add_(0, range(0, H), di1.mul(i1).mul(sub(1, i1)))" +
      ".index_add_(0, range(2 * H, 3 * H), do1.mul(o1).mul(sub(1, o1))).index_add_(0, range(3 * H, 4 * H), dg1.mul(sub(1, g1.square())))",
    ],
    ["W+", "dW.add_(dp1.matmul(x1.T))"],
    ["b+", "db.add_(dp1.sum(1, { keepdim: true }))"],
    ["x1", "W.T.matmul(dp1)"],
  ],
  rights: [
    ["c2", "dtc2.sub(tc2.mul(tc2).mul(dtc2))"],
    ["U", "h1.matmul(dp2.T).T"],
    ["b+", "db.add_(dp1.matmul(ones([n, 1], { dtype: 'float64' })))"],
  ],
  mistakes: [
    {
      row: "score",
      code: "score.mul(target).exp().div(n)",
      what: "the inner derivative, target, is forgotten",
      words: ["target"],
    },
    { row: "score", code: "score.exp().mul(target).div(n)", what: "target is forgotten inside exp", words: ["target"] },
    {
      row: "score",
      code: "score.mul(target).exp().mul(score).div(n)",
      what: "score where target belongs",
      words: ["target"],
    },
    { row: "h2", code: "v.T.matmul(score)", what: "score in place of dscore", words: ["dscore"] },
    { row: "o2", code: "dh2.mul(c2)", what: "c2 in place of tc2: the tanh is forgotten", words: ["tc2|tanh"] },
    { row: "tc2", code: "dh2.mul(h2)", what: "h2 in place of o2", words: ["o2"] },
    { row: "c2", code: "dtc2.mul(sub(1, c2.square()))", what: "c2 in place of tc2", words: ["tc2"] },
    {
      row: "c2",
      code: "dh2.mul(sub(1, tc2.square()))",
      what: "dh2 in place of dtc2: o2 is forgotten",
      words: ["dtc2|o2"],
    },
    { row: "f2", code: "dc2.mul(c2)", what: "c2 in place of c1", words: ["c1"] },
    {
      row: "f2",
      code: "dc2.matmul(c1)",
      what: "matmul instead of mul, which fits as n equals H",
      words: ["mul|element|product"],
    },
    { row: "i2", code: "dc2.mul(i2)", what: "i2 and g2 exchanged", words: ["g2"] },
    { row: "c1", code: "dc2.clone()", what: "f2 is forgotten", words: ["f2"] },
    {
      row: "p2",
      code:
        "zeros_like(p2).index_add_(0, range(0, H), di2.mul(i2).mul(sub(1, i2))).index_add_(0, range(H, 2 * H), df2.mul(f2).mul(sub(1, f2)))" +
        ".index_add_(0, range(2 * H, 3 * H), do2.mul(o2).mul(sub(1, o2))).index_add_(0, range(3 * H, 4 * H), dg2.mul(g2).mul(sub(1, g2)))",
      what: "the sigmoid's derivative for g2, which is a tanh",
      words: ["g2|tanh"],
      never: ["has to be added"],
    },
    {
      row: "p2",
      code:
        "zeros_like(p2).index_add_(0, range(0, H), di2.mul(i2).mul(sub(1, i2))).index_add_(0, range(H, 2 * H), df2.mul(f2).mul(sub(1, f2)))" +
        ".index_add_(0, range(3 * H, 4 * H), do2.mul(o2).mul(sub(1, o2))).index_add_(0, range(2 * H, 3 * H), dg2.mul(sub(1, g2.square())))",
      what: "o and g are put into each other's rows",
      words: ["row|exchanged|order|place|o2|g2"],
    },
    {
      row: "p2",
      code: "zeros_like(p2).index_add_(0, range(0, H), di2.mul(i2).mul(sub(1, i2)))" +
        ".index_add_(0, range(2 * H, 3 * H), do2.mul(o2).mul(sub(1, o2))).index_add_(0, range(3 * H, 4 * H), dg2.mul(sub(1, g2.square())))",
      what: "the forget gate's rows stay zero",
      words: ["f2|row|zero"],
    },
    {
      row: "p2",
      code:
        "zeros_like(p2).index_add_(0, range(0, H), di2.mul(sub(1, i2))).index_add_(0, range(H, 2 * H), df2.mul(f2).mul(sub(1, f2)))" +
        ".index_add_(0, range(2 * H, 3 * H), do2.mul(o2).mul(sub(1, o2))).index_add_(0, range(3 * H, 4 * H), dg2.mul(sub(1, g2.square())))",
      what: "i2 is forgotten in the sigmoid's derivative",
      words: ["i2"],
    },
    {
      row: "h1",
      code: "U.T.matmul(dp2).neg()",
      what: "the sign",
      words: ["sign|neg|minus|−"],
    },
    { row: "h1", code: "U.T.matmul(p2)", what: "p2 in place of dp2", words: ["dp2"] },
    {
      row: "U",
      code: "dp2.matmul(h1)",
      what: "h1 is not transposed, which fits as n equals H",
      words: ["h1.T|transpose|.T"],
    },
    { row: "U", code: "dp2.matmul(h2.T)", what: "h2 in place of h1", words: ["h1"] },
    {
      row: "b+",
      code: "db.add_(dp1.mean(1, { keepdim: true }))",
      what: "mean instead of sum in the second term",
      words: ["mean|sum|3"],
    },
    { row: "o1", code: "dh1.mul(c1)", what: "the tanh is forgotten", words: ["tanh"] },
    {
      row: "c1+",
      code: "dc1.add_(dh1.mul(sub(1, c1.tanh().square())))",
      what: "o1 is forgotten in the second term",
      words: ["o1"],
    },
    { row: "c1+", code: "dc1", what: "the path through h1 is forgotten", words: ["h1"] },
    {
      row: "c1+",
      code: "dc1.add_(dh1.mul(o1))",
      what: "the tanh's derivative is forgotten in the second term",
      words: ["tanh|c1"],
    },
    { row: "W+", code: "dW.add_(dp1.matmul(x2.T))", what: "x2 in place of x1", words: ["x1"] },
    { row: "W+", code: "dW.add_(dp2.matmul(x1.T))", what: "dp2 in place of dp1", words: ["dp1"] },
    { row: "W+", code: "dW", what: "only the second step's term", words: ["p1"] },
    { row: "i1", code: "dc1.mul(g2)", what: "g2 in place of g1", words: ["g1"] },
  ],
};
