// Mistakes in exercise 4: the whole of it.
import { type Mistake, SIGN } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  ["logits", "logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true })", "32 times too large"],
  ["logits", "logits.softmax(1).index_put_([range(n), yb], -1).div_(n)", "accumulate"],
  ["h", "logits.matmul(w2.T)", "logits"],
  ["w2", "hpreact.T.matmul(dlogits)", "hpreact"],
  ["b2", "dlogits.mean(0)", "32 times too small"],
  ["hpreact", "sub(1, h).mul_(dh)", "derivative of tanh is 1 − h²"],
  ["bngain", "bnraw.mul(dh).sum(0, { keepdim: true })", "dh in place of dhpreact"],
  ["bnbias", "dh.sum(0, { keepdim: true })", "dh in place of dhpreact"],
  ["hprebn", "dhpreact.addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))", "bnmean"],
  ["hprebn", "dhpreact.sub(dbnbias.div(n)).mul_(bngain.mul(bnvar_inv))", "bnvar"],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / n }).mul_(bngain.mul(bnvar_inv))",
    "bnvar",
    "n and n − 1",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "bnmean",
    "32 times too large",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: 1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "bnvar",
    SIGN,
  ],
  ["embcat", "dhpreact.matmul(w1.T)", "dhpreact"],
  ["w1", "embcat.T.matmul(dhpreact)", "dhpreact"],
  ["b1", "dhpreact.sum(0)", "dhpreact in place of dhprebn"],
  ["emb", "dembcat", "view(32, 3, 10)"],
  ["C", "zeros_like(C).index_add_(0, xb.flatten(), emb.view(-1, n_embd))", "emb in place of demb"],
  ["logits", "logits.softmax(1).sub(one_hot(xb.at(':', 2), 27)).div(n)", "column 2 of xb"],
  ["h", "logits.softmax(1).matmul(w2.T)", "softmax(logits) in place of dlogits"],
  ["w2", "h.T.matmul(logits.softmax(1)).div(n)", "softmax(logits) in place of dlogits"],
  ["hpreact", "sub(1, h.pow(2)).mul(dh).mul(bngain)", "the right dbnraw already"],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).sub(bnraw.mul(dbngain).div(n - 1)).mul(dbngain.mul(bnvar_inv))",
    "dbngain stands where bngain belongs",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbngain.div(n)).sub(bnraw.mul(dbnbias).div(n - 1)).mul(bngain.mul(bnvar_inv))",
    "dbnbias and dbngain are exchanged",
  ],
  ["w2", "h.T.matmul(dlogits).mul(0.9).add(w2.mul(0.1))", "0.9 times what belongs there and 0.1·w2"],
  [
    "hprebn",
    "dhpreact.sub(bnmean).addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }).mul_(bngain.mul(bnvar_inv))",
    "bnmean stands where 1/n·dbnbias belongs.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dbnbias.div(n)).addcmul_(bnraw, dbngain, { value: -1 / n + 1 }).mul_(bngain.mul(bnvar_inv))",
    "1/n − 1 where 1/(n − 1) belongs?",
  ],
];
