// The four exercises as a learner has them in front of them, as data: the forward pass, and the code of each gradient,
// which a test replaces by another learner's.
import { xb as contexts, yb as targets } from "../../data/minibatch.ts";
import { Check, type Row } from "../../lib/check/check.ts";
import { type Forward, run, type Tensors } from "../../lib/check/graph.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import { explain } from "../../lib/check/judge.ts";
import { listen, unheard } from "../../lib/tensor/recording.ts";
import { Generator } from "../../lib/random/generator.ts";
import { cross_entropy, one_hot, sub } from "../../lib/tensor/functional.ts";
import { sameShape } from "../../lib/tensor/shape.ts";
import { full, ones, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { Tensor } from "../../lib/tensor/tensor.ts";

/** The code of gradients in the order in which they are written; a `+` marks a second term. */
export type Code = readonly (readonly [name: string, code: string])[];

/** An exercise. */
export interface Lesson {
  forward: Forward;
  leaves: Tensors;
  code: Code;
  /** Gradients that are there already, and are not checked: `given(h)` is the right one of h. */
  before: Code;
  /** Sizes by the names that the code has for them, besides the lecture's. */
  constants?: Record<string, number>;
}

const n = 32;

/** Drawn as the exercises draw them; exercise 4 draws bnbias for its check, which is zero in the others. */
function parameters(hidden: number, bias = 0) {
  const g = new Generator(2147483647), wide = (t: Tensor) => t.to("float64");
  return {
    C: wide(g.randn([27, 10])),
    w1: wide(g.randn([30, hidden]).mul(5 / 3).div(30 ** 0.5)),
    b1: wide(g.randn([hidden]).mul(0.1)),
    w2: wide(g.randn([hidden, 27]).mul(0.1)),
    b2: wide(g.randn([27]).mul(0.1)),
    bngain: wide(ones([1, hidden]).mul(0.1).add(1)),
    bnbias: wide(g.randn([1, hidden]).mul(bias)),
    xb: tensor(contexts, { shape: [n, 3], dtype: "int32" }),
    yb: tensor(targets, { dtype: "int32" }),
  };
}

const embedding: Forward = {
  emb: ({ C, xb }) => C.at(xb),
  embcat: ({ emb }) => emb.view(n, -1),
  hprebn: ({ embcat, w1, b1 }) => embcat.matmul(w1).add(b1),
};

/** Every atom of the forward pass, and its 26 gradients. */
export const exercise1 = (hidden = 64): Lesson => ({
  forward: {
    ...embedding,
    bnmeani: ({ hprebn }) => hprebn.sum(0, { keepdim: true }).mul(1 / n),
    bndiff: ({ hprebn, bnmeani }) => hprebn.sub(bnmeani),
    bndiff2: ({ bndiff }) => bndiff.pow(2),
    bnvar: ({ bndiff2 }) => bndiff2.sum(0, { keepdim: true }).mul(1 / (n - 1)),
    bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5),
    bnraw: ({ bndiff, bnvar_inv }) => bndiff.mul(bnvar_inv),
    hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias),
    h: ({ hpreact }) => hpreact.tanh(),
    logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2),
    logit_maxes: ({ logits }) => logits.max(1, { keepdim: true }).values,
    norm_logits: ({ logits, logit_maxes }) => logits.sub(logit_maxes),
    counts: ({ norm_logits }) => norm_logits.exp(),
    counts_sum: ({ counts }) => counts.sum(1, { keepdim: true }),
    counts_sum_inv: ({ counts_sum }) => counts_sum.pow(-1),
    probs: ({ counts, counts_sum_inv }) => counts.mul(counts_sum_inv),
    logprobs: ({ probs }) => probs.log(),
    loss: ({ logprobs, yb }) => logprobs.at(range(n), yb).mean().neg(),
  },
  leaves: parameters(hidden),
  before: [],
  code: [
    ["logprobs", "zeros_like(logprobs).index_put_([range(n), yb], -1 / n)"],
    ["probs", "dlogprobs.div(probs)"],
    ["counts_sum_inv", "counts.mul(dprobs).sum(1, { keepdim: true })"],
    ["counts", "counts_sum_inv.mul(dprobs)"],
    ["counts_sum", "counts_sum.pow(-2).neg().mul(dcounts_sum_inv)"],
    ["counts+", "dcounts.add_(ones_like(counts).mul(dcounts_sum))"],
    ["norm_logits", "counts.mul(dcounts)"],
    ["logits", "dnorm_logits.clone()"],
    ["logit_maxes", "dnorm_logits.neg().sum(1, { keepdim: true })"],
    ["logits+", "dlogits.add_(one_hot(logits.argmax(1), vocab_size).mul(dlogit_maxes))"],
    ["h", "dlogits.matmul(w2.T)"],
    ["w2", "h.T.matmul(dlogits)"],
    ["b2", "dlogits.sum(0)"],
    ["hpreact", "sub(1, h.pow(2)).mul(dh)"],
    ["bngain", "bnraw.mul(dhpreact).sum(0, { keepdim: true })"],
    ["bnbias", "dhpreact.sum(0, { keepdim: true })"],
    ["bnraw", "bngain.mul(dhpreact)"],
    ["bndiff", "bnvar_inv.mul(dbnraw)"],
    ["bnvar_inv", "bndiff.mul(dbnraw).sum(0, { keepdim: true })"],
    ["bnvar", "bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv)"],
    ["bndiff2", "ones_like(bndiff2).mul(1 / (n - 1)).mul(dbnvar)"],
    ["bndiff+", "dbndiff.add_(bndiff.mul(2).mul(dbndiff2))"],
    ["bnmeani", "dbndiff.neg().sum(0, { keepdim: true })"],
    ["hprebn", "dbndiff.clone()"],
    ["hprebn+", "dhprebn.add_(ones_like(hprebn).mul(1 / n).mul(dbnmeani))"],
    ["embcat", "dhprebn.matmul(w1.T)"],
    ["w1", "embcat.T.matmul(dhprebn)"],
    ["b1", "dhprebn.sum(0)"],
    ["emb", "dembcat.view(...emb.shape)"],
    ["C", "zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd))"],
  ],
});

