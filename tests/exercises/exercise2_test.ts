// Exercise 2: cross-entropy's gradient against the lecture's figures, closed forms and shifts.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import source from "../../exercises/ex2.ts" with { type: "text" };
import { regions } from "../../lib/exercise/blank.ts";
import { cross_entropy } from "../../lib/tensor/functional.ts";
import { range, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };
import { runSource } from "../harness.ts";

const lecture = facts.lecture.exercises_1_to_3;
const original = await runSource(source);

/** Exercise 2's own lines, taken out of its source. */
const formula = new Function("logits", "yb", "n", "range", regions(source)[0].lines.join("") + "return dlogits;");

function gradient(logits: Tensor, targets: number[]): Tensor {
  return formula(logits, targets, logits.shape[0], range);
}

const matrix = (rows: number[][]) => tensor(rows.flat(), { shape: [rows.length, rows[0].length], dtype: "float64" });

test("exercise 2's one row is right, and its loss is the float64 loss of PyTorch", () => {
  assertEquals(original.rows.map(({ name, status }) => [name, status]), [["logits", "ok"]]);
  assertAlmostEquals(original.results.loss as number, facts.autograd_float64.loss, 1e-14);
});

test("softmax row 0 and dlogits row 0 · 32 are the lecture's figures to four decimals", () => {
  const round = (t: Tensor) => [...t.narrow(0, 0, 1).toArray()].map((x) => Number(x.toFixed(4)));
  assertEquals(round(original.check.values.logits.softmax(1)), lecture.softmax_row_0);
  assertEquals(round(original.gradients.logits!.mul(32)), lecture.dlogits_row_0_times_32);
});

test("exercise 2 prints a difference of at most 1e-12 to exercise 1's eight steps, in the loss and in the gradient", () => {
  const loss = /difference: +(\S+)/.exec(original.output)![1];
  const difference = /eight steps: (\S+e-\d+|0)/.exec(original.output)![1];
  assert(Math.abs(Number(loss)) <= 1e-12 && Number(difference) <= 1e-12, `${loss} ${difference}`);
});

test("every row of dlogits sums to zero", () => {
  for (const sum of original.gradients.logits!.sum(1).toArray()) assertAlmostEquals(sum, 0, 1e-16);
});

test("two equal logits give ln 2 and a gradient of ∓½, worked by hand", () => {
  const logits = matrix([[0, 0]]);
  assertAlmostEquals(cross_entropy(logits, [0]).item(), Math.log(2), 1e-15);
  assertEquals([...gradient(logits, [0]).toArray()], [-0.5, 0.5]);
});

test("logits ln 1, ln 2, ln 5 and target 2 give ln(8/5) and (1, 2, −3)/8, worked by hand; half of it in a batch of 2", () => {
  const row = [Math.log(1), Math.log(2), Math.log(5)];
  assertAlmostEquals(cross_entropy(matrix([row]), [2]).item(), Math.log(8 / 5), 1e-15);
  gradient(matrix([row]), [2]).toArray().forEach((x, i) => assertAlmostEquals(x, [1, 2, -3][i] / 8, 1e-15));
  gradient(matrix([row, row]), [2, 2]).toArray().forEach((x, i) =>
    assertAlmostEquals(x, [1, 2, -3][i % 3] / 16, 1e-15)
  );
});

test("adding a constant to a row changes neither loss nor gradient, also at ±1000", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });
  const rows = fc.array(fc.tuple(number, number, number, number), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(rows, fc.constantFrom(-1000, -1, 1e-3, 7, 1000), (rows, shift) => {
    const targets = rows.map((_, i) => i % 4);
    const logits = matrix(rows), shifted = logits.add(shift);
    assertAlmostEquals(cross_entropy(shifted, targets).item(), cross_entropy(logits, targets).item(), 1e-12);
    const a = gradient(logits, targets).toArray(), b = gradient(shifted, targets).toArray();
    a.forEach((x, i) => assertAlmostEquals(b[i], x, 1e-12));
  }));
});
