// Where a gradient is wrong: at one element, in one row or column, only at the picked elements or everywhere else, in rows
// that were copied several times. And `rest`, for when nothing explains the numbers.
import type { Case, Explanation } from "./case.ts";
import { largest, ratio } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { apart, factorWords, position, weightWords } from "./words.ts";

/** Which elements are wrong. */
function wrongOnes({ given, own, tolerance }: Case): number[] {
  const size = Math.max(largest(own), 1e-300) * 0.5 * tolerance, wrong: number[] = [];
  for (let i = 0; i < own.length; i++) {
    const difference = Math.abs(given.numbers[i] - own[i]);
    if (!(difference <= size || difference <= 1e-6 * Math.abs(own[i]))) wrong.push(i);
  }
  return wrong;
}

/** Rows copied forward several times: the gradient of each is a sum, and parts of it may be missing. */
export function explainGathered(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const { reader, upstream } of c.paths) {
    const { rows, cols, numbers } = c.given, y = c.check.values[reader];
    const table = c.check.values[c.row.name].toArray(), copies = y.toArray(), count = copies.length / cols;
    if (c.row.shape.length !== 2 || y.shape.at(-1) !== cols || !Number.isInteger(count)) continue;
    const from = Array.from(
      { length: count },
      (_, k) => rowOf(table, copies.subarray(k * cols, (k + 1) * cols), rows, cols),
    );
    if (from.some((row) => row < 0)) continue;
    const made = (of: (row: number, positions: number[]) => number[]) => {
      const out = new Float64Array(rows * cols);
      for (let i = 0; i < rows; i++) {
        const positions = from.flatMap((row, k) => row === i ? [k] : []);
        for (const k of of(i, positions)) {
          for (let j = 0; j < cols; j++) out[i * cols + j] += upstream.numbers[k * cols + j];
        }
      }
      return out;
    };
    const times = from.reduce((all, row) => all.set(row, (all.get(row) ?? 0) + 1), new Map<number, number>());
    const often = [...times.values()].filter((n) => n > 1).length;
    const several = `${often} rows of ${c.row.name} are read more than once`;
    const tries: [Float64Array, string][] = [
      [
        made((_, at) => at.slice(-1)),
        `overwritten instead of added: ${several}, and only the last copy of each counts. index_add_ adds them up.`,
      ],
      [
        made((_, at) => at.slice(0, 1)),
        `only the first copy counts: ${several}, and each gets the sum of all. index_add_ adds them up.`,
      ],
      [
        made((_, at) => at).map((x, i) => x / Math.max(1, times.get(Math.floor(i / cols)) ?? 1)),
        `a mean where a sum belongs: ${several}, and the sum is divided by how often.`,
      ],
    ];
    const turned = (of: (k: number) => number) => {
      const out = new Float64Array(rows * cols);
      for (let k = 0; k < count; k++) {
        for (let j = 0; j < cols; j++) out[from[of(k)] * cols + j] += upstream.numbers[k * cols + j];
      }
      return out;
    };
    const across = y.shape.length === 3 ? y.shape[1] : 1, down = count / across;
    if (across > 1) {
      const text = "the rows that come back meet the indices in another order: column by column instead of row by row.";
      tries.push([turned((k) => k % down * across + Math.floor(k / down)), text]);
      tries.push([turned((k) => k % across * down + Math.floor(k / across)), text]);
    }
    tries.push([turned((k) => count - 1 - k), "the rows that come back meet the indices in reverse order."]);
    const width = y.shape.length === 3 ? y.shape[1] : 1;
    for (let p = 0; p < width && width > 1; p++) {
      tries.push([
        made((_, at) => at.filter((k) => k % width === p)),
        `only position ${p} of each context is gathered: all ${width} reach the loss.`,
      ]);
    }
    for (let p = 0; p < width && width > 2; p++) {
      tries.push([
        made((_, at) => at.filter((k) => k % width !== p)),
        `position ${p} of each context is left out: all ${width} reach the loss.`,
      ]);
    }
    for (const m of [down, count - 1]) {
      tries.push([
        made((_, at) => at.filter((k) => k < m)),
        `only the first ${m} of the ${count} rows that come back are gathered.`,
      ]);
    }
    tries.push(...byOtherIndices(c, upstream.numbers, count, width));
    for (const [numbersOf, text] of tries) {
      const weight = ratio(numbersOf, numbers, c.tolerance);
      if (weight === undefined) continue;
      const also = weightWords(weight, sizesOf(c));
      found.push({ kind: "places", cost: 1 + (also ? 0.6 : 0), text: text[0].toUpperCase() + text.slice(1) + also });
    }
  }
  return found;
}

