// The table: one line per gradient with its shape, verdict and largest difference, and a count below.
// Left out: the checking itself (lib/check).
import type { Row, Status } from "../check/check.ts";
import { formatShape } from "../tensor/shape.ts";
import { paint } from "./terminal.ts";

const PLAIN = { colour: false };

const COLOUR: Record<Status, number> = { ok: 32, wrong: 31, shape: 31, todo: 33, follows: 2, given: 36 };

const NAME = 22;

/** The table's head, two lines. */
export function tableHead(): string {
  return `${"gradient".padEnd(NAME)} shape         verdict  largest difference\n${"─".repeat(NAME + 42)}`;
}

/** One gradient's line. `before` is its verdict in the last run, if that was different. */
export function tableLine({ name, note = "", shape, status, maxdiff }: Row, before?: Status, screen = PLAIN): string {
  const difference = maxdiff === null ? "" : maxdiff === 0 ? "0" : maxdiff.toExponential(1);
  const verdict = paint(status.padEnd(8), COLOUR[status], screen), was = before ? `was ${before}` : "";
  const line = `${`d${name} ${note}`.padEnd(NAME)} ${formatShape(shape).padEnd(13)} ${verdict} ${difference.padEnd(9)}`;
  return `${line} ${was}`.trimEnd();
}

/** The count below the table: `26/26 right`, or `7/26 right, 2 given, next: dcounts`. */
export function tableFoot(rows: readonly Row[], screen = PLAIN): string {
  const count = (wanted: Status) => rows.filter(({ status }) => status === wanted).length;
  const next = nextOf(rows), given = count("given");
  return paint(`${count("ok")}/${rows.length} right`, next || given ? 33 : 32, screen) +
    (given ? `, ${given} given` : "") + (next ? `, next: d${next.name}` : "");
}

/** The first row that is neither right nor given. */
export function nextOf(rows: readonly Row[]): Row | undefined {
  return rows.find(({ status }) => status !== "ok" && status !== "given");
}
