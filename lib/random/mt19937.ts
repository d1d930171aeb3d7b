// The Mersenne Twister, which both PyTorch and Python use.
// Left out: anything but 32-bit integers. Next: generator.ts.

const N = 624, M = 397;

/**
 * The Mersenne Twister MT19937: 32-bit integers, period 2¹⁹⁹³⁷ − 1. After the authors' reference code mt19937ar.c
 * (http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/emt19937ar.html).
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * const mt = Mt19937.fromSeed(5489);
 * deepEqual([mt.next(), mt.next(), mt.next()], [3499211612, 581869302, 3890346734]);
 * ```
 */
export class Mt19937 {
  readonly #state = new Uint32Array(N);
  #position = N;

  /** The reference's init_genrand: the state from the low 32 bits of one number. */
  static fromSeed(seed: number): Mt19937 {
    const mt = new Mt19937(), state = mt.#state;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    return mt;
  }

  /** The reference's init_by_array: the state from a list of 32-bit numbers, as Python seeds it. */
  static fromKey(key: readonly number[]): Mt19937 {
    const mt = Mt19937.fromSeed(19650218), state = mt.#state;
    let i = 1;
    const wrap = () => {
      if (++i < N) return;
      state[0] = state[N - 1];
      i = 1;
    };
    for (let k = 0; k < Math.max(N, key.length); k++) {
      const j = k % key.length;
      state[i] = (state[i] ^ Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1664525)) + key[j] + j;
      wrap();
    }
    for (let k = 1; k < N; k++) {
      state[i] = (state[i] ^ Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1566083941)) - i;
      wrap();
    }
    state[0] = 0x80000000;
    return mt;
  }

  /** The next integer, 0 … 2³² − 1. */
  next(): number {
    if (this.#position === N) this.#twist();
    let y = this.#state[this.#position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}
