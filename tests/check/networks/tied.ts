// A recurrent language model over three characters whose embedding is also its output layer: E is used in five lines.
import { Generator } from "../../../lib/random/generator.ts";
import { range, tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const n = 5, D = 4, V = 6;

export const tied: Network = {
  name: "recurrent model with a tied embedding",
  constants: { n, D, V },
  forward: {
    e1: ({ E, c1 }) => E.at(c1), // (5, 4)
    s1: ({ e1, start, b }) => e1.add(start).add(b).tanh(), // start (1, 4)
    e2: ({ E, c2 }) => E.at(c2),
    a2: ({ e2, s1, R, b }) => e2.add(s1.matmul(R)).add(b),
    s2: ({ a2 }) => a2.tanh(),
    e3: ({ E, c3 }) => E.at(c3),
    a3: ({ e3, s2, R, b }) => e3.add(s2.matmul(R)).add(b),
    s3: ({ a3 }) => a3.tanh(),
    both: ({ s2, s3 }) => s2.mul(s3), // two steps meet
    logits: ({ both, E }) => both.matmul(E.T), // (5, 6)
    m: ({ logits }) => logits.amax(1, { keepdim: true }), // (5, 1)
    shifted: ({ logits, m }) => logits.sub(m),
    lse: ({ shifted }) => shifted.exp().sum(1, { keepdim: true }).log(), // (5, 1)
    logp: ({ shifted, lse }) => shifted.sub(lse),
    picked: ({ logp, y }) => logp.at(range(n), y), // (5)
    loss: ({ picked }) => picked.neg().mean(),
  },
  leaves: () => {
    const g = new Generator(23);
    return {
      E: g.randn([V, D]).double(),
      start: g.randn([1, D]).double(),
      R: g.randn([D, D]).double(),
      b: g.randn([D]).double().mul(0.3),
      c1: tensor([0, 5, 2, 2, 1], { dtype: "int32" }),
      c2: tensor([3, 0, 5, 4, 1], { dtype: "int32" }),
      c3: tensor([2, 2, 2, 0, 4], { dtype: "int32" }),
      y: tensor([1, 4, 0, 0, 5], { dtype: "int32" }),
    };
  },
  code: [
    ["picked", "full([n], -1 / n, { dtype: 'float64' })"],
    ["logp", "zeros_like(logp).index_put_([range(n), y], dpicked)"],
    ["lse", "dlogp.sum(1, { keepdim: true }).neg()"],
    ["shifted", "dlogp.add(dlse.mul(shifted.sub(lse).exp()))"],
    ["m", "dshifted.sum(1, { keepdim: true }).neg()"],
    ["logits", "dshifted.add(one_hot(logits.argmax(1), V).mul(dm))"],
    ["both", "dlogits.matmul(E)"],
    ["E", "dlogits.T.matmul(both)"],
    ["s3", "dboth.mul(s2)"],
    ["s2", "dboth.mul(s3)"],
    ["a3", "ds3.mul(sub(1, s3.pow(2)))"],
    ["e3", "da3.clone()"],
    ["s2+", "ds2.add_(da3.matmul(R.T))"],
    ["R", "s2.T.matmul(da3)"],
    ["a2", "ds2.mul(sub(1, s2.pow(2)))"],
    ["e2", "da2.clone()"],
    ["s1", "da2.matmul(R.T)"],
    ["R+", "dR.add_(s1.T.matmul(da2))"],
    ["e1", "ds1.mul(sub(1, s1.pow(2)))"],
    ["start", "de1.sum(0, { keepdim: true })"],
    ["b", "de1.sum(0).add(da2.sum(0)).add(da3.sum(0))"],
    ["E+", "dE.index_add_(0, c1, de1).index_add_(0, c2, de2).index_add_(0, c3, de3)"],
  ],
  rights: [
    ["logits", "logits.softmax(1).index_put_([range(n), y], -1, { accumulate: true }).mul(1 / n)"],
    ["shifted", "dlogp.sub(shifted.softmax(1).mul(dlogp.sum(1, { keepdim: true })))"],
    ["b", "da2.add(da3).add(de1).sum(0)"],
  ],
  mistakes: [
    { row: "picked", code: "full([n], -1, { dtype: 'float64' })", what: "1/n is forgotten", words: ["n|5"] },
    {
      row: "logp",
      code: "zeros_like(logp).index_put_([range(n), c3], dpicked)",
      what: "c3 in place of y",
      words: ["y"],
    },
    { row: "lse", code: "dlogp.sum(1, { keepdim: true })", what: "the sign", words: ["sign|neg|minus|−"] },
    { row: "lse", code: "dlogp.neg().mean(1, { keepdim: true })", what: "mean instead of sum", words: ["sum|mean|6"] },
    { row: "shifted", code: "dlogp.clone()", what: "the path through lse is forgotten", words: ["lse"] },
    {
      row: "shifted",
      code: "dlogp.add(dlse.mul(shifted.exp()))",
      what: "exp where softmax belongs: not divided by the sum",
      words: ["lse|sum|softmax|divide|logp"],
    },
    {
      row: "shifted",
      code: "dlogp.sub(dlse.mul(shifted.sub(lse).exp()))",
      what: "the sign of the second part",
      words: ["sign|add|−|subtract|sub"],
    },
    {
      row: "m",
      code: "shifted.sum(1, { keepdim: true }).neg()",
      what: "shifted in place of dshifted",
      words: ["dshifted"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(n), y], -1, { accumulate: true })",
      what: "1/n is forgotten",
      words: ["n|5"],
    },
    { row: "both", code: "dlogits.matmul(E).mul(both)", what: "a factor both that does not belong", words: ["both"] },
    {
      row: "E",
      code: "logits.T.matmul(both)",
      what: "logits in place of dlogits, in the first term",
      words: ["dlogits"],
    },
    { row: "s2", code: "dboth.mul(s2)", what: "s2 in place of s3, in the first term", words: ["s3"] },
    { row: "s2+", code: "ds2", what: "the path through a3 is forgotten", words: ["a3"] },
    { row: "s2+", code: "ds2.add_(da3.matmul(R))", what: "R is not transposed", words: ["R.T|transpose|.T"] },
    { row: "s2+", code: "da3.matmul(R.T)", what: "the first term is thrown away", words: ["both|dboth"] },
    { row: "R", code: "s3.T.matmul(da3)", what: "s3 in place of s2, in the first term", words: ["s2"] },
    { row: "R+", code: "dR.add_(s1.T.matmul(da3))", what: "da3 in place of da2", words: ["da2"] },
    { row: "R+", code: "dR.add_(e2.T.matmul(da2))", what: "e2 in place of s1", words: ["s1"] },
    { row: "a2", code: "ds2.mul(sub(1, a2.pow(2)))", what: "a2 in place of s2", words: ["s2"] },
    { row: "a2", code: "ds2.mul(sub(1, s2.pow(2))).mul(s2)", what: "a factor s2 too many", words: ["s2"] },
    { row: "s1", code: "da2.matmul(R)", what: "R is not transposed", words: ["R.T|transpose|.T"] },
    {
      row: "s1",
      code: "da2.matmul(R.T).add(da3.matmul(R.T))",
      what: "a3 does not read s1: a part too many",
      words: ["da3"],
    },
    {
      row: "e1",
      code: "ds1.clone()",
      what: "tanh's derivative is forgotten",
      words: ["s1.pow(2)|s1²|tanh|derivative"],
    },
    { row: "start", code: "de1.sum(0)", what: "keepdim is forgotten", words: ["keepdim|(1, 4)|shape"] },
    { row: "b", code: "da2.sum(0).add(da3.sum(0))", what: "the first step's part is forgotten", words: ["s1|de1|e1"] },
    { row: "b", code: "de1.sum(0).add(da2.sum(0)).add(da2.sum(0))", what: "da2 twice, da3 never", words: ["da3"] },
    {
      row: "E+",
      code: "dE.index_add_(0, c1, de1).index_add_(0, c2, de2)",
      what: "the third character's part is forgotten",
      words: ["e3"],
    },
    {
      row: "E+",
      code: "dE.index_add_(0, c1, de1).index_add_(0, c2, de2).index_add_(0, c2, de3)",
      what: "c2 in place of c3",
      words: ["c3"],
    },
    {
      row: "E+",
      code: "zeros_like(E).index_add_(0, c1, de1).index_add_(0, c2, de2).index_add_(0, c3, de3)",
      what: "the output layer's term is thrown away",
      words: ["logits|dlogits|first"],
    },
    {
      row: "E+",
      code: "dE.index_add_(0, c2, de1).index_add_(0, c1, de2).index_add_(0, c3, de3)",
      what: "c1 and c2 exchanged",
      words: ["c1|c2"],
    },
  ],
};
