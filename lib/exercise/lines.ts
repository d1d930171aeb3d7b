// The line of each gradient in the learner's file: where `todo` and `cmp` were called, in this run and before.
//
// A run may read no file, so it knows only of lines that ran. Those that did not, because an error came first, are known from
// the run before, moved by as much as the last line above them has moved.
// Left out: where the lines are kept (history.ts).

import { regionsIn } from "./blank.ts";

/** A line on which `todo` or `cmp` was called for a gradient: `todo dprobs`, `cmp dprobs`. */
export type Lines = Readonly<Record<string, number>>;

/** The lines of a run, beside those of the runs before. */
export class LineBook {
  readonly #before: Lines;
  readonly #now: Record<string, number> = {};

  /** A book with the lines of the runs before. */
  constructor(before: Lines = {}) {
    this.#before = before;
  }

  /** Notes that a line calls `todo` or `cmp` for a gradient. The first call counts. */
  note(what: "todo" | "cmp", dname: string, line: number | undefined): void {
    if (line !== undefined) this.#now[`${what} ${dname}`] ??= line;
  }

  /** The line of a gradient's todo in this run, if that is above where it is compared, else the latter; never an older one. */
  lineOf(dname: string): number | undefined {
    return workedOn(this.#now, dname);
  }

  /** The same from this run and the ones before: a guess, where the file has changed since. */
  guessOf(dname: string): number | undefined {
    return workedOn(this.all(), dname);
  }

  /** The gradient whose code a line is in: the last whose todo stood above or there, else the next that is compared. */
  gradientAt(line: number): string | undefined {
    const above = Object.entries(this.all()).filter(([key, at]) =>
      key.startsWith("todo ") ? at - 2 <= line : at < line
    );
    const [key] = above.sort(([, a], [, b]) => b - a)[0] ?? [];
    if (key?.startsWith("todo ")) return key.slice("todo ".length);
    const below = Object.entries(this.all()).filter(([key, at]) => key.startsWith("cmp ") && at >= line);
    return below.sort(([, a], [, b]) => a - b)[0]?.[0].slice("cmp ".length);
  }

  /** All lines: this run's, and what is left of the runs before. */
  all(): Lines {
    const rest = Object.entries(this.#before).filter(([key]) => !(key in this.#now));
    return { ...Object.fromEntries(rest.map(([key, line]) => [key, line + this.#movedAbove(line)])), ...this.#now };
  }

  /** By how much the last known line above one of the run before has moved. */
  #movedAbove(line: number): number {
    const known = Object.keys(this.#now).filter((key) => key in this.#before && this.#before[key] < line);
    const last = known.sort((a, b) => this.#before[b] - this.#before[a])[0];
    return last === undefined ? 0 : this.#now[last] - this.#before[last];
  }
}

function workedOn(lines: Lines, dname: string): number | undefined {
  const todo = lines[`todo ${dname}`], cmp = lines[`cmp ${dname}`];
  return todo !== undefined && !(todo > cmp) ? todo : cmp;
}

/** The line of a source that calls `todo` for a gradient, or else compares it. */
export function lineIn(source: string, dname: string): number | undefined {
  const lines = source.split("\n"), calls = [`todo("${dname}"`, `cmp("${dname.slice(1)}"`];
  const at = calls.map((call) => lines.findIndex((text) => text.includes(call))).find((i) => i >= 0);
  return at === undefined ? undefined : at + 1;
}

/** The gradient whose region of a source a line is in, or else the one that is compared next, from that line on. */
export function gradientIn(source: string, line: number): string | undefined {
  const region = regionsIn(source).find((one) => line > one.line && line <= one.line + one.lines.length);
  if (region) return region.name;
  const name = /\bcmp\("(\w+)"/.exec(source.split("\n").slice(line - 1).join("\n"))?.[1];
  return name && `d${name}`;
}
