// A whole gradient, or some of its terms, times a factor; and something added that does not belong.
import { downstream } from "../graph.ts";
import { alone, type Case, type Explanation, linesOf, rightBut, total } from "./case.ts";
import { type Fn, FUNCTIONS, IDENTITY, RECIPROCAL, SQUARE } from "./functions.ts";
import { distinct, largest, ratio, same } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { products, simplest } from "./products.ts";
import { type Factor, type Name, type Product, reduced, Search } from "./search.ts";
import { sameShape } from "../../tensor/shape.ts";
import { isNice, weightText, weightWords } from "./factor_words.ts";
import { inTerms, near, plain } from "./words.ts";

/** Some or all terms times a function of a known tensor: a factor left out, or there once too often. */
export function explainScaled(c: Case): Explanation[] {
  const found: Explanation[] = [], { given, paths } = c, sizes = sizesOf(c);
  const extent = { rows: given.rows, cols: given.cols };
  for (let chosen = 1; chosen < 2 ** paths.length; chosen++) {
    const scaled = paths.filter((_, k) => chosen & 1 << k), rest = paths.filter((path) => !scaled.includes(path));
    const start = { ...extent, numbers: total(scaled.map(({ sent }) => sent), given.numbers.length) };
    const numbers = given.numbers.slice();
    for (const { sent } of rest) sent.forEach((x, i) => numbers[i] -= x);
    if (!(largest(start.numbers) > 1e-9 * largest(numbers)) || distinct(numbers, 4) < 4) continue;
    const search = new Search({ ...extent, numbers }, extent, c.tolerance);
    const say = (text: string) => inTerms(scaled.map(({ reader }) => reader), paths.length, text);
    const factors = search.factors(c.values, FUNCTIONS.slice(0, 4));
    for (const factor of [...factors, ...search.factors(c.gradients, [IDENTITY, RECIPROCAL], factors)]) {
      const weight = search.weigh(start, factor);
      if (weight === undefined || !isNice(weight, sizes)) continue;
      const { fn, tensor } = plainest(c, factor);
      // Only what the right formula has can be left out of it.
      const belongs = scaled.every((path) => !path.row || products(c, path).some((product) => uses(product, tensor)));
      const constant = fn === IDENTITY &&
        sizes.constants.find(({ value, single }) => !single && near(weight, 1 / value));
      const also = weightWords(weight, sizes);
      const cost = 1.25 + 0.2 * (scaled.length === paths.length ? 0 : 1) + 0.1 * fn.rank +
        (near(weight, 1) ? 0 : constant ? 0.05 : 0.6);
      if (constant) {
        found.push({ kind: "operand", cost, ...say(`${tensor} stands where ${constant.name} belongs.`) });
        continue;
      }
      found.push({
        kind: "operand",
        ...say(scaledWords(fn, tensor, belongs) + also),
        cost,
      });
    }
  }
  return found;
}

/** What a function of a tensor is as a factor on the right gradient; whether the formula has that tensor. */
export function scaledWords(fn: Fn, tensor: string, belongs: boolean): string {
  return fn === RECIPROCAL && belongs
    ? `The factor ${tensor} is left out.`
    : fn === RECIPROCAL
    ? `Divided by ${tensor} once too often.`
    : fn === FUNCTIONS[3]
    ? `The factor ${tensor}² is left out: divided by ${tensor} where it has to be multiplied?`
    : fn === SQUARE
    ? `Multiplied by ${tensor} twice too often.`
    : `Multiplied by ${fn.text(tensor)} once too often.`;
}

