// Reads and writes elements by index: rows of a table, or single elements of a matrix.
//
// Indices are an int32 array or plain integers; each is checked before anything is written.
import { type Index, named } from "./guards.ts";
import { kernels } from "./kernel_set.ts";
import { allocate, heap } from "./memory.ts";
import { type DType, empty, NDArray } from "./ndarray.ts";
import { floating } from "./operations.ts";
import { contiguousStrides, formatShape, numel, sameShape, type Shape } from "./shape.ts";

/** The rows that the indices name: shape (…index, …row). */
export function gather(table: NDArray, rows: Index): NDArray {
  if (table.shape.length === 0) throw new RangeError("at takes rows of a table; a scalar has none.");
  const index = asArray(rows), [tableRows, ...row] = table.shape, from = table.contiguous();
  const out = empty([...index.shape, ...row], table.dtype);
  const bad = kernels[table.dtype].gather({
    out: out.offset,
    table: from.at,
    rows: tableRows,
    cols: numel(row),
    indices: index.at,
    count: index.numel,
  });
  if (bad >= 0) throw outside(index.elements[bad], bad, tableRows);
  return out;
}

/** The elements [rows[i], columns[i]] of a matrix, in the shape of the indices: (n) for lists. */
export function pick(matrix: NDArray, rows: Index, columns: Index): NDArray {
  const r = packed(rows), c = packed(columns), from = matrix.contiguous(), shape = shapeOf(r);
  if (r instanceof NDArray && c instanceof NDArray && r.numel === c.numel && !sameShape(shape, c.shape)) {
    throw new RangeError(
      `at takes rows and columns of the same shape; given ${formatShape(shape)} and ${formatShape(c.shape)}.`,
    );
  }
  const out = empty(r instanceof NDArray ? shape : shapeOf(c), matrix.dtype);
  const values = heap[matrix.dtype], start = from.start, to = out.start, places = positions(matrix, r, c);
  for (let i = 0; i < places.length; i++) values[to + i] = values[start + places[i]];
  return out;
}

/** Sets the elements [rows[i], columns[i]] of a contiguous matrix to a value each, or adds it to them. */
export function put(matrix: NDArray, rows: Index, columns: Index, given: NDArray | number, accumulate: boolean): void {
  const { dtype } = matrix, r = packed(rows), c = packed(columns), count = r instanceof NDArray ? r.numel : r.length;
  // A number is rounded to the dtype before it is added; a tensor has to have it.
  const source = typeof given === "number" ? undefined : spread(given, count, dtype);
  const number = dtype === "float32" ? Math.fround(given as number) : given as number;
  const places = positions(matrix, r, c), values = heap[dtype], start = matrix.start;
  const from = source?.start, step = source && source.numel > 1 ? 1 : 0;
  for (let i = 0; i < places.length; i++) {
    const at = start + places[i], value = from === undefined ? number : values[from + step * i];
    values[at] = accumulate ? values[at] + value : value;
  }
}

/** The values for `count` elements: as many, or one for all. A copy, as they may be the elements to be written. */
function spread(values: NDArray, count: number, dtype: DType): NDArray {
  const { shape, numel } = values, fits = numel === 1 || (shape.length === 1 && numel === count);
  if (fits && values.dtype === dtype) return values.clone();
  throw new RangeError(
    `index_put_ of ${count} elements takes a number, or a ${dtype} tensor of shape (${count}) or (); given ${values}.`,
  );
}

/** A dimension counted from 0, or some of it: `"2:5"`, `":"`, `"-2:"`. */
export type Part = number | string;

/** A view of a part of an array, with one index for each dimension from the first on. */
export function part(a: NDArray, indices: readonly Part[]): NDArray {
  if (indices.length > a.shape.length) {
    throw new RangeError(
      `at takes one index for each dimension; given ${indices.length} for shape ${formatShape(a.shape)}.`,
    );
  }
  const own = a.strides ?? contiguousStrides(a.shape), shape: number[] = [], strides: number[] = [];
  let first = 0;
  for (let d = 0; d < a.shape.length; d++) {
    const size = a.shape[d], index = indices[d] ?? ":";
    if (typeof index === "number") {
      if (!Number.isInteger(index)) throw new RangeError(`An index is a whole number; given ${index}.`);
      if (index < -size || index >= size) {
        const allowed = size > 0 ? `${-size} … ${size - 1}` : "nothing";
        throw new RangeError(`Index ${index} is outside dimension ${d} of shape ${formatShape(a.shape)}: ${allowed}.`);
      }
      first += own[d] * (index < 0 ? index + size : index);
    } else {
      const { from, length, step } = slice(index, size);
      first += own[d] * from;
      shape.push(length);
      strides.push(own[d] * step);
    }
  }
  return a.seen(shape, strides, numel(shape) === 0 ? 0 : first);
}

