// Arithmetic, reductions and the matrix product: each settles dtypes, shapes and broadcasting, then calls one kernel.
//
// `into` is where the result goes, for an operation in place; without it, into a new array.
// Left out: indexing (lib/tensor/indexing.ts), and everything about wrong arguments but shapes and dtypes that do not go
// together (lib/tensor/guards.ts).
// Next: lib/tensor/memory.ts, which holds the kernels.
import { allocate, heap, kernels } from "./memory.ts";
import { BYTES, type DType, empty, type NDArray } from "./ndarray.ts";
import {
  broadcastShapes,
  dimension,
  formatShape,
  layOut,
  numel,
  reduced,
  sameShape,
  type Shape,
  split,
} from "./shape.ts";

const RANK = { int32: 0, float32: 1, float64: 2 } as const;

// Where a number beside an array is put for the kernels to read.
const scalarSlot = allocate(16);

// --- Element by element -------------------------------------------------------------------------------------------------

/** The kernel `name` on each element. */
export function unary(name: string, a: NDArray): NDArray {
  const out = empty(a.shape, floating(name, a));
  kernels[a.dtype][name](out.offset, a.contiguous().at, a.numel);
  return out;
}

/** Each element to a power. */
export function pow(a: NDArray, exponent: number): NDArray {
  const dtype = floating("pow", a);
  switch (exponent) {
    case 2:
      return binary("mul", a, a);
    case -1:
      return unary("reciprocal", a);
    case -2:
      return unary("reciprocal", binary("mul", a, a));
    case 0.5:
      return unary("sqrt", a);
    case -0.5:
      return unary("rsqrt", a);
  }
  const out = empty(a.shape, dtype), from = a.contiguous(), values = heap[dtype], x = from.start, y = out.start;
  for (let i = 0, n = a.numel; i < n; i++) values[y + i] = Math.pow(values[x + i], exponent);
  return out;
}

/** The kernel `name` on two arrays that broadcast, or on an array and a number: with `swap`, the number and the array. */
export function binary(name: string, a: NDArray, b: NDArray | number, into?: NDArray, swap = false): NDArray {
  if (typeof b === "number") return withNumber(name, a, b, into, swap);
  const dtype = promote(name, a, b), kernel = kernels[dtype][name];
  const x = a.to(dtype).contiguous(), y = b.to(dtype).contiguous().apartFrom(into);
  if (sameShape(x.shape, y.shape)) {
    const out = result(x.shape, dtype, name, into), n = x.numel;
    kernel(out.offset, x.at, y.at, 1, n, n, 1, n, 1);
    return out;
  }
  const { shape, rows, cols, walks } = layOut([x.shape, y.shape], name);
  const out = result(shape, dtype, name, into);
  if (walks) {
    const [p, q] = walks;
    kernel(out.offset, x.at, y.at, rows, cols, p.row, p.col, q.row, q.col);
  } else {
    const p = x.expand(shape).contiguous(), q = y.expand(shape).contiguous();
    kernel(out.offset, p.at, q.at, rows, cols, 0, 1, 0, 1);
  }
  return out;
}

function withNumber(name: string, a: NDArray, b: number, into: NDArray | undefined, swap: boolean): NDArray {
  const dtype = floating(name, a), kernel = kernels[dtype][name];
  heap[dtype][scalarSlot / BYTES[dtype]] = b;
  const out = into ?? empty(a.shape, dtype), n = a.numel, at = a.contiguous().at;
  if (swap) kernel(out.offset, scalarSlot, at, 1, n, 0, 0, n, 1);
  else kernel(out.offset, at, scalarSlot, 1, n, n, 1, 0, 0);
  return out;
}

/** a += alpha · b, in place. */
export function addScaled(a: NDArray, b: NDArray | number, alpha: number): NDArray {
  const dtype = floating("add_", a);
  if (alpha === 1) return binary("add", a, b, a);
  if (typeof b === "number") return binary("add", a, b * alpha, a);
  if (b.dtype === "int32") return addScaled(a, b.to(dtype), alpha);
  if (b.dtype !== dtype || !sameShape(b.shape, a.shape)) return binary("add", a, binary("mul", b, alpha), a);
  kernels[dtype].addScaled(a.at, b.contiguous().apartFrom(a).at, alpha, a.numel);
  return a;
}

/** a + value · b · c: in one pass, unless one of them is a column or a single number. */
export function addcmul(a: NDArray, b: NDArray, c: NDArray, value: number, into?: NDArray): NDArray {
  const dtype = promote("addcmul", a, b, c);
  const [x, y, z] = [a, b, c].map((operand) => operand.to(dtype).contiguous().apartFrom(into));
  const { shape, rows, cols, walks } = layOut([x.shape, y.shape, z.shape], "addcmul");
  if (!walks?.every(({ col }) => col === 1)) {
    const product = binary("mul", binary("mul", y, z), value);
    return into ? binary("add", result(shape, dtype, "addcmul", into), product, into) : binary("add", x, product);
  }
  const out = result(shape, dtype, "addcmul", into), [p, q, r] = walks;
  kernels[dtype].addcmul(out.offset, x.at, y.at, z.at, value, rows, cols, p.row, q.row, r.row);
  return out;
}

// --- Reductions ---------------------------------------------------------------------------------------------------------

/** The sum or the mean, of everything or along a dimension. */
export function sum(verb: "sum" | "mean", a: NDArray, dim: number | undefined, keepdim: boolean): NDArray {
  floating(verb, a);
  const from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  const out = empty(reduced(a.shape, dim, keepdim), a.dtype);
  kernels[a.dtype].sum(out.offset, from.at, outer, len, inner, verb === "mean" ? len : 1);
  return out;
}

