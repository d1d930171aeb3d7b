// Lines that hide in their own rounding what they make of a small number: exp(x) − 1 − x beside 1, a variance beside 1e8. What the
// check measures there is wrong, and a right gradient must not be called wrong for it.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward, Tensors } from "../../lib/check/graph.ts";
import { tensor, zeros } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

const f64 = (values: readonly number[]) => tensor(values, { dtype: "float64" });
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A function of each element, its derivative in a form that does not cancel, and where both are tried. */
type Case = readonly [
  what: string,
  f: (x: Tensor) => Tensor,
  slope: (x: number) => number,
  ...at: readonly (readonly number[])[],
];

const tiny = [1e-9, 3e-9, -2e-9, 5e-10], nought = [0, 0, 0], span = [1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1];
const wide = [1e-9, 0.3, 1e6];

const cases: readonly Case[] = [
  ["|x| + x²", (x) => x.abs().add(x.pow(2)), (x) => Math.sign(x) + 2 * x, [1e-6, 1e6], [1e-6, -1e-6, 1e6, 0.5]],
  ["ln(1 + x²)", (x) => x.pow(2).add(1).log(), (x) => 2 * x / (1 + x * x), tiny, span, wide],
  ["x − tanh x", (x) => x.sub(x.tanh()), (x) => Math.tanh(x) ** 2, nought, tiny, span, wide],
  ["1 − cos x", (x) => x.cos().neg().add(1), Math.sin, nought, tiny, span],
  ["sin x − x", (x) => x.sin().sub(x), (x) => -2 * Math.sin(x / 2) ** 2, nought, tiny, span],
  ["exp(x) − 1", (x) => x.exp().sub(1), Math.exp, nought, tiny, span],
  ["exp(x) − 1 − x", (x) => x.exp().sub(1).sub(x), Math.expm1, nought, tiny, span],
  ["x − ln(1 + x)", (x) => x.sub(x.add(1).log()), (x) => x / (1 + x), nought, tiny, span],
  ["√(1 + x) − 1", (x) => x.add(1).sqrt().sub(1), (x) => 0.5 / Math.sqrt(1 + x), nought, tiny, [1e-12, -3e-12, 2e-11]],
  ["√(1 + x²) − 1", (x) => x.pow(2).add(1).sqrt().sub(1), (x) => x / Math.hypot(1, x), nought, tiny, span],
  ["√(x² + 1e-12)", (x) => x.pow(2).add(1e-12).sqrt(), (x) => x / Math.hypot(x, 1e-6), nought, tiny, [1e-7, 1e6]],
  ["x·|x|", (x) => x.mul(x.abs()), (x) => 2 * Math.abs(x), nought, tiny, wide, [1e-6, 1e6]],
  [
    "x²·sin(1/x)",
    (x) => x.pow(2).mul(x.pow(-1).sin()),
    (x) => 2 * x * Math.sin(1 / x) - Math.cos(1 / x),
    ...[[0.1, 0.02, 0.5], [1e-3, 1], [1e-5, 1]],
  ],
  ["ln(1 + exp x)", (x) => x.exp().add(1).log(), sigmoid, [-40, -30, 0, 30], [-50, -60], [-36, -37, -38]],
  ["−ln(1 + exp −x)", (x) => x.neg().exp().add(1).log().neg(), (x) => sigmoid(-x), [-40, 30, 0], [40, 50], [36, 37]],
  ["1e8·(1e-8·x)²", (x) => x.mul(1e-8).pow(2).mul(1e8), (x) => 2e-8 * x, [1, 2, -3], [1e8, 1], [1e-8, 1]],
  ["x + 1e10 − 1e10", (x) => x.add(1e10).sub(1e10), () => 1, [1, 2], tiny],
  ["(x + 1e5)² − 1e10", (x) => x.add(1e5).pow(2).sub(1e10), (x) => 2 * (x + 1e5), [1, 2], nought, tiny],
  ["(x + 1e5)² − 1e10 − 2e5·x", (x) => x.add(1e5).pow(2).sub(1e10).sub(x.mul(2e5)), (x) => 2 * x, [1, 2], [
    0,
    0.5,
    -1.2,
  ]],
  ["x·ln x", (x) => x.mul(x.log()), (x) => Math.log(x) + 1, [0.5, 1e-9], [1e-16, 1], [1e-300, 0.2]],
];

/** Holds that this gradient of x is right and is handed out, and not one whose largest element is off by 3 %, if that can be seen at all. */
function holds(what: string, forward: Forward, leaves: Tensors, right: readonly number[]): void {
  const check = new Check(forward, leaves), { status, expected, remark = "" } = check.row("x", f64(right));
  assertEquals(status, "ok", `${what}: ${right}, expected ${expected}`);
  const most = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  check.right("x").toArray().forEach((x, i) => {
    const near = Math.min(1e-8, 1e-5 * most) + 1e-5 * Math.abs(right[i]) + 4e-15; // below that, terms of 1 have cancelled
    assert(Math.abs(x - right[i]) <= near, `${what}[${i}]: ${right[i]} given as ${x}`);
  });
  const sizes = right.map(Math.abs), k = sizes.indexOf(Math.max(...sizes));
  if (right[k] === 0 || (Math.abs(right[k]) < 1e-15 && remark !== "")) return;
  assertEquals(check.row("x", f64(right.with(k, 1.03 * right[k]))).status, "wrong", what);
}

