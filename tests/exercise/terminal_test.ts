// Lines broken to a width, plain text where there is no terminal, and which runtimes are too old.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { isOlder } from "../../lib/exercise/runtime.ts";
import { host } from "../../lib/exercise/host.ts";
import { fitted, paint, wrap } from "../../lib/exercise/terminal.ts";

test("text is broken at spaces, every line but the first is indented, and a word too long has a line to itself", () => {
  assertEquals(wrap("one two three", 7, "  "), "one two\n  three");
  assertEquals(wrap("a verylongword b", 5), "a\nverylongword\nb");
  assertEquals(wrap("", 5), "");
});

test("only lines that are too long are broken, at spaces, and each keeps its indent", () => {
  const screen = { columns: () => 14 };
  assertEquals(fitted("  a    column\n  one two three four", screen), "  a    column\n  one two\n  three four");
  assertEquals(fitted("", screen), "");
});

test("breaking lines loses no word, and no line that could be shorter is too long", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 30 }), (words, width) => {
      const lines = wrap(words.join(" "), width).split("\n");
      assertEquals(lines.join(" "), words.join(" "));
      for (const line of lines) {
        assert(line.length <= width || !line.includes(" "), line);
      }
      lines.slice(1).forEach((line, i) => assert(`${lines[i]} ${line.split(" ")[0]}`.length > width));
    }),
  );
});

test("without a terminal there are 80 columns and no progress, and colour is only where it may be", () => {
  assert(host.columns() >= 1);
  assertEquals([true, false].map((colour) => paint("ok", 32, { colour })), ["\x1b[32mok\x1b[0m", "ok"]);
  assertEquals([host.progress("half"), host.progress("")], [undefined, undefined]);
});

test("versions are compared number by number", () => {
  const ordered = ["1.3.0", "1.10.0", "2.7.14", "2.8.0", "2.8.1", "2.10.0"];
  ordered.forEach((a, i) => ordered.forEach((b, j) => assertEquals(isOlder(a, b), i < j, `${a} before ${b}`)));
  assertEquals(isOlder("2.8.0-rc.1", "2.8.0"), false);
});
