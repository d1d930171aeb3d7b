// Slips with sums and their terms, one each in a network of two or three lines, and what is said of them, word for word.
import { ones_like, tensor, zeros_like } from "../../../lib/tensor/creation.ts";
import { sub } from "../../../lib/tensor/functional.ts";
import type { Slip } from "./slip.ts";

const keepdim = { keepdim: true };

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "sums of two products multiplied",
    { y: ({ a, w }) => a.matmul(w), z: ({ b, w }) => b.matmul(w), loss: ({ y, z }) => y.mul(z).sum() },
    ({ a, b, y, z }, cmp) => {
      const dy = cmp("y", z.clone()), dz = cmp("z", y.clone());
      cmp("w", a.add(b).T.matmul(dy.add(dz)));
    },
    "You multiply sums, which makes terms too many: a.T.matmul(dz) and b.T.matmul(dy).",
  ],
  [
    "a sum that goes on into the next",
    { s: ({ a }) => a.exp(), loss: ({ s }) => s.pow(2).sum() },
    ({ a, s }, cmp) => {
      const ds = cmp("s", s.mul(2)), x = ds.mul(s).toArray();
      let sum = 0;
      cmp("a", tensor(x.map((v) => sum += v), { shape: a.shape, dtype: "float64" }));
    },
    "Each element has all those before it added up: a sum is not set back to 0 before the next.",
  ],
  [
    "the same step forgotten in every term, with other names",
    {
      h1: ({ a, w }) => a.matmul(w).tanh(),
      h2: ({ b, w }) => b.matmul(w).tanh(),
      loss: ({ h1, h2 }) => h1.pow(2).sum().add(h2.pow(3).sum()),
    },
    ({ a, b, h1, h2 }, cmp) => {
      const dh1 = cmp("h1", h1.mul(2)), dh2 = cmp("h2", h2.pow(2).mul(3));
      cmp("w", a.T.matmul(dh1).add(b.T.matmul(dh2)));
    },
    "In the term through h1: the factor sub(1, h1.pow(2)) is missing: multiply dh1 by it. The same goes for the term through h2.",
  ],
  [
    "one matrix for two, in a formula that takes both terms at once",
    {
      y: ({ a, w }) => a.matmul(w),
      z: ({ a, b }) => a.matmul(b.at(":", "0:2")),
      loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()),
    },
    ({ w, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2)), dz = cmp("z", z.pow(2).mul(3));
      cmp("a", dy.add(dz).matmul(w.T));
    },
    'In the term through z: w stands where b.at(":", "0:2") belongs.',
  ],
  [
    "all terms but one missing",
    {
      y: ({ a, b }) => a.mul(b),
      z: ({ a }) => a.exp(),
      l2: ({ a }) => a.pow(2),
      loss: ({ y, z, l2 }) => y.add(z).add(l2).sum(),
    },
    ({ a, b }, cmp) => {
      const dy = cmp("y", ones_like(a));
      cmp("a", dy.mul(b));
    },
    "The terms through z and l2 are missing: a also feeds z and l2, and a tensor that is used three times gets three terms.",
  ],
  [
    "a term forgotten in a gradient without a row",
    {
      h: ({ a, b }) => a.mul(b).tanh(),
      y: ({ h, w }) => h.matmul(w),
      z: ({ h }) => h.exp(),
      loss: ({ y, z }) => y.pow(2).sum().add(z.sum()),
    },
    ({ b, h, w, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("z", ones_like(z));
      cmp("a", dy.matmul(w.T).mul(sub(1, h.pow(2))).mul(b));
    },
    "The term through z is missing: h also feeds z, and a tensor that is used twice gets two terms.",
  ],
  [
    "one of two uses in a line that has no row",
    {
      v: ({ b }) => b.exp().sum(1),
      y: ({ a, v }) => a.mul(v.unsqueeze(1)).mul(v.unsqueeze(0)),
      loss: ({ y }) => y.pow(2).sum(),
    },
    ({ a, b, v, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("b", dy.mul(a).mul(v.unsqueeze(0)).sum(1).unsqueeze(1).mul(b.exp()));
    },
    "In dv, a term is missing: y sends back dy.mul(a.mul(v.unsqueeze(1))).sum(0, { keepdim: true }).view(3) as well.",
  ],
  [
    "rows and columns exchanged",
    { y: ({ a, i }) => a.at(i.at("1:"), [2, 2, 0]), loss: ({ y }) => y.pow(2).sum() },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", zeros_like(a).index_put_([[2, 2, 0], i.at("1:")], dy, { accumulate: true }));
    },
    'The indices [2, 2, 0] and i.at("1:") are exchanged.',
  ],
  [
    "a path forgotten in a formula in one go",
    {
      p: ({ a }) => a.softmax(1),
      q: ({ p, b }) => p.mul(b),
      loss: ({ p, q, w }) => q.matmul(w).pow(2).sum().add(p.pow(2).sum()),
    },
    ({ b, p, w }, cmp) => {
      const dp = p.mul(b).matmul(w).mul(2).matmul(w.T).mul(b);
      cmp("a", p.mul(dp.sub(dp.mul(p).sum(1, keepdim))));
    },
    "The term through loss is missing: p also feeds loss, and a tensor that is used twice gets two terms.",
  ],
  [
    "a constant for all elements where some are picked",
    { p: ({ a, i }) => a.at([0, 1, 2], i.at("1:")), loss: ({ p }) => p.mean().mul(-1) },
    ({ a }, cmp) => {
      cmp("a", ones_like(a).mul(-1 / 3));
    },
    'Only the elements at [[0, 1, 2], i.at("1:")] have a gradient; all others get 0.',
  ],
  [
    "the wrong weights in a sum, of another shape",
    { y: ({ a, i }) => a.at(i), loss: ({ y, w, b, i }) => y.mul(b.at(i)).sum().div(w.at(i).sum()) },
    ({ b, w, i }, cmp) => {
      cmp("y", b.at(i).div(w.sum()));
    },
    "w stands where w.at(i) belongs.",
  ],
  [
    "a line that looks at a tensor's shape only sends it nothing",
    {
      y: ({ a, b }) => a.mul(b),
      z: ({ y, b }) => zeros_like(y).add(b.pow(2)),
      loss: ({ y, z }) => y.pow(2).sum().add(z.sum()),
    },
    ({ y, b, z }, cmp) => {
      cmp("z", ones_like(z));
      cmp("y", y.mul(3));
      b.sum();
    },
    "3 stands where 2 belongs, in y.mul(3).",
  ],
  [
    "a term of another shape, beside one that is missing",
    {
      y: ({ a, b }) => a.mul(b).sum(1, keepdim),
      z: ({ a }) => a.pow(3),
      loss: ({ y, z }) => y.pow(2).sum().add(z.sum()),
    },
    ({ b, y, z }, cmp) => {
      cmp("z", ones_like(z));
      cmp("a", cmp("y", y.mul(2)).mul(b).sum(1, keepdim));
    },
    "In the term through y: you take the sum over dimension 1 of dy.mul(b), which does not belong there. Besides, the term through z is missing. Yours is (3, 1), expected is (3, 3).",
  ],
  [
    "one row for the sum of all",
    { y: ({ a, b }) => a.mul(b.at(0)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = zeros_like(b);
      db.at(0).add_(dy.mul(a).at(1));
      cmp("b", db);
    },
    "dy.mul(a).at(1) stands where dy.mul(a).sum(0) belongs.",
  ],
  [
    "the sum of all columns for one of them",
    { y: ({ a, w }) => w.at(":", 1).mul(a.at(":", 2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, w, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w);
      dw.at(":", 1).add_(dy.mul(a.sum(1)));
      cmp("w", dw);
    },
    'a.sum(1) stands where a.at(":", 2) belongs.',
  ],
  [
    "means over one dimension where three belong, in two places",
    {
      x4: ({ x }) => x.view(2, 3, 2, 2),
      mu: ({ x4 }) => x4.mean([0, 2, 3], { keepdim: true }),
      va: ({ x4 }) => x4.pow(2).mean([0, 2, 3], { keepdim: true }),
      y: ({ x4, mu, va }) => x4.sub(mu).mul(va),
      loss: ({ y }) => y.pow(2).sum(),
    },
    ({ x4, mu, va, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), keepdim = { keepdim: true };
      const dva = dy.mul(x4.sub(mu)).sum([0, 2, 3], keepdim);
      cmp("x4", dy.mul(va).sub(dy.mul(va).mean(0, keepdim)).add(x4.mul(dva).mul(2 / 8)));
    },
    "The mean is taken over dimension 0; mean([0, 2, 3], { keepdim: true }) belongs there.",
  ],
  [
    "a product of sums over a batch",
    {
      x3: ({ x }) => x.view(3, 2, 4),
      y: ({ x3, w }) => x3.transpose(1, 2).matmul(w.at("0:2")),
      loss: ({ y }) => y.pow(2).sum(),
    },
    ({ w, x3, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w);
      dw.at("0:2").add_(x3.sum(0).matmul(dy.sum(0)));
      cmp("w", dw);
    },
    "You multiply sums; the sum of the products belongs there: x3.sum(0).matmul(dy.sum(0)) stands where x3.matmul(dy).sum(0) belongs.",
  ],
  [
    "a term that is another line's, beside a right one",
    {
      y: ({ a, i }) => a.at(i),
      z: ({ a, b }) => a.mul(b),
      loss: ({ y, z }) => y.pow(2).sum().add(z.pow(2).sum()),
    },
    ({ a, b, y, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", y.mul(2));
      cmp("a", dz.mul(b).add(dy.sum(0).mul(ones_like(a))));
    },
    "In the term through y: dy.sum(0).mul(ones([3, 3])) stands where zeros_like(a).index_add_(0, i.flatten(), dy.view(−1, 3)) belongs.",
  ],
  [
    "a sign and a factor in two terms of one line, which are not one term missing and one too many",
    {
      v: ({ x }) => x.var(1, { keepdim: true }).pow(-0.5),
      y: ({ x, v }) => x.sub(x.mean(1, { keepdim: true })).mul(v),
      loss: ({ y }) => y.pow(3).sum(),
    },
    ({ v, y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3)), own = dy.mul(12).add(dy.sum(1, keepdim));
      cmp("x", v.div(12).mul(own.sub(y.mul(dy.mul(y).sum(1, keepdim)))));
    },
    "In the term through y: v.div(12).mul(dy.sum(1, { keepdim: true })) has the wrong sign. Besides, in the term through v: v.div(12).mul(y.mul(dy.mul(y).sum(1, { keepdim: true })).neg()) is 11/12 times what it should be.",
  ],
  [
    "a factor forgotten in both terms, which are not each other's",
    { p: ({ a }) => a.softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ b }, cmp) => {
      const dp = cmp("p", b.clone());
      cmp("a", dp.sub(dp.sum(1, keepdim)));
    },
    "The factor p is missing: multiply dp by it. Besides, dp.sum(1, { keepdim: true }) stands where p.mul(p.mul(dp).sum(1, { keepdim: true })) belongs.",
  ],
];
