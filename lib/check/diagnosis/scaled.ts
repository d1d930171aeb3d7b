// A whole gradient, or some of its terms, times a factor; and something added that does not belong.
import { type Case, type Explanation, total } from "./case.ts";
import { FUNCTIONS, IDENTITY } from "./functions.ts";
import { distinct, largest, ratio } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { products } from "./products.ts";
import { type Product, reduced, Search } from "./search.ts";
import { factorWords, isNice, list, near, plain } from "./words.ts";

/** Some or all terms times a function of a known tensor: a factor left out, or there once too often. */
export function explainScaled(c: Case): Explanation[] {
  const found: Explanation[] = [], { given, paths } = c, sizes = sizesOf(c);
  const extent = { rows: given.rows, cols: given.cols };
  for (let chosen = 1; chosen < 2 ** paths.length; chosen++) {
    const scaled = paths.filter((_, k) => chosen & 1 << k), rest = paths.filter((path) => !scaled.includes(path));
    const start = total(scaled.map(({ sent }) => sent), given.numbers.length), numbers = given.numbers.slice();
    for (const { sent } of rest) sent.forEach((x, i) => numbers[i] -= x);
    if (!(largest(start) > 1e-9 * largest(numbers)) || distinct(numbers, 4) < 4) continue;
    const search = new Search({ ...extent, numbers }, extent, c.tolerance);
    const where = rest.length > 0 ? `In the term through ${list(scaled.map(({ reader }) => reader))}: ` : "";
    for (const factor of search.factors(c.values, FUNCTIONS.slice(0, 4))) {
      const weight = search.weigh({ ...extent, numbers: start }, factor);
      if (weight === undefined || !isNice(weight, sizes)) continue;
      const { fn, tensor } = factor.names.toSorted((a, b) => a.fn.rank - b.fn.rank)[0];
      const told = fn === IDENTITY
        ? `multiplied by ${tensor} once too often`
        : fn === FUNCTIONS[1]
        ? `the factor ${tensor} is left out`
        : fn === FUNCTIONS[3]
        ? `the factor ${tensor}² is left out`
        : `multiplied by ${fn.text(tensor)} once too often`;
      const also = near(weight, 1)
        ? ""
        : near(weight, -1)
        ? " The sign is wrong, too."
        : ` Besides, it is ${factorWords(weight, sizes).text}`;
      const cost = 1.25 + 0.2 * (scaled.length === paths.length ? 0 : 1) + 0.1 * fn.rank +
        (near(weight, 1) ? 0 : 0.6);
      found.push({
        kind: "operand",
        text: where ? `${where}${told}.${also}` : `${told[0].toUpperCase()}${told.slice(1)}.${also}`,
        cost,
      });
    }
    // One tensor for another, whatever else stands beside it.
    const plain = search.factors(c.values, [IDENTITY]), inverse = search.factors(c.values, [FUNCTIONS[1]]);
    for (const a of plain) {
      for (const b of inverse) {
        const [mine, theirs] = [a, b].map(({ names }) => names[0].tensor);
        if (mine === theirs) continue;
        const weight = search.weigh({ ...extent, numbers: start }, a, b);
        if (weight === undefined || !isNice(weight, sizes)) continue;
        const also = near(weight, 1) ? "" : ` Besides, it is ${factorWords(weight, sizes).text}`;
        found.push({
          kind: "operand",
          cost: 1.4 + (near(weight, 1) ? 0 : 0.6),
          text: `${where}${mine} stands where ${theirs} belongs.${also}`,
        });
      }
    }
  }
  return found;
}

/** A tensor that is another one times a number: told apart by nothing but that number. */
export function explainTwins(c: Case): Explanation[] {
  const found: Explanation[] = [];
  if (c.paths.length !== 1) return found;
  const weight = ratio(c.own, c.given.numbers, c.tolerance), [path] = c.paths;
  if (weight === undefined || near(weight, 1)) return found;
  const close = [...c.check.graph[path.reader], path.reader], far = c.values;
  for (const right of far.filter(({ name }) => close.includes(name) && name !== c.row.name)) {
    for (const other of far) {
      if (other === right || other.numbers.length !== right.numbers.length || distinct(other.numbers, 4) < 4) continue;
      const times = ratio(right.numbers, other.numbers, c.tolerance);
      if (times === undefined || !near(times, weight) || !products(c, path).some((p) => uses(p, right.name))) continue;
      found.push({ kind: "operand", cost: 1, text: `${other.name} stands where ${right.name} belongs.` });
    }
  }
  return found;
}

function uses({ factors }: Product, tensor: string): boolean {
  return factors.some(({ names }) => names.some((name) => name.fn === IDENTITY && name.tensor === tensor));
}

/** The right gradient and something besides. */
export function explainAdded(c: Case): Explanation[] {
  const { given, own, row } = c, added = given.numbers.map((x, i) => x - own[i]), found: Explanation[] = [];
  if (!(largest(added) > 1e-6 * largest(given.numbers)) || added.length < 3) return found;
  const tolerance = c.tolerance * Math.max(1, largest(own) / largest(added));
  if (added.every((x) => Math.abs(x - added[0]) <= tolerance * Math.abs(added[0]))) {
    const by = added[0], size = plain(Math.abs(by));
    const why = near(by, 1) ? `: started from ones instead of zeros?` : ".";
    found.push({
      kind: "places",
      cost: 1,
      text: `Every element is ${size} too ${by > 0 ? "large" : "small"}${why}`,
    });
    return found;
  }
  const fits = (a: number, b: number) => a === b || a === 1, whole = { rows: given.rows, cols: given.cols };
  const itself = c.values.filter(({ name }) => name === row.name);
  for (const array of [...itself, ...c.values.toReversed(), ...c.gradients]) {
    if (!fits(array.rows, given.rows) || !fits(array.cols, given.cols) || distinct(array.numbers, 4) < 3) continue;
    const weight = ratio(reduced([array], whole, whole), added, tolerance);
    if (weight === undefined) continue;
    const what = near(weight, 1) ? array.name : near(weight, -1) ? `−${array.name}` : `${plain(weight)}·${array.name}`;
    const why = near(weight, 1) && array.name === row.name
      ? `: started from a clone of ${array.name} instead of zeros?`
      : ".";
    found.push({
      kind: "places",
      cost: 1.1 + (near(Math.abs(weight), 1) ? 0 : 0.4),
      text: `Right, but ${what} is added${why}`,
    });
  }
  // A term through a line that does not read this tensor, or one that is there twice with another gradient.
  for (const { reader, upstream } of c.paths) {
    const slopes = c.check.jacobian(reader, row.name);
    for (const other of c.gradients) {
      if (other.numbers.length !== upstream.numbers.length || other.name === upstream.name) continue;
      const weight = ratio(slopes.back(other.numbers), added, tolerance);
      if (weight === undefined || !near(Math.abs(weight), 1)) continue;
      found.push({
        kind: "upstream",
        cost: 1.6,
        text: `Right, but what ${other.name} would send back through ${reader} is ${
          weight > 0 ? "added" : "taken off"
        } besides.`,
      });
    }
  }
  return found;
}
