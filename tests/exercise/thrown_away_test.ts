// Lines that change nothing: which they are, what to write instead, and that right lines are left alone.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";
import { thrownAway } from "../../lib/exercise/thrown_away.ts";

const said = (line: string) =>
  thrownAway(`// #region dlogits\nconst dlogits = logits.softmax(1);\n${line}\n// #endregion\n`, "dlogits");

test("a result that is thrown away is named with its line and the method that keeps it", () => {
  for (
    const [line, instead] of [
      ["dlogits.div(n);", "Write dlogits.div_(n);"],
      [
        "  dlogits.add(one_hot(logits.argmax(1), vocab_size).mul(dlogit_maxes)); // second",
        "Write dlogits.add_(one_hot(",
      ],
      ["dlogits.at(0).mul(2);", "Write dlogits.at(0).mul_(2);"],
      ["dlogits.exp()", "Keep it: const … = dlogits.exp()"],
    ]
  ) {
    assertStringIncludes(said(line)!, "Line 3 changes nothing: ");
    assertStringIncludes(said(line)!, instead);
  }
});

test("a change that is made to a copy is named, with what to write instead where that is known", () => {
  assertStringIncludes(
    said("dlogits.at(range(n), yb).sub_(1);")!,
    "Write dlogits.index_put_([range(n), yb], -1, { accumulate: true });",
  );
  assertStringIncludes(said("dlogits.clone().div_(n);")!, "Line 3 changes a copy, which is thrown away: clone()");
});

test("lines that change something, print, ask or declare are left alone, and so is a source with spoilt markers", () => {
  for (
    const line of [
      "dlogits.div_(n);",
      'dlogits.at(":", 3).add_(1);',
      "dlogits.at(0).add_(1);",
      "print(dlogits.div(n));",
      "hint(logits);",
      "const a = dlogits.div(n);",
      "// dlogits.div(n);",
      'cmp("logits", dlogits, logits);',
    ]
  ) assertEquals(said(line), undefined, line);
  assertEquals(thrownAway("// #region da\nda.div(n);\n", "da"), undefined);
});

test("no line of a solution is called useless", async () => {
  for (const entry of exercises) {
    const source = await sourceOf(sources, entry);
    for (const { name } of regions(source)) assertEquals(thrownAway(source, name), undefined);
  }
});
