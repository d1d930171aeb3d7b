// A bag of words: embeddings weighted by position, their mean, a linear layer and cross-entropy in one line.
// Words come more than once, within a bag and in several, so that rows of the table collect several gradients.
import { Generator } from "../../../lib/random/generator.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import { cross_entropy } from "../../../lib/tensor/functional.ts";
import type { Network } from "./network.ts";

const B = 4, T = 3, D = 5, vocabulary = 7, classes = 6;

export const embeddingBag: Network = {
  name: "embedding bag with a mean",
  constants: { B, T, D, vocabulary, classes },
  forward: {
    emb: ({ table, words }) => table.at(words), // (4, 3, 5)
    weighted: ({ emb, position }) => emb.mul(position), // position (3, 1)
    bag: ({ weighted }) => weighted.mean(1), // (4, 5)
    hidden: ({ bag, shift }) => bag.add(shift).tanh(),
    logits: ({ hidden, W, b }) => hidden.matmul(W).add(b), // (4, 6)
    loss: ({ logits, labels }) => cross_entropy(logits, labels),
  },
  leaves: () => {
    const g = new Generator(14);
    return {
      table: g.randn([vocabulary, D]).double(),
      position: g.randn([T, 1]).double().mul(0.3).add(1),
      shift: g.randn([B, 1]).double().mul(0.5),
      W: g.randn([D, classes]).double(),
      b: g.randn([classes]).double(),
      words: tensor([0, 3, 3, 6, 1, 3, 2, 6, 0, 4, 1, 4], { shape: [B, T], dtype: "int32" }),
      labels: tensor([2, 5, 0, 2], { dtype: "int32" }),
    };
  },
  code: [
    ["logits", "logits.softmax(1).index_put_([range(B), labels], -1, { accumulate: true }).div(B)"],
    ["hidden", "dlogits.matmul(W.T)"],
    ["W", "hidden.T.matmul(dlogits)"],
    ["b", "dlogits.sum(0)"],
    ["bag", "sub(1, hidden.pow(2)).mul(dhidden)"],
    ["shift", "dbag.sum(1, { keepdim: true })"],
    ["weighted", "dbag.unsqueeze(1).expand(B, T, D).div(T)"],
    ["emb", "dweighted.mul(position)"],
    ["position", "dweighted.mul(emb).sum([0, 2]).view(T, 1)"],
    ["table", "zeros_like(table).index_add_(0, words.flatten(), demb.view(B * T, D))"],
  ],
  rights: [
    ["weighted", "zeros_like(weighted).add(dbag.mul(1 / T).view(B, 1, D))"],
    ["table", "range(T).reduce((sum, t) => sum.index_add_(0, words.at(':', t), demb.at(':', t)), zeros_like(table))"],
  ],
  mistakes: [
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(B), labels], -1, { accumulate: true })",
      what: "1/B is forgotten",
      words: ["B|4|n"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(B), labels], -1).div(B)",
      what: "set to −1 instead of 1 taken off",
      words: ["target|accumulate|set|−1"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(B), labels], 1, { accumulate: true }).div(B)",
      what: "1 is added instead of taken off",
      words: ["sign|−1|target|add"],
    },
    {
      row: "logits",
      code: "logits.softmax(0).index_put_([range(B), labels], -1, { accumulate: true }).div(B)",
      what: "softmax along the examples",
      words: ["softmax|dim|row|column"],
    },
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(B), labels.at([1, 2, 3, 0])], -1, { accumulate: true }).div(B)",
      what: "the labels moved by one example",
      words: ["label|labels|target"],
    },
    {
      row: "logits",
      code: "logits.exp().index_put_([range(B), labels], -1, { accumulate: true }).div(B)",
      what: "exp instead of softmax: not divided by the row's sum",
      words: ["softmax|log_softmax|sum|divide"],
    },
    {
      row: "hidden",
      code: "dlogits.matmul(W.T).div(classes)",
      what: "divided by the classes",
      words: ["6|classes|divide"],
    },
    {
      row: "hidden",
      code: "dlogits.sub(b).matmul(W.T)",
      what: "b taken off, as if to undo the forward line",
      words: ["b"],
    },
    { row: "b", code: "dlogits.sum(0).sub(b)", what: "b is taken off", words: ["b"] },
    { row: "W", code: "bag.T.matmul(dlogits)", what: "bag in place of hidden", words: ["hidden"] },
    {
      row: "bag",
      code: "sub(1, bag.tanh().pow(2)).mul(dhidden)",
      what: "the shift is forgotten inside the tanh",
      words: ["hidden|shift"],
    },
    {
      row: "bag",
      code: "sub(1, hidden).pow(2).mul(dhidden)",
      what: "(1 − hidden)² where 1 − hidden² belongs",
      words: ["hidden²|hidden.pow(2)|hidden"],
    },
    {
      row: "bag",
      code: "dhidden.clone()",
      what: "tanh's derivative is forgotten",
      words: ["tanh|1 − hidden²|hidden.pow(2)"],
    },
    {
      row: "shift",
      code: "dhidden.sum(1, { keepdim: true })",
      what: "dhidden in place of dbag",
      words: ["dbag|dhidden|hidden"],
    },
    { row: "shift", code: "dbag.sum(1)", what: "keepdim is forgotten", words: ["keepdim|(4, 1)"] },
    { row: "shift", code: "dbag.mean(1, { keepdim: true })", what: "mean instead of sum", words: ["sum|mean|5"] },
    {
      row: "weighted",
      code: "dbag.unsqueeze(1).expand(B, T, D)",
      what: "the mean's 1/T is forgotten",
      words: ["T|3|mean"],
    },
    { row: "weighted", code: "dbag.unsqueeze(1).expand(B, T, D).div(B)", what: "B in place of T", words: ["T|3"] },
    { row: "weighted", code: "bag.unsqueeze(1).expand(B, T, D).div(T)", what: "bag in place of dbag", words: ["dbag"] },
    {
      row: "emb",
      code: "dweighted.mul(position.sum())",
      what: "position's sum in place of position",
      words: ["position"],
    },
    { row: "emb", code: "dweighted.div(position)", what: "divided instead of multiplied", words: ["position"] },
    { row: "emb", code: "dweighted.clone()", what: "position is forgotten", words: ["position"] },
    {
      row: "position",
      code: "dweighted.mul(weighted).sum([0, 2]).view(T, 1)",
      what: "weighted in place of emb",
      words: ["emb"],
    },
    { row: "position", code: "dweighted.sum([0, 2]).view(T, 1)", what: "the factor emb is forgotten", words: ["emb"] },
    {
      row: "position",
      code: "dweighted.mul(emb).mean(0).sum(1).view(T, 1)",
      what: "mean over the bags instead of sum",
      words: ["sum|mean|4"],
    },
    {
      row: "table",
      code: "zeros_like(table).index_add_(0, words.flatten(), dweighted.view(B * T, D))",
      what: "dweighted in place of demb",
      words: ["demb"],
    },
    {
      row: "table",
      code: "zeros_like(table).index_add_(0, words.at(':', 0), demb.at(':', 0))",
      what: "only the first word of each bag",
      words: ["first|only|part|words"],
    },
    {
      row: "table",
      code:
        "range(D).reduce((t, d) => t.index_put_([words.flatten(), full([B * T], d).int()], demb.view(B * T, D).at(':', d)), zeros_like(table))",
      what: "a word that comes again overwrites",
      words: ["overwrit|added|add|accumulate"],
    },
    {
      row: "table",
      code: "ones_like(table).index_add_(0, words.flatten(), demb.view(B * T, D))",
      what: "started from ones instead of zeros",
      words: ["1|ones|zeros"],
    },
    {
      row: "table",
      code: "table.clone().index_add_(0, words.flatten(), demb.view(B * T, D))",
      what: "started from the table instead of zeros",
      words: ["table|zeros"],
    },
    {
      row: "table",
      code: "zeros_like(table).index_add_(0, words.flatten(), demb.transpose(0, 1).reshape(B * T, D))",
      what: "the rows in another order than the words",
      words: ["order|transpose|row|exchanged"],
      never: ["0 stands where 1"],
    },
  ],
};
