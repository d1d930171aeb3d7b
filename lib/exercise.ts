// What every exercise does around its subject: flags, output, exit codes, and a sentence instead of a stack trace.
//
//     const { seed, hidden, print } = start(1, "backprop through every atom", { ...standardFlags });
//     print("…");
//     cmp(forward, parameters, { dlogprobs, … });
//
// Left out: anything about gradients (lib/check.ts) or how they look (lib/table.ts).
import process from "node:process";
import { Check, type Row } from "./check.ts";
import { helpText, type NumberFlag, type NumberFlags, parseFlags, UsageError } from "./flags.ts";
import type { Forward, Tensors } from "./graph.ts";
import { tableFoot, tableHead, tableLine } from "./table.ts";
import type { Tensor } from "./tensor.ts";
import { progress } from "./terminal.ts";

/** --seed, with the lecture's seed as default. */
export const seedFlag: NumberFlag = {
  about: "seed of the generator that draws the parameters",
  default: 2147483647,
  min: 0,
  max: 2 ** 32 - 1,
};

/** --hidden, with the lecture's 64 neurons for exercises 1 to 3 as default. */
export const hiddenFlag: NumberFlag = { about: "neurons in the hidden layer", default: 64, min: 1, max: 2048 };

let exercise = 0;
let quiet = false;
let headPrinted = false;
const started = performance.now();

/**
 * Reads the flags of exercise `n`. Prints the help or a complaint and exits where that is all there is to do.
 * From here on an error ends the program with its message and the line it came from, exit code 1.
 */
export function start<F extends NumberFlags>(n: number, about: string, flags: F): { [name in keyof F]: number } {
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  process.stdout.on("error", closedPipe);
  exercise = n;
  try {
    const values = parseFlags(process.argv.slice(2), flags);
    if (values.help) {
      console.log(helpText(`deno run exercises/ex${n}.ts`, `Exercise ${n}: ${about}.`, flags));
      process.exit(0);
    }
    quiet = values.json;
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
 * known, below those of earlier calls. Returns the rows, for `finish`. A `note` is added to their names, to tell the same
 * gradient in different settings apart.
 */
export function cmp(forward: Forward, leaves: Tensors, gradients: Gradients, note = ""): Row[] {
  const check = new Check(forward, leaves), rows: Row[] = [], all = Object.entries(gradients);
  if (!headPrinted) print(tableHead());
  headPrinted = true;
  for (const [dname, gradient] of all) {
    if (!quiet) progress(`checking ${dname}, ${rows.length + 1} of ${all.length} …`);
    const row = check.row(dname.slice(1), gradient);
    if (note) row.name += ` ${note}`;
    progress("");
    rows.push(row);
    print(tableLine(row));
  }
  return rows;
}

/** Ends the exercise: the count of right rows, or the JSON object if asked for, and the exit code, 0 when every row is right, else 1; 130 when interrupted. */
export function finish(rows: readonly Row[], results: Record<string, unknown>, interrupted = false): void {
  print(tableFoot(rows));
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

function fail(error: unknown): void {
  progress("");
  if (closedPipe(error)) return;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  // The first line of the trace outside lib/ is where the reader's own code went wrong.
  const place = stack?.split("\n").map((line) => /([^/\\(]+\.ts):(\d+):\d+\)?$/.exec(line)?.slice(1, 3))
    .find((found, i) => found && !stack.split("\n")[i].includes("/lib/"));
  console.error(place ? `${place[0]}, line ${place[1]}: ${message}` : message);
  process.exit(1);
}

// Output piped into something that has read enough, such as `head -1`: nothing is left to say, and nobody to hear it.
function closedPipe(error: unknown): boolean {
  if ((error as { code?: string }).code !== "EPIPE") return false;
  process.exit(process.exitCode ?? 0);
}
