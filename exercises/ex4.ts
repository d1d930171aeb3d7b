// Exercise 4: train the network with our own backward pass.
//
// Everything put together: the forward pass with cross-entropy and batchnorm in one go, the manual backward pass made of
// exercises 1 to 3, a check of its seven gradients, 200,000 steps of gradient descent, the losses, and new names.
import process from "node:process";
import { block_size, buildDataset, CHARACTERS, type Examples, splitNames } from "../data/dataset.ts";
import { loadNames } from "../data/names.ts";
import { cmp, finish, hiddenFlag, largestDifference, print, seedFlag, start } from "../lib/exercise/exercise.ts";
import { cross_entropy } from "../lib/tensor/functional.ts";
import { type Forward, run } from "../lib/check/graph.ts";
import { scratch } from "../lib/tensor/memory.ts";
import { Generator } from "../lib/random/generator.ts";
import { multinomial } from "../lib/random/multinomial.ts";
import { sameShape } from "../lib/tensor/shape.ts";
import { ones, range, type Tensor, tensor, zeros, zeros_like } from "../lib/tensor/tensor.ts";
import { lossCurve, pause, peakMemory, train } from "../lib/exercise/training.ts";

const { seed, hidden, steps, batch, lr, samples } = start(4, "train it with our own backward pass", {
  steps: { about: "steps of training", default: 200_000, min: 1, max: 100_000_000 },
  batch: {
    about: "examples in a step",
    default: 32,
    min: 2,
    max: 65_536,
    why: "A batch of 1 has no variance: batchnorm would divide by n − 1 = 0.",
  },
  hidden: { ...hiddenFlag, default: 200 },
  lr: { about: "learning rate, a tenth of it from step 100,000 on", default: 0.1, min: 1e-9, max: 1e9, fraction: true },
  seed: seedFlag,
  samples: { about: "names to sample at the end", default: 20, min: 0, max: 1000 },
});

// --- Data: every name cut into examples, three characters of context and the one that follows ------------------------------

const { source, names } = await loadNames();
const split = splitNames(names);
const trainSet = asTensors(buildDataset(split.train)); // 80 % of the names
const valSet = asTensors(buildDataset(split.val)); // 10 %
const testSet = asTensors(buildDataset(split.test)); // 10 %, left alone

print(
  `${names.length.toLocaleString("en")} names: ` + (source === "lecture" ? "the lecture's list" : "the embedded list"),
);
if (source !== "lecture") print("For the lecture's own list, and so its digits: deno task lecture-names");
print(`examples: ${[trainSet, valSet, testSet].map(({ count }) => count.toLocaleString("en")).join(" / ")}`);

function asTensors({ x, y, count }: Examples) {
  return { x: tensor(x, { shape: [count, block_size], dtype: "int32" }), y: tensor(y, { dtype: "int32" }), count };
}

// --- Parameters: drawn from one generator, which then draws the minibatches --------------------------------------------------

const vocab_size = CHARACTERS.length, n_embd = 10, n_hidden = hidden, fan_in = block_size * n_embd;

function define_nn(g: Generator) {
  return {
    C: g.randn([vocab_size, n_embd]), // (27, 10)
    w1: g.randn([fan_in, n_hidden]).mul(5 / 3).div(fan_in ** 0.5), // (30, 200)
    b1: g.randn([n_hidden]).mul(0.1), // (200)
    w2: g.randn([n_hidden, vocab_size]).mul(0.1), // (200, 27)
    b2: g.randn([vocab_size]).mul(0.1), // (27)
    bngain: ones([1, n_hidden]).mul(0.1).add(1), // (1, 200)
    bnbias: zeros([1, n_hidden]), // (1, 200)
  };
}

type Parameters = ReturnType<typeof define_nn>;

const g = new Generator(seed);
const parameters = define_nn(g);
const parameterCount = Object.values(parameters).reduce((sum, p) => sum + p.numel(), 0);
print(`parameters: ${parameterCount.toLocaleString("en")}\n`);

/** A minibatch: `batch` examples drawn at random, with replacement. */
function construct_minibatch(g: Generator) {
  const ix = tensor(g.randint(trainSet.count, batch), { dtype: "int32" }); // (32)
  return { xb: trainSet.x.at(ix), yb: trainSet.y.at(ix) }; // (32, 3), (32)
}

// --- Forward -------------------------------------------------------------------------------------------------------------------
// b1.addmm(embcat, w1) is embcat @ w1 + b1, and bnbias.addcmul(bngain, bnraw) is bngain * bnraw + bnbias: PyTorch's names
// for a product and the sum after it in one pass.

const forward = {
  emb: ({ C, xb }) => C.at(xb), // (32, 3, 10)
  embcat: ({ emb }) => emb.view(emb.shape[0], -1), // (32, 30)
  hprebn: ({ embcat, w1, b1 }) => b1.addmm(embcat, w1), // (32, 200)
  bnmean: ({ hprebn }) => hprebn.mean(0, { keepdim: true }), // (1, 200)
  bnvar: ({ hprebn }) => hprebn.var(0, { keepdim: true }), // (1, 200)
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5), // (1, 200)
  bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul_(bnvar_inv), // (32, 200)
  hpreact: ({ bngain, bnraw, bnbias }) => bnbias.addcmul(bngain, bnraw), // (32, 200)
  h: ({ hpreact }) => hpreact.tanh(), // (32, 200)
  logits: ({ h, w2, b2 }) => b2.addmm(h, w2), // (32, 27)
  loss: ({ logits, yb }) => cross_entropy(logits, yb), // ()
} satisfies Forward;

