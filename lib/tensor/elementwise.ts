// What is computed element by element: functions of one tensor, arithmetic and comparisons of several that broadcast.
//
// Each settles dtypes, shapes and broadcasting, then calls one kernel; what has no kernel runs in the loops of `map` and
// `combine`. With `into`, a contiguous array of the result's dtype and shape, the result is written there.
// Left out: checks of arguments, except for shapes and dtypes that do not match (lib/tensor/guards.ts).
import { asFloat, checkCast, isFloat, promoted, widest } from "./dtypes.ts";
import { kernels } from "./kernel_set.ts";
import { allocate, heap, inScratch } from "./memory.ts";
import { BYTES, type DType, empty, type FloatType, NDArray } from "./ndarray.ts";
import { broadcastShapes, formatShape, layOut, sameShape } from "./shape.ts";

/** The kernels that take one array. */
export type UnaryName = "neg" | "reciprocal" | "sqrt" | "rsqrt" | "exp" | "log" | "tanh";
/** Those that take two. */
export type BinaryName = "add" | "sub" | "mul" | "div";

// Kernels read operands by address, so a number is stored here first.
const scalarSlot = allocate(16);

// --- Functions of one tensor --------------------------------------------------------------------------------------------

/** The kernel `name` on each element; of int32 and bool, in float64. */
export function unary(name: UnaryName, a: NDArray): NDArray {
  const dtype = asFloat(a.dtype), from = a.to(dtype).contiguous();
  const out = empty(a.shape, dtype);
  kernels[dtype][name]({ out: out.offset, a: from.at, n: a.numel });
  return out;
}

/** 1 / (1 + e^−a), in the steps that PyTorch takes. */
export function sigmoid(a: NDArray): NDArray {
  return unary("reciprocal", binary("add", unary("exp", unary("neg", a)), 1));
}

/** −a, in int32 where a is. */
export function neg(a: NDArray): NDArray {
  if (a.dtype === "bool") throw new TypeError("neg is not for bool tensors, as in PyTorch. Write mask.eq(0).");
  return a.dtype === "int32" ? map(a, (x) => -x, "int32") : unary("neg", a);
}

/** Each element to a power. */
export function pow(a: NDArray, exponent: number): NDArray {
  if (!isFloat(a.dtype) && exponent >= 0 && Number.isInteger(exponent)) {
    return map(a, (x) => x ** exponent, "int32");
  }
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
  return map(a, (x) => Math.pow(x, exponent));
}

/** A function of each element, for what has no kernel; of int32 and bool, in float64 unless `dtype` says otherwise. */
export function map(a: NDArray, f: (x: number) => number, dtype: DType = asFloat(a.dtype)): NDArray {
  const from = a.contiguous(), out = empty(a.shape, dtype === "int32" ? "float64" : dtype);
  const source = from.elements, target = out.elements;
  for (let i = 0; i < source.length; i++) target[i] = f(source[i]);
  return dtype === "int32" ? asIntegers(out) : out;
}

/**
 * float64 as int32.
 *
 * @throws RangeError for a number that does not fit: integers do not wrap around unnoticed.
 */
export function asIntegers(a: NDArray): NDArray {
  const outside = a.elements.find((x) => x !== (x | 0));
  if (outside === undefined) return a.to("int32");
  throw new RangeError(`${outside} does not fit an int32 tensor, which ends at ±2³¹: convert first, with .double().`);
}

// --- Of several tensors that broadcast ------------------------------------------------------------------------------------

/** A function of the elements at the same place, for what has no kernel. Operands are two or three arrays or numbers. */
function combine(
  verb: string,
  dtype: DType,
  operands: readonly (NDArray | number)[],
  f: (x: number, y: number, z: number) => number,
): NDArray {
  const arrays = operands.map((operand) => typeof operand === "number" ? scalar(operand) : operand.contiguous());
  const { shape, rows, cols, walks } = layOut(arrays.map((array) => array.shape), verb);
  if (!walks) return combine(verb, dtype, arrays.map((array) => array.expand(shape).contiguous()), f);
  const out = empty(shape, dtype === "int32" ? "float64" : dtype), target = out.elements;
  const [x, y, z = x] = arrays.map((array) => array.elements), [p, q, r = p] = walks;
  for (let i = 0, at = 0; i < rows; i++) {
    let from = i * p.row, other = i * q.row, third = i * r.row;
    for (const end = at + cols; at < end; at++, from += p.col, other += q.col, third += r.col) {
      target[at] = f(x[from], y[other], z[third]);
    }
  }
  return dtype === "int32" ? asIntegers(out) : out;
}

