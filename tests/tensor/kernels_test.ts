// Every kernel against its plain version in oracle.ts, at random sizes. Matrix products: matmul_test.ts.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { compileKernels } from "../../lib/scripts/compile_kernels.ts";
import { fusedWasmBase64, wasmBase64 } from "../../lib/tensor/wasm.generated.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { ones, range, type Tensor, tensor, zeros } from "../../lib/tensor/tensor.ts";
import {
  anyNumber,
  assertSame,
  assertWithin,
  dtypes,
  forAll,
  limits,
  operands,
  plain,
  size,
  toTensor,
} from "./arbitraries.ts";
import * as oracle from "./oracle.ts";
import type { FloatType, Plain } from "./oracle.ts";

const operators = ["add", "sub", "mul", "div"] as const;
const few = fc.integer({ min: 0, max: 5 });
const magnitude = (a: Plain): Plain => ({ ...a, data: a.data.map(Math.abs) });

test("the committed WebAssembly is what lib/tensor/assembly compiles to, byte for byte", async () => {
  for (const [fused, committed] of [[false, wasmBase64], [true, fusedWasmBase64]] as const) {
    const compiled = (await compileKernels({ fused })).toBase64();
    assert(compiled === committed, "lib/tensor/wasm.generated.ts is out of date: run `deno task kernels`.");
  }
});

// All other tests run on one of the two modules: on the fused one under Deno, on the other under Bun.
test("the module without fused products, for engines without relaxed SIMD, gives the same sums up to rounding", () => {
  const [m, n, k] = [9, 11, 13], ours = range(m * k), theirs = range(k * n);
  const a = ours.map((i) => Math.sin(i)), b = theirs.map((i) => Math.cos(i));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Uint8Array.fromBase64(wasmBase64));
  const { matmul32 } = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    CallableFunction
  >;
  const all = new Float32Array(memory.buffer), at = 4096;
  for (let i = 0; i < m; i++) for (let p = 0; p < k; p++) all[at + p * m + i] = a[i * k + p]; // the left side, transposed
  all.set(b, 2 * at);
  matmul32(12 * at, 4 * at, 8 * at, m, n, k, 0, 1, 0, 0);
  const fused = tensor(a, { shape: [m, k] }).matmul(tensor(b, { shape: [k, n] })).toArray();
  fused.forEach((x, i) => assert(Math.abs(x - all[3 * at + i]) < 1e-5, `element ${i}: ${x}, ${all[3 * at + i]}`));
});

// --- Element by element -------------------------------------------------------------------------------------------------

const layouts: Record<string, (m: number, n: number) => number[]> = {
  "the same shape": (m, n) => [m, n],
  "one row": (_, n) => [n],
  "one row of two dimensions": (_, n) => [1, n],
  "one column": (m) => [m, 1],
  "a scalar": () => [],
};

for (const [name, layout] of Object.entries(layouts)) {
  test(`sum, difference, product and quotient with ${name} have the oracle's bits, in place too`, () => {
    forAll(operands([few, size], (m, n) => [[m, n], layout(m, n)], anyNumber), ([a, b]) => {
      const x = toTensor(a), y = toTensor(b);
      for (const operator of operators) {
        const expected = oracle.binary(operator, a, b);
        assertSame(x[operator](y), expected, operator);
        assertSame(y[operator](x), oracle.binary(operator, b, a), `${operator}, swapped`);
        assertSame(x.clone()[`${operator}_`](y), expected, `${operator}_`);
      }
    });
  });
}

test("sum, difference, product and quotient of transposed operands have the oracle's bits", () => {
  forAll(operands([size, few], (m, n) => [[m, n], [n, m]], anyNumber), ([a, b]) => {
    const x = toTensor(a), y = toTensor(b);
    for (const operator of operators) {
      assertSame(x[operator](y.T), oracle.binary(operator, a, oracle.transposed(b, 0, 1)), operator);
      assertSame(x.T[operator](y), oracle.binary(operator, oracle.transposed(a, 0, 1), b), operator);
    }
  });
});

test("a number beside a tensor is rounded to the tensor's dtype first, on either side", () => {
  const numbers = fc.oneof(fc.double(), fc.constantFrom(0.1, -1 / 3, 1e300, -0));
  forAll(fc.tuple(operands([size], (n) => [[n]], anyNumber), numbers), ([[a], number]) => {
    const scalar = oracle.build(a.dtype, [], () => number), x = toTensor(a);
    for (const operator of operators) {
      const expected = oracle.binary(operator, a, scalar);
      assertSame(x[operator](number), expected, operator);
      assertSame(x.clone()[`${operator}_`](number), expected, `${operator}_`);
    }
    assertSame(x.rsub(number), oracle.binary("sub", scalar, a), "rsub");
  });
});

