// Tensors of float32, float64 and int32 under PyTorch's names: what the four exercises use, and more that
// a learner may try.
//
// A tensor is a thin layer over an NDArray (lib/tensor/ndarray.ts). Its methods check their arguments (guards.ts) and call
// operations.ts and indexing.ts. A trailing underscore means in place.
// Names and meaning are PyTorch's. These things differ:
// - digits may: sums run in another order; exp, log and tanh are our own;
// - options are named, `{ keepdim: true }`; brackets are `at`; operators are methods;
// - float32 with float64 gives float64 for all shapes, and a number never changes a dtype;
// - int32 tensors hold indices, and arithmetic on them is an error; to("int32") wraps around beyond 32 bits;
// - an index in a list does not count from the end;
// - in-place operations need a contiguous tensor: its elements lie one after the other.
// Left out: autograd (you are here to write it), devices. For other names of PyTorch's, the error says what to write (names.ts).
import * as guards from "./guards.ts";
import * as indexing from "./indexing.ts";
import { heap, inScratch } from "./memory.ts";
import { answerForeignNames } from "./names.ts";
import { arrayOf, type DType, NDArray, type Nested, setArrayOf } from "./ndarray.ts";
import * as operations from "./operations.ts";
import { formatShape, numel, sameShape, type Shape } from "./shape.ts";
import { show } from "./show.ts";

export type { DType } from "./ndarray.ts";

/** The other operand: a tensor, or a number, which is rounded to the tensor's dtype. */
export type Operand = Tensor | number;

/** What `max(dim)` gives: two tensors by name, and as a pair, as in PyTorch: `const [values, indices] = logits.max(1);`. */
export class MaxResult {
  /** The largest values. */
  readonly values: Tensor;
  /** Where each first occurs, int32. */
  readonly indices: Tensor;

  /** A pair of tensors of one shape. */
  constructor(values: Tensor, indices: Tensor) {
    this.values = values;
    this.indices = indices;
  }

  /** The values. */
  get 0(): Tensor {
    return this.values;
  }

  /** The indices. */
  get 1(): Tensor {
    return this.indices;
  }

  /** First the values, then the indices. */
  [Symbol.iterator](): Iterator<Tensor> {
    return [this.values, this.indices].values();
  }
}

/** Positions along a dimension: an int32 tensor, or plain integers. */
export type Indices = Tensor | readonly number[];

/** Whether a reduction keeps its dimension, with size 1. */
export interface Keepdim {
  /** True: a column or a row that broadcasts back. */
  keepdim?: boolean;
}

/**
 * A block of numbers with a shape. Made by `tensor`, `zeros`, `ones`, `full`, and by operations on others.
 *
 * What an operation makes is a new tensor of the operands' dtype, float64 where one of them is, in the broadcast shape,
 * unless its own comment says otherwise. Every method throws TypeError for an argument of the wrong kind and for
 * arithmetic on int32, RangeError for shapes, dimensions or indices that do not fit, and Error for a tensor that was freed.
 */
export class Tensor {
  readonly #array: NDArray;

  static {
    setArrayOf((value) => typeof value === "object" && value !== null && #array in value ? value.#array : undefined);
  }

  /** Wraps an array, for this library only. */
  constructor(array: NDArray) {
    if (!(array instanceof NDArray)) {
      guards.refuse(`Tensors are made by tensor([1, 2, 3]), zeros([2, 3]) or ones([2, 3]), without new.`);
    }
    this.#array = array;
  }

  /** The sizes, one per dimension. */
  get shape(): Shape {
    return this.#array.shape.slice();
  }

  /** What the elements are. */
  get dtype(): DType {
    return this.#array.dtype;
  }

  /** The sizes. */
  size(): Shape;
  /** One of the sizes. */
  size(dim: number): number;
  /** The sizes, or one of them. */
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : this.#array.shape[guards.dimArgument("size", dim, this.#array.shape)];
  }

  /** The number of dimensions. */
  dim(): number {
    return this.#array.shape.length;
  }

  /** The number of elements. */
  numel(): number {
    return this.#array.numel;
  }

  /** The number of elements. */
  nelement(): number {
    return this.numel();
  }

  // --- Looking ----------------------------------------------------------------------------------------------------------

