// The slopes of a line against closed forms: lines that keep elements apart, rows, columns, or nothing; linear and not.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import type { Tensors } from "../../lib/check/graph.ts";
import { jacobian, sentBack } from "../../lib/check/jacobian.ts";
import { Generator } from "../../lib/random/generator.ts";
import { sub } from "../../lib/tensor/functional.ts";
import { ones_like } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

const random = new Generator(5), numbers = (...shape: number[]) => random.randn(shape).to("float64");
const x = numbers(4, 3), w = numbers(3, 5);
const row = numbers(1, 3), column = numbers(4, 1);

/** A gradient of which every digit is known. */
const exactly = (g: Tensor) => ({ numbers: g.toArray(), doubts: new Float64Array(g.numel()) });

type Line = (inputs: Tensors) => Tensor;

const lines: [what: string, line: Line, of: string, back: (g: Tensor) => Tensor][] = [
  ["x²", ({ x }) => x.pow(2), "x", (g) => x.mul(2).mul(g)],
  ["tanh x", ({ x }) => x.tanh(), "x", (g) => sub(1, x.tanh().pow(2)).mul(g)],
  ["3x + 1", ({ x }) => x.mul(3).add(1), "x", (g) => g.mul(3)],
  ["x · w by x", ({ x, w }) => x.matmul(w), "x", (g) => g.matmul(w.T)],
  ["x · w by w", ({ x, w }) => x.matmul(w), "w", (g) => x.T.matmul(g)],
  ["x times a row", ({ x, row }) => x.mul(row), "row", (g) => x.mul(g).sum(0, { keepdim: true })],
  ["x times a column", ({ x, column }) => x.mul(column), "column", (g) => x.mul(g).sum(1, { keepdim: true })],
  ["the sum of columns", ({ x }) => x.sum(0), "x", (g) => ones_like(x).mul(g)],
  ["the mean", ({ x }) => x.mean(), "x", (g) => ones_like(x).mul(g).div(12)],
  ["the transpose", ({ x }) => x.T, "x", (g) => g.T],
  ["rows picked twice", ({ x }) => x.at([1, 1, 3]), "x", (g) => x.mul(0).index_add_(0, [1, 1, 3], g)],
  ["softmax", ({ x }) => x.softmax(1), "x", (g) => {
    const s = x.softmax(1);
    return s.mul(g.sub(s.mul(g).sum(1, { keepdim: true })));
  }],
];
for (const [what, line, of, back] of lines) {
  test(`what ${what} sends back is what its derivative says`, () => {
    const inputs = { x, w, row, column }, value = line(inputs);
    const g = numbers(...value.shape);
    const expected = back(g).toArray(), { numbers: sent } = sentBack(line, inputs, of, value, exactly(g));
    assertEquals(sent.length, expected.length);
    sent.forEach((y, i) => assertAlmostEquals(y, expected[i], 1e-11));
  });
}

test("the reach of a line is the largest that could come back if nothing cancelled", () => {
  const inputs = { x, w };
  const value = x.matmul(w);
  const g = numbers(4, 5);
  const { reach } = sentBack(lines[3][1], inputs, "x", value, exactly(g));
  const expected = g.abs().matmul(w.T.abs()).view(-1).toArray().reduce((a, b) => Math.max(a, b));
  assertAlmostEquals(reach, expected, 1e-9);
});

test("measuring slopes evaluates a line that keeps elements, rows or columns apart a few times, and changes no input", () => {
  const big = numbers(40, 30), other = numbers(30, 7), before = [...big.toArray()];
  const apart: [Line, of: string, most: number][] = [
    [({ x }) => x.tanh(), "x", 50], // elements: 14 for the slopes
    [({ x, w }) => x.matmul(w), "x", 60], // rows: one for each column of x
    [({ x, w }) => x.matmul(w), "w", 60], // columns: one for each row of w
  ];
  for (const [line, of, most] of apart) {
    let count = 0;
    const counted: Line = (inputs) => (count++, line(inputs));
    jacobian(counted, { x: big, w: other }, of, line({ x: big, w: other }));
    assert(count <= most, `${count} evaluations`);
  }
  assertEquals([...big.toArray()], before);
});
