// Arithmetic, reductions and the matrix product: each settles dtypes, shapes and broadcasting, then calls one kernel.
//
// With `into`, the result is written there (operations in place); without it, to a new array.
// Left out: indexing (lib/tensor/indexing.ts), and all checks of arguments except for shapes and dtypes that do not match
// (lib/tensor/guards.ts).
import { kernels } from "./kernel_set.ts";
import { allocate, heap } from "./memory.ts";
import { BYTES, type DType, empty, type FloatType, type NDArray } from "./ndarray.ts";
import { broadcastShapes, formatShape, layOut, numel, reduced, sameShape, type Shape, split } from "./shape.ts";

const RANK = { int32: 0, float32: 1, float64: 2 } as const;

/** The kernels that take one array. */
export type UnaryName = "neg" | "reciprocal" | "sqrt" | "rsqrt" | "exp" | "log" | "tanh";
/** Those that take two. */
export type BinaryName = "add" | "sub" | "mul" | "div";

// Kernels read operands by address, so a number is stored here first.
const scalarSlot = allocate(16);

// --- Element by element -------------------------------------------------------------------------------------------------

/** The kernel `name` on each element. */
export function unary(name: UnaryName, a: NDArray): NDArray {
  const dtype = floating(name, a), out = empty(a.shape, dtype);
  kernels[dtype][name]({ out: out.offset, a: a.contiguous().at, n: a.numel });
  return out;
}

/** Each element to a power. */
export function pow(a: NDArray, exponent: number): NDArray {
  floating("pow", a);
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
  return map("pow", a, (x) => Math.pow(x, exponent));
}

/** A function of each element, for what has no kernel. */
export function map(verb: string, a: NDArray, f: (x: number) => number): NDArray {
  const dtype = floating(verb, a), out = empty(a.shape, dtype), from = a.contiguous();
  const values = heap[dtype], x = from.start, y = out.start;
  for (let i = 0, n = a.numel; i < n; i++) values[y + i] = f(values[x + i]);
  return out;
}

/** 1 where the elements are equal and 0 elsewhere, as int32. */
export function eq(a: NDArray, b: NDArray | number): NDArray {
  const shape = typeof b === "number" ? a.shape : broadcastShapes(a.shape, b.shape, "eq"), out = empty(shape, "int32");
  const from = a.expand(shape).contiguous(), to = typeof b === "number" ? b : b.expand(shape).contiguous();
  const x = from.elements, y = typeof to === "number" ? undefined : to.elements, z = out.elements;
  for (let i = 0; i < x.length; i++) z[i] = Number(x[i] === (y ? y[i] : to));
  return out;
}

/** The kernel `name` on two arrays that broadcast, or on an array and a number: with `swap`, the number and the array. */
export function binary(name: BinaryName, a: NDArray, b: NDArray | number, into?: NDArray, swap = false): NDArray {
  if (typeof b === "number") return withNumber(name, a, b, into, swap);
  const dtype = promote(name, a, b), kernel = kernels[dtype][name];
  const x = a.to(dtype).contiguous(), y = b.to(dtype).contiguous().apartFrom(into);
  if (sameShape(x.shape, y.shape)) {
    const out = result(x.shape, dtype, name, into), n = x.numel;
    kernel({ out: out.offset, rows: 1, cols: n, a: x.at, aRow: n, aCol: 1, b: y.at, bRow: n, bCol: 1 });
    return out;
  }
  const { shape, rows, cols, walks } = layOut([x.shape, y.shape], name);
  const out = result(shape, dtype, name, into);
  if (walks) {
    const [p, q] = walks;
    kernel({
      out: out.offset,
      rows,
      cols,
      a: x.at,
      aRow: p.row,
      aCol: p.col,
      b: y.at,
      bRow: q.row,
      bCol: q.col,
    });
  } else {
    const p = x.expand(shape).contiguous(), q = y.expand(shape).contiguous();
    kernel({ out: out.offset, rows, cols, a: p.at, aRow: cols, aCol: 1, b: q.at, bRow: cols, bCol: 1 });
  }
  return out;
}

function withNumber(
  name: BinaryName,
  a: NDArray,
  b: number,
  into: NDArray | undefined,
  swap: boolean,
): NDArray {
  const dtype = floating(name, a), kernel = kernels[dtype][name];
  heap[dtype][scalarSlot / BYTES[dtype]] = b;
  const out = into ?? empty(a.shape, dtype), n = a.numel, at = a.contiguous().at;
  if (swap) kernel({ out: out.offset, rows: 1, cols: n, a: scalarSlot, aRow: 0, aCol: 0, b: at, bRow: n, bCol: 1 });
  else kernel({ out: out.offset, rows: 1, cols: n, a: at, aRow: n, aCol: 1, b: scalarSlot, bRow: 0, bCol: 0 });
  return out;
}

/** a += alpha · b, in place. */
export function addScaled(a: NDArray, b: NDArray | number, alpha: number): NDArray {
  const dtype = floating("add_", a);
  if (alpha === 1) return binary("add", a, b, a);
  if (typeof b === "number") return binary("add", a, b * alpha, a);
  if (RANK[b.dtype] < RANK[dtype]) return addScaled(a, b.to(dtype), alpha);
  if (b.dtype !== dtype || !sameShape(b.shape, a.shape)) return binary("add", a, binary("mul", b, alpha), a);
  kernels[dtype].addScaled({ out: a.at, a: b.contiguous().apartFrom(a).at, alpha, n: a.numel });
  return a;
}

/** a + (value · b) · c, each step rounded, in PyTorch's order. */
export function addcmul(a: NDArray, b: NDArray, c: NDArray, value: number, into?: NDArray): NDArray {
  const dtype = promote("addcmul", a, b, c), product = binary("mul", binary("mul", b.to(dtype), value), c);
  if (into) result(broadcastShapes(a.shape, product.shape, "addcmul"), dtype, "addcmul", into);
  return binary("add", a, product, into);
}

