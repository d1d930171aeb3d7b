// What every exercise begins with: `start` reads its flags and gives it what it works with.
//
//     const { seed, hidden, print, check, finish } = start(1, "backprop through every atom", flags, hints[1]);
//     const { tensors, cmp } = check(forward, { ...parameters, xb, yb });
//     cmp("logprobs", dlogprobs, logprobs);
//     finish({ loss });
//
// Left out: what these do (frame.ts).
import { type Host, host as realHost } from "./host.ts";
import { UsageError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { helpText, type NumberFlag, type NumberFlags, parseFlags, takeHint } from "./flags.ts";
import { Exercise } from "./frame.ts";
import { type Hints, hintText } from "./hints.ts";
import { wrapped } from "./terminal.ts";

/** --seed, with the lecture's seed as default. */
export const seedFlag: NumberFlag = {
  about: "seed of the generator that draws the parameters",
  default: 2147483647,
  min: 0,
  max: 2 ** 32 - 1,
};

/** --hidden, with the lecture's 64 neurons for exercises 1 to 3 as default. */
export const hiddenFlag: NumberFlag = { about: "neurons in the hidden layer", default: 64, min: 1, max: 2048 };

/** What `start` returns: the flags' values, and an exercise's functions. */
export type Started<F extends NumberFlags> =
  & { [name in keyof F]: number }
  & Pick<Exercise, "print" | "check" | "allRight" | "finish">;

/**
 * Reads the flags of exercise `n`. For --help, --hint or a wrong command line, prints the text and exits. From then on an
 * error ends the program with its message, the line it came from, and exit code 1.
 */
export function start<F extends NumberFlags>(
  n: number,
  about: string,
  flags: F,
  hints: Hints = {},
  host: Host = realHost,
): Started<F> {
  try {
    const { hint, rest } = takeHint(host.args);
    const values = parseFlags(rest, flags);
    if (values.help) host.write(helpText(host.command, `Exercise ${n}: ${about}.`, flags, host.columns()));
    if (hint) host.write(wrapped(hintText(hints, hint.name, hint.level)) + "\n" + afterHint(n, hint));
    if (values.help || hint) host.exit(0);
    const exercise = new Exercise(n, hints, values, host);
    host.onError(exercise.fail);
    host.onEnd(exercise.unfinished);
    const { print, check, allRight, finish } = exercise;
    return { ...values, print, check, allRight, finish };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    host.complain(`${error.message}\nMore: ${host.command} --help`);
    return host.exit(2);
  }
}

function afterHint(n: number, { name, level }: { name: string; level: number }): string {
  const dname = name.startsWith("d") ? name : `d${name}`;
  return level < 3
    ? `Next: --hint ${dname} ${level + 1}`
    : wrapped(`The solution is in exercises/ex${n}.ts, between the lines "#region ${dname}" and "#endregion".`);
}

/** The largest difference between two tensors of the same shape, element by element; NaN where one has a NaN. */
export function largestDifference(a: Tensor, b: Tensor): number {
  return a.sub(b).toArray().reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
