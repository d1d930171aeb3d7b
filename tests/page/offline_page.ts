// Versions of the page, kept for when there is no network: one comes as a whole or not at all, in Chromium. That a page needs
// no network once it was open is tried in every browser (every_browser.ts).
/// <reference lib="dom" />
import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { finished, root, served } from "./browser.ts";
import { site, statusOf } from "./reader.ts";

/** Puts a version of the page into a folder: each of its scripts and texts has other names in each version. */
function put(folder: string, version: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(`${root}page`, folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => /-\w+\./.test(name));
  const renamed = (text: string) =>
    names.reduce((text, name) => text.replaceAll(name, name.replace("-", `-${version}`)), text);
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name), "utf8");
    rmSync(join(folder, name));
    writeFileSync(join(folder, renamed(name)), renamed(content));
  }
}

/** The versions of all that a page has loaded. */
async function versionsOf(page: Page): Promise<string[]> {
  await finished(page);
  return await page.evaluate(() => {
    const names = performance.getEntriesByType("resource").map(({ name }) =>
      /\/\w+-(first|second)\w+\./.exec(name)?.[1]
    );
    return [...new Set(names.filter((name) => name !== undefined))];
  });
}

const kept = (page: Page) => page.locator("body[data-kept=reload]").waitFor({ state: "attached" });

test("a version is opened as a whole, with the server and without, and an old one goes when nobody has it open", async () => {
  const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-versions-"));
  put(folder, "first");
  let server = await served(folder);
  const { address } = server, one = await site.window({ watched: false });
  await one.goto(address);
  assertEquals(await versionsOf(one), ["first"]);
  await kept(one);

  put(folder, "second");
  await one.getByRole("button", { name: "Run", exact: true }).click();
  await finished(one);
  assertMatch(await statusOf(one), /^0 of 26 right/);
  const two = await one.context().newPage();
  await two.goto(address);
  assertEquals(await versionsOf(two), ["second"]);
  await two.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  const port = Number(new URL(address).port);
  await server.close();
  await two.reload();
  assertEquals(await versionsOf(two), ["first"], "the one that both windows may have begun with");
  assertMatch(await statusOf(two), /^0 of 26 right/);

  await two.goto("about:blank");
  await one.goto("about:blank");
  await two.goto(address);
  assertEquals(await versionsOf(two), ["second"]);
  assertEquals(await two.evaluate(async () => (await caches.keys()).map((name) => /-(first|second)/.exec(name)?.[1])), [
    "second",
  ]);

  server = await served(folder, port);
  put(folder, "third");
  rmSync(join(folder, readdirSync(folder).find((name) => name.startsWith("worker-"))!)); // it is still being put there
  await two.goto(`${address}index.html`);
  await finished(two);
  assertMatch(await statusOf(two), /has changed on its server/);
  await server.close();
  await two.reload();
  assertEquals(await versionsOf(two), ["second"]);
  assertMatch(await statusOf(two), /^0 of 26 right/);
  rmSync(folder, { recursive: true, force: true });
  await two.context().close();
});

test("where the browser or the address has no service worker, the page is as ever", async () => {
  const page = await site.window();
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined }));
  await page.goto(site.address);
  await page.locator("body[data-kept=open]").waitFor({ state: "attached" });
  assertMatch(await statusOf(page), /^0 of 26 right/);
  assertEquals(site.complaints, []);
  await page.context().close();
});
