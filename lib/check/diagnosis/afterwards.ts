// The right gradient, changed afterwards: clamped, masked, normalised, mixed with something, squared, averaged.
import { type Case, type Explanation, rightBut } from "./case.ts";
import { distinct, dot, largest, ratio, same, summed, weights } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { isNice, weightText, weightWords } from "./factor_words.ts";
import { along, near, plain, position } from "./words.ts";

/** Functions of the whole gradient. */
const OF_ALL: readonly [of: (x: number) => number, told: string][] = [
  [Math.abs, "This is the absolute value of what belongs there."],
  [(x) => x * x, "This is the square of what belongs there."],
  [(x) => 1 / x, "This is one over what belongs there."],
  [Math.tanh, "This is the tanh of what belongs there."],
  [Math.exp, "This is e to the power of what belongs there."],
];

/** A function of the right gradient, or the right one summed, averaged or less its mean. */
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
      const centred = same(own.map((x, i) => x - wide[i] / m), given.numbers, tolerance);
      const what = outer > 1 ? (over === "rows" ? "dimension 1" : "dimension 2") : along(over);
      if (centred) {
        found.push({ kind: "sum", cost: 1.1, text: `This is what belongs there minus its mean over ${what}.` });
      }
      const at = (i: number, k: number) =>
        own[over === "rows" ? i - i % (rows * cols) + k * cols + i % cols : i - i % cols + k];
      // One row or column of it everywhere.
      const from = Array.from({ length: m }, (_, k) => k).find((k) =>
        near(at(0, k), given.numbers[0]) && same(given.numbers, own.map((_, i) => at(i, k)), tolerance)
      );
      if (from !== undefined) {
        const place = outer > 1 ? `at index ${from} of ${what}` : `in ${over === "rows" ? "row" : "column"} ${from}`;
        found.push({ kind: "places", cost: 1.1, text: `What belongs ${place} is repeated at all others.` });
      }
      if (!how) continue;
      found.push({
        kind: "sum",
        cost: 1.1,
        text: `What belongs there is ${how} over ${what} and repeated: no ${
          how === "summed" ? "sum" : "mean"
        } belongs there.`,
      });
    }
  }
  return found;
}

/** Numbers that are cut off at a limit, or set to zero. */
export function explainCut(c: Case): Explanation[] {
  const { given: { numbers }, own, tolerance } = c, close = tolerance * largest(own);
  const off = Array.from(numbers.keys()).filter((i) => Math.abs(numbers[i] - own[i]) > close);
  // Some that are not zero have to be as they should.
  const left = own.filter((x, i) => Math.abs(x) > close && Math.abs(numbers[i] - x) <= close).length;
  if (off.length < 2 || left < Math.max(3, 0.05 * off.length)) return [];
  const sizes = new Set(off.map((i) => Math.abs(numbers[i]).toPrecision(9))), [size] = sizes, limit = Number(size);
  const found = (text: string, cost: number): Explanation[] => [{ kind: "places", cost, text }];
  if (sizes.size > 1) return [];
  const beyond = (i: number) => Math.abs(own[i]) > limit && numbers[i] * own[i] > 0;
  if (limit > 0 && off.every(beyond) && own.every((x, i) => Math.abs(x) <= limit + close || off.includes(i))) {
    return found(
      `${rightBut(c)} cut off at ±${plain(limit)}: ${off.length} of ${own.length} elements are larger.`,
      0.95,
    );
  }
  if (limit !== 0) return [];
  const zero = new Set(off), rest = (sign: number) => own.every((x, i) => sign * x <= close || !zero.has(i));
  for (const [sign, word] of [[1, "negative"], [-1, "positive"]] as const) {
    if (rest(sign) && off.length === own.filter((x) => sign * x < -close).length) {
      return found(`${rightBut(c)} what is ${word} is set to zero.`, 1.02);
    }
  }
  return [{
    kind: "places",
    cost: 2.3,
    text: `${rightBut(c)} ${off.length} of ${own.length} elements are set to zero, the first at ${
      position(off[0], c.row.shape)
    }: a mask?`,
  }];
}

/** The right gradient divided by its size, or a part of it and a part of something else. */
export function explainMixed(c: Case): Explanation[] {
  const { given, own, tolerance } = c, found: Explanation[] = [];
  if (distinct(own, 4) < 4) return found;
  const weight = ratio(own, given.numbers, tolerance), n = own.length;
  if (weight !== undefined) {
    const square = dot(own, own),
      sum = own.reduce((a, b) => a + b),
      spread = Math.sqrt((square - sum * sum / n) / (n - 1));
    const by: [number, string][] = [
      [Math.sqrt(square), "its length, the root of the sum of its squares"],
      [largest(own), "its largest element"],
      [spread, "its standard deviation"],
    ];
    for (const [size, what] of by) {
      if (near(Math.abs(weight), 1 / size)) {
        found.push({ kind: "factor", cost: 0.9, text: `${rightBut(c)} divided by ${what}.` });
      }
    }
    return found;
  }
  for (const array of [...c.values, ...c.gradients]) {
    if (array.numbers.length !== n || distinct(array.numbers, 4) < 4) continue;
    if (c.paths.some(({ sent }) => ratio(sent, array.numbers, tolerance))) continue; // told as a term
    const fitted = weights([own, array.numbers], given.numbers, tolerance);
    if (
      !fitted || near(fitted[0], 1) || Math.abs(fitted[0]) < 1e-6 ||
      !(near(fitted[0] + fitted[1], 1) || isNice(fitted[0], sizesOf(c)))
    ) continue;
    found.push({
      kind: "operand",
      cost: 1.5,
      alone: true,
      text: `What stands there is ${plain(fitted[0])} times what belongs there and ${
        weightText(fitted[1], sizesOf(c).n)
      }${array.name}.`,
    });
  }
  return found;
}
