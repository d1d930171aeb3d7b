// Exercise layernorm: LayerNorm, in atoms and in one go.
//
// Beyond the lecture: the same network with LayerNorm (Ba, Kiros and Hinton 2016) in batchnorm's place, as transformers have
// it. It normalises along the other dimension. First its seven steps, one gradient each; then the one formula that PyTorch's
// own backward pass uses, derived path by path; at the end, what differs from batchnorm.
import { hiddenFlag, seedFlag, start } from "../../lib/exercise/exercise.ts";
import { type Forward, type Tensors } from "../../lib/check/graph.ts";
import { elsewhere } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { cross_entropy } from "../../lib/tensor/functional.ts";
import { ones_like } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { exercises } from "../manifest.ts";
import { batch_size, define_nn, inDtype, lecture_minibatch } from "../network.ts";
import { atOtherShapes, eachAlone, withBatchnormsFactor } from "./experiments.ts";

const flags = { seed: seedFlag, hidden: { ...hiddenFlag, min: 2, why: "LayerNorm makes 0 of a single number." } };
const { seed, hidden, say, check, given, allRight, finish } = start(exercises, "layernorm", flags);

// --- The lecture's minibatch and parameters, and LayerNorm's own two -------------------------------------------------------

const n = batch_size; // 32 examples
const m = hidden; // 64 numbers in each, which LayerNorm looks at together
const g = new Generator(seed);
const { C, w1, b1, w2, b2 } = inDtype("float64", define_nn(g, hidden)); // (27, 10), (30, 64), (64), (64, 27), (27)
const { lngain, lnbias } = inDtype("float64", {
  lngain: g.randn([m]).mul(0.1).add(1), // (64)  no two alike, so that a formula without it cannot be right by luck
  lnbias: g.randn([m]).mul(0.1), // (64)
});

// --- Forward: batchnorm's seven steps, with dimension 1 where dimension 0 was ----------------------------------------------

const forward = {
  hpreln: ({ C, xb, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1), // (32, 64)
  // LayerNorm: each example by itself
  lnmeani: ({ hpreln }) => hpreln.sum(1, { keepdim: true }).mul(1 / m), // (32, 1)
  lndiff: ({ hpreln, lnmeani }) => hpreln.sub(lnmeani), // (32, 64)
  lndiff2: ({ lndiff }) => lndiff.pow(2), // (32, 64)
  lnvar: ({ lndiff2 }) => lndiff2.sum(1, { keepdim: true }).mul(1 / m), // (32, 1)  m and not m − 1: no Bessel
  lnvar_inv: ({ lnvar }) => lnvar.add(1e-5).pow(-0.5), // (32, 1)
  lnraw: ({ lndiff, lnvar_inv }) => lndiff.mul(lnvar_inv), // (32, 64)
  hpreact: ({ lngain, lnraw, lnbias }) => lngain.mul(lnraw).add(lnbias), // (32, 64)
  h: ({ hpreact }) => hpreact.tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits, yb }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

const leaves = { C, w1, b1, lngain, lnbias, w2, b2, ...lecture_minibatch() };
const atoms = ["lngain", "lnbias", "lnraw", "lnvar_inv", "lnvar", "lndiff2", "lndiff", "lnmeani", "hpreln"];
const { tensors, cmp } = check(forward, leaves, atoms);
const { hpreln, lnmeani, lndiff, lndiff2, lnvar, lnvar_inv, lnraw, hpreact, loss } = tensors;
say(`loss: ${loss.item()}\n`);

// --- Backward, atom by atom: what was summed over the rows in batchnorm is summed over the columns here --------------------

// The gradient from above is exercise 1's subject: here it is given.
const dhpreact = given(hpreact); // (32, 64)

// hpreact = lngain * lnraw + lnbias
// #region dlngain
// As in batchnorm: lngain and lnbias (64) are used by all 32 examples, so their gradients are still summed over the rows.
const dlngain = lnraw.mul(dhpreact).sum(0); // (64)
// #endregion
cmp("lngain", dlngain, lngain);
// #region dlnbias
const dlnbias = dhpreact.sum(0); // (64)
// #endregion
cmp("lnbias", dlnbias, lnbias);
// #region dlnraw
const dlnraw = lngain.mul(dhpreact); // (32, 64)
// #endregion
cmp("lnraw", dlnraw, lnraw);

// lnraw = lndiff * lnvar_inv
// #region dlndiff
// lndiff is used twice: this is the first term.
const dlndiff = lnvar_inv.mul(dlnraw); // (32, 64)
// #endregion
// #region dlnvar_inv
// lnvar_inv (32, 1) is broadcast over the 64 columns, so its gradient is summed over them.
const dlnvar_inv = lndiff.mul(dlnraw).sum(1, { keepdim: true }); // (32, 1)
// #endregion
cmp("lnvar_inv", dlnvar_inv, lnvar_inv);

// lnvar_inv = (lnvar + 1e-5)**-0.5
// #region dlnvar
// d xᵖ/dx = p·xᵖ⁻¹. Here −½·(lnvar + 1e-5)^(−3/2) can be had from lnvar_inv as well: it is its cube times −½.
const dlnvar = lnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dlnvar_inv); // (32, 1)
// #endregion
cmp("lnvar", dlnvar, lnvar);

