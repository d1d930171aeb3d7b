// Verdicts where one step for a whole tensor, or one look at the loss, would not do: huge and tiny elements side by side, masks,
// sharp bends, edges and jumps, losses of every size. A right gradient is never called wrong, and a wrong one never passes.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward, Tensors } from "../../lib/check/graph.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { runs } from "../runs.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

/** Tolerances as torch.allclose has them, with an absolute one that shrinks with the gradient. */
const tolerance = (right: readonly number[], i: number) =>
  Math.min(1e-8, 1e-5 * Math.max(...right.map(Math.abs))) + 1e-5 * Math.abs(right[i]);

/**
 * Holds that these numbers are right for a tensor, that the check hands them out, and that no number off by 1.2 times the
 * tolerance (or so many times) passes.
 */
function holds(forward: Forward, leaves: Tensors, name: string, right: readonly number[], times = 1.2): void {
  const check = new Check(forward, leaves), { shape } = check.values[name];
  const row = check.row(name, f64(right, ...shape));
  assertEquals(row.status, "ok", `${name}: ${right}, expected ${row.expected} ${row.remark ?? ""}`);
  check.rightNumbers(name).forEach((x, i) => {
    assert(
      Math.abs(x - right[i]) <= 0.5 * times * tolerance(right, i),
      `right ${name}[${i}]: ${x}, should be ${right[i]}`,
    );
  });
  right.forEach((x, i) => {
    for (const off of [times, -times]) {
      const wrong = right.with(i, x + off * tolerance(right, i));
      if (wrong[i] === x) continue; // all is zero
      assertEquals(check.row(name, f64(wrong, ...shape)).status, "wrong", `${name}[${i}] ${wrong[i]} for ${x}`);
    }
  });
}

test("where the right gradient is infinite, as that of the square root at 0, only that passes", () => {
  const forward: Forward = { y: ({ x }) => x.sqrt(), loss: ({ y }) => y.sum() },
    check = new Check(forward, { x: f64([0, 1, 4]) });
  const status = (...dx: number[]) => check.row("x", f64(dx)).status;
  assertEquals([status(Infinity, 0.5, 0.25), check.row("x", f64([Infinity, 0.5, 0.25])).maxdiff! < 1e-9], ["ok", true]);
  for (const other of [10, 1e300, -Infinity, NaN, 0]) assertEquals(status(other, 0.5, 0.25), "wrong", `${other}`);
  assertEquals(status(Infinity, 0.5, 0.26), "wrong");
});

// --- The step goes with the element -------------------------------------------------------------------------------------------

const sech2 = (x: number) => 1 - Math.tanh(x) ** 2;

test("a huge element beside small ones changes no verdict", () => {
  for (const huge of [1e6, 1e9, -1e9, 1e15, 1e100, 1e300, -1e300]) {
    const x = [0.5, -0.3, huge];
    holds({ loss: ({ x }) => x.tanh().sum() }, { x: f64(x) }, "x", x.map(sech2));
    holds({ h: ({ x }) => x.tanh(), loss: ({ h }) => h.sum() }, { x: f64(x) }, "x", x.map(sech2));
  }
});

