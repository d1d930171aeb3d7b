// Changes of the indices in a loop. In a formula it stands unrolled: steps one on the other that do the same, each with indices of
// its own. An index that stands still may have to run, or run as another one does.
// Left out: loops over plain numbers, which have no formula (numbers.ts).
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  leaf,
  parts,
  type Point,
  replaced,
  type Step,
  withArgument,
} from "../formula/formula.ts";
import { argument, short, written } from "./notation.ts";

/** A number that every turn has one of. */
interface Slot {
  /** The code around it, in the first turn. */
  readonly code: string;
  readonly numbers: readonly number[];
}

/** So many turns a loop has at the most. */
const MOST = 64;

/** Every change of one index in all turns of a loop. */
export function* turns(root: Formula, name: string, offers: Offers, point: Point, change: Make): Generator<Change> {
  for (const loop of loopsIn(root)) {
    const slots = slotsOf(loop, name), lists = slots.map(({ numbers }) => numbers);
    const sampled = offers.indices.flatMap((one) => {
      const numbers = isFormula(one) ? attempt(() => Array.from(evaluate(one, point).toArray())) : one as number[];
      return numbers?.length === loop.length ? [numbers] : [];
    });
    for (const [i, { code, numbers }] of slots.entries()) {
      const others = lists.filter((_, j) => j !== i), [first] = numbers;
      const near = [...others, ...sampled, numbers.map((_, k) => k), numbers.map(() => first), numbers.toReversed()];
      const moved = new Set([1, -1, 2, -2, ...offers.numbers.filter(Number.isInteger).flatMap((n) => [n, -n])]);
      const sums = [
        ...[...moved].map((by) => numbers.map((x) => x + by)),
        ...others.flatMap((a, j) => others.filter((_, l) => l !== j).map((b) => a.map((x, k) => x - b[k]))),
        ...others.flatMap((a, j) => others.slice(0, j).map((b) => a.map((x, k) => x + b[k]))),
      ];
      for (const [k, by] of [...near, ...sums].entries()) {
        if (by.join() === numbers.join() || by.some((x) => x < 0)) continue;
        const changed = rebuilt(root, loop, i, by), cost = COSTS.argument + (k < near.length ? 0.1 : 0.15);
        yield { ...change("turns", changed, cost, [code, ...told(numbers, by)]), times: loop.length };
      }
    }
  }
}

/** Where two lists of indices differ first, as text. */
function told(was: readonly number[], is: readonly number[]): [string, string] {
  const from = Math.max(0, was.findIndex((x, k) => x !== is[k]) - 1), to = from + 4;
  const text = (list: readonly number[]) =>
    `${from > 0 ? "…, " : ""}${list.slice(from, to).join(", ")}${to < list.length ? ", …" : ""}`;
  return [text(was), text(is)];
}

/** The loops in a formula, the first turn first. */
function loopsIn(root: Formula): Step[][] {
  const loops: Step[][] = [], seen = new Set<Formula>();
  const like = (turn: Step) => written(withArgument(mapped(turn, () => 0), 0, leaf("·")));
  for (const top of parts(root).reverse()) {
    if (top.kind !== "step" || seen.has(top) || !isFormula(top.args[0])) continue;
    const loop = [top], text = like(top);
    for (let below = top.args[0]; below.kind === "step" && isFormula(below.args[0]); below = below.args[0]) {
      if (like(below) !== text) break;
      loop.unshift(below);
    }
    for (const turn of loop) seen.add(turn);
    if (loop.length > 1 && loop.length <= MOST) loops.push(loop);
  }
  return loops;
}

/** The indices of a loop. */
function slotsOf(loop: readonly Step[], name: string): Slot[] {
  const codes: string[] = [];
  const all = loop.map((turn) => {
    const numbers: number[] = [];
    mapped(turn, (x, of) => {
      numbers.push(x);
      if (turn === loop[0]) {
        codes.push(isFormula(of) ? short(of) : `d${name}.${of[0]}(${of.slice(1).map(argument).join(", ")})`);
      }
      return x;
    });
    return numbers;
  });
  return codes.map((code, i) => ({ code, numbers: all.map((numbers) => numbers[i]) }));
}

/** The formula with other numbers as the index `slot` of a loop. */
function rebuilt(root: Formula, loop: readonly Step[], slot: number, numbers: readonly number[]): Formula {
  let below = loop[0].args[0] as Formula;
  for (const [k, turn] of loop.entries()) {
    let i = 0;
    below = withArgument(mapped(turn, (x) => i++ === slot ? numbers[k] : x), 0, below);
  }
  return replaced(root, loop.at(-1)!, below);
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
