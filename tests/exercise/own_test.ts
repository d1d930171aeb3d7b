// The front door, mod.ts: the README's example, a table as text, rows that name mistakes as exercises do, and what it leaves
// alone.
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import readme from "../../README.md" with { type: "text" };
import * as door from "../../mod.ts";
import { replaceOnce } from "../harness.ts";
import { forgetListeners } from "../../lib/tensor/recording.ts";

const { check, Generator, sub, tensor, ones_like } = door;

/** The table that some work prints, and what it returns. */
function printed<T>(work: () => T): { text: string; result: T } {
  const lines: string[] = [], { log } = console;
  console.log = (...values: unknown[]) => void lines.push(values.map(String).join(" "));
  try {
    return { result: work(), text: lines.join("\n") };
  } finally {
    console.log = log;
    forgetListeners();
  }
}

/** A layer on float32 leaves, with the gradient that comes to it. */
function layer() {
  const g = new Generator(7), leaves = { x: g.randn([4, 3]), w: g.randn([3, 2]), b: g.randn([2]) };
  const forward: door.Forward = {
    h: ({ x, w, b }) => x.matmul(w).add(b).tanh(), // (4, 2)
    loss: ({ h }) => h.pow(2).mean(), // ()
  };
  return { leaves, ...check(forward, leaves) };
}

const example = /^```ts\n(import .*"\.\.\/mod\.ts";\n[^]*?)^```$/m.exec(String(readme))![1];

test("the README's example runs in some twenty lines, with every row right", () => {
  const lines = example.trim().split("\n");
  assert(lines.length <= 20, String(lines.length));
  const code = replaceOnce(example.replace(/^import .*\n/, ""), " satisfies Forward", ""), names = Object.keys(door);
  const { text } = printed(() => new Function(...names, code)(...Object.values(door)));
  const rows = text.split("\n").slice(2);
  assertEquals(rows.map((row) => row.split(/\s{2,}/)[0]), ["ds", "da", "dw", "db"]);
  for (const row of rows) assertMatch(row, / ok /);
});

test("a wrong row is named from the formula, and what comes of it follows", () => {
  const { text, result } = printed(() => {
    const { tensors: { x, h }, cmp } = layer();
    const dh = h.mul(2 / 8);
    const dw = x.T.matmul(dh);
    return [cmp("h", dh, h), cmp("w", dw), cmp("b", dh.sum(1))];
  });
  assertEquals(result.map(({ status }) => status), ["ok", "wrong", "shape"]);
  assertStringIncludes(text.replaceAll(/\s+/g, " "), "sub(1, h.pow(2))");
  for (const { remark } of result.slice(1)) {
    assertStringIncludes(text.replaceAll(/\s+/g, " "), remark!.replaceAll(/\s+/g, " "));
  }
});

test("what comes back is float64, and the leaves in float32 are left as they are and known by their names, too", () => {
  const { result } = printed(() => {
    const { leaves, tensors, cmp } = layer();
    const dh = tensors.h.mul(2 / 8);
    cmp("h", dh);
    const da = dh.mul(sub(1, tensors.h.pow(2)));
    return {
      leaves,
      tensors,
      right: cmp("w", leaves.x.T.matmul(da)),
      wrong: cmp("x", da.matmul(leaves.w.T).mul(leaves.x)),
    };
  });
  assertEquals(Object.values(result.tensors).map(({ dtype }) => dtype), new Array(5).fill("float64"));
  assertEquals(Object.values(result.leaves).map(({ dtype }) => dtype), new Array(3).fill("float32"));
  assertEquals(result.right.status, "ok");
  assertMatch(result.wrong.remark!, /\bx\b.*does not belong/);
});

test("a tensor changed in place is named above the row, and a row that is compared again replaces the one before", () => {
  const { text, result } = printed(() => {
    const { tensors: { h }, cmp } = layer();
    const first = cmp("h", h.mul(1 / 8));
    return [first, cmp("h", h.mul_(2 / 8)), cmp("b", h.sum(0))];
  });
  assertEquals(result.map(({ status }) => status).slice(0, 2), ["wrong", "ok"]);
  assertStringIncludes(text, "h was changed in place between");
  assert(!text.includes("follows"), text);
});

test("names that the forward pass does not have, and gradients that are none, are answered in a sentence", () => {
  printed(() => {
    const { cmp } = layer();
    assertThrows(() => cmp("hh", tensor([1])), RangeError, "Did you mean");
    assertStringIncludes(cmp("h", 3 as unknown as door.Tensor).remark!, "yours is the number 3");
  });
  assertThrows(() => check({ loss: ({ y }) => y }, {}), ReferenceError, 'reads "y"');
  assertThrows(() => check({ y: ({ x }) => x }, { x: tensor([1, 2]) }), RangeError, "has to be one number");
});

test("a training after the check is not recorded, and a row after it is checked all the same", () => {
  const { result } = printed(() => {
    const { tensors: { h }, cmp } = layer(),
      plain = Object.getOwnPropertyDescriptor(door.Tensor.prototype, "add")!.value;
    forgetListeners();
    const unheard = Object.getOwnPropertyDescriptor(door.Tensor.prototype, "add")!.value;
    cmp("h", h.mul(1)); // listens again
    const step = ones_like(h);
    for (let i = 0; i < 10_001; i++) step.add_(1);
    const after = Object.getOwnPropertyDescriptor(door.Tensor.prototype, "add")!.value;
    return { plain, unheard, after, row: cmp("h", h.mul(2 / 8)) };
  });
  assert(result.plain !== result.unheard);
  assertEquals(result.after, result.unheard);
  assertEquals(result.row.status, "ok");
});
