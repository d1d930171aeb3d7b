// One row of the table: the verdict on a gradient, and what is said about it.
//
//     const rows: Row[] = [];
//     rows.push(judge(check, "logprobs", dlogprobs, rows)); // { status: "ok", … }
//
// Left out: comparing (lib/check/check.ts) and finding out what is wrong (lib/check/diagnose.ts).
import type { Check, Row } from "./check.ts";
import { diagnose } from "./diagnose.ts";
import { sameShape } from "../tensor/shape.ts";
import { sameNumbers, type Tensors } from "./graph.ts";

/** Below this part of the loss, a gradient is zero but for rounding. */
const ZERO = 1e-9;

/**
 * The verdict on the gradient of one tensor, with a remark where there is something to say. Its numbers are copied, so
 * the row stays what it is when the tensor is changed later.
 *
 * @param given what stands there: a tensor, undefined when there is nothing yet, or whatever else it may be.
 * @param earlier the rows above, which may have to answer for this one.
 */
export function judge(
  check: Check,
  name: string,
  given: unknown,
  earlier: readonly Row[],
  { note }: { note?: string } = {},
): Row {
  const row = { ...check.row(name, given), ...(note === undefined ? {} : { note }) };
  if (row.status === "ok") {
    const remark = zeroByNature(check, row);
    return remark ? { ...row, remark } : row;
  }
  if (row.status === "todo") return row;
  const { kind, text, causes } = diagnose(check, row, earlier.map(unexcused));
  return kind === "earlier" ? { ...row, status: "follows", remark: text, causes } : { ...row, remark: text };
}

/** A row that follows from others, with the verdict that it has by itself. */
function unexcused(row: Row): Row {
  if (row.status !== "follows") return row;
  return { ...row, status: sameShape(row.given!.shape, row.shape) ? "wrong" : "shape" };
}

/**
 * Those of the learner's tensors that no longer hold what the check's own forward pass made: changed in place, by the
 * learner. In the forward pass's order.
 *
 * @param tensors the learner's own, by name; names that the forward pass does not have are passed over.
 */
export function changedInPlace(check: Check, tensors: Tensors): string[] {
  return Object.keys(check.values).filter((name) => {
    const own = check.values[name], theirs = tensors[name];
    return theirs !== undefined && !sameNumbers(theirs.dtype === "float32" ? theirs.to("float64") : theirs, own);
  });
}

/** What a row of zeros cannot tell. */
function zeroByNature(check: Check, { name, expected }: Row): string | undefined {
  const loss = Math.abs(check.values[check.last].item());
  if (!expected || expected.length === 0 || expected.some((x) => !(Math.abs(x) < ZERO * Math.max(1, loss)))) return;
  return `d${name} is zero whatever the numbers, up to rounding: a wrong sign or factor would not show in this row.`;
}
