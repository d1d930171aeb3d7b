// Tensors of float32, float64 and int32 with PyTorch's names and behaviour: what the four exercises use, and no more.
//
// A tensor is a shape and strides over a place in lib/tensor/memory.ts's memory. An operation settles shapes, dtypes and
// broadcasting here, then makes one call to a kernel (lib/tensor/). A trailing underscore works in place.
// Left out: autograd (you are here to write it), int arithmetic (int32 is for indices), slicing, devices.
// Next: lib/random/ fills them, lib/tensor/functional.ts combines them.
import { allocate, type Block, currentBlock, heap, kernels } from "./memory.ts";
import {
  broadcastShapes,
  checkSizes,
  contiguousStrides,
  copyStrided,
  dimension,
  formatShape,
  layOut,
  numel,
  reduced,
  sameShape,
  type Shape,
  split,
} from "./shape.ts";

/** What a tensor's elements are: numbers of 32 or 64 bits, or 32-bit integers for indices and labels. */
export type DType = "float32" | "float64" | "int32";

/** What stands beside a tensor in arithmetic: another tensor, or a number that is rounded to the tensor's dtype. */
export type Operand = Tensor | number;

/** Positions along a dimension: an int32 tensor, or plain integers. */
export type Indices = Tensor | readonly number[];

const BYTES = { float32: 4, float64: 8, int32: 4 } as const;
const RANK = { int32: 0, float32: 1, float64: 2 } as const;

// Where a number beside a tensor is put for the kernels to read.
const scalarSlot = allocate(16);

/** A block of numbers with a shape. Made by `tensor`, `zeros`, `ones`, `full`, and by operations on others. */
export class Tensor {
  readonly #block: Block;
  readonly #numel: number;

  /** For this library's own use: a tensor over `offset` bytes into the memory. */
  constructor(
    /** The sizes, one per dimension. */
    readonly shape: Shape,
    /** What the elements are. */
    readonly dtype: DType,
    /** Byte offset of the first element. */
    private readonly offset: number,
    /** Elements between neighbours, per dimension; undefined when contiguous. */
    private readonly strides?: readonly number[],
    block?: Block,
  ) {
    this.#block = block ?? currentBlock();
    this.#numel = numel(shape);
  }

  /** The number of elements. */
  numel(): number {
    return this.#numel;
  }

  /** A copy of the elements, the last dimension fastest. Float64 holds every dtype's values exactly. */
  toArray(): Float64Array {
    return Float64Array.from(this.peek());
  }

  /** The elements in place: valid until the next tensor is made, for then the memory may move. Prefer `toArray`. */
  peek(): Float32Array | Float64Array | Int32Array {
    const from = this.contiguous().#at / BYTES[this.dtype];
    return heap[this.dtype].subarray(from, from + this.numel());
  }

