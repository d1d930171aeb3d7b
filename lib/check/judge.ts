// One row of the table: the verdict on a gradient, and a remark on it.
//
//     const rows: Row[] = [];
//     rows.push(judge(check, "logprobs", dlogprobs, rows)); // { status: "ok", … }
//
// Left out: comparing (lib/check/check.ts) and finding the mistake (lib/check/diagnosis).
import type { Check, Row } from "./check.ts";
import { Explainer, type Explanation } from "./diagnosis/explainer.ts";
import { readers, sameNumbers, type Tensors } from "./graph.ts";
import { numel } from "../tensor/shape.ts";

/**
 * The verdict on the gradient of one tensor, with a remark if there is something to say. Its numbers are copied, so a later
 * change of the tensor does not change the row.
 *
 * @param given the learner's value: a tensor, undefined if there is none yet, or anything else.
 * @param earlier the rows above, whose mistakes may have caused this one.
 * @param explainer knows how the learner's tensors were computed; without one, only the numbers are looked at.
 */
export function judge(
  check: Check,
  name: string,
  given: unknown,
  earlier: readonly Row[],
  { note, explainer }: { note?: string; explainer?: Explainer } = {},
): Row {
  const row = { ...check.row(name, given), ...(note === undefined ? {} : { note }) };
  return explain(check, row, earlier, given, explainer);
}

/** Adds to a row what there is to say: a remark, or that it is wrong only because of rows above. */
export function explain(
  check: Check,
  row: Row,
  earlier: readonly Row[],
  gradient?: unknown,
  explainer: Explainer = new Explainer(check),
): Row {
  if (row.status === "ok") {
    if (row.remark) return row;
    const { text } = unfailing(() => ({
      text: untold(check, row, explainer) ?? explainer.luck(row, gradient, earlier),
    }));
    return text ? { ...row, remark: text } : row;
  }
  if (row.status === "todo" || (row.status === "wrong" && row.remark)) return row;
  const { text, causes } = unfailing(() => explainer.explain(row, gradient, earlier));
  return causes ? { ...row, status: "follows", remark: text, causes } : { ...row, remark: text };
}

/** An explanation, or that there is none because of a fault of ours: the verdict is measured, and stays. */
function unfailing(work: () => Partial<Explanation>): Partial<Explanation> {
  try {
    return work();
  } catch (error) {
    return {
      text: `The search for the mistake failed, which is a fault of this program (${error}): please report it.`,
    };
  }
}

/**
 * The names of the learner's tensors that differ from the check's own forward pass, so the learner has changed them in
 * place. In the forward pass's order.
 *
 * @param tensors the learner's own, by name; names that the forward pass does not have are ignored.
 */
export function changedInPlace(check: Check, tensors: Tensors): string[] {
  return Object.keys(check.values).filter((name) => {
    const own = check.values[name], theirs = tensors[name];
    return theirs !== undefined && !sameNumbers(theirs.dtype === "float32" ? theirs.to("float64") : theirs, own);
  });
}

/** What to do about a formula that depends on one of these settings. */
const ADVICE: Readonly<Record<string, string>> = {
  n: "n is the function's argument, and a number in its place is right at one size",
  m: "m is the function's argument, and a number in its place is right at one size",
  d: "the last of d dimensions is −1, however many there are",
};

/**
 * One sentence for a formula that is right in its own row and wrong in the rows at other sizes: what it
 * depends on. Undefined when its own row is not right, or all are.
 *
 * @param rows rows with one name: one without a note, the others with settings as their notes, `n=5 eps=1e-2`.
 */
export function elsewhere(rows: readonly Row[]): string | undefined {
  const main = rows.find(({ note }) => !note), others = rows.filter(({ note }) => note);
  const wrong = others.filter(({ status }) => status !== "ok"), right = others.filter(({ status }) => status === "ok");
  if (main?.status !== "ok" || wrong.length === 0) return undefined;
  const settings = ({ note }: Row) => new Map(note!.split(" ").map((part) => part.split("=") as [string, string]));
  for (const key of settings(wrong[0]).keys()) {
    const values = new Set(right.map((row) => settings(row).get(key)));
    if (values.size !== 1 || wrong.some((row) => values.has(settings(row).get(key)))) continue;
    const [value] = values;
    const advice = ADVICE[key] ?? `do not use ${key} in the formula: what the forward pass makes has it already`;
    return `d${main.name} is right at ${key} = ${value} only: ${advice}.`;
  }
  return `d${main.name} is right in the network, and wrong at ${
    wrong.map(({ note }) => note).join(", ")
  }: something in it ` +
    "is right for these numbers only, such as a gain that is the same in every column.";
}

/** What a right row cannot reveal, since it is always zero, or one of its terms is. */
function untold(check: Check, { name, shape }: Row, explainer: Explainer): string | undefined {
  if (numel(shape) === 0) return undefined;
  if (check.isZero(name)) {
    return `d${name} is always zero, up to rounding: this row cannot show a wrong sign or factor, nor another tensor ` +
      "that adds up to zero.";
  }
  const used = readers(check.graph, name);
  const empty = used.filter((reader) => check.isZero(name, reader) && explainer.sends(reader, name));
  if (used.length < 2 || empty.length === 0) return undefined;
  return `The term through ${empty.join(" and ")} is zero, up to rounding: this row cannot tell whether it is there.`;
}
