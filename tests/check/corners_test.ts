// Gradients at a corner, near one, and at the end of a function.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { type Forward } from "../../lib/check/graph.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { minimum, where } from "../../lib/tensor/functional.ts";

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

test("where two sides of a minimum are equal, what they send back together has no corner: another sum of theirs is wrong", () => {
  const [ratio, adv] = [f64([0.7, 0.9, 1.1, 1.3, 0.75, 1.25]), f64([1.1, -0.7, 0.9, 0.6, -1.3, -0.8])];
  const own = ratio.mul(adv), clipped = ratio.clamp(0.8, 1.2).mul(adv);
  for (const inOneGo of [true, false]) {
    const forward: Forward = inOneGo
      ? { loss: ({ ratio, adv }) => minimum(ratio.mul(adv), ratio.clamp(0.8, 1.2).mul(adv)).sum() }
      : {
        own: ({ ratio, adv }) => ratio.mul(adv),
        clipped: ({ ratio, adv }) => ratio.clamp(0.8, 1.2).mul(adv),
        loss: ({ own, clipped }) => minimum(own, clipped).sum(),
      };
    const check = new Check(forward, { ratio, adv });
    assertEquals(check.row("ratio", where(own.le(clipped), adv, 0)).status, "ok");
    for (const wrong of [where(own.lt(clipped), adv, 0), where(own.ge(clipped), adv, 0), adv]) {
      assertEquals(check.row("ratio", wrong).status, "wrong");
    }
    if (inOneGo) continue;
    // By itself, each side may get all, nothing, or a half.
    for (const share of [own.le(clipped), own.lt(clipped), own.lt(clipped).double().add(own.le(clipped)).div(2)]) {
      assertEquals(check.row("own", share.double()).status, "ok");
    }
    assertEquals(check.row("own", own.gt(clipped).double()).status, "wrong");
  }
});