  /** A copy of the elements, the last dimension fastest. Float64 can hold the values of every dtype exactly. */
  toArray(): Float64Array {
    // Frees the copy that a transposed view is read from.
    return inScratch(() => new Float64Array(this.#array.contiguous().elements));
  }

  /** The elements in nested lists, as `tensor` takes them; a number for a scalar. */
  tolist(): Nested {
    const { shape } = this.#array;
    let list: Nested[] = Array.from(this.toArray());
    for (let d = shape.length - 1; d > 0; d--) {
      const rows = numel(shape.slice(0, d)), { [d]: size } = shape, flat = list;
      list = Array.from({ length: rows }, (_, i) => flat.slice(i * size, (i + 1) * size));
    }
    return shape.length === 0 ? list[0] : list;
  }

  /** What JSON.stringify writes. */
  toJSON(): Nested {
    return this.tolist();
  }

  /**
   * The only element, as a number.
   *
   * @throws RangeError when there are more or fewer.
   */
  item(): number {
    const a = this.#array;
    if (a.numel !== 1) {
      throw new RangeError(
        `item() reads a tensor of one element; this one has shape ${formatShape(a.shape)}. Pick one with at first.`,
      );
    }
    return heap[a.dtype][a.start];
  }

  /** The rows, one after the other. */
  *[Symbol.iterator](): Generator<Tensor> {
    for (let i = 0; i < this.#array.shape[0]; i++) yield this.at(i);
  }

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

  /** Whether both have the same shape and the same numbers. */
  equal(other: Tensor): boolean {
    const b = guards.tensorArgument("equal", other), x = this.toArray(), y = other.toArray();
    return sameShape(this.#array.shape, b.shape) && x.every((value, i) => value === y[i]);
  }

  /** Whether |this − other| ≤ atol + rtol · |other| everywhere, the shapes being the same. NaN is close to nothing. */
  allclose(other: Tensor, options: { rtol?: number; atol?: number } = {}): boolean {
    const b = guards.tensorArgument("allclose", other), x = this.toArray(), y = other.toArray();
    guards.checkOptions("allclose", options, { rtol: "number", atol: "number" });
    const { rtol = 1e-5, atol = 1e-8 } = options;
    const close = (value: number, i: number) =>
      value === y[i] || Math.abs(value - y[i]) <= atol + rtol * Math.abs(y[i]);
    return sameShape(this.#array.shape, b.shape) && x.every(close);
  }

  // --- Shape: the same elements, seen differently ---------------------------------------------------------------------

  /**
   * The same elements in another shape, given as sizes or as a list of them; one may be −1 and is computed. Shares memory
   * with this tensor, unless this one is not contiguous (transposed, say): then it is copied first.
   *
   * @throws RangeError when the number of elements differs.
   */
  view(...shape: number[] | [Shape]): Tensor {
    return new Tensor(this.#array.view(guards.sizes("view", shape, true)));
  }

  /** Another name of `view`. */
  reshape(...shape: number[] | [Shape]): Tensor {
    return new Tensor(this.#array.view(guards.sizes("reshape", shape, true)));
  }

  /** The same elements in another tensor's shape. */
  view_as(other: Tensor): Tensor {
    return new Tensor(this.#array.view(guards.tensorArgument("view_as", other).shape));
  }

  /** All elements in one dimension. */
  flatten(): Tensor {
    return new Tensor(this.#array.view([this.#array.numel]));
  }

  /** With a dimension of size 1 put in before dimension `dim`; −1 puts it last. */
  unsqueeze(dim: number): Tensor {
    const { shape } = this.#array, d = guards.dimArgument("unsqueeze", dim, [...shape, 1]);
    return new Tensor(this.#array.view([...shape.slice(0, d), 1, ...shape.slice(d)]));
  }

  /** Without dimension `dim`, if its size is 1; without all dimensions of size 1, if none is given. */
  squeeze(dim?: number): Tensor {
    const { shape } = this.#array, d = dim === undefined ? undefined : guards.dimArgument("squeeze", dim, shape);
    return new Tensor(this.#array.view(shape.filter((size, i) => size !== 1 || (d !== undefined && i !== d))));
  }

  /** Part of a dimension: `length` rows from `first` on, without copying. */
  narrow(dim: number, first: number, length: number): Tensor {
    const d = guards.dimArgument("narrow", dim, this.#array.shape);
    guards.numberArgument("narrow", "the first row", first);
    return new Tensor(this.#array.narrow(d, first, guards.numberArgument("narrow", "the number of rows", length)));
  }

  /** Rows and columns exchanged, without copying. For two dimensions; anything else throws RangeError. */
  get T(): Tensor {
    const { shape } = this.#array;
    if (shape.length !== 2) {
      throw new RangeError(
        `T exchanges the dimensions of a matrix; this tensor has shape ${formatShape(shape)}. Write transpose(0, 1).`,
      );
    }
    return new Tensor(this.#array.transpose(0, 1));
  }

  /** Another name of `T`. */
  t(): Tensor {
    return this.T;
  }

  /** Two dimensions exchanged, without copying. */
  transpose(dim0: number, dim1: number): Tensor {
    const { shape } = this.#array;
    const d0 = guards.dimArgument("transpose", dim0, shape), d1 = guards.dimArgument("transpose", dim1, shape);
    return new Tensor(this.#array.transpose(d0, d1));
  }

  /**
   * The same elements in a larger shape, sizes of 1 repeated, without copying.
   *
   * @throws RangeError if it does not fit.
   */
  expand(...shape: number[] | [Shape]): Tensor {
    return new Tensor(this.#array.expand(guards.sizes("expand", shape)));
  }

  /** The same elements in another tensor's larger shape, sizes of 1 repeated, without copying. */
  expand_as(other: Tensor): Tensor {
    return new Tensor(this.#array.expand(guards.tensorArgument("expand_as", other).shape));
  }

  /** A copy. */
  clone(): Tensor {
    return new Tensor(this.#array.clone());
  }

  /** This tensor itself: there is no autograd to detach from. */
  detach(): Tensor {
    return this;
  }

  /** The same values in another dtype; this tensor itself if it already has that dtype. */
  to(dtype: DType): Tensor {
    return dtype === this.dtype ? this : new Tensor(this.#array.to(guards.dtypeArgument("to", dtype)));
  }

  /** In float32. */
  float(): Tensor {
    return this.to("float32");
  }

  /** In float64. */
  double(): Tensor {
    return this.to("float64");
  }

  /** In int32, the only integers here: cut off, not rounded. */
  int(): Tensor {
    return this.to("int32");
  }

  /** In int32, the only integers here: cut off, not rounded. */
  long(): Tensor {
    return this.to("int32");
  }

  // --- Arithmetic, element by element, broadcasting -------------------------------------------------------------------

  /** This + other. */
  add(other: Operand): Tensor {
    return new Tensor(operations.binary("add", this.#array, guards.operand("add", other)));
  }

  /** This − other. */
  sub(other: Operand): Tensor {
    return new Tensor(operations.binary("sub", this.#array, guards.operand("sub", other)));
  }

  /** This · other, element by element. */
  mul(other: Operand): Tensor {
    return new Tensor(operations.binary("mul", this.#array, guards.operand("mul", other)));
  }

  /** This / other. */
  div(other: Operand): Tensor {
    return new Tensor(operations.binary("div", this.#array, guards.operand("div", other)));
  }

  /** This += alpha · other, in place. Other may not broadcast this one to a larger shape. */
  add_(other: Operand, options?: { alpha?: number }): Tensor {
    const into = operations.inPlace("add_", this.#array), b = guards.operand("add_", other);
    if (options !== undefined) guards.checkOptions("add_", options, { alpha: "number" });
    operations.addScaled(into, b, options?.alpha ?? 1);
    return this;
  }

  /** This −= other, in place. */
  sub_(other: Operand): Tensor {
    return this.#inPlace("sub", other);
  }

  /** This *= other, in place. */
  mul_(other: Operand): Tensor {
    return this.#inPlace("mul", other);
  }

  /** This /= other, in place. */
  div_(other: Operand): Tensor {
    return this.#inPlace("div", other);
  }

  /** Every element set to a value, in place. */
  fill_(value: number): Tensor {
    const a = operations.inPlace("fill_", this.#array);
    a.elements.fill(guards.element("fill_", value, a.dtype));
    return this;
  }

  /** Every element set to 0, in place. */
  zero_(): Tensor {
    return this.fill_(0);
  }

  /** This + value · tensor1 · tensor2, element by element. */
  addcmul(tensor1: Tensor, tensor2: Tensor, options?: { value?: number }): Tensor {
    return new Tensor(this.#addcmul("addcmul", tensor1, tensor2, options));
  }

  /** This += value · tensor1 · tensor2, in place. The other two may not broadcast this one to a larger shape. */
  addcmul_(tensor1: Tensor, tensor2: Tensor, options?: { value?: number }): Tensor {
    this.#addcmul("addcmul_", tensor1, tensor2, options, operations.inPlace("addcmul_", this.#array));
    return this;
  }

  /** 1 where both are equal and 0 elsewhere, as int32: a mask to multiply by. */
  eq(other: Operand): Tensor {
    return new Tensor(operations.eq(this.#array, guards.operand("eq", other)));
  }

  /** −this. */
  neg(): Tensor {
    return new Tensor(operations.unary("neg", this.#array));
  }

  /** Size without sign. */
  abs(): Tensor {
    return new Tensor(operations.map("abs", this.#array, Math.abs));
  }

  /** e to the power of each element. */
  exp(): Tensor {
    return new Tensor(operations.unary("exp", this.#array));
  }

  /** Natural logarithm: −Infinity for 0, NaN below it. */
  log(): Tensor {
    return new Tensor(operations.unary("log", this.#array));
  }

  /** Hyperbolic tangent: within 4e-7 of the true value, relatively, in float32; to the last digits in float64. */
  tanh(): Tensor {
    return new Tensor(operations.unary("tanh", this.#array));
  }

  /** Square root: NaN below 0. */
  sqrt(): Tensor {
    return new Tensor(operations.unary("sqrt", this.#array));
  }

  /** Each element to a power. As in PyTorch, 2, −1, −2, ½ and −½ are products, quotients and roots, each exactly rounded. */
  pow(exponent: number): Tensor {
    return new Tensor(operations.pow(this.#array, guards.numberArgument("pow", "the exponent", exponent)));
  }

  /** `pow(2)`. */
  square(): Tensor {
    return this.pow(2);
  }

  /** `pow(-1)`: 1 / this. */
  reciprocal(): Tensor {
    return this.pow(-1);
  }

  /** `pow(-0.5)`: 1 / √this. */
  rsqrt(): Tensor {
    return this.pow(-0.5);
  }

  // --- Reductions -------------------------------------------------------------------------------------------------------

  /** Sum of all elements, or along one dimension or several, which `keepdim` keeps with size 1. */
  sum(dim?: number | readonly number[], options?: Keepdim): Tensor {
    return this.#reduce("sum", dim, options);
  }

  /** Mean of all elements, or along one dimension or several, which `keepdim` keeps with size 1. */
  mean(dim?: number | readonly number[], options?: Keepdim): Tensor {
    return this.#reduce("mean", dim, options);
  }

  /**
   * Variance along a dimension of n, or of all n elements: Σ(x − mean)² / (n − correction). Correction 1 is Bessel's,
   * PyTorch's default.
   */
  var(dim?: number, options: Keepdim & { correction?: number } = {}): Tensor {
    const a = this.#array, d = dim === undefined ? undefined : guards.dimArgument("var", dim, a.shape);
    guards.checkOptions("var", options, { keepdim: "boolean", correction: "number" });
    return new Tensor(operations.variance(a, d, options.keepdim ?? false, options.correction ?? 1));
  }

  /** The largest element. NaN counts as largest. */
  max(): Tensor;
  /** The largest values along a dimension, and where each first occurs (int32). NaN counts as largest. */
  max(dim: number, options?: Keepdim): MaxResult;
  /** The largest element, or the largest along a dimension. */
  max(dim?: number, options?: Keepdim): Tensor | MaxResult {
    const a = this.#array;
    if (dim === undefined) return new Tensor(operations.max("max", a.view([a.numel]), 0, false).values);
    const d = guards.dimArgument("max", dim, a.shape);
    const { values, indices } = operations.max("max", a, d, guards.keepdimOf("max", options));
    return new MaxResult(new Tensor(values), new Tensor(indices));
  }

  /** The largest along a dimension. */
  amax(dim: number, options?: Keepdim): Tensor {
    const a = this.#array, d = guards.dimArgument("amax", dim, a.shape);
    return new Tensor(operations.max("amax", a, d, guards.keepdimOf("amax", options)).values);
  }

  /** Where the largest value along a dimension first occurs, as int32. */
  argmax(dim: number): Tensor {
    const a = this.#array;
    return new Tensor(operations.max("argmax", a, guards.dimArgument("argmax", dim, a.shape), false).indices);
  }

  /** e^x over its sum, along a dimension. The largest is taken off first, so that nothing overflows. */
  softmax(dim: number): Tensor {
    const a = this.#array;
    return new Tensor(operations.softmax("softmax", a, guards.dimArgument("softmax", dim, a.shape)));
  }

  /** ln softmax, along a dimension: x − max − ln Σ e^(x − max). */
  log_softmax(dim: number): Tensor {
    const a = this.#array;
    return new Tensor(operations.softmax("log_softmax", a, guards.dimArgument("log_softmax", dim, a.shape)));
  }

  /** ln Σ e^x along a dimension, which disappears. */
  logsumexp(dim: number): Tensor {
    const a = this.#array;
    return new Tensor(operations.logsumexp(a, guards.dimArgument("logsumexp", dim, a.shape)));
  }

  // --- Matrix product ---------------------------------------------------------------------------------------------------

  /**
   * Matrix product of (m, k) and (k, n): (m, n). Either side may be a transposed view.
   *
   * @throws RangeError when the inner sizes differ or a side does not have two dimensions.
   */
  matmul(other: Tensor): Tensor {
    return new Tensor(operations.matmul(this.#array, guards.tensorArgument("matmul", other, byNumber(other))));
  }

  /** Another name of `matmul`. */
  mm(other: Tensor): Tensor {
    return this.matmul(other);
  }

  /**
   * mat1 · mat2 + this, which broadcasts to the product's shape: `b.addmm(x, w)` is `x.matmul(w).add(b)`, to the bit, and in
   * one pass where b is a row.
   *
   * @throws RangeError when the shapes do not match.
   */
  addmm(mat1: Tensor, mat2: Tensor): Tensor {
    const left = guards.tensorArgument("addmm", mat1), right = guards.tensorArgument("addmm", mat2);
    return new Tensor(operations.addmm(this.#array, left, right));
  }

  // --- Parts ------------------------------------------------------------------------------------------------------------

  /**
   * A part, one index per dimension from the first on.
   *
   * A number takes a row: `logits.at(0)`, `logits.at(0, 3)`; −1 is the last. A text takes some, as a Python slice does:
   * `logits.at("2:5")`, `logits.at(":", 3)`. These share memory with this tensor.
   * A list, or an int32 tensor, takes those it names, as a copy: `C.at(xb)`, rows of a table, shape (…xb, …row);
   * `logprobs.at(range(n), yb)`, element [rows[i], columns[i]] for each i, in the shape of the indices, (n).
   *
   * @throws RangeError for an index outside the tensor, with its position.
   *
   * @example
   * ```ts
   * import { deepEqual } from "node:assert/strict";
   * import { tensor } from "./creation.ts";
   * const a = tensor([[1, 2, 3], [4, 5, 6]]);
   * deepEqual(a.at(-1).tolist(), [4, 5, 6]);
   * deepEqual(a.at(":", 0).tolist(), [1, 4]);
   * deepEqual(a.at([0, 1], [2, 0]).tolist(), [3, 4]);
   * ```
   */
  at(...parts: (number | string | Indices)[]): Tensor {
    if (parts.some(isOneIndex)) return this.at(...parts.map((part) => isOneIndex(part) ? part.item() : part));
    const [first, second] = parts, table = this.#array;
    if (parts.length === 1 && isList(first)) return new Tensor(indexing.gather(table, guards.indices("at", first)));
    if (parts.length === 2 && isList(first) && isList(second)) {
      return new Tensor(indexing.pick(table, guards.indices("at", first), guards.indices("at", second)));
    }
    if (parts.length === 2 && isList(second)) {
      // A list beside a number or a slice of rows: the columns it names.
      const rows = this.at(first);
      return typeof first === "number" ? rows.at(second) : rows.transpose(0, 1).at(second).transpose(0, 1);
    }
    if (parts.length === 2 && isList(first)) return this.at(first).at(":", second);
    if (parts.length === 0 || parts.some((part) => typeof part !== "number" && typeof part !== "string")) {
      const wrong = parts.find((part) => typeof part !== "number" && typeof part !== "string");
      guards.refuse(
        `at takes a number, a slice such as "2:5", or one or two lists of indices; given ${guards.named(wrong)}.`,
      );
    }
    return new Tensor(indexing.part(table, parts as (number | string)[]));
  }

  /**
   * Adds each row of `source` to the row of this tensor that `index` names, in place: a row named twice gets both.
   * The reverse of `C.at(xb)`.
   *
   * @throws RangeError for an index outside this tensor, or a source whose shape is not (index, …row).
   */
  index_add_(dim: number, index: Indices, source: Tensor): Tensor {
    const target = operations.inPlace("index_add_", this.#array);
    if (guards.dimArgument("index_add_", dim, target.shape) !== 0) {
      throw new RangeError(`index_add_ works along dimension 0 here; given ${dim}.`);
    }
    indexing.indexAdd(target, guards.indices("index_add_", index), guards.tensorArgument("index_add_", source));
    return this;
  }

  /**
   * Sets element [rows[i], columns[i]] for each i, in place, or adds there with `accumulate`: a number, the same for all, or
   * a tensor of as many.
   *
   * @throws RangeError for an index outside this tensor.
   */
  index_put_(indices: readonly [Indices, Indices], value: Operand, options: { accumulate?: boolean } = {}): Tensor {
    const target = operations.inPlace("index_put_", this.#array);
    if (!Array.isArray(indices) || indices.length !== 2 || typeof indices[0] === "number") {
      guards.refuse(
        `index_put_ takes two lists of indices, [rows, columns]; given ${guards.named(indices)}. ` +
          `Write index_put_([range(n), yb], …).`,
      );
    }
    const given = guards.operand("index_put_", value);
    guards.checkOptions("index_put_", options, { accumulate: "boolean" });
    const number = typeof given === "number" ? guards.element("index_put_", given, target.dtype) : given;
    const rows = guards.indices("index_put_", indices[0]), columns = guards.indices("index_put_", indices[1]);
    indexing.put(target, rows, columns, number, options.accumulate ?? false);
    return this;
  }

  /** Sets one element in place; `index` counts elements as `toArray` does. What a finite difference does, and undoes. */
  put_(index: number, value: number): Tensor {
    const a = operations.inPlace("put_", this.#array), x = guards.element("put_", value, a.dtype);
    if (!Number.isInteger(index) || index < 0 || index >= a.numel) {
      throw new RangeError(`put_ writes element 0 to ${a.numel - 1} of ${a}; given ${guards.named(index)}.`);
    }
    heap[a.dtype][a.start + index] = x;
    return this;
  }

  // --- Inside ---------------------------------------------------------------------------------------------------------

  #inPlace(name: operations.BinaryName, other: Operand): Tensor {
    const into = operations.inPlace(`${name}_`, this.#array);
    operations.binary(name, into, guards.operand(`${name}_`, other), into);
    return this;
  }

  #addcmul(verb: string, b: Tensor, c: Tensor, options: { value?: number } | undefined, into?: NDArray): NDArray {
    const x = guards.tensorArgument(verb, b), y = guards.tensorArgument(verb, c);
    if (options !== undefined) guards.checkOptions(verb, options, { value: "number" });
    return operations.addcmul(this.#array, x, y, options?.value ?? 1, into);
  }

  #reduce(verb: "sum" | "mean", dim: number | readonly number[] | undefined, options: Keepdim | undefined): Tensor {
    const a = this.#array, keepdim = guards.keepdimOf(verb, options);
    if (!Array.isArray(dim)) {
      return new Tensor(
        operations.sum(verb, a, dim === undefined ? dim : guards.dimArgument(verb, dim, a.shape), keepdim),
      );
    }
    const dims = dim.map((d) => guards.dimArgument(verb, d, a.shape)).sort((x, y) => y - x);
    if (new Set(dims).size < dims.length) {
      guards.outOfRange(`${verb} takes each dimension once; given [${dim.join(", ")}].`);
    }
    // From the last dimension on, so that the earlier ones keep their places. None at all means all, as in PyTorch.
    if (dims.length === 0) return new Tensor(operations.sum(verb, a, undefined, keepdim));
    return new Tensor(dims.reduce((array, d) => operations.sum(verb, array, d, keepdim), a));
  }
}

/** What to write for a product with a number. */
function byNumber(other: unknown): string {
  return typeof other === "number" ? ` Write mul(${other}) to multiply by a number.` : "";
}

/** Whether an index is a tensor of one whole number, which is that number, as in PyTorch. */
function isOneIndex(part: unknown): part is Tensor {
  const array = arrayOf(part);
  return array !== undefined && array.shape.length === 0 && array.dtype === "int32";
}

function isList(part: unknown): part is Indices {
  return arrayOf(part) !== undefined || Array.isArray(part) || part instanceof Int32Array;
}

answerForeignNames(Tensor.prototype);
