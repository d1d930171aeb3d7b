// Whether a row is wrong only because of rows above: what comes out with the learner's own gradients from above, taken the
// usual way, as sums from rows elsewhere, or round a wrong row to those below it.
// Left out: mistakes of the row's own (paths.ts and all others).
import type { Row } from "../check.ts";
import { type Case, gives, isFinite, numbersOf, type Path, remembered, total, workedOut } from "./case.ts";
import { IDENTITY, RECIPROCAL } from "./functions.ts";
import { asMatrix, type Matrix } from "./numbers.ts";
import { misshapen } from "./shapes.ts";
import { extentOf, reduced, Search, type Start } from "./search.ts";

/** The rows above that this one is only the consequence of; undefined when it is wrong by itself. */
export function follows(c: Case): readonly Row[] | undefined {
  if (c.own.length === 0) return undefined;
  // A line in float32 below a mistake is rounded, and no mistake of its own.
  const coarse = { ...c, tolerance: Math.max(c.tolerance, 3e-7) };
  for (const choice of choices(withBorrowed(c))) {
    const blamed = [...new Set(choice.flatMap(({ blamed }) => blamed))];
    if (blamed.length > 0 && gives(coarse, total(choice.map(({ sent }) => sent), c.own.length))) return blamed;
  }
  return roundAbout(coarse);
}

/** The wrong rows that this one follows from when its formula goes round one or two others, to the lines below them. */
function roundAbout(c: Case): readonly Row[] | undefined {
  const rounds: (readonly Row[])[] = [[]];
  const given = c.earlier.filter((row) => row.status !== "follows" || misshapen(c.check, row, c.earlier).length > 0);
  for (const left of rounds) {
    const { numbers, blamed } = workedOut(c, given.filter((row) => !left.includes(row)));
    if (blamed.length > 0 && gives(c, numbers)) return blamed;
    if (left.length < 2) rounds.push(...blamed.map((row) => [...left, row]));
  }
}

/** The paths with what they send back when a sum is taken from a row elsewhere. */
export const withBorrowed = remembered((c: Case): readonly Path[] => c.paths.map((path) => borrowing(c, path)));

/**
 * The path with what it sends back when a formula in one go takes a gradient from a wrong row that the lines between do
 * not read: dbnbias for the sum of dhpreact.
 */
function borrowing(c: Case, path: Path): Path {
  const wrong = c.earlier.filter(({ status, given }) =>
    (status === "wrong" || status === "follows" || status === "shape") && given && isFinite(given.toArray())
  );
  if (path.row || wrong.length === 0) return path;
  const extent = extentOf(c.given, asMatrix(c.check.values[path.reader].shape));
  // What the right row contributes to the right gradient, the reader's contributes to the reader's.
  const search = new Search({ ...asMatrix(c.row.shape), numbers: path.rightSent }, extent, c.tolerance);
  const factors = search.factors(c.values, [IDENTITY, RECIPROCAL]), borrowed: Path["borrowed"][number][] = [];
  for (const from of wrong) {
    if (path.blamed.includes(from) || !search.fits(asMatrix(from.given!.shape))) continue;
    const right: Start = {
      ...asMatrix(from.shape),
      numbers: c.check.rightNumbers(from.name),
      gradient: `d${from.name}`,
    };
    if (!search.fits(right)) continue;
    const [product] = [
      [],
      ...factors.map((a) => [a]),
      ...factors.flatMap((a, i) => factors.slice(i).map((b) => [a, b])),
    ]
      .flatMap((chosen) => {
        const weight = search.weigh(right, ...chosen);
        return weight === undefined ? [] : [{ chosen, weight }];
      });
    if (!product) continue;
    // One of another shape is broadcast.
    const own: Matrix = { ...asMatrix(from.given!.shape), numbers: numbersOf(from) };
    const sent = reduced([own, ...product.chosen], extent, asMatrix(c.row.shape)).map((x) => x * product.weight);
    borrowed.push({ sent, from });
  }
  return { ...path, borrowed };
}

/** A path with one of the gradients from above that it may have been worked out with. */
export interface Choice {
  path: Path;
  own: boolean;
  sent: Float64Array;
  blamed: readonly Row[];
}

/** Each path with the learner's own gradient from above and, where that is wrong, with the right one: all own first. */
export function choices(paths: readonly Path[]): Choice[][] {
  let all: Choice[][] = [[]];
  for (const path of paths) {
    const mine: Choice[] = [{ path, own: true, sent: path.sent, blamed: path.blamed }];
    if (isWrong(path)) mine.push({ path, own: false, sent: path.rightSent, blamed: [] });
    for (const { sent, from } of path.borrowed) mine.push({ path, own: true, sent, blamed: [from] });
    all = all.flatMap((choice) => mine.map((one) => [...choice, one]));
  }
  return all.toSorted((a, b) => a.filter(({ own }) => !own).length - b.filter(({ own }) => !own).length);
}

/** Whether what the path sends back was made from a wrong row. */
export function isWrong({ blamed }: Path): boolean {
  return blamed.length > 0;
}
