// Slips with functions, their derivatives and masks, one each in a network of two or three lines, and what is said of them, word for word.
import { tensor } from "../../../lib/tensor/creation.ts";
import { sub, where } from "../../../lib/tensor/functional.ts";
import { HUBER, type Slip, WEIGHTS } from "./slip.ts";

const keepdim = { keepdim: true };

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "the gradient from above forgotten in one branch of a choice",
    { y: ({ a }) => where(a.gt(0), a, a.mul(0.2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", where(a.gt(0), dy, 0.2));
    },
    "The gradient from above, dy, is missing (chain rule): multiply 0.2 by it.",
  ],
  [
    "a function's derivative for which no tensor stands",
    { y: ({ a }) => a.exp().add(1).log(), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      cmp("a", cmp("y", y.mul(2)).mul(a.gt(0)));
    },
    "a.gt(0) stands where a.exp().div(a.exp().add(1)) belongs.",
  ],
  [
    "the slope of one branch taken for both",
    HUBER,
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(0).add(WEIGHTS));
      cmp("a", dy.mul(a));
    },
    "a stands where where(a.abs().le(0.7), a, a.sign().mul(0.7)) belongs.",
  ],
  [
    "a mask forgotten",
    { m: ({ b }) => b.gt(0), y: ({ a, m }) => a.mul(m).div(0.75), loss: ({ y, b }) => y.mul(b).sum() },
    ({ b }, cmp) => {
      cmp("a", cmp("y", b.clone()).div(0.75));
    },
    "The factor m is missing.",
  ],
  [
    "a slope of a line that has no row",
    { h: ({ a }) => a.tanh(), y: ({ h, w }) => h.matmul(w), z: ({ y }) => y.mul(1), loss: ({ z }) => z.pow(2).sum() },
    ({ w, z, a }, cmp) => {
      const dz = cmp("z", z.mul(2));
      cmp("a", dz.matmul(w.T).mul(a).div(a));
    },
    "The factor sub(1, h.pow(2)) is missing. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "a softmax taken element by element",
    { p: ({ a }) => a.softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ b, p }, cmp) => {
      const dp = cmp("p", b.clone());
      cmp("a", dp.mul(p).mul(sub(1, p)));
    },
    "That is what each element of a sends through its own element of p alone. It moves others of p as well: " +
    "add up what all of them send back.",
  ],
  [
    "a summand forgotten inside a function",
    { y: ({ a, b }) => a.add(b).tanh(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(sub(1, a.tanh().pow(2))));
    },
    "a.tanh() stands where y belongs. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "a sign too many inside a function",
    { y: ({ a }) => a.sigmoid(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(y).mul(sub(1, a.neg().sigmoid())));
    },
    "sub(1, a.neg().sigmoid()) stands where a.neg().sigmoid() belongs. The derivative of σ(x) is σ(x)·(1 − σ(x)).",
  ],
  [
    "the rule of softmax for its logarithm's",
    { p: ({ a }) => a.log_softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dp = cmp("p", b.clone()), q = a.softmax(1);
      cmp("a", q.mul(dp.sub(dp.mul(q).sum(1, keepdim))));
    },
    "You take the derivative of softmax, but the line for p has log_softmax. log_softmax sends back g − p·Σ g: p is the softmax, g from above.",
  ],
  [
    "a mask the wrong way round, where all pass",
    { y: ({ a }) => a.exp().relu(), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      cmp("a", cmp("y", y.mul(2)).mul(a.exp()).mul(a.exp().lt(0)));
    },
    "a.exp().lt(0) stands where a.exp().gt(0) belongs.",
  ],
  [
    "the second term of gelu's derivative forgotten",
    { y: ({ a }) => a.gelu(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(a.div(Math.SQRT2).erf().add(1).mul(0.5)));
    },
    "A term is missing: y sends back dy.mul(a.mul(a.mul(a).mul(−0.5).exp().mul(0.3989))) as well.",
  ],
  [
    "logits where their softmax belongs",
    { y: ({ a }) => a.logsumexp(1), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.at(0).clone());
      cmp("a", a.mul(dy.view(3, 1)));
    },
    "a stands where a.softmax(1) belongs.",
  ],
  [
    "the derivative of another function",
    { y: ({ a, b }) => a.mul(b).tanh(), loss: ({ y }) => y.pow(3).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3));
      cmp("a", dy.mul(y).mul(sub(1, y)).mul(b));
    },
    "You take the derivative of sigmoid, but the line for y has tanh. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "relu's mask where the line is smooth",
    { y: ({ a }) => a.gelu(), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(a.gt(0)));
    },
    "You take the derivative of relu, but the line for y has gelu. The derivative of gelu is Φ(x) + x·φ(x); φ is the normal density, Φ the share below x.",
  ],
  [
    "no derivative at all is not relu's",
    { y: ({ a }) => a.sigmoid(), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      cmp("a", y.mul(2));
    },
    "The factor y.mul(sub(1, y)) is missing. The derivative of σ(x) is σ(x)·(1 − σ(x)).",
  ],
  [
    "another function's derivative without a formula",
    { y: ({ a }) => a.tanh(), loss: ({ y }) => y.pow(3).sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3)), g = dy.tolist() as number[][], v = y.tolist() as number[][];
      cmp("a", tensor(g.map((row, i) => row.map((x, j) => x * v[i][j] * (1 - v[i][j]))), { dtype: "float64" }));
    },
    "You take the derivative of sigmoid, but the line for y has tanh. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "another derivative that is nothing here is no cause",
    { n: ({ a }) => a.pow(2).add(99).sqrt(), y: ({ a, n }) => a.div(n), loss: ({ y }) => y.pow(2).sum() },
    ({ n, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.div(n));
    },
    "The term through n is missing: a also feeds n, and a tensor that is used twice gets two terms.",
  ],
  [
    "unequal for equal",
    { y: ({ a }) => a.amax(1), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", a.ne(y.view(3, 1)).mul(dy.view(3, 1)));
    },
    "a.ne(y.view(3, 1)) stands where a.eq(y.view(3, 1)) belongs.",
  ],
  [
    "softmax for σ",
    { y: ({ a }) => a.exp().add(1).log(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(a.softmax(1)));
    },
    "a.softmax(1) stands where a.sigmoid() belongs.",
  ],
];
