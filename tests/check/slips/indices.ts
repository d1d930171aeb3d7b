// Slips in the indices of loops and in how many turns there are, and what is said of them, word for word.
import { zeros_like } from "../../../lib/tensor/creation.ts";
import { stack } from "../../../lib/tensor/functional.ts";
import type { Slip } from "./slip.ts";

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export const slips: readonly Slip[] = [
  [
    "a row of a loop written to where the first one is",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let i = 0; i < 3; i++) da.at(0).add_(dy.at(i).mul(b.at(i)));
      cmp("a", da);
    },
    "The index in da.at(0) is always 0; it has to be 0, 1, 2, like the index in dy.at(0).",
  ],
  [
    "a window of a loop that stands still",
    {
      y: ({ x, w }) => stack([0, 1, 2].map((j) => x.narrow(1, j, 9).mul(w.at(j, 0)))).sum(0),
      loss: ({ y }) => y.pow(2).sum(),
    },
    ({ x, w, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w);
      for (let j = 0; j < 3; j++) dw.at(j, 0).add_(dy.mul(x.narrow(1, 0, 9)).sum());
      cmp("w", dw);
    },
    "The index in x.narrow(1, 0, 9) is always 0; it has to be 0, 1, 2, like the first index in dw.at(0, 0).",
  ],
  [
    "the loop's number for the index that the data has",
    { y: ({ a, i }) => a.at(i), loss: ({ y }) => y.pow(2).sum() },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 4; k++) da.at(i.at(k).item() === 9 ? 0 : k % 3).add_(dy.at(k));
      cmp("a", da);
    },
    "The index in da.at(0) is 0, 1, 2, 0 in turn; it has to run through i: 2, 0, 1, 2.",
  ],
  [
    "a loop that ends a turn too early",
    { y: ({ a, b }) => a.mul(b), loss: ({ y }) => y.pow(2).sum() },
    ({ a, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let i = 0; i < 2; i++) da.at(i).add_(dy.at(i).mul(b.at(i)));
      cmp("a", da);
    },
    "The loop leaves out da.at(2).",
  ],
  [
    "one row for all, in a loop in a loop",
    {
      y: ({ a, b }) => a.add(b.at(0)),
      z: ({ a, b }) => a.mul(2).add(b.at(0)),
      loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()),
    },
    ({ b, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2)), dz = cmp("z", z.pow(2).mul(3)), db = zeros_like(b);
      for (const d of [dy, dz]) for (let i = 0; i < 3; i++) db.at(0).add_(d.at(1));
      cmp("b", db);
    },
    "The index in dy.at(1) is always 1; it has to be 0, 1, 2, 0, ….",
  ],
  [
    "the second of two lines in a loop",
    { y: ({ a, b }) => a.mul(b), z: ({ a }) => a.T, loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()) },
    ({ a, b, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2)), dz = cmp("z", z.pow(2).mul(3)), da = zeros_like(a);
      for (let i = 0; i < 3; i++) {
        da.at(i).add_(dy.at(i).mul(b.at(i)));
        da.at(":", 0).add_(dz.at(i));
      }
      cmp("a", da);
    },
    'The index in da.at(":", 0) is always 0; it has to be 0, 1, 2, like the index in dz.at(0).',
  ],
  [
    "the first of the indices that the data has, left out",
    { y: ({ a, i }) => a.at(i), z: ({ a }) => a.mul(2), loss: ({ y, z }) => y.pow(2).sum().add(z.pow(3).sum()) },
    ({ i, y, z }, cmp) => {
      const dy = cmp("y", y.mul(2)), dz = cmp("z", z.pow(2).mul(3)), da = dz.mul(2);
      for (let k = 1; k < 4; k++) da.at(i.at(k).item()).add_(dy.at(k));
      cmp("a", da);
    },
    "The loop leaves out da.at(2).",
  ],
  [
    "a loop that is too short",
    { y: ({ a, w }) => a.matmul(w), loss: ({ y, w }) => y.pow(2).sum().add(w.pow(2).sum()) },
    ({ a, w, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = w.mul(2);
      for (let k = 0; k < 2; k++) dw.add_(a.at(k).view(3, 1).mul(dy.at(k)));
      cmp("w", dw);
    },
    "The loop leaves out a.at(2).",
  ],
  [
    "both indices the other way round, as a flipped kernel has them",
    {
      y: ({ x, b }) =>
        stack([0, 1].flatMap((i) => [0, 1, 2].map((j) => x.narrow(0, i, 1).narrow(1, j, 8).mul(b.at(i, j))))).sum(0),
      loss: ({ y, b }) => y.pow(2).sum().add(b.pow(2).sum()),
    },
    ({ x, b, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), db = b.mul(2);
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 3; j++) db.at(1 - i, 2 - j).add_(dy.mul(x.narrow(0, i, 1).narrow(1, j, 8)).sum());
      }
      cmp("b", db);
    },
    "The indices in db.at(1, 2) are (1, 2), (1, 1), (1, 0), (0, 2), … in turn; they have to be (0, 0), (0, 1), (0, 2), (1, 0), ….",
  ],
  [
    "two lines' indices exchanged",
    { y: ({ a, i }) => a.at(i.at("0:3")).sub(a.mul(2)), loss: ({ y }) => y.pow(2).sum() },
    ({ a, i, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), da = zeros_like(a);
      for (let k = 0; k < 3; k++) {
        da.at(k).add_(dy.at(k));
        da.at(i.at(k).item()).sub_(dy.at(k).mul(2));
      }
      cmp("a", da);
    },
    'The index in da.at(2) runs through i.at("0:3"); it has to be 0, 1, 2, like the index in dy.at(0). Besides, the index in da.at(0) is 0, 1, 2 in turn; it has to run through i.at("0:3"): 2, 0, 1.',
  ],
  [
    "a loop of two turns in which an index stands still",
    { y: ({ w, b }) => b.at(":", ":2").mul(w), loss: ({ y }) => y.pow(2).sum() },
    ({ b, w, y }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w);
      for (let k = 0; k < 2; k++) dw.at(":", k).add_(dy.at(":", 0).mul(b.at(":", k)));
      cmp("w", dw);
    },
    'The index in dy.at(":", 0) is always 0; it has to be 0, 1, like the index in dw.at(":", 0).',
  ],
  [
    "the labels for the loop's own number, on either side",
    { y: ({ b, i }) => b.at(i), loss: ({ y }) => y.pow(3).sum() },
    ({ b, i, y }, cmp) => {
      const dy = cmp("y", y.pow(2).mul(3)), db = zeros_like(b);
      for (let k = 0; k < 4; k++) db.at(i.at(k).item()).add_(dy.at(3 - k));
      cmp("b", db);
    },
    "The index in dy.at(3) is 3, 2, 1, 0 in turn; it has to be 0, 1, 2, 3.",
  ],
  [
    "an index that stands still in a loop of two turns",
    { y: ({ x, w }) => x.view(2, 4, 3).matmul(w), loss: ({ y }) => y.pow(2).sum() },
    ({ x, y, w }, cmp) => {
      const dy = cmp("y", y.mul(2)), dw = zeros_like(w), v = x.view(2, 4, 3);
      for (let t = 0; t < 2; t++) dw.at(":", t).add_(v.at(0).T.matmul(dy.at(0, ":", t)));
      for (let t = 0; t < 2; t++) dw.at(":", t).add_(v.at(1).T.matmul(dy.at(1, ":", 0)));
      cmp("w", dw);
    },
    'The second index in dy.at(0, ":", 0) is …, 0, 0 in turn; it has to be …, 0, 1, like the index in dw.at(":", 0).',
  ],
];
