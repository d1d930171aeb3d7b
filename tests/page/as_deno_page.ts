// The page prints what an exercise prints on Deno, byte for byte.
/// <reference lib="dom" />
import { assertEquals, assertStringIncludes, equal } from "@std/assert";
import type { Page } from "playwright-core";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { scriptOf } from "../../lib/exercise/manifest.ts";
import { pageWords } from "../../lib/page/words.ts";
import { copyCheckout, runToEnd } from "../processes/child.ts";
import { finished, openFile, output } from "./browser.ts";
import { inPage, nothingUnseen, site } from "./reader.ts";
import { blankOf, RIGHT, solvedOf, withFirst } from "./sources.ts";

/** A copy of the project, where Deno runs the same. */
let copy: string, runs = Date.now();

before(() => {
  copy = mkdtempSync(join(tmpdir(), "backprop-ninja-page-"));
  copyCheckout(copy);
  rmSync(join(copy, "data/lecture-names.txt"), { force: true });
  cpSync(join(copy, "exercises"), join(copy, "my"), { recursive: true });
});

after(() => rmSync(copy, { recursive: true, force: true }));

/** What Deno prints for a source at my/ex1.ts, or what the exercise's copy is called. */
async function printedByDeno(n: number | string, source: string, flags: string[]) {
  const script = scriptOf(exercises.find(({ id }) => id === n)!);
  writeFileSync(join(copy, script), source);
  // A place of its own for what a run remembers: each is the first.
  const { code, stdout, stderr } = await runToEnd(
    [process.execPath, "run", "--no-prompt", `--location=http://run${++runs}.test/`, script, ...flags],
    copy,
    { NO_COLOR: "1" },
  );
  return { code: String(code), stdout: pageWords(withoutTimes(stdout)), stderr: pageWords(stderr) };
}

/**
 * That the page printed, byte for byte, what a run on Deno prints. Two runs on Deno may differ from each other in the last
 * digits of a largest difference, as V8 fuses multiplications with additions from some moment on: one of a few will do.
 */
async function assertAsDeno(printed: object, n: number | string, source: string, flags: string[]): Promise<void> {
  let deno;
  for (let run = 0; run < 8; run++) {
    deno = await printedByDeno(n, source, flags);
    if (equal(printed, deno)) return;
  }
  assertEquals(printed, deno);
}

/** Wall times and memory, which no two runs share, as figures of none. */
const withoutTimes = (text: string) =>
  text.replace(/ steps in [\d.]+ s, \d+ µs each; at most \d+ MiB/, " steps in … s, … µs each; at most … MiB");

async function printedByPage(page: Page) {
  const { stdout, stderr } = await output(page);
  return { code: await page.evaluate(() => document.body.dataset.code), stdout: withoutTimes(stdout), stderr };
}

for (const { id: n } of exercises) {
  inPage(`exercise ${n}'s blank prints what it prints on Deno`, n, async (page) => {
    await assertAsDeno(await printedByPage(page), n, blankOf(n), []);
  });

  test(`exercise ${n}'s solution prints what it prints on Deno`, async () => {
    const page = await site.window();
    await page.addInitScript(([n, source]) => localStorage.setItem(`backprop-ninja code ${n}`, source), [
      String(n),
      solvedOf(n),
    ]);
    const flags = n === 4 ? ["--steps", "300", "--samples", "3", "--hidden", "20"] : [];
    await page.goto(`${site.address}#${n === 4 ? 1 : n}`);
    await finished(page);
    if (n === 4) {
      await page.evaluate(() => location.hash = "#4");
      await page.getByLabel("Flags").fill(flags.join(" "));
      await page.keyboard.press("Enter");
      await page.locator("body[data-run=running]").waitFor({ state: "attached" });
      await finished(page);
    }
    await assertAsDeno(await printedByPage(page), n, solvedOf(n), flags);
    await page.context().close();
  });
}

inPage("a learner's console.log shows tensors as Deno shows them", 1, async (page) => {
  const source = withFirst(`${RIGHT}\nconsole.log(b2, "two", 3, loss);`);
  await openFile(page, source);
  const { stdout } = await output(page), deno = await printedByDeno(1, source, []);
  assertStringIncludes(stdout, "float64");
  assertEquals(stdout.split("gradient")[0], deno.stdout.split("gradient")[0]);
});

nothingUnseen();
