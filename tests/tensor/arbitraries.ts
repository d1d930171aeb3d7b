// What the property tests share: random numbers and shapes, and how a tensor is held against its oracle.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scratch } from "../../lib/tensor/memory.ts";
import { type Tensor, tensor } from "../../lib/tensor/tensor.ts";
import { type FloatType, type Plain, round } from "./oracle.ts";

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
export function plain(
  dtype: FloatType,
  shape: readonly number[],
  number: (dtype: FloatType) => fc.Arbitrary<number> = moderate,
): fc.Arbitrary<Plain> {
  const n = shape.reduce((product, size) => product * size, 1);
  return fc.array(number(dtype), { minLength: n, maxLength: n }).map((data) => ({ dtype, shape, data }));
}

/** Several operands of one dtype, whose shapes follow from the same random sizes. */
export function operands(
  sizes: readonly fc.Arbitrary<number>[],
  shapes: (...sizes: number[]) => readonly (readonly number[])[],
  number: (dtype: FloatType) => fc.Arbitrary<number> = moderate,
): fc.Arbitrary<Plain[]> {
  return fc.tuple(fc.constantFrom(...dtypes), fc.tuple(...sizes)).chain(([dtype, drawn]) =>
    fc.tuple(...shapes(...drawn).map((shape) => plain(dtype, shape, number)))
  );
}

/** A size from 0, often one beside a multiple of the vectors' 2 or 4 numbers, or of the 8 or 16 of a kernel's step. */
export const size = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(15, 16, 17, 31, 33));

/** Checks a property on many random values, the tensors of each run freed after it. */
export function forAll<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 200): void {
  const property = fc.property(arbitrary, (value) => {
    using _ = scratch();
    check(value);
  });
  fc.assert(property, { numRuns });
}

/** The oracle's numbers as a tensor. */
export function toTensor({ data, shape, dtype }: Plain): Tensor {
  return tensor(data, { shape, dtype });
}

/** Fails unless every element has the expected bits, −0 and 0 told apart; one NaN is as good as another. */
export function assertSame(actual: Tensor, expected: Plain, what = ""): void {
  assertEquals(actual.dtype, expected.dtype, what);
  assertWithin(actual, expected, () => 0, what);
  actual.toArray().forEach((x, i) => assert(Object.is(x, expected.data[i]), `${what} element ${i} is ${x}`));
}

/** Fails unless every element is the expected one or less than `bound(expected element, position)` away from it. */
export function assertWithin(
  actual: Tensor,
  expected: Plain,
  bound: (x: number, i: number) => number,
  what = "",
): void {
  assertEquals([...actual.shape], [...expected.shape], what);
  const wrong = actual.toArray().findIndex((x, i) => {
    const y = expected.data[i];
    return !(x === y || Object.is(x, y) || Math.abs(x - y) <= bound(y, i));
  });
  const [x, y] = [actual.toArray()[wrong], expected.data[wrong]];
  assert(wrong < 0, `${what} element ${wrong} of ${actual} is ${x}, not ${y}: bound ${bound(y, wrong)}`);
}
