// Mistakes in exercise 3 and what is said of each, word for word, with 20 neurons.
import type { Sentence } from "./sentence.ts";

export const sentences: readonly Sentence[] = [
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "Right for the paths through bnvar and bnraw; hprebn also feeds bnmean, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).mul(dhpreact.sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "Each of the terms through bnmean and bnvar is 32 times too large: where is the 1/n of a mean over 32 examples?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "In the term through bnmean: the sum over the rows is missing: Σ dhpreact.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.sum(0)).mul(n / (n - 1))))",
    "In the term through bnvar: in the sum, the factor bnraw is missing.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dh.mul(n).sub(dh.sum(0)).sub(bnraw.mul(dh.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "This is what comes out with dh in place of dhpreact.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv.pow(2)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "Multiplied by bnvar_inv once too often.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The factor bnvar_inv is left out.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })).sub(bnraw.mul(dhpreact.mul(bnraw).sum(1, { keepdim: true })).mul(n / (n - 1))))",
    "In the terms through bnmean and bnvar: the sum goes over the columns; it should go over the rows.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact).sub(bnraw.mul(dhpreact.mul(bnraw)).mul(n / (n - 1))))",
    "In the term through bnmean: the sum over the rows is missing: Σ dhpreact. Besides, in the term through bnvar: the sum over the rows is missing: Σ dhpreact·bnraw.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum()).sub(bnraw.mul(dhpreact.mul(bnraw).sum()).mul(n / (n - 1))))",
    "In the term through bnmean: dhpreact is summed over everything, to one number: is there a sum without its dimension? Besides, in the term through bnvar: dhpreact·bnraw is summed over everything, to one number: is there a sum without its dimension?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mul(bnraw).sum(0)).sub(bnraw.mul(dhpreact.sum(0)).mul(n / (n - 1))))",
    "In the term through bnmean: in the sum, there is a factor too many: bnraw. Besides, in the term through bnvar: in the sum, the factor bnraw is missing.",
  ],
  [
    "hprebn",
    "bngain.mul(dhpreact.sub(dhpreact.mean(0)))",
    "The factor bnvar_inv is left out. Besides, hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(1)))",
    "The factor bnvar_inv is left out. Besides, the term through bnvar is 0.9688 times what it should be: n and n − 1 exchanged, 32 and 31 here.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "√bnvar stands where bnvar_inv belongs: divide by it.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).neg()))",
    "The term through bnvar is the right number with the wrong sign. Besides, the ε is left out: bnvar + 1e-5 belongs there.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "In the term through bnmean: the sum goes over the columns; it should go over the rows. Besides, the ε is left out: bnvar + 1e-5 belongs there.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(-n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The ε is left out: bnvar + 1e-5 belongs there; at [0, 0] yours is 0.0001789, expected is −0.0001789. The sign is wrong, too.",
  ],
  [
    "hprebn",
    "bngain.mul(dhpreact).div(bnvar.sqrt())",
    "Right for the path through bnraw; hprebn also feeds bnmean and bnvar, and a tensor that is used three times gets three terms. Besides, the ε is left out: bnvar + 1e-5 belongs there.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.sub(bnmean).mul(dhpreact.mul(hprebn.sub(bnmean)).sum(0)).mul(n / (n - 1))))",
    "In the term through bnvar: the factor bnvar_inv² is missing: is hprebn − bnmean in both places of bnraw, or bnvar_inv where bnvar_inv³ belongs?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).mul(bnvar_inv.pow(2))))",
    "In the term through bnvar: multiplied by bnvar_inv twice too often.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).mul(bnvar_inv)))",
    "In the term through bnvar: multiplied by bnvar_inv once too often.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0).pow(2)).mul(n / (n - 1))))",
    "In the term through bnvar: the sum Σ dhpreact·bnraw is squared.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(n / (n - 1)).mul(bnvar_inv.pow(2))))",
    "In the term through bnvar: hprebn stands where hprebn − bnmean belongs, in the sum and outside it.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact).mul(n / (n - 1))))",
    "In the term through bnvar: the sum over the rows is missing: Σ dhpreact·bnraw. The factor bnraw is missing.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hpreact.mul(dhpreact.mul(hpreact).sum(0)).mul(n / (n - 1))))",
    "The term through bnvar is 1.21 times what it should be: multiplied by bngain twice too often? bngain is 1.1 everywhere, so a factor of 1.21 would look the same. Or, which gives the same numbers: in the term through bnvar: hpreact stands where bnraw belongs, in the sum and outside it.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(1 / n)))",
    "The term through bnvar is 0.03027 times what it should be: 1/n where n/(n − 1) belongs?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / 2)))",
    "The term through bnvar is 15.5 times what it should be: is the 2/(n − 1) of the variance left out?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(vocab_size).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "Every element is 1.185 times what it should be: divided by 27 instead of n = 32?",
  ],
  [
    "hprebn",
    "bnbias.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "Every element is zero. bnbias is zero everywhere.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.sub(bnmean).mul(dhpreact.mul(hprebn.sub(bnmean)).sum(0)).mul(bnvar.pow(1.5)).mul(bnvar_inv.pow(-1)).mul(n / (n - 1))))",
    "In the term through bnvar: bnvar^(3/2) stands where bnvar_inv³ belongs: divide by it.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).mul(sub(1, h.pow(2)))",
    "Multiplied by 1 − h² once too often.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).neg()))",
    "In the term through bnvar: dhpreact stands where bnraw belongs. The sign is wrong, too.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(1)))",
    "In the term through bnvar: hprebn stands where bnraw belongs, in the sum and outside it. Besides, the term through bnvar is 0.9688 times what it should be: n and n − 1 exchanged, 32 and 31 here.",
  ],
];
