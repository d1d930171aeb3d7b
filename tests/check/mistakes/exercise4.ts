// Mistakes in exercise 4, and what is said of each.
import type { Mistake } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true })",
    "Every element is 32 times too large: is a division by 32 left out, or a sum taken for a mean?",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], -1).div_(n)",
    "What stood there is overwritten; it has to be added to: { accumulate: true }.",
  ],
  ["h", "logits.matmul(w2.T)", "logits stands where dlogits belongs."],
  ["w2", "hpreact.T.matmul(dlogits)", "hpreact stands where h belongs."],
  ["b2", "dlogits.mean(0)", "You take the mean over dimension 0; the sum belongs there."],
  ["hpreact", "sub(1, h).mul_(dh)", "h stands where h.pow(2) belongs. The derivative of tanh x is 1 − tanh² x."],
  ["bngain", "bnraw.mul(dh).sum(0, { keepdim: true })", "dh stands where dhpreact belongs."],
  ["bnbias", "dh.sum(0, { keepdim: true })", "dh stands where dhpreact belongs."],
  [
    "hprebn",
    "dhpreact.addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "The term through bnmean is missing: hprebn also feeds bnmean, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).mul_(bngain.mul(bnvar_inv))",
    "The term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / n }).mul_(bngain.mul(bnvar_inv))",
    "−1/32 stands where −1/31 belongs, in bnraw.mul(dbngain).mul(−1/32).",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "A division by 32 is missing: dbnbias stands alone.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: 1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "bnraw.mul(dbngain).mul(1/31) has the wrong sign.",
  ],
  ["embcat", "dhpreact.matmul(w1.T)", "dhpreact stands where dhprebn belongs."],
  ["w1", "embcat.T.matmul(dhpreact)", "dhpreact stands where dhprebn belongs."],
  ["b1", "dhpreact.sum(0)", "dhpreact stands where dhprebn belongs."],
  [
    "emb",
    "dembcat",
    "dembcat has to be put in the shape of emb: view(32, 3, 10). Yours is (32, 30), expected is (32, 3, 10).",
  ],
  ["C", "zeros_like(C).index_add_(0, xb.flatten(), emb.view(-1, n_embd))", "emb stands where demb belongs."],
  ["logits", "logits.softmax(1).sub(one_hot(xb.at(':', 2), 27)).div(n)", 'xb.at(":", 2) stands where yb belongs.'],
  ["h", "logits.softmax(1).matmul(w2.T)", "logits.softmax(1) stands where dlogits belongs."],
  [
    "w2",
    "h.T.matmul(logits.softmax(1)).div(n)",
    "logits.softmax(1) stands where dlogits belongs. Besides, it is 32 times too small: is there a division by 32 too many, or a mean taken for a sum?",
  ],
  [
    "hpreact",
    "sub(1, h.pow(2)).mul(dh).mul(bngain)",
    "You multiply by bngain, which does not belong there. The derivative of tanh x is 1 − tanh² x.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).sub(bnraw.mul(dbngain).div(n - 1)).mul(dbngain.mul(bnvar_inv))",
    "dbngain stands where bngain belongs, in dbngain.mul(bnvar_inv).",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbngain.div(n)).sub(bnraw.mul(dbnbias).div(n - 1)).mul(bngain.mul(bnvar_inv))",
    "dbngain and dbnbias are exchanged.",
  ],
  [
    "w2",
    "h.T.matmul(dlogits).mul(0.9).add(w2.mul(0.1))",
    "You add w2.mul(0.1), which does not belong there. Besides, it is 0.9 times what it should be.",
  ],
  [
    "hprebn",
    "dhpreact.sub(bnmean).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "In the term through bnmean: bnmean stands where dbnbias belongs. Besides, the term through bnmean is 32 times too large: is a division by 32 left out, or a sum taken for a mean?",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / n + 1 }).mul_(bngain.mul(bnvar_inv))",
    "In the term through bnvar: the sign is wrong. Besides, the term through bnvar is 961/32 times what it should be.",
  ],
  [
    "embcat",
    "dhpreact.mul(bngain).mul(bnvar_inv).matmul(w1.T)",
    "dhpreact.mul(bngain).mul(bnvar_inv) stands where dhprebn belongs.",
  ],
  ["w1", "embcat.T.matmul(dhpreact.mul(bngain))", "dhpreact.mul(bngain) stands where dhprebn belongs."],
  ["bngain", "hprebn.sub(bnmean).mul(dhpreact).sum(0, { keepdim: true })", "The factor bnvar_inv is missing."],
  [
    "hprebn",
    "dhpreact.sub(dbnbias).sub(dbngain).mul(bngain.mul(bnvar_inv))",
    "The term through bnmean is 32 times too large. Besides, in the term through bnvar: the factor bnraw is missing. Besides, the term through bnvar is 31 times too large.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).mul(bngain)",
    "In the terms through bnraw and bnmean: the factor bnvar_inv is missing. Besides, the term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n - 1)).sub(hprebn.mul(dbngain.div(n - 1))).mul(bngain.mul(bnvar_inv))",
    "In the term through bnmean: 31 stands where 32 belongs, in dbnbias.div(31). Besides, in the term through bnvar: hprebn stands where bnraw belongs.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).sub(bnraw.mul(dbngain.div(n))).mul(bngain.div(bnvar.sqrt()))",
    "All 2048 elements are off. The worst element is at [30, 18]: yours −0.0006873, expected −0.0007233; [0, 0]: yours −0.0003067, expected −0.0003039; [31, 63]: yours 0.000706, expected 0.0007079.",
  ],
  [
    "bnbias",
    "dhpreact.sum([0, 1], { keepdim: true })",
    "The sum goes over dimensions 0 and 1; sum(0, { keepdim: true }) belongs there. Yours is (1, 1), expected is (1, 64).",
  ],
  [
    "bngain",
    "bnraw.mul(dhpreact).sum(0, { keepdim: true }).sum(1, { keepdim: true })",
    "You take the sum over dimension 1 of bnraw.mul(dhpreact).sum(0, { keepdim: true }), which does not belong there. Yours is (1, 1), expected is (1, 64).",
  ],
  [
    "b2",
    "dlogits.sum([0, 1], { keepdim: true })",
    "The sum goes over dimensions 0 and 1; sum(0) belongs there. Yours is (1, 1), expected is (27).",
  ],
  ["b1", "dhprebn.at('0:31').sum(0)", 'You take only a part, dhprebn.at("0:31"); all of dhprebn belongs there.'],
  [
    "bngain",
    "bnraw.T.matmul(dhpreact)",
    "Wrong shape: yours is (64, 64), expected is (1, 64). A gradient has the shape of its tensor, always.",
  ],
  [
    "bngain",
    "bnraw.T.matmul(dhpreact).sum(0, { keepdim: true })",
    "bnraw.T.matmul(dhpreact) stands where dhpreact belongs. Besides, the factor bnraw is missing.",
  ],
  [
    "bngain",
    "bnraw.T.matmul(dhpreact).sum(1).view(1, -1)",
    "bnraw.T.matmul(dhpreact) stands where bnraw.T belongs. Besides, the gradient from above, dhpreact, is missing: chain rule.",
  ],
  [
    "h",
    "dlogits.sum(1, { keepdim: true }).mul(w2.sum(1))",
    "The sum is in the wrong place: dlogits.sum(1, { keepdim: true }).mul(w2.sum(1)) stands where dlogits.matmul(w2.T) belongs.",
  ],
  ["w1", "ones_like(embcat).T.matmul(dhprebn)", "The factor embcat is missing: ones([32, 30]) stands alone."],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, 0, k).item(), { accumulate: true }); } return d; })()",
    "Index 0 of dimension 1 of demb stands for all.",
  ],
  [
    "C",
    "zeros_like(C).index_add_(0, xb.at(':', 0), demb.at(':', 2)).index_add_(0, xb.at(':', 1), demb.at(':', 1)).index_add_(0, xb.at(':', 2), demb.at(':', 0))",
    "demb is in reverse order, index of dimension 1 by index of dimension 1.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) if (i > 0 && j > 0) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: true }); } return d; })()",
    "150 of 270 elements are off. The worst element is at [0, 7]: yours 0.009809, expected 0.03975; [0, 0]: yours −0.02075, expected −0.02856; [26, 9]: yours 0.004919, expected 0.004508.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) if (i < 27) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: true }); } return d; })()",
    "Only rows 0 to 80 of demb.view(−1, 10) are there; all of it belongs there.",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C); for (let i = 0; i < n; i++) for (let j = 0; j < 3; j++) { for (let k = 0; k < 10; k++) d.index_put_([[xb.at(i, j).item()], [k]], demb.at(i, j, k).item(), { accumulate: xb.at(i, j).item() !== 0 }); } return d; })()",
    "Right but for row 0. The first is 0.002427, expected −0.02856.",
  ],
  [
    "C",
    "zeros_like(C).index_add_(0, [...xb.flatten().toArray()].map((i) => (i + 26) % 27), demb.view(-1, 10))",
    "zeros_like(C).index_add_(0, xb.flatten(), demb.view(−1, 10)) is displaced by 1 row.",
  ],
  [
    "C",
    "demb.sum(1)",
    "Wrong shape: yours is (32, 10), expected is (27, 10). A gradient has the shape of its tensor, always.",
  ],
  [
    "emb",
    "dembcat.at(':', '0:10').view(n, 1, 10).mul(ones_like(emb))",
    "Index 0 of dimension 1 of dembcat.view(32, 3, 10) stands for all.",
  ],
  [
    "emb",
    "dembcat.view(n, 3, 10).sum(1)",
    "You take the sum over dimension 1 of dembcat.view(32, 3, 10), which does not belong there. Yours is (32, 10), expected is (32, 3, 10).",
  ],
  ["b2", "dh.sum(0)", "dh stands where dlogits belongs. Yours is (64), expected is (27)."],
  ["w2", "ones_like(h).T.matmul(dlogits)", "The factor h is missing: ones([32, 64]) stands alone."],
  ["w2", "h.tanh().T.matmul(dlogits)", "tanh() does not belong there, only h."],
  ["w2", "sub(1, h.pow(2)).mul(h).T.matmul(dlogits)", "You multiply by sub(1, h.pow(2)), which does not belong there."],
  [
    "hpreact",
    "sub(1, bnraw.tanh().pow(2)).mul(dh)",
    "bnraw stands where hpreact belongs. The derivative of tanh x is 1 − tanh² x.",
  ],
  ["bnbias", "sub(1, h.pow(2)).sum(0, { keepdim: true })", "sub(1, h.pow(2)) stands where dhpreact belongs."],
  ["bnbias", "dhpreact.sum(0, { keepdim: true }).add(bngain)", "You add bngain, which does not belong there."],
  ["b1", "ones_like(b1)", "The gradient from above, dhprebn, is missing: chain rule."],
  [
    "b1",
    "dhpreact.mean(0)",
    "dhpreact stands where dhprebn belongs. Besides, it is 32 times too small: is there a division by 32 too many, or a mean taken for a sum?",
  ],
  ["b1", "dhprebn.mul(hprebn).sum(0)", "You multiply by hprebn, which does not belong there."],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv)).mul(sub(1, h.pow(2)))",
    "You multiply by sub(1, h.pow(2)), which does not belong there.",
  ],
];
