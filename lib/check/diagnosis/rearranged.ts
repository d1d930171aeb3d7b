// Changes of more than one step: another factor the other way round, steps in another order, a bracket elsewhere, a sum too
// early; and of a whole array, as loops make them.
// Left out: changes of one step (changes.ts), in several places at once (everywhere.ts), and what they cost (change.ts).
import { EITHER, isNeutral } from "./altered.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import {
  type Argument,
  evaluate,
  type Formula,
  isFormula,
  opOf,
  type Point,
  type Step,
  step,
  withArgument,
} from "../formula/formula.ts";
import { factorsOf, isFactor, product, unsummed } from "./places.ts";

const withSizes = ({ op, args: [of] }: Step, sizes: Shape) => step(op, of, ...sizes);

/** Another factor or divisor, and at the same time the other way round. */
export function* otherFactor(here: Step, offers: Offers, change: Make): Generator<Change> {
  const op = opOf(here), [a, b] = here.args, other = op === "mul" ? "div" : "mul";
  if ((op !== "mul" && op !== "div") || !isFormula(a) || !isFormula(b)) return;
  for (const { formula, close, slope } of offers.tensors) {
    if (!close && !slope || isFactor(here, formula, op === "mul" ? 1 : -1)) continue;
    const cost = COSTS.factorExchanged + (slope ? 0.05 : 0);
    yield change("factor", step(other, a, formula), cost, b);
    if (op === "mul") yield change("factor", step(other, b, formula), cost, a);
  }
  // One for two of several.
  const factors = factorsOf(here), slopes = offers.tensors.filter(({ slope }) => slope);
  if (op !== "mul" || factors.length < 3 || factors.length > 6) return;
  for (const [i, x] of factors.entries()) {
    for (const [j, y] of factors.slice(0, i).entries()) {
      const rest = factors.filter((_, k) => k !== i && k !== j);
      yield change("leftOut", product(rest), COSTS.leftOut + 0.1, step("mul", y, x));
      for (const { formula } of slopes) {
        yield change("factor", product([...rest, formula]), COSTS.factorExchanged + 0.1, step("mul", y, x));
      }
    }
  }
}

