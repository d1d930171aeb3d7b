// Changes of the indices in a loop. In a formula it stands unrolled: steps one on the other that do the same, each with indices of
// its own. An index that stands still may have to run, or run as another one does.
// Left out: loops over plain numbers, which have no formula (numbers.ts).
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  leavesIn,
  operands,
  parts,
  type Point,
  replaced,
  sameLeaf,
  type Step,
  withArgument,
} from "../formula/formula.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Site } from "./places.ts";
import { argument, number, short, written } from "./notation.ts";

/** Steps that do the same, in a row of steps one on the other. */
export interface Loop {
  readonly row: readonly Step[];
  /** Where in the row the turns are. */
  readonly at: readonly number[];
}

/** A number that every turn has one of. */
interface Slot {
  /** The code around it, in the first turn. */
  readonly code: string;
  readonly numbers: readonly number[];
}

/** So many turns a loop has at the most. */
const MOST = 128;

/** Every change of what all turns of a loop do: another index, another tensor, another operation; and a turn more. */
export function* turns(root: Formula, name: string, offers: Offers, point: Point, change: Make): Generator<Change> {
  const names = new Map<string, string>();
  const lists = offers.indices.flatMap((one) => {
    const numbers = isFormula(one) ? attempt(() => Array.from(evaluate(one, point).toArray())) : one as number[];
    if (numbers && isFormula(one) && !names.has(numbers.join())) names.set(numbers.join(), short(one));
    return numbers ? [numbers] : [];
  });
  const loops = loopsIn(root).map((loop) => ({ loop, slots: slotsOf(loop.at.map((i) => loop.row[i]), name) }));
  for (const { loop, slots } of loops) {
    const count = loop.at.length, last = loop.row[loop.at.at(-1)!];
    const made = (by: Formula, cost: number, ...other: string[]): Change => ({
      ...change("turns", by, cost, other),
      times: count,
    });
    // Other lines in the same turns have their indices, too.
    const together = loops.filter((one) => one.loop.row === loop.row && one.loop.at.length === count);
    const beside = together.flatMap((one) => one.slots);
    for (const [i, slot] of slots.entries()) {
      const others = beside.filter((one) => one !== slot).map(({ numbers }) => numbers);
      for (const { by, cost } of otherIndices(slot.numbers, others, lists, offers.numbers)) {
        const changed = rebuilt(root, loop, (turn, k) => withIndices(turn, (x, j) => j === i ? by[k] : x));
        const [was, is] = [slot.numbers, by].map((one) => names.get(one.join()));
        const texts = was && is ? [was, is] : told(slot.numbers, by);
        yield made(changed, count > 2 ? cost : cost + COSTS.fewTurns, slot.code, ...texts);
      }
    }
    yield* otherPlaces(slots, beside).map(({ place, by }) => {
      const changed = rebuilt(
        root,
        loop,
        (turn, k) => withIndices(turn, (x, i) => by[place.indexOf(slots[i])]?.numbers[k] ?? x),
      );
      return made(changed, COSTS.turns, place[0].code, ...told(tuples(place), tuples(by)));
    });
    for (const { loop: { at }, slots: others } of together.slice(together.findIndex((one) => one.loop === loop) + 1)) {
      const both = [...loop.at, ...at].sort((x, y) => x - y);
      for (const [i, a] of slots.entries()) {
        for (const [j, b] of others.entries()) {
          if (a.numbers.join() === b.numbers.join()) continue;
          const exchanged = rebuilt(root, { row: loop.row, at: both }, (turn, n) => {
            const k = loop.at.indexOf(both[n]), isOwn = k >= 0, numbers = isOwn ? b.numbers : a.numbers;
            return withIndices(
              turn,
              (x, place) => place === (isOwn ? i : j) ? numbers[isOwn ? k : at.indexOf(both[n])] : x,
            );
          });
          yield { ...change("swap", exchanged, COSTS.turns, [leaf(a.code), leaf(b.code)]), times: 2 * count };
        }
      }
    }
    // Another tensor, which other lines of the same turns have, too
    const here = new Set(leavesIn(withArgument(last, 0, 0)));
    for (const was of together.some((one) => one.loop !== loop) ? here : []) {
      const { shape } = evaluate(was, point), [, ...value] = last.args;
      for (const { formula } of offers.tensors.filter((one) => one.close && sameShape(one.shape, shape))) {
        if (!isLeaf(formula) || sameLeaf(formula, was)) continue;
        const changed = rebuilt(
          root,
          loop,
          (turn) => withArgument(replaced(withArgument(turn, 0, HOLE), was, formula) as Step, 0, turn.args[0]),
        );
        const each = { ...change("instead", formula, 0), site: { formula: was, holed: HOLE } as Site };
        yield { ...change("everywhere", changed, COSTS.turns, value.findLast(isFormula)), each, times: count };
      }
    }
    // Turns more, of this line or of all lines, at the end or before the first
    const isFirst = together[0].loop === loop && together.length > 1, own = { loop, slots };
    const sizes = offers.numbers.filter((n) => n > count + 1 && n <= MOST && Number.isInteger(n)).map((n) => n - count);
    for (const some of isFirst ? [together, [own]] : [[own]]) {
      for (const more of [1, -1, ...sizes]) {
        const ends = some.map(({ loop: { row, at }, slots }) =>
          next(slots, lists, more)?.map((numbers) => withIndices(row[at.at(-1)!], (_, i) => numbers[i]))
        );
        if (ends.includes(undefined)) continue;
        const top = some.length > 1 ? loop.row.at(-1)! : last, all = (ends as Step[][]).flat();
        const longer = all.reduce((below, end) => withArgument(end, 0, below), top);
        const [{ code }] = slotsOf([all[0]], name), rest = more > 1 ? " and what comes after it" : "";
        yield made(replaced(root, top, longer), COSTS.turn, code + rest);
      }
    }
    // Another number that each turn takes
    const [, , , x] = last.op === "write" ? last.args : [];
    for (const y of typeof x === "number" ? new Set([1, -x, ...offers.lineNumbers, ...offers.numbers]) : []) {
      if (y === x) continue;
      const changed = rebuilt(root, loop, (turn) => withArgument(turn, 3, y));
      yield made(changed, COSTS.argument + COSTS.likelyNumber, number(x as number), number(y));
    }
    const is = last.op === "write" ? last.args[2] as string : last.op, op = OPPOSITE[is];
    if (!op) continue;
    const changed = rebuilt(root, loop, (turn) => turn.op === "write" ? withArgument(turn, 2, op) : { ...turn, op });
    yield made(changed, COSTS.sign - COSTS.depth, is, op);
  }
}

