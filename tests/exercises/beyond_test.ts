// The exercises beyond the lecture: every gradient is PyTorch's, LayerNorm's formula has what its closed forms have, and
// one that is right by luck gets a sentence.
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import attentionSource from "../../exercises/beyond/attention.ts" with { type: "text" };
import { atOtherShapes } from "../../exercises/beyond/experiments.ts";
import layernormSource from "../../exercises/beyond/layernorm.ts" with { type: "text" };
import { Check, type Row } from "../../lib/check/check.ts";
import { run } from "../../lib/check/graph.ts";
import { elsewhere } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { ones, tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import fixture from "../fixtures/beyond.json" with { type: "json" };
import { replaceOnce, runSource } from "../harness.ts";

type Formula = (t: Record<string, Tensor>, m: number) => Tensor;
const slot = globalThis as unknown as { layernormFormula: Formula };
const script = "exercises/beyond/layernorm.ts";
const taken = "globalThis.layernormFormula = layernorm_backward;\n// === Experiments";
/** At the exercises' sizes, whose rows take a second: `deno run` checks those. */
const unchecked = { only: [], trusted: true };
const layernorm = await runSource(replaceOnce(layernormSource, "// === Experiments", taken), { script, ...unchecked });
const attention = await runSource(attentionSource, { script: "exercises/beyond/attention.ts", ...unchecked });

/** A gradient as PyTorch gave it: `ramp` is the sum of its elements times their positions. */
interface Recorded {
  shape: number[];
  first: number[];
  norm: number;
  ramp: number;
}

/** As many digits are compared as the gradient from above has, which is measured: some ten. */
function assertRecorded(gradient: Tensor, { shape, first, norm, ramp }: Recorded, name = ""): void {
  const numbers = Array.from(gradient.toArray());
  assertEquals([...gradient.shape], shape, name);
  first.forEach((x, i) => assertAlmostEquals(numbers[i], x, 1e-9 * norm, `${name}, element ${i}`));
  assertAlmostEquals(Math.hypot(...numbers), norm, 1e-9 * norm, name);
  const sum = numbers.reduce((sum, x, i) => sum + x * i, 0), reach = Math.hypot(...numbers.keys());
  assertAlmostEquals(sum, ramp, 1e-9 * norm * reach, `${name}, in order`);
}

function assertAllRecorded(gradients: Record<string, Tensor>, recorded: Record<string, Recorded>): void {
  assertEquals(Object.keys(gradients).toSorted(), Object.keys(recorded).toSorted());
  for (const [name, one] of Object.entries(recorded)) assertRecorded(gradients[name], one, name);
}

test("LayerNorm's atoms have PyTorch's loss and gradients", () => {
  const { x: _, ...gradients } = layernorm.gradients, { hpreact, ...recorded } = fixture.layernorm.grads;
  assertAlmostEquals(layernorm.results.loss as number, fixture.layernorm.loss, 1e-14);
  assertRecorded(layernorm.check.right("hpreact"), hpreact);
  assertAllRecorded(gradients, recorded);
});

test("LayerNorm's formula gives what the backward pass of F.layer_norm gives", () => {
  assertAlmostEquals(layernorm.results.loss as number, fixture.layer_norm.loss, 1e-14);
  assertRecorded(layernorm.gradients.x, fixture.layer_norm.grads.hpreln);
});

test("the attention head has PyTorch's loss and gradients", () => {
  const { logits, ...recorded } = fixture.attention.grads;
  assertAlmostEquals(attention.results.loss as number, fixture.attention.loss, 1e-14);
  assertRecorded(attention.check.right("logits"), logits);
  assertAllRecorded(attention.gradients, recorded);
});

/** The formula on one row x with dy, for gain 1. */
function gradient(x: Tensor, dy: Tensor, eps: number): Tensor {
  const rstd = x.var(-1, { keepdim: true, correction: 0 }).add(eps).pow(-0.5);
  const xhat = x.sub(x.mean(-1, { keepdim: true })).mul(rstd), m = x.shape.at(-1)!;
  return slot.layernormFormula({ dy, xhat, rstd, gain: ones([m], { dtype: "float64" }) }, m);
}

const row = (...values: number[]) => tensor([values], { dtype: "float64" });

test("x = (0, 0, 3), dy = (1, 0, 0), eps = 0 gives (½, −½, 0)/√2, worked by hand", () => {
  // μ = 1, σ² = 2, s = 1/√2, x̂ = (−1, −1, 2)/√2, Σ dy = 1, Σ dy·x̂ = −1/√2, so
  // dx = s/3·(3·dy − 1 − x̂·(−1/√2)) = s/3·((2, −1, −1) + (−1, −1, 2)/2) = s/3·(3/2, −3/2, 0).
  const expected = [0.5 / Math.SQRT2, -0.5 / Math.SQRT2, 0];
  gradient(row(0, 0, 3), row(1, 0, 0), 0).toArray().forEach((x, i) => assertAlmostEquals(x, expected[i], 1e-15));
});

test("a row's gradient sums to zero and, without eps, is orthogonal to the row: shifts and stretches change nothing", () => {
  const x = row(1, -2, 0.5, 4, 3), dx = gradient(x, row(0.3, 1, -0.7, 0.2, 2), 0);
  assertAlmostEquals(dx.sum().item(), 0, 1e-15);
  assertAlmostEquals(dx.mul(x).sum().item(), 0, 1e-14);
});

test("two numbers always normalise to ±1, so that their gradient is zero without eps", () => {
  gradient(row(3, 7), row(0.4, -1.3), 0).toArray().forEach((x) => assertAlmostEquals(x, 0, 1e-16));
});

test("layernorm shows that one example alone has the same gradient, and how far batchnorm's factor is off", () => {
  const output = layernorm.output.replaceAll(/\s+/g, " ");
  assertStringIncludes(output, "among all 32: they differ by 0.");
  assertMatch(output, /64\/63, in the last term would make dx wrong by up to \d\.\de-[3-6];/);
  const between = /from the seven steps: (\S+)/.exec(output)![1];
  assert(Number(between) <= 1e-15, between);
});

test("attention draws att and dwei, and with −1e9 for −Infinity att is the same", () => {
  assertStringIncludes(attention.output, "att differs by 0:");
  assertStringIncludes(attention.output, "its row of dwei is 0,");
  assertMatch(attention.output, /a row for each letter: att\n\n@@ *\n/); // the first letter sees only itself
});

/** The exercise's other shapes with rows of 5, each with its check. */
const settings = atOtherShapes(new Generator(1), 5).map(({ m, note, forward, leaves }) => (
  { m, note, check: new Check(forward, leaves), tensors: run(forward, leaves) }
));
const rowsOf = (formula: Formula): Row[] => [
  { name: "x", shape: [], status: "ok", maxdiff: 0 },
  ...settings.map(({ m, note, check, tensors }) => ({ ...check.row("x", formula(tensors, m)), note })),
];

test("LayerNorm's formula is right at the eight other shapes and settings", () => {
  assertEquals(rowsOf(slot.layernormFormula).map(({ status }) => status), new Array(9).fill("ok"));
});

/** The formula, with the first of its sums over dimension 1, which is the last one in a matrix only. */
const overColumns: Formula = ({ dy, xhat, rstd, gain }, m) => {
  const dxhat = dy.mul(gain), along = xhat.mul(dxhat.mul(xhat).sum(-1, { keepdim: true }));
  return rstd.div(m).mul(dxhat.mul(m).sub(dxhat.sum(1, { keepdim: true })).sub(along));
};
const limits: [formula: Formula, sentence: string][] = [
  [(t) => slot.layernormFormula(t, 5), "dx is right at m = 5 only: m is the function's argument"],
  [overColumns, "dx is right at d = 2 only: the last of d dimensions is −1"],
];
for (const [formula, sentence] of limits) {
  test(`a formula that is right on the minibatch only gets one sentence: ${sentence}`, () => {
    assertStringIncludes(elsewhere(rowsOf(formula))!, sentence);
  });
}
