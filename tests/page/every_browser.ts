// What must hold in every browser, and not in Chromium alone: exercises run, and an error is told with the learner's own line.
// Firefox and Safari write stack traces and syntax errors in ways of their own.
/// <reference lib="dom" />
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { after, test } from "node:test";
import { type Driver, firefox, until, webkit } from "./drivers.ts";
import { RIGHT, site, withFirst } from "./reader.ts";

/** What is to be seen after a run. */
interface Seen {
  status: string;
  stderr: string;
  /** The verdict of the first row, and how many rows there are. */
  first: string;
  rows: number;
  /** The line that is marked. */
  marked: string | null;
}

const SEEN = `(() => {
  const text = (selector) => document.querySelector(selector)?.textContent ?? null;
  return {
    status: text("#status"),
    stderr: [...document.querySelectorAll(".output pre.error")].map((line) => line.textContent).join(""),
    first: text("tr.main td:nth-child(3)"),
    rows: document.querySelectorAll("tr.main").length,
    marked: text(".error-line"),
  };
})()`;

/** Chromium, as the other two are driven. */
async function chromium(): Promise<Driver> {
  const page = await (await site.window()).context().newPage(); // one whose complaints are not counted
  return {
    goto: async (address) => void await page.goto(address),
    evaluate: (expression) => page.evaluate(expression),
    close: () => page.context().close(),
  };
}

/** Opens an exercise with this code in it, and says what the run shows. */
async function run(browser: Driver, source: string, n = 1): Promise<Seen> {
  await browser.goto(`${site.address}nothing-here`); // at the same origin, where the page does not run yet
  await browser.evaluate(`localStorage.setItem("backprop-ninja code ${n}", ${JSON.stringify(source)})`);
  await browser.goto(`${site.address}#${n}`);
  await until(async () => await browser.evaluate("document.body.dataset.run") === "done", 60);
  return await browser.evaluate(SEEN) as Seen;
}

const ERRORS: readonly (readonly [what: string, line: string, says: RegExp])[] = [
  ["a run-time error of the library's", "const dlogprobs = logprobs.mul(probs.at(yb).matmul(C));", /./],
  ["a run-time error of the engine's", "const dlogprobs = logprobs.mul(undefined.x);", /undefined/],
  [
    "a run-time error in the learner's own function",
    "const dlogprobs = (() => { throw new Error('mine'); })();",
    /mine/,
  ],
  ["a name that is not there", "const dlogprobs = logprob.mul(2);", /logprob is not defined/],
  ["a syntax error", "const dlogprobs = (;", /./],
  ["an error that only the engine sees", "const dlogprobs = 1; const dlogprobs = 2;", /./],
  ["Python's operator", "const dlogprobs = probs @ probs.T;", /write probs\.matmul\(probs\.T\)/],
];

for (const [name, open] of Object.entries({ Chromium: chromium, Firefox: firefox, WebKit: webkit })) {
  let browser: Driver;
  after(() => browser?.close());

  test(`${name} gives verdicts`, async () => {
    browser = await open();
    const { status, first, rows, stderr } = await run(browser, withFirst(RIGHT));
    assertMatch(first, /ok/);
    assertEquals({ rows, stderr }, { rows: 26, stderr: "" });
    assertMatch(status, /^1 of 26 right/);
  });

  for (const [what, line, says] of ERRORS) {
    test(`${name} tells the line of ${what}`, async () => {
      const source = withFirst(line), number = source.split("\n").indexOf(line) + 1;
      const { stderr, status } = await run(browser, source);
      assertStringIncludes(stderr, `my/ex1.ts, line ${number}: `);
      assertMatch(stderr, says);
      assertStringIncludes(status, `line ${number}`);
    });
  }

  test(`${name} ends a loop without end, and runs what comes after it`, async () => {
    assertMatch((await run(browser, withFirst("while (true) {}"))).status, /loop in your code/);
    assertMatch((await run(browser, withFirst(RIGHT))).first, /ok/);
  });
}
