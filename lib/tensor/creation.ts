// Makes tensors of given numbers, or of one number repeated.
// Left out: random ones (lib/random/generator.ts).
import {
  checkOptions,
  dtypeArgument,
  element,
  named,
  outOfRange,
  refuse,
  shapeArgument,
  tensorArgument,
} from "./guards.ts";
import { allocate, heap } from "./memory.ts";
import { arrayOf, BYTES, type DType, NDArray, type Nested } from "./ndarray.ts";
import { formatShape, numel, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/**
 * A tensor of a number, a list, or nested lists, in their shape. `shape` gives a flat list another shape. The dtype is
 * float32 unless `dtype` says otherwise.
 *
 * @throws RangeError when the shape needs another number of elements, or lists have different lengths.
 *
 * @example
 * ```ts
 * import { deepEqual, ok } from "node:assert/strict";
 * const a = tensor([[1, 2], [3, 4]]);
 * deepEqual(a.matmul(a.T).tolist(), [[5, 11], [11, 25]]);
 * ok(tensor([1, 2, 3, 4], { shape: [2, 2] }).equal(a));
 * ```
 */
export function tensor(data: Nested | ArrayLike<number>, options: { shape?: Shape; dtype?: DType } = {}): Tensor {
  checkOptions("tensor", options, { shape: "object", dtype: "string" });
  const dtype = options.dtype === undefined ? "float32" : dtypeArgument("tensor", options.dtype);
  const { numbers, shape: own } = flattened(data, dtype);
  const shape = options.shape === undefined ? own : shapeArgument("tensor", options.shape, "{ shape: [32, 27] }");
  if (numel(shape) !== numbers.length) {
    outOfRange(`${numbers.length} numbers do not fill shape ${formatShape(shape)}.`);
  }
  const offset = allocate(numbers.length * BYTES[dtype]);
  heap[dtype].set(numbers, offset / BYTES[dtype]);
  return new Tensor(new NDArray(shape, dtype, offset));
}

/** The numbers in one list, each one checked, and the shape of the nested lists. */
function flattened(data: unknown, dtype: DType): { numbers: ArrayLike<number>; shape: number[] } {
  if (typeof data === "number") return { numbers: [element("tensor", data, dtype)], shape: [] };
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array) {
    if (dtype === "int32" && !(data instanceof Int32Array)) data.forEach((x) => element("tensor", x, dtype));
    return { numbers: data, shape: [data.length] };
  }
  if (!Array.isArray(data)) {
    const instead = arrayOf(data)
      ? "Write clone() for a copy."
      : "Write tensor([1, 2, 3]) or tensor([[1, 2], [3, 4]]).";
    return refuse(`tensor takes numbers, in lists; given ${named(data)}. ${instead}`);
  }
  if (!Array.isArray(data[0])) {
    for (let i = 0; i < data.length; i++) {
      if (typeof data[i] !== "number" || dtype === "int32") checkElement(data[i], i, dtype);
    }
    return { numbers: data, shape: [data.length] };
  }
  const rows = data.map((row) => flattened(row, dtype)), [{ shape }] = rows;
  if (rows.some((row) => row.shape.join() !== shape.join())) {
    outOfRange("The lists that make a tensor must have the same length: they are its rows.");
  }
  return { numbers: rows.flatMap(({ numbers }) => Array.from(numbers)), shape: [data.length, ...shape] };
}

function checkElement(x: unknown, position: number, dtype: DType): void {
  if (typeof x !== "number") {
    const instead = Array.isArray(x) ? " Either all elements are lists, or none." : "";
    refuse(`tensor takes numbers; given ${named(x)} at position ${position}.${instead}`);
  }
  element("tensor", x, dtype);
}

/**
 * A tensor filled with one value. Like all that makes one here: float32 unless `dtype` says otherwise.
 *
 * @throws TypeError for a shape that is no list of numbers; RangeError for sizes that are not whole numbers from 0 on.
 */
export function full(shape: Shape, value: number, options: { dtype?: DType } = {}): Tensor {
  return filled("full", shape, value, options, "full([32, 27], 1)");
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  return filled("zeros", shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  return filled("ones", shape, 1, options);
}

/** Zeros of the same shape and dtype. */
export function zeros_like(a: Tensor): Tensor {
  return alike(likeArgument("zeros", a), 0);
}

/** Ones of the same shape and dtype. */
export function ones_like(a: Tensor): Tensor {
  return alike(likeArgument("ones", a), 1);
}

/** One value in the same shape and dtype. */
export function full_like(a: Tensor, value: number): Tensor {
  const array = tensorArgument("full_like", a);
  return alike(array, element("full_like", value, array.dtype));
}

/**
 * The integers 0 … n − 1, or from `start` up to but not including `stop`: for indices and for loops.
 *
 * @throws TypeError and RangeError for ends that are not whole numbers.
 */
export function range(start: number, stop?: number): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  for (const end of [from, to]) {
    if (typeof end !== "number") refuse(`range takes whole numbers; given ${named(end)}.`);
    if (!Number.isSafeInteger(end)) outOfRange(`range takes whole numbers; given ${end}.`);
  }
  if (to - from >= 2 ** 32) outOfRange(`range makes a list of less than 2³² numbers; ${from} to ${to} are more.`);
  const integers = new Array<number>(Math.max(0, to - from));
  for (let i = 0; i < integers.length; i++) integers[i] = from + i;
  return integers;
}

function filled(verb: string, shape: unknown, value: unknown, options: { dtype?: DType }, example?: string): Tensor {
  if (typeof shape === "number" && typeof options === "number") example = `${verb}([${shape}, ${options}])`;
  const sizes = shapeArgument(verb, shape, example);
  checkOptions(verb, options, { dtype: "string" });
  const dtype = options.dtype === undefined ? "float32" : dtypeArgument(verb, options.dtype);
  return fill(sizes, element(verb, value, dtype), dtype);
}

/** The tensor whose shape is meant; for a list of sizes, which `zeros` takes, that is said. */
function likeArgument(verb: "zeros" | "ones", a: unknown): NDArray {
  const instead = Array.isArray(a) ? ` Write ${verb}([${a.join(", ")}]) for that shape.` : "";
  return tensorArgument(`${verb}_like`, a, instead);
}

function alike({ shape, dtype }: NDArray, value: number): Tensor {
  return fill(shape, value, dtype);
}

function fill(shape: Shape, value: number, dtype: DType): Tensor {
  const n = numel(shape), offset = allocate(n * BYTES[dtype]), from = offset / BYTES[dtype];
  heap[dtype].fill(value, from, from + n);
  return new Tensor(new NDArray(shape, dtype, offset));
}
