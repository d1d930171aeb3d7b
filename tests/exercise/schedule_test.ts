// Which row the lecture is at, and which times are understood.
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { UsageError } from "../../lib/errors.ts";
import { rowAt, takeAt } from "../../lib/exercise/schedule.ts";

test("a time is taken out of a command line, with hours, with minutes or in seconds", () => {
  assertEquals(takeAt(["--seed", "1", "--at", "1:04:14", "--json"]), { at: 3854, rest: ["--seed", "1", "--json"] });
  for (const [text, at] of [["19:06", 1146], ["1146", 1146], ["0:05", 5], ["64:14", 3854]] as const) {
    assertEquals(takeAt([`--at=${text}`]), { at, rest: [] });
  }
  assertEquals(takeAt(["--seed", "1"]), { rest: ["--seed", "1"] });
});

test("what is no time is refused with what was given, and so are two", () => {
  for (const text of ["", "soon", "1:2:3:4", "1:60:00", "1:75", "-5", "1.5"]) {
    assertStringIncludes(assertThrows(() => takeAt(["--at", text]), UsageError).message, `given "${text}"`);
  }
  assertThrows(() => takeAt(["--at"]), UsageError, "--at takes a time");
  assertThrows(() => takeAt(["--at", "5", "--at=6"]), UsageError, "more than once");
});

test("each second of the lecture is in the exercise and at the row that began last", () => {
  for (
    const [second, exercise, row, explained] of [
      [782, 1, "dlogprobs", ""],
      [1200, 1, "dprobs", ""],
      [3854, 1, "dbnvar", ""],
      [3920, 1, "dbnvar", "Bessel's correction"],
      [5300, 2, "dlogits", ""],
      [6600, 3, "dhprebn", ""],
    ] as const
  ) {
    const text = rowAt(exercises, second);
    assertStringIncludes(text, `Exercise ${exercise}: `);
    assertStringIncludes(text, `Row: ${row}, from `);
    assertEquals(/Explained there: (.*), from/.exec(text)?.[1] ?? "", explained);
  }
  assertStringIncludes(rowAt(exercises, 10), "Before the exercises: the first begins at 13:01.");
  assertEquals(rowAt(exercises, 6700).includes("Row: "), false);
});