/** The simplest name of a factor: of tensors with the same numbers the one with this row's shape. */
function plainest({ values, row }: Case, { names }: Factor): Name {
  const alike = values.filter(({ shape }) => sameShape(shape, row.shape)).map(({ name }) => name);
  const rank = ({ fn, tensor }: Name) => fn.rank + (alike.includes(tensor) ? 0 : 0.1);
  return names.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** A tensor that is another one times a number: told apart by nothing but that number. */
export function explainTwins(c: Case): Explanation[] {
  const found: Explanation[] = [], sizes = sizesOf(c), { check, row, values } = c;
  for (const path of c.paths) {
    const term = alone(c, path), weight = term && ratio(path.sent, term.numbers, term.tolerance);
    if (weight === undefined || near(weight, 1)) continue;
    const close = linesOf(c, path).flatMap((line) => [line, ...check.graph[line]]);
    // What the right formula has: its number is a usual one, but for a gain in one go.
    const gains = path.row ? [1] : [1, ...sizes.constants.filter(({ used }) => used).map(({ value }) => value)];
    const right = simplest(c, path).filter((p) =>
      gains.some((gain) => isNice(p.weight / gain, { ...sizes, constants: [] }))
    );
    for (const one of values.filter(({ name }) => close.includes(name) && name !== row.name)) {
      const used = right.filter((product) => uses(product, one.name));
      const twice = used.some(({ start, factors }) =>
        uses({ start, factors: [] }, one.name) && uses({ factors }, one.name)
      );
      for (const other of values) {
        if (other === one || other.numbers.length !== one.numbers.length || distinct(other.numbers, 4) < 4) continue;
        if (used.length === 0 || (!path.row && !downstream(check.graph, one.name).includes(other.name))) continue;
        const times = ratio(one.numbers, other.numbers, c.tolerance);
        const both = twice && times !== undefined && near(times * times, weight);
        if (times === undefined || (!near(times, weight) && !both)) continue;
        const text = `${other.name} stands where ${one.name} belongs${both ? ", in the sum and outside it" : ""}.`;
        found.push({ kind: "operand", cost: 1, ...inTerms([path.reader], c.paths.length, text) });
      }
    }
  }
  return found;
}

function uses({ start, factors }: Pick<Product, "factors"> & Partial<Product>, tensor: string): boolean {
  const names = [...factors.flatMap(({ names }) => names), ...(start?.inner ?? [])];
  return names.some((name) => name.fn.rank <= 1 && name.tensor === tensor);
}

/** The right gradient and something besides. */
export function explainAdded(c: Case): Explanation[] {
  const { given, own, row } = c, added = given.numbers.map((x, i) => x - own[i]), found: Explanation[] = [];
  if (!(largest(added) > 1e-6 * largest(given.numbers)) || added.length < 3) return found;
  const isZero = largest(own) < 1e-9 * largest(given.numbers); // then what stands there is nothing that is added
  const tolerance = c.tolerance * Math.max(1, largest(own) / largest(added));
  if (distinct(own, 2) > 1 && added.every((x) => Math.abs(x - added[0]) <= tolerance * Math.abs(added[0]))) {
    const by = added[0], size = plain(Math.abs(by));
    const summed = c.values.find(({ numbers }) =>
      !isNice(by, sizesOf(c)) && numbers.length > 1 &&
      same([Math.abs(by)], [Math.abs(numbers.reduce((a, b) => a + b))], 1e-6)
    );
    const constant = sizesOf(c).constants.find(({ value }) => near(Math.abs(by), Math.abs(value)));
    const why = near(by, 1) && isZero
      ? `: is the gradient from above, ${c.paths.map(({ upstream }) => upstream.name).join(", ")}, left out?`
      : near(by, 1)
      ? ": started from ones instead of zeros?"
      : constant
      ? `: is ${constant.name} ${by * constant.value > 0 ? "added" : "subtracted"}?`
      : summed
      ? `: that is the sum of all of ${summed.name}.`
      : ".";
    found.push({
      kind: "places",
      cost: 1,
      alone: true,
      text: `Every element is ${size} too ${by > 0 ? "large" : "small"}${why}`,
    });
    return found;
  }
  if (isZero) return found;
  const fits = (a: number, b: number) => a === b || a === 1, whole = { rows: given.rows, cols: given.cols };
  const itself = c.values.filter(({ name }) => name === row.name);
  for (const array of [...itself, ...c.values.toReversed(), ...c.gradients]) {
    if (!fits(array.rows, given.rows) || !fits(array.cols, given.cols) || distinct(array.numbers, 4) < 3) continue;
    const weight = ratio(reduced([array], whole, whole), added, tolerance);
    if (weight === undefined) continue;
    const what = `${weightText(Math.abs(weight), sizesOf(c).n)}${array.name}`;
    const why = near(weight, 1) && array.name === row.name
      ? `: started from a clone of ${array.name} instead of zeros?`
      : ".";
    found.push({
      kind: "places",
      cost: 1.1 + (near(Math.abs(weight), 1) ? 0 : isNice(weight, sizesOf(c)) ? 0.4 : 0.8),
      text: `${rightBut(c)} ${what} is ${weight > 0 ? "added" : "subtracted"}${why}`,
    });
  }
  // A term through a line that does not read this tensor, or one that is there twice with another gradient.
  for (const { reader, upstream } of c.paths) {
    const slopes = c.check.jacobian(reader, row.name);
    for (const other of c.gradients) {
      if (other.numbers.length !== upstream.numbers.length || other.name === upstream.name) continue;
      const weight = ratio(slopes.vjp(other.numbers), added, tolerance);
      if (weight === undefined || !near(Math.abs(weight), 1)) continue;
      found.push({
        kind: "upstream",
        cost: 1.6,
        text: `${rightBut(c)} what ${other.name} would send back through ${reader} is ${
          weight > 0 ? "added" : "taken off"
        } besides.`,
      });
    }
  }
  return found;
}