/** Σ(x − mean)² / (n − correction) along a dimension of n. */
export function variance(a: NDArray, dim: number, keepdim: boolean, correction: number): NDArray {
  floating("var", a);
  const from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  const out = empty(reduced(a.shape, dim, keepdim), a.dtype);
  kernels[a.dtype].variance(out.offset, from.at, outer, len, inner, Math.max(0, len - correction));
  return out;
}

/** The largest along a dimension, and where each first occurs. */
export function max(a: NDArray, dim: number, keepdim: boolean): { values: NDArray; indices: NDArray } {
  floating("max", a);
  const from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  if (len === 0) throw new RangeError(`No largest value along dimension ${dim} of shape ${formatShape(a.shape)}.`);
  const shape = reduced(a.shape, dim, keepdim);
  const values = empty(shape, a.dtype), indices = empty(shape, "int32");
  kernels[a.dtype].max(values.offset, indices.offset, from.at, outer, len, inner);
  return { values, indices };
}

/** e^x over its sum, in every row. */
export function softmax(a: NDArray, dim: number): NDArray {
  const { from, rows, cols } = inRows("softmax", a, dim), out = empty(a.shape, a.dtype);
  kernels[a.dtype].softmax(out.offset, from.at, rows, cols);
  return out;
}

/** ln Σ e^x of every row. */
export function logsumexp(a: NDArray, dim: number): NDArray {
  const { from, rows, cols } = inRows("logsumexp", a, dim), out = empty(a.shape.slice(0, -1), a.dtype);
  kernels[a.dtype].logSumExp(out.offset, from.at, rows, cols);
  return out;
}

/** An array as rows along its last dimension. */
function inRows(verb: string, a: NDArray, dim: number): { from: NDArray; rows: number; cols: number } {
  floating(verb, a);
  if (dimension(dim, a.shape) !== a.shape.length - 1) {
    throw new RangeError(`${verb} works along the last dimension here; given ${dim} for ${formatShape(a.shape)}.`);
  }
  return { from: a.contiguous(), rows: numel(a.shape.slice(0, -1)), cols: a.shape[a.shape.length - 1] };
}

// --- Matrix product -----------------------------------------------------------------------------------------------------

/** left · right, and in every row the bias added, which is contiguous and of the product's dtype. */
export function matmul(left: NDArray, right: NDArray, bias?: NDArray): NDArray {
  const [m, k] = left.shape, [inner, n] = right.shape;
  if (left.shape.length !== 2 || right.shape.length !== 2 || k !== inner) {
    throw new RangeError(
      `Cannot matrix-multiply shapes ${formatShape(left.shape)} and ${formatShape(right.shape)}: ` +
        `(m, k) and (k, n) are needed, with the same k.`,
    );
  }
  const dtype = promote("matmul", left, right), kernel = kernels[dtype];
  const cast = left.to(dtype), transposed = cast.isTransposed, a = transposed ? cast : cast.contiguous();
  const b = right.to(dtype).contiguous();
  // The kernel asks for room to copy some of a's rows into, so that they lie well for it.
  const rows = kernel.copiedRows(m, n, k, Number(transposed)), room = allocate(rows * k * BYTES[dtype]);
  const out = empty([m, n], dtype);
  kernel.matmul(out.offset, a.at, b.at, m, n, k, bias ? bias.at : 0, Number(transposed), rows, room);
  return out;
}

/** left · right + bias, which broadcasts to the product's shape: in one pass where it is a row. */
export function addmm(bias: NDArray, left: NDArray, right: NDArray): NDArray {
  const dtype = promote("addmm", left, right, bias), cast = left.to(dtype), [, n] = right.shape;
  if (sameShape(bias.shape, [n]) || sameShape(bias.shape, [1, n])) {
    return matmul(cast, right, bias.to(dtype).contiguous());
  }
  const product = matmul(cast, right);
  if (!sameShape(broadcastShapes(bias.shape, product.shape, "addmm"), product.shape)) {
    throw new RangeError(`addmm adds what broadcasts to the product's ${formatShape(product.shape)}; given ${bias}.`);
  }
  return binary("add", product, bias, product);
}

// --- Dtypes and results ---------------------------------------------------------------------------------------------------

/** The array's dtype, which has to be float32 or float64. */
export function floating(verb: string, a: NDArray): DType {
  if (a.dtype === "int32") {
    throw new TypeError(`Cannot ${verb} int32 tensors, which hold indices: convert with .to("float32") first.`);
  }
  return a.dtype;
}

/** The array, whose elements have to lie one after the other to be written to. */
export function inPlace(verb: string, a: NDArray): NDArray {
  if (a.strides) throw new RangeError(`${verb} cannot write into a transposed or expanded view: clone() it first.`);
  return a;
}

/** The dtype of what these give together: the widest of theirs. */
function promote(verb: string, a: NDArray, b: NDArray, c = b): DType {
  let { dtype } = a;
  if (dtype !== b.dtype || dtype !== c.dtype) {
    for (const other of [b, c]) if (RANK[dtype] < RANK[other.dtype]) dtype = other.dtype;
  }
  if (dtype === "int32") {
    throw new TypeError(`Cannot ${verb} int32 tensors, which hold indices: convert with .to("float32") first.`);
  }
  return dtype;
}

/** A new array for the result, or the one it goes `into`, if it fits. */
function result(shape: Shape, dtype: DType, name: string, into: NDArray | undefined): NDArray {
  if (!into) return empty(shape, dtype);
  if (!sameShape(into.shape, shape) || into.dtype !== dtype) {
    throw new RangeError(
      `${name}_ in place keeps ${into}, but the operands give ${dtype} ${formatShape(shape)}.`,
    );
  }
  return into;
}
