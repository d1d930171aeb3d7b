// The matrix product: against its definition, and by the identities it has to satisfy.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { scratch } from "../../lib/tensor/memory.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { full, ones, tensor, zeros } from "../../lib/tensor/creation.ts";
import {
  anyNumber,
  assertSame,
  assertWithin,
  broadcast,
  build,
  dtypes,
  expanded,
  type FloatType,
  forAll,
  limits,
  magnitude,
  onBothSets,
  operands,
  operators,
  product as exactProduct,
  round,
  size,
  toTensor,
  transposed,
  type Values,
} from "./arbitraries.ts";

/** Small whole numbers, of which products and sums are exact. */
function whole(dtype: FloatType, shape: readonly number[], seed = 0): Values {
  const n = shape.reduce((product, size) => product * size, 1);
  return { dtype, shape, data: Array.from({ length: n }, (_, i) => (i + seed) * 7 % 11 - 5) };
}

/** The product as a tensor of this dtype has it. */
function product(a: Values, b: Values): Values {
  const { shape, data } = exactProduct(a, b);
  return { dtype: a.dtype, shape, data: data.map(round[a.dtype]) };
}

onBothSets(
  "a matrix product is within 2·(k + 1)·eps·Σ|a·b| of the right one, whichever side is a transposed view",
  () => {
    forAll(operands([size, size, size], (m, k, n) => [[m, k], [k, n]]), ([a, b]) => {
      const factor = 2 * (a.shape[1] + 1) * limits[a.dtype].eps, expected = exactProduct(a, b);
      const sums = exactProduct(magnitude(a), magnitude(b)).data, bound = (_: number, i: number) => factor * sums[i];
      const x = toTensor(a), y = toTensor(b);
      const across = toTensor(transposed(a)).T, down = toTensor(transposed(b)).T;
      for (const left of [x, across]) for (const right of [y, down]) assertWithin(left.matmul(right), expected, bound);
    });
  },
);

for (const dtype of dtypes) {
  onBothSets(`a ${dtype} matrix product of small whole numbers is exact at every size up to 10 × 3 × 18`, () => {
    for (let m = 0; m <= 10; m++) {
      for (let n = 0; n <= 18; n++) {
        for (const k of [0, 1, 3]) {
          using _ = scratch();
          const a = whole(dtype, [m, k]), b = whole(dtype, [k, n], 5);
          assertSame(toTensor(a).matmul(toTensor(b)), product(a, b), `${m} × ${k} × ${n}:`);
        }
      }
    }
  });

  onBothSets(
    `a ${dtype} matrix product of small whole numbers is exact where the left side is copied in blocks of rows`,
    () => {
      for (const [m, k, n] of [[9, 1100, 9], [40, 300, 7], [33, 129, 18], [5, 2000, 5], [3, 2000, 5]]) {
        using _ = scratch();
        const a = whole(dtype, [m, k]);
        const b = whole(dtype, [k, n], 5);
        const expected = product(a, b);
        const what = `${m} × ${k} × ${n}`;
        assertSame(toTensor(a).matmul(toTensor(b)), expected, `${what}:`);
        assertSame(
          toTensor(transposed(a)).T.matmul(toTensor(b)),
          expected,
          `${what}, the left side a transposed view:`,
        );
      }
    },
  );

  onBothSets(
    `a ${dtype} addmm of small whole numbers is exact at every size up to 10 × 3 × 18, for any bias that fits`,
    () => {
      for (let m = 1; m <= 10; m++) {
        for (let n = 1; n <= 18; n++) {
          for (const k of [0, 3]) {
            using _ = scratch();
            const a = whole(dtype, [m, k]), b = whole(dtype, [k, n], 5), ab = product(a, b);
            for (const shape of [[n], [1, n], [m, 1], [m, n], [1], []]) {
              const bias = whole(dtype, shape, 2), expected = broadcast(operators.add, ab, bias);
              const actual = toTensor(bias).addmm(toTensor(a), toTensor(b));
              assertSame(actual, expected, `(${shape}) + ${m} × ${k} × ${n}:`);
            }
          }
        }
      }
    },
  );

  onBothSets(
    `NaN and ±Infinity in a ${dtype} matrix product reach the rows and columns they belong to, and no others`,
    () => {
      for (const special of [NaN, Infinity, -Infinity]) {
        for (let i = 0; i < 35; i++) {
          using _ = scratch();
          const a = whole(dtype, [7, 5]), b = whole(dtype, [5, 7], 3);
          const left = { ...a, data: a.data.with(i, special) }, right = { ...b, data: b.data.with(i, special) };
          assertSame(toTensor(left).matmul(toTensor(b)), product(left, b), `${special} at ${i}, left:`);
          assertSame(toTensor(a).matmul(toTensor(right)), product(a, right), `${special} at ${i}, right:`);
          assertSame(toTensor(left).matmul(toTensor(right)), product(left, right), `${special} at ${i}, both:`);
        }
      }
    },
  );

  onBothSets(`a ${dtype} matrix product too large for its dtype is Infinity, and a denormal one is kept`, () => {
    using _ = scratch();
    const { largest, normal } = limits[dtype];
    for (const [x, y] of [[largest, 2], [-largest, 2], [normal, 0.25], [normal, -0.25]]) {
      const a = build(dtype, [9, 1], () => x), b = build(dtype, [1, 9], () => y);
      assertSame(toTensor(a).matmul(toTensor(b)), expanded(build(dtype, [], () => x * y), [9, 9]));
    }
  });
}

