// Every formula that is one change away: what may stand at a place instead of what stands there.
//
// No rule here speaks of a layer. A change exchanges a tensor, leaves a step out or puts one in, takes another operation, another
// number, dimension or index; what the derived backward formula has is offered as a whole, piece by piece.
// Left out: changes of more than one step, and of whole arrays (rearranged.ts), what a change costs (change.ts), trying them (repair.ts) and saying them (sentences.ts).
import { isFloat } from "../../tensor/dtypes.ts";
import { numel, sameShape, type Shape } from "../../tensor/shape.ts";
import { ARRAYS } from "./operations.ts";
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  isLeaf,
  leavesIn,
  operands,
  opOf,
  type Options,
  type Point,
  sameLeaf,
  type Step,
  step,
  withArgument,
} from "./formula.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Subject } from "./subject.ts";
import { factorOf, isAmong, solvedFor, target } from "./target.ts";
import { PRODUCTS, type Site } from "./places.ts";
import { arrayChanges, EITHER, otherFactor, rearranged } from "./rearranged.ts";

const POWERS = [2, -1, 0.5, -0.5, -2, 3, -1.5, -3];
const ONE_BY_ONE = ["exp", "log", "tanh", "sqrt", "abs", "sigmoid"];
const COMPARISONS = ["gt", "lt", "ge", "le", "eq", "ne"];
/** Operations along dimensions. */
export const REDUCTIONS = new Set(["sum", "mean", "var", "max", "amax", "softmax", "log_softmax", "logsumexp"]);
/** Operations on the same operands that are taken for one another. */
const ALIKE = [EITHER, ONE_BY_ONE, COMPARISONS, ["sum", "mean", "amax", "max"], ["softmax", "log_softmax"]];

/** Operations that are put in anyway, whatever the backward formula has. */
const COMMON = /^(neg|add|sub|mul|div|pow|sum|mean|view|unsqueeze|spread|expand|expand_as|zeros_like)$/;

