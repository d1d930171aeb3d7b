// Slips in loops whose turns hang together: each reads what the one before made, or several add to the same place; and what is
// said of them, word for word.
import { tensor, zeros_like } from "../../../lib/tensor/creation.ts";
import { stack } from "../../../lib/tensor/functional.ts";
import type { Forward } from "../../../lib/check/graph.ts";
import type { Slip } from "./slip.ts";

const keepdim = { keepdim: true };
const LOWER = tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]], { dtype: "float64" }).view(3, 3, 1);

/** What each step keeps of the one before it. */
const SCAN: Forward = {
  h1: ({ a }) => a.at(0),
  h2: ({ a, b, h1 }) => h1.mul(b.at(1)).add(a.at(1)),
  h3: ({ a, b, h2 }) => h2.mul(b.at(2)).add(a.at(2)),
  y: ({ h1, h2, h3 }) => stack([h1, h2, h3]),
  loss: ({ y }) => y.pow(2).sum(),
};

/** A row of weights for each distance between two. */
const DISTANCES: Forward = {
  r: ({ a }) => a.at(tensor([[0, 0, 0], [1, 0, 0], [2, 1, 0]], { dtype: "int32" })).mul(LOWER),
  loss: ({ r }) => r.pow(2).sum(),
};

/** A window of three, two further on each time. */
const STRIDES: Forward = {
  y: ({ x, w }) =>
    x.at(":", "0:8:2").mul(w.at(0, 0)).add(x.at(":", "1:9:2").mul(w.at(1, 0))).add(x.at(":", "2:10:2").mul(w.at(2, 0))),
  loss: ({ y }) => y.pow(2).sum(),
};

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "an index of a scan, which reads what the turn before made",
    SCAN,
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 2; t > 0; t--) da.at(t - 1).add_(da.at(t).mul(b.at(t - 1)));
      cmp("a", da);
    },
    "The index in b.at(1) is 1, 0 in turn; it has to be 2, 1, like the index in da.at(2).",
  ],
  [
    "a factor that every turn of a scan lacks",
    SCAN,
    ({ y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 1; t >= 0; t--) da.at(t).add_(da.at(t + 1));
      cmp("a", da);
    },
    "The factor b.at(2) is missing: multiply da.at(2) by it, in every turn.",
  ],
  [
    "a factor too many in every turn of a scan",
    SCAN,
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 1; t >= 0; t--) da.at(t).add_(da.at(t + 1).mul(b.at(t + 1)).mul(b.at(t)));
      cmp("a", da);
    },
    "You multiply by b.at(1), which does not belong there, in every turn.",
  ],
  [
    "a scan that runs forward",
    SCAN,
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 0; t < 2; t++) da.at(t).add_(da.at(t + 1).mul(b.at(t + 1)));
      cmp("a", da);
    },
    "Each turn reads what a later one makes: the loop has to run the other way.",
  ],
  [
    "an index that is the difference of two others",
    DISTANCES,
    ({ a, r }, cmp) => {
      const dr = cmp("r", r.mul(2)), da = zeros_like(a);
      for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) da.at(j).add_(dr.at(i, j));
      cmp("a", da);
    },
    "The index in da.at(0) is 0, 0, 1, 0, … in turn; it has to be 0, 1, 0, 2, ….",
  ],
  [
    "an index that is twice another, and a third",
    STRIDES,
    ({ w, x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      for (let j = 0; j < 4; j++) for (let i = 0; i < 3; i++) dx.at(":", j + i).add_(dy.at(":", j).mul(w.at(i, 0)));
      cmp("x", dx);
    },
    'The index in dx.at(":", 0) is …, 2, 1, 2, 3, … in turn; it has to be …, 2, 2, 3, 4, ….',
  ],
  [
    "an index where what is added cancels",
    { y: ({ a, b }) => a.matmul(b), z: ({ y }) => y.softmax(1), loss: ({ z }) => z.pow(2).sum() },
    ({ a, b, z }, cmp) => {
      const dz = cmp("z", z.mul(2)), dy = cmp("y", z.mul(dz.sub(z.mul(dz).sum(1, keepdim)))), da = zeros_like(a);
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) da.at(i).add_(dy.at(i, j).mul(b.at(":", i)));
      cmp("a", da);
    },
    'The index in b.at(":", 0) is 0, 0, 0, 1, … in turn; it has to be 0, 1, 2, 0, …, like the second index in dy.at(0, 0).',
  ],
  [
    "a factor in a loop whose turns the data counts",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a), n = y.at(0, 0).item() === 0 ? 1 : 3;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) da.at(i, j).add_(dy.at(i, j));
      cmp("a", da);
    },
    "The factor b.at(0, 0) is missing: multiply dy.at(0, 0) by it, in every turn.",
  ],
  [
    "products thrown away in every turn",
    { y: ({ a, b }) => a.mul(b).div(3), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let i = 0; i < 3; i++) da.at(i).mul(b.at(i)).div(3);
      cmp("a", da);
    },
    "mul and div make new tensors, which are thrown away, in every turn: write mul_ and div_ for mul and div.",
  ],
  [
    "a sum thrown away in every turn of a scan",
    SCAN,
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 1; t >= 0; t--) da.at(t).add(da.at(t + 1).mul(b.at(t + 1)));
      cmp("a", da);
    },
    "add makes a new tensor, which is thrown away, both times: write add_ for add.",
  ],
  [
    "a slice that stands still in a loop",
    STRIDES,
    ({ w, x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      for (let i = 0; i < 3; i++) dx.at(":", "0:8:2").add_(dy.mul(w.at(i, 0)));
      cmp("x", dx);
    },
    'The index in dx.at(":", "0:8:2") is always 0; it has to be 0, 1, 2, like the first index in w.at(0, 0).',
  ],
  [
    "a loop over slices without their step",
    STRIDES,
    ({ w, x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      for (let i = 0; i < 3; i++) dx.at(":", `${i}:${i + 4}`).add_(dy.mul(w.at(i, 0)));
      cmp("x", dx);
    },
    'dx.at(":", "0:4") stands where dx.at(":", "0:8:2") belongs, in every turn.',
  ],
  [
    "a loop in steps of two",
    { y: ({ x, s }) => x.mul(s), loss: ({ y }) => y.pow(2).sum() },
    ({ s, x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), ds = zeros_like(s);
      for (let j = 0; j < 12; j += 2) ds.add_(dy.at(":", j).mul(x.at(":", j)).sum());
      cmp("s", ds);
    },
    'The loop leaves out dy.at(":", 1) and others: its steps are of 2.',
  ],
  [
    "a row that a loop adds again",
    { y: ({ x, b }) => x.at(":", ":3").add(b.at(0)), loss: ({ y }) => y.pow(2).sum() },
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = dy.at(0).clone();
      for (let i = 0; i < 2; i++) db.add_(dy.at(i));
      cmp("b", zeros_like(b).index_add_(0, [0], db.view(1, 3)));
    },
    "You add dy.at(0), which does not belong there, in dy.at(0).clone().add_(dy.at(0)).",
  ],
  [
    "a number too much in every turn",
    { y: ({ x, s }) => x.mul(s), loss: ({ y }) => y.pow(2).sum() },
    ({ s, x, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dx = zeros_like(x);
      for (let i = 0; i < 4; i++) {
        dx.at(":", `${3 * i}:${3 * i + 3}`).add_(dy.at(":", `${3 * i}:${3 * i + 3}`).mul(s)).div_(4);
      }
      cmp("x", dx);
    },
    "You divide by 4, which does not belong there, in every turn.",
  ],
  [
    "the whole so far for a part of it, in a scan",
    SCAN,
    ({ b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = dy.clone();
      for (let t = 1; t >= 0; t--) da.at(t).add_(dy.at(t + 1).mul(b.at(t + 1)));
      cmp("a", da);
    },
    "dy stands where da belongs, in every turn.",
  ],
];
