// Every formula that is one change away: what may stand at a place instead of what stands there.
//
// No rule here speaks of a layer. A change exchanges a tensor, leaves a step out or puts one in, takes another operation, another
// number, dimension or index; what the derived backward formula has is offered as a whole, piece by piece.
// Left out: trying them (repair.ts) and saying them (sentences.ts).
import { isFloat } from "../../tensor/dtypes.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
import {
  type Argument,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  operands,
  type Options,
  parts,
  type Point,
  type Step,
  step,
} from "./formula.ts";
import { arrayChanges, ARRAYS } from "./arrays.ts";
import { type Site, withoutAll } from "./places.ts";

/** What a change does. */
export type Kind =
  | "instead" // another tensor, or what the rule has there
  | "leftOut" // a step less
  | "leftOutAll" // the same step less wherever it stands
  | "putIn" // a step more
  | "times" // a factor more
  | "over" // a divisor more
  | "plus" // a summand more
  | "minus"
  | "term" // what a line sends back, added
  | "operation" // another operation on the same operands
  | "argument" // another number, dimension, option or index
  | "factor" // another factor, or the same the other way round
  | "order" // two steps in the other order
  | "bracket" // an operation on one part of a sum, or on all of it
  | "early" // summed before it is multiplied
  | "accumulate" // added instead of put
  | "swap"; // two tensors exchanged

/** A change of a formula at a place. */
export interface Change {
  readonly kind: Kind;
  readonly site: Site;
  /** What belongs there. */
  readonly by: Formula;
  /** What was added, or what stood there: the tensor put in, the operand left out. */
  readonly other?: Argument;
  readonly cost: number;
}

/** A formula that may belong somewhere. */
export interface Offer {
  readonly formula: Formula;
  /** Of the lines around, or a gradient from right above. */
  readonly close: boolean;
  /** A piece of the derived backward formula, which has no name. */
  readonly slope: boolean;
}

/** All that changes may be made of. */
export interface Offers {
  readonly tensors: readonly Offer[];
  /** Numbers that somebody may mean: sizes and what is made of them. */
  readonly numbers: readonly number[];
  /** Numbers that the lines around have, and their backward formulas. */
  readonly lineNumbers: readonly number[];
  /** Index lists and tensors that the forward pass's lines and the backward formulas use. */
  readonly indices: readonly Argument[];
  /** Pairs of indices that the forward pass picks elements by. */
  readonly picks: readonly (readonly Argument[])[];
  /** What each line sends back. */
  readonly terms: readonly Formula[];
  /** Whether changes of a whole array are offered, as loops make them. */
  readonly arrays?: boolean;
  /** The shape that the whole has to have. */
  readonly shape: Shape;
}

/** What each kind of change costs. A change deep in a formula costs a little more for each step above it. */
export const COSTS = {
  /** A factor of −1. */
  sign: 0.8,
  /** Another number, dimension, exponent or option of a step. */
  argument: 0.85,
  /** A step left out. */
  leftOut: 0.9,
  /** Another operation on the same operands. */
  operation: 0.92,
  /** A term that a line sends back, added. */
  term: 0.95,
  /** A factor that is a plain number. */
  factor: 1,
  /** A tensor of the lines around for another, a gradient for another. */
  closeTensor: 1,
  /** Any other tensor. */
  tensor: 1.1,
  /** What the rule for the line has there. */
  slope: 1.15,
  /** A step put in: −x, a sum, another shape. */
  putIn: 1.1,
  /** A step put in that changes the numbers one by one: a power, e to the power. */
  elementwise: 1.2,
  /** A factor or a divisor put in: the gradient from above, or a tensor of the lines around. */
  closeFactor: 1.02,
  factorPutIn: 1.25,
  /** Another factor, and at the same time the other way round. */
  factorExchanged: 1.3,
  /** Two steps exchanged, a bracket elsewhere, a sum too early. */
  order: 1.05,
  /** A whole array displaced, turned round, or only a part of it. */
  array: 1.15,
  /** A summand put in. */
  summand: 1.5,
  /** For each step between the change and the root. */
  depth: 0.01,
  /** Where a formula is right only because the gradients from above hang together. */
  notFree: 0.3,
  /** For everywhere instead of one place. */
  everywhere: 0.005,
  /** What costs less is told without looking further. */
  plausible: 1.1,
  /** Beside another change. */
  second: 0.3,
} as const;