/** Every change at a place. */
export function* changesAt(site: Site, offers: Offers, point: Point): Generator<Change> {
  const { formula: here, parent } = site, depth = COSTS.depth * site.spine.length;
  const change: Make = (kind, by, cost, other) => ({ kind, site, by, other, cost: cost + depth });
  if (here.kind === "step") {
    yield* leftOut(here, point, change);
    yield* otherOperation(here, point, change);
    yield* otherArguments(here, offers, point, change);
    yield* otherFactor(here, offers, change);
    yield* rearranged(here, point, change);
  }
  if (offers.arrays && here.kind !== "constant") {
    const rows = isIndexOf(site) ? evaluate(parent!.args[0] as Formula, point).shape[0] : undefined;
    for (const by of arrayChanges(here, evaluate(here, point).shape, rows)) yield change("putIn", by, COSTS.array);
    if (here.kind === "step" && here.op === "index_add_") {
      yield change("operation", step("written_over", here.args[0], here.args[2], here.args[3]), COSTS.operation);
    }
  }
  if (isIndexOf(site)) {
    for (const other of offers.indices) if (isFormula(other)) yield change("instead", other, COSTS.closeTensor);
    return;
  }
  const value = attempt(() => evaluate(here, point)), shape = value?.shape, above = opOf(parent);
  const isPut = /^(index_(put|add)|write)$/.test(above);
  if (here.kind === "constant" && !here.tensor) {
    for (const x of [0, 1]) if (x !== here.value) yield change("instead", { ...here, value: x }, COSTS.closeTensor);
    for (const term of isPut ? [] : offers.terms) yield change("instead", term, COSTS.putIn);
  } else if (isPut && above !== "write" && parent!.args[0] === here) {
    yield change("instead", step("zeros_like", here), COSTS.closeTensor);
  }
  if (above === "where" && here !== parent!.args[0]) {
    for (const value of [1, 0]) {
      const number: Formula = { kind: "constant", shape: [], dtype: "float64", value };
      yield change("instead", number, COSTS.closeTensor);
    }
  }
  const others = offers.tensors.filter(({ formula }) => formula !== here && !sameLeaf(formula, here))
    .map((one) => ({ ...one, of: evaluate(one.formula, point).shape }));
  for (const { formula, close, slope, more, of } of others) {
    if (shape && !broadcastTogether(of, shape) && (site.wholeFits || !isLeaf(here))) continue;
    // A named tensor belongs to a named tensor; for a whole calculation it is rather something else that is wrong.
    const far = more +
      (here.kind === "leaf" || slope && reads(here, formula) ? 0 : here.kind === "constant" ? 0.1 : slope ? 0.15 : 0.4);
    yield change("instead", formula, (slope ? COSTS.slope : close ? COSTS.closeTensor : COSTS.tensor) + far);
  }
  if (!shape || !isFloat(value!.dtype)) return;
  yield* putIn(here, shape, offers, change, site);
  for (const { formula, close, slope, more, of } of others) {
    if (!broadcastTogether(of, shape)) continue;
    const isChainRule = close && isGradient(formula) && !leavesIn(site.all).some(isGradient);
    const cost = isChainRule
      ? COSTS.chainRule
      : more + (close || slope ? COSTS.closeFactor + (slope ? 0.05 : 0) : COSTS.factorPutIn);
    yield change("putIn", step("mul", here, formula), cost, formula);
    yield change("putIn", step("div", here, formula), cost + COSTS.divisor, formula);
    for (const op of slope ? [] : ["add", "sub"]) {
      yield change("putIn", step(op, here, formula), COSTS.summand, formula);
    }
  }
  // A step of the backward formula of which this is an operand.
  for (const one of here.kind === "constant" ? [] : offers.steps.filter(({ op }) => !COMMON.test(op))) {
    for (const [k, operand] of operands(one).entries()) {
      if (operand === here || !isEqual(value!, evaluate(operand, point))) continue;
      let i = 0;
      yield change("putIn", exchanged(one, (part) => i++ === k ? here : part), COSTS.rule);
    }
  }
  // What stands there is added to the rest, so that a term may be missing beside it.
  const isSummand = here.kind !== "constant" && isAdded(site);
  for (const term of isSummand ? offers.terms : []) {
    if (!sameShape(evaluate(term, point).shape, shape)) continue;
    yield change("term", step("add", here, term), COSTS.term, term);
  }
}

const isGradient = (one: Formula) => one.kind === "leaf" && one.gradient;

/** Whether both read the same tensors: then the one is rather taken for the other. */
function reads(a: Formula, b: Formula): boolean {
  const names = (one: Formula) => [...new Set(leavesIn(one).map(({ name }) => name))].sort().join();
  return names(a) === names(b);
}

/** The step without itself: what it was called on, or another of its operands. */
function* leftOut(here: Step, point: Point, change: Make): Generator<Change> {
  const shape = attempt(() => evaluate(here, point).shape);
  const said = here.args.filter((one) =>
    one !== undefined && (typeof one !== "object" || isFormula(one) || Array.isArray(one))
  );
  for (const [k, kept] of operands(here).entries()) {
    const own = evaluate(kept, point).shape,
      isSmall = shape && numel(own) < numel(shape) && broadcastTogether(own, shape);
    const by = isSmall && EITHER.includes(opOf(here)) ? step("spread", kept, ...shape) : kept;
    yield change("leftOut", by, COSTS.leftOut + (k === 0 ? 0 : 0.02), said[k === 0 ? 1 : 0]);
  }
}

/** Another operation on the same operands. */
export function* otherOperation(here: Step, point: Point, make: Make): Generator<Change> {
  const { args } = here,
    op = opOf(here),
    [a, b] = args,
    change = (by: Formula) => make("operation", by, COSTS.operation);
  for (const other of ALIKE.find((alike) => alike.includes(op)) ?? []) {
    if (other === op || other === "max" || EITHER.includes(op) && args.length > 2) continue;
    // Nobody takes 1 − x for 1 / x.
    const isFar = EITHER.includes(op) && !isFormula(a) && /add|sub/.test(op) !== /add|sub/.test(other);
    if (!isFar) yield change(step(other, ...args));
  }
  if (EITHER.includes(op) && isFormula(b)) {
    if (op === "sub" || op === "div") yield change(step(op, b, a));
    if (isFormula(a)) { for (const by of products(a, b, point)) yield change(by); }
  }
  if (op === "matmul" || op === "mm" || op === "bmm") {
    for (const by of products(a as Formula, b as Formula, point)) yield change(by);
    yield change(step("mul", a, b));
  }
  if (op === "written_over") yield change(step("index_add_", a, 0, b, args[2]));
  if ((op === "view" || op === "reshape" || op === "T") && evaluate(a as Formula, point).shape.length === 2) {
    yield change(op === "T" ? step("view", a, ...evaluate(here, point).shape) : step("T", a));
  }
}