for (const [what, f, slope, ...at] of cases) {
  test(`a right gradient of ${what} is right, alone and beside other sizes, in one line and in two`, () => {
    for (const x of at) {
      const right = x.map(slope), leaves = { x: f64(x) };
      holds(`${what} at ${x}`, { loss: ({ x }) => f(x).sum() }, leaves, right);
      holds(`${what} at ${x}, two lines`, { y: ({ x }) => f(x), loss: ({ y }) => y.sum() }, leaves, right);
    }
  });
}

test("a right gradient of a variance beside 1e8 is right, whichever way it is computed", () => {
  for (const x of [[1, 2, 4], [0.1, -0.2, 0.4], [1e-3, 2e-3, 5e-3]]) {
    for (const offset of [0, 1e4, 1e8]) {
      const there = x.map((a) => a + offset), mean = there.reduce((a, b) => a + b) / 3, leaves = { x: f64(there) };
      holds(`var ${there}`, { loss: ({ x }) => x.var(0) }, leaves, there.map((a) => a - mean));
      const twice: Forward = { loss: ({ x }) => x.pow(2).mean().sub(x.mean().pow(2)) };
      holds(`E x² − (E x)² ${there}`, twice, leaves, there.map((a) => 2 / 3 * (a - mean)));
    }
  }
});

test("a log-sum-exp of entries far apart, and −ln p of a p that is nearly 1, are right", () => {
  for (const x of [[0, -50, -100], [1e4, 0, -1e4], [1e-9, 2e-9, 0], [1000, 1000.5, 3], [-1e9, 5, 5.0001]]) {
    const most = Math.max(...x), e = x.map((a) => Math.exp(a - most)), sum = e.reduce((a, b) => a + b);
    const p = e.map((a) => a / sum), leaves = { x: f64(x) };
    holds(`lse ${x}`, { loss: ({ x }) => x.sub(x.max()).exp().sum().log().add(x.max()) }, leaves, p);
    const loss: Forward = { loss: ({ x }) => x.view(1, -1).log_softmax(1).at(0, 0).neg() };
    holds(`−ln p ${x}`, loss, leaves, p.map((a, i) => i === 0 ? a - 1 : a));
  }
});

test("what only the rules of differentiation confirm has a remark that says so", () => {
  const check = new Check({ loss: ({ x }) => x.exp().sub(1).sub(x).sum() }, { x: f64(tiny) });
  const { status, maxdiff, remark } = check.row("x", f64(tiny.map(Math.expm1)));
  assertEquals([status, maxdiff! < 1e-12], ["ok", true]);
  assert(remark?.startsWith("The check cannot measure 4 of 4 elements: rounding hides them"), remark);
  assertEquals(check.row("x", f64(tiny.map((x) => -x))).status, "wrong");
});

test("beside a corner that is closer than any step shows, the slope of the element's own side is right", () => {
  const close = [1.1229118795, 1.1229119, 0.3], right = [0, 1, 0];
  holds("max", { loss: ({ x }) => x.max() }, { x: f64(close) }, right);
  holds("max of squares", { y: ({ x }) => x.pow(2), loss: ({ y }) => y.max() }, { x: f64(close) }, [
    0,
    2 * close[1],
    0,
  ]);
  const beside = [-1, 2e-6, 1e6]; // with a corner at 1e-6, in a loss of 1e6
  holds("relu(x − 1e-6)", { loss: ({ x }) => x.sub(1e-6).relu().sum() }, { x: f64(beside) }, [0, 1, 1]);
});

test("an element at a corner, and one that is only close to one, are both right in one row", () => {
  // The maximum has two equal places, of which each may get all or nothing; in the second row the places differ by a rounding.
  const x = tensor([[1, 1, 0.2], [1, 1 - 1e-15, 0.2]], { dtype: "float64" });
  const check = new Check({ m: ({ x }) => x.max(1).values, loss: ({ m }) => m.sum() }, { x });
  const row = (gradient: number[][]) => check.row("x", tensor(gradient, { dtype: "float64" })).status;
  assertEquals(row([[1, 1, 0], [1, 0, 0]]), "ok");
  assertEquals(row([[1, 0, 0], [1, 0, 0]]), "ok");
  assertEquals(row([[1, 0, 0], [1, 0, 0.5]]), "wrong");
});

test("what has no rule is not confirmed: an index is no number, and of two written to one place the last counts", () => {
  const lines: [line: (x: Tensor) => Tensor, x: number[], wrong: number[]][] = [
    [(x) => x.to("int32").to("float64").pow(2).sum(), [1.3, 2.7, -1.4], [2, 4, -2]],
    [(x) => zeros([2], { dtype: "float64" }).index_put_([[0, 0, 1]], x).pow(2).sum(), [1.3, 2.7, -0.4], [
      5.4,
      5.4,
      -0.8,
    ]],
  ];
  for (const [line, x, wrong] of lines) {
    assertEquals(new Check({ loss: ({ x }) => line(x) }, { x: f64(x) }).row("x", f64(wrong)).status, "wrong");
  }
});
