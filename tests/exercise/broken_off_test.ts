// Lines that break off, as a source shows them.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { belowFinish } from "../../lib/exercise/broken_off.ts";

test("code below finish(…) is found by its line; comments and blank lines there are none", () => {
  assertEquals(belowFinish("a();\nfinish({ loss: f(1) });\n\n// why\nwhy(dh, 0, 0);\n"), 5);
  assertEquals(belowFinish("finish({\n  loss: 1,\n});\n/* two\nlines */\nprint(dh);"), 6);
  assertEquals(belowFinish("finish({ loss: 1 }); // the last line\n\n// none\n"), undefined);
  assertEquals(belowFinish("// finish(…) ends it\nprint(dh);\n"), undefined);
});
