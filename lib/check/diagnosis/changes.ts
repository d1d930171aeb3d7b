// Every formula that is one change away: what may stand at a place instead of what stands there.
//
// No rule here speaks of a layer. A change exchanges a tensor, leaves a step out or puts one in; what the derived backward formula
// has is offered as a whole and piece by piece.
// Left out: the same step otherwise (altered.ts), changes of more than one step, and of whole arrays (rearranged.ts), what a
// change costs (change.ts), trying them (repair.ts) and saying them (sentences.ts).
import { COMPARISONS, dimensionsOf, hasNumber, ONE_BY_ONE, otherArguments, otherOperation, POWERS } from "./altered.ts";
import { isFloat } from "../../tensor/dtypes.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
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
  type Point,
  sameLeaf,
  type Step,
  step,
} from "../formula/formula.ts";
import { factorOf, largest, target } from "./target.ts";
import { PRODUCTS, type Site } from "./places.ts";
import { arrayChanges, otherFactor, rearranged } from "./rearranged.ts";

/** Operations that are put in anyway, whatever the backward formula has. */
const COMMON = /^(neg|add|sub|mul|div|pow|sum|mean|view|unsqueeze|spread|expand|expand_as|zeros_like)$/;

/** A plain number. */
const NUMBER = { kind: "constant", shape: [], dtype: "float64", value: 0 } as const;

/** Every change at a place. */
export function* changesAt(site: Site, offers: Offers, point: Point): Generator<Change> {
  const { formula: here, parent } = site, depth = COSTS.depth * site.depth;
  const change: Make = (kind, by, cost, other) => ({ kind, site, by, other, cost: cost + depth });
  if (here.kind === "step") {
    yield* leftOut(here, change);
    yield* otherOperation(here, offers, point, change);
    yield* otherArguments(here, offers, point, change);
    yield* otherFactor(here, offers, change);
    yield* rearranged(here, point, change);
  }
  if (offers.arrays && here.kind !== "constant") {
    const rows = isIndexOf(site) ? evaluate(parent!.args[0] as Formula, point).shape[0] : undefined;
    const sizes = offers.numbers.filter(Number.isInteger), { shape } = evaluate(here, point);
    for (const by of arrayChanges(here, shape, sizes, rows)) yield change("putIn", by, COSTS.array);
    if (here.kind === "step" && here.op === "index_add_") {
      yield change("operation", step("written_over", here.args[0], here.args[2], here.args[3]), COSTS.operation);
    }
  }
  const value = attempt(() => evaluate(here, point)), shape = value?.shape, above = opOf(parent);
  if (value?.dtype === "int32" || isIndexOf(site)) {
    for (const other of offers.indices) if (isFormula(other)) yield change("instead", other, COSTS.closeTensor);
    return;
  }
  const isPut = /^(index_(put|add)|write)$/.test(above);
  if (here.kind === "constant" && !here.tensor) {
    for (const x of [0, 1]) if (x !== here.value) yield change("instead", { ...here, value: x }, COSTS.closeTensor);
    for (const term of isPut ? [] : offers.terms) yield change("instead", term, COSTS.putIn);
  } else if ((isPut && above !== "write" || parent?.op === "add_") && parent!.args[0] === here) {
    yield change("instead", step("zeros_like", here), COSTS.closeTensor);
  }
  if (above === "where" && here !== parent!.args[0]) {
    for (const value of [1, 0]) yield change("instead", { ...NUMBER, value }, COSTS.closeTensor);
  }
  // Of any shape is what is summed, and often what is multiplied as a matrix.
  const isReduced = /^(sum|mean|matmul)$/.test(above),
    isCompared = site.spine.some((part) => COMPARISONS.includes(opOf(part)));
  const others = offers.tensors.filter(({ formula, isMask }) =>
    formula !== here && !sameLeaf(formula, here) && !(isMask && isCompared)
  );
  for (const { formula, close, slope, more, shape: of } of others) {
    if (isUndone(site, formula, of)) continue;
    if (shape && !broadcastTogether(of, shape) && (site.wholeFits && !isReduced || !isLeaf(here))) continue;
    // A named tensor belongs to a named tensor; for a whole calculation it is rather something else that is wrong.
    const isAlike = here.kind === "leaf" || slope && reads(here, formula) ||
      opOf(here) === "at" && opOf(formula) === "at";
    const far = isAlike
      ? 0
      : here.kind === "constant"
      ? COSTS.forConstant
      : slope
      ? COSTS.slopeForStep
      : COSTS.nameForStep;
    // What is compared tells little of what stands there.
    const compared = isCompared ? COSTS.index : 0,
      kind = slope ? COSTS.slope : close ? COSTS.closeTensor : COSTS.tensor;
    yield change("instead", formula, kind + more + far + compared);
  }
  if (!shape || !isFloat(value!.dtype)) return;
  yield* putIn(here, shape, offers, change, site);
  for (const { formula, close, slope, more, shape: of } of others) {
    if (!broadcastTogether(of, shape)) continue;
    const isChainRule = close && isGradient(formula) && !leavesIn(site.all).some(isGradient);
    const cost = isCompared
      ? COSTS.factorPutIn
      : isChainRule
      ? COSTS.chainRule
      : more + (close || slope ? COSTS.closeFactor + (slope ? 0.05 : 0) : COSTS.factorPutIn);
    yield change("putIn", step("mul", here, formula), cost, formula);
    yield change("putIn", step("div", here, formula), cost + COSTS.divisor, formula);
  }
  // A step of the backward formula of which this is an operand.
  for (const one of here.kind === "constant" ? [] : offers.steps.filter(({ op }) => !COMMON.test(op))) {
    for (const [k, operand] of operands(one).entries()) {
      if (operand === here || factorOf(value!, target(evaluate(operand, point))) !== 1) continue;
      let i = 0;
      const far = here.kind === "step" && /softmax$/.test(one.op) ? COSTS.softmax : 0;
      yield change("putIn", exchanged(one, (part) => i++ === k ? here : part), COSTS.rule + far);
    }
  }
  // What stands there is added to the rest, so that a term may be missing beside it.
  const isSummand = here.kind !== "constant" && isAdded(site);
  // Beside what cancels, the only term would stand for all that is wrong.
  const size = isSummand && !offers.isSum && here.kind === "step" ? largest(value!.toArray()) : Infinity;
  for (const term of isSummand ? offers.terms : []) {
    const sent = evaluate(term, point);
    if (!sameShape(sent.shape, shape)) continue;
    const cancels = size < 1e-12 * largest(sent.toArray());
    yield change("term", step("add", here, term), cancels ? COSTS.far : COSTS.term, term);
  }
}

