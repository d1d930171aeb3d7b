// The page's times in Chromium, beside Deno's on the same machine in the same sitting:
//
//     deno task page-measures
//
// A blank's first table after opening; the whole table of exercise 1 after a keystroke; exercise 4's step. Pairs are taken
// in turn and the median of their ratios counts. With --strict it fails where a time is over the issue's own limit;
// without, on a busy machine, only where it is over twice that.
import process from "node:process";
import { runToEnd } from "../processes/child.ts";
import { build, finished, openFile, root, Site, untilRun } from "./browser.ts";
import { solvedOf } from "./sources.ts";

const isStrict = process.argv.includes("--strict"), slack = isStrict ? 1 : 2, PAIRS = isStrict ? 5 : 3;
const STEPS = 5000;

const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1];

let failed = 0;
function report(what: string, value: number, limit: number, unit: string): void {
  const over = value > limit * slack;
  failed += Number(over);
  console.log(`${over ? "FAILED" : "ok    "} ${what}: ${value.toFixed(2)}${unit} (limit ${limit}${unit})`);
}

async function timeOfDeno(n: number, ...flags: string[]): Promise<{ seconds: number; stdout: string }> {
  const began = performance.now();
  const { code, stdout, stderr } = await runToEnd(
    [process.execPath, "run", "--no-prompt", `exercises/ex${n}.ts`, ...flags],
    root,
    { NO_COLOR: "1" },
  );
  if (code !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - began) / 1000, stdout };
}

const microseconds = (text: string) => Number(/, (\d+) µs each/.exec(text)![1]);

build();
const site = await Site.open();

// From opening the address to the last row of the blank's table; the browser is running.
const firsts: number[] = [];
for (let i = 0; i < PAIRS; i++) {
  const page = await site.window(), began = performance.now();
  await page.goto(site.address);
  await page.locator("tr.main").nth(25).waitFor();
  firsts.push((performance.now() - began) / 1000);
  await finished(page);
  await page.context().close();
}
report("a blank's first table after opening", median(firsts), 1, " s");

// From the keystroke to the end of the run, without the pause of half a second that comes between.
const page = await site.exercise(1);
await openFile(page, solvedOf(1));
const tables: number[] = [], seconds: number[] = [];
for (let i = 0; i < PAIRS; i++) {
  const deno = (await timeOfDeno(1)).seconds;
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  const began = performance.now();
  await untilRun(page, () => page.keyboard.type(";"));
  const own = (performance.now() - began) / 1000 - 0.5;
  seconds.push(own);
  tables.push(own / deno);
}
report("the whole table after a keystroke, beside `deno run`'s time", median(tables), 0.4, " ×");
console.log(`       ${median(seconds).toFixed(2)} s after the pause of 0.5 s`);
await page.context().close();

const training = await site.exercise(4);
const steps: number[] = [];
await training.getByLabel("Flags").fill(`--steps ${STEPS}`);
await openFile(training, solvedOf(4), 120);
for (let i = 0; i < PAIRS; i++) {
  const deno = microseconds((await timeOfDeno(4, "--steps", String(STEPS))).stdout);
  await untilRun(training, () => training.getByRole("button", { name: "Run", exact: true }).click(), 120);
  const own = microseconds(await training.locator(".output").textContent() ?? "");
  console.log(`       exercise 4's step: ${own} µs in the page, ${deno} µs on Deno`);
  steps.push(own / deno);
}
report("exercise 4's step, beside Deno's", median(steps), 1.1, " ×");
await site.close();
console.log(`${3 - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
