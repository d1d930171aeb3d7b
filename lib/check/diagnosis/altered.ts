// The same step otherwise: another operation on the same operands, another dimension, option, index or number.
// Left out: a step more or less, and other tensors (changes.ts).
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type Argument,
  evaluate,
  type Formula,
  isFormula,
  opOf,
  type Options,
  type Point,
  type Step,
  step,
  withArgument,
} from "../formula/formula.ts";
import { ARRAYS } from "../formula/operations.ts";
import { type Change, COSTS, isSlice, type Make, type Offers } from "./change.ts";
import { movedTo } from "./loops.ts";
import { PRODUCTS, type Site } from "./places.ts";
import type { Subject } from "./subject.ts";
import { isAmong, type Probe, probe, solvedFor, withNumberAt } from "./target.ts";

/** Operations on two operands of any kind. */
export const EITHER = ["add", "sub", "mul", "div"];
/** Functions of each element. */
export const ONE_BY_ONE = ["exp", "log", "tanh", "sqrt", "abs", "sigmoid"];
/** Operations that make masks. */
export const COMPARISONS = ["gt", "lt", "ge", "le", "eq", "ne"];
/** Each the other way round. */
const MIRRORED: Readonly<Record<string, string>> = { gt: "lt", lt: "gt", ge: "le", le: "ge", eq: "ne", ne: "eq" };
/** Exponents that occur in derivatives. */
export const POWERS = [2, -1, 0.5, -0.5, -2, 3, -1.5, -3];
/** Operations along dimensions. */
export const REDUCTIONS = new Set(["sum", "mean", "var", "max", "amax", "softmax", "log_softmax", "logsumexp"]);
/** Operations on the same operands that are taken for one another. */
const ALIKE = [EITHER, ONE_BY_ONE, COMPARISONS, ["sum", "mean", "amax", "max"], ["softmax", "log_softmax"]];
/** Operations whose numbers are no numbers to be calculated with, but sizes and places. */
const SIZES = /^(view|reshape|one_hot|unsqueeze|cat|stack|expand|transpose|write|spread)$/;
/** Operations whose numbers are neither factors nor summands. */
const NO_FACTORS = new RegExp(`^(pow|at|narrow|${[...REDUCTIONS, ...Object.keys(ARRAYS)].join("|")})$`);
/** Operations that take a list of indices. */
const INDEXED = /^(at|one_hot|index_add)$/;

