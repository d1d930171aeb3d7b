// Sums, means, variances, largest values, softmax and log-sum-exp against their definitions, along every dimension.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { full, ones, range, tensor, zeros } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import {
  along,
  anyNumber,
  assertSame,
  assertWithin,
  build,
  forAll,
  get,
  limits,
  magnitude,
  onBothSets,
  operands,
  size,
  total,
  toTensor,
  transposed,
} from "./arbitraries.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const list = (a: Tensor) => [...a.toArray()];
const few = fc.integer({ min: 0, max: 5 });

const boxes = operands([fc.integer({ min: 0, max: 3 }), size, size], (...sizes) => [sizes]);

onBothSets(
  "a sum is within 2·n·eps·Σ|x| of the right one, and a mean within that over n, along every dimension",
  () => {
    forAll(fc.tuple(boxes, fc.boolean()), ([[a], keepdim]) => {
      for (const dim of [0, 1, 2]) {
        const n = a.shape[dim], { data } = along(magnitude(a), dim, total);
        const bound = (i: number) => 2 * n * limits[a.dtype].eps * data[i];
        for (const d of [dim, dim - 3]) {
          const sum = toTensor(a).sum(d, { keepdim }), mean = toTensor(a).mean(d, { keepdim });
          assertEquals([sum.dtype, mean.dtype], [a.dtype, a.dtype]);
          assertWithin(sum, along(a, dim, total, keepdim), (_, i) => bound(i), `sum(${d})`);
          assertWithin(
            mean,
            along(a, dim, (line) => total(line) / n, keepdim),
            (_, i) => bound(i) * 2 / n,
            `mean(${d})`,
          );
        }
      }
    });
  },
);

// PyTorch 2.5: torch.full((1_000_000,), 0.1).sum() is 100000.0078.
onBothSets("float32 sums of many values have float32's digits", () => {
  const close = (sums: Tensor, right: number) => {
    for (const x of sums.flatten().toArray()) {
      assert(Math.abs(x / right - 1) < 8 * limits.float32.eps, `${x}, ${right}`);
    }
  };
  close(full([1e6], 0.1).sum(), 1e5);
  close(full([1e6], 0.1).mean(), 0.1);
  for (const [n, size] of [[33, 7], [1000, 23], [100_000, 3], [30_011, 20]]) {
    // Each column has values of its own; every sum is that of one value, n times.
    const row = range(size).map((i) => 0.1 + i / 7), columns = tensor(row).expand(n, size).clone();
    range(size).forEach((i) => {
      const right = n * Math.fround(row[i]);
      close(columns.sum(0).at(i), right);
      close(columns.T.clone().sum(1).at(i), right);
    });
    // Values of ±c: the mean is c times 0 or 1/n, the sum of the squares n·c² less a little.
    const signs = tensor(range(n).map((i) => i % 2 ? 0.7 : -0.7)).view(-1, 1).expand(n, size).clone();
    const c2 = Math.fround(0.7) ** 2, odd = n % 2 ? 1 / n : 0;
    for (const v of [signs.var(0), signs.T.clone().var(1)]) close(v, c2 * (n - odd) / (n - 1));
  }
});

onBothSets("the sum and mean of all elements are those of the flattened tensor, a transposed view's too", () => {
  forAll(operands([size, size], (m, n) => [[m, n]]), ([a]) => {
    const flat = { ...a, shape: [a.data.length] }, n = a.data.length;
    const bound = 2 * n * limits[a.dtype].eps * total(magnitude(a).data);
    for (const x of [toTensor(a), toTensor(a).T]) {
      assertWithin(x.sum(), along(flat, 0, total), () => bound);
      assertWithin(x.mean(), along(flat, 0, (line) => total(line) / n), () => 2 * bound / n);
      assertEquals(x.sum(undefined, { keepdim: true }).shape, [1, 1]);
    }
  });
});

onBothSets("a transposed view's sums along a dimension have the bits of its copy's", () => {
  forAll(operands([size, size], (m, n) => [[m, n]]), ([a]) => {
    const copy = toTensor(transposed(a, 0, 1));
    for (const dim of [0, 1]) {
      assertSame(toTensor(a).T.sum(dim), { ...a, shape: [a.shape[dim]], data: [...copy.sum(dim).toArray()] });
    }
  });
});

