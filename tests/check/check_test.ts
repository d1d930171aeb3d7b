// The record of who reads whom, and the check: true gradients pass at every scale, false ones at none.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { downstream, drawGraph, type Forward, readers, run, type Tensors, trace } from "../../lib/check/graph.ts";
import { Generator } from "../../lib/random/generator.ts";
import { sub } from "../../lib/tensor/functional.ts";
import { full, full_like, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

// --- The record ----------------------------------------------------------------------------------------------------------

const diamond = {
  a: ({ x, w }) => x.mul(w),
  b: ({ a }) => a.exp(),
  c: ({ x }) => x.pow(2),
  d: ({ c, a }) => a.add(c),
  loss: ({ b, d }) => b.add(d).sum(),
} satisfies Forward;
const diamondLeaves = () => ({ x: f64([1, 2]), w: f64([0.5, -1]) });

test("a trace learns which tensors each line reads, in the order it reads them", () => {
  const { graph } = trace(diamond, diamondLeaves());
  assertEquals(graph, { a: ["x", "w"], b: ["a"], c: ["x"], d: ["c", "a"], loss: ["b", "d"] });
});

test("a tensor that a line reads twice is in the record once", () => {
  const { graph } = trace({ y: (t) => t.x.mul(t.x).add(t.x) }, { x: f64([1]) });
  assertEquals(graph, { y: ["x"] });
});

test("a run returns parameters and lines by name", () => {
  const { x, loss, d } = run(diamond, diamondLeaves());
  assertEquals([...x.toArray()], [1, 2]);
  assertEquals([...d.toArray()], [1.5, 2]);
  assertAlmostEquals(loss.item(), Math.exp(0.5) + Math.exp(-2) + 3.5, 1e-14);
});

test("readers are the lines that read a tensor, and the loss has none", () => {
  const { graph } = trace(diamond, diamondLeaves());
  assertEquals(readers(graph, "x"), ["a", "c"]);
  assertEquals(readers(graph, "a"), ["b", "d"]);
  assertEquals(readers(graph, "loss"), []);
});

test("downstream is all that changes with a tensor, in the forward pass's order, without itself", () => {
  const { graph } = trace(diamond, diamondLeaves());
  assertEquals(downstream(graph, "x"), ["a", "b", "c", "d", "loss"]);
  assertEquals(downstream(graph, "b"), ["loss"]);
  assertEquals(downstream(graph, "c"), ["d", "loss"]);
  assertEquals(downstream(graph, "loss"), []);
});

test("a line that reads an unknown name or a later line is a ReferenceError that names both", () => {
  const misspelt: Forward = { a: ({ x }) => x.exp(), loss: ({ aa }) => aa.sum() };
  const { message } = assertThrows(() => trace(misspelt, { x: f64([1]) }), ReferenceError);
  assertStringIncludes(message, 'line "loss" reads "aa"');
  const early: Forward = { a: ({ b }) => b.exp(), b: ({ x }) => x.exp() };
  assertThrows(() => trace(early, { x: f64([1]) }), ReferenceError, 'line "a" reads "b"');
  const own: Forward = { a: ({ a }) => a.exp() };
  assertThrows(() => trace(own, { x: f64([1]) }), ReferenceError, 'line "a" reads "a"');
});

test("checking a name that the forward pass does not have is a ReferenceError", () => {
  assertThrows(() => new Check(diamond, diamondLeaves()).row("e", f64([1])), ReferenceError, '"e"');
});

// --- True gradients and false ones, at every scale ------------------------------------------------------------------------

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

// --- What else a row can be -----------------------------------------------------------------------------------------------

/** Loss Σ 3x over a shape: every derivative is 3. */
function triple(...shape: number[]) {
  const check = new Check({ loss: ({ x }) => x.mul(3).sum() }, { x: new Generator(1).randn(shape).to("float64") });
  return { check, three: full(shape, 3, { dtype: "float64" }) };
}

test("shapes are compared strictly: what would broadcast is the wrong shape", () => {
  const { check, three } = triple(1, 64);
  assertEquals(check.row("x", three).status, "ok");
  for (const shape of [[64], [64, 1], [1, 1], [1, 64, 1], [1, 63], []]) {
    const row = check.row("x", full(shape, 3, { dtype: "float64" }));
    assertEquals([row.status, row.maxdiff, row.shape], ["shape", null, [1, 64]], `(${shape})`);
  }
});

test("nothing is still to do, without a difference", () => {
  const { name, shape, status, maxdiff } = triple(2, 3).check.row("x", undefined);
  assertEquals({ name, shape, status, maxdiff }, { name: "x", shape: [2, 3], status: "todo", maxdiff: null });
});

test("NaN and Infinity are wrong, wherever they stand", () => {
  const { check, three } = triple(4);
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const i of range(4)) {
      assertEquals(check.row("x", three.clone().put_(i, bad)).status, "wrong", `${bad} at ${i}`);
    }
    assertEquals(check.row("x", full([4], bad, { dtype: "float64" })).status, "wrong", `${bad} everywhere`);
  }
});