const DIMS = [0, 1, 2, 3];
const POWERS = [2, -1, 0.5, -0.5, -2, 3, -1.5, -3];
const ONE_BY_ONE = ["exp", "log", "tanh", "sqrt", "abs", "sigmoid"];
const COMPARISONS = ["gt", "lt", "ge", "le", "eq", "ne"];
const EITHER = ["add", "sub", "mul", "div"];
const REDUCTIONS = new Set(["sum", "mean", "var", "max", "amax", "softmax", "log_softmax", "logsumexp"]);
const PRODUCTS = new Set(["matmul", "mm", "bmm"]);

/** Every change at a place. */
export function* changesAt(site: Site, offers: Offers, point: Point): Generator<Change> {
  const here = site.formula, depth = COSTS.depth * site.spine.length;
  const change = (kind: Kind, by: Formula, cost: number, other?: Argument): Change => ({
    kind,
    site,
    by,
    other,
    cost: cost + depth,
  });
  if (here.kind === "step") {
    yield* leftOut(here, change);
    if (!site.parent) {
      for (const one of parts(here)) {
        const by = one.kind === "step" ? withoutAll(here, one) : undefined;
        if (by) yield change("leftOutAll", by, COSTS.leftOut + 0.05, one);
      }
      const added = accumulating(here);
      if (added !== here) yield { kind: "accumulate", site, by: added, cost: COSTS.leftOut };
    }
    yield* otherOperation(here, point, change);
    yield* otherArguments(here, offers, point, change);
    yield* otherFactor(here, offers, change);
    yield* rearranged(here, change);
  }
  if (offers.arrays && here.kind !== "constant") {
    const { shape } = evaluate(here, point), rows = isIndexOf(site) ? rowsOf(site, point) : undefined;
    for (const by of arrayChanges(here, shape, rows)) yield change("putIn", by, COSTS.array);
    if (here.kind === "step" && here.op === "index_add_") {
      yield change("operation", step("written_over", here.args[0], here.args[2], here.args[3]), COSTS.operation);
    }
  }
  if (isIndexOf(site)) {
    for (const other of offers.indices) if (isFormula(other)) yield change("instead", other, COSTS.closeTensor);
    return;
  }
  const value = safely(() => evaluate(here, point)), shape = value?.shape;
  if (here.kind === "constant" && !here.tensor) {
    for (const x of [0, 1]) if (x !== here.value) yield change("instead", { ...here, value: x }, COSTS.closeTensor);
    const isBase = site.parent && /^(index_(put|add)_|write)$/.test(site.parent.op);
    if (!isBase) { for (const term of offers.terms) yield change("instead", term, COSTS.putIn); }
  } else if (site.parent && /^index_(put|add)_$/.test(site.parent.op) && site.parent.args[0] === here) {
    yield change("instead", step("zeros_like", here), COSTS.closeTensor);
  }
  if (!site.parent) yield* swapped(here, change);
  for (const { formula, close, slope } of offers.tensors) {
    if (formula === here || sameLeaf(formula, here)) continue;
    const it = evaluate(formula, point).shape;
    if (shape && !mayStandFor(it, shape)) continue;
    // A named tensor belongs to a named tensor; for a whole calculation it is rather something else that is wrong.
    const far = here.kind !== "step" ? 0 : slope ? 0.2 : 0.4;
    yield change("instead", formula, (slope ? COSTS.slope : close ? COSTS.closeTensor : COSTS.tensor) + far);
  }
  if (!shape || !isFloat(value!.dtype)) return;
  yield* putIn(here, shape, offers, change, site);
  for (const { formula, close, slope } of offers.tensors) {
    const it = evaluate(formula, point).shape;
    if (!broadcastTogether(it, shape) || formula === here || sameLeaf(formula, here)) continue;
    const cost = close || slope ? COSTS.closeFactor + (slope ? 0.05 : 0) : COSTS.factorPutIn;
    yield change("times", step("mul", here, formula), cost, formula);
    yield change("over", step("div", here, formula), cost + 0.05, formula);
    if (slope) continue;
    yield change("plus", step("add", here, formula), COSTS.summand, formula);
    yield change("minus", step("sub", here, formula), COSTS.summand, formula);
  }
  for (const term of isSummand(site) ? offers.terms : []) {
    if (!sameShape(evaluate(term, point).shape, shape)) continue;
    yield change("term", step("add", here, term), COSTS.term, term);
  }
}