// Large enough for the product in blocks of k, with rows and columns left over or not.
test("a large product of whole numbers is the sum of small ones, in both precisions, transposed, with a bias or without", () => {
  for (const [m, k, n] of [[4, 600, 450], [31, 1100, 251], [69, 517, 1028], [70, 1024, 260]]) {
    for (const dtype of dtypes) {
      using _ = scratch();
      const a = toTensor(whole(dtype, [m, k]));
      const b = toTensor(whole(dtype, [k, n], 5));
      const bias = toTensor(whole(dtype, [n], 2));
      const sum = zeros([m, n], { dtype });
      for (let p = 0; p < k; p += 100) {
        const depth = Math.min(100, k - p);
        sum.add_(a.narrow(1, p, depth).matmul(b.narrow(0, p, depth)));
      }
      const close = (c: Tensor, right: Tensor) => assert(c.equal(right), `${dtype}, ${m} × ${k} × ${n}`);
      close(a.matmul(b), sum);
      close(a.T.clone().T.matmul(b), sum);
      close(bias.addmm(a, b), sum.add(bias));
    }
  }
});

test("a product of many summands has float32's digits", () => {
  const row = full([4, 100_000], 0.1), column = ones([100_000, 8]);
  for (const x of row.matmul(column).toArray()) assert(Math.abs(x / 10_000 - 1) < 1e-6, `${x}`);
});

onBothSets("A·I and I·A are A", () => {
  forAll(operands([size, size], (m, n) => [[m, n]]), ([a]) => {
    const [m, n] = a.shape, x = toTensor(a);
    const identity = (size: number) => toTensor(build(a.dtype, [size, size], ([i, j]) => i === j ? 1 : 0));
    // 0 + (−0)·1 is 0: the sign of a zero is not kept.
    const expected = { ...a, data: a.data.map((x) => x + 0) };
    assertSame(x.matmul(identity(n)), expected, "A·I");
    assertSame(identity(m).matmul(x), expected, "I·A");
  });
});

onBothSets("(A·B)ᵀ has the bits of Bᵀ·Aᵀ", () => {
  forAll(operands([size, size, size], (m, k, n) => [[m, k], [k, n]], anyNumber), ([a, b]) => {
    const x = toTensor(a), y = toTensor(b), [m, n] = [a.shape[0], b.shape[1]];
    const left = x.matmul(y).T, right = y.T.matmul(x.T);
    assertSame(left, { dtype: a.dtype, shape: [n, m], data: [...right.toArray()] });
  });
});

onBothSets("transposed views give the same bits as transposed copies, on either side", () => {
  forAll(operands([size, size, size], (m, k, n) => [[k, m], [n, k]], anyNumber), ([a, b]) => {
    const x = toTensor(a).T, y = toTensor(b).T;
    const p = toTensor(transposed(a)), q = toTensor(transposed(b));
    const copies = p.matmul(q), expected = { dtype: a.dtype, shape: copies.shape, data: [...copies.toArray()] };
    assertSame(x.matmul(q), expected, "left");
    assertSame(p.matmul(y), expected, "right");
    assertSame(x.matmul(y), expected, "both");
  });
});

