// Where an exercise runs in the page: a worker. Its output goes to the page as messages, and so do rows, graph and training.
//
// The build puts this module in the place of lib/exercise/host.ts, and nothing else of an exercise is any different.
// Left out: running the source (worker.ts).
import type { Host } from "../exercise/host.ts";
import { memory } from "../tensor/memory.ts";
import { job } from "./job.ts";
import type { FromWorker } from "./messages.ts";
import { shown } from "./shown.ts";

/** Thrown to end a run from within, once the page has been told the code. */
export class End extends Error {}

/** What the run at hand has set up. */
export const run: {
  ended: boolean;
  onError?: (error: unknown) => void;
  interrupts: Set<() => void>;
} = {
  ended: false,
  interrupts: new Set(),
};

/** Sends a message to the page; nothing after the end of the run. */
export function tell(message: FromWorker): void {
  if (!run.ended) postMessage(message);
}

/** Ends the run, once. */
export function endRun(code: number): void {
  tell({ kind: "end", code });
  run.ended = true;
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
  blankCommand: "deno task blank",
  colour: false,
  columns: () => 80,
  write: (...values) => tell({ kind: "line", text: values.map(shown).join(" "), error: false }),
  complain: (text) => tell({ kind: "line", text, error: true }),
  progress: (text) => tell({ kind: "progress", text }),
  exit(code) {
    endRun(code);
    throw new End();
  },
  onError(handler) {
    run.onError = handler;
  },
  onInterrupt(handler) {
    run.interrupts.add(handler);
    return () => run.interrupts.delete(handler);
  },
  pause() {
    tell({ kind: "alive" });
    return new Promise((resolve) => setTimeout(resolve, 0));
  },
  memory: () => memory.buffer.byteLength,
  recall: (key) => job.kept[key],
  remember(key, text) {
    job.kept[key] = text;
    tell({ kind: "remember", key, text });
  },
  checking({ graph, values }, first, names, note = "") {
    const shapes = Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, [...shape]]));
    tell({ kind: "checking", check: { first, names, note, graph, shapes } });
  },
  compared({ name, note = "", shape, status, maxdiff, remark, given, expected }) {
    const numbers = given && Float64Array.from(given.toArray());
    const row = { name, note, shape: [...shape], status, maxdiff, remark, expected };
    tell({ kind: "row", row: { ...row, given: numbers, givenShape: given && [...given.shape] } });
  },
  pictured(matrix) {
    const [rows, columns] = matrix.shape;
    tell({ kind: "picture", picture: { rows, columns, values: Float64Array.from(matrix.toArray()) } });
  },
  trained({ done, seconds, curve, window }, steps) {
    tell({ kind: "training", training: { done, steps, stepsPerSecond: done / seconds, curve: [...curve], window } });
  },
};
