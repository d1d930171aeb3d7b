// How a run that `deno task learn` has started talks to it: the flag that says so, and records on standard error.
//
// A record is a line of JSON behind the sign U+001E, as in RFC 7464, which sets it apart from anything else written there.
// Left out: what is made of the records (lib/learn).
import type { Row } from "../check/check.ts";

/** The terminal that a run's output is for. */
export interface Desk {
  /** Characters in a line. */
  columns: number;
  /** Lines. */
  rows: number;
  /** Whether a key can be pressed there. */
  keys: boolean;
}

/** A run's reports: that it is alive, how far its training is, and at its end how many rows are right and which is next. */
export type ToDesk =
  | { kind: "progress"; text: string }
  | { kind: "training"; done: number; steps: number }
  | { kind: "ended"; right: number; rows: number; next?: string };

const RECORD = "\x1e";

/** The flag that gives a run its desk: `--desk=80x24`, or `--desk=80x24,no-keys`. */
export function deskFlag({ columns, rows, keys }: Desk): string {
  return `--desk=${columns}x${rows}${keys ? "" : ",no-keys"}`;
}

/** Takes that flag out of a command line. */
export function takeDesk(args: readonly string[]): { desk?: Desk; args: string[] } {
  const found = args.map((arg) => /^--desk=(\d+)x(\d+)(,no-keys)?$/.exec(arg)).find((match) => match);
  const desk = found ? { columns: Number(found[1]), rows: Number(found[2]), keys: !found[3] } : undefined;
  return { desk, args: args.filter((arg) => arg !== found?.[0]) };
}

/** The record of all rows at the end, and the one to work on. */
export function ending(rows: readonly Row[], next: Row | undefined): ToDesk {
  const right = rows.filter(({ status }) => status === "ok").length;
  return { kind: "ended", right, rows: rows.length, next: next && `d${next.name}` };
}

/** A message as a record. */
export function recordOf(message: ToDesk): string {
  return `${RECORD}${JSON.stringify(message)}\n`;
}

/** Takes records out of what comes in pieces: calls back for each, and for every other text. */
export class Records {
  readonly #onRecord: (message: ToDesk) => void;
  readonly #onText: (text: string) => void;
  #record: string | undefined;

  /** A reader that calls these back. */
  constructor(onRecord: (message: ToDesk) => void, onText: (text: string) => void) {
    this.#onRecord = onRecord;
    this.#onText = onText;
  }

  /** Reads a piece. */
  read(piece: string): void {
    let rest = piece;
    while (rest !== "") {
      const sign = this.#record === undefined ? RECORD : "\n", end = rest.indexOf(sign);
      const text = end < 0 ? rest : rest.slice(0, end);
      rest = end < 0 ? "" : rest.slice(end + 1);
      if (this.#record === undefined) {
        if (text !== "") this.#onText(text);
        if (end >= 0) this.#record = "";
      } else {
        this.#record += text;
        if (end < 0) continue;
        this.#onRecord(JSON.parse(this.#record));
        this.#record = undefined;
      }
    }
  }
}
