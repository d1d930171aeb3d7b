// Statistics and losses over a whole set, against their definitions, with more rows than one piece holds.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import { columnStatistics, meanLoss } from "../../lib/exercise/evaluation.ts";
import { Generator } from "../../lib/random/generator.ts";
import { bytesInUse, scratch } from "../../lib/tensor/memory.ts";
import { tensor } from "../../lib/tensor/creation.ts";

const ROWS = 5000; // two whole pieces and a part of one

test("mean and variance of each column are those of all rows, over n − 1, whatever is made of the rows", () => {
  using _ = scratch();
  const x = new Generator(1).randn([ROWS, 2]), numbers = x.toArray();
  const { mean, variance } = columnStatistics(x, (rows) => rows.mul(3).add(100));
  assertEquals([mean.shape, mean.dtype, variance.shape, variance.dtype], [[1, 2], "float32", [1, 2], "float32"]);
  for (const j of [0, 1]) {
    const column = Array.from({ length: ROWS }, (_, i) => 3 * numbers[2 * i + j] + 100);
    const m = column.reduce((a, b) => a + b) / ROWS;
    assertAlmostEquals(mean.toArray()[j], m, 1e-4);
    assertAlmostEquals(variance.toArray()[j], column.reduce((sum, y) => sum + (y - m) ** 2, 0) / (ROWS - 1), 1e-4);
  }
});

test("over few rows the variance is over n − 1, not n", () => {
  const { mean, variance } = columnStatistics(tensor([[1], [2], [6]]), (rows) => rows);
  assertEquals([mean.item(), variance.item()], [3, 7]);
});

test("the loss over a set is the mean over its rows, a last piece of few rows counting as few", () => {
  using _ = scratch();
  const x = tensor(Array.from({ length: ROWS }, (_, i) => i), { shape: [ROWS, 1], dtype: "float64" });
  const y = tensor(Array.from({ length: ROWS }, (_, i) => i % 2), { dtype: "int32" }), seen: number[] = [];
  const loss = meanLoss(x, y, (rows, targets) => {
    seen.push(rows.shape[0]);
    return rows.flatten().add(targets.double()).mean();
  });
  assertEquals(seen.reduce((a, b) => a + b), ROWS);
  assert(Math.max(...seen) < ROWS);
  assertAlmostEquals(loss, (ROWS - 1) / 2 + 0.5, 1e-9);
});

test("a set is gone through without keeping what was made of its pieces", () => {
  using _ = scratch();
  const x = new Generator(2).randn([ROWS, 4]), y = tensor(new Array(ROWS).fill(0), { dtype: "int32" });
  const before = bytesInUse();
  meanLoss(x, y, (rows) => rows.exp().mean());
  assertEquals(bytesInUse(), before);
});
