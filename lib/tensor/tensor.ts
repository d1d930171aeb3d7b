// Tensors of float32, float64 and int32 with PyTorch's names and behaviour: what the four exercises use, and no more.
//
// A tensor is a thin face over an NDArray (lib/tensor/ndarray.ts); its methods hand that on to operations
// (lib/tensor/operations.ts, lib/tensor/indexing.ts). A trailing underscore works in place.
// Left out: autograd (you are here to write it), int arithmetic (int32 is for indices), devices.
// Next: lib/random/ fills them, lib/tensor/functional.ts combines them.
import * as indexing from "./indexing.ts";
import { heap } from "./memory.ts";
import { type DType, NDArray } from "./ndarray.ts";
import * as operations from "./operations.ts";
import { formatShape, type Shape } from "./shape.ts";
import { show } from "./show.ts";

export { full, ones, ones_like, range, tensor, zeros, zeros_like } from "./creation.ts";
export type { DType } from "./ndarray.ts";

/** What stands beside a tensor in arithmetic: another tensor, or a number that is rounded to the tensor's dtype. */
export type Operand = Tensor | number;

/** Positions along a dimension: an int32 tensor, or plain integers. */
export type Indices = Tensor | readonly number[];

/** A block of numbers with a shape. Made by `tensor`, `zeros`, `ones`, `full`, and by operations on others. */
export class Tensor {
  readonly #array: NDArray;

  /** For this library's own use: the face of an array. */
  constructor(array: NDArray) {
    this.#array = array;
  }

  /** The sizes, one per dimension. */
  get shape(): Shape {
    return this.#array.shape;
  }

  /** What the elements are. */
  get dtype(): DType {
    return this.#array.dtype;
  }

  /** The number of elements. */
  numel(): number {
    return this.#array.numel;
  }

