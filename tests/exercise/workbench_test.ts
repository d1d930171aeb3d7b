// What a blank works with: gradients still to do, the right one, hints; and what is said where they are used wrongly.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { UserError } from "../../lib/errors.ts";
import { given, givenOf, hint, makeKnown, stillToDo, todo } from "../../lib/exercise/workbench.ts";
import { tensor } from "../../lib/tensor/creation.ts";

test("a gradient still to do says so whatever it is used for, and is all to do", () => {
  const dh = todo("dh");
  assertEquals(stillToDo(dh), "all");
  for (const use of [() => dh.mul(2), () => dh.shape, () => tensor([1]).add(dh), () => `${dh}`]) {
    assertStringIncludes(assertThrows(use, UserError).message, "dh is still to do. Write it first");
  }
  assertStringIncludes(assertThrows(() => dh.T, UserError).message, "const dh = given(h);");
});

test("a second term still to do leaves the tensor as it is, and more to do", () => {
  const t = tensor([1, 2]);
  assertEquals(stillToDo(t), undefined);
  assert(todo("dcounts", t) === t);
  assertEquals(stillToDo(t), "more");
  const first = todo("dcounts");
  assert(todo("dcounts", first) === first);
  assertEquals(stillToDo(first), "all");
});

test("what is no tensor has nothing still to do", () => {
  for (const value of [undefined, null, 5, "dh", {}]) assertEquals(stillToDo(value), undefined);
});

test("given is the right gradient of a known tensor, and is remembered as that", () => {
  const h = tensor([1, 2]), right = tensor([3, 4]);
  makeKnown(h, { name: "h", right: () => right, hint: () => {}, say: () => {} });
  assert(given(h) === right);
  assertEquals([right, h, 5].map(givenOf), ["h", undefined, undefined]);
  for (const name of ["h", "dh"]) assert(given(name) === right);
  assertThrows(() => given(tensor([1, 2])), UserError, "given takes a tensor of the forward pass");
  assertThrows(() => given(3 as never), UserError, "given 3.");
});

test("a hint is asked for by its level, 1 where none is given, and other levels get a sentence", () => {
  const h = tensor([1]), asked: number[] = [], said: string[] = [];
  makeKnown(h, {
    name: "h",
    right: () => h,
    hint: (level) => void asked.push(level),
    say: (text) => void said.push(text),
  });
  hint(h);
  for (const level of [1, 2, 3]) hint(h, level);
  hint("dh", 2);
  hint(todo("dh"), 3);
  assertEquals(asked, [1, 1, 2, 3, 2, 3]);
  for (const level of [0, 4, 1.5]) hint(h, level);
  hint(tensor([1]));
  assertEquals(asked.length, 6);
  for (const text of said.slice(0, 3)) assertStringIncludes(text, "1, 2 or 3");
  assertStringIncludes(said[3], "hint takes a tensor of the forward pass");
});
