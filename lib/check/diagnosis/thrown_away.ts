// A result that a row's lines throw away: `da.div(n);` makes a new tensor that nothing keeps, `da.at(rows).sub_(1);` changes a
// copy. It is told where the row would be right with it, or nearer to that.
// Left out: which results nothing keeps (record.ts).
import {
  type Argument,
  attempt,
  type Formula,
  isFormula,
  opOf,
  replaced,
  type Step,
  step,
  withArgument,
  withoutFloat32,
} from "../formula/formula.ts";
import { COSTS } from "./change.ts";
import { called, type Phrase, say, short } from "./notation.ts";
import { costOf, isRight, type Repair } from "./repair.ts";
import { repairs } from "./search.ts";
import type { Subject } from "./subject.ts";

/** A result that was thrown away, the formula with it, and what is wrong beside that. */
export interface Vain {
  readonly phrase: Phrase;
  readonly formula: Formula;
  readonly besides: readonly Repair[];
}

/** The result without which a formula is wrong; undefined if none of those that were `lost` would help. */
export function thrownAway(formula: Formula, lost: readonly Formula[], subject: Subject): Vain | undefined {
  const steps = lost.filter((one) => one.kind === "step");
  const all = [...inTurns(formula, steps), ...steps.flatMap((one) => kept(formula, one))].map((one) => ({
    ...one,
    formula: withoutFloat32(one.formula),
  }));
  const right = all.find(({ formula }) => attempt(() => isRight(formula, subject)));
  if (right) return right;
  for (const one of steps.length === 1 ? all.slice(0, MOST) : []) {
    const besides = repairs(subject, one.formula);
    if (besides.length > 0 && costOf(besides) < COSTS.plausible) return { ...one, besides };
  }
}

/** For so many of them it is asked what else is wrong. */
const MOST = 2;

/** The formula with a result that was thrown away, in each way in which it may have been meant. */
function kept(formula: Formula, lost: Step): Vain[] {
  const all = states(formula), made: Vain[] = [], { op, args: [of, value] } = lost;
  const add = (what: Formula, by: Formula, phrase: Phrase) => {
    if (all.some((one) => one === what)) made.push({ formula: replaced(formula, what, by), phrase, besides: [] });
  };
  if (!isFormula(of)) return [];
  if (!op.endsWith("_")) {
    const instead = /^(add|sub|mul|div)$/.test(op) ? `write ${op}_ for ${op}` : "it has to be kept";
    const phrase = say`${short(lost)} makes a new tensor, which is thrown away: ${instead}.`;
    add(of, lost, phrase);
    const seen = viewed(of, all);
    if (seen) add(seen.base, step("write", seen.base, seen.views, `${op}_`, value), phrase);
  } else if (of.kind === "step" && isFormula(of.args[0])) {
    const [from, ...index] = of.args, copy = say`${short(of)} is a copy, which is changed and thrown away`;
    const isSum = /^(add|sub)$/.test(opOf(lost));
    if (of.op === "at" && (isSum || /^(copy|fill)$/.test(opOf(lost)))) {
      const sign = op === "sub_" ? negative(value) : value;
      const put = step("index_put_", from, index, sign, ...isSum ? [{ accumulate: true }] : []);
      add(from as Formula, put, say`${copy}: write ${called(put)}.`);
    } else {
      add(from as Formula, withArgument(lost, 0, from), say`${copy}.`);
      add(of, lost, say`${copy}.`);
    }
  }
  return made;
}

/** The formula with all results that were thrown away in the turns of a loop, of it or of what it shows. */
function inTurns(formula: Formula, lost: readonly Step[]): Vain[] {
  const all = states(formula),
    turns = lost.flatMap((one) => {
      const [of] = one.args, base = all.find((state) => state === of);
      const seen = base ? { base, views: [] } : viewed(of as Formula, all);
      return /^(add|sub)$/.test(one.op) && seen ? { ...seen, one } : [];
    });
  const ops = new Set(turns.map(({ one }) => one.op)), [op] = ops;
  if (turns.length < 2 || ops.size > 1) return [];
  // Each where it was made
  const kept = (state: Formula): Formula => {
    const own = state === all.at(-1) ? state : withArgument(state as Step, 0, kept((state as Step).args[0] as Formula));
    return turns.filter(({ base }) => base === state).reduce(
      (sum, { views, one }) =>
        views.length > 0 ? step("write", sum, views, `${op}_`, one.args[1]) : withArgument(one, 0, sum),
      own,
    );
  };
  const phrase = say`${op} makes a new tensor, which is thrown away, in every turn: write ${op}_ for ${op}.`;
  return [{ formula: kept(formula), phrase, besides: [] }];
}

/** Of which of these a formula is a view, and by which steps. */
function viewed(of: Formula, bases: readonly Formula[]): { base: Formula; views: Argument[][] } | undefined {
  const views: Argument[][] = [];
  for (let one = of; one.kind === "step" && VIEWS.test(one.op) && isFormula(one.args[0]); one = one.args[0]) {
    views.unshift([one.op, ...one.args.slice(1)]);
    const [base] = one.args;
    if (bases.some((other) => other === base)) return { base, views };
  }
}

/** Steps that may show elements of the tensor itself. */
const VIEWS = /^(at|narrow|view|T|transpose|unsqueeze|squeeze|select)$/;

/** What the gradient was, from before it was changed in place to the end. Another part may be another gradient's, and kept for it. */
function states(formula: Formula): Formula[] {
  if (formula.kind !== "step") return [formula];
  const [before] = formula.args, isChange = formula.op.endsWith("_") || formula.op === "write";
  return [formula, ...isChange && isFormula(before) ? states(before) : []];
}

const negative = (value: Step["args"][number]) => typeof value === "number" ? -value : step("neg", value);
