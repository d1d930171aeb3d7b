// Remembers a blank's verdicts from run to run, so that the table can show what has changed.
// Left out: where it is kept (host.ts), if anything can be kept there.
import type { Row, Status } from "../check/check.ts";
import type { Host } from "./host.ts";
import { LineBook } from "./lines.ts";

interface LastVerdict {
  status: Status;
  /** The largest difference or, where numbers cannot be compared, the remark: if it changes, this is another attempt. */
  mark: number | string | null;
  /** How many different attempts in a row were wrong. */
  attempts: number;
}

/** The verdicts of the last run, by gradient, and this run's as they come. */
export class History {
  /** The line of each gradient. */
  readonly lines: LineBook;
  readonly #before: Record<string, LastVerdict>;
  readonly #now: Record<string, LastVerdict> = {};
  readonly #key: string;
  /** Where it is kept. */
  readonly host: Host;

  /** The history of the host's script. */
  constructor(host: Host) {
    this.host = host;
    this.#key = `backprop-ninja ${host.script}`;
    this.#before = parse(host.recall(this.#key));
    this.lines = new LineBook(parse(host.recall(`${this.#key} lines`)));
  }

  /** Notes a verdict. Returns the last run's verdict if it was different. */
  note({ name, note = "", status, maxdiff, remark }: Row): Status | undefined {
    const key = `${name} ${note}`, before = this.#before[key];
    const isWrong = status === "wrong" || status === "shape";
    const mark = maxdiff ?? remark ?? null, again = before && before.status === status && before.mark === mark;
    const attempts = isWrong ? (before?.attempts ?? 0) + (again ? 0 : 1) : 0;
    this.#now[key] = { status, mark, attempts };
    return before && before.status !== status ? before.status : undefined;
  }

  /** How many different attempts in a row at a gradient were wrong. */
  attempts({ name, note = "" }: Row): number {
    return this.#now[`${name} ${note}`]?.attempts ?? 0;
  }

  /** Saves this run's verdicts for the next run; rows not reached keep their old ones. */
  save(): void {
    this.host.remember(this.#key, JSON.stringify({ ...this.#before, ...this.#now }));
    this.host.remember(`${this.#key} lines`, JSON.stringify(this.lines.all()));
  }
}

function parse<T>(text: string | undefined): Record<string, T> {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