/** Matrix products of two formulas, each either way round. */
function products(a: Formula, b: Formula, point: Point): Formula[] {
  const rank = (x: Formula) => evaluate(x, point).shape.length;
  if (rank(a) < 2 || rank(b) < 2) return [];
  const turned = (x: Formula): Formula => {
    const [of, i, j] = x.kind === "step" ? x.args : [], n = rank(x);
    const isLast = [i, j].every((d) => typeof d === "number" && (d + n) % n >= n - 2);
    if (opOf(x) === "T" || opOf(x) === "transpose" && isLast) return of as Formula;
    return n === 2 ? step("T", x) : step("transpose", x, n - 2, n - 1);
  };
  const sides = [[a, b], [turned(a), b], [a, turned(b)], [turned(a), turned(b)]];
  return sides.flatMap(([x, y]) => [step("matmul", x, y), step("matmul", y, x)]);
}

/** Operations whose numbers are no numbers to be calculated with, but sizes and places. */
const SIZES = /^(view|reshape|one_hot|unsqueeze|expand|transpose|write|spread)$/;

/** The same operation with another number, dimension, option or index. */
export function* otherArguments(here: Step, offers: Offers, point: Point, make: Make): Generator<Change> {
  const { args } = here, op = opOf(here), [x, dim, options] = args;
  const change = (by: Formula, more = 0, was?: Argument) => make("argument", by, COSTS.argument + more, was);
  if (REDUCTIONS.has(op)) {
    const { shape } = evaluate(x as Formula, point), keeps = op !== "softmax" && op !== "log_softmax";
    for (const other of dimensionsOf(shape.length)) {
      // Along these a reduction only takes what is there.
      const isNothing = (other === undefined ? shape : [other as number].flat().map((d) => shape[d])).every((n) =>
        n === 1
      );
      if (isNothing && String(other) !== String(dim)) continue;
      for (const keepdim of !keeps ? [undefined] : other === undefined ? [false] : [true, false]) {
        yield change(step(here.op, x, other, { ...options as Options, ...(keeps ? { keepdim } : {}) }));
      }
    }
    for (const correction of op === "var" ? [0, 1] : []) {
      yield change(step(here.op, x, dim, { ...options as Options, correction }));
    }
    return;
  }
  for (const [k, argument] of args.entries()) {
    if (op === "index_put" && k === 1 && Array.isArray(argument)) {
      for (const j of argument.keys()) {
        for (const index of offers.indices) yield change(withArgument(here, k, argument.with(j, index)), 0.05);
      }
      if (argument.length === 2) yield change(withArgument(here, k, argument.toReversed()), 0.02);
    }
    if (INDEXED.test(op) && isList(argument)) {
      for (const index of offers.indices) {
        const isOther = !isList(index) || index.length === argument.length && index.join() !== argument.join();
        if (isOther) yield change(withArgument(here, k, index), 0.05);
      }
    }
    if (typeof argument !== "number" || SIZES.test(op) || Object.hasOwn(ARRAYS, op)) continue;
    if (op === "narrow" || op === "at") {
      const places = new Set([0, argument - 1, argument + 1, ...offers.numbers]);
      for (const i of op === "at" || k > 1 ? places : []) {
        if (Number.isInteger(i) && i >= 0 && i !== argument) yield change(withArgument(here, k, i), 0, argument);
      }
      continue;
    }
    const n = argument,
      isSummand = op === "add" || op === "sub",
      isComparison = COMPARISONS.includes(op);
    const inverse = isSummand || isComparison ? [] : [1 / n, -1 / n];
    const near = [...isComparison ? [0] : op === "pow" ? POWERS : [], -n, ...inverse, n + 1, n - 1];
    for (const other of new Set([...near, ...offers.lineNumbers])) {
      if (other === n || !Number.isFinite(other) || isNeutral(op, other)) continue;
      // The same number with a minus goes with it: clamp(−1, 1).
      const both = { ...here, args: args.map((x, j) => j === k ? other : x === -n ? -other : x) };
      if (isComparison && isUniform(evaluate(both, point))) continue;
      yield change(both, near.includes(other) ? 0 : 0.02, n);
    }
    for (const { formula, close, slope } of op === "pow" ? [] : offers.tensors) {
      if (close) yield make("argument", withArgument(here, k, formula), COSTS.closeTensor + 0.12, n);
      if (slope && (op === "mul" || op === "div")) {
        yield make("argument", withArgument(here, k, formula), COSTS.slope + 0.15, n);
      }
      if (isSummand && (close || slope)) {
        yield make("argument", withArgument(here, k, step("mul", formula, n)), COSTS.closeFactor + 0.1, n);
      }
    }
  }
}

