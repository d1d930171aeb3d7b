// Slips in what is changed in place or thrown away, and what is said of them, word for word.
import { ones_like, zeros_like } from "../../../lib/tensor/creation.ts";
import { sub } from "../../../lib/tensor/functional.ts";
import type { Slip } from "./slip.ts";

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "a gradient changed in place, and read afterwards",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul_(b));
      cmp("b", dy.mul(a));
    },
    "Your line is right, but dy was changed in place above, by dy.mul_(b). Work on dy.clone() there.",
  ],
  [
    "a result that is thrown away",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).mean() },
    ({ y }, cmp) => {
      const dy = y.mul(2);
      dy.div(9);
      cmp("y", dy);
    },
    "dy.div(9) makes a new tensor, which is thrown away: write div_ for div.",
  ],
  [
    "a result that is thrown away, and wrong",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).mean() },
    ({ y }, cmp) => {
      const dy = y.mul(2);
      dy.div(8);
      cmp("y", dy);
    },
    "dy.div(8) makes a new tensor, which is thrown away: write div_ for div. Besides, 8 stands where 9 belongs, in y.mul(2).div(8).",
  ],
  [
    "a copy that is changed and thrown away",
    { y: ({ a, i }) => a.at(i, i).mul(2), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y, i }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      da.at(i, i).add_(dy.mul(2));
      cmp("a", da);
    },
    "zeros([3, 3]).at(i, i) is a copy, which is changed and thrown away: write index_put_([i, i], dy.mul(2), { accumulate: true }).",
  ],
  [
    "a gradient changed in place in the row's own line",
    { y: ({ a }) => a.mul(1), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.mul(2));
      cmp("a", dy.mul_(3));
    },
    "dy was changed in place by dy.mul_(3), which does not belong there.",
  ],
  [
    "a loop over indices that are tensors, and a result that is thrown away",
    { y: ({ a, i }) => a.at(i).mul(2), loss: ({ y }) => y.sum() },
    ({ a, i }, cmp) => {
      const da = zeros_like(a);
      for (let k = 0; k < 4; k++) da.at(i.at(k)).add_(1);
      da.mul(2);
      cmp("a", da);
    },
    "da.mul(2) makes a new tensor, which is thrown away: write mul_ for mul.",
  ],
  [
    "results that are thrown away in every turn",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.add(dy.mul(b).div(3));
      cmp("a", da);
    },
    "add makes a new tensor, which is thrown away, in every turn: write add_ for add.",
  ],
  [
    "a view whose result is thrown away",
    { y: ({ x }) => x.narrow(1, 0, 9).mul(2).add(x.narrow(1, 3, 9).mul(3)), loss: ({ y }) => y.pow(2).sum() },
    ({ x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      dx.narrow(1, 0, 9).add_(dy.mul(2));
      dx.narrow(1, 3, 9).add(dy.mul(3));
      cmp("x", dx);
    },
    "dx.narrow(1, 3, 9).add(dy.mul(3)) makes a new tensor, which is thrown away: write add_ for add.",
  ],
  [
    "a result thrown away in one of two lines of a loop",
    { y: ({ a, b }) => a.mul(b), loss: ({ y, a }) => y.pow(2).sum().add(a.pow(2).sum()) },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) {
        da.at(k).add_(a.at(k).mul(2));
        da.at(k).add(dy.at(k).mul(b.at(k)));
      }
      cmp("a", da);
    },
    "add makes a new tensor, which is thrown away, in every turn: write add_ for add.",
  ],
  [
    "a view of a gradient changed in place, and the gradient read afterwards",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.view(3, 3);
      da.mul_(b);
      cmp("a", da);
      cmp("b", dy.mul(a));
    },
    "Your line is right, but dy was changed in place above, by dy.view(3, 3).mul_(b). Work on dy.clone() there.",
  ],
  [
    "a gradient changed in place under another name, beside which it is read",
    { z: ({ a }) => a.mul(2), p: ({ z }) => z.sigmoid(), h: ({ z, p }) => z.mul(p), loss: ({ h }) => h.pow(2).sum() },
    ({ z, p, h }, cmp) => {
      const dh = cmp("h", h.mul(2)), dp = cmp("p", dh.mul_(z));
      cmp("z", dh.mul(p).add(dp.mul(p).mul(sub(1, p))));
    },
    "Your line is right, but dh was changed in place above, by dh.mul_(z). Work on dh.clone() there.",
  ],
  [
    "a chain of results that is thrown away",
    { y: ({ a }) => a.pow(2).mean(), loss: ({ y, s }) => y.mul(s) },
    ({ a, s }, cmp) => {
      cmp("y", s.clone());
      const da = a.clone();
      da.mul(2).div(9).mul(s);
      cmp("a", da);
    },
    "da.mul(2).div(9).mul(s) makes a new tensor, which is thrown away: write mul_ and div_ for mul and div.",
  ],
  [
    "a product thrown away, where zeros stay zeros in place, too",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      da.at("0:2").copy_(dy.mul(b).at("0:2"));
      da.at("2:3").mul(dy.mul(b).at("2:3"));
      cmp("a", da);
    },
    'da.at("2:3").mul(dy.mul(b).at("2:3")) makes a new tensor, which is thrown away: write copy_ for mul.',
  ],
  [
    "addcmul thrown away",
    { y: ({ a }) => a.pow(2), z: ({ a, b }) => a.mul(b), loss: ({ y, z }) => y.sum().add(z.pow(2).sum()) },
    ({ a, b, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", ones_like(a)), da = a.mul(2).mul(dy);
      da.addcmul(dz, b);
      cmp("a", da);
    },
    "da.add(dz.mul(b)) makes a new tensor, which is thrown away: write addcmul_ for addcmul.",
  ],
  [
    "changed in place, and read in the same line as if it were not",
    { y: ({ a }) => a.mul(a.sigmoid()), loss: ({ y, b }) => y.mul(b).sum() },
    ({ a, b }, cmp) => {
      const dy = cmp("y", b.clone()), da = a.sigmoid();
      da.mul_(dy);
      da.mul_(sub(1, da).mul(a).add(1));
      cmp("a", da);
    },
    "a.sigmoid() was changed in place by a.sigmoid().mul_(dy), and is read here as if it had not been. Work on a.sigmoid().clone() there.",
  ],
];
