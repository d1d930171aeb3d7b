// The forward pass as data: who reads whom, what lies downstream, how it is drawn, and when numbers are the same.
import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { downstream, drawGraph, type Forward, readers, run, sameNumbers, trace } from "../../lib/check/graph.ts";
import { tensor } from "../../lib/tensor/creation.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

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

test("sameNumbers takes NaN for NaN and −0 for 0, and no other number or shape for the same", () => {
  const a = tensor([NaN, -0, 1, Infinity], { shape: [2, 2] });
  assertEquals(sameNumbers(a, tensor([NaN, 0, 1, Infinity], { shape: [2, 2] })), true);
  assertEquals(sameNumbers(a, tensor([NaN, 0, 1, -Infinity], { shape: [2, 2] })), false);
  assertEquals(sameNumbers(a, tensor([0, 0, 1, Infinity], { shape: [2, 2] })), false);
  assertEquals(sameNumbers(a, tensor([NaN, -0, 1, Infinity])), false);
});
