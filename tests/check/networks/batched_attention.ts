// One causal head on a batch, (B, T, C), with a mask of −Infinity, and an output layer on top; sums over two dimensions.
import { Generator } from "../../../lib/random/generator.ts";
import { ones, range, tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const B = 2, T = 3, C = 5, H = 4, V = 6;

export const batchedAttention: Network = {
  name: "causal attention on a batch",
  constants: { B, T, C, H, V },
  forward: {
    x: ({ E, P, tokens }) => E.at(tokens).add(P), // (2, 3, 5)
    q: ({ x, Wq }) => x.matmul(Wq), // (2, 3, 4)
    k: ({ x, Wk }) => x.matmul(Wk),
    v: ({ x, Wv }) => x.matmul(Wv),
    wei: ({ q, k }) => q.matmul(k.transpose(1, 2)).div(Math.sqrt(H)), // (2, 3, 3)
    att: ({ wei, tri }) => wei.masked_fill(tri.eq(0), -Infinity).softmax(2),
    out: ({ att, v }) => att.matmul(v), // (2, 3, 4)
    y: ({ out, Wo, bo, x }) => out.matmul(Wo).add(bo).add(x), // (2, 3, 5)
    logits: ({ y, Wv2 }) => y.view(B * T, C).matmul(Wv2), // (6, 6)
    probs: ({ logits }) => logits.softmax(1),
    loss: ({ probs, next }) => probs.at(range(B * T), next).log().mean().neg(),
  },
  leaves: () => {
    const g = new Generator(25);
    return {
      E: g.randn([V, C]).double(),
      P: g.randn([T, C]).double(),
      Wq: g.randn([C, H]).double().mul(0.6),
      Wk: g.randn([C, H]).double().mul(0.6),
      Wv: g.randn([C, H]).double().mul(0.6),
      Wo: g.randn([H, C]).double().mul(0.6),
      bo: g.randn([C]).double(),
      Wv2: g.randn([C, V]).double().mul(0.6),
      tri: ones([T, T], { dtype: "float64" }).tril().int(),
      tokens: tensor([[0, 4, 4], [2, 0, 5]], { dtype: "int32" }),
      next: tensor([4, 4, 1, 0, 5, 3], { dtype: "int32" }),
    };
  },
  code: [
    [
      "probs",
      "zeros_like(probs).index_put_([range(B * T), next], probs.at(range(B * T), next).pow(-1).mul(-1 / (B * T)))",
    ],
    ["logits", "probs.mul(dprobs.sub(probs.mul(dprobs).sum(1, { keepdim: true })))"],
    ["y", "dlogits.matmul(Wv2.T).view(B, T, C)"],
    ["Wv2", "y.view(-1, C).T.matmul(dlogits)"],
    ["out", "dy.matmul(Wo.T)"],
    ["Wo", "out.transpose(1, 2).matmul(dy).sum(0)"],
    ["bo", "dy.sum([0, 1])"],
    ["x", "dy.clone()"],
    ["att", "dout.matmul(v.transpose(1, 2))"],
    ["v", "att.transpose(1, 2).matmul(dout)"],
    ["wei", "att.mul(datt.sub(att.mul(datt).sum(2, { keepdim: true })))"],
    ["q", "dwei.matmul(k).div(Math.sqrt(H))"],
    ["k", "dwei.transpose(1, 2).matmul(q).div(Math.sqrt(H))"],
    ["Wq", "x.view(-1, C).T.matmul(dq.view(-1, H))"],
    ["Wk", "x.view(-1, C).T.matmul(dk.view(-1, H))"],
    ["Wv", "x.view(-1, C).T.matmul(dv.view(-1, H))"],
    ["x+", "dx.add_(dq.matmul(Wq.T)).add_(dk.matmul(Wk.T)).add_(dv.matmul(Wv.T))"],
    ["E", "zeros_like(E).index_add_(0, tokens.flatten(), dx.view(-1, C))"],
    ["P", "dx.sum(0)"],
  ],
  rights: [
    ["Wo", "out.view(B * T, H).T.matmul(dy.view(B * T, C))"],
    ["wei", "datt.mul(att).sub(att.mul(dout.mul(out).sum(2, { keepdim: true })))"],
    ["logits", "probs.sub(one_hot(next, V)).div(B * T)"],
  ],
  mistakes: [
    {
      row: "probs",
      code: "zeros_like(probs).index_put_([range(B * T), next], probs.at(range(B * T), next).pow(-1).mul(-1 / B))",
      what: "1/B where 1/(B·T) belongs",
      words: ["3|T"],
    },
    {
      row: "probs",
      code: "zeros_like(probs).index_put_([range(B * T), next], -1 / (B * T))",
      what: "the logarithm's 1/probs is forgotten",
      words: ["probs|log|ln"],
    },
    {
      row: "logits",
      code: "probs.mul(dprobs.sub(probs.mul(dprobs).sum(0, { keepdim: true })))",
      what: "summed over the wrong dimension",
      words: ["dim|1"],
    },
    { row: "logits", code: "probs.mul(dprobs)", what: "the second part is forgotten", words: ["sum|dprobs|term"] },
    { row: "out", code: "dy.matmul(Wo.T).mul(out)", what: "a factor out that does not belong", words: ["out"] },
    {
      row: "Wo",
      code: "out.transpose(1, 2).matmul(dy).mean(0)",
      what: "mean over the batch instead of sum",
      words: ["sum|mean|2"],
    },
    {
      row: "Wo",
      code: "out.transpose(1, 2).matmul(dy).at(0)",
      what: "the first example of the batch only",
      words: ["first|sum|batch|0"],
    },
    { row: "bo", code: "dy.sum(0).mean(0)", what: "mean over the positions instead of sum", words: ["sum|mean|3"] },
    { row: "bo", code: "dy.sum(0)", what: "summed over the batch only: the shape", words: ["(5)|shape|sum|dim"] },
    { row: "att", code: "dout.matmul(k.transpose(1, 2))", what: "k in place of v", words: ["v"] },
    {
      row: "att",
      code: "dout.matmul(v.transpose(1, 2)).mul(tri)",
      what: "the mask applied a line too early",
      words: ["tri|mask"],
    },
    {
      row: "v",
      code: "att.matmul(dout)",
      what: "att is not transposed, which fits as it is square",
      words: ["transpose|att"],
    },
    {
      row: "v",
      code: "wei.softmax(2).transpose(1, 2).matmul(dout)",
      what: "the mask is forgotten",
      words: ["mask|att|masked_fill|tri"],
    },
    {
      row: "wei",
      code: "att.mul(datt.sub(att.mul(datt).sum(1, { keepdim: true })))",
      what: "summed over the wrong dimension",
      words: ["dim|2"],
    },
    {
      row: "wei",
      code: "att.mul(datt.sub(att.mul(datt).sum(2, { keepdim: true }))).div(Math.sqrt(H))",
      what: "1/√H a line too early",
      words: ["√|H|0.5|2|half"],
    },
    {
      row: "wei",
      code: "att.mul(datt.sub(datt.mul(datt).sum(2, { keepdim: true })))",
      what: "datt in place of att in the sum",
      words: ["att"],
    },
    {
      row: "wei",
      code: "wei.softmax(2).mul(datt.sub(wei.softmax(2).mul(datt).sum(2, { keepdim: true })))",
      what: "the mask is forgotten",
      words: ["mask|att|masked_fill|tri"],
    },
    { row: "q", code: "dwei.matmul(k)", what: "1/√H is forgotten", words: ["√|H|0.5|2|half|twice"] },
    {
      row: "q",
      code: "dwei.matmul(k).mul(Math.sqrt(H))",
      what: "multiplied by √H instead of divided",
      words: ["√|H|4|divide|0.5"],
    },
    {
      row: "q",
      code: "dwei.transpose(1, 2).matmul(k).div(Math.sqrt(H))",
      what: "dwei transposed",
      words: ["transpose|dwei"],
      never: ["stands where −1"],
    },
    { row: "k", code: "dwei.matmul(q).div(Math.sqrt(H))", what: "dwei is not transposed", words: ["transpose|dwei"] },
    {
      row: "k",
      code: "wei.transpose(1, 2).matmul(q).div(Math.sqrt(H))",
      what: "wei in place of dwei",
      words: ["dwei"],
    },
    { row: "Wk", code: "x.view(-1, C).T.matmul(dq.view(-1, H))", what: "dq in place of dk", words: ["dk"] },
    { row: "Wv", code: "y.view(-1, C).T.matmul(dv.view(-1, H))", what: "y in place of x", words: ["x"] },
    {
      row: "Wq",
      code: "x.view(-1, C).T.matmul(dq.view(-1, H)).div(B)",
      what: "a mean over the batch",
      words: ["2|B|half"],
    },
    { row: "x", code: "zeros_like(x)", what: "the residual's part is forgotten", words: ["y|dy"] },
    {
      row: "x+",
      code: "dx.add_(dq.matmul(Wq.T)).add_(dk.matmul(Wk.T))",
      what: "the path through v is forgotten",
      words: ["v|dv"],
    },
    {
      row: "x+",
      code: "dx.add_(dq.matmul(Wq.T)).add_(dk.matmul(Wq.T)).add_(dv.matmul(Wv.T))",
      what: "Wq in place of Wk",
      words: ["Wk"],
    },
    {
      row: "E",
      code: "zeros_like(E).index_add_(0, tokens.T.flatten(), dx.view(-1, C))",
      what: "the tokens in another order than the rows",
      words: ["order|transpose|.T|tokens"],
    },
    {
      row: "E",
      code: "zeros_like(E).index_add_(0, next, dx.view(-1, C))",
      what: "next in place of tokens",
      words: ["tokens"],
    },
    {
      row: "P",
      code: "dx.sum(1)",
      what: "summed over the positions instead of the batch",
      words: ["dim|0|(3, 5)|shape"],
    },
    { row: "P", code: "dx.at(0)", what: "the first example only", words: ["sum|first"] },
  ],
};
