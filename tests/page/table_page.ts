// What is to be seen beside the code: the table, a row with its pictures and hints, the graph, the lecture's pictures.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { code, finished, openFile } from "./browser.ts";
import { brokenRules, inPage, nothingUnseen, verdictOf } from "./reader.ts";
import { RIGHT, solvedOf, withFirst } from "./sources.ts";

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
  assertMatch(await page.locator(".cm-activeLine").textContent() ?? "", /const dprobs = todo/);
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

inPage("another exercise is shown at its first todo, and one that was left as it was left", 1, async (page) => {
  const selected = () => page.evaluate(() => String(getSelection()));
  assertEquals(await selected(), 'todo("dlogprobs")');
  await page.getByRole("button", { name: "dC", exact: true }).click();
  await page.getByRole("button", { name: "Go to its code" }).click();
  await page.keyboard.type("1");
  for (const n of [2, 1]) {
    await page.getByRole("link", { name: `Exercise ${n}` }).click();
    await page.locator(`.cm-content[aria-label*='exercise ${n}']`).waitFor();
    if (n === 2) assertEquals(await selected(), 'todo("dlogits")');
  }
  await page.locator(".cm-activeLine", { hasText: "const dC = 1" }).waitFor();
  await page.reload();
  await finished(page);
  await page.locator(".cm-activeLine", { hasText: "const dC = 1" }).waitFor();
  await page.keyboard.press("Control+z");
  await page.locator(".cm-activeLine", { hasText: 'const dC = todo("dC")' }).waitFor();
});

inPage("all but the region at hand can be folded away", 1, async (page) => {
  await page.getByRole("button", { name: "dprobs", exact: true }).click();
  await page.getByRole("button", { name: "Fold" }).click();
  assertEquals(await page.locator(".cm-foldPlaceholder").count(), 2);
  assert(await page.locator(".cm-line").count() < 15);
  await page.getByRole("button", { name: "Fold" }).click();
  assertEquals(await page.locator(".cm-foldPlaceholder").count(), 0);
});

inPage("a word is found in lines that are not drawn, and Escape leads back to the code", 1, async (page) => {
  const last = page.locator(".cm-line", { hasText: 'todo("dC")' });
  assertEquals(await last.count(), 0);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type('todo("dC")');
  await page.keyboard.press("Enter");
  await last.waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.type("found");
  await finished(page);
  assertStringIncludes((await code(page, 1)).replace(/\s+/g, " "), "const dC = found;");
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

inPage("a number that is pointed at says what it is the sum of, and lights it in the other rows", 1, async (page) => {
  await openFile(page, solvedOf(1).replace("dcounts.add_(", "dcounts.mul("));
  for (const name of ["dcounts_sum", "dcounts"]) await page.getByRole("button", { name, exact: true }).click();
  const own = page.locator("#row-counts-"), because = own.locator(".because");
  await own.locator(".pictures").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await because.getByText(/^ +\S+ = dcounts_sum\[2, 0\] \(\S+\) {2}<- missing in yours$/m).waitFor();
  assertEquals(await page.locator("#row-counts_sum- .lit").count(), 1);
  assertEquals(await page.locator("#row-counts- .lit").count(), 0);
  assertEquals(await brokenRules(page), []);
  await openFile(page, solvedOf(1)); // another run: its worker is asked
  await page.locator("#row-counts- .pictures").focus();
  await page.keyboard.press("ArrowDown");
  await because.getByText(/dcounts_sum\[0, 0\]/).waitFor();
});

nothingUnseen();
