// Changes of a loop: other indices in its turns, another number, the other sign, turns more.
//
// An index that stands still may have to run, or run as another one does; two may be exchanged; a tensor may lack one.
// Left out: where the loops are (loops.ts), and any other change of what a turn does (every_turn.ts).
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  leaf,
  leavesIn,
  operands,
  opOf,
  parts,
  type Point,
  replaced,
  type Step,
  step,
  withArgument,
} from "../formula/formula.ts";
import { type Change, COSTS, type Make, type Offers, type Turned } from "./change.ts";
import {
  BELOW,
  isEven,
  type Loop,
  loopsIn,
  MOST,
  type Slot,
  slotsOf,
  withIndices,
  withNumbers,
  withPlaces,
  withTurns,
} from "./loops.ts";
import { enumerated, number, short } from "./notation.ts";
import { inEveryTurn } from "./every_turn.ts";

type Numbers = readonly number[];

/** A line of a loop, with its numbers. */
interface Line {
  readonly loop: Loop;
  readonly slots: readonly Slot[];
}

/** Indices that the data has, and their name. */
interface List {
  readonly name?: string;
  readonly numbers: Numbers;
}

/** What all that is tried with one line needs. */
interface Around {
  readonly root: Formula;
  /** Of the tensor whose gradient it is. */
  readonly name: string;
  readonly line: Line;
  /** The lines that have the same turns, this one among them. */
  readonly lines: readonly Line[];
  readonly offers: Offers;
  readonly point: Point;
  readonly lists: readonly List[];
  /** A change that is told by the code, what stands there and what belongs there. */
  readonly made: (by: Formula, cost: number, says: Turned["says"], code: string, was?: string, is?: string) => Change;
  readonly change: Make;
}

/** Changes of so many steps are made, for all loops; of what each turn does, for one. */
const MOST_STEPS = 80_000, MOST_SAME = 8_000;

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
    const around: Around = { root, name, line, lines, offers, point, lists, made, change };
    const most = MOST_SAME / steps / lines.length, isOneOf = lines.length > 1;
    const same = () => inEveryTurn(root, line.loop, isOneOf, most, offers, point, change);
    for (
      const tried of [
        otherSign,
        otherNumbers,
        same,
        missingIndex,
        longer,
        otherIndices,
        exchangedIndices,
        otherPairs,
        otherDimension,
      ]
    ) {
      for (const one of tried(around)) {
        yield { ...one, steps };
        count += steps;
        if (count > MOST_STEPS) return;
      }
    }
  }
}

/** An index that runs as another one, or as the data's; that is counted, stands still, is moved, or counts parts. */
function* otherIndices({ root, line: { slots }, lines, lists, offers, made }: Around): Generator<Change> {
  const sizes = offers.numbers.filter(Number.isInteger);
  const nameOf = (own: Numbers) => lists.find(({ name, numbers }) => name && numbers.join() === own.join())?.name;
  for (const slot of slots) {
    const own = slot.numbers, count = own.length, ks = own.map((_, k) => k);
    const others = lines.flatMap((one) => one.slots).filter((one) => one !== slot).map(({ numbers }) => numbers);
    const near = [
      ...others,
      ...lists.map(({ numbers }) => numbers).filter(({ length }) => length === count),
      ks,
      own.map(() => own[0]),
    ];
    const moves = new Set([1, -1, 2, -2, ...sizes.flatMap((n) => [n, -n])]);
    const parts = sizes.filter((n) => n > 1 && n < count && count % n === 0);
    const far = [
      ...[...moves].map((by) => own.map((x) => x + by)),
      ...parts.flatMap((n) => [ks.map((k) => k % n), ks.map((k) => Math.floor(k / n))]),
      ...others.flatMap((a, i) => others.slice(0, i).map((b) => a.map((x, k) => x + b[k]))),
    ];
    // One that counts, or is the data's, is rather right.
    const counts = own.join() === ks.join() || nameOf(own) ? 2 * COSTS.depth : 0;
    for (const [i, by] of [...near, own.toReversed(), ...far].entries()) {
      if (by.join() === own.join() || by.some((x) => x < 0)) continue;
      const isLoop = others.some((one) => one.join() === by.join());
      // Of two turns one may be wrong by itself, but not where another index tells that it is a loop.
      const isNear = i <= near.length, far = isNear ? COSTS.turns : COSTS.turnsFar;
      const cost = count > 2 ? far + counts : isLoop ? COSTS.argument + counts : far + COSTS.fewTurns;
      const [was, is] = differing(own, by), names = [own, by].map(nameOf);
      const texts = [
        names[0] ? `runs through ${names[0]}` : `is ${was} in turn`,
        names[1] ? `run through ${names[1]}${names[0] ? "" : `: ${is}`}` : `be ${is}`,
      ];
      const told = (code: string) => ["index", `${code}`, ...texts] as const;
      yield made(withNumbers(root, new Map([[slot, by]])), cost, ...told(whichOf(slot, slots)));
      // The same index in several places of the line
      const same = slots.filter(({ numbers }) => numbers.join() === own.join());
      if (same.length < 2 || same[0] !== slot) continue;
      const codes = enumerated([...new Set(same.map(({ code }) => code))]);
      yield made(
        withNumbers(root, new Map(same.map((one) => [one, by]))),
        cost + COSTS.index,
        ...told(`index in ${codes}`),
      );
    }
  }
}

