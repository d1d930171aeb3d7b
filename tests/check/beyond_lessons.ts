// The two exercises beyond the lecture as data, in the form of lesson.ts's four: their forward passes, and the code of each
// gradient. The sizes differ from each other wherever a mistake could hide in two that are the same.
import { xb as contexts, yb as targets } from "../../data/minibatch.ts";
import { Generator } from "../../lib/random/generator.ts";
import { cross_entropy, tril } from "../../lib/tensor/functional.ts";
import { ones, tensor } from "../../lib/tensor/creation.ts";
import type { Lesson } from "./lesson.ts";

const n = 32, T = 8, head_size = 6;
const seed = 2147483647;

/** LayerNorm in atoms; dhpreact is given. */
export const layernorm = (m = 64): Lesson => {
  const g = new Generator(seed);
  return {
    forward: {
      hpreln: ({ C, xb, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1),
      lnmeani: ({ hpreln }) => hpreln.sum(1, { keepdim: true }).mul(1 / m),
      lndiff: ({ hpreln, lnmeani }) => hpreln.sub(lnmeani),
      lndiff2: ({ lndiff }) => lndiff.pow(2),
      lnvar: ({ lndiff2 }) => lndiff2.sum(1, { keepdim: true }).mul(1 / m),
      lnvar_inv: ({ lnvar }) => lnvar.add(1e-5).pow(-0.5),
      lnraw: ({ lndiff, lnvar_inv }) => lndiff.mul(lnvar_inv),
      hpreact: ({ lngain, lnraw, lnbias }) => lngain.mul(lnraw).add(lnbias),
      h: ({ hpreact }) => hpreact.tanh(),
      logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2),
      loss: ({ logits, yb }) => cross_entropy(logits, yb),
    },
    leaves: {
      C: g.randn([27, 10]).double(),
      w1: g.randn([30, m]).mul(5 / 3).div(30 ** 0.5).double(),
      b1: g.randn([m]).mul(0.1).double(),
      w2: g.randn([m, 27]).mul(0.1).double(),
      b2: g.randn([27]).mul(0.1).double(),
      lngain: g.randn([m]).mul(0.1).add(1).double(),
      lnbias: g.randn([m]).mul(0.1).double(),
      xb: tensor(contexts, { shape: [n, 3], dtype: "int32" }),
      yb: tensor(targets, { dtype: "int32" }),
    },
    constants: { m },
    before: [["hpreact", "given(hpreact)"]],
    code: [
      ["lngain", "lnraw.mul(dhpreact).sum(0)"],
      ["lnbias", "dhpreact.sum(0)"],
      ["lnraw", "lngain.mul(dhpreact)"],
      ["lndiff", "lnvar_inv.mul(dlnraw)"],
      ["lnvar_inv", "lndiff.mul(dlnraw).sum(1, { keepdim: true })"],
      ["lnvar", "lnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dlnvar_inv)"],
      ["lndiff2", "ones_like(lndiff2).mul(1 / m).mul(dlnvar)"],
      ["lndiff+", "dlndiff.add_(lndiff.mul(2).mul(dlndiff2))"],
      ["lnmeani", "dlndiff.neg().sum(1, { keepdim: true })"],
      ["hpreln", "dlndiff.clone()"],
      ["hpreln+", "dhpreln.add_(ones_like(hpreln).mul(1 / m).mul(dlnmeani))"],
    ],
  };
};

/** LayerNorm in one go; dy is given. */
export const layernormInOneGo = (m = 64): Lesson => {
  const { forward, leaves } = layernorm(m), { lngain: gain, lnbias: bias, w2, b2, yb, ...first } = leaves;
  return {
    forward: {
      mean: ({ x }) => x.mean(-1, { keepdim: true }),
      variance: ({ x }) => x.var(-1, { keepdim: true, correction: 0 }),
      rstd: ({ variance }) => variance.add(1e-5).pow(-0.5),
      xhat: ({ x, mean, rstd }) => x.sub(mean).mul(rstd),
      y: ({ xhat, gain, bias }) => xhat.mul(gain).add(bias),
      h: ({ y }) => y.tanh(),
      logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2),
      loss: ({ logits, yb }) => cross_entropy(logits, yb),
    },
    leaves: { x: forward.hpreln(first), gain, bias, w2, b2, yb },
    constants: { m },
    before: [["y", "given(y)"], ["xhat", "dy.mul(gain)"]],
    code: [[
      "x",
      "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    ]],
  };
};

/** One causal head; dlogits is given. */
export const attention = (n_embd = 12): Lesson => {
  const g = new Generator(seed), names = ["isabella", "penelope", "victoria", "savannah"];
  const indicesOf = (texts: string[]) =>
    tensor(texts.map((text) => [...text].map((c) => ".abcdefghijklmnopqrstuvwxyz".indexOf(c))), { dtype: "int32" });
  return {
    forward: {
      x: ({ E, P, xb }) => E.at(xb).add(P),
      q: ({ x, Wq }) => x.matmul(Wq),
      k: ({ x, Wk }) => x.matmul(Wk),
      v: ({ x, Wv }) => x.matmul(Wv),
      wei: ({ q, k }) => q.matmul(k.transpose(1, 2)).mul(head_size ** -0.5),
      att: ({ wei, mask }) => wei.masked_fill(mask, -Infinity).softmax(2),
      out: ({ att, v }) => att.matmul(v),
      logits: ({ out, Wo, bo }) => out.matmul(Wo).add(bo),
      loss: ({ logits, yb }) => cross_entropy(logits.view(4 * T, 27), yb.flatten()),
    },
    leaves: {
      E: g.randn([27, n_embd]).double(),
      P: g.randn([T, n_embd]).double(),
      Wq: g.randn([n_embd, head_size]).mul(n_embd ** -0.5).double(),
      Wk: g.randn([n_embd, head_size]).mul(n_embd ** -0.5).double(),
      Wv: g.randn([n_embd, head_size]).mul(n_embd ** -0.5).double(),
      Wo: g.randn([head_size, 27]).mul(head_size ** -0.5).double(),
      bo: g.randn([27]).mul(0.1).double(),
      mask: tril(ones([T, T])).eq(0),
      xb: indicesOf(names.map((name) => "." + name.slice(0, -1))),
      yb: indicesOf(names),
    },
    constants: { head_size, T, n_embd },
    before: [["logits", "given(logits)"]],
    code: [
      ["out", "dlogits.matmul(Wo.T)"],
      ["Wo", "out.transpose(1, 2).matmul(dlogits).sum(0)"],
      ["bo", "dlogits.sum([0, 1])"],
      ["att", "dout.matmul(v.transpose(1, 2))"],
      ["v", "att.transpose(1, 2).matmul(dout)"],
      ["wei", "att.mul(datt.sub(att.mul(datt).sum(2, { keepdim: true })))"],
      ["q", "dwei.matmul(k).mul(head_size ** -0.5)"],
      ["k", "dwei.transpose(1, 2).matmul(q).mul(head_size ** -0.5)"],
      ["Wq", "x.transpose(1, 2).matmul(dq).sum(0)"],
      ["Wk", "x.transpose(1, 2).matmul(dk).sum(0)"],
      ["Wv", "x.transpose(1, 2).matmul(dv).sum(0)"],
      ["x", "dq.matmul(Wq.T).add(dk.matmul(Wk.T)).add(dv.matmul(Wv.T))"],
    ],
  };
};