test("a value that is not a tensor has the wrong shape", () => {
  const { check } = triple(2);
  for (const given of [3, "3", null, [3, 3], Float64Array.of(3, 3), { shape: [2], toArray: () => [3, 3] }]) {
    assertEquals(check.row("x", given as unknown as Tensor).status, "shape", String(given));
  }
});

test("gradients in float32 and as transposed views are compared by value", () => {
  const x = f64([1, 2, 3, 4, 5, 6], 2, 3), check = new Check({ loss: ({ x }) => x.pow(2).sum() }, { x });
  assertEquals(check.row("x", x.mul(2).to("float32")).status, "ok");
  assertEquals(check.row("x", f64([2, 8, 4, 10, 6, 12], 3, 2).T).status, "ok");
  assertEquals(check.row("x", f64([2, 4, 6, 8, 10, 12], 3, 2).T).status, "wrong");
});

test("parameters in float32 are checked in float64, and a transposed one in its own order", () => {
  const x = tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], { shape: [3, 2] });
  const check = new Check({ loss: ({ x }) => x.exp().sum() }, { x: x.T });
  assertEquals(check.values.x.dtype, "float64");
  assertEquals(check.row("x", x.T.to("float64").exp()).status, "ok");
  assertEquals(check.row("x", x.to("float64").exp().view(2, 3)).status, "wrong");
});

test("the gradient of a parameter without effect is right when zero and wrong when 1e-6", () => {
  const forwards: Forward[] = [
    { loss: ({ x }) => x.pow(2).sum() },
    { y: ({ x, b }) => x.add(b), loss: ({ y }) => y.sub(y.mean()).pow(2).sum() },
    { loss: ({ x, b }) => x.pow(2).sum().add(b.sum().mul(0)) },
  ];
  for (const forward of forwards) {
    for (const b of [f64([0]), f64([0.3]), f64([-20])]) {
      const check = new Check(forward, { x: f64([0.5, -1, 2]), b });
      assertEquals(check.row("b", zeros_like(b)).status, "ok");
      assertEquals(check.row("b", f64([1e-6])).status, "wrong");
      assertEquals(check.row("b", f64([-1e-6])).status, "wrong");
    }
  }
});

