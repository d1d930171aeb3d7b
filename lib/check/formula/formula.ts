// How a tensor was computed, as data: a tree of operations over named tensors, which can be run again on other numbers.
//
//     bnraw.mul(dh).sum(0, { keepdim: true })  is  step("sum", step("mul", leaf("bnraw"), leaf("dh")), 0, { keepdim: true })
//
// Left out: where formulas come from (record.ts, derive.ts) and how they are written (notation.ts).
import { full } from "../../tensor/creation.ts";
import type { DType } from "../../tensor/ndarray.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { apply } from "./operations.ts";

/** A tensor by name: of the forward pass, or a gradient, which begins with d and is one. */
export interface Leaf {
  readonly kind: "leaf";
  readonly name: string;
  /** Whether it is a gradient of the loss. */
  readonly gradient: boolean;
}

/** One number everywhere, or a tensor whose numbers came from nowhere: then `tensor` has them. */
interface Constant {
  readonly kind: "constant";
  readonly shape: Shape;
  readonly dtype: DType;
  readonly value: number;
  readonly tensor?: Tensor;
}

/** An operation on formulas, numbers and options. */
export interface Step {
  readonly kind: "step";
  readonly op: string;
  readonly args: readonly Argument[];
  /** The method that was called, where one call is several steps. */
  readonly call?: string;
}

/** How a tensor was computed. */
export type Formula = Leaf | Constant | Step;

/** What an operation is called on or with. */
export type Argument = Formula | number | string | boolean | undefined | readonly Argument[] | Options;

/** Options by name. */
export interface Options {
  readonly [name: string]: Argument;
}

/** Numbers for the leaves, and what has been computed of them. */
export interface Point {
  /** Tensors by name, gradients as `dname`. */
  readonly leaves: ReadonlyMap<string, Tensor>;
  /** Values of formulas. They live as long as the point does. */
  readonly values: Map<Formula, Tensor>;
}

/** A named tensor. */
export function leaf(name: string, gradient = false): Leaf {
  return { kind: "leaf", name, gradient };
}

/** An operation. */
export function step(op: string, ...args: Argument[]): Step {
  return { kind: "step", op, args };
}

/** A step's operation, in place or not; "" for what is no step. */
export function opOf(argument: Argument): string {
  return isFormula(argument) && argument.kind === "step" ? argument.op.replace(/_$/, "") : "";
}

/** A step with another argument in one place. */
export function withArgument(of: Step, k: number, by: Argument): Step {
  return { ...of, args: of.args.map((one, i) => i === k ? by : one) };
}

/** What comes of some work with a formula; undefined where it cannot be run with these tensors. */
export function attempt<T>(work: () => T): T | undefined {
  // Nobody reads where it was thrown, and writing that down takes longer than the work.
  const errors = Error as { stackTraceLimit?: number }, limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    return work();
  } catch {
    return undefined;
  } finally {
    errors.stackTraceLimit = limit;
  }
}

/** Whether an argument is a named tensor. */
export function isLeaf(argument: Argument): argument is Leaf {
  return isFormula(argument) && argument.kind === "leaf";
}

/** Whether both are the same named tensor. */
export function sameLeaf(a: Argument, b: Argument): boolean {
  return isLeaf(a) && isLeaf(b) && a.name === b.name;
}

/** The sum of several; undefined where there are none. */
export function sumOf(terms: readonly Formula[]): Formula | undefined {
  const added = (sum: Formula, term: Formula) =>
    opOf(term) === "neg" ? step("sub", sum, operands(term)[0]) : step("add", sum, term);
  return terms.length === 0 ? undefined : terms.reduce(added);
}

/** The steps in a formula, each once. */
export function stepsIn(formula: Formula): Step[] {
  return parts(formula).filter((part) => part.kind === "step");
}

/** Whether a formula writes into more places than so many. */
export function hasWrites(formula: Formula, than = 0): boolean {
  return stepsIn(formula).filter(({ op }) => op === "write").length > than;
}

/** The named tensors that a formula reads. */
export function leavesIn(formula: Formula): Leaf[] {
  return parts(formula).filter(isLeaf);
}

/** Whether an argument is a formula. */
export function isFormula(argument: Argument): argument is Formula {
  return typeof argument === "object" && argument !== null && typeof (argument as Formula).kind === "string";
}

/** The formulas that an operation's numbers come from, lists looked into: none of those that it takes only the shape of. */
export function operands(formula: Formula): Formula[] {
  if (formula.kind === "step" && formula.op === "zeros_like") return [];
  const within = (argument: Argument): Formula[] =>
    isFormula(argument) ? [argument] : Array.isArray(argument) ? argument.flatMap(within) : [];
  return formula.kind === "step" ? formula.args.flatMap(within) : [];
}

/** The same step with some of its formulas exchanged; itself if none is. */
export function exchanged(formula: Formula, by: (operand: Formula) => Formula): Formula {
  if (formula.kind !== "step") return formula;
  let changed = false;
  const one = (argument: Argument): Argument => {
    if (Array.isArray(argument)) return argument.some((x) => typeof x === "object") ? argument.map(one) : argument;
    if (!isFormula(argument)) return argument;
    const other = by(argument);
    changed ||= other !== argument;
    return other;
  };
  const args = formula.args.map(one);
  return changed ? { ...formula, args } : formula;
}

/** Every formula in this one, each once, operands before what is made of them. */
export function parts(formula: Formula): Formula[] {
  const seen = new Set<Formula>();
  const visit = (one: Formula) => {
    if (seen.has(one)) return;
    operands(one).forEach(visit);
    seen.add(one);
  };
  visit(formula);
  return [...seen];
}

