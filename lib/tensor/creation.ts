// Makes tensors of given numbers, or of one number repeated.
// Left out: random ones (lib/random/generator.ts).
import { dtypeArgument, element, named, outOfRange, refuse, shapeArgument, tensorArgument } from "./guards.ts";
import { allocate, heap } from "./memory.ts";
import { arrayOf, BYTES, type DType, NDArray, type Nested } from "./ndarray.ts";
import { checkOptions, dtypeOf, noMore } from "./options.ts";
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
  noMore("tensor", arguments.length, 2);
  checkOptions("tensor", options, { shape: "object", dtype: "string" });
  const dtype = options.dtype === undefined ? "float32" : dtypeArgument("tensor", options.dtype);
  const { numbers, shape: own } = flattened(data, dtype);
  const shape = options.shape === undefined ? own : shapeArgument("tensor", options.shape, "{ shape: [32, 27] }");
  if (numel(shape) !== numbers.length) {
    outOfRange(`${numbers.length} numbers do not fill shape ${formatShape(shape)}.`);
  }
  const offset = allocate(numbers.length * BYTES[dtype]);
  heap[dtype].set(
    dtype === "bool" ? Array.from(numbers, (x) => element("tensor", x, dtype)) : numbers,
    offset / BYTES[dtype],
  );
  return new Tensor(new NDArray(shape, dtype, offset));
}

/** The numbers in one list, each one checked, and the shape of the nested lists. */
function flattened(data: unknown, dtype: DType): { numbers: ArrayLike<number>; shape: number[] } {
  if (typeof data === "number") return { numbers: [element("tensor", data, dtype)], shape: [] };
  const isWhole = data instanceof Int32Array || data instanceof Uint8Array;
  if (isWhole || data instanceof Float32Array || data instanceof Float64Array) {
    if (dtype === "int32" && !isWhole) data.forEach((x) => element("tensor", x, dtype));
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
    const lengths = [...new Set(rows.map((row) => row.shape.length === 0 ? "a number" : formatShape(row.shape)))];
    outOfRange(
      `The lists that make a tensor are its rows, and have to be of one length; given ${lengths.join(" and ")}.`,
    );
  }
  return { numbers: rows.flatMap(({ numbers }) => Array.from(numbers)), shape: [data.length, ...shape] };
}

function checkElement(x: unknown, position: number, dtype: DType): void {
  if (typeof x !== "number" && !(dtype === "bool" && typeof x === "boolean")) {
    const instead = Array.isArray(x)
      ? " Either all elements are lists, or none."
      : arrayOf(x)
      ? " Write stack([a, b]) to make one tensor of several, t.item() for the number in one."
      : "";
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
  noMore("full", arguments.length, 3);
  return filled("full", shape, value, options, "full([32, 27], 1)");
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  if (typeof shape === "number") refuseSizes("zeros", arguments);
  noMore("zeros", arguments.length, 2);
  return filled("zeros", shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: { dtype?: DType } = {}): Tensor {
  if (typeof shape === "number") refuseSizes("ones", arguments);
  noMore("ones", arguments.length, 2);
  return filled("ones", shape, 1, options);
}

/** Zeros of the same shape and, unless `dtype` says otherwise, the same dtype. */
export function zeros_like(a: Tensor, options?: { dtype?: DType }): Tensor {
  noMore("zeros_like", arguments.length, 2);
  return alike("zeros_like", likeArgument("zeros", a), 0, options);
}

/** Ones of the same shape and, unless `dtype` says otherwise, the same dtype. */
export function ones_like(a: Tensor, options?: { dtype?: DType }): Tensor {
  noMore("ones_like", arguments.length, 2);
  return alike("ones_like", likeArgument("ones", a), 1, options);
}

/** One value in the same shape and, unless `dtype` says otherwise, the same dtype. */
export function full_like(a: Tensor, value: number, options?: { dtype?: DType }): Tensor {
  noMore("full_like", arguments.length, 3);
  return alike("full_like", tensorArgument("full_like", a), value, options);
}

/** The longest list that `range` makes. */
const LONGEST = 10_000_000;

/**
 * The integers 0 … n − 1, or from `start` up to but not including `stop`, or every `step`th of them: for indices and for loops.
 *
 * @throws TypeError and RangeError for ends that are not whole numbers, and for more than ten million numbers.
 */
export function range(start: number, stop?: number, step?: number): number[] {
  noMore("range", arguments.length, 3);
  const [from, to] = stop === undefined ? [0, start] : [start, stop], by = step ?? 1;
  for (const end of [from, to, by]) {
    if (typeof end !== "number") refuse(`range takes whole numbers; given ${named(end)}.`);
    if (!Number.isSafeInteger(end)) outOfRange(`range takes whole numbers; given ${end}.`);
  }
  if (by === 0) outOfRange("range takes steps up or down; given 0.");
  const count = Math.max(0, Math.ceil((to - from) / by));
  if (count > LONGEST) {
    outOfRange(
      `range makes a list of at most ${LONGEST.toLocaleString("en")} numbers; ${
        count.toLocaleString("en")
      } are too many. ` +
        `Write for (let i = ${from}; i < ${to}; i += ${by}), which needs none.`,
    );
  }
  const integers = new Array<number>(count);
  for (let i = 0; i < count; i++) integers[i] = from + by * i;
  return integers;
}

function filled(verb: string, shape: unknown, value: unknown, options: { dtype?: DType }, example?: string): Tensor {
  const sizes = shapeArgument(verb, shape, example), dtype = dtypeOf(verb, options, "float32");
  return fill(sizes, element(verb, value, dtype), dtype);
}

/** Refuses sizes that were given one by one, as PyTorch takes them. */
function refuseSizes(verb: string, given: ArrayLike<unknown>): void {
  const sizes = Array.from(given).filter((size) => typeof size === "number");
  refuse(`${verb} takes a shape, a list of sizes; given numbers. Write ${verb}([${sizes.join(", ")}]).`);
}

/** The tensor whose shape is meant; a list of sizes is refused with a pointer to `zeros`. */
function likeArgument(verb: "zeros" | "ones", a: unknown): NDArray {
  const instead = Array.isArray(a) ? ` Write ${verb}([${a.join(", ")}]) for that shape.` : "";
  return tensorArgument(`${verb}_like`, a, instead);
}

function alike(verb: string, a: NDArray, value: unknown, options: { dtype?: DType } | undefined): Tensor {
  const dtype = dtypeOf(verb, options, a.dtype);
  return fill(a.shape, element(verb, value, dtype), dtype);
}

function fill(shape: Shape, value: number, dtype: DType): Tensor {
  const n = numel(shape), offset = allocate(n * BYTES[dtype]);
  const from = offset / BYTES[dtype];
  heap[dtype].fill(value, from, from + n);
  return new Tensor(new NDArray(shape, dtype, offset));
}
