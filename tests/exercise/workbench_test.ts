// The tools of a blank: gradients still to do, the right one, hints; and the sentences where they are used wrongly.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { UserError } from "../../lib/errors.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import { Check } from "../../lib/check/check.ts";
import { type Forward, run } from "../../lib/check/graph.ts";
import { Workbench } from "../../lib/exercise/workbench.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

/** A workbench and its output: the hints asked for, and other sentences. */
function workbench() {
  const asked: [dname: string, level: number][] = [], said: string[] = [];
  const bench = new Workbench({
    hint: (...what) => void asked.push(what),
    say: (text) => void said.push(text),
  });
  return { bench, asked, said, ...bench };
}

/** The tensors of a forward pass that sums `factor` times h, made known. */
function know(bench: Workbench, factor: number, more: Forward = {}) {
  const forward = { ...more, loss: ({ h }) => h.mul(factor).sum() } satisfies Forward;
  const leaves = { h: tensor([1, 2], { dtype: "float64" }), xb: tensor([0], { dtype: "int32" }) };
  const tensors = run(forward, leaves);
  const check = new Check(forward, leaves);
  bench.know(tensors, check, new Explainer(check, tensors));
  return tensors as Record<string, typeof leaves.h>;
}

test("a gradient still to do says so whatever it is used for, and is all to do", () => {
  const { bench, todo } = workbench(), dh = todo("dh");
  assertEquals(bench.stillToDo(dh), "all");
  assertEquals(bench.placeholderName(dh), "dh");
  for (const use of [() => dh.mul(2), () => dh.shape, () => tensor([1]).add(dh), () => `${dh}`]) {
    assertStringIncludes(assertThrows(use, UserError).message, "dh is still to do. Write it first");
  }
  assertStringIncludes(assertThrows(() => dh.T, UserError).message, "const dh = given(h);");
});

test("a second term still to do leaves the tensor as it is, and more to do", () => {
  const { bench, todo } = workbench(), t = tensor([1, 2]);
  assertEquals(bench.stillToDo(t), undefined);
  assert(todo("dcounts", t) === t);
  assertEquals(bench.stillToDo(t), "more");
  const first = todo("dcounts");
  assert(todo("dcounts", first) === first);
  assertEquals(bench.stillToDo(first), "all");
});

test("what is no tensor has nothing still to do", () => {
  const { bench } = workbench();
  for (const value of [undefined, null, 5, "dh", {}]) assertEquals(bench.stillToDo(value), undefined);
});

test("todo without a name is answered with what it takes, by the tensor's name where it is one of the forward pass", () => {
  const { bench, todo } = workbench(), { h } = know(bench, 3);
  assertStringIncludes(assertThrows(() => todo(h as never), UserError).message, 'const dh = todo("dh");');
  assertStringIncludes(assertThrows(() => todo(undefined as never), UserError).message, "given nothing");
});

test("given is the right gradient of a known tensor, and is remembered as that", () => {
  const { bench, given } = workbench(), { h } = know(bench, 3), right = given(h);
  for (const x of right.toArray()) assertAlmostEquals(x, 3, 1e-9);
  assertEquals([right, h, 5].map((value) => bench.givenOf(value)), ["h", undefined, undefined]);
  for (const name of ["h", "dh"]) assertEquals(given(name).tolist(), right.tolist());
  assertThrows(() => given(tensor([1, 2])), UserError, "given takes a tensor of the forward pass");
  assertThrows(() => given(3 as never), UserError, "given 3.");
  assertThrows(() => given("xb"), UserError, "given takes a tensor of the forward pass");
});

test("a name means the first forward pass that has it, whatever experiments come after, and a tensor its own", () => {
  const { bench, given } = workbench();
  know(bench, 3);
  const later = know(bench, 5, { extra: ({ h }) => h.add(1) });
  assertAlmostEquals(given("h").toArray()[0], 3, 1e-9);
  assertAlmostEquals(given(later.h).toArray()[0], 5, 1e-9);
  assertEquals(bench.givenOf(given("extra")), "extra");
});

test("two exercises in one process know nothing of each other", () => {
  const one = workbench(), other = workbench();
  const { h } = know(one.bench, 3), dh = one.todo("dh");
  assertThrows(() => other.given(h), UserError);
  assertThrows(() => other.given("h"), UserError);
  assertEquals([other.bench.stillToDo(dh), other.bench.givenOf(one.given(h))], [undefined, undefined]);
  other.hint(tensor([1]));
  assertEquals([one.said.length, other.said.length], [0, 1]);
});

test("hint and given of a gradient say which tensor to write instead", () => {
  const { bench, said, hint, given } = workbench(), { h } = know(bench, 3);
  const dh = given(h), own = dh.mul(2);
  const message = (of: Tensor) => assertThrows(() => given(of), UserError).message;
  assertEquals(message(dh), "given takes a tensor of the forward pass, and dh is a gradient: write given(h).");
  assertStringIncludes(message(own), "not given(dh)");
  const forward: Forward = { loss: ({ h }) => h.sum() };
  bench.note(own, "h", new Check(forward, { h }));
  assertStringIncludes(message(own), "write given(h).");
  hint(own);
  assertEquals(said, ["hint takes a tensor of the forward pass, and dh is a gradient: write hint(h)."]);
});

test("a hint is asked for by its level, 1 where none is given, and other levels get a sentence", () => {
  const { bench, asked, said, hint, todo } = workbench(), { h, xb } = know(bench, 3);
  hint(h);
  for (const level of [1, 2, 3]) hint(h, level);
  hint("dh", 2);
  hint(todo("dh"), 3);
  assertEquals(asked, [1, 1, 2, 3, 2, 3].map((level) => ["dh", level]));
  for (const level of [0, 4, 1.5]) hint(h, level);
  hint(xb);
  assertEquals(asked.length, 6);
  for (const text of said.slice(0, 3)) assertStringIncludes(text, "1, 2 or 3");
  assertStringIncludes(said[3], "hint takes a tensor of the forward pass");
});
