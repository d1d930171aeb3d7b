// A constant added where none belongs, or another one than the line has: an ε of 1e-3, or none, in a variance; a variance
// over n instead of n − 1.
import type { Case, Explanation } from "./case.ts";
import { asMatrix, distinct, largest, same } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { weightWords } from "./factor_words.ts";
import { reduced } from "./search.ts";
import { firstApart, inTerms, near, plain } from "./words.ts";

const EPS = 1e-5, POWERS = [-0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2, -2.5];

/**
 * Where the given numbers are the right ones times ((a·x + b)/(x + e))^p for a known tensor x, a and b are found from two
 * elements, and all others have to agree. The formula is ε's usual place: Ioffe and Szegedy, "Batch Normalization", 2015.
 */
export function explainOffset(c: Case): Explanation[] {
  const { given, own, paths } = c, sizes = sizesOf(c), { n } = sizes, extent = { rows: given.rows, cols: given.cols };
  const fits = (a: number, b: number) => a === b || a === 1;
  if (distinct(own, 4) < 4) return [];
  const parts = [{ numbers: given.numbers, base: own, readers: paths.map(({ reader }) => reader) }];
  for (const { reader, sent } of paths.length > 1 ? paths : []) {
    parts.push({
      numbers: given.numbers.map((x, i) => x - own[i] + sent[i]),
      base: sent,
      readers: [reader],
    });
  }
  let best: { text: string; where?: string; rank: number; also: string } | undefined;
  for (const { numbers, base, readers } of parts) {
    // Quotients of small numbers are mostly rounding.
    const size = 0.02 * largest(base), at = Array.from(base.keys()).filter((i) => Math.abs(base[i]) > size);
    if (at.length < 4) continue;
    for (const { name, numbers: x, rows, cols } of c.values) {
      if (!fits(rows, given.rows) || !fits(cols, given.cols) || distinct(x, 4) < 4 || x.some((value) => value <= 0)) {
        continue;
      }
      const wide = reduced([{ rows, cols, numbers: x }], extent, asMatrix(c.row.shape));
      const ends = [at.reduce((i, k) => wide[k] < wide[i] ? k : i), at.reduce((i, k) => wide[k] > wide[i] ? k : i)];
      const root = x.map((value) => (value + EPS) ** -0.5);
      const has = c.values.some((other) => same(other.numbers, root, 1e-12)) ? EPS : 0;
      for (const p of POWERS) {
        const sign = Math.sign(numbers[ends[0]] / base[ends[0]]);
        // An even power would lose the sign.
        const y = (i: number) => Math.max(0, sign * numbers[i] / base[i]) ** (1 / p) * (wide[i] + has);
        const line = linear(at, ends, (i) => wide[i], y, c.tolerance);
        // What is too small to work a and b out from has to agree, too.
        const made = (i: number) => sign * base[i] * ((line!.a * wide[i] + line!.b) / (wide[i] + has)) ** p;
        const fits = line && same(base.map((_, i) => made(i)), numbers, 10 * c.tolerance);
        const told = fits && words(line.a, line.b, has, name, n);
        if (told && told.rank < (best?.rank ?? 3)) {
          best = { ...told, ...inTerms(readers, paths.length, told.text), also: weightWords(sign, sizes) };
        }
      }
    }
  }
  return best
    ? [{
      kind: "derivative",
      cost: 1.02,
      where: best.where,
      text: `${best.text.slice(0, -1)}; ${firstApart(given.numbers, own, c.row.shape)}.${best.also}`,
    }]
    : [];
}

/** a and b with y = a·x + b at all of these places, worked out from the two ends. */
function linear(
  at: readonly number[],
  [low, high]: readonly number[],
  x: (i: number) => number,
  y: (i: number) => number,
  tolerance: number,
): { a: number; b: number } | undefined {
  const a = (y(high) - y(low)) / (x(high) - x(low)), b = y(low) - a * x(low);
  const size = Math.max(Math.abs(y(high)), Math.abs(y(low)));
  if (!Number.isFinite(a + b)) return undefined;
  return at.every((i) => Math.abs(a * x(i) + b - y(i)) <= tolerance * size) ? { a, b } : undefined;
}

/** What a·x + b in place of x + `has` tells; of several the one of the lowest rank. */
function words(a: number, b: number, has: number, name: string, n: number): { text: string; rank: number } | undefined {
  const eps = Math.abs(b) < 3e-9 ? 0 : Number(b.toPrecision(1));
  if (Math.abs(a - 1) < 1e-6) {
    // Only a number that somebody would write: small shifts of other powers look alike.
    if (eps === has || Math.abs(eps) > 1) return undefined;
    if (eps !== 0 && Math.abs(b - eps) > 1e-3 * Math.abs(eps) + 1e-10) return undefined;
    if (eps < 0 && eps > -0.1) return undefined;
    if (eps === 0) return { text: `The ε is left out: ${name} + 1e-5 belongs there.`, rank: 0 };
    if (!/^(1e-\d+|0?\.0*1|1)$/.test(String(Math.abs(eps)))) return undefined;
    const done = `${eps < 0 ? `${plain(-eps)} is taken off` : `${plain(eps)} is added to`} ${name}`;
    return { text: has === 0 ? `${done}: nothing belongs there.` : `${done}; it should be 1e-5, the ε.`, rank: 1 };
  }
  if (eps !== has) return undefined;
  const over = (is: string, should: string) => ({
    text: `${name} is taken over ${is} instead of ${should}.`,
    rank: 0.5,
  });
  if (near(a, (n - 1) / n)) return over(`n = ${n}`, `n − 1 = ${n - 1}, Bessel’s correction`);
  if (near(a, n / (n - 1))) return over(`n − 1 = ${n - 1}`, `n = ${n}`);
}
