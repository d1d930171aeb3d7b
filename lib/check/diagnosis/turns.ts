// Changes of a loop: of its indices (indices.ts), of what its turns do (every_turn.ts), and here another number, the other
// sign, turns more.
// Left out: where the loops are (loops.ts).
import {
  attempt,
  evaluate,
  type Formula,
  isFormula,
  leavesIn,
  operands,
  parts,
  type Point,
  replaced,
  type Step,
  withArgument,
} from "../formula/formula.ts";
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import { inEveryTurn } from "./every_turn.ts";
import { BELOW, isEven, loopsIn, MOST, type Slot, slotsOf, withIndices, withNumbers, withTurns } from "./loops.ts";
import { number, short } from "./notation.ts";
import { VERBS } from "./where.ts";
import {
  type Around,
  type Line,
  type List,
  missingIndex,
  type Numbers,
  otherDimension,
  otherIndices,
  otherPairs,
  otherSlices,
} from "./indices.ts";

/** Changes of so many steps are made, for all loops; of what each turn does, for one. */
const MOST_STEPS = 60_000, MOST_SAME = 8_000;

/** Every such change of a formula for d`name`. */
export function* turns(root: Formula, name: string, offers: Offers, point: Point, change: Make): Generator<Change> {
  const lists = offers.indices.flatMap((one): List[] => {
    if (!isFormula(one)) return [{ numbers: one as Numbers }];
    const numbers = attempt(() => [...evaluate(one, point).toArray()]);
    return numbers ? [{ name: leavesIn(one).length > 0 ? short(one) : undefined, numbers }] : [];
  });
  const all = loopsIn(root).map((loop): Line => ({ loop, slots: slotsOf(loop, name) }));
  let count = 0;
  for (const line of all) {
    const { row, at } = line.loop, lines = all.filter(({ loop }) => loop.row === row && loop.at.length === at.length);
    const steps = row.reduce((sum, one) => sum + operands(one).slice(1).flatMap(parts).length + 1, 0);
    const made: Around["made"] = (by, cost, says, code, was = "", is = "") => ({
      ...change("turns", by, cost),
      turned: { says, code, was, is },
    });
    const around: Around = { root, name, line, lines, offers, point, lists, made };
    const most = MOST_SAME / steps / lines.length, isOneOf = lines.length > 1;
    const same = () => inEveryTurn(root, line.loop, name, isOneOf, most, offers, point, change);
    for (
      const tried of [
        otherSign,
        otherNumbers,
        same,
        missingIndex,
        otherWay,
        longer,
        between,
        otherIndices,
        otherPairs,
        otherDimension,
        otherSlices,
      ]
    ) {
      for (const one of tried(around)) {
        yield one;
        count += steps;
        if (count > MOST_STEPS) return;
      }
    }
  }
}

/** The last turn first, where each reads what the one before it made. */
function* otherWay({ root, line: { loop, slots }, made }: Around): Generator<Change> {
  const reads = operands(loop.row[loop.at[0]]).slice(1).flatMap(parts).includes(BELOW);
  if (!reads || slots.length === 0) return;
  const turned = new Map(slots.map((slot) => [slot, slot.numbers.toReversed()]));
  yield made(withNumbers(root, turned), COSTS.turns, "runs", "");
}

/** Turns more, of this line or of all lines: up to a size, or the one before the first. */
function* longer({ root, name, line, lines, lists, offers, made }: Around): Generator<Change> {
  const { steps, row, at: { length: count } } = line.loop, top = steps.at(-1)!;
  const sizes = offers.numbers.filter((n) => n > count + 1 && n <= MOST && Number.isInteger(n)).map((n) => n - count);
  for (const some of lines[0] === line && lines.length > 1 ? [lines, [line]] : [[line]]) {
    for (const more of [1, -1, ...sizes]) {
      const ends = some.map(({ loop: { at }, slots }) =>
        next(slots, lists, more)?.map((numbers) => withIndices(row[at.at(-1)!], (_, i) => numbers[i]))
      );
      if (ends.includes(undefined)) continue;
      const all = (ends as Step[][]).flat(), by = all.reduce((below: Formula, end) => replaced(end, BELOW, below), top);
      // The data's own indices come again in other turns.
      const counted = some[0].slots.findIndex(({ numbers: [a, ...rest] }) =>
        isEven([a, ...rest]) && rest.some((x) => x !== a)
      );
      const { code } = slotsOf({ steps: all, row: all, at: [0] }, name)[Math.max(0, counted)];
      const what = more > 1 ? `${code} and what comes after it` : code;
      yield made(replaced(root, top, by), COSTS.turn, "leaves out", what);
    }
  }
}