function scalar(x: number): NDArray {
  const out = empty([], "float64");
  heap.float64[out.start] = x;
  return out;
}

/** A number rounded as it is beside this array: to float32, if that is what they give together. */
function beside(a: NDArray, b: NDArray | number): NDArray | number {
  return typeof b === "number" && a.dtype === "float32" ? Math.fround(b) : b;
}

/** The comparisons, by PyTorch's names. Each gives false for NaN, except for ne. */
export const comparisons = {
  eq: (x: number, y: number) => Number(x === y),
  ne: (x: number, y: number) => Number(x !== y),
  gt: (x: number, y: number) => Number(x > y),
  ge: (x: number, y: number) => Number(x >= y),
  lt: (x: number, y: number) => Number(x < y),
  le: (x: number, y: number) => Number(x <= y),
};

/** 1 where the comparison holds and 0 elsewhere, as bool. */
export function compare(name: keyof typeof comparisons, a: NDArray, b: NDArray | number): NDArray {
  return combine(name, "bool", [a, beside(a, b)], comparisons[name]);
}

/** The larger or the smaller of two; NaN where one of them is. */
export function extreme(name: "maximum" | "minimum", a: NDArray, b: NDArray | number): NDArray {
  return combine(name, promoted(a, b), [a, beside(a, b)], name === "maximum" ? Math.max : Math.min);
}

/** Nothing below `low` and nothing above `high`, where they are given. */
export function clamp(a: NDArray, low: number | undefined, high: number | undefined): NDArray {
  const above = low === undefined ? a : extreme("maximum", a, low);
  return high === undefined ? above.clone() : extreme("minimum", above, high);
}

/** Whether two arrays have the same shape and `holds` is true of the elements at each place. */
export function agree(a: NDArray, b: NDArray, holds: (x: number, y: number) => boolean): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  return inScratch(() => {
    const from = a.contiguous(), other = b.contiguous().elements;
    return from.elements.every((x, i) => holds(x, other[i]));
  });
}

/** x where the condition is true and y elsewhere. */
export function where(condition: NDArray, x: NDArray | number, y: NDArray | number): NDArray {
  return combine("where", promoted(x, y), [condition, x, y], (holds, x, y) => holds ? x : y);
}

/** The value where the mask is true, and a elsewhere. */
export function maskedFill(a: NDArray, mask: NDArray, value: number): NDArray {
  return combine("masked_fill", a.dtype, [mask, value, a], (holds, value, x) => holds ? value : x);
}

// --- Arithmetic ---------------------------------------------------------------------------------------------------------

/** a and b by the kernel `name`; b may be a number. With `swap`, the number comes first. */
export function binary(name: BinaryName, a: NDArray, b: NDArray | number, into?: NDArray, swap = false): NDArray {
  const dtype = name === "div" ? asFloat(promoted(a, b)) : promoted(a, b);
  if (!isFloat(dtype)) return ofIntegers(name, dtype, a, b, swap);
  if (typeof b === "number") return withNumber(name, a.to(dtype).contiguous(), dtype, b, into, swap);
  const x = repeating(a, b).to(dtype).contiguous(), y = repeating(b, a).to(dtype).contiguous().apartFrom(into);
  const kernel = kernels[dtype][name];
  if (sameShape(x.shape, y.shape)) {
    const out = into ?? empty(x.shape, dtype), n = x.numel;
    kernel({ out: out.offset, rows: 1, cols: n, a: x.at, aRow: n, aCol: 1, b: y.at, bRow: n, bCol: 1 });
    return out;
  }
  const { shape, rows, cols, walks } = layOut([x.shape, y.shape], name), out = into ?? empty(shape, dtype);
  if (!walks) return binary(name, x.expand(shape).contiguous(), y.expand(shape).contiguous(), out);
  const [p, q] = walks;
  kernel({ out: out.offset, rows, cols, a: x.at, aRow: p.row, aCol: p.col, b: y.at, bRow: q.row, bCol: q.col });
  return out;
}

/** What an expanded array repeats, where the other one has the shape: the kernel repeats it without a copy. */
function repeating(a: NDArray, { shape, strides }: NDArray): NDArray {
  if (!a.strides?.includes(0) || strides || !sameShape(a.shape, shape)) return a;
  return a.seen(a.shape.map((n, d) => a.strides![d] === 0 ? 1 : n), a.strides);
}

