// Something else altogether: a tensor or the gradient of another one as it is, a sum where a product belongs.
import { downstream, readers } from "../graph.ts";
import { sameShape } from "../../tensor/shape.ts";
import { alone, type Case, type Explanation, known } from "./case.ts";
import { asMatrix, distinct, largest, ratio, same, summed } from "./numbers.ts";
import { bracketed } from "./factor_names.ts";
import { SIMPLE } from "./functions.ts";
import { products } from "./products.ts";
import { extentOf, reduced, Search } from "./search.ts";
import { sizesOf } from "./sizes.ts";
import { isNice, weightText } from "./factor_words.ts";
import { along, inTerms, near, plain } from "./words.ts";

/** A known tensor itself, or the right gradient of another one. */
export function explainItself(c: Case): Explanation[] {
  const { check, row, given, tolerance } = c, sizes = sizesOf(c);
  if (distinct(given.numbers, 4) < 4) return [];
  const is = (numbers: Float64Array) =>
    numbers.length === given.numbers.length && same(given.numbers, numbers, tolerance);
  const stands = (name: string, cost = 1.15): Explanation[] => [
    { kind: "operand", cost, text: `What stands there is ${name}.`, alone: true },
  ];
  const values = c.values.filter(({ name, numbers }) => name in check.values && is(numbers));
  const value = values.find(({ name }) => name === row.name) ??
    values.find(({ shape }) => sameShape(shape, row.shape)) ?? values[0];
  if (value) return stands(`${value.name} itself`);
  const above = c.gradients.find(({ numbers }) => is(numbers));
  // The gradient from above itself is mostly one whose factor is left out, which is told as such.
  if (above) {
    return stands(
      `${above.name} itself`,
      c.paths.some(({ upstream }) => upstream.name === above.name)
        ? c.earlier.some(({ name }) => `d${name}` === above.name) ? 1.9 : 3.2
        : 1,
    );
  }
  const opposite = c.gradients.find(({ numbers }) => is(numbers.map((x) => -x)));
  if (opposite) return stands(`−${opposite.name}`);
  // A multiple tells as much where the right gradient is zero; else that of the tensor itself.
  const isZero = largest(c.own) <= 1e-9 * largest(given.numbers),
    own = c.values.filter(({ name }) => name === row.name);
  for (const { name, numbers } of isZero ? [...c.values, ...c.gradients] : own) {
    const weight = numbers.length === given.numbers.length ? ratio(numbers, given.numbers, tolerance) : undefined;
    if (weight && isNice(weight, sizes)) return stands(weightText(weight, sizes.n) + name, isZero ? 1.7 : 1.15);
  }
  const below = downstream(check.graph, row.name);
  const twin = Object.keys(check.graph).find((name) =>
    name !== row.name && name !== check.last && !below.includes(name) && is(check.rightNumbers(name))
  );
  if (!twin) return [];
  const used = readers(check.graph, twin), right = `That is the right d${twin}`;
  const text = used.includes(row.name) && used.length > 1
    ? `${right}. If d${row.name} and d${twin} are one tensor, what is added to one is in the other: clone() it.`
    : used.includes(row.name)
    ? `${right} already: one line too far.`
    : `${right}, not d${row.name}.`;
  return [{ kind: "clone", cost: 0.95, text }];
}

/** A known tensor or gradient, summed or averaged to the shape of this one. */
export function explainItselfSummed(c: Case): Explanation[] {
  const { given, row } = c, found: Explanation[] = [];
  const unfinished = c.gradients.filter(({ origin }) => origin === "unfinished");
  // In place of a gradient of its shape it is told as such.
  const multiplied = unfinished.flatMap(({ name, shape, numbers }) =>
    c.paths.some(({ upstream }) => sameShape(upstream.shape, shape)) ? [] : c.values
      .filter((value) => value.origin === undefined && sameShape(value.shape, shape))
      .map((value) => known(`${value.name}·${name}`, shape, numbers.map((x, i) => x * value.numbers[i]), "unfinished"))
  );
  // One number everywhere comes out of many sums.
  const all = distinct(given.numbers, 4) < 4 ? [] : [...c.gradients, ...c.values];
  for (const array of [...all, ...multiplied]) {
    for (const [over, other] of [["rows", "cols"], ["cols", "rows"]] as const) {
      if (given[over] !== 1 || array[over] === 1 || array[other] !== given[other]) continue;
      const times = ratio(summed(array, over).numbers, given.numbers, c.tolerance);
      const how = times === undefined
        ? undefined
        : near(Math.abs(times), 1)
        ? "sum"
        : near(Math.abs(times), 1 / array[over])
        ? "mean"
        : undefined;
      const also = array.origin === "unfinished";
      if (!how || array.name === row.name || (also && times! < 0)) continue;
      const sign = times! < 0 ? ", with the other sign" : "";
      found.push({
        kind: "operand",
        cost: 1.6,
        alone: !also,
        also,
        text: `What stands there is the ${how} of ${array.name} over ${along(over)}${sign}.`,
      });
    }
  }
  return found;
}

