// Exercise 3: batchnorm's gradient against the atomic steps, closed forms, other sizes, and the claim about float32.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import source from "../../exercises/ex3.ts" with { type: "text" };
import { atOtherSizes } from "../../exercises/experiments.ts";
import { Check, type Row } from "../../lib/check/check.ts";
import { run } from "../../lib/check/graph.ts";
import { elsewhere } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { sub } from "../../lib/tensor/functional.ts";
import { ones_like, range, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };
import { replaceOnce, runSource } from "../harness.ts";

/** Exercise 3's own formula, taken out of its source. */
type Formula = (t: Record<string, Tensor>, n: number) => Tensor;
const slot = globalThis as unknown as { formula: Formula };
/** At the lecture's sizes. Its rows are checked at others, since these take a second: `deno run exercises/ex3.ts` does. */
const original = await runSource(
  replaceOnce(source, "// === Experiments", "globalThis.formula = batchnorm_backward;\n// === Experiments"),
  { only: [], trusted: true },
);

/** The formula on x and dy, for gain 1. */
function gradient(x: Tensor, dy: Tensor, eps: number): Tensor {
  const bnvar_inv = x.var(0, { keepdim: true }).add(eps).pow(-0.5), bnraw = x.sub(x.mean(0)).mul(bnvar_inv);
  return slot.formula({ dhpreact: dy, bnraw, bnvar_inv, bngain: ones_like(bnvar_inv) }, x.shape[0]);
}

const column = (...values: number[]) => tensor(values, { shape: [values.length, 1], dtype: "float64" });

test("exercise 3's loss and dhprebn are PyTorch's", () => {
  assertAlmostEquals(original.results.loss as number, facts.autograd_float64.loss, 1e-14);
  const { h, logits, w2, yb, bnraw, bnvar_inv, bngain } = original.check.values, n = logits.shape[0];
  const dlogits = logits.softmax(1).index_put_([range(n), yb], -1, { accumulate: true }).div_(n);
  const dhpreact = sub(1, h.pow(2)).mul(dlogits.matmul(w2.T));
  const ours = slot.formula({ dhpreact, bnraw, bnvar_inv, bngain }, n).toArray();
  const { first, norm } = facts.autograd_float64.tensors.hprebn.grad;
  first.forEach((x, i) => assertAlmostEquals(ours[i], x, 1e-14));
  assertAlmostEquals(Math.hypot(...ours), norm, 1e-12);
});

test("exercise 3 prints differences of at most 1e-12 to exercise 1's seven steps", () => {
  const forward = /seven steps differ by (\S+)/.exec(original.output)![1];
  const backward = /exercise 1's seven steps: (\S+)/.exec(original.output)![1];
  assert(Number(forward) <= 1e-12 && Number(backward) <= 1e-12, `${forward} ${backward}`);
});

test("exercise 3 shows the wrong twin as wrong, by a visible amount", () => {
  assert(/Its gradient is wrong: off by up to \d\.\de-[2-6]/.test(original.output), original.output);
});

test("with eps 0 and n = 2 the gradient is 0: two numbers always normalise to ±1/√2", () => {
  gradient(column(3, 7), column(0.4, -1.3), 0).toArray().forEach((x) => assertAlmostEquals(x, 0, 1e-16));
});

test("x = (0, 0, 3), dy = (1, 0, 0), eps = 0 gives (½, −½, 0)/√3, worked by hand", () => {
  // μ = 1, σ² = 3, s = 1/√3, x̂ = (−1, −1, 2)/√3, Σ dy = 1, Σ dy·x̂ = −1/√3, so
  // dx = s/3·(3·dy − 1 − 3/2·x̂·(−1/√3)) = s/3·(3·dy − 1 + (−1, −1, 2)/2) = s·(½, −½, 0).
  const expected = [1 / (2 * Math.sqrt(3)), -1 / (2 * Math.sqrt(3)), 0];
  gradient(column(0, 0, 3), column(1, 0, 0), 0).toArray().forEach((x, i) => assertAlmostEquals(x, expected[i], 1e-15));
});

test("the gradient sums to zero and, without eps, is orthogonal to x: shifts and stretches change nothing", () => {
  const x = column(1, -2, 0.5, 4, 3), dy = column(0.3, 1, -0.7, 0.2, 2);
  const dx = gradient(x, dy, 0);
  assertAlmostEquals(dx.sum().item(), 0, 1e-15);
  assertAlmostEquals(dx.mul(x).sum().item(), 0, 1e-14);
});

test("in float32, rounding 1 − h² once or twice makes the difference that the lecture prints: 2⁻³¹", () => {
  assertStringIncludes(original.output, `by at most ${(2 ** -31).toExponential(2)}`);
});

/** The exercise's other sizes, each with its check. */
const settings = atOtherSizes(new Generator(1)).map(({ n, eps, forward, leaves }) => {
  const note = `n=${n} eps=${eps.toExponential()}`;
  return { n, note, check: new Check(forward, leaves), tensors: run(forward, leaves) };
});
const rowsOf = (formula: Formula): Row[] => [
  { name: "hprebn", shape: [], status: "ok", maxdiff: 0 },
  ...settings.map(({ n, note, check, tensors }) => ({ ...check.row("hprebn", formula(tensors, n)), note })),
];

test("the formula is right at the eight other sizes and settings", () => {
  assertEquals(rowsOf(slot.formula).map(({ status }) => status), new Array(9).fill("ok"));
});

const limits: [formula: Formula, sentence: string][] = [
  [(t) => slot.formula(t, 32), "dhprebn is right at n = 32 only: n is the function's argument"],
  [
    (t, n) => slot.formula({ ...t, bngain: t.bngain.mul(0).add(1.1) }, n),
    "such as a gain that is the same in every column",
  ],
  [(t, n) => slot.formula(t, n).mul(n === 257 ? 2 : 1), "wrong at n=257 eps=1e-5, n=257 eps=1e-2"],
];
for (const [formula, sentence] of limits) {
  test(`a formula that is right on the minibatch only gets one sentence: ${sentence}`, () => {
    assertStringIncludes(elsewhere(rowsOf(formula))!, sentence);
  });
}

test("where the formula is wrong on the minibatch, the other sizes follow without a remark", async () => {
  const { rows } = await runSource(replaceOnce(source, ".sub(along)", ""), { flags: { seed: 1337, hidden: 1 } });
  assertEquals(rows.map(({ note }) => note), [undefined, ...settings.map(({ note }) => note)]);
  assertEquals(rows.map(({ status }) => status), ["wrong", ...new Array(8).fill("follows")]);
  assertEquals(rows.slice(1).map(({ remark }) => remark), new Array(8).fill(undefined));
});
