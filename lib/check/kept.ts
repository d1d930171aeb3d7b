// What an earlier run has measured of gradients. It depends on the forward pass alone, not on a learner's lines below it, and
// takes nearly all of a run's time.
// Left out: where it is kept (lib/exercise/kept.ts), and that a few elements are measured again (check.ts).
import type { Forward, Tensors } from "./graph.ts";
import type { Sent } from "./jacobian.ts";
import type { Reference } from "./reference.ts";

/** The sum of what all lines send back for a tensor. */
export interface AllSent extends Sent {
  /** The lines that send back zero, up to rounding. */
  readonly zero: readonly string[];
}

/** One gradient as it was measured. */
export interface Measured {
  /** What it is compared with. */
  readonly reference: Reference;
  /** What it is by the slopes of the lines. */
  readonly sent: AllSent;
}

/** What earlier runs have measured on the same forward pass, by the tensor. */
export interface Measurements {
  /** A tensor's gradient; undefined where none is kept. */
  get(name: string): Measured | undefined;
  /** Keeps a tensor's gradient. */
  put(name: string, known: Measured): void;
}

/**
 * Identifies a forward pass by its lines as they are written and all that they make, to the last bit: 64 bits,
 * by Fowler, Noll and Vo's hash (FNV-1a) with two beginnings.
 */
export function fingerprint(forward: Forward, values: Tensors): string {
  let a = 0x811c9dc5, b = 0x01234567;
  const add = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word, 0x01000193) + (b >>> 15) | 0;
  };
  const addText = (text: string) => {
    for (let i = 0; i < text.length; i++) add(text.charCodeAt(i));
    add(-1);
  };
  for (const [name, line] of Object.entries(forward)) addText(`${name}: ${line}`);
  for (const [name, t] of Object.entries(values)) {
    addText(`${name} (${t.shape.join(", ")})`);
    const words = new Int32Array(t.toArray().buffer);
    for (let i = 0; i < words.length; i++) add(words[i]);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
