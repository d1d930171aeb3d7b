// Every kernel operation once more, in the plainest TypeScript there is: what the tests hold the kernels against.
//
// Numbers are float64 throughout. Where an operation has one right answer, it is rounded to the operand's dtype. Sums,
// matrix products, eˣ, ln x, tanh x and what is made of them are left at float64, for a kernel's rounding to be measured against.
// Left out: speed, int32, errors.

/** The dtypes that can be calculated with. */
export type FloatType = "float32" | "float64";

/** Numbers and their sizes, the last dimension fastest. */
export interface Plain {
  readonly dtype: FloatType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The number of a dtype that is nearest to a float64 number. */
export const round = { float32: Math.fround, float64: (x: number) => x };

/** Every index of a shape, the last dimension fastest: (0, 0), (0, 1), … (1, 0), … */
export function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) {
    yield [];
    return;
  }
  for (let i = 0; i < shape[0]; i++) {
    for (const rest of indices(shape.slice(1))) yield [i, ...rest];
  }
}

/** Where the element at an index lies. */
export function position(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((before, i, d) => before * shape[d] + i, 0);
}

/** The numbers of a shape, each from its index. */
export function build(dtype: FloatType, shape: readonly number[], value: (index: number[]) => number): Plain {
  return { dtype, shape, data: Array.from(indices(shape), (index) => round[dtype](value(index))) };
}

function get(a: Plain, index: readonly number[]): number {
  return a.data[position(a.shape, index)];
}

// --- Broadcasting -----------------------------------------------------------------------------------------------------

/** Aligned at the right, missing sizes are 1, and a size of 1 becomes the other's. Undefined where sizes contradict. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const dims = Math.max(a.length, b.length);
  const p = [...new Array<number>(dims - a.length).fill(1), ...a];
  const q = [...new Array<number>(dims - b.length).fill(1), ...b];
  if (p.some((size, d) => size !== q[d] && size !== 1 && q[d] !== 1)) return undefined;
  return p.map((size, d) => size === 1 ? q[d] : size);
}

/** The element that stands at an index of the larger shape: sizes of 1 have only index 0, missing dimensions none. */
function getBroadcast(a: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - a.shape.length);
  return get(a, own.map((i, d) => a.shape[d] === 1 ? 0 : i));
}

/** The same numbers in a larger shape. */
export function expanded(a: Plain, shape: readonly number[]): Plain {
  return build(a.dtype, shape, (index) => getBroadcast(a, index));
}

// --- Element by element -------------------------------------------------------------------------------------------------

const operators = {
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
  div: (x: number, y: number) => x / y,
};

/** The four operations by name. */
export type Operator = keyof typeof operators;

/** a + b, a − b, a · b or a / b. The dtype is float64 if one of theirs is. */
export function binary(operator: Operator, a: Plain, b: Plain): Plain {
  const shape = broadcastShape(a.shape, b.shape)!, dtype = a.dtype === b.dtype ? a.dtype : "float64";
  return build(dtype, shape, (index) => operators[operator](getBroadcast(a, index), getBroadcast(b, index)));
}

/** a + value · b · c, at float64. */
export function addcmul(a: Plain, b: Plain, c: Plain, value: number): Plain {
  const shape = broadcastShape(a.shape, broadcastShape(b.shape, c.shape)!)!;
  const product = (index: number[]) => value * getBroadcast(b, index) * getBroadcast(c, index);
  return build("float64", shape, (index) => getBroadcast(a, index) + product(index));
}

/** −a, exactly. */
export function neg(a: Plain): Plain {
  return { ...a, data: a.data.map((x) => -x) };
}

/** √a, rounded. */
export function sqrt(a: Plain): Plain {
  return { ...a, data: a.data.map((x) => round[a.dtype](Math.sqrt(x))) };
}

/** e to the power of a, ln a, or tanh a, at float64. */
export function transcendental(f: "exp" | "log" | "tanh", a: Plain): Plain {
  return { ...a, dtype: "float64", data: a.data.map((x) => Math[f](x)) };
}

/** a to a power; 2, −1, −2, ½ and −½ step by step, each step rounded. */
export function pow(a: Plain, exponent: number): Plain {
  const one: Plain = { dtype: a.dtype, shape: [], data: [1] };
  if (exponent === 2) return binary("mul", a, a);
  if (exponent === -1) return binary("div", one, a);
  if (exponent === -2) return binary("div", one, binary("mul", a, a));
  if (exponent === 0.5) return sqrt(a);
  if (exponent === -0.5) return binary("div", one, sqrt(a));
  return { ...a, data: a.data.map((x) => round[a.dtype](Math.pow(x, exponent))) };
}

