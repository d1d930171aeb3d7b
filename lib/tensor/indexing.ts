// Reads and writes elements by index: rows of a table, single elements, slices, and the places of a mask.
//
// Indices are an int32 array, plain integers, or a bool array, which names the places where it is true. Several are broadcast
// to one another, as in PyTorch. Each index is checked before anything is written.
import { isFloat } from "./dtypes.ts";
import { binary } from "./elementwise.ts";
import { type Index, named } from "./guards.ts";
import { kernels } from "./kernel_set.ts";
import { heap } from "./memory.ts";
import { type DType, empty, NDArray } from "./ndarray.ts";
import { broadcastShapes, contiguousStrides, formatShape, numel, sameShape, type Shape } from "./shape.ts";

// --- Reading ------------------------------------------------------------------------------------------------------------

/** A part of an array: a view for numbers and slices, a copy where indices name elements. */
export function at(a: NDArray, parts: readonly (Part | Index)[]): NDArray {
  const all = parts.some(isMask) ? withoutMasks(a, parts) : parts;
  checkCount("at", a, all.length);
  if (!all.some(isPart)) return pick(a, asArrays(all as Index[]));
  const view = part(a, all.map((index) => isPart(index) ? index : ":"));
  const left = all.filter((index) => typeof index !== "number"), dims: number[] = [];
  left.forEach((index, d) => isPart(index) || dims.push(d));
  if (dims.length === 0) return view;
  const others = view.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const out = pick(view.permute([...dims, ...others]), dims.map((d) => asArray(left[d] as Index)));
  // Indices side by side take the places of their dimensions; any others come first, as in PyTorch.
  const [before] = dims, order = out.shape.map((_, d) => d);
  const named = order.splice(0, order.length - others.length);
  return dims.every((d, i) => d === before + i) ? out.permute(order.toSpliced(before, 0, ...named)) : out;
}

/** The only element of an array of one. */
export function only(a: NDArray): number {
  if (a.numel === 1) return heap[a.dtype][a.start];
  const shape = formatShape(a.shape);
  throw new RangeError(`item() reads a tensor of one element; this one has shape ${shape}. Pick one with at first.`);
}

function checkCount(verb: string, a: NDArray, count: number): void {
  if (count <= a.shape.length) return;
  throw new RangeError(`${verb} takes one index for each dimension; given ${count} for shape ${formatShape(a.shape)}.`);
}

function isPart(index: Part | Index): index is Part {
  return typeof index === "number" || typeof index === "string";
}

function isMask(index: Part | Index): index is NDArray {
  return index instanceof NDArray && index.dtype === "bool";
}

/** The same indices, each mask replaced by the places where it is true: a list for each of its dimensions. */
function withoutMasks<T extends Part | Index>(a: NDArray, indices: readonly T[]): (T | number[])[] {
  let dim = 0;
  return indices.flatMap((index): (T | number[])[] => {
    const first = dim;
    if (!isMask(index)) {
      dim++;
      return [index];
    }
    const mask: NDArray = index;
    dim += mask.shape.length;
    if (mask.shape.length === 0 || !sameShape(mask.shape, a.shape.slice(first, dim))) {
      throw new RangeError(`A mask of shape ${formatShape(mask.shape)} does not fit ${a}, from dimension ${first} on.`);
    }
    const places: number[] = [];
    mask.contiguous().elements.forEach((holds, i) => holds && places.push(i));
    return mask.shape.map((size, d) => {
      const step = numel(mask.shape.slice(d + 1));
      return places.map((place) => Math.floor(place / step) % size);
    });
  });
}

