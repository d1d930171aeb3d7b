// The loops in a formula, where they stand unrolled: steps one on the other that do the same, each with indices of its own.
// Left out: loops over plain numbers, which have no formula (numbers.ts), and what may be wrong with one (turns.ts).
import {
  type Argument,
  exchanged,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  leavesIn,
  operands,
  opOf,
  parts,
  replaced,
  replacedAll,
  type Step,
  step,
  withArgument,
} from "../formula/formula.ts";
import { isSlice } from "./change.ts";
import { argument, short, written } from "./notation.ts";

/** Steps that do the same, in a row of steps one on the other. */
export interface Loop {
  /** The steps as they stand, and what each does to what is below it. */
  readonly steps: readonly Step[];
  readonly row: readonly Step[];
  /** Where in the row the turns are. */
  readonly at: readonly number[];
}

/** A number that every turn of a loop has one of. */
export interface Slot {
  readonly loop: Loop;
  /** Which of a turn's numbers it is. */
  readonly i: number;
  /** The code around it, in the first turn; and which of a turn's calculations that is. */
  readonly code: string;
  readonly place: number;
  readonly numbers: readonly number[];
}

/** So many turns a loop has at the most. */
export const MOST = 128;

/** Stands for what a turn is done to. */
export const BELOW = leaf("·");

/** The loops in a formula. */
export function loopsIn(root: Formula): Loop[] {
  const seen = new Set<Formula>();
  return parts(root).reverse().flatMap((top) => {
    const steps: Step[] = [], groups = new Map<string, number[]>();
    for (let one = top; !seen.has(one) && one.kind === "step" && isFormula(one.args[0]); one = one.args[0]) {
      seen.add(one);
      steps.unshift(one);
    }
    const row = steps.map((one) => turnOf(one));
    const times = new Map<string, number>();
    for (const { op } of row) times.set(op, (times.get(op) ?? 0) + 1);
    // The same with other tensors is a loop around, for (const d of [da, db]).
    for (const  of of["line", "nameless"] as const) {
      for (const [i, one] of row.entries()) {
        if (times.get(one.op)! < 2) continue;
        const text = `${of} ${textsOf(one)[of]}`;
        groups.set(text, [...groups.get(text) ?? [], i]);
      }
    }
    const all = [...groups.values()].flatMap((at) => [at, ...alikeApart(row, at)]);
    const distinct = [...new Map(all.map((at) => [at.join(), at])).values()];
    return distinct.filter((at) => at.length > 1 && at.length <= MOST).map((at) => ({ steps, row, at }));
  });
}

/** What a step does to what is below it, which it may read in other places, too; and with some parts exchanged. */
export function turnOf(one: Step, others: ReadonlyMap<Formula, Formula> = new Map()): Step {
  const [below] = one.args as Formula[], isMade = below.kind === "step";
  const turned = isMade
    ? [...others].map(([part, by]): [Formula, Formula] => [part, replaced(by, below, BELOW)])
    : others;
  const made = replacedAll(one, new Map([...turned, ...isMade ? [[below, BELOW] as const] : []]));
  return withArgument(made as Step, 0, BELOW);
}

/** What a step does to what is below it, as text: as it is, without numbers, and without names as well. */
interface Texts {
  readonly turn: string;
  readonly line: string;
  readonly nameless: string;
}

/** Texts by what the step is called with: a change below it leaves them as they are. */
const texts = new WeakMap<object, { of: Step; texts: Texts }[]>();

/** Texts of a step. */
export function textsOf(one: Step): Texts {
  const key = one.args.slice(1).find((arg) => typeof arg === "object") as object | undefined;
  const made = (key && texts.get(key)) ?? [];
  const known = made.find(({ of }) =>
    of.op === one.op && of.args.length === one.args.length && of.args.every((arg, k) => k === 0 || arg === one.args[k])
  );
  if (known) return known.texts;
  const nameless = (of: Formula): Formula => isLeaf(of) ? leaf(of.gradient ? "d" : "x") : exchanged(of, nameless);
  const turn = turnOf(one), line = mapped(turn, () => 0);
  const all = { turn: written(turn), line: written(line), nameless: written(nameless(line)) };
  if (key) texts.set(key, [...made, { of: turn, texts: all }]);
  return all;
}

/** The turns of two lines that look alike, apart: of each index there is one of each. */
function alikeApart(row: readonly Step[], at: readonly number[]): number[][] {
  const lines: number[][] = [], seen = new Map<string, number>();
  for (const i of at) {
    const text = textsOf(row[i]).turn, times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    (lines[times] ??= []).push(i);
  }
  return lines.length > 1 && lines.every(({ length }) => length === lines[0].length) ? lines : [];
}

/** The numbers that the turns of a loop have, of a formula for d`name`. */
export function slotsOf(loop: Loop, name: string): Slot[] {
  const codes: string[] = [], places: object[] = [], turns = loop.at.map((i) => loop.row[i]);
  const all = turns.map((turn) => {
    const numbers: number[] = [];
    mapped(turn, (x, of) => {
      numbers.push(x);
      if (turn === turns[0]) {
        places.push(of);
        codes.push(
          isFormula(of)
            ? short(replaced(of, BELOW, leaf(`d${name}`)))
            : `d${name}.${of[0]}(${of.slice(1).map(argument).join(", ")})`,
        );
      }
      return x;
    });
    return numbers;
  });
  return codes.map((code, i) => ({
    loop,
    i,
    code,
    place: places.indexOf(places[i]),
    numbers: all.map((numbers) => numbers[i]),
  }));
}