// --- Backward: exercise 2's and 3's formulas, and exercise 1's for what lies between ---------------------------------------

/** The gradients of the parameters. Undefined is one still to do. */
type ParameterGradients = { [name in `d${keyof Parameters}`]: Tensor | undefined };

function manual_backward(t: Record<keyof typeof forward | keyof Parameters | "xb" | "yb", Tensor>): ParameterGradients {
  const { C, w1, w2, bngain, xb, yb, emb, embcat, bnvar_inv, bnraw, h, logits } = t;
  const n = logits.shape[0];

  // loss = cross_entropy(logits, yb)
  // #region dlogits
  const dlogits = logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n); // (32, 27)
  // #endregion

  // logits = h @ w2 + b2
  // #region dh
  const dh = dlogits.matmul(w2.T); // (32, 200)
  // #endregion
  // #region dw2
  const dw2 = h.T.matmul(dlogits); // (200, 27)
  // #endregion
  // #region db2
  const db2 = dlogits.sum(0); // (27)
  // #endregion

  // h = hpreact.tanh()
  // #region dhpreact
  const dhpreact = h.pow(2).rsub(1).mul_(dh); // (32, 200)
  // #endregion

  // hpreact = bngain * bnraw + bnbias, and hprebn → bnraw is batchnorm
  // #region dbngain
  const dbngain = bnraw.mul(dhpreact).sum(0, { keepdim: true }); // (1, 200)
  // #endregion
  // #region dbnbias
  const dbnbias = dhpreact.sum(0, { keepdim: true }); // (1, 200)
  // #endregion
  // #region dhprebn
  // Exercise 3's formula with the 1/n multiplied in: γ·s · (dy − 1/n·Σ dy − 1/(n−1)·x̂·Σ dy·x̂). Its two sums are there
  // already: Σ dy is dbnbias, Σ dy·x̂ is dbngain. In place from the first line on, which has made a new tensor.
  const dhprebn = dhpreact.sub(dbnbias.div(n)); // (32, 200)  dy − 1/n·Σ dy
  dhprebn.addcmul_(bnraw, dbngain, { value: -1 / (n - 1) }); // … − 1/(n−1) · x̂ · Σ dy·x̂
  dhprebn.mul_(bngain.mul(bnvar_inv)); // γ·s · …
  // #endregion

  // hprebn = embcat @ w1 + b1
  // #region dembcat
  const dembcat = dhprebn.matmul(w1.T); // (32, 30)
  // #endregion
  // #region dw1
  const dw1 = embcat.T.matmul(dhprebn); // (30, 200)
  // #endregion
  // #region db1
  const db1 = dhprebn.sum(0); // (200)
  // #endregion

  // embcat = emb.view(n, -1), emb = C[xb]
  // #region demb
  const demb = dembcat.view(...emb.shape); // (32, 3, 10)
  // #endregion
  // #region dC
  const dC = zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd)); // (27, 10)
  // #endregion
  return { dw2, db2, dbngain, dbnbias, dw1, db1, dC };
}

/** One step of gradient descent, in place. Returns the minibatch's loss. Its temporaries are freed at its end. */
function step(parameters: Parameters, g: Generator, learning_rate: number): number {
  using _ = scratch();
  const t = run(forward, { ...parameters, ...construct_minibatch(g) });
  const { dw2, db2, dbngain, dbnbias, dw1, db1, dC } = manual_backward(t);
  const { C, w1, b1, w2, b2, bngain, bnbias } = parameters;
  const pairs = [[C, dC], [w1, dw1], [b1, db1], [w2, dw2], [b2, db2], [bngain, dbngain], [bnbias, dbnbias]] as const;
  for (const [parameter, gradient] of pairs) {
    if (gradient) parameter.add_(gradient, { alpha: -learning_rate }); // one still to do leaves its parameter alone
  }
  return t.loss.item();
}

// --- Check: the seven gradients in float64 against finite differences, and in float32 beside --------------------------------
// After 100 steps, for bnbias begins as zeros, and zeros hide mistakes.

