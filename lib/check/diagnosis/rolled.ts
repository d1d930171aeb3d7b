// A loop over rows, columns or picked elements as what it does to all of them at once: `da.at(k).add_(db.at(k))`, for all k, is
// `da.add_(db)`. Where a loop's turns are alike in their slips, one change makes this right.
//
// It is tried, and holds only if it gives the same numbers.
// Left out: changes of single turns and of their indices (turns.ts), and what comes of it (explainer.ts).
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  leaf,
  opOf,
  type Point,
  replaced,
  type Step,
  step,
  stepsIn,
  withArgument,
} from "../formula/formula.ts";
import { REDUCTIONS } from "./altered.ts";
import { written } from "./notation.ts";
import { isZero } from "./places.ts";
import { factorOf, target } from "./target.ts";
import { loopsIn } from "./loops.ts";

/** So many loops a formula may have. */
const MOST = 6;

/** The formula with its loops rolled up; undefined where it has none that can be. `indices` are those of the lines. */
export function rolled(root: Formula, indices: readonly Argument[], point: Point): Formula | undefined {
  let whole = root;
  for (let count = 0; count < MOST; count++) {
    const writes = stepsIn(whole).filter(({ op }) => op === "write").reverse();
    const ways = [
      ...loopsIn(whole).map(({ row, at }) => ({ last: row.at(-1)!, read: () => atOnce(row, at, indices, point) })),
      ...writes.map((last) => ({ last, read: () => tiled(last) })),
    ];
    const next = ways.map(({ last, read }) => {
      const made = attempt(read);
      const isSame = made && attempt(() => factorOf(evaluate(made, point), target(evaluate(last, point)))) === 1;
      return isSame ? replaced(whole, last, made) : undefined;
    }).find((one) => one !== undefined);
    if (!next) break;
    whole = next;
  }
  return whole === root ? undefined : whole;
}

/** Parts written one by one, side by side along a dimension, as all of them in a row. */
function tiled(last: Step): Formula | undefined {
  const tiles: { dim: number; from: number; value: Formula }[] = [];
  let base: Formula = last;
  for (; opOf(base) === "write"; base = (base as Step).args[0] as Formula) {
    const [, views, op, value] = (base as Step).args as [Formula, readonly (readonly Argument[])[], string, Argument];
    const [[view, ...at], ...more] = views, dim = view === "at" ? at.findIndex((one) => one !== ":") : at[0] as number;
    const from = view === "at" ? parseInt(String(at[dim]).replace(/^:/, "0:")) : at[1] as number;
    if (more.length > 0 || !/^(at|narrow)$/.test(view as string) || !/^(add|copy)_$/.test(op) || !isFormula(value)) {
      return undefined;
    }
    tiles.unshift({ dim, from, value });
  }
  const [{ dim }, ...others] = tiles, inOrder = tiles.toSorted((a, b) => a.from - b.from);
  if (!isZero(base) || others.length === 0 || others.some((one) => one.dim !== dim)) return undefined;
  return step("cat", inOrder.map(({ value }) => value), dim);
}

/** A row of steps in which all turns are one step, where the first was. */
function atOnce(
  row: readonly Step[],
  at: readonly number[],
  indices: readonly Argument[],
  point: Point,
): Formula | undefined {
  const turns = at.map((i) => row[i]), others = row.filter((_, i) => i > at[0] && !at.includes(i));
  const made = turns.every(({ op }) => op === "write") ? allTurns(turns, indices, point) : undefined;
  return made && others.reduce((sum: Formula, one) => withArgument(one, 0, sum), made);
}

/** All turns as one step. */
function allTurns(turns: readonly Step[], indices: readonly Argument[], point: Point): Formula | undefined {
  const [first] = turns, [base, views, op] = first.args as [Formula, readonly (readonly Argument[])[], string];
  if (views.length !== 1 || views[0][0] !== "at") return undefined;
  const { shape } = evaluate(base, point), runs = turns.map(({ args }) => (args[1] as typeof views)[0].slice(1));
  const along = shape.map((_, d) => runs.map((one) => one[d] ?? ":"));
  const dims = [...along.keys()].filter((d) => typeof along[d][0] === "number");
  const values = turns.map(({ args }) => args[3]), lists = dims.map((d) => along[d] as number[]);
  if (isGrid(lists, dims.map((d) => shape[d]))) {
    return step(op, base, together(values, { dims, lists, rank: shape.length }, point));
  }
  if (dims.length !== shape.length || !/^(add|sub|copy|fill)_$/.test(op)) return undefined;
  const all = together(values, { dims: [0], lists: [turns.map((_, i) => i)], rank: 1 }, point);
  const isSum = op === "add_" || op === "sub_";
  const value = op !== "sub_" ? all : typeof all === "number" ? -all : step("neg", all);
  const names = lists.map((one) => named(one, indices, point));
  return step("index_put_", base, names, value, ...isSum ? [{ accumulate: true }] : []);
}