/** Whether what stands there is added to the rest, so that a term may be missing beside it. */
function isSummand({ formula, spine }: Site): boolean {
  return formula.kind !== "constant" &&
    spine.every((part) => part.kind === "step" && /^(add|sub|neg|clone|view|reshape|spread)_?$/.test(part.op));
}

type Make = (kind: Kind, by: Formula, cost: number, other?: Argument) => Change;

/** Another factor or divisor, or the same one the other way round; one for several. */
function* otherFactor(here: Step, offers: Offers, change: Make): Generator<Change> {
  const plain = here.op.replace(/_$/, ""), [a, b] = here.args;
  if ((plain !== "mul" && plain !== "div") || !isFormula(a) || !isFormula(b)) return;
  for (const { formula, close, slope } of offers.tensors) {
    if (!close && !slope) continue;
    const cost = COSTS.factorExchanged + (slope ? 0.05 : 0);
    yield change("factor", step(plain === "mul" ? "div" : "mul", a, formula), cost, b);
    if (plain === "mul") yield change("factor", step("div", b, formula), cost, a);
    if (formula.kind !== "leaf" || formula.gradient) continue;
    for (const power of [2, -2, -3, -1.5]) {
      yield change("factor", step("mul", a, step("pow", formula, power)), cost + 0.1, b);
      if (plain === "mul") yield change("factor", step("mul", b, step("pow", formula, power)), cost + 0.1, a);
    }
  }
  const factors = plain === "mul" ? factorsOf(here) : [];
  if (factors.length < 3 || factors.length > 6) return;
  for (let i = 0; i < factors.length; i++) {
    for (let j = 0; j < i; j++) {
      const gone = step("mul", factors[j], factors[i]), rest = factors.filter((_, k) => k !== i && k !== j);
      for (const { formula, slope } of offers.tensors) {
        if (slope) {
          yield change(
            "factor",
            [...rest, formula].reduce((x, y) => step("mul", x, y)),
            COSTS.factorExchanged + 0.1,
            gone,
          );
        }
      }
    }
  }
}

