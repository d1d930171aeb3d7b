// A contrastive loss (InfoNCE): two views of n things are normalised, each is to find its partner among all, both ways.
import { Generator } from "../../../lib/random/generator.ts";
import { range } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const n = 4, D = 3, tau = 0.4;

export const contrastive: Network = {
  name: "contrastive loss, both ways",
  constants: { n, D, tau },
  forward: {
    a: ({ x, W }) => x.matmul(W), // (4, 3)
    b: ({ y, W }) => y.matmul(W), // (4, 3)  the same W
    na: ({ a }) => a.pow(2).sum(1, { keepdim: true }).sqrt(), // (4, 1)
    u: ({ a, na }) => a.div(na),
    nb: ({ b }) => b.pow(2).sum(1, { keepdim: true }).sqrt(),
    v: ({ b, nb }) => b.div(nb),
    sim: ({ u, v }) => u.matmul(v.T).div(tau), // (4, 4)
    rows: ({ sim }) => sim.log_softmax(1).at(range(n), range(n)).mean().neg(),
    columns: ({ sim }) => sim.log_softmax(0).at(range(n), range(n)).mean().neg(),
    loss: ({ rows, columns }) => rows.add(columns).div(2),
  },
  leaves: () => {
    const g = new Generator(18);
    return {
      x: g.randn([n, 5]).double(),
      y: g.randn([n, 5]).double(),
      W: g.randn([5, D]).double(),
    };
  },
  code: [
    ["rows", "ones_like(rows).div(2)"],
    ["columns", "ones_like(columns).div(2)"],
    ["sim", "sim.softmax(1).index_put_([range(n), range(n)], -1, { accumulate: true }).div(n).mul(drows)"],
    [
      "sim+",
      "dsim.add_(sim.softmax(0).index_put_([range(n), range(n)], -1, { accumulate: true }).div(n).mul(dcolumns))",
    ],
    ["u", "dsim.matmul(v).div(tau)"],
    ["v", "dsim.T.matmul(u).div(tau)"],
    ["nb", "dv.mul(b).sum(1, { keepdim: true }).neg().div(nb.pow(2))"],
    ["b", "dv.div(nb).add(b.div(nb).mul(dnb))"],
    ["na", "du.mul(a).sum(1, { keepdim: true }).neg().div(na.pow(2))"],
    ["a", "du.div(na)"],
    ["a+", "da.add_(a.div(na).mul(dna))"],
    ["W", "x.T.matmul(da)"],
    ["W+", "dW.add_(y.T.matmul(db))"],
    ["x", "da.matmul(W.T)"],
    ["y", "db.matmul(W.T)"],
  ],
  rights: [
    ["b", "dv.sub(v.mul(dv.mul(v).sum(1, { keepdim: true }))).div(nb)"],
    ["na", "u.mul(du).sum(1, { keepdim: true }).div(na).mul(-1)"],
    ["sim+", "dsim.add_(sim.softmax(0).sub(one_hot(range(n)).double()).mul(1 / (2 * n)))"],
  ],
  mistakes: [
    { row: "rows", code: "ones_like(rows)", what: "the half is forgotten", words: ["2|half|0.5|½|twice"] },
    {
      row: "sim",
      code: "sim.softmax(1).index_put_([range(n), range(n)], -1, { accumulate: true }).div(n)",
      what: "drows is forgotten",
      words: ["drows|2|half|0.5|8"],
    },
    {
      row: "sim",
      code: "sim.softmax(0).index_put_([range(n), range(n)], -1, { accumulate: true }).div(n).mul(drows)",
      what: "softmax along the wrong dimension in the first term",
      words: ["softmax|dim"],
    },
    {
      row: "sim+",
      code: "dsim.add_(sim.softmax(1).index_put_([range(n), range(n)], -1, { accumulate: true }).div(n).mul(dcolumns))",
      what: "softmax along the wrong dimension in the second term",
      words: ["softmax|dim"],
    },
    {
      row: "sim+",
      code: "dsim.add_(sim.softmax(0).div(n).mul(dcolumns))",
      what: "the −1 at the partners is forgotten in the second term",
      words: ["−1|-1|diagonal|target|partner|index_put_"],
      never: ["through columns is missing"],
    },
    { row: "sim+", code: "dsim", what: "only the rows' term", words: ["columns"] },
    {
      row: "sim+",
      code: "dsim.add_(sim.softmax(0).index_put_([range(n), range(n)], -1, { accumulate: true }).mul(dcolumns))",
      what: "1/n is forgotten in the second term",
      words: ["n|4"],
      never: ["You divide by 4"],
    },
    { row: "u", code: "dsim.matmul(v)", what: "1/tau is forgotten", words: ["tau|0.4|2.5"] },
    {
      row: "u",
      code: "dsim.matmul(v).mul(tau)",
      what: "multiplied by tau instead of divided",
      words: ["tau|0.4|2.5|0.16|6.25"],
    },
    {
      row: "u",
      code: "dsim.T.matmul(v).div(tau)",
      what: "dsim transposed, which fits as it is square",
      words: ["dsim|transpose|.T"],
    },
    { row: "v", code: "dsim.matmul(u).div(tau)", what: "dsim is not transposed", words: ["dsim.T|transpose|.T"] },
    { row: "v", code: "dsim.T.matmul(a).div(tau)", what: "a in place of u", words: ["u"] },
    {
      row: "nb",
      code: "dv.mul(b).sum(1, { keepdim: true }).neg().div(nb)",
      what: "nb where nb² belongs",
      words: ["nb|v"],
    },
    {
      row: "nb",
      code: "dv.mul(v).sum(1, { keepdim: true }).neg().div(nb.pow(2))",
      what: "v in place of b",
      words: ["b|pow(2)"],
    },
    {
      row: "nb",
      code: "dv.mul(b).sum().neg().div(nb.pow(2))",
      what: "summed over everything",
      words: ["sum|dim"],
    },
    { row: "b", code: "dv.div(nb)", what: "the path through the norm is forgotten", words: ["nb"] },
    {
      row: "b",
      code: "dv.div(nb).add(b.mul(dnb))",
      what: "the factor 1/nb is forgotten in the second term",
      words: ["nb|v"],
    },
    {
      row: "b",
      code: "dv.sub(v.mul(dv.mul(v).sum(1, { keepdim: true })))",
      what: "1/nb is forgotten in the one-go formula",
      words: ["nb"],
    },
    {
      row: "b",
      code: "dv.sub(v.mul(dv.mul(b).sum(1, { keepdim: true }))).div(nb)",
      what: "b in place of v inside the sum",
      words: ["v"],
    },
    {
      row: "na",
      code: "du.mul(a).sum(1, { keepdim: true }).div(na.pow(2))",
      what: "the sign",
      words: ["sign|neg|minus|−"],
    },
    {
      row: "na",
      code: "du.mul(a).sum(1, { keepdim: true }).neg().div(na.pow(3))",
      what: "the exponent is one too many",
      words: ["na"],
    },
    { row: "a", code: "du.mul(na)", what: "multiplied by na instead of divided", words: ["na"] },
    {
      row: "a+",
      code: "da.add_(a.mul(2).mul(dna))",
      what: "the square root's part is forgotten: only a²'s derivative",
      words: ["na|2|sqrt|root"],
    },
    { row: "a+", code: "da.add_(u.div(na).mul(dna))", what: "u in place of a", words: ["a|u|na"] },
    { row: "W", code: "x.T.matmul(a)", what: "a in place of da", words: ["da"] },
    { row: "W+", code: "dW", what: "the second use of W is forgotten", words: ["b|db"] },
    { row: "W+", code: "dW.add_(x.T.matmul(db))", what: "x in place of y", words: ["y"] },
    { row: "y", code: "da.matmul(W.T)", what: "da in place of db", words: ["db"] },
    { row: "x", code: "da.add(db).matmul(W.T)", what: "db is added: as if x and y were the same", words: ["db"] },
  ],
};
