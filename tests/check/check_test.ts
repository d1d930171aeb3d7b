// What a row can be besides right or wrong: its shape, its dtype, a tensor without effect, one with many elements.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { type Forward } from "../../lib/check/graph.ts";
import { Generator } from "../../lib/random/generator.ts";
import { full, full_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

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

test("NaN and Infinity are wrong, wherever they are", () => {
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

test("a check of a view leaves the tensor it is a view of alone", () => {
  const forward: Forward = { a: ({ x }) => x.view(4), loss: ({ a, x }) => a.sum().add(x.pow(2).sum()) };
  const check = new Check(forward, { x: f64([1, 2, 3, 4], 2, 2) });
  assertEquals(check.row("x", f64([3, 5, 7, 9], 2, 2)).status, "ok");
  assertEquals(check.row("a", f64([1, 1, 1, 1])).status, "ok");
  assertEquals(check.row("a", f64([3, 5, 7, 9])).status, "wrong");
});

test("a gradient of no elements is right", () => {
  const check = new Check({ loss: ({ x }) => x.sum() }, { x: zeros([0], { dtype: "float64" }) });
  assertEquals(check.row("x", zeros([0])).status, "ok");
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