/** Both indices of a place at once, each as one runs somewhere, this way or the other. */
function otherPlaces(slots: readonly Slot[], beside: readonly Slot[]): { place: Slot[]; by: Slot[] }[] {
  const moving = beside.filter(({ numbers }) => numbers.some((x) => x !== numbers[0]));
  const runs = [...new Map(moving.map((one) => [one.numbers.join(), one])).values()].slice(0, MOST_RUNS);
  const all = [...runs, ...runs.map((one) => ({ ...one, numbers: one.numbers.toReversed() }))];
  return [...new Set(slots.map(({ code }) => code))].flatMap((code) => {
    const place = slots.filter((one) => one.code === code);
    if (place.length !== 2) return [];
    return all.flatMap((a) => all.map((b) => ({ place, by: [a, b] }))).filter(({ by }) =>
      by.every(({ numbers }, i) => numbers.join() !== place[i].numbers.join())
    );
  });
}

/** So many different ways an index may run. */
const MOST_RUNS = 4;

/** The indices of a place, turn by turn, as text. */
const tuples = (place: readonly Slot[]) =>
  place[0].numbers.map((_, k) => `(${place.map(({ numbers }) => numbers[k]).join(", ")})`);

/** What is taken for one another in a turn. */
const OPPOSITE: Readonly<Record<string, string>> = { add_: "sub_", sub_: "add_" };

/** Other indices for the turns: as another one runs, or one that the data has; running, standing still, moved, in parts. */
function otherIndices(
  own: readonly number[],
  others: readonly (readonly number[])[],
  lists: readonly (readonly number[])[],
  numbers: readonly number[],
): { by: readonly number[]; cost: number }[] {
  const count = own.length, sizes = numbers.filter(Number.isInteger), ks = own.map((_, k) => k);
  const near = [
    ...others,
    ...lists.filter(({ length }) => length === count),
    ks,
    own.map(() => own[0]),
    own.toReversed(),
  ];
  const moves = new Set([1, -1, 2, -2, ...sizes.flatMap((n) => [n, -n])]);
  const parts = sizes.filter((n) => n > 1 && n < count && count % n === 0);
  const far = [
    ...[...moves].map((by) => own.map((x) => x + by)),
    ...parts.flatMap((n) => [ks.map((k) => k % n), ks.map((k) => Math.floor(k / n))]),
    ...others.flatMap((a, i) => others.flatMap((b, j) => i === j ? [] : [a.map((x, k) => x - b[k])])),
    ...others.flatMap((a, i) => others.slice(0, i).map((b) => a.map((x, k) => x + b[k]))),
  ];
  const all = [...near.map((by) => ({ by, cost: COSTS.turns })), ...far.map((by) => ({ by, cost: COSTS.turnsFar }))];
  return all.filter(({ by }) => by.join() !== own.join() && by.every((x) => x >= 0));
}

