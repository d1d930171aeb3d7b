// Mistakes in exercise 1 and what is said of each, word for word, with 20 neurons.
import type { Sentence } from "./sentence.ts";

export const sentences: readonly Sentence[] = [
  ["logprobs", "ones_like(logprobs).mul(-1 / n)", "The −1/n is put everywhere; it belongs at the targets only."],
  [
    "logprobs",
    "ones_like(logprobs).index_put_([range(n), yb], -1 / n)",
    "Wrong everywhere but at the picked ones, [i, yb[i]]. Every other one is 1 too large.",
  ],
  [
    "logprobs",
    "logprobs.clone().index_put_([range(n), yb], -1 / n)",
    "Wrong everywhere but at the picked ones, [i, yb[i]]. There stands logprobs: started from a clone of logprobs instead of zeros?",
  ],
  [
    "logprobs",
    "probs.mul(-1 / n)",
    "−1/n·probs stands everywhere; only the targets reach the loss, with a weight of −1/n each.",
  ],
  [
    "logprobs",
    "zeros_like(logprobs).index_put_([range(n), yb], -1 / n / n)",
    "Every element is 32 times too small: divided by n = 32 once too often?",
  ],
  [
    "logprobs",
    "full([n], -1 / n, { dtype: 'float64' })",
    "Only the picked elements, or all summed over the columns: yours is (32), expected is (32, 27). The gradient of all others is zero: put yours into zeros_like(logprobs).",
  ],
  ["probs", "dlogprobs.mul(probs)", "You multiply by probs; the derivative of ln x is 1/x."],
  ["probs", "probs.pow(-1)", "The gradient from above, dlogprobs, is missing: chain rule."],
  ["probs", "dlogprobs.clone()", "The derivative of ln x, 1/x, is left out."],
  [
    "probs",
    "probs.div(dlogprobs)",
    "832 of 864 elements are NaN or infinite, the first at [0, 0]: dlogprobs is zero there: do you divide by it?",
  ],
  ["counts", "dprobs.div(counts)", "In the term through probs: 1/counts stands where counts_sum_inv belongs."],
  [
    "counts",
    "dprobs.mul(counts_sum_inv).mul(counts)",
    "In the term through probs: probs stands where counts_sum_inv belongs. Or, which gives the same numbers: there is a factor too many: counts.",
  ],
  [
    "counts",
    "dprobs.mul(counts_sum_inv.sum())",
    "In the term through probs: counts_sum_inv.sum() stands where counts_sum_inv belongs.",
  ],
  [
    "counts_sum_inv",
    "counts.mean(1, { keepdim: true }).mul(dprobs).sum(1, { keepdim: true })",
    "counts.mean(1) stands where counts belongs.",
  ],
  [
    "counts_sum",
    "counts.mul(dcounts).sum(1, { keepdim: true })",
    "You multiply by 1/counts_sum; the derivative of x⁻¹ is −x⁻². Or, which gives the same numbers: what stands there is the sum of counts·the unfinished dcounts over the columns.",
  ],
  [
    "counts_sum",
    "counts.pow(-2).neg().sum(1, { keepdim: true }).mul(dcounts_sum_inv)",
    "You multiply by −(counts⁻²).sum(1); the derivative of x⁻¹ is −x⁻².",
  ],
  [
    "counts_sum",
    "counts_sum.log().mul(dcounts_sum_inv)",
    "You multiply by ln counts_sum; the derivative of x⁻¹ is −x⁻².",
  ],
  [
    "counts_sum",
    "counts_sum.mean().pow(-2).neg().mul(dcounts_sum_inv)",
    "You multiply by −counts_sum.mean()⁻²; the derivative of x⁻¹ is −x⁻².",
  ],
  [
    "counts+",
    "dcounts.add_(counts_sum.mul(dcounts_sum))",
    "In the term through counts_sum: there is a factor too many: counts_sum.",
  ],
  [
    "counts+",
    "dcounts.add_(dcounts_sum.mul(dcounts_sum_inv))",
    "In the term through counts_sum: there is a factor too many: dcounts_sum_inv.",
  ],
  ["logit_maxes", "dnorm_logits.mul(logits).neg().sum(1, { keepdim: true })", "There is a factor too many: logits."],
  [
    "logits",
    "probs.sub(one_hot(xb.at(':', 2), 27)).div(n)",
    "The 1 taken off stands at other places than the targets: they are column 2 of xb.",
  ],
  ["logits", "logits.sub(one_hot(yb, 27)).div(n)", "logits stands where softmax belongs."],
  [
    "norm_logits",
    "probs.sub(one_hot(probs.argmax(1), 27)).div(n)",
    "The 1 is taken off at the largest number of each row; it belongs at the targets.",
  ],
  [
    "hpreact",
    "sub(1, bnraw.tanh().pow(2)).mul(dh)",
    "You multiply by 1 − tanh²(bnraw); the derivative of tanh is 1 − h².",
  ],
  [
    "hpreact",
    "sub(1, h.pow(2)).mean(0, { keepdim: true }).mul(dh)",
    "You multiply by (1 − h²).mean(0); the derivative of tanh is 1 − h².",
  ],
  [
    "hpreact",
    "h.pow(0.5).mul(dh)",
    "337 of 640 elements are NaN or infinite, the first at [0, 1]: h is negative there: do you take its root or logarithm?",
  ],
  [
    "bnraw",
    "dhpreact.mul(hpreact)",
    "There is a factor too many: bnraw. Or, which gives the same numbers: hpreact stands where bngain belongs.",
  ],
  [
    "bnraw",
    "bngain.mul(dbngain)",
    "Wrong shape: yours is (1, 20), expected is (32, 20). A gradient has the shape of its tensor, always.",
  ],
  [
    "bndiff",
    "bnvar_inv.mean().mul(dbnraw)",
    "In the term through bnraw: bnvar_inv.mean() stands where bnvar_inv belongs.",
  ],
  [
    "bnvar_inv",
    "bndiff.mul(dbndiff).sum(0, { keepdim: true })",
    "This is what comes out with the unfinished dbndiff in place of dbnraw. Or, which gives the same numbers: bnraw stands where bndiff belongs.",
  ],
  [
    "bnvar_inv",
    "dbndiff.sum(0, { keepdim: true })",
    "bnvar_inv stands where bndiff belongs. Or, which gives the same numbers: what stands there is the sum of the unfinished dbndiff over the rows.",
  ],
  [
    "bnvar",
    "dbndiff.mul(bndiff).sum(0, { keepdim: true })",
    "You multiply by bnvar_inv; the derivative of (x + ε)^(−½) is −½·(x + ε)^(−3/2). Or, which gives the same numbers: what stands there is the sum of bndiff·the unfinished dbndiff over the rows.",
  ],
  [
    "bndiff2",
    "ones_like(bndiff2).add(1 / (n - 1)).mul(dbnvar)",
    "Every element is 32 times too large: n/(n − 1), or 1 + 1/(n − 1), where 1/(n − 1) belongs?",
  ],
  [
    "bnmeani",
    "dbndiff.neg().sum(0, { keepdim: true }).div(n - 1).mul(n)",
    "Every element is 1.032 times what it should be: that is n/(n − 1), as with n and n − 1 exchanged, 32 and 31 here.",
  ],
  [
    "hprebn+",
    "dhprebn.add_(dbnmeani.mul(bnmeani))",
    "In the term through bnmeani: there is a factor too many: bnmeani. Besides, it is 32 times too large: where is the 1/n of a mean over 32 examples?",
  ],
  ["hprebn+", "dhprebn = dhprebn.add(dbnmeani.div(n)).div(2)", "Every element is half of what it should be."],
  ["bnmeani", "dbndiff.neg().sum(0, { keepdim: true }).div(16)", "Every element is 0.0625 times what it should be."],
  ["b1", "hprebn.mul(dhprebn).sum(0)", "There is a factor too many: hprebn."],
  [
    "logprobs",
    "full([n], -1 / n, { dtype: 'float64' }).view(n, 1)",
    "Only the picked elements, or all summed over the columns: yours is (32, 1), expected is (32, 27). The gradient of all others is zero: put yours into zeros_like(logprobs).",
  ],
  [
    "logprobs",
    "zeros_like(logprobs).index_put_([range(n), yb], -1 / 64)",
    "Every element is half of what it should be.",
  ],
  [
    "counts_sum_inv",
    "counts.mul(dprobs)",
    "A sum is missing: yours is (32, 27), expected is (32, 1). counts_sum_inv was broadcast over dimension 1 in probs; what is broadcast forward is summed backward.",
  ],
  [
    "counts_sum_inv",
    "counts.mul(dprobs).sum(0)",
    "Summed over the wrong dimension: yours is (27), expected is (32, 1). counts_sum_inv was broadcast over dimension 1 in probs.",
  ],
  [
    "counts_sum_inv",
    "counts.mul(dprobs).sum(1)",
    "A dimension of size 1 makes the difference: yours is (32), expected is (32, 1). Keep the dimension that you sum over: { keepdim: true }.",
  ],
  [
    "counts_sum_inv",
    "counts.mul(dprobs).sum()",
    "All is summed to one number: yours is (), expected is (32, 1). counts_sum_inv was broadcast over dimension 1 in probs.",
  ],
  ["counts_sum_inv", "dprobs.sum(1, { keepdim: true })", "The factor counts is missing."],
  ["counts_sum_inv", "norm_logits.mul(dprobs).sum(1, { keepdim: true })", "norm_logits stands where counts belongs."],
  [
    "counts_sum_inv",
    "counts.mul(dprobs).mean(1, { keepdim: true })",
    "Every element is 27 times too small: a mean over 27 where a sum belongs?",
  ],
  ["counts_sum_inv", "dprobs.div(counts).sum(1, { keepdim: true })", "You divide by counts; multiply by it."],
  [
    "counts_sum_inv",
    "counts.sum(1, { keepdim: true })",
    "The gradient from above, dprobs, is missing: chain rule. Or, which gives the same numbers: every element is 32 times too large, with the wrong sign: multiplied by n = 32 once too often, or the 1/n of the mean left out?",
  ],
  [
    "counts+",
    "",
    "Right for the path through probs; counts also feeds counts_sum, and a tensor that is used twice gets two terms (add_ adds in place; add makes a new tensor).",
  ],
  [
    "counts+",
    "dcounts.sub_(ones_like(counts).mul(dcounts_sum))",
    "The term through counts_sum is the right number with the wrong sign.",
  ],
  [
    "counts+",
    "dcounts.add_(counts.mul(dcounts_sum))",
    "In the term through counts_sum: there is a factor too many: counts.",
  ],
  [
    "counts+",
    "dcounts.add_(1)",
    "In the term through counts_sum: the gradient from above, dcounts_sum, is missing: chain rule.",
  ],
  [
    "counts_sum",
    "counts_sum.pow(-1).neg().mul(dcounts_sum_inv)",
    "You multiply by −1/counts_sum; the derivative of x⁻¹ is −x⁻².",
  ],
  [
    "counts_sum",
    "dcounts.sum(1, { keepdim: true })",
    "What stands there is the sum of the unfinished dcounts over the columns.",
  ],
  [
    "logit_maxes",
    "dnorm_logits.pow(2).sum(1, { keepdim: true })",
    "The squares of the 27 terms are added up.",
  ],
  [
    "logits+",
    "dlogits.add_(one_hot(logits.argmax(1), vocab_size))",
    "In the term through logit_maxes: the gradient from above, dlogit_maxes, is missing: chain rule.",
  ],
  ["h", "dlogits.matmul(w2.T).mul(h)", "Multiplied by h once too often."],
  [
    "h",
    "dlogits.matmul(w2.view(27, -1))",
    "w2.view(27, 20) stands where w2.T belongs: a view keeps the numbers in their order, .T exchanges rows and columns.",
  ],
  [
    "h",
    "w2.matmul(dlogits.T)",
    "Transposed: yours is (20, 32), expected is (32, 20). Exchange the two sides of the product, or transpose it.",
  ],
  [
    "h",
    "w2.matmul(dlogits.T).view(32, 20)",
    "The numbers are right, but rows and columns are exchanged in their order: a view keeps the numbers in their order, .T exchanges rows and columns.",
  ],
  ["w2", "hpreact.T.matmul(dlogits)", "hpreact.T stands where h.T belongs."],
  ["w2", "dh.T.matmul(dlogits)", "dh.T stands where h.T belongs."],
  [
    "w2",
    "h.T.matmul(dlogits).index_put_([[2], [5]], 7)",
    "Only the element at [2, 5] is wrong: yours 7, expected −0.02406.",
  ],
  [
    "w2",
    "(() => { const d = h.T.matmul(dlogits); d.narrow(0, 3, 1).mul_(2); return d; })()",
    "Right but for row 3. Every element there is 2 times what it should be: added twice, or a ½ missing?",
  ],
  [
    "w2",
    "(() => { const d = h.T.matmul(dlogits); d.narrow(0, 3, 2).mul_(0); return d; })()",
    "Right but for 2 of 20 rows: 3, 4. Every element there is zero.",
  ],
  [
    "w2",
    "h.T.matmul(dlogits).at([1, 0, ...range(2, 20)])",
    "The numbers are right, but in another order: row 0 holds what row 1 should. Are the sizes of a view in another order, or is a view where a transpose belongs?",
  ],
  ["hpreact", "sub(1, dh.pow(2)).mul(h)", "h · (1 − dh²) stands where dh · (1 − h²) belongs."],
  ["hpreact", "sub(1, h).mul(dh)", "You multiply by 1 − h; the derivative of tanh is 1 − h²."],
  [
    "bngain",
    "hpreact.mul(dhpreact).sum(0, { keepdim: true })",
    "Every element is 1.1 times what it should be: multiplied by bngain once too often? bngain is 1.1 everywhere, so a factor of 1.1 would look the same. Or, which gives the same numbers: hpreact stands where bnraw belongs.",
  ],
  [
    "bnraw",
    "dhpreact.clone()",
    "Every element is 0.9091 times what it should be: bngain left out? bngain is 1.1 everywhere, so a factor of 0.9091 would look the same.",
  ],
  [
    "bndiff2",
    "dbnvar.mul(1 / (n - 1))",
    "Not broadcast: yours is (1, 20), expected is (32, 20). What is summed forward is broadcast backward: multiply with ones_like(bndiff2).",
  ],
  [
    "bndiff2",
    "ones_like(bndiff2).mul(1 / n).mul(dbnvar)",
    "Every element is 0.9688 times what it should be: n and n − 1 exchanged, 32 and 31 here.",
  ],
  [
    "bnvar",
    "bnvar.pow(-1.5).mul(-0.5).mul(dbnvar_inv)",
    "The ε is left out: bnvar + 1e-5 belongs there; at [0, 0] yours is −0.00127971, expected is −0.0012797.",
  ],
  [
    "bnvar",
    "bnvar.add(1e-5).pow(-1.5).mul(dbnvar_inv)",
    "Every element is 2 times what it should be, with the wrong sign: added twice, or a ½ missing?",
  ],
  [
    "bndiff+",
    "dbndiff.add_(bndiff.mul(dbndiff2))",
    "The term through bndiff2 is half of what it should be: is a 2 missing, as in the derivative of x², 2x?",
  ],
  [
    "bndiff+",
    "dbndiff.add_(bnraw.mul(2).mul(dbndiff2))",
    "In the term through bndiff2: you multiply by 2·bnraw; the derivative of x² is 2x.",
  ],
  [
    "emb",
    "dembcat",
    "Wrong shape: yours is (32, 30), expected is (32, 3, 10). As many elements, in another shape: view(32, 3, 10) gives the right one.",
  ],
  [
    "C",
    "ones_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd))",
    "Every element is 1 too large: started from ones instead of zeros?",
  ],
  [
    "C",
    "C.clone().index_add_(0, xb.flatten(), demb.view(-1, n_embd))",
    "Right, but C is added: started from a clone of C instead of zeros?",
  ],
  [
    "C",
    "zeros_like(C).index_add_(0, xb.T.flatten(), demb.view(-1, n_embd))",
    "The rows that come back and the indices do not belong together: one goes column by column, the other row by row.",
  ],
  [
    "C",
    "demb.view(-1, n_embd)",
    "Wrong shape: yours is (96, 10), expected is (27, 10). emb has as many elements: add up the gradients of all elements that came from the same element of C.",
  ],
  ["b2", "dlogits.mean(0)", "Every element is 32 times too small: a mean over 32 where a sum belongs?"],
  [
    "bndiff2",
    "ones_like(bndiff2).mul(1 / (n - 1)).mul(dbnvar).div(n - 1)",
    "Every element is 31 times too small: divided by n − 1 = 31 once too often?",
  ],
  [
    "C",
    "(() => { const d = zeros_like(C).toArray(), s = demb.toArray(), x = xb.toArray(); x.forEach((r, k) => { for (let j = 0; j < 10; j++) d[r * 10 + j] = s[k * 10 + j]; }); return tensor(d, { shape: [27, 10], dtype: 'float64' }); })()",
    "Overwritten instead of added: 12 rows of C are read more than once, and only the last copy of each counts. index_add_ adds them up.",
  ],
];
