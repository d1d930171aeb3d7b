// One number of a gradient in lines: its terms by their names, largest first, and what a wrong one lacks.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";
import { whyText } from "../../lib/exercise/why_text.ts";
import { fillRegions, replaceOnce, runSource } from "../harness.ts";

const ex1 = await sourceOf(sources, exercises[0]);

/** What exercise 1 prints with its first gradients filled in and lines added below dcounts. */
async function asked(lines: string, change = (text: string) => text): Promise<string> {
  const solution = regions(ex1);
  const filled = fillRegions(makeBlank(ex1), (_, i) => i < 6 ? solution[i].lines.join("") : undefined);
  const compared = 'cmp("counts", dcounts, counts);';
  const source = change(replaceOnce(filled, compared, `${compared}\n${lines}`));
  return (await runSource(source, { flags: { hidden: 3 }, only: ["counts_sum", "counts"] })).output;
}

test("a number is the sum of what each line that reads its tensor sends back, by the names of what is multiplied", async () => {
  const output = await asked("why(dcounts, 0, 8);"); // the right character of the first example
  assertMatch(output, /^dcounts\[0, 8\] = \S+$/m);
  assertMatch(output, /= counts_sum_inv\[0, 0\] \(\S+\) · dprobs\[0, 8\] \(\S+\)$/m);
  assertMatch(output, /= dcounts_sum\[0, 0\] \(\S+\)$/m);
});

test("the term that is missing in a wrong number is marked, with the number beside the right one", async () => {
  const output = await asked(
    "why(dcounts, 3, 7);",
    (text) => text.replace("dcounts.add_(ones_like", "dcounts.add(ones_like"),
  );
  assertMatch(output, /^dcounts\[3, 7\] = \S+, yours is 0$/m);
  assertMatch(output, /= dcounts_sum\[3, 0\] \(\S+\) {2}<- missing in yours$/m);
});

test("a tensor or a name does as well, and what is no gradient or no element gets a sentence and never stops the run", async () => {
  const output = await asked('why(probs, 0, 0); why("counts", 1, 2); why(7); why(dcounts, 99, 1); why(dcounts, 1);');
  for (
    const text of [
      "dprobs[0, 0] = ",
      "dcounts[1, 2] = ",
      "why takes a gradient that was compared",
      "given 99, 1",
      "given 1.",
    ]
  ) {
    assertStringIncludes(output.replace(/\s+/g, " "), text);
  }
  assertMatch(output, /next: d\w+/);
});

test("of many terms the largest are shown and the others counted, and a line that is missing altogether is named", () => {
  const terms = Array.from(
    { length: 20 },
    (_, i) => ({ line: "y", place: [i], slope: 1, above: 20 - i, value: 20 - i }),
  );
  const lines = [{ line: "y", value: 210, mistake: "missing" as const }];
  const text = whyText("b", [0], { right: 210, given: 0, terms, lines }).split("\n");
  assertEquals(text.length, 1 + 8 + 1 + 1);
  assertEquals([text[0], text[1], text[9]], [
    "db[0] = 210, yours is 0",
    "    20 = dy[0] (20)",
    "    78 in 12 more terms",
  ]);
  assertEquals(text[10], "All that comes through y: 210  <- missing in yours");
  assertEquals(whyText("b", [0], { right: 0, terms: [], lines: [] }).split("\n")[1].trim().split(" ")[0], "No");
});