// --- Reductions ---------------------------------------------------------------------------------------------------------

/** The sum or the mean, of everything or along a dimension. */
export function sum(verb: "sum" | "mean", a: NDArray, dim: number | undefined, keepdim: boolean): NDArray {
  const dtype = floating(verb, a), from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  const out = empty(reduced(a.shape, dim, keepdim), dtype), divisor = verb === "mean" ? len : 1;
  kernels[dtype].sum({ out: out.offset, a: from.at, outer, len, inner, divisor });
  return out;
}

/** Σ(x − mean)² / (n − correction) along a dimension of n. */
export function variance(a: NDArray, dim: number | undefined, keepdim: boolean, correction: number): NDArray {
  const dtype = floating("var", a), from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  const out = empty(reduced(a.shape, dim, keepdim), dtype), divisor = Math.max(0, len - correction);
  kernels[dtype].variance({ out: out.offset, a: from.at, outer, len, inner, divisor });
  return out;
}

/** The largest along a dimension, and where each first occurs. */
export function max(
  verb: "max" | "amax" | "argmax",
  a: NDArray,
  dim: number,
  keepdim: boolean,
): { values: NDArray; indices: NDArray } {
  const dtype = floating(verb, a), from = a.contiguous(), [outer, len, inner] = split(a.shape, dim);
  if (len === 0) throw new RangeError(`No largest value along dimension ${dim} of shape ${formatShape(a.shape)}.`);
  const shape = reduced(a.shape, dim, keepdim);
  const values = empty(shape, dtype), indices = empty(shape, "int32");
  kernels[dtype].max({ out: values.offset, indices: indices.offset, a: from.at, outer, len, inner });
  return { values, indices };
}

/** e^x over its sum along a dimension, or the logarithm of that. */
export function softmax(verb: "softmax" | "log_softmax", a: NDArray, dim: number): NDArray {
  const { from, dtype, rows, cols } = inRows(verb, a, dim), out = empty(from.shape, dtype);
  const kernel = verb === "softmax" ? kernels[dtype].softmax : kernels[dtype].logSoftmax;
  kernel({ out: out.offset, a: from.at, rows, cols });
  return moved(out, a.shape.length - 1, dim).contiguous();
}

/** ln Σ e^x along a dimension: m + ln Σ e^(x − m), where m is the largest x. */
export function logsumexp(a: NDArray, dim: number): NDArray {
  const { from, cols } = inRows("logsumexp", a, dim), last = from.shape.length - 1;
  if (cols === 0) return unary("log", sum("sum", from, last, false));
  // Nothing is taken off where the largest is infinite or NaN, which reaches the sum by itself.
  const m = map("logsumexp", max("amax", from, last, true).values, (x) => Number.isFinite(x) ? x : 0);
  const sums = sum("sum", unary("exp", binary("sub", from, m)), last, true);
  return binary("add", unary("log", sums), m).view(from.shape.slice(0, last));
}

/** An array as rows: the dimension comes last. */
function inRows(
  verb: string,
  a: NDArray,
  dim: number,
): { from: NDArray; dtype: FloatType; rows: number; cols: number } {
  const dtype = floating(verb, a), from = moved(a, dim, a.shape.length - 1).contiguous();
  return { from, dtype, rows: numel(from.shape.slice(0, -1)), cols: from.shape[from.shape.length - 1] };
}

/** The dimension `from` put at place `to`, the others in their order. */
function moved(a: NDArray, from: number, to: number): NDArray {
  const step = Math.sign(to - from);
  for (; from !== to; from += step) a = a.transpose(from, from + step);
  return a;
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
  const dtype = promote("matmul", left, right);
  const cast = left.to(dtype), transposed = cast.isTransposed, a = transposed ? cast : cast.contiguous();
  const b = right.to(dtype).contiguous();
  const out = empty([m, n], dtype);
  kernels[dtype].matmul({ out: out.offset, a: a.at, b: b.at, m, n, k, transposed, bias: bias?.at });
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
export function floating(verb: string, a: NDArray): FloatType {
  if (a.dtype === "int32") {
    throw intError(verb);
  }
  return a.dtype;
}

/** The array, if it is contiguous: only then can an operation write into it. */
export function inPlace(verb: string, a: NDArray): NDArray {
  if (a.strides) {
    throw new RangeError(`${verb} cannot write into a transposed, expanded or cut-out view: clone() it first.`);
  }
  return a;
}

function intError(verb: string): TypeError {
  return new TypeError(
    `Cannot ${verb} int32 tensors: convert first, with .double() to float64, or with .to(logits.dtype).`,
  );
}

/** The dtype of a result: the widest of its operands' dtypes. */
function promote(verb: string, a: NDArray, b: NDArray, c = b): FloatType {
  let { dtype } = a;
  if (dtype !== b.dtype || dtype !== c.dtype) {
    for (const other of [b, c]) if (RANK[dtype] < RANK[other.dtype]) dtype = other.dtype;
  }
  if (dtype === "int32") {
    throw intError(verb);
  }
  return dtype;
}

/** A new array for the result, or the one it goes `into`, if it fits. */
function result(shape: Shape, dtype: DType, name: string, into: NDArray | undefined): NDArray {
  if (!into) return empty(shape, dtype);
  if (!sameShape(into.shape, shape) || into.dtype !== dtype) {
    throw new RangeError(
      `${name}_ writes into a tensor of ${into}, but the result is ${dtype} ${
        formatShape(shape)
      }. Write ${name} for a ` +
        "new tensor.",
    );
  }
  return into;
}