// --- Along a dimension --------------------------------------------------------------------------------------------------

/** The numbers along `dim` that differ from the one at an index in nothing else. */
function lineThrough(a: Plain, index: readonly number[], dim: number): number[] {
  const line: number[] = [];
  for (let i = 0; i < a.shape[dim]; i++) line.push(get(a, index.with(dim, i)));
  return line;
}

/** One number for each line of numbers along `dim`. */
function reduce(a: Plain, dim: number, keepdim: boolean, value: (line: number[]) => number): Plain {
  const kept = build("float64", a.shape.with(dim, 1), (index) => value(lineThrough(a, index, dim)));
  return keepdim ? kept : { ...kept, shape: a.shape.toSpliced(dim, 1) };
}

function total(line: readonly number[]): number {
  let sum = 0;
  for (const x of line) sum += x;
  return sum;
}

/** Σ along a dimension, at float64. */
export function sum(a: Plain, dim: number, keepdim = false): Plain {
  return reduce(a, dim, keepdim, total);
}

/** Σ/n along a dimension, at float64. */
export function mean(a: Plain, dim: number, keepdim = false): Plain {
  return reduce(a, dim, keepdim, (line) => total(line) / line.length);
}

/** Σ(x − mean)² / (n − correction) along a dimension, at float64. */
export function variance(a: Plain, dim: number, keepdim = false, correction = 1): Plain {
  return reduce(a, dim, keepdim, (line) => {
    const mean = total(line) / line.length;
    return total(line.map((x) => (x - mean) ** 2)) / Math.max(0, line.length - correction);
  });
}

/** Where the first of the largest numbers stands. The first NaN, if there is one. */
function firstLargest(line: number[]): number {
  const nan = line.findIndex(Number.isNaN);
  return nan >= 0 ? nan : line.indexOf(Math.max(...line));
}

/** The largest number along a dimension. */
export function max(a: Plain, dim: number, keepdim = false): Plain {
  return { ...reduce(a, dim, keepdim, (line) => line[firstLargest(line)]), dtype: a.dtype };
}

/** Where it first stands. */
export function argmax(a: Plain, dim: number, keepdim = false): Plain {
  return reduce(a, dim, keepdim, firstLargest);
}

/** ln Σ eˣ along the last dimension, at float64. */
export function logSumExp(a: Plain): Plain {
  return reduce(a, a.shape.length - 1, false, (line) => {
    const largest = Math.max(...line);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(total(line.map((x) => Math.exp(x - largest))));
  });
}

/** eˣ over its sum along the last dimension, at float64. */
export function softmax(a: Plain): Plain {
  return build("float64", a.shape, (index) => {
    const line = lineThrough(a, index, a.shape.length - 1), largest = Math.max(...line);
    return Math.exp(get(a, index) - largest) / total(line.map((x) => Math.exp(x - largest)));
  });
}

// --- Matrices and rows --------------------------------------------------------------------------------------------------

/** The matrix product at float64, either side transposed first if asked for. */
export function matmul(a: Plain, b: Plain, { transposeA = false, transposeB = false } = {}): Plain {
  const x = transposeA ? transposed(a, 0, 1) : a, y = transposeB ? transposed(b, 0, 1) : b;
  const [m, k] = x.shape, n = y.shape[1], data: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += x.data[i * k + p] * y.data[p * n + j];
      data.push(sum);
    }
  }
  return { dtype: "float64", shape: [m, n], data };
}

/** Two dimensions exchanged. */
export function transposed(a: Plain, dim0: number, dim1: number): Plain {
  const exchange = (list: readonly number[]) => list.with(dim0, list[dim1]).with(dim1, list[dim0]);
  return build(a.dtype, exchange(a.shape), (index) => get(a, exchange(index)));
}

/** The rows of a table that the indices name, in the indices' shape. */
export function lookup(table: Plain, rows: readonly number[], rowsShape: readonly number[] = [rows.length]): Plain {
  return build(table.dtype, [...rowsShape, ...table.shape.slice(1)], (index) => {
    const row = rows[position(rowsShape, index.slice(0, rowsShape.length))];
    return get(table, [row, ...index.slice(rowsShape.length)]);
  });
}

/** Each row of `source` added to the row of the table that its index names, one after the other. */
export function indexAdd(table: Plain, rows: readonly number[], source: Plain): Plain {
  const data = [...table.data];
  for (const [i, ...rest] of indices(source.shape)) {
    const to = position(table.shape, [rows[i], ...rest]);
    data[to] = round[table.dtype](data[to] + get(source, [i, ...rest]));
  }
  return { ...table, data };
}