/** Cross-entropy in one go. */
export const exercise2 = (hidden = 64): Lesson => ({
  forward: {
    hprebn: ({ C, xb, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1),
    bnraw: ({ hprebn }) => hprebn.sub(hprebn.mean(0)).div(hprebn.var(0).add(1e-5).sqrt()),
    h: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias).tanh(),
    logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2),
    loss: ({ logits, yb }) => logits.softmax(1).at(range(n), yb).log().mean().neg(),
  },
  leaves: parameters(hidden),
  before: [],
  code: [["logits", "logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div(n)"]],
});

const oneGo: Forward = {
  ...embedding,
  bnmean: ({ hprebn }) => hprebn.mean(0, { keepdim: true }),
  bnvar: ({ hprebn }) => hprebn.var(0, { keepdim: true }),
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5),
  bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul(bnvar_inv),
  hpreact: ({ bngain, bnraw, bnbias }) => bnbias.addcmul(bngain, bnraw),
  h: ({ hpreact }) => hpreact.tanh(),
  logits: ({ h, w2, b2 }) => b2.addmm(h, w2),
  loss: ({ logits, yb }) => cross_entropy(logits, yb),
};

const DLOGITS = "logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n)";
const DHPREBN = "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(" +
  "bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))";

/** Batchnorm in one go. */
export const exercise3 = (hidden = 64): Lesson => ({
  forward: oneGo,
  leaves: parameters(hidden),
  before: [["logits", DLOGITS], ["h", "dlogits.matmul(w2.T)"], ["hpreact", "sub(1, h.pow(2)).mul(dh)"]],
  code: [["hprebn", DHPREBN]],
});

