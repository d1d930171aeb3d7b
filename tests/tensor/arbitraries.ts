// What the tests of tensors share: numbers in shapes, what operations do to them by definition, random ones, and how a
// tensor is held against what is expected. A test made with `onBothSets` runs on the fast kernels and on the plain ones.
import { assertEquals, AssertionError } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { useKernels } from "../../lib/tensor/kernel_set.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { plain } from "../../lib/tensor/plain.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { runs } from "../runs.ts";

/** A test that runs twice: on the kernels that the engine is given, and on the plain ones. */
export function onBothSets(name: string, body: () => void): void {
  test(name, body);
  test(`${name} (plain kernels)`, () => {
    using _ = useKernels(plain);
    body();
  });
}

// --- Numbers in shapes --------------------------------------------------------------------------------------------------

/** The dtypes that can be calculated with. */
export type FloatType = "float32" | "float64";

/** Numbers and their sizes, the last dimension fastest. */
export interface Values {
  readonly dtype: FloatType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The number of a dtype that is nearest to a float64 number. */
export const round = { float32: Math.fround, float64: (x: number) => x };

/** The numbers of a shape, each from its index and rounded, the last dimension fastest: (0, 0), (0, 1), … (1, 0), … */
export function build(dtype: FloatType, shape: readonly number[], value: (index: number[]) => number): Values {
  const count = shape.reduce((n, size) => n * size, 1), index = shape.map(() => 0);
  const data: number[] = [];
  while (data.length < count) {
    data.push(round[dtype](value(index)));
    for (let d = shape.length - 1; d >= 0 && ++index[d] === shape[d]; d--) index[d] = 0;
  }
  return { dtype, shape, data };
}

/** The element at an index. */
export function get(a: Values, index: readonly number[]): number {
  let at = 0;
  for (let d = 0; d < index.length; d++) at = at * a.shape[d] + index[d];
  return a.data[at];
}

/** Aligned at the right, missing sizes are 1, and a size of 1 becomes the other's. Undefined where sizes contradict. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const dims = Math.max(a.length, b.length);
  const p = [...new Array<number>(dims - a.length).fill(1), ...a];
  const q = [...new Array<number>(dims - b.length).fill(1), ...b];
  if (p.some((size, d) => size !== q[d] && size !== 1 && q[d] !== 1)) return undefined;
  return p.map((size, d) => size === 1 ? q[d] : size);
}

/** The same numbers in a larger shape: sizes of 1 have only index 0, missing dimensions none. */
export function expanded(a: Values, shape: readonly number[]): Values {
  return build(a.dtype, shape, (index) => {
    const own = index.slice(index.length - a.shape.length);
    return get(a, own.map((i, d) => a.shape[d] === 1 ? 0 : i));
  });
}

/** f of the elements with the same index when all are expanded, rounded to the widest dtype. */
export function broadcast(f: (...elements: number[]) => number, ...all: readonly Values[]): Values {
  const shape = all.map(({ shape }) => shape).reduce((a, b) => broadcastShape(a, b)!);
  const dtype = all.some(({ dtype }) => dtype === "float64") ? "float64" : "float32";
  const wide = all.map((a) => expanded(a, shape).data);
  return { dtype, shape, data: wide[0].map((_, i) => round[dtype](f(...wide.map((data) => data[i])))) };
}

/** The four operations of arithmetic. */
export const operators = {
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
  div: (x: number, y: number) => x / y,
};

/** Their names. */
export const operatorNames = ["add", "sub", "mul", "div"] as const;

/** Two dimensions exchanged. */
export function transposed(a: Values, dim0 = 0, dim1 = 1): Values {
  const exchange = (list: readonly number[]) => list.with(dim0, list[dim1]).with(dim1, list[dim0]);
  return build(a.dtype, exchange(a.shape), (index) => get(a, exchange(index)));
}

/** The numbers without their signs. */
export function magnitude(a: Values): Values {
  return { ...a, data: a.data.map(Math.abs) };
}

/** One number, at float64, for each line of numbers along `dim`. */
export function along(a: Values, dim: number, value: (line: number[]) => number, keepdim = false): Values {
  const { data } = build("float64", a.shape.with(dim, 1), (index) => {
    return value(Array.from({ length: a.shape[dim] }, (_, i) => get(a, index.with(dim, i))));
  });
  return { dtype: "float64", shape: keepdim ? a.shape.with(dim, 1) : a.shape.toSpliced(dim, 1), data };
}

/** The sum of a list. */
export function total(line: readonly number[]): number {
  return line.reduce((sum, x) => sum + x, 0);
}

/** The matrix product of (m, k) and (k, n) at float64. */
export function product(a: Values, b: Values): Values {
  const [m, k] = a.shape, n = b.shape[1];
  return build("float64", [m, n], ([i, j]) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a.data[i * k + p] * b.data[p * n + j];
    return sum;
  });
}

