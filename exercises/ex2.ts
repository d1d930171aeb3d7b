// Exercise 2: cross-entropy in one go.
// In the lecture from 1:26:31 on: https://youtu.be/q8SA3rM6ckI?t=5191
//
// Exercise 1 split the loss into eight steps and went back through each. Written as one expression, nearly everything
// cancels, and three lines are enough. Here that gradient is derived, computed, checked against finite differences, and
// compared with the eight steps.
import { drawnFlag, hiddenFlag, seedFlag, start } from "../lib/exercise/exercise.ts";
import { CHARACTERS } from "../data/dataset.ts";
import { type Forward, run } from "../lib/check/graph.ts";
import { Generator } from "../lib/random/generator.ts";
import { range } from "../lib/tensor/creation.ts";
import { crossEntropyAtoms, throughCrossEntropyAtoms } from "./atoms.ts";
import { exercises } from "./manifest.ts";
import { batch_size, define_nn, inDtype, lecture_minibatch } from "./network.ts";

const flags = { seed: seedFlag, hidden: hiddenFlag, drawn: drawnFlag };
const { seed, hidden, drawn, say, picture, check, allRight, finish } = start(exercises, 2, flags);

// --- The same minibatch and parameters as in exercise 1 --------------------------------------------------------------------

const n = batch_size; // 32
const { xb, yb } = lecture_minibatch(); // (32, 3), (32)
const parameters = inDtype("float64", define_nn(new Generator(seed), hidden, drawn));

// --- Forward: the network as far as the logits in four lines, then the loss as one expression ------------------------------

const forward = {
  hprebn: ({ C, xb, w1, b1 }) => C.at(xb).view(n, -1).matmul(w1).add(b1), // (32, 64)
  bnraw: ({ hprebn }) => hprebn.sub(hprebn.mean(0)).div(hprebn.var(0).add(1e-5).sqrt()), // (32, 64)
  h: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias).tanh(), // (32, 64)
  logits: ({ h, w2, b2 }) => h.matmul(w2).add(b2), // (32, 27)
  loss: ({ logits, yb }) => logits.softmax(1).at(range(n), yb).log().mean().neg(), // ()
} satisfies Forward;

const { tensors, cmp } = check(forward, { ...parameters, xb, yb }, ["logits"]);
const { logits, loss } = tensors; // (32, 27), ()

const atoms = run(crossEntropyAtoms, { logits, yb });
say(`loss in one go:       ${loss.item()}`);
say(`loss in eight steps:  ${atoms.loss.item()}`);
say(`difference:           ${loss.item() - atoms.loss.item()}\n`);

// --- The gradient, derived ---------------------------------------------------------------------------------------------------

// loss = cross-entropy of logits and yb
// #region dlogits
// Exercise 1 subtracts the largest logit m to avoid overflow. That changes nothing: e^{l−m} is the same share of its sum.
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
// The batch's loss is the mean over n examples, and an example's logits feed only its own term: divide by n.
const dlogits = logits.softmax(1); // (32, 27)  P
dlogits.index_put_([range(n), yb], -1, { accumulate: true }); // P − 1 where i = y
dlogits.div_(n); // the mean
// #endregion

cmp("logits", dlogits, logits);

// --- What it looks like ----------------------------------------------------------------------------------------------------

if (allRight()) {
  const difference = dlogits.sub(throughCrossEntropyAtoms(atoms)).abs().max().item();
  say(`Largest difference from exercise 1's eight steps: ${difference.toExponential(1)}\n`);

  const context = xb.at([0]).toArray(), y = yb.at([0]).item();
  say(
    `Row 0, ${[...context].map((i) => CHARACTERS[i]).join("")} → ${CHARACTERS[y]}: ` +
      `softmax and dlogits · ${n}, the same except for a 1 at the target.\n`,
  );
  const P = logits.softmax(1).at([0]).toArray(), d = dlogits.at([0]).mul(n).toArray(); // (27), (27)
  const cell = (i: number) =>
    `${i === y ? "→" : " "} ${CHARACTERS[i]} ${P[i].toFixed(4)} ${d[i].toFixed(4).padStart(7)}`.padEnd(24);
  for (let i = 0; i < 9; i++) say((cell(i) + cell(i + 9) + cell(i + 18)).trimEnd());

  const largest = Math.max(...dlogits.sum(1).toArray().map(Math.abs));
  say(
    `\nEvery row sums to zero (the largest sum is ${
      largest.toExponential(1)
    }): the right character is pulled up as hard ` +
      "as all others are pushed down, each in proportion to its probability.\n",
  );
  say("dlogits, one row per example; the targets, the only negative numbers, are dark:");
  say(picture(dlogits));
}
finish({ loss: loss.item() });
