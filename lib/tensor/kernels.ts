// The kernels: the loops under every operation on tensors, each named, typed and described here once.
//
// There are two sets, and both work on the memory in lib/tensor/memory.ts. plain.ts has simple loops: the version to read.
// simd.ts calls the same loops in WebAssembly, for speed.
//
// An address is a byte offset into the memory. Sizes, positions and strides count elements. Operands are contiguous, the
// last dimension fastest, unless strides are given. The result must not overlap an operand, with one exception: where each
// element of the result depends on one element of an operand, `out` may be that operand itself.
// Left out: shapes, broadcasting, mixed dtypes and errors, which are settled before a kernel is called.

/** One address for the result and one for the operand, n elements each. */
export interface Unary {
  /** Written: n elements. */
  out: number;
  /** Read: n elements. */
  a: number;
  /** How many. */
  n: number;
}

/**
 * A result of rows and columns, and two operands that are repeated to fill it. From one row to the next, an operand
 * moves by its row stride, which is 0 where every row reads the same elements; from one column to the next by its
 * column stride, 1, or 0 where one element serves a whole row.
 */
export interface Binary {
  /** Written: (rows, cols), contiguous. */
  out: number;
  /** Rows of the result. */
  rows: number;
  /** Columns of the result. */
  cols: number;
  /** The left operand. */
  a: number;
  /** Its row stride. */
  aRow: number;
  /** Its column stride, 0 or 1. */
  aCol: number;
  /** The right operand. */
  b: number;
  /** Its row stride. */
  bRow: number;
  /** Its column stride, 0 or 1. */
  bCol: number;
}

/** The operands of `addcmul`: as in `Binary`, with a column stride of 1 for all three. */
export interface Addcmul {
  /** Written: (rows, cols). */
  out: number;
  /** Rows of the result. */
  rows: number;
  /** Columns of the result. */
  cols: number;
  /** The summand. */
  a: number;
  /** Its row stride. */
  aRow: number;
  /** The first factor. */
  b: number;
  /** Its row stride. */
  bRow: number;
  /** The second factor. */
  c: number;
  /** Its row stride. */
  cRow: number;
  /** What the product is multiplied by, rounded to the dtype. */
  value: number;
}

/** The operands of `addScaled`, whose `out` is read as well. */
export interface AddScaled extends Unary {
  /** What a is multiplied by, rounded to the dtype. */
  alpha: number;
}

/** A reduction along the middle one of three sizes: (outer, len, inner) to (outer, inner). */
export interface Reduction {
  /** Written: (outer, inner). */
  out: number;
  /** Read: (outer, len, inner). */
  a: number;
  /** The product of the sizes before the dimension that is reduced. */
  outer: number;
  /** The size of that dimension. */
  len: number;
  /** The product of the sizes after it. */
  inner: number;
}

/** A reduction whose sums are divided at the end. */
export interface DividedReduction extends Reduction {
  /** 1 for a sum, len for a mean, len − 1 for Bessel's variance. */
  divisor: number;
}

/** The operands of `max`: `out` are the largest values. */
export interface Max extends Reduction {
  /** Written: (outer, inner) of int32, the first index of each largest value along the dimension. */
  indices: number;
}

/** The operands of a kernel that works row by row, or transposes. */
export interface Matrix {
  /** Written. */
  out: number;
  /** Read: (rows, cols). */
  a: number;
  /** Rows of a. */
  rows: number;
  /** Columns of a. */
  cols: number;
}

/** The operands of a matrix product. */
export interface Product {
  /** Written: (m, n). */
  out: number;
  /** The left side: (m, k), or (k, m) where it is transposed. */
  a: number;
  /** The right side: (k, n). */
  b: number;
  /** Rows of the product. */
  m: number;
  /** Columns of the product. */
  n: number;
  /** Summands of each of its elements. */
  k: number;
  /** Whether a is stored as (k, m). */
  transposed: boolean;
  /** A row (n) that is added to every row of the product, if any. */
  bias: number | undefined;
}

/** The operands of `gather`. */
export interface Gather {
  /** Written: (count, cols). */
  out: number;
  /** Read: (rows, cols). */
  table: number;
  /** Rows of the table. */
  rows: number;
  /** Columns of the table. */
  cols: number;
  /** Read: (count) of int32. */
  indices: number;
  /** How many rows are named. */
  count: number;
}

/** The operands of `indexAdd`. */
export interface IndexAdd {
  /** Read and written: (rows, cols). */
  table: number;
  /** Rows of the table. */
  rows: number;
  /** Columns of the table. */
  cols: number;
  /** Read: (count) of int32. */
  indices: number;
  /** How many rows are named. */
  count: number;
  /** Read: (count, cols). */
  source: number;
}

/** The kernels that only move elements, which int32 has too. */
export interface Copies {
  /** out (cols, rows) = the transpose of a (rows, cols). */
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
  /** out = a + value · b · c; whether the products are rounded before the sum is open. */
  addcmul(operands: Addcmul): void;

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

  /** out = Σ a / divisor. */
  sum(operands: DividedReduction): void;
  /** out = Σ (a − mean)² / divisor. */
  variance(operands: DividedReduction): void;
  /** out = the largest a, NaN counting as largest, and its first index. len is at least 1. */
  max(operands: Max): void;
  /** out (rows, cols) = eᵃ / Σ eᵃ along each row, the row's largest value taken off a first. */
  softmax(operands: Matrix): void;
  /** out (rows, cols) = ln softmax a along each row: a − m − ln Σ eᵃ⁻ᵐ, where m is the row's largest value. */
  logSoftmax(operands: Matrix): void;
  /** out (rows) = ln Σ eᵃ of each row. */
  logSumExp(operands: Matrix): void;

  /** out = a · b, each element rounded, then the bias added to every row. */
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
}