onBothSets("an expanded view on either side gives the same bits as its copy", () => {
  forAll(operands([size, size, size], (m, k, n) => [[1, k], [m, 1], [k, n], [1, n]]), ([row, column, b, last]) => {
    const [m, k] = [column.shape[0], row.shape[1]], n = b.shape[1];
    for (const a of [toTensor(row).expand(m, k), toTensor(column).expand(m, k)]) {
      for (const c of [toTensor(b), toTensor(last).expand(k, n)]) {
        const copies = a.clone().matmul(c.clone());
        assertSame(a.matmul(c), { dtype: b.dtype, shape: [m, n], data: [...copies.toArray()] });
      }
    }
  });
});

onBothSets("float32 times float64 is the float64 product", () => {
  const a = whole("float32", [5, 3]), b = whole("float64", [3, 9], 4), third = 1 / 3;
  const scaled = { ...b, data: b.data.map((x) => x * third) };
  const exact = toTensor({ ...a, dtype: "float64" }).matmul(toTensor(scaled));
  assertSame(toTensor(a).matmul(toTensor(scaled)), { dtype: "float64", shape: [5, 9], data: [...exact.toArray()] });
  const swapped = toTensor(scaled).T.matmul(toTensor(a).T);
  assertSame(swapped.T, { dtype: "float64", shape: [5, 9], data: [...exact.toArray()] });
});

onBothSets(
  "matrices whose inner sizes differ, and scalars, are refused by name of both shapes",
  () => {
    const a = zeros([2, 3]);
    assertThrows(() => a.matmul(zeros([2, 3])), RangeError, "(2, 3) and (2, 3)");
    assertThrows(() => a.matmul(zeros([4, 2])), RangeError, "(2, 3) and (4, 2)");
    assertThrows(() => a.matmul(ones([2])), RangeError, "(2, 3) and (2)");
    assertThrows(() => ones([2]).matmul(ones([3, 1])), RangeError, "(2) and (3, 1)");
    assertThrows(() => ones([1, 2, 3]).matmul(a), RangeError, "(1, 2, 3) and (2, 3)");
    assertThrows(() => ones([2, 2, 3]).matmul(ones([3, 3, 4])), RangeError, "(2, 2, 3) and (3, 3, 4)");
    assertThrows(() => tensor(1).matmul(a), RangeError, "() and (2, 3)");
    assertThrows(() => tensor(1).matmul(tensor(2)), RangeError, "() and ()");
    assertThrows(() => ones([1, 2, 3]).mm(a), RangeError, "mm takes tensors of 2 dimensions");
    assertThrows(() => a.bmm(a), RangeError, "bmm takes tensors of 3 dimensions");
  },
);

onBothSets("addmm has the bits of the product and then the sum, whichever side is a transposed view", () => {
  forAll(operands([size, size, size], (m, k, n) => [[n], [1, n], [m, 1], [m, k], [k, n]], anyNumber), (all) => {
    const [a, b] = all.slice(3).map(toTensor);
    const across = toTensor(transposed(all[3])).T;
    const down = toTensor(transposed(all[4])).T;
    const product = a.matmul(b);
    for (const bias of all.slice(0, 3)) {
      const sum = product.add(toTensor(bias)), expected = { ...bias, shape: sum.shape, data: [...sum.toArray()] };
      assertSame(toTensor(bias).addmm(a, b), expected);
      assertSame(toTensor(bias).addmm(across, down), expected, "transposed views:");
    }
  });
  assertEquals([...tensor([1e8]).addmm(ones([1, 1000]), ones([1000, 1])).toArray()], [100_001_000]);
});

onBothSets(
  "addmm is of the widest dtype of the three, and refuses a bias that is larger than the product or does not fit",
  () => {
    const a = ones([2, 3]), b = ones([3, 4]), wide = zeros([4], { dtype: "float64" });
    assertEquals([wide.addmm(a, b).dtype, zeros([4]).addmm(a, b.to("float64")).dtype], ["float64", "float64"]);
    assertEquals([...zeros([1, 4]).T.T.addmm(a, b).toArray()], new Array(8).fill(3));
    assertThrows(
      () => zeros([5, 2, 4]).addmm(a, b),
      RangeError,
      "addmm adds a tensor that broadcasts to the product's (2, 4)",
    );
    assertThrows(() => zeros([3]).addmm(a, b), RangeError, "Cannot addmm shapes (3) and (2, 4)");
    assertThrows(() => zeros([4]).addmm(b, a), RangeError, "(3, 4) and (2, 3)");
    assertThrows(() => zeros([5, 0]).addmm(a, zeros([3, 0])), RangeError, "Cannot addmm shapes (5, 0) and (2, 0)");
  },
);