/** Which index of a calculation it is, where that has several. */
function whichOf(slot: Slot, slots: readonly Slot[]): string {
  const all = slots.filter(({ code }) => code === slot.code);
  const which = all.length > 1 ? `${["first", "second", "third", "fourth"][all.indexOf(slot)] ?? "last"} ` : "";
  return `${which}index in ${slot.code}`;
}

/** An index along another dimension, at(k) for at(":", k): in one place, or in all that have it. */
function* otherDimension({ root, name, line: { loop }, lines, offers, point, made }: Around): Generator<Change> {
  for (const run of runsOf(lines)) {
    const places: string[] = [];
    const rankOf = (of: Formula) => attempt(() => evaluate(of, point))?.shape.length ?? offers.shape.length;
    const changed = (isThere: (place: number) => boolean) => {
      let k = 0;
      return withTurns(root, loop, (turn) => {
        const index = run[k++];
        let place = 0;
        return withPlaces(turn, (at, of = leaf(`d${name}`)) => {
          const [a, b, ...more] = at, isFirst = a === index && (b === undefined || b === ":");
          if (!isFirst && !(a === ":" && b === index) || rankOf(of) < 2) return at;
          const by = isFirst ? [":", index, ...more] : [index, ...more.length > 0 ? [":", ...more] : []];
          if (k === 1) {
            const [was, is] = [at, by].map((one) => short(step("at", of, ...one)));
            places[place] = `${was} stands where ${is} belongs`;
          }
          return isThere(place++) ? by : at;
        });
      });
    };
    const all = changed(() => true);
    const cost = COSTS.turns + COSTS.index * (places.length - 1);
    if (places.length > 0) yield made(all, cost, "instead", places.join(", "));
    for (const i of places.length > 1 ? places.keys() : []) {
      yield made(changed((place) => place === i), COSTS.turns, "instead", places[i]);
    }
  }
}

/** An index of the turn that a tensor lacks, or what is added to. */
function* missingIndex({ root, name, line: { loop }, lines, point, made }: Around): Generator<Change> {
  const first = loop.row[loop.at[0]], leaves = new Set(operands(first).slice(1).flatMap(leavesIn));
  for (const run of runsOf(lines)) {
    for (const dim of [0, 1]) {
      const index = (k: number): Argument[] => dim === 0 ? [run[k]] : [":", run[k]];
      const told = (of: Formula) =>
        `${[0, 1].map((k) => short(step("at", of, ...index(k)))).join(", ")}${run.length > 2 ? ", …" : ""} belong`;
      const changed = (one: Formula, by: (turn: Step, k: number) => Step) => {
        let k = 0;
        return made(
          withTurns(root, loop, (turn) => by(turn, k++)),
          COSTS.turns,
          "instead",
          `${short(one)} stands where ${told(one)}`,
        );
      };
      const fits = (of: Formula) => Math.max(...run) < (evaluate(of, point).shape[dim] ?? 0);
      for (const one of leaves) {
        if (!fits(one)) continue;
        yield changed(one, (turn, k) => {
          const visit = (of: Formula): Formula =>
            of === one
              ? step("at", one, ...index(k))
              : /^(at|narrow)$/.test(opOf(of)) && operands(of)[0] === one
              ? of
              : exchanged(of, visit);
          return withArgument(visit(withArgument(turn, 0, BELOW)) as Step, 0, turn.args[0]);
        });
      }
      if (first.op === "write" || !fits(first)) continue;
      yield changed(
        leaf(`d${name}`),
        ({ op, args: [of, ...more] }, k) => step("write", of, [["at", ...index(k)]], op, ...more),
      );
    }
  }
}

