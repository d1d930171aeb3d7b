// Mistakes in LayerNorm, atom by atom, and what is said of each.
import type { Mistake } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  [
    "lngain",
    "lnraw.mul(dhpreact).sum(1)",
    "The sum goes over dimension 1; sum(0) belongs there. Yours is (32), expected is (64).",
  ],
  [
    "lngain",
    "lnraw.mul(dhpreact).sum(0, { keepdim: true })",
    "Sum without keepdim: sum(0, { keepdim: true }) stands where sum(0) belongs. Yours is (1, 64), expected is (64).",
  ],
  ["lngain", "lndiff.mul(dhpreact).sum(0)", "lndiff stands where lnraw belongs."],
  ["lngain", "hpreact.mul(dhpreact).sum(0)", "hpreact stands where lnraw belongs."],
  ["lngain", "lnraw.mul(dhpreact).mean(0)", "You take the mean over dimension 0; the sum belongs there."],
  ["lngain", "lnraw.mul(dhpreact).mul(lngain).sum(0)", "You multiply by lngain, which does not belong there."],
  [
    "lnbias",
    "dhpreact.sum(1, { keepdim: true })",
    "The sum goes over dimension 1; sum(0) belongs there. Yours is (32, 1), expected is (64).",
  ],
  ["lnbias", "dhpreact.mean(0)", "You take the mean over dimension 0; the sum belongs there."],
  [
    "lnbias",
    "dhpreact",
    "A sum is missing: yours is (32, 64), expected is (64). lnbias was broadcast over dimension 0, and what is broadcast forward is summed backward: sum(0).",
  ],
  ["lnraw", "lnraw.mul(dhpreact)", "lnraw stands where lngain belongs."],
  ["lnraw", "dhpreact.clone()", "The factor lngain is missing."],
  ["lnraw", "dhpreact.div(lngain)", "You divide by lngain; multiply by it."],
  [
    "lnvar_inv",
    "lndiff.mul(dlnraw).sum(0, { keepdim: true })",
    "The sum goes over dimension 0; sum(1, { keepdim: true }) belongs there. Yours is (1, 64), expected is (32, 1).",
  ],
  ["lnvar_inv", "lnraw.mul(dlnraw).sum(1, { keepdim: true })", "lnraw stands where lndiff belongs."],
  [
    "lnvar_inv",
    "lndiff.mul(dlnraw).mean(1, { keepdim: true })",
    "You take the mean over dimension 1; the sum belongs there.",
  ],
  [
    "lnvar_inv",
    "lndiff.mul(dlnraw)",
    "A sum is missing: yours is (32, 64), expected is (32, 1). lnvar_inv was broadcast over dimension 1, and what is broadcast forward is summed backward: sum(1, { keepdim: true }).",
  ],
  ["lnvar_inv", "dlnraw.sum(1, { keepdim: true })", "The factor lndiff is missing."],
  ["lnvar", "lnvar.add(1e-5).pow(-1.5).mul(0.5).mul(dlnvar_inv)", "The sign is wrong."],
  [
    "lnvar",
    "lnvar.pow(-1.5).mul(-0.5).mul(dlnvar_inv)",
    "lnvar stands where lnvar.add(1e-5) belongs. The derivative of xᵖ is p·xᵖ⁻¹.",
  ],
  [
    "lnvar",
    "lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv)",
    "lnvar.add(1e-5).pow(−0.5) stands where lnvar.add(1e-5).pow(−1.5) belongs. The derivative of xᵖ is p·xᵖ⁻¹.",
  ],
  [
    "lnvar",
    "lnvar_inv.mul(-0.5).mul(dlnvar_inv)",
    "lnvar_inv stands where lnvar_inv.pow(3) belongs. The derivative of xᵖ is p·xᵖ⁻¹.",
  ],
  [
    "lnvar",
    "lnvar_inv.pow(2).mul(-0.5).mul(dlnvar_inv)",
    "lnvar_inv.pow(2) stands where lnvar_inv.pow(3) belongs. The derivative of xᵖ is p·xᵖ⁻¹.",
  ],
  [
    "lndiff2",
    "ones_like(lndiff2).mul(1 / (m - 1)).mul(dlnvar)",
    "1/63 stands where 1/64 belongs, in ones([32, 64]).mul(1/63).",
  ],
  [
    "lndiff2",
    "ones_like(lndiff2).mul(1 / n).mul(dlnvar)",
    "1/32 stands where 1/64 belongs, in ones([32, 64]).mul(1/32).",
  ],
  ["lndiff2", "ones_like(lndiff2).mul(dlnvar)", "The factor 1/64 of the forward line is missing."],
  ["lndiff2", "ones_like(lndiff2).mul(1 / m).mul(dlnvar_inv)", "dlnvar_inv stands where dlnvar belongs."],
  [
    "lndiff2",
    "dlnvar.div(m)",
    "dlnvar.div(64) is (32, 1): what is summed forward is broadcast backward; multiply by ones_like(lndiff2). Yours is (32, 1), expected is (32, 64).",
  ],
  ["lndiff+", "dlndiff.add_(lndiff.mul(dlndiff2))", "The factor 2 is missing: multiply lndiff.mul(dlndiff2) by it."],
  [
    "lndiff+",
    "dlndiff",
    "The term through lndiff2 is missing: lndiff also feeds lndiff2, and a tensor that is used twice gets two terms.",
  ],
  ["lndiff+", "dlndiff.sub_(lndiff.mul(2).mul(dlndiff2))", "lndiff.mul(2).mul(dlndiff2) has the wrong sign."],
  ["lndiff+", "dlndiff.add_(lndiff.pow(2).mul(2).mul(dlndiff2))", "pow(2) does not belong there, only lndiff."],
  [
    "lndiff+",
    "dlndiff.copy_(lndiff.mul(2).mul(dlndiff2))",
    "What stood there is overwritten; it has to be added to: add_ for copy_.",
  ],
  ["lndiff+", "dlndiff.add_(lnraw.mul(2).mul(dlndiff2))", "lnraw stands where lndiff belongs."],
  ["lnmeani", "dlndiff.sum(1, { keepdim: true })", "The sign is wrong."],
  [
    "lnmeani",
    "dlndiff.neg().sum(0, { keepdim: true })",
    "The sum goes over dimension 0; sum(1, { keepdim: true }) belongs there. Yours is (1, 64), expected is (32, 1).",
  ],
  ["lnmeani", "dlndiff.neg().mean(1, { keepdim: true })", "You take the mean over dimension 1; the sum belongs there."],
  [
    "lnmeani",
    "dlndiff.neg()",
    "A sum is missing: yours is (32, 64), expected is (32, 1). lnmeani was broadcast over dimension 1, and what is broadcast forward is summed backward: sum(1, { keepdim: true }).",
  ],
  [
    "hpreln+",
    "dhpreln",
    "The term through lnmeani is missing: hpreln also feeds lnmeani, and a tensor that is used twice gets two terms.",
  ],
  ["hpreln+", "dhpreln.add_(dlnmeani)", "The factor 1/64 is missing: multiply dlnmeani by it."],
  [
    "hpreln+",
    "dhpreln.sub_(ones_like(hpreln).mul(1 / m).mul(dlnmeani))",
    "ones([32, 64]).mul(1/64).mul(dlnmeani) has the wrong sign.",
  ],
  [
    "hpreln+",
    "dhpreln.add_(ones_like(hpreln).mul(1 / n).mul(dlnmeani))",
    "1/32 stands where 1/64 belongs, in ones([32, 64]).mul(1/32).",
  ],
  [
    "hpreln+",
    "dhpreln.add_(ones_like(hpreln).mul(1 / (m - 1)).mul(dlnmeani))",
    "1/63 stands where 1/64 belongs, in ones([32, 64]).mul(1/63).",
  ],
  ["hpreln+", "dhpreln.add_(hpreln.mul(1 / m).mul(dlnmeani))", "You multiply by hpreln, which does not belong there."],
];
