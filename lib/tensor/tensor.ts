// Tensors of float32, float64, int32 and bool under PyTorch's names: what the exercises use, and more that a learner may try.
//
// A tensor is a thin layer over an NDArray (lib/tensor/ndarray.ts). Its methods check their arguments (guards.ts) and call the
// file of their subject: indexing.ts, joining.ts, views.ts, elementwise.ts, reductions.ts, products.ts; their sections come in the
// order of PyTorch's documentation.
// Names and meaning are PyTorch's. These things differ:
// - digits may: sums run in another order; exp, log and tanh are our own;
// - options are named, `{ keepdim: true }`; brackets are `at`; operators are methods;
// - float32 with float64 gives float64 for all shapes, and a number never changes a floating dtype;
// - what int32 and bool become beside fractions is float64, not float32 (dtypes.ts); to("int32") wraps around beyond 32 bits,
//   arithmetic that does not fit is an error;
// - an index in a list does not count from the end.
// Arguments that a method does not have are refused, never ignored (options.ts).
// Left out: autograd (you are here to write it), devices. For other names of PyTorch's, the error says what to write (names.ts).
import * as activations from "./activations.ts";
import { isFloat } from "./dtypes.ts";
import * as elementwise from "./elementwise.ts";
import * as guards from "./guards.ts";
import * as indexing from "./indexing.ts";
import * as joining from "./joining.ts";
import { MaxResult } from "./max_result.ts";
import { inScratch } from "./memory.ts";
import { answerForeignNames, answerForMax } from "./names.ts";
import { type DType, NDArray, type Nested, setArrayOf } from "./ndarray.ts";
import { alphaOf, checkOptions, dtypeOf, keepdimOf, limits, oneOf, refuseMore } from "./options.ts";
import * as products from "./products.ts";
import { setRecorded } from "./recording.ts";
import * as reductions from "./reductions.ts";
import type { Shape } from "./shape.ts";
import { nested, show, summary } from "./show.ts";
import * as views from "./views.ts";

export { MaxResult } from "./max_result.ts";
export type { DType } from "./ndarray.ts";

/** The other operand: a tensor, or a number, which is rounded to the tensor's dtype. */
export type Operand = Tensor | number;

/** Positions along a dimension: an int32 tensor, or plain integers. In `at` and `index_put_` also a mask, a bool tensor. */
export type Indices = Tensor | readonly number[];

/** One dimension, or several; −1 is the last. None at all means all. */
export type Dims = number | readonly number[];

/** Whether a reduction keeps its dimension, with size 1. */
export interface Keepdim {
  /** True: a column or a row that broadcasts back. */
  keepdim?: boolean;
}

