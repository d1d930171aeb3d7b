// Rows that were copied forward several times, as C's are by an index: the gradient of each is a sum, of which parts are
// missing, or which is taken by other indices.
import type { Case, Explanation } from "./case.ts";
import { ratio, same } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { weightWords } from "./factor_words.ts";

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
    const of = (numbers: Float64Array, row: number) => numbers.subarray(row * cols, (row + 1) * cols);
    const off = [...times.keys()].filter((row) => !same(of(c.own, row), of(numbers, row), 1e-6));
    const where = off.length < often ? ` in row${off.length > 1 ? "s" : ""} ${off.join(", ")}` : "";
    const tries: [Float64Array, string][] = [
      [
        made((row, at) => off.includes(row) ? at.slice(-1) : at),
        `overwritten instead of added${where}: ${several}, and only the last copy of each counts. index_add_ adds them up.`,
      ],
      [
        made((row, at) => off.includes(row) ? at.slice(0, 1) : at),
        `only the first copy counts${where}: ${several}, and each gets the sum of all. index_add_ adds them up.`,
      ],
      [
        made((_, at) => at).map((x, i) => x / Math.max(1, times.get(Math.floor(i / cols)) ?? 1)),
        `a mean where a sum belongs: ${several}, and the sum is divided by how often.`,
      ],
    ];
    const paired = (read: (k: number) => number, sent = (k: number) => k) => {
      const out = new Float64Array(rows * cols);
      for (let k = 0; k < count; k++) {
        for (let j = 0; j < cols; j++) out[from[read(k)] * cols + j] += upstream.numbers[sent(k) * cols + j];
      }
      return out;
    };
    const across = y.shape.length === 3 ? y.shape[1] : 1, down = count / across;
    if (across > 1) {
      const text =
        "the rows that come back and the indices do not belong together: one goes column by column, the other row by row.";
      tries.push([paired((k) => k % down * across + Math.floor(k / down)), text]);
      tries.push([paired((k) => k % across * down + Math.floor(k / across)), text]);
    }
    tries.push([paired((k) => count - 1 - k), "the rows that come back are paired with the indices in reverse order."]);
    const first = (k: number) => k - k % across, backwards = (k: number) => first(k) + across - 1 - k % across;
    if (across > 1) {
      tries.push([paired(backwards), "the positions of each context are paired with the indices in reverse order."]);
    }
    const some = (keep: (k: number) => boolean, text: string) => tries.push([made((_, at) => at.filter(keep)), text]);
    for (let p = 0; p < across && across > 1; p++) {
      const all = `all ${across} reach the loss.`;
      some((k) => k % across === p, `only position ${p} of each context is gathered: ${all}`);
      tries.push([
        paired((k) => k, (k) => first(k) + p),
        `every position of a context gets what belongs to position ${p}.`,
      ]);
      if (across < 3) continue;
      some((k) => k % across !== p, `position ${p} of each context is left out: ${all}`);
    }
    some((k) => k % across > 0 && k >= across, "position 0 and example 0 are left out: does a loop start at 1?");
    const gathered = (which: string) => `only the ${which} of the ${count} rows that come back are gathered.`;
    for (let m = 1; m < count; m++) {
      some((k) => k < m, gathered(`first ${m}`));
      some((k) => k >= m, gathered(`last ${count - m}`));
    }
    tries.push(...byOtherIndices(c, upstream.numbers, count, across));
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