test("an operation in place may have the tensor itself as its other side", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => {
    for (const operator of operators) {
      const x = toTensor(a);
      assertSame(x[`${operator}_`](x), oracle.binary(operator, a, a), operator);
    }
  });
});

test("adding alpha times an operand in place rounds the product, then the sum", () => {
  const alpha = fc.oneof(fc.double(), fc.constantFrom(-0.1, 0.05, 1, 0));
  for (const [name, layout] of Object.entries(layouts)) {
    forAll(fc.tuple(operands([few, size], (m, n) => [[m, n], layout(m, n)], anyNumber), alpha), ([[a, b], alpha]) => {
      const scalar = oracle.build(a.dtype, [], () => alpha);
      const expected = oracle.binary("add", a, alpha === 1 ? b : oracle.binary("mul", b, scalar));
      assertSame(toTensor(a).add_(toTensor(b), { alpha }), expected, name);
    }, 100);
  }
  assertEquals([...tensor([1, 2]).add_(3, { alpha: -0.5 }).toArray()], [-0.5, 0.5]);
});

test("addcmul is within 4·eps·(|a| + |value·b·c|) of the oracle's, whichever of the three are repeated, in place too", () => {
  const shaped = fc.constantFrom(...Object.values(layouts)), value = fc.constantFrom(1, -1, 0, -1 / 31, 0.5);
  const three = fc.tuple(shaped, shaped, shaped, value).chain(([p, q, r, value]) =>
    fc.tuple(operands([few, size], (m, n) => [[m, n], p(m, n), q(m, n), r(m, n)]), fc.constant(value))
  );
  forAll(three, ([[whole, a, b, c], value]) => {
    const close = (first: Plain, actual: Tensor) => {
      const sizes = oracle.addcmul(magnitude(first), magnitude(b), magnitude(c), Math.abs(value)).data;
      const expected = oracle.addcmul(first, b, c, value), { eps } = limits[a.dtype];
      assertWithin(actual, expected, (_, i) => 4 * eps * sizes[i]);
      assertEquals(actual.dtype, a.dtype);
    };
    const x = toTensor(a), y = toTensor(b), z = toTensor(c), target = toTensor(whole);
    close(a, x.addcmul(y, z, { value }));
    assertSame(x, a, "left as it was:");
    assert(target.addcmul_(y, z, { value }) === target);
    close(whole, target);
    if (a.shape.length === 2) close(a, toTensor(oracle.transposed(a, 0, 1)).T.addcmul(y, z, { value }));
  }, 500);
  assertEquals([...tensor([1, 2]).addcmul(tensor([3, 4]), tensor([5])).toArray()], [16, 22]);
});

test("an element's addcmul and a column's variance do not depend on where they stand", () => {
  forAll(fc.tuple(operands([fc.constant(3)], (n) => [[n]]), fc.integer({ min: 1, max: 40 })), ([[numbers], n]) => {
    const [a, b, c] = numbers.data, of = (x: number) => toTensor(oracle.build(numbers.dtype, [n], () => x));
    const results = of(a).addcmul(of(b), of(c)).toArray(),
      deep = oracle.build(numbers.dtype, [3, n], ([i]) => [a, b, c][i]);
    for (const all of [results, toTensor(deep).var(0).toArray()]) assert(all.every((x) => Object.is(x, all[0])));
  });
});

test("addcmul passes on NaN and infinities, and adds denormals", () => {
  for (const dtype of dtypes) {
    const { largest, denormal } = limits[dtype], of = (data: number[]) => tensor(data, { dtype });
    const a = of([NaN, 1, 1, Infinity, 1, denormal, largest, 0, -0]),
      b = of([1, NaN, Infinity, 1, 0, 0, 1, denormal, -0]);
    const c = of([1, 1, 1, 1, Infinity, 0, largest, 1, 1]);
    assertEquals([...a.addcmul(b, c).toArray()], [NaN, NaN, Infinity, Infinity, NaN, denormal, Infinity, denormal, -0]);
  }
});

