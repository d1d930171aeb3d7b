// Who is to blame for a wrong row, and what is said of a few rows that are not in the list of mistakes. The sentences, the
// list and random gradients take longer: sentences_long.ts, mistakes_long.ts, gradients_long.ts and random_long.ts.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { numel } from "../../lib/tensor/shape.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { Course, exercise1, noise } from "./lesson.ts";
import { course, elementsOf, like, told } from "./told.ts";

test("a difference of little more than rounding gets a remark, too", () => {
  const elements = elementsOf("probs"), at = elements.findIndex((x) => x === 0);
  const { remark } = told("probs", like("probs", elements.with(at, 1.14e-8)))!;
  assertStringIncludes(remark!, "yours 1.14e-8, expected 0");
});

test("a gradient that would be zero, given in a shape that broadcasts, gets no factor out of a division by zero", () => {
  const above = { hprebn: like("hprebn", new Float64Array(numel(course.check.values.hprebn.shape))) };
  told("w1", tensor(new Float64Array(3).fill(1), { shape: [1, 3], dtype: "float64" }), above);
});

// --- Who is to blame ------------------------------------------------------------------------------------------------------

const chain: [changes: Record<string, string>, follows: string[], causes: string[]][] = [
  [{ probs: "dlogprobs.mul(probs)" }, ["counts_sum_inv", "counts_sum", "counts", "norm_logits", "C"], ["dprobs"]],
  [{ probs: "zeros_like(probs)" }, ["counts_sum_inv", "counts", "hpreact", "C"], ["dprobs"]],
  [{ "counts+": "" }, ["norm_logits", "w2", "embcat"], ["dcounts"]],
  [{ probs: "dlogprobs.div(probs.mul(0))" }, ["counts_sum_inv", "counts", "norm_logits"], ["dprobs"]],
  [{ counts_sum_inv: "counts.mul(dprobs)" }, ["counts_sum"], ["dcounts_sum_inv"]],
  [{ b2: "5", h: "dlogits.matmul(w2.T).neg()" }, ["hpreact", "bnraw", "w1"], ["dh"]],
  [{ h: "dlogits.matmul(w2.T).mul(2)", bndiff: "bnvar_inv.mul(dbnraw).neg()" }, ["bnraw"], ["dh"]],
];
for (const [changes, follows, causes] of chain) {
  test(`with ${JSON.stringify(changes)}, ${follows.join(", ")} follow from ${causes}`, () => {
    const rows = course.play(changes);
    for (const name of follows) {
      const row = rows.find((row) => row.name === name)!;
      assertEquals([name, row.status, row.causes], [name, "follows", causes]);
      assertStringIncludes(row.remark!, `${causes[0]} above`);
    }
  });
}

test("a number in place of a gradient is blamed where it stands, not one row further down", () => {
  const rows = course.play({ counts_sum_inv: "5" });
  assertEquals(rows.find(({ name }) => name === "counts_sum_inv")!.status, "shape");
  assertEquals(rows.find(({ name }) => name === "counts_sum")!.causes, ["dcounts_sum_inv"]);
});

test("a mistake of its own below an earlier one is told apart from it, and both are named", () => {
  const { status, remark } = course.play({ probs: "dlogprobs.mul(probs)", "counts+": "" }, "counts").at(-1)!;
  assertEquals(status, "wrong");
  for (const text of ["dprobs above", "counts also feeds counts_sum"]) assertStringIncludes(remark!, text);
});

test("two mistakes in one row are both told", () => {
  const { remark } = course.play({
    counts: "counts_sum_inv.mul(dprobs).mul(n)",
    "counts+": "dcounts.sub_(dcounts_sum)",
  }, "counts").at(-1)!;
  for (
    const text of ["through probs is 32 times too large", "through counts_sum is the right number with the wrong sign"]
  ) {
    assertStringIncludes(remark!, text);
  }
});

for (const hidden of [1, 10, 27, 32]) {
  test(`with ${hidden} neurons, a size that occurs elsewhere, all right rows are ok and mistakes are told as with others`, () => {
    const same = new Course(exercise1(hidden));
    assertEquals(same.rows.filter(({ status }) => status !== "ok").map(({ name }) => name), []);
    const tanh = same.play({ hpreact: "sub(1, h).mul(dh)" }, "hpreact").at(-1)!;
    assertStringIncludes(tanh.remark!, "You multiply by 1 − h; the derivative of tanh is 1 − h²");
    const path = same.play({ "hprebn+": "" }, "hprebn").at(-1)!;
    assertStringIncludes(path.remark!, "hprebn also feeds bnmeani");
    const sign = same.play({ w1: "embcat.T.matmul(dhprebn).neg()" }, "w1").at(-1)!;
    assertStringIncludes(sign.remark!, "wrong sign");
  });
}

test("with as many neurons as examples, a sum over the wrong dimension is told though the shape is right", () => {
  const square = new Course(exercise1(32));
  const { remark } = square.play({ bngain: "bnraw.mul(dhpreact).sum(1).view(1, -1)" }, "bngain").at(-1)!;
  assertStringIncludes(remark!, "Summed over the columns; it should be over the rows.");
});

test("an element's place is written row first, as the exercise would write it", () => {
  const elements = elementsOf("w2"); // (3, 27)
  elements[2 * 27 + 5] = NaN;
  assertStringIncludes(told("w2", like("w2", elements))!.remark!, "the first at [2, 5]");
});

test("what is said of a row that nothing explains shows numbers that differ in what is shown", () => {
  const right = elementsOf("w1"), rough = noise(right.length, 7);
  const remark = told("w1", like("w1", right.map((x, i) => x * (1 + 3e-4 * rough[i]))))!.remark!;
  for (const [, yours, expected] of remark.matchAll(/yours (\S+), expected ([^;.\s]+(?:\.\d+)?)/g)) {
    assert(yours !== expected, remark);
  }
  assertStringIncludes(remark, "elements are off");
});

// Not among the mistakes of the list: whatever is said of these has to be so.
const rare: [row: string, code: string, words: string][] = [
  ["norm_logits", "counts.add(dcounts)", "Yours is dcounts + counts; the two have to be multiplied"],
  ["hpreact", "dh.sub(h.pow(2))", "have to be multiplied"],
  ["w2", "w2.clone()", "What stands there is w2 itself"],
  ["w2", "h.T.matmul(dlogits).sub(w2.mul(0.01))", "0.01·w2 is subtracted"],
  ["h", "dlogits.matmul(w2.T).add(b1)", "b1 is added"],
  ["b2", "dlogits.max(0).values", "The largest over the 32 examples"],
  ["hpreact", "sub(1, h.pow(2)).pow(2).mul(dh)", "(1 − h²)²; the derivative of tanh is 1 − h²"],
  ["probs", "probs.sub(one_hot(yb, 27)).div(n)", "That is the right dlogits"],
  ["norm_logits", "dcounts.exp()", "e^dcounts stands where"],
];
for (const [row, code, words] of rare) {
  test(`d${row} = ${code} is told as ${words}`, () => {
    const { status, remark } = course.play({ [row]: code }, row).at(-1)!;
    assertEquals(status, "wrong");
    assertStringIncludes(remark!, words);
  });
}
