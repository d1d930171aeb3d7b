// A ReLU layer with dropout whose input is joined to its output, and the hinge loss over several classes.
import { Generator } from "../../../lib/random/generator.ts";
import { cat } from "../../../lib/tensor/functional.ts";
import { ones, range, tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const n = 5, D = 3, F = 4, classes = 6, p = 0.25;

/** 1 / (1 − p) where an element is kept, 0 where it is dropped. */
const kept = [1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0].map((keep) => keep / (1 - p));

export const hinge: Network = {
  name: "hinge loss over a dense block",
  constants: { n, D, F, classes, p },
  forward: {
    a: ({ x, W1, b1 }) => x.matmul(W1).add(b1), // (5, 4)
    r: ({ a }) => a.relu(),
    dropped: ({ r, kept }) => r.mul(kept),
    joined: ({ dropped, x }) => cat([dropped, x], 1), // (5, 7)
    scores: ({ joined, W2 }) => joined.matmul(W2), // (5, 6)
    correct: ({ scores, y }) => scores.at(range(n), y).unsqueeze(1), // (5, 1)
    margins: ({ scores, correct }) => scores.sub(correct).add(1), // (5, 6)
    hinges: ({ margins, y }) => margins.relu().mul(ones([n, classes]).index_put_([range(n), y], 0)),
    data: ({ hinges }) => hinges.sum(1).mean(),
    loss: ({ data, W2 }) => data.add(W2.pow(2).sum().mul(0.05)),
  },
  leaves: () => {
    const g = new Generator(24);
    return {
      x: g.randn([n, D]).double(),
      W1: g.randn([D, F]).double(),
      b1: g.randn([F]).double().mul(0.4).add(0.5),
      W2: g.randn([D + F, classes]).double().mul(0.7),
      kept: tensor(kept, { shape: [n, F], dtype: "float64" }),
      y: tensor([4, 0, 3, 3, 1], { dtype: "int32" }),
    };
  },
  code: [
    ["data", "ones_like(data)"],
    ["hinges", "ones_like(hinges).div(n)"],
    ["margins", "dhinges.mul(margins.gt(0)).index_put_([range(n), y], 0)"],
    ["scores", "dmargins.clone()"],
    ["correct", "dmargins.sum(1, { keepdim: true }).neg()"],
    ["scores+", "dscores.index_put_([range(n), y], dcorrect.flatten(), { accumulate: true })"],
    ["joined", "dscores.matmul(W2.T)"],
    ["W2", "joined.T.matmul(dscores).add(W2.mul(0.1))"],
    ["dropped", "djoined.narrow(1, 0, F)"],
    ["x", "djoined.narrow(1, F, D).clone()"],
    ["r", "ddropped.mul(kept)"],
    ["kept", "ddropped.mul(r)"],
    ["a", "dr.mul(a.gt(0))"],
    ["W1", "x.T.matmul(da)"],
    ["b1", "da.sum(0)"],
    ["x+", "dx.add_(da.matmul(W1.T))"],
  ],
  rights: [
    ["margins", "where(margins.gt(0), dhinges, 0).mul(sub(1, one_hot(y, classes).double()))"],
    ["a", "dr.masked_fill(a.le(0), 0)"],
    ["dropped", "djoined.at(':', '0:4')"],
  ],
  mistakes: [
    { row: "hinges", code: "ones_like(hinges)", what: "1/n is forgotten", words: ["n|5"] },
    {
      row: "hinges",
      code: "ones_like(hinges).div(n * classes)",
      what: "the mean is over the examples only",
      words: ["6|classes"],
    },
    {
      row: "margins",
      code: "dhinges.mul(margins.gt(0))",
      what: "the targets are not left out",
      words: ["y|target|targets|hinges"],
    },
    {
      row: "margins",
      code: "dhinges.clone().index_put_([range(n), y], 0)",
      what: "relu's mask is forgotten",
      words: ["margins|mask|relu|0"],
    },
    {
      row: "margins",
      code: "dhinges.mul(margins.lt(0)).index_put_([range(n), y], 0)",
      what: "the mask the wrong way round",
      words: ["margins|lt|gt|mask"],
      never: ["margins has the wrong sign"],
    },
    {
      row: "margins",
      code: "dhinges.mul(margins).index_put_([range(n), y], 0)",
      what: "margins where its mask belongs",
      words: ["margins|gt"],
    },
    {
      row: "margins",
      code: "dhinges.mul(margins.gt(1)).index_put_([range(n), y], 0)",
      what: "1 where 0 belongs in the mask: the margin counted twice",
      words: ["1|0|gt"],
    },
    {
      row: "margins",
      code: "dhinges.mul(scores.gt(0)).index_put_([range(n), y], 0)",
      what: "scores in place of margins",
      words: ["margins"],
    },
    { row: "correct", code: "dmargins.sum(1, { keepdim: true })", what: "the sign", words: ["sign|neg|minus|−"] },
    {
      row: "correct",
      code: "dmargins.mean(1, { keepdim: true }).neg()",
      what: "mean instead of sum",
      words: ["sum|mean|6"],
    },
    {
      row: "scores+",
      code: "dscores.index_put_([range(n), y], dcorrect.flatten().neg(), { accumulate: true })",
      what: "the sign of the second term",
      words: ["sign|neg|minus|−"],
    },
    { row: "scores+", code: "dscores", what: "the path through correct is forgotten", words: ["correct"] },
    {
      row: "scores+",
      code: "dscores.add_(dcorrect)",
      what: "every class gets what only the target should",
      words: ["target|targets|y|index_put_|only|broadcast"],
    },
    {
      row: "scores+",
      code: "dscores.index_put_([range(n), y.at([1, 2, 3, 4, 0])], dcorrect.flatten(), { accumulate: true })",
      what: "the targets moved by one example",
      words: ["y|target|targets|row|index"],
    },
    { row: "joined", code: "dscores.matmul(W2.T).div(n)", what: "divided by n once more", words: ["5|n"] },
    { row: "W2", code: "joined.T.matmul(dscores)", what: "the penalty is forgotten", words: ["loss|W2|penalty"] },
    {
      row: "W2",
      code: "joined.T.matmul(dscores).add(W2.mul(0.05))",
      what: "the 2 of the penalty's square is forgotten",
      words: ["2|half|0.1|0.05"],
    },
    {
      row: "dropped",
      code: "djoined.narrow(1, D, F)",
      what: "the columns from D on, not from 0",
      words: ["0|3|first|column|columns|narrow"],
    },
    {
      row: "dropped",
      code: "djoined.narrow(1, 0, F).mul(kept)",
      what: "the dropout's mask a line too early",
      words: ["kept"],
    },
    {
      row: "x",
      code: "djoined.narrow(1, D, D).clone()",
      what: "the columns from D on, not from F",
      words: ["3|4|F|first|column|columns|narrow"],
    },
    { row: "r", code: "ddropped.clone()", what: "the dropout's mask is forgotten", words: ["kept"] },
    { row: "r", code: "ddropped.mul(kept).mul(1 - p)", what: "the 1/(1 − p) is taken out again", words: ["0.75|p"] },
    { row: "r", code: "ddropped.mul(kept.gt(0))", what: "the mask without its 1/(1 − p)", words: ["kept|0.75|1.33"] },
    { row: "kept", code: "ddropped.mul(dropped)", what: "dropped in place of r", words: ["r"] },
    { row: "a", code: "dr.mul(a)", what: "a where its mask belongs", words: ["gt|mask|a|relu"] },
    {
      row: "a",
      code: "dr.mul(a.lt(0))",
      what: "the mask the wrong way round",
      words: ["lt|gt|mask|sign"],
      never: ["a has the wrong sign"],
    },
    { row: "a", code: "dr.clone()", what: "relu's mask is forgotten", words: ["relu|mask|gt|a"] },
    { row: "a", code: "ddropped.mul(a.gt(0))", what: "ddropped in place of dr", words: ["dr"] },
    { row: "b1", code: "dr.sum(0)", what: "dr in place of da", words: ["da"] },
    { row: "W1", code: "a.T.matmul(dx).T", what: "a and dx in place of x and da", words: [] },
    { row: "x+", code: "dx", what: "the path through the layer is forgotten", words: ["a|da"] },
    { row: "x+", code: "dx.add_(dr.matmul(W1.T))", what: "dr in place of da in the second term", words: ["da"] },
    { row: "x+", code: "da.matmul(W1.T)", what: "the joined copy of x is forgotten", words: ["joined|djoined|first"] },
  ],
};
