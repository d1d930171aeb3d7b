// Shapes: sizes, strides, the rules of broadcasting, and the order in which elements are visited.
// A shape is a list of sizes. A stride is the distance in elements between neighbours along a dimension (0 where one
// element is repeated).
// Left out: memory.

/** The sizes of a tensor, one per dimension: `[32, 27]`. A scalar's is `[]`. */
export type Shape = readonly number[];

/** The number of elements: the product of the sizes, 1 for a scalar. */
export function numel(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
}

/**
 * Checks that every size is a whole number from 0 on.
 *
 * @throws RangeError otherwise.
 */
export function checkSizes(shape: Shape): void {
  if (shape.every((size) => Number.isInteger(size) && size >= 0)) return;
  throw new RangeError(`The sizes of a tensor are whole numbers from 0 on; given ${formatShape(shape)}.`);
}

/** The shape as it is printed: `(32, 27)`, `()` for a scalar. */
export function formatShape(shape: Shape): string {
  return `(${shape.join(", ")})`;
}

/** Whether two shapes are the same, size by size: (64) is not (1, 64). */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Strides of a tensor whose elements lie one after the other, the last dimension fastest. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/**
 * The strides with which elements of this shape and these strides are seen in another shape of as many elements; undefined
 * where none do, so that they have to be copied.
 *
 * @example
 * ```ts
 * import { deepEqual, equal } from "node:assert/strict";
 * deepEqual(stridesFor([4, 3], [6, 1], [2, 2, 3]), [12, 6, 1]); // three of six columns
 * equal(stridesFor([4, 3], [6, 1], [12]), undefined);
 * ```
 */
export function stridesFor(shape: Shape, strides: readonly number[], to: Shape): number[] | undefined {
  // Neighbouring dimensions that one step walks through are one run; the new sizes have to divide the runs.
  const runs: { size: number; step: number }[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const run = runs.at(-1);
    if (shape[d] === 1) continue;
    if (run && strides[d] === run.step * run.size) run.size *= shape[d];
    else runs.push({ size: shape[d], step: strides[d] });
  }
  const found = new Array<number>(to.length);
  let rest = 1, step = 1, next = 0;
  for (let d = to.length - 1; d >= 0; d--) {
    if (rest === 1 && to[d] !== 1) ({ size: rest, step } = runs[next++]);
    if (rest % to[d] !== 0) return undefined;
    found[d] = step;
    step *= to[d];
    rest /= to[d];
  }
  return found;
}

/**
 * The shape that two shapes broadcast to: aligned at the right, sizes equal or one of them 1, missing ones 1
 * (https://docs.pytorch.org/docs/stable/notes/broadcasting.html).
 *
 * @param verb the operation's name, for the message: "add".
 * @throws RangeError when two sizes differ and neither is 1.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * deepEqual(broadcastShapes([32, 64], [64], "add"), [32, 64]);
 * deepEqual(broadcastShapes([32, 1], [27], "add"), [32, 27]);
 * ```
 */
export function broadcastShapes(a: Shape, b: Shape, verb: string): Shape {
  const out = new Array<number>(Math.max(a.length, b.length));
  for (let i = 1; i <= out.length; i++) {
    const x = i > a.length ? 1 : a[a.length - i];
    const y = i > b.length ? 1 : b[b.length - i];
    if (x !== y && x !== 1 && y !== 1) {
      const isTurned = a.length === 2 && sameShape(a, b.toReversed());
      throw new RangeError(
        `Cannot ${verb} shapes ${formatShape(a)} and ${formatShape(b)}: counted from the right, dimension ${i} is ` +
          `${x} in one and ${y} in the other, and broadcasting needs them equal or one of them 1.` +
          (isTurned ? " Is one of them to be transposed?" : ""),
      );
    }
    out[out.length - i] = x === 1 ? y : x;
  }
  return out;
}

/** How to walk over an operand when the result is cut into rows and columns. */
export interface Walk {
  /** Elements from one row to the next: 0 when every row reads the same ones. */
  row: number;
  /** 1, or 0 when one element is repeated along the row. */
  col: number;
}

/** A result cut into rows and columns, and how to walk over each operand to fill them. */
export interface Layout {
  /** What the operands' shapes broadcast to. */
  shape: Shape;
  /** Rows times columns is the number of elements. */
  rows: number;
  /** The columns. */
  cols: number;
  /** One per operand; undefined where rows and columns do not suffice (a size of 1 in the middle, say). */
  walks?: Walk[];
}

/**
 * How to walk over contiguous operands of these shapes together.
 *
 * @param verb the operation's name, for the message: "add".
 * @throws RangeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * const { rows, cols, walks } = layOut([[32, 64], [64]], "add");
 * deepEqual([rows, cols], [32, 64]);
 * deepEqual(walks?.map(({ row, col }) => [row, col]), [[64, 1], [0, 1]]);
 * ```
 */
