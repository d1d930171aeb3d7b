// What the lecture defines once and uses in every exercise: the network's sizes, its parameters, its minibatches.
// Left out: the forward and backward pass, which are in the exercises.
import { block_size, CHARACTERS, type Examples } from "../data/dataset.ts";
import * as minibatch from "../data/minibatch.ts";
import type { Generator } from "../lib/random/generator.ts";
import { ones, tensor, zeros } from "../lib/tensor/creation.ts";
import { type Tensor } from "../lib/tensor/tensor.ts";

/** The characters: 27. */
export const vocab_size = CHARACTERS.length;

/** Numbers per character in the embedding: 10. */
export const n_embd = 10;

/** The lecture's minibatch for exercises 1 to 3: 32 examples. */
export const batch_size = minibatch.batch_size;

/**
 * The seven parameters in float32, drawn as the lecture draws them. Shapes are given for n_hidden = 64.
 *
 * b1 and b2 are small numbers rather than zeros, and bngain is not 1: such simple values would hide mistakes in the
 * gradients. b1 is only for practice: batchnorm cancels it, so its gradient is 0.
 *
 * With `drawn`, bngain and bnbias are small random numbers around 1 and 0, as in the video's notebook.
 */
export function define_nn(g: Generator, n_hidden: number, drawn = 0): Parameters {
  const fan_in = block_size * n_embd, row = [1, n_hidden];
  return {
    C: g.randn([vocab_size, n_embd]), // (27, 10)
    w1: g.randn([fan_in, n_hidden]).mul(5 / 3).div(fan_in ** 0.5), // (30, 64)
    b1: g.randn([n_hidden]).mul(0.1), // (64)
    w2: g.randn([n_hidden, vocab_size]).mul(0.1), // (64, 27)
    b2: g.randn([vocab_size]).mul(0.1), // (27)
    bngain: (drawn ? g.randn(row) : ones(row)).mul(0.1).add(1), // (1, 64)
    bnbias: drawn ? g.randn(row).mul(0.1) : zeros(row), // (1, 64)
  };
}

/** The parameters by name, in the lecture's order. */
export type Parameters = Record<"C" | "w1" | "b1" | "w2" | "b2" | "bngain" | "bnbias", Tensor>;

/** The number of elements of all these tensors together. */
export function count(tensors: Record<string, Tensor>): number {
  return Object.values(tensors).reduce((sum, t) => sum + t.numel(), 0);
}

/** The same tensors in another dtype. Finite differences need float64: float32 has too few digits. */
export function inDtype<T extends Record<string, Tensor>>(dtype: "float32" | "float64", tensors: T): T {
  const copies: Record<string, Tensor> = {};
  for (const [name, t] of Object.entries(tensors)) copies[name] = t.to(dtype);
  return copies as T;
}

/** Examples as int32 tensors: contexts x (count, 3), and the characters that follow, y (count). */
export function asTensors({ x, y, count }: Examples): ExampleTensors {
  return { x: tensor(x, { shape: [count, block_size], dtype: "int32" }), y: tensor(y, { dtype: "int32" }) };
}

/** Contexts x (count, 3) and the characters that follow, y (count). */
export type ExampleTensors = Record<"x" | "y", Tensor>;

/** Contexts xb (n, 3) and the characters that follow, yb (n), both int32. */
export type Minibatch = Record<"xb" | "yb", Tensor>;

/** The lecture's own minibatch: xb (32, 3), yb (32). */
export function lecture_minibatch(): Minibatch {
  return {
    xb: tensor(minibatch.xb, { shape: [batch_size, block_size], dtype: "int32" }),
    yb: tensor(minibatch.yb, { dtype: "int32" }),
  };
}

/** A minibatch of `batch_size` examples drawn at random, with replacement: xb (batch_size, 3), yb (batch_size). */
export function construct_minibatch({ x, y }: ExampleTensors, batch_size: number, g: Generator): Minibatch {
  const ix = tensor(g.randint(y.numel(), batch_size), { dtype: "int32" });
  return { xb: x.at(ix), yb: y.at(ix) };
}
