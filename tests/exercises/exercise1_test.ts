// Exercise 1 against PyTorch's numbers. Mistakes in its lines: tests/check/mistakes.ts.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import source from "../../exercises/ex1.ts" with { type: "text" };
import { batch_size, yb } from "../../data/minibatch.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };
import { runSource } from "../harness.ts";

const lecture = facts.lecture.exercises_1_to_3;
/** At the lecture's sizes. Its rows are checked at others, since these take a second: `deno run exercises/ex1.ts` does. */
const original = await runSource(source, { only: [] });

test("exercise 1 has 26 rows, in the lecture's order, all right, at another seed, drawn, with a single neuron, too", async () => {
  const { rows } = await runSource(source, { flags: { seed: 1337, hidden: 1 }, alone: ["drawn"] });
  const names =
    "logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h w2 b2 hpreact bngain bnbias " +
    "bnraw bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat w1 b1 emb C";
  assertEquals(rows.map(({ name }) => name), names.split(" "));
  assertEquals(rows.filter(({ status }) => status !== "ok"), []);
});

test("exercise 1 with --drawn has a bngain and a bnbias of its own in every column", async () => {
  const drawn = { flags: { hidden: 3 }, alone: ["drawn"], only: [] };
  const { check: { values: { bngain, bnbias, C } } } = await runSource(source, drawn);
  for (const t of [bngain, bnbias]) assertEquals(new Set(t.toArray()).size, 3);
  assertEquals(C.tolist(), original.check.values.C.tolist());
});

test("exercise 1's loss is PyTorch's float64 loss to all digits, and prints as the lecture's", () => {
  assertAlmostEquals(original.results.loss as number, facts.autograd_float64.loss, 1e-14);
  assert(original.output.includes(lecture.loss_float32.toFixed(6)), original.output);
});

test("exercise 1's row maxima, argmax and labels are the lecture's", () => {
  const { logits, logit_maxes } = original.check.values;
  assertEquals(Array.from(logit_maxes.toArray(), (x) => Number(x.toFixed(4))), lecture.logit_maxes);
  assertEquals([...logits.argmax(1).toArray()], lecture.logit_argmax);
  assertEquals([...yb], lecture.yb);
  assertEquals(batch_size, lecture.batch_size);
});

interface Summary {
  sum: number;
  norm: number;
  absmax?: number;
  first: number[];
}

function assertSummary(tensor: Tensor, expected: Summary, what: string) {
  const values = Array.from(tensor.toArray());
  const norm = Math.hypot(...values), scale = Math.max(expected.norm, 1e-16);
  const near = (a: number, b: number, size: number, part: string) =>
    assert(Math.abs(a - b) <= 1e-10 * size + 1e-16, `${what}: ${part} is ${a}, PyTorch has ${b}`);
  // A sum whose terms cancel is as exact as its terms are, not as it is small itself.
  near(values.reduce((a, b) => a + b, 0), expected.sum, scale * Math.sqrt(values.length), "sum");
  near(norm, expected.norm, scale, "norm");
  if (expected.absmax !== undefined) near(Math.max(...values.map(Math.abs)), expected.absmax, scale, "absmax");
  expected.first.forEach((x, i) => near(values[i], x, Math.max(Math.abs(x), scale * 1e-3), `element ${i}`));
}

for (const [name, expected] of Object.entries(facts.autograd_float64.tensors)) {
  test(`${name} and its gradient are PyTorch's to ten digits`, () => {
    assertEquals([...original.check.values[name].shape], expected.shape);
    assertSummary(original.check.values[name], expected.value, name);
    assertSummary(original.gradients[name]!, expected.grad, `gradient of ${name}`);
  });
}

const LINE = /^const dlogprobs = .*$/m, TURN = "const dlogprobs = zeros_like(logprobs); for (let i = 0; i < n; i++) ";

test("a loop over the labels is right in exercise 1's first row, and nothing is said of it", async () => {
  for (const label of ["yb.at(i).item()", "yb.tolist()[i]"]) {
    const code = `${TURN}dlogprobs.at(i, ${label}).sub_(1 / n);`;
    const { rows: [{ status, remark }] } = await runSource(source.replace(LINE, code), { only: ["logprobs"] });
    assertEquals([status, remark], ["ok", undefined]);
  }
});

test("a slip in exercise 1's first row is told from its formula, whatever numbers were read before", async () => {
  const slips = [
    [
      `say(logprobs.tolist(), counts.sum().item()); const dlogprobs = ones_like(logprobs).div(-n);`,
      "Only the elements at",
    ],
    [`${TURN}dlogprobs.at(i, i % 27).sub_(1 / n);`, "The second index in dlogprobs.at(0, 0) is 0, 1, 2, 3, … in turn"],
    [`${TURN}dlogprobs.at(i, yb.at(i).item()).add_(1 / n);`, "add_ stands where sub_ belongs, in every turn."],
    [
      `${TURN.replace("i = 0", "i = 1")}dlogprobs.at(i, yb.at(i).item()).sub_(1 / n);`,
      "The loop leaves out dlogprobs.at(0, 8).",
    ],
  ];
  for (const [code, remark] of slips) {
    const { rows: [row] } = await runSource(source.replace(LINE, code), { only: ["logprobs"] });
    assertStringIncludes(row.remark ?? "", remark, code);
  }
});
