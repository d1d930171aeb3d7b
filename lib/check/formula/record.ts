// Writes down how each of a learner's tensors is computed, while the lines run.
//
// A tensor that has a name, of the forward pass or of a gradient that was compared, is a leaf from then on. What is changed in
// place is the formula so far and one step more; a change through a view is a change of the tensor that is seen.
// Left out: listening (lib/tensor/recording.ts), and what formulas are good for (repair.ts).
import { tensor } from "../../tensor/creation.ts";
import { arrayOf, BYTES } from "../../tensor/ndarray.ts";
import type { Listener } from "../../tensor/recording.ts";
import { MaxResult, Tensor } from "../../tensor/tensor.ts";
import { sameShape } from "../../tensor/shape.ts";
import {
  type Argument,
  type Formula,
  isFormula,
  leaf,
  operands,
  type Options,
  parts,
  replaced,
  type Step,
  step,
} from "./formula.ts";
import type { ViewStep } from "./operations.ts";

/** A tensor that shows elements of another, and how. */
interface View {
  base: Tensor;
  step: ViewStep;
  /** Of the base, when the view's own was worked out. */
  from?: Formula;
  own?: Formula;
}

/** Keeps a formula for every tensor that an operation made. */
export class Recorder implements Listener {
  readonly #formulas = new WeakMap<Tensor, Formula>();
  readonly #views = new WeakMap<Tensor, View>();
  /** Gradients that are views, as they were when they got their names, and what they show part of. */
  readonly #shown = new WeakMap<Tensor, { from: Formula; numbers: Float64Array }>();
  /** Numbers of index tensors, to know them again in a list. */
  readonly #indices: { numbers: Float64Array; formula: Formula }[] = [];
  /** How many steps a formula has, each as often as it is read; and how many are one in the other. */
  readonly #sizes = new WeakMap<Formula, { all: number; deep: number }>();
  /** What a gradient was before it had a name. */
  readonly #origins = new WeakMap<Formula, Formula>();
  /** How many gradients had a name when a step was made. */
  readonly #ages = new WeakMap<Formula, number>();
  #age = 0;
  /** Results that no other step has taken since the last gradient got its name. */
  readonly #unused = new Set<Formula>();
  #readAt = -1;
  /** Steps with indices that may be numbers of the data: with other data they would be others. */
  readonly #fixed = new WeakSet<Formula>();
  /** Whether the lines have read indices as numbers: then an index that is a number may be one of these. */
  #readIndices = false;

  /** Gives a tensor a name, which stands in the formulas of all that is made of it. */
  name(t: Tensor, name: string, gradient = false): void {
    const formula = leaf(name, gradient);
    if (gradient) {
      this.#origins.set(formula, this.formulaOf(t));
      this.#age++;
      this.#unused.clear();
    }
    this.#formulas.set(t, formula);
    if (gradient) this.#show(t);
    if (t.dtype === "int32") this.#indices.push({ numbers: t.toArray(), formula });
  }

  /** The same as `formulaOf`, with the gradient `name` as what it was before it had its name: for a row that is compared again. */
  formulaWithout(t: Tensor, name: string): Formula {
    let formula = this.formulaOf(t);
    for (;;) {
      const own = parts(formula).find((part) => part.kind === "leaf" && part.gradient && part.name === name);
      const origin = own && this.#origins.get(own);
      if (!own || !origin || origin === own) return formula;
      formula = replaced(formula, own, origin);
    }
  }

  /** What a gradient was before it had its name. */
  originOf(gradient: Formula): Formula | undefined {
    return this.#origins.get(gradient);
  }

  /** How a tensor was computed. A tensor that no operation made is a constant. */
  formulaOf(t: Tensor): Formula {
    const known = this.#formulas.get(t);
    if (known && !this.#isChanged(t)) return known;
    const view = this.#views.get(t);
    if (!view) {
      const made = constant(t);
      this.#formulas.set(t, made);
      return made;
    }
    const from = this.formulaOf(view.base);
    if (view.from !== from) {
      view.from = from;
      view.own = this.#step(view.step[0], [from, ...view.step.slice(1)]);
    }
    return view.own!;
  }

  #show(t: Tensor): void {
    const view = this.#views.get(t);
    if (view) this.#shown.set(t, { from: this.formulaOf(view.base), numbers: t.toArray() });
  }

