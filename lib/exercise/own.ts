// `check` for your own network, outside any exercise: no flags, no list of rows, no host; the table is plain text.
//
// From the first check on, an uncaught error of the script is a sentence with its line, as in an exercise.
// Left out: `todo`, `given` and `hint`, which exercises have, and an end: the program goes on after the last row.
import type process from "node:process";
import { Check, type Row } from "../check/check.ts";
import type { Forward, Tensors } from "../check/graph.ts";
import { judge } from "../check/judge.ts";
import { noMore } from "../tensor/options.ts";
import { forgetListeners, listen, type Listener } from "../tensor/recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { sentence } from "./sentence.ts";
import { tableHead, tableLine } from "./table.ts";
import { wrapped } from "./terminal.ts";
import { changesSince, nameOf, rowIn, settingOf } from "./verdict.ts";

/** Up to so many operations from one `cmp` to the next are a backward pass; more are a training, which is not recorded. */
const MOST = 10_000;

/** Compares a gradient with finite differences, prints its row, and returns it: `cmp("h", dh)`. */
export type Compare = (name: string, gradient: Tensor, of?: Tensor) => Row;

/**
 * Runs a forward pass on its parameters and inputs. Returns its tensors, to write the backward pass with, and `cmp`, which
 * checks each gradient of the loss and, where it is wrong, says why.
 *
 * Everything is float64, which finite differences need: leaves in float32 are widened, and the tensors that come back are
 * float64. The leaves themselves stay as they are. Indices and masks stay what they are, too.
 *
 * @param forward for each tensor, in order, how it is made from the parameters and earlier ones; the last is the loss, one
 * number. A line reads tensors from its argument only, and changes none in place.
 * @param leaves the parameters and inputs by name.
 * @throws RangeError when the last line makes more than one number; ReferenceError when a line reads a name that nothing
 * before it makes; TypeError when it makes no tensor. `cmp` throws RangeError for a name that the forward pass does not have.
 *
 * @example
 * ```ts
 * import { equal, match } from "node:assert/strict";
 * import { tensor } from "../tensor/creation.ts";
 * const { tensors, cmp } = check({
 *   h: ({ x, w }) => x.matmul(w).tanh(), // (2, 1)
 *   loss: ({ h }) => h.mean(), // ()
 * }, { x: tensor([[1, 2], [3, -4]]), w: tensor([[0.5], [0.1]]) });
 * const { x, h } = tensors;
 *
 * const dh = h.mul(0).add(1 / 2);
 * equal(cmp("h", dh).status, "ok");
 * const dw = x.T.matmul(dh);
 * match(cmp("w", dw).remark!, /h\.pow\(2\)/); // the derivative of tanh is missing
 * ```
 */
export function check<F extends Forward, L extends Tensors>(
  forward: F,
  leaves: L,
): { tensors: Record<keyof F | keyof L, Tensor>; cmp: Compare } {
  noMore("check", arguments.length, 2);
  explainErrors(Object.keys({ ...leaves, ...forward }).flatMap((name) => [name, `d${name}`]));
  const setting = settingOf(new Check(forward, leaves), widened(leaves), undefined, leaves), rows: Row[] = [];
  let heard = 0;
  const { explainer, check } = setting, { listener } = explainer;
  const counting: Listener = {
    before: (target) => listener.before(target),
    read: (from) => listener.read(from),
    made(...operation) {
      listener.made(...operation);
      if (++heard > MOST) forgetListeners();
    },
  };
  const cmp = (given: string, gradient: Tensor, of?: Tensor, ...more: unknown[]): Row => {
    noMore("cmp", 3 + more.length, 3);
    const name = nameOf(setting.tensors, given, of);
    if (rows.length === 0) console.log(tableHead());
    const row = rowIn(setting, name, gradient, () => {
      for (const text of changesSince(setting, name, rows.at(-1))) remark(text);
      return judge(check, name, gradient, rows.filter((row) => row.name !== name), { explainer });
    });
    const before = rows.findIndex((other) => other.name === name);
    if (before >= 0) rows.splice(before, 1);
    rows.push(row);
    console.log(tableLine(row));
    if (row.remark) remark(row.remark);
    heard = 0;
    listen(counting);
    return row;
  };
  listen(counting);
  return { tensors: setting.tensors as Record<keyof F | keyof L, Tensor>, cmp };
}

/** Ends the program with a sentence after an uncaught error, where there is a process and nobody else does that. */
function explainErrors(names: readonly string[]): void {
  const { process: self } = globalThis as { process?: typeof process };
  if (!self?.listenerCount || self.listenerCount("uncaughtException") > 0) return;
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    self.on(event, (error: unknown) => {
      console.error(sentence(error, { names, isScript: true }));
      self.exit(1);
    });
  }
}

/** Sentences below a row. */
function remark(text: string): void {
  console.log(wrapped(text, { columns: () => 80 }, "    "));
}

/** The same tensors, those in float32 in float64. */
function widened(tensors: Tensors): Tensors {
  const wide = Object.entries(tensors).map(([name, t]) => [name, t.dtype === "float32" ? t.to("float64") : t]);
  return Object.fromEntries(wide);
}