onBothSets(
  "a variance is within 12·(n + 2)·eps·max²·n/(n − correction) of the right one, along every dimension",
  () => {
    forAll(fc.tuple(boxes, fc.boolean(), fc.constantFrom(0, 1)), ([[a], keepdim, correction]) => {
      const largest = Math.max(0, ...a.data.map(Math.abs));
      for (const dim of [0, 1, 2]) {
        const n = a.shape[dim], bound = 12 * (n + 2) * limits[a.dtype].eps * largest ** 2 * n / (n - correction);
        const actual = toTensor(a).var(dim, { keepdim, correction });
        const expected = along(a, dim, (line) => {
          const mean = total(line) / n;
          return total(line.map((x) => (x - mean) ** 2)) / Math.max(0, n - correction);
        }, keepdim);
        assertWithin(actual, expected, () => bound, `var(${dim})`);
      }
    });
  },
);

onBothSets("the variance of equal numbers is 0, of nothing NaN, and NaN or infinite numbers make it NaN", () => {
  assertEquals([ones([2 ** 18]).var(0).item(), ones([2 ** 18, 1]).var(0).item()], [0, 0]);
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

/** The place of the first of the largest numbers, or of the first NaN, if there is one. */
function firstLargest(line: number[]): number {
  const nan = line.findIndex(Number.isNaN);
  return nan >= 0 ? nan : line.indexOf(Math.max(...line));
}

onBothSets("the largest values are exact, with the place where each first occurs, and NaN is the largest", () => {
  forAll(fc.tuple(operands([few, few, size], (...sizes) => [sizes], anyNumber), fc.boolean()), ([[a], keepdim]) => {
    for (const dim of [0, 1, 2].filter((dim) => a.shape[dim] > 0)) {
      const { values, indices } = toTensor(a).max(dim, { keepdim });
      const where = along(a, dim, firstLargest, keepdim);
      const largest = along(a, dim, (line) => line[firstLargest(line)], keepdim);
      assertSame(values, { ...largest, dtype: a.dtype });
      assertEquals([indices.dtype, ...indices.shape], ["int32", ...where.shape]);
      assertEquals([...indices.toArray()], [...where.data]);
      assertEquals([...toTensor(a).argmax(dim - 3).toArray()], [...where.data]);
    }
  });
});

onBothSets(
  "softmax, its logarithm and log-sum-exp are within 4·eps·(n + 8 + distance from the largest) of the right ones",
  () => {
    forAll(boxes.filter(([a]) => a.shape[2] > 0), ([a]) => {
      const n = a.shape[2], { eps, denormal } = limits[a.dtype];
      const flat = { ...a, shape: [a.shape[0] * a.shape[1], n] };
      const tops = along(flat, 1, (line) => Math.max(...line)).data;
      const totals = along(flat, 1, (line) => total(line.map((x) => Math.exp(x - Math.max(...line)))));
      const sums = { ...totals, data: totals.data.map((sum, i) => tops[i] + Math.log(sum)) };
      const shares = build("float64", flat.shape, ([i, j]) => Math.exp(get(flat, [i, j]) - tops[i]) / totals.data[i]);
      const softmax = (y: number, i: number) => {
        const distance = Math.abs(flat.data[i] - sums.data[Math.floor(i / n)]);
        return 4 * eps * (n + 8 + distance) * y + denormal;
      };
      const logs = build("float64", flat.shape, ([i, j]) => get(flat, [i, j]) - tops[i] - Math.log(totals.data[i]));
      for (const x of [toTensor(flat), toTensor(transposed(flat, 0, 1)).T]) {
        assertWithin(x.softmax(1), shares, softmax, "softmax");
        assertWithin(x.log_softmax(1), logs, (y) => 4 * eps * (n + 8 + Math.abs(y)), "log_softmax");
        assertWithin(x.logsumexp(-1), sums, (y) => 4 * eps * (n + 8 + Math.abs(y)), "logsumexp");
      }
      assertWithin(toTensor(a).softmax(-1), { ...shares, shape: a.shape }, softmax, "softmax");
      assertEquals(toTensor(a).logsumexp(2).shape, a.shape.slice(0, 2));
    });
  },
);

onBothSets(
  "softmax and its logarithm along a dimension are those of the tensor with that dimension last, log-sum-exp nearly",
  () => {
    forAll(boxes.filter(([a]) => !a.shape.includes(0)), ([a]) => {
      for (const dim of [0, 1]) {
        const turned = transposed(a, dim, 2), x = toTensor(a), y = toTensor(turned);
        for (const f of ["softmax", "log_softmax"] as const) {
          assertSame(x[f](dim), transposed({ ...turned, data: [...y[f](2).toArray()] }, dim, 2), `${f}(${dim})`);
        }
        const sums = { ...turned, shape: turned.shape.slice(0, 2), data: [...y.logsumexp(2).toArray()] };
        const bound = (y: number) => 4 * limits[a.dtype].eps * (a.shape[dim] + 8 + Math.abs(y));
        assertWithin(x.logsumexp(dim), dim === 0 ? transposed(sums) : sums, bound, `logsumexp(${dim})`);
      }
    });
  },
);

test("max along a dimension gives values and indices, by name and as a pair", () => {
  const result = six().max(1), [values, indices] = result;
  assert(values === result.values && indices === result.indices);
  assert(result[0] === values && result[1] === indices);
  assertEquals([...result].length, 2);
  assertEquals(Object.keys(result), ["values", "indices"]);
});

test("a reduction along a dimension that does not exist is refused, and so is the largest of nothing", () => {
  for (const dim of [2, -3, 0.5]) {
    for (const f of ["sum", "mean", "var", "max", "argmax"] as const) {
      const of: Record<typeof f, (dim: number) => unknown> = six();
      assertThrows(() => of[f](dim), RangeError, `Dimension ${dim} does not exist in shape (2, 3)`);
    }
  }
  assertThrows(() => zeros([2, 0]).max(1), RangeError, "(2, 0)");
  assertEquals(zeros([2, 0]).max(0).values.shape, [0]);
});

test("softmax and logsumexp go along any dimension that there is", () => {
  assertEquals([six().softmax(-1).shape, six().logsumexp(-1).shape, tensor([1]).logsumexp(0).shape], [[2, 3], [2], []]);
  assertEquals([six().softmax(0).shape, six().log_softmax(-2).shape, six().logsumexp(0).shape], [[2, 3], [2, 3], [3]]);
  assertEquals(list(six().softmax(0).index_put_([[0], [0]], 7).at(0)).at(0), 7);
  for (const f of ["softmax", "log_softmax", "logsumexp"] as const) {
    assertThrows(() => six()[f](2), RangeError, "Dimension 2");
    assertThrows(() => tensor(7)[f](0), RangeError, "no dimensions");
  }
});

test("var is Bessel-corrected by default, as PyTorch's is", () => {
  const a = tensor([1, 2, 3, 4], { dtype: "float64" });
  assertAlmostEquals(a.var(0).item(), 5 / 3, 1e-15);
  assertAlmostEquals(a.var(0, { correction: 0 }).item(), 5 / 4, 1e-15);
  assertEquals(a.view(1, 4).var(0, { keepdim: true }).shape, [1, 4]);
  assert(Number.isNaN(tensor([1]).var(0).item()));
  assertEquals(a.var(0, { unbiased: false }).item(), a.var(0, { correction: 0 }).item());
  const box = tensor(range(24), { shape: [2, 3, 4], dtype: "float64" });
  // torch.arange(24.).view(2, 3, 4).var((0, 2)) → 42.5714, 42.5714, 42.5714; .var() → 50.
  for (const x of box.var([0, 2]).toArray()) assertAlmostEquals(x, 298 / 7, 1e-12);
  assertEquals([box.var().item(), box.var([0, 2], { keepdim: true }).shape, box.var([-1, 1]).shape], [50, [1, 3, 1], [
    2,
  ]]);
});

test("a sum of rows and columns is the sum of all, whatever comes first", () => {
  const data = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 24, maxLength: 24 });
  forAll(data, (data) => {
    const a = tensor(data, { shape: [2, 3, 4] }), all = data.reduce((x, y) => x + y, 0);
    for (const [d0, d1, d2] of [[0, 0, 0], [2, 1, 0], [1, 1, 0], [-1, -1, -1]]) {
      assertEquals(a.sum(d0).sum(d1).sum(d2).item(), all);
    }
  });
});

test("a sum or mean over several dimensions at once is the one over each in turn, in whatever order they are named", () => {
  const a = tensor(range(24), { shape: [2, 3, 4], dtype: "float64" });
  for (const dims of [[0, 1], [1, 0], [0, 2], [2, 1], [0, 1, 2], [-1, 0]]) {
    const kept = dims.reduce((t, d) => t.sum(d, { keepdim: true }), a);
    const n = dims.reduce((n, d) => n * a.size(d), 1),
      left = [0, 1, 2].filter((d) => !dims.includes(d) && !dims.includes(d - 3));
    assertEquals(a.sum(dims, { keepdim: true }).tolist(), kept.tolist());
    assertEquals(a.sum(dims).shape, left.map((d) => a.size(d)));
    assertEquals(list(a.mean(dims)), list(kept.div(n)));
  }
  assertEquals(a.sum(0, {}).shape, [3, 4]);
  assertThrows(() => a.sum([0, 0]), RangeError, "each dimension once");
});