/** The same steps in another order, or on another part. */
function* rearranged(here: Step, change: Make): Generator<Change> {
  const [a, b] = here.args, op = here.op.replace(/_$/, "");
  // f(g(x)) for g(f(x))
  if (isFormula(a) && a.kind === "step" && isFormula(a.args[0]) && !(here.op === a.op && op !== "sub")) {
    const inner = { ...here, args: [a.args[0], ...here.args.slice(1)] };
    yield change("order", { ...a, args: [inner, ...a.args.slice(1)] }, COSTS.order);
  }
  // (x + y)·z for x + y·z, and the other way round
  const plus = (one: Argument): one is Step => isFormula(one) && one.kind === "step" && /^(add|sub)_?$/.test(one.op);
  const times = (one: Argument): one is Step => isFormula(one) && one.kind === "step" && /^(mul|div)_?$/.test(one.op);
  if (op === "mul" || op === "div") {
    if (plus(a)) {
      const [x, y] = a.args, sum = a.op.replace(/_$/, "");
      yield change("bracket", step(sum, x, isFormula(y) ? step(op, y, b) : step(op, b, y)), COSTS.order);
      if (isFormula(x)) yield change("bracket", step(sum, step(op, x, b), y), COSTS.order);
    }
  }
  if (op === "add" || op === "sub") {
    if (times(b)) yield change("bracket", step(b.op.replace(/_$/, ""), step(op, a, b.args[0]), b.args[1]), COSTS.order);
    if (times(a)) {
      const [x, y] = a.args, product = a.op.replace(/_$/, "");
      if (isFormula(x)) yield change("bracket", step(product, step(op, x, b), y), COSTS.order);
      if (isFormula(y) && product === "mul") yield change("bracket", step(product, x, step(op, y, b)), COSTS.order);
    }
  }
  yield* otherwiseSummed(here, change);
  if (op === "mul" && isFormula(a) && isFormula(b)) {
    const x = unsummed(a), y = unsummed(b);
    if (x !== a || y !== b) {
      yield change("early", step("mul", x, y), COSTS.order);
      for (const dim of [0, 1, 2, -1]) {
        for (const keepdim of [true, false]) {
          yield change("early", step("sum", step("mul", x, y), dim, { keepdim }), COSTS.order);
        }
      }
      for (const [p, q] of [[step("T", x), y], [x, step("T", y)], [step("T", y), x], [y, step("T", x)]]) {
        yield change("early", step("matmul", p, q), COSTS.order);
      }
    }
  }
}

/** A product of which one factor was summed with the others, or the others were not summed. */
function* otherwiseSummed(here: Step, change: Make): Generator<Change> {
  const product = here.op === "sum" ? here.args[0] as Formula : here, factors = factorsOf(product);
  if (factors.length < 2 || factors.length > 5 || (here.op !== "sum" && !/^mul_?$/.test(here.op))) return;
  const dims = here.op === "sum" ? [here.args[1]] : [0, 1, 2];
  for (const [i, one] of factors.entries()) {
    const rest = factors.filter((_, k) => k !== i).reduce((a, b) => step("mul", a, b));
    for (const dim of dims) {
      yield change("early", step("mul", one, step("sum", rest, dim, { keepdim: true })), COSTS.order);
    }
  }
}

/** The factors of a product, a square as two. */
function factorsOf(formula: Formula): Formula[] {
  if (formula.kind !== "step") return [formula];
  const [a, b] = formula.args;
  if (/^mul_?$/.test(formula.op) && isFormula(a) && isFormula(b)) return [...factorsOf(a), ...factorsOf(b)];
  if (formula.op === "pow" && b === 2) return [a as Formula, a as Formula];
  return [formula];
}

/** A formula without the sums, means and views around it. */
function unsummed(formula: Formula): Formula {
  if (formula.kind !== "step" || !/^(sum|mean|view|reshape|unsqueeze|squeeze|expand)$/.test(formula.op)) return formula;
  return unsummed(formula.args[0] as Formula);
}

/** Whether a number is n or 1/n, or that with a minus. */
const isUnit = (x: number) => Math.abs(x - Math.round(x)) < 1e-9 || Math.abs(1 / x - Math.round(1 / x)) < 1e-9;

/** The step without itself: what it was called on, or another of its operands. */
function* leftOut(here: Step, change: Make): Generator<Change> {
  for (const [k, kept] of operands(here).entries()) {
    const gone = here.args.filter((one) => one !== undefined && !isOptions(one))[k === 0 ? 1 : 0];
    yield change("leftOut", kept, COSTS.leftOut + (k === 0 ? 0 : 0.02), gone);
  }
}