// --- Random ones --------------------------------------------------------------------------------------------------------

/** Half a unit in the last place of 1, the largest number, and the smallest normal and denormal ones. */
export const limits = {
  float32: { eps: 2 ** -24, largest: (2 - 2 ** -23) * 2 ** 127, normal: 2 ** -126, denormal: 2 ** -149 },
  float64: { eps: 2 ** -53, largest: Number.MAX_VALUE, normal: 2 ** -1022, denormal: 2 ** -1074 },
};

/** The numbers at the ends of a dtype. */
export function specials(dtype: FloatType): number[] {
  const { largest, normal, denormal } = limits[dtype];
  const positive = [0, denormal, 5 * denormal, normal - denormal, normal, 1, largest, Infinity];
  return [...positive, ...positive.map((x) => -x), NaN];
}

/** Both dtypes. */
export const dtypes: readonly FloatType[] = ["float32", "float64"];

/** Any number of a dtype: NaN, infinities, −0 and denormals among them. */
export function anyNumber(dtype: FloatType): fc.Arbitrary<number> {
  return fc.oneof(
    dtype === "float32" ? fc.float() : fc.double(),
    fc.constantFrom(...specials(dtype)),
    fc.integer({ min: -3, max: 3 }),
  );
}

/** Numbers up to 1000 in size whose products and sums neither overflow nor underflow, and that seldom come out even. */
export function moderate(dtype: FloatType): fc.Arbitrary<number> {
  return fc.oneof(fc.integer().map((n) => round[dtype](n / 2_147_483.7)), fc.integer({ min: -3, max: 3 }));
}

/** Numbers in a shape. */
export function values(
  dtype: FloatType,
  shape: readonly number[],
  number: (dtype: FloatType) => fc.Arbitrary<number> = moderate,
): fc.Arbitrary<Values> {
  const n = shape.reduce((product, size) => product * size, 1);
  return fc.array(number(dtype), { minLength: n, maxLength: n }).map((data) => ({ dtype, shape, data }));
}

/** Several operands of one dtype, whose shapes follow from the same random sizes. */
export function operands(
  sizes: readonly fc.Arbitrary<number>[],
  shapes: (...sizes: number[]) => readonly (readonly number[])[],
  number: (dtype: FloatType) => fc.Arbitrary<number> = moderate,
): fc.Arbitrary<Values[]> {
  return fc.tuple(fc.constantFrom(...dtypes), fc.tuple(...sizes)).chain(([dtype, drawn]) =>
    fc.tuple(...shapes(...drawn).map((shape) => values(dtype, shape, number)))
  );
}

/** A size from 0, often one beside a multiple of the vectors' 2 or 4 numbers, or of the 8 or 16 of a kernel's step. */
export const size = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(15, 16, 17, 31, 33));

// --- Checking --------------------------------------------------------------------------------------------------------

/** Checks a property on many random values, the tensors of each run freed after it. */
export function forAll<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, times = 40): void {
  const property = fc.property(arbitrary, (value) => {
    using _ = scratch();
    check(value);
  });
  fc.assert(property, runs(times));
}

/** The numbers as a tensor. */
export function toTensor({ data, shape, dtype }: Values): Tensor {
  return tensor(data, { shape, dtype });
}

/** Fails unless every element has the expected bits, −0 and 0 being different; one NaN is as good as another. */
export function assertSame(actual: Tensor, expected: Values, what = ""): void {
  assertEquals(actual.dtype, expected.dtype, what);
  assertWithin(actual, expected, () => 0, what);
  const other = actual.toArray().findIndex((x, i) => !Object.is(x, expected.data[i]));
  assertEquals(other, -1, `${what}: the sign of a zero`);
}

/** Fails unless every element is the expected one or less than `bound(expected element, position)` away from it. */
export function assertWithin(
  actual: Tensor,
  expected: Values,
  bound: (x: number, i: number) => number,
  what = "",
): void {
  assertEquals([...actual.shape].join(), expected.shape.join(), what);
  const wrong = actual.toArray().findIndex((x, i) => {
    const y = expected.data[i];
    return !(x === y || Object.is(x, y) || Math.abs(x - y) <= bound(y, i));
  });
  if (wrong < 0) return; // the message below takes longer than the rest
  const [x, y] = [actual.toArray()[wrong], expected.data[wrong]];
  throw new AssertionError(`${what} element ${wrong} of ${actual} is ${x}, not ${y}: bound ${bound(y, wrong)}`);
}