/** Another operation on the same operands. */
export function* otherOperation(here: Step, offers: Offers, point: Point, make: Make): Generator<Change> {
  const { args: [a, b, ...more], args } = here, op = opOf(here);
  const change = (by: Formula, more = 0) => make("operation", by, COSTS.operation + more);
  for (const other of ALIKE.find((alike) => alike.includes(op)) ?? []) {
    if (other === op || other === "max" || EITHER.includes(op) && more.length > 0) continue;
    // Nobody takes 1 − x for 1 / x.
    const isFar = EITHER.includes(op) && !isFormula(a) && /add|sub/.test(op) !== /add|sub/.test(other);
    // The wrong way round is nearer than no mask at all, and a function that no line has is far; σ is the slope of several.
    const isUnknown = ONE_BY_ONE.includes(other) && other !== "sigmoid" && !offers.functions.has(other);
    const far = MIRRORED[op] === other ? -COSTS.index : isUnknown ? COSTS.second : 0;
    if (!isFar) yield change(step(other, ...args), far);
  }
  // Each element by itself for all along a dimension
  const rank = op === "exp" || op === "sigmoid" ? evaluate(here, point).shape.length : 0;
  for (let dim = 0; dim < rank; dim++) yield change(step("softmax", a, dim), COSTS.softmax);
  if (op === "softmax") yield change(step("sigmoid", a), COSTS.softmax);
  if (EITHER.includes(op) && isFormula(b)) {
    if (op === "sub" || op === "div") yield change(step(op, b, a));
    if (isFormula(a)) { for (const by of products(a, b, point)) yield change(by); }
  }
  if (op === "matmul" || op === "mm" || op === "bmm") {
    for (const by of products(a as Formula, b as Formula, point)) yield change(by);
    yield change(step("mul", a, b));
  }
  // One of them for all of them, and the other way round
  for (const picked of REDUCTIONS.has(op) && typeof b === "number" ? offers.parts : []) {
    if (picked.findIndex((x) => typeof x === "number") === b) yield change(step("at", a, ...picked));
  }
  const places = op === "at" ? here.args.slice(1) : [], dim = places.findIndex((x) => typeof x === "number");
  if (dim >= 0 && places.every((x, d) => x === ":" || d === dim)) yield change(step("sum", a, dim));
  if (op === "written_over") yield change(step("index_add_", a, 0, b, more[0]));
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

/** The same operation with another number, dimension, option or index. */
export function* otherArguments(here: Step, offers: Offers, point: Point, make: Make): Generator<Change> {
  const op = opOf(here);
  const change = (by: Formula, more = 0, was?: Argument) => make("argument", by, COSTS.argument + more, was);
  if (REDUCTIONS.has(op)) return yield* otherDimensions(here, point).map((by) => change(by));
  for (const call of offers.calls) {
    if (call.op === op) yield change(step(here.op, here.args[0], ...call.args.slice(1)), COSTS.index);
  }
  for (const [k, argument] of here.args.entries()) {
    for (const by of otherIndices(here, k, offers)) yield change(by, COSTS.index);
    if (op === "at" && isSlice(argument)) {
      for (const slice of [...offers.slices, ...movedBy(argument)]) {
        if (slice !== argument) yield change(withArgument(here, k, slice), 0, argument);
      }
    }
    if (/^(unsqueeze|cat|stack)$/.test(op) && k === 1) {
      const rank = evaluate(here, point).shape.length;
      for (let dim = 0; dim < rank; dim++) if (dim !== argument) yield change(withArgument(here, 1, dim));
    }
    // Of another dimension
    if (op === "at" && typeof argument === "number" && here.args.length === k + 1) {
      const rank = evaluate(here.args[0] as Formula, point).shape.length;
      for (let dim = 0; dim < rank && here.args.slice(1, k).every((one) => one === ":"); dim++) {
        if (dim !== k - 1) yield change(step("at", here.args[0], ...Array(dim).fill(":"), argument));
      }
    }
    if (typeof argument !== "number" || SIZES.test(op) || Object.hasOwn(ARRAYS, op)) continue;
    if (op === "narrow" || op === "at") {
      const places = op === "at" || k > 1 ? [0, argument - 1, argument + 1, ...offers.numbers] : [];
      for (const i of new Set(places)) {
        if (Number.isInteger(i) && i >= 0 && i !== argument) yield change(withArgument(here, k, i), 0, argument);
      }
    } else yield* otherNumbers(here, k, offers, point, make);
  }
}

/** The slices beside one that has an end: by one, and by as many as it is long. */
function movedBy(slice: string): string[] {
  return slice.endsWith(":") ? [] : [1, -1].flatMap((way) => [
    movedTo(slice, (first) => first + way),
    movedTo(slice, (first, length) => first + way * length),
  ]);
}

/** A reduction over other dimensions, with them kept or not. */
function otherDimensions(here: Step, point: Point): Step[] {
  const [x, dim, options] = here.args, { shape } = evaluate(x as Formula, point), op = opOf(here);
  const others = dimensionsOf(shape.length).flatMap((other) => {
    // Along these a reduction only takes what is there.
    const isNothing = (other === undefined ? shape : [other].flat().map((d) => shape[d as number])).every((n) =>
      n === 1
    );
    if (isNothing && String(other) !== String(dim)) return [];
    if (op === "softmax" || op === "log_softmax") return [step(here.op, x, other)];
    const kept = other === undefined ? [false] : [true, false];
    // Counted from the end, where the learner does
    const counted = typeof dim === "number" && dim < 0 && typeof other === "number" ? other - shape.length : other;
    return kept.map((keepdim) => step(here.op, x, counted, { ...options as Options, keepdim }));
  });
  const corrections = op === "var" ? [0, 1] : [];
  return [...others, ...corrections.map((correction) => step(here.op, x, dim, { ...options as Options, correction }))];
}

/** What a reduction may go along: one dimension, several, all. */
export function dimensionsOf(rank: number): Argument[] {
  const some = Array.from(
    { length: 2 ** Math.min(rank, 4) - 1 },
    (_, bits) => [0, 1, 2, 3].filter((d) => bits >> d & 1),
  );
  const several = some.slice(1).sort((a, b) => a.length - b.length);
  return [...rank === 1 ? [0] : several.map((dims) => dims.length === 1 ? dims[0] : dims), undefined];
}

/** Other lists of indices, or rows and columns exchanged. */
function otherIndices(here: Step, k: number, { indices }: Offers): Step[] {
  const argument = here.args[k], op = opOf(here);
  if (op === "index_put" && k === 1 && Array.isArray(argument)) {
    const exchanged = argument.length === 2 ? [argument.toReversed()] : [];
    const others = argument.flatMap((_, j) => indices.map((index) => argument.with(j, index)));
    return [...exchanged, ...others].map((by) => withArgument(here, k, by));
  }
  if (!INDEXED.test(op) || !isList(argument)) return [];
  const isOther = (index: Argument) =>
    !isList(index) || index.length === argument.length && index.join() !== argument.join();
  return indices.filter(isOther).map((index) => withArgument(here, k, index));
}

const isList = (argument: Argument): argument is readonly number[] =>
  Array.isArray(argument) && argument.every((x) => typeof x === "number");

/** Another number that is near this one or in the lines around; or a tensor, with the number or in its place. */
function* otherNumbers(here: Step, k: number, offers: Offers, point: Point, make: Make): Generator<Change> {
  const { args } = here, n = args[k] as number, op = opOf(here);
  const isSummand = op === "add" || op === "sub", isComparison = COMPARISONS.includes(op);
  const inverse = isSummand || isComparison ? [] : [1 / n, -1 / n];
  const near = [
    ...isComparison || /^tri[lu]$/.test(op) ? [0] : op === "pow" ? POWERS : [],
    -n,
    ...inverse,
    n + 1,
    n - 1,
  ];
  for (const other of new Set([...near, ...offers.lineNumbers])) {
    if (other === n || !Number.isFinite(other) || isNeutral(op, other)) continue;
    const both = withNumberAt(here, k, other);
    if (isComparison && isUniform(evaluate(both, point))) continue;
    yield make("argument", both, COSTS.argument + (near.includes(other) ? 0 : 0.02), n);
  }
  for (const { formula, close, slope } of op === "pow" ? [] : offers.tensors) {
    const change = (by: Formula, cost: number) => make("argument", withArgument(here, k, by), cost, n);
    if (close) yield change(formula, COSTS.closeTensor + 0.12);
    if (slope && (op === "mul" || op === "div")) yield change(formula, COSTS.slope + 0.15);
    if (isSummand && (close || slope)) yield change(step("mul", formula, n), COSTS.closeFactor + 0.1);
  }
}

/** Whether it is a product with a number, or a quotient. */
export function hasNumber(formula: Formula): boolean {
  return /^(mul|div)$/.test(opOf(formula)) && (formula as Step).args.some((one) => typeof one === "number");
}

/** Probes of the numbers of the step at a place, and of a factor that it may lack. */
export function probesAt(site: Site, point: Point): Probe[] {
  const { formula: here, spine, parent } = site, op = opOf(here), args = here.kind === "step" ? here.args : [];
  // Elsewhere a factor is one of the whole, or stands there with another number.
  const mayLack = !hasNumber(here) && !spine.every((part) => PRODUCTS.test(opOf(part))) &&
    !COMPARISONS.includes(opOf(parent));
  const lacking = mayLack ? [probe({ ...site, formula: step("mul", here, 1) }, 1, point, here)] : [];
  const own = SIZES.test(op) || NO_FACTORS.test(op)
    ? []
    : args.map((n, k) => typeof n === "number" ? probe(site, k, point) : undefined);
  return [...own, ...lacking].filter((one) => one !== undefined);
}

/** The same operation with the number that makes the whole right. */
export function withNumber(from: Probe, { target, offers }: Subject): Change | undefined {
  const { site, k, without } = from,
    here = site.formula as Step,
    n = here.args[k] as number,
    x = solvedFor(from, target);
  // With 0 or ∞ a term would be gone.
  if (x === undefined || !Number.isFinite(x) || x === 0 || isNeutral(opOf(here), x)) return undefined;
  const depth = COSTS.depth * site.depth;
  if (without) {
    const known = offers.factors.find(({ op, by }) => isAmong(x, op === "mul" ? by : 1 / by));
    if (!known && x < 0) return undefined;
    const [op, by] = known ? [known.op, known.by] : isAmong(1 / x, Math.round(1 / x)) ? ["div", 1 / x] : ["mul", x];
    // n/(n − 1) or the other way round
    const isCorrection = isAmong(1 / (x - 1), Math.round(1 / (x - 1)));
    const far = known ? 0 : isCorrection || isAmong(x, ...offers.numbers) ? COSTS.sizeNumber : COSTS.anyNumber;
    return {
      kind: "putIn",
      site: { ...site, formula: without },
      by: step(op, without, by),
      cost: COSTS.number + far + depth,
    };
  }
  const isSize = isAmong(x, ...offers.numbers);
  // Nobody means 0, as in n / n - 1.
  const isLikely = n === 0 || isAmong(x, ...offers.lineNumbers) || isAmong(1 / x, ...offers.lineNumbers) ||
    isUnit(n) && isUnit(x) && isSize;
  const isOpposite = x * n < 0;
  if (!isLikely && !isSize && isOpposite) return undefined;
  const far = isLikely
    ? COSTS.likelyNumber
    : (isSize ? COSTS.sizeNumber : COSTS.anyNumber) + (isOpposite ? COSTS.opposite : 0);
  const cost = COSTS.argument + far + depth;
  return { kind: "argument", site, by: withNumberAt(here, k, x), other: n, cost };
}

/** Whether all elements are the same. */
function isUniform(t: Tensor): boolean {
  const [x, ...more] = t.toArray();
  return more.every((y) => y === x);
}

/** Whether a number is n or 1/n, or that with a minus. */
const isUnit = (x: number) => isAmong(x, Math.round(x)) || isAmong(1 / x, Math.round(1 / x));

/** Whether a step does nothing with this number, up to a sign: that is a step left out. */
export function isNeutral(op: string, x: Argument): boolean {
  const is = (y: number) => typeof x === "number" && Math.abs(x - y) < 1e-9;
  return op === "pow" ? is(1) : /^(mul|div)$/.test(op) ? is(1) || is(-1) : /^(add|sub)$/.test(op) && is(0);
}
