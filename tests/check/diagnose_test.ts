// Who is to blame for a wrong row, and the remarks on a few rows that are not in the list of mistakes. The list and random
// gradients take longer: mistakes_long.ts, gradients_long.ts and random_long.ts.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { numel } from "../../lib/tensor/shape.ts";
import { Check } from "../../lib/check/check.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { judge } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { ones_like, tensor, zeros_like } from "../../lib/tensor/creation.ts";
import { Course, exercise1, noise } from "./lesson.ts";
import { course, elementsOf, explained, like } from "./explained.ts";
import { rowsOf } from "./rows.ts";

test("a difference of little more than rounding gets a remark, too", () => {
  const elements = elementsOf("probs"), at = elements.findIndex((x) => x === 0);
  const { remark } = explained("probs", like("probs", elements.with(at, 1.14e-8)))!;
  assertStringIncludes(remark!, "yours 1.14e-8, expected 0");
});

test("a gradient that would be zero, given in a shape that broadcasts, gets no factor out of a division by zero", () => {
  const above = { hprebn: like("hprebn", new Float64Array(numel(course.check.values.hprebn.shape))) };
  explained("w1", tensor(new Float64Array(3).fill(1), { shape: [1, 3], dtype: "float64" }), above);
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

test("a number in place of a gradient is blamed in its own row, not one further down", () => {
  const rows = course.play({ counts_sum_inv: "5" });
  assertEquals(rows.find(({ name }) => name === "counts_sum_inv")!.status, "shape");
  assertEquals(rows.find(({ name }) => name === "counts_sum")!.causes, ["dcounts_sum_inv"]);
});

test("a second mistake below an earlier one is distinguished from it, and both are named", () => {
  const { status, remark } = course.play({ probs: "dlogprobs.mul(probs)", "counts+": "" }, "counts").at(-1)!;
  assertEquals(status, "wrong");
  for (const text of ["dprobs above is wrong", "counts also feeds counts_sum"]) assertStringIncludes(remark!, text);
});

test("two mistakes in one row are both named", () => {
  const { remark } = course.play({
    counts: "counts_sum_inv.mul(dprobs).mul(n)",
    "counts+": "dcounts.sub_(dcounts_sum)",
  }, "counts").at(-1)!;
  for (
    const text of [
      "In the term through probs: you multiply by 32, which does not belong there",
      "the term through counts_sum has the wrong sign",
    ]
  ) {
    assertStringIncludes(remark!, text);
  }
});

for (const hidden of [1, 10, 27, 32]) {
  test(`with ${hidden} neurons, a size that occurs elsewhere, all right rows are ok and mistakes are named as with others`, () => {
    const same = new Course(exercise1(hidden));
    assertEquals(same.rows.filter(({ status }) => status !== "ok").map(({ name }) => name), []);
    const tanh = same.play({ hpreact: "sub(1, h).mul(dh)" }, "hpreact").at(-1)!;
    assertStringIncludes(tanh.remark!, "h stands where h.pow(2) belongs. The derivative of tanh x is 1 − tanh² x.");
    const path = same.play({ "hprebn+": "" }, "hprebn").at(-1)!;
    assertStringIncludes(path.remark!, "hprebn also feeds bnmeani");
    const sign = same.play({ w1: "embcat.T.matmul(dhprebn).neg()" }, "w1").at(-1)!;
    assertStringIncludes(sign.remark!, "The sign is wrong.");
  });
}

test("with as many neurons as examples, a sum over the wrong dimension is named though the shape is right", () => {
  const square = new Course(exercise1(32));
  const { remark } = square.play({ bngain: "bnraw.mul(dhpreact).sum(1).view(1, -1)" }, "bngain").at(-1)!;
  assertStringIncludes(remark!, "The sum goes over dimension 1; sum(0, { keepdim: true }) belongs there.");
});

test("an element's place is written row first, as the exercise would write it", () => {
  const elements = elementsOf("w2"); // (3, 27)
  elements[2 * 27 + 5] = NaN;
  assertStringIncludes(explained("w2", like("w2", elements))!.remark!, "the first at [2, 5]");
});

test("where nothing explains a row, the two numbers shown differ in the digits shown", () => {
  const right = elementsOf("w1"), rough = noise(right.length, 7);
  const remark = explained("w1", like("w1", right.map((x, i) => x * (1 + 3e-4 * rough[i]))))!.remark!;
  for (const [, yours, expected] of remark.matchAll(/yours (\S+), expected ([^;.\s]+(?:\.\d+)?)/g)) {
    assert(yours !== expected, remark);
  }
  assertStringIncludes(remark, "elements are off");
});

test("a search that fails ends nothing: the verdict stays, and the remark says whose fault it is", () => {
  const forward: Forward = { y: ({ a }) => a.tanh(), loss: ({ y }) => y.sum() };
  const check = new Check(forward, { a: new Generator(1).randn([3, 2]).double() });
  const broken = new Explainer(check);
  broken.explain = broken.luck = () => {
    throw new TypeError("Reduce of empty array with no initial value");
  };
  const said = "The search for the mistake failed, which is a fault of this program " +
    "(TypeError: Reduce of empty array with no initial value): please report it.";
  const { y } = check.values;
  for (const [given, status] of [[ones_like(y), "ok"], [y, "wrong"]] as const) {
    const row = judge(check, "y", given, [], { explainer: broken });
    assertEquals([row.status, row.remark], [status, said]);
  }
});

test("a line that looks at a tensor's shape only is no term of its gradient", () => {
  const forward: Forward = {
    y: ({ a, b }) => a.mul(b),
    z: ({ y, b }) => zeros_like(y).add(b.pow(2)),
    v: ({ y, b }) => b.view_as(y),
    loss: ({ y, z, v }) => y.pow(2).sum().add(z.sum()).add(v.sum()),
  };
  const leaves = { a: new Generator(1).randn([3, 2]).double(), b: new Generator(2).randn([3, 2]).double() };
  const rows = rowsOf(forward, leaves, ({ y, z, v, b }, cmp) => {
    cmp("z", ones_like(z));
    cmp("v", ones_like(v));
    cmp("y", y.mul(2));
    cmp("y", b.mul(2));
  });
  assertEquals(rows.map(({ status, remark }) => [status, remark]), [
    ["ok", undefined],
    ["ok", undefined],
    ["ok", undefined],
    ["wrong", "b stands where y belongs."],
  ]);
});
