// What every exercise does around its subject: flags, output, exit codes, and a sentence instead of a stack trace.
//
//     const { seed, hidden } = start(1, "backprop through every atom", { seed: seedFlag, hidden: hiddenFlag });
//     print("…");
//     finish(cmp(forward, parameters, { dlogprobs, … }), { loss });
//
// Left out: anything about gradients (lib/check/check.ts), what is wrong with them (lib/check/diagnose.ts), or how they look
// (lib/exercise/table.ts).
import process from "node:process";
import { Check, type Row } from "../check/check.ts";
import { diagnose, diagnoseShared } from "../check/diagnose.ts";
import { UsageError, UserError } from "../errors.ts";
import { helpText, type NumberFlag, type NumberFlags, parseFlags, takeHint } from "./flags.ts";
import { drawGraph, type Forward, type Tensors } from "../check/graph.ts";
import { hintText } from "../../exercises/hints.ts";
import { tableFoot, tableHead, tableLine } from "./table.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { columns, progress, wrap } from "./terminal.ts";

/** --seed, with the lecture's seed as default. */
export const seedFlag: NumberFlag = {
  about: "seed of the generator that draws the parameters",
  default: 2147483647,
  min: 0,
  max: 2 ** 32 - 1,
};

/** --hidden, with the lecture's 64 neurons for exercises 1 to 3 as default. */
export const hiddenFlag: NumberFlag = { about: "neurons in the hidden layer", default: 64, min: 1, max: 2048 };

const started = performance.now();
let exercise = 0, quiet = false, drawing = false, headPrinted = false;

/**
 * Reads the flags of exercise `n`. Prints the help, a hint or a complaint and exits where that is all there is to do.
 * From here on an error ends the program with its message and the line it came from, exit code 1.
 */
export function start<F extends NumberFlags>(n: number, about: string, flags: F): { [name in keyof F]: number } {
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  process.stdout.on("error", fail);
  exercise = n;
  try {
    const { hint, rest } = takeHint(process.argv.slice(2));
    const values = parseFlags(rest, flags);
    if (values.help) {
      console.log(helpText(`deno run exercises/ex${n}.ts`, `Exercise ${n}: ${about}.`, flags, columns()));
    }
    if (hint) console.log(wrapped(hintText(n, hint.name, hint.level)));
    if (values.help || hint) process.exit(0);
    quiet = values.json || values.graph;
    drawing = values.graph;
    return values;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nMore: deno run exercises/ex${n}.ts --help`);
    process.exit(2);
  }
}

/** Prints to standard output, unless --json has it. */
export function print(text = ""): void {
  if (!quiet) console.log(text);
}

/** Gradients by their names in the exercise: a tensor's name with a `d` in front. Undefined is one still to do. */
export type Gradients = Record<`d${string}`, Tensor | undefined>;

/**
 * The `cmp` table: checks every element of every gradient, in the order given, and prints a line for each when it is
 * known, below those of earlier calls, and what is wrong with a wrong one. Returns the rows, for `finish`. A `note` is
 * added to their names, to tell the same gradient in different settings apart.
 */
export function cmp(forward: Forward, leaves: Tensors, gradients: Gradients, note = ""): Row[] {
  const check = new Check(forward, leaves), rows: Row[] = [], all = Object.entries(gradients);
  if (drawing) {
    console.log(drawGraph(check.graph, check.values));
    process.exit(0);
  }
  if (!headPrinted) print(tableHead());
  headPrinted = true;
  for (const [dname, gradient] of all) {
    if (!quiet) progress(`checking ${dname}, ${rows.length + 1} of ${all.length} …`);
    const row = check.row(dname.slice(1), gradient);
    progress("");
    print(tableLine(row, note));
    if (!quiet && (row.status === "wrong" || row.status === "shape")) {
      print(wrapped(diagnoseShared(dname, gradients) ?? diagnose(check, row, rows).text, "    "));
    }
    rows.push(row);
  }
  return note ? rows.map((row) => ({ ...row, name: `${row.name} ${note}` })) : rows;
}

/**
 * Ends the exercise: prints the count of right rows, or the JSON object if asked for. The exit code is 0 when every row
 * is right, else 1; 130 when interrupted.
 */
export function finish(rows: readonly Row[], results: Record<string, unknown>, interrupted = false): void {
  print(tableFoot(rows));
  const next = rows.find(({ status }) => status !== "ok");
  if (next) print(`Stuck? Add --hint d${next.name.split(" ")[0]} to the command.`);
  if (quiet) {
    const plain = rows.map(({ name, shape, status, maxdiff }) => ({ name, shape, status, maxdiff }));
    console.log(JSON.stringify({ exercise, ...results, rows: plain, seconds: (performance.now() - started) / 1000 }));
  }
  process.exitCode = interrupted ? 130 : rows.every(({ status }) => status === "ok") ? 0 : 1;
}

/** The largest difference between two tensors of the same shape, element by element; NaN where one has a NaN. */
export function largestDifference(a: Tensor, b: Tensor): number {
  return a.sub(b).toArray().reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function wrapped(text: string, indent = ""): string {
  const width = Math.min(80, columns());
  return text.split("\n").map((line) => indent + wrap(line, width - indent.length, indent)).join("\n");
}

function fail(error: unknown): void {
  progress("");
  // Output piped into something that has read enough, such as `head -1`: nothing is left to say, and nobody to hear it.
  if ((error as { code?: string }).code === "EPIPE") process.exit(process.exitCode ?? 0);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = error instanceof UserError ? undefined : placeOutside(stack ?? "");
  const reason = /of undefined|undefined is not an object/.test(message)
    ? ". A gradient that is still to do is undefined: is it one that comes before?"
    : "";
  console.error(place ? `${place}: ${message}${reason}` : message);
  process.exit(1);
}

/** The first line of a stack trace that is not in this folder, where the reader's own code went wrong: `ex1.ts, line 99`. */
function placeOutside(stack: string): string | undefined {
  const here = decodeURI(new URL("..", import.meta.url).pathname);
  for (const line of stack.split("\n")) {
    const found = /([^/\\(]+\.ts):(\d+):\d+\)?$/.exec(line);
    if (found && !decodeURI(line).includes(here)) return `${found[1]}, line ${found[2]}`;
  }
}
