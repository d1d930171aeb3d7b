// Elements that are exactly 0, as relu makes them, where a line's slope is 0, or begins to be something else.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward, Tensors } from "../../lib/check/graph.ts";
import { sentBack } from "../../lib/check/jacobian.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { inScratch } from "../../lib/tensor/memory.ts";
import { Played } from "./networks/play.ts";
import { practiceNetwork } from "./practice.ts";

const f64 = (values: readonly number[]) => tensor(values, { dtype: "float64" });

/** A function, what it makes of a number, and its derivative. */
type Case = readonly [f: (x: Tensor) => Tensor, value: (x: number) => number, slope: (x: number) => number];

const power = (p: number): Case => [(x) => x.pow(p), (x) => x ** p, (x) => p * x ** (p - 1)];
const reluPower = (p: number): Case => [
  (x) => x.relu().pow(p),
  (x) => Math.max(0, x) ** p,
  (x) => p * Math.max(0, x) ** (p - 1),
];
const cases: Record<string, Case> = {
  "x²": power(2),
  "x³": power(3),
  "x⁴": power(4),
  "x⁵": power(5),
  "x·x·x": [(x) => x.mul(x).mul(x), (x) => x ** 3, (x) => 3 * x * x],
  "x·|x|": [(x) => x.mul(x.abs()), (x) => x * Math.abs(x), (x) => 2 * Math.abs(x)],
  "|x|³": [(x) => x.abs().pow(3), (x) => Math.abs(x) ** 3, (x) => 3 * x * Math.abs(x)],
  "max(0, x)²": reluPower(2),
  "max(0, x)³": reluPower(3),
  "x^1.5": power(1.5),
  "x^1.2": power(1.2),
  "x^2.5": power(2.5),
  "max(0, x)^1.5": reluPower(1.5),
  "max(0, x)^1.2": reluPower(1.2),
  "x + x^1.5": [(x) => x.pow(1.5).add(x), (x) => x ** 1.5 + x, (x) => 1.5 * x ** 0.5 + 1],
  "x²·max(0, x)": [(x) => x.pow(2).mul(x.relu()), (x) => Math.max(0, x) ** 3, (x) => 3 * Math.max(0, x) ** 2],
  "x·tanh x": [
    (x) => x.mul(x.tanh()),
    (x) => x * Math.tanh(x),
    (x) => Math.tanh(x) + x * (1 - Math.tanh(x) ** 2),
  ],
  "ln(1 + x³)": [(x) => x.pow(3).add(1).log(), (x) => Math.log(1 + x ** 3), (x) => 3 * x * x / (1 + x ** 3)],
  "x + x³": [(x) => x.pow(3).add(x), (x) => x ** 3 + x, (x) => 3 * x * x + 1],
};

const beside = [[0, 0.639, 0.7386, 0, 1.833, 0.0219], [0, 1], [0, 1e-3, 0], [0, 1e-8], [0, 1e-4, 0.3], [0, 0, 3]];
// Beside a 1, the cube of 1e-8 is not there, and a step of its size moves no loss of 1/4.
const visible = beside.filter((x) => !x.includes(1e-8));

test("where relu's zeros, or an edge, are in one line with the loss, the row is right as well", () => {
  for (const [what, [f, , slope]] of Object.entries(cases)) {
    for (const x of visible) {
      const check = new Check({ loss: ({ x }) => f(x).sum() }, { x: f64(x) }), right = x.map(slope);
      assertEquals(check.row("x", f64(right)).status, "ok", `${what}, ${x}`);
      assertEquals(check.row("x", f64(right.with(0, right[0] + 0.01))).status, "wrong", `${what}, ${x}`);
    }
  }
});

