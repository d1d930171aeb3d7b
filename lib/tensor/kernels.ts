// The kernels: the loops under every operation on tensors, each named, typed and described here once.
//
// There are two sets, and both work on the memory in lib/tensor/memory.ts. plain.ts has simple loops: the version to read.
// simd.ts calls the same loops in WebAssembly, for speed.
//
// An operand is the byte offset of its first element; the brackets behind it hold its sizes, (rows, cols), the last
// dimension fastest. Sizes and strides count elements. `out` is what is written, and may not overlap an operand, with
// one exception: where each element of `out` depends on one element of an operand, it may be that operand itself.
// Left out: shapes, broadcasting, mixed dtypes and errors, which are settled before a kernel is called.

/** out (n) from a (n). */
export type Unary = { out: number; a: number; n: number };

/**
 * out (rows, cols) from a and b, where a[i, j] is element i·aRow + j·aCol of a, and b[i, j] likewise. A row stride is 0 where
 * every row reads the same; a column stride is 1, or 0 where one element serves a whole row.
 */
export type Binary = {
  out: number;
  rows: number;
  cols: number;
  a: number;
  aRow: number;
  aCol: number;
  b: number;
  bRow: number;
  bCol: number;
};

/** out (n), which is read as well, and a (n); alpha is rounded to the dtype. */
export type AddScaled = Unary & { alpha: number };

/** out (outer, inner) from a (outer, len, inner), along the middle. */
export type Reduction = { out: number; a: number; outer: number; len: number; inner: number };

/** The same; divisor is 1 for a sum, len for a mean, len − 1 for Bessel's variance. */
export type DividedReduction = Reduction & { divisor: number };

/** The same, with indices (outer, inner) of int32, which are written. */
export type Max = Reduction & { indices: number };

/** out from a (rows, cols). */
export type Matrix = { out: number; a: number; rows: number; cols: number };

/** out (m, n) from a (m, k), stored as (k, m) where it is transposed, b (k, n) and perhaps bias (n). */
export type Product = {
  out: number;
  a: number;
  b: number;
  m: number;
  n: number;
  k: number;
  transposed: boolean;
  bias: number | undefined;
};

/** out (count, cols) from table (rows, cols) and indices (count) of int32. */
export type Gather = { out: number; table: number; rows: number; cols: number; indices: number; count: number };

/** table (rows, cols), which is read and written, from indices (count) of int32 and source (count, cols). */
export type IndexAdd = { table: number; rows: number; cols: number; indices: number; count: number; source: number };

/** The kernels that only move elements, which int32 has too. */
export interface Copies {
  /** out[j, i] = a[i, j], of a (rows, cols). */
  transpose(operands: Matrix): void;
  /**
   * out[i] = table[indices[i]], row by row. Returns −1, or the position of the first index that is outside the table; the
   * rows before it are written.
   */
  gather(operands: Gather): number;
}

/** The kernels of float32 or float64. */
export interface Kernels extends Copies {
  /** out = a + b. */
  add(operands: Binary): void;
  /** out = a − b. */
  sub(operands: Binary): void;
  /** out = a · b. */
  mul(operands: Binary): void;
  /** out = a / b. */
  div(operands: Binary): void;
  /** out += alpha · a, the product rounded before the sum. */
  addScaled(operands: AddScaled): void;

  /** out = −a. */
  neg(operands: Unary): void;
  /** out = 1/a. */
  reciprocal(operands: Unary): void;
  /** out = √a. */
  sqrt(operands: Unary): void;
  /** out = 1/√a, the root rounded before the quotient. */
  rsqrt(operands: Unary): void;
  /** out = eᵃ. */
  exp(operands: Unary): void;
  /** out = ln a. */
  log(operands: Unary): void;
  /** out = tanh a. */
  tanh(operands: Unary): void;

  /** out[o, c] = Σᵢ a[o, i, c] / divisor. */
  sum(operands: DividedReduction): void;
  /** out[o, c] = Σᵢ (a[o, i, c] − mean)² / divisor, where mean = Σᵢ a[o, i, c] / len. */
  variance(operands: DividedReduction): void;
  /** out[o, c] = maxᵢ a[o, i, c], NaN counting as largest, and the first i that has it. len is at least 1. */
  max(operands: Max): void;
  /** out[i, j] = eˣ / Σⱼ eˣ, where x = a[i, j] − maxⱼ a[i, j]. */
  softmax(operands: Matrix): void;
  /** out[i, j] = x − ln Σⱼ eˣ, where x = a[i, j] − maxⱼ a[i, j]. */
  logSoftmax(operands: Matrix): void;

  /** out[i, j] = Σₚ a[i, p] · b[p, j], rounded, then + bias[j]. */
  matmul(operands: Product): void;
  /**
   * table[indices[i]] += source[i], row by row, one after the other. Returns −1, or the position of the first index that
   * is outside the table; in that case nothing is added.
   */
  indexAdd(operands: IndexAdd): number;
}

/** The kernels of every dtype. */
export interface KernelSet {
  /** The kernels of float32. */
  float32: Kernels;
  /** The kernels of float64. */
  float64: Kernels;
  /** int32 holds indices, which are only ever copied. */
  int32: Copies;
  /** bool holds the 1 and 0 of comparisons, in 32 bits. */
  bool: Copies;
}
