// Nothing is lost: reloads, other exercises, other tabs, full storage.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { code, finished, openFile } from "./browser.ts";
import { inPage, nothingUnseen, site, typeFirst, verdictOf } from "./reader.ts";
import { blankOf, RIGHT, withFirst } from "./sources.ts";

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
  await page.getByText("Your browser saves nothing for this page").waitFor();
  await page.context().close();
});

nothingUnseen();
