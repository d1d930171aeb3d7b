// Another gradient from above: another tensor of its size, or the right one changed before it is used.
import { readers } from "../graph.ts";
import { alone, type Case, type Explanation, type Known, known, type Path, targets } from "./case.ts";
import { distinct, largest, ratio, summed, transposed } from "./numbers.ts";
import { sameShape } from "../../tensor/shape.ts";
import { sizesOf, termSizes } from "./sizes.ts";
import { reduced } from "./search.ts";
import { isNice, weightWords } from "./factor_words.ts";
import { along, alsoFeeds, inTerms, near } from "./words.ts";

/** Another tensor of the same size, used in place of the gradient from above. */
export function explainUpstream(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const { reader, upstream } = path, slopes = c.check.jacobian(reader, c.row.name);
    if (upstream.numbers.length < 3) continue;
    const alike = (array: Known) => array.numbers.length === upstream.numbers.length && array.name !== upstream.name;
    const one = known("", upstream.shape, new Float64Array(upstream.numbers.length).fill(1));
    const last = upstream.shape.at(-1)!, rows = upstream.numbers.length / last;
    const turned = [upstream, { rows, cols: last, numbers: upstream.numbers }, {
      rows: last,
      cols: rows,
      numbers: upstream.numbers,
    }]
      .map((matrix) =>
        known(
          `${upstream.name} in another order, as after a view where a transpose belongs,`,
          upstream.shape,
          transposed(matrix).numbers,
          "made",
        )
      );
    // Of tensors with the same numbers the one with the right shape first.
    const fits = (a: number, b: number) => a === 1 || a === b;
    // One that was broadcast on the way, and so repeats its numbers here: dbnvar where dbndiff2 belongs.
    const repeated = c.gradients.filter(({ rows, cols, numbers }) =>
      numbers.length > 1 && fits(rows, upstream.rows) && fits(cols, upstream.cols)
    ).map((array) => known(array.name, upstream.shape, reduced([array], upstream, upstream), array.origin))
      .filter(({ numbers }) => ratio(upstream.numbers, numbers, c.tolerance));
    const candidates = [
      ...c.gradients.toReversed(),
      ...repeated,
      ...c.unfinished,
      ...parts(c, path),
      ...c.values,
      one,
      ...turned,
    ].filter(
      alike,
    )
      .toSorted((a, b) => Number(sameShape(b.shape, upstream.shape)) - Number(sameShape(a.shape, upstream.shape)));
    for (const candidate of candidates) {
      // A multiple of the right one is told by its number, and here only if it explains that.
      const times = ratio(upstream.numbers, candidate.numbers, c.tolerance);
      const sent = slopes.vjp(candidate.numbers);
      if (!(largest(sent) > 0)) continue;
      for (const { numbers, left, tolerance } of targets(c, path)) {
        const weight = ratio(sent, numbers, tolerance);
        if (times !== undefined && (weight === undefined || near(times, 1) || !near(weight, 1))) continue;
        if (weight === undefined || Math.max(distinct(numbers, 4), distinct(upstream.numbers, 4)) < 3) continue;
        // One number everywhere comes out of many tensors.
        if (distinct(numbers, 2) < 2 && candidate !== one) continue;
        if (distinct(numbers, 3) < 3 && distinct(path.sent, 3) === 3 && !near(Math.abs(weight), 1)) continue;
        const also = candidate.origin === "unfinished" && c.gradients.includes(candidate) && near(Math.abs(weight), 1);
        const text = candidate === one
          ? `The gradient from above, ${upstream.name}, is missing: chain rule.`
          : `This is what comes out with ${candidate.name} in place of ${upstream.name}.`;
        found.push({
          kind: "upstream",
          ...inTerms([reader], c.paths.length, text + weightWords(weight, termSizes(c, path)) + leftWords(c, left)),
          // A gradient that is a multiple of the right one is likelier than that multiple by chance.
          cost: { unfinished: also ? 1 : 1.1, made: 1.3, none: times && !c.values.includes(candidate) ? 0.94 : 1 }[
            candidate.origin ?? "none"
          ] + weightCost(c, weight) + left.length - (candidate === one ? 0.02 : 0),
          alone: left.length > 0,
          also,
        });
      }
    }
  }
  return found;
}