function withNumber(
  name: BinaryName,
  a: NDArray,
  dtype: FloatType,
  b: number,
  into: NDArray | undefined,
  swap: boolean,
): NDArray {
  const kernel = kernels[dtype][name], out = into ?? empty(a.shape, dtype);
  const n = a.numel;
  heap[dtype][scalarSlot / BYTES[dtype]] = b;
  if (swap) kernel({ out: out.offset, rows: 1, cols: n, a: scalarSlot, aRow: 0, aCol: 0, b: a.at, bRow: n, bCol: 1 });
  else kernel({ out: out.offset, rows: 1, cols: n, a: a.at, aRow: n, aCol: 1, b: scalarSlot, bRow: 0, bCol: 0 });
  return out;
}

const OF_INTEGERS = {
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
};

/** Sums, differences and products of int32. Of bool, a sum is "or" and a product is "and", as in PyTorch. */
function ofIntegers(
  name: BinaryName,
  dtype: "int32" | "bool",
  a: NDArray,
  b: NDArray | number,
  swap: boolean,
): NDArray {
  if (dtype === "bool" && name === "sub") {
    throw new TypeError("sub is not for bool tensors, as in PyTorch: convert first, with .int() or .double().");
  }
  const result = combine(name, "int32", swap ? [b, a] : [a, b], OF_INTEGERS[name as keyof typeof OF_INTEGERS]);
  return result.to(dtype);
}

/** a + alpha · b, or a − alpha · b. */
export function scaled(name: "add" | "sub", a: NDArray, b: NDArray | number, alpha: number): NDArray {
  if (alpha === 1) return binary(name, a, b);
  return binary(name, a, typeof b === "number" ? b * alpha : binary("mul", b.to(promoted(a, b)), alpha));
}

/** a + ((value · b) · c), each product rounded. */
export function addcmul(a: NDArray, b: NDArray, c: NDArray, value: number): NDArray {
  const first = b.to(widest(a, b, c));
  return binary("add", a, binary("mul", value === 1 ? first : binary("mul", first, value), c));
}

// --- In place -------------------------------------------------------------------------------------------------------------

/** a = a (name) b, in place: without a second array where a is contiguous and wide enough. */
export function binaryInPlace(name: BinaryName, a: NDArray, b: NDArray | number): void {
  const dtype = name === "div" ? asFloat(promoted(a, b)) : promoted(a, b);
  const fits = typeof b === "number" || sameShape(b.shape, a.shape) ||
    sameShape(broadcastShapes(a.shape, b.shape, name), a.shape);
  if (!a.strides && isFloat(dtype) && dtype === a.dtype && fits) binary(name, a, b, a);
  else store(`${name}_`, a, binary(name, a, b));
}

/** a += alpha · b, or a −= alpha · b, in place. */
export function scaledInPlace(name: "add" | "sub", a: NDArray, b: NDArray | number, alpha: number): void {
  if (alpha === 1) return binaryInPlace(name, a, b);
  const direct = typeof b !== "number" && !a.strides && a.dtype === b.dtype && sameShape(a.shape, b.shape);
  if (direct && isFloat(a.dtype)) {
    const scale = name === "add" ? alpha : -alpha;
    kernels[a.dtype].addScaled({ out: a.at, a: b.contiguous().apartFrom(a).at, alpha: scale, n: a.numel });
  } else store(`${name}_`, a, scaled(name, a, b, alpha));
}

/** The elements of `source`, which broadcasts, converted. */
export function copy(target: NDArray, source: NDArray): void {
  store("copy_", target, source.to(target.dtype).expand(target.shape).contiguous());
}

/** One number for every element. */
export function fill(target: NDArray, value: number): void {
  target.writeThrough("fill_", (into) => into.elements.fill(value));
}

/**
 * Writes a result into a tensor in place, as PyTorch does: converted to the tensor's dtype, through any view.
 *
 * @throws RangeError when the result is larger than the tensor; TypeError when its dtype would lose more than digits.
 */
export function store(verb: string, target: NDArray, result: NDArray): void {
  if (!sameShape(target.shape, result.shape)) {
    throw new RangeError(
      `${verb} writes into a tensor of ${target}, but the result is ${formatShape(result.shape)}. Write ${
        verb.slice(0, -1)
      } for a new tensor.`,
    );
  }
  checkCast(verb, result.dtype, target.dtype);
  target.checkWritable(verb);
  target.write(result);
}
