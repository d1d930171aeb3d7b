// Mistakes in LayerNorm in one go, and what is said of each.
import type { Mistake } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).add(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "dxhat.sum(−1, { keepdim: true }) has the wrong sign.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).add(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "xhat.mul(dxhat.mul(xhat).sum(−1, { keepdim: true })) has the wrong sign.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })))",
    "The term through variance is missing: x also feeds variance, and a tensor that is used three times gets three terms.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "The term through mean is missing: x also feeds mean, and a tensor that is used three times gets three terms.",
  ],
  [
    "x",
    "rstd.mul(dxhat)",
    "The terms through mean and variance are missing: x also feeds mean and variance, and a tensor that is used three times gets three terms.",
  ],
  [
    "x",
    "rstd.div(m).mul(dy.mul(m).sub(dy.sum(-1, { keepdim: true })).sub(xhat.mul(dy.mul(xhat).sum(-1, { keepdim: true }))))",
    "dy stands where dxhat belongs.",
  ],
  [
    "x",
    "gain.mul(rstd).div(m).mul(dy.mul(m).sub(dy.sum(-1, { keepdim: true })).sub(xhat.mul(dy.mul(xhat).sum(-1, { keepdim: true }))))",
    "You multiply by gain after the sums, but it is not the same all along: multiply dy by it first.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true })).mul(m / (m - 1))))",
    "You multiply by 64/63, which does not belong there.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(0, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(0, { keepdim: true }))))",
    "The sum goes over dimension 0; sum(1, { keepdim: true }) belongs there, in both places.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(0, { keepdim: true }))))",
    "The sum goes over dimension 0; sum(1, { keepdim: true }) belongs there, in dxhat.mul(xhat).sum(0, { keepdim: true }).",
  ],
  [
    "x",
    "rstd.div(n).mul(dxhat.mul(n).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "32 stands where 64 belongs, in both places.",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).mean(-1, { keepdim: true }))))",
    "You take the sum over dimension −1; the mean belongs there.",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.mean(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "You take the sum over dimension −1; the mean belongs there.",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.mean(-1, { keepdim: true })).sub(dxhat.mul(xhat).mean(-1, { keepdim: true })))",
    "The factor xhat is missing: multiply dxhat.mul(xhat).mean(−1, { keepdim: true }) by it.",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.mean(-1, { keepdim: true })).sub(xhat.mul(dxhat.mean(-1, { keepdim: true }))))",
    "The factor xhat is missing: multiply dxhat by it, in xhat.mul(dxhat.mean(−1, { keepdim: true })).",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.mean(-1, { keepdim: true })).sub(x.mul(dxhat.mul(xhat).mean(-1, { keepdim: true }))))",
    "x stands where xhat belongs.",
  ],
  [
    "x",
    "rstd.mul(dxhat.sub(dxhat.mean(-1, { keepdim: true })).sub(x.sub(mean).mul(dxhat.mul(x.sub(mean)).mean(-1, { keepdim: true }))))",
    "The factor rstd is missing: multiply x.sub(mean) by it, in both places.",
  ],
  [
    "x",
    "rstd.mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "Every element is 64 times too large: is a division by 64 left out, or a sum taken for a mean?",
  ],
  [
    "x",
    "dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))).div(m)",
    "The factor rstd is missing.",
  ],
  [
    "x",
    "variance.sqrt().div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "variance.sqrt() stands where rstd belongs.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(dxhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }))))",
    "dxhat stands where xhat belongs, in dxhat.mul(dxhat.mul(xhat).sum(−1, { keepdim: true })).",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true })))).neg()",
    "The sign is wrong.",
  ],
  [
    "x",
    "rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true })).mul(2)))",
    "You multiply by 2, which does not belong there.",
  ],
];