/** Another operation on the same operands. */
function* otherOperation(here: Step, point: Point, change: Make): Generator<Change> {
  const { args } = here, op = here.op.replace(/_$/, ""), [a, b] = args;
  if (EITHER.includes(op)) {
    for (const other of EITHER) {
      if (other !== op && !(args.length > 2)) yield change("operation", step(other, a, b), COSTS.operation);
    }
    if (isFormula(b)) {
      if (op === "sub" || op === "div") yield change("operation", step(op, b, a), COSTS.operation);
      if (isFormula(a)) yield* products(a, b, point, change);
    }
  }
  if (PRODUCTS.has(op)) {
    yield* products(a as Formula, b as Formula, point, change);
    yield change("operation", step("mul", a, b), COSTS.operation);
  }
  if (op === "written_over") yield change("operation", step("index_add_", a, 0, b, args[2]), COSTS.operation);
  if (op === "index_put" || op === "index_add") {
    yield change("operation", step("index_put_", ...args.slice(0, 3), { accumulate: true }), COSTS.operation);
  }
  if ((op === "view" || op === "reshape" || op === "T") && evaluate(a as Formula, point).shape.length === 2) {
    if (op === "T") yield change("operation", step("view", a, ...evaluate(here, point).shape), COSTS.operation);
    else yield change("operation", step("T", a), COSTS.operation);
  }
  for (const other of ONE_BY_ONE) {
    if (ONE_BY_ONE.includes(op) && other !== op) yield change("operation", step(other, a), COSTS.operation);
  }
  if (COMPARISONS.includes(op)) {
    for (const other of COMPARISONS) if (other !== op) yield change("operation", step(other, a, b), COSTS.operation);
  }
  if (op === "max" || op === "amax" || op === "sum" || op === "mean") {
    for (const other of ["sum", "mean", "amax"]) {
      if (other !== op) yield change("operation", step(other, ...args), COSTS.operation);
    }
  }
}

/** Matrix products of two formulas, each either way round. */
function* products(a: Formula, b: Formula, point: Point, change: Make): Generator<Change> {
  const turned = (x: Formula): Formula => {
    if (x.kind === "step" && x.op === "T") return x.args[0] as Formula;
    const dims = evaluate(x, point).shape.length;
    return dims === 2 ? step("T", x) : step("transpose", x, -1, -2);
  };
  if (evaluate(a, point).shape.length < 2 || evaluate(b, point).shape.length < 2) return;
  const sides: [Formula, Formula][] = [[a, b], [turned(a), b], [a, turned(b)], [turned(a), turned(b)]];
  for (const [x, y] of sides) {
    yield change("operation", step("matmul", x, y), COSTS.operation);
    yield change("operation", step("matmul", y, x), COSTS.operation);
  }
}

