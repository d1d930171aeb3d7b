// Exercise 1: backprop through every atom.
// In the lecture from 13:01 on: https://youtu.be/q8SA3rM6ckI?t=781
//
// The forward pass of a small character-level network, one operation per line, and below it the gradient of the loss for
// each of its 26 tensors, worked out backwards by hand. Then every element of every gradient is checked.
// Two rules do most of the work. What is broadcast forward is summed backward, and what is summed forward is broadcast
// backward. And the gradient of a tensor that is used twice has two terms.
import { drawnFlag, hiddenFlag, seedFlag, start } from "../lib/exercise/exercise.ts";
import { type Forward, run } from "../lib/check/graph.ts";
import { Generator } from "../lib/random/generator.ts";
import { one_hot, sub } from "../lib/tensor/functional.ts";
import { ones_like, range, zeros_like } from "../lib/tensor/creation.ts";
import { exercises } from "./manifest.ts";
import { batch_size, count, define_nn, inDtype, lecture_minibatch, n_embd, vocab_size } from "./network.ts";

const flags = { seed: seedFlag, hidden: hiddenFlag, drawn: drawnFlag };
const { seed, hidden, drawn, say, picture, check, allRight, finish } = start(exercises, 1, flags);

// --- Data: 32 contexts of three characters, and the character that follows each ----------------------------------------

const n = batch_size; // 32
const { xb, yb } = lecture_minibatch(); // (32, 3), (32)

// --- Parameters: drawn in float32 as in the lecture, then converted to float64, as finite differences need the digits ----

const in32 = define_nn(new Generator(seed), hidden, drawn);
const parameters = inDtype("float64", in32);
const { C, w1, b1, w2, b2, bngain, bnbias } = parameters; // (27, 10), (30, 64), (64), (64, 27), (27), (1, 64), (1, 64)
say(`parameters: ${count(parameters).toLocaleString("en")}`);

// --- Forward: each line makes one tensor from those before it ------------------------------------------------------------

const forward = {
  emb: ({ C, xb }) => C.at(xb), // (32, 3, 10)  a row of C for each character
  embcat: ({ emb }) => emb.view(n, -1), // (32, 30)
  // Linear layer 1
  hprebn: ({ embcat, w1, b1 }) => embcat.matmul(w1).add(b1), // (32, 64)
  // Batchnorm
  bnmeani: ({ hprebn }) => hprebn.sum(0, { keepdim: true }).mul(1 / n), // (1, 64)
  bndiff: ({ hprebn, bnmeani }) => hprebn.sub(bnmeani), // (32, 64)
  bndiff2: ({ bndiff }) => bndiff.pow(2), // (32, 64)
  bnvar: ({ bndiff2 }) => bndiff2.sum(0, { keepdim: true }).mul(1 / (n - 1)), // (1, 64)  n − 1: Bessel's correction
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 64)
  bnraw: ({ bndiff, bnvar_inv }) => bndiff.mul(bnvar_inv), // (32, 64)
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias), // (32, 64)
  // Non-linearity
  h: ({ hpreact }) => hpreact.tanh(), // (32, 64)
  // Linear layer 2
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  // Cross-entropy
  logit_maxes: ({ logits }) => logits.max(1, { keepdim: true }).values, // (32, 1)
  norm_logits: ({ logits, logit_maxes }) => logits.sub(logit_maxes), // (32, 27)  so that exp cannot overflow
  counts: ({ norm_logits }) => norm_logits.exp(), // (32, 27)
  counts_sum: ({ counts }) => counts.sum(1, { keepdim: true }), // (32, 1)
  counts_sum_inv: ({ counts_sum }) => counts_sum.pow(-1), // (32, 1)
  probs: ({ counts, counts_sum_inv }) => counts.mul(counts_sum_inv), // (32, 27)
  logprobs: ({ probs }) => probs.log(), // (32, 27)
  loss: ({ logprobs, yb }) => logprobs.at(range(n), yb).mean().neg(), // ()
} satisfies Forward;

const { tensors, cmp } = check(forward, { ...parameters, xb, yb });
const { emb, embcat, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvar_inv, bnraw, hpreact, h, logits } = tensors;
const { logit_maxes, norm_logits, counts, counts_sum, counts_sum_inv, probs, logprobs, loss } = tensors;