/** Python's slice of a dimension: `"start:stop:step"`, each part may be left out; negative ones count from the end. */
function slice(text: string, size: number): { from: number; length: number; step: number } {
  const found = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*)\s*)?$/.exec(text);
  const parts = found?.slice(1).map((part) => part === "" || part === undefined ? undefined : Number(part));
  if (!parts || parts.some(Number.isNaN)) {
    const instead = /^-?\d+$/.test(text.trim())
      ? `Write ${text.trim()}, without quotation marks; a loop over numbers is for (const i of range(3)), with of.`
      : 'Write "2:5" or ":".';
    throw new RangeError(`${JSON.stringify(text)} is not a slice. ${instead}`);
  }
  const [start = 0, stop = size, step = 1] = parts;
  if (step < 1) throw new RangeError(`The step of ${JSON.stringify(text)} has to be 1 or more, as in PyTorch.`);
  const clamp = (i: number) => Math.min(size, Math.max(0, i < 0 ? i + size : i));
  const from = clamp(start);
  return { from, length: Math.max(0, Math.ceil((clamp(stop) - from) / step)), step };
}

/** Adds each row of `source` to the row of the contiguous `table` that the index names. */
export function indexAdd(table: NDArray, index: Index, source: NDArray): void {
  const dtype = floating("index_add_", table), rows = asArray(index), [tableRows, ...row] = table.shape;
  if (!sameShape(source.shape, [rows.numel, ...row]) || source.dtype !== dtype) {
    throw new RangeError(
      `index_add_ of ${rows.numel} rows to ${table} needs a ${dtype} source of shape ` +
        `${formatShape([rows.numel, ...row])}; given ${source}.`,
    );
  }
  const own = source.contiguous(), values = own.overlaps(table) ? own.clone() : own;
  const bad = kernels[dtype].indexAdd({
    table: table.at,
    rows: tableRows,
    cols: numel(row),
    indices: rows.at,
    count: rows.numel,
    source: values.at,
  });
  if (bad >= 0) throw outside(rows.elements[bad], bad, tableRows);
}

/** The places of [rows[i], columns[i]] among the elements of a contiguous matrix. */
function positions(matrix: NDArray, rows: Index, columns: Index): number[] {
  const r = integers(rows), c = integers(columns), [height, width] = matrix.shape;
  if (matrix.shape.length !== 2 || r.length !== c.length) {
    throw new RangeError(
      `Picking elements needs a matrix and as many rows as columns; given shape ${formatShape(matrix.shape)}, ` +
        `${r.length} rows and ${c.length} columns.`,
    );
  }
  const places = new Array<number>(r.length);
  for (let i = 0; i < r.length; i++) {
    if (!(Number.isInteger(r[i]) && r[i] >= 0 && r[i] < height)) throw outside(r[i], i, height);
    if (!(Number.isInteger(c[i]) && c[i] >= 0 && c[i] < width)) throw outside(c[i], i, width);
    places[i] = r[i] * width + c[i];
  }
  return places;
}

/** Indices that can be read without allocating, as an allocation may move the memory. */
function packed(indices: Index): Index {
  return indices instanceof NDArray ? asArray(indices) : indices;
}

function shapeOf(indices: Index): Shape {
  return indices instanceof NDArray ? indices.shape : [indices.length];
}

/** Indices as a contiguous int32 array. */
function asArray(indices: Index): NDArray {
  if (indices instanceof NDArray) {
    if (indices.dtype !== "int32") throw new TypeError(`Indices are int32; given ${indices}.`);
    return indices.contiguous();
  }
  for (let i = 0; i < indices.length; i++) {
    if (!Number.isInteger(indices[i]) || indices[i] !== (indices[i] | 0)) {
      throw noIndex(indices[i], i);
    }
  }
  const out = new NDArray([indices.length], "int32", allocate(indices.length * 4));
  heap.int32.set(indices, out.start);
  return out;
}

/** The indices as numbers, without a copy. Use them at once: an allocation may move the memory. */
function integers(indices: Index): ArrayLike<number> {
  return indices instanceof NDArray ? indices.elements : indices;
}

function noIndex(index: unknown, position: number): Error {
  const text = `Index ${
    typeof index === "number" ? index : named(index)
  } at position ${position} is not a 32-bit integer.`;
  return typeof index === "number" ? new RangeError(text) : new TypeError(text);
}

function outside(index: number, position: number, size: number): Error {
  if (!Number.isInteger(index)) return noIndex(index, position);
  const allowed = size > 0 ? `is outside 0 … ${size - 1}` : "names nothing: there are no rows";
  return new RangeError(`Index ${index} at position ${position} ${allowed}.`);
}
