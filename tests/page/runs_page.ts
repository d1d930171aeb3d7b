// A run of the page: when one begins, what it shows and says, and how one without end is ended.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { choose, finished, openFile, output } from "./browser.ts";
import { cellOf, inPage, nothingUnseen, runWith, site, statusOf, typeFirst, verdictOf } from "./reader.ts";
import { RIGHT, solvedOf, withFirst } from "./sources.ts";

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
    ["a syntax error", "const dlogprobs = (;", /not finished/],
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

inPage("a loop that says nothing and never ends is ended, and the next run is as ever", 1, async (page) => {
  await openFile(page, withFirst("while (true) {}"));
  assertMatch(
    await statusOf(page),
    /^Stopped: nothing happened for 6 seconds, so there is likely a loop in your code/,
  );
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
  // Playwright does not let a crashed page's service worker start again; Chromium itself does.
  const page = await site.exercise(1, { serviceWorkers: "block" }), source = withFirst(`${RIGHT}\nwhile (true) {}`);
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
  assertMatch(await statusOf(page), /^The file never reached finish/);
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
  let answer: "late" | "never" | "at once" = "late";
  const open = async () => {
    const page = await site.window({ watched: false });
    await page.route("**/worker-*.js", async (route) => {
      if (answer === "never") return route.abort();
      if (answer === "late") await new Promise((resolve) => setTimeout(resolve, 7000));
      await route.continue();
    });
    await page.goto(site.address);
    return page;
  };
  const slow = await open();
  await slow.waitForTimeout(6500);
  assertEquals(await statusOf(slow), "Loading …");
  await finished(slow);
  assertMatch(await statusOf(slow), /^0 of 26 right/);
  await slow.context().close();
  answer = "never";
  const page = await open();
  await finished(page);
  assertMatch(await statusOf(page), /could not be loaded: is the network there/);
  answer = "at once";
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/^0 of 26 right/).waitFor();
  await page.context().close();
});

test("once it is open the page needs no network: run after run, and exercise 4 with its names", async () => {
  const page = await site.exercise(1);
  await page.locator("body[data-kept]").waitFor({ state: "attached" });
  await page.context().setOffline(true);
  for (const line of [RIGHT, RIGHT.replace("-1", "1"), RIGHT]) await openFile(page, withFirst(line));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  await page.getByRole("link", { name: "Exercise 4" }).click();
  await page.locator(".cm-content[aria-label*='exercise 4']").waitFor();
  await finished(page);
  await runWith(page, "--steps 10 --samples 1");
  await openFile(page, solvedOf(4));
  assertMatch(await statusOf(page), /^13 of 13 right/);
  await page.context().close();
});

test("a page whose server has another version by now says so", async () => {
  const page = await site.window({ watched: false });
  await page.route("**/worker-*.js", (route) => route.fulfill({ status: 404, body: "Not found" }));
  await page.goto(site.address);
  await finished(page);
  assertMatch(await statusOf(page), /has changed on its server since you opened it: reload it/);
  await page.context().close();
});

test("what was measured is not measured again: the next run is handed it, on the same forward pass only", async () => {
  const page = await site.window();
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: { job?: { kept: Record<string, string> } }, ...rest: []) {
      if (message.job) {
        document.body.dataset.handed = Object.keys(message.job.kept).filter((key) => / differences /.test(key)).join();
      }
      return postMessage.call(this, message, ...rest);
    };
  });
  await page.goto(site.address);
  await finished(page);
  const handed = () => page.evaluate(() => document.body.dataset.handed);
  assertEquals(await handed(), "");
  await openFile(page, withFirst(RIGHT));
  await openFile(page, withFirst(RIGHT.replace("-1", "1")));
  assertMatch(await handed() ?? "", /^backprop-ninja my\/ex1\.ts differences logprobs$/);
  assertMatch(await verdictOf(page, "dlogprobs"), /wrong/);
  await openFile(page, withFirst(RIGHT));
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  await runWith(page, "--hidden 20");
  assertMatch(await verdictOf(page, "dlogprobs"), /ok/);
  await page.context().close();
});

nothingUnseen();