const float32 = run(forward, { ...in32, xb, yb }).loss; // as PyTorch has it: right to seven digits or so
say(`loss: ${loss.item().toFixed(6)} (float64 ${loss.item()}, float32 ${float32.item()})`);
const shapes = Object.entries({ emb, embcat, h, logits }).map(([name, { shape }]) => `${name} (${shape.join(", ")})`);
say(`shapes: ${shapes.join(" → ")}\n`);

// --- Backward: under each forward line, read from the last to the first, the gradients of what it reads -------------------

// loss = -logprobs[range(n), yb].mean()
// #region dlogprobs
// Only the 32 elements that are picked reach the loss, each with a weight of −1/n.
const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n); // (32, 27)
// #endregion
cmp("logprobs", dlogprobs, logprobs);

// logprobs = probs.log()
// #region dprobs
// d ln(p)/dp = 1/p: an example whose character was thought unlikely gets a large gradient.
const dprobs = dlogprobs.div(probs); // (32, 27)
// #endregion
cmp("probs", dprobs, probs);

// probs = counts * counts_sum_inv
// #region dcounts_sum_inv
// counts_sum_inv (32, 1) is broadcast over 27 columns, so its gradient is summed over them.
const dcounts_sum_inv = counts.mul(dprobs).sum(1, { keepdim: true }); // (32, 1)
// #endregion
cmp("counts_sum_inv", dcounts_sum_inv, counts_sum_inv);
// #region dcounts
// counts is used twice: this is the first term.
const dcounts = counts_sum_inv.mul(dprobs); // (32, 27)
// #endregion

// counts_sum_inv = counts_sum**-1
// #region dcounts_sum
// d(1/x)/dx = −1/x².
const dcounts_sum = counts_sum.pow(-2).neg().mul(dcounts_sum_inv); // (32, 1)
// #endregion
cmp("counts_sum", dcounts_sum, counts_sum);

// counts_sum = counts.sum(1, keepdim)
// #region dcounts
// The sum hands its gradient to everything that was summed: (32, 1) is broadcast to (32, 27). The second term of dcounts.
dcounts.add_(ones_like(counts).mul(dcounts_sum));
// #endregion
cmp("counts", dcounts, counts);

// counts = norm_logits.exp()
// #region dnorm_logits
// eˣ is its own derivative, and we already have it: counts.
const dnorm_logits = counts.mul(dcounts); // (32, 27)
// #endregion
cmp("norm_logits", dnorm_logits, norm_logits);

// norm_logits = logits - logit_maxes
// #region dlogits
// logits is used twice: this is the first term. A clone, because the second is added in place.
const dlogits = dnorm_logits.clone(); // (32, 27)
// #endregion
// #region dlogit_maxes
// logit_maxes (32, 1) is broadcast over 27 columns, so its gradient is summed over them.
const dlogit_maxes = dnorm_logits.neg().sum(1, { keepdim: true }); // (32, 1)
// #endregion
cmp("logit_maxes", dlogit_maxes, logit_maxes);

// logit_maxes = logits.max(1, keepdim)
// #region dlogits
// In each row only the largest logit feeds the maximum, with a derivative of 1. The second term of dlogits.
dlogits.add_(one_hot(logits.argmax(1), vocab_size).mul(dlogit_maxes));
// #endregion
cmp("logits", dlogits, logits);

// logits = h @ w2 + b2
// #region dh
// logitsᵢₖ = Σⱼ hᵢⱼ·w2ⱼₖ + b2ₖ, so hᵢⱼ feeds every logit of row i: dhᵢⱼ = Σₖ dlogitsᵢₖ·w2ⱼₖ, row i of dlogits · row j of w2.
const dh = dlogits.matmul(w2.T); // (32, 27) @ (27, 64) = (32, 64)
// #endregion
cmp("h", dh, h);
// #region dw2
// w2ⱼₖ is used by every example i: dw2ⱼₖ = Σᵢ hᵢⱼ·dlogitsᵢₖ.
const dw2 = h.T.matmul(dlogits); // (64, 32) @ (32, 27) = (64, 27)
// #endregion
cmp("w2", dw2, w2);
// #region db2
// b2 (27) is broadcast over 32 rows, so its gradient is summed over them.
const db2 = dlogits.sum(0); // (27)
// #endregion
cmp("b2", db2, b2);

// h = hpreact.tanh()
// #region dhpreact
// d tanh(x)/dx = 1 − tanh²(x), and we already have tanh(x): h.
const dhpreact = sub(1, h.pow(2)).mul(dh); // (32, 64)
// #endregion
cmp("hpreact", dhpreact, hpreact);