// lnvar = 1/m * lndiff2.sum(1, keepdim)
// #region dlndiff2
// Summed forward, broadcast backward: (32, 1) to (32, 64).
const dlndiff2 = ones_like(lndiff2).mul(1 / m).mul(dlnvar); // (32, 64)
// #endregion
cmp("lndiff2", dlndiff2, lndiff2);

// lndiff2 = lndiff**2
// #region dlndiff
// The second term of dlndiff.
dlndiff.add_(lndiff.mul(2).mul(dlndiff2));
// #endregion
cmp("lndiff", dlndiff, lndiff);

// lndiff = hpreln - lnmeani
// #region dlnmeani
// lnmeani (32, 1) is broadcast over the 64 columns, so its gradient is summed over them; it is subtracted, so minus.
const dlnmeani = dlndiff.neg().sum(1, { keepdim: true }); // (32, 1)
// #endregion
cmp("lnmeani", dlnmeani, lnmeani);
// #region dhpreln
// hpreln is used twice: this is the first term.
const dhpreln = dlndiff.clone(); // (32, 64)
// #endregion

// lnmeani = 1/m * hpreln.sum(1, keepdim)
// #region dhpreln
// The second term of dhpreln.
dhpreln.add_(ones_like(hpreln).mul(1 / m).mul(dlnmeani));
// #endregion
cmp("hpreln", dhpreln, hpreln);

// --- In one go: LayerNorm as its paper writes it, from x to y --------------------------------------------------------------

const oneGo = {
  mean: ({ x }) => x.mean(-1, { keepdim: true }), // (32, 1)
  variance: ({ x }) => x.var(-1, { keepdim: true, correction: 0 }), // (32, 1)
  rstd: ({ variance }) => variance.add(1e-5).pow(-0.5), // (32, 1)  the reciprocal of the standard deviation, s
  xhat: ({ x, mean, rstd }) => x.sub(mean).mul(rstd), // (32, 64)
  y: ({ xhat, gain, bias }) => xhat.mul(gain).add(bias), // (32, 64)
  h: ({ y }) => y.tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits, yb }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

const { yb } = leaves;
const second = check(oneGo, { x: hpreln.clone(), gain: lngain, bias: lnbias, w2, b2, yb }, ["x"]);
const { x, y } = second.tensors; // (32, 64), (32, 64)

