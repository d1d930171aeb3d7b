// What is said of gradients that are anything at all: always something, and nothing that does not make the numbers.
// Random numbers in place of whole gradients take longer: random_gradients.ts.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import type { Row } from "../../lib/check/check.ts";
import { explain } from "../../lib/check/judge.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { numel } from "../../lib/tensor/shape.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { Course, exercise1, noise } from "./lesson.ts";

const course = new Course(exercise1(3)), table = course.rows.map(({ name }) => name);

/** What is said of one gradient, the rows above being right but for those given otherwise. */
function told(name: string, given: unknown, above: Record<string, unknown> = {}, of = course): Row | undefined {
  using _ = scratch();
  const earlier: Row[] = [];
  for (const row of of.rows.slice(0, of.rows.findIndex((row) => row.name === name))) {
    earlier.push(row.name in above ? explain(of.check, of.verdict(row.name, above[row.name]), earlier) : row);
  }
  const row = explain(of.check, of.verdict(name, given), earlier);
  if (row.status === "ok") return undefined;
  assertMatch(row.remark!, /^[A-Z0-9dΣe−a-z][^\n]*[.?]$/);
  assertFalse(/undefined|NaN times|Infinity|\.\.|\?\./.test(row.remark!), row.remark);
  return row;
}

const elementsOf = (name: string, of = course) =>
  Array.from(of.rows.find((row) => row.name === name)!.given!.toArray());
const like = (name: string, elements: ArrayLike<number>, of = course) =>
  tensor(elements, { shape: of.check.values[name].shape, dtype: "float64" });
const changed = (name: string, at: number, to: number) => {
  const elements = elementsOf(name);
  elements[Math.floor(at * elements.length)] = to;
  return like(name, elements);
};
const anyName = fc.constantFrom(...table), runs = { numRuns: 20 };
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("one element that is another number gets a remark that names its place, whatever the row", () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(anyName, place, number, (name, at, x) => {
      const row = told(name, changed(name, at, x));
      if (row && numel(row.shape) >= 4 && !["logit_maxes", "b1"].includes(name)) {
        assertStringIncludes(row.remark!, "is wrong: yours");
      }
    }),
    runs,
  );
});

test("one element that is NaN or infinite is told as that, whatever the row", () => {
  fc.assert(
    fc.property(anyName, place, fc.constantFrom(NaN, Infinity, -Infinity), (name, at, x) => {
      assertStringIncludes(told(name, changed(name, at, x))!.remark!, "1 of ");
    }),
    runs,
  );
});

test("every element times a number is told as a factor or a sign, but where the right gradient is zero", () => {
  const rows = table.filter((name) => !["logit_maxes", "b1"].includes(name));
  const scale = fc.constantFrom(0, -1, 32, -32, 1 / 32, 31, 2, 0.5, 17.3, -0.123);
  fc.assert(
    fc.property(fc.constantFrom(...rows), scale, (name, by) => {
      const { remark } = told(name, like(name, elementsOf(name).map((x) => x * by)))!;
      assertStringIncludes(remark!, "Every element is");
      assertEquals(remark!.includes("wrong sign"), by < 0, `${name} times ${by}: ${remark}`);
    }),
    { numRuns: 50 },
  );
});

test("elements in another order get a remark, whatever the row", () => {
  fc.assert(
    fc.property(anyName, fc.integer(), (name, seed) => {
      const keyed = elementsOf(name).map((x, i) => [x, Math.sin((i + 1) * (seed % 1e6 + 1.5))]);
      told(name, like(name, keyed.toSorted((a, b) => a[1] - b[1]).map(([x]) => x)));
    }),
    runs,
  );
});

test("any shape but the right one gets a remark that shows both", () => {
  const shape = fc.array(fc.constantFrom(1, 2, 3, 10, 27, 30, 32), { maxLength: 3 });
  fc.assert(
    fc.property(anyName, shape, (name, sizes) => {
      const row = told(name, tensor(new Float64Array(numel(sizes)), { shape: sizes, dtype: "float64" }));
      const expected = course.check.values[name].shape;
      if (String(expected) === String(sizes)) return;
      assertStringIncludes(row!.remark!, `yours is (${sizes.join(", ")}), expected is (${expected.join(", ")})`);
      assertEquals(row!.status, "shape");
    }),
    { numRuns: 60 },
  );
});

test("whatever is above it and whatever it holds, a wrong row gets a remark", () => {
  const gradient = (name: string): fc.Arbitrary<unknown> =>
    fc.oneof(
      fc.tuple(place, fc.constantFrom(NaN, 0, 1, -1e300)).map(([at, x]) => changed(name, at, x)),
      fc.constantFrom(-1, 0, 2, 1e200).map((by) => like(name, elementsOf(name).map((x) => x * by))),
      fc.constantFrom([], [1], [32, 27], [27], [1, 3]).map((shape) =>
        tensor(new Array(numel(shape)).fill(1), { shape })
      ),
      fc.constantFrom<unknown>(5, "abc", null, [1, 2], () => 1),
    );
  const above = fc.integer({ min: 0, max: table.length - 2 });
  const two = above.chain((i) => fc.tuple(fc.constant(i), fc.integer({ min: i + 1, max: table.length - 1 })));
  const both = two.chain(([i, j]) =>
    fc.tuple(fc.constant([table[i], table[j]]), gradient(table[i]), gradient(table[j]))
  );
  fc.assert(fc.property(both, ([[first, second], a, b]) => void told(second, b, { [first]: a })), runs);
});

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
  const remark = told("w1", like("w1", right.map((x, i) => x * (1 + 3e-4 * rough[i]))) as Tensor)!.remark!;
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
