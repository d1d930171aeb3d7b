// A formula taken apart: into the places at which something may be exchanged, the terms that it is the sum of,
// and the factors that it is the product of.
//
// A place is a hole in the formula. Only what lies between the hole and the root is computed again; the rest has its value.
// Left out: what is put into the hole (changes.ts).
import { textsOf } from "./loops.ts";
import { written } from "./notation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type Argument,
  computed,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  leaf,
  operands,
  opOf,
  parts,
  type Point,
  replaced,
  replacedAll,
  sameLeaf,
  type Step,
  step,
  withArgument,
} from "../formula/formula.ts";

/** A place in a formula. */
export interface Site {
  /** What is there. */
  readonly formula: Formula;
  /** The step that it is an operand of; undefined at the root. */
  readonly parent?: Step;
  /** The whole formula. */
  readonly all: Formula;
  /** The whole with a hole in this place. */
  readonly holed: Formula;
  readonly hole: Formula;
  /** From the hole to the root: what has to be computed again. */
  readonly spine: readonly Formula[];
  /** How many steps are around it, the shortest way. */
  readonly depth: number;
  /** Whether the whole formula has the shape that it has to have. */
  readonly wholeFits: boolean;
}

/** The place of the whole. */
export function rootOf(all: Formula, wholeFits = true): Site {
  const hole = leaf("…");
  return { depth: 0, formula: all, all, holed: hole, hole, spine: [], wholeFits };
}

/** Every place of a formula, the root first: each operand of each step, and what stands in several places, as one. */
export function sitesOf(all: Formula, wholeFits: boolean): Site[] {
  const depths = depthsOf(all);
  // Of a long loop most places are not looked at any further.
  const made = (formula: Formula, parent: Step, hole: Formula, filled: () => Formula, depth: number): Site => {
    let holed: Formula | undefined, spine: Formula[] | undefined;
    return {
      ...{ depth, formula, parent, all, hole, wholeFits },
      get holed() {
        return holed ??= filled();
      },
      get spine() {
        return spine ??= spineOf(this.holed, hole);
      },
    };
  };
  const sites = [rootOf(all, wholeFits)], from = parts(all).reverse();
  const uses = new Map<Formula, number>(), done = new Set<Formula>();
  for (const one of from.flatMap(operands)) uses.set(one, (uses.get(one) ?? 0) + 1);
  for (const parent of from) {
    operands(parent).forEach((one, k) => {
      const hole = leaf("…");
      const isOnce = uses.get(one) === 1, deep = depths.get(one)! + (isOnce ? 0 : 1);
      if (!done.has(one)) sites.push(made(one, parent as Step, hole, () => replaced(all, one, hole), deep));
      done.add(one);
      if (isOnce) return;
      let i = 0;
      const holed = exchanged(parent, (operand) => i++ === k ? hole : operand);
      sites.push(made(one, parent as Step, hole, () => replaced(all, parent, holed), depths.get(parent)! + 1));
    });
  }
  for (const twins of twinsIn(from)) {
    const [one] = twins, hole = leaf("…"), parent = from.find((part) => operands(part).includes(one)) as Step;
    const holed = () => replacedAll(all, new Map(twins.map((twin) => [twin, hole])));
    sites.push(made(one, parent, hole, holed, depths.get(one)! + 1));
  }
  return sites;
}