/**
 * A block of numbers with a shape. Made by `tensor`, `zeros`, `ones`, `full`, and by operations on others.
 *
 * What an operation makes is a new tensor of the operands' dtype, float64 where one of them is, in the broadcast shape,
 * unless its own comment says otherwise. Every method throws TypeError for an argument of the wrong kind or one too many,
 * RangeError for shapes, dimensions or indices that do not fit, and Error for a tensor that was freed.
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

  // --- What it is ----------------------------------------------------------------------------------------------------

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

  /** Another name of `numel`. */
  nelement(): number {
    return this.numel();
  }

  /** Whether the dtype is float32 or float64: only then is there a gradient. */
  is_floating_point(): boolean {
    return isFloat(this.#array.dtype);
  }

  // --- Its numbers ---------------------------------------------------------------------------------------------------

  /**
   * The only element, as a number.
   *
   * @throws RangeError when there are more or fewer.
   */
  item(): number {
    return indexing.only(this.#array);
  }

  /** The elements in nested lists, as `tensor` takes them; a number for a scalar. */
  tolist(): Nested {
    return nested(this.#array);
  }

  /** A copy of the elements, the last dimension fastest. Float64 can hold the values of every dtype exactly. */
  toArray(): Float64Array {
    // Frees the copy that a transposed view is read from.
    return inScratch(() => new Float64Array(this.#array.contiguous().elements));
  }

  /** What JSON.stringify writes. It gives the name under which it found the tensor. */
  toJSON(_name?: string): Nested {
    return this.tolist();
  }

  /** The rows, one after the other. */
  *[Symbol.iterator](): Generator<Tensor> {
    for (let i = 0; i < this.#array.shape[0]; i++) yield this.at(i);
  }

  /** The numbers as PyTorch prints them, shape and dtype: `tensor([1.0000, 2.5000], shape (2), float32)`. */
  toString(): string {
    return show(this.#array);
  }

  /** One line: dtype, shape, range, mean and NaN, `float32 (32, 27), -0.98 to 0.031, mean 1.2e-9, no NaN`. */
  describe(): string {
    return summary(this.#array);
  }

  /** What console.log shows, on Deno and Bun: the same as `toString`, further in where Bun leaves that to the value. */
  [Symbol.for("nodejs.util.inspect.custom")](depth?: number, options?: { depth?: number }): string {
    const level = "Bun" in globalThis ? (options?.depth ?? 0) - (depth ?? 0) : 0;
    return this.toString().replaceAll("\n", "\n" + "  ".repeat(Math.max(0, level)));
  }

  // --- Indexing: parts of it, and writing there ----------------------------------------------------------------------

  /**
   * A part, one index per dimension from the first on.
   *
   * A number takes a row: `logits.at(0)`, `logits.at(0, 3)`; −1 is the last. A text takes some, as a Python slice does:
   * `logits.at("2:5")`, `logits.at(":", 3)`. These share memory with this tensor.
   * A list, or an int32 tensor, takes those it names, as a copy: `C.at(xb)`, rows of a table, shape (…xb, …row);
   * `logprobs.at(range(n), yb)`, element [rows[i], columns[i]] for each i, in the shape that the indices broadcast to, (n).
   * A mask takes the elements where it is true: `h.at(h.gt(0))`.
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
    return new Tensor(indexing.at(this.#array, guards.parts("at", parts)));
  }

  /** Part of a dimension: `length` rows from `first` on, without copying. */
  narrow(dim: number, first: number, length: number): Tensor {
    return new Tensor(views.narrow(this.#array, dim, first, length));
  }

  /**
   * Adds alpha · each row of `source` to the row of this tensor that `index` names, in place: a row named twice gets both.
   * With dimension 0, the reverse of `C.at(xb)`.
   *
   * @throws RangeError for an index outside this tensor, or a source whose shape is not (index, …row).
   */
  index_add_(dim: number, index: Indices, source: Tensor, options?: { alpha?: number }): Tensor {
    const d = guards.dimArgument("index_add_", dim, this.#array.shape), named = guards.indices("index_add_", index);
    const rows = guards.tensorArgument("index_add_", source), alpha = alphaOf("index_add_", options);
    indexing.indexAdd(this.#array, d, named, rows, alpha);
    return this;
  }

  /**
   * Sets what the indices name, as in `at`, in place, or adds there with `accumulate`: `d.index_put_([range(n), yb], -1)` sets
   * element [rows[i], columns[i]] for each i. The value is a number or a tensor that broadcasts to what is written.
   *
   * @throws RangeError for an index outside this tensor, or shapes that do not fit.
   */
  index_put_(indices: readonly Indices[], value: Operand, options?: { accumulate?: boolean }): Tensor {
    const named = guards.indexList("index_put_", indices), given = guards.operand("index_put_", value);
    checkOptions("index_put_", options, { accumulate: "boolean" });
    const values = typeof given === "number" ? guards.element("index_put_", given, this.#array.dtype) : given;
    indexing.put(this.#array, named, values, options?.accumulate ?? false);
    return this;
  }

  /** Sets one element in place; `index` counts elements as `toArray` does. What a finite difference does, and undoes. */
  put_(index: number, value: number): Tensor {
    indexing.putOne(this.#array, index, guards.element("put_", value, this.#array.dtype));
    return this;
  }

  /** With `value` where the mask is true: `wei.masked_fill(tril.eq(0), -Infinity)`. The mask broadcasts. */
  masked_fill(mask: Tensor, value: Operand): Tensor {
    const holds = guards.mask("masked_fill", mask), x = guards.fillValue("masked_fill", value, this.#array.dtype);
    return new Tensor(elementwise.maskedFill(this.#array, holds, x));
  }

  /** `value` where the mask is true. */
  masked_fill_(mask: Tensor, value: Operand): Tensor {
    const holds = guards.mask("masked_fill_", mask), x = guards.fillValue("masked_fill_", value, this.#array.dtype);
    elementwise.store("masked_fill_", this.#array, elementwise.maskedFill(this.#array, holds, x));
    return this;
  }

  /** This where the condition is true, `other` elsewhere: `where(condition, this, other)`. */
  where(condition: Tensor, other: Operand): Tensor {
    const holds = guards.mask("where", condition), y = guards.operand("where", other);
    return new Tensor(elementwise.where(holds, this.#array, y));
  }

  /** The lower triangle of each matrix, 0 above diagonal `diagonal`: column − row ≤ diagonal, which is 0 if not given. */
  tril(diagonal?: number): Tensor {
    const most = guards.numberArgument("tril", "the diagonal", diagonal ?? 0);
    return new Tensor(joining.triangle("tril", this.#array, (offset) => offset <= most));
  }

  /** The upper triangle of each matrix, 0 below diagonal `diagonal`: column − row ≥ diagonal, which is 0 if not given. */
  triu(diagonal?: number): Tensor {
    const least = guards.numberArgument("triu", "the diagonal", diagonal ?? 0);
    return new Tensor(joining.triangle("triu", this.#array, (offset) => offset >= least));
  }

  // --- Shapes: the same elements, seen differently -------------------------------------------------------------------

  /**
   * The same elements in another shape, given as sizes or as a list of them; one may be −1 and is computed. Shares memory
   * with this tensor, unless no strides can show it so (transposed, say): then it is a copy, as reshape's in PyTorch.
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

  /** The dimensions from `first` to `last` as one: all of them, if not given. */
  flatten(first?: number, last?: number): Tensor {
    return new Tensor(views.flatten(this.#array, first, last));
  }

  /** Without dimension `dim`, if its size is 1; without all dimensions of size 1, if none is given. */
  squeeze(dim?: number): Tensor {
    return new Tensor(views.squeeze(this.#array, dim));
  }

  /** With a dimension of size 1 put in before dimension `dim`; −1 puts it last. */
  unsqueeze(dim: number): Tensor {
    return new Tensor(views.unsqueeze(this.#array, dim));
  }

  /**
   * The same elements in a larger shape, sizes of 1 repeated, without copying; −1 leaves a size as it is.
   *
   * @throws RangeError if it does not fit.
   */
  expand(...shape: number[] | [Shape]): Tensor {
    return new Tensor(views.expand(this.#array, shape));
  }

  /** Expanded to another tensor's shape. */
  expand_as(other: Tensor): Tensor {
    return new Tensor(this.#array.expand(guards.tensorArgument("expand_as", other).shape));
  }

  /** All dimensions in another order, without copying: `q.permute(0, 2, 1, 3)`. */
  permute(...dims: number[] | [readonly number[]]): Tensor {
    return new Tensor(views.permute(this.#array, dims));
  }

  /** Two dimensions exchanged, without copying. */
  transpose(dim0: number, dim1: number): Tensor {
    return new Tensor(views.transpose(this.#array, dim0, dim1));
  }

  /** Rows and columns exchanged, without copying. For two dimensions; anything else throws RangeError. */
  get T(): Tensor {
    return new Tensor(views.turned(this.#array));
  }

  /** Another name of `T`. */
  t(): Tensor {
    return this.T;
  }

  // --- Copies and dtypes ---------------------------------------------------------------------------------------------

  /** A copy. */
  clone(): Tensor {
    return new Tensor(this.#array.clone());
  }

  /** This tensor itself: there is no autograd to detach from. */
  detach(): Tensor {
    return this;
  }

  /** The numbers of another tensor, which broadcasts to this one's shape. */
  copy_(other: Tensor): Tensor {
    elementwise.copy(
      this.#array,
      guards.tensorArgument("copy_", other, typeof other === "number" ? ` Write fill_(${other}).` : ""),
    );
    return this;
  }

  /** Every element set to a value. */
  fill_(value: number): Tensor {
    elementwise.fill(this.#array, guards.element("fill_", value, this.#array.dtype));
    return this;
  }

  /** Every element set to 0. */
  zero_(): Tensor {
    return this.fill_(0);
  }

  /** The same values in another dtype; this tensor itself if it already has that dtype. */
  to(dtype: DType): Tensor {
    return dtype === this.dtype ? this : new Tensor(this.#array.to(guards.dtypeArgument("to", dtype)));
  }

  /** In another tensor's dtype. */
  type_as(other: Tensor): Tensor {
    return this.to(guards.tensorArgument("type_as", other).dtype);
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

  /** Another name of `int`. */
  long(): Tensor {
    return this.int();
  }

  /** As a mask: true for any number but 0. */
  bool(): Tensor {
    return this.to("bool");
  }

  // --- Element by element, broadcasting. What ends in _ works in place, through a view too, and keeps this tensor's dtype

  /** This + alpha · other. */
  add(other: Operand, options?: { alpha?: number }): Tensor {
    const b = guards.operand("add", other);
    return new Tensor(elementwise.scaled("add", this.#array, b, alphaOf("add", options)));
  }

  /** This += alpha · other. Other may not broadcast this one to a larger shape. */
  add_(other: Operand, options?: { alpha?: number }): Tensor {
    elementwise.scaledInPlace("add", this.#array, guards.operand("add_", other), alphaOf("add_", options));
    return this;
  }

  /** This − alpha · other. */
  sub(other: Operand, options?: { alpha?: number }): Tensor {
    const b = guards.operand("sub", other);
    return new Tensor(elementwise.scaled("sub", this.#array, b, alphaOf("sub", options)));
  }

  /** This −= alpha · other. */
  sub_(other: Operand, options?: { alpha?: number }): Tensor {
    elementwise.scaledInPlace("sub", this.#array, guards.operand("sub_", other), alphaOf("sub_", options));
    return this;
  }

  /** This · other, element by element. */
  mul(other: Operand): Tensor {
    return new Tensor(elementwise.binary("mul", this.#array, guards.operand("mul", other)));
  }

  /** This *= other. */
  mul_(other: Operand): Tensor {
    elementwise.binaryInPlace("mul", this.#array, guards.operand("mul_", other));
    return this;
  }

  /** This / other, in float64 where both are int32. */
  div(other: Operand): Tensor {
    return new Tensor(elementwise.binary("div", this.#array, guards.operand("div", other)));
  }

  /** This /= other. */
  div_(other: Operand): Tensor {
    elementwise.binaryInPlace("div", this.#array, guards.operand("div_", other));
    return this;
  }

  /** This + value · tensor1 · tensor2, element by element. */
  addcmul(tensor1: Tensor, tensor2: Tensor, options?: { value?: number }): Tensor {
    return new Tensor(this.#addcmul("addcmul", tensor1, tensor2, options));
  }

  /** This += value · tensor1 · tensor2. */
  addcmul_(tensor1: Tensor, tensor2: Tensor, options?: { value?: number }): Tensor {
    elementwise.store("addcmul_", this.#array, this.#addcmul("addcmul_", tensor1, tensor2, options));
    return this;
  }

  /** −this. */
  neg(): Tensor {
    return new Tensor(elementwise.neg(this.#array));
  }

  /** Size without sign. */
  abs(): Tensor {
    return new Tensor(elementwise.map(this.#array, Math.abs, this.#array.dtype));
  }

  /** −1 where an element is negative, 1 where it is positive, else 0. */
  sign(): Tensor {
    return new Tensor(elementwise.map(this.#array, Math.sign, this.#array.dtype));
  }

  /** Each element to a power. As in PyTorch, 2, −1, −2, ½ and −½ are products, quotients and roots, each exactly rounded. */
  pow(exponent: number): Tensor {
    return new Tensor(elementwise.pow(this.#array, guards.numberArgument("pow", "the exponent", exponent)));
  }

  /** `pow(2)`. */
  square(): Tensor {
    return this.pow(2);
  }

  /** `pow(-1)`: 1 / this. */
  reciprocal(): Tensor {
    return this.pow(-1);
  }

  /** Square root: NaN below 0. */
  sqrt(): Tensor {
    return new Tensor(elementwise.unary("sqrt", this.#array));
  }

  /** `pow(-0.5)`: 1 / √this. */
  rsqrt(): Tensor {
    return this.pow(-0.5);
  }

  /** e to the power of each element. */
  exp(): Tensor {
    return new Tensor(elementwise.unary("exp", this.#array));
  }

  /** Natural logarithm: −Infinity for 0, NaN below it. */
  log(): Tensor {
    return new Tensor(elementwise.unary("log", this.#array));
  }

  /** Sine of an angle in radians. */
  sin(): Tensor {
    return new Tensor(elementwise.map(this.#array, Math.sin));
  }

  /** Cosine of an angle in radians. */
  cos(): Tensor {
    return new Tensor(elementwise.map(this.#array, Math.cos));
  }

  /** Hyperbolic tangent: within 4e-7 of the true value, relatively, in float32; to the last digits in float64. */
  tanh(): Tensor {
    return new Tensor(elementwise.unary("tanh", this.#array));
  }

  /** 1 / (1 + e^−x). */
  sigmoid(): Tensor {
    return new Tensor(elementwise.sigmoid(this.#array));
  }

  /** x where it is positive, else 0. */
  relu(): Tensor {
    return new Tensor(elementwise.map(this.#array, activations.relu, this.#array.dtype));
  }

  /** x · Φ(x), Φ being the normal distribution: exact, or with `{ approximate: "tanh" }` as GPT-2 has it. */
  gelu(options?: { approximate?: "none" | "tanh" }): Tensor {
    checkOptions("gelu", options, { approximate: "string" });
    const approximate = oneOf("gelu", "approximate", options?.approximate ?? "none", ["none", "tanh"]);
    return new Tensor(elementwise.map(this.#array, approximate === "tanh" ? activations.geluTanh : activations.gelu));
  }

  /** The error function, 2/√π · ∫₀ˣ e^(−t²) dt. */
  erf(): Tensor {
    return new Tensor(elementwise.map(this.#array, activations.erf));
  }

  /** Nothing below `min` and nothing above `max`: `clamp(0, 1)`, or one of them, `clamp({ min: 0 })`. */
  clamp(min?: number | { min?: number; max?: number }, max?: number): Tensor {
    const { low, high } = limits("clamp", min, max);
    return new Tensor(elementwise.clamp(this.#array, low, high));
  }

  // --- Reductions ----------------------------------------------------------------------------------------------------

  /** Sum of all elements, or along one dimension or several, which `keepdim` keeps with size 1. int32 for int32 and bool. */
  sum(dim?: Dims, options?: Keepdim): Tensor {
    const a = this.#array, dims = guards.dims("sum", dim, a.shape);
    return new Tensor(reductions.sum(a, dims, keepdimOf("sum", options)));
  }

  /** Mean of all elements, or along one dimension or several, which `keepdim` keeps with size 1. */
  mean(dim?: Dims, options?: Keepdim): Tensor {
    const a = this.#array, dims = guards.dims("mean", dim, a.shape);
    return new Tensor(reductions.mean(a, dims, keepdimOf("mean", options)));
  }

  /**
   * Variance of all n elements, or of n along one dimension or several: Σ(x − mean)² / (n − correction). Correction 1 is
   * Bessel's, PyTorch's default; `unbiased: false` is its older name for 0.
   */
  var(dim?: Dims, options?: Keepdim & { correction?: number; unbiased?: boolean }): Tensor {
    const a = this.#array, dims = guards.dims("var", dim, a.shape);
    checkOptions("var", options, { unbiased: "boolean", correction: "number", keepdim: "boolean" }); // as in var(0, False)
    const correction = options?.correction ?? Number(options?.unbiased ?? true);
    return new Tensor(reductions.variance(a, dims, options?.keepdim ?? false, correction));
  }

  /** The largest element. NaN counts as largest. */
  max(): Tensor;
  /** The largest values along a dimension, and where each first occurs (int32). NaN counts as largest. */
  max(dim: number, options?: Keepdim): MaxResult;
  /** The largest element, or the largest along a dimension. */
  max(dim?: number, options?: Keepdim): Tensor | MaxResult {
    const a = this.#array, keepdim = keepdimOf("max", options);
    if (dim === undefined) return new Tensor(reductions.max(a, guards.dims("max", dim, a.shape), keepdim).values);
    const { values, indices } = reductions.max(a, [guards.dimArgument("max", dim, a.shape)], keepdim);
    return new MaxResult(new Tensor(values), new Tensor(indices));
  }

  /** The largest of all elements, or along one dimension or several. NaN counts as largest. */
  amax(dim?: Dims, options?: Keepdim): Tensor {
    const a = this.#array, dims = guards.dims("amax", dim, a.shape);
    return new Tensor(reductions.max(a, dims, keepdimOf("amax", options)).values);
  }

  /** Where the largest value along a dimension first occurs, as int32; without one, among all elements in their order. */
  argmax(dim?: number, options?: Keepdim): Tensor {
    const a = this.#array,
      dims = dim === undefined ? a.shape.map((_, d) => d) : [guards.dimArgument("argmax", dim, a.shape)];
    return new Tensor(reductions.max(a, dims, keepdimOf("argmax", options)).indices);
  }

  /** ln Σ e^x along one dimension or several. */
  logsumexp(dim: Dims, options?: Keepdim): Tensor {
    const a = this.#array,
      dims = Array.isArray(dim) ? guards.dims("logsumexp", dim, a.shape) : [
        guards.dimArgument("logsumexp", dim, a.shape),
      ];
    return new Tensor(reductions.logsumexp(a, dims, keepdimOf("logsumexp", options)));
  }

  /** e^x over its sum, along a dimension. The largest is taken off first, so that nothing overflows. */
  softmax(dim: number, options?: { dtype?: DType }): Tensor {
    return this.#softmax("softmax", dim, options);
  }

  /** ln softmax, along a dimension: x − max − ln Σ e^(x − max). */
  log_softmax(dim: number, options?: { dtype?: DType }): Tensor {
    return this.#softmax("log_softmax", dim, options);
  }

  // --- Comparisons. The masks are bool tensors, 1 and 0 in arithmetic ------------------------------------------------

  /** Whether both have the same shape and the same numbers. */
  equal(other: Tensor): boolean {
    return elementwise.agree(this.#array, guards.tensorArgument("equal", other), (x, y) => x === y);
  }

  /** Whether |this − other| ≤ atol + rtol · |other| everywhere, the shapes being the same. NaN is close to nothing. */
  allclose(other: Tensor, options?: { rtol?: number; atol?: number }): boolean {
    const b = guards.tensorArgument("allclose", other);
    checkOptions("allclose", options, { rtol: "number", atol: "number" });
    const { rtol = 1e-5, atol = 1e-8 } = options ?? {};
    return elementwise.agree(this.#array, b, (x, y) => x === y || Math.abs(x - y) <= atol + rtol * Math.abs(y));
  }

  /** True where both are equal. */
  eq(other: Operand): Tensor {
    return new Tensor(elementwise.compare("eq", this.#array, guards.operand("eq", other)));
  }

  /** True where they differ. */
  ne(other: Operand): Tensor {
    return new Tensor(elementwise.compare("ne", this.#array, guards.operand("ne", other)));
  }

  /** True where this is greater. */
  gt(other: Operand): Tensor {
    return new Tensor(elementwise.compare("gt", this.#array, guards.operand("gt", other)));
  }

  /** True where this is greater or equal. */
  ge(other: Operand): Tensor {
    return new Tensor(elementwise.compare("ge", this.#array, guards.operand("ge", other)));
  }

  /** True where this is less. */
  lt(other: Operand): Tensor {
    return new Tensor(elementwise.compare("lt", this.#array, guards.operand("lt", other)));
  }

  /** True where this is less or equal. */
  le(other: Operand): Tensor {
    return new Tensor(elementwise.compare("le", this.#array, guards.operand("le", other)));
  }

  /** The larger of this and other, element by element; NaN where one is. */
  maximum(other: Operand): Tensor {
    return new Tensor(elementwise.extreme("maximum", this.#array, guards.operand("maximum", other)));
  }

  /** The smaller of this and other, element by element; NaN where one is. */
  minimum(other: Operand): Tensor {
    return new Tensor(elementwise.extreme("minimum", this.#array, guards.operand("minimum", other)));
  }

  // --- Matrix products -----------------------------------------------------------------------------------------------

  /**
   * Matrix product of (…, m, k) and (…, k, n): (…, m, n), where the other dimensions broadcast. A vector is a row on the left
   * and a column on the right. Either side may be a transposed view.
   *
   * @throws RangeError when the inner sizes differ.
   */
  matmul(other: Tensor): Tensor {
    return new Tensor(products.matmul(this.#array, guards.tensorArgument("matmul", other, byNumber(other))));
  }

  /** `matmul` of two matrices. */
  mm(other: Tensor): Tensor {
    guards.dimensions("mm", 2, this.#array, guards.tensorArgument("mm", other, byNumber(other)));
    return this.matmul(other);
  }

  /** `matmul` of two stacks of matrices, (b, m, k) and (b, k, n). */
  bmm(other: Tensor): Tensor {
    guards.dimensions("bmm", 3, this.#array, guards.tensorArgument("bmm", other, byNumber(other)));
    return this.matmul(other);
  }

  /**
   * alpha · mat1 · mat2 + beta · this, which broadcasts to the product's shape: `b.addmm(x, w)` is `x.matmul(w).add(b)`, in
   * one pass where b is a row. All three are converted to the widest dtype first.
   *
   * @throws RangeError when the shapes do not match.
   */
  addmm(mat1: Tensor, mat2: Tensor, options?: { beta?: number; alpha?: number }): Tensor {
    const left = guards.tensorArgument("addmm", mat1), right = guards.tensorArgument("addmm", mat2);
    checkOptions("addmm", options, { beta: "number", alpha: "number" });
    guards.dimensions("addmm", 2, left, right);
    return new Tensor(products.addmm(this.#array, left, right, options?.beta ?? 1, options?.alpha ?? 1));
  }

  // --- Inside --------------------------------------------------------------------------------------------------------

  #addcmul(verb: string, b: Tensor, c: Tensor, options: { value?: number } | undefined): NDArray {
    const x = guards.tensorArgument(verb, b), y = guards.tensorArgument(verb, c);
    checkOptions(verb, options, { value: "number" });
    return elementwise.addcmul(this.#array, x, y, options?.value ?? 1);
  }

  #softmax(verb: "softmax" | "log_softmax", dim: number, options: { dtype?: DType } | undefined): Tensor {
    const a = this.#array, d = guards.dimArgument(verb, dim, a.shape);
    return new Tensor(reductions.softmax(verb, a, d, dtypeOf(verb, options, a.dtype)));
  }
}

/** What to write for a product with a number. */
function byNumber(other: unknown): string {
  return typeof other === "number" ? ` Write mul(${other}) to multiply by a number.` : "";
}

refuseMore(Tensor.prototype, ["view", "reshape", "expand", "permute", "at"]);
answerForeignNames(Tensor.prototype);
answerForMax(MaxResult.prototype, Tensor.prototype);
setRecorded(Tensor.prototype, (value) => value instanceof Tensor || value instanceof MaxResult);
