// Where an exercise runs in the page: a worker. Its output goes to the page as messages, and so do rows, graph and training.
// From some number on, lines, pictures and rows are not sent: a loop that does not end must not look alive nor fill the page.
//
// The page's `start` runs exercises on this host (modules.ts), and nothing else of an exercise is any different.
// Left out: running the source (worker.ts).
import type { Check, Row } from "../check/check.ts";
import type { Host } from "../exercise/host.ts";
import { memory } from "../tensor/memory.ts";
import { elsewhere } from "../check/judge.ts";
import { job } from "./job.ts";
import type { FromWorker } from "./messages.ts";
import { shown } from "./shown.ts";
import { pageWords } from "./words.ts";

/** Thrown to end a run from within, once the page knows the exit code. */
export class End extends Error {}

/** What the current run has set up. */
export const run: {
  ended: boolean;
  onError?: (error: unknown) => void;
  onEnd?: () => number | undefined;
  interrupts: Set<() => void>;
  /** The exercise's own forward pass. */
  check?: Check;
} = {
  ended: false,
  interrupts: new Set(),
};

/** How many lines and pictures are sent as they come, how many checks and rows, and how many of the last lines at the end. */
const MOST_LINES = 5000, MOST_ROWS = 1000, LAST = 100;

/** Milliseconds from one message that the run is alive to the next. */
const PAUSE = 100;

let lines = 0, rows = 0, paused = 0;
const last: FromWorker[] = [];

/** Sends a message to the page; nothing after the end of the run. */
export function tell(message: FromWorker): void {
  if (!run.ended) postMessage(message);
}

/** Sends a line or a picture, as long as there are not too many. */
function output(message: FromWorker): void {
  if (++lines <= MOST_LINES) return tell(message);
  last.push(message);
  if (last.length > LAST) last.shift();
}

/** Prints values as console.log shows them, for the learner or, not `own`, for the exercise. */
export function print(values: readonly unknown[], own: boolean, error = false): void {
  output({ kind: "line", text: values.map(shown).join(" "), error, own });
}

/** Ends the run, once. */
export function endRun(code: number): void {
  const unseen = lines - MOST_LINES - last.length;
  if (unseen > 0) tell({ kind: "line", text: `… the page leaves ${unseen} out here …`, error: true, own: false });
  last.forEach(tell);
  tell({ kind: "end", code });
  run.ended = true;
}

/** The run's rows by the tensor, each in its settings. */
const compared = new Map<string, Row[]>();

function tellRow({ name, note = "", shape, status, maxdiff, remark, given, expected }: Row): void {
  const numbers = given && Float64Array.from(given.toArray());
  const row = { name, note, shape: [...shape], status, maxdiff, remark, expected };
  tell({ kind: "row", row: { ...row, given: numbers, givenShape: given && [...given.shape] } });
}

/** Says, at the first of the other sizes, what a formula depends on that is right in its own row and wrong there. */
function tellLimits(rows: readonly Row[]): void {
  const remark = elsewhere(rows), wrong = rows.find(({ note, status }) => note && status !== "ok");
  if (remark && wrong) tellRow({ ...wrong, remark });
}

/** The host of the worker's one run. */
export const host: Host = {
  get args() {
    return job.args;
  },
  get script() {
    return job.script;
  },
  get command() {
    return `deno run ${job.script}`;
  },
  blankCommand: "exercise",
  colour: false,
  columns: () => 80,
  terminal: false,
  rows: () => 24,
  text: (values) => values.map(shown).join(" "),
  write: (...values) => print(values.map((value) => typeof value === "string" ? pageWords(value) : value), false),
  looked: (...values) => print(values, true),
  complain(text) {
    tell({ kind: "failed", text: pageWords(text) });
    print([pageWords(text)], false, true);
  },
  progress(text) {
    if (rows < MOST_ROWS) tell({ kind: "progress", text });
  },
  exit(code) {
    endRun(code);
    throw new End();
  },
  onError(handler) {
    run.onError = handler;
  },
  onEnd(handler) {
    run.onEnd = handler;
  },
  onInterrupt(handler) {
    run.interrupts.add(handler);
    return () => run.interrupts.delete(handler);
  },
  pause() {
    const now = performance.now();
    if (now - paused < PAUSE) return;
    paused = now;
    tell({ kind: "alive" });
    return new Promise((resolve) => setTimeout(resolve, 0));
  },
  source: () => job.source,
  memory: () => memory.buffer.byteLength,
  recall: (key) => job.kept[key],
  remember(key, text) {
    job.kept[key] = text;
    tell({ kind: "remember", key, text });
  },
  checking(check, first, names, note = "") {
    const { graph, values } = check;
    if (first) run.check = check;
    if (++rows > MOST_ROWS) return;
    const shapes = Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, [...shape]]));
    tell({ kind: "checking", check: { first, names, note, graph, shapes } });
  },
  compared(row) {
    if (++rows > MOST_ROWS) return;
    tellRow(row);
    const all = compared.get(row.name) ?? [];
    compared.set(row.name, [...all.filter(({ note }) => note !== row.note), row]);
    if (row.note) tellLimits(compared.get(row.name)!);
  },
  pictured(matrix) {
    const [rows, columns] = matrix.shape;
    output({ kind: "picture", picture: { rows, columns, values: Float64Array.from(matrix.toArray()) } });
  },
  trained({ done, seconds, curve, window }, steps) {
    tell({ kind: "training", training: { done, steps, stepsPerSecond: done / seconds, curve: [...curve], window } });
  },
};
