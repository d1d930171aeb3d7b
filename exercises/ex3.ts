// Exercise 3: batchnorm in one go.
// In the lecture from 1:36:37 on: https://youtu.be/q8SA3rM6ckI?t=5797
//
// Exercise 1 split batchnorm into seven steps. Written as one expression, it has one formula for its gradient. Here that
// formula is derived path by path, checked against finite differences and, at the end, tried in three experiments.
import { drawnFlag, hiddenFlag, seedFlag, start } from "../lib/exercise/exercise.ts";
import { type Forward, run, type Tensors } from "../lib/check/graph.ts";
import { elsewhere } from "../lib/check/judge.ts";
import { Generator } from "../lib/random/generator.ts";
import { cross_entropy } from "../lib/tensor/functional.ts";
import type { Tensor } from "../lib/tensor/tensor.ts";
import { batchnormAtoms, throughBatchnormAtoms } from "./atoms.ts";
import { atOtherSizes, inFloat32, wrongTwin } from "./experiments.ts";
import { exercises } from "./manifest.ts";
import { batch_size, define_nn, inDtype, lecture_minibatch } from "./network.ts";

const flags = { seed: seedFlag, hidden: hiddenFlag, drawn: drawnFlag };
const { seed, hidden, drawn, say, check, given, allRight, finish } = start(exercises, 3, flags);

// --- The same minibatch and parameters as in exercise 1 --------------------------------------------------------------------

const n = batch_size; // 32
const g = new Generator(seed);
const parameters = inDtype("float64", define_nn(g, hidden, drawn));

// --- Forward ---------------------------------------------------------------------------------------------------------------

const forward = {
  hprebn: ({ C, xb, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1), // (32, 64)
  // Batchnorm: mean, variance, s = (σ² + ε)^(−½), x̂ = (x − μ)·s, y = γ·x̂ + β
  bnmean: ({ hprebn }) => hprebn.mean(0, { keepdim: true }), // (1, 64)
  bnvar: ({ hprebn }) => hprebn.var(0, { keepdim: true }), // (1, 64)
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 64)
  bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul(bnvar_inv), // (32, 64)
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias), // (32, 64)
  h: ({ hpreact }) => hpreact.tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits, yb }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

const leaves = { ...parameters, ...lecture_minibatch() };
const { tensors, cmp } = check(forward, leaves, ["hprebn"]);
const { hprebn, hpreact, h, loss } = tensors; // (32, 64), (32, 64), (32, 64), ()

const atoms = run(batchnormAtoms, tensors);
say(`loss: ${loss.item()}`);
const apart = hpreact.sub(atoms.hpreact).abs().max().item();
say(`hpreact in one go and in seven steps differ by ${apart.toExponential(1)}\n`);

// --- The gradient, derived ---------------------------------------------------------------------------------------------------

/** dhprebn (n, 64). bnraw is x̂ and bnvar_inv is s; all sums are over the n rows. */
function batchnorm_backward({ dhpreact, bnraw, bnvar_inv, bngain }: Tensors, n: number): Tensor {
  // hpreact = bngain * (hprebn - mean) / sqrt(var + eps) + bnbias
  // #region dhprebn
  // One column: x₁ … xₙ go in, y₁ … yₙ come out, and dyᵢ = ∂L/∂yᵢ is known. With s = (σ² + ε)^(−½):
  //
  //     μ = 1/n · Σ xᵢ     σ² = 1/(n−1) · Σ (xᵢ − μ)²     x̂ᵢ = (xᵢ − μ)·s     yᵢ = γ·x̂ᵢ + β
  //
  // Backwards along the paths, each gradient adding up what all its uses send (dx̂ means ∂L/∂x̂, and so on):
  //
  //   x̂   feeds y:                  dx̂ᵢ = γ·dyᵢ
  //
  //   σ²  feeds every x̂ through s:  ∂x̂ᵢ/∂σ² = (xᵢ − μ)·(−½)(σ² + ε)^(−3/2) = −½·s²·x̂ᵢ
  //                                 dσ² = −½·s² · Σ dx̂ⱼ·x̂ⱼ
  //
  //   μ   feeds every x̂, and σ²:    ∂x̂ᵢ/∂μ = −s       ∂σ²/∂μ = −2/(n−1) · Σ (xⱼ − μ) = 0, as deviations sum to zero
  //                                 dμ = −s · Σ dx̂ⱼ
  //
  //   xᵢ  feeds x̂ᵢ, μ and σ²:       ∂x̂ᵢ/∂xᵢ = s       ∂μ/∂xᵢ = 1/n       ∂σ²/∂xᵢ = 2/(n−1)·(xᵢ − μ) = 2/(n−1)·x̂ᵢ/s
  //                                 dxᵢ = s·dx̂ᵢ  +  1/n·dμ  +  2/(n−1)·x̂ᵢ/s·dσ²
  //                                     = s·dx̂ᵢ  −  s/n · Σ dx̂ⱼ  −  s/(n−1)·x̂ᵢ · Σ dx̂ⱼ·x̂ⱼ
  //
  // With dx̂ = γ·dy, and γ·s/n taken out:
  //
  //     dxᵢ = γ·s/n · ( n·dyᵢ − Σ dyⱼ − n/(n−1)·x̂ᵢ · Σ dyⱼ·x̂ⱼ )
  //
  // In words: take the gradient, subtract its mean, and subtract its part along x̂. Batchnorm undoes any shift or stretch
  // of a column, so the gradient can contain neither. Without Bessel's correction, σ² = 1/n · Σ (xᵢ − μ)², the 2/(n−1)
  // is 2/n and the factor n/(n−1) is 1. The two must not be mixed.
  const along = bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)); // (32, 64)  n/(n−1)·x̂·Σ dy·x̂
  const dhprebn = bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(along)); // (32, 64)
  // #endregion
  return dhprebn;
}

// The gradient from above, dhpreact, is exercise 1's subject: here it is given.
const dhpreact = given(hpreact); // (32, 64)
const dhprebn = batchnorm_backward({ ...tensors, dhpreact }, n); // (32, 64)
const row = cmp("hprebn", dhprebn, hprebn);
if (allRight()) {
  const difference = dhprebn.sub(throughBatchnormAtoms(atoms, dhpreact)).abs().max().item();
  say(`Largest difference from exercise 1's seven steps: ${difference.toExponential(1)}\n`);
}

// === Experiments: not needed for the formula, and each leaves it as it is ====================================================

// 1. The same formula at other sizes: a formula that is right by luck fails there.
const others = atOtherSizes(g).map(({ n, eps, forward, leaves }) => {
  const { tensors, cmp } = check(forward, leaves, ["hprebn"], `n=${n} eps=${eps.toExponential()}`);
  return cmp("hprebn", batchnorm_backward(tensors, n), tensors.hprebn);
});
const limits = elsewhere([row, ...others]); // where the formula is right, if not everywhere
if (limits) say(limits);

// 2. The wrong twin: 1/n in the forward pass, as in the batchnorm paper, with this network's n/(n − 1) in the backward pass.
if (allRight()) say(wrongTwin(forward, leaves, (t) => batchnorm_backward(t, n)));

// 3. Why the lecture's dhpreact is not exact: float32.
say(inFloat32(forward, leaves, given(h)));

finish({ loss: loss.item() });
