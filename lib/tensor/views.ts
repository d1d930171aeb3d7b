// The same elements with other shapes: which view of its array each method of a tensor asks for.
// Left out: strides, which ndarray.ts settles.
import { dimArgument, numberArgument, outOfRange, sizes } from "./guards.ts";
import type { NDArray } from "./ndarray.ts";
import { formatShape, numel } from "./shape.ts";

/** The dimensions from `first` to `last` as one. A scalar becomes a list of one. */
export function flatten(a: NDArray, first: number | undefined, last: number | undefined): NDArray {
  const shape = a.shape.length === 0 ? [1] : a.shape;
  const from = dimArgument("flatten", first ?? 0, shape), to = dimArgument("flatten", last ?? -1, shape);
  if (from > to) outOfRange(`flatten takes the first dimension, then the last; given ${first} and ${last}.`);
  return a.view([...shape.slice(0, from), numel(shape.slice(from, to + 1)), ...shape.slice(to + 1)]);
}

/** With a dimension of size 1 before dimension `dim`; −1 puts it last. */
export function unsqueeze(a: NDArray, dim: number): NDArray {
  const rank = a.shape.length;
  if (typeof dim === "number" && !(dim >= -rank - 1 && dim <= rank && Number.isInteger(dim))) {
    const allowed = rank === 0 ? "only 0 and −1 are" : `${-rank - 1} to ${rank} are`;
    outOfRange(`unsqueeze(${dim}) has no place in shape ${formatShape(a.shape)}: ${allowed} allowed.`);
  }
  return a.view(a.shape.toSpliced(dimArgument("unsqueeze", dim, [...a.shape, 1]), 0, 1));
}

/** Without dimension `dim` if its size is 1, or without all such dimensions. */
export function squeeze(a: NDArray, dim: number | undefined): NDArray {
  const only = dim === undefined ? undefined : dimArgument("squeeze", dim, a.shape);
  return a.view(a.shape.filter((size, d) => size !== 1 || (only !== undefined && d !== only)));
}

/** `length` of a dimension, from `first` on. */
export function narrow(a: NDArray, dim: number, first: number, length: number): NDArray {
  const d = dimArgument("narrow", dim, a.shape);
  numberArgument("narrow", "the first row", first);
  return a.narrow(d, first, numberArgument("narrow", "the number of rows", length));
}

/** A matrix with rows and columns exchanged. */
export function turned(a: NDArray): NDArray {
  if (a.shape.length === 2) return a.transpose(0, 1);
  const shape = formatShape(a.shape);
  const advice = a.shape.length > 2
    ? "Write transpose(-2, -1) for its last two."
    : "Write unsqueeze(0) for a row, unsqueeze(1) for a column.";
  return outOfRange(`T exchanges the dimensions of a matrix; this tensor has shape ${shape}. ${advice}`);
}

/** Two dimensions exchanged. */
export function transpose(a: NDArray, dim0: number, dim1: number): NDArray {
  return a.transpose(dimArgument("transpose", dim0, a.shape), dimArgument("transpose", dim1, a.shape));
}

/** All dimensions in another order. */
export function permute(a: NDArray, dims: readonly unknown[]): NDArray {
  const order = sizes("permute", dims, true).map((d) => dimArgument("permute", d, a.shape));
  if (new Set(order).size !== a.shape.length || order.length !== a.shape.length) {
    outOfRange(`permute takes each dimension of ${formatShape(a.shape)} once; given (${order.join(", ")}).`);
  }
  return a.permute(order);
}

/** Sizes of 1 repeated; −1 leaves a size as it is. */
export function expand(a: NDArray, shape: readonly unknown[]): NDArray {
  const given = sizes("expand", shape, true), skipped = given.length - a.shape.length;
  return a.expand(given.map((size, d) => size === -1 && d >= skipped ? a.shape[d - skipped] : size));
}
