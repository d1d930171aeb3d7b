// A sum that is taken otherwise: the largest or a few of its terms, their absolute values, the other dimension.
import { alone, type Case, type Explanation } from "./case.ts";
import { asMatrix, distinct, largest, same, summed } from "./numbers.ts";
import { products } from "./products.ts";
import { extentOf, reduced } from "./search.ts";
import { sizesOf } from "./sizes.ts";
import { inTerms } from "./words.ts";

type Terms = readonly number[];

const sum = (terms: Terms) => terms.reduce((sum, x) => sum + x, 0);

/** Something else than a sum, and how it is told of `#`, all the terms. */
const INSTEAD: readonly [of: (terms: Terms) => number, told: string][] = [
  [(terms) => Math.max(...terms), "The largest over # stands where their sum belongs."],
  [(terms) => Math.min(...terms), "The smallest over # stands where their sum belongs."],
  [(terms) => sum(terms.map(Math.abs)), "The absolute values of # are added up; they have to keep their signs."],
  [(terms) => sum(terms.map((x) => x * x)), "The squares of # are added up."],
  [(terms) => terms[0], "Only the first of # is there; all have to be added up."],
  [(terms) => terms.at(-1)!, "Only the last of # is there; all have to be added up."],
  [(terms) => sum(terms.slice(1)), "The first of # is left out of the sum."],
  [(terms) => sum(terms.slice(0, -1)), "The last of # is left out of the sum."],
];

/** What belongs where a matrix product stands. */
export const ELEMENTWISE = "multiply elementwise, then sum over the rows.";

/** Sums of a line's terms that are taken otherwise. */
export function explainSummands(c: Case): Explanation[] {
  const found: Explanation[] = [], { given } = c, { n } = sizesOf(c);
  if (distinct(given.numbers, 3) < 3) return found;
  for (const path of c.paths) {
    const own = alone(c, path);
    if (!own) continue;
    const terms = c.check.jacobian(path.reader, c.row.name).terms(path.upstream.numbers), count = terms[0].length;
    if (count < 2 || terms.some((some) => some.length !== count)) continue;
    const all = count === n ? `the ${n} examples` : `the ${count} terms`;
    const push = (text: string, cost: number) =>
      found.push({ kind: "sum", cost, ...inTerms([path.reader], c.paths.length, text) });
    for (const [of, told] of INSTEAD) {
      const numbers = Float64Array.from(terms, of);
      const weight = [1, -1].find((sign) => same(numbers.map((x) => sign * x), own.numbers, own.tolerance));
      if (weight !== undefined && largest(numbers) > 0) {
        // Of all terms but one, that one is what is left when all add up to zero.
        push(told.replace("#", all) + (weight < 0 ? " The sign is wrong, too." : ""), weight < 0 ? 1.1 : 1);
      }
    }
    // A square, summed over the other dimension: the shape does not show it.
    const extent = extentOf(asMatrix(c.row.shape), asMatrix(c.check.values[path.reader].shape)),
      [right] = products(c, path);
    // Both factors summed alone: a matrix product, of which a row or a column is added up.
    if (right && !right.start.over && right.factors.length === 1 && given.rows === 1 && extent.rows > 1) {
      const pair = [right.start, ...right.factors];
      for (const [k, one] of pair.entries()) {
        if (one.rows === 1 || one.cols === 1) continue;
        const numbers = reduced([summed(one, "cols"), pair[1 - k]], extent, given).map((x) => x * right.weight);
        if (same(numbers, own.numbers, own.tolerance)) {
          push(`These are the sums of a matrix product: ${ELEMENTWISE}`, 1);
        }
      }
    }
    if (right && !right.start.over && extent.rows === extent.cols && (given.rows === 1) !== (given.cols === 1)) {
      const whole = { ...extent, numbers: reduced([right.start, ...right.factors], extent, extent) };
      const other = summed(whole, given.rows === 1 ? "cols" : "rows").numbers.map((x) => x * right.weight);
      const [is, should] = given.rows === 1 ? ["columns", "rows"] : ["rows", "columns"];
      if (same(other, own.numbers, own.tolerance)) {
        push(`Summed over the ${is}; it should be over the ${should}. Only the sizes are the same.`, 1);
      }
    }
    // One of the terms, not the same for each element: the one at a maximum, say.
    const close = own.tolerance * largest(own.numbers);
    const off = own.numbers.filter((x, i) => Math.abs(x - path.sent[i]) > close).length;
    for (const sign of [1, -1]) {
      const at = terms.map((some, i) => some.findIndex((x) => Math.abs(sign * x - own.numbers[i]) <= close));
      if (!(at.every((k) => k >= 0) && new Set(at).size > 2 && off > at.length / 2 && off > 2)) continue;
      push(
        `Only one of ${all} is there for each element, for the first one that at ${at[0]}; all have to be added up.` +
          (sign < 0 ? " The sign is wrong, too." : ""),
        sign < 0 ? 1.15 : 1.1,
      );
    }
  }
  return found;
}
