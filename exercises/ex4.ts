// Exercise 4: train the network with our own backward pass.
// In the lecture from 1:50:02 on: https://youtu.be/q8SA3rM6ckI?t=6602
//
// Everything together: the forward pass with cross-entropy and batchnorm in one go, the backward pass from exercises 1
// to 3, a check of its gradients, 200,000 steps of gradient descent, the losses, and new names.
import { hiddenFlag, seedFlag, start } from "../lib/exercise/exercise.ts";
import { columnStatistics, meanLoss } from "../lib/exercise/evaluation.ts";
import { commas } from "../lib/exercise/terminal.ts";
import { lossCurve, summary, trainingFlags } from "../lib/exercise/training.ts";
import { block_size, buildDataset, CHARACTERS, splitNames } from "../data/dataset.ts";
import { loadNames } from "../data/names.ts";
import { type Forward, run, type Tensors } from "../lib/check/graph.ts";
import { Generator } from "../lib/random/generator.ts";
import { multinomial } from "../lib/random/multinomial.ts";
import { cross_entropy, linear, sub } from "../lib/tensor/functional.ts";
import { inScratch } from "../lib/tensor/memory.ts";
import { range, tensor, zeros_like } from "../lib/tensor/creation.ts";
import { type Tensor } from "../lib/tensor/tensor.ts";
import { exercises } from "./manifest.ts";
import { asTensors, construct_minibatch, count, define_nn, inDtype, n_embd, vocab_size } from "./network.ts";

const flags = { ...trainingFlags, hidden: { ...hiddenFlag, default: 200 }, seed: seedFlag };
const { steps, batch, hidden, lr, seed, samples, say, check, train, allRight, finish } = start(exercises, 4, flags);

// --- Data: every name gives examples, three characters of context and the one that follows ---------------------------------

const { source, names } = await loadNames();
const split = splitNames(names);
const trainSet = asTensors(buildDataset(split.train)); // 80 % of the names
const valSet = asTensors(buildDataset(split.val)); // 10 %
const testSet = asTensors(buildDataset(split.test)); // 10 %, not used
const sizes = [trainSet, valSet, testSet].map(({ y }) => y.numel());

say(
  `${commas(names.length)} names: ${source === "lecture" ? "the lecture's list" : "the embedded list"}`,
);
if (source !== "lecture") say("For the lecture's own list and numbers: deno task lecture-names");
say(`examples: ${sizes.map(commas).join(" / ")}`);

// --- Parameters: drawn from one generator, which then draws the minibatches --------------------------------------------------

const g = new Generator(seed);
const parameters = define_nn(g, hidden);
const { C, w1, b1, w2, b2, bngain, bnbias } = parameters; // (27, 10), (30, 200), (200), (200, 27), (27), (1, 200), (1, 200)
say(`parameters: ${commas(count(parameters))}\n`);

// --- Forward: linear(x, w, b) is x @ w + b ------------------------------------------------------------------------------------

const forward = {
  emb: ({ C, xb }) => C.at(xb), // (32, 3, 10)
  embcat: ({ emb }) => emb.view(emb.shape[0], -1), // (32, 30)
  hprebn: ({ embcat, w1, b1 }) => linear(embcat, w1, b1), // (32, 200)
  bnmean: ({ hprebn }) => hprebn.mean(0, { keepdim: true }), // (1, 200)
  bnvar: ({ hprebn }) => hprebn.var(0, { keepdim: true }), // (1, 200)
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 200)
  bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul(bnvar_inv), // (32, 200)
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias), // (32, 200)
  h: ({ hpreact }) => hpreact.tanh(), // (32, 200)
  logits: ({ h, w2, b2 }) => linear(h, w2, b2), // (32, 27)
  loss: ({ logits, yb }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

// --- Backward: exercise 2's and 3's formulas, and exercise 1's for the rest --------------------------------------------------

/** The gradients of the seven parameters, in their order. `cmp` checks each gradient where it is made. */
function manual_backward(t: Tensors, cmp = (_name: string, _gradient: Tensor, _of: Tensor) => {}): Tensor[] {
  const { C, w1, b1, w2, b2, bngain, bnbias, xb, yb, emb, embcat, hprebn, bnvar_inv, bnraw, hpreact, h, logits } = t;
  const n = logits.shape[0];

  // loss = cross_entropy(logits, yb)
  // #region dlogits
  const dlogits = logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n); // (32, 27)
  // #endregion
  cmp("logits", dlogits, logits);

  // logits = h @ w2 + b2
  // #region dh
  const dh = dlogits.matmul(w2.T); // (32, 200)
  // #endregion
  cmp("h", dh, h);
  // #region dw2
  const dw2 = h.T.matmul(dlogits); // (200, 27)
  // #endregion
  cmp("w2", dw2, w2);
  // #region db2
  const db2 = dlogits.sum(0); // (27)
  // #endregion
  cmp("b2", db2, b2);

  // h = hpreact.tanh()
  // #region dhpreact
  const dhpreact = sub(1, h.pow(2)).mul(dh); // (32, 200)
  // #endregion
  cmp("hpreact", dhpreact, hpreact);

  // hpreact = bngain * bnraw + bnbias, and hprebn → bnraw is batchnorm
  // #region dbngain
  const dbngain = bnraw.mul(dhpreact).sum(0, { keepdim: true }); // (1, 200)
  // #endregion
  cmp("bngain", dbngain, bngain);
  // #region dbnbias
  const dbnbias = dhpreact.sum(0, { keepdim: true }); // (1, 200)
  // #endregion
  cmp("bnbias", dbnbias, bnbias);
  // #region dhprebn
  // Exercise 3's formula with the 1/n multiplied in: γ·s · (dy − 1/n·Σ dy − 1/(n−1)·x̂·Σ dy·x̂). We already have its two
  // sums: Σ dy is dbnbias, Σ dy·x̂ is dbngain.
  const along = bnraw.mul(dbngain.div(n - 1)); // (32, 200)  1/(n−1)·x̂·Σ dy·x̂
  const dhprebn = dhpreact.sub(dbnbias.div(n)).sub(along).mul(bngain.mul(bnvar_inv)); // (32, 200)
  // #endregion
  cmp("hprebn", dhprebn, hprebn);

  // hprebn = embcat @ w1 + b1
  // #region dembcat
  const dembcat = dhprebn.matmul(w1.T); // (32, 30)
  // #endregion
  cmp("embcat", dembcat, embcat);
  // #region dw1
  const dw1 = embcat.T.matmul(dhprebn); // (30, 200)
  // #endregion
  cmp("w1", dw1, w1);
  // #region db1
  const db1 = dhprebn.sum(0); // (200)
  // #endregion
  cmp("b1", db1, b1);

  // embcat = emb.view(n, -1), emb = C[xb]
  // #region demb
  const demb = dembcat.view(...emb.shape); // (32, 3, 10)
  // #endregion
  cmp("emb", demb, emb);
  // #region dC
  const dC = zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd)); // (27, 10)
  // #endregion
  cmp("C", dC, C);

  return [dC, dw1, db1, dw2, db2, dbngain, dbnbias];
}