/** The rows that the indices of the first dimensions name: shape (…indices, …row). */
function pick(table: NDArray, indices: readonly NDArray[]): NDArray {
  const { shape } = table, places = indices.length === 1 ? indices[0] : together(shape, indices);
  const named = places.shape.length, sizes = new Array<number>(named + shape.length - indices.length);
  let rows = 1, cols = 1;
  for (let d = 0; d < named; d++) sizes[d] = places.shape[d];
  for (let d = 0; d < indices.length; d++) rows *= shape[d];
  for (let d = indices.length; d < shape.length; d++) {
    sizes[named + d - indices.length] = shape[d];
    cols *= shape[d];
  }
  const from = table.contiguous(), out = empty(sizes, table.dtype);
  const bad = kernels[table.dtype].gather({
    out: out.offset,
    table: from.at,
    rows,
    cols,
    indices: places.at,
    count: places.numel,
  });
  if (bad >= 0) throw outside(places.elements[bad], bad, rows);
  return out;
}

/** Indices of the first dimensions of these sizes, broadcast, as indices of these dimensions taken together. */
function together(sizes: Shape, indices: readonly NDArray[]): NDArray {
  let { shape } = indices[0];
  for (const index of indices) {
    if (!sameShape(shape, index.shape)) shape = broadcastShapes(shape, index.shape, "broadcast indices of");
  }
  const out = empty(shape, "int32"), n = out.numel, to = out.start;
  for (let d = 0; d < indices.length; d++) {
    const index = indices[d], wide = sameShape(index.shape, shape) ? index : index.expand(shape).contiguous();
    const values = heap.int32, from = wide.start, size = sizes[d];
    for (let i = 0; i < n; i++) {
      const own = values[from + i];
      if (own < 0 || own >= size) throw outside(own, i, size, indices.length > 1 ? d : undefined);
      values[to + i] = d === 0 ? own : values[to + i] * size + own;
    }
  }
  return out;
}

// --- Slices -------------------------------------------------------------------------------------------------------------

/** A dimension counted from 0, or some of it: `"2:5"`, `":"`, `"-2:"`. */
export type Part = number | string;

/** A view of a part of an array, with one index for each dimension from the first on. */
export function part(a: NDArray, indices: readonly Part[]): NDArray {
  const own = a.strides ?? contiguousStrides(a.shape), shape: number[] = [];
  const strides: number[] = [];
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

// --- Writing ------------------------------------------------------------------------------------------------------------

/** Sets the rows or elements that the indices name to a value each, or adds it to them. */
export function put(a: NDArray, given: readonly Index[], value: NDArray | number, accumulate: boolean): void {
  const indices = asArrays(given.some(isMask) ? withoutMasks(a, given) : given), { dtype } = a;
  checkCount("index_put_", a, indices.length);
  const row = a.shape.slice(indices.length), cols = numel(row);
  const places = together(a.shape, indices), n = places.numel;
  // A number is rounded to the dtype before it is added.
  const number = typeof value !== "number" ? undefined : dtype === "float32" ? Math.fround(value) : value;
  const source = typeof value === "number" ? undefined : spread(value, [...places.shape, ...row], dtype);
  a.writeThrough("index_put_", (table) => {
    const numbers = heap[dtype], first = table.start;
    const from = source?.start ?? 0, rows = heap.int32;
    const at = places.start;
    for (let i = 0; i < n; i++) {
      const start = first + rows[at + i] * cols;
      for (let j = 0; j < cols; j++) {
        const place = start + j, x = number ?? numbers[from + i * cols + j];
        numbers[place] = !accumulate ? x : dtype === "bool" ? numbers[place] | x : numbers[place] + x;
      }
    }
  });
}

/** Sets one element, counted in the array's order. */
export function putOne(a: NDArray, index: unknown, value: number): void {
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= a.numel) {
    throw new RangeError(`put_ writes element 0 to ${a.numel - 1} of ${a}; given ${named(index)}.`);
  }
  a.writeThrough("put_", (into) => heap[a.dtype][into.start + index] = value);
}

