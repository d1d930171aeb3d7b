// How a network that is not the lecture's is written down, with its right gradients and with mistakes in them.
// Left out: the networks, and playing them (play.ts).
import type { Forward, Tensors } from "../../../lib/check/graph.ts";

/** Code for one row or term: an expression over tensors (`h`), gradients above it (`dh`), constants and the library's functions. */
export type Line = readonly [row: string, code: string];

/** A mistake as a learner would make it, written before anything had named it. */
export interface Mistake {
  /** The row whose code is replaced; with a `+` at the end, its second term. */
  row: string;
  /** What stands there instead. */
  code: string;
  /** What is wrong, in plain words, for a human judge. */
  what: string;
  /** What a good account of it mentions: of words separated by |, one is enough. Whole words: `n` is not in "no". */
  words: readonly string[];
  /** What it must not say, because it is not so or nobody would understand it. */
  never?: readonly string[];
}

/** A network, and what learners make of its backward pass. */
export interface Network {
  name: string;
  forward: Forward;
  /** Parameters and inputs, float64 and int32, drawn from a seed. */
  leaves: () => Tensors;
  /** Sizes and numbers that the code uses by name. */
  constants?: Readonly<Record<string, number>>;
  /** The right gradients in the order in which they are written. `+` marks a second term, which is added in place, `++` a third. */
  code: readonly Line[];
  /** The same gradients in other notations. They are right, too. */
  rights: readonly Line[];
  mistakes: readonly Mistake[];
}
