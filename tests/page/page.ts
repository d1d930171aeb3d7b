// The page in Chromium: that it runs exercises as Deno does, and that it can be used, by everyone.
//
//     deno task page-test
//
// Its times are measured by measures.ts (deno task page-measures). One browser serves all tests, and each test is a reader who was never here before.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes, equal } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { preface } from "../../lib/exercise/preface.ts";
import { fillRegions } from "../harness.ts";
import { runToEnd } from "../processes/child.ts";
import { build, choose, code, finished, openFile, output, root, Site } from "./browser.ts";

const sourceOf = (n: number) => readFileSync(`${root}exercises/ex${n}.ts`, "utf8");
const blankOf = (n: number) => makeBlank(sourceOf(n), preface(n));

/** An exercise's solution as a learner's file. */
function solvedOf(n: number): string {
  const solution = regions(sourceOf(n));
  return fillRegions(blankOf(n), (_, i) => solution[i].lines.join(""));
}

/** Exercise 1 with the first gradient filled in by `line`. */
const withFirst = (line: string) => fillRegions(blankOf(1), (_, i) => i === 0 ? line + "\n" : undefined);

const RIGHT = "const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n);";

let site: Site, copy: string;

before(async () => {
  build();
  site = await Site.open();
  copy = mkdtempSync(join(tmpdir(), "backprop-ninja-page-"));
  for (const part of ["exercises", "lib", "data", "deno.json", "deno.lock"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  rmSync(join(copy, "data/lecture-names.txt"), { force: true });
  cpSync(join(root, "exercises"), join(copy, "my"), { recursive: true });
});

after(async () => {
  await site.close();
  rmSync(copy, { recursive: true, force: true });
});

/** A test in a window of its own, closed at its end. */
function inPage(name: string, n: number, body: (page: Page) => Promise<void>, options = {}): void {
  test(name, async () => {
    const page = await site.exercise(n, options);
    try {
      await body(page);
    } finally {
      await page.context().close();
    }
  });
}

// --- The same exercises --------------------------------------------------------------------------------------------------

let runs = Date.now();

/** What Deno prints for a source at my/exN.ts. */
async function printedByDeno(n: number, source: string, flags: string[]) {
  writeFileSync(join(copy, `my/ex${n}.ts`), source);
  // A place of its own for what a run remembers: each is the first.
  const { code, stdout, stderr } = await runToEnd(
    [process.execPath, "run", "--no-prompt", `--location=http://run${++runs}.test/`, `my/ex${n}.ts`, ...flags],
    copy,
    { NO_COLOR: "1" },
  );
  return { code: String(code), stdout: withoutTimes(stdout), stderr };
}

/**
 * That the page printed, byte for byte, what a run on Deno prints. Two runs on Deno may differ from each other in the last
 * digits of a largest difference, as V8 fuses multiplications with additions from some moment on: one of a few will do.
 */
async function assertAsDeno(printed: object, n: number, source: string, flags: string[]): Promise<void> {
  let deno;
  for (let run = 0; run < 8; run++) {
    deno = await printedByDeno(n, source, flags);
    if (equal(printed, deno)) return;
  }
  assertEquals(printed, deno);
}

/** Wall times and memory, which no two runs share, as figures of none, and the next exercise as the page calls it. */
const withoutTimes = (text: string) =>
  text.replace(/ steps in [\d.]+ s, \d+ µs each; at most \d+ MiB/, " steps in … s, … µs each; at most … MiB")
    .replace("Next: deno task blank ", "Next: exercise ");

async function printedByPage(page: Page) {
  const { stdout, stderr } = await output(page);
  return { code: await page.evaluate(() => document.body.dataset.code), stdout: withoutTimes(stdout), stderr };
}

for (const n of [1, 2, 3, 4]) {
  inPage(`exercise ${n}'s blank prints what it prints on Deno`, n, async (page) => {
    await assertAsDeno(await printedByPage(page), n, blankOf(n), []);
  });

  test(`exercise ${n}'s solution prints what it prints on Deno`, async () => {
    const page = await site.window();
    await page.addInitScript(([n, source]) => localStorage.setItem(`backprop-ninja code ${n}`, source), [
      String(n),
      solvedOf(n),
    ]);
    const flags = n === 4 ? ["--steps", "300", "--samples", "3"] : [];
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

// --- What a learner sees -------------------------------------------------------------------------------------------------

const cellOf = (page: Page, name: string) =>
  page.locator("tr.main", { has: page.getByRole("button", { name, exact: true }) }).locator("td").nth(1);
const verdictOf = async (page: Page, name: string) => (await cellOf(page, name).textContent())!;
const statusOf = async (page: Page) => (await page.locator("#status").textContent())!;

/** Types at the beginning of the code. */
async function typeFirst(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type(text);
}

/** Runs with flags. */
async function runWith(page: Page, flags: string): Promise<void> {
  await page.getByLabel("Flags").fill(flags);
  await page.keyboard.press("Enter");
  await finished(page);
}

inPage("rows are renewed as one types, in the table, beside the code and in the graph", 1, async (page) => {
  assertMatch(await verdictOf(page, "dlogprobs"), /todo/);
  await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
  await page.getByRole("button", { name: "Go to its code" }).first().click();
  await page.keyboard.press("Control+End"); // the cursor is in the code: typing goes there
  await page.keyboard.type("// typed");
  await openFile(page, withFirst(RIGHT));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  assertMatch(await page.locator("#status").textContent() ?? "", /^1 of 26 right, next: dprobs/);
  await page.getByRole("button", { name: "dprobs", exact: true }).click();
  assertMatch(await page.locator(".badge.ok").first().textContent() ?? "", /ok/);
  await page.getByRole("tab", { name: "Graph" }).click();
  assertEquals(await page.getByRole("button", { name: /^logprobs \(32, 27\), dlogprobs: ok/ }).count(), 1);
});

inPage("a keystroke is enough for a new table", 1, async (page) => {
  await typeFirst(page, "throw new Error('typed');");
  await page.locator(".error-note").waitFor();
  assertMatch(await page.locator("#status").textContent() ?? "", /my\/ex1\.ts, line 1: typed/);
});

for (
  const [what, line, says] of [
    ["a runtime error", "const dlogprobs = logprobs.mul(probs.at(yb).matmul(C));", /./],
    ["a syntax error", "const dlogprobs = (;", /Unexpected/],
    ["an error only the engine sees", "const dlogprobs = 1; const dlogprobs = 2;", /already been declared/],
    ["an import that is not there", 'import "../lib/none.ts"; const dlogprobs = 1;', /no module/],
  ] as const
) {
  inPage(`${what} is marked at its line`, 1, async (page) => {
    const source = withFirst(line), number = source.split("\n").indexOf(line) + 1;
    await openFile(page, source);
    const { stderr } = await output(page);
    assertMatch(stderr, says);
    if (what.startsWith("an import")) return; // imports run before any line
    assertStringIncludes(stderr, `my/ex1.ts, line ${number}: `);
    await page.getByRole("button", { name: "dprobs", exact: true }).click();
    await page.locator(".error-line").waitFor();
    assertEquals(await page.locator(".error-line").textContent(), line);
  });
}

inPage("an endless loop is ended with a sentence, and the page goes on", 1, async (page) => {
  await openFile(page, withFirst(`${RIGHT}\nwhile (true) {}`));
  assertMatch(await page.locator("#status").textContent() ?? "", /loop in your code that does not end/);
  await openFile(page, withFirst(RIGHT));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
});

inPage("a loop that prints and never ends is ended too, and meanwhile the page stays free", 1, async (page) => {
  const source = withFirst(`${RIGHT}\nfor (let i = 0; ; i++) print(i);`);
  await openFile(page, source);
  assertMatch(await statusOf(page), /loop in your code that does not end/);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator(".output pre").nth(1000).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  assertEquals(await statusOf(page), "Stopped.");
});

inPage("of a very long output the page shows the beginning and the end", 1, async (page) => {
  await openFile(page, withFirst(`${RIGHT}\nfor (let i = 0; i < 20_000; i++) print(i);`));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  const { stdout, stderr } = await output(page);
  assertMatch(stdout, /\n0\n1\n2\n[^]*\n19999\n[^]*\n1\/26 right/);
  assertMatch(stderr, /leaves 149\d{2} out here/);
});

test("code that took the page down is not run when it is opened again", async () => {
  const page = await site.exercise(1), source = withFirst(`${RIGHT}\nwhile (true) {}`);
  await choose(page, "Open …", { name: "ex.ts", mimeType: "text/plain", buffer: new TextEncoder().encode(source) });
  await page.locator("body[data-run=running]").waitFor({ state: "attached" });
  await page.goto("chrome://crash").catch(() => {});
  const again = await page.context().newPage();
  for (let i = 0; i < 2; i++) {
    await again.goto(site.address);
    await finished(again);
    assertEquals(await statusOf(again), "The last run did not end. Change the code or press Run.");
  }
  await openFile(again, withFirst(RIGHT));
  await again.reload();
  await finished(again);
  assertMatch(await verdictOf(again, "dlogprobs"), /ok/);
  await page.context().close();
});

inPage("the status says why a run compared nothing, and does not count what an earlier one did", 1, async (page) => {
  await openFile(page, "");
  assertEquals(await statusOf(page), "Nothing was compared.");
  assertEquals(await cellOf(page, "dlogprobs").getAttribute("title"), "from an earlier run");
  await openFile(page, 'throw "oops";');
  assertEquals(await statusOf(page), "oops");
  await openFile(page, withFirst(RIGHT).replace(/^finish\(.*$/m, ""));
  assertMatch(await statusOf(page), /^The file ended before finish/);
  await openFile(page, withFirst(RIGHT));
  for (
    const [flags, says] of [["--foo", /no flag --foo/], ["--seed x", /--seed/], ["--hint nope", /"nope"/]] as const
  ) {
    await runWith(page, flags);
    assertMatch(await statusOf(page), says);
    assert(await page.locator("#panel-table").isVisible());
  }
  await runWith(page, "");
  assertMatch(await statusOf(page), /^1 of 26 right/);
});

inPage("what a flag prints instead of comparing is shown at once", 1, async (page) => {
  for (const flags of ["--help", "--graph", "--hint dprobs"]) {
    await page.getByRole("tab", { name: "Table" }).click();
    await runWith(page, flags);
    assert(await page.locator("#panel-output").isVisible(), flags);
  }
});

inPage("flags stay with their exercise", 1, async (page) => {
  await runWith(page, "--seed 1");
  for (const [n, flags] of [[2, ""], [1, "--seed 1"]] as const) {
    await page.getByRole("link", { name: `Exercise ${n}` }).click();
    await page.locator(`.cm-content[aria-label*='exercise ${n}']`).waitFor();
    assertEquals(await page.getByLabel("Flags").inputValue(), flags);
  }
});

inPage("rows that an error cuts off keep their verdicts, as those of an earlier run", 1, async (page) => {
  await openFile(page, withFirst(RIGHT));
  await typeFirst(page, "throw new Error('early');");
  await page.locator(".error-note").waitFor();
  await openFile(page, withFirst(`${RIGHT}\nnone();`));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  assertEquals(await cellOf(page, "dlogprobs").getAttribute("title"), "from an earlier run");
  await page.reload();
  await finished(page);
  await page.getByRole("button", { name: "dprobs", exact: true }).click();
  assertEquals(await cellOf(page, "dprobs").getAttribute("title"), "not reached");
  await page.getByText("the run has not reached this gradient").waitFor();
});

inPage("a comment is no reason to run again, code is", 1, async (page) => {
  await page.evaluate(() => document.body.dataset.code = "as before");
  await typeFirst(page, "// a comment\n\n");
  await page.waitForTimeout(1000);
  assertEquals(await page.evaluate(() => document.body.dataset.code), "as before");
  await page.keyboard.type("print(1);");
  await page.locator("body[data-code='1']").waitFor({ state: "attached" });
});

inPage("the Output tab has a dot when the code showed something, until it is opened", 1, async (page) => {
  const dot = page.locator(".dot");
  assertEquals(await dot.isVisible(), false);
  for (const shows of ["print(probs.shape);", 'console.info("here");', "hint(probs);"]) {
    await openFile(page, withFirst(`${RIGHT}\n${shows}`));
    assert(await dot.isVisible(), shows);
    await page.getByRole("tab", { name: "Output has news" }).click();
    assertEquals(await dot.isVisible(), false);
    await page.getByRole("tab", { name: "Table" }).click();
  }
  await openFile(page, withFirst(`${RIGHT}\nprint(1);`));
  await openFile(page, withFirst(RIGHT));
  assertEquals(await dot.isVisible(), false, "the next run showed nothing");
});

inPage("console.error shows values as console.log does, and is no error of the run", 1, async (page) => {
  await openFile(page, withFirst(`${RIGHT}\nconsole.error([1, "a"]);`));
  assertStringIncludes((await output(page)).stderr, '[ 1, "a" ]');
  assertMatch(await statusOf(page), /^1 of 26 right/);
});

test("a worker that loads slowly is no loop, and one that does not load is tried again", async () => {
  const page = await (await site.window()).context().newPage(); // one whose complaints about the network are not counted
  let answer: "late" | "never" | "at once" = "late";
  await page.route("**/worker.js", async (route) => {
    if (answer === "never") return route.abort();
    if (answer === "late") await new Promise((resolve) => setTimeout(resolve, 7000));
    await route.continue();
  });
  await page.goto(site.address);
  await page.waitForTimeout(6500);
  assertEquals(await statusOf(page), "Loading …");
  await finished(page);
  assertMatch(await statusOf(page), /^0 of 26 right/);
  answer = "never";
  await page.reload();
  await finished(page);
  assertMatch(await statusOf(page), /worker could not be loaded: is the network there/);
  answer = "at once";
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/^0 of 26 right/).waitFor();
  await page.context().close();
});

inPage("a row opens on pictures with the numbers under the pointer", 1, async (page) => {
  await openFile(page, withFirst(RIGHT.replace("-1", "1")));
  assertMatch(await verdictOf(page, "dlogprobs"), /wrong/);
  await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
  assertEquals(await page.locator("figcaption").count(), 3);
  await page.locator(".pictures").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  assertMatch(await page.locator(".under").textContent() ?? "", /^\[1, 0\] {2}given .* expected .* difference /);
  const box = (await page.locator(".frame").first().boundingBox())!;
  await page.mouse.move(box.x + box.width - 3, box.y + box.height - 3);
  assertMatch(await page.locator(".under").textContent() ?? "", /^\[31, 26\]/);
});

inPage("the rounding of a right row is drawn as small as it is", 1, async (page) => {
  const scales = () =>
    page.locator("figcaption").evaluateAll((captions) => captions.map((it) => it.textContent!.replace(/.* ±/, "")));
  await openFile(page, withFirst(RIGHT));
  await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
  const [, expected, rounding] = await scales();
  assertEquals(rounding, expected);
  await openFile(page, withFirst(RIGHT.replace("-1", "-1.01")));
  const [, still, difference] = await scales();
  assertNotMatch(difference, new RegExp(still));
});

inPage("the solution comes after three hints, and not before", 1, async (page) => {
  await page.getByRole("button", { name: "dprobs", exact: true }).click();
  for (const name of ["Hint", "Hint 2 of 3", "Hint 3 of 3"]) {
    assertEquals(await page.locator(".solution:visible").count(), 0);
    await page.getByRole("button", { name, exact: true }).click();
  }
  assertEquals(await page.locator(".hints li").count(), 3);
  assertEquals(await page.locator(".solution:visible").count(), 0);
  await page.getByRole("button", { name: "Show the solution" }).click();
  assertStringIncludes(await page.locator(".solution:visible").textContent() ?? "", "dlogprobs.div(probs)");
  assert(await page.locator(".solution:visible").evaluate((it) => it === document.activeElement));
});

inPage("a tensor of the graph leads to its row and its code", 1, async (page) => {
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.getByRole("button", { name: /^probs \(/ }).click();
  assertEquals(await page.getByRole("button", { name: "dprobs", exact: true }).getAttribute("aria-expanded"), "true");
  assertMatch(await page.locator(".cm-activeLine").textContent() ?? "", /YOUR CODE HERE/);
});

inPage("a row opened from the graph does not lie under the head", 1, async (page) => {
  for (const name of ["C", "probs"]) { // from the last row back to one above the window
    await page.getByRole("tab", { name: "Graph" }).click();
    await page.getByRole("button", { name: new RegExp(`^${name} \\(`) }).click();
  }
  const head = (await page.locator(".head").boundingBox())!;
  const row = (await page.getByRole("button", { name: "dprobs", exact: true }).boundingBox())!;
  assert(row.y >= head.y + head.height, `${row.y} ${head.y + head.height}`);
}, { height: 400 });

inPage("another exercise is shown from its beginning", 1, async (page) => {
  await page.getByRole("button", { name: "dC", exact: true }).click();
  await page.getByRole("link", { name: "Exercise 2" }).click();
  await page.locator(".cm-content[aria-label*='exercise 2']").waitFor();
  assertEquals(await page.locator(".cm-scroller").evaluate((it) => it.scrollTop), 0);
});

inPage("all but the region at hand can be folded away", 1, async (page) => {
  await page.getByRole("button", { name: "dprobs", exact: true }).click();
  await page.getByRole("button", { name: "Fold" }).click();
  assertEquals(await page.locator(".cm-foldPlaceholder").count(), 2);
  assert(await page.locator(".cm-line").count() < 15);
  await page.getByRole("button", { name: "Fold" }).click();
  assertEquals(await page.locator(".cm-foldPlaceholder").count(), 0);
});

inPage("the lecture's pictures are pictures", 1, async (page) => {
  await openFile(page, solvedOf(1));
  await page.getByRole("tab", { name: "Output" }).click();
  const { width, height } = await page.locator(".grey canvas").evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    return { width, height };
  });
  assertEquals([height, width], [32, 27]);
});

// --- Exercise 4 ----------------------------------------------------------------------------------------------------------

test("training shows how far it is, stops when asked to, and a reload in its middle loses no code", async () => {
  const page = await site.window();
  await page.goto(`${site.address}#4`);
  await finished(page);
  const source = `${solvedOf(4)}// mine\n`;
  await choose(page, "Open …", {
    name: "ex4.ts",
    mimeType: "text/plain",
    buffer: new TextEncoder().encode(source),
  });
  await page.locator(".curve polyline").waitFor({ timeout: 30_000 });
  assertMatch(await page.locator(".training-line").textContent() ?? "", /of 200,000 steps, [\d,]+ per second/);
  await page.reload();
  assertEquals(await code(page, 4), source);
  await page.locator(".curve polyline").waitFor({ timeout: 30_000 });
  assertEquals(await statusOf(page), "Training …");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await finished(page);
  assertEquals(
    await statusOf(page),
    "13 of 13 right. Well done! Training’s losses and new names are under Output.",
  );
  const { stdout } = await output(page);
  assertMatch(stdout, /Interrupted after [\d,]+ steps/);
  assertMatch(stdout, /\nval +\d\.\d+\n/);
  assertEquals(await page.evaluate(() => document.body.dataset.code), "130");
  await page.context().close();
});

inPage("only the lecture's own list is taken for the lecture's list", 4, async (page) => {
  const pick = (buffer: Uint8Array) =>
    choose(page, "Use the lecture’s names …", { name: "names.txt", mimeType: "text/plain", buffer });
  await pick(new TextEncoder().encode("emma\nolivia\n"));
  await page.getByText("is not the lecture's list of names: it has 12 bytes").waitFor();
  const file = join(root, "data/lecture-names.txt");
  if (!existsSync(file)) return console.log("data/lecture-names.txt is not there: that it is taken was not tried.");
  await pick(readFileSync(file));
  await page.locator(".output", { hasText: "the lecture's list" }).waitFor({ state: "attached" });
});

// --- Nothing is lost -----------------------------------------------------------------------------------------------------

inPage("code survives a reload and another exercise, and is downloaded as it is", 1, async (page) => {
  const source = withFirst(RIGHT);
  await openFile(page, source);
  await page.getByRole("link", { name: "Exercise 2" }).click();
  await page.locator(".cm-content[aria-label*='exercise 2']").waitFor();
  await finished(page);
  await page.getByRole("link", { name: "Exercise 1" }).click();
  await page.reload();
  await finished(page);
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  await page.click("summary");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  assertEquals((await download).suggestedFilename(), "ex1.ts");
  assertEquals(readFileSync((await (await download).path())!, "utf8"), source);
});

inPage("starting over keeps a copy, which can be had back", 1, async (page) => {
  const source = withFirst(RIGHT);
  await openFile(page, source);
  await page.click("summary");
  await page.getByRole("button", { name: "Start over" }).click();
  assertEquals(await code(page, 1), blankOf(1));
  await page.click("summary");
  await page.locator(".copies button").first().click();
  assertEquals(await code(page, 1), source);
});

inPage("two tabs on an exercise know of each other, and a copy of what was replaced is kept", 1, async (page) => {
  const source = withFirst(RIGHT);
  await openFile(page, source);
  await page.getByText("A copy of what was there before is in the File menu.").waitFor();
  const other = await page.context().newPage();
  await other.goto(site.address);
  await finished(other);
  await typeFirst(other, "// from there\n");
  await page.getByText("This exercise is also open in another tab").waitFor();
  await typeFirst(page, " ");
  assert(await page.getByText("This exercise is also open in another tab").isVisible());
  assertEquals(await page.getByText("A copy of what was there before").count(), 0);
  const copies = await page.evaluate(() => localStorage.getItem("backprop-ninja copies 1"));
  assert(JSON.parse(copies!).some((copy: { source: string }) => copy.source === source));
});

test("where the browser keeps nothing, the page says so for good", async () => {
  const page = await site.window();
  await page.addInitScript(() =>
    Storage.prototype.setItem = () => {
      throw new Error("full");
    }
  );
  await page.goto(site.address);
  await finished(page);
  await typeFirst(page, "print(1);");
  await finished(page);
  await page.waitForTimeout(1000);
  await page.getByText("The browser keeps nothing for this page").waitFor();
  await page.context().close();
});

// --- For everyone --------------------------------------------------------------------------------------------------------

for (const dark of [false, true]) {
  for (const width of [360, 1280]) {
    inPage(`no rule of axe-core is broken, ${dark ? "dark" : "light"}, at ${width} px`, 1, async (page) => {
      await openFile(page, withFirst(RIGHT.replace("-1", "1") + "\nnone();"));
      await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
      await page.getByRole("button", { name: "Hint", exact: true }).click();
      const broken = async () => {
        await page.evaluate(axe.source);
        const found = await page.evaluate(() =>
          (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe.run()
        );
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      };
      assertEquals(await broken(), []);
      for (const name of ["Graph", "Output"]) {
        await page.getByRole("tab", { name }).click();
        assertEquals(await broken(), []);
      }
      await page.click("summary");
      assertEquals(await broken(), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(wide <= 0, `The page is ${wide} px wider than its window.`);
    }, { width, dark });
  }
}

for (const width of [390, 1280]) {
  inPage(`with a solution open nothing is wider than its place, at ${width} px`, 1, async (page) => {
    await page.getByRole("button", { name: "dbnvar", exact: true }).click();
    for (const name of ["Hint", "Hint 2 of 3", "Hint 3 of 3", "Show the solution"]) {
      await page.getByRole("button", { name, exact: true }).click();
    }
    const over = await page.evaluate(() =>
      ["html", "#verdicts", "#panel-table"].filter((selector) => {
        const { scrollWidth, clientWidth } = document.querySelector(selector)!;
        return scrollWidth > clientWidth;
      })
    );
    assertEquals(over, []);
  }, { width });
}

inPage("the keyboard alone is enough", 1, async (page) => {
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: it } = document;
      const outline = it && getComputedStyle(it.closest(".cm-editor") ?? it).outlineStyle;
      return `${it?.getAttribute("aria-label") ?? it?.textContent}|${outline}`;
    });
  const tabTo = async (wanted: RegExp) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const name = await focused();
      assertNotMatch(name, /\|none$/, `${name} has the focus, and one cannot see it.`);
      if (wanted.test(name)) return;
    }
    throw new Error(`Tab does not reach ${wanted}.`);
  };
  await tabTo(/^Exercise 1/);
  await tabTo(/^Run/);
  await tabTo(/^File/);
  await page.keyboard.press("Enter");
  await tabTo(/^Download/);
  await page.keyboard.press("Escape");
  await tabTo(/^Code of exercise 1/);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("// typed by keyboard\n");
  await finished(page);
  assertMatch(await code(page, 1), /^\/\/ typed by keyboard/);
  await tabTo(/^Table/);
  await page.keyboard.press("ArrowRight");
  assertMatch(await focused(), /^Graph/);
  await page.keyboard.press("ArrowLeft");
  await tabTo(/^dlogprobs/);
  await page.keyboard.press("Enter");
  await tabTo(/^Hint/);
  await page.keyboard.press("Enter");
  assertEquals(await page.locator(".hints li").count(), 1);
  await tabTo(/^Go to its code/);
  await page.keyboard.press("Enter");
  assertMatch(await focused(), /^Code of exercise 1/);
});

test("an old browser gets a sentence", async () => {
  const page = await site.window();
  await page.addInitScript(() => delete (Uint8Array as { fromHex?: unknown }).fromHex);
  await page.goto(site.address);
  assert(await page.getByText("This page needs a newer browser").isVisible());
  await page.context().close();
});

test("the table is a table to a screen reader", async () => {
  const page = await site.exercise(1);
  assertEquals(await page.getByRole("columnheader").count(), 4);
  assertEquals(await page.getByRole("rowheader").count(), 26);
  await page.context().close();
});

// --- The folder ----------------------------------------------------------------------------------------------------------

test("the whole folder is at most 400 KB gzipped", () => {
  const files = readdirSync(`${root}page`, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const size = files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(file.parentPath, file.name)), { level: 9 }).length,
    0,
  );
  console.log(`${size.toLocaleString("en")} bytes gzipped in ${files.length} files`);
  assert(size <= 400 * 1024, `${size} bytes`);
});

test("the page asks nobody but its own server, and nothing went wrong in it unseen", () => {
  assert(site.requests.length > 50);
  assertEquals(site.requests.filter((url) => !url.startsWith(site.address) && !/^(data|blob):/.test(url)), []);
  assertEquals(site.complaints, []);
});
