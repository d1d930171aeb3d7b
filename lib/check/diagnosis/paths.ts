// The gradient as a sum over the lines that read the tensor, each with a weight. Weights of 1 would be right; a 0 is a
// forgotten path, a −1 a sign, a 32 a forgotten mean.
// Left out: a row that is wrong only because of rows above (follows.ts).
import { type Case, type Explanation, gives, type Known, linesOf, type Path } from "./case.ts";
import { distinct, largest, ratio, summed, weights } from "./numbers.ts";
import { products } from "./products.ts";
import { factorWords, isNice, weightText, weightWords } from "./factor_words.ts";
import { along, alsoFeeds, list, near } from "./words.ts";
import { sizesOf, termSizes } from "./sizes.ts";
import { choices, isWrong, withBorrowed } from "./follows.ts";

/** Explanations by weights of the paths. */
export function explainPaths(c: Case): Explanation[] {
  if (largest(c.given.numbers) <= 1e-12 * Math.max(largest(c.own), c.reach)) return zeros(c);
  const found: Explanation[] = [];
  for (const choice of choices(withBorrowed(c))) {
    const size = largest(c.given.numbers);
    const parts = choice.filter(({ sent }) => largest(sent) > 1e-9 * size);
    if (parts.length === 0) continue;
    const fitted = weights(parts.map(({ sent }) => sent), c.given.numbers, c.tolerance);
    if (!fitted || distinct(c.given.numbers, parts.length + 1) < parts.length) continue;
    const weighted = parts.map(({ path }, i) => ({ path, weight: near(1 + fitted[i], 1) ? 0 : fitted[i] }));
    const others = choice.filter(({ path }) => !parts.some((part) => part.path === path));
    const explanation = tell(c, weighted, others.map(({ path }) => path));
    const blamed = [...new Set(choice.flatMap(({ blamed, sent }) => largest(sent) > 0 ? blamed : []))];
    const where = blamed.length > 0
      ? `Besides what comes from ${list(blamed.map(({ name }) => `d${name}`))} above: `
      : undefined;
    // With the learner's own gradients first.
    const cost = explanation.cost + (choice.some(({ path, own }) => !own && isWrong(path)) ? 0.3 : 0);
    found.push({ ...explanation, cost, where });
  }
  return found;
}

/** Two terms that are multiplied, or the first one multiplied with what belongs to the second alone. */
export function explainTermsMultiplied(c: Case): Explanation[] {
  const found: Explanation[] = [], { given, paths, tolerance } = c;
  if (paths.length !== 2 || distinct(given.numbers, 4) < 4) return found;
  const [a, b] = paths, weight = ratio(a.sent.map((x, i) => x * b.sent[i]), given.numbers, tolerance);
  if (weight !== undefined && near(Math.abs(weight), 1)) {
    const text = `The terms through ${a.reader} and ${b.reader} are multiplied; they have to be added.`;
    found.push({ kind: "path", cost: 1, text: text + weightWords(weight, sizesOf(c)) });
  }
  for (const [first, second] of [[a, b], [b, a]]) {
    // (first + rest) · upstream of the second, where first + rest · upstream belongs.
    const { numbers, name } = second.upstream;
    if (numbers.length !== given.numbers.length) continue;
    const wrong = first.sent.map((x, i) => x * numbers[i] + second.sent[i]);
    if (!gives(c, wrong) || gives(c, c.own)) continue;
    const text = `The term through ${first.reader} is multiplied by ${name}, too: the bracket closes too late.`;
    found.push({ kind: "path", cost: 1, text });
  }
  return found;
}

function zeros(c: Case): Explanation[] {
  if (largest(c.own) === 0) return [];
  const text = largest(c.given.numbers) === 0 ? "Every element is zero." : "Every element is zero, up to rounding.";
  const most = c.paths.length === 1
    ? c.check.jacobian(c.paths[0].reader, c.row.name).terms(c.paths[0].upstream.numbers)
    : [];
  const why = most.length > 0 && most.every((terms) => terms.length > 1 && Math.max(...terms) === 0)
    ? "So is the largest of the terms of each sum: is it taken in place of the sum?"
    : zeroByNature(c, largest(c.given.numbers) > 0);
  return [{ kind: "factor", cost: 0, text: why ? `${text} ${why}` : text }];
}

/** Which terms are missing where one that is always zero is all that is there. */
function onlyZeros({ paths, own }: Case): string | undefined {
  const seen = paths.filter(({ sent }) => largest(sent) > 1e-9 * largest(own)).map(({ reader }) => reader);
  if (seen.length < paths.length) return `Is the term through ${list(seen)} missing?`;
}

