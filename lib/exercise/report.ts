// What a run shows, and when. Into a file or a pipe, everything as it comes. For a learner at a terminal the table comes last,
// folded, so that it is on the screen: below it what the learner's lines print, each with its line, and last the next row.
// Left out: how the table looks (table.ts), and the lines themselves (frame.ts).
import type { Row, Status } from "../check/check.ts";
import type { Host } from "./host.ts";
import { type Place, shortly } from "./place.ts";
import { foldedTable, tableHead, tableLine } from "./table.ts";
import { paint, wrap, wrapped } from "./terminal.ts";

/** Milliseconds after which held-back lines are shown: a run of that length may be an endless loop. */
const PATIENCE = 3000;

/** Lines of a terminal that the table leaves free below it. */
const BELOW = 4;

/** How a run shows things: nothing with --json or --graph, the whole table as it comes, or the folded one at the end. */
export type Manner = "silent" | "whole" | "folded";

/** The output of one run. */
export class Report {
  readonly #host: Host;
  readonly #manner: Manner;
  readonly #started = performance.now();
  readonly #before = new Map<Row, Status | undefined>();
  /** What has been said of rows that follow. */
  readonly #followed = new Set<string>();
  #held: string[] = [];
  #begun = false;
  #flushed = false;
  /** Whether the table may have left the screen. */
  #isFar = false;

  /** An empty report, to be shown in a manner. */
  constructor(host: Host, manner: Manner) {
    this.#host = host;
    this.#manner = manner;
  }

  /** Prints a line of the exercise itself. */
  say(text: string): void {
    this.#write(text.split("\n").map((line) => this.#fitted(line)).join("\n"));
  }

  /** Sentences below the row that came last. */
  remark(text: string): void {
    this.#write(wrapped(text, this.#host, "    "));
  }

  /** Prints values for a line of the learner's, as console.log shows them. */
  look(values: readonly unknown[], place: Place | undefined): void {
    if (this.#manner === "silent") return;
    if (!this.#holds) return (this.#host.looked ?? this.#host.write)(...values);
    const text = this.#host.text(values), where = place ? shortly(place) : "";
    const line = `${where}  ${text}`, isShort = !text.includes("\n") && line.length <= this.#host.columns();
    this.#held.push(place ? paint(where, 2, this.#host) + (isShort ? `  ${text}` : `\n${text}`) : text);
    if (performance.now() - this.#started > PATIENCE) this.#spill();
  }

  /** Notes a verdict; `before` is that of the last run, if it was different. */
  row(row: Row, before: Status | undefined): void {
    if (!this.#begun && this.#manner === "whole") this.#host.write(tableHead(this.#host));
    this.#begun = true;
    this.#before.set(row, before);
    if (this.#manner !== "whole") return;
    this.#host.write(tableLine(row, before, this.#host));
    // That it is only because of a row above is said of the first such row.
    if (!row.remark || row.status === "follows" && this.#followed.has(row.remark)) return;
    if (row.status === "follows") this.#followed.add(row.remark);
    this.remark(row.remark);
  }

  /** Shows the table of these rows, if it was held back, and what was held back below it. */
  flush(rows: readonly Row[]): void {
    if (this.#manner !== "folded" || this.#flushed) return;
    this.#flushed = true;
    const height = this.#host.rows() - BELOW;
    const table = foldedTable(rows, (row) => this.#before.get(row), this.#host, height);
    if (table !== "") this.#host.write(table);
    const lines = [table, ...this.#held].flatMap((text) => text.split("\n"));
    this.#isFar = lines.length > height && this.#held.length > 0;
    this.#spill();
  }

  /** Shows a row again if the lines below the table have pushed it off the screen. */
  again(row: Row): void {
    if (!this.#isFar || row.status === "todo") return;
    this.#host.write(tableLine(row, undefined, this.#host));
    if (row.remark) this.remark(row.remark);
  }

  get #holds(): boolean {
    return this.#manner === "folded" && !this.#flushed;
  }

  #write(text: string): void {
    if (this.#manner === "silent") return;
    if (this.#holds && this.#begun) this.#held.push(text);
    else this.#host.write(text);
  }

  /** A line broken at spaces where it is too long, unless its spaces are columns. */
  #fitted(line: string): string {
    const width = this.#host.columns();
    return line.length <= width || / {2}/.test(line) ? line : wrap(line, width);
  }

  #spill(): void {
    for (const text of this.#held) this.#host.write(text);
    this.#held = [];
  }
}