  /** Whether a gradient has other numbers than when it got its name, through another view of what it shows part of. */
  #isChanged(t: Tensor): boolean {
    const shown = this.#shown.get(t), from = shown && this.formulaOf(this.#views.get(t)!.base);
    if (!shown || shown.from === from) return false;
    shown.from = from!;
    if (t.toArray().every((x, i) => Object.is(x, shown.numbers[i]))) return false;
    this.#shown.delete(t);
    return this.#formulas.delete(t);
  }

  /** Whether a step was made since the last gradient got its name: it is one of the row's own lines. */
  isRecent(formula: Formula): boolean {
    return (this.#ages.get(formula) ?? this.#age) === this.#age;
  }

  /** The results since the last gradient got its name that nothing was made of, but for this one. */
  unused(but: Formula): Formula[] {
    return [...this.#unused].filter((one) => one !== but);
  }

  /** Whether a formula can be run with these indices only. */
  isFixed(formula: Formula): boolean {
    return parts(formula).some((part) => this.#fixed.has(part));
  }

  /** Whether lines since the last gradient got its name have read numbers, on which the lines that follow may hang. */
  get hasRead(): boolean {
    return this.#readAt === this.#age;
  }

  read(from: object): void {
    const t = from as Tensor;
    if (t.dtype === "int32") this.#readIndices = true;
    // A loss is read to be shown, and a constant is the same with other numbers.
    else if (t.numel() > 1 || this.formulaOf(t).kind === "step" || this.formulaOf(t) === UNKNOWN) {
      this.#readAt = this.#age;
    }
  }

  before(target: object): void {
    for (let t: Tensor | undefined = target as Tensor; t; t = this.#views.get(t)?.base) this.formulaOf(t);
  }

  made(op: string, args: readonly unknown[], result: object): void {
    try {
      this.#note(op, args, result);
    } catch {
      // Arguments of a kind that no formula holds: it is not known how this one came about.
      if (result instanceof Tensor) this.#formulas.set(result, UNKNOWN);
    }
  }

  #note(op: string, args: readonly unknown[], result: object): void {
    if (result instanceof MaxResult) {
      this.#formulas.set(result.values, this.#step(op, args));
      this.#formulas.set(result.indices, this.#step("argmax", args.slice(0, 2)));
      return;
    }
    const [self] = args, t = result as Tensor;
    if (op.endsWith("_") && self === t) {
      const made = op === "copy_" ? this.#copied(t, args[1]) : this.#step(op, args);
      this.#writeThrough(t, op, args.slice(1));
      this.#formulas.set(t, made);
      if (this.#shown.has(t)) this.#show(t);
      if (!this.#views.has(t)) this.#unused.add(made);
    } else if (self !== t) {
      if (self instanceof Tensor && sharesMemory(t, self)) {
        this.#views.set(t, { base: self, step: viewStep(op, args, t) });
        // An index that is a tensor is read.
        if (op === "at") this.#readIndices ||= args.slice(1).some((arg) => arg instanceof Tensor);
      } else {
        const made = this.#step(op, args);
        this.#formulas.set(t, made);
        this.#unused.add(made);
      }
    }
  }

  /** What a tensor is that another is copied into: that other, where it was made of this one. */
  #copied(t: Tensor, value: unknown): Formula {
    const before = this.formulaOf(t), of = value instanceof Tensor && sameKind(t, value) && this.formulaOf(value);
    return of && parts(of).includes(before) ? of : this.#step("copy_", [t, value]);
  }

  /** A change of a view in place is one of every tensor behind it. */
  #writeThrough(t: Tensor, op: string, args: readonly unknown[]): void {
    const chain: ViewStep[] = [];
    const plain = args.map((arg) => this.#argument(arg));
    for (let view = this.#views.get(t); view; view = this.#views.get(view.base)) {
      chain.unshift(view.step);
      const before = this.formulaOf(view.base);
      const views = chain.map((one) => one as readonly (string | number)[]);
      const [[name, ...how]] = chain, isReshaped = chain.length === 1 && /^(view|reshape|flatten)$/.test(name);
      if (isReshaped && op.startsWith("index_") && before.kind === "step") {
        const seen = this.#noted(step(name, before, ...how as Argument[]));
        const made = this.#noted(step(op, seen, ...plain));
        this.#formulas.set(view.base, this.#noted(step("view", made, ...view.base.shape)));
        continue;
      }
      const [inPlace, ...rest] = (op === "copy_" && changeOf(plain[0], before, chain)) || [op, ...plain];
      this.#formulas.set(view.base, this.#noted(step("write", before, views, inPlace, ...rest)));
    }
  }

  #step(op: string, args: readonly unknown[]): Formula {
    const isMask = args[0] instanceof Tensor && args[0].dtype === "bool";
    return this.#noted(plain(step(op, ...args.map((arg) => this.#argument(arg))), isMask));
  }

  /** A step with its size and its age; what is too large is not known. */
  #noted(made: Step): Formula {
    const size = { all: 1, deep: 1 };
    for (const one of operands(made)) {
      this.#unused.delete(one);
      const { all, deep } = this.#sizes.get(one) ?? { all: 1, deep: 0 };
      size.all += all;
      size.deep = Math.max(size.deep, deep + 1);
    }
    if (size.deep > DEEP || size.all > LARGE) return UNKNOWN;
    if (this.#readIndices && hasIndexNumber(made.op, made.args)) this.#fixed.add(made);
    this.#sizes.set(made, size);
    this.#ages.set(made, this.#age);
    return made;
  }

  #argument(value: unknown): Argument {
    if (value instanceof Tensor) return this.formulaOf(value);
    if (ArrayBuffer.isView(value)) return this.#list(Array.from(value as Int32Array));
    if (!Array.isArray(value)) {
      return typeof value === "object" && value !== null && "kind" in value ? (value as Formula) : (value as Options);
    }
    return value.every((x) => typeof x === "number") ? this.#list(value) : value.map((x) => this.#argument(x));
  }

  /** A list of indices: the forward pass's own where it has the same numbers. */
  #list(numbers: number[]): Argument {
    if (numbers.length < 2 || numbers.every((x, i) => x === i)) return numbers;
    const same = this.#indices.find((one) =>
      one.numbers.length === numbers.length && one.numbers.every((x, i) => x === numbers[i])
    );
    return same ? same.formula : numbers;
  }
}

