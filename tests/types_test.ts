// lib/types.d.ts: the names that it declares are those that the packages export, and a wrong one is an error.
import * as assertions from "@std/assert";
import { assertEquals } from "@std/assert";
import * as parsing from "@std/cli/parse-args";
import { test } from "node:test";
// @ts-expect-error: there is no such name. Without types any name would do, and this line would be the error.
import type { noSuchAssertion as _1 } from "@std/assert";
// @ts-expect-error: nor here.
import type { noSuchParser as _2 } from "@std/cli/parse-args";

test("@std/assert exports what its types declare, and nothing else", () => {
  const declared: Record<keyof typeof assertions, true> = {
    AssertionError: true,
    assert: true,
    assertAlmostEquals: true,
    assertArrayIncludes: true,
    assertEquals: true,
    assertExists: true,
    assertFalse: true,
    assertGreater: true,
    assertGreaterOrEqual: true,
    assertInstanceOf: true,
    assertIsError: true,
    assertLess: true,
    assertLessOrEqual: true,
    assertMatch: true,
    assertNotEquals: true,
    assertNotInstanceOf: true,
    assertNotMatch: true,
    assertNotStrictEquals: true,
    assertObjectMatch: true,
    assertRejects: true,
    assertStrictEquals: true,
    assertStringIncludes: true,
    assertThrows: true,
    equal: true,
    fail: true,
    unimplemented: true,
    unreachable: true,
  };
  assertEquals(Object.keys(declared).sort(), Object.keys(assertions).sort());
});

test("@std/cli/parse-args exports what its types declare, and nothing else", () => {
  const declared: Record<keyof typeof parsing, true> = { parseArgs: true };
  assertEquals(Object.keys(declared), Object.keys(parsing));
});