export function layOut(shapes: readonly Shape[], verb: string): Layout {
  let shape = shapes[0];
  for (const other of shapes) if (!sameShape(shape, other)) shape = broadcastShapes(shape, other, verb);
  const total = numel(shape), found: Repeat[] = [];
  let cols: number | undefined;
  for (const own of shapes) {
    const repeat = repeatOf(own, shape, total);
    if (!repeat || (cols !== undefined && repeat.cols !== undefined && repeat.cols !== cols)) {
      return { shape, rows: 1, cols: total };
    }
    cols ??= repeat.cols;
    found.push(repeat);
  }
  const width = cols ?? total;
  const walks = found.map(({ row, col }) => ({ row: row === "cols" ? width : row, col }));
  return { shape, rows: width === 0 ? 0 : total / width, cols: width, walks };
}

/** The walk over one operand before the number of columns is known: a row stride may be a row's length, `"cols"`. */
interface Repeat {
  row: number | "cols";
  col: number;
  /** The number of columns that the walk needs; undefined if it works with any. */
  cols?: number;
}

/** The walk over a tensor of shape `a` that gives `out`: all of it, one value, one row for all rows, or one value per row. */
function repeatOf(a: Shape, out: Shape, total: number): Repeat | undefined {
  const n = numel(a), skipped = out.length - a.length;
  if (n === 1) return { row: 0, col: 0, cols: undefined };
  if (n === total) return { row: "cols", col: 1, cols: undefined };
  // Between leading and trailing 1s, every size must be the result's: nothing is repeated in the middle.
  let first = 0, last = a.length;
  while (a[first] === 1) first++;
  while (a[last - 1] === 1) last--;
  for (let i = first; i < last; i++) if (a[i] !== out[skipped + i]) return undefined;
  // The repeated dimensions come before those sizes (one row for all rows) or after them (one value per row), not both.
  let before = 1, after = 1;
  for (let i = 0; i < skipped + first; i++) before *= out[i];
  for (let i = skipped + last; i < out.length; i++) after *= out[i];
  if (after === 1) return { row: 0, col: 1, cols: n };
  return before === 1 ? { row: 1, col: 0, cols: after } : undefined;
}

/**
 * The dimension meant by `dim`, where −1 is the last.
 *
 * @throws RangeError when the tensor has no such dimension.
 */
export function dimension(dim: number, shape: Shape): number {
  if (!Number.isInteger(dim) || dim < -shape.length || dim >= shape.length) {
    if (shape.length === 0) throw new RangeError(`A scalar, shape (), has no dimensions; given dimension ${dim}.`);
    throw new RangeError(
      `Dimension ${dim} does not exist in shape ${formatShape(shape)}: allowed are ${-shape.length} to ${
        shape.length - 1
      }.`,
    );
  }
  return dim < 0 ? dim + shape.length : dim;
}

/** The shape after a reduction along `dims`: these sizes are gone, or 1 with `keepdim`. */
export function reduced(shape: Shape, dims: readonly number[], keepdim: boolean): Shape {
  const kept: number[] = [];
  for (let d = 0; d < shape.length; d++) {
    if (!dims.includes(d)) kept.push(shape[d]);
    else if (keepdim) kept.push(1);
  }
  return kept;
}

/** The numbers of a dtype, as the memory has them. */
export type Numbers = Float32Array | Float64Array | Int32Array;

/** Calls `visit` with the position of the first element of every row, in the order of `shape`, for any strides. */
function eachRow(shape: Shape, strides: readonly number[], first: number, visit: (at: number) => void): void {
  const last = shape.length - 1, index = new Array<number>(shape.length).fill(0);
  for (let left = numel(shape.slice(0, last)), at = first; left > 0; left--) {
    visit(at);
    for (let d = last - 1; d >= 0; d--) {
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}

/** Copies elements in the order of `shape`: read with any strides from position `from`, written contiguously from `to`. */
export function copyStrided(shape: Shape, strides: readonly number[], values: Numbers, from: number, to: number): void {
  const last = shape.length - 1, cols = shape[last], step = strides[last];
  eachRow(shape, strides, from, (at) => {
    if (step === 1) values.copyWithin(to, at, at + cols);
    else if (step === 0) values.fill(values[at], to, to + cols);
    else for (let i = 0; i < cols; i++) values[to + i] = values[at + i * step];
    to += cols;
  });
}

/** Writes contiguous elements to any strides, from position `to` on. */
export function writeStrided(
  shape: Shape,
  strides: readonly number[],
  source: Numbers,
  values: Numbers,
  to: number,
): void {
  const last = shape.length - 1, cols = shape[last], step = strides[last];
  let from = 0;
  eachRow(shape, strides, to, (at) => {
    for (const end = from + cols; from < end; from++, at += step) values[at] = source[from];
  });
}

/** The positions of all elements, in the order of `shape`. */
export function positions(shape: Shape, strides: readonly number[]): number[] {
  const all: number[] = [], last = shape.length - 1;
  eachRow(shape, strides, 0, (at) => {
    for (let i = 0; i < shape[last]; i++) all.push(at + i * strides[last]);
  });
  return all;
}
