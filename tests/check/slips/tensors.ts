// Slips with tensors, shapes and indices, one each in a network of two or three lines, and what is said of them, word for word.
import { full, ones_like, tensor, zeros_like } from "../../../lib/tensor/creation.ts";
import { cat, stack, sub } from "../../../lib/tensor/functional.ts";
import type { Forward } from "../../../lib/check/graph.ts";
import type { Slip } from "./slip.ts";

/** Cross-entropy with a target of 0.3. */
const CROSS_ENTROPY: Forward = {
  p: ({ a }) => a.sigmoid(),
  loss: ({ p }) => p.log().mul(0.3).add(sub(1, p).log().mul(0.7)).mean().neg(),
};

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
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
    "a dimension put in at the wrong place",
    { y: ({ a }) => a.sum(1), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.at(0).clone());
      cmp("a", ones_like(a).mul(dy.unsqueeze(0)));
    },
    "unsqueeze(0) stands where unsqueeze(1) belongs.",
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
    "a constant in float32, where a tensor belongs as well",
    { y: ({ a, b }) => a.mul(b.at(0)), loss: ({ y, w }) => y.sum(0).mul(w.at(":", 0)).sum().div(3) },
    ({ y }, cmp) => {
      cmp("y", full([3, 3], 1 / 3));
      y.sum();
    },
    'The factor w.at(":", 0) is missing.',
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
    "which of two equal places it is",
    { y: ({ a }) => a.mul(a.sigmoid()), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul(a.sigmoid().add(y.mul(a.sigmoid()))));
    },
    "a.sigmoid() stands where sub(1, a.sigmoid()) belongs, in y.mul(a.sigmoid()).",
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
  [
    "a slice beside the one that belongs there",
    { c: ({ a, b }) => cat([a, b], 1), loss: ({ c }) => c.pow(3).sum() },
    ({ c }, cmp) => {
      const dc = cmp("c", c.pow(2).mul(3));
      cmp("a", dc.at(":", "3:6"));
    },
    '"3:6" stands where "0:3" belongs, in dc.at(":", "3:6").',
  ],
  [
    "another list of indices inside a calculation",
    {
      z: ({ x, i, j }) => x.view(2, 4, 3).at(":", i).mul(x.view(2, 4, 3).at(":", j).exp()),
      loss: ({ z }) => z.sum(),
    },
    ({ x, z, i, j }, cmp) => {
      const dz = cmp("z", ones_like(z)), v = x.view(2, 4, 3), dx = zeros_like(v);
      dx.index_add_(1, j.flatten(), dz.mul(z));
      cmp("x", dx.index_add_(1, i.flatten(), dz.mul(v.at(":", i.flatten()).exp())).view(2, 12));
    },
    'i.flatten() stands where j belongs, in x.view(2, 4, 3).at(":", i.flatten()).',
  ],
  [
    "two results thrown away, one after the other",
    { y: ({ a }) => a.log_softmax(1), loss: ({ y }) => y.at([0, 1, 2], [2, 0, 1]).sum().div(-4) },
    ({ y }, cmp) => {
      const dy = zeros_like(y);
      dy.at([0, 1, 2], [2, 0, 1]).sub_(1);
      dy.div(4);
      cmp("y", dy);
    },
    "zeros([3, 3]).at([0, 1, 2], [2, 0, 1]) is a copy, which is changed and thrown away: write index_put_([[0, 1, 2], [2, 0, 1]], −1, { accumulate: true }). Besides, dy.div(4) makes a new tensor, which is thrown away: write div_ for div.",
  ],
  [
    "a copy changed that a right line is made of",
    { y: ({ a }) => a.softmax(1).pow(2), loss: ({ y, b }) => y.mul(b).sum() },
    ({ b }, cmp) => {
      const all = b.neg();
      all.at([0, 2]).mul_(-1);
      cmp("y", all.clone());
    },
    "b.neg().at([0, 2]) is a copy, which is changed and thrown away.",
  ],
  [
    "a product thrown away, the gradient its second factor",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      b.mul(da);
      cmp("a", da);
    },
    "b.mul(da) makes a new tensor, which is thrown away: it has to be kept.",
  ],
  [
    "another row's gradient given for this one, which is there",
    { y: ({ a, w }) => a.matmul(w), loss: ({ y }) => y.pow(2).sum() },
    ({ w, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      dy.matmul(w.T);
      cmp("a", dy);
    },
    "dy stands where dy.matmul(w.T) belongs. Yours is (3, 2), expected is (3, 3).",
  ],
  [
    "elements taken and changed in a new tensor, which is thrown away",
    { y: ({ a }) => a.log_softmax(1), loss: ({ y }) => y.at([0, 1, 2], [2, 0, 1]).sum().div(-4) },
    ({ y }, cmp) => {
      const dy = zeros_like(y);
      dy.at([0, 1, 2], [2, 0, 1]).sub(0.25);
      cmp("y", dy);
    },
    "dy.at([0, 1, 2], [2, 0, 1]).sub(0.25) makes a new tensor, which is thrown away: write index_put_([[0, 1, 2], [2, 0, 1]], −0.25, { accumulate: true }).",
  ],
];
