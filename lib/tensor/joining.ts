// New tensors of others' elements: several joined along a dimension, or one with a triangle of zeros.
import { widest } from "./dtypes.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { formatShape } from "./shape.ts";

/** Several arrays, one after the other along a dimension; the other sizes are equal. The widest dtype wins. */
export function cat(arrays: readonly NDArray[], dim: number): NDArray {
  const shape = [...arrays[0].shape];
  for (const { shape: other } of arrays) {
    if (other.length === shape.length && other.every((size, d) => d === dim || size === shape[d])) continue;
    throw new RangeError(
      `Cannot cat shapes ${formatShape(arrays[0].shape)} and ${formatShape(other)} along dimension ${dim}: all other ` +
        `sizes have to be equal.`,
    );
  }
  shape[dim] = arrays.reduce((total, array) => total + array.shape[dim], 0);
  const out = empty(shape, widest(...arrays));
  let first = 0;
  for (const array of arrays) {
    out.narrow(dim, first, array.shape[dim]).write(array.contiguous());
    first += array.shape[dim];
  }
  return out;
}

/** A copy of the last two dimensions' matrices with zeros where `isKept(column − row)` is false. */
export function triangle(verb: string, a: NDArray, isKept: (offset: number) => boolean): NDArray {
  if (a.shape.length < 2) throw new RangeError(`${verb} takes a matrix, or several; given ${a}.`);
  const out = a.clone(), [rows, cols] = a.shape.slice(-2), values = out.elements;
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor(at / cols) % rows, column = at % cols;
    if (!isKept(column - row)) values[at] = 0;
  }
  return out;
}
