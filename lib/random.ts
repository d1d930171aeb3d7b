// The lecture's random numbers, to the last digit: PyTorch's generator and Python's, both on top of MT19937.
//
// One generator (Matsumoto and Nishimura 1998) and three ways to use it: `Generator` draws as torch.Generator does on
// the CPU, `PythonRandom` as Python's random module does, `multinomial` samples as the PyTorch builds with Intel's MKL do.
// Left out: every other distribution, and PyTorch's integers beyond 32 bits.
// Next: lib/graph.ts.
import { boxMuller16 } from "./box_muller.ts";
import { numel, type Shape } from "./shape.ts";
import { type Tensor, tensor } from "./tensor.ts";

const N = 624, M = 397;

/**
 * The Mersenne Twister MT19937: 32-bit integers, period 2¹⁹⁹³⁷ − 1. After the authors' reference code mt19937ar.c
 * (http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/emt19937ar.html).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const mt = Mt19937.fromSeed(5489);
 * assertEquals([mt.next(), mt.next(), mt.next()], [3499211612, 581869302, 3890346734]);
 * ```
 */
export class Mt19937 {
  readonly #state = new Uint32Array(N);
  #position = N;

  /** The reference's init_genrand: the state from one number, of which the low 32 bits count. */
  static fromSeed(seed: number): Mt19937 {
    const mt = new Mt19937(), state = mt.#state;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    return mt;
  }

  /** The reference's init_by_array: the state from a list of 32-bit numbers, which Python's seeds go through. */
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

const TWO_TO_53 = 2 ** 53;

/** Draws as torch.Generator does on the CPU (ATen/native/cpu/DistributionTemplates.h, ATen/core/DistributionsHelper.h). */
export class Generator {
  #mt: Mt19937;
  #spareNormal: number | undefined;

  /** `torch.Generator().manual_seed(seed)`, for a non-negative integer seed; its low 32 bits count. */
  constructor(seed: number) {
    this.#mt = Mt19937.fromSeed(seed % 2 ** 32);
  }

  /** The generator's next 32 bits, as an integer 0 … 2³² − 1. */
  random(): number {
    return this.#mt.next();
  }

  /** `torch.randint(0, high, (count,))`: integers 0 … high − 1, for high below 2³². */
  randint(high: number, count: number): number[] {
    const integers = new Array<number>(count);
    for (let i = 0; i < count; i++) integers[i] = this.random() % high;
    return integers;
  }

  /** `torch.rand(count)`: float32 numbers in [0, 1), each a multiple of 2⁻²⁴. */
  rand(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.#uniform());
  }

  /**
   * `torch.randn(shape)`: a float32 tensor of standard normal numbers.
   *
   * PyTorch has two ways. Below 16 numbers: Box–Muller in float64, one at a time. From 16 on: the block is filled with
   * uniform numbers, then every 16 of them are transformed in float32; if the count is no multiple of 16, the last 16
   * are drawn afresh.
   */
  randn(shape: Shape): Tensor {
    const n = numel(shape);
    if (n < 16) return tensor(Float32Array.from({ length: n }, () => this.#normal()), { shape });
    const x = this.rand(n);
    for (let start = 0; start + 16 <= n; start += 16) boxMuller16(x, start);
    if (n % 16 !== 0) {
      x.set(this.rand(16), n - 16);
      boxMuller16(x, n - 16);
    }
    return tensor(x, { shape });
  }

  #uniform(): number {
    return (this.random() & 0xffffff) / 2 ** 24;
  }

  /** A float64 uniform number in [0, 1) of 53 bits, from two outputs, the high one first. */
  #uniform53(): number {
    const high = this.random() & 0x1fffff, low = this.random();
    return (high * 2 ** 32 + low) / TWO_TO_53;
  }

  #normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const theta = 2 * Math.PI * this.#uniform53();
    const r = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#spareNormal = r * Math.sin(theta);
    return r * Math.cos(theta);
  }
}

/** Draws as Python's random.Random does (Lib/random.py, Modules/_randommodule.c). */
export class PythonRandom {
  #mt: Mt19937;

  /** `random.seed(seed)`, for an integer 0 … 2³² − 1. */
  constructor(seed: number) {
    this.#mt = Mt19937.fromKey([seed]);
  }

  /** `random.getrandbits(bits)`, for 1 to 32 bits. */
  getrandbits(bits: number): number {
    return this.#mt.next() >>> (32 - bits);
  }

  /** `random.shuffle(items)`: in place, every order equally likely. */
  shuffle(items: unknown[]): void {
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

/**
 * `torch.multinomial(probs, 1)`: one index, drawn with the given probabilities, which need not sum to 1.
 *
 * The index with the largest p_i / q_i, where the q_i are exponentially distributed (an exponential race). PyTorch's
 * builds with MKL draw the q_i from Intel's MCG31m1 generator, x ← 1132489760·x mod (2³¹ − 1), seeded from `generator`
 * ("Notes for Intel oneMKL Vector Statistics", basic generator MCG31m1).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "./tensor.ts";
 * assertEquals(multinomial(tensor([0, 1, 0]), new Generator(1)), 1);
 * ```
 */
export function multinomial(probs: Tensor, generator: Generator): number {
  const modulus = 2 ** 31 - 1, multiplier = 1132489760n;
  let x = generator.random() % modulus || 1;
  let best = -Infinity, at = 0;
  probs.toArray().forEach((p, i) => {
    const q = Math.fround(-Math.log(x / modulus));
    if (p / q > best) {
      best = p / q;
      at = i;
    }
    x = Number(multiplier * BigInt(x) % BigInt(modulus));
  });
  return at;
}