/** The same steps in another order, or on another part. */
export function* rearranged(here: Step, point: Point, change: Make): Generator<Change> {
  const [a, b] = here.args, op = opOf(here);
  // f(g(x)) for g(f(x))
  // A factor of one term that all would get is rather one that the others lack.
  const isOfTerm = (op === "add" || op === "sub") && /^(mul|div)$/.test(opOf(a)) && !isFormula((a as Step).args[1]);
  const cost = COSTS.order + (isOfTerm ? COSTS.ofTerm : 0);
  if (isFormula(a) && a.kind === "step" && isFormula(a.args[0]) && !(here.op === a.op && op !== "sub")) {
    yield change("order", withArgument(a, 0, withArgument(here, 0, a.args[0])), cost);
  }
  // Two of a list
  const list = Array.isArray(a) ? a as readonly Formula[] : [];
  for (const [i, x] of list.entries()) {
    for (const [j, y] of list.slice(0, i).entries()) {
      yield change("swap", withArgument(here, 0, list.with(i, y).with(j, x)), COSTS.order, [y, x]);
    }
  }
  if (list.length > 2) yield change("swap", withArgument(here, 0, list.toReversed()), COSTS.order, list);
  // The same, and put in their own order afterwards
  const turnedBack = /^(T|transpose)$/.test(op) && /^(view|reshape)$/.test(opOf(a)) ? a as Step : undefined;
  if (turnedBack) {
    yield change("operation", withSizes(turnedBack, evaluate(here, point).shape), COSTS.order - COSTS.depth);
  }
  // Elements read in the order of other dimensions
  if ((op === "view" || op === "reshape") && here.args.length > 2) {
    const sizes = evaluate(here, point).shape;
    for (const [i, n] of sizes.entries()) {
      for (const [j, m] of sizes.slice(0, i).entries()) {
        const turned = sizes.with(i, m).with(j, n), isThat = sameShape(turned, evaluate(a as Formula, point).shape);
        const other = isThat ? a : step(here.op, a, ...turned);
        const by = sizes.length === 2 ? step("T", other) : step("transpose", other, j, i);
        if (n > 1 && m > 1) yield change("operation", by, COSTS.order);
      }
    }
  }
  // x ∘ (y • z) for (x ∘ y) • z, and the other way round
  const bracket = (by: Formula) => change("bracket", by, cost);
  const within = (one: Argument) => EITHER.includes(op) && EITHER.includes(opOf(one)) ? one as Step : undefined;
  const first = within(a), second = within(b);
  if (first) {
    const [x, y] = first.args;
    if (isFormula(x) && b !== undefined) yield bracket(step(opOf(first), step(op, x, b), y));
    yield bracket(step(opOf(first), x, isFormula(y) ? step(op, y, b) : step(op, b, y)));
  }
  // Nobody writes x.mul(1).
  if (second && !isNeutral(op, second.args[0])) {
    yield bracket(step(opOf(second), step(op, a, second.args[0]), second.args[1]));
  }
  const early = (by: Formula) => change("early", by, COSTS.order);
  // A product of which one factor was summed with the others, or the others were not summed.
  const isSum = here.op === "sum", factors = isSum || op === "mul" ? factorsOf(isSum ? a as Formula : here) : [];
  for (const [i, one] of factors.length > 1 && factors.length < 6 ? factors.entries() : []) {
    const rest = product(factors.filter((_, k) => k !== i));
    for (const dim of isSum ? [b] : [0, 1, 2]) yield early(step("mul", one, step("sum", rest, dim, { keepdim: true })));
  }
  // A product of sums for the sum of a product.
  if (!isFormula(a) || !isFormula(b)) return;
  const sums = op === "mul" || op === "matmul" ? [a, b].map((one) => summedIn(one, point)) : [];
  for (const { sum } of sums[0] && sums[1] ? sums as { sum: Step }[] : []) {
    const inside = step(op, sums[0]!.of, sums[1]!.of);
    yield change("late", step(sum.op, inside, ...sum.args.slice(1)), COSTS.order, [sum]);
  }
  if (op !== "mul") return;
  const x = unsummed(a), y = unsummed(b);
  if (x === a && y === b) return;
  for (const dim of [0, 1, 2, -1]) {
    for (const keepdim of [true, false]) yield early(step("sum", step("mul", x, y), dim, { keepdim }));
  }
  for (const [p, q] of [[step("T", x), y], [x, step("T", y)], [step("T", y), x], [y, step("T", x)]]) {
    yield early(step("matmul", p, q));
  }
}

/** A sum, and what is summed, which is transposed where the sum is. */
function summedIn(one: Formula, point: Point): { sum: Step; of: Formula } | undefined {
  const [inner] = one.kind === "step" ? one.args : [];
  if (/^(sum|mean)$/.test(opOf(one))) return { sum: one as Step, of: inner as Formula };
  const found = /^(T|transpose)$/.test(opOf(one)) ? summedIn(inner as Formula, point) : undefined;
  const rank = found ? evaluate(found.of, point).shape.length : 0;
  return found && { ...found, of: rank > 2 ? step("transpose", found.of, rank - 2, rank - 1) : step("T", found.of) };
}

/**
 * The changes of one array of this shape, in parts of these sizes; `rows` is how many an index may name, where it is one.
 */
export function arrayChanges(here: Formula, shape: Shape, sizes: readonly number[], rows?: number): Formula[] {
  const made: Formula[] = [];
  for (const [dim, n] of shape.entries()) {
    if (n < 2) continue;
    made.push(step("displaced", here, dim, 1), step("displaced", here, dim, -1), step("reversed", here, dim));
    if (rows !== undefined) continue;
    for (const i of new Set([0, 1, n - 1])) {
      made.push(step("without", here, dim, i, i + 1), step("alone", here, dim, i, i + 1));
    }
    for (const k of new Set([2, Math.floor(n / 2), n - 2, n - 1, ...sizes])) {
      if (k > 1 && k < n) made.push(step("alone", here, dim, 0, k), step("without", here, dim, 0, k));
    }
    made.push(step("repeated", here, dim, 0), step("repeated", here, dim, n - 1));
  }
  if (shape.length === 2) made.push(step("turned", here));
  if (rows !== undefined) made.push(step("shifted", here, 1, rows), step("shifted", here, -1, rows));
  return made;
}
