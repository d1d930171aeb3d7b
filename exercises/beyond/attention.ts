// Exercise attention: one causal head of attention, every gradient.
//
// Beyond the lecture: the head of self-attention that a transformer is made of (Vaswani and others 2017), on a batch of four
// names. Each position asks (q), all positions up to it answer (k), and what they hold (v) is mixed by how well the two fit.
// Two rules do most of the work. The gradient of a product of matrices is two products of matrices, for each sequence of the
// batch by itself; and softmax has a gradient in which every number of a row hears of all the others.
import { seedFlag, start } from "../../lib/exercise/exercise.ts";
import { CHARACTERS } from "../../data/dataset.ts";
import { type Forward, run } from "../../lib/check/graph.ts";
import { Generator } from "../../lib/random/generator.ts";
import { cross_entropy, tril } from "../../lib/tensor/functional.ts";
import { ones, tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { exercises } from "../manifest.ts";
import { inDtype, vocab_size } from "../network.ts";

const flags = { seed: seedFlag };
const { seed, say, picture, check, given, allRight, finish } = start(exercises, "attention", flags);

// --- Data: four names of eight letters. Position t has seen the letters before it and says which comes next ---------------

const names = ["isabella", "penelope", "victoria", "savannah"];
const indicesOf = (texts: string[]) =>
  tensor(texts.map((text) => [...text].map((letter) => CHARACTERS.indexOf(letter))), { dtype: "int32" });
const xb = indicesOf(names.map((name) => "." + name.slice(0, -1))); // (4, 8)
const yb = indicesOf(names); // (4, 8)

// --- Parameters: drawn in float32, then converted to float64, as finite differences need the digits ------------------------

const [B, T] = xb.shape; // 4 sequences of 8 positions
const n_embd = 12, head_size = 6; // (B, T, C) in, (B, T, H) out: C = 12, H = 6
const g = new Generator(seed);
const parameters = inDtype("float64", {
  E: g.randn([vocab_size, n_embd]), // (27, 12)  a row for each letter
  P: g.randn([T, n_embd]), // (8, 12)  a row for each position
  Wq: g.randn([n_embd, head_size]).mul(n_embd ** -0.5), // (12, 6)
  Wk: g.randn([n_embd, head_size]).mul(n_embd ** -0.5), // (12, 6)
  Wv: g.randn([n_embd, head_size]).mul(n_embd ** -0.5), // (12, 6)
  Wo: g.randn([head_size, vocab_size]).mul(head_size ** -0.5), // (6, 27)
  bo: g.randn([vocab_size]).mul(0.1), // (27)
});
const { Wq, Wk, Wv, Wo, bo } = parameters;

/** true where position i (row) must not look at position j (column): at everything after itself. */
const mask = tril(ones([T, T])).eq(0); // (8, 8)

// --- Forward ---------------------------------------------------------------------------------------------------------------

const forward = {
  x: ({ E, P, xb }) => E.at(xb).add(P), // (4, 8, 12)
  q: ({ x, Wq }) => x.matmul(Wq), // (4, 8, 6)  what each position looks for
  k: ({ x, Wk }) => x.matmul(Wk), // (4, 8, 6)  what each position has to offer
  v: ({ x, Wv }) => x.matmul(Wv), // (4, 8, 6)  and what it gives
  // Divided by √H, or the scores of a large head would leave softmax no choice
  wei: ({ q, k }) => q.matmul(k.transpose(1, 2)).mul(head_size ** -0.5), // (4, 8, 8)
  att: ({ wei, mask }) => wei.masked_fill(mask, -Infinity).softmax(2), // (4, 8, 8)  e^−∞ = 0: nothing from the future
  out: ({ att, v }) => att.matmul(v), // (4, 8, 6)
  logits: ({ out, Wo, bo }) => out.matmul(Wo).add(bo), // (4, 8, 27)
  loss: ({ logits, yb }) => cross_entropy(logits.view(B * T, vocab_size), yb.flatten()), // ()
} satisfies Forward;

const leaves = { ...parameters, mask, xb, yb };
const { tensors, cmp } = check(forward, leaves, [
  "out",
  "Wo",
  "bo",
  "att",
  "v",
  "wei",
  "q",
  "k",
  "Wq",
  "Wk",
  "Wv",
  "x",
]);
const { x, q, k, v, wei, att, out, logits, loss } = tensors;
say(`loss: ${loss.item()}\n`);

// --- Backward: under each forward line, read from the last to the first, the gradients of what it reads ---------------------

// The gradient from above is exercise 2's subject: here it is given.
const dlogits = given(logits); // (4, 8, 27)

// logits = out @ Wo + bo
// #region dout
// As in the lecture's linear layers: matmul takes each of the 4 sequences by itself, all with the same Wo.
const dout = dlogits.matmul(Wo.T); // (4, 8, 27) @ (27, 6) = (4, 8, 6)
// #endregion
cmp("out", dout, out);
// #region dWo
// Wo is used at each of the 8 positions and in each of the 4 sequences. The product sums over positions, the sum over
// sequences. (Or as one matrix of 32 rows: out.view(-1, 6).T @ dlogits.view(-1, 27).)
const dWo = out.transpose(1, 2).matmul(dlogits).sum(0); // (4, 6, 8) @ (4, 8, 27) = (4, 6, 27), summed: (6, 27)
// #endregion
cmp("Wo", dWo, Wo);
// #region dbo
// bo (27) is broadcast over sequences and positions, so its gradient is summed over both.
const dbo = dlogits.sum([0, 1]); // (27)
// #endregion
cmp("bo", dbo, bo);

// out = att @ v
// #region datt
// outᵢ = Σⱼ attᵢⱼ·vⱼ, so attᵢⱼ hears how well what position j gives fits what position i wants: dattᵢⱼ = doutᵢ · vⱼ.
const datt = dout.matmul(v.transpose(1, 2)); // (4, 8, 6) @ (4, 6, 8) = (4, 8, 8)
// #endregion
cmp("att", datt, att);
// #region dv
// Position j is looked at by every position i from j on: dvⱼ = Σᵢ attᵢⱼ·doutᵢ. att is square, and has to be transposed.
const dv = att.transpose(1, 2).matmul(dout); // (4, 8, 8) @ (4, 8, 6) = (4, 8, 6)
// #endregion
cmp("v", dv, v);

// att = softmax(wei, masked with -inf)
// #region dwei
// One row: w₁ … wₜ go in, a₁ … aₜ come out, aᵢ = e^wᵢ / Σ e^wⱼ. A score wᵢ does two things.
//
//   On top, it raises its own aᵢ:                ∂aᵢ/∂wᵢ has aᵢ from e^wᵢ, which is its own derivative
//   Below, it makes the sum larger for all:      every aⱼ loses aⱼ·aᵢ, aᵢ itself included
//
//     ∂aⱼ/∂wᵢ = aⱼ·(1 if i = j, else 0) − aⱼ·aᵢ
//
//     dwᵢ = Σⱼ daⱼ·∂aⱼ/∂wᵢ = aᵢ·daᵢ − aᵢ·Σⱼ daⱼ·aⱼ = aᵢ·( daᵢ − Σⱼ daⱼ·aⱼ )
//
// In words: from each gradient of a row take off their mean, weighted by att, then weigh what is left by att. So no matrix
// of all pairs i, j is needed, and each row of dwei sums to zero, as softmax does not feel a number added to all scores.
// What is masked has aᵢ = 0, and so dwᵢ = 0 without a mask: the −∞ is a constant and passes nothing on.
const dwei = att.mul(datt.sub(att.mul(datt).sum(2, { keepdim: true }))); // (4, 8, 8)
// #endregion
cmp("wei", dwei, wei);

// wei = q @ k.transpose(1, 2) * head_size**-0.5
// #region dq
// weiᵢⱼ = qᵢ · kⱼ / √H: each qᵢ meets every kⱼ. The division is a factor of both gradients.
const dq = dwei.matmul(k).mul(head_size ** -0.5); // (4, 8, 8) @ (4, 8, 6) = (4, 8, 6)
// #endregion
cmp("q", dq, q);
// #region dk
// kⱼ is met by every qᵢ: the sum is over the rows of dwei, so it is transposed.
const dk = dwei.transpose(1, 2).matmul(q).mul(head_size ** -0.5); // (4, 8, 8) @ (4, 8, 6) = (4, 8, 6)
// #endregion
cmp("k", dk, k);

// q = x @ Wq, k = x @ Wk, v = x @ Wv
// #region dWq
// As for Wo: the product sums over positions, the sum over sequences.
const dWq = x.transpose(1, 2).matmul(dq).sum(0); // (4, 12, 8) @ (4, 8, 6) = (4, 12, 6), summed: (12, 6)
// #endregion
cmp("Wq", dWq, Wq);
// #region dWk
const dWk = x.transpose(1, 2).matmul(dk).sum(0); // (12, 6)
// #endregion
cmp("Wk", dWk, Wk);
// #region dWv
const dWv = x.transpose(1, 2).matmul(dv).sum(0); // (12, 6)
// #endregion
cmp("Wv", dWv, Wv);
// #region dx
// x is used three times, so its gradient has three terms.
const dx = dq.matmul(Wq.T).add(dk.matmul(Wk.T)).add(dv.matmul(Wv.T)); // (4, 8, 6) @ (6, 12) = (4, 8, 12)
// #endregion
cmp("x", dx, x);

// --- Who looks at whom, once all is right -----------------------------------------------------------------------------------

if (allRight()) {
  const most = (t: Tensor) => Number(t.abs().max().item().toExponential(1));
  say(`\nWho looks at whom in "${"." + names[0].slice(0, -1)}", a row for each letter: att`);
  say("\n" + picture(att.at(0)));
  say("\nand its gradient by the scores, dwei:");
  say("\n" + picture(dwei.at(0)));
  say(
    `\nEach row of dwei sums to zero, to ${most(dwei.sum(2))} at most: adding to a whole row changes nothing.`,
  );
  say(
    `The first letter sees only itself, whatever its score is: its row of dwei is ${
      most(dwei.at(":", 0))
    }, and so is its dq.`,
  );
  const finite = run({ ...forward, att: ({ wei, mask }) => wei.masked_fill(mask, -1e9).softmax(2) }, leaves);
  say(`With −1e9 in the place of −Infinity, att differs by ${most(finite.att.sub(att))}: e^−1e9 is 0 as well.`);
}
finish({ loss: loss.item() });
