// What every exercise begins with: `start` reads its flags and gives it what it works with.
// Left out: what these do (frame.ts, workbench.ts), and where it runs, which is an argument (exercise.ts).
import { UsageError } from "../errors.ts";
import { helpText, type NumberFlag, type NumberFlags, parseFlags, takeHint } from "./flags.ts";
import { Exercise } from "./frame.ts";
import { hintText } from "./hints.ts";
import type { Host } from "./host.ts";
import { asJson } from "./json.ts";
import { clock, link } from "./lecture.ts";
import { type Entry, entryOf, type Manifest } from "./manifest.ts";
import { rowAt, takeAt } from "./schedule.ts";
import { sentence } from "./sentence.ts";
import { wrapped } from "./terminal.ts";
import type { Workbench } from "./workbench.ts";

/** --seed, with the lecture's seed as default. */
export const seedFlag: NumberFlag = {
  about: "seed of the generator that draws the parameters",
  default: 2147483647,
  min: 0,
  max: 2 ** 32 - 1,
};

/** --hidden, with the lecture's 64 neurons for exercises 1 to 3 as default. */
export const hiddenFlag: NumberFlag = { about: "neurons in the hidden layer", default: 64, min: 1, max: 2048 };

/** --drawn: bngain and bnbias as the video's notebook has them. */
export const drawnFlag: NumberFlag = {
  about: "draw bngain and bnbias at random, as the video does; without it they are 1.1 and 0",
  ...{ default: 0, min: 0, max: 1, alone: true },
};

/** What `start` returns: the flags' values, and an exercise's functions. */
export type Started<F extends NumberFlags> =
  & { [name in keyof F]: number }
  & Pick<Exercise, "say" | "print" | "picture" | "check" | "train" | "allRight" | "finish">
  & Pick<Workbench, "todo" | "given" | "hint" | "why">;

/**
 * Reads the flags of the exercise `id`. For --help, --hint, --at or a wrong command line, prints the text and exits. From then on
 * an error ends the program with its message, the line it came from, and exit code 1.
 *
 * @throws RangeError when the manifest has no such exercise.
 */
export type Start = <F extends NumberFlags>(manifest: Manifest, id: number | string, flags: F) => Started<F>;

/** What --json says of a run that never comes to `start`. */
const TOO_SOON = "The run ended before start(…), by a signal, by an exit in the file or because the file ends there.";

/** The `start` of exercises that run on this host. With --json, an object is left from here on: lines above `start` may throw, too. */
export function startOn(host: Host): Start {
  const isJson = () => host.args.includes("--json"); // the page's flags come later
  /** Writes all that there is to say. */
  const tell = (text: string) => {
    if (isJson()) host.lastWords?.().done();
    host.write(text);
  };
  /** Ends the program before the exercise begins: with --json, too, there is one object on standard output. */
  const refuse = (error: string, more: string, code: number, number?: unknown) => {
    try {
      if (isJson()) tell(asJson({ exercise: number, error, rows: [] }));
    } catch {
      // nothing more can be written there, which may be the error itself
    }
    host.complain(`${error}${more}`);
    return host.exit(code);
  };
  if (isJson()) {
    host.lastWords?.().keep(asJson({ error: TOO_SOON, rows: [] }));
    host.onError((error) => refuse(sentence(error), "", 1));
  }
  return (manifest, id, flags) => {
    const number = Array.isArray(manifest) ? id : manifest;
    host.onError((error) => refuse(sentence(error), "", 1, number));
    if (!Array.isArray(manifest)) { // a blank of before November 2026, which began with start(1, "…", …)
      const command = `${host.blankCommand} ${manifest} --again`;
      const old = `${host.script} is of an older version. Make a new one, beside which this one is kept: ${command}`;
      return refuse(old, "", 1, number);
    }
    const entry = entryOf(manifest, id);
    if (!entry) throw new RangeError(`The list of exercises has none called ${id}: exercises/manifest.ts.`);
    try {
      const { at, rest: others } = takeAt(host.args), { hint, rest } = takeHint(others);
      const values = parseFlags(rest, flags), asked: Record<string, string> = {};
      const fit = (text: string) => isJson() ? text : wrapped(text, host);
      if (values.help) {
        const width = isJson() ? Infinity : host.columns();
        asked.help = helpText(host.command, `Exercise ${id}: ${entry.title}.`, flags, width);
      }
      if (hint) {
        const text = hintText(entry.hints, hint.name, hint.level);
        asked.hint = [text, ...afterHint(entry, hint)].map(fit).join("\n");
      }
      if (at !== undefined) asked.at = fit(rowAt(manifest, at));
      if (Object.keys(asked).length > 0) {
        tell(isJson() ? asJson({ exercise: id, ...asked }) : Object.values(asked).join("\n"));
        host.exit(0);
      }
      const exercise = new Exercise(manifest, entry, values, host);
      host.onError(exercise.fail);
      host.onEnd(exercise.unfinished);
      const { say, print, picture, check, train, allRight, finish, bench: { todo, given, hint: ask, why } } = exercise;
      return { ...values, say, print, picture, check, train, allRight, finish, todo, given, hint: ask, why };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return refuse(error.message, `\nMore: ${host.command} --help`, 2, number);
    }
  };
}

function afterHint({ file, gradients, another }: Entry, { name, level }: { name: string; level: number }): string[] {
  const dname = Object.hasOwn(gradients, name) ? name : `d${name}`;
  const when = (gradients[dname] ?? []).map((at) => `${clock(at)}, ${link(at)}`).join(" and ");
  const solution = another
    ? "That is the answer, as code."
    : `The solution is in exercises/${file}, between the lines "#region ${dname}" and "#endregion".`;
  return [...(when ? [`In the lecture: ${when}`] : []), level < 3 ? `Next: --hint ${dname} ${level + 1}` : solution];
}
