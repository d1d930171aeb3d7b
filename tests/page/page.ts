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

/** Wall times and memory, which no two runs share, as figures of none. */
const withoutTimes = (text: string) =>
  text.replace(/ steps in [\d.]+ s, \d+ µs each; at most \d+ MiB/, " steps in … s, … µs each; at most … MiB");

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

const verdictOf = async (page: Page, name: string) =>
  (await page.locator("tr.main", { has: page.getByRole("button", { name, exact: true }) }).locator("td").nth(1)
    .textContent())!;

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
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("throw new Error('typed');");
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
});

inPage("a tensor of the graph leads to its row and its code", 1, async (page) => {
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.getByRole("button", { name: /^probs \(/ }).click();
  assertEquals(await page.getByRole("button", { name: "dprobs", exact: true }).getAttribute("aria-expanded"), "true");
  assertMatch(await page.locator(".cm-activeLine").textContent() ?? "", /YOUR CODE HERE/);
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
  await page.getByRole("button", { name: "Stop training" }).click();
  await finished(page);
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
