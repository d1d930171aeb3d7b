// Exercise 3: batchnorm in one go.
//
// Exercise 1 took batchnorm apart into seven steps. Seen as one expression, its gradient becomes one too. Here that
// formula is derived path by path, checked against finite differences and against the seven steps, also at other sizes
// and settings, and held beside its best-known wrong twin.
import { batch_size, xb as contexts, yb as targets } from "../data/minibatch.ts";
import { Check } from "../lib/check/check.ts";
import { cmp, finish, hiddenFlag, largestDifference, print, seedFlag, start } from "../lib/exercise/exercise.ts";
import { cross_entropy } from "../lib/tensor/functional.ts";
import { type Forward, run } from "../lib/check/graph.ts";
import { Generator } from "../lib/random/generator.ts";
import { ones, ones_like, range, type Tensor, tensor, zeros } from "../lib/tensor/tensor.ts";

const { seed, hidden } = start(3, "batchnorm in one go", { seed: seedFlag, hidden: hiddenFlag });

// --- The same minibatch and parameters as in exercise 1 --------------------------------------------------------------------

const n = batch_size;
const xb = tensor(contexts, { shape: [n, 3], dtype: "int32" }); // (32, 3)
const yb = tensor(targets, { dtype: "int32" }); // (32)

const vocab_size = 27, n_embd = 10, n_hidden = hidden;
const g = new Generator(seed);
const parameters = {
  C: g.randn([vocab_size, n_embd]).to("float64"), // (27, 10)
  w1: g.randn([3 * n_embd, n_hidden]).mul(5 / 3).div((3 * n_embd) ** 0.5).to("float64"), // (30, 64)
  b1: g.randn([n_hidden]).mul(0.1).to("float64"), // (64)
  w2: g.randn([n_hidden, vocab_size]).mul(0.1).to("float64"), // (64, 27)
  b2: g.randn([vocab_size]).mul(0.1).to("float64"), // (27)
  bngain: ones([1, n_hidden]).mul(0.1).add(1).to("float64"), // (1, 64)
  bnbias: zeros([1, n_hidden], { dtype: "float64" }), // (1, 64)
};

// --- Forward: batchnorm as one expression ------------------------------------------------------------------------------------

/** x̂·γ + β, where x̂ = (x − μ)/√(σ² + ε) with the mean μ and the variance σ² of each column. */
function batchnorm(x: Tensor, gain: Tensor, bias: Tensor, eps = 1e-5, correction = 1): Tensor {
  const mean = x.mean(0, { keepdim: true }), variance = x.var(0, { keepdim: true, correction });
  return gain.mul(x.sub(mean)).div(variance.add(eps).sqrt()).add(bias);
}

const forward = {
  hprebn: ({ C, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1), // (32, 64)
  hpreact: ({ hprebn, bngain, bnbias }) => batchnorm(hprebn, bngain, bnbias), // (32, 64)
  h: ({ hpreact }) => hpreact.tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

const { hprebn, hpreact, h, logits, loss, bngain, bnbias, w2 } = run(forward, parameters);

// --- Exercise 1's seven steps, to compare ------------------------------------------------------------------------------------

const atoms = {
  bnmeani: ({ hprebn }) => hprebn.sum(0, { keepdim: true }).mul(1 / n), // (1, 64)
  bndiff: ({ hprebn, bnmeani }) => hprebn.sub(bnmeani), // (32, 64)
  bndiff2: ({ bndiff }) => bndiff.pow(2), // (32, 64)
  bnvar: ({ bndiff2 }) => bndiff2.sum(0, { keepdim: true }).mul(1 / (n - 1)), // (1, 64)
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 64)
  bnraw: ({ bndiff, bnvar_inv }) => bndiff.mul(bnvar_inv), // (32, 64)
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias), // (32, 64)
} satisfies Forward;

const atomic = run(atoms, { hprebn, bngain, bnbias });
print(`loss: ${loss.item()}`);
print(
  `hpreact in one go and in seven steps differ by ${largestDifference(hpreact, atomic.hpreact).toExponential(1)}\n`,
);

/** Exercise 1's way back through batchnorm, step by step. */
function backThroughAtoms({ bndiff, bndiff2, bnvar, bnvar_inv }: typeof atomic, dhpreact: Tensor): Tensor {
  const dbnraw = bngain.mul(dhpreact); // (32, 64)
  const dbndiff = bnvar_inv.mul(dbnraw); // (32, 64)
  const dbnvar_inv = bndiff.mul(dbnraw).sum(0, { keepdim: true }); // (1, 64)
  const dbnvar = bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv); // (1, 64)
  const dbndiff2 = ones_like(bndiff2).mul(1 / (n - 1)).mul(dbnvar); // (32, 64)
  dbndiff.add_(bndiff.mul(2).mul(dbndiff2));
  const dbnmeani = dbndiff.neg().sum(0, { keepdim: true }); // (1, 64)
  return dbndiff.add(ones_like(hprebn).mul(1 / n).mul(dbnmeani)); // (32, 64)
}

// --- The gradient, derived ---------------------------------------------------------------------------------------------------

