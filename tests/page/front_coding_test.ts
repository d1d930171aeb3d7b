// The list of names as the page gets it.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import fc from "fast-check";
import names from "../../data/names.txt" with { type: "text" };
import { coded, decoded } from "../../lib/page/front_coding.ts";

test("words come back as they were, whatever they are", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "z"), maxLength: 40 });
  fc.assert(fc.property(fc.array(word, { minLength: 1 }), (words) => {
    const text = words.join("\n");
    assertEquals(decoded(coded(text)), text);
  }));
});

test("the embedded names come back, from three quarters of the characters", () => {
  const code = coded(names);
  assert(decoded(code) === names);
  assert(code.length < 0.76 * names.length, `${code.length} of ${names.length}`);
});
