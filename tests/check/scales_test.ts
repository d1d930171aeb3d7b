// True gradients pass and false ones do not, however large or small the inputs and the loss are.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { type Forward, type Tensors } from "../../lib/check/graph.ts";
import { Generator } from "../../lib/random/generator.ts";
import { sub } from "../../lib/tensor/functional.ts";
import { full, ones_like, range, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

interface Case {
  forward: Forward;
  leaves: Tensors;
  gradients: Record<string, Tensor>;
}

const g = new Generator(3);
const x0 = g.randn([4, 3]).to("float64"), w0 = g.randn([3, 5]).to("float64");
const positive0 = f64(Array.from(range(12), (i) => 0.1 + ((i * 7) % 12) / 6), 3, 4);

/** Losses with the inputs scaled by `s`, at whose scale they bend, and the loss by `c`. */
const losses: Record<string, (c: number, s: number) => Case> = {
  "the sum of tanh(x·w)²": (c, s) => {
    const x = x0.mul(s), w = w0.mul(1 / s), t = x.matmul(w).tanh();
    const dh = sub(1, t.pow(2)).mul(t).mul(2 * c);
    return {
      forward: { h: ({ x, w }) => x.matmul(w).tanh(), loss: ({ h }) => h.pow(2).sum().mul(c) },
      leaves: { x, w },
      gradients: { x: dh.matmul(w.T), w: x.T.matmul(dh), h: t.mul(2 * c) },
    };
  },
  "the mean of exp(x)": (c, s) => {
    const x = positive0.mul(s), e = x.div(s).exp();
    return {
      forward: { e: ({ x }) => x.div(s).exp(), loss: ({ e }) => e.mean().mul(c) },
      leaves: { x },
      gradients: { x: e.mul(c / 12 / s), e: full([3, 4], c / 12, { dtype: "float64" }) },
    };
  },
  "the sum of logarithms of sums": (c, s) => {
    const x = positive0.mul(s), dt = x.sum(1, { keepdim: true }).pow(-1).mul(c);
    return {
      forward: {
        t: ({ x }) => x.sum(1, { keepdim: true }),
        logs: ({ t }) => t.log(),
        loss: ({ logs }) => logs.sum().mul(c),
      },
      leaves: { x },
      gradients: { x: ones_like(x).mul(dt), t: dt },
    };
  },
};
const scales = [1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6];

/** The gradient with its largest element off by a part in a thousand. */
function perturbed(gradient: Tensor): Tensor {
  const values = gradient.toArray(), sizes = values.map(Math.abs);
  const at = sizes.indexOf(Math.max(...sizes));
  values[at] *= 1.001;
  return f64(values, ...gradient.shape);
}

for (const [what, make] of Object.entries(losses)) {
  for (const s of scales) {
    test(`gradients of ${what} pass and are rejected with one element off by 1e-3, the inputs scaled by ${s}`, () => {
      for (const c of scales) {
        const { forward, leaves, gradients } = make(c, s), check = new Check(forward, leaves);
        for (const [name, gradient] of Object.entries(gradients)) {
          const at = `${name}, the loss scaled by ${c}`;
          const right = check.row(name, gradient), wrong = check.row(name, perturbed(gradient));
          assertEquals(right.status, "ok", `${at}: off by ${right.maxdiff}`);
          assertEquals(wrong.status, "wrong", at);
        }
      }
    });
  }
}

test("a gradient off by 1e-3 is rejected wherever the element is, unless it is tiny beside the others", () => {
  const { forward, leaves, gradients } = losses["the sum of tanh(x·w)²"](1, 1), check = new Check(forward, leaves);
  for (const name of ["x", "w", "h"]) {
    const values = gradients[name].toArray(), largest = Math.max(...values.map(Math.abs));
    values.forEach((value, i) => {
      if (Math.abs(value) < 1e-2 * largest) return;
      const off = values.with(i, value * 1.001);
      assertEquals(check.row(name, f64(off, ...gradients[name].shape)).status, "wrong", `${name}[${i}]`);
    });
  }
});

test("a gradient is right when the loss is linear, for whatever inputs, and wrong when it is off", () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  const off = fc.record({
    at: fc.nat({ max: 5 }),
    by: fc.double({ min: 1e-3, max: 10 }),
    sign: fc.constantFrom(-1, 1),
  });
  fc.assert(fc.property(fc.array(number, { minLength: 6, maxLength: 6 }), off, (inputs, { at, by, sign }) => {
    const slopes = [1, -2, 3, 0.5, -0.25, 4];
    const check = new Check({ loss: ({ x }) => x.mul(f64(slopes)).sum() }, { x: f64(inputs) });
    assertEquals(check.row("x", f64(slopes)).status, "ok");
    assertEquals(check.row("x", f64(slopes.with(at, slopes[at] + sign * by))).status, "wrong");
  }));
});

for (const p of [1e-3, 1e-4, 1e-5, 1e-6, 1e-7]) {
  test(`the gradient of a logarithm at ${p} beside larger numbers passes, and no false one does`, () => {
    const inputs = [p, 0.3, 0.7], check = new Check({ loss: ({ x }) => x.log().mean().neg() }, { x: f64(inputs) });
    const slopes = inputs.map((x) => -1 / 3 / x);
    assertEquals(check.row("x", f64(slopes)).status, "ok");
    slopes.forEach((slope, i) => {
      assertEquals(check.row("x", f64(slopes.with(i, slope * 1.001))).status, "wrong", `element ${i}`);
    });
  });
}

test("the right gradient stays exact where a logarithm is taken very near 0, beside larger numbers", () => {
  const inputs = [1e-9, 1e-5, 1e-3, 0.3, 0.7],
    check = new Check({ l: ({ x }) => x.log(), loss: ({ l }) => l.sum() }, {
      x: f64(inputs),
    });
  check.right("x").toArray().forEach((slope, i) => assertAlmostEquals(slope * inputs[i], 1, 1e-8));
});

test("a gradient of zeros is not ok because the loss is large and its differences drown in rounding", () => {
  for (const offset of [1e3, 1e6]) {
    const check = new Check({
      y: ({ x }) => x.mul(2e-7),
      loss: ({ y }) => y.sum().add(offset),
    }, { x: f64([0.5, -1, 2]) });
    assertEquals(check.row("x", f64([0, 0, 0])).status, "wrong", `${offset}`);
    assertEquals(check.row("x", f64([2e-7, 2e-7, 2e-7])).status, "ok", `${offset}`);
    assertEquals(check.row("x", f64([2e-7, 2e-7, 2.1e-7])).status, "wrong", `${offset}`);
  }
});

test("a check changes no tensor's values", () => {
  const leaves = { x: x0.clone(), w: w0.clone() }, { forward, gradients } = losses["the sum of tanh(x·w)²"](1, 1);
  const check = new Check(forward, leaves);
  const all = () => Object.entries({ ...check.values, ...gradients }).map(([name, t]) => [name, t.toArray()]);
  const before = all();
  for (const [name, gradient] of Object.entries(gradients)) {
    check.row(name, gradient);
    check.row(name, perturbed(gradient));
    check.row(name, full(gradient.shape, NaN));
  }
  assertEquals(all(), before);
  assertEquals([leaves.x.toArray(), leaves.w.toArray()], [x0.toArray(), w0.toArray()]);
});
