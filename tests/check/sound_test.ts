// Forward passes that cannot be checked are refused with a sentence, and a tensor without a gradient, or with a plain one, gets a sentence that says so.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { judge } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { tensor, zeros_like } from "../../lib/tensor/creation.ts";
import { rowsOf } from "./rows.ts";

const f64 = (values: ArrayLike<number>, ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

test("a line that draws random numbers, or counts, is named", () => {
  const g = new Generator(1);
  let calls = 0;
  const passes: [Forward, string][] = [
    [{ h: ({ x }) => x.mul(g.randn([3]).to("float64")), loss: ({ h }) => h.sum() }, '"h"'],
    [
      { h: ({ x }) => x.mul(2), dropped: ({ h }) => h.mul(calls++ % 2), loss: ({ dropped }) => dropped.sum() },
      '"dropped"',
    ],
    [{ loss: ({ x }) => x.sum().mul(++calls) }, '"loss"'],
  ];
  for (const [forward, name] of passes) {
    const { message } = assertThrows(() => new Check(forward, { x: f64([1, 2, 3]) }), TypeError);
    assertStringIncludes(message, `line ${name} makes other numbers each time`);
  }
});

test("chance is noticed where it comes out the same, and a count that goes on now and then only", () => {
  let calls = 0;
  const passes: Forward[] = [
    { loss: ({ x }) => x.mul(Math.random() < 2 ? 1 : 0).sum() },
    { loss: ({ x }) => x.mul(Math.floor(calls++ / 3) + 1).sum() },
  ];
  const { random } = Math;
  for (const forward of passes) {
    const { message } = assertThrows(() => new Check(forward, { x: f64([1, 2, 3]) }), TypeError);
    assertStringIncludes(message, "makes other numbers each time");
  }
  assertEquals(Math.random, random);
});

test("a parameter that a line reads from outside is named with the line, and is as it was afterwards", () => {
  const x = f64([1, 2, 3, 4], 2, 2), w = f64([0.5, -1, 2, 0.25], 2, 2);
  const before = w.toArray();
  const passes: [Forward, string][] = [
    [{ h: ({ x }) => x.matmul(w), loss: ({ h }) => h.sum() }, "h"],
    [{ h: ({ x, w }) => x.matmul(w), loss: ({ h }) => h.mul(w.T).sum() }, "loss"],
    [{ h: ({ x, w }) => x.matmul(w), row: ({ h }) => h.add(w.at(0)), loss: ({ row }) => row.exp().sum() }, "row"],
  ];
  for (const [forward, line] of passes) {
    const { message } = assertThrows(() => new Check(forward, { x, w }), TypeError);
    assertStringIncludes(message, `line "${line}" reads w from outside`);
  }
  assertEquals(w.toArray(), before);
});

test("what a line reads from outside that is no parameter, and indices, are none of the check's business", () => {
  const scale = f64([2, 3]), y = tensor([0, 1], { dtype: "int32" });
  const check = new Check({ loss: ({ x }) => x.mul(scale).at(y).sum() }, { x: f64([1, 1]), y });
  assertEquals(check.row("x", f64([2, 3])).status, "ok");
});

test("a loss that is NaN or infinite is named first, with the line where it begins", () => {
  const passes: [Forward, number[], string][] = [
    [
      { l: ({ x }) => x.log(), loss: ({ l }) => l.sum() },
      [0.5, 0],
      'loss is -Infinity.*line "l", which makes -Infinity',
    ],
    [{ s: ({ x }) => x.sqrt(), loss: ({ s }) => s.sum() }, [-1, 0], 'loss is NaN.*line "s", which makes NaN'],
    [{ e: ({ x }) => x.exp(), p: ({ e }) => e.div(e.sum()), loss: ({ p }) => p.sum() }, [1e3, 0], "loss is NaN"],
    [{ y: ({ x }) => x.pow(2), loss: ({ y }) => y.sum() }, [1e200, 1], "loss is Infinity"],
    [{ loss: ({ x }) => x.sum() }, [NaN, 1], "loss is NaN.*begins in x, which holds NaN"],
  ];
  for (const [forward, x, said] of passes) {
    const { message } = assertThrows(() => new Check(forward, { x: f64(x) }), RangeError);
    assert(new RegExp(said).test(message), message);
  }
});

test("infinities that never reach the loss are no reason to refuse", () => {
  const check = new Check({ l: ({ x }) => x.log(), loss: ({ l }) => l.at(0) }, { x: f64([0.5, 0]) });
  assertEquals(check.row("l", f64([1, 0])).status, "ok");
  assertEquals(check.row("x", f64([2, 0])).status, "ok");
  assertEquals(check.row("x", f64([2, 1])).status, "wrong");
});

test("the gradient of what no line reads is zero, and any other is answered with the reason", () => {
  const check = new Check({ loss: ({ x }) => x.pow(2).sum() }, { x: f64([1, 2]), w: f64([3, 4]) });
  assertEquals(check.row("w", f64([0, 0])).status, "ok");
  const row = judge(check, "w", f64([1, 0]), []);
  assertEquals(row.status, "wrong");
  assertStringIncludes(row.remark!, "No line of the forward pass reads w");
});

test("the gradient of the loss for itself is 1", () => {
  const check = new Check({ loss: ({ x }) => x.pow(2).sum() }, { x: f64([1, 2]) });
  assertEquals(judge(check, "loss", f64([1]).view([]), []).status, "ok");
  const row = judge(check, "loss", f64([5]).view([]), []);
  assertEquals(row.status, "wrong");
  assertStringIncludes(row.remark!, "dloss is 1");
  assertEquals(check.right("loss").item(), 1);
});

test("an index has no gradient, and what is read through one that a line makes has", () => {
  const forward: Forward = {
    h: ({ x, ix }) => x.at(ix),
    most: ({ h }) => h.argmax(0),
    loss: ({ h, most }) => h.at(most).add(h.pow(2).sum()).sum(),
  };
  const check = new Check(forward, { x: f64([1, 2, 5]), ix: tensor([2, 0], { dtype: "int32" }) });
  for (const name of ["ix", "most"]) {
    assertThrows(() => check.row(name, f64([0, 0])), TypeError, "an index has no gradient");
    assertThrows(() => check.right(name), TypeError, "an index has no gradient");
  }
  assertEquals(check.row("h", f64([11, 2])).status, "ok");
  assertEquals(check.row("x", f64([2, 0, 11])).status, "ok");
});

test("indices that a line reads from outside make no row right by luck", () => {
  const i = tensor([2, 0, 1, 2], { dtype: "int32" }), x = new Generator(4).randn([3, 2]).double();
  const forward: Forward = { y: ({ x }) => x.at(i), loss: ({ y }) => y.pow(2).sum() };
  const rows = rowsOf(forward, { x, i }, ({ x, y, i }, cmp) => {
    const dy = cmp("y", y.mul(2));
    cmp("x", zeros_like(x).index_add_(0, i, dy));
  });
  assertEquals(rows.map(({ status, remark }) => [status, remark]), [["ok", undefined], ["ok", undefined]]);
});

test("the gradient of the loss in another shape is told as that", () => {
  const check = new Check({ loss: ({ x }) => x.sum() }, { x: f64([1, 2]) });
  const { status, remark } = judge(check, "loss", f64([1]), []);
  assertEquals([status, remark], ["shape", "Wrong shape: yours is (1), expected is ()."]);
});