/** dx, in the shape of x: (32, 64), or any other whose last dimension has m numbers. */
function layernorm_backward({ dy, xhat, rstd, gain }: Tensors, m: number): Tensor {
  // y = (x - mean) / sqrt(variance + eps) * gain + bias
  // #region dx
  // One row: x₁ … xₘ go in, y₁ … yₘ come out, and dyᵢ = ∂L/∂yᵢ is known. With s = (σ² + ε)^(−½):
  //
  //     μ = 1/m · Σ xᵢ     σ² = 1/m · Σ (xᵢ − μ)²     x̂ᵢ = (xᵢ − μ)·s     yᵢ = γᵢ·x̂ᵢ + βᵢ
  //
  // Each xᵢ has a gain γᵢ of its own: it is the column's, and the sums go along the row. So it cannot be taken out
  // of the sums as in batchnorm, and stays within dx̂. Backwards along the paths (dx̂ means ∂L/∂x̂, and so on):
  //
  //   x̂   feeds y:                  dx̂ᵢ = γᵢ·dyᵢ
  //
  //   σ²  feeds every x̂ through s:  ∂x̂ᵢ/∂σ² = (xᵢ − μ)·(−½)(σ² + ε)^(−3/2) = −½·s²·x̂ᵢ
  //                                 dσ² = −½·s² · Σ dx̂ⱼ·x̂ⱼ
  //
  //   μ   feeds every x̂, and σ²:    ∂x̂ᵢ/∂μ = −s       ∂σ²/∂μ = −2/m · Σ (xⱼ − μ) = 0, as deviations sum to zero
  //                                 dμ = −s · Σ dx̂ⱼ
  //
  //   xᵢ  feeds x̂ᵢ, μ and σ²:       ∂x̂ᵢ/∂xᵢ = s       ∂μ/∂xᵢ = 1/m       ∂σ²/∂xᵢ = 2/m·(xᵢ − μ) = 2/m·x̂ᵢ/s
  //                                 dxᵢ = s·dx̂ᵢ  +  1/m·dμ  +  2/m·x̂ᵢ/s·dσ²
  //
  // Both dμ and dσ² begin with a minus, and nothing turns it round: two terms are subtracted from the first.
  //
  //     dxᵢ = s/m · ( m·dx̂ᵢ − Σ dx̂ⱼ − x̂ᵢ · Σ dx̂ⱼ·x̂ⱼ )
  //
  // In words: take the gradient, subtract its mean over the row, and subtract its part along x̂. Three things differ from
  // batchnorm: the sums are over the columns of one row, and no row depends on another; γ is inside them; and without
  // Bessel's correction there is no m/(m − 1).
  const dxhat = dy.mul(gain); // (32, 64)
  const along = xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true })); // (32, 64)  x̂·Σ dx̂·x̂
  const dx = rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(-1, { keepdim: true })).sub(along)); // (32, 64)
  // #endregion
  return dx;
}

const dy = given(y); // (32, 64)
const dx = layernorm_backward({ ...second.tensors, dy }, m); // (32, 64)
const row = second.cmp("x", dx, x);
if (allRight()) {
  const difference = layernorm_backward({ ...second.tensors, dy: dhpreact }, m).sub(dhpreln).abs().max().item();
  say(`Largest difference from the seven steps: ${difference.toExponential(1)}\n`);
}

// === Experiments: not needed for the formula, and each leaves it as it is ====================================================

// 1. The same formula at other shapes, also (B, T, C) as in a transformer: one that is right by luck fails there.
const others = atOtherShapes(g, m).map(({ m, note, forward, leaves }) => {
  const { tensors, cmp } = check(forward, leaves, ["x"], note);
  return cmp("x", layernorm_backward(tensors, m), tensors.x);
});
const limits = elsewhere([row, ...others]); // where the formula is right, if not everywhere
if (limits) say(limits);

if (allRight()) {
  // 2. One example alone has the gradient that it has among the 32.
  say(eachAlone(second.tensors, dy, (t) => layernorm_backward(t, m)));
  // 3. Batchnorm's factor in LayerNorm's formula.
  say(withBatchnormsFactor(second.tensors, dy, dx));
}

finish({ loss: loss.item() });
