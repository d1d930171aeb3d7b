// The verdicts on a source, kept from run to run: an old one stays, marked as such, until its new one is there.
// Left out: how they look.
import type { Status } from "../check/check.ts";
import { regions } from "../exercise/blank.ts";
import { nextOf } from "../exercise/table.ts";
import { formatShape } from "../tensor/shape.ts";
import type { CheckMessage, RowMessage } from "./messages.ts";

/** A sign for each verdict, so that colour is not all that shows it. */
export const SIGN = { ok: "✓", wrong: "✗", shape: "✗", todo: "○", follows: "↳", given: "◇" } as const;

/** A verdict at the end of a line. */
export interface Badge {
  /** The line, from 1. */
  line: number;
  status: Status;
  text: string;
}

/** A gradient's verdict, and whether it is from an earlier run or only fills the place of one that was never reached. */
export interface Verdict extends RowMessage {
  stale: boolean;
  unreached?: boolean;
}

/** The verdicts of an exercise. */
export class Verdicts {
  /** The forward pass of the run's first check. */
  check: CheckMessage | undefined;
  readonly #rows = new Map<string, Verdict>();
  #expected: Verdict[] = [];

  /** A run begins. */
  begin(): void {
    for (const row of this.#rows.values()) row.stale = true;
    this.#expected = [];
  }

  /** The run has made a forward pass. */
  checking(check: CheckMessage): void {
    if (check.first) this.check = check;
    for (const name of check.names) {
      const row: Verdict = {
        ...{ name, note: check.note, shape: check.shapes[name], status: "todo", maxdiff: null, stale: true },
      };
      this.#expected.push(row);
      if (!this.#rows.has(keyOf(row))) this.#rows.set(keyOf(row), { ...row, unreached: true });
    }
  }

  /** The run has compared a gradient. */
  row(row: RowMessage): void {
    this.#rows.set(keyOf(row), { ...row, stale: false });
  }

  /**
   * The run is over: what it has not reached is still to do, and what it does not expect is gone. After a run that broke
   * off, as after one that compared nothing, the old verdicts stay.
   */
  end(broken: boolean): void {
    const expected = new Map(this.#expected.map((row) => [keyOf(row), row]));
    if (broken || expected.size === 0) return;
    for (const [key, { stale }] of this.#rows) {
      if (!stale) continue;
      const unreached = expected.get(key);
      if (unreached) this.#rows.set(key, { ...unreached, stale: false });
      else this.#rows.delete(key);
    }
  }

  /** Whether the last run has compared anything. */
  get compared(): boolean {
    return [...this.#rows.values()].some(({ stale }) => !stale);
  }

  /** The verdicts in the order of the source's `cmp` lines. */
  inOrder(source: string): Verdict[] {
    const lines = compareLines(source), place = ({ name }: Verdict) => lines.get(name) ?? Infinity;
    const rows = [...this.#rows.values()];
    return rows.sort((a, b) => Number(a.note !== "") - Number(b.note !== "") || order(place(a), place(b)));
  }

  /** The next gradient to do: as the verdicts have it or, before there are any, the first todo(…) of the source. */
  next(source: string): string | undefined {
    return nextOf(this.inOrder(source))?.name ?? /^(?!\s*\/\/).*\btodo\(["']d?(\w+)/m.exec(source)?.[1];
  }

  /** The last run's verdicts, each for the end of the line of a source that compares it. */
  badges(source: string): Badge[] {
    const lines = compareLines(source);
    return this.inOrder(source).filter(({ note, stale }) => !note && !stale).flatMap(({ name, status, maxdiff }) => {
      const line = lines.get(name),
        difference = maxdiff === null || status === "ok" ? "" : ` ${maxdiff.toExponential(1)}`;
      return line === undefined ? [] : [{ line, status, text: `${SIGN[status]} ${status}${difference}` }];
    });
  }

  /** The verdict on a tensor's gradient, in the exercise's own setting. */
  status(name: string): Status | undefined {
    return this.#rows.get(keyOf({ name, note: "" }))?.status;
  }
}

/** How many of these are right, and which is next: `7 of 26 right, next: dcounts`. */
export function summary(rows: readonly Verdict[]): string {
  const right = rows.filter(({ status }) => status === "ok").length, next = nextOf(rows);
  return `${right} of ${rows.length} right${
    next ? `, next: d${next.name}` : right === rows.length ? ". Well done!" : ""
  }`;
}

/** The last line, from 1, of the comments and imports above an exercise itself; 1 if there are none. */
export function preambleOf(source: string): number {
  const lines = source.split("\n");
  const end = lines.findLastIndex((line) => /^import\b|^\} from "/.test(line));
  return end < 0 ? 1 : end + 1;
}

/** The shapes of a forward pass's tensors and their gradients, as text. */
export function shapesOf(check: CheckMessage | undefined): Map<string, string> {
  const all = Object.entries(check?.shapes ?? {}).map(([name, shape]) => [name, formatShape(shape)] as const);
  return new Map(all.flatMap(([name, shape]) => [[name, shape], [`d${name}`, shape]]));
}

/** The lines, from 1, on which a source compares each gradient. */
export function compareLines(source: string): Map<string, number> {
  const lines = new Map<string, number>();
  source.split("\n").forEach((text, i) => {
    const name = /^[^/]*\bcmp\(\s*["'`]d?(\w+)/.exec(text)?.[1];
    if (name && !lines.has(name)) lines.set(name, i + 1);
  });
  return lines;
}

/** The first line, from 1, of the code for a tensor's gradient: its region, else where it is compared. */
export function lineOf(source: string, name: string): number | undefined {
  try {
    const region = regions(source).find((region) => region.name === `d${name}`);
    if (region) return region.line + 1;
  } catch {
    // the learner has changed a marker: the comparison is there still
  }
  return compareLines(source).get(name);
}

/** A key of its own for each verdict. */
export function keyOf({ name, note }: { name: string; note: string }): string {
  return `${name} ${note}`;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
