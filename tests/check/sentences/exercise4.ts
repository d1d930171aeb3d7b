// Mistakes in exercise 4 and what is said of each, word for word, with 20 neurons.
import type { Sentence } from "./sentence.ts";

export const sentences: readonly Sentence[] = [
  [
    "bnbias",
    "dhpreact.sum([0, 1], { keepdim: true })",
    "All is summed to one number: yours is (1, 1), expected is (1, 20). bnbias was broadcast over dimension 0 in hpreact.",
  ],
  [
    "b2",
    "dlogits.sum([0, 1], { keepdim: true })",
    "One number for all, as if everything were summed: yours is (1, 1), expected is (27). b2 was broadcast over dimension 0 in logits.",
  ],
  ["b1", "dhprebn.at('0:31').sum(0)", "The last of the 32 examples is left out of the sum."],
  [
    "bngain",
    "bnraw.T.matmul(dhpreact)",
    "A matrix product: yours is (20, 20), expected is (1, 20). Only its diagonal is wanted: multiply elementwise, then sum over the rows.",
  ],
  [
    "bngain",
    "bnraw.T.matmul(dhpreact).sum(0, { keepdim: true })",
    "These are the sums of a matrix product: multiply elementwise, then sum over the rows.",
  ],
  [
    "h",
    "dlogits.sum(1, { keepdim: true }).mul(w2.sum(1))",
    "Every element is zero, up to rounding. Over the columns, dlogits always adds up to zero.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, 0, k).item(), { accumulate: true }); } return d; })()",
    "Every position of a context gets what belongs to position 0.",
  ],
  [
    "C",
    "zeros_like(C).index_add_(0, xb.at(':', 0), demb.at(':', 2)).index_add_(0, xb.at(':', 1), demb.at(':', 1)).index_add_(0, xb.at(':', 2), demb.at(':', 0))",
    "The positions of each context are paired with the indices in reverse order.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) if (i > 0 && j > 0) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: true }); } return d; })()",
    "Position 0 and example 0 are left out: does a loop start at 1?",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) if (i < 27) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: true }); } return d; })()",
    "Only the first 81 of the 96 rows that come back are gathered.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: xb.at(i, j).item() !== 0 }); } return d; })()",
    "Overwritten instead of added in row 0: 12 rows of C are read more than once, and only the last copy of each counts. index_add_ adds them up.",
  ],
  [
    "C",
    "zeros_like(C).index_add_(0, [...xb.flatten().toArray()].map((i) => (i + 26) % 27), demb.view(-1, 10))",
    "The numbers are right, but in another order: row 0 holds what row 1 should. Is an index too large or too small by one, or the first row in the wrong place?",
  ],
  [
    "C",
    "demb.sum(1)",
    "Wrong shape: yours is (32, 10), expected is (27, 10). Yours is equal to the sum of demb over dimension 1. A gradient has the shape of its tensor, always.",
  ],
  [
    "emb",
    "dembcat.at(':', '0:10').view(n, 1, 10).mul(ones_like(emb))",
    "What belongs at index 0 of dimension 1 is repeated at all others.",
  ],
  [
    "emb",
    "dembcat.view(n, 3, 10).sum(1)",
    "Summed over dimension 1, though nothing was broadcast: yours is (32, 10), expected is (32, 3, 10).",
  ],
  ["w2", "ones_like(h).T.matmul(dlogits)", "ones_like(h).T stands where h.T belongs."],
  ["w2", "sub(1, h.pow(2)).mul(h).T.matmul(dlogits)", "(h·(1 − h²)).T stands where h.T belongs."],
  [
    "hpreact",
    "sub(1, bnraw.tanh().pow(2)).mul(dh)",
    "You multiply by 1 − tanh²(bnraw); the derivative of tanh is 1 − h².",
  ],
  [
    "bnbias",
    "sub(1, h.pow(2)).sum(0, { keepdim: true })",
    "This is what comes out when dh is left out of dhpreact: chain rule.",
  ],
  ["bnbias", "dhpreact.sum(0, { keepdim: true }).add(bngain)", "Every element is 1.1 too large: is bngain added?"],
  ["b1", "ones_like(b1)", "Every element is 1 too large: is the gradient from above, dhprebn, left out?"],
  ["b1", "dhprebn.mul(hprebn).sum(0)", "There is a factor too many: hprebn."],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv)).mul(sub(1, h.pow(2)))",
    "Multiplied by 1 − h² once too often.",
  ],
];
