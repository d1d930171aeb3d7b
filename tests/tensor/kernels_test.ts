// Every kernel of the interface, fast against plain: random sizes and strides, canaries around every operand. What the
// plain ones give is held against definitions and exact numbers in the other tests, those made with `onBothSets`.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { kernels, useKernels } from "../../lib/tensor/kernel_set.ts";
import type { Kernels, KernelSet } from "../../lib/tensor/kernels.ts";
import { allocate, heap, scratch } from "../../lib/tensor/memory.ts";
import { plain } from "../../lib/tensor/plain.ts";
import { fastest, instantiate, modules } from "../../lib/tensor/simd.ts";
import { runs } from "../runs.ts";
import { anyNumber, dtypes, type FloatType, limits, moderate, round, size } from "./arbitraries.ts";

/** A call of a kernel: what lies in the memory, and the fields that are not addresses. */
interface Call {
  /** Numbers by the name of the field that gets their address. `indices` are int32. */
  areas: Record<string, readonly number[]>;
  /** Those of them that are written. All others have to stay as they are. */
  writes: readonly string[];
  /** The other fields. */
  rest: Record<string, number | boolean | undefined>;
  /** The operand that is `out` as well. */
  inPlace?: string;
  /** How far the fast kernel's element may be from the plain one's y; not at all where this is missing. */
  bound?: (y: number, i: number) => number;
  /** The same in units of half the last place of what the plain kernel gives for the operands without their signs. */
  factor?: number;
}

type Numbers = (dtype: FloatType) => fc.Arbitrary<number>;

const few = fc.integer({ min: 0, max: 5 });
const array = (numbers: fc.Arbitrary<number>, n: number) => fc.array(numbers, { minLength: n, maxLength: n });
const blank = (n: number) => new Array<number>(n).fill(7);

/** A way to walk an operand over rows and columns, and how many elements that takes. */
function walk(rows: number, cols: number) {
  return fc.record({
    row: fc.constantFrom(0, 1, cols, cols + 3),
    col: fc.constantFrom(0, 1),
  }).map(({ row, col }) => ({ row, col, n: rows * cols === 0 ? 0 : (rows - 1) * row + (cols - 1) * col + 1 }));
}

/** Calls with two operands, walked in rows and columns. */
function binary(dtype: FloatType): fc.Arbitrary<Call> {
  const names = ["a", "b"];
  return fc.tuple(few, size).chain(([rows, cols]) =>
    fc.tuple(...names.map(() => walk(rows, cols))).chain((walks) =>
      fc.record({
        data: fc.tuple(...walks.map(({ n }) => array(anyNumber(dtype), n))),
        inPlace: fc.constantFrom(undefined, ...names.filter((_, i) => walks[i].row === cols && walks[i].col === 1)),
      }).map(({ data, inPlace }) => {
        const areas = Object.fromEntries(names.map((name, i) => [name, data[i]]));
        const strides = names.flatMap((name, i) => [[`${name}Row`, walks[i].row], [`${name}Col`, walks[i].col]]);
        return {
          areas: { ...areas, out: blank(rows * cols) },
          writes: ["out"],
          rest: { ...Object.fromEntries(strides), rows, cols },
          inPlace,
        };
      })
    )
  );
}

const unary = (numbers: Numbers, relative?: Record<FloatType, number>) => (dtype: FloatType): fc.Arbitrary<Call> =>
  fc.tuple(size.chain((n) => array(numbers(dtype), n)), fc.constantFrom(undefined, "a")).map(([a, inPlace]) => ({
    areas: { a, out: blank(a.length) },
    writes: ["out"],
    rest: { n: a.length },
    inPlace,
    bound: relative && ((y) => relative[dtype] * Math.abs(y) + limits[dtype].denormal),
  }));

/** Calls of a reduction of (outer, len, inner), `len` from `least` on. Rows, where `inner` is 1, have code of their own. */
function reduction(dtype: FloatType, numbers: Numbers, least = 0) {
  const inner = fc.oneof(fc.constant(1), size);
  return fc.tuple(few, size.filter((len) => len >= least), inner).chain(([outer, len, inner]) =>
    array(numbers(dtype), outer * len * inner).map((a) => ({
      areas: { a, out: blank(outer * inner) },
      writes: ["out"],
      rest: { outer, len, inner },
    }))
  );
}

/** Calls with a matrix of which `count(rows, cols)` numbers are made. */
function matrix(dtype: FloatType, numbers: Numbers, count: (rows: number, cols: number) => number) {
  return fc.tuple(size, size).chain(([rows, cols]) =>
    array(numbers(dtype), rows * cols).map((a) => ({
      areas: { a, out: blank(count(rows, cols)) },
      writes: ["out"],
      rest: { rows, cols },
    }))
  );
}

/** Numbers between −50 and 50. */
const small = (dtype: FloatType) => moderate(dtype).map((x) => round[dtype](x / 20));