// hpreact = bngain * bnraw + bnbias
// #region dbngain
// bngain and bnbias (1, 64) are broadcast over 32 rows, so their gradients are summed over them.
const dbngain = bnraw.mul(dhpreact).sum(0, { keepdim: true }); // (1, 64)
// #endregion
cmp("bngain", dbngain, bngain);
// #region dbnbias
const dbnbias = dhpreact.sum(0, { keepdim: true }); // (1, 64)
// #endregion
cmp("bnbias", dbnbias, bnbias);
// #region dbnraw
const dbnraw = bngain.mul(dhpreact); // (32, 64)
// #endregion
cmp("bnraw", dbnraw, bnraw);

// bnraw = bndiff * bnvar_inv
// #region dbndiff
// bndiff is used twice: this is the first term.
const dbndiff = bnvar_inv.mul(dbnraw); // (32, 64)
// #endregion
// #region dbnvar_inv
// bnvar_inv (1, 64) is broadcast over 32 rows, so its gradient is summed over them.
const dbnvar_inv = bndiff.mul(dbnraw).sum(0, { keepdim: true }); // (1, 64)
// #endregion
cmp("bnvar_inv", dbnvar_inv, bnvar_inv);

// bnvar_inv = (bnvar + 1e-5)**-0.5
// #region dbnvar
// d xᵖ/dx = p·xᵖ⁻¹.
const dbnvar = bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv); // (1, 64)
// #endregion
cmp("bnvar", dbnvar, bnvar);

// bnvar = 1/(n-1) * bndiff2.sum(0, keepdim)
// #region dbndiff2
// Summed forward, broadcast backward: (1, 64) to (32, 64).
const dbndiff2 = ones_like(bndiff2).mul(1 / (n - 1)).mul(dbnvar); // (32, 64)
// #endregion
cmp("bndiff2", dbndiff2, bndiff2);

// bndiff2 = bndiff**2
// #region dbndiff
// The second term of dbndiff.
dbndiff.add_(bndiff.mul(2).mul(dbndiff2));
// #endregion
cmp("bndiff", dbndiff, bndiff);

// bndiff = hprebn - bnmeani
// #region dbnmeani
// bnmeani (1, 64) is broadcast over 32 rows, so its gradient is summed over them.
const dbnmeani = dbndiff.neg().sum(0, { keepdim: true }); // (1, 64)
// #endregion
cmp("bnmeani", dbnmeani, bnmeani);
// #region dhprebn
// hprebn is used twice: this is the first term.
const dhprebn = dbndiff.clone(); // (32, 64)
// #endregion

// bnmeani = 1/n * hprebn.sum(0, keepdim)
// #region dhprebn
// The second term of dhprebn.
dhprebn.add_(ones_like(hprebn).mul(1 / n).mul(dbnmeani));
// #endregion
cmp("hprebn", dhprebn, hprebn);

// hprebn = embcat @ w1 + b1
// #region dembcat
// As in the second linear layer.
const dembcat = dhprebn.matmul(w1.T); // (32, 64) @ (64, 30) = (32, 30)
// #endregion
cmp("embcat", dembcat, embcat);
// #region dw1
const dw1 = embcat.T.matmul(dhprebn); // (30, 32) @ (32, 64) = (30, 64)
// #endregion
cmp("w1", dw1, w1);
// #region db1
const db1 = dhprebn.sum(0); // (64)
// #endregion
cmp("b1", db1, b1);

// embcat = emb.view(n, -1)
// #region demb
// The same numbers in another shape: back to the shape they came from.
const demb = dembcat.view(...emb.shape); // (32, 3, 10)
// #endregion
cmp("emb", demb, emb);

// emb = C[xb]
// #region dC
// Each of the 96 rows is added to the row of C it was copied from; a frequent character collects many.
const dC = zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd)); // (27, 10)
// #endregion
cmp("C", dC, C);

// --- The maxima, once all is right -----------------------------------------------------------------------------------------

if (allRight()) {
  const largest = Math.max(...dlogit_maxes.toArray().map(Math.abs));
  say(
    `\nThe largest logit of each row: ${[...logit_maxes.toArray().slice(0, 6)].map((x) => x.toFixed(4)).join(" ")} …`,
  );
  say(
    `Their gradients are zero up to rounding, ${
      largest.toExponential(1)
    } at most: subtracting the same number from a ` +
      "whole row does not change its softmax.",
  );
  say("The maxima, one row per example:\n");
  say(picture(one_hot(logits.argmax(1), vocab_size)) + "\n");
}
finish({ loss: loss.item() });