test("the difference given is the largest one", () => {
  const { check, three } = triple(2, 3), off = (i: number, by: number) => three.clone().put_(i, 3 + by);
  assertAlmostEquals(check.row("x", off(4, 0.5)).maxdiff!, 0.5, 1e-6);
  assertAlmostEquals(check.row("x", off(0, -0.25).put_(5, 3.125)).maxdiff!, 0.25, 1e-6);
  assert(check.row("x", three).maxdiff! < 1e-8);
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

test("a check of a view leaves the tensor it is a view of alone", () => {
  const forward: Forward = { a: ({ x }) => x.view(4), loss: ({ a, x }) => a.sum().add(x.pow(2).sum()) };
  const check = new Check(forward, { x: f64([1, 2, 3, 4], 2, 2) });
  assertEquals(check.row("x", f64([3, 5, 7, 9], 2, 2)).status, "ok");
  assertEquals(check.row("a", f64([1, 1, 1, 1])).status, "ok");
  assertEquals(check.row("a", f64([3, 5, 7, 9])).status, "wrong");
});

// --- Where functions bend sharply or end ------------------------------------------------------------------------------------

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

test("beside the end of a function the slope is told, and no other passes", () => {
  // One step further up, e^x overflows.
  const check = new Check({ loss: ({ x }) => x.exp().sum() }, { x: f64([709.782, 1]) });
  for (const given of [[0, 1], [1e9, 1], [1, 1], [0, 0]]) {
    assertEquals(check.row("x", f64(given)).status, "wrong", `given ${given}`);
  }
  assertEquals(check.row("x", f64([Math.exp(709.782), Math.E])).status, "ok");
});

test("a gradient of no elements is right", () => {
  const check = new Check({ loss: ({ x }) => x.sum() }, { x: zeros([0], { dtype: "float64" }) });
  assertEquals(check.row("x", zeros([0])).status, "ok");
});

test("the forward pass is drawn with shapes, sources, and how many lines read a tensor where several do", () => {
  const { graph, values } = trace(diamond, diamondLeaves());
  assertEquals(drawGraph(graph, values).split("\n"), [
    "x     (2)            (read 2 times)",
    "w     (2)",
    "a     (2)          ← x, w   (read 2 times)",
    "b     (2)          ← a",
    "c     (2)          ← x",
    "d     (2)          ← c, a",
    "loss  ()           ← b, d",
  ]);
});

test("a run whose line reads an unknown name says so, and any other error stays itself", () => {
  assertThrows(
    () => run({ a: ({ b }) => b.exp() }, { x: f64([1]) }),
    ReferenceError,
    'line "a" reads "b"',
  );
  assertThrows(
    () => run({ a: ({ x }) => x.view(7) }, { x: f64([1]) }),
    RangeError,
    "Cannot view",
  );
});

// --- What cannot be decided, and what can after all ---------------------------------------------------------------------------

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

test("away from a corner the slope is told, however near it is", () => {
  for (const near of [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]) {
    const check = new Check(hinge, { x: f64([near, -near, -0.4]), w: f64([3, 2, 5]) });
    assertEquals(check.row("x", f64([3, 0, 0])).status, "ok");
    assertEquals(check.row("x", f64([0, 0, 0])).status, "wrong");
    assertEquals(check.row("x", f64([3, 2, 0])).status, "wrong");
  }
});

/** Keeps the machine busy for some milliseconds. */
function wait(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until;);
}

test("what takes long shows its time left", () => {
  const slow: Forward = { loss: ({ x }) => (wait(1), x.mul(2).sum()) }; // as a large network would be
  const check = new Check(slow, { x: new Generator(1).randn([60]).to("float64") });
  const seen: number[] = [];
  check.progress = ({ name, done, total, secondsLeft }) => {
    assertEquals(name, "x");
    assert(done <= total && secondsLeft >= 0);
    seen.push(done / total);
  };
  assertEquals(check.row("x", full_like(check.values.x, 2)).status, "ok");
  assert(seen.length > 0);
  assertEquals(seen, seen.toSorted());
});

test("a gradient of many elements is checked in seconds, and one wrong element among them is found", () => {
  const g = new Generator(5), x = g.randn([16, 200]).to("float64");
  const w = g.randn([200, 100]).to("float64");
  const check = new Check({
    y: ({ x, w }) => x.matmul(w),
    h: ({ y }) => y.tanh(),
    loss: ({ h }) => h.pow(2).sum(),
  }, { x, w });
  const { h } = check.values, dy = h.mul(2).mul(h.pow(2).neg().add(1));
  const right = x.T.matmul(dy);
  const started = performance.now();
  assertEquals(check.row("w", right).status, "ok");
  const off = right.clone().put_(13_001, right.toArray()[13_001] + 0.01);
  assertEquals(check.row("w", off).status, "wrong");
  assert(performance.now() - started < 40_000);
});

test("the right gradient stays exact where a logarithm is taken very near 0, beside larger numbers", () => {
  const inputs = [1e-9, 1e-5, 1e-3, 0.3, 0.7],
    check = new Check({ l: ({ x }) => x.log(), loss: ({ l }) => l.sum() }, {
      x: f64(inputs),
    });
  check.right("x").toArray().forEach((slope, i) => assertAlmostEquals(slope * inputs[i], 1, 1e-8));
});
