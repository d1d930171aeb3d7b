// Changes of more than one step: in several places at once, another factor the other way round, steps in another order, a bracket
// elsewhere, a sum too early; and of a whole array, as loops make them.
// Left out: changes of one step (changes.ts), and what they cost (change.ts).
import type { Shape } from "../../tensor/shape.ts";
import { type Change, COSTS, type Kind, type Offers } from "./change.ts";
import {
  type Argument,
  exchanged,
  type Formula,
  isFormula,
  leavesIn,
  opOf,
  parts,
  sameLeaf,
  type Step,
  step,
  withArgument,
} from "./formula.ts";
import { factorsOf, product, unsummed, withoutAll } from "./places.ts";

/** Makes a change at a place. */
export type Make = (kind: Kind, by: Formula, cost: number, other?: Argument) => Change;

/** Operations on two operands of any kind. */
export const EITHER = ["add", "sub", "mul", "div"];

/** What is changed in several places at once: two tensors exchanged, the same step left out, what is put there added. */
export function* everywhere(root: Formula, change: Make): Generator<Change> {
  for (const one of parts(root)) {
    const by = one.kind === "step" ? withoutAll(root, one) : undefined;
    if (by) yield change("leftOutAll", by, COSTS.leftOut + 0.05, one);
  }
  const adding = (formula: Formula): Formula => {
    const made = exchanged(formula, adding);
    return made.kind === "step" && made.op === "index_put_" && !isAccumulating(made) ? accumulating(made, true) : made;
  };
  const added = adding(root);
  if (added !== root) yield change("accumulate", added, COSTS.leftOut);
  const leaves = [...new Map(leavesIn(root).map((one) => [one.name, one])).values()];
  for (const [i, a] of leaves.entries()) {
    for (const b of leaves.slice(0, i)) {
      const visit = (one: Formula): Formula => sameLeaf(one, a) ? b : sameLeaf(one, b) ? a : exchanged(one, visit);
      yield change("swap", visit(root), COSTS.order + 0.05, [b, a]);
    }
  }
}

const isAccumulating = ({ args }: Step) => (args[3] as { accumulate?: boolean } | undefined)?.accumulate ?? false;
const accumulating = (of: Step, accumulate: boolean) => step("index_put_", ...of.args.slice(0, 3), { accumulate });

/** Another factor or divisor, and at the same time the other way round. */
export function* otherFactor(here: Step, offers: Offers, change: Make): Generator<Change> {
  const op = opOf(here), [a, b] = here.args, other = op === "mul" ? "div" : "mul";
  if ((op !== "mul" && op !== "div") || !isFormula(a) || !isFormula(b)) return;
  for (const { formula, close, slope } of offers.tensors) {
    if (!close && !slope) continue;
    const cost = COSTS.factorExchanged + (slope ? 0.05 : 0);
    yield change("factor", step(other, a, formula), cost, b);
    if (op === "mul") yield change("factor", step(other, b, formula), cost, a);
  }
  // One for two of several.
  const factors = factorsOf(here), slopes = offers.tensors.filter(({ slope }) => slope);
  if (op !== "mul" || factors.length < 3 || factors.length > 6) return;
  for (const [i, x] of factors.entries()) {
    for (const y of factors.slice(0, i)) {
      const rest = factors.filter((one) => one !== x && one !== y);
      for (const { formula } of slopes) {
        yield change("factor", product([...rest, formula]), COSTS.factorExchanged + 0.1, step("mul", y, x));
      }
    }
  }
}

/** The same steps in another order, or on another part. */
export function* rearranged(here: Step, change: Make): Generator<Change> {
  const [a, b] = here.args, op = opOf(here);
  // f(g(x)) for g(f(x))
  if (isFormula(a) && a.kind === "step" && isFormula(a.args[0]) && !(here.op === a.op && op !== "sub")) {
    yield change("order", withArgument(a, 0, withArgument(here, 0, a.args[0])), COSTS.order);
  }
  // x ∘ (y • z) for (x ∘ y) • z, and the other way round
  const bracket = (by: Formula) => change("bracket", by, COSTS.order);
  const within = (one: Argument) => EITHER.includes(op) && EITHER.includes(opOf(one)) ? one as Step : undefined;
  const first = within(a), second = within(b);
  if (first) {
    const [x, y] = first.args;
    if (isFormula(x) && b !== undefined) yield bracket(step(opOf(first), step(op, x, b), y));
    yield bracket(step(opOf(first), x, isFormula(y) ? step(op, y, b) : step(op, b, y)));
  }
  if (second) yield bracket(step(opOf(second), step(op, a, second.args[0]), second.args[1]));
  const early = (by: Formula) => change("early", by, COSTS.order);
  // A product of which one factor was summed with the others, or the others were not summed.
  const isSum = here.op === "sum", factors = isSum || op === "mul" ? factorsOf(isSum ? a as Formula : here) : [];
  for (const [i, one] of factors.length > 1 && factors.length < 6 ? factors.entries() : []) {
    const rest = product(factors.filter((_, k) => k !== i));
    for (const dim of isSum ? [b] : [0, 1, 2]) yield early(step("mul", one, step("sum", rest, dim, { keepdim: true })));
  }
  // A product of sums for the sum of a product.
  if (op !== "mul" || !isFormula(a) || !isFormula(b)) return;
  const x = unsummed(a), y = unsummed(b);
  if (x === a && y === b) return;
  for (const dim of [0, 1, 2, -1]) {
    for (const keepdim of [true, false]) yield early(step("sum", step("mul", x, y), dim, { keepdim }));
  }
  for (const [p, q] of [[step("T", x), y], [x, step("T", y)], [step("T", y), x], [y, step("T", x)]]) {
    yield early(step("matmul", p, q));
  }
}

/** The changes of one array of this shape; `rows` is how many an index may name, where it is one. */
export function arrayChanges(here: Formula, shape: Shape, rows: number | undefined): Formula[] {
  const made: Formula[] = [];
  for (const [dim, n] of shape.entries()) {
    if (n < 2) continue;
    made.push(step("displaced", here, dim, 1), step("displaced", here, dim, -1), step("reversed", here, dim));
    if (rows !== undefined) continue;
    for (const i of new Set([0, 1, n - 1])) {
      made.push(step("without", here, dim, i, i + 1), step("alone", here, dim, i, i + 1));
    }
    for (let k = 2; k < Math.min(n, 128); k++) {
      made.push(step("alone", here, dim, 0, k), step("without", here, dim, 0, k));
    }
    made.push(step("repeated", here, dim, 0), step("repeated", here, dim, n - 1));
  }
  if (shape.length === 2) made.push(step("turned", here));
  if (rows !== undefined) made.push(step("shifted", here, 1, rows), step("shifted", here, -1, rows));
  return made;
}