/** The gradient from above with something multiplied or added to it, or its absolute values, before it goes through the line. */
export function explainChangedUpstream(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const { reader, upstream } = path,
      { name, rows, cols } = upstream,
      term = alone(c, path);
    if (!term || upstream.numbers.length < 6 || distinct(upstream.numbers, 3) < 3) continue;
    const slopes = c.check.jacobian(reader, c.row.name), extent = { rows, cols };
    // Where nothing is added up, the search for products sees as much.
    if (slopes.terms(upstream.numbers)[0].length < 2) continue;
    const fits = (a: number, b: number) => a === b || a === 1;
    const changed: [text: string, numbers: Float64Array, odd?: boolean][] = [
      [`|${name}|`, upstream.numbers.map(Math.abs)],
      [`${name}²`, upstream.numbers.map((x) => x * x)],
    ];
    for (const over of ["rows", "cols"] as const) {
      const sums = summed(upstream, over).numbers, count = upstream[over];
      const mean = (i: number) => sums[over === "rows" ? i % cols : Math.floor(i / cols)] / count;
      if (count > 1) {
        changed.push([
          `${name}, less its mean over ${along(over)},`,
          upstream.numbers.map((x, i) => x - mean(i)),
        ]);
      }
    }
    for (const array of [...c.values, ...c.gradients]) {
      const odd = !c.values.includes(array);
      if (!fits(array.rows, rows) || !fits(array.cols, cols) || array.name === name || array.numbers.length < 2) {
        continue;
      }
      const wide = reduced([array], extent, extent),
        of = (f: (x: number, y: number) => number) => upstream.numbers.map((x, i) => f(x, wide[i]));
      changed.push(
        [`${name} · ${array.name}`, of((x, y) => x * y), odd],
        [`${name} / ${array.name}`, of((x, y) => x / y), odd],
        [`${name} + ${array.name}`, of((x, y) => x + y), odd],
        [`${name} − ${array.name}`, of((x, y) => x - y), odd],
      );
    }
    for (const [text, numbers, odd] of changed) {
      if (!(largest(numbers) < Infinity)) continue;
      const sent = slopes.vjp(numbers),
        weight = distinct(sent, 4) < 4 ? undefined : ratio(sent, term.numbers, term.tolerance);
      if (weight === undefined || !isNice(weight, sizesOf(c))) continue;
      // The gradient that the one from above is itself made of, left out.
      const left = readers(c.check.graph, reader).find((one) => text === `${name} / d${one}`);
      const what = left ? `when d${left} is left out of ${name}: chain rule` : `with ${text} in place of ${name}`;
      const told = `This is what comes out ${what}.${weightWords(weight, termSizes(c, path))}`;
      found.push({
        kind: "upstream",
        cost: (odd ? 1.65 : 1.35) + weightCost(c, weight),
        ...inTerms([reader], c.paths.length, told),
      });
    }
  }
  return found;
}

/** What a weight beside another mistake costs; a number that nobody would write is no explanation. */
export function weightCost(c: Case, weight: number): number {
  return near(weight, 1) ? 0 : near(weight, -1) ? 0.4 : isNice(weight, sizesOf(c)) ? 0.6 : Infinity;
}

/** A sentence on paths that are not there at all. */
export function leftWords({ row, paths }: Case, left: readonly string[]): string {
  return left.length === 0 ? "" : ` Besides, ${alsoFeeds(row.name, left, paths.length)}.`;
}

/** The gradient from above as it was before all its terms were there. */
export function parts(c: Case, { reader, upstream }: Path): Known[] {
  const readersOfIt = Object.keys(c.check.graph).filter((line) => c.check.graph[line].includes(reader));
  if (readersOfIt.length < 2) return [];
  return readersOfIt.flatMap((line) => {
    const row = c.earlier.findLast(({ name }) => name === line),
      given = c.gradients.find(({ name }) => name === `d${line}`);
    if (row && !given) return [];
    const sent = c.check.jacobian(line, reader).vjp(given?.numbers ?? c.check.rightNumbers(line));
    return largest(sent) > 0
      ? [known(`${upstream.name}’s term through ${line} alone`, upstream.shape, sent, "made")]
      : [];
  });
}