/** The same operation with the number that makes the whole right. */
export function* withNumber(site: Site, { target, offers }: Subject, point: Point): Generator<Change> {
  const { formula: here, spine } = site, op = opOf(here), args = here.kind === "step" ? here.args : [];
  for (const [k, n] of args.entries()) {
    if (typeof n !== "number" || SIZES.test(op) || NO_FACTORS.test(op)) continue;
    const x = solvedFor(site, k, point, target);
    if (x === undefined || isNeutral(op, x)) continue;
    const isSize = isAmong(x, ...offers.numbers);
    const isLikely = isAmong(x, ...offers.lineNumbers) || isUnit(n) && isUnit(x) && isSize;
    const sign = x * n < 0 && !isLikely ? COSTS.second : 0;
    const cost = COSTS.argument + (isLikely ? 0.02 : isSize ? COSTS.sizeNumber : COSTS.anyNumber) + sign +
      COSTS.depth * spine.length;
    yield { kind: "argument", site, by: withArgument(here as Step, k, x), other: n, cost };
  }
}

/** Operations that take a list of indices. */
const INDEXED = /^(at|one_hot|index_add)$/;

const isList = (argument: Argument): argument is readonly number[] =>
  Array.isArray(argument) && argument.every((x) => typeof x === "number");

/** Whether all elements are the same. */
function isUniform(t: Tensor): boolean {
  const [x, ...more] = t.toArray();
  return more.every((y) => y === x);
}

/** Operations whose numbers are neither factors nor summands. */
const NO_FACTORS = new RegExp(`^(pow|at|narrow|${[...REDUCTIONS, ...Object.keys(ARRAYS)].join("|")})$`);

/** Whether a number is n or 1/n, or that with a minus. */
const isUnit = (x: number) => isAmong(x, Math.round(x)) || isAmong(1 / x, Math.round(1 / x));

/** Whether a step does nothing with this number, up to a sign: that is a step left out. */
function isNeutral(op: string, x: number): boolean {
  const is = (y: number) => Math.abs(x - y) < 1e-9;
  return op === "pow" ? is(1) : /^(mul|div)$/.test(op) ? is(1) || is(-1) : /^(add|sub)$/.test(op) && is(0);
}

/** What a reduction may go along: each dimension, two of them, all. */
function dimensionsOf(rank: number): Argument[] {
  const one = [0, 1, 2, 3].slice(0, rank);
  const two = rank > 2 ? one.flatMap((i) => one.filter((j) => j > i).map((j) => [i, j])) : [];
  return [...one, ...two, undefined];
}

