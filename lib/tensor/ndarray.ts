// The data of a tensor: a shape and strides over a place in lib/tensor/memory.ts's memory, and other views of that place.
//
// Every read and write goes through `at`, which refuses memory that has been freed.
// Left out: arithmetic (elementwise.ts, reductions.ts, products.ts) and indexing (indexing.ts).
import { kernels } from "./kernel_set.ts";
import { allocate, type Block, currentBlock, heap } from "./memory.ts";
import {
  broadcastShapes,
  checkSizes,
  contiguousStrides,
  copyStrided,
  dimension,
  formatShape,
  type Numbers,
  numel,
  sameShape,
  type Shape,
  stridesFor,
  writeStrided,
} from "./shape.ts";

/**
 * What a tensor's elements are: numbers of 32 or 64 bits, 32-bit integers for indices and labels, or the 1 and 0 (true and
 * false) of a comparison, which are kept in 32 bits.
 */
export type DType = "float32" | "float64" | "int32" | "bool";

/** The dtypes that can hold fractions. */
export type FloatType = "float32" | "float64";

/** Bytes per element. */
export const BYTES = { float32: 4, float64: 8, int32: 4, bool: 4 } as const;

/** Numbers in lists in lists, as deep as there are dimensions; a number for a scalar. */
export type Nested = number | readonly Nested[];

/** What is behind a tensor; undefined for anything else. */
export let arrayOf: (value: unknown) => NDArray | undefined;

/** Says how to look behind a tensor: only the class Tensor can, and it comes after this file. */
export function setArrayOf(look: (value: unknown) => NDArray | undefined): void {
  arrayOf = look;
}

/** Elements in memory with a shape. */
export class NDArray {
  /** The sizes, one per dimension. */
  readonly shape: Shape;
  /** What the elements are. */
  readonly dtype: DType;
  /** Byte offset of the first element, even if it has been freed; `at` checks that. */
  readonly offset: number;
  /** Distance in elements between neighbours along each dimension; undefined when contiguous. */
  readonly strides?: readonly number[];
  /** The block of memory it is freed with. */
  readonly block: Block;
  /** The number of elements. */
  readonly numel: number;

  /** Elements of this shape that begin at a place in memory. */
  constructor(shape: Shape, dtype: DType, offset: number, strides?: readonly number[], block: Block = currentBlock()) {
    this.shape = shape;
    this.dtype = dtype;
    this.offset = offset;
    this.strides = strides;
    this.block = block;
    this.numel = numel(shape);
  }

  /**
   * Byte offset of the first element.
   *
   * @throws Error when the memory has been freed.
   */
  get at(): number {
    if (!this.block.alive) {
      throw new Error(
        `This tensor, ${this}, was freed: the scratch block it was made in has ended. Make it before the block, or ` +
          `take its numbers out with item() or toArray() inside.`,
      );
    }
    return this.offset;
  }

  /** The index of the first element in `heap[dtype]`. */
  get start(): number {
    return this.at / BYTES[this.dtype];
  }

  /** The elements in place. Use them at once: an allocation may move the memory. Contiguous arrays only. */
  get elements(): Numbers {
    const from = this.start;
    return heap[this.dtype].subarray(from, from + this.numel);
  }

  /** Whether this is a contiguous matrix, or several, with the last two dimensions exchanged. */
  get isTransposed(): boolean {
    const { shape, strides } = this, n = shape.length;
    if (strides === undefined || n < 2 || strides[n - 2] !== 1 || strides[n - 1] !== shape[n - 2]) return false;
    let step = shape[n - 2] * shape[n - 1];
    for (let d = n - 3; d >= 0; step *= shape[d--]) if (shape[d] !== 1 && strides[d] !== step) return false;
    return true;
  }

  /** Dtype and shape, for messages: `float32 (32, 27)`. */
  toString(): string {
    return `${this.dtype} ${formatShape(this.shape)}`;
  }

  // --- The same elements, seen differently ------------------------------------------------------------------------------

  /** Another shape; one size may be −1 and is computed. What no strides can show, of a transposed array say, is copied first. */
  view(shape: Shape): NDArray {
    if (shape.filter((size) => size === -1).length > 1) {
      throw new RangeError(`Only one size of a view can be −1; given ${formatShape(shape)}.`);
    }
    const known = shape.reduce((n, size) => size === -1 ? n : n * size, 1);
    const sizes = shape.map((size) => size === -1 ? this.numel / known : size);
    if (numel(sizes) !== this.numel || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new RangeError(
        `Cannot view shape ${formatShape(this.shape)} (${this.numel} elements) as ${formatShape(shape)}.`,
      );
    }
    const strides = this.strides && stridesFor(this.shape, this.strides, sizes);
    if (strides) return this.seen(sizes, strides);
    const from = this.contiguous();
    return new NDArray(sizes, this.dtype, from.at, undefined, from.block);
  }

  /** `length` of a dimension, from `first` on. */
  narrow(dim: number, first: number, length: number): NDArray {
    const d = dimension(dim, this.shape), size = this.shape[d];
    const whole = Number.isInteger(first) && Number.isInteger(length);
    if (!whole || first < 0 || length < 0 || first + length > size) {
      throw new RangeError(
        `Cannot narrow shape ${formatShape(this.shape)} to ${length} from ${first} on along dimension ${dim}, ` +
          `which has ${size}.`,
      );
    }
    const own = this.strides ?? contiguousStrides(this.shape), shape = [...this.shape];
    shape[d] = length;
    return this.seen(shape, own, first * own[d]);
  }