test("−x and √x have the oracle's bits, of a transposed view too", () => {
  forAll(operands([size, few], (m, n) => [[m, n]], anyNumber), ([a]) => {
    const across = oracle.transposed(a, 0, 1);
    assertSame(toTensor(a).neg(), oracle.neg(a), "neg");
    assertSame(toTensor(a).sqrt(), oracle.sqrt(a), "sqrt");
    assertSame(toTensor(a).T.neg(), oracle.neg(across), "neg");
    assertSame(toTensor(a).T.sqrt(), oracle.sqrt(across), "sqrt");
  });
});

test("powers have the oracle's bits, those that are products, quotients and roots among them", () => {
  const exponents = fc.constantFrom(2, -1, -2, 0.5, -0.5, 0, 1, 3, -1.5, 1 / 3);
  forAll(fc.tuple(operands([size], (n) => [[n]], anyNumber), exponents), ([[a], exponent]) => {
    assertSame(toTensor(a).pow(exponent), oracle.pow(a, exponent), `pow(${exponent})`);
  });
});

// Relative errors. Over all 2³² numbers of float32 the largest were 8.2e-8, 8.2e-8 and 3.6e-7 without fused products; with
// them they differ in the third digit. Where the result is denormal, its last place is the bound.
const bounds = {
  float32: { exp: 1e-7, log: 1e-7, tanh: 4e-7 },
  float64: { exp: 2 ** -50, log: 2 ** -50, tanh: 2 ** -50 },
};

function assertFunctions(a: Plain): void {
  for (const f of ["exp", "log", "tanh"] as const) {
    const expected = oracle.transcendental(f, a), relative = bounds[a.dtype][f];
    // The oracle has a number where float32 has Infinity: beyond its largest number and half a place.
    const data = expected.data.map((y) => Math.abs(y) > limits[a.dtype].largest ? oracle.round[a.dtype](y) : y);
    const bound = (y: number) => relative * Math.abs(y) + limits[a.dtype].denormal;
    assertWithin(toTensor(a)[f](), { ...expected, data }, bound, f);
  }
}

/** Numbers all over a dtype, then numbers between −1000 and 1000, −30 and 30, and 0 and 2. */
function sample(dtype: FloatType): number[] {
  const n = 30_000, bits = new BigUint64Array(n).map((_, i) => BigInt(i) * 0x9E3779B97F4A7C15n);
  const everywhere = dtype === "float64" ? new Float64Array(bits.buffer) : new Float32Array(bits.buffer);
  const spread = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const ranges = [[-1000, 1000], [-30, 30], [0, 2]].map(([from, to]) => spread.map((x) => from + (to - from) * x));
  return [...everywhere, ...ranges.flat().map(oracle.round[dtype])];
}

for (const dtype of dtypes) {
  test(`eˣ, ln x and tanh x of ${dtype} keep to their bounds all over the dtype`, () => {
    using _ = scratch();
    const data = sample(dtype);
    assertFunctions({ dtype, shape: [data.length], data });
  });
}

test("eˣ, ln x and tanh x keep to their bounds in tensors of every size", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => assertFunctions(a));
});

test("a number's eˣ, ln x and tanh x do not depend on where in the tensor it stands", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => {
    for (const f of ["exp", "log", "tanh"] as const) {
      const alone = a.data.map((x) => tensor([x], { dtype: a.dtype })[f]().item());
      assertSame(toTensor(a)[f](), { ...a, data: alone }, f);
    }
  });
});

// --- Along a dimension --------------------------------------------------------------------------------------------------

const boxes = operands([fc.integer({ min: 0, max: 3 }), size, size], (...sizes) => [sizes]);

test("a sum is within 2·n·eps·Σ|x| of the oracle's, and a mean within that over n, along every dimension", () => {
  forAll(fc.tuple(boxes, fc.boolean()), ([[a], keepdim]) => {
    for (const dim of [0, 1, 2]) {
      const n = a.shape[dim], { data } = oracle.sum(magnitude(a), dim, keepdim);
      const bound = (i: number) => 2 * n * limits[a.dtype].eps * data[i];
      for (const d of [dim, dim - 3]) {
        const sum = toTensor(a).sum(d, { keepdim }), mean = toTensor(a).mean(d, { keepdim });
        assertEquals([sum.dtype, mean.dtype], [a.dtype, a.dtype]);
        assertWithin(sum, oracle.sum(a, dim, keepdim), (_, i) => bound(i), `sum(${d})`);
        assertWithin(mean, oracle.mean(a, dim, keepdim), (_, i) => bound(i) * 2 / n, `mean(${d})`);
      }
    }
  });
});

