// Mistakes in exercise 3, batchnorm in one go, and what is said of each.
import type { Mistake } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The term through bnmean is missing: hprebn also feeds bnmean, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).add(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "dhpreact.sum(0) has the wrong sign.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)))",
    "The term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).add(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(32/31) has the wrong sign.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0))))",
    "The term through bnvar is 31/32 times what it should be: is there a division by 32 where 31 belongs?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).mul(n)",
    "You multiply by 32, which does not belong there.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The factor bnvar_inv is missing.",
  ],
  [
    "hprebn",
    "bnvar_inv.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The factor bngain is missing.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).mul(dhpreact.sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "You take the sum over dimension 0; the mean belongs there, in both places.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "In the term through bnmean: a sum is missing: dhpreact.neg() stands where dhpreact.neg().sum(0, { keepdim: true }) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(bnraw).sum(0).mul(n / (n - 1))))",
    "The factor bnraw is missing: multiply dhpreact.mul(bnraw).sum(0).mul(32/31) by it.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.sum(0)).mul(n / (n - 1))))",
    "The factor bnraw is missing: multiply dhpreact by it, in bnraw.mul(dhpreact.sum(0)).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).mul(dhpreact)",
    "The terms through bnmean and bnvar are missing: hprebn also feeds bnmean and bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnvar stands where bnvar_inv belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.pow(2).mul(dhpreact).mul(n / (n - 1))))",
    "A sum is missing: bnraw.pow(2).mul(dhpreact) stands where bnraw.mul(bnraw.mul(dhpreact).sum(0, { keepdim: true })) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dh.mul(n).sub(dh.sum(0)).sub(bnraw.mul(dh.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "dh stands where dhpreact belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).neg()",
    "The sign is wrong.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mean(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "You take the mean over dimension 0; the sum belongs there.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(n / (n - 1))))",
    "hprebn stands where bnraw belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).sum(0)",
    "You take the sum over dimension 0 of bngain.mul(bnvar_inv).div(32).mul(…), which does not belong there. Yours is (64), expected is (32, 64).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv.pow(2)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "pow(2) does not belong there, only bnvar_inv.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum()).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The sum goes over everything; sum(0, { keepdim: true }) belongs there, in dhpreact.sum().",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum()).mul(n / (n - 1))))",
    "The sum goes over everything; sum(0, { keepdim: true }) belongs there, in dhpreact.mul(bnraw).sum().",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0))).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))",
    "A bracket closes in the wrong place: (…).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(32/31)) stands where bngain.mul(bnvar_inv).div(32).mul(…) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "dhpreact stands where bnraw belongs, in dhpreact.mul(dhpreact.mul(bnraw).sum(0)).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw)).sum(0).mul(n / (n - 1))))",
    "The sum is in the wrong place: bnraw.mul(dhpreact.mul(bnraw)).sum(0) stands where bnraw.mul(dhpreact.mul(bnraw).sum(0, { keepdim: true })) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(hprebn.var(0).add(1e-3).pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "0.001 stands where 1e-5 belongs, in hprebn.var(0).add(0.001).",
  ],
  [
    "hprebn",
    "bngain.mul(hprebn.var(0, { correction: 0 }).add(1e-5).pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "var(0, { correction: 0 }) stands where var(0, { correction: 1 }) belongs.",
  ],
  ["hprebn", "dhpreact.clone()", "What stands there is dhpreact itself."],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnvar_inv.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnvar_inv stands where bnraw belongs, in bnvar_inv.mul(dhpreact.mul(bnraw).sum(0)).",
  ],
  ["hprebn", "hprebn.mul(2)", "What stands there is 2·hprebn."],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(2 / (n - 1))))",
    "2/31 stands where 32/31 belongs, in bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(2/31).",
  ],
  [
    "hprebn",
    "bngain.div(bnvar).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "You divide by bnvar where the factor bnvar_inv belongs.",
  ],
  [
    "hprebn",
    "bnvar_inv.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0))))",
    "The factor bngain is missing. Besides, the term through bnvar is 31/32 times what it should be: is there a division by 32 where 31 belongs?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mean(1, { keepdim: true }).mul(n)).sub(bnraw.mul(dhpreact.mul(bnraw).mean(1, { keepdim: true })).mul(n)))",
    "In the terms through bnmean and bnvar: the mean is taken over dimension 1; mean(0, { keepdim: true }) belongs there. Besides, the term through bnvar is 31/32 times what it should be.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mean().mul(n)).sub(bnraw.mul(dhpreact.mul(bnraw).mean()).mul(n)))",
    "In the terms through bnmean and bnvar: the mean is taken over everything; mean(0, { keepdim: true }) belongs there. Besides, the term through bnvar is 31/32 times what it should be.",
  ],
  [
    "hprebn",
    "dhpreact.sub(dhpreact.mean(0))",
    "In the terms through bnraw and bnmean: the factors bngain and bnvar_inv are missing. Besides, the term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).add(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The factor bnvar_inv is missing. Besides, the term through bnvar has the wrong sign.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [13, 23]: yours 0.01181, expected 0.006083; [0, 0]: yours −0.00088, expected −0.0003464; [31, 63]: yours 0.0008531, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0))))",
    "All 2048 elements are off. The worst element is at [23, 4]: yours −0.03646, expected −0.003607; [0, 0]: yours −0.001786, expected −0.0003464; [31, 63]: yours 0.001754, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "sqrt() does not belong there, only bnvar_inv.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar.pow(-1.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnvar.pow(−1.5) stands where bnvar_inv belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar.pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).mul(2)",
    "The 1e-5 is left out: bnvar stands where bnvar.add(1e-5) belongs. Besides, it is 2 times too large.",
  ],
  [
    "hprebn",
    "bnvar.pow(-0.5).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [3, 1]: yours −0.007445, expected −0.00819; [0, 0]: yours −0.0003149, expected −0.0003464; [31, 63]: yours 0.0006377, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar.pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [19, 52]: yours −0.00412, expected −0.0002732; [0, 0]: yours −0.00003111, expected −0.0003464; [31, 63]: yours 0.0006387, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })))",
    "In the term through bnmean: the sum goes over dimension 1; sum(0, { keepdim: true }) belongs there. Besides, the term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "dhpreact.mul(bngain)",
    "In the term through bnraw: the factor bnvar_inv is missing. Besides, the terms through bnmean and bnvar are missing: hprebn also feeds bnmean and bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mul(bngain).sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "You multiply by bngain, which does not belong there, in dhpreact.mul(bngain).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })).sub(bnraw.mul(dhpreact.mul(bnraw).sum(1, { keepdim: true })).mul(n / (n - 1))))",
    "The sum goes over dimension 1; sum(0, { keepdim: true }) belongs there, in both places.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact).sub(bnraw.mul(dhpreact.mul(bnraw)).mul(n / (n - 1))))",
    "In the term through bnmean: a sum is missing: dhpreact.neg() stands where dhpreact.neg().sum(0, { keepdim: true }) belongs. Besides, in the term through bnvar: a sum is missing: dhpreact.mul(bnraw) stands where dhpreact.mul(bnraw).sum(0, { keepdim: true }) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum()).sub(bnraw.mul(dhpreact.mul(bnraw).sum()).mul(n / (n - 1))))",
    "The sum goes over everything; sum(0, { keepdim: true }) belongs there, in both places.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.mul(bnraw).sum(0)).sub(bnraw.mul(dhpreact.sum(0)).mul(n / (n - 1))))",
    "In the term through bnmean: you multiply by bnraw, which does not belong there. Besides, in the term through bnvar: the factor bnraw is missing.",
  ],
  [
    "hprebn",
    "bngain.mul(dhpreact.sub(dhpreact.mean(0)))",
    "In the terms through bnraw and bnmean: the factor bnvar_inv is missing. Besides, the term through bnvar is missing: hprebn also feeds bnvar, and a tensor that is used three times gets three terms.",
  ],
  [
    "hprebn",
    "bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(1)))",
    "The factor bnvar_inv is missing. Besides, the term through bnvar is 31/32 times what it should be: is there a division by 32 where 31 belongs?",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnvar.sqrt() stands where bnvar_inv belongs.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).neg()))",
    "All 2048 elements are off. The worst element is at [30, 18]: yours 0.001482, expected −0.0007341; [0, 0]: yours −0.0005295, expected −0.0003464; [31, 63]: yours 0.0005789, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(1, { keepdim: true })).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [9, 38]: yours 0.001112, expected 0.003133; [0, 0]: yours −0.0005108, expected −0.0003464; [31, 63]: yours 0.000628, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.div(bnvar.sqrt()).div(-n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "The 1e-5 is left out: bnvar stands where bnvar.add(1e-5) belongs. Besides, it has the wrong sign.",
  ],
  [
    "hprebn",
    "bngain.mul(dhpreact).div(bnvar.sqrt())",
    "In the term through bnraw: the 1e-5 is left out: bnvar stands where bnvar.add(1e-5) belongs. Besides, the terms through bnmean and bnvar are missing.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.sub(bnmean).mul(dhpreact.mul(hprebn.sub(bnmean)).sum(0)).mul(n / (n - 1))))",
    "The factor bnvar_inv is missing: multiply hprebn.sub(bnmean) by it, in both places.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).mul(bnvar_inv.pow(2))))",
    "You multiply by bnvar_inv.pow(2), which does not belong there.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).mul(bnvar_inv)))",
    "You multiply by bnvar_inv, which does not belong there, in bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(32/31).mul(bnvar_inv).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0).pow(2)).mul(n / (n - 1))))",
    "pow(2) does not belong there, only dhpreact.mul(bnraw).sum(0).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(n / (n - 1)).mul(bnvar_inv.pow(2))))",
    "hprebn stands where hprebn.sub(hprebn.mean(0, { keepdim: true })) belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [30, 18]: yours 0.0003672, expected −0.0007341; [0, 0]: yours −0.0004489, expected −0.0003464; [31, 63]: yours 0.0006488, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hpreact.mul(dhpreact.mul(hpreact).sum(0)).mul(n / (n - 1))))",
    "hpreact stands where bnraw belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(1 / n)))",
    "1/32 stands where 32/31 belongs, in bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(1/32).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / 2)))",
    "16 stands where 32/31 belongs, in bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(16).",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(vocab_size).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "27 stands where 32 belongs, in bngain.mul(bnvar_inv).div(27).",
  ],
  [
    "hprebn",
    "bnbias.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))",
    "bnbias stands where bngain belongs.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.sub(bnmean).mul(dhpreact.mul(hprebn.sub(bnmean)).sum(0)).mul(bnvar.pow(1.5)).mul(bnvar_inv.pow(-1)).mul(n / (n - 1))))",
    "All 2048 elements are off. The worst element is at [0, 4]: yours −0.0984, expected −0.001145; [0, 0]: yours 0.001955, expected −0.0003464; [31, 63]: yours 0.001026, expected 0.0007015.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)))).mul(sub(1, h.pow(2)))",
    "You multiply by sub(1, h.pow(2)), which does not belong there.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)).neg()))",
    "In the term through bnvar: dhpreact stands where bnraw belongs, in dhpreact.mul(dhpreact.mul(bnraw).sum(0)). Besides, the term through bnvar has the wrong sign.",
  ],
  [
    "hprebn",
    "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(1)))",
    "In the term through bnvar: hprebn stands where bnraw belongs. Besides, the term through bnvar is 31/32 times what it should be: is there a division by 32 where 31 belongs?",
  ],
];