/** A tensor near at hand that is zero, or adds up to it: what comes out when it is used where another belongs. */
function zeroByNature(c: Case, sums: boolean): string | undefined {
  const { graph } = c.check;
  const close = c.paths.flatMap((path) => linesOf(c, path)).flatMap((line) => [line, ...graph[line]]);
  const arrays = [...c.values.filter(({ name }) => close.includes(name)), ...c.paths.map(({ upstream }) => upstream)];
  const zero = arrays.find(({ numbers }) => numbers.length > 1 && largest(numbers) === 0);
  return (sums ? addsUpToZero(arrays, (over) => c.given[over] === 1) : undefined) ??
    (zero ? `${zero.name} is zero everywhere.` : onlyZeros(c)) ??
    (sums ? addsUpToZero([...arrays, ...c.gradients], () => true) : undefined);
}

function addsUpToZero(arrays: readonly Known[], fits: (over: "rows" | "cols") => boolean): string | undefined {
  for (const array of arrays) {
    for (const over of ["rows", "cols"] as const) {
      if (array[over] === 1 || !fits(over) || largest(array.numbers) === 0) continue;
      if (largest(summed(array, over).numbers) > 1e-12 * array[over] * largest(array.numbers)) continue;
      return `Over ${along(over)}, ${array.name} always adds up to zero.`;
    }
  }
}

/** What the weights of the paths tell; `unseen` are those too small to have one, and `besides` leaves out what is right. */
export function tell(
  c: Case,
  weighted: { path: Path; weight: number }[],
  unseen: Path[],
  besides = false,
): Explanation {
  const { name } = c.row, sizes = sizesOf(c);
  const off = weighted.filter(({ weight }) => !near(weight, 1)), rest = weighted.filter((one) => !off.includes(one));
  const missing = off.filter(({ weight }) => weight === 0), other = off.filter(({ weight }) => weight !== 0);
  const odd = off.length === 1 ? 1.3 : 1.9;
  const cost = off.reduce((sum, { weight }) => sum + (weight === 0 || isNice(weight, sizes) ? 1 : odd), 0) -
    (off.length > 1 ? 0.5 : 0);
  const all = weighted.length + unseen.length;
  if (off.length === weighted.length && off.every(({ weight }) => weight !== 0 && near(weight, off[0].weight))) {
    const { kind, text } = factorWords(off[0].weight, sizes);
    const right = all === 1 ? products(c, off[0].path)[0]?.weight : undefined;
    // The exponent kept as the factor.
    if (right && near(Math.abs(right), 0.5) && [3, 4, 5].some((k) => near(Math.abs(off[0].weight), k))) {
      const [is, should] = [right * off[0].weight, right].map((x) => weightText(x, sizes.n).slice(0, -1));
      return { kind, cost: 1, text: `${is} stands where ${should} belongs.` };
    }
    const one = near(off[0].weight, -1) ? 0.9 : isNice(off[0].weight, sizes) ? 1 : 1.15;
    return { kind, cost: one, text: `Every element is ${text}` };
  }
  if (missing.length === 1 && other.length === 1 && near(other[0].weight, 2)) {
    const text = `The term through ${other[0].path.reader} is there twice, and the one through ${
      missing[0].path.reader
    } is missing.`;
    return { kind: "path", cost: 1, text };
  }
  const words: string[] = [];
  if (missing.length > 0) {
    const right = rest.length > 0
      ? `Right for the ${rest.length > 1 ? "paths" : "path"} through ${list(rest.map(({ path }) => path.reader))}; `
      : other.length > 0
      ? `Only the ${other.length > 1 ? "paths" : "path"} through ${list(other.map(({ path }) => path.reader))} ${
        other.length > 1 ? "are" : "is"
      } there; `
      : "";
    const feeds = alsoFeeds(name, missing.map(({ path }) => path.reader), all);
    const inPlace = weighted.every(({ path }) => path.row) ? " (add_ adds in place; add makes a new tensor)" : "";
    words.push(`${besides ? "" : right}${feeds}${inPlace}.`);
  }
  let kind: Explanation["kind"] = "path";
  for (const { weight } of other) {
    const alike = other.filter((one) => near(one.weight, weight)).map(({ path }) => path);
    const told = factorWords(weight, termSizes(c, alike[0])), readers = alike.map(({ reader }) => reader);
    kind = missing.length > 0 ? "path" : told.kind;
    // The same of several terms is said once.
    words.push(`${readers.length > 1 ? "Each of the terms" : "The term"} through ${list(readers)} is ${told.text}`);
  }
  return { kind, cost, text: [...new Set(words)].join(" "), alone: missing.length > 0 };
}
