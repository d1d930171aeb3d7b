// What the tests of the page share: the site, and what a reader does. One browser serves all tests of a file, and each test is a
// reader who was never here before.
/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { after, before, test } from "node:test";
import { finished, type Reader, Site } from "./browser.ts";

/** The page, from the first test on. */
export let site: Site;

before(async () => site = await Site.open());

after(() => site.close());

/** A file's last test, of all that its tests before have asked for. */
export function nothingUnseen(): void {
  test("the page asks nobody but its own server, and nothing went wrong in it unseen", () => {
    assert(site.requests.length > 5);
    assertEquals(site.requests.filter((url) => !url.startsWith(site.address) && !/^(data|blob):/.test(url)), []);
    assertEquals(site.complaints, []);
  });
}

/** A test in a window of its own, closed at its end. */
export function inPage(
  name: string,
  n: number | string,
  body: (page: Page) => Promise<void>,
  options: Reader = {},
): void {
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

/** The rules of accessibility that the page breaks as it is, by axe-core, each with where: all of them, or some. */
export async function brokenRules(page: Page, only?: string[]): Promise<string[]> {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
  return await page.evaluate(async (runOnly) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      resultTypes: ["violations"],
      runOnly,
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, only);
}
