// A result that a row's lines throw away: `da.div(n);` makes a new tensor that nothing keeps, `da.at(rows).sub_(1);` changes a
// copy. It is told where the row would be right with it, or nearer to that.
// Left out: which results nothing keeps (record.ts).
import {
  type Argument,
  attempt,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  opOf,
  parts,
  replaced,
  type Step,
  step,
  stepsIn,
  withArgument,
  withoutFloat32,
} from "../formula/formula.ts";
import { COSTS } from "./change.ts";
import { called, enumerated, type Phrase, say, short } from "./notation.ts";
import { costOf, isRight, type Repair } from "./repair.ts";
import { repairs } from "./search.ts";
import type { Subject } from "./subject.ts";
import { passing, target, tried } from "./target.ts";

/** A result that was thrown away, the formula with it, and what is wrong beside that. */
export interface Vain {
  readonly phrase: Phrase;
  readonly formula: Formula;
  readonly besides: readonly Repair[];
}

/** The result without which a formula is wrong; undefined if none of those that were `lost` would help. */
export function thrownAway(formula: Formula, lost: readonly Formula[], subject: Subject): Vain | undefined {
  // Another row's gradient, of which something is made for this row, is rather not what was meant to be given.
  const steps = isLeaf(formula) ? [] : lost.filter((one) => one.kind === "step");
  const single = steps.flatMap((one) => kept(formula, one, subject.name));
  // One after the other, where the second was made of what the first would have changed.
  const [, second] = steps.length === 2 ? steps : [];
  const both = second ? single.flatMap((one) => keptToo(one, formula, second, subject.name)) : [];
  const all = [...inTurns(formula, steps), ...single, ...both].map((one) => ({
    ...one,
    formula: withoutFloat32(one.formula),
  }));
  const right = all.find(({ formula }) => attempt(() => isRight(formula, subject)));
  if (right) return right;
  for (const one of steps.length === 1 ? all.slice(0, MOST) : []) {
    if (isSame(one.formula, formula, subject)) continue;
    const besides = repairs(subject, one.formula);
    if (besides.length > 0 && costOf(besides) < COSTS.plausible) return { ...one, besides };
  }
}

/** The same with another result that was thrown away after it. */
function keptToo({ formula: after, phrase }: Vain, formula: Formula, lost: Step, name: string): Vain[] {
  return kept(after, replaced(lost, formula, after) as Step, name).map((one) => ({
    ...one,
    phrase: say`${phrase} Besides, ${one.phrase}`,
  }));
}

/** Whether two formulas have the same numbers here. */
const isSame = (a: Formula, b: Formula, { first }: Subject) =>
  attempt(() => tried(a, first, target(passing(b, first)))) === 1;

/** For so many of them it is asked what else is wrong. */
const MOST = 2;

/** The formula with a result that was thrown away, in each way in which it may have been meant. */
function kept(formula: Formula, lost: Step, name: string): Vain[] {
  const all = [...states(formula), ...stepsIn(formula)], made: Vain[] = [], { op, args: [of, value] } = lost;
  const add = (what: Formula, by: Formula, phrase: Phrase) => {
    if (all.some((one) => one === what)) made.push({ formula: replaced(formula, what, by), phrase, besides: [] });
  };
  if (!isFormula(of)) return [];
  if (!op.endsWith("_")) {
    const vain = (base: Formula, advice: string) => {
      const what = short(replaced(lost, base, leaf(`d${name}`)));
      return say`${what} makes a new tensor, which is thrown away: ${advice}.`;
    };
    const chain = chainOf(lost, all);
    if (!chain) {
      const isMadeOf = parts(lost).includes(formula);
      return isMadeOf ? [{ formula: lost, phrase: vain(formula, "it has to be kept"), besides: [] }] : [];
    }
    const { base, views, steps } = chain;
    const calls = [...new Set(steps.map(({ op, call }) => call ?? op))],
      areKnown = calls.every((one) => IN_PLACE.test(one));
    const advice = areKnown
      ? `write ${enumerated(calls.map((one) => `${one}_`))} for ${enumerated(calls)}`
      : "it has to be kept";
    const [[view, ...index] = []] = views, [{ op: by, args: [, x] }, ...rest] = steps;
    if (views.length === 0) add(base, lost, vain(base, advice));
    else if (view === "at" && !index.every((one) => typeof one === "number" || typeof one === "string")) {
      // Of lists of indices it is a copy.
      if (rest.length > 0 || !/^(add|sub)$/.test(by)) return made;
      const put = step("index_put_", base, index, by === "sub" ? negative(x) : x, { accumulate: true });
      add(base, put, vain(base, `write ${called(put)}`));
    } else {
      const written = (ops: readonly string[]) =>
        steps.reduce((sum: Formula, one, k) => step("write", sum, views, ops[k], ...one.args.slice(1)), base);
      add(base, written(steps.map(({ op }) => `${op}_`)), vain(base, advice));
      if (calls.length === 1) add(base, written(["copy_"]), vain(base, `write copy_ for ${calls[0]}`));
    }
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

/** Methods that have a form in place. */
const IN_PLACE = /^(add|sub|mul|div|addcmul|masked_fill)$/;

/** Of which of these a result was made, through which views, and by which steps. */
function chainOf(
  lost: Step,
  bases: readonly Formula[],
): { base: Formula; views: Argument[][]; steps: Step[] } | undefined {
  const steps: Step[] = [];
  let one: Formula = lost;
  for (; one.kind === "step" && !bases.includes(one) && isFormula(one.args[0]); one = one.args[0]) steps.unshift(one);
  const first = steps.findIndex(({ op }) => !VIEWS.test(op));
  if (!bases.includes(one) || first < 0) return undefined;
  return { base: one, views: steps.splice(0, first).map(({ op, args }) => [op, ...args.slice(1)]), steps };
}

/** The formula with all results that were thrown away in the turns of a loop, of it or of what it shows. */
function inTurns(formula: Formula, lost: readonly Step[]): Vain[] {
  const all = states(formula), turns = lost.flatMap((one) => chainOf(one, all) ?? []);
  const [ops, ...others] = turns.map(({ steps }) => steps.map(({ op }) => op));
  const isAlike = others.length > 0 && others.every((one) => one.join() === ops.join());
  if (!isAlike || !ops.every((op) => IN_PLACE.test(op))) return [];
  // Each where it was made
  const kept = (state: Formula): Formula => {
    const own = state === all.at(-1) ? state : withArgument(state as Step, 0, kept((state as Step).args[0] as Formula));
    const made = (sum: Formula, { args: [, ...args], op }: Step, views: Argument[][]): Step => {
      // What it reads of the gradient is what the turns before have made.
      const read = args.map((one) => isFormula(one) && state.kind === "step" ? replaced(one, state, sum) : one);
      return views.length > 0 ? step("write", sum, views, `${op}_`, ...read) : step(op, sum, ...read);
    };
    return turns.filter(({ base }) => base === state).reduce(
      (sum, { views, steps }) => steps.reduce((sum, one) => made(sum, one, views), sum),
      own,
    );
  };
  const calls = [...new Set(ops)], places = enumerated(calls.map((op) => `${op}_`));
  const what = calls.length > 1
    ? `${enumerated(calls)} make new tensors, which are thrown away`
    : `${calls[0]} makes a new tensor, which is thrown away`;
  return [{
    formula: kept(formula),
    phrase: say`${what}, ${turns.length === 2 ? "both times" : "in every turn"}: write ${places} for ${
      enumerated(calls)
    }.`,
    besides: [],
  }];
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
