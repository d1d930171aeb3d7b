// Elements by their positions: rows of a table, single elements of a matrix, and the reverse of both.
//
// Indices are an int32 array or plain integers; each is checked before anything is written.
// Next: lib/tensor/operations.ts.
import { kernels } from "./kernel_set.ts";
import { allocate, heap } from "./memory.ts";
import { empty, NDArray } from "./ndarray.ts";
import { floating } from "./operations.ts";
import { formatShape, numel, sameShape } from "./shape.ts";

/** Positions along a dimension. */
export type Index = NDArray | readonly number[];

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

/** The elements [rows[i], columns[i]] of a matrix: shape (n). */
export function pick(matrix: NDArray, rows: Index, columns: Index): NDArray {
  const r = packed(rows), c = packed(columns), from = matrix.contiguous();
  const out = empty([r instanceof NDArray ? r.numel : r.length], matrix.dtype);
  const values = heap[matrix.dtype], start = from.start, to = out.start, places = positions(matrix, r, c);
  for (let i = 0; i < places.length; i++) values[to + i] = values[start + places[i]];
  return out;
}

/** Sets the elements [rows[i], columns[i]] of a contiguous matrix to a value, or adds it to them. */
export function put(matrix: NDArray, rows: Index, columns: Index, value: number, accumulate: boolean): void {
  const r = packed(rows), c = packed(columns), values = heap[matrix.dtype], start = matrix.start;
  for (const position of positions(matrix, r, c)) {
    values[start + position] = accumulate ? values[start + position] + value : value;
  }
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

/** Indices that can be read without making an array, which may move the memory. */
function packed(indices: Index): Index {
  return indices instanceof NDArray ? asArray(indices) : indices;
}

/** Indices as a contiguous int32 array. */
function asArray(indices: Index): NDArray {
  if (indices instanceof NDArray) {
    if (indices.dtype !== "int32") throw new TypeError(`Indices are int32; given ${indices}.`);
    return indices.contiguous();
  }
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] !== (indices[i] | 0)) {
      throw new RangeError(`Index ${indices[i]} at position ${i} is no whole number of 32 bits.`);
    }
  }
  const out = new NDArray([indices.length], "int32", allocate(indices.length * 4));
  heap.int32.set(indices, out.start);
  return out;
}

/** The indices as numbers, without a copy: to be read at once. */
function integers(indices: Index): ArrayLike<number> {
  return indices instanceof NDArray ? indices.elements : indices;
}

function outside(index: number, position: number, size: number): RangeError {
  const allowed = size > 0 ? `is outside 0 … ${size - 1}` : "names nothing: there are no rows";
  return new RangeError(`Index ${index} at position ${position} ${allowed}.`);
}