/** A step put in around what stands there. */
function* putIn(here: Formula, shape: Shape, offers: Offers, make: Make, site: Site): Generator<Change> {
  const change = (cost: number, op: string, ...args: Argument[]) => make("putIn", step(op, here, ...args), cost);
  const rank = shape.length;
  // Inside a function it is rather something else.
  const inSum = site.spine.every((part) =>
    PRODUCTS.test(opOf(part)) || /^(add|sub|matmul|transpose)$/.test(opOf(part))
  );
  if (!COMPARISONS.includes(opOf(site.parent))) yield change(COSTS.sign + (inSum ? 0 : 0.15), "neg");
  // Where the whole has its shape already, a sum is hardly what is missing.
  const reduction = site.wholeFits ? COSTS.elementwise + 0.1 : COSTS.putIn - 0.1;
  for (const dim of rank === 0 ? [] : dimensionsOf(rank)) {
    for (const keepdim of [true, false]) {
      yield change(reduction, "sum", dim, { keepdim });
      yield change(reduction + 0.02, "mean", dim, { keepdim });
    }
    if (typeof dim === "number") yield change(COSTS.elementwise, "softmax", dim);
  }
  if (rank < 4 && rank > 0) { for (let d = 0; d <= rank; d++) yield change(COSTS.putIn - 0.02, "unsqueeze", d); }
  if (rank === 2) yield change(COSTS.putIn, "T");
  const last = [rank - 2, rank - 1], pairs = rank > 3 ? [last, [0, 1], [0, 2], [1, 2]] : [last, [0, 1], [0, 2]];
  for (const [i, j] of rank > 2 ? pairs : []) yield change(COSTS.putIn, "transpose", i, j);
  if (!sameShape(shape, offers.shape)) {
    yield change(COSTS.putIn - 0.05, "view", ...offers.shape);
    if (broadcastTogether(offers.shape, shape)) yield change(COSTS.putIn, "expand", ...offers.shape);
  }
  for (const index of offers.picks) {
    for (const x of [-1, 1, ...offers.numbers.filter((x) => Math.abs(x) < 1)]) {
      yield change(COSTS.putIn, "index_put_", index, x, { accumulate: true });
    }
  }
  // The derivative of 1/x is −1/x².
  const isDivisor = opOf(site.parent) === "div" && site.parent!.args[1] === here;
  for (const power of POWERS) yield change(isDivisor && power === 2 ? COSTS.leftOut : COSTS.elementwise, "pow", power);
  for (const op of ONE_BY_ONE) {
    yield change(here.kind === "leaf" && offers.functions.has(op) ? COSTS.function : COSTS.elementwise, op);
  }
  yield make("putIn", step("sub", 1, here), COSTS.elementwise);
  for (const x of offers.lineNumbers) if (Math.abs(x) < 0.05) yield change(COSTS.elementwise, "add", x);
  // Elsewhere a factor is one of the whole, or stands there with another number.
  const hasNumber = /^(mul|div)$/.test(opOf(here)) && (here as Step).args.some((one) => typeof one === "number");
  if (!hasNumber && !site.spine.every((part) => PRODUCTS.test(opOf(part)))) {
    for (const { op, by } of offers.factors) yield change(COSTS.number, op, by);
  }
}

/** Whether what stands at a place is added to the rest, and not subtracted. */
function isAdded({ spine, hole }: Site): boolean {
  let below = hole, isNegative = false;
  for (const part of spine) {
    if (opOf(part) === "neg" || opOf(part) === "sub" && (part as Step).args[1] === below) isNegative = !isNegative;
    below = part;
  }
  return !isNegative && spine.every((part) => /^(add|sub|neg|clone|view|reshape|spread)$/.test(opOf(part)));
}

/** Whether two tensors have the same numbers, but for rounding. */
function isEqual(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && factorOf(a, target(b)) === 1;
}

/** Whether the place holds an index. */
function isIndexOf({ parent, formula }: Site): boolean {
  const k = parent?.args.indexOf(formula) ?? -1, op = opOf(parent);
  if (op === "index_put") return [parent!.args[1]].flat().includes(formula) && k === -1;
  return op === "one_hot" && k === 0 || op === "at" && k > 0 || op === "index_add" && k === 2;
}

/** Whether tensors of these shapes may be broadcast together, and so the one may stand where the other does. */
function broadcastTogether(a: Shape, b: Shape): boolean {
  const end = Math.min(a.length, b.length), x = a.slice(a.length - end), y = b.slice(b.length - end);
  return x.every((n, d) => n === y[d] || n === 1 || y[d] === 1);
}