/** The values for all that is written: a copy, as they may be these very elements. One serves for all. */
function spread(values: NDArray, shape: Shape, dtype: DType): NDArray {
  if (values.dtype === dtype && (values.numel === 1 || fits(values.shape, shape))) {
    return (values.numel === 1 ? values.view([]) : values).expand(shape).clone();
  }
  throw new RangeError(
    `index_put_ writes shape ${
      formatShape(shape)
    } here: it takes a number, or a ${dtype} tensor of that shape or one ` +
      `that broadcasts to it; given ${values}.`,
  );
}

function fits(own: Shape, shape: Shape): boolean {
  const skipped = shape.length - own.length;
  return skipped >= 0 && own.every((size, d) => size === 1 || size === shape[skipped + d]);
}

/** Adds alpha · each row of `source` along a dimension to the row of the table that the index names. */
export function indexAdd(table: NDArray, dim: number, index: Index, source: NDArray, alpha: number): void {
  const rows = asArray(index), { dtype } = table;
  const shape = table.shape.with(dim, rows.numel);
  const exchanged = (array: NDArray) => dim === 0 ? array : array.transpose(0, dim);
  if (!isFloat(dtype)) throw new TypeError(`index_add_ adds to float32 and float64 tensors; this one is ${table}.`);
  if (!sameShape(source.shape, shape) || source.dtype !== dtype) {
    throw new RangeError(
      `index_add_ of ${rows.numel} rows to ${table} needs a ${dtype} source of shape ${
        formatShape(shape)
      }; given ${source}.`,
    );
  }
  const added = alpha === 1 ? source : binary("mul", source, alpha), own = exchanged(added).contiguous();
  exchanged(table).writeThrough("index_add_", (into) => {
    const values = own.overlaps(into) ? own.clone() : own, [size, ...row] = into.shape;
    const bad = kernels[dtype].indexAdd({
      table: into.at,
      rows: size,
      cols: numel(row),
      indices: rows.at,
      count: rows.numel,
      source: values.at,
    });
    if (bad >= 0) throw outside(rows.elements[bad], bad, size);
  });
}

// --- Indices ------------------------------------------------------------------------------------------------------------

function asArrays(indices: readonly Index[]): NDArray[] {
  const arrays = new Array<NDArray>(indices.length);
  for (let d = 0; d < indices.length; d++) arrays[d] = asArray(indices[d]);
  return arrays;
}

/** Indices as a contiguous int32 array. */
function asArray(indices: Index): NDArray {
  if (indices instanceof NDArray) {
    if (indices.dtype !== "int32") throw new TypeError(`Indices are int32; given ${indices}.`);
    return indices.contiguous();
  }
  const n = indices.length, out = empty([n], "int32");
  const values = heap.int32, to = out.start;
  for (let i = 0; i < n; i++) {
    const index = indices[i];
    if (typeof index !== "number" || index !== (index | 0)) throw noIndex(index, i);
    values[to + i] = index;
  }
  return out;
}

function noIndex(index: unknown, position: number): Error {
  const shown = typeof index === "number" ? index : named(index);
  const instead = Array.isArray(index)
    ? ' Write tensor([[0, 1], [1, 0]], { dtype: "int32" }) for rows of indices.'
    : "";
  const text = typeof index === "number"
    ? `Index ${shown} at position ${position} is not a 32-bit integer.`
    : `An index is a 32-bit integer; at position ${position} there is ${shown}.${instead}`;
  return typeof index === "number" ? new RangeError(text) : new TypeError(text);
}

function outside(index: number, position: number, size: number, dim?: number): Error {
  if (!Number.isInteger(index)) return noIndex(index, position);
  const allowed = size > 0 ? `is outside 0 … ${size - 1}` : "names nothing: there are no rows";
  // Of several lists
  const of = dim === undefined ? "" : ` of the ${["first", "second", "third"][dim] ?? `${dim + 1}th`} list of indices`;
  return new RangeError(`Index ${index} at position ${position}${of} ${allowed}.`);
}