/** So many different ways an index may run, for two at once. */
const MOST_RUNS = 4;

/** The ways in which indices run in these lines. */
function runsOf(lines: readonly Line[]): Numbers[] {
  const moving = lines.flatMap((one) => one.slots.map(({ numbers }) => numbers)).filter((of) =>
    of.some((x) => x !== of[0])
  );
  return [...new Map(moving.map((one) => [one.join(), one])).values()].slice(0, MOST_RUNS);
}

/** Both indices of one place, each as one runs somewhere, this way or the other. */
function* otherPairs({ root, line: { slots }, lines, made }: Around): Generator<Change> {
  const runs = runsOf(lines);
  const all = [...runs, ...runs.map((one) => one.toReversed())];
  const pairs = (a: Numbers, b: Numbers) => a.map((x, k) => `(${x}, ${b[k]})`);
  for (const one of slots) {
    const [a, b, ...more] = slots.filter(({ code }) => code === one.code);
    if (a !== one || !b || more.length > 0) continue;
    for (const x of all) {
      for (const y of all) {
        if (x.join() === a.numbers.join() || y.join() === b.numbers.join()) continue;
        const told = differing(pairs(a.numbers, b.numbers), pairs(x, y));
        yield made(withNumbers(root, new Map([[a, x], [b, y]])), COSTS.turns, "indices", a.code, ...told);
      }
    }
  }
}

/** An index of this line exchanged with one of another. */
function* exchangedIndices({ root, line, lines, change }: Around): Generator<Change> {
  for (const { slots } of lines.slice(lines.indexOf(line) + 1)) {
    for (const a of line.slots) {
      for (const b of slots.filter(({ numbers }) => numbers.join() !== a.numbers.join())) {
        const by = withNumbers(root, new Map([[a, b.numbers], [b, a.numbers]]));
        yield change("swap", by, COSTS.turns, [a.code, b.code]);
      }
    }
  }
}

/** Turns more, of this line or of all lines: up to a size, or the one before the first. */
function* longer({ root, name, line, lines, lists, offers, made }: Around): Generator<Change> {
  const { row, at: { length: count } } = line.loop, top = row.at(-1)!;
  const sizes = offers.numbers.filter((n) => n > count + 1 && n <= MOST && Number.isInteger(n)).map((n) => n - count);
  for (const some of lines[0] === line && lines.length > 1 ? [lines, [line]] : [[line]]) {
    for (const more of [1, -1, ...sizes]) {
      const ends = some.map(({ loop: { at }, slots }) =>
        next(slots, lists, more)?.map((numbers) => withIndices(row[at.at(-1)!], (_, i) => numbers[i]))
      );
      if (ends.includes(undefined)) continue;
      const all = (ends as Step[][]).flat(), by = all.reduce((below, end) => withArgument(end, 0, below), top);
      // The data's own indices come again in other turns.
      const counted = some[0].slots.findIndex(({ numbers: [a, ...rest] }) =>
        isEven([a, ...rest]) && rest.some((x) => x !== a)
      );
      const { code } = slotsOf({ row: all, at: [0] }, name)[Math.max(0, counted)];
      const what = more > 1 ? `${code} and what comes after it` : code;
      yield made(replaced(root, top, by), COSTS.turn, "leaves out", what);
    }
  }
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

/** Where two lists differ first, as text. */
function differing(was: readonly (number | string)[], is: readonly (number | string)[]): [string, string] {
  const from = Math.max(0, was.findIndex((x, k) => x !== is[k]) - 1), to = from + 4;
  const text = (list: readonly (number | string)[]) =>
    `${from > 0 ? "…, " : ""}${list.slice(from, to).join(", ")}${to < list.length ? ", …" : ""}`;
  return [text(was), text(is)];
}
