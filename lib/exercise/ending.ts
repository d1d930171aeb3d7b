// The lines below the table when a run ends: what was not compared, help for the row to work on, and how many are right.
import type { Row } from "../check/check.ts";
import { regionsIn } from "./blank.ts";
import { belowFinish, declared } from "./broken_off.ts";
import { hintText } from "./hints.ts";
import type { History } from "./history.ts";
import type { Host } from "./host.ts";
import { clock, link } from "./lecture.ts";
import { type LineBook, lineIn } from "./lines.ts";
import type { Entry } from "./manifest.ts";
import { shortly } from "./place.ts";
import type { Report } from "./report.ts";
import { nextOf, tableFoot } from "./table.ts";
import { wrapped } from "./terminal.ts";

/** After this many wrong attempts in a row, the next hint is shown without asking. */
const ATTEMPTS_PER_HINT = 3;

/** A run at its end. */
export interface Run {
  /** Its entry in the list of exercises. */
  entry: Entry;
  /** The exercise after it. */
  following: Entry | undefined;
  /** Where it runs. */
  host: Host;
  /** Its output so far. */
  report: Report;
  /** The runs before it; undefined where none are kept. */
  history: History | undefined;
  /** The line of each gradient in the file. */
  lines: LineBook;
}

/** The gradient whose line an error came from, and that line. */
export interface FailedLine {
  /** As `dprobs`. */
  dname: string;
  /** Counted from 1; undefined where it is not known. */
  line?: number;
}

/**
 * Prints the lines below the table, and returns the row to work on, if any. The last `unreached` rows were not compared.
 * `failed` is where an error ended the run; "elsewhere" in no gradient's line.
 */
export function tellEnd(
  run: Run,
  rows: readonly Row[],
  unreached: number,
  failed: FailedLine | "elsewhere" | undefined,
): Row | undefined {
  const { host, report, history, lines } = run, at = failed === "elsewhere" ? undefined : failed;
  // What threw after a wrong shape threw because of it.
  const misshapen = failed && rows.find(({ status, note }) => status === "shape" && !note);
  const next = misshapen ?? rows.find((row) => `d${row.name}` === at?.dname && !row.note) ?? nextOf(rows);
  report.flush(rows);
  if (unreached > 0 && !failed) {
    const some = rows.slice(-unreached).map((row) => `d${inSetting(row)}`), more = unreached > 4 ? " …" : "";
    const [were, their] = unreached === 1 ? ["was", "its"] : ["were", "their"];
    const cut = `${some.slice(0, 4).join(", ")}${more} ${were} not compared`;
    report.say(`${cut}: ${their} cmp was not reached or was deleted.`);
  }
  const source = host.source?.(), below = source && belowFinish(source);
  if (below && !failed) {
    report.say(`Line ${below} does not run, because finish(…) ends the run. Move it above finish(…).`);
  }
  if (next) {
    report.again(next);
    help(run, next);
  }
  const dname = `d${next?.name}`,
    line = (at?.dname === dname ? at.line : undefined) ?? lineFor(dname, lines, source ?? "");
  const where = line === undefined ? undefined : shortly({ file: host.script, line });
  report.say(tableFoot(rows, host, next, where) + (failed ? ", but the file did not run to its end" : ""));
  if (!next && history && !failed) praise(run, rows);
  return next;
}

/** The line of a gradient: in this run, else in the source, even if nothing compares it there; without a source, in the last run. */
function lineFor(dname: string, lines: LineBook, source: string): number | undefined {
  const known = lines.lineOf(dname) ?? lineIn(source, dname) ?? declared(source).get(dname);
  return known ?? regionsIn(source).find(({ name }) => name === dname)?.line ??
    (source === "" ? lines.guessOf(dname) : undefined);
}

/** What is left when every row is right or given. */
function praise({ entry, following, host, report }: Run, rows: readonly Row[]): void {
  const given = rows.filter(({ status }) => status === "given").map(({ name }) => `d${name}`);
  if (given.length > 0) return report.say(`Given so far: ${given.join(", ")}. Write them yourself to finish.`);
  const command = entry.another ?? (following && `${host.blankCommand} ${following.id}`);
  const done = `Exercise ${entry.id} is done.`;
  if (!command) return report.say(`${done} It was the last one.`);
  if (host.keys) return report.say(done);
  const line = `${done} Next: ${command}`;
  report.say(line.length <= host.columns() ? line : `${done} Next:\n    ${command}`); // a command is not broken
}

/** Helps with the row to work on: shows a hint after some attempts, else says how to ask for one. */
function help({ entry, host, report, history }: Run, row: Row): void {
  const dname = `d${row.name}`, { hints } = entry;
  if (!Object.hasOwn(hints, dname)) return;
  const level = Math.min(3, Math.floor((history?.attempts(row) ?? 0) / ATTEMPTS_PER_HINT));
  const [at] = entry.gradients[dname] ?? [], when = at === undefined ? "" : `In the lecture: ${clock(at)}, ${link(at)}`;
  if (level > 0) return report.remark(`${hintText(hints, dname, level)}\n${when}`.trimEnd());
  if (!history) return report.say(wrapped(`Stuck? Add --hint ${dname} to the command.`, host));
  const ask = host.keys ? "Press h" : `Write hint(${row.name}); in the file, or run it with --hint ${dname}`;
  report.say(wrapped(`Stuck? ${ask}. ${when}`.trimEnd(), host));
}

/** A row's name and, where there is one, its setting: `hprebn n=5 eps=1e-2`. */
export function inSetting({ name, note }: { name: string; note?: string }): string {
  return note ? `${name} ${note}` : name;
}