/** The same operation with another number, dimension, option or index. */
function* otherArguments(here: Step, offers: Offers, point: Point, change: Make): Generator<Change> {
  const { op, args } = here, plain = op.replace(/_$/, "");
  const with_ = (k: number, value: Argument) => ({ ...here, args: args.map((one, i) => i === k ? value : one) });
  if (REDUCTIONS.has(plain)) {
    const rank = evaluate(args[0] as Formula, point).shape.length,
      keeps = plain !== "softmax" && plain !== "log_softmax";
    for (const dim of dimensionsOf(rank)) {
      for (const kept of keeps ? (dim === undefined ? [false] : [true, false]) : [undefined]) {
        const options = { ...(args[2] as Options | undefined), ...(kept === undefined ? {} : { keepdim: kept }) };
        if (String(dim) !== String(args[1]) && isNothing(evaluate(args[0] as Formula, point).shape, dim)) continue;
        yield change("argument", step(op, args[0], dim, options), COSTS.argument);
      }
    }
    if (plain === "var") {
      for (const correction of [0, 1]) {
        yield change("argument", step(op, args[0], args[1], { ...(args[2] as Options), correction }), COSTS.argument);
      }
    }
    return;
  }
  for (const [k, argument] of args.entries()) {
    if (typeof argument === "number") {
      if (
        ["at", "view", "reshape", "one_hot", "unsqueeze", "expand", "transpose", "write", "spread"].includes(op) ||
        op in ARRAYS
      ) {
        continue;
      }
      if (op === "narrow") {
        const whole = new Set(
          [0, argument - 1, argument + 1, ...offers.numbers].filter((x) => Number.isInteger(x) && x >= 0),
        );
        for (const x of whole) {
          if (k > 1 && x !== argument) yield change("argument", with_(k, x), COSTS.argument, argument);
        }
        continue;
      }
      const near = [
        -argument,
        1 / argument,
        -1 / argument,
        argument + 1,
        argument - 1,
        2 * argument,
        argument / 2,
        3 * argument,
        argument / 3,
      ];
      for (const x of new Set([...near, ...(plain === "pow" ? POWERS : offers.numbers), ...offers.lineNumbers])) {
        if (x === argument || !Number.isFinite(x) || isNeutral(plain, x)) continue;
        const likely = near.includes(x) || offers.lineNumbers.includes(x) || (isUnit(x) && isUnit(argument));
        yield change("argument", with_(k, x), COSTS.argument + (near.includes(x) ? 0 : likely ? 0.02 : 0.18), argument);
      }
      for (const { formula, close } of offers.tensors) {
        if (close && plain !== "pow") yield change("argument", with_(k, formula), COSTS.closeTensor + 0.12, argument);
      }
    } else if (plain === "index_put" && k === 3 || plain === "index_put" && args.length === 3 && k === 2) {
      const accumulates = (args[3] as { accumulate?: boolean } | undefined)?.accumulate;
      yield change("argument", step(op, args[0], args[1], args[2], { accumulate: !accumulates }), COSTS.argument);
    } else if (plain === "index_put" && k === 1 && Array.isArray(argument)) {
      for (const [j] of argument.entries()) {
        for (const index of offers.indices) {
          yield change(
            "argument",
            with_(k, argument.map((one: Argument, i: number) => i === j ? index : one)),
            COSTS.argument + 0.05,
          );
        }
      }
    }
  }
}

/** Whether a step does nothing with this number, up to a sign: that is a step left out. */
function isNeutral(op: string, x: number): boolean {
  if (op === "pow") return x === 1;
  return op === "mul" || op === "div" ? Math.abs(x) === 1 : x === 0 && (op === "add" || op === "sub");
}

/** Whether a reduction along these dimensions only takes what is there. */
function isNothing(shape: Shape, dim: Argument): boolean {
  const dims = dim === undefined ? shape.map((_, d) => d) : Array.isArray(dim) ? dim as number[] : [dim as number];
  return dims.every((d) => shape.at(d) === 1);
}

function dimensionsOf(rank: number): Argument[] {
  const one = DIMS.slice(0, rank), two: number[][] = [];
  for (let i = 0; i < rank; i++) for (let j = i + 1; j < rank; j++) two.push([i, j]);
  return rank > 2 ? [...one, ...two, undefined] : [...one, undefined];
}

