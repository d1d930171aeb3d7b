// Shapes: sizes, strides and the rules of broadcasting, as numbers only.
// Left out: memory and data, which lib/tensor.ts adds. A shape is a list of sizes; a stride says how many elements lie
// between neighbours along a dimension (0 where one element stands for all of them).

/** The sizes of a tensor, one per dimension: `[32, 27]`. A scalar's is `[]`. */
export type Shape = readonly number[];

/** The number of elements: the product of the sizes, 1 for a scalar. */
export function numel(shape: Shape): number {
  let n = 1;
  for (const size of shape) n *= size;
  return n;
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
 * The shape that two shapes broadcast to: aligned at the right, sizes equal or one of them 1, missing ones 1
 * (https://docs.pytorch.org/docs/stable/notes/broadcasting.html).
 *
 * @param verb what was to be done, for the message: "add".
 * @throws RangeError when two sizes differ and neither is 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(broadcastShapes([32, 64], [64], "add"), [32, 64]);
 * assertEquals(broadcastShapes([32, 1], [27], "add"), [32, 27]);
 * ```
 */
export function broadcastShapes(a: Shape, b: Shape, verb: string): Shape {
  const out = new Array<number>(Math.max(a.length, b.length));
  for (let i = 1; i <= out.length; i++) {
    const x = i > a.length ? 1 : a[a.length - i];
    const y = i > b.length ? 1 : b[b.length - i];
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(
        `Cannot ${verb} shapes ${formatShape(a)} and ${formatShape(b)}: counted from the right, dimension ${i} is ` +
          `${x} in one and ${y} in the other, and broadcasting needs them equal or one of them 1.`,
      );
    }
    out[out.length - i] = x === 1 ? y : x;
  }
  return out;
}

/** How an operand is walked when the result is seen as (rows, cols): see `asMatrix`. */
export interface Walk {
  /** Elements from one row to the next: 0 when every row reads the same ones. */
  row: number;
  /** 1, or 0 when one element serves the whole row. */
  col: number;
  /** Columns that this walk asks for; undefined when any number will do. */
  cols: number | undefined;
}

/**
 * How a contiguous tensor of shape `a` is walked to give elements of shape `out`, if the result is cut into rows and
 * columns: all of it, one value, one row for all rows, or one value per row. Undefined where none of these fits
 * (a size of 1 in the middle, say).
 */
export function asMatrix(a: Shape, out: Shape): Walk | undefined {
  const n = numel(a), total = numel(out), skipped = out.length - a.length;
  if (n === 1) return { row: 0, col: 0, cols: undefined };
  if (n === total) return { row: NaN, col: 1, cols: undefined }; // the row stride is the number of columns
  // Past leading and before trailing ones, every size must be the result's: nothing is repeated in the middle.
  let first = 0, last = a.length;
  while (a[first] === 1) first++;
  while (a[last - 1] === 1) last--;
  for (let i = first; i < last; i++) if (a[i] !== out[skipped + i]) return undefined;
  // What is repeated lies before those sizes (one row for all rows) or after them (one value per row), not both.
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
    throw new RangeError(
      `Dimension ${dim} does not exist in shape ${formatShape(shape)}: allowed are ${-shape.length} to ${
        shape.length - 1
      }.`,
    );
  }
  return dim < 0 ? dim + shape.length : dim;
}