// --- Check: the gradients of one minibatch, in float64 -----------------------------------------------------------------------
// bnbias starts as zeros, and zeros hide mistakes: for the check it is drawn at random.

const g2 = new Generator(seed);
const drawn = { ...define_nn(g2, hidden), bnbias: g2.randn([1, hidden]).mul(0.1) };
const minibatch = construct_minibatch(trainSet, Math.min(batch, 64), g2); // more would only take longer
const checked = ["logits", "h", "w2", "b2", "hpreact", "bngain", "bnbias", "hprebn", "embcat", "w1", "b1", "emb", "C"];
const { tensors, cmp } = check(forward, { ...inDtype("float64", drawn), ...minibatch }, checked);
const in64 = manual_backward(tensors, cmp);
if (!allRight()) {
  say("Training starts when all thirteen are right.");
  finish({ loss: null });
}
const in32 = manual_backward(run(forward, { ...drawn, ...minibatch }));
const differences = Object.keys(parameters).map((name, i) =>
  `d${name} ${in32[i].to("float64").sub(in64[i]).abs().max().item().toExponential(0)}`
);
say(`The same in float32, as training computes them, differ by at most:\n${differences.join(", ")}\n`);

// --- Train ---------------------------------------------------------------------------------------------------------------------

/** One step of gradient descent. Returns the minibatch's loss. */
function step(i: number): number {
  const t = run(forward, { ...parameters, ...construct_minibatch(trainSet, batch, g) });
  const gradients = manual_backward(t), learning_rate = i < 100_000 ? lr : lr / 10;
  Object.values(parameters).forEach((p, k) => p.add_(gradients[k], { alpha: -learning_rate }));
  return t.loss.item();
}

const training = await train(steps, step, Math.log(vocab_size));

// --- Calibrate batchnorm, and evaluate -------------------------------------------------------------------------------------------
// A name is sampled one character at a time, so there is no batch to compute a mean and a variance from. They are computed
// over a whole set instead: over the training set for sampling and, as in the lecture, over each set for its own loss.

const hprebn_of = (x: Tensor) => linear(C.at(x).view(x.shape[0], -1), w1, b1); // (rows, 200)

function logits_of(x: Tensor, bnmean: Tensor, bnvar: Tensor): Tensor {
  const bnraw = hprebn_of(x).sub(bnmean).mul(bnvar.add(1e-5).pow(-0.5)); // (rows, 200)
  const h = bngain.mul(bnraw).add(bnbias).tanh(); // (rows, 200)
  return linear(h, w2, b2); // (rows, 27)
}

function loss_of({ x, y }: typeof trainSet): number {
  const { mean, variance } = columnStatistics(x, hprebn_of);
  return meanLoss(x, y, (x, y) => cross_entropy(logits_of(x, mean, variance), y));
}

const { mean: bnmean, variance: bnvar } = columnStatistics(trainSet.x, hprebn_of); // (1, 200), (1, 200)
const losses = { train: loss_of(trainSet), val: loss_of(valSet) };
say(`train ${losses.train.toFixed(5)}\nval   ${losses.val.toFixed(5)}\n`);
say(lossCurve(training));

// --- Sample: one character at a time, drawn with the probabilities that the network gives after the last three --------------

function sample(g: Generator): string {
  let context = new Array<number>(block_size).fill(0), name = "";
  while (name.length < 100) {
    const ix = inScratch(() => {
      const x = tensor(context, { shape: [1, block_size], dtype: "int32" }); // (1, 3)
      return multinomial(logits_of(x, bnmean, bnvar).softmax(1), g);
    });
    context = [...context.slice(1), ix];
    name += CHARACTERS[ix];
    if (ix === 0) break;
  }
  return name;
}

const sampler = new Generator(seed + 10);
const sampled = range(samples).map(() => sample(sampler));
say(`\n${sampled.join("\n")}\n`);
say(summary(training));

finish({
  loss: losses.train,
  names: source,
  examples: { train: sizes[0], val: sizes[1], test: sizes[2] },
  parameters: count(parameters),
  losses: training.losses,
  ...losses,
  samples: sampled,
  microsecondsPerStep: training.seconds / training.done * 1e6,
}, training.interrupted);