/** Rows added up by other indices than those they were read by: one column of them, or the targets. */
function byOtherIndices(
  { check, given }: Case,
  up: Float64Array,
  count: number,
  width: number,
): [Float64Array, string][] {
  const { rows, cols } = given, n = count / width, tries: [Float64Array, string][] = [];
  const sources: [string, (i: number, j: number) => number][] = [
    ["the sum over all positions", (i, j) => {
      let sum = 0;
      for (let p = 0; p < width; p++) sum += up[(i * width + p) * cols + j];
      return sum;
    }],
    ...Array.from({ length: width }, (_, p): [string, (i: number, j: number) => number] => [
      `position ${p}`,
      (i, j) => up[(i * width + p) * cols + j],
    ]),
  ];
  for (const [name, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape[0] !== n) continue;
    const all = t.toArray(), wide = t.numel() / n;
    for (let q = 0; q < wide; q++) {
      const label = wide === 1 ? name : `column ${q} of ${name}`;
      for (const [source, of] of sources) {
        const out = new Float64Array(rows * cols);
        for (let i = 0; i < n; i++) for (let j = 0; j < cols; j++) out[all[i * wide + q] * cols + j] += of(i, j);
        tries.push([
          out,
          `${source} is added to the rows that ${label} names; each position belongs to the row it was read from.`,
        ]);
      }
    }
  }
  return tries;
}

function rowOf(table: Float64Array, row: Float64Array, rows: number, cols: number): number {
  for (let i = 0; i < rows; i++) {
    let same = true;
    for (let j = 0; same && j < cols; j++) same = table[i * cols + j] === row[j];
    if (same) return i;
  }
  return -1;
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
  const how = known ?? `At ${position(i, shape)} yours is ${x}, expected is ${y}.`, few = known ? 1.3 : 2.5;
  if (rows.size === 1 && allRows > 2) {
    return [{ kind: "places", cost: 1.2, text: `Right but for row ${[...rows][0]}. ${how}` }];
  }
  if (columns.size === 1 && cols > 2) {
    return [{ kind: "places", cost: 1.2, text: `Right but for column ${[...columns][0]}. ${how}` }];
  }
  const picked = pickedIn(c);
  if (picked && picked.size > 1) {
    const isPicked = wrong.every((at) => picked.has(at));
    if (isPicked) {
      const all = wrong.length === picked.size
        ? "the picked ones"
        : `${wrong.length} of the ${picked.size} picked ones`;
      return [{ kind: "places", cost: few, text: `Right everywhere but at ${all}, [i, yb[i]]. ${how}` }];
    }
    if (wrong.length >= 0.9 * (n - picked.size) && !wrong.some((at) => picked.has(at))) {
      return [{ kind: "places", cost: few, text: `Wrong everywhere but at the picked ones, [i, yb[i]]. ${how}` }];
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
function pickedIn({ check, given }: Case): Set<number> | undefined {
  const { rows, cols } = given;
  for (const [, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape.length !== 1 || t.numel() !== rows) continue;
    const columns = t.toArray();
    if (columns.every((j) => j < cols)) return new Set(Array.from(columns, (j, i) => i * cols + j));
  }
}

/** When nothing explains the numbers: how many are off, where, and up to three pairs of them. */
export function rest(c: Case): Explanation {
  const { shape, name } = c.row,
    { given, right } = c,
    zero = largest(right) < 1e-9 * Math.max(1, largest(given.numbers));
  const n = right.length, off = (i: number) => Math.abs(given.numbers[i] - right[i]);
  const most = right.reduce((most, _, i) => off(i) > off(most) ? i : most, 0), found = wrongOnes({ ...c, own: right });
  const wrong = found.length > 0 ? found : [most], worst = wrong.toSorted((a, b) => off(b) - off(a));
  const shown = [...new Set([worst[0], wrong[0], wrong.at(-1)!])];
  const pairs = shown.map((i) => {
    const [x, y] = zero ? [Number(given.numbers[i].toPrecision(4)).toString(), "0"] : apart(given.numbers[i], right[i]);
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
