// Changes in several places of a formula at once: two tensors exchanged, the same step changed or left out wherever it stands, one
// size for another in all numbers made of it, what is put somewhere added, a summand that is there again and again, a factor that
// belongs to each gradient in a sum.
// Left out: changes at one place (changes.ts).
import { type Change, COSTS, type Make, type Offers } from "./change.ts";
import { EITHER, otherArguments, otherOperation, REDUCTIONS } from "./altered.ts";
import {
  type Argument,
  exchanged,
  type Formula,
  isFormula,
  leaf,
  leavesIn,
  opOf,
  parts,
  type Point,
  replaced,
  sameLeaf,
  type Step,
  step,
  stepsIn,
  withArgument,
} from "../formula/formula.ts";
import { written } from "./notation.ts";
import { isFactor, type Site } from "./places.ts";
import { isAmong } from "./target.ts";
import { turns } from "./turns.ts";

/** Every such change of the formula at a site, which is the root. */
export function* everywhere(site: Site, name: string, offers: Offers, point: Point): Generator<Change> {
  const root = site.formula;
  const change: Make = (kind, by, cost, other) => ({ kind, site, by, other, cost });
  for (const [one, ...more] of alike(root)) {
    const each: Make = (kind, by, cost, other) => ({
      kind,
      site: { ...site, formula: one, holed: HOLE },
      by,
      other,
      cost,
    });
    const single = [
      ...otherOperation(one, offers, point, each),
      ...otherArguments(one, offers, point, each),
      // Where there are more it is a loop, which does nothing else.
      ...more.length < 8 ? [each("leftOut", one.args[0] as Formula, COSTS.leftOut, one.args[1])] : [],
    ];
    const all = new Set([one, ...more]);
    for (const by of single) {
      const isLeftOut = by.by === one.args[0];
      if (!isLeftOut && (by.by.kind !== "step" || by.by.args[0] !== one.args[0])) continue;
      const visit = (formula: Formula): Formula => {
        if (!all.has(formula as Step)) return exchanged(formula, visit);
        const first = visit((formula as Step).args[0] as Formula);
        return isLeftOut ? first : withArgument(by.by as Step, 0, first);
      };
      yield { ...change("everywhere", visit(root), by.cost + 0.05, one), each: by, times: all.size };
    }
  }
  yield* otherSizes(root, offers, change);
  const added = adding(root);
  if (added !== root) yield change("accumulate", added, COSTS.leftOut, putsIn(root));
  yield* turns(root, name, offers, point, change);
  for (const { term, by, times } of addedAgain(root)) yield { ...change("again", by, COSTS.again, term), times };
  for (const one of products(root)) yield change("late", one.by, COSTS.order, one.told);
  const leaves = [...new Map(leavesIn(root).map((one) => [one.name, one])).values()];
  for (const [i, a] of leaves.entries()) {
    for (const b of leaves.slice(0, i)) {
      const visit = (one: Formula): Formula => sameLeaf(one, a) ? b : sameLeaf(one, b) ? a : exchanged(one, visit);
      yield change("swap", visit(root), COSTS.order + 0.05, [b, a]);
    }
  }
}

/** What is made of a size. */
const OF_SIZE = [
  (n: number) => n,
  (n: number) => 1 / n,
  (n: number) => n - 1,
  (n: number) => 1 / (n - 1),
  (n: number) => n / (n - 1),
  (n: number) => (n - 1) / n,
];

/** One size for another in all numbers that are made of it: of a size that is there itself, since n − 1 may be another's. */
function* otherSizes(root: Formula, { sizes }: Offers, change: Make): Generator<Change> {
  const all = new Set([...sizes, ...sizes.flatMap((n) => sizes.map((m) => n * m))]);
  const formOf = (x: Argument, n: number) =>
    typeof x === "number" ? OF_SIZE.find((of) => isAmong(Math.abs(x), of(n))) : undefined;
  for (const n of sizes) {
    const has = stepsIn(root).filter((one) => EITHER.includes(opOf(one))).flatMap((one) =>
      one.args.flatMap((x) => formOf(x, n) ?? []).map((of) => ({ one, of }))
    );
    const times = has.length, isThere = has.some(({ of }) => OF_SIZE.indexOf(of) < 2);
    for (const m of isThere && times > 1 ? all : []) {
      if (m === n) continue;
      const visit = (formula: Formula): Formula => {
        const made = exchanged(formula, visit);
        if (made.kind !== "step" || !EITHER.includes(opOf(made))) return made;
        const other = (x: Argument) => Math.sign(x as number) * formOf(x, n)!(m);
        return { ...made, args: made.args.map((x) => formOf(x, n) ? other(x) : x) };
      };
      const [{ one }] = has, whole = change("everywhere", visit(root), COSTS.argument + COSTS.sizeNumber, one);
      const [was, by] = [n, m].map((x) => step(one.op, HOLE, x));
      yield { ...whole, times, each: { ...whole, kind: "argument", site: { ...whole.site, formula: was }, by } };
    }
  }
}