/** Several operations in one call, one by one: a + alpha·b, a + value·b·c, a + b·c; and `where` with its mask first. */
function plain(made: Step, isMask: boolean): Step {
  const [a, b, c] = made.args, op = made.op.replace(/_$/, ""), added = made.op.endsWith("_") ? "add_" : "add";
  const times = (x: Argument, k: unknown) => typeof k === "number" ? step("mul", x, k) : x;
  if (op === "addcmul") {
    return { ...step(added, a, times(step("mul", b, c), (made.args[3] as Options)?.value)), call: made.op };
  }
  if (op === "index_add" && made.args.length > 4) {
    return step(made.op, a, b, c, times(made.args[3], (made.args[4] as Options).alpha));
  }
  if (op === "where" && !isMask) return step(op, b, a, c);
  if (op === "addmm") return step("add", step("matmul", b, c), a);
  if (op === "linear") return step("add", step("matmul", a, b), c);
  if ((op === "add" || op === "sub") && made.args.length > 2) return step(made.op, a, times(b, (c as Options)?.alpha));
  return made;
}

/** Steps one inside the other, and all of them written out, that nobody writes but by a loop. */
const DEEP = 300, LARGE = 10_000;

/** Where operations take indices. */
const INDICES: Readonly<Record<string, (args: readonly unknown[]) => readonly unknown[]>> = {
  at: ([_, ...index]) => index,
  index_put_: ([_, index]) => [index],
  index_add_: ([_, __, index]) => [index],
  one_hot: ([index]) => [index],
  narrow: ([_, __, first]) => [first],
};

/** What came about in a way that cannot be followed. */
export const UNKNOWN: Formula = { kind: "constant", shape: [], dtype: "float64", value: NaN, tensor: tensor([NaN]) };

/** Whether a step, or one of the views that it writes through, has indices that are numbers. */
function hasIndexNumber(op: unknown, args: readonly unknown[]): boolean {
  if (op === "write") {
    return (args[1] as readonly ViewStep[]).some(([view, ...rest]) => hasIndexNumber(view, [0, ...rest]));
  }
  return INDICES[op as string]?.(args).some(isIndexNumber) ?? false;
}

/** Whether an index is a number, or a list that only the data may have. */
function isIndexNumber(argument: unknown): boolean {
  if (!Array.isArray(argument)) return typeof argument === "number";
  const isCounted = argument.length > 1 && argument.every((x, i) => x === i);
  return !isCounted && argument.some(isIndexNumber);
}

function constant(t: Tensor): Formula {
  const { shape, dtype } = t;
  const { elements } = arrayOf(t)!.contiguous(), [value] = elements;
  if (elements.length > 0 && elements.every((x) => x === value)) return { kind: "constant", shape, dtype, value };
  return { kind: "constant", shape, dtype, value: NaN, tensor: t.clone() };
}

/** Whether a tensor shows elements of another. */
function sharesMemory(t: Tensor, of: Tensor): boolean {
  const a = arrayOf(t)!, b = arrayOf(of)!;
  if (a.block !== b.block || a.dtype !== b.dtype || b.numel === 0) return false;
  const strides = b.strides ?? [],
    reach = b.strides ? b.shape.reduce((sum, size, d) => sum + (size - 1) * strides[d], 1) : b.numel;
  return a.offset >= b.offset && a.offset < b.offset + reach * BYTES[a.dtype];
}

/** v.copy_(v.add(x)) for what is v.add_(x), which JavaScript has no += for; undefined where it is anything else. */
function changeOf(
  value: Argument,
  base: Formula,
  chain: readonly ViewStep[],
): [op: string, ...args: Argument[]] | undefined {
  if (!isFormula(value) || value.kind !== "step" || !/^(add|sub|mul|div)$/.test(value.op)) return undefined;
  const [view, ...rest] = value.args;
  let one = view;
  for (const [op, ...args] of chain.toReversed()) {
    if (!isFormula(one) || one.kind !== "step" || one.op !== op || String(one.args.slice(1)) !== String(args)) {
      return undefined;
    }
    one = one.args[0];
  }
  return one === base ? [`${value.op}_`, ...rest] : undefined;
}

/** Whether the one in place of the other is the same. */
function sameKind(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** A view as an operation that needs no other tensor. */
function viewStep(op: string, args: readonly unknown[], t: Tensor): ViewStep {
  const rest = args.slice(1).map((arg) => op === "at" && arg instanceof Tensor ? arg.item() : arg);
  if (rest.some((arg) => arg instanceof Tensor)) return [op === "expand_as" ? "expand" : "view", ...t.shape];
  return [op, ...rest];
}
