// Python's random numbers: what `random.seed(42)` and `random.shuffle` do to the list of names.
// Left out: everything else in Python's module.
import { named, refuse, wholeNumber } from "../tensor/guards.ts";
import { Mt19937 } from "./mt19937.ts";

/** Draws what Python's random.Random draws (Lib/random.py, Modules/_randommodule.c). */
export class PythonRandom {
  #mt: Mt19937;

  /** `random.seed(seed)`, for an integer 0 … 2³² − 1. */
  constructor(seed: number) {
    this.#mt = Mt19937.fromKey([wholeNumber("PythonRandom", "the seed", seed, 0, 2 ** 32 - 1)]);
  }

  /** `random.getrandbits(bits)`, for 1 to 32 bits. */
  getrandbits(bits: number): number {
    return this.#mt.next() >>> (32 - wholeNumber("getrandbits", "the number of bits", bits, 1, 32));
  }

  /** `random.shuffle(items)`: in place, every order equally likely. */
  shuffle(items: unknown[]): void {
    if (!Array.isArray(items)) refuse(`shuffle takes a list; given ${named(items)}.`);
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
  }

  /** An integer 0 … n − 1: as many bits as n has, drawn again until they are below n. */
  #below(n: number): number {
    const bits = 32 - Math.clz32(n);
    let draw = this.getrandbits(bits);
    while (draw >= n) draw = this.getrandbits(bits);
    return draw;
  }
}
