// Cross-entropy and batchnorm in exercise 1's single steps, forward and backward, for exercises 2 and 3 to compare with.
// Do exercise 1 before you read this: the backward part is its solution.
import type { Forward, Tensors } from "../lib/check/graph.ts";
import { one_hot } from "../lib/tensor/functional.ts";
import { ones_like, range, zeros_like } from "../lib/tensor/creation.ts";
import { type Tensor } from "../lib/tensor/tensor.ts";

/** From the logits to the loss, in eight steps. */
export const crossEntropyAtoms = {
  logit_maxes: ({ logits }) => logits.max(1, { keepdim: true }).values, // (32, 1)
  norm_logits: ({ logits, logit_maxes }) => logits.sub(logit_maxes), // (32, 27)
  counts: ({ norm_logits }) => norm_logits.exp(), // (32, 27)
  counts_sum: ({ counts }) => counts.sum(1, { keepdim: true }), // (32, 1)
  counts_sum_inv: ({ counts_sum }) => counts_sum.pow(-1), // (32, 1)
  probs: ({ counts, counts_sum_inv }) => counts.mul(counts_sum_inv), // (32, 27)
  logprobs: ({ probs }) => probs.log(), // (32, 27)
  loss: ({ logprobs, yb }) => logprobs.at(range(logprobs.shape[0]), yb).mean().neg(), // ()
} satisfies Forward;

/** Backward: dlogits (32, 27), from the tensors of the eight steps. */
export function throughCrossEntropyAtoms(t: Tensors): Tensor {
  const { logits, counts, counts_sum, counts_sum_inv, probs, logprobs, yb } = t, [n, classes] = logits.shape;
  const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n); // (32, 27)
  const dprobs = dlogprobs.div(probs); // (32, 27)
  const dcounts_sum_inv = counts.mul(dprobs).sum(1, { keepdim: true }); // (32, 1)
  const dcounts = counts_sum_inv.mul(dprobs); // (32, 27)
  const dcounts_sum = counts_sum.pow(-2).neg().mul(dcounts_sum_inv); // (32, 1)
  dcounts.add_(ones_like(counts).mul(dcounts_sum));
  const dnorm_logits = counts.mul(dcounts); // (32, 27)
  const dlogit_maxes = dnorm_logits.neg().sum(1, { keepdim: true }); // (32, 1)
  return dnorm_logits.add(one_hot(logits.argmax(1), classes).mul(dlogit_maxes)); // (32, 27)
}

/** From hprebn to hpreact, in seven steps. */
export const batchnormAtoms = {
  bnmeani: ({ hprebn }) => hprebn.sum(0, { keepdim: true }).mul(1 / hprebn.shape[0]), // (1, 64)
  bndiff: ({ hprebn, bnmeani }) => hprebn.sub(bnmeani), // (32, 64)
  bndiff2: ({ bndiff }) => bndiff.pow(2), // (32, 64)
  bnvar: ({ bndiff2 }) => bndiff2.sum(0, { keepdim: true }).mul(1 / (bndiff2.shape[0] - 1)), // (1, 64)
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 64)
  bnraw: ({ bndiff, bnvar_inv }) => bndiff.mul(bnvar_inv), // (32, 64)
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias), // (32, 64)
} satisfies Forward;

/** Backward: dhprebn (32, 64), from the tensors of the seven steps and dhpreact (32, 64). */
export function throughBatchnormAtoms(t: Tensors, dhpreact: Tensor): Tensor {
  const { hprebn, bngain, bndiff, bndiff2, bnvar, bnvar_inv } = t, n = hprebn.shape[0];
  const dbnraw = bngain.mul(dhpreact); // (32, 64)
  const dbndiff = bnvar_inv.mul(dbnraw); // (32, 64)
  const dbnvar_inv = bndiff.mul(dbnraw).sum(0, { keepdim: true }); // (1, 64)
  const dbnvar = bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv); // (1, 64)
  const dbndiff2 = ones_like(bndiff2).mul(1 / (n - 1)).mul(dbnvar); // (32, 64)
  dbndiff.add_(bndiff.mul(2).mul(dbndiff2));
  const dbnmeani = dbndiff.neg().sum(0, { keepdim: true }); // (1, 64)
  return dbndiff.add(ones_like(hprebn).mul(1 / n).mul(dbnmeani)); // (32, 64)
}
