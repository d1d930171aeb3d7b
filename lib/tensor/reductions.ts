// What is computed along dimensions: sums, means, variances, largest values, softmax.
// Left out: checks of arguments (lib/tensor/guards.ts).
import { floating, isFloat } from "./dtypes.ts";
import { asIntegers, binary, unary } from "./elementwise.ts";
import { kernels } from "./kernel_set.ts";
import { type DType, empty, type FloatType, type NDArray } from "./ndarray.ts";
import { formatShape, numel, reduced, type Shape } from "./shape.ts";

/** An array cut for a kernel that reduces the middle one of three sizes, and the shape of the result. */
interface Lines {
  /** Contiguous, (outer, len, inner). */
  from: NDArray;
  outer: number;
  len: number;
  inner: number;
  /** Without the reduced dimensions, or with size 1 in their places. */
  shape: Shape;
}

/** The lines along `dims`, which are sorted; the array is copied only where they are not side by side. */
function linesOf(a: NDArray, dims: readonly number[], keepdim: boolean): Lines {
  const shape = reduced(a.shape, dims, keepdim), first = dims.length === 0 ? 0 : dims[0];
  const end = first + dims.length;
  if (dims.length > 1 && dims[dims.length - 1] !== end - 1) {
    const others = a.shape.map((_, d) => d).filter((d) => !dims.includes(d)), last = others.length;
    return { ...linesOf(a.permute([...others, ...dims]), dims.map((_, i) => last + i), false), shape };
  }
  let outer = 1, len = 1, inner = 1;
  for (let d = 0; d < a.shape.length; d++) {
    if (d < first) outer *= a.shape[d];
    else if (d < end) len *= a.shape[d];
    else inner *= a.shape[d];
  }
  return { from: a.contiguous(), outer, len, inner, shape };
}

/** The sum along some dimensions. Of int32 and bool, it is int32. */
export function sum(a: NDArray, dims: readonly number[], keepdim: boolean): NDArray {
  if (!isFloat(a.dtype)) return asIntegers(sum(a.to("float64"), dims, keepdim));
  const { from, outer, len, inner, shape } = linesOf(a, dims, keepdim), out = empty(shape, a.dtype);
  kernels[a.dtype].sum({ out: out.offset, a: from.at, outer, len, inner, divisor: 1 });
  return out;
}

/** The mean along some dimensions. */
export function mean(a: NDArray, dims: readonly number[], keepdim: boolean): NDArray {
  const dtype = floating("mean", a), { from, outer, len, inner, shape } = linesOf(a, dims, keepdim);
  const out = empty(shape, dtype);
  kernels[dtype].sum({ out: out.offset, a: from.at, outer, len, inner, divisor: len });
  return out;
}

/** Σ(x − mean)² / (n − correction) along some dimensions of n elements. */
export function variance(a: NDArray, dims: readonly number[], keepdim: boolean, correction: number): NDArray {
  const dtype = floating("var", a), { from, outer, len, inner, shape } = linesOf(a, dims, keepdim);
  const out = empty(shape, dtype), divisor = Math.max(0, len - correction);
  kernels[dtype].variance({ out: out.offset, a: from.at, outer, len, inner, divisor });
  return out;
}

/** The largest along some dimensions, and where each first occurs among their elements (int32). */
export function max(a: NDArray, dims: readonly number[], keepdim: boolean): { values: NDArray; indices: NDArray } {
  const dtype: FloatType = isFloat(a.dtype) ? a.dtype : "float64";
  const { from, outer, len, inner, shape } = linesOf(a.to(dtype), dims, keepdim);
  if (len === 0) throw new RangeError(`No largest value along dimension ${dims} of shape ${formatShape(a.shape)}.`);
  const values = empty(shape, dtype), indices = empty(shape, "int32");
  kernels[dtype].max({ out: values.offset, indices: indices.offset, a: from.at, outer, len, inner });
  return { values: values.to(a.dtype), indices };
}

/** e^x over its sum along a dimension, or the logarithm of that. */
export function softmax(verb: "softmax" | "log_softmax", a: NDArray, dim: number, as: DType = a.dtype): NDArray {
  const from = moved(a.to(as), dim, a.shape.length - 1).contiguous(), dtype = floating(verb, from);
  const kernel = verb === "softmax" ? kernels[dtype].softmax : kernels[dtype].logSoftmax;
  const out = empty(from.shape, dtype), rows = numel(from.shape.slice(0, -1));
  const cols = a.shape[dim];
  kernel({ out: out.offset, a: from.at, rows, cols });
  return moved(out, a.shape.length - 1, dim).contiguous();
}

/** The dimension `from` put at place `to`, the others in their order. */
export function moved(a: NDArray, from: number, to: number): NDArray {
  if (from === to) return a;
  return a.permute(a.shape.map((_, d) => d).toSpliced(from, 1).toSpliced(to, 0, from));
}

/** ln Σ e^x along some dimensions: m + ln Σ e^(x − m), where m is the largest x, or 0 where that is infinite. */
export function logsumexp(a: NDArray, dims: readonly number[], keepdim: boolean): NDArray {
  if (!isFloat(a.dtype)) return logsumexp(a.to("float64"), dims, keepdim);
  if (linesOf(a, dims, true).len === 0) return unary("log", sum(a, dims, keepdim));
  const { values } = max(a, dims, true), tops = values.elements;
  for (let i = 0; i < tops.length; i++) if (!Number.isFinite(tops[i])) tops[i] = 0;
  const sums = unary("log", sum(unary("exp", binary("sub", a, values)), dims, true)), all = binary("add", sums, values);
  return all.view(reduced(a.shape, dims, keepdim));
}
