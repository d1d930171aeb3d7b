// The table: one line per gradient with its shape, its verdict and the largest difference, and a line that counts.
// Left out: finding anything out; that is lib/check/check.ts's.
import type { Row, Status } from "../check/check.ts";
import { formatShape } from "../tensor/shape.ts";
import { paint } from "./terminal.ts";

const COLOUR: Record<Status, number> = { ok: 32, wrong: 31, shape: 31, todo: 33, follows: 33, given: 33 };

const NAME = 22;

/** The table's head, two lines. */
export function tableHead(): string {
  return `${"gradient".padEnd(NAME)} shape         verdict  largest difference\n${"─".repeat(NAME + 42)}`;
}

/** One gradient's line; the note tells the same gradient in different settings apart. */
export function tableLine({ name, shape, status, maxdiff }: Row, note = ""): string {
  const difference = maxdiff === null ? "" : maxdiff === 0 ? "0" : maxdiff.toExponential(1);
  const verdict = paint(status.padEnd(8), COLOUR[status]);
  return `${`d${name} ${note}`.padEnd(NAME)} ${formatShape(shape).padEnd(13)} ${verdict} ${difference}`.trimEnd();
}

/** The count below the table: `26/26 right`, or `7/26 right, next: dcounts`. */
export function tableFoot(rows: readonly Row[]): string {
  const right = rows.filter(({ status }) => status === "ok").length;
  const next = rows.find(({ status }) => status !== "ok");
  return paint(`${right}/${rows.length} right`, next ? 33 : 32) +
    (next ? `, next: d${next.name}` : "");
}
