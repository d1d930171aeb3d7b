// The terms of one number of a gradient: they add up, are named as the textbook names them, and show which is missing.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import { type Term, why } from "../../lib/check/why.ts";
import { exercise1 } from "./lesson.ts";

const { forward, leaves } = exercise1(5), check = new Check(forward, leaves);
const right = (name: string, ...index: number[]) => check.right(name).at(...index).item();
const found = ({ line, place }: Term) => `${line}[${place.join(", ")}]`;

test("the terms of every number add up to it", () => {
  for (const [name, t] of Object.entries(check.values)) {
    if (!t.is_floating_point() || name === check.last) continue;
    const index = t.shape.map((size, d) => (3 + 2 * d) % size), { right: sum, terms, lines } = why(check, name, index);
    assertAlmostEquals(sum, right(name, ...index), 1e-12, name);
    assertAlmostEquals(terms.reduce((all, { value }) => all + value, 0), sum, 1e-15);
    assertAlmostEquals(lines.reduce((all, { value }) => all + value, 0), sum, 1e-15);
    for (let i = 1; i < terms.length; i++) assert(Math.abs(terms[i].value) <= Math.abs(terms[i - 1].value));
  }
});

test("counts is read by two lines, and its terms have the names that one would write", () => {
  const { terms } = why(check, "counts", [3, 7]), byLine = new Map(terms.map((term) => [term.line, term]));
  assertEquals([...byLine.keys()].sort(), ["counts_sum", "probs"]);
  const product = byLine.get("probs")!, sum = byLine.get("counts_sum")!;
  assertEquals([found(product), product.slopeName], ["probs[3, 7]", "counts_sum_inv[3, 0]"]);
  assertAlmostEquals(product.above, right("probs", 3, 7), 1e-12);
  assertEquals([found(sum), sum.slopeName, sum.slope], ["counts_sum[3, 0]", undefined, sum.slope]);
  assertAlmostEquals(sum.slope, 1, 1e-12);
});

test("a matrix product's terms are a row of one times a row of the other", () => {
  const { terms } = why(check, "h", [4, 2]);
  assertEquals(terms.length, 27);
  assertEquals(new Set(terms.map(({ place, slopeName }) => `${place[1]} ${slopeName}`)).size, 27);
  for (const { place, slopeName } of terms) {
    assertEquals(place[0], 4);
    assertEquals(slopeName, `w2[2, ${place[1]}]`);
  }
  for (const { place, slopeName } of why(check, "w2", [2, 6]).terms) assertEquals(slopeName, `h[${place[0]}, 2]`);
});

test("a slope that is the line's own number, or another's negative, is named so", () => {
  assertEquals(why(check, "norm_logits", [0, 5]).terms.map(({ slopeName }) => slopeName), ["counts[0, 5]"]);
  const toVariance = why(check, "bnvar_inv", [0, 1]).terms;
  assertEquals(toVariance.length, 32);
  for (const { place, slopeName } of toVariance) assertEquals(slopeName, `bndiff[${place.join(", ")}]`);
});

test("a term that is missing, counted twice or of the wrong sign is marked, and so is a whole line", () => {
  const { terms, right: all } = why(check, "h", [4, 2]), [largest] = terms;
  for (const [times, mistake] of [[-1, "missing"], [1, "twice"], [-2, "sign"]] as const) {
    const marked = why(check, "h", [4, 2], all + times * largest.value).terms.filter((term) => term.mistake);
    assertEquals(marked.map((term) => [found(term), term.mistake]), [[found(largest), mistake]]);
  }
  const counts = why(check, "counts", [3, 7]), without = counts.lines.find(({ line }) => line === "counts_sum")!;
  const marked = why(check, "counts", [3, 7], counts.right - without.value).lines.filter(({ mistake }) => mistake);
  assertEquals(marked.map(({ line, mistake }) => [line, mistake]), [["counts_sum", "missing"]]);
  assertEquals(why(check, "h", [4, 2], all).terms.filter(({ mistake }) => mistake), []);
  assertEquals(why(check, "h", [4, 2], all + 17.3).terms.filter(({ mistake }) => mistake), []);
});

test("with a learner's own gradients above, the number is what it should be for those", () => {
  const doubled = (line: string) => check.rightNumbers(line).map((x) => 2 * x);
  assertAlmostEquals(why(check, "logits", [1, 2], undefined, doubled).right, 2 * right("logits", 1, 2), 1e-12);
});

test("what has no such number is a sentence", () => {
  assertThrows(() => why(check, "count", [0]), ReferenceError, '"count"');
  assertThrows(() => why(check, "xb", [0, 0]), TypeError, "an index has no gradient");
  assertThrows(() => why(check, "h", [4]), RangeError, "2 whole numbers from 0 on; given 4.");
  assertThrows(() => why(check, "h", [4, 5]), RangeError, "shape (32, 5)");
  assertEquals(why(check, "loss", []).right, 1);
});