/** Whether the step around a place would undo what is put there: a part of another part, the mean of what is the same all along. */
function isUndone({ parent, formula: here }: Site, formula: Formula, shape: Shape): boolean {
  const [, dim] = parent?.args ?? [], op = opOf(parent);
  if (/^(at|narrow)$/.test(op)) return formula.kind === "step" && operands(formula).some((one) => sameLeaf(one, here));
  return /^(mean|amax)$/.test(op) && typeof dim === "number" && shape.length > 1 && shape.at(dim) === 1;
}

const isGradient = (one: Formula) => one.kind === "leaf" && one.gradient;

/** Whether both read the same tensors: then the one is rather taken for the other. */
function reads(a: Formula, b: Formula): boolean {
  const names = (one: Formula) => [...new Set(leavesIn(one).map(({ name }) => name))].sort().join();
  return names(a) === names(b);
}

/** The step without itself: what it was called on, or another of its operands. */
function* leftOut(here: Step, change: Make): Generator<Change> {
  const said = here.args.filter((one) =>
    one !== undefined && (typeof one !== "object" || isFormula(one) || Array.isArray(one))
  );
  for (const [k, kept] of operands(here).entries()) {
    yield change("leftOut", kept, COSTS.leftOut + (k === 0 ? 0 : 0.02), said[k === 0 ? 1 : 0]);
  }
}

/** A step put in around what stands there. */
function* putIn(here: Formula, shape: Shape, offers: Offers, make: Make, site: Site): Generator<Change> {
  const change = (cost: number, op: string, ...args: Argument[]) => make("putIn", step(op, here, ...args), cost);
  const rank = shape.length;
  // Inside a function it is rather something else.
  const inSum = site.spine.every((part) =>
    PRODUCTS.test(opOf(part)) || /^(add|sub|matmul|transpose)$/.test(opOf(part))
  );
  if (!COMPARISONS.includes(opOf(site.parent))) yield change(COSTS.sign + (inSum ? 0 : COSTS.inFunction), "neg");
  // Where the whole has its shape already, a sum is hardly what is missing.
  const reduction = site.wholeFits ? COSTS.elementwise + 0.1 : COSTS.putIn - 0.08;
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
  // What stands outside of a function is solved for.
  const isInside = site.spine.some((part) =>
    ONE_BY_ONE.includes(opOf(part)) || /^(pow|softmax|erf|relu|sin|cos)$/.test(opOf(part))
  );
  // 1/√x³ is the power of what has a name.
  const ofName = here.kind === "leaf" && !isInside ? COSTS.rule : COSTS.elementwise;
  // A mask of x is one of its powers, too.
  if (COMPARISONS.includes(opOf(site.parent))) return;
  for (const power of POWERS) yield change(isDivisor && power === 2 ? COSTS.leftOut : ofName, "pow", power);
  if (isInside && !hasNumber(here)) { for (const { op, by } of offers.factors) yield change(COSTS.number, op, by); }
  for (const op of ONE_BY_ONE) {
    const isNear = offers.functions.has(op) && (here.kind === "leaf" || isDivisor);
    yield change(isNear ? COSTS.function : COSTS.elementwise, op);
  }
  yield make("putIn", step("sub", 1, here), COSTS.elementwise);
  const added = offers.steps.flatMap(({ op, args: [, x] }) => op === "add" && typeof x === "number" ? x : []);
  for (const x of new Set(added)) yield change(COSTS.factorExchanged + COSTS.divisor, "add", x);
  for (const x of offers.lineNumbers) if (Math.abs(x) < 0.05) yield change(COSTS.elementwise, "add", x);
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
