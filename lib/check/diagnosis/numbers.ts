// Comparing lists of numbers: whether two are the same up to rounding, and which weights make one from others.
import type { Shape } from "../../tensor/shape.ts";

/** Numbers laid out as a matrix; a vector is one row, and of three dimensions the last two are one. */
export interface Matrix {
  /** 1 if one row is repeated. */
  readonly rows: number;
  /** 1 if one column is repeated. */
  readonly cols: number;
  /** Row by row. */
  readonly numbers: Float64Array;
}

/** Rows and columns of a shape, seen as a matrix. */
export function asMatrix(shape: Shape): { rows: number; cols: number } {
  const [first = 1, ...rest] = shape;
  if (shape.length < 2) return { rows: 1, cols: first };
  return { rows: first, cols: rest.reduce((a, b) => a * b, 1) };
}

/** The largest absolute value; NaN where there is one. */
export function largest(a: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]);
    if (!(size <= most)) most = size;
  }
  return most;
}

/** Σ aᵢ·bᵢ. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Whether two lists are the same but for rounding: every difference is below `tolerance` of the largest number, or of
 * `size` where that is larger.
 */
export function same(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, size = 0): boolean {
  if (a.length !== b.length) return false;
  const allowed = tolerance * Math.max(largest(a), largest(b), size);
  for (let i = 0; i < a.length; i++) {
    if (!(Math.abs(a[i] - b[i]) <= allowed) && !Object.is(a[i], b[i])) return false;
  }
  return true;
}

/** The weight w with w·part = whole but for rounding; undefined when there is none. */
export function ratio(part: ArrayLike<number>, whole: ArrayLike<number>, tolerance: number): number | undefined {
  const weight = dot(part, whole) / dot(part, part);
  if (!Number.isFinite(weight)) return undefined;
  const allowed = tolerance * largest(whole);
  // Where a few numbers are large, all others could be anything and still be within that: they have to fit as well.
  let seen = 0, off = 0;
  for (let i = 0; i < whole.length; i++) {
    const error = Math.abs(weight * part[i] - whole[i]), size = Math.abs(whole[i]);
    if (!(error <= allowed)) return undefined;
    if (size <= allowed) continue;
    seen++;
    if (error > 1e-3 * size) off++;
  }
  return off > 0.05 * seen ? undefined : weight;
}

/** `dot` that remembers: many sets of parts have pairs in common. */
export function rememberedDot(): typeof dot {
  const known = new Map<ArrayLike<number>, Map<ArrayLike<number>, number>>();
  return (a, b) => {
    const row = known.get(a) ?? new Map<ArrayLike<number>, number>();
    const found = row.get(b) ?? known.get(b)?.get(a) ?? dot(a, b);
    known.set(a, row.set(b, found));
    return found;
  };
}

/**
 * Weights w with Σ wₖ·partₖ = whole, by least squares; undefined when no weights leave only rounding, or when others
 * would do as well.
 *
 * @param product Σ aᵢ·bᵢ; one that remembers where many sets of parts are tried.
 */
export function weights(
  parts: readonly ArrayLike<number>[],
  whole: ArrayLike<number>,
  tolerance: number,
  product = dot,
): number[] | undefined {
  const n = parts.length, sizes = parts.map((part) => Math.sqrt(product(part, part)));
  if (sizes.some((size) => !(size > 0 && size < Infinity))) return undefined;
  const matrix = parts.map((a, i) => [
    ...parts.map((b, k) => product(a, b) / sizes[i] / sizes[k]),
    product(a, whole) / sizes[i],
  ]);
  for (let i = 0; i < n; i++) {
    if (!(matrix[i][i] > 1e-9)) return undefined;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const multiple = matrix[j][i] / matrix[i][i];
      for (let k = i; k <= n; k++) matrix[j][k] -= multiple * matrix[i][k];
    }
  }
  const found = matrix.map((row, i) => row[n] / row[i] / sizes[i]);
  const allowed = tolerance * Math.max(largest(whole), ...parts.map((part, k) => Math.abs(found[k]) * largest(part)));
  for (let i = 0; i < whole.length; i++) {
    let left = whole[i];
    for (let k = 0; k < n; k++) left -= found[k] * parts[k][i];
    if (!(Math.abs(left) <= allowed)) return undefined;
  }
  return found;
}

/** Sums over the rows (leaving one row) or over the columns (leaving one column). */
export function summed({ rows, cols, numbers }: Matrix, over: "rows" | "cols"): Matrix {
  const out = new Float64Array(over === "rows" ? cols : rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[over === "rows" ? j : i] += numbers[i * cols + j];
  }
  return over === "rows" ? { rows: 1, cols, numbers: out } : { rows, cols: 1, numbers: out };
}

/** Rows and columns exchanged. */
export function transposed({ rows, cols, numbers }: Matrix): Matrix {
  const out = new Float64Array(numbers.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = numbers[i * cols + j];
  return { rows: cols, cols: rows, numbers: out };
}

/** How many different numbers there are, up to `most`: rounding makes no difference. */
export function distinct(a: ArrayLike<number>, most: number): number {
  const seen = new Set<string>();
  for (let i = 0; i < a.length && seen.size < most; i++) seen.add(a[i].toPrecision(6));
  return seen.size;
}
