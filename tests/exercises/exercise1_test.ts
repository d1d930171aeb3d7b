// Exercise 1 against PyTorch's numbers, and with mistakes planted in its backward lines.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import source from "../../exercises/ex1.ts" with { type: "text" };
import { batch_size, yb } from "../../data/minibatch.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };
import { replaceOnce, runSource } from "../harness.ts";

const lecture = facts.lecture.exercises_1_to_3;
const original = await runSource(source);

test("exercise 1 has 26 rows, in the lecture's order, all right", () => {
  const names =
    "logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h w2 b2 hpreact bngain bnbias " +
    "bnraw bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat w1 b1 emb C";
  assertEquals(original.rows.map(({ name }) => name), names.split(" "));
  assertEquals(original.rows.filter(({ status }) => status !== "ok"), []);
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

test("exercise 1 holds at other seeds and sizes", async () => {
  for (const flags of [{ seed: 1337, hidden: 10 }, { seed: 0, hidden: 1 }, { seed: 42, hidden: 5 }]) {
    const { rows } = await runSource(source, { flags });
    assertEquals(rows.filter(({ status }) => status !== "ok"), [], JSON.stringify(flags));
  }
});

// One backward line each: what stands there, what is put in its place, and the row that must notice.
const mistakes: [row: string, what: string, from: string, to: string][] = [
  ["logprobs", "a sign", "index_put_([range(n), yb], -1 / n)", "index_put_([range(n), yb], 1 / n)"],
  ["logprobs", "a missing 1/n", "index_put_([range(n), yb], -1 / n)", "index_put_([range(n), yb], -1)"],
  ["probs", "a product for a quotient", "dlogprobs.div(probs)", "dlogprobs.mul(probs)"],
  ["counts_sum_inv", "a missing sum", "counts.mul(dprobs).sum(1, { keepdim: true })", "counts.mul(dprobs)"],
  ["counts_sum_inv", "a sum over rows", "counts.mul(dprobs).sum(1, { keepdim: true })", "counts.mul(dprobs).sum(0)"],
  ["counts_sum", "a sign", "counts_sum.pow(-2).neg()", "counts_sum.pow(-2)"],
  ["counts_sum", "a wrong power", "counts_sum.pow(-2).neg()", "counts_sum.pow(-1).neg()"],
  ["counts", "a missing second term", "dcounts.add_(ones_like(counts).mul(dcounts_sum));", "ones_like(counts);"],
  ["norm_logits", "a wrong factor", "= counts.mul(dcounts);", "= probs.mul(dcounts);"],
  ["logit_maxes", "a mean for a sum", "dnorm_logits.neg().sum(1, ", "dnorm_logits.pow(2).sum(1, "],
  ["logits", "a term twice", "const dlogits = dnorm_logits.clone();", "const dlogits = dnorm_logits.mul(2);"],
  ["h", "a wrong operand", "dlogits.matmul(w2.T)", "dnorm_logits.mul(dnorm_logits).matmul(w2.T)"],
  ["w2", "a transposed product", "h.T.matmul(dlogits)", "dlogits.T.matmul(h)"],
  ["b2", "a mean for a sum", "dlogits.sum(0)", "dlogits.mean(0)"],
  ["b2", "a kept dimension", "dlogits.sum(0)", "dlogits.sum(0, { keepdim: true })"],
  ["hpreact", "a missing square", "sub(1, h.pow(2))", "sub(1, h)"],
  ["bngain", "a missing factor", "bnraw.mul(dhpreact).sum(0", "dhpreact.sum(0"],
  ["bnbias", "a missing sum", "= dhpreact.sum(0, { keepdim: true })", "= dhpreact"],
  ["bnraw", "a missing factor", "bngain.mul(dhpreact);", "dhpreact;"],
  ["bnvar_inv", "a wrong operand", "bndiff.mul(dbnraw).sum", "bnraw.mul(dbnraw).sum"],
  ["bnvar", "a wrong power", "pow(-1.5).mul(-0.5)", "pow(-0.5).mul(-0.5)"],
  ["bndiff2", "n for n − 1", "mul(1 / (n - 1)).mul(dbnvar)", "mul(1 / n).mul(dbnvar)"],
  ["bndiff", "a missing 2", "bndiff.mul(2).mul(dbndiff2)", "bndiff.mul(dbndiff2)"],
  ["bnmeani", "a sign", "dbndiff.neg().sum(0", "dbndiff.sum(0"],
  ["hprebn", "a missing second term", "dhprebn.add_(ones_like(hprebn).mul(1 / n).mul(dbnmeani));", "n;"],
  ["hprebn", "n − 1 for n", "ones_like(hprebn).mul(1 / n)", "ones_like(hprebn).mul(1 / (n - 1))"],
  ["embcat", "a wrong operand", "= dhprebn.matmul(w1.T)", "= dbndiff.matmul(w1.T)"],
  ["w1", "a wrong operand", "embcat.T.matmul(dhprebn)", "embcat.T.matmul(dbndiff)"],
  ["b1", "a missing step", "= dhprebn.sum(0)", "= dbndiff.sum(0)"],
  ["emb", "a wrong shape", "dembcat.view(...emb.shape)", "dembcat.view(n, -1)"],
  ["C", "a row lost", "index_add_(0, xb.flatten(), demb.view(-1, n_embd))", "add(0)"],
];

for (const [row, what, from, to] of mistakes) {
  test(`exercise 1's row ${row} notices ${what}: ${to}`, async () => {
    const { rows } = await runSource(replaceOnce(source, from, to), { only: [row] });
    assertEquals(rows.length, 1);
    assert(rows[0].status === "wrong" || rows[0].status === "shape", rows[0].status);
  });
}