const softmax = (x: readonly number[]) => {
  const most = Math.max(...x), e = x.map((a) => Math.exp(a - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((a) => a / sum);
};

test("a mask of −1e9 or −Infinity in a softmax is right with zeros there", () => {
  for (const mask of [-1e9, -1e30, -Infinity]) {
    const x = [0.3, -0.2, mask], s = softmax(x);
    const right = s.map((p, i) => p * ((i === 1 ? 1 : 0) - s[1]));
    holds({ p: ({ x }) => x.softmax(0), loss: ({ p }) => p.at(1) }, { x: f64(x) }, "x", right);
    holds({ loss: ({ x }) => x.softmax(0).at(1) }, { x: f64(x) }, "x", right);
  }
});

test("a causal mask leaves every gradient of an attention right", () => {
  for (const hidden of [-1e9, -Infinity]) {
    const n = 4, scores = Array.from({ length: n * n }, (_, i) => Math.sin(3 * i));
    const mask = scores.map((_, i) => i % n > Math.floor(i / n) ? hidden : 0), v = [1, -2, 0.5, 3];
    const rows = Array.from(
      { length: n },
      (_, i) => softmax(scores.map((s, k) => s + mask[k]).slice(i * n, i * n + n)),
    );
    const out = rows.map((p) => p.reduce((sum, a, j) => sum + a * v[j], 0));
    const dscores = rows.flatMap((p, i) => p.map((a, j) => a * (v[j] - out[i])));
    const forward: Forward = {
      masked: ({ scores, mask }) => scores.add(mask),
      attention: ({ masked }) => masked.softmax(1),
      out: ({ attention, v }) => attention.matmul(v),
      loss: ({ out }) => out.sum(),
    };
    const leaves = { scores: f64(scores, n, n), mask: f64(mask, n, n), v: f64(v, n, 1) };
    for (const name of ["scores", "masked", "mask"]) holds(forward, leaves, name, dscores);
    holds(forward, leaves, "attention", rows.flatMap(() => v));
    holds(forward, leaves, "v", v.map((_, j) => rows.reduce((sum, p) => sum + p[j], 0)));
  }
});

/** Functions with their derivatives, defined everywhere but at 0. */
const functions: Record<string, [f: (x: Tensor) => Tensor, slope: (x: number) => number]> = {
  tanh: [(x) => x.tanh(), sech2],
  square: [(x) => x.pow(2), (x) => 2 * x],
  "x / (1 + x²)": [(x) => x.div(x.pow(2).add(1)), (x) => (1 - x * x) / (1 + x * x) ** 2],
  "√(1 + x²)": [(x) => x.pow(2).add(1).sqrt(), (x) => x / Math.sqrt(1 + x * x)],
  "3x": [(x) => x.mul(3), () => 3],
  "ln(1 + x²)": [(x) => x.pow(2).add(1).log(), (x) => 2 * x / (1 + x * x)],
};
const sized = fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.constantFrom(-1, 1))
  .map(([power, sign]) => sign * 10 ** power);

for (const [what, [f, slope]] of Object.entries(functions)) {
  test(`elements that span twelve orders of magnitude: ${what}, line by line and in one line`, () => {
    fc.assert(
      // Not at ±1, where x / (1 + x²) has a slope of 0 up to rounding. Beside the 1 in 1 + x², digits of a tiny x are lost.
      fc.property(fc.array(sized.map((x) => 1.1 * x), { minLength: 2, maxLength: 6 }), (x) => {
        const right = x.map(slope);
        holds(
          { y: ({ x }) => f(x), loss: ({ y }) => y.sum() },
          { x: f64(x) },
          "x",
          right,
          what.includes("(1") ? 2 : 1.2,
        );
        assertEquals(
          new Check({ loss: ({ x }) => f(x).sum() }, { x: f64(x) }).row("x", f64(right)).status,
          "ok",
          `${x}`,
        );
      }),
      // Where ln(1 + x²) keeps eight digits of one number and four of the other.
      { ...runs(60), examples: [[[-0.000143791237583845, -0.0000013858939802999724]]] },
    );
  });
}

for (
  const [what, f, slope] of [
    ["ln x", (x: Tensor) => x.log(), (x: number) => 1 / x],
    ["1/x", (x: Tensor) => x.pow(-1), (x: number) => -1 / (x * x)],
    ["√x", (x: Tensor) => x.sqrt(), (x: number) => 0.5 / Math.sqrt(x)],
  ] as const
) {
  test(`positive elements that span twelve orders of magnitude: ${what}`, () => {
    fc.assert(
      fc.property(fc.array(sized.map(Math.abs), { minLength: 2, maxLength: 6 }), (x) => {
        holds({ y: ({ x }) => f(x), loss: ({ y }) => y.sum() }, { x: f64(x) }, "x", x.map(slope));
      }),
      runs(60),
    );
  });
}

// --- Bends, corners, jumps, edges ---------------------------------------------------------------------------------------------

test("a bend as sharp as tanh(1e6·x) at 0 is measured, in one line or in three", () => {
  for (const steep of [1e3, 1e6, 1e9]) {
    for (const x of [[0], [0, 0, 0], [0, 1], [0, 1 / steep], [0, -2, 1e6]]) {
      const right = x.map((a) => steep * sech2(steep * a));
      const lines: Forward = { a: ({ x }) => x.mul(steep), h: ({ a }) => a.tanh(), loss: ({ h }) => h.sum() };
      holds(lines, { x: f64(x) }, "x", right);
      const check = new Check({ loss: ({ x }) => x.mul(steep).tanh().sum() }, { x: f64(x) });
      assertEquals(check.row("x", f64(right)).status, "ok", `${x}, ${steep}`);
      for (const factor of [0, 0.999, 1.001, 2]) {
        assertEquals(check.row("x", f64(right.map((a) => factor * a))).status, "wrong", `${x}, ${steep}, ${factor}`);
      }
    }
  }
});

const relu = (x: Tensor) => x.add(x.abs()).div(2);

test("max(0, x)² has the slope 0 at 0, where it begins to bend", () => {
  for (const x of [[0, 0], [0, 1, -1], [0, 0.5, 1e-6, -1e-6], [0, 100]]) {
    const right = x.map((a) => 2 * Math.max(0, a)), leaves = { x: f64(x) };
    for (
      const forward of [
        { loss: ({ x }) => relu(x).pow(2).sum() },
        { h: ({ x }) => relu(x), loss: ({ h }) => h.pow(2).sum() },
      ] as Forward[]
    ) {
      const check = new Check(forward, leaves);
      assertEquals(check.row("x", f64(right)).status, "ok", `${x}`);
      assertEquals(check.row("x", f64(right.with(0, 1e-6))).status, "wrong", `${x}`);
      assertEquals(check.row("x", f64(right.with(0, -1e-6))).status, "wrong", `${x}`);
      check.rightNumbers("x").forEach((a, i) => {
        assert(Math.abs(a - right[i]) <= 1e-9 + 2 * check.doubts("x")[i], `${a} for ${right[i]}`);
      });
    }
  }
});

for (
  const [what, f, slope] of [
    ["|x| + x²", (x: Tensor) => x.abs().add(x.pow(2)), (x: number) => Math.sign(x) + 2 * x],
    ["max(0, x)", relu, (x: number) => x > 0 ? 1 : 0],
  ] as const
) {
  test(`near a corner, beside numbers that are larger by up to twelve orders of magnitude: ${what}`, () => {
    fc.assert(
      fc.property(fc.array(sized, { minLength: 2, maxLength: 6 }), (x) => {
        const check = new Check({ y: ({ x }) => f(x), loss: ({ y }) => y.sum() }, { x: f64(x) }), right = x.map(slope);
        assertEquals(check.row("x", f64(right)).status, "ok", `${x}: ${check.row("x", f64(right)).expected}`);
        check.rightNumbers("x").forEach((a, i) => assert(Math.abs(a - right[i]) <= 1e-8 + 1e-5 * Math.abs(right[i])));
      }),
      runs(60),
    );
  });
}

/** 1 from x = a on, 0 below it. */
const step = (x: Tensor, a: number) => x.sub(a).div(x.sub(a).abs().add(1e-300)).add(1).div(2).to("int32").to("float64");

test("a step function has the slope 0 between its jumps, however near, and on its flat side at a jump", () => {
  for (const near of [0.5, 1e-2, 1e-6, 1e-9, -1e-3, -1e-9]) {
    const check = new Check({ loss: ({ x }) => step(x, 1).add(x.mul(2)).sum() }, { x: f64([1 + near, 3]) });
    assertEquals(check.row("x", f64([2, 2])).status, "ok", `${near}`);
    for (const wrong of [2.001, 0, 1e5, 1e9]) {
      assertEquals(check.row("x", f64([wrong, 2])).status, "wrong", `${near}: ${wrong}`);
    }
  }
  for (const more of [0, 2]) {
    const check = new Check({ s: ({ x }) => step(x, 1), loss: ({ s, x }) => s.add(x.mul(more)).sum() }, {
      x: f64([1, 3]),
    });
    assertEquals(check.row("x", f64([more, more])).status, "ok", `${more}`);
    assertEquals([...check.rightNumbers("x")], [more, more]);
    for (const wrong of [more + 0.01, 1, 1e5, 1e9, -1]) {
      assertEquals(check.row("x", f64([wrong, more])).status, "wrong", `${wrong} at the jump`);
    }
  }
});

test("a logarithm of 1e-16 has its slope right, beside larger numbers and alone", () => {
  for (const p of [1e-8, 1e-12, 1e-16, 1e-30, 1e-100]) {
    for (const x of [[p], [p, 0.3, 0.7], [p, 1e-3, 0.2, 0.5]]) {
      holds(
        { l: ({ x }) => x.log(), loss: ({ l }) => l.mean().neg() },
        { x: f64(x) },
        "x",
        x.map((a) => -1 / a / x.length),
      );
      holds({ loss: ({ x }) => x.log().mean().neg() }, { x: f64(x) }, "x", x.map((a) => -1 / a / x.length));
    }
  }
});

// --- Losses of every size -----------------------------------------------------------------------------------------------------

test("the scale of the loss changes no verdict and no remark", () => {
  const x = [0.5, -1.25, 2, 3e-3];
  for (const scale of [1e-300, 1e-100, 1e-30, 1e-12, 1e-10, 1, 1e10, 1e30, 1e100]) {
    const right = x.map((a) => 2 * a * scale), leaves = { x: f64(x) };
    for (
      const forward of [
        { loss: ({ x }) => x.pow(2).sum().mul(scale) },
        { y: ({ x }) => x.pow(2).mul(scale), loss: ({ y }) => y.sum() },
      ] as Forward[]
    ) {
      holds(forward, leaves, "x", right);
      const check = new Check(forward, leaves);
      assertEquals(check.row("x", f64(right)).remark, undefined);
      assertEquals(check.isZero("x"), false);
    }
  }
});

test("what is added to the loss hides nothing that the lines still show", () => {
  const x = [0.5, -1.25, 2, 3e-3], right = x.map((a) => 2 * a);
  for (const offset of [1e3, 1e6, 1e10, -1e10, 1e14, 1e16]) {
    holds({ y: ({ x }) => x.pow(2), loss: ({ y }) => y.sum().add(offset) }, { x: f64(x) }, "x", right);
    const check = new Check({ loss: ({ x }) => x.pow(2).sum().add(offset) }, { x: f64(x) });
    assertEquals(check.row("x", f64(right)).status, "ok", `${offset}`);
    for (const factor of [1.0001, 0.9999, 31 * 0.03226, -1, 0]) {
      assertEquals(check.row("x", f64(right.map((a) => factor * a))).status, "wrong", `${factor} times, + ${offset}`);
    }
  }
});

test("digits that rounding hides are allowed, and the row says so", () => {
  const x = [0.5, -1.25, 2], right = x.map(sech2);
  const check = new Check({ loss: ({ x }) => x.tanh().sum().add(1e14) }, { x: f64(x) });
  const { status, remark } = check.row("x", f64(right));
  assertEquals(status, "ok");
  assertStringIncludes(remark!, "cannot see all digits");
});
