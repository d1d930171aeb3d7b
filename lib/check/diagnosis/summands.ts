// A sum that is taken otherwise: the largest or a few of its terms, their absolute values, the result summed once more.
import { type Case, type Explanation, targets } from "./case.ts";
import { distinct, largest, ratio, same, summed } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { inTerms, isNice, near, weightWords } from "./words.ts";

type Terms = readonly number[];

/** Something else than a sum, and how it is told of `which` terms. */
const INSTEAD: readonly { of: (terms: Terms) => number; told: (all: string, size: number) => string }[] = [
  { of: (terms) => Math.max(...terms), told: (all) => `The largest over ${all} stands where their sum belongs.` },
  { of: (terms) => Math.min(...terms), told: (all) => `The smallest over ${all} stands where their sum belongs.` },
  {
    of: (terms) => terms.reduce((sum, x) => sum + Math.abs(x), 0),
    told: (all) => `The absolute values of ${all} are added up; they have to keep their signs.`,
  },
  { of: (terms) => terms.reduce((sum, x) => sum + x * x, 0), told: (all) => `The squares of ${all} are added up.` },
  { of: (terms) => terms[0], told: (all) => `Only the first of ${all} is there; all have to be added up.` },
  { of: (terms) => terms.at(-1)!, told: (all) => `Only the last of ${all} is there; all have to be added up.` },
  {
    of: (terms) => terms.slice(1).reduce((sum, x) => sum + x, 0),
    told: (all) => `The first of ${all} is left out of the sum.`,
  },
  {
    of: (terms) => terms.slice(0, -1).reduce((sum, x) => sum + x, 0),
    told: (all) => `The last of ${all} is left out of the sum.`,
  },
];

/** Sums of a line's terms that are taken otherwise. */
export function explainSummands(c: Case): Explanation[] {
  const found: Explanation[] = [], { given } = c, { n } = sizesOf(c);
  if (distinct(given.numbers, 3) < 3) return found;
  for (const path of c.paths) {
    const alone = targets(c, path).find(({ left }) => left.length === 0);
    if (!alone) continue;
    const terms = c.check.jacobian(path.reader, c.row.name).terms(path.upstream.numbers), count = terms[0].length;
    if (count < 2 || terms.some((some) => some.length !== count)) continue;
    const all = count === n ? `the ${n} examples` : `the ${count} terms`;
    const push = (text: string, cost: number) =>
      found.push({ kind: "sum", cost, text: inTerms([path.reader], c.paths.length, text) });
    for (const { of, told } of INSTEAD) {
      const numbers = Float64Array.from(terms, of);
      const weight = [1, -1].find((sign) => same(numbers.map((x) => sign * x), alone.numbers, alone.tolerance));
      if (weight !== undefined && largest(numbers) > 0) {
        push(told(all, count) + (weight < 0 ? " The sign is wrong, too." : ""), 1);
      }
    }
    // One of the terms, not the same for each element: the one at a maximum, say.
    const close = alone.tolerance * largest(alone.numbers);
    const at = terms.map((some, i) => some.findIndex((x) => Math.abs(x - alone.numbers[i]) <= close));
    const off = alone.numbers.filter((x, i) => Math.abs(x - path.sent[i]) > close).length;
    if (at.every((k) => k >= 0) && new Set(at).size > 2 && off > at.length / 2 && off > 2) {
      push(
        `Only one of ${all} is there for each element, for the first one that at ${at[0]}; all have to be added up.`,
        1.1,
      );
    }
  }
  return found;
}

/** Functions of the whole gradient, as if it were finished twice. */
const OF_ALL: readonly [of: (x: number) => number, told: string][] = [
  [Math.abs, "The absolute value of what belongs there."],
  [(x) => x * x, "The square of what belongs there."],
  [(x) => 1 / x, "One over what belongs there."],
  [Math.tanh, "The tanh of what belongs there."],
  [Math.exp, "e to the power of what belongs there."],
];

/** A function of the right gradient, or the right one summed and repeated. */
export function explainOfAll(c: Case): Explanation[] {
  const { given, own, tolerance } = c, found: Explanation[] = [], sizes = sizesOf(c);
  if (distinct(own, 4) < 4 || distinct(given.numbers, 3) < 2) return found;
  for (const [of, told] of OF_ALL) {
    const weight = ratio(own.map(of), given.numbers, tolerance);
    if (weight === undefined || !isNice(weight, sizes)) continue;
    found.push({ kind: "operand", cost: 1.2 + (near(weight, 1) ? 0 : 0.3), text: told + weightWords(weight, sizes) });
  }
  const { rows, cols } = given;
  const views = [{ rows, cols, outer: 1 }];
  // A tensor of three dimensions is also a stack of matrices.
  if (c.row.shape.length === 3) views.push({ outer: c.row.shape[0], rows: c.row.shape[1], cols: c.row.shape[2] });
  for (const { outer, rows, cols } of views) {
    for (const over of ["rows", "cols"] as const) {
      if ((over === "rows" ? rows : cols) === 1) continue;
      const wide = new Float64Array(own.length);
      for (let k = 0; k < outer; k++) {
        const part = { rows, cols, numbers: own.subarray(k * rows * cols, (k + 1) * rows * cols) };
        const sums = summed(part, over).numbers;
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++) wide[(k * rows + i) * cols + j] = sums[over === "rows" ? j : i];
        }
      }
      const weight = ratio(wide, given.numbers, tolerance), m = over === "rows" ? rows : cols;
      const how = weight === undefined
        ? undefined
        : near(weight, 1)
        ? "summed"
        : near(weight, 1 / m)
        ? "averaged"
        : undefined;
      const along = outer > 1
        ? (over === "rows" ? "dimension 1" : "dimension 2")
        : `the ${over === "rows" ? "rows" : "columns"}`;
      if (!how) continue;
      found.push({
        kind: "sum",
        cost: 1.1,
        text: `What belongs there is ${how} over ${along} and repeated: no ${
          how === "summed" ? "sum" : "mean"
        } belongs there.`,
      });
    }
  }
  return found;
}
