// Changes of the indices in a loop's turns: one that runs as another does, or as the data's, along another dimension, or that a
// tensor lacks; two of them.
// Left out: where the loops are (loops.ts), and anything else about a loop (turns.ts, every_turn.ts).
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  leaf,
  leavesIn,
  operands,
  opOf,
  type Point,
  type Step,
  step,
} from "../formula/formula.ts";
import { type Change, COSTS, isSlice, type Offers, type Turned } from "./change.ts";
import { BELOW, type Loop, type Slot, withNumbers, withPlaces, withTurns } from "./loops.ts";
import { enumerated, number, short } from "./notation.ts";

export type Numbers = readonly number[];

/** A line of a loop, with its numbers. */
export interface Line {
  readonly loop: Loop;
  readonly slots: readonly Slot[];
}

/** Indices that the data has, and their name. */
export interface List {
  readonly name?: string;
  readonly numbers: Numbers;
}

/** What all that is tried with one line needs. */
export interface Around {
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
}

/** An index that runs as another one, or as the data's; that is counted, stands still, is moved, or counts parts. */
export function* otherIndices({ root, line: { slots }, lines, lists, offers, made }: Around): Generator<Change> {
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
      // In longer loops it takes too long.
      ...count < 49 ? combined([own, ...others], sizes) : [],
    ];
    // One that counts, or is the data's, is rather right.
    const counts = own.join() === ks.join() || nameOf(own) ? 2 * COSTS.depth : 0;
    for (const [i, by] of [...near, own.toReversed(), ...far].entries()) {
      if (by.join() === own.join() || by.some((x) => x < 0)) continue;
      const isLoop = others.some(([a, b]) => a !== b);
      // Of two turns one may be wrong by itself, but not where another index tells that it is a loop.
      const isNear = i <= near.length, far = isNear ? COSTS.turns : COSTS.turnsFar;
      const cost = count > 2 ? far + counts : isLoop ? COSTS.argument + counts : far + COSTS.fewTurns;
      const [was, is] = differing(own, by), names = [own, by].map(nameOf);
      const twin = slots.find((one) => one !== slot && one.numbers.join() === by.join());
      const texts = [
        names[0]
          ? `runs through ${names[0]}`
          : own.every((x) => x === own[0])
          ? `is always ${own[0]}`
          : `is ${was} in turn`,
        names[1]
          ? `run through ${names[1]}${names[0] ? "" : `: ${is}`}`
          : twin
          ? `be ${is}, like the ${whichOf(twin, slots)}`
          : `be ${is}`,
      ];
      const told = (code: string) => ["index", code, ...texts] as const;
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

/** Indices that are made of two others, their sum, their difference, and what a step of two makes of them; and those of parts. */
function combined(all: readonly Numbers[], sizes: readonly number[]): Numbers[] {
  const distinct = [...new Map(all.map((one) => [one.join(), one])).values()].slice(0, 4);
  const pairs = distinct.flatMap((a) => distinct.filter((b) => b !== a).map((b) => [a, b]));
  const sums = [[1, 1], [1, -1], [2, 1]].flatMap(([p, q]) => pairs.map(([a, b]) => a.map((x, k) => p * x + q * b[k])));
  return [...sums, ...[2, ...sizes].flatMap((n) => distinct.map((a) => a.map((x) => n * x)))];
}

/** Which index of a calculation it is, where that has several. */
function whichOf(slot: Slot, slots: readonly Slot[]): string {
  const all = slots.filter(({ place }) => place === slot.place);
  const which = all.length > 1 ? `${["first", "second", "third", "fourth"][all.indexOf(slot)] ?? "last"} ` : "";
  return `${which}index in ${slot.code}`;
}

/** An index along another dimension, at(k) for at(":", k): in one place, or in all that have it. */
export function* otherDimension({ root, name, line: { loop }, lines, offers, point, made }: Around): Generator<Change> {
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

/** In each turn the slice that the line has there, for another one. */
export function* otherSlices({ root, name, line: { loop }, offers: { slices }, made }: Around): Generator<Change> {
  if (slices.length !== loop.at.length) return;
  let k = 0;
  const told: string[] = [];
  const by = withTurns(root, loop, (turn) => {
    const slice = slices[k++];
    return withPlaces(turn, (at, of = leaf(`d${name}`)) => {
      const other = at.map((x) => isSlice(x) ? slice : x);
      const [was, is] = [at, other].map((one) => short(step("at", of, ...one)));
      if (was !== is) told.push(`${was} stands where ${is} belongs`);
      return other;
    });
  });
  if (told.length === loop.at.length) yield made(by, COSTS.turns, "instead", told[0]);
}

/** An index of the turn that a tensor lacks, or what is added to. */
export function* missingIndex({ root, name, line: { loop }, lines, point, made }: Around): Generator<Change> {
  const first = loop.steps[loop.at[0]], leaves = new Set(operands(loop.row[loop.at[0]]).slice(1).flatMap(leavesIn));
  leaves.delete(BELOW);
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
          return visit(turn) as Step;
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
export function* otherPairs({ root, line: { slots }, lines, made }: Around): Generator<Change> {
  const runs = runsOf(lines);
  const all = [...runs, ...runs.map((one) => one.toReversed())];
  const pairs = (a: Numbers, b: Numbers) => a.map((x, k) => `(${x}, ${b[k]})`);
  for (const one of slots) {
    const [a, b, ...more] = slots.filter(({ place }) => place === one.place);
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

/** Where two lists differ first, as text. */
function differing(was: readonly (number | string)[], is: readonly (number | string)[]): [string, string] {
  const from = Math.max(0, was.findIndex((x, k) => x !== is[k]) - 1), to = from + 4;
  const some = (list: readonly (number | string)[]) =>
    `${from > 0 ? "…, " : ""}${list.slice(from, to).map((x) => typeof x === "number" ? number(x) : x).join(", ")}${
      to < list.length ? ", …" : ""
    }`;
  return [some(was), some(is)];
}
