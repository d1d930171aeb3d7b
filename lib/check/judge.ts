// One row of the table: the verdict on a gradient, and what is said about it.
//
//     const rows: Row[] = [];
//     rows.push(judge(check, "logprobs", dlogprobs, rows)); // { status: "ok", … }
//
// Left out: comparing (lib/check/check.ts) and finding out what is wrong (lib/check/diagnose.ts).
import type { Check, Row } from "./check.ts";
import { diagnose } from "./diagnose.ts";
import { readers, sameNumbers, type Tensors } from "./graph.ts";
import { numel } from "../tensor/shape.ts";

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
  return explain(check, { ...check.row(name, given), ...(note === undefined ? {} : { note }) }, earlier);
}

/** A row with its verdict, and what is to be said about it: a remark, or that it only follows from rows above. */
export function explain(check: Check, row: Row, earlier: readonly Row[]): Row {
  if (row.status === "ok") {
    if (row.remark) return row;
    const remark = untold(check, row);
    return remark ? { ...row, remark } : row;
  }
  if (row.status === "todo") return row;
  const { kind, text, causes } = diagnose(check, row, earlier);
  return kind === "earlier" ? { ...row, status: "follows", remark: text, causes } : { ...row, remark: text };
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

/** What a right row cannot tell: it is zero by nature, or one of its terms is. */
function untold(check: Check, { name, shape, expected }: Row): string | undefined {
  if (numel(shape) === 0) return undefined;
  const right = check.rightNumbers(name), used = readers(check.graph, name);
  const loss = Math.max(1, Math.abs(check.values[check.last].item()));
  const isZero = (numbers: Float64Array) => numbers.every((x) => Math.abs(x) < ZERO * loss);
  if (isZero(right) && (!expected || expected.every((x) => Math.abs(x) < 1e-6 * loss))) {
    return `d${name} is zero whatever the numbers, up to rounding: a wrong sign or factor would not show in this row, ` +
      "nor another tensor that adds up to zero.";
  }
  if (used.length < 2) return undefined;
  const empty = used.filter((reader) => isZero(check.jacobian(reader, name).back(check.rightNumbers(reader))));
  if (empty.length === 0) return undefined;
  return `The term through ${empty.join(" and ")} is zero, up to rounding: this row cannot tell whether it is there.`;
}
