// Replays of several elements at once: the same losses as one at a time, where the lines keep them apart and where they do not.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { copies, keepsApart, type Split, upTo } from "../../lib/check/apart.ts";
import { Check } from "../../lib/check/check.ts";
import { jacobian } from "../../lib/check/jacobian.ts";
import { type Forward, type Tensors, trace } from "../../lib/check/graph.ts";
import { apartIn, Replay } from "../../lib/check/replay.ts";
import { Generator } from "../../lib/random/generator.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { exercise1 } from "./lesson.ts";
import { networks } from "./networks/all.ts";

const g = new Generator(9), randn = (...shape: number[]) => g.randn(shape).to("float64");

/**
 * Holds that the groups hold every element once, and that the losses of a few, the first and the last among them, are those
 * of their elements moved alone: to the last bit, and with linear lines' slopes up to rounding. Returns the size of the
 * largest group.
 */
function same(forward: Forward, leaves: Tensors, name: string): number {
  const { values, graph } = trace(forward, leaves),
    replay = new Replay(forward, graph, values, name, apartIn(forward, values));
  const alone = new Replay(forward, graph, values, name, () => false),
    groups = [...replay.groups(upTo(replay.x.length))];
  const slopes = (line: string, read: string) => {
    const found = jacobian(forward[line], values, read, values[line]);
    return found.isLinear ? found : undefined;
  };
  const linear = new Replay(forward, graph, values, name, apartIn(forward, values), { slopes });
  for (const group of groups.filter((_, k) => k % Math.ceil(groups.length / 3) === 0 || k === groups.length - 1)) {
    const to = group.map((i) => replay.x[i] + 1e-3 * (1 + Math.abs(replay.x[i])));
    const expected = alone.losses(group, to);
    assertEquals(replay.losses(group, to), expected, name);
    linear.losses(group, to).forEach((loss, k) => {
      assert(
        Math.abs(loss - expected[k]) <= 1e-13 * (1 + Math.abs(expected[k])),
        `${name}: ${loss}, alone ${expected[k]}`,
      );
    });
  }
  assertEquals(groups.flat().sort((a, b) => a - b), Array.from(replay.x.keys()));
  return Math.max(...groups.map(({ length }) => length));
}

test("every tensor of exercise 1 gives the same losses in groups and one at a time", () => {
  const hidden = 12, { forward, leaves } = exercise1(hidden);
  for (const name of Object.keys({ ...leaves, ...forward })) {
    if (["xb", "yb", "loss"].includes(name)) continue;
    const size = same(forward, leaves, name);
    // Down to logprobs, an example's row is apart from the others.
    if (["h", "hpreact", "bnraw", "logits", "counts"].includes(name)) assertEquals(size, 32, name);
    // Down to h, a neuron's column is.
    if (["hprebn", "bndiff", "w1", "b1", "bnvar"].includes(name)) assertEquals(size, hidden, name);
  }
});

test("every tensor of every other network gives the same losses in groups and one at a time", () => {
  for (const { forward, leaves } of networks) {
    const values = new Check(forward, leaves()).values;
    for (const [name, t] of Object.entries(values)) {
      if (t.is_floating_point() && t.numel() > 1 && t.numel() < 100) same(forward, leaves64(leaves()), name);
    }
  }
});

const leaves64 = (leaves: Tensors) =>
  Object.fromEntries(Object.entries(leaves).map(([name, t]) => [name, t.dtype === "float32" ? t.to("float64") : t]));

test("what is apart by trial but meets within a step goes one at a time", () => {
  // Rows meet only where their sum moves by less than 1e-3 or so: nothing of it is seen from farther away.
  const x = randn(6, 4), sum = x.sum().item();
  const near = (x: Tensor) => {
    const off = x.sum().sub(sum);
    return off.mul(off.pow(2).mul(-1e8).exp());
  };
  const forward: Forward = { y: ({ x }) => x.add(near(x)), loss: ({ y }) => y.pow(2).sum() };
  const { values } = trace(forward, { x });
  assert(keepsApart(forward.y, values, ["x"], values.y, { by: "row", count: 6 }));
  const check = new Check(forward, { x }), y = x.mul(2), right = y.add(y.sum());
  assertEquals(check.row("x", right).status, "ok");
  assertEquals(check.row("x", y).status, "wrong");
});

test("lines keep apart what they compute apart, and nothing else", () => {
  const x = randn(6, 4);
  const w = randn(4, 4);
  const row: Split = { by: "row", count: 6 };
  const column: Split = { by: "column", count: 4 };
  const element: Split = { by: "element", count: 24 };
  const lines: [(t: Tensors) => Tensor, row: boolean, column: boolean, element: boolean][] = [
    [({ x }) => x.tanh(), true, true, true],
    [({ x, w }) => x.matmul(w), true, false, false],
    [({ x }) => x.softmax(1), true, false, false],
    [({ x }) => x.softmax(0), false, true, false],
    [({ x }) => x.sub(x.max(1, { keepdim: true }).values), true, false, false],
    [({ x }) => x.sub(x.mean(0, { keepdim: true })), false, true, false],
    [({ x }) => x.at([1, 0, 2, 3, 4, 5]), false, true, false],
    [({ x }) => x.mul(x.at(2, 1)), false, false, false],
    [({ x }) => x.add(x.sum().mul(1e-12)), false, false, false],
  ];
  lines.forEach(([line, ...expected], k) => {
    const inputs = { x, w }, made = line(inputs);
    const found = [row, column, element].map((split) => keepsApart(line, inputs, ["x"], made, split));
    assertEquals(found, expected, `line ${k}`);
  });
});

test("only a line that hands on the same numbers is taken for a copy", () => {
  const x = randn(6, 4),
    lines: [(t: Tensors) => Tensor, boolean][] = [
      [({ x }) => x.view(4, 6), true],
      [({ x }) => x.clone(), true],
      [({ x }) => x.flatten(), true],
      [({ x }) => x.T, false],
      [({ x }) => x.mul(1.0000001), false],
      [({ x }) => x.add(x.abs()).div(2).sub(x.neg().add(x.abs()).div(2)).add(1e-13), false],
      [({ x }) => x.at([1, 0, 2, 3, 4, 5]), false],
    ];
  lines.forEach(([line, expected], k) => assertEquals(copies(line, { x }, "x", line({ x })), expected, `line ${k}`));
});
