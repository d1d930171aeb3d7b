// The worker: runs one exercise once, as `deno run` would, and reports to the page.
//
// A run holds state, so each has a worker of its own; the page keeps the next one warm.
import { sentence } from "../exercise/sentence.ts";
import { whyText } from "../exercise/why_text.ts";
import { End, endRun, host, print, run, tell } from "./host.ts";
import { job } from "./job.ts";
import { evaluate, likeV8, SourceError } from "./evaluate.ts";
import { why } from "../check/why.ts";
import type { Cell, FromWorker, ToWorker } from "./messages.ts";
import { modulesOn } from "./modules.ts";

const root = new URL("../../", import.meta.url), moduleOf = modulesOn(host);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "interrupt") return run.interrupts.forEach((interrupt) => interrupt());
  if (data.kind === "why") return explain(data.cell);
  Object.assign(job, data.job);
  console.log = console.info = console.debug = (...values) => print(values, true);
  console.error = console.warn = (...values) => print(values, true, true);
  evaluate(job, { url: new URL(job.script, root).href, moduleOf }).then(() => endRun(run.onEnd?.() ?? 0), fail);
});

tell({ kind: "ready" });

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

/** Takes a number of a gradient apart; where that cannot be done, there is nothing to say. */
function explain(cell: Cell): void {
  try {
    if (!run.check) return;
    const found = why(run.check, cell.name, cell.index, cell.given), text = whyText(cell.name, cell.index, found);
    const terms = found.terms.map(({ line, place }) => ({ line, place }));
    postMessage({ kind: "why", why: { ...cell, text, terms } } satisfies FromWorker);
  } catch {
    // the run broke off before there was anything to take apart
  }
}

/** Ends the run with an error that nothing caught, as the exercise wants it ended. */
function fail(error: unknown): void {
  if (error instanceof End || run.ended) return;
  if (error instanceof Error && error.stack) error.stack = likeV8(error.stack);
  try {
    if (run.onError) return run.onError(error);
    host.complain(error instanceof SourceError ? error.message : sentence(error));
    endRun(1);
  } catch (end) {
    if (!(end instanceof End)) throw end;
  }
}