for (const [what, [f, value, slope]] of Object.entries(cases)) {
  test(`${what} at 0 has the slope it has, beside other numbers, and a squared error above it too`, () => {
    for (const x of /ln|\^/.test(what) ? visible : beside) {
      const passes: [Forward, number[]][] = [
        [{ y: ({ x }) => f(x), loss: ({ y }) => y.sum() }, x.map(slope)],
        [
          { y: ({ x }) => f(x), e: ({ y }) => y.sub(0.5), loss: ({ e }) => e.pow(2).mean() },
          x.map((a) => slope(a) * 2 * (value(a) - 0.5) / x.length),
        ],
      ];
      for (const [forward, right] of passes) {
        const check = new Check(forward, { x: f64(x) }), most = Math.max(...right.map(Math.abs));
        assertEquals(check.row("x", f64(right)).status, "ok", `${x}`);
        check.rightNumbers("x").forEach((a, i) => assert(Math.abs(a - right[i]) <= 1e-5 * most, `${x}: ${a} [${i}]`));
        for (const off of [1e-3 * most, -1e-3 * most]) {
          assertEquals(check.row("x", f64(right.with(0, right[0] + off))).status, "wrong", `${x}, off by ${off}`);
        }
      }
    }
  });
}

test("a practice network whose relu is cubed is right in every row, and hands out zeros where relu makes them", () => {
  inScratch(() => {
    const played = new Played(practiceNetwork(196, 3)), { check } = played;
    assert(check.values.a.toArray().includes(0));
    for (const { name, status, remark } of played.play([])) assertEquals([status, remark], ["ok", undefined], name);
    check.rightNumbers("a").forEach((x, i) => assertEquals(x === 0, check.values.a.toArray()[i] === 0, `${x}`));
  });
});

test("what has no slope in its line, and no weight in the loss, makes no row wrong", () => {
  const sign = (x: Tensor) => x.gt(0).to("float64").sub(x.lt(0).to("float64"));
  const forward: Forward = { y: ({ x }) => x.add(sign(x)), loss: ({ y, w }) => y.mul(w).sum() };
  const check = new Check(forward, { x: f64([0, 2]), w: f64([0, 1]) });
  for (const [name, right] of [["y", [0, 1]], ["w", [0, 3]], ["x", [0, 1]]] as const) {
    assertEquals(check.row(name, f64(right)).status, "ok", name);
    assertEquals(check.row(name, f64([right[0], right[1] + 1e-3])).status, "wrong", name);
  }
});

test("terms without a slope do not count when the largest is looked for", () => {
  const steep = ({ x }: Tensors) => x.div(x.abs().add(1e-300)), x = f64([0, 2]);
  const ones = new Float64Array([1, 1]);
  const { reach } = sentBack(steep, { x }, "x", steep({ x }), { numbers: ones, doubts: new Float64Array(2) });
  assert(Number.isFinite(reach), `${reach}`);
});

test("at a jump on both sides zero is right, as it is where a step is flat, and the largest difference is a number", () => {
  const steps: ((x: Tensor) => Tensor)[] = [
    (x) => x.sign(),
    (x) => x.sign().add(1).div(2),
    (x) => x.gt(0).double().add(x.ge(0)),
    (x) => x.gt(0).double(),
  ];
  for (const step of steps) {
    const check = new Check({ y: ({ x }) => step(x), loss: ({ y }) => y.sum() }, { x: f64([0, 1, -1]) });
    const { status, maxdiff } = check.row("x", f64([0, 0, 0]));
    assertEquals([status, maxdiff], ["ok", 0], `${step}`);
    assertEquals(check.row("x", f64([0, 0.1, 0])).status, "wrong", `${step}`);
  }
});

test("of a gradient that is 0 everywhere it is not said that rounding hides next to nothing of it", () => {
  for (const f of [(x: Tensor) => x.relu().pow(2), (x: Tensor) => x.pow(3), (x: Tensor) => x.ne(0).double()]) {
    const check = new Check({ loss: ({ x }) => f(x).sum() }, { x: f64([0, 0, 0]) });
    const { status, remark } = check.row("x", f64([0, 0, 0]));
    assertEquals([status, remark], ["ok", undefined], `${f}`);
  }
});
