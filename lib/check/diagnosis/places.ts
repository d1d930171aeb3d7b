// Where a gradient is wrong: at one element, in one row or column, only at the picked elements or everywhere else. And
// `rest`, for when nothing explains the numbers.
import type { Case, Explanation } from "./case.ts";
import { largest, ratio } from "./numbers.ts";
import type { Extent } from "./search.ts";
import { sizesOf } from "./sizes.ts";
import { factorWords } from "./factor_words.ts";
import { apart, plain, position } from "./words.ts";

/** Which elements are wrong. */
function wrongOnes({ given, own, tolerance }: Case): number[] {
  const size = Math.max(largest(own), 1e-300) * 0.5 * tolerance, wrong: number[] = [];
  for (let i = 0; i < own.length; i++) {
    const difference = Math.abs(given.numbers[i] - own[i]);
    if (!(difference <= size || difference <= 1e-6 * Math.abs(own[i]))) wrong.push(i);
  }
  return wrong;
}

/** Mistakes in a few places, when the rest is right. */
export function explainPlaces(c: Case): Explanation[] {
  const wrong = wrongOnes(c), { shape } = c.row, { given, own } = c, n = own.length;
  if (wrong.length === 0 || n < 4 || wrong.length === n) return [];
  const [i] = wrong, [x, y] = apart(given.numbers[i], own[i]);
  if (wrong.length === 1) {
    return [{
      kind: "places",
      cost: 1.2,
      text: `Only the element at ${position(i, shape)} is wrong: yours ${x}, expected ${y}.`,
    }];
  }
  const cols = given.cols,
    rows = new Set(wrong.map((at) => Math.floor(at / cols))),
    columns = new Set(wrong.map((at) => at % cols));
  const allRows = given.rows, there = wrong.map((at) => given.numbers[at]), should = wrong.map((at) => own[at]);
  const known = within(c, wrong, there, should);
  // A place alone, with nothing that the numbers there have in common, tells little.
  const how = known ?? `At ${position(i, shape)} yours is ${x}, expected is ${y}.`, few = known ? 1.24 : 2.5;
  if (rows.size === 1 && allRows > 2) {
    return [{ kind: "places", cost: 1.2, text: `Right but for row ${[...rows][0]}. ${how}` }];
  }
  if (columns.size === 1 && cols > 2) {
    return [{ kind: "places", cost: 1.2, text: `Right but for column ${[...columns][0]}. ${how}` }];
  }
  const { by, picked } = pickedIn(c, given) ?? {};
  if (picked && picked.size > 1) {
    const isPicked = wrong.every((at) => picked.has(at));
    if (isPicked) {
      const all = wrong.length === picked.size
        ? "the picked ones"
        : `${wrong.length} of the ${picked.size} picked ones`;
      return [{ kind: "places", cost: few, text: `Right everywhere but at ${all}, [i, ${by}[i]]. ${how}` }];
    }
    if (wrong.length >= 0.9 * (n - picked.size) && !wrong.some((at) => picked.has(at))) {
      return [{
        kind: "places",
        cost: few,
        text: `Wrong everywhere but at the picked ones, [i, ${by}[i]]. ${
          how.replace(/^Every element there/, "Every other one")
        }`,
      }];
    }
  }
  if (rows.size < allRows / 2 && allRows > 3 && wrong.length >= 0.8 * rows.size * cols && cols > 1) {
    return [{
      kind: "places",
      cost: 2,
      text: `Right but for ${rows.size} of ${allRows} rows: ${some([...rows])}. ${how}`,
    }];
  }
  if (columns.size < cols / 2 && cols > 3 && wrong.length >= 0.8 * columns.size * allRows && allRows > 1) {
    return [{
      kind: "places",
      cost: 2,
      text: `Right but for ${columns.size} of ${cols} columns: ${some([...columns])}. ${how}`,
    }];
  }
  return [];
}

function some(indices: number[]): string {
  return indices.length <= 6 ? indices.join(", ") : `${indices.slice(0, 5).join(", ")} …`;
}

/** What all wrong places have in common. */
function within(c: Case, wrong: number[], there: number[], should: number[]): string | undefined {
  const standing = there.length > 2 &&
    c.values.find((a) =>
      a.numbers.length === c.own.length &&
      wrong.every((i) => Math.abs(a.numbers[i] - c.given.numbers[i]) <= c.tolerance * Math.abs(a.numbers[i]))
    );
  if (standing && !there.every((x) => x === 0)) {
    return `There stands ${standing.name}: started from a clone of ${standing.name} instead of zeros?`;
  }
  if (there.every((x) => x === 0)) return "Every element there is zero.";
  const weight = there.length > 2 ? ratio(should, there, c.tolerance) : undefined;
  if (weight !== undefined) return `Every element there is ${factorWords(weight, sizesOf(c)).text}`;
  const by = there[0] - should[0];
  if (there.length > 2 && there.every((x, i) => Math.abs(x - should[i] - by) <= 1e-6 * Math.abs(by))) {
    return `Every element there is ${Number(Math.abs(by).toPrecision(4))} too ${by > 0 ? "large" : "small"}.`;
  }
}

/** The elements that an int32 tensor picks, one in each row. */
export function pickedIn({ check }: Case, { rows, cols }: Extent): { by: string; picked: Set<number> } | undefined {
  for (const [by, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape.length !== 1 || t.numel() !== rows) continue;
    const columns = t.toArray();
    if (columns.every((j) => j < cols)) return { by, picked: new Set(Array.from(columns, (j, i) => i * cols + j)) };
  }
}

/** When nothing explains the numbers: how many are off, where, and up to three pairs of them. */
export function rest(c: Case): Explanation {
  const { shape, name } = c.row,
    { given, right } = c,
    zero = largest(right) < 1e-9;
  const n = right.length, off = (i: number) => Math.abs(given.numbers[i] - right[i]);
  const most = right.reduce((most, _, i) => off(i) > off(most) ? i : most, 0), found = wrongOnes({ ...c, own: right });
  const wrong = found.length > 0 ? found : [most], worst = wrong.toSorted((a, b) => off(b) - off(a));
  const shown = [...new Set([worst[0], wrong[0], wrong.at(-1)!])];
  const pairs = shown.map((i) => {
    const [x, y] = zero ? [plain(given.numbers[i]), "0"] : apart(given.numbers[i], right[i]);
    return `${position(i, shape)}: yours ${x}, expected ${y}`;
  });
  const all = found.length === 0
    ? "Little more than rounding is off"
    : wrong.length === n
    ? `All ${n} elements are off`
    : `${wrong.length} of ${n} elements are off`;
  const nature = zero ? ` Every element of d${name} should be 0, up to rounding.` : "";
  return {
    kind: "element",
    cost: 9,
    text: n === 1
      ? `Yours is ${pairs[0].split("yours ")[1]}.${nature}`
      : `${all}. The worst element is at ${pairs.join("; ")}.${nature}`,
  };
}