/** Calculations that are written out several times, each with all of them. */
function twinsIn(all: readonly Formula[]): Formula[][] {
  const groups = new Map<string, Formula[]>();
  for (const one of all) {
    if (one.kind !== "step" || one.op === "write") continue;
    const text = written(one);
    groups.set(text, [...groups.get(text) ?? [], one]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** How many steps are around each part, the shortest way. */
function depthsOf(all: Formula): Map<Formula, number> {
  const depths = new Map([[all, 0]]);
  for (const [one, depth] of depths) {
    for (const part of operands(one)) if (!depths.has(part)) depths.set(part, depth + 1);
  }
  return depths;
}

function spineOf(holed: Formula, hole: Formula): Formula[] {
  const above = new Set([hole]);
  for (const part of parts(holed)) if (operands(part).some((one) => above.has(one))) above.add(part);
  return [...above].slice(1);
}

/** The formula with something in the hole. */
export function filledWith(site: Site, by: Formula): Formula {
  return replaced(site.holed, site.hole, by);
}

/** The value of the whole with this in the hole. */
export function valueWith(site: Site, value: Tensor, point: Point): Tensor {
  const own = new Map<Formula, Tensor>([[site.hole, value]]);
  let last = value;
  for (const part of site.spine) {
    last = computed(part, (one) => own.get(one) ?? evaluate(one, point), point);
    own.set(part, last);
  }
  return last;
}

/** Operations that are linear in what they are called on. */
const LINEAR = new Set(
  ("neg sum mean view reshape flatten view_as unsqueeze squeeze T t transpose expand expand_as clone to double float at spread " +
    "tril triu contiguous narrow div mul matmul").split(" "),
);

/** The terms whose sum a formula is; the formula itself where it is no sum. */
export function summands(formula: Formula): Formula[] {
  const several = twoTerms(formula) ?? branches(formula) ?? pieces(formula);
  if (several) return several.flatMap(summands);
  if (formula.kind !== "step") return [formula];
  const op = opOf(formula), [base, , , options] = formula.args;
  // What was there, and what is added at some places.
  const adds = op === "index_add" ||
    op === "index_put" && (options as { accumulate?: boolean } | undefined)?.accumulate;
  if (adds && isFormula(base)) {
    return isZero(base) ? [formula] : [...summands(base), withArgument(formula, 0, step("zeros_like", base))];
  }
  if (op === "write") return addedTo(formula);
  const isProduct = op === "mul" || op === "matmul";
  return (LINEAR.has(op) ? each(formula, 0) ?? (isProduct ? each(formula, 1) : undefined) : undefined) ?? [formula];
}

/** Whether something is written to a part of what was there, by one of these methods. */
function isWrite(formula: Formula, methods: RegExp): formula is Step {
  return opOf(formula) === "write" && methods.test((formula as Step).args[2] as string);
}

/** What was there, and what is added to parts of it: the turns of a loop together. Put into zeros is added to them. */
function addedTo(formula: Formula, methods = /^(add|sub|copy)_$/): Formula[] {
  const lines = new Map<string, Step[]>();
  let base = formula, puts = false;
  for (; isWrite(base, methods); base = base.args[0] as Formula) {
    const { line } = textsOf(base);
    lines.set(line, [base, ...lines.get(line) ?? []]);
    puts ||= base.args[2] === "copy_";
  }
  if (puts && !isZero(base)) return addedTo(formula, /^(add|sub)_$/);
  // Two may be lines of their own.
  const all = [...lines.values()].flatMap((turns) => turns.length > 2 ? [turns] : turns.map((one) => [one]));
  const terms = all.map((turns) =>
    turns.reduce((sum: Formula, one) => withArgument(one, 0, sum), step("zeros_like", base))
  );
  if (terms.length === 0) return [formula];
  return !isZero(base) ? [...summands(base), ...terms] : terms.length > 1 ? terms : [formula];
}

/** The terms as they are written: what is added up last. */
export function topSummands(formula: Formula): Formula[] {
  const op = opOf(formula), [of] = operands(formula);
  if (op === "clone") return topSummands(of);
  if (op === "neg") return topSummands(of).map((term) => step("neg", term));
  return twoTerms(formula)?.flatMap(topSummands) ?? [formula];
}

function twoTerms(formula: Formula): Formula[] | undefined {
  if (formula.kind !== "step" || formula.args.length !== 2) return undefined;
  const [a, b] = formula.args, op = opOf(formula);
  if ((op !== "add" && op !== "sub") || !isFormula(a) || !isFormula(b)) return undefined;
  return [a, op === "sub" ? step("neg", b) : b];
}

/** A choice between two as a sum: each where it is chosen, and 0 elsewhere. */
function branches(formula: Formula): Formula[] | undefined {
  if (opOf(formula) !== "where") return undefined;
  const [mask, a, b] = (formula as Step).args;
  return a === 0 || b === 0 ? undefined : [step("where", mask, a, 0), step("where", mask, 0, b)];
}

/** Tensors in a row as a sum: each in its place, and zeros elsewhere. */
function pieces(formula: Formula): Formula[] | undefined {
  const [list] = formula.kind === "step" ? formula.args : [];
  if (!/^(cat|stack)$/.test(opOf(formula)) || !Array.isArray(list)) return undefined;
  const isAlone = list.filter((one) => !isZero(one as Formula)).length < 2;
  if (isAlone) return undefined;
  return list.map((one, i) =>
    withArgument(formula as Step, 0, list.map((other, j) => i === j ? one : step("zeros_like", other)))
  );
}

/** The step on each term of one of its operands; undefined if that is no sum. */
function each(formula: Step, k: number): Formula[] | undefined {
  const operand = formula.args[k], terms = isFormula(operand) ? summands(operand) : [];
  return terms.length < 2 ? undefined : terms.flatMap((term) => summands(withArgument(formula, k, term)));
}

/** Whether a formula is zeros. */
export function isZero(formula: Formula): boolean {
  if (formula.kind === "constant") return formula.value === 0 && !formula.tensor;
  return formula.kind === "step" && formula.op === "zeros_like";
}

/** The product of several. */
export const product = (factors: readonly Formula[]) => factors.reduce((a, b) => step("mul", a, b));

/** The factors of a product, a square as two. */
export function factorsOf(formula: Formula): Formula[] {
  if (formula.kind !== "step") return [formula];
  const [a, b] = formula.args;
  if (opOf(formula) === "mul" && isFormula(a) && isFormula(b)) return [...factorsOf(a), ...factorsOf(b)];
  return formula.op === "pow" && b === 2 ? [a as Formula, a as Formula] : [formula];
}

/** A formula without the sums, means and views around it. */
export function unsummed(formula: Formula): Formula {
  if (!/^(sum|mean|view|reshape|unsqueeze|squeeze|expand)$/.test(opOf(formula))) return formula;
  return unsummed((formula as Step).args[0] as Formula);
}

/** Whether what stands at a place divides all around it, rather than multiplies. */
export function divides({ spine, hole }: Site): boolean {
  let below: Formula = hole, isBelow = false;
  for (const part of spine) {
    if (opOf(part) === "div" && (part as Step).args[1] === below) isBelow = !isBelow;
    below = part;
  }
  return isBelow;
}

/** Operations through which a factor passes. */
export const PRODUCTS = /^(mul|div|neg|sum|mean|view|T|clone|spread)$/;

/** Whether a tensor is a factor of a product already, to this power. */
export function isFactor(formula: Argument, factor: Argument, power: 1 | -1): boolean {
  if (!isFormula(factor) || !isFormula(formula)) return false;
  if (opOf(factor) === "mul" && factorsOf(factor).every((one) => one !== factor && isFactor(formula, one, power))) {
    return true;
  }
  const isSame = formula === factor || sameLeaf(formula, factor) ||
    opOf(factor) !== "" && opOf(formula) === opOf(factor) && written(formula) === written(factor);
  if (power === 1 && isSame) return true;
  if (formula.kind !== "step") return false;
  const [a, b] = formula.args, op = opOf(formula), within = (one: Argument) => isFactor(one, factor, power);
  if (op === "mul") return within(a) || within(b);
  if (op === "div") return within(a) || isFactor(b, factor, -power as 1 | -1);
  // A sum of x is no x.
  if (/^(sum|mean)$/.test(op) && !/^(mul|div)$/.test(opOf(a))) return false;
  return PRODUCTS.test(op) && within(a);
}