function checkGradients() {
  using _ = scratch();
  const g = new Generator(seed);
  const trained = define_nn(g);
  // A gradient of the wrong shape cannot be stepped along; the table says so without any step.
  const first = manual_backward(run(forward, { ...trained, ...construct_minibatch(new Generator(seed)) }));
  const fits = Object.entries(trained).every(([name, { shape }]) =>
    sameShape(first[`d${name}` as keyof ParameterGradients]?.shape ?? shape, shape)
  );
  for (let i = 0; fits && i < 100; i++) step(trained, g, lr);
  const minibatch = construct_minibatch(g);
  const in32 = manual_backward(run(forward, { ...trained, ...minibatch }));
  const widened = Object.entries(trained).map(([name, p]) => [name, p.to("float64")]);
  const leaves = { ...Object.fromEntries(widened) as Parameters, ...minibatch };
  const in64 = manual_backward(run(forward, leaves));
  const rows = cmp(forward, leaves, { ...in64 });
  if (rows.every(({ status }) => status === "ok")) {
    const differences = Object.entries(in32).map(([name, gradient]) => {
      const difference = largestDifference(gradient!, in64[name as keyof ParameterGradients]!);
      return `${name} ${difference.toExponential(0)}`;
    });
    print(`The same in float32, as training computes them, differ by at most:\n${differences.join(", ")}\n`);
  }
  return rows;
}

const rows = checkGradients();
if (rows.some(({ status }) => status !== "ok")) {
  print("Training starts when all seven are right.");
  finish(rows, { loss: null });
  process.exit();
}

// --- Train ---------------------------------------------------------------------------------------------------------------------

const training = await train(steps, Math.log(vocab_size), (i) => step(parameters, g, i < 100_000 ? lr : lr / 10));

// --- Calibrate batchnorm: the mean and variance of hprebn over a whole set --------------------------------------------------
// A name is sampled one character at a time, so there is no batch to take them from. In pieces of 2,048 rows, so that
// memory stays small.

async function* pieces(count: number) {
  for (let i = 0; i < count; i += 2048) {
    yield [i, Math.min(2048, count - i)] as const;
    await pause();
  }
}

function hprebnOf(x: Tensor): Tensor {
  return parameters.C.at(x).view(x.shape[0], -1).matmul(parameters.w1).add_(parameters.b1); // (rows, 200)
}

async function calibrate({ x, count }: typeof trainSet) {
  const bnmean = zeros([1, n_hidden], { dtype: "float64" }), bnvar = zeros([1, n_hidden], { dtype: "float64" });
  for await (const [i, rows] of pieces(count)) {
    using _ = scratch();
    bnmean.add_(hprebnOf(x.narrow(0, i, rows)).sum(0, { keepdim: true }).div_(count));
  }
  const mean32 = bnmean.to("float32");
  for await (const [i, rows] of pieces(count)) {
    using _ = scratch();
    const bndiff = hprebnOf(x.narrow(0, i, rows)).sub_(mean32);
    bnvar.add_(bndiff.mul_(bndiff).sum(0, { keepdim: true }).div_(count - 1));
  }
  return { bnmean: mean32, bnvar: bnvar.to("float32") };
}

/** The logits of examples, with batchnorm's statistics given instead of taken from them. */
function logitsOf(x: Tensor, { bnmean, bnvar }: Awaited<ReturnType<typeof calibrate>>): Tensor {
  const { bngain, bnbias, w2, b2 } = parameters;
  const bnraw = hprebnOf(x).sub_(bnmean).mul_(bnvar.add(1e-5).pow(-0.5));
  return bnraw.mul_(bngain).add_(bnbias).tanh().matmul(w2).add_(b2); // (rows, 27)
}

/** The loss over a whole set, with the set's own statistics: as in the lecture, whose forward pass always takes the batch's. */
async function lossOver(set: typeof trainSet): Promise<number> {
  const statistics = await calibrate(set);
  let sum = 0;
  for await (const [i, rows] of pieces(set.count)) {
    using _ = scratch();
    sum += cross_entropy(logitsOf(set.x.narrow(0, i, rows), statistics), set.y.narrow(0, i, rows)).item() * rows;
  }
  return sum / set.count;
}

const statistics = await calibrate(trainSet);
const losses = { train: await lossOver(trainSet), val: await lossOver(valSet) };
print(`train ${losses.train.toFixed(5)}\nval   ${losses.val.toFixed(5)}\n`);
print(lossCurve(training));

// --- Sample: a character at a time, each drawn from what the network expects after the last three ---------------------------

function sample(g: Generator): string {
  let context = new Array<number>(block_size).fill(0), name = "";
  while (name.length < 100) {
    using _ = scratch();
    const x = tensor(context, { shape: [1, block_size], dtype: "int32" }); // (1, 3)
    const ix = multinomial(logitsOf(x, statistics).softmax(1), g);
    context = [...context.slice(1), ix];
    name += CHARACTERS[ix];
    if (ix === 0) break;
  }
  return name;
}

const sampler = new Generator(seed + 10);
const sampled = range(samples).map(() => sample(sampler));
print(`\n${sampled.join("\n")}\n`);

const { done, seconds } = training, microseconds = seconds / done * 1e6;
print(
  `${done.toLocaleString("en")} steps in ${seconds.toFixed(1)} s, ${microseconds.toFixed(0)} µs each; ` +
    `at most ${Math.round(peakMemory() / 2 ** 20)} MiB of memory`,
);
finish(rows, {
  loss: losses.train,
  names: source,
  examples: { train: trainSet.count, val: valSet.count, test: testSet.count },
  parameters: parameterCount,
  losses: training.losses,
  ...losses,
  samples: sampled,
  microsecondsPerStep: microseconds,
}, training.interrupted);