/** A formula with another in the place of one of its parts, wherever that stands. */
export function replaced(formula: Formula, part: Formula, by: Formula): Formula {
  return replacedAll(formula, new Map([[part, by]]));
}

/** A formula with others in the place of several of its parts. */
export function replacedAll(formula: Formula, others: ReadonlyMap<Formula, Formula>): Formula {
  const done = new Map(others);
  const visit = (one: Formula): Formula => {
    const known = done.get(one);
    if (known) return known;
    const made = exchanged(one, visit);
    done.set(one, made);
    return made;
  };
  return visit(formula);
}

/** A formula in float64 all through: without its conversions to float32, and with its float32 tensors as float64. */
export function withoutFloat32(formula: Formula): Formula {
  const narrows = (part: Formula): part is Step =>
    part.kind === "step" && (part.op === "float" || (part.op === "to" && part.args[1] === "float32"));
  const visit = (one: Formula): Formula => {
    if (one.kind === "constant" && one.dtype === "float32") {
      return { ...one, value: wide(one.value), dtype: "float64", tensor: one.tensor?.double() };
    }
    return narrows(one) ? visit(one.args[0] as Formula) : exchanged(one, visit);
  };
  return visit(formula);
}

/** The number that was written, of which float32 has seven digits: a short one, or a fraction. */
function wide(x: number): number {
  const isThat = (y: number) => Math.fround(y) === Math.fround(x), short = Number(x.toPrecision(7));
  for (let q = 1; q <= 1000; q++) {
    const y = Math.round(x * q) / q;
    if (y !== 0 && isThat(y)) return y;
  }
  return isThat(short) ? short : x;
}

/** The value of a formula at a point, which keeps it. */
export function evaluate(formula: Formula, point: Point): Tensor {
  const known = point.values.get(formula);
  if (known) return known;
  const value = computed(formula, (part) => evaluate(part, point), point);
  point.values.set(formula, value);
  return value;
}

/** How many operations have been run, on any numbers: that is what a search costs, on every machine. */
export const operations = { run: 0 };

/** The value of a formula whose parts have values already. */
export function computed(formula: Formula, valueOf: (part: Formula) => Tensor, point: Point): Tensor {
  switch (formula.kind) {
    case "leaf": {
      const value = point.leaves.get(formula.name);
      if (!value) throw new ReferenceError(`No tensor ${formula.name} is known.`);
      return value;
    }
    case "constant":
      return formula.tensor ?? full([...formula.shape], formula.value, { dtype: formula.dtype });
    case "step":
      operations.run++;
      return apply(formula.op, formula.args.map((argument) => filled(argument, valueOf)));
  }
}

/** An argument with tensors in the place of its formulas. */
function filled(argument: Argument, valueOf: (part: Formula) => Tensor): unknown {
  if (isFormula(argument)) return valueOf(argument);
  if (!Array.isArray(argument)) return argument;
  return argument.some((x) => typeof x === "object") ? argument.map((x) => filled(x, valueOf)) : argument;
}

/**
 * Whether the numbers of a formula hang on numbers that no operation made: then it cannot be run on others. `constants` are
 * numbers of the network itself, and `tables` the tensors that its lines read without a name.
 */
export function isOpaque(formula: Formula, constants: readonly number[], tables: readonly Tensor[]): boolean {
  const isMeasured = (argument: Argument): boolean => {
    if (typeof argument === "number") return !isWritten(argument) && !constants.some((k) => isWritten(argument / k));
    if (Array.isArray(argument)) return argument.length <= 8 && argument.some(isMeasured);
    return typeof argument === "object" && !isFormula(argument) && Object.values(argument).some(isMeasured);
  };
  return parts(formula).some((part) => {
    if (part.kind !== "constant") return part.kind === "step" && part.args.some(isMeasured);
    return part.tensor
      ? !tables.some((table) => table.equal(part.tensor!))
      : isMeasured(part.dtype === "float32" ? wide(part.value) : part.value);
  });
}

/**
 * Whether somebody may have written this number, 1 / 31 or 1e-5 or Math.sqrt(2 / Math.PI), or it was read off a tensor: then it
 * would be another on other numbers.
 */
function isWritten(x: number): boolean {
  if (!Number.isFinite(x) || x === Number(x.toPrecision(6))) return true;
  const ratio = (y: number) => fraction(Math.abs(y), 4e-15, 1e9, 20_000) !== undefined;
  return ratio(x) || ratio(x / Math.PI) || ratio(x * Math.PI) || ratio(x * x) || ratio(x * x * Math.PI) ||
    ratio(x * x / Math.PI);
}

/**
 * The positive number as the least fraction that is so near, relative to it; undefined if its numbers would be larger than these.
 * One that is nearer than 1/(2q²) is a convergent of the continued fraction (Legendre 1798).
 */
export function fraction(x: number, near: number, most: number, mostBelow = most): [p: number, q: number] | undefined {
  let [p, q, before, beforeBelow, rest] = [Math.floor(x), 1, 1, 0, x];
  while (p <= most && q <= mostBelow) {
    if (p > 0 && Math.abs(x - p / q) <= near * x) return [p, q];
    rest = 1 / (rest - Math.floor(rest));
    const whole = Math.floor(rest);
    [p, q, before, beforeBelow] = [whole * p + before, whole * q + beforeBelow, p, q];
  }
}