/** The formula with other steps in a row; `by` gets what each does, and its place. */
function withSteps(root: Formula, { steps, row }: Loop, by: (one: Step, place: number) => Step): Formula {
  const made = new Map<Formula, Formula>();
  let below = steps[0].args[0] as Formula;
  for (const [place, one] of row.entries()) {
    below = replaced(by(one, place), BELOW, below);
    made.set(steps[place], below);
  }
  return replacedAll(root, made);
}

/** The formula with other turns in a loop. */
export function withTurns(root: Formula, loop: Loop, by: (turn: Step) => Step): Formula {
  return withSteps(root, loop, (one, place) => loop.at.includes(place) ? by(one) : one);
}

/** The formula with other numbers in some slots, which are in one row. */
export function withNumbers(root: Formula, numbers: ReadonlyMap<Slot, readonly number[]>): Formula {
  const [{ loop }] = numbers.keys(), all = [...numbers];
  return withSteps(root, loop, (one, place) => {
    const own = all.filter(([{ loop }]) => loop.at.includes(place));
    return withIndices(one, (x, i) => {
      const [slot, other] = own.find(([slot]) => slot.i === i) ?? [];
      return slot ? other![slot.loop.at.indexOf(place)] : x;
    });
  });
}

/** A turn with other indices, by number and place. */
export function withIndices(turn: Step, by: (x: number, i: number) => number): Step {
  let i = 0;
  return mapped(turn, (x) => by(x, i++));
}

/** A turn with other indices. `by` gets each index, and the step or the view that has it. */
function mapped(turn: Step, by: (x: number, of: Step | readonly Argument[]) => number): Step {
  const indices = (args: readonly Argument[], op: Argument, of: Step | readonly Argument[]): Argument[] =>
    args.map((x, k) => {
      if (Array.isArray(x) && op === "index_put_") return indices(x, op, of);
      const isIndex = op === "at" || op === "index_put_" || op === "narrow" && k === 1;
      return !isIndex ? x : typeof x === "number" ? by(x, of) : isSlice(x) ? movedTo(x, (first) => by(first, of)) : x;
    });
  const within = (one: Argument): Argument =>
    isFormula(one) && one.kind === "step" ? mapped(withArgument(one, 0, within(one.args[0])), by) : one;
  const [self, ...rest] = turn.args;
  const own = turn.op === "write"
    ? [
      (rest[0] as readonly (readonly Argument[])[]).map((view) => [view[0], ...indices(view.slice(1), view[0], view)]),
      ...rest.slice(1),
    ]
    : turn.op === "index_put_"
    ? [...indices(rest.slice(0, 1), turn.op, turn), ...rest.slice(1)]
    : indices(rest, turn.op, turn);
  return { ...turn, args: [self, ...own.map(within)] };
}

/** A slice that begins elsewhere, as long as it is. */
export function movedTo(slice: string, by: (first: number, length: number) => number): string {
  const [first, last, ...more] = slice.split(":"), from = Number(first), to = Number(last);
  if (first === "" || !(from >= 0) || last !== "" && !(to > from)) return slice;
  const length = last === "" ? 0 : to - from, start = by(from, length);
  return [start, length && start + length || "", ...more].join(":");
}

/** What a turn does, with other places picked: `by` gets what is in the brackets of an at, and what it is called on, where that is no view. */
export function withPlaces(
  turn: Step,
  by: (place: readonly Argument[], of?: Formula) => readonly Argument[],
): Step {
  const visit = (one: Formula): Formula => {
    const made = exchanged(one, visit), [of, second, ...more] = made.kind === "step" ? made.args : [];
    if (opOf(made) === "at") return step("at", of, ...by([second, ...more], of as Formula));
    if (opOf(made) !== "write") return made;
    const views = second as readonly (readonly Argument[])[];
    return withArgument(made as Step, 1, views.map(([op, ...at]) => [op, ...op === "at" ? by(at) : at]));
  };
  return visit(turn) as Step;
}

/** What stands in one turn only of a loop of three or more, which nobody writes otherwise than the others. */
export function ofOneTurn(root: Formula): Set<Formula> {
  const once = new Set<Formula>();
  const names = (turn: Step) => leavesIn(turn).map(({ name }) => name).join();
  for (const { steps, row, at } of loopsIn(root)) {
    if (at.length < 3 || at.some((i) => names(row[i]) !== names(row[at[0]]))) continue;
    const times = new Map<Formula, number>();
    for (const i of at) {
      for (const one of new Set(operands(steps[i]).slice(1).flatMap(parts))) times.set(one, (times.get(one) ?? 0) + 1);
    }
    for (const [one, count] of times) if (count === 1) once.add(one);
    for (const i of at.slice(0, -1)) once.add(steps[i]);
  }
  return once;
}

/** Whether numbers go in even steps. */
export const isEven = ([a, b = a, ...more]: readonly number[]) => more.every((x, k) => x === a + (k + 2) * (b - a));
