// PyTorch's random numbers on the CPU, to the last bit: torch.Generator, randint, rand and randn.
// Left out: every other distribution, and integers beyond 32 bits.
import { shapeArgument, wholeNumber } from "../tensor/guards.ts";
import { numel, type Shape } from "../tensor/shape.ts";
import { tensor } from "../tensor/creation.ts";
import { noMore, refuseMore } from "../tensor/options.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { boxMuller16 } from "./box_muller.ts";
import { Mt19937 } from "./mt19937.ts";

const TWO_TO_53 = 2 ** 53;

/** Draws what torch.Generator draws on the CPU (ATen/native/cpu/DistributionTemplates.h, ATen/core/DistributionsHelper.h). */
export class Generator {
  #mt: Mt19937;
  #spareNormal: number | undefined;

  /**
   * `torch.Generator().manual_seed(seed)`, for a non-negative integer seed; its low 32 bits count.
   *
   * @throws TypeError and RangeError for any other seed, as the methods do for sizes that are not whole numbers in bounds.
   */
  constructor(seed: number) {
    noMore("Generator", arguments.length, 1);
    this.#mt = Mt19937.fromSeed(wholeNumber("Generator", "the seed", seed) % 2 ** 32);
  }

  /** The generator's next 32 bits, as an integer 0 … 2³² − 1. */
  random(): number {
    return this.#mt.next();
  }

  /** `torch.randint(0, high, (count,))`: integers 0 … high − 1, for high below 2³². */
  randint(high: number, count: number): number[] {
    wholeNumber("randint", "the number above the largest", high, 1, 2 ** 32 - 1);
    const integers = new Array<number>(wholeNumber("randint", "how many", count, 0, 2 ** 32 - 1));
    for (let i = 0; i < count; i++) integers[i] = this.#mt.next() % high;
    return integers;
  }

  /** `torch.rand(count)`: float32 numbers in [0, 1), each a multiple of 2⁻²⁴. */
  rand(count: number): Float32Array {
    wholeNumber("rand", "how many", count, 0, 2 ** 30);
    return Float32Array.from({ length: count }, () => this.#uniform());
  }

  /**
   * `torch.randn(shape)`: a float32 tensor of standard normal numbers.
   *
   * PyTorch has two ways. Below 16 numbers: Box–Muller in float64, one at a time. From 16 on: the block is filled with
   * uniform numbers, then every 16 of them are transformed in float32; if the count is not a multiple of 16, the last 16
   * are drawn again.
   */
  randn(shape: Shape): Tensor {
    const n = numel(shapeArgument("randn", shape));
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
    return (this.#mt.next() & 0xffffff) / 2 ** 24;
  }

  /** A float64 uniform number in [0, 1) of 53 bits, from two outputs, the high one first. */
  #uniform53(): number {
    const high = this.#mt.next() & 0x1fffff, low = this.#mt.next();
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

refuseMore(Generator.prototype, []);
