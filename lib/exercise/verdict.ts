// What a `cmp` finds out: which tensor it means, the verdict on its gradient, and the remark below the row.
// Left out: the mathematics (lib/check), and printing the row (frame.ts).
import type { Check, Row } from "../check/check.ts";
import { run, sameNumbers, type Tensors } from "../check/graph.ts";
import { Explainer } from "../check/diagnosis/explainer.ts";
import { changedInPlace, judge } from "../check/judge.ts";
import { refuseIndex } from "../check/sound.ts";
import { nearest } from "../nearest.ts";
import { named } from "../tensor/guards.ts";
import { formatShape, numel } from "../tensor/shape.ts";
import { unheard } from "../tensor/recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Workbench } from "./workbench.ts";

/** One forward pass that gradients are compared on. */
export interface Setting {
  /** Knows the right gradients. */
  check: Check;
  /** The reader's tensors. */
  tensors: Tensors;
  /** The names of those found changed in place. */
  changed: Set<string>;
  /** Knows how the reader's tensors were computed. */
  explainer: Explainer;
  /** Distinguishes the same gradients in another setting: `n=5 eps=1e-2`. */
  note?: string;
}

/**
 * A forward pass to compare gradients on, with tensors of its own for the reader.
 *
 * @param leaves its parameters and inputs, as the reader works with them.
 * @param known other tensors that have these names as well.
 */
export function settingOf(check: Check, leaves: Tensors, note?: string, known: Tensors = {}): Setting {
  const tensors = run(check.forward, leaves);
  return { check, tensors, changed: new Set(), note, explainer: new Explainer(check, tensors, known) };
}

/** Works a row out unheard, and gives its gradient a name in the formulas below. */
export function rowIn({ explainer }: Setting, name: string, gradient: unknown, work: () => Row): Row {
  return unheard(() => {
    const row = work();
    explainer.name(name, gradient);
    return row;
  });
}

/** The verdict on `gradient` for the tensor `name`, after the verdicts `rows`, with its remark. */
export function verdictOn(
  { check, note, explainer }: Setting,
  name: string,
  gradient: unknown,
  rows: readonly Row[],
  bench: Workbench,
): Row {
  const { shape } = check.values[name], todo = bench.stillToDo(gradient);
  if (todo) {
    const remark = todo === "more" ? `A term of d${name} is still to do: replace its todo line.` : undefined;
    const soFar = todo === "more" ? { given: (gradient as Tensor).clone() } : {};
    return { name, note, shape, status: "todo", maxdiff: null, remark, ...soFar };
  }
  if (gradient === undefined) {
    const remark =
      `d${name} is undefined: a function without a return gives nothing, nor do print(…), hint(…) and why(…).`;
    return { name, note, shape, status: "todo", maxdiff: null, ...(note ? {} : { remark }) };
  }
  if (note) {
    const row = { ...check.row(name, gradient), note };
    const wrongAlready = rows.some((row) => row.name === name && !row.note && row.status !== "ok");
    return wrongAlready && row.status !== "ok" ? { ...row, status: "follows" } : row;
  }
  const earlier = rows.filter((row) => row.name !== name);
  const row = judge(check, name, gradient, earlier, { explainer });
  const of = bench.givenOf(gradient);
  if (row.status === "ok") return of === name ? { ...row, status: "given", remark: undefined } : row;
  if (row.status === "shape" && passesInLecture(check, row)) {
    const shapes = `${formatShape(row.given!.shape)} and ${formatShape(shape)}`;
    const remark =
      `The numbers are right, and the lecture's cmp lets them pass: PyTorch broadcasts ${shapes}. Here the two shapes differ.`;
    return { ...row, remark: row.remark ? `${row.remark} ${remark}` : remark };
  }
  if (of === name) return { ...row, remark: `This is given(${of}), changed in place since.` };
  if (of !== undefined && sameNumbers(gradient as Tensor, check.right(of))) {
    return { ...row, remark: `This is given(${of}), the gradient of another tensor: write given(${name}).` };
  }
  return row;
}

/**
 * Whether the lecture's cmp, which broadcasts, calls a gradient of the wrong shape right: it has the right numbers, and only
 * sizes of 1 too many or too few, in places where they do not make it larger.
 */
function passesInLecture(check: Check, { name, shape, given }: Row): boolean {
  if (!given || given.numel() !== numel(shape)) return false;
  const [long, short] = given.dim() > shape.length ? [given.shape, shape] : [shape, given.shape];
  const fits = short.every((size, i) => size === long[i + long.length - short.length]);
  return fits && check.row(name, given.view([...shape])).status === "ok";
}

/** A sentence for each tensor of the forward pass that the reader's lines have changed since the last `cmp`. */
export function changesSince({ check, tensors, changed }: Setting, name: string, last: Row | undefined): string[] {
  const where = last ? `between cmp("${last.name}", …) and here` : "above";
  return changedInPlace(check, tensors).filter((other) => !changed.has(other)).map((other) => {
    changed.add(other);
    const advice = `Work on ${other}.clone() to leave ${other} unchanged.`;
    return `${other} was changed in place ${where} (cmp("${name}", …)). ${advice}`;
  });
}

/**
 * The name of the tensor that a `cmp` call means.
 *
 * @throws TypeError for a name that is no text or an index's, or another tensor as the third argument; RangeError for an unknown name.
 */
export function nameOf(tensors: Tensors, name: unknown, of: unknown): string {
  if (typeof name !== "string") {
    throw new TypeError(
      `cmp takes the name of a tensor first: cmp("logits", dlogits, logits); given ${named(name)}.`,
    );
  }
  const names = Object.keys(tensors).filter((name) => tensors[name].is_floating_point());
  const known = [name, name.replace(/^d/, "")].find((name) => names.includes(name));
  if (!known) {
    if (Object.hasOwn(tensors, name)) refuseIndex(name, tensors[name]);
    const meant = nearest(name, names), shown = meant ?? (names.includes("logits") ? "logits" : names[0]);
    const example = `cmp("${shown}", d${shown}, ${shown})`;
    throw new RangeError(
      `cmp takes the name of a tensor of the forward pass; none is called "${name}". ` +
        (meant ? `Did you mean ${example}?` : `For example ${example}.`),
    );
  }
  if (of !== undefined && of !== tensors[known]) {
    const other = names.find((name) => tensors[name] === of);
    throw new TypeError(
      `cmp("${known}", d${known}, …) takes the tensor ${known} as its third argument; given ${
        other ?? "something else"
      }.`,
    );
  }
  return known;
}