/** A step put in around what stands there. */
function* putIn(
  here: Formula,
  shape: Shape,
  offers: Offers,
  change: Make,
  { wholeFits, parent }: Site,
): Generator<Change> {
  if (!(parent && COMPARISONS.includes(parent.op))) yield change("putIn", step("neg", here), COSTS.sign);
  // Where the whole has its shape already, a sum is hardly what is missing.
  const reduction = wholeFits ? COSTS.elementwise + 0.1 : COSTS.putIn - 0.1;
  for (const dim of shape.length === 0 ? [] : dimensionsOf(shape.length)) {
    for (const kept of [true, false]) {
      for (const op of ["sum", "mean"]) {
        yield change("putIn", step(op, here, dim, { keepdim: kept }), reduction + (op === "mean" ? 0.02 : 0));
      }
    }
    if (dim !== undefined && !Array.isArray(dim)) yield change("putIn", step("softmax", here, dim), COSTS.elementwise);
  }
  if (shape.length === 2) yield change("putIn", step("T", here), COSTS.putIn);
  if (shape.length > 2) {
    for (const [i, j] of [[-1, -2], [0, 1], [0, 2]]) {
      yield change("putIn", step("transpose", here, i, j), COSTS.putIn);
    }
  }
  if (!sameShape(shape, offers.shape)) {
    yield change("putIn", step("view", here, ...offers.shape), COSTS.putIn - 0.05);
    if (mayStandFor(offers.shape, shape)) yield change("putIn", step("expand", here, ...offers.shape), COSTS.putIn);
  }
  for (const index of offers.picks) {
    for (const x of [-1, 1, ...offers.numbers.filter((x) => Math.abs(x) < 1 && isUnit(x))]) {
      yield change("putIn", step("index_put_", here, index, x, { accumulate: true }), COSTS.putIn);
    }
  }
  if (here.kind === "step" && here.op === "one_hot") return;
  for (const power of POWERS) yield change("putIn", step("pow", here, power), COSTS.elementwise);
  for (const op of ONE_BY_ONE) yield change("putIn", step(op, here), COSTS.elementwise);
  yield change("putIn", step("sub", 1, here), COSTS.elementwise);
  for (const x of offers.lineNumbers) {
    if (Math.abs(x) < 0.05) yield change("putIn", step("add", here, x), COSTS.elementwise);
  }
}

/** Everything that is put in place of what stood there, added to it. */
function accumulating(formula: Formula): Formula {
  const made = exchanged(formula, accumulating);
  if (made.kind !== "step") return made;
  const isPut = made.op === "index_put_" && !(made.args[3] as { accumulate?: boolean } | undefined)?.accumulate;
  return isPut ? { ...made, args: [...made.args.slice(0, 3), { accumulate: true }] } : made;
}

/** Two tensors exchanged, wherever they stand. */
function* swapped(here: Formula, change: Make): Generator<Change> {
  const leaves = [...new Map(parts(here).flatMap((part) => part.kind === "leaf" ? [[part.name, part]] : [])).values()];
  for (let i = 0; i < leaves.length; i++) {
    for (let j = 0; j < i; j++) {
      const visit = (one: Formula): Formula =>
        sameLeaf(one, leaves[i]) ? leaves[j] : sameLeaf(one, leaves[j]) ? leaves[i] : exchanged(one, visit);
      yield change("swap", visit(here), COSTS.order + 0.05, [leaves[j], leaves[i]]);
    }
  }
}

function isOptions(argument: Argument): boolean {
  return typeof argument === "object" && !isFormula(argument) && !Array.isArray(argument);
}

function sameLeaf(a: Formula, b: Formula): boolean {
  return a.kind === "leaf" && b.kind === "leaf" && a.name === b.name;
}

/** Whether the place holds an index. */
function isIndexOf({ parent, formula }: Site): boolean {
  if (!parent) return false;
  const k = parent.args.indexOf(formula), op = parent.op;
  if (op === "one_hot" && k === 0) return true;
  if (op === "at" && k > 0) return true;
  return (op === "index_add_" && k === 2) ||
    (op === "index_put_" && k === -1 && Array.isArray(parent.args[1]) && parent.args[1].includes(formula));
}

/** How many rows an index may name. */
function rowsOf({ parent }: Site, point: Point): number {
  return evaluate(parent!.args[0] as Formula, point).shape[0];
}

/** Whether a tensor of one shape may stand where one of another does. */
function mayStandFor(a: Shape, b: Shape): boolean {
  if (sameShape(a, b)) return true;
  const rank = Math.min(a.length, b.length);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i], y = b[b.length - i];
    if (x !== y && x !== 1 && y !== 1) return false;
  }
  return true;
}

const broadcastTogether = mayStandFor;

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Every piece of some formulas that is calculated, each once. */
export function pieces(formulas: readonly Formula[]): Formula[] {
  return [...new Set(formulas.flatMap(parts))].filter((one) => one.kind === "step");
}
