// Causal attention on one sequence, (T, C) to (T, H), with an additive mask of −1e9: softmax in one line.
// T, H and V are equal, so that a missing transpose fits.
import { Generator } from "../../../lib/random/generator.ts";
import { range, tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const T = 4, C = 3, H = 4, V = 4;

/** 0 where a position may look, −1e9 where it may not: everything after itself. */
const hidden = range(T).map((i) => range(T).map((j) => j <= i ? 0 : -1e9));

export const attention: Network = {
  name: "causal attention",
  constants: { T, C, H, V },
  forward: {
    q: ({ x, Wq }) => x.matmul(Wq), // (4, 4)
    k: ({ x, Wk }) => x.matmul(Wk),
    v: ({ x, Wv }) => x.matmul(Wv), // (4, 4)
    scores: ({ q, k }) => q.matmul(k.T).mul(H ** -0.5), // (4, 4)
    masked: ({ scores, mask }) => scores.add(mask),
    att: ({ masked }) => masked.softmax(1),
    out: ({ att, v }) => att.matmul(v), // (4, 4)
    logits: ({ out, Wo, bo }) => out.matmul(Wo).add(bo), // (4, 6)
    logp: ({ logits }) => logits.log_softmax(1),
    loss: ({ logp, next }) => logp.at(range(T), next).mean().neg(),
  },
  leaves: () => {
    const g = new Generator(17);
    return {
      x: g.randn([T, C]).double(),
      Wq: g.randn([C, H]).double(),
      Wk: g.randn([C, H]).double(),
      Wv: g.randn([C, V]).double(),
      Wo: g.randn([V, 6]).double(),
      bo: g.randn([6]).double(),
      mask: tensor(hidden, { dtype: "float64" }),
      next: tensor([3, 0, 5, 3], { dtype: "int32" }),
    };
  },
  code: [
    ["logits", "logits.softmax(1).index_put_([range(T), next], -1, { accumulate: true }).div(T)"],
    ["out", "dlogits.matmul(Wo.T)"],
    ["Wo", "out.T.matmul(dlogits)"],
    ["bo", "dlogits.sum(0)"],
    ["att", "dout.matmul(v.T)"],
    ["v", "att.T.matmul(dout)"],
    ["masked", "att.mul(datt.sub(datt.mul(att).sum(1, { keepdim: true })))"],
    ["scores", "dmasked.clone()"],
    ["q", "dscores.matmul(k).mul(H ** -0.5)"],
    ["k", "dscores.T.matmul(q).mul(H ** -0.5)"],
    ["x", "dq.matmul(Wq.T)"],
    ["Wq", "x.T.matmul(dq)"],
    ["x+", "dx.add_(dk.matmul(Wk.T)).add_(dv.matmul(Wv.T))"],
    ["Wk", "x.T.matmul(dk)"],
    ["Wv", "x.T.matmul(dv)"],
  ],
  rights: [
    ["masked", "datt.mul(att).sub(att.mul(att.mul(datt).sum(1, { keepdim: true })))"],
    ["k", "q.T.matmul(dscores).div(H ** 0.5).T"],
    ["masked", "att.mul(datt.sub(dout.mul(out).sum(1, { keepdim: true })))"],
  ],
  mistakes: [
    {
      row: "logits",
      code: "logits.softmax(1).index_put_([range(T), next], -1, { accumulate: true }).div(6)",
      what: "divided by the classes instead of the positions",
      words: ["T|4|1.5"],
    },
    { row: "att", code: "dout.matmul(v)", what: "v is not transposed", words: ["v.T|transpose|.T"] },
    { row: "att", code: "out.matmul(v.T)", what: "out in place of dout", words: ["dout"] },
    {
      row: "v",
      code: "att.matmul(dout)",
      what: "att is not transposed, which fits as it is square",
      words: ["att.T|transpose|.T"],
    },
    { row: "v", code: "scores.softmax(1).T.matmul(dout)", what: "the mask is forgotten", words: ["mask|att|masked"] },
    {
      row: "masked",
      code: "att.mul(datt.sub(datt.mul(att).sum(0, { keepdim: true })))",
      what: "summed over the wrong dimension",
      words: ["dim|1"],
    },
    {
      row: "masked",
      code: "att.mul(datt.sub(datt.sum(1, { keepdim: true })))",
      what: "the factor att in the sum is forgotten",
      words: ["att"],
    },
    { row: "masked", code: "att.mul(datt)", what: "the second part is forgotten", words: ["sum|term|datt"] },
    {
      row: "masked",
      code: "att.mul(datt.add(datt.mul(att).sum(1, { keepdim: true })))",
      what: "the sign of the second part",
      words: ["sign|sub|−|subtract"],
    },
    {
      row: "masked",
      code: "datt.sub(datt.mul(att).sum(1, { keepdim: true }))",
      what: "the factor att in front is forgotten",
      words: ["att"],
    },
    {
      row: "masked",
      code: "att.mul(sub(1, att)).mul(datt)",
      what: "only the diagonal of softmax's Jacobian, as a sigmoid's",
      words: [],
    },
    {
      row: "masked",
      code: "att.mul(datt.sub(datt.mul(att).mean(1, { keepdim: true })))",
      what: "mean instead of sum",
      words: ["sum|mean|4"],
    },
    {
      row: "masked",
      code: "scores.softmax(1).mul(datt.sub(datt.mul(scores.softmax(1)).sum(1, { keepdim: true })))",
      what: "the mask is forgotten",
      words: ["mask|att|masked"],
    },
    {
      row: "scores",
      code: "dmasked.mul(mask)",
      what: "multiplied by the mask, which was added",
      words: ["mask"],
    },
    {
      row: "scores",
      code: "dmasked.mul(H ** -0.5)",
      what: "1/√H a line too early",
      words: ["0.5|√|H"],
    },
    {
      row: "q",
      code: "dscores.matmul(k)",
      what: "1/√H is forgotten",
      words: ["0.5|√|H|half|twice|2 times"],
      never: ["A term is missing"],
    },
    { row: "q", code: "dscores.matmul(k).mul(1 / H)", what: "1/H where 1/√H belongs", words: ["0.5|√|H|half|twice"] },
    {
      row: "q",
      code: "dscores.T.matmul(k).mul(H ** -0.5)",
      what: "dscores transposed",
      words: ["dscores|transpose|.T"],
    },
    {
      row: "k",
      code: "dscores.matmul(q).mul(H ** -0.5)",
      what: "dscores is not transposed",
      words: ["dscores.T|transpose|.T"],
    },
    { row: "k", code: "dscores.T.matmul(k).mul(H ** -0.5)", what: "k in place of q", words: ["q"] },
    { row: "k", code: "dscores.T.matmul(dq).mul(H ** -0.5)", what: "dq in place of q", words: ["q"] },
    { row: "x+", code: "dx.add_(dk.matmul(Wk.T))", what: "the path through v is forgotten", words: ["v"] },
    { row: "x+", code: "dx.add_(dk.matmul(Wq.T)).add_(dv.matmul(Wv.T))", what: "Wq in place of Wk", words: ["Wk"] },
    { row: "x", code: "zeros_like(x)", what: "the path through q is forgotten", words: ["q"] },
    { row: "Wk", code: "x.T.matmul(dq)", what: "dq in place of dk", words: ["dk"] },
    { row: "Wv", code: "x.T.matmul(v)", what: "v in place of dv", words: ["dv"] },
    { row: "Wq", code: "q.matmul(x).T", what: "q for dq, and not transposed", words: ["dq", "transpose|.T|dq.T"] },
  ],
};
