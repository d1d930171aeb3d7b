// Gradients at a corner, near one, and at the end of a function.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { type Forward } from "../../lib/check/graph.ts";
import { tensor } from "../../lib/tensor/creation.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

/** max(0, x), whose corner is at 0. */
const hinge: Forward = { h: ({ x }) => x.add(x.pow(2).sqrt()).div(2), loss: ({ h, w }) => h.mul(w).sum() };

test("at a corner, or so near that rounding hides it, whatever lies between the two slopes passes, with a remark", () => {
  for (const x of [0, 1e-15, -1e-15]) {
    const check = new Check(hinge, { x: f64([x, 0.7, -0.4]), w: f64([3, 2, 5]) });
    for (const slope of [0, 3, 1.5]) {
      const row = check.row("x", f64([slope, 2, 0]));
      assertEquals(row.status, "ok", `${slope} at ${x}`);
      if (slope !== 1.5) assertStringIncludes(row.remark!, "cannot tell"); // 1.5 is what a central difference gives
    }
    for (const slope of [-0.1, 3.1]) {
      assertEquals(check.row("x", f64([slope, 2, 0])).status, "wrong", `${slope} at ${x}`);
    }
    assertEquals(check.row("x", f64([3, 2, 0.1])).status, "wrong");
  }
});

test("beside a corner only the slope of its own side is right, however near the corner is", () => {
  for (const near of [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]) {
    const check = new Check(hinge, { x: f64([near, -near, -0.4]), w: f64([3, 2, 5]) });
    assertEquals(check.row("x", f64([3, 0, 0])).status, "ok");
    assertEquals(check.row("x", f64([0, 0, 0])).status, "wrong");
    assertEquals(check.row("x", f64([3, 2, 0])).status, "wrong");
  }
});

test("at the end of a function its slope is right, and no other is", () => {
  // One step further up, e^x overflows.
  const check = new Check({ loss: ({ x }) => x.exp().sum() }, { x: f64([709.782, 1]) });
  for (const given of [[0, 1], [1e9, 1], [1, 1], [0, 0]]) {
    assertEquals(check.row("x", f64(given)).status, "wrong", `given ${given}`);
  }
  assertEquals(check.row("x", f64([Math.exp(709.782), Math.E])).status, "ok");
});