/** Summands that are added several times, and the sum with them once. */
function addedAgain(root: Formula): { term: Formula; by: Formula; times: number }[] {
  const row: Step[] = [], groups = new Map<string, Step[]>();
  for (let one = root; one.kind === "step" && isFormula(one.args[0]); one = one.args[0]) row.unshift(one);
  for (const one of row) {
    const [, term] = one.args;
    if (opOf(one) === "add" && isFormula(term)) groups.set(written(term), [...groups.get(written(term)) ?? [], one]);
  }
  return [...groups.values()].filter(({ length }) => length > 1).map(([first, ...more]) => ({
    term: first.args[1] as Formula,
    by: row.reduce(
      (sum: Formula, one) => more.includes(one) ? sum : withArgument(one, 0, sum),
      row[0].args[0] as Formula,
    ),
    times: more.length + 1,
  }));
}

/** A factor of a product with sums in it, taken to each gradient in it: only one that is the same all along may stand outside. */
function products(root: Formula): { by: Formula; told: Formula[] }[] {
  return parts(root).flatMap((part) => {
    if (part.kind !== "step" || opOf(part) !== "mul") return [];
    const [a, b] = part.args;
    if (!isFormula(a) || !isFormula(b)) return [];
    return [[a, b], [b, a]].flatMap(([rest, side]) => {
      if (!parts(rest).some((one) => REDUCTIONS.has(opOf(one)))) return [];
      return leavesIn(rest).filter(({ gradient }) => gradient).flatMap((one) =>
        withoutOne(side).map(({ factor, left }) => {
          const visit = (of: Formula): Formula => sameLeaf(of, one) ? step("mul", of, factor) : exchanged(of, visit);
          const inside = visit(rest);
          return { by: replaced(root, part, left ? step("mul", left, inside) : inside), told: [factor, one] };
        })
      );
    });
  });
}

/** Each factor of a product, with what is left without it; and all of it. */
function withoutOne(product: Formula): { factor: Formula; left?: Formula }[] {
  const each = parts(product).flatMap((part) => {
    const [a, b] = part.kind === "step" && opOf(part) === "mul" ? part.args : [];
    return isFormula(a) && isFormula(b)
      ? [{ factor: a, left: replaced(product, part, b) }, { factor: b, left: replaced(product, part, a) }]
      : [];
  });
  return [...each.filter(({ factor }) => isFactor(product, factor, 1)), { factor: product }];
}

/** Steps that do the same with other operands, where there are several: `h.at([0])` and `dlogits.at([0])`. */
function alike(root: Formula): Step[][] {
  const groups = new Map<string, Step[]>();
  for (const one of parts(root)) {
    if (one.kind !== "step" || !isFormula(one.args[0])) continue;
    const text = one.op + JSON.stringify(one.args.slice(1));
    groups.set(text, [...groups.get(text) ?? [], one]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** The formula with everything added that is put in the place of what was there. */
function adding(formula: Formula): Formula {
  const made = exchanged(formula, adding);
  if (made.kind !== "step") return made;
  const { op, args } = made, [, , third] = args;
  if (op === "write" && (third === "copy_" || third === "fill_")) return withArgument(made, 2, "add_");
  if (op === "copy_") return { ...made, op: "add_" };
  return op === "index_put_" && !(args[3] as { accumulate?: boolean } | undefined)?.accumulate
    ? accumulating(made)
    : made;
}

/** How a formula puts something in the place of what was there. */
function putsIn(formula: Formula): string | undefined {
  const ops = stepsIn(formula).map((one) => one.op === "write" ? one.args[2] : one.op);
  return ops.find((op): op is string => op === "copy_" || op === "fill_");
}

const accumulating = ({ args }: Step) => step("index_put_", ...args.slice(0, 3), { accumulate: true });

/** Stands for all the rest. */
const HOLE = leaf("…");