test("the sum and mean of all elements are those of the flattened tensor, a transposed view's too", () => {
  forAll(operands([size, size], (m, n) => [[m, n]]), ([a]) => {
    const flat = { ...a, shape: [a.data.length] }, n = a.data.length;
    const bound = 2 * n * limits[a.dtype].eps * oracle.sum(magnitude(flat), 0).data[0];
    for (const x of [toTensor(a), toTensor(a).T]) {
      assertWithin(x.sum(), oracle.sum(flat, 0), () => bound);
      assertWithin(x.mean(), oracle.mean(flat, 0), () => 2 * bound / n);
      assertEquals(x.sum(undefined, { keepdim: true }).shape, [1, 1]);
    }
  });
});

test("a transposed view's sums along a dimension have the bits of its copy's", () => {
  forAll(operands([size, size], (m, n) => [[m, n]]), ([a]) => {
    const copy = toTensor(oracle.transposed(a, 0, 1));
    for (const dim of [0, 1]) {
      assertSame(toTensor(a).T.sum(dim), { ...a, shape: [a.shape[dim]], data: [...copy.sum(dim).toArray()] });
    }
  });
});

test("a variance is within 12·(n + 2)·eps·max²·n/(n − correction) of the oracle's, along every dimension", () => {
  forAll(fc.tuple(boxes, fc.boolean(), fc.constantFrom(0, 1)), ([[a], keepdim, correction]) => {
    const largest = Math.max(0, ...a.data.map(Math.abs));
    for (const dim of [0, 1, 2]) {
      const n = a.shape[dim], bound = 12 * (n + 2) * limits[a.dtype].eps * largest ** 2 * n / (n - correction);
      const actual = toTensor(a).var(dim, { keepdim, correction });
      assertWithin(actual, oracle.variance(a, dim, keepdim, correction), () => bound, `var(${dim})`);
    }
  });
});

test("the variance of equal numbers is 0, of nothing NaN, and NaN or infinite numbers make it NaN", () => {
  assertEquals([ones([2 ** 22]).var(0).item(), ones([2 ** 22, 1]).var(0).item()], [0, 0]);
  assertEquals([zeros([0]).var(0).item(), tensor([1, 2]).var(0, { correction: 3 }).item()], [NaN, Infinity]);
  for (const special of [NaN, Infinity, -Infinity]) {
    for (let i = 0; i < 22; i++) {
      const data = range(22).map((j) => j === i ? special : j), square = tensor(data, { shape: [2, 11] });
      assertEquals(tensor(data).var(0).item(), NaN);
      assertEquals([...square.var(0).toArray()].map(Number.isNaN), range(11).map((j) => j === i % 11));
      assertEquals([...square.var(1).toArray()].map(Number.isNaN), range(2).map((j) => j === Math.floor(i / 11)));
    }
  }
});

test("the largest values have the oracle's bits and stand where they first occur, NaN being the largest", () => {
  forAll(fc.tuple(operands([few, few, size], (...sizes) => [sizes], anyNumber), fc.boolean()), ([[a], keepdim]) => {
    for (const dim of [0, 1, 2].filter((dim) => a.shape[dim] > 0)) {
      const { values, indices } = toTensor(a).max(dim, { keepdim });
      const where = oracle.argmax(a, dim, keepdim);
      assertSame(values, oracle.max(a, dim, keepdim));
      assertEquals([indices.dtype, ...indices.shape], ["int32", ...where.shape]);
      assertEquals([...indices.toArray()], [...where.data]);
      assertEquals([...toTensor(a).argmax(dim - 3).toArray()], [...where.data]);
    }
  });
});

test("softmax and log-sum-exp are within 4·eps·(n + 8 + distance from the largest) of the oracle's", () => {
  forAll(boxes.filter(([a]) => a.shape[2] > 0), ([a]) => {
    const n = a.shape[2], { eps, denormal } = limits[a.dtype];
    const flat = { ...a, shape: [a.shape[0] * a.shape[1], n] };
    const sums = oracle.logSumExp(flat), shares = oracle.softmax(flat);
    const softmax = (y: number, i: number) => {
      const distance = Math.abs(flat.data[i] - sums.data[Math.floor(i / n)]);
      return 4 * eps * (n + 8 + distance) * y + denormal;
    };
    for (const x of [toTensor(flat), toTensor(oracle.transposed(flat, 0, 1)).T]) {
      assertWithin(x.softmax(1), shares, softmax, "softmax");
      assertWithin(x.logsumexp(-1), sums, (y) => 4 * eps * (n + 8 + Math.abs(y)), "logsumexp");
    }
    assertWithin(toTensor(a).softmax(-1), { ...shares, shape: a.shape }, softmax, "softmax");
    assertEquals(toTensor(a).logsumexp(2).shape, a.shape.slice(0, 2));
  });
});

