// LEARN.md: each piece of code prints the block below it, and each quoted remark is the row's.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";
import * as creation from "../../lib/tensor/creation.ts";
import * as functional from "../../lib/tensor/functional.ts";
import page from "../../LEARN.md" with { type: "text" };
import { fillRegions, replaceOnce, runSource } from "../harness.ts";

const blocks = [...String(page).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text }));
const code = blocks.flatMap(({ kind, text }, i) => kind === "ts" ? [{ text, below: blocks[i + 1] }] : []);

for (const [i, { text, below }] of code.entries()) {
  test(`piece ${i + 1} of LEARN.md prints what is written below it`, () => {
    const printed: string[] = [], names = { ...creation, ...functional };
    const print = (value: unknown) => void printed.push(String(value));
    new Function("print", ...Object.keys(names), text)(print, ...Object.values(names));
    assertEquals(below.kind, "text");
    assertEquals(printed.join("\n") + "\n", below.text);
  });
}

test("each piece of LEARN.md runs in exercise 1's blank, before its last line and between braces", async () => {
  const blank = makeBlank(await sourceOf(sources, exercises[0])),
    pieces = code.map(({ text }) => `{\n${text}}\n`).join("");
  const { output } = await runSource(replaceOnce(blank, "finish({", `${pieces}finish({`), { flags: { hidden: 3 } });
  let from = 0;
  for (const { below } of code) {
    from = output.indexOf(below.text, from);
    assert(from >= 0, below.text);
  }
});

test("LEARN.md has code for its questions, and nothing in it is left unchecked", () => {
  assert(code.length >= 5, String(code.length));
  assertEquals(blocks.filter(({ kind }) => !["ts", "text", "remark"].includes(kind)), []);
});

test("what LEARN.md quotes of a row after its first term is what exercise 1 says", async () => {
  const ex1 = await sourceOf(sources, exercises[0]), solution = regions(ex1);
  const first = fillRegions(makeBlank(ex1), (_, i) => i < 4 ? solution[i].lines.join("") : undefined);
  const tried = replaceOnce(first, "// counts_sum_inv = counts_sum**-1", 'cmp("counts", dcounts, counts);');
  const { rows } = await runSource(tried, { flags: { hidden: 3 }, only: ["probs", "counts_sum_inv", "counts"] });
  const { remark } = rows.find(({ name }) => name === "counts")!;
  const quoted = blocks.find(({ kind }) => kind === "remark")!.text.trim();
  for (const text of [remark!, quoted]) assertMatch(text, /counts_sum.* a tensor that is used twice gets two terms\.$/);
});