  /** The only element, as a number. Throws RangeError when there are more or fewer. */
  item(): number {
    if (this.numel() !== 1) {
      throw new RangeError(`item() reads a tensor of one element; this one has shape ${formatShape(this.shape)}.`);
    }
    return heap[this.dtype][this.#at / BYTES[this.dtype]];
  }

  /** Sets one element in place; `index` counts elements as `toArray` does. What a finite difference does, and undoes. */
  put_(index: number, value: number): Tensor {
    this.#inPlace("put_");
    if (!Number.isInteger(index) || index < 0 || index >= this.numel()) {
      throw new RangeError(`put_ writes element 0 to ${this.numel() - 1} of ${this}; given ${index}.`);
    }
    heap[this.dtype][this.#at / BYTES[this.dtype] + index] = value;
    return this;
  }

  // --- Shape: the same elements, seen differently ---------------------------------------------------------------------

  /**
   * The same elements in another shape, given as sizes or as a list of them; one may be −1, to be worked out. Shares memory
   * with this tensor, unless this one is transposed: then it is copied first.
   *
   * @throws RangeError when the number of elements differs.
   */
  view(...given: number[] | [Shape]): Tensor {
    const shape = given.flat();
    if (shape.filter((size) => size === -1).length > 1) {
      throw new RangeError(`Only one size of a view can be worked out; ${formatShape(shape)} has several −1.`);
    }
    const known = shape.reduce((n, size) => size === -1 ? n : n * size, 1);
    const sizes = shape.map((size) => size === -1 ? this.numel() / known : size);
    if (numel(sizes) !== this.numel() || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new RangeError(
        `Cannot view shape ${formatShape(this.shape)} (${this.numel()} elements) as ${formatShape(shape)}.`,
      );
    }
    const from = this.contiguous();
    return new Tensor(sizes, this.dtype, from.#at, undefined, from.#block);
  }

  /** All elements in one dimension. */
  flatten(): Tensor {
    return this.view(this.numel());
  }

  /** Part of the first dimension: `length` rows from `first` on, without copying. */
  narrow(dim: number, first: number, length: number): Tensor {
    const [rows, ...row] = this.shape;
    const whole = Number.isInteger(first) && Number.isInteger(length);
    if (dim !== 0 || !whole || first < 0 || length < 0 || first + length > rows) {
      throw new RangeError(
        `Cannot narrow shape ${formatShape(this.shape)} to ${length} from ${first} on along dimension ${dim}: ` +
          `dimension 0 has ${rows}, and no other can be narrowed here.`,
      );
    }
    const from = this.contiguous(), at = from.#at + first * numel(row) * BYTES[this.dtype];
    return new Tensor([length, ...row], this.dtype, at, undefined, from.#block);
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
    const d0 = dimension(dim0, this.shape), d1 = dimension(dim1, this.shape);
    const shape = [...this.shape], strides = [...this.#strides];
    [shape[d0], shape[d1]] = [shape[d1], shape[d0]];
    [strides[d0], strides[d1]] = [strides[d1], strides[d0]];
    const isContiguous = numel(shape) === 0 || sameShape(strides, contiguousStrides(shape));
    return new Tensor(shape, this.dtype, this.#at, isContiguous ? undefined : strides, this.#block);
  }

  /** The same elements in a larger shape, sizes of 1 repeated, without copying. Throws RangeError where it does not fit. */
  expand(...shape: number[]): Tensor {
    checkSizes(shape);
    if (!sameShape(broadcastShapes(this.shape, shape, "expand"), shape)) {
      throw new RangeError(`Cannot expand shape ${formatShape(this.shape)} to ${formatShape(shape)}.`);
    }
    const own = this.#strides, skipped = shape.length - this.shape.length;
    const strides = shape.map((size, i) => i < skipped || this.shape[i - skipped] !== size ? 0 : own[i - skipped]);
    return new Tensor(shape, this.dtype, this.#at, strides, this.#block);
  }

  /** This tensor if its elements lie one after the other, else a copy of which that is true. */
  contiguous(): Tensor {
    return this.strides ? this.clone() : this;
  }

  /** A copy. */
  clone(): Tensor {
    const out = empty(this.shape, this.dtype);
    const size = BYTES[this.dtype], from = this.#at / size;
    if (!this.strides) {
      heap[this.dtype].copyWithin(out.offset / size, from, from + this.numel());
    } else if (this.#isTransposed()) {
      const [rows, cols] = this.shape;
      kernels[this.dtype].transpose(out.offset, this.#at, cols, rows);
    } else {
      copyStrided(this.shape, this.strides, heap[this.dtype], from, out.offset / size);
    }
    return out;
  }

  /** The same values in another dtype: this tensor itself when it has that dtype already. */
  to(dtype: DType): Tensor {
    if (dtype === this.dtype) return this;
    const out = empty(this.shape, dtype), from = this.contiguous();
    const source = heap[from.dtype], target = heap[dtype];
    const a = from.#at / BYTES[from.dtype], b = out.offset / BYTES[dtype];
    for (let i = 0, n = this.numel(); i < n; i++) target[b + i] = source[a + i];
    return out;
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
    return this.#binary("sub", other, empty(this.shape, this.#floating("rsub")), true);
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
    this.#inPlace("add_");
    this.#floating("add_");
    if (alpha === 1) return this.#binary("add", other, this);
    if (typeof other === "number") return this.add_(other * alpha);
    if (other.dtype === "int32") return this.add_(other.to(this.dtype), { alpha });
    if (other.dtype !== this.dtype || !sameShape(other.shape, this.shape)) return this.add_(other.mul(alpha));
    kernels[this.dtype].addScaled(this.#at, other.contiguous().#apartFrom(this).#at, alpha, this.numel());
    return this;
  }

  /** This −= other, in place. */
  sub_(other: Operand): Tensor {
    return this.#binary("sub", other, this.#inPlace("sub_"));
  }

  /** This *= other, in place. */
  mul_(other: Operand): Tensor {
    return this.#binary("mul", other, this.#inPlace("mul_"));
  }

  /** This /= other, in place. */
  div_(other: Operand): Tensor {
    return this.#binary("div", other, this.#inPlace("div_"));
  }

  /** This + value · tensor1 · tensor2, element by element: in one pass, unless one of them is a column or a single number. */
  addcmul(tensor1: Tensor, tensor2: Tensor, { value = 1 } = {}): Tensor {
    return this.#addcmul(tensor1, tensor2, value);
  }

  /** This += value · tensor1 · tensor2, in place. The other two may not broadcast this one to a larger shape. */
  addcmul_(tensor1: Tensor, tensor2: Tensor, { value = 1 } = {}): Tensor {
    return this.#addcmul(tensor1, tensor2, value, this.#inPlace("addcmul_"));
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
    const dtype = this.#floating("pow");
    switch (exponent) {
      case 2:
        return this.mul(this);
      case -1:
        return this.#unary("reciprocal");
      case -2:
        return this.mul(this).#unary("reciprocal");
      case 0.5:
        return this.sqrt();
      case -0.5:
        return this.#unary("rsqrt");
    }
    const out = empty(this.shape, dtype), from = this.contiguous();
    const values = heap[dtype], size = BYTES[dtype], a = from.#at / size, b = out.offset / size;
    for (let i = 0, n = this.numel(); i < n; i++) values[b + i] = Math.pow(values[a + i], exponent);
    return out;
  }

  // --- Reductions -------------------------------------------------------------------------------------------------------

  /** Sum of all elements, or along one dimension, which `keepdim` keeps with size 1. */
  sum(dim?: number, { keepdim = false } = {}): Tensor {
    return this.#sum("sum", dim, keepdim);
  }

  /** Mean of all elements, or along one dimension. */
  mean(dim?: number, { keepdim = false } = {}): Tensor {
    return this.#sum("mean", dim, keepdim);
  }

  /** Variance along a dimension of n: Σ(x − mean)² / (n − correction). Correction 1 is Bessel's, PyTorch's default. */
  var(dim: number, { keepdim = false, correction = 1 } = {}): Tensor {
    this.#floating("var");
    const from = this.contiguous(), [outer, len, inner] = split(this.shape, dim);
    const out = empty(reduced(this.shape, dim, keepdim), this.dtype);
    kernels[this.dtype].variance(out.offset, from.#at, outer, len, inner, Math.max(0, len - correction));
    return out;
  }

  /** Largest values along a dimension, and where each first occurs. NaN counts as largest. */
  max(dim: number, { keepdim = false } = {}): { values: Tensor; indices: Tensor } {
    this.#floating("max");
    const from = this.contiguous(), [outer, len, inner] = split(this.shape, dim);
    if (len === 0) throw new RangeError(`No largest value along dimension ${dim} of shape ${formatShape(this.shape)}.`);
    const shape = reduced(this.shape, dim, keepdim);
    const values = empty(shape, this.dtype), indices = empty(shape, "int32");
    kernels[this.dtype].max(values.offset, indices.offset, from.#at, outer, len, inner);
    return { values, indices };
  }

  /** Where the largest value along a dimension first occurs, as int32. */
  argmax(dim: number): Tensor {
    return this.max(dim).indices;
  }

  /** e^x over its sum, along the last dimension. The largest is taken off first, so that nothing overflows. */
  softmax(dim: number): Tensor {
    const [from, rows, cols] = this.#rows("softmax", dim), out = empty(this.shape, this.dtype);
    kernels[this.dtype].softmax(out.offset, from.#at, rows, cols);
    return out;
  }

  /** ln Σ e^x along the last dimension, which disappears. */
  logsumexp(dim: number): Tensor {
    const [from, rows, cols] = this.#rows("logsumexp", dim), out = empty(this.shape.slice(0, -1), this.dtype);
    kernels[this.dtype].logSumExp(out.offset, from.#at, rows, cols);
    return out;
  }

  // --- Matrix product ---------------------------------------------------------------------------------------------------

  /**
   * Matrix product of (m, k) and (k, n): (m, n). Either side may be a transposed view.
   *
   * @throws RangeError when the inner sizes differ or a side has not two dimensions.
   */
  matmul(other: Tensor): Tensor {
    return Tensor.#product(this, other);
  }

  /**
   * mat1 · mat2 + this, which broadcasts to the product's shape: `b.addmm(x, w)` is `x.matmul(w).add(b)`, to the bit, and in
   * one pass where b is a row.
   *
   * @throws RangeError when the shapes do not go together.
   */
  addmm(mat1: Tensor, mat2: Tensor): Tensor {
    const dtype = promote("addmm", mat1, mat2, this), left = mat1.to(dtype), [, n] = mat2.shape;
    if (sameShape(this.shape, [n]) || sameShape(this.shape, [1, n])) {
      return Tensor.#product(left, mat2, this.to(dtype).contiguous());
    }
    const product = Tensor.#product(left, mat2);
    if (!sameShape(broadcastShapes(this.shape, product.shape, "addmm"), product.shape)) {
      throw new RangeError(`addmm adds what broadcasts to the product's ${formatShape(product.shape)}; given ${this}.`);
    }
    return product.add_(this);
  }

  /** left · right, and in every row the bias added, which is contiguous and of the product's dtype. */
  static #product(left: Tensor, right: Tensor, bias?: Tensor): Tensor {
    const [m, k] = left.shape, [inner, n] = right.shape;
    if (left.shape.length !== 2 || right.shape.length !== 2 || k !== inner) {
      throw new RangeError(
        `Cannot matrix-multiply shapes ${formatShape(left.shape)} and ${formatShape(right.shape)}: ` +
          `(m, k) and (k, n) are needed, with the same k.`,
      );
    }
    const dtype = promote("matmul", left, right), kernel = kernels[dtype];
    const cast = left.to(dtype), transposed = cast.#isTransposed(), a = transposed ? cast : cast.contiguous();
    const b = right.to(dtype).contiguous();
    // The kernel asks for room to copy some of a's rows into, so that they lie well for it.
    const rows = kernel.copiedRows(m, n, k, Number(transposed)), room = allocate(rows * k * BYTES[dtype]);
    const out = empty([m, n], dtype);
    kernel.matmul(out.offset, a.#at, b.#at, m, n, k, bias ? bias.#at : 0, Number(transposed), rows, room);
    return out;
  }

  // --- Indexing ---------------------------------------------------------------------------------------------------------

  /**
   * `C.at(xb)`: the rows of a table, or the elements of a vector, that the indices name; shape (…xb, …row).
   * `logprobs.at(range(n), yb)`: element [rows[i], columns[i]] for each i; shape (n).
   *
   * @throws RangeError for an index outside the table, with its position.
   */
  at(rows: Indices, columns?: Indices): Tensor {
    if (columns !== undefined) return this.#pick(rows, columns);
    if (this.shape.length === 0) throw new RangeError("at takes rows of a table; a scalar has none.");
    const index = asIndices(rows);
    const [tableRows, ...row] = this.shape, from = this.contiguous(), count = index.numel();
    const out = empty([...index.shape, ...row], this.dtype), words = numel(row) * BYTES[this.dtype] / 4;
    const bad = kernels.gather(out.offset, from.#at, tableRows, words, index.#at, count);
    if (bad >= 0) throw outside(index.peek()[bad], bad, tableRows);
    return out;
  }

  /**
   * Adds each row of `source` to the row of this tensor that `index` names, in place: a row named twice gets both.
   * The reverse of `C.at(xb)`.
   *
   * @throws RangeError for an index outside this tensor, or a source of another shape than (index, …row).
   */
  index_add_(dim: number, index: Indices, source: Tensor): Tensor {
    this.#floating("index_add_");
    const rows = asIndices(index), [tableRows, ...row] = this.shape, target = this.#inPlace("index_add_");
    if (dim !== 0) throw new RangeError(`index_add_ works along dimension 0 here; given ${dim}.`);
    if (!sameShape(source.shape, [rows.numel(), ...row]) || source.dtype !== this.dtype) {
      throw new RangeError(
        `index_add_ of ${rows.numel()} rows to ${this} needs a ${this.dtype} source of shape ` +
          `${formatShape([rows.numel(), ...row])}; given ${source}.`,
      );
    }
    const own = source.contiguous(), values = own.#overlaps(this) ? own.clone() : own, count = rows.numel();
    const bad = kernels[this.dtype].indexAdd(target.#at, tableRows, rows.#at, values.#at, count, numel(row));
    if (bad >= 0) throw outside(rows.peek()[bad], bad, tableRows);
    return this;
  }

  /**
   * Sets element [rows[i], columns[i]] to `value` for each i, in place, or adds it there with `accumulate`.
   *
   * @throws RangeError for an index outside this tensor.
   */
  index_put_([rows, columns]: readonly [Indices, Indices], value: number, { accumulate = false } = {}): Tensor {
    this.#inPlace("index_put_");
    rows = packed(rows);
    columns = packed(columns);
    const values = heap[this.dtype], start = this.#at / BYTES[this.dtype];
    for (const position of this.#positions(rows, columns)) {
      values[start + position] = accumulate ? values[start + position] + value : value;
    }
    return this;
  }

  /** Dtype and shape, for messages: `float32 (32, 27)`. */
  toString(): string {
    return `${this.dtype} ${formatShape(this.shape)}`;
  }

  // --- Inside ---------------------------------------------------------------------------------------------------------

  /** Where the elements start. Every read and write comes through here, so none gets at freed memory. */
  get #at(): number {
    if (!this.#block.alive) {
      throw new Error(
        `This tensor, ${this}, was freed: the scratch block it was made in has ended. Make it before the block, or ` +
          `take its numbers out with item() or toArray() inside.`,
      );
    }
    return this.offset;
  }

  get #strides(): readonly number[] {
    return this.strides ?? contiguousStrides(this.shape);
  }

  /** This contiguous, with its number of rows and their length along the last dimension. */
  #rows(verb: string, dim: number): [Tensor, number, number] {
    this.#floating(verb);
    if (dimension(dim, this.shape) !== this.shape.length - 1) {
      throw new RangeError(`${verb} works along the last dimension here; given ${dim} for ${formatShape(this.shape)}.`);
    }
    const cols = this.shape[this.shape.length - 1];
    return [this.contiguous(), numel(this.shape.slice(0, -1)), cols];
  }

  /** Whether this is a contiguous matrix with its two dimensions exchanged. */
  #isTransposed(): boolean {
    const { shape, strides } = this;
    return strides !== undefined && shape.length === 2 && strides[0] === 1 && strides[1] === shape[0];
  }

  #floating(verb: string): DType {
    if (this.dtype === "int32") {
      throw new TypeError(`Cannot ${verb} int32 tensors, which hold indices: convert with .to("float32") first.`);
    }
    return this.dtype;
  }

  #inPlace(verb: string): Tensor {
    if (this.strides) {
      throw new RangeError(`${verb} cannot write into a transposed or expanded view: clone() it first.`);
    }
    return this;
  }

  #sum(verb: "sum" | "mean", dim: number | undefined, keepdim: boolean): Tensor {
    this.#floating(verb);
    const from = this.contiguous(), [outer, len, inner] = split(this.shape, dim);
    const out = empty(reduced(this.shape, dim, keepdim), this.dtype);
    kernels[this.dtype].sum(out.offset, from.#at, outer, len, inner, verb === "mean" ? len : 1);
    return out;
  }

  #unary(name: string): Tensor {
    const out = empty(this.shape, this.#floating(name));
    kernels[this.dtype][name](out.offset, this.contiguous().#at, this.numel());
    return out;
  }

  #binary(name: string, other: Operand, into?: Tensor, swap = false): Tensor {
    const dtype = typeof other === "number" ? this.#floating(name) : promote(name, this, other);
    const kernel = kernels[dtype][name];
    if (typeof other === "number") {
      heap[dtype][scalarSlot / BYTES[dtype]] = other;
      const out = into ?? empty(this.shape, dtype), n = this.numel(), at = this.contiguous().#at;
      if (swap) kernel(out.offset, scalarSlot, at, 1, n, 0, 0, n, 1);
      else kernel(out.offset, at, scalarSlot, 1, n, n, 1, 0, 0);
      return out;
    }
    const a = this.to(dtype).contiguous(), b = other.to(dtype).contiguous().#apartFrom(into);
    if (sameShape(a.shape, b.shape)) {
      const out = this.#result(a.shape, dtype, name, into), n = a.numel();
      kernel(out.offset, a.#at, b.#at, 1, n, n, 1, n, 1);
      return out;
    }
    const { shape, rows, cols, walks } = layOut([a.shape, b.shape], name);
    const out = this.#result(shape, dtype, name, into);
    if (walks) {
      const [x, y] = walks;
      kernel(out.offset, a.#at, b.#at, rows, cols, x.row, x.col, y.row, y.col);
    } else {
      const p = a.expand(...shape).contiguous(), q = b.expand(...shape).contiguous();
      kernel(out.offset, p.#at, q.#at, rows, cols, 0, 1, 0, 1);
    }
    return out;
  }

  #addcmul(tensor1: Tensor, tensor2: Tensor, value: number, into?: Tensor): Tensor {
    const dtype = promote("addcmul", this, tensor1, tensor2);
    const [a, b, c] = [this, tensor1, tensor2].map((operand) => operand.to(dtype).contiguous().#apartFrom(into));
    const { shape, rows, cols, walks } = layOut([a.shape, b.shape, c.shape], "addcmul");
    if (!walks?.every(({ col }) => col === 1)) {
      const product = b.mul(c).mul(value);
      return into ? this.#result(shape, dtype, "addcmul", into).add_(product) : a.add(product);
    }
    const out = this.#result(shape, dtype, "addcmul", into), [x, y, z] = walks;
    kernels[dtype].addcmul(out.offset, a.#at, b.#at, c.#at, value, rows, cols, x.row, y.row, z.row);
    return out;
  }

  /** This contiguous tensor, or a copy where writing into `into`, element by element, would change what is still to be read. */
  #apartFrom(into: Tensor | undefined): Tensor {
    if (!into || into === this || !this.#overlaps(into)) return this;
    return this.offset === into.offset && this.#numel === into.#numel ? this : this.clone();
  }

  /** Whether two contiguous tensors share memory. */
  #overlaps(other: Tensor): boolean {
    const end = this.offset + this.#numel * BYTES[this.dtype],
      otherEnd = other.offset + other.#numel * BYTES[other.dtype];
    return this.#block === other.#block && this.offset < otherEnd && other.offset < end;
  }

  /** A new tensor for the result, or the one it goes `into`, if it fits. */
  #result(shape: Shape, dtype: DType, name: string, into: Tensor | undefined): Tensor {
    if (!into) return empty(shape, dtype);
    if (!sameShape(into.shape, shape) || into.dtype !== dtype) {
      throw new RangeError(
        `${name}_ in place keeps ${into}, but the operands give ${dtype} ${formatShape(shape)}.`,
      );
    }
    return into;
  }

  #pick(rows: Indices, columns: Indices): Tensor {
    rows = packed(rows);
    columns = packed(columns);
    const from = this.contiguous(), out = empty([rows instanceof Tensor ? rows.numel() : rows.length], this.dtype);
    const values = heap[this.dtype], size = BYTES[this.dtype], start = from.#at / size, to = out.offset / size;
    const positions = from.#positions(rows, columns);
    for (let i = 0; i < positions.length; i++) values[to + i] = values[start + positions[i]];
    return out;
  }

  /** The positions of [rows[i], columns[i]] among the elements of this contiguous matrix. */
  #positions(rows: Indices, columns: Indices): number[] {
    const r = integers(rows), c = integers(columns), [height, width] = this.shape;
    if (this.shape.length !== 2 || r.length !== c.length) {
      throw new RangeError(
        `Picking elements needs a matrix and as many rows as columns; given shape ${formatShape(this.shape)}, ` +
          `${r.length} rows and ${c.length} columns.`,
      );
    }
    const positions = new Array<number>(r.length);
    for (let i = 0; i < r.length; i++) {
      if (!(Number.isInteger(r[i]) && r[i] >= 0 && r[i] < height)) throw outside(r[i], i, height);
      if (!(Number.isInteger(c[i]) && c[i] >= 0 && c[i] < width)) throw outside(c[i], i, width);
      positions[i] = r[i] * width + c[i];
    }
    return positions;
  }
}

// --- Helpers ------------------------------------------------------------------------------------------------------------

function empty(shape: Shape, dtype: DType): Tensor {
  return new Tensor(shape, dtype, allocate(numel(shape) * BYTES[dtype]));
}

/** The dtype of what these give together: the widest of theirs. */
function promote(verb: string, a: Tensor, b: Tensor, c = b): DType {
  let { dtype } = a;
  if (dtype !== b.dtype || dtype !== c.dtype) {
    for (const other of [b, c]) if (RANK[dtype] < RANK[other.dtype]) dtype = other.dtype;
  }
  if (dtype === "int32") {
    throw new TypeError(`Cannot ${verb} int32 tensors, which hold indices: convert with .to("float32") first.`);
  }
  return dtype;
}

/** Indices that can be read without making a tensor, which may move the memory. */
function packed(indices: Indices): Indices {
  return indices instanceof Tensor ? asIndices(indices) : indices;
}

function asIndices(indices: Indices): Tensor {
  if (indices instanceof Tensor) {
    if (indices.dtype !== "int32") throw new TypeError(`Indices are int32; given ${indices}.`);
    return indices.contiguous();
  }
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] !== (indices[i] | 0)) {
      throw new RangeError(`Index ${indices[i]} at position ${i} is no whole number of 32 bits.`);
    }
  }
  return tensor(indices, { dtype: "int32" });
}

/** The indices as numbers, without a copy: to be read at once. */
function integers(indices: Indices): ArrayLike<number> {
  return indices instanceof Tensor ? asIndices(indices).peek() : indices;
}

function outside(index: number, position: number, size: number): RangeError {
  const allowed = size > 0 ? `is outside 0 … ${size - 1}` : "names nothing: there are no rows";
  return new RangeError(`Index ${index} at position ${position} ${allowed}.`);
}

// --- Creation ---------------------------------------------------------------------------------------------------------

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
  return new Tensor(shape, dtype, offset);
}

/** A tensor filled with one value. */
export function full(shape: Shape, value: number, { dtype = "float32" }: { dtype?: DType } = {}): Tensor {
  checkSizes(shape);
  const n = numel(shape), offset = allocate(n * BYTES[dtype]), from = offset / BYTES[dtype];
  heap[dtype].fill(value, from, from + n);
  return new Tensor(shape, dtype, offset);
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
