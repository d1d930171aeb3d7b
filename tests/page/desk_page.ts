// The page as a desk to learn at: where it begins, keys that people know, what is offered while typing, links, other files.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { choose, code, finished, openFile, output, root } from "./browser.ts";
import { brokenRules, inPage, nothingUnseen, runWith, site, statusOf, typeFirst, verdictOf } from "./reader.ts";
import { blankOf, RIGHT, solvedOf, withFirst } from "./sources.ts";

inPage(
  "it begins with what to do: the first todo is selected, and what is above the exercise is folded",
  1,
  async (page) => {
    assertEquals(await page.evaluate(() => String(getSelection())), 'todo("dlogprobs")');
    await page.keyboard.type("1");
    await finished(page);
    await page.locator(".cm-activeLine", { hasText: "const dlogprobs = 1;" }).waitFor();
    assert(await page.locator("#intro").isVisible());
    for (const link of await page.locator("#intro a").all()) {
      assertEquals(await link.getAttribute("target"), "_blank");
    }
    assertMatch(await page.locator("#intro a").first().getAttribute("href") ?? "", /^https:\/\/youtu\.be\//);
    await page.locator(".cm-scroller").evaluate((it) => it.scrollTo(0, 0));
    await page.locator(".cm-foldPlaceholder").waitFor();
    assertNotMatch(await page.locator(".cm-content").innerText(), /^import/m);
  },
);

inPage("the introduction goes when a gradient is right, and does not come again", 1, async (page) => {
  await openFile(page, withFirst(RIGHT));
  assertEquals(await page.locator("#intro").isVisible(), false);
  await page.reload();
  await finished(page);
  assertEquals(await page.locator("#intro").isVisible(), false);
});

inPage("the next gradient is a click away, and each row's place in the lecture as well", 1, async (page) => {
  await openFile(page, withFirst(RIGHT));
  await page.locator("#status").getByRole("button", { name: "dprobs" }).click();
  await page.locator(".cm-activeLine", { hasText: "const dprobs = todo" }).waitFor();
  const link = page.locator("tr.main .lecture").nth(1);
  assertEquals(await link.getAttribute("href"), "https://youtu.be/q8SA3rM6ckI?t=1146");
  assertEquals([await link.textContent(), await link.getAttribute("target")], ["19:06", "_blank"]);
});

inPage("the keys that save and run elsewhere run here, and the browser saves nothing", 1, async (page) => {
  await page.evaluate(() =>
    addEventListener(
      "keydown",
      (event) => setTimeout(() => document.body.dataset.prevented = String(event.defaultPrevented)),
    )
  );
  for (const key of ["Control+s", "Control+Enter", "Shift+Enter"]) {
    const before = await page.evaluate(() => {
      document.body.dataset.code = document.body.dataset.prevented = "";
      return localStorage.getItem("backprop-ninja code 1");
    });
    await page.locator(".cm-content").focus();
    await page.keyboard.press(key);
    await page.locator("body[data-code='1'][data-prevented=true]").waitFor({ state: "attached" });
    assertEquals(
      await page.evaluate(() => localStorage.getItem("backprop-ninja code 1")),
      before,
      `${key} typed something`,
    );
  }
  await page.getByRole("tab", { name: "Table" }).focus();
  await page.evaluate(() => document.body.dataset.prevented = "");
  await page.keyboard.press("Control+s");
  await page.locator("body[data-prevented=true]").waitFor({ state: "attached" });
});

inPage("no word of a terminal is in the page, its code or what it prints", 1, async (page) => {
  const terminal = /deno|\bbun\b|terminal|command line|\bsave\b/i;
  for (const n of [1, 2, 3, 4]) {
    await page.evaluate((n) => location.hash = `#${n}`, n);
    await page.locator(`.cm-content[aria-label*='exercise ${n}']`).waitFor();
    await finished(page);
    for (const flags of ["", "--help", "--hint dlogits", "--foo"]) {
      await runWith(page, flags);
      const { stdout, stderr } = await output(page);
      assertNotMatch(stdout + stderr, terminal);
    }
    assertNotMatch(blankOf(n).replaceAll(/^import .*$/gm, ""), terminal);
    assertNotMatch(await page.locator("body").innerText(), terminal);
  }
  await page.getByRole("tab", { name: "Help" }).click();
  assertNotMatch(await page.locator("body").innerText(), terminal);
});

inPage("members of a tensor and the exercise's names are offered, with a line on each", 1, async (page) => {
  await page.keyboard.type("logprobs.index_p");
  await page.locator(".cm-tooltip-autocomplete", { hasText: "index_put_" }).waitFor();
  assertMatch(await page.locator(".cm-completionInfo").innerText(), /\w{3}/);
  await page.waitForTimeout(200); // what has just come is not taken, as the key may be meant for something else
  await page.keyboard.press("Tab");
  await page.locator(".cm-activeLine", { hasText: "logprobs.index_put_()" }).waitFor();
  await page.keyboard.type("counts_su");
  assertEquals(await brokenRules(page), []);
  const offered = page.locator(".cm-tooltip-autocomplete li", { hasText: "counts_sum_inv" }).first();
  await offered.waitFor();
  assertStringIncludes(await offered.innerText(), "(32, 1)");
  await page.keyboard.press("Escape");
  await page.keyboard.press("End");
  await page.keyboard.type(" counts_su");
  await page.waitForTimeout(300);
  assertEquals(await page.locator(".cm-tooltip-autocomplete").count(), 0, "a comment is no place for offers");
});

inPage("a closing brace moves out to where its block began", 1, async (page) => {
  await page.keyboard.type("1;\nfor (const i of range(2)) {\nprint(i);\n}");
  await finished(page);
  assertStringIncludes(await code(page, 1), "for (const i of range(2)) {\n  print(i);\n}");
});

inPage("a wide line wraps, and an error's note stays in sight", 1, async (page) => {
  await openFile(page, withFirst(`const dlogprobs = none; // ${"a very long comment ".repeat(20)}`));
  await page.getByRole("button", { name: "dlogprobs", exact: true }).click();
  const { wide, note } = await page.locator(".cm-scroller").evaluate((it) => ({
    wide: it.scrollWidth - it.clientWidth,
    note: it.querySelector(".error-note")!.getBoundingClientRect().width <= it.clientWidth,
  }));
  assertEquals({ wide, note }, { wide: 0, note: true });
});

inPage("the table does not move when a run ends with an error", 1, async (page) => {
  const top = async () => (await page.locator("table.rows").boundingBox())!.y;
  await page.locator("#intro .close").click();
  const before = await top();
  await openFile(page, withFirst("const dlogprobs = logprobs * 2;"));
  await page.getByText("A copy of what was there before").waitFor();
  await typeFirst(page, " "); // the notice goes
  await page.getByText("A copy of what was there before").waitFor({ state: "detached" });
  await finished(page);
  assertMatch(await statusOf(page), /line \d+/);
  assertEquals(await top(), before);
});

inPage("the divider is moved by pointer and keys, and stays over a reload", 1, async (page) => {
  const width = async () => Math.round((await page.locator("#code").boundingBox())!.width);
  const before = await width(), { x, y } = (await page.locator("#divider").boundingBox())!;
  await page.mouse.move(x + 4, y + 200);
  await page.mouse.down();
  await page.mouse.move(x - 196, y + 200, { steps: 4 });
  await page.mouse.up();
  const dragged = await width();
  assert(dragged < before - 150, `${before} ${dragged}`);
  await page.locator("#divider").focus();
  await page.keyboard.press("ArrowRight");
  const moved = await width();
  assert(moved > dragged);
  await page.reload();
  await finished(page);
  assertEquals(await width(), moved);
});

inPage("an exercise that is done has its sign, and leads to the next", 2, async (page) => {
  await openFile(page, solvedOf(2));
  assertMatch(await statusOf(page), /Well done! Go on with exercise 3$/);
  assertEquals(await page.getByRole("link", { name: "Exercise 2, done" }).count(), 1);
  await page.locator("#status").getByRole("button").click();
  await page.locator(".cm-content[aria-label*='exercise 3']").waitFor();
  await page.reload();
  assertEquals(await page.getByRole("link", { name: "Exercise 2, done" }).count(), 1);
});

test("a link holds exercise, code and flags; opened, it asks first and runs nothing unseen", async () => {
  const page = await site.exercise(1), source = withFirst(`${RIGHT}\nprint("linked");`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openFile(page, source);
  await runWith(page, "--seed 3");
  await page.click("summary");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("The link is copied").waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert(address.startsWith(`${site.address}#1&code=`) && address.length < 8000, `${address.length} characters`);
  for (const taken of [false, true]) {
    const other = await site.window();
    await other.goto(address);
    const dialog = other.getByRole("dialog");
    await dialog.waitFor();
    await finished(other);
    assertNotMatch((await output(other)).stdout, /linked/, "it ran before anyone agreed");
    if (!taken) assertEquals(await brokenRules(other), []);
    assertStringIncludes(
      await dialog.locator(".new").allInnerTexts().then((lines) => lines.join("")),
      'print("linked");',
    );
    await dialog.getByRole("button", { name: taken ? "Open it here" : "Keep what I have" }).click();
    await other.locator("body[data-run=done]").waitFor({ state: "attached" });
    if (taken) {
      await other.getByText(/^1 of 26 right/).first().waitFor();
      assertEquals(await code(other, 1), source);
      assertEquals(await other.getByLabel("Flags").inputValue(), "--seed 3");
      assertMatch((await output(other)).stdout, /linked/);
    } else assertEquals(await other.locator(".cm-activeLine").innerText().then((text) => /todo/.test(text)), true);
    await other.reload();
    await finished(other);
    assertEquals(await other.getByRole("dialog").count(), 0, "a reload asks again");
    await other.context().close();
  }
  const broken = await site.window();
  await broken.goto(address.slice(0, -40));
  await broken.getByText("The link is damaged").waitFor();
  await finished(broken);
  await page.context().close();
});

inPage("a file of another exercise is opened there, and what is no text nowhere", 1, async (page) => {
  const before = await code(page, 1);
  const pick = (name: string, buffer: Uint8Array) => choose(page, "Open …", { name, mimeType: "text/plain", buffer });
  await pick("ninja.png", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0]));
  await page.getByText("ninja.png was not opened: it is no text.").waitFor();
  assertEquals(await code(page, 1), before);
  await pick("ex2.ts", new TextEncoder().encode(solvedOf(2)));
  await page.getByText("ex2.ts is exercise 2's, and was opened there.").waitFor();
  await page.locator(".cm-content[aria-label*='exercise 2']").waitFor();
  await finished(page);
  assertMatch(await statusOf(page), /^1 of 1 right/);
  assertEquals([await code(page, 1), await code(page, 2)], [before, solvedOf(2)]);
  assertMatch(page.url(), /#2$/);
});

inPage("a formula that is right at one size only says so in the table", 3, async (page) => {
  await openFile(page, solvedOf(3).replace("mul(n / (n - 1))", "mul(32 / 31)"));
  assertMatch(await verdictOf(page, "dhprebn"), /ok/);
  const wrong = page.locator("tbody.wrong");
  assert(await wrong.count() > 0);
  await page.locator("tr.remark:visible", { hasText: "right at n = 32 only" }).first().waitFor();
});

inPage("a column of numbers is not drawn as high as the window", 1, async (page) => {
  await openFile(page, solvedOf(1));
  await page.getByRole("button", { name: "dcounts_sum", exact: true }).click();
  const { width, height } = (await page.locator(".frame").first().boundingBox())!;
  assert(height <= 300 && width >= 20, `${width} × ${height}`);
  await page.getByRole("button", { name: "demb", exact: true }).click(); // (32, 3, 10) as (32, 30)
  const sizes = await page.locator("tbody:has(#row-emb-) canvas").first().evaluate((it) => {
    const { width, height } = it as HTMLCanvasElement;
    return [height, width];
  });
  assertEquals(sizes, [32, 30]);
  await page.getByRole("button", { name: "dlogit_maxes", exact: true }).click();
  const brightest = await page.locator("tbody:has(#row-logit_maxes-) canvas").first().evaluate((it) => {
    const { width, height } = it as HTMLCanvasElement;
    const data = (it as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height).data;
    return Math.min(...data);
  });
  assert(brightest > 230, `Rounding is drawn in colour: ${brightest}.`);
});

test("damaged storage does not stop the page", async () => {
  const page = await site.window();
  await page.addInitScript(() => {
    for (const key of ["copies 1", "left 1", "setting divider", "setting intro", "done 1", "running 2"]) {
      localStorage.setItem(`backprop-ninja ${key}`, '{"a":[1]}');
    }
  });
  await page.goto(site.address);
  await finished(page);
  assertMatch(await statusOf(page), /^0 of 26 right/);
  await openFile(page, withFirst(RIGHT));
  assertMatch(await statusOf(page), /^1 of 26 right/);
  await page.context().close();
});

test("a page whose script does not come says so instead of nothing", async () => {
  const page = await site.window({ watched: false });
  await page.route("**/main-*.js", (route) => route.abort());
  await page.goto(site.address);
  await page.getByText("A part of the page did not come or broke off.").waitFor();
  await page.context().close();
});

test("a page that is opened as a file says that it needs a server", async () => {
  const page = await site.window({ watched: false });
  await page.goto(`file://${root}page/index.html`);
  await page.getByText("It is open as a file, and needs a web server").waitFor();
  await page.context().close();
});

inPage("a screen reader reads what came of a run, and not each row", 1, async (page) => {
  await page.evaluate(() => {
    const counted = document.body.dataset;
    counted.heard = "0";
    for (const region of document.querySelectorAll("[role=status], [aria-live]:not([aria-live=off])")) {
      new MutationObserver(() => counted.heard = String(Number(counted.heard) + 1))
        .observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
  await page.keyboard.press("Control+s");
  await page.locator("body[data-heard='2']").waitFor({ state: "attached" });
  await finished(page);
  assert(Number(await page.evaluate(() => document.body.dataset.heard)) <= 2);
});

nothingUnseen();