/** The turns between those of a loop that goes in steps of more than one, and as many after the last. */
function* between({ root, name, line: { loop: { steps, row, at }, slots }, made }: Around): Generator<Change> {
  const paces = new Set(slots.map(({ numbers: [a, b] }) => b - a).filter((pace) => pace !== 0)), [pace] = paces;
  if (paces.size !== 1 || !(pace > 1) || !slots.every(({ numbers }) => isEven(numbers))) return;
  const others = at.flatMap((place) => Array.from({ length: pace - 1 }, (_, k) => ({ place, by: k + 1 })));
  const turns = others.map(({ place, by }) =>
    withIndices(row[place], (x, i) => x + (slots[i].numbers[0] === slots[i].numbers[1] ? 0 : by))
  );
  const top = steps.at(-1)!, by = turns.reduce((below: Formula, turn) => replaced(turn, BELOW, below), top);
  const counted = slots.findIndex(({ numbers: [a, b] }) => a !== b);
  const { code } = slotsOf({ steps: turns, row: turns, at: [0] }, name)[counted];
  yield made(replaced(root, top, by), COSTS.turn, "leaves out", `${code} and others: its steps are of ${pace}`);
}

/** The indices of so many turns more, or with −1 of the turn before; undefined where they go neither in even steps nor as a list does. */
function next(slots: readonly Slot[], lists: readonly List[], more: number): number[][] | undefined {
  const turned = (of: Numbers) => more < 0 ? of.toReversed() : of, count = Math.abs(more);
  const all = slots.map(({ numbers }): Numbers => {
    const own = turned(numbers), [a, b] = own, last = own.at(-1)!;
    const list = lists.map((one) => turned(one.numbers)).find((one) =>
      one.length === own.length + count && own.every((x, k) => x === one[k])
    );
    return list?.slice(-count) ??
      (isEven(own) ? Array.from({ length: count }, (_, k) => last + (k + 1) * (b - a)) : [-1]);
  });
  const isStill = slots.every(({ numbers: [a, b] }) => a === b);
  if (isStill || all.some((numbers) => numbers.some((x) => x < 0))) return undefined;
  return Array.from({ length: count }, (_, k) => all.map((numbers) => numbers[k]));
}

/** Another number that each turn takes. */
function* otherNumbers({ root, line: { loop }, offers, made }: Around): Generator<Change> {
  const { op, args } = loop.row[loop.at[0]], x = op === "write" ? args[3] : undefined;
  for (const y of typeof x === "number" ? new Set([1, -x, ...offers.lineNumbers, ...offers.numbers]) : []) {
    if (y === x) continue;
    const by = withTurns(root, loop, (turn) => withArgument(turn, 3, y));
    const verb = y === 1 ? /^(mul|div)_$/.exec(args[2] as string)?.[1] : undefined;
    if (verb) {
      yield made(by, COSTS.leftOut, "too much", `${VERBS[verb]} ${number(x as number)}`);
      continue;
    }
    const told = `${number(x as number)} stands where ${number(y)} belongs`;
    yield made(by, COSTS.argument + COSTS.likelyNumber, "instead", told);
  }
}

/** What is taken for one another in a turn. */
const OPPOSITE: Readonly<Record<string, string>> = { add_: "sub_", sub_: "add_" };

/** Added for subtracted, and the other way round. */
function* otherSign({ root, line: { loop }, made }: Around): Generator<Change> {
  const first = loop.row[loop.at[0]], isWrite = first.op === "write";
  const was = isWrite ? first.args[2] as string : first.op, is = OPPOSITE[was];
  if (!is) return;
  const by = withTurns(root, loop, (turn) => isWrite ? withArgument(turn, 2, is) : { ...turn, op: is });
  yield made(by, COSTS.sign - 2 * COSTS.index, "instead", `${was} stands where ${is} belongs`);
}