/** Whether indices run through all there are, the last ones fastest. */
function isGrid(lists: readonly (readonly number[])[], sizes: readonly number[]): boolean {
  return lists.length > 0 && lists[0].length === sizes.reduce((a, b) => a * b, 1) && lists.every((list, d) => {
    const inner = sizes.slice(d + 1).reduce((a, b) => a * b, 1);
    return list.every((k, i) => k === Math.floor(i / inner) % sizes[d]);
  });
}

/** Indices by the name of a tensor that has the same numbers, or of a column of it; or as a line has them. */
function named(numbers: readonly number[], indices: readonly Argument[], point: Point): Argument {
  if (numbers.every((x, i) => x === i)) return numbers;
  const columns = [...point.leaves].flatMap(([name, { dtype, shape }]) =>
    dtype === "int32" && shape.length === 2
      ? Array.from({ length: shape[1] }, (_, j) => step("at", leaf(name), ":", j))
      : []
  );
  return [...indices.filter(isFormula), ...columns].find((one) => {
    const x = evaluate(one, point).toArray();
    return x.length === numbers.length && x.every((v, i) => v === numbers[i]);
  }) ?? numbers;
}

/** The dimensions that the turns run along, with their indices, and how many dimensions the whole has. */
interface Along {
  readonly dims: readonly number[];
  readonly lists: readonly (readonly number[])[];
  readonly rank: number;
}

/** What the turns take, one each, as one for all of them. */
function together(all: readonly Argument[], along: Along, point: Point): Argument {
  const [first] = all;
  if (!isFormula(first)) {
    if (all.every((one) => JSON.stringify(one) === JSON.stringify(first))) return first;
    throw new RangeError("Each turn has a number of its own.");
  }
  const same = all as readonly Step[];
  // The same in every turn
  if (first.kind !== "step" || same.every((one) => one === first || written(one) === written(first))) return first;
  if (same.some(({ op, args }) => op !== first.op || args.length !== first.args.length)) {
    throw new RangeError("The turns differ.");
  }
  const running = first.args.slice(1).map((_, k) => same.map(({ args }) => args[k + 1]));
  if (first.op !== "at" || running.every((one) => one.every((x) => x === one[0]))) {
    return withOperands(same, along, point);
  }
  const isRun = along.lists.every((list) => running.some((one) => one.every((k, i) => k === list[i])));
  if (!isRun) throw new RangeError("Another index runs.");
  // One for each of the first dimensions is the same along the others.
  const [of] = first.args as [Formula], after = along.dims.length, rank = evaluate(of, point).shape.length;
  const missing = along.dims[0] === 0 ? Math.max(0, along.rank - rank) : 0;
  return Array.from({ length: missing }).reduce((one: Formula) => step("unsqueeze", one, after), of);
}

/** A step of every turn, on operands that are put together; its dimensions are counted in the whole. */
function withOperands(same: readonly Step[], along: Along, point: Point): Formula {
  const [first] = same, op = opOf(first), { dims, rank } = along;
  let k = -1;
  const made = exchanged({ ...first }, () => {
    k++;
    const own = together(same.map(({ args }) => args.filter(isFormula)[k]), along, point);
    if (!isFormula(own)) throw new RangeError("An operand is a tensor.");
    return own;
  });
  if (!REDUCTIONS.has(op) || made.kind !== "step") return made;
  const all = Array.from({ length: rank }, (_, d) => d).filter((d) => !dims.includes(d)), [of, dim] = made.args;
  const own = typeof dim === "number" ? dim < 0 ? dim : all[dim] : all.length === 1 ? all[0] : all;
  return op.includes("softmax") ? step(op, of, own) : step(op, of, own, { keepdim: true });
}
