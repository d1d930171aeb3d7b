// Slips in loops, and in plain numbers out of them, and what is said of them, word for word.
import { ones_like, tensor, zeros, zeros_like } from "../../../lib/tensor/creation.ts";
import { cat, stack, sub } from "../../../lib/tensor/functional.ts";
import type { Slip } from "./slip.ts";

const keepdim = { keepdim: true };

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "one number out of a loop, which is near many formulas",
    { y: ({ a, s }) => a.mul(s).tanh(), loss: ({ y }) => y.sum() },
    ({ a, s, y }, cmp) => {
      const dy = cmp("y", ones_like(y)), x = a.toArray();
      let sum = 0;
      for (let i = 1; i < 9; i++) sum += x[i];
      cmp("s", tensor(sum, { dtype: "float64" }).add(s.mul(0)).mul(dy.at(0, 0)));
    },
    "Yours is −1.759, expected 0.1328.",
  ],
  [
    "rows that the data picks, overwritten",
    { y: ({ a, i }) => a.at(i), loss: ({ y }) => y.pow(2).sum() },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 4; k++) da.at(i.at(k).item()).copy_(dy.at(k));
      cmp("a", da);
    },
    "What stood there is overwritten; it has to be added to: add_ for copy_.",
  ],
  [
    "a whole tensor overwritten in every turn",
    { y: ({ a, w }) => a.matmul(w), loss: ({ y }) => y.pow(2).sum() },
    ({ a, w, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w);
      for (let i = 0; i < 3; i++) dw.copy_(a.at(i).unsqueeze(1).mul(dy.at(i)));
      cmp("w", dw);
    },
    "What stood there is overwritten; it has to be added to: add_ for copy_.",
  ],
  [
    "what += would be, with the wrong sign, 36 times",
    {
      y: ({ x, w }) => x.matmul(x.T).mul(w.sum()),
      loss: ({ y }) => y.pow(2).sum(),
      z: ({ x }) => x.sum(0),
      l: ({ z, loss }) => z.pow(2).sum().add(loss.mul(0)),
    },
    ({ z, x }, cmp) => {
      const dz = cmp("z", z.mul(2)), dx = zeros_like(x);
      for (let i = 0; i < 2; i++) for (let k = 0; k < 12; k++) dx.at(i).at(k).copy_(dx.at(i).at(k).sub(dz.at(k)));
      cmp("x", dx);
    },
    "sub_ stands where add_ belongs, in every turn.",
  ],
  [
    "the wrong sign in every turn, beside a right term",
    { y: ({ a, i }) => a.at(i), z: ({ a }) => a.mul(2), loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()) },
    ({ i, a, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2)), dz = cmp("z", z.pow(2).mul(3)), da = dz.mul(2);
      for (let k = 0; k < 4; k++) da.at(i.at(k).item()).sub_(dy.at(k));
      cmp("a", da.add(zeros_like(a)));
    },
    "sub_ stands where add_ belongs, in every turn.",
  ],
  [
    "what another gradient is made of is not thrown away",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.mul(b).mul(2), db = dy.mul(a);
      cmp("a", da);
      db.clone();
    },
    "You multiply by 2, which does not belong there.",
  ],
  [
    "a loop over indices of the data, with another number in every turn",
    { y: ({ a, i }) => a.at(i).mul(3), loss: ({ y }) => y.sum() },
    ({ a, i }, cmp) => {
      const da = zeros_like(a);
      for (let k = 0; k < 4; k++) da.at(i.at(k).item()).add_(2);
      cmp("a", da);
    },
    "2 stands where 3 belongs, in every turn.",
  ],
  [
    "a loop over indices of the data after a wrong step",
    { y: ({ a, i }) => a.at(i), loss: ({ y, b }) => y.pow(2).sum().add(b.sum()) },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a), rows = i.tolist() as number[];
      for (let k = 0; k < 4; k++) da.at(rows[k]).add_(dy.at(k));
      cmp("a", da.mul_(3));
    },
    "You multiply by 3, which does not belong there.",
  ],
  [
    "the labels' elements with the wrong sign, as numbers",
    { p: ({ a, i }) => a.softmax(1).at([0, 1, 2], i.at("1:")), loss: ({ p }) => p.log().sum().neg() },
    ({ a, i }, cmp) => {
      const da = a.softmax(1), rows = i.at("1:").tolist() as number[];
      for (let k = 0; k < 3; k++) da.at(k, rows[k]).fill_(1 - da.at(k, rows[k]).item());
      cmp("a", da);
    },
    'Right but for the elements at [[0, 1, 2], i.at("1:")]. Every element there has the wrong sign.',
  ],
  [
    "a row of numbers that is twice too large",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), rows = dy.mul(b).tolist() as number[][];
      cmp("a", tensor(rows.map((row, i) => i === 1 ? row.map((v) => 1.7 * v) : row), { dtype: "float64" }));
    },
    "Right but for row 1. Every element there is 1.7 times what it should be.",
  ],
  [
    "a row of numbers that is too large",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), rows = dy.mul(b).tolist() as number[][];
      cmp("a", tensor(rows.map((row, i) => i === 1 ? row.map((v) => v + 0.37) : row), { dtype: "float64" }));
    },
    "Right but for row 1. Every element there is 0.37 too large.",
  ],
  [
    "numbers of the transposed tensor",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), g = dy.tolist() as number[][], q = b.tolist() as number[][];
      cmp("a", tensor(g.map((row, i) => row.map((v, j) => v * q[j][i])), { dtype: "float64" }));
    },
    "By your numbers, b is read transposed.",
  ],
  [
    "a penalty added in every turn",
    { y: ({ a, b }) => a.matmul(b), loss: ({ y, b }) => y.pow(2).sum().add(b.pow(2).sum()) },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = zeros_like(b);
      for (let k = 0; k < 3; k++) {
        db.add_(a.at(k).view(3, 1).matmul(dy.at(k).view(1, 3)));
        db.add_(b.mul(2));
      }
      cmp("b", db);
    },
    "b.mul(2) is added three times; it belongs there once.",
  ],
  [
    "a square forgotten in a loop over plain numbers, in float32",
    { y: ({ a }) => a.tanh(), loss: ({ y }) => y.pow(2).sum() },
    ({ y }, cmp) => {
      const g = cmp("y", y.mul(2)).tolist() as number[][], v = y.tolist() as number[][];
      cmp("a", tensor(g.map((row, i) => row.map((x, j) => x * (1 - v[i][j])))));
    },
    "By your numbers, y stands where y.pow(2) belongs. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "the diagonal of softmax in a loop over plain numbers, in float32",
    { p: ({ a }) => a.softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ b, p }, cmp) => {
      const g = cmp("p", b.clone()).tolist() as number[][], v = p.tolist() as number[][];
      cmp("a", tensor(g.map((row, i) => row.map((x, j) => x * v[i][j] * (1 - v[i][j])))));
    },
    "By your numbers, a sum is missing: p.mul(dp) stands where p.mul(dp).sum(1, { keepdim: true }) belongs.",
  ],
  [
    "a path forgotten in plain numbers, in float32",
    { h: ({ a, b }) => a.mul(b), y: ({ h }) => h.exp(), loss: ({ y, h }) => y.sum().add(h.pow(2).sum()) },
    ({ a, b }, cmp) => {
      const v = a.mul(b).exp().tolist() as number[][], k = b.tolist() as number[][];
      cmp("a", tensor(v.map((row, i) => row.map((x, j) => x * k[i][j]))));
    },
    "The term through loss is missing: h also feeds loss, and a tensor that is used twice gets two terms.",
  ],
  [
    "a float32 buffer that is filled in place",
    { y: ({ a }) => a.tanh(), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros([3, 3]);
      cmp("a", da.add_(dy.mul(sub(1, a.pow(2)))));
    },
    "a stands where y belongs. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "a factor forgotten in a second term that is added row by row",
    { m: ({ a }) => a.mean(0, keepdim), y: ({ a, m }) => a.sub(m), loss: ({ y }) => y.exp().sum() },
    ({ y }, cmp) => {
      const dy = cmp("y", y.exp()), dm = cmp("m", dy.sum(0, keepdim).neg()), da = dy.clone();
      for (let k = 0; k < 3; k++) da.at(k).add_(dm.at(0));
      cmp("a", da);
    },
    "A division by 3 is missing: divide dm by it.",
  ],
  [
    "a sign in a row loop with a sum over the row",
    { p: ({ a }) => a.softmax(1), loss: ({ p, b }) => p.mul(b).sum() },
    ({ a, b, p }, cmp) => {
      const dp = cmp("p", b.clone()), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k).copy_(p.at(k).mul(dp.at(k).add(dp.at(k).mul(p.at(k)).sum())));
      cmp("a", da);
    },
    "You add dp.at(0).mul(p.at(0)).sum(); subtract it, in every turn.",
  ],
  [
    "the same in a loop over a batch and its rows",
    {
      q: ({ x }) => x.view(2, 3, 4),
      p: ({ q }) => q.softmax(2),
      loss: ({ p, w, s }) => p.pow(2).sum().mul(s).add(w.sum()),
    },
    ({ p, q, s }, cmp) => {
      const dp = cmp("p", p.mul(2).mul(s)), dq = zeros_like(q);
      for (let k = 0; k < 2; k++) {
        for (let j = 0; j < 3; j++) {
          const one = p.at(k, j), d = dp.at(k, j);
          dq.at(k, j).copy_(one.mul(d.sub(d.sum())));
        }
      }
      cmp("q", dq);
    },
    "You subtract dp.at(0, 0).sum(), which does not belong there, in every turn. Besides, a term is missing: p sends back −p.mul(p.mul(dp).sum(2, { keepdim: true })) as well.",
  ],
  [
    "the argument for the value in a column loop",
    { y: ({ a, b }) => a.mul(b).tanh(), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) {
        const column = dy.at(":", k).mul(sub(1, a.at(":", k).pow(2))).mul(b.at(":", k));
        da.at(":", k).copy_(column);
      }
      cmp("a", da);
    },
    "a stands where y belongs. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "1/n forgotten in one of two statements of a loop over the labels",
    { l: ({ a }) => a.log_softmax(1), loss: ({ l, i }) => l.at([0, 1, 2], i.at("1:")).mean().neg() },
    ({ a, i }, cmp) => {
      const da = zeros_like(a);
      for (let k = 0; k < 3; k++) {
        da.at(k).copy_(a.at(k).softmax(0));
        da.at(k, i.at(k + 1).item()).sub_(1 / 3);
      }
      cmp("a", da);
    },
    "What the loop adds, a.at(0).softmax(0) first, is 3 times too large: is a division by 3 left out, or a sum taken for a mean?",
  ],
  [
    "a factor too many in a loop over the labels",
    { y: ({ a, i }) => a.at([0, 1, 2], i.at("0:3")), loss: ({ y, b }) => y.mul(b.at(0)).sum() },
    ({ a, b, i, y }, cmp) => {
      const dy = cmp("y", b.at(0).clone()), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k, i.at(k).item()).add_(dy.at(k).mul(y.at(k)));
      cmp("a", da);
    },
    "You multiply by y.at(0), which does not belong there, in every turn.",
  ],
  [
    "the wrong tensor in one of two lines of a loop",
    {
      y: ({ a, b }) => a.add(b),
      z: ({ a, b }) => a.mul(2).sub(b),
      loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()),
    },
    ({ a, y, z }, cmp) => {
      const dz = cmp("z", z.pow(2).mul(3)), dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) {
        da.at(k).add_(dy.at(k));
        da.at(k).add_(dy.at(k).mul(2));
      }
      cmp("a", da);
      dz.sum();
    },
    "dy stands where dz belongs, in dy.at(0).mul(2).",
  ],
  [
    "parts written one by one in reverse order",
    {
      p: ({ a }) => a.at(":", "0:1").tanh(),
      q: ({ a }) => a.at(":", "1:2").exp(),
      r: ({ a }) => a.at(":", "2:3").sigmoid(),
      loss: ({ p, q, r }) => p.mul(q).mul(r).sum(),
    },
    ({ a, p, q, r }, cmp) => {
      const dr = cmp("r", p.mul(q)), dq = cmp("q", p.mul(r)), dp = cmp("p", q.mul(r)), da = zeros_like(a);
      const all = [dp.mul(sub(1, p.pow(2))), dq.mul(q), dr.mul(r).mul(sub(1, r))];
      all.forEach((d, k) => da.narrow(1, 2 - k, 1).copy_(d));
      cmp("a", da);
    },
    "By your numbers, da is in reverse order, column by column.",
  ],
  [
    "an index that goes along the other dimension, in all places",
    { y: ({ a, b }) => a.mul(b), loss: ({ y, s }) => y.pow(2).sum().mul(s) },
    ({ a, b, s, y }, cmp) => {
      const dy = cmp("y", y.mul(2).mul(s)), db = zeros_like(b);
      for (let k = 0; k < 3; k++) db.at(k).add_(dy.at(":", k).mul(a.at(":", k)));
      cmp("b", db);
    },
    'db.at(0) stands where db.at(":", 0) belongs, in every turn.',
  ],
  [
    "an index that a tensor in a loop lacks",
    { y: ({ a }) => a.softmax(1), loss: ({ y, b }) => y.mul(b).pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(b).mul(b).mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k).copy_(y.at(k).mul(dy.at(k).sub(y.at(k).mul(dy).sum())));
      cmp("a", da);
    },
    "dy stands where dy.at(0), dy.at(1), … belong, in every turn.",
  ],
  [
    "what is added to all in place of a part",
    { y: ({ a, b }) => stack([0, 1, 2].map((k) => b.at(k).mul(a.at(k).sum()))), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = zeros_like(b);
      for (let k = 0; k < 3; k++) db.add_(dy.at(k).mul(a.at(k).sum()));
      cmp("b", db);
    },
    "db stands where db.at(0), db.at(1), … belong, in every turn.",
  ],
  [
    "a transpose that is missing in every turn",
    { y: ({ a, b }) => stack([0, 1].map((k) => a.mul(k + 1).matmul(b))), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = zeros_like(b);
      for (let k = 0; k < 2; k++) db.add_(a.mul(k + 1).matmul(dy.at(k)));
      cmp("b", db);
    },
    "a has to be transposed.",
  ],
  [
    "what is subtracted, and twice, in one of two terms",
    { y: ({ a, i }) => a.at([0, 1, 2], i.at("0:3")), loss: ({ y, a, b }) => y.mul(b.at(0)).sum().add(a.pow(2).sum()) },
    ({ a, b, i }, cmp) => {
      const dy = cmp("y", b.at(0).clone()), da = a.mul(2);
      for (let k = 0; k < 3; k++) da.at(k, i.at(k).item()).sub_(dy.at(k).mul(2));
      cmp("a", da);
    },
    "In the term through y: sub_ stands where add_ belongs, in every turn. Besides, the term through y is 2 times too large: is a division by 2 left out, or a sum taken for a mean?",
  ],
  [
    "a factor with the loop's index that is missing in every turn",
    { y: ({ a }) => a.sigmoid(), loss: ({ y, b }) => y.mul(b).pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(b).mul(b).mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k).add_(dy.at(k).mul(sub(1, y.at(k))));
      cmp("a", da);
    },
    "The factor y is missing. The derivative of σ(x) is σ(x)·(1 − σ(x)).",
  ],
  [
    "one tensor for another in every turn, which is read by an index",
    { y: ({ a, b }) => a.mul(b), z: ({ y }) => y.tanh(), loss: ({ z }) => z.pow(2).sum() },
    ({ a, b, y, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", dz.mul(sub(1, z.pow(2)))), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k).add_(dz.at(k).mul(b.at(k)));
      cmp("a", da);
      dy.add(y);
    },
    "dz stands where dy belongs.",
  ],
  [
    "the same slip in lines that read other tensors",
    {
      o: ({ a }) => a.mul(2),
      c: ({ b }) => b.mul(b),
      d: ({ b }) => b.exp(),
      p: ({ a, b }) => a.matmul(b),
      q: ({ a, c }) => a.matmul(c),
      r: ({ a, d }) => a.matmul(d),
      loss: ({ o, p, q, r }) => o.pow(2).sum().add(p.pow(2).sum().add(q.pow(3).sum())).add(r.sum()),
    },
    ({ b, c, d, o, p, q, r }, cmp) => {
      const dO = cmp("o", o.mul(2));
      const dr = cmp("r", ones_like(r)), dq = cmp("q", q.pow(2).mul(3)), dp = cmp("p", p.mul(2));
      cmp("a", dO.mul(2).add(dp.matmul(b)).add(dq.matmul(c)).add(dr.matmul(d)));
    },
    "b stands where b.T belongs. The same goes for c and d.",
  ],
  [
    "parts of a row, two of which lack a factor",
    {
      p: ({ x }) => x.at(":", "0:4").sigmoid(),
      q: ({ x }) => x.at(":", "4:8").tanh(),
      r: ({ x }) => x.at(":", "8:12").sigmoid(),
      loss: ({ p, q, r }) => p.mul(q).mul(r).pow(2).sum(),
    },
    ({ p, q, r }, cmp) => {
      const all = p.mul(q).mul(r).mul(2);
      const dr = cmp("r", all.mul(p).mul(q)), dq = cmp("q", all.mul(p).mul(r)), dp = cmp("p", all.mul(q).mul(r));
      cmp("x", cat([dp.mul(p), dq.mul(sub(1, q)), dr.mul(r).mul(sub(1, r))], 1));
    },
    "In the term through p: the factor sub(1, p) is missing: multiply dp.mul(p) by it. Besides, in the term through q: q stands where q.pow(2) belongs.",
  ],
  [
    "the same slip in every turn of a loop over tensors",
    {
      c: ({ b }) => b.mul(b),
      d: ({ b }) => b.exp(),
      p: ({ a, b }) => a.matmul(b),
      q: ({ a, c }) => a.matmul(c),
      r: ({ a, d }) => a.matmul(d),
      loss: ({ p, q, r }) => p.pow(2).sum().add(q.pow(3).sum()).add(r.sum()),
    },
    ({ a, b, c, d, p, q, r }, cmp) => {
      const dr = cmp("r", ones_like(r)), dq = cmp("q", q.pow(2).mul(3)), dp = cmp("p", p.mul(2)), da = zeros_like(a);
      for (const [dy, m] of [[dp, b], [dq, c], [dr, d]]) da.add_(m.matmul(dy.T));
      cmp("a", da);
    },
    "zeros([3, 3]).add_(…).add_(c.matmul(dq.T)).add_(d.matmul(dr.T)) has to be transposed.",
  ],
  [
    "a factor per column that is missing in every turn, beside a sum",
    { y: ({ a, b }) => a.mul(b).sum(1), z: ({ y }) => y.exp(), loss: ({ z }) => z.pow(2).sum() },
    ({ a, b, y, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", dz.mul(z)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) da.at(k).add_(b.at(k).mul(dz.at(k)));
      cmp("a", da);
      dy.add(y);
    },
    "dz stands where dy belongs.",
  ],
];
