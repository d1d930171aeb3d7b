// What the tests of the page share: the site, a copy of the project for Deno, and what a reader does. One browser serves all
// tests, and each test is a reader who was never here before.
/// <reference lib="dom" />
import axe from "axe-core";
import type { Page } from "playwright-core";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { exercises as manifest } from "../../exercises/manifest.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { exercises } from "../../lib/page/exercises.ts";
import { fillRegions } from "../harness.ts";
import { build, finished, root, Site } from "./browser.ts";

/** The source of an exercise. */
export const sourceOf = (n: number | string) =>
  readFileSync(`${root}exercises/${manifest.find(({ id }) => id === n)!.file}`, "utf8");
/** Its blank, as the page has it. */
export const blankOf = (n: number | string) => exercises.find((one) => one.n === n)!.blank;

/** An exercise's solution as a learner's file. */
export function solvedOf(n: number | string): string {
  const solution = regions(sourceOf(n));
  return fillRegions(blankOf(n), (_, i) => solution[i].lines.join(""));
}

/** Exercise 1 with the first gradient filled in by `line`. */
export const withFirst = (line: string) => fillRegions(blankOf(1), (_, i) => i === 0 ? line + "\n" : undefined);

/** The right first gradient of exercise 1. */
export const RIGHT = "const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n);";

/** The page, and a copy of the project where Deno runs the same. Both are there from the first test on. */
export let site: Site, copy: string;

before(async () => {
  build();
  site = await Site.open();
  copy = mkdtempSync(join(tmpdir(), "backprop-ninja-page-"));
  for (const part of ["exercises", "lib", "data", "deno.json", "import_map.json"]) {
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
export function inPage(name: string, n: number | string, body: (page: Page) => Promise<void>, options = {}): void {
  test(name, async () => {
    const page = await site.exercise(n, options);
    try {
      await body(page);
    } finally {
      await page.context().close();
    }
  });
}

/** The cell with the verdict of a gradient, as dlogprobs; what it says; what the line above the table says. */
export const cellOf = (page: Page, name: string) =>
  page.locator("tr.main", { has: page.getByRole("button", { name, exact: true }) }).locator("td").nth(1);
export const verdictOf = async (page: Page, name: string) => (await cellOf(page, name).textContent())!;
export const statusOf = async (page: Page) => (await page.locator("#status").textContent())!;

/** Types at the beginning of the code. */
export async function typeFirst(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type(text);
}

/** Runs with flags. */
export async function runWith(page: Page, flags: string): Promise<void> {
  await page.getByLabel("Flags").fill(flags);
  await page.keyboard.press("Enter");
  await finished(page);
}

/** The rules of accessibility that the page breaks as it is, by axe-core, each with where. */
export async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe.run()
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