/** The gradient for batchnorm's input x. bnraw is x̂ and bnvar_inv is s; all sums are over the rows. */
function batchnormBackward({ dhpreact, bnraw, bnvar_inv, bngain, n }: {
  dhpreact: Tensor;
  bnraw: Tensor;
  bnvar_inv: Tensor;
  bngain: Tensor;
  n: number;
}): Tensor | undefined {
  // hpreact = bngain * (hprebn - mean) / sqrt(var + eps) + bnbias
  // #region dhprebn
  // One column: x₁ … xₙ go in, y₁ … yₙ come out, and dyᵢ = ∂L/∂yᵢ is known. With s = (σ² + ε)^(−½):
  //
  //     μ = 1/n · Σ xᵢ     σ² = 1/(n−1) · Σ (xᵢ − μ)²     x̂ᵢ = (xᵢ − μ)·s     yᵢ = γ·x̂ᵢ + β
  //
  // Backwards along the paths, each gradient gathering what all its uses send (dx̂ stands for ∂L/∂x̂, and so on):
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
  // In words: take the gradient, subtract its mean, and subtract what of it goes along x̂. Shifting or stretching a column
  // is undone by the normalisation, so the loss cannot want either. Without Bessel's correction, σ² = 1/n · Σ (xᵢ − μ)²,
  // the 2/(n−1) is 2/n and the factor n/(n−1) becomes 1. The two must not be mixed.
  const along = bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1)); // (32, 64)  n/(n−1)·x̂·Σ dy·x̂
  const dhprebn = bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(along)); // (32, 64)
  // #endregion
  return dhprebn;
}

// --- From the loss back to hpreact, as in exercises 1 and 2 ----------------------------------------------------------------

const dlogits = logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n); // (32, 27)
const dh = dlogits.matmul(w2.T); // (32, 64)
const dhpreact = h.pow(2).rsub(1).mul(dh); // (32, 64)
const dhprebn = batchnormBackward({ dhpreact, bnraw: atomic.bnraw, bnvar_inv: atomic.bnvar_inv, bngain, n });

const rows = cmp(forward, parameters, { dhprebn });
const right = rows[0].status === "ok";
if (right) {
  const difference = largestDifference(dhprebn!, backThroughAtoms(atomic, dhpreact));
  print(`Largest difference to exercise 1's seven steps: ${difference.toExponential(1)}\n`);
}

// --- The same formula elsewhere: a formula that is right by luck is right at one size only ---------------------------------

/** Checks the formula on random x (n, 6), gains of all signs and a random gradient dy from above. */
function elsewhere(n: number, eps: number) {
  const wide = (...shape: number[]) => g.randn(shape).to("float64");
  const leaves = {
    hprebn: wide(n, 6).add(0.5), // (n, 6)
    bngain: tensor([1.1, -0.7, 0, 2.5, -1e-3, 1], { shape: [1, 6], dtype: "float64" }), // (1, 6)
    bnbias: wide(1, 6), // (1, 6)
    dhpreact: wide(n, 6), // (n, 6)
  };
  const forward = {
    hpreact: ({ hprebn, bngain, bnbias }) => batchnorm(hprebn, bngain, bnbias, eps),
    loss: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(), // so that dhpreact is its gradient
  } satisfies Forward;
  const x = leaves.hprebn, bnvar_inv = x.var(0, { keepdim: true }).add(eps).pow(-0.5);
  const bnraw = x.sub(x.mean(0)).mul(bnvar_inv);
  return { forward, leaves, dhprebn: batchnormBackward({ ...leaves, bnraw, bnvar_inv, n }) };
}

for (const eps of [1e-5, 1e-2]) {
  for (const n of [2, 5, 32, 257]) {
    const { forward, leaves, dhprebn } = elsewhere(n, eps);
    rows.push(...cmp(forward, leaves, { dhprebn }, `n=${n} eps=${eps.toExponential()}`));
  }
}

// --- The wrong twin: 1/n in the forward pass, as in the batchnorm paper, with the n/(n−1) of this network in the backward --

if (right) {
  const biased = { ...forward, hpreact: (t) => batchnorm(t.hprebn, t.bngain, t.bnbias, 1e-5, 0) } satisfies Forward;
  const bnvar_inv = hprebn.var(0, { keepdim: true, correction: 0 }).add(1e-5).pow(-0.5);
  const bnraw = hprebn.sub(hprebn.mean(0)).mul(bnvar_inv);
  const { h, logits } = run(biased, parameters);
  const dlogits = logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n);
  const dhpreact = h.pow(2).rsub(1).mul(dlogits.matmul(w2.T));
  const wrong = batchnormBackward({ dhpreact, bnraw, bnvar_inv, bngain, n });
  const { status, maxdiff, expected } = new Check(biased, parameters).row("hprebn", wrong);
  const largest = Math.max(...expected!.map(Math.abs));
  print("\nThe wrong twin, all over the web: variance by 1/n forward, but n/(n−1) backward.");
  print(
    `Its gradient is ${status}: off by up to ${maxdiff!.toExponential(1)}, ` +
      `${(100 * maxdiff! / largest).toFixed(1)} % of the largest element.`,
  );
}

// --- Why the lecture's dhpreact is "not exact" -------------------------------------------------------------------------------
// PyTorch computes 1 − h² as one fused operation, rounded once; written as two, h² is rounded and then the difference.
// In float32 that is a last digit here and there: the lecture sees 4.66e-10, which is 2⁻³¹. No bug, and nothing to mend.

const float32 = run(
  forward,
  Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, p.to("float32")])),
);
const h32 = float32.h, dh32 = dh.to("float32"); // (32, 64)
const twice = h32.pow(2).rsub(1).mul(dh32); // h² rounded, 1 − h² rounded
const once = h32.to("float64").pow(2).rsub(1).to("float32").mul(dh32); // h² exact in float64, 1 − h² rounded
const differing = once.sub(twice).toArray().filter((x) => x !== 0).length;
print(`\nIn float32, rounding 1 − h² once or twice changes ${differing} of ${once.numel()} elements of dhpreact,`);
print(`by at most ${largestDifference(once, twice).toExponential(2)}: why the lecture's hpreact row is not exact.\n`);

finish(rows, { loss: loss.item() });