  /** A copy of the elements, the last dimension fastest. Float64 holds every dtype's values exactly. */
  toArray(): Float64Array {
    return new Float64Array(this.#array.contiguous().elements);
  }

  /** The only element, as a number. Throws RangeError when there are more or fewer. */
  item(): number {
    const a = this.#array;
    if (a.numel !== 1) {
      throw new RangeError(`item() reads a tensor of one element; this one has shape ${formatShape(a.shape)}.`);
    }
    return heap[a.dtype][a.start];
  }

  /** Sets one element in place; `index` counts elements as `toArray` does. What a finite difference does, and undoes. */
  put_(index: number, value: number): Tensor {
    const a = operations.inPlace("put_", this.#array);
    if (!Number.isInteger(index) || index < 0 || index >= a.numel) {
      throw new RangeError(`put_ writes element 0 to ${a.numel - 1} of ${a}; given ${index}.`);
    }
    heap[a.dtype][a.start + index] = value;
    return this;
  }

  // --- Shape: the same elements, seen differently ---------------------------------------------------------------------

  /**
   * The same elements in another shape, given as sizes or as a list of them; one may be −1, to be worked out. Shares memory
   * with this tensor, unless this one is transposed: then it is copied first.
   *
   * @throws RangeError when the number of elements differs.
   */
  view(...shape: number[] | [Shape]): Tensor {
    return new Tensor(this.#array.view(shape.flat()));
  }

  /** All elements in one dimension. */
  flatten(): Tensor {
    return this.view(this.numel());
  }

  /** Part of the first dimension: `length` rows from `first` on, without copying. */
  narrow(dim: number, first: number, length: number): Tensor {
    return new Tensor(this.#array.narrow(dim, first, length));
  }

  /** Rows and columns exchanged, without copying. For two dimensions; anything else throws RangeError. */
  get T(): Tensor {
    if (this.shape.length !== 2) {
      throw new RangeError(`T exchanges two dimensions; this tensor has shape ${formatShape(this.shape)}.`);
    }
    return this.transpose(0, 1);
  }

  /** Two dimensions exchanged, without copying. */
  transpose(dim0: number, dim1: number): Tensor {
    return new Tensor(this.#array.transpose(dim0, dim1));
  }

  /** The same elements in a larger shape, sizes of 1 repeated, without copying. Throws RangeError where it does not fit. */
  expand(...shape: number[] | [Shape]): Tensor {
    return new Tensor(this.#array.expand(shape.flat()));
  }

  /** A copy. */
  clone(): Tensor {
    return new Tensor(this.#array.clone());
  }

  /** The same values in another dtype: this tensor itself when it has that dtype already. */
  to(dtype: DType): Tensor {
    return dtype === this.dtype ? this : new Tensor(this.#array.to(dtype));
  }

  // --- Arithmetic, element by element, broadcasting -------------------------------------------------------------------

  /** This + other. */
  add(other: Operand): Tensor {
    return this.#binary("add", other);
  }

  /** This − other. */
  sub(other: Operand): Tensor {
    return this.#binary("sub", other);
  }

  /** Other − this: `h.pow(2).rsub(1)` is 1 − h². */
  rsub(other: number): Tensor {
    return new Tensor(operations.binary("sub", this.#array, other, undefined, true));
  }

  /** This · other, element by element. */
  mul(other: Operand): Tensor {
    return this.#binary("mul", other);
  }

  /** This / other. */
  div(other: Operand): Tensor {
    return this.#binary("div", other);
  }

  /** This += alpha · other, in place. Other may not broadcast this one to a larger shape. */
  add_(other: Operand, { alpha = 1 } = {}): Tensor {
    operations.addScaled(operations.inPlace("add_", this.#array), Tensor.#behind(other), alpha);
    return this;
  }

  /** This −= other, in place. */
  sub_(other: Operand): Tensor {
    return this.#binaryInPlace("sub", other);
  }

  /** This *= other, in place. */
  mul_(other: Operand): Tensor {
    return this.#binaryInPlace("mul", other);
  }

  /** This /= other, in place. */
  div_(other: Operand): Tensor {
    return this.#binaryInPlace("div", other);
  }

  /** This + value · tensor1 · tensor2, element by element: in one pass, unless one of them is a column or a single number. */
  addcmul(tensor1: Tensor, tensor2: Tensor, { value = 1 } = {}): Tensor {
    return new Tensor(operations.addcmul(this.#array, tensor1.#array, tensor2.#array, value));
  }

  /** This += value · tensor1 · tensor2, in place. The other two may not broadcast this one to a larger shape. */
  addcmul_(tensor1: Tensor, tensor2: Tensor, { value = 1 } = {}): Tensor {
    const into = operations.inPlace("addcmul_", this.#array);
    operations.addcmul(into, tensor1.#array, tensor2.#array, value, into);
    return this;
  }

  /** −this. */
  neg(): Tensor {
    return this.#unary("neg");
  }

  /** e to the power of each element. */
  exp(): Tensor {
    return this.#unary("exp");
  }

  /** Natural logarithm: −Infinity for 0, NaN below it. */
  log(): Tensor {
    return this.#unary("log");
  }

  /** Hyperbolic tangent: within 4e-7 of the true value, relatively, in float32; to the last digits in float64. */
  tanh(): Tensor {
    return this.#unary("tanh");
  }

  /** Square root: NaN below 0. */
  sqrt(): Tensor {
    return this.#unary("sqrt");
  }

  /** Each element to a power. As in PyTorch, 2, −1, −2, ½ and −½ are products, quotients and roots, each exactly rounded. */
  pow(exponent: number): Tensor {
    return new Tensor(operations.pow(this.#array, exponent));
  }

  // --- Reductions -------------------------------------------------------------------------------------------------------

  /** Sum of all elements, or along one dimension, which `keepdim` keeps with size 1. */
  sum(dim?: number, { keepdim = false } = {}): Tensor {
    return new Tensor(operations.sum("sum", this.#array, dim, keepdim));
  }

  /** Mean of all elements, or along one dimension. */
  mean(dim?: number, { keepdim = false } = {}): Tensor {
    return new Tensor(operations.sum("mean", this.#array, dim, keepdim));
  }

  /** Variance along a dimension of n: Σ(x − mean)² / (n − correction). Correction 1 is Bessel's, PyTorch's default. */
  var(dim: number, { keepdim = false, correction = 1 } = {}): Tensor {
    return new Tensor(operations.variance(this.#array, dim, keepdim, correction));
  }

  /** Largest values along a dimension, and where each first occurs. NaN counts as largest. */
  max(dim: number, { keepdim = false } = {}): { values: Tensor; indices: Tensor } {
    const { values, indices } = operations.max(this.#array, dim, keepdim);
    return { values: new Tensor(values), indices: new Tensor(indices) };
  }

  /** Where the largest value along a dimension first occurs, as int32. */
  argmax(dim: number): Tensor {
    return this.max(dim).indices;
  }

  /** e^x over its sum, along the last dimension. The largest is taken off first, so that nothing overflows. */
  softmax(dim: number): Tensor {
    return new Tensor(operations.softmax(this.#array, dim));
  }

  /** ln Σ e^x along the last dimension, which disappears. */
  logsumexp(dim: number): Tensor {
    return new Tensor(operations.logsumexp(this.#array, dim));
  }

  // --- Matrix product ---------------------------------------------------------------------------------------------------

  /**
   * Matrix product of (m, k) and (k, n): (m, n). Either side may be a transposed view.
   *
   * @throws RangeError when the inner sizes differ or a side has not two dimensions.
   */
  matmul(other: Tensor): Tensor {
    return new Tensor(operations.matmul(this.#array, other.#array));
  }

  /**
   * mat1 · mat2 + this, which broadcasts to the product's shape: `b.addmm(x, w)` is `x.matmul(w).add(b)`, to the bit, and in
   * one pass where b is a row.
   *
   * @throws RangeError when the shapes do not go together.
   */
  addmm(mat1: Tensor, mat2: Tensor): Tensor {
    return new Tensor(operations.addmm(this.#array, mat1.#array, mat2.#array));
  }

  // --- Indexing ---------------------------------------------------------------------------------------------------------

  /**
   * `C.at(xb)`: the rows of a table, or the elements of a vector, that the indices name; shape (…xb, …row).
   * `logprobs.at(range(n), yb)`: element [rows[i], columns[i]] for each i; shape (n).
   *
   * @throws RangeError for an index outside the table, with its position.
   */
  at(rows: Indices, columns?: Indices): Tensor {
    const index = Tensor.#index(rows), table = this.#array;
    return new Tensor(
      columns === undefined ? indexing.gather(table, index) : indexing.pick(table, index, Tensor.#index(columns)),
    );
  }

  /**
   * Adds each row of `source` to the row of this tensor that `index` names, in place: a row named twice gets both.
   * The reverse of `C.at(xb)`.
   *
   * @throws RangeError for an index outside this tensor, or a source of another shape than (index, …row).
   */
  index_add_(dim: number, index: Indices, source: Tensor): Tensor {
    const target = operations.inPlace("index_add_", this.#array);
    if (dim !== 0) throw new RangeError(`index_add_ works along dimension 0 here; given ${dim}.`);
    indexing.indexAdd(target, Tensor.#index(index), source.#array);
    return this;
  }

  /**
   * Sets element [rows[i], columns[i]] to `value` for each i, in place, or adds it there with `accumulate`.
   *
   * @throws RangeError for an index outside this tensor.
   */
  index_put_([rows, columns]: readonly [Indices, Indices], value: number, { accumulate = false } = {}): Tensor {
    const target = operations.inPlace("index_put_", this.#array);
    indexing.put(target, Tensor.#index(rows), Tensor.#index(columns), value, accumulate);
    return this;
  }

  // --- Looking ----------------------------------------------------------------------------------------------------------

  /** The numbers as PyTorch prints them, shape and dtype: `tensor([1.0000, 2.5000], shape (2), float32)`. */
  toString(): string {
    return show(this.#array);
  }

  /** Dtype and shape, for messages: `float32 (32, 27)`. */
  describe(): string {
    return this.#array.toString();
  }

  /** What console.log shows, on Deno and Bun: the same as `toString`, further in where Bun leaves that to the value. */
  [Symbol.for("nodejs.util.inspect.custom")](depth?: number, options?: { depth?: number }): string {
    const level = "Bun" in globalThis ? (options?.depth ?? 0) - (depth ?? 0) : 0;
    return this.toString().replaceAll("\n", "\n" + "  ".repeat(Math.max(0, level)));
  }

  // --- Inside ---------------------------------------------------------------------------------------------------------

  #unary(name: operations.UnaryName): Tensor {
    return new Tensor(operations.unary(name, this.#array));
  }

  #binary(name: operations.BinaryName, other: Operand): Tensor {
    return new Tensor(operations.binary(name, this.#array, Tensor.#behind(other)));
  }

  #binaryInPlace(name: operations.BinaryName, other: Operand): Tensor {
    const into = operations.inPlace(`${name}_`, this.#array);
    operations.binary(name, into, Tensor.#behind(other), into);
    return this;
  }

  /** What is behind a tensor; a number stays one. */
  static #behind(operand: Operand): NDArray | number {
    return typeof operand === "number" ? operand : operand.#array;
  }

  static #index(indices: Indices): indexing.Index {
    return indices instanceof Tensor ? indices.#array : indices;
  }
}
