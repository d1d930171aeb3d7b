// Slips in a line, one each in a network of two or three lines, and what is said of them, word for word.
import { full, ones_like, tensor, zeros_like } from "../../../lib/tensor/creation.ts";
import { div, stack, sub, where } from "../../../lib/tensor/functional.ts";
import type { Forward } from "../../../lib/check/graph.ts";
import type { Slip } from "./slip.ts";

const keepdim = { keepdim: true };
const WEIGHTS = tensor([1, 2, 3], { dtype: "float64" });
/** Two branches: a parabola up to 0.7, a straight line beyond. */
const HUBER: Forward = {
  y: ({ a }) => where(a.abs().le(0.7), a.pow(2).mul(0.5), a.abs().sub(0.35).mul(0.7)),
  loss: ({ y }) => y.mul(WEIGHTS).sum(),
};

/** Cross-entropy with a target of 0.3. */
const CROSS_ENTROPY: Forward = {
  p: ({ a }) => a.sigmoid(),
  loss: ({ p }) => p.log().mul(0.3).add(sub(1, p).log().mul(0.7)).mean().neg(),
};

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
    "sums of two products multiplied",
    { y: ({ a, w }) => a.matmul(w), z: ({ b, w }) => b.matmul(w), loss: ({ y, z }) => y.mul(z).sum() },
    ({ a, b, y, z }, cmp) => {
      const dy = cmp("y", z.clone()), dz = cmp("z", y.clone());
      cmp("w", a.add(b).T.matmul(dy.add(dz)));
    },
    "You multiply sums, which makes terms too many: a.T.matmul(dz) and b.T.matmul(dy).",
  ],
  [
    "a dimension that broadcasts the wrong way",
    { m: ({ a }) => a.sum(1), y: ({ a, m }) => a.mul(2).add(m.unsqueeze(1)), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dm = cmp("m", dy.sum(1));
      cmp("a", dy.mul(2).add(dm));
    },
    "dm has to get a dimension: unsqueeze(1).",
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
    "two gradients of opposite signs exchanged",
    { y: ({ a, b }) => a.sub(b), z: ({ w }) => w.pow(2), loss: ({ y, z }) => y.pow(2).sum().add(z.sum()) },
    ({ y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.neg());
    },
    "The sign is wrong.",
  ],
  [
    "two index lists exchanged, where the gradients are opposite",
    {
      p: ({ a }) => a.at([0, 1, 2, 0]),
      q: ({ a }) => a.at([2, 0, 0, 1]),
      l2: ({ a }) => a.pow(2).sum(),
      loss: ({ p, q, l2 }) => p.sub(q).pow(2).sum().add(l2.mul(0.05)),
    },
    ({ a, p, q }, cmp) => {
      const dp = cmp("p", p.sub(q).mul(2)), dq = cmp("q", dp.neg());
      cmp("a", a.mul(0.1).index_add_(0, [2, 0, 0, 1], dp).index_add_(0, [0, 1, 2, 0], dq));
    },
    "dp and dq are exchanged.",
  ],
  [
    "a gradient from above forgotten that is 1 in one place only",
    { m: ({ a }) => a.sum(1), loss: ({ m }) => m.mul(tensor([1, 2, 3], { dtype: "float64" })).sum() },
    ({ a, m }, cmp) => {
      cmp("m", m.mul(0).add(tensor([1, 2, 3], { dtype: "float64" })));
      cmp("a", ones_like(a));
    },
    "The gradient from above, dm, is missing: chain rule.",
  ],
  [
    "the gradient from above forgotten in one branch of a choice",
    { y: ({ a }) => where(a.gt(0), a, a.mul(0.2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", where(a.gt(0), dy, 0.2));
    },
    "The gradient from above, dy, is missing: chain rule.",
  ],
  [
    "another step of a sequence",
    { y: ({ a }) => a.at(1).mul(a.at(2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      da.at(1).add_(dy.mul(a.at(2)));
      da.at(2).add_(dy.mul(a.at(0)));
      cmp("a", da);
    },
    "0 stands where 1 belongs, in a.at(0).",
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
    "elements read in the order of other dimensions",
    {
      h: ({ x }) => x.view(2, 3, 4).transpose(1, 2),
      loss: ({ h }) => h.pow(2).mul(tensor([1, 2, 3], { dtype: "float64" })).sum(),
    },
    ({ h }, cmp) => {
      const dh = cmp("h", h.mul(2).mul(tensor([1, 2, 3], { dtype: "float64" })));
      cmp("x", dh.reshape(2, 12));
    },
    "dh has to be transposed: transpose(1, 2).",
  ],
  [
    "heads split without a transpose",
    {
      f: ({ x }) => x.view(2, 4, 3).transpose(1, 2).reshape(6, 4),
      loss: ({ f }) => f.pow(2).mul(tensor([1, 2, 3, 4], { dtype: "float64" })).sum(),
    },
    ({ f }, cmp) => {
      const df = cmp("f", f.mul(2).mul(tensor([1, 2, 3, 4], { dtype: "float64" })));
      cmp("x", df.view(2, 4, 3).view(2, 12));
    },
    "df.view(2, 4, 3) stands where df.view(2, 3, 4).transpose(1, 2) belongs.",
  ],
  [
    "two pieces of a list exchanged",
    { y: ({ a, b }) => stack([a.at(0), b.at(1), a.at(2)]), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", stack([dy.at(2), zeros_like(a.at(0)), dy.at(0)]));
    },
    "dy.at(2) and dy.at(0) are exchanged.",
  ],
  [
    "another list of indices",
    {
      y: ({ a }) => a.at([2, 0, 1, 2]).mul(2),
      z: ({ b }) => b.at([0, 1, 1, 2]),
      loss: ({ y, z }) => y.mul(z).sum(),
    },
    ({ a, y, z }, cmp) => {
      const dy = cmp("y", z.clone());
      cmp("z", y.clone());
      cmp("a", zeros_like(a).index_add_(0, [0, 1, 1, 2], dy.mul(2)));
    },
    "[0, 1, 1, 2] stands where i belongs, in zeros([3, 3]).index_add_(0, [0, 1, 1, 2], dy.mul(2)).",
  ],
  [
    "copy_ for add_ in a loop",
    { y: ({ a }) => a.at([1, 1, 2]), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      [1, 1, 2].forEach((row, i) => da.at(row).copy_(dy.at(i)));
      cmp("a", da);
    },
    "What stood there is overwritten; it has to be added to: add_ for copy_.",
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
    "a clamp at another number on both sides",
    HUBER,
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(0).add(WEIGHTS));
      cmp("a", dy.mul(a.clamp(-0.5, 0.5)));
    },
    "−0.5 stands where −0.7 belongs, in a.clamp(−0.5, 0.5).",
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
    "a mask forgotten",
    { m: ({ b }) => b.gt(0), y: ({ a, m }) => a.mul(m).div(0.75), loss: ({ y, b }) => y.mul(b).sum() },
    ({ b }, cmp) => {
      cmp("a", cmp("y", b.clone()).div(0.75));
    },
    "The factor m is missing.",
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
    "a slope of a line that has no row",
    { h: ({ a }) => a.tanh(), y: ({ h, w }) => h.matmul(w), z: ({ y }) => y.mul(1), loss: ({ z }) => z.pow(2).sum() },
    ({ w, z, a }, cmp) => {
      const dz = cmp("z", z.mul(2));
      cmp("a", dz.matmul(w.T).mul(a).div(a));
    },
    "The factor sub(1, h.pow(2)) is missing. The derivative of tanh x is 1 − tanh² x.",
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
    "the gradient of the next line",
    CROSS_ENTROPY,
    ({ p }, cmp) => {
      cmp("p", p.sub(0.3).div(9));
    },
    "What stands there is da itself, which is one line further; dp comes first.",
  ],
  [
    "a product that does not belong there, where it would be divided by, too",
    CROSS_ENTROPY,
    ({ p }, cmp) => {
      cmp("a", p.sub(0.3).mul(p).mul(sub(1, p)).div(9));
    },
    "You multiply by p; subtract it. Besides, a term is missing: p sends back 7/90·p as well. The derivative of σ(x) is σ(x)·(1 − σ(x)).",
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
    "a dimension put in at the wrong place",
    { y: ({ a }) => a.sum(1), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.at(0).clone());
      cmp("a", ones_like(a).mul(dy.unsqueeze(0)));
    },
    "unsqueeze(0) stands where unsqueeze(1) belongs.",
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
    "a summand forgotten inside a function",
    { y: ({ a, b }) => a.add(b).tanh(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(sub(1, a.tanh().pow(2))));
    },
    "a.tanh() stands where y belongs. The derivative of tanh x is 1 − tanh² x.",
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
    "a sign too many inside a function",
    { y: ({ a }) => a.sigmoid(), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", b.clone());
      cmp("a", dy.mul(y).mul(sub(1, a.neg().sigmoid())));
    },
    "sub(1, a.neg().sigmoid()) stands where a.neg().sigmoid() belongs. The derivative of σ(x) is σ(x)·(1 − σ(x)).",
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
    "rows and columns exchanged",
    { y: ({ a, i }) => a.at(i.at("1:"), [2, 2, 0]), loss: ({ y }) => y.pow(2).sum() },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", zeros_like(a).index_put_([[2, 2, 0], i.at("1:")], dy, { accumulate: true }));
    },
    'The indices [2, 2, 0] and i.at("1:") are exchanged.',
  ],
  [
    "one of two windows forgotten",
    { y: ({ x }) => x.narrow(1, 0, 9).mul(2).add(x.narrow(1, 3, 9).mul(3)), loss: ({ y }) => y.pow(2).sum() },
    ({ x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      dx.narrow(1, 0, 9).add_(dy.mul(2));
      cmp("x", dx);
    },
    'A term is missing: y sends back dy.mul(3) to dx.at(":", "3:12") as well.',
  ],
  [
    "two slips, one of them mul for div",
    { y: ({ a, b }) => a.mul(b).div(0.7), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(a).mul(0.7));
    },
    "You multiply by 0.7; divide by it. Besides, a stands where b belongs.",
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
    "a constant for all elements where some are picked",
    { p: ({ a, i }) => a.at([0, 1, 2], i.at("1:")), loss: ({ p }) => p.mean().mul(-1) },
    ({ a }, cmp) => {
      cmp("a", ones_like(a).mul(-1 / 3));
    },
    'Only the elements at [[0, 1, 2], i.at("1:")] have a gradient; all others get 0.',
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
    "a factor too much in one term that is missing in another",
    { y: ({ a, w }) => a.matmul(w), z: ({ a }) => a.pow(2).mean(), loss: ({ y, z }) => y.pow(2).sum().add(z) },
    ({ a, w, y, z }, cmp) => {
      cmp("z", ones_like(z));
      cmp("a", cmp("y", y.mul(2)).matmul(w.T).div(9).add(a.mul(2)));
    },
    "In the term through y: you divide by 9, which does not belong there. Besides, in the term through z: the division by 9 is missing.",
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
    "a result thrown away behind another name",
    { y: ({ a, b }) => a.mul(b), loss: ({ y, a }) => y.pow(2).sum().add(a.pow(2).sum()) },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), start = a.mul(2), da = start;
      da.add(dy.mul(b));
      cmp("a", da);
    },
    "da.add(dy.mul(b)) makes a new tensor, which is thrown away: write add_ for add.",
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
    "logits where their softmax belongs",
    { y: ({ a }) => a.logsumexp(1), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.at(0).clone());
      cmp("a", a.mul(dy.view(3, 1)));
    },
    "a stands where a.softmax(1) belongs.",
  ],
  [
    "a slice that the lines have elsewhere",
    { y: ({ x }) => x.at(":", "0:4").mul(x.at(":", "4:8")), loss: ({ y }) => y.pow(2).sum() },
    ({ x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      dx.at(":", "0:4").add_(dy.mul(x.at(":", "0:4")));
      dx.at(":", "4:8").add_(dy.mul(x.at(":", "0:4")));
      cmp("x", dx);
    },
    '"0:4" stands where "4:8" belongs, in zeros([2, 12]).at(":", "0:4").add_(dy.mul(x.at(":", "0:4"))).',
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
    "a constant in float32, where a tensor belongs as well",
    { y: ({ a, b }) => a.mul(b.at(0)), loss: ({ y, w }) => y.sum(0).mul(w.at(":", 0)).sum().div(3) },
    ({ y }, cmp) => {
      cmp("y", full([3, 3], 1 / 3));
      y.sum();
    },
    'The factor w.at(":", 0) is missing.',
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
    "a gradient that shows part of another, which was changed through another view",
    {
      y: ({ a }) => a.at(0),
      z: ({ a }) => a.at(1),
      u: ({ y, z }) => stack([y, z]),
      v: ({ b, y }) => b.mul(y),
      loss: ({ u, v }) => u.pow(2).sum().add(v.sum().mul(0)),
    },
    ({ b, u }, cmp) => {
      const du = cmp("u", u.mul(2)), dz = cmp("z", du.at(1));
      du.at("1:").mul_(3);
      cmp("v", b.mul(0));
      cmp("a", stack([du.at(0), dz, zeros_like(b.at(0))]));
    },
    'Your line is right, but du was changed in place above, by du.at("1:").mul_(3). Work on du.clone() there.',
  ],
  [
    "the wrong sign as index_add_'s alpha",
    { y: ({ a, i }) => a.at(i), z: ({ a, b }) => a.mul(b), loss: ({ y, z }) => y.pow(2).sum().add(z.pow(2).sum()) },
    ({ a, b, i, y, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", y.mul(2));
      cmp("a", zeros_like(a).index_add_(0, i, dy, { alpha: -1 }).add(dz.mul(b).div(3)));
    },
    "The term through y has the wrong sign. Besides, in the term through z: you divide by 3, which does not belong there.",
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
    "put in place of what stood there, in another shape",
    { y: ({ a }) => a.softmax(1).log(), loss: ({ y }) => y.view(-1).at([1, 5, 6]).sum().neg() },
    ({ a }, cmp) => {
      const da = a.softmax(1);
      da.view(9).index_put_([[1, 5, 6]], -1);
      cmp("a", da);
    },
    "What stood there is overwritten; it has to be added to: { accumulate: true }.",
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
    "unequal for equal",
    { y: ({ a }) => a.amax(1), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", a.ne(y.view(3, 1)).mul(dy.view(3, 1)));
    },
    "a.ne(y.view(3, 1)) stands where a.eq(y.view(3, 1)) belongs.",
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
    "which of two equal places it is",
    { y: ({ a }) => a.mul(a.sigmoid()), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(a.sigmoid().add(y.mul(a.sigmoid()))));
    },
    "a.sigmoid() stands where sub(1, a.sigmoid()) belongs, in y.mul(a.sigmoid()).",
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
  [
    "the same calculation for another, in two places",
    { p: ({ a }) => a.softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dp = cmp("p", b.clone());
      cmp("a", a.exp().mul(dp.sub(a.exp().mul(dp).sum(1, { keepdim: true }))));
    },
    "a.exp() stands where a.softmax(1) belongs.",
  ],
];
