// A tensor as text, as PyTorch prints it: numbers aligned in brackets, then shape and dtype.
//
// After torch/_tensor_str.py with its default options: four digits, lines of 80 characters, and beyond a thousand elements
// only the first three and the last three along each dimension.
// Left out: options, and complex numbers.
import { inScratch } from "./memory.ts";
import type { NDArray, Nested } from "./ndarray.ts";
import { formatShape, numel, type Shape } from "./shape.ts";

const DIGITS = 4, LINE = 80, EDGE = 3, MOST = 1000, INDENT = "tensor(".length;

/** The elements in nested lists, as deep as there are dimensions; a number for a scalar. */
export function nested(array: NDArray): Nested {
  const { shape } = array;
  // Frees the copy that a transposed view is read from.
  let list: Nested[] = inScratch(() => Array.from(array.contiguous().elements));
  for (let d = shape.length - 1; d > 0; d--) {
    const rows = numel(shape.slice(0, d)), { [d]: size } = shape, flat = list;
    list = Array.from({ length: rows }, (_, i) => flat.slice(i * size, (i + 1) * size));
  }
  return shape.length === 0 ? list[0] : list;
}

/**
 * The text that `console.log` shows: `tensor([1.0000, 2.5000], shape (2), float32)`. For a freed array, it says so.
 */
export function show(array: NDArray): string {
  const kind = `shape ${formatShape(array.shape)}, ${array.dtype})`;
  if (!array.block.alive) return `tensor(freed: its scratch block has ended, ${kind}`;
  // A transposed view is copied to be read, and the copy freed.
  const text = `tensor(${array.numel === 0 ? "[]" : inScratch(() => numbers(array))},`;
  const last = text.length - 1 - text.lastIndexOf("\n");
  return text + (last + 1 + kind.length <= LINE ? " " : "\n" + " ".repeat(INDENT)) + kind;
}

/**
 * One line on an array: `float32 (32, 27), -0.98 to 0.031, mean 1.2e-9, no NaN`. Range and mean are those of the numbers that are
 * not NaN, in five digits.
 */
export function summary(array: NDArray): string {
  if (!array.block.alive) return `${array}, freed: its scratch block has ended`;
  if (array.numel === 0) return `${array}, no elements`;
  let least = Infinity, most = -Infinity, sum = 0, nan = 0;
  inScratch(() => {
    for (const x of array.contiguous().elements) {
      if (Number.isNaN(x)) nan++;
      else [least, most, sum] = [Math.min(least, x), Math.max(most, x), sum + x];
    }
  });
  if (array.dtype === "bool") return `${array}, ${sum} of ${array.numel} true`;
  if (nan === array.numel) return `${array}, all NaN`;
  const short = (x: number) => `${Number(x.toPrecision(5))}`,
    count = nan === 0 ? "no NaN" : `${nan} of ${array.numel} NaN`;
  return `${array}, ${short(least)} to ${short(most)}, mean ${short(sum / (array.numel - nan))}, ${count}`;
}

/** The numbers in their brackets. */
function numbers(array: NDArray): string {
  const { shape } = array, summarized = array.numel > MOST;
  const elements = array.contiguous().elements;
  const shown: number[] = [];
  each(shape, 0, 0, summarized, (at) => shown.push(elements[at]));
  const formats = { int32: integerFormat, bool: truthFormat, float32: floatFormat, float64: floatFormat };
  const format = formats[array.dtype](shown);
  return brackets(shape, 0, 0, INDENT, summarized, (at) => format(elements[at]));
}

/** Calls `visit` with the place of every element that is shown. */
function each(shape: Shape, dim: number, at: number, summarized: boolean, visit: (at: number) => void): void {
  if (dim === shape.length) return visit(at);
  for (const i of shownAlong(shape[dim], summarized)) {
    if (i >= 0) each(shape, dim + 1, at * shape[dim] + i, summarized, visit);
  }
}

/** The indices that are shown along a dimension; −1 means those left out. */
function shownAlong(size: number, summarized: boolean): number[] {
  if (!summarized || size <= 2 * EDGE) return Array.from({ length: size }, (_, i) => i);
  return [0, 1, 2, -1, size - 3, size - 2, size - 1];
}

function brackets(
  shape: Shape,
  dim: number,
  at: number,
  indent: number,
  summarized: boolean,
  element: (at: number) => string,
): string {
  if (dim === shape.length) return element(at);
  const last = dim === shape.length - 1, indices = shownAlong(shape[dim], summarized);
  const parts = indices.map((i) => {
    if (i < 0) return last ? " ..." : "...";
    return brackets(shape, dim + 1, at * shape[dim] + i, indent + 1, summarized, element);
  });
  const margin = " ".repeat(indent + 1);
  if (!last) return `[${parts.join("," + "\n".repeat(shape.length - dim - 1) + margin)}]`;
  const width = parts.find((part) => part !== " ...")!.length + 2;
  const perLine = Math.max(1, Math.floor((LINE - indent) / width)), lines: string[] = [];
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
  return `[${lines.join(`,\n${margin}`)}]`;
}

function integerFormat(shown: readonly number[]): (x: number) => string {
  const width = Math.max(...shown.map((x) => `${x}`.length));
  return (x) => `${x}`.padStart(width);
}

function truthFormat(shown: readonly number[]): (x: number) => string {
  const width = Math.max(...shown.map((x) => x ? 4 : 5));
  return (x) => (x ? "True" : "False").padStart(width);
}

/** One format for all numbers: whole ones as `3.`, others with four digits, scientific if their sizes differ too much. */
function floatFormat(shown: readonly number[]): (x: number) => string {
  const counted = shown.filter((x) => Number.isFinite(x) && x !== 0), sizes = counted.map(Math.abs);
  const largest = Math.max(...sizes), smallest = Math.min(...sizes);
  const whole = counted.every(Number.isInteger);
  const scientific = largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4);
  const plain = (x: number): string => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    const sign = x < 0 || Object.is(x, -0) ? "-" : "", size = Math.abs(x);
    return sign + (scientific ? exponential(size) : whole ? `${size.toFixed(0)}.` : fixed(size));
  };
  const width = Math.max(1, ...counted.map((x) => plain(x).length));
  return (x) => plain(x).padStart(width);
}

/** Four digits after the point. Ties go to the even digit, as in Python; JavaScript rounds them up. */
function fixed(x: number): string {
  return toEven(x.toFixed(DIGITS), x.toFixed(100));
}

/** `1.2346e-05`. */
function exponential(x: number): string {
  const [digits, exponent] = x.toExponential(DIGITS).split("e"), power = exponent.slice(1).padStart(2, "0");
  return `${toEven(digits, x.toExponential(100).split("e")[0])}e${exponent[0]}${power}`;
}

function toEven(rounded: string, exact: string): string {
  const last = Number(rounded.at(-1)), tie = /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + DIGITS));
  return tie && last % 2 === 1 ? rounded.slice(0, -1) + (last - 1) : rounded;
}