// --- Copies and rows ----------------------------------------------------------------------------------------------------

test("transposed copies have the oracle's bits, of matrices and of three dimensions", () => {
  forAll(operands([few, size, size], (k, m, n) => [[m, n], [k, m, n]], anyNumber), ([matrix, box]) => {
    assertSame(toTensor(matrix).T.clone(), oracle.transposed(matrix, 0, 1));
    for (const [d0, d1] of [[0, 1], [0, 2], [1, 2]]) {
      assertSame(toTensor(box).transpose(d0, d1).clone(), oracle.transposed(box, d0, d1), `${d0}, ${d1}`);
    }
  }, 50);
});

test("expanded copies have the oracle's bits", () => {
  forAll(operands([few, few, size], (k, m, n) => [[n], [m, 1], [k, 1, n], [k, m, n]], anyNumber), (all) => {
    const { shape } = all[3], matrix = shape.slice(1);
    for (const a of all) assertSame(toTensor(a).expand(...shape).clone(), oracle.expanded(a, shape));
    for (const a of all.slice(0, 2)) assertSame(toTensor(a).expand(...matrix).clone(), oracle.expanded(a, matrix));
  });
});

test("a transposed copy of an expanded view has the oracle's bits", () => {
  forAll(operands([size, size], (m, n) => [[n], [1, n], [m, 1], [m, n]], anyNumber), (all) => {
    const { shape } = all[3];
    for (const a of all) {
      const expected = oracle.transposed(oracle.expanded(a, shape), 0, 1);
      assertSame(toTensor(a).expand(...shape).T.clone(), expected);
    }
  });
});

test("a transposed copy of int32 keeps every bit, those that would be a NaN included", () => {
  const bits = [-1, 0x7fc00001, 0x7f800001, -0x7fffff, 2 ** 31 - 1, -(2 ** 31)];
  const across = tensor(bits, { shape: [2, 3], dtype: "int32" }).T.clone();
  assertEquals([...across.toArray()], [0, 3, 1, 4, 2, 5].map((i) => bits[i]));
});

const tables = fc.record({
  dtype: fc.constantFrom(...dtypes),
  rows: fc.integer({ min: 1, max: 6 }),
  row: fc.oneof(fc.tuple(), fc.tuple(size), fc.tuple(few, few)),
}).chain(({ dtype, rows, row }) =>
  fc.array(fc.nat({ max: rows - 1 }), { maxLength: 12 }).chain((indices) =>
    fc.record({
      table: plain(dtype, [rows, ...row], anyNumber),
      indices: fc.constant(indices),
      source: plain(dtype, [indices.length, ...row], anyNumber),
    })
  )
);

test("rows looked up have the table's bits, by an array of indices or a tensor of any shape", () => {
  forAll(tables, ({ table, indices }) => {
    const n = indices.length;
    assertSame(toTensor(table).at(indices), oracle.lookup(table, indices));
    for (const shape of [[n], [1, n], [n, 1]]) {
      assertSame(toTensor(table).at(tensor(indices, { shape, dtype: "int32" })), oracle.lookup(table, indices, shape));
    }
  });
});

test("rows added back have the oracle's bits, rows that are named more than once included", () => {
  forAll(tables, ({ table, indices, source }) => {
    const target = toTensor(table);
    assertSame(target.index_add_(0, indices, toTensor(source)), oracle.indexAdd(table, indices, source));
    assertSame(target, oracle.indexAdd(table, indices, source));
  });
});

test("picking elements by row and column gives those elements", () => {
  forAll(operands([fc.integer({ min: 1, max: 9 }), size], (m, n) => [[m, n]], anyNumber), ([a]) => {
    const [m, n] = a.shape, all = range(m * n);
    const picked = toTensor(a).at(all.map((i) => Math.floor(i / n)), all.map((i) => i % n));
    assertSame(picked, { ...a, shape: [m * n] });
  });
});
