// Tensors from numbers: of given ones, or all alike.
// Left out: random ones (lib/random/generator.ts).
import { allocate, heap } from "./memory.ts";
import { BYTES, type DType, NDArray } from "./ndarray.ts";
import { checkSizes, formatShape, numel, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/**
 * A tensor of the given numbers, in rows if `shape` says so.
 *
 * @throws RangeError when the shape asks for another number of elements.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const a = tensor([1, 2, 3, 4], { shape: [2, 2] });
 * assertEquals([...a.matmul(a.T).toArray()], [5, 11, 11, 25]);
 * ```
 */
export function tensor(
  data: ArrayLike<number>,
  { shape = [data.length], dtype = "float32" }: { shape?: Shape; dtype?: DType } = {},
): Tensor {
  checkSizes(shape);
  if (numel(shape) !== data.length) {
    throw new RangeError(`${data.length} numbers do not fill shape ${formatShape(shape)}.`);
  }
  const offset = allocate(data.length * BYTES[dtype]);
  heap[dtype].set(data, offset / BYTES[dtype]);
  return new Tensor(new NDArray([...shape], dtype, offset));
}

/** A tensor filled with one value. */
export function full(shape: Shape, value: number, { dtype = "float32" }: { dtype?: DType } = {}): Tensor {
  checkSizes(shape);
  const n = numel(shape), offset = allocate(n * BYTES[dtype]), from = offset / BYTES[dtype];
  heap[dtype].fill(value, from, from + n);
  return new Tensor(new NDArray([...shape], dtype, offset));
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  return full(shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  return full(shape, 1, options);
}

/** Zeros of the same shape and dtype. */
export function zeros_like(a: Tensor): Tensor {
  return zeros(a.shape, a);
}

/** Ones of the same shape and dtype. */
export function ones_like(a: Tensor): Tensor {
  return ones(a.shape, a);
}

/** The integers 0 … n − 1. */
export function range(n: number): number[] {
  const integers = new Array<number>(n);
  for (let i = 0; i < n; i++) integers[i] = i;
  return integers;
}