/** Calls with a table, and indices of which one in some hundred is outside. */
function table(dtype: FloatType, numbers: Numbers): fc.Arbitrary<Call> {
  return fc.record({ rows: fc.integer({ min: 1, max: 6 }), cols: size, count: fc.nat({ max: 12 }) }).chain((rest) =>
    fc.record({
      table: array(numbers(dtype), rest.rows * rest.cols),
      indices: array(
        fc.oneof({ weight: 99, arbitrary: fc.nat({ max: rest.rows - 1 }) }, fc.constantFrom(-1, rest.rows)),
        rest.count,
      ),
      source: array(numbers(dtype), rest.count * rest.cols),
    }).map((areas) => ({ areas, rest, writes: [] }))
  );
}

function product(dtype: FloatType): fc.Arbitrary<Call> {
  const depth = fc.oneof({ weight: 9, arbitrary: size }, fc.constant(130));
  return fc.record({ m: size, n: size, k: depth, transposed: fc.boolean(), biased: fc.boolean() }).chain(
    ({ biased, ...rest }) =>
      fc.record({
        a: array(moderate(dtype), rest.m * rest.k),
        b: array(moderate(dtype), rest.k * rest.n),
        bias: array(moderate(dtype), biased ? rest.n : 0),
      }).map(({ bias, ...areas }) => ({
        areas: { ...areas, ...(biased && { bias }), out: blank(rest.m * rest.n) },
        writes: ["out"],
        rest: biased ? rest : { ...rest, bias: undefined },
        factor: 2 * (rest.k + 2),
      })),
  );
}

/** Calls of every kernel. What is missing here fails to compile, and below. */
const calls: { [name in keyof Kernels]: (dtype: FloatType) => fc.Arbitrary<Call> } = {
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  addScaled: (dtype) =>
    fc.tuple(size, fc.oneof(anyNumber(dtype), fc.double())).chain(([n, alpha]) =>
      fc.tuple(array(anyNumber(dtype), n), array(anyNumber(dtype), n), fc.constantFrom(undefined, "a")).map(
        ([out, a, inPlace]) => ({ areas: { out, a }, writes: ["out"], rest: { n, alpha }, inPlace }),
      )
    ),
  neg: unary(anyNumber),
  reciprocal: unary(anyNumber),
  sqrt: unary(anyNumber),
  rsqrt: unary(anyNumber),
  exp: unary(anyNumber, { float32: 2e-7, float64: 2 ** -49 }),
  log: unary(anyNumber, { float32: 2e-7, float64: 2 ** -49 }),
  tanh: unary(anyNumber, { float32: 5e-7, float64: 2 ** -49 }),
  sum: (dtype) =>
    fc.tuple(reduction(dtype, moderate), fc.boolean()).map(([call, mean]) => ({
      ...call,
      rest: { ...call.rest, divisor: mean ? call.rest.len : 1 },
      factor: 2 * (call.rest.len + 2),
    })),
  variance: (dtype) =>
    fc.tuple(reduction(dtype, moderate), fc.constantFrom(0, 1)).map(([call, correction]) => {
      const { len } = call.rest, divisor = Math.max(0, len - correction);
      const largest = call.areas.a.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
      const bound = 12 * (len + 3) * limits[dtype].eps * largest ** 2 * len / divisor;
      return { ...call, rest: { ...call.rest, divisor }, bound: () => bound };
    }),
  max: (dtype) =>
    reduction(dtype, anyNumber, 1).map((call) => ({
      ...call,
      areas: { ...call.areas, indices: blank(call.areas.out.length) },
      writes: ["out", "indices"],
    })),
  softmax: (dtype) =>
    matrix(dtype, small, (rows, cols) => rows * cols).map((call) => ({
      ...call,
      bound: (y) => 4 * limits[dtype].eps * (call.rest.cols + 110) * y + limits[dtype].denormal,
    })),
  logSoftmax: (dtype) =>
    matrix(dtype, small, (rows, cols) => rows * cols).map((call) => ({
      ...call,
      bound: (y) => 4 * limits[dtype].eps * (call.rest.cols + 9 + Math.abs(y)),
    })),
  matmul: product,
  transpose: (dtype) => matrix(dtype, anyNumber, (rows, cols) => rows * cols),
  gather: (dtype) =>
    table(dtype, anyNumber).map(({ areas: { table, indices, source }, ...call }) => ({
      ...call,
      areas: { table, indices, out: blank(source.length) },
      writes: ["out"],
    })),
  indexAdd: (dtype) => table(dtype, anyNumber).map((call) => ({ ...call, writes: ["table"] })),
};

test("an engine without relaxed SIMD gets the module without it, and one without SIMD the plain kernels", () => {
  const [fused, simple] = modules, tried: Uint8Array[] = [];
  const accepting = (...accepted: Uint8Array[]) => (bytes: Uint8Array) => {
    tried.push(bytes);
    return accepted.includes(bytes);
  };
  assert(fastest(accepting(simple)));
  assertEquals(fastest(accepting()), undefined);
  assert([fused, simple, fused, simple].every((bytes, i) => bytes === tried[i]));
  assertEquals(Object.keys(kernels), Object.keys(plain));
  const before = kernels.float32;
  {
    using _ = useKernels(plain);
    assert(kernels.float32 === plain.float32);
  }
  assert(kernels.float32 === before);
});