/** The whole backward pass. */
export const exercise4 = (hidden = 64): Lesson => ({
  forward: oneGo,
  leaves: parameters(hidden, 0.1),
  before: [],
  code: [
    ["logits", DLOGITS],
    ["h", "dlogits.matmul(w2.T)"],
    ["w2", "h.T.matmul(dlogits)"],
    ["b2", "dlogits.sum(0)"],
    ["hpreact", "sub(1, h.pow(2)).mul(dh)"],
    ["bngain", "bnraw.mul(dhpreact).sum(0, { keepdim: true })"],
    ["bnbias", "dhpreact.sum(0, { keepdim: true })"],
    [
      "hprebn",
      "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    ],
    ["embcat", "dhprebn.matmul(w1.T)"],
    ["w1", "embcat.T.matmul(dhprebn)"],
    ["b1", "dhprebn.sum(0)"],
    ["emb", "dembcat.view(...emb.shape)"],
    ["C", "zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd))"],
  ],
});

/** An exercise with its check, to be worked through again and again. */
export class Course {
  readonly lesson: Lesson;
  readonly check: Check;
  readonly tensors: Tensors;
  readonly rows: Row[];

  constructor(lesson: Lesson) {
    this.lesson = lesson;
    this.check = new Check(lesson.forward, lesson.leaves);
    this.tensors = run(lesson.forward, lesson.leaves);
    this.rows = [];
    this.rows = this.play({});
  }

  /**
   * The rows of a learner who writes `changes` for some of the pieces; up to the row `until`. Verdicts are taken from the
   * right gradients that the check works out, which is faster than a difference for each element, and rows above the
   * first change are those of `{}`.
   */
  play(changes: Record<string, string>, until?: string): Row[] {
    const { lesson, tensors, check } = this, own: Tensors = {};
    for (const [name, t] of Object.entries(tensors)) own[name] = t.clone();
    const written = lesson.code.map(([name, code]) => [name, changes[name] ?? code] as const);
    const last = new Map(written.map(([name], i) => [name.replace("+", ""), i]));
    const first = written.findIndex(([name]) => name in changes);
    const known = this.rows.slice(0, [...last.values()].filter((i) => i < first).length);
    const body = [...lesson.before, ...written].map(([name, code], k) => {
      const plain = name.replace("+", ""), i = k - lesson.before.length;
      const line = name.endsWith("+") ? `${code};` : `let d${plain} = (${code});`;
      const row = i >= 0 && last.get(plain) === i ? ` if (cmp("${plain}", d${plain})) return;` : "";
      return line + (i < 0 ? ` named("${plain}", d${plain});` : row);
    }).join("\n");
    const given = (t: Tensor) => check.right(Object.keys(own).find((name) => own[name] === t)!);
    const library = { full, ones, ones_like, range, tensor, zeros, zeros_like, one_hot, sub, Tensor, given };
    const names = { ...library, n, batch_size: n, vocab_size: 27, n_embd: 10, ...lesson.constants, ...own };
    const rows: Row[] = [], explainer = new Explainer(check, own);
    const cmp = (name: string, given: unknown) =>
      unheard(() => {
        rows.push(known[rows.length] ?? explain(check, this.verdict(name, given), rows, given, explainer));
        explainer.name(name, given);
        return name === until;
      });
    const before = listen(explainer.listener);
    try {
      const named = (name: string, given: unknown) => explainer.name(name, given);
      new Function(...Object.keys(names), "cmp", "named", body)(...Object.values(names), cmp, named);
    } catch (error) {
      if (until !== undefined && !rows.some(({ name }) => name === until)) throw error;
    } finally {
      listen(before);
    }
    return rows;
  }

  /** The verdict on a row, from the right numbers. */
  verdict(name: string, given: unknown): Row {
    const { shape } = this.check.values[name];
    if (!(given instanceof Tensor) || !sameShape(given.shape, shape)) return this.check.row(name, given);
    const numbers = given.toArray(), right = this.check.rightNumbers(name);
    const maxdiff = numbers.reduce((most, x, i) => Math.max(most, Math.abs(x - right[i])), 0);
    const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const wrong = numbers.some((x, i) =>
      !(Math.abs(x - right[i]) <= 1e-12 + 1e-5 * (Math.abs(right[i]) + 1e-3 * largest))
    );
    return { name, shape, status: wrong ? "wrong" : "ok", maxdiff, given: given.clone() };
  }
}

/** Numbers without rhyme or reason, the same for the same seed. */
export function noise(n: number, seed: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return x - Math.floor(x) - 0.5;
  });
}