/** A list of indices that the data has, here and at another point. */
interface Listed {
  readonly here: readonly number[];
  readonly there: readonly number[];
}

/**
 * What a formula is at another point, where the data has other indices: those of a loop that run as a list of the data's does,
 * or as a part of it. The formula itself where there are no loops.
 */
export function elsewhere(name: string, here: Point, there: Point): (formula: Formula) => Formula {
  const lists = [...here.leaves].flatMap(([one, t]): Listed[] => {
    const other = there.leaves.get(one);
    if (t.dtype !== "int32" || !other) return [];
    const [x, y] = [orders(t), orders(other)];
    // A turn that comes last may be the one before the first.
    return x.map((numbers, i) => ({ here: [...numbers, ...numbers], there: [...y[i], ...y[i]] }));
  });
  const moved = (numbers: readonly number[]) => {
    // In even steps it is rather counted.
    if (isEven(numbers)) return numbers;
    for (const { here, there } of lists) {
      for (let from = 0; from + numbers.length <= here.length; from++) {
        if (numbers.every((x, k) => x === here[from + k])) return there.slice(from, from + numbers.length);
      }
    }
    return numbers;
  };
  return (formula) => {
    const count = loopsIn(formula).length;
    for (let i = 0; i < count; i++) {
      const loop = loopsIn(formula)[i], slots = slotsOf(loop.at.map((k) => loop.row[k]), name);
      const numbers = slots.map((one) => moved(one.numbers));
      if (numbers.some((one, j) => one !== slots[j].numbers)) {
        formula = rebuilt(formula, loop, (turn, k) => withIndices(turn, (_, j) => numbers[j][k]));
      }
    }
    return formula;
  };
}

/** The orders in which loops may run through indices: as they stand, and each column by itself or after the other. */
function orders(t: Tensor): number[][] {
  const all = [...t.toArray()], [rows, columns = 1] = t.shape;
  if (columns === 1 || t.shape.length !== 2) return [all];
  const each = Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (_, i) => all[i * columns + j]));
  return [all, each.flat(), ...each];
}

/**
 * The indices of so many turns more; undefined where they neither go in even steps nor as one of these lists does. With −1, of
 * the turn before the first.
 */
function next(slots: readonly Slot[], lists: readonly (readonly number[])[], more: number): number[][] | undefined {
  if (more < 0) {
    const turned = slots.map((one) => ({ ...one, numbers: one.numbers.toReversed() }));
    return next(turned, lists.map((list) => list.toReversed()), 1);
  }
  const all = slots.map(({ numbers }) => {
    const list = lists.find((one) => one.length === numbers.length + more && numbers.every((x, k) => x === one[k]));
    const [a, b] = numbers, last = numbers.at(-1)!;
    return list?.slice(-more) ??
      (isEven(numbers) ? Array.from({ length: more }, (_, k) => last + (k + 1) * (b - a)) : [-1]);
  });
  const isStill = slots.every(({ numbers: [a, b] }) => a === b);
  if (isStill || all.some((numbers) => numbers.some((x) => x < 0))) return undefined;
  return Array.from({ length: more }, (_, k) => all.map((numbers) => numbers[k]));
}

const isEven = ([a, b = a, ...more]: readonly number[]) => more.every((x, k) => x === a + (k + 2) * (b - a));

/** Where two lists of indices differ first, as text. */
function told(was: readonly (number | string)[], is: readonly (number | string)[]): [string, string] {
  const from = Math.max(0, was.findIndex((x, k) => x !== is[k]) - 1), to = from + 4;
  const text = (list: readonly (number | string)[]) =>
    `${from > 0 ? "…, " : ""}${list.slice(from, to).join(", ")}${to < list.length ? ", …" : ""}`;
  return [text(was), text(is)];
}