const CANARY = 0x5a5a5a5a;

/** Runs a kernel and sees that it touches nothing but what it is to write. Gives all areas as they are then. */
function run(set: KernelSet, dtype: keyof KernelSet, name: string, { areas, writes, rest, inPlace }: Call) {
  using _ = scratch();
  const placed = Object.entries(areas).map(([field, data], i) => {
    const type = field === "indices" ? "int32" : dtype, bytes = heap[type].BYTES_PER_ELEMENT;
    // Canaries all around, and not every area at an address that is a multiple of 64.
    const length = data.length * bytes, start = allocate(length + 192);
    const at = start + 64 + i % 4 * bytes;
    return { field, data, type, start, at, length, end: start + length + 192, from: at / bytes } as const;
  });
  for (const { data, type, start, end, from } of placed) {
    heap.int32.fill(CANARY, start / 4, end / 4);
    heap[type].set(data, from);
  }
  const addresses = Object.fromEntries(placed.map(({ field, at }) => [field, at]));
  if (inPlace) addresses.out = addresses[inPlace];
  const kernel = (set[dtype] as unknown as Record<string, (operands: object) => number | undefined>)[name];
  const returned = kernel({ ...rest, ...addresses });

  const after: Record<string, number[]> = {};
  for (const { field, data, type, start, at, length, end, from } of placed) {
    const around = [...heap.int32.subarray(start / 4, at / 4), ...heap.int32.subarray((at + length) / 4, end / 4)];
    assert(around.every((word) => word === CANARY), `${name} of ${dtype} writes beside ${field}`);
    after[field] = [...heap[type].subarray(from, from + data.length)];
    const mayChange = writes.includes(field) || field === inPlace;
    assert(mayChange || after[field].every((x, i) => Object.is(x, data[i])), `${name} changes ${field}`);
  }
  if (inPlace) after.out = after[inPlace];
  return { returned, after };
}

/** The same call with the signs of its numbers taken away. */
function unsigned({ areas, rest, ...call }: Call): Call {
  const magnitudes = Object.entries(areas).map(([field, data]) => [field, data.map(Math.abs)]);
  return { ...call, areas: Object.fromEntries(magnitudes), rest: { ...rest, value: Math.abs(Number(rest.value)) } };
}

function assertAgree(set: KernelSet, dtype: keyof KernelSet, name: string, call: Call): void {
  const expected = run(plain, dtype, name, call), actual = run(set, dtype, name, call);
  assertEquals(actual.returned, expected.returned);
  let bound = call.bound ?? (() => 0);
  if (call.factor !== undefined) {
    const scale = run(plain, dtype, name, unsigned(call)).after.out, eps = limits[dtype as FloatType].eps;
    bound = (_, i) => call.factor! * eps * scale[i];
  }
  for (const field of call.writes) {
    expected.after[field].forEach((y, i) => {
      const x = actual.after[field][i];
      const same = Object.is(x, y) || Math.abs(x - y) <= bound(y, i) && bound(y, i) > 0;
      assert(same, `${field}[${i}] of ${name} is ${x}, not ${y}: bound ${bound(y, i)}`);
    });
  }
}

// Both modules, where the engine takes both.
const fast = modules.filter((bytes) => WebAssembly.validate(bytes)).map((bytes) => instantiate(bytes));

test("both sets have the kernels that are tried here, and no others", () => {
  assert(fast.length > 0, "This engine has no WebAssembly SIMD: nothing can be compared.");
  for (const set of [plain, ...fast]) {
    for (const dtype of dtypes) assertEquals(Object.keys(set[dtype]).sort(), Object.keys(calls).sort());
    for (const name of Object.keys(plain.int32)) assert(name in calls && name in set.int32);
  }
});

for (const [name, call] of Object.entries(calls)) {
  test(`the fast kernel ${name} gives what the plain one gives, and touches nothing else`, () => {
    for (const dtype of dtypes) {
      const check = (call: Call) => fast.forEach((set) => assertAgree(set, dtype, name, call));
      fc.assert(fc.property(call(dtype), check), runs(40));
    }
  });
}

for (const name of Object.keys(plain.int32) as (keyof Kernels)[]) {
  test(`the fast kernel ${name} keeps every bit of int32, those that would be a NaN included`, () => {
    const word = fc.oneof(fc.integer(), fc.constantFrom(0x7f800001, 0x7fc00001, -1, -0x7fffff));
    const words = calls[name]("float32").chain((call) => {
      const read = Object.keys(call.areas).find((field) => field === "a" || field === "table")!;
      return array(word, call.areas[read].length).map((data) => ({ ...call, areas: { ...call.areas, [read]: data } }));
    });
    fc.assert(fc.property(words, (call) => fast.forEach((set) => assertAgree(set, "int32", name, call))));
  });
}