  /** Two dimensions exchanged. */
  transpose(dim0: number, dim1: number): NDArray {
    const d0 = dimension(dim0, this.shape), d1 = dimension(dim1, this.shape);
    const shape = [...this.shape], strides = [...this.strides ?? contiguousStrides(this.shape)];
    [shape[d0], shape[d1]] = [shape[d1], shape[d0]];
    [strides[d0], strides[d1]] = [strides[d1], strides[d0]];
    return this.seen(shape, strides);
  }

  /** The dimensions in another order: dimension i of the result is dimension order[i] of this one. */
  permute(order: readonly number[]): NDArray {
    const strides = this.strides ?? contiguousStrides(this.shape);
    return this.seen(order.map((d) => this.shape[d]), order.map((d) => strides[d]));
  }

  /** A larger shape; dimensions of size 1 are repeated. */
  expand(shape: Shape): NDArray {
    checkSizes(shape);
    if (!sameShape(broadcastShapes(this.shape, shape, "expand"), shape)) {
      throw new RangeError(`Cannot expand shape ${formatShape(this.shape)} to ${formatShape(shape)}.`);
    }
    const own = this.strides ?? contiguousStrides(this.shape), skipped = shape.length - this.shape.length;
    const strides = shape.map((size, i) => i < skipped || this.shape[i - skipped] !== size ? 0 : own[i - skipped]);
    return this.seen(shape, strides);
  }

  /** A view of some elements: this shape and these strides, from element `first` on. The caller checks the bounds. */
  seen(shape: Shape, strides: readonly number[], first = 0): NDArray {
    const isContiguous = numel(shape) === 0 || liesInARow(shape, strides);
    const at = this.at + first * BYTES[this.dtype];
    return new NDArray(shape, this.dtype, at, isContiguous ? undefined : strides, this.block);
  }

  // --- Copies -----------------------------------------------------------------------------------------------------------

  /** This array if it is contiguous (its elements lie one after the other), else a contiguous copy. */
  contiguous(): NDArray {
    return this.strides ? this.clone() : this;
  }

  /** A contiguous copy. */
  clone(): NDArray {
    const out = empty(this.shape, this.dtype);
    if (!this.strides) {
      heap[this.dtype].copyWithin(out.start, this.start, this.start + this.numel);
    } else if (this.isTransposed) {
      const [rows, cols] = this.shape.slice(-2);
      const bytes = rows * cols * BYTES[this.dtype];
      const end = this.numel / (rows * cols);
      for (let i = 0; i < end; i++) {
        kernels[this.dtype].transpose({ out: out.offset + i * bytes, a: this.at + i * bytes, rows: cols, cols: rows });
      }
    } else {
      copyStrided(this.shape, this.strides, heap[this.dtype], this.start, out.start);
    }
    return out;
  }

  /** The same values in another dtype; this array itself if it already has that dtype. */
  to(dtype: DType): NDArray {
    if (dtype === this.dtype) return this;
    const out = empty(this.shape, dtype), from = this.contiguous();
    const source = from.elements, target = heap[dtype], start = out.start;
    if (dtype === "bool") { for (let i = 0; i < source.length; i++) target[start + i] = Number(source[i] !== 0); }
    else for (let i = 0; i < source.length; i++) target[start + i] = source[i];
    return out;
  }

  // --- Writing ----------------------------------------------------------------------------------------------------------

  /** Writes a contiguous array of the same shape into this one, a view or not, each element converted. */
  write(source: NDArray): void {
    const values = source.to(this.dtype).elements;
    if (this.strides) writeStrided(this.shape, this.strides, values, heap[this.dtype], this.start);
    else heap[this.dtype].set(values, this.start);
  }

  /**
   * Lets `work` write into a contiguous array; what it wrote is then in this one: the array itself, or a copy that is written
   * back where this is a transposed or cut-out view.
   */
  writeThrough(verb: string, work: (contiguous: NDArray) => void): void {
    this.checkWritable(verb);
    const into = this.contiguous();
    work(into);
    if (into !== this) this.write(into);
  }

  /**
   * Checks that no element of this array has two places.
   *
   * @throws RangeError when it was expanded.
   */
  checkWritable(verb: string): void {
    if (!this.strides?.some((stride, d) => stride === 0 && this.shape[d] > 1)) return;
    throw new RangeError(
      `${verb} cannot write into an expanded tensor: its elements are the same numbers several times. clone() it first.`,
    );
  }

  // --- Sharing memory ---------------------------------------------------------------------------------------------------

  /** Whether two contiguous arrays share memory. */
  overlaps(other: NDArray): boolean {
    const end = this.offset + this.numel * BYTES[this.dtype],
      otherEnd = other.offset + other.numel * BYTES[other.dtype];
    return this.block === other.block && this.offset < otherEnd && other.offset < end;
  }

  /** This contiguous array, or a copy if writing into `into`, element by element, would change elements still to be read. */
  apartFrom(into: NDArray | undefined): NDArray {
    if (!into || into === this || !this.overlaps(into)) return this;
    return this.offset === into.offset && this.numel === into.numel ? this : this.clone();
  }
}

/** A new array, not initialized. */
export function empty(shape: Shape, dtype: DType): NDArray {
  return new NDArray(shape, dtype, allocate(numel(shape) * BYTES[dtype]));
}

/** Whether elements with these strides lie one after the other. The stride of a dimension of size 1 does not matter. */
function liesInARow(shape: Shape, strides: readonly number[]): boolean {
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false;
    step *= shape[i];
  }
  return true;
}