/** One number everywhere, where the numbers should differ: summed, or averaged, over all that there is. */
export function explainOneNumber(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const term = alone(c, path);
    if (!term) continue;
    const { numbers, tolerance } = term;
    if (numbers.length < 3 || distinct(path.sent, 3) < 3) continue;
    if (!same(numbers, new Float64Array(numbers.length).fill(numbers[0]), tolerance)) continue;
    const is = (x: number) => same([numbers[0]], [x], 1e-6);
    const sum = (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0);
    const { upstream, sent } = path;
    const what = is(sum(upstream.numbers))
      ? `the sum of all of ${upstream.name}`
      : is(sum(upstream.numbers) / upstream.numbers.length)
      ? `the mean of all of ${upstream.name}`
      : is(sum(sent))
      ? "the sum of all that belongs there"
      : is(sum(sent) / sent.length)
      ? "the mean of all that belongs there"
      : undefined;
    const which = c.paths.length > 1 ? `The term through ${path.reader}` : `d${c.row.name}`;
    found.push({
      kind: "sum",
      cost: what ? 0.95 : 2.5,
      text: `${which} is one number everywhere${what ? `, ${what}` : ""}: it should differ from element to element. ` +
        "Is there a sum or mean without its dimension?",
    });
  }
  return found;
}

/** A sum or a difference of what should be multiplied. */
export function explainSums(c: Case): Explanation[] {
  const found: Explanation[] = [], target = asMatrix(c.row.shape);
  for (const path of c.paths) {
    const extent = extentOf(target, asMatrix(c.check.values[path.reader].shape));
    const [right] = products(c, path);
    if (!path.row || !right || right.start.over || right.factors.length > 1) continue;
    const { rows, cols } = extent, close = [path.reader, ...c.check.graph[path.reader]];
    const nearby = c.values.filter(({ name }) => close.includes(name));
    const wide = { rows, cols, numbers: new Float64Array(rows * cols).fill(1) };
    const upstream = reduced([wide, right.start], extent, target), own = path.upstream.name;
    const term = alone(c, path);
    if (!term) continue;
    const push = (text: string, cost: number) =>
      found.push({ kind: "operand", cost, ...inTerms([path.reader], c.paths.length, text) });
    const weights = [1, Math.abs(right.weight)];
    for (const sign of [1, -1]) {
      const numbers = term.numbers.map((x, i) => x - sign * upstream[i]);
      // As it was written, but for the order: −½·x³ − dy.
      const told = (name: string, negative: boolean) => {
        const term = / [−+] /.test(name) ? `(${name})` : name, lone = right.factors.length === 0 && right.weight === 1;
        const both = sign > 0 ? `${own} ${negative ? "−" : "+"} ${term}` : `${negative ? "−" : ""}${term} − ${own}`;
        return `Yours is ${both}; ${lone ? `no ${term} belongs there` : "the two have to be multiplied"}.`;
      };
      // What is added is one number: a tensor that holds it everywhere, or the formula's own factor.
      const constant = distinct(term.numbers, 4) === 4 && same(numbers, numbers.map(() => numbers[0]), term.tolerance)
        ? numbers[0]
        : undefined;
      if (constant) {
        const named = sizesOf(c).constants.find(({ value }) => near(Math.abs(constant), Math.abs(value)));
        const isOwn = near(Math.abs(constant), Math.abs(right.weight)) && right.factors.length === 0;
        if (named || isOwn) {
          push(told(named?.name ?? plain(Math.abs(constant)), constant < 0), 1.1);
        }
      }
      const search = new Search({ ...target, numbers }, extent, term.tolerance);
      for (const factor of search.factors(nearby, SIMPLE)) {
        const weight = search.weigh(wide, factor);
        if (weight === undefined || !weights.some((one) => near(Math.abs(weight), one))) continue;
        const { fn, tensor } = factor.names.toSorted((a, b) => a.fn.rank - b.fn.rank)[0];
        push(told(`${weightText(Math.abs(weight), sizesOf(c).n)}${fn.text(tensor)}`, weight < 0), 1.3 + 0.1 * fn.rank);
      }
    }
    // 1 − h²·dh for (1 − h²)·dh: a bracket that closes too late.
    if (right.factors.length !== 1) continue;
    for (const one of [1, -1]) {
      const search = new Search({ ...target, numbers: term.numbers.map((x) => x - one) }, extent, term.tolerance);
      for (const factor of search.factors(nearby, SIMPLE)) {
        const weight = search.weigh(right.start, factor);
        if (weight === undefined || !near(Math.abs(weight), 1)) continue;
        const [name] = factor.names.toSorted((a, b) => a.fn.rank - b.fn.rank), text = bracketed(name, 0);
        const sign = (x: number) => x < 0 ? "−" : "+", whole = text === name.fn.text(name.tensor);
        const why = whole
          ? `Is a bracket missing, as in (1 ${sign(weight * one)} ${text})·${own}?`
          : "No 1 belongs there.";
        push(
          `Yours is ${one < 0 ? "−" : ""}1 ${sign(weight)} ${text}·${own}. ${why}`,
          1.2,
        );
      }
    }
  }
  return found.toSorted((a, b) => a.cost - b.cost).slice(0, 1);
}
