// What must hold in every browser: exercises run, an error has the learner's own line, and after one visit no network is
// needed. Firefox and Safari write stack traces and syntax errors in ways of their own.
//
// Each browser has a file of its own beside this, so that they are tried side by side.
/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { after, before, test } from "node:test";
import { exercises } from "../../lib/page/exercises.ts";
import { root, served } from "./browser.ts";
import { type Driver, until } from "./drivers.ts";
import { RIGHT, solvedOf, withFirst } from "./sources.ts";

/** What is to be seen after a run. */
interface Seen {
  title: string;
  status: string;
  stderr: string;
  /** The verdict of the first row, and how many rows there are. */
  first: string;
  rows: number;
}

const SEEN = `(() => {
  const text = (selector) => document.querySelector(selector)?.textContent ?? null;
  return {
    title: document.title,
    status: text("#status"),
    stderr: [...document.querySelectorAll(".output pre.error")].map((line) => line.textContent).join(""),
    first: text("tr.main td:nth-child(3)"),
    rows: document.querySelectorAll("tr.main").length,
  };
})()`;

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
  ["an operator between tensors", "const dlogprobs = (probs * logprobs).sum(1);", /write probs\.mul\(logprobs\) for/],
  [
    "an operator behind a call",
    "const dlogprobs = -1 / n * one_hot(yb, 27);",
    /write (div\(-1, n\)|one_hot\(yb, 27\)\.mul\(-1 \/ n\)) for/,
  ],
  ["Python's operator", "const dlogprobs = probs @ probs.T;", /write probs\.matmul\(probs\.T\)/],
];

/** Tries all of it in a browser. */
export function everyBrowser(name: string, open: () => Promise<Driver>): void {
  let browser: Driver, server: Awaited<ReturnType<typeof served>>;
  before(async () => [browser, server] = await Promise.all([open(), served(`${root}page`)]));
  after(() => Promise.all([browser?.close(), server?.close()]));

  /** What is to be seen when the run at hand is over. */
  const seen = async () => {
    // While a page goes and another comes, there is nobody to ask.
    await until(() => browser.evaluate("document.body?.dataset.run").then((run) => run === "done", () => false), 60);
    return await browser.evaluate(SEEN) as Seen;
  };

  /** Opens a file with this code, as a reader does. */
  const openFile = (source: string) =>
    browser.evaluate(`(() => {
      document.body.dataset.run = "old";
      const files = new DataTransfer(), input = document.querySelector("input[type=file]");
      files.items.add(new File([${JSON.stringify(source)}], "ex1.ts"));
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
    })()`);
  const run = async (source: string) => {
    await openFile(source);
    return await seen();
  };

  test(`${name} gives verdicts`, async () => {
    await browser.goto(`${server.address}#1`);
    assertMatch((await seen()).status, /^0 of 26 right/);
    const { status, first, rows, stderr } = await run(withFirst(RIGHT));
    assertMatch(first, /ok/);
    assertEquals({ rows, stderr }, { rows: 26, stderr: "" });
    assertMatch(status, /^1 of 26 right/);
  });

  for (const [what, line, says] of ERRORS) {
    test(`${name} tells the line of ${what}`, async () => {
      const source = withFirst(line), number = source.split("\n").indexOf(line) + 1;
      const { stderr, status } = await run(source);
      assertStringIncludes(stderr, `my/ex1.ts, line ${number}: `);
      assertMatch(stderr, says);
      assertStringIncludes(status, `line ${number}`);
    });
  }

  test(`${name} ends a loop without end when asked to, and runs what comes after it`, async () => {
    await openFile(withFirst("while (true) {}"));
    await until(async () => await browser.evaluate("document.body.dataset.run") === "running");
    await new Promise((resolve) => setTimeout(resolve, 1000)); // by then it is in the loop
    await browser.evaluate('document.querySelectorAll("#tools button")[1].click()');
    assertEquals((await seen()).status, "Stopped.");
    assertMatch((await run(withFirst(RIGHT))).first, /ok/);
  });

  test(`${name} needs no network after one visit: over a reload, in every exercise`, async () => {
    const gone = await served(`${root}page`), codes = { 1: withFirst(RIGHT), 4: solvedOf(4) };
    await browser.goto(`${gone.address}nothing-here`); // at the same origin, where the page does not run yet
    for (const [n, code] of Object.entries(codes)) {
      await browser.evaluate(`localStorage.setItem("backprop-ninja code ${n}", ${JSON.stringify(code)})`);
    }
    await browser.goto(`${gone.address}#1`);
    assertMatch((await seen()).first, /ok/);
    await until(async () => await browser.evaluate("document.body.dataset.kept") === "reload");
    await gone.close();
    await browser.evaluate("void setTimeout(() => { document.body.dataset.run = 'old'; location.reload(); })");
    const { first, rows } = await seen();
    assertMatch(first, /ok/);
    assertEquals(rows, 26);
    for (const { n, title } of [...exercises.slice(1), exercises[0]]) {
      await browser.evaluate(`void (document.body.dataset.run = "old", location.hash = "#${n}")`);
      // Of exercise 4 a few steps are enough, of those that the reader has not begun the blank.
      if (n === 4) await until(async () => /Training/.test((await browser.evaluate(SEEN) as Seen).status));
      if (n === 4) await browser.evaluate('document.querySelectorAll("#tools button")[1].click()');
      const now = await seen();
      assertStringIncludes(now.title, title);
      assert(now.rows > 0 && now.stderr === "", `Exercise ${n}: ${now.stderr}`);
      if (n === 4) assertMatch(now.status, /^13 of 13 right. Well done! Losses and new names/);
    }
  });
}
