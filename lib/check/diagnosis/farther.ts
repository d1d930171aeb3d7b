// Formulas that go back through several lines at once, but start from another gradient than the right one.
import { downstream, readers } from "../graph.ts";
import { type Case, type Explanation, total } from "./case.ts";
import { distinct, ratio } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { isNice, weightWords } from "./factor_words.ts";
import { near } from "./words.ts";

/** Another tensor in place of a gradient further down, when the lines between have no rows of their own. */
export function explainFarther(c: Case): Explanation[] {
  const { check, row } = c, found: Explanation[] = [], sizes = sizesOf(c);
  if (c.paths.some((path) => path.row)) return found;
  for (const through of downstream(check.graph, row.name)) {
    const shape = check.values[through].shape;
    if (through === check.last || !dominates(c, through) || readers(check.graph, row.name).includes(through)) continue;
    const own = c.gradients.find(({ name }) => name === `d${through}`);
    for (const candidate of [...c.gradients, ...c.values]) {
      if (candidate.name === `d${through}` || String(candidate.shape) !== String(shape)) continue;
      if (own && ratio(own.numbers, candidate.numbers, c.tolerance) !== undefined) continue;
      const sent = back(c, row.name, through, candidate.numbers);
      const weight = distinct(sent, 4) < 3 ? undefined : ratio(sent, c.given.numbers, c.tolerance);
      if (weight === undefined || !isNice(weight, sizes)) continue;
      found.push({
        kind: "upstream",
        cost: 1.1 + (near(weight, 1) ? 0 : 0.6),
        text: `This is what comes out with ${candidate.name} in place of d${through}.${weightWords(weight, sizes)}`,
      });
    }
  }
  return found;
}

/** Whether every path from the tensor to the loss goes through `through`. */
function dominates({ check, row }: Case, through: string): boolean {
  const without = { ...check.graph };
  delete without[through];
  return !downstream(without, row.name).includes(check.last);
}

/** What comes back to `name` when `gradient` is the gradient of `through`. */
function back(c: Case, name: string, through: string, gradient: Float64Array): Float64Array {
  if (name === through) return gradient;
  const { check } = c, between = downstream(check.graph, name);
  const parts = readers(check.graph, name)
    .filter((reader) =>
      reader === through || (between.includes(reader) && downstream(check.graph, reader).includes(through))
    )
    .map((reader) => check.jacobian(reader, name).vjp(back(c, reader, through, gradient)));
  return total(parts, check.values[name].numel());
}