/** What stands in one turn only of a loop of three or more, which nobody writes otherwise than the others. */
export function ofOneTurn(root: Formula): Set<Formula> {
  const once = new Set<Formula>();
  const names = (turn: Step) => leavesIn(withArgument(turn, 0, 0)).map(({ name }) => name).join();
  for (const { row, at } of loopsIn(root)) {
    if (at.length < 3 || at.some((i) => names(row[i]) !== names(row[at[0]]))) continue;
    const turns = at.map((i) => operands(row[i]).slice(1).flatMap(parts)), times = new Map<Formula, number>();
    for (const one of turns.flatMap((all) => [...new Set(all)])) times.set(one, (times.get(one) ?? 0) + 1);
    for (const [one, count] of times) if (count === 1) once.add(one);
    for (const i of at.slice(0, -1)) once.add(row[i]);
  }
  return once;
}

/** The loops in a formula. */
export function loopsIn(root: Formula): Loop[] {
  const seen = new Set<Formula>();
  const nameless = (one: Formula): Formula => isLeaf(one) ? leaf(one.gradient ? "d" : "x") : exchanged(one, nameless);
  return parts(root).reverse().flatMap((top) => {
    const row: Step[] = [], groups = new Map<string, number[]>();
    for (let one = top; !seen.has(one) && one.kind === "step" && isFormula(one.args[0]); one = one.args[0]) {
      seen.add(one);
      row.unshift(one);
    }
    for (const [i, one] of row.entries()) {
      const same = withArgument(mapped(one, () => 0), 0, leaf("·"));
      // The same with other tensors is a loop around, for (const d of [da, db]).
      for (const text of new Set([written(same), written(nameless(same))])) {
        groups.set(text, [...groups.get(text) ?? [], i]);
      }
    }
    const distinct = new Map([...groups.values()].map((at) => [at.join(), at]));
    const loops = [...distinct.values()].flatMap((
      at,
    ) => [at, ...statements(at.map((i) => row[i])).map((some) => some.map((k) => at[k]))]);
    return loops.filter((at) => at.length > 1 && at.length <= MOST).map((at) => ({ row, at }));
  });
}

/** Turns of two lines that look alike, apart: of each index there is one of each. */
function statements(turns: readonly Step[]): number[][] {
  const of: number[][] = [], seen = new Map<string, number>();
  turns.forEach((turn, k) => {
    const text = written(withArgument(turn, 0, HOLE)), times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    (of[times] ??= []).push(k);
  });
  return of.length > 1 && of.every(({ length }) => length === of[0].length) ? of : [];
}

/** Stands for what a turn is done to. */
const HOLE = leaf("·");

/** The indices of turns. */
function slotsOf(turns: readonly Step[], name: string): Slot[] {
  const codes: string[] = [];
  const all = turns.map((turn) => {
    const numbers: number[] = [];
    mapped(turn, (x, of) => {
      numbers.push(x);
      if (turn === turns[0]) {
        codes.push(isFormula(of) ? short(of) : `d${name}.${of[0]}(${of.slice(1).map(argument).join(", ")})`);
      }
      return x;
    });
    return numbers;
  });
  return codes.map((code, i) => ({ code, numbers: all.map((numbers) => numbers[i]) }));
}

/** The formula with other turns in a loop. */
function rebuilt(root: Formula, { row, at }: Loop, by: (turn: Step, k: number) => Step): Formula {
  let below = row[at[0]].args[0] as Formula;
  for (let i = at[0]; i <= at.at(-1)!; i++) {
    const k = at.indexOf(i);
    below = withArgument(k < 0 ? row[i] : by(row[i], k), 0, below);
  }
  return replaced(root, row[at.at(-1)!], below);
}

/** A turn with other indices, by number and place. */
function withIndices(turn: Step, by: (x: number, i: number) => number): Step {
  let i = 0;
  return mapped(turn, (x) => by(x, i++));
}

/** A turn with other indices; what the turn is done to is left alone. `by` gets each index, and the step or the view that has it. */
function mapped(turn: Step, by: (x: number, of: Step | readonly Argument[]) => number): Step {
  const indices = (args: readonly Argument[], op: Argument, of: Step | readonly Argument[]): Argument[] =>
    args.map((x, k) => {
      if (Array.isArray(x) && op === "index_put_") return indices(x, op, of);
      const isIndex = op === "at" || op === "index_put_" || op === "narrow" && k === 1;
      return isIndex && typeof x === "number" ? by(x, of) : x;
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
