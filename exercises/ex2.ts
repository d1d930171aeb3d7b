// Exercise 2: cross-entropy in one go.
//
// Exercise 1 took the loss apart into eight steps and went back through each. Seen as one expression, nearly everything
// cancels, and three lines do. Here that gradient is derived, computed, checked against finite differences, and compared
// with the eight steps.
import { batch_size, xb as contexts, yb as targets } from "../data/minibatch.ts";
import { CHARACTERS } from "../data/dataset.ts";
import { cmp, finish, hiddenFlag, largestDifference, print, seedFlag, start } from "../lib/exercise/exercise.ts";
import { one_hot } from "../lib/tensor/functional.ts";
import { type Forward, run } from "../lib/check/graph.ts";
import { picture } from "../lib/exercise/picture.ts";
import { Generator } from "../lib/random/generator.ts";
import { ones, ones_like, range, type Tensor, tensor, zeros, zeros_like } from "../lib/tensor/tensor.ts";

const { seed, hidden } = start(2, "cross-entropy in one go", { seed: seedFlag, hidden: hiddenFlag });

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

// --- Forward: the network as far as the logits in four lines, then the loss as one expression ------------------------------

const forward = {
  hprebn: ({ C, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1), // (32, 64)
  bnraw: ({ hprebn }) => hprebn.sub(hprebn.mean(0)).div(hprebn.var(0).add(1e-5).sqrt()), // (32, 64)
  h: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias).tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits }) => logits.softmax(1).at(range(n), yb).log().mean().neg(), // ()
} satisfies Forward;

const { logits, loss } = run(forward, parameters);

// --- Exercise 1's eight steps from the logits to the loss, to compare -------------------------------------------------------

const atoms = {
  logit_maxes: ({ logits }) => logits.max(1, { keepdim: true }).values, // (32, 1)
  norm_logits: ({ logits, logit_maxes }) => logits.sub(logit_maxes), // (32, 27)
  counts: ({ norm_logits }) => norm_logits.exp(), // (32, 27)
  counts_sum: ({ counts }) => counts.sum(1, { keepdim: true }), // (32, 1)
  counts_sum_inv: ({ counts_sum }) => counts_sum.pow(-1), // (32, 1)
  probs: ({ counts, counts_sum_inv }) => counts.mul(counts_sum_inv), // (32, 27)
  logprobs: ({ probs }) => probs.log(), // (32, 27)
  loss: ({ logprobs }) => logprobs.at(range(n), yb).mean().neg(), // ()
} satisfies Forward;

const atomic = run(atoms, { logits });
print(`loss in one go:       ${loss.item()}`);
print(`loss in eight steps:  ${atomic.loss.item()}`);
print(`difference:           ${loss.item() - atomic.loss.item()}\n`);

/** Exercise 1's way back from the loss to the logits, step by step. */
function backThroughAtoms({ counts, counts_sum, counts_sum_inv, probs, logprobs }: typeof atomic): Tensor {
  const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n); // (32, 27)
  const dprobs = dlogprobs.div(probs); // (32, 27)
  const dcounts_sum_inv = counts.mul(dprobs).sum(1, { keepdim: true }); // (32, 1)
  const dcounts = counts_sum_inv.mul(dprobs); // (32, 27)
  const dcounts_sum = counts_sum.pow(-2).neg().mul(dcounts_sum_inv); // (32, 1)
  dcounts.add_(ones_like(counts).mul(dcounts_sum));
  const dnorm_logits = counts.mul(dcounts); // (32, 27)
  const dlogit_maxes = dnorm_logits.neg().sum(1, { keepdim: true }); // (32, 1)
  return dnorm_logits.add(one_hot(logits.argmax(1), vocab_size).mul(dlogit_maxes)); // (32, 27)
}

// --- The gradient, derived ---------------------------------------------------------------------------------------------------

// loss = cross-entropy of logits and yb
// #region dlogits
// The largest logit, taken off in exercise 1 against overflow, changes nothing: e^{l−m} has the same share in its sum as e^l.
//
// One example: logits l₁ … l₂₇, the right character's number y, and S = Σⱼ e^{lⱼ}. Softmax gives Pᵢ = e^{lᵢ}/S, and
//
//     loss = −ln P_y = −ln(e^{l_y}/S) = ln S − l_y
//
// The logarithm has undone the exponential of the second term, so there are only two things to differentiate by lᵢ:
//
//     ∂(ln S)/∂lᵢ = 1/S · ∂S/∂lᵢ = e^{lᵢ}/S = Pᵢ        (of the sum S, one term contains lᵢ)
//     ∂(l_y)/∂lᵢ  = 1 if i = y, else 0
//
//     i ≠ y:   ∂loss/∂lᵢ = Pᵢ
//     i = y:   ∂loss/∂lᵢ = P_y − 1
//
// The batch's loss is the mean over n examples, and an example's logits reach only its own term: everything over n.
const dlogits = logits.softmax(1); // (32, 27)  P
dlogits.index_put_([range(n), yb], -1, { accumulate: true }); // P − 1 where i = y
dlogits.div_(n); // the mean
// #endregion

// --- Check, and what it looks like -----------------------------------------------------------------------------------------

const rows = cmp(forward, parameters, { dlogits });

if (rows[0].status === "ok") {
  const right = rows[0].given!;
  const difference = largestDifference(right, backThroughAtoms(atomic));
  print(`Largest difference to exercise 1's eight steps: ${difference.toExponential(1)}\n`);

  const context = contexts.slice(0, 3).map((i) => CHARACTERS[i]).join(""), y = targets[0];
  print(`Row 0, ${context} → ${CHARACTERS[y]}: softmax and dlogits · ${n}, the same but for a 1 at the target.\n`);
  const P = logits.softmax(1).toArray(), d = right.mul(n).toArray();
  const cell = (i: number) =>
    `${i === y ? "→" : " "} ${CHARACTERS[i]} ${P[i].toFixed(4)} ${d[i].toFixed(4).padStart(7)}`.padEnd(24);
  for (let i = 0; i < 9; i++) print((cell(i) + cell(i + 9) + cell(i + 18)).trimEnd());

  const largest = Math.max(...right.sum(1).toArray().map(Math.abs));
  print(`\nEvery row sums to zero (the largest sum is ${largest.toExponential(1)}): the right character is pulled`);
  print("up with the force that pushes all others down, each by how likely it was thought.\n");
  print("dlogits, one row per example; the targets, the only negative numbers, stand out:");
  print(picture(right));
}
finish(rows, { loss: loss.item() });
