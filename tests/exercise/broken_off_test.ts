// Lines that break off, as a source shows them.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { belowFinish, strangeName, withoutName } from "../../lib/exercise/broken_off.ts";

test("code below finish(…) is found by its line; comments and blank lines there are none", () => {
  assertEquals(belowFinish("a();\nfinish({ loss: f(1) });\n\n// why\nwhy(dh, 0, 0);\n"), 5);
  assertEquals(belowFinish("finish({\n  loss: 1,\n});\n/* two\nlines */\nprint(dh);"), 6);
  assertEquals(belowFinish("finish({ loss: 1 }); // the last line\n\n// none\n"), undefined);
  assertEquals(belowFinish("// finish(…) ends it\nprint(dh);\n"), undefined);
});

test("the line whose result is thrown away is the last of its row that only makes a tensor", () => {
  const at = (row: string) =>
    withoutName(`a.mul(2);\ncmp("x", dx, x);\n${row}\ncmp("h", dh, h);`, 3 + row.split("\n").length);
  for (
    const row of [
      "dlogits.matmul(w2.T);",
      "dlogits.matmul(w2.T) // (32, 64)",
      "sub(1, h);",
      "(a).neg();",
      "a\n  .mul(2)\n  .neg();",
    ]
  ) {
    assertEquals(at(row), 3, row);
  }
  assertEquals(at("f(\n  a,\n);"), 3);
  assertEquals(at("a.at(0).add_(f(1));\na.neg();\nprint(a);"), 4);
  for (
    const row of [
      "",
      "const dd = a.neg();",
      "dC.index_add_(0, xb, f(a.at(1)));",
      "dh2 = a.neg();",
      "a.at(0).fill_(1);",
      "x++;",
      "}",
    ]
  ) {
    assertEquals(at(row), undefined, row);
  }
  assertEquals(at("a.sum(0, { keepdim: true });"), 3);
  assertEquals(withoutName("a.mul(2);\nfunction f(a) {\n  a.neg();\n  return { dh };", 4), 3);
});

test("a name that is none of the exercise's is found in its row only", () => {
  const source = 'const other = 1;\ncmp("x", dx, x);\nconst h = 1;\nconst abc = 2;\ncmp("h", dh, h);';
  assertEquals(strangeName(source, 5, ["h", "dh"]), 4);
  assertEquals(strangeName(source, 5, ["h", "dh", "abc"]), undefined);
});
