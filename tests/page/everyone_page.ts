// The page is for everyone: accessibility, narrow and dark windows, the keyboard alone, old browsers.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../lib/page/exercises.ts";
import { code, finished, openFile } from "./browser.ts";
import { brokenRules, inPage, nothingUnseen, site } from "./reader.ts";
import { RIGHT, withFirst } from "./sources.ts";

for (const [width, dark] of [[320, false], [1280, false], [1280, true]] as const) {
  inPage(`no rule of axe-core is broken, ${dark ? "dark" : "light"}, at ${width} px`, 1, async (page) => {
    await openFile(page, withFirst(RIGHT.replace("-1", "1") + "\nnone();"));
    await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
    await page.getByRole("button", { name: "Hint", exact: true }).click();
    // In the dark the same elements have other colours.
    const rules = dark ? ["color-contrast", "link-in-text-block"] : undefined;
    const look = async () => {
      assertEquals(await brokenRules(page, rules), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(wide <= 0, `The page is ${wide} px wider than its window.`);
    };
    await look();
    for (const name of ["Graph", "Output", "Help"]) {
      await page.getByRole("tab", { name }).click();
      await look();
    }
    await page.click("summary");
    await look();
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+f");
    await look();
  }, { width, dark });
}

inPage("a row that is opened on a telephone stays where it is, and the page begins at its top", 1, async (page) => {
  assertEquals(await page.evaluate(() => scrollY), 0);
  const row = page.getByRole("button", { name: "dhpreact", exact: true });
  await row.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await row.click();
  await page.locator(".cm-activeLine", { hasText: "const dhpreact" }).waitFor();
  assertEquals(await page.evaluate(() => scrollY), before);
}, { width: 320, height: 640 });

test("the buttons stay in one row with every exercise's title, and what is printed is not cut off", async () => {
  const page = await site.exercise(1);
  for (const { n } of exercises) {
    await page.evaluate((n) => location.hash = `#${n}`, n);
    await page.locator(`.cm-content[aria-label*='exercise ${n}']`).waitFor();
    const heights = await page.locator("header > *").evaluateAll((all) =>
      all.map((it) => it.getBoundingClientRect().top)
    );
    assert(Math.max(...heights) < 20, `Exercise ${n}: ${heights}`);
  }
  await page.evaluate(() => location.hash = "#1");
  await openFile(page, withFirst(`${RIGHT}\nprint("x".repeat(80));`));
  await page.getByRole("tab", { name: "Output" }).click();
  assert(await page.locator(".output").evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth));
  await page.context().close();
});

for (const width of [390, 880, 1280]) {
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
  await page.evaluate(() => { // from the top: the page itself begins in the code
    const title = document.querySelector("h1")!;
    title.tabIndex = -1;
    title.focus();
  });
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
  assertEquals(await page.getByRole("columnheader").count(), 5);
  assertEquals(await page.getByRole("rowheader").count(), 26);
  await page.context().close();
});

nothingUnseen();
