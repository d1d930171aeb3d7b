// Slips with numbers, factors and divisors, one each in a network of two or three lines, and what is said of them, word for word.
import { ones_like, tensor, zeros_like } from "../../../lib/tensor/creation.ts";
import { div, sub } from "../../../lib/tensor/functional.ts";
import { HUBER, type Slip, WEIGHTS } from "./slip.ts";

const keepdim = { keepdim: true };

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "a division by the line's own number forgotten",
    { y: ({ a }) => a.div(0.75), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      cmp("a", cmp("y", y.mul(2)).clone());
    },
    "The division by 0.75 of the forward line is missing.",
  ],
  [
    "a number forgotten inside a function",
    { p: ({ a }) => a.mul(0.3).softmax(1), loss: ({ p }) => p.pow(2).sum() },
    ({ a, p }, cmp) => {
      const dp = cmp("p", p.mul(2)), s = a.softmax(1);
      cmp("a", p.mul(dp.sub(s.mul(dp).sum(1, keepdim))).mul(0.3));
    },
    "The factor 0.3 is missing: multiply a by it.",
  ],
  [
    "1/n forgotten where the gradient from above is 1",
    { m: ({ a }) => a.mean(), p: ({ b }) => b.pow(2).sum(), loss: ({ m, p }) => m.add(p) },
    ({ a }, cmp) => {
      cmp("a", ones_like(a));
    },
    "The division by 9 is missing.",
  ],
  [
    "a factor of exactly a half forgotten in a difference",
    { q: ({ a }) => a.mul(0.5).log_softmax(1), loss: ({ q }) => q.pow(2).sum() },
    ({ q }, cmp) => {
      const dq = cmp("q", q.mul(2));
      cmp("a", dq.sub(q.exp().mul(dq.sum(1, keepdim))));
    },
    "The factor 0.5 of the forward line is missing.",
  ],
  [
    "a clamp at another number on both sides",
    HUBER,
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(0).add(WEIGHTS));
      cmp("a", dy.mul(a.clamp(-0.5, 0.5)));
    },
    "clamp(−0.5, 0.5) stands where clamp(−0.7, 0.7) belongs.",
  ],
  [
    "the square of a divisor",
    { y: ({ a, s }) => a.div(s), loss: ({ y }) => y.pow(2).sum() },
    ({ a, s, y }, cmp) => {
      cmp("s", cmp("y", y.mul(2)).mul(a).sum().div(s).neg());
    },
    "s stands where s.pow(2) belongs.",
  ],
  [
    "a number that other numbers mix up",
    { y: ({ a }) => a.sum(1).mul(0.3), z: ({ b }) => b.sum(1).mul(0.7), loss: ({ y, z }) => y.mul(z).sum() },
    ({ a, z }, cmp) => {
      const dy = cmp("y", z.clone());
      cmp("a", ones_like(a).mul(dy.unsqueeze(1)).mul(0.7));
    },
    "0.7 stands where 0.3 belongs, in ones([3, 3]).mul(dy.unsqueeze(1)).mul(0.7).",
  ],
  [
    "a factor in front that does not belong there",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", a.mul(dy.mul(b)));
    },
    "You multiply by a, which does not belong there.",
  ],
  [
    "another divisor in one of two terms",
    { y: ({ a, b }) => a.mul(b), m: ({ a }) => a.mean(0), loss: ({ y, m }) => y.pow(2).sum().add(m.pow(3).sum()) },
    ({ b, y, m }, cmp) => {
      const dy = cmp("y", y.mul(2)), dm = cmp("m", m.pow(2).mul(3));
      cmp("a", dy.mul(b).add(dm.div(7)));
    },
    "7 stands where 3 belongs, in dm.div(7).",
  ],
  [
    "a factor that does not belong there, among several that do nothing",
    { y: ({ a }) => a.tanh(), loss: ({ y }) => y.pow(3).sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3));
      cmp("a", dy.mul(y.mul(0).add(1)).mul(div(y, 1).neg().add(1)).mul(y.add(1)).mul(y));
    },
    "You multiply by y, which does not belong there. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "sizes mixed up in a factor of all",
    { y: ({ w }) => w.mean(1), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ b, w }, cmp) => {
      const dy = cmp("y", b.at(0).clone());
      cmp("w", ones_like(w).mul(dy.unsqueeze(1)).div(3));
    },
    "div(3) stands where div(2) belongs.",
  ],
  [
    "a factor and a tensor at once",
    { p: ({ a, b, s }) => a.mul(b.tanh()).mul(s), loss: ({ p }) => p.pow(2).sum() },
    ({ a, p }, cmp) => {
      const dp = cmp("p", p.mul(2));
      cmp("b", dp.mul(a));
    },
    "a stands where s.mul(a).mul(sub(1, b.tanh().pow(2))) belongs.",
  ],
  [
    "a divisor for another tensor's, where that stands twice",
    { y: ({ a, b }) => a.mul(b).sum(0), loss: ({ y }) => y.pow(3).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3));
      cmp("a", b.mul(dy).add(a.sub(a.mul(1))).add(a.mul(0)));
      cmp("b", dy.mul(b));
    },
    "b stands where a belongs.",
  ],
  [
    "two factors missing",
    { y: ({ a, b, s }) => a.mul(b).mul(s), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      cmp("a", cmp("y", y.mul(2)));
    },
    "The factor s.mul(b) is missing.",
  ],
  [
    "two numbers of the line mixed up",
    { p: ({ a }) => a.sum(), q: ({ b }) => b.sum(), loss: ({ p, q }) => p.mul(0.7).add(q.mul(0.3)) },
    (_, cmp) => {
      cmp("p", tensor(0.3, { dtype: "float64" }));
    },
    "0.3 stands where 0.7 belongs.",
  ],
  [
    "a divisor that no line has",
    { y: ({ a, b }) => a.mul(b), m: ({ a }) => a.mean(0), loss: ({ y, m }) => y.pow(2).sum().add(m.exp().sum()) },
    ({ b, y, m }, cmp) => {
      const dy = cmp("y", y.mul(2)), dm = cmp("m", m.exp());
      cmp("a", dy.mul(b).add(dm.mul(0.45).div(5)));
    },
    "5 stands where 27/20 belongs, in dm.mul(0.45).div(5).",
  ],
  [
    "a square forgotten, where the tensor is elsewhere, too",
    { y: ({ a }) => a.tanh(), z: ({ a, b }) => a.mul(b), loss: ({ y, z }) => y.pow(3).sum().add(z.pow(2).sum()) },
    ({ b, y, z }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3)), dz = cmp("z", z.mul(2));
      cmp("a", dy.mul(sub(1, y)).add(dz.mul(b).add(y.sub(y))));
    },
    "y stands where y.pow(2) belongs, in sub(1, y).",
  ],
  [
    "a multiple of a tensor, and nothing of the gradient",
    { y: ({ a, b }) => a.mul(b).tanh().add(b), loss: ({ y }) => y.pow(3).sum() },
    ({ y }, cmp) => {
      cmp("y", y.pow(2).mul(3));
      cmp("b", y.mul(0.25));
    },
    "What stands there is 0.25·y.",
  ],
  [
    "a uniform gradient with the wrong number",
    { y: ({ a }) => a.mul(2), loss: ({ y }) => y.mean() },
    ({ y }, cmp) => {
      cmp("y", ones_like(y).div(3).mul(1));
    },
    "div(3) stands where div(9) belongs.",
  ],
  [
    "a factor beside its own sum",
    { y: ({ a, b }) => a.pow(2).mul(b.exp()).sum().div(b.exp().sum()), loss: ({ y }) => y.mul(3) },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", ones_like(y).mul(3));
      cmp("a", dy.mul(a).mul(2).div(b.exp().sum()));
    },
    "The factor b.exp() is missing.",
  ],
  [
    "multiplied by the number that the line divides by, in another notation",
    { y: ({ a }) => a.div(0.4), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      cmp("a", cmp("y", y.mul(2)).mul(0.4));
    },
    "You multiply by 0.4; divide by it.",
  ],
  [
    "a factor that is missing at one of two places that look alike",
    { v: ({ a }) => a.mul(0.5).exp(), k: ({ a }) => a.exp().sub(a), loss: ({ v, k }) => v.sum().add(k.sum()) },
    ({ a, v }, cmp) => {
      cmp("v", ones_like(v));
      cmp("a", a.exp().mul(0.5).add(a.exp().sub(1)));
    },
    "The factor 0.5 is missing: multiply a by it, in a.exp().mul(0.5).",
  ],
  [
    "which of two numbers",
    { y: ({ a }) => a.pow(2).div(7), loss: ({ y }) => y.sum() },
    ({ a }, cmp) => {
      cmp("a", a.mul(2).div(2));
    },
    "div(2) stands where div(7) belongs.",
  ],
  [
    "a factor taken out of sums along which it changes",
    {
      m: ({ a }) => a.mean(1, keepdim),
      c: ({ a, m }) => a.sub(m),
      y: ({ c, b }) => c.mul(b),
      loss: ({ y }) => y.pow(2).sum(),
    },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.sub(dy.mean(1, keepdim)).mul(b));
    },
    "You multiply by b after the sums, but it is not the same all along: multiply dy by it first.",
  ],
  [
    "a factor that a slip of the brackets made 0",
    { y: ({ a, b }) => a.mul(b).mul(0.75).add(a.pow(2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(a).mul(2).add(dy.mul(b).mul(3 / 3 - 1)));
    },
    "0 stands where 0.75 belongs, in dy.mul(b).mul(0).",
  ],
  [
    "a square forgotten",
    { y: ({ a, b }) => a.mul(b.pow(2)), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(b));
    },
    "The factor b is missing.",
  ],
  [
    "a divisor too many",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(b).div(a.exp()));
    },
    "You divide by a.exp(), which does not belong there.",
  ],
  [
    "a factor transposed",
    { y: ({ a, b }) => a.mul(b.T), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(b));
    },
    "b has to be transposed.",
  ],
  [
    "Bessel's correction forgotten in one go",
    {
      m: ({ a }) => a.mean(0, keepdim),
      v: ({ a }) => a.var(0, keepdim),
      y: ({ a, m, v }) => a.sub(m).div(v.sqrt()),
      loss: ({ y, b }) => y.mul(b).sum(),
    },
    ({ b, v, y }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(3).sub(dy.sum(0)).sub(y.mul(dy.mul(y).sum(0))).div(v.sqrt().mul(3)));
    },
    "The term through v is 1.5 times too small.",
  ],
  [
    "one factor too many, and 1/n for the gradient from above",
    { y: ({ a, b }) => a.sub(b).pow(2).mul(0.5).sum(1), loss: ({ y }) => y.mean() },
    ({ a, b }, cmp) => {
      cmp("a", a.sub(b).mul(2).mul(1 / 3));
    },
    "You multiply by 2, which does not belong there.",
  ],
  [
    "the factor of an exponent",
    { y: ({ a, b }) => a.sub(b).pow(2).sum(1), loss: ({ y, x }) => y.mul(x.at(0, "0:3")).sum() },
    ({ a, b, x }, cmp) => {
      const dy = cmp("y", x.at(0, "0:3").clone());
      cmp("a", a.sub(b).mul(dy.unsqueeze(1)));
    },
    "The factor 2 of pow(2) is missing.",
  ],
  [
    "a number of a line further on",
    { p: ({ a }) => a.log_softmax(1), q: ({ p, b }) => p.mul(b).sum(), loss: ({ q, w }) => q.mul(0.3).add(w.sum()) },
    ({ a, b }, cmp) => {
      cmp("a", b.sub(a.softmax(1).mul(b.sum(1, keepdim))));
    },
    "The factor 0.3 of the forward line is missing.",
  ],
  [
    "another number where all are the same",
    { y: ({ a }) => a.pow(2).sum(1), loss: ({ y }) => y.mean() },
    ({ y }, cmp) => {
      cmp("y", ones_like(y).mul(0.25));
    },
    "0.25 stands where 1/3 belongs, in ones([3]).mul(0.25).",
  ],
  [
    "one number forgotten, where the gradient from above is a number that is there",
    { k: ({ a }) => a.mean(), loss: ({ k, b }) => k.mul(0.7).add(b.sum()) },
    ({ a, k }, cmp) => {
      cmp("k", tensor(0.7, { dtype: "float64" }).add(k.mul(0)));
      cmp("a", a.mul(0).add(0.7));
    },
    "The division by 9 is missing.",
  ],
  [
    "one number for each of several",
    { k: ({ a }) => a.mean(), loss: ({ k, b }) => k.mul(0.7).add(b.sum()) },
    ({ k }, cmp) => {
      cmp("k", tensor(0.7, { dtype: "float64" }).add(k.mul(0)));
      cmp("a", tensor(0.7 / 9, { dtype: "float64" }));
    },
    "One 7/90 for each element belongs there: full_like(a, …). Yours is (), expected is (3, 3).",
  ],
  [
    "a factor that is missing in a divisor",
    { y: ({ a }) => a.pow(2).add(0.5).rsqrt(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      cmp("a", cmp("y", b.clone()).mul(a).neg().div(a.pow(2).add(0.5).sqrt()));
    },
    "A division by a.pow(2).add(0.5) is missing.",
  ],
  [
    "a factor too much in one term that is missing in another",
    { y: ({ a, w }) => a.matmul(w), z: ({ a }) => a.pow(2).mean(), loss: ({ y, z }) => y.pow(2).sum().add(z) },
    ({ a, w, y, z }, cmp) => {
      cmp("z", ones_like(z));
      cmp("a", cmp("y", y.mul(2)).matmul(w.T).div(9).add(a.mul(2)));
    },
    "In the term through y: you divide by 9, which does not belong there. Besides, in the term through z: the division by 9 is missing.",
  ],
  [
    "the root of 2 in gelu's derivative forgotten",
    { y: ({ a }) => a.gelu(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      const density = a.pow(2).mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
      cmp("a", dy.mul(a.erf().add(1).mul(0.5).add(a.mul(density))));
    },
    "The factor 1/√2 is missing: multiply a by it, in a.erf().",
  ],
  [
    "a number where a tensor with its minus belongs",
    {
      u: ({ b }) => b.at(0).exp(),
      l: ({ a }) => a.log_softmax(1),
      loss: ({ l, u }) => l.at([0, 1, 2], [1, 0, 2]).mul(u).sum().neg(),
    },
    ({ l }, cmp) => {
      const dl = zeros_like(l).index_put_([[0, 1, 2], [1, 0, 2]], -1 / 3);
      cmp("l", dl);
    },
    "−1/3 stands where u.neg() belongs, in zeros([3, 3]).index_put_([[0, 1, 2], [1, 0, 2]], −1/3).",
  ],
  [
    "the value for its third power",
    { v: ({ a }) => a.pow(2).add(1), r: ({ v }) => v.rsqrt(), loss: ({ r, b }) => r.mul(b).sum() },
    ({ b, r }, cmp) => {
      const dr = cmp("r", b.clone());
      cmp("v", dr.mul(-0.5).mul(r));
    },
    "r stands where r.pow(3) belongs. The derivative of x^(−½) is −½·x^(−3/2).",
  ],
  [
    "a division by the third power",
    { v: ({ a }) => a.pow(2).add(1), r: ({ v }) => v.rsqrt(), loss: ({ r, b }) => r.mul(b).sum() },
    ({ b, r }, cmp) => {
      const dr = cmp("r", b.clone());
      cmp("v", dr.mul(-0.5).div(r.pow(3)));
    },
    "You divide by r.pow(3); multiply by it. The derivative of x^(−½) is −½·x^(−3/2).",
  ],
  [
    "the mean's division left out beside the square's 2",
    { v: ({ a }) => a.pow(2).mean(1), loss: ({ v, b }) => v.mul(b.at(0)).sum() },
    ({ a, b }, cmp) => {
      const dv = cmp("v", b.at(0).clone());
      cmp("a", dv.view(3, 1).mul(a).mul(2));
    },
    "A division by 3 is missing: 2 stands where 2/3 belongs, in dv.view(3, 1).mul(a).mul(2).",
  ],
  [
    "a gradient without a row, of which one of two terms lacks a factor",
    {
      h: ({ a }) => a.mul(2),
      y: ({ h }) => h.tanh(),
      z: ({ h, b }) => h.mul(b),
      loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()),
    },
    ({ b, y, z }, cmp) => {
      const dz = cmp("z", z.pow(2).mul(3)), dy = cmp("y", y.mul(2));
      cmp("a", dz.mul(b).mul(2).add(dy.mul(2)));
    },
    "The factor sub(1, y.pow(2)) is missing: multiply dy.mul(2) by it.",
  ],
  [
    "the number beside a size",
    { y: ({ a }) => a.mul(1.5).mean(1), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.view(3, 1).expand(3, 3).div(3));
    },
    "The factor 1.5 is missing: 3 stands where 2 belongs, in dy.view(3, 1).expand(3, 3).div(3).",
  ],
  [
    "one size for another, in all numbers made of it",
    {
      v: ({ x }) => x.var(1, { keepdim: true }).pow(-0.5),
      y: ({ x, v }) => x.sub(x.mean(1, { keepdim: true })).mul(v),
      loss: ({ y }) => y.pow(3).sum(),
    },
    ({ v, y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3)), own = dy.mul(3).sub(dy.sum(1, keepdim));
      cmp("x", v.div(3).mul(own.sub(y.mul(dy.mul(y).sum(1, keepdim)).mul(3 / 2))));
    },
    "3 stands where 12 belongs, in all 3 places.",
  ],
  [
    "a number that looks like the right one",
    { y: ({ a }) => a.pow(2), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(a).mul(2.0002));
    },
    "2.0002 stands where 2 belongs. The derivative of xᵖ is p·xᵖ⁻¹.",
  ],
  [
    "a factor that looks like 1",
    { y: ({ a }) => a.tanh(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", sub(1, y.pow(2)).mul(dy).mul(1.00003));
    },
    "You multiply by 1.00003, which does not belong there.",
  ],
];
