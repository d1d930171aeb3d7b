// Exercise 4 on the page: its training, and the lecture's names.
/// <reference lib="dom" />
import { assertEquals, assertMatch } from "@std/assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { choose, code, finished, output, root } from "./browser.ts";
import { inPage, nothingUnseen, site, statusOf } from "./reader.ts";
import { solvedOf } from "./sources.ts";

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
  assertMatch(
    await statusOf(page),
    /^13 of 13 right\. Well done! Losses and new names are under Output\./,
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

nothingUnseen();
