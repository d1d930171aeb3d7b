// Something else altogether: a tensor or the gradient of another one as it is, a sum where a product belongs, the largest
// where a sum belongs.
import { downstream } from "../graph.ts";
import { type Case, type Explanation, targets } from "./case.ts";
import { asMatrix, distinct, largest, same } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { products } from "./products.ts";
import { extentOf, reduced, Search } from "./search.ts";
import { near } from "./words.ts";

/** A known tensor itself, or the right gradient of another one. */
export function explainItself(c: Case): Explanation[] {
  const { check, row, given, tolerance } = c;
  if (distinct(given.numbers, 4) < 4) return [];
  const is = (numbers: Float64Array) =>
    numbers.length === given.numbers.length && same(given.numbers, numbers, tolerance);
  const value = c.values.find(({ name, numbers }) => name === row.name && is(numbers)) ??
    c.values.find(({ numbers }) => is(numbers));
  if (value) return [{ kind: "operand", cost: 1.15, text: `What stands there is ${value.name} itself.` }];
  const others = Object.keys(check.graph).filter((name) => name !== row.name && name !== check.last);
  const below = downstream(check.graph, row.name);
  const twin = others.find((name) => !below.includes(name) && is(check.rightNumbers(name)));
  if (!twin) return [];
  return [{
    kind: "clone",
    cost: 0.95,
    text:
      `That is the right d${twin}. If d${row.name} and d${twin} are one tensor, what is added to one is in the other: ` +
      "clone() it.",
  }];
}

/** One number everywhere, where the numbers should differ: summed, or averaged, over all that there is. */
export function explainOneNumber(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const [{ numbers, left } = { numbers: c.given.numbers, left: ["all"] }] = targets(c, path);
    if (left.length > 0 || numbers.length < 3 || distinct(path.sent, 3) < 3) continue;
    if (!same(numbers, new Float64Array(numbers.length).fill(numbers[0]), c.tolerance)) continue;
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
    if (!right || right.start.over || right.factors.length !== 1) continue;
    const { rows, cols } = extent, close = [path.reader, ...c.check.graph[path.reader]];
    const wide = { rows, cols, numbers: new Float64Array(rows * cols).fill(1) };
    const upstream = reduced([wide, right.start], extent, target);
    const alone = targets(c, path).find(({ left }) => left.length === 0);
    if (!alone) continue;
    for (const sign of [1, -1]) {
      const rest = alone.numbers.map((x, i) => x - sign * upstream[i]);
      const search = new Search({ ...target, numbers: rest }, extent, c.tolerance);
      for (const factor of search.factors(c.values.filter(({ name }) => close.includes(name)))) {
        const weight = search.weigh(wide, factor);
        if (weight === undefined || !near(Math.abs(weight), 1)) continue;
        const { fn, tensor } = factor.names.toSorted((a, b) => a.fn.rank - b.fn.rank)[0];
        const where = c.paths.length > 1 ? `In the term through ${path.reader}: ` : "";
        found.push({
          kind: "operand",
          cost: 1.3 + 0.1 * fn.rank,
          text: `${where}${path.upstream.name} and ${fn.text(tensor)} are ${
            sign * weight > 0 ? "added" : "subtracted"
          }; they have to be multiplied.`,
        });
      }
    }
  }
  return found.toSorted((a, b) => a.cost - b.cost).slice(0, 1);
}

/** The largest along a dimension where its sum belongs. */
export function explainLargest(c: Case): Explanation[] {
  const [path] = c.paths, target = asMatrix(c.row.shape);
  if (c.paths.length !== 1) return [];
  const extent = extentOf(target, asMatrix(c.check.values[path.reader].shape));
  const sumsRows = target.rows === 1 && extent.rows > 1, sumsCols = target.cols === 1 && extent.cols > 1;
  const [right] = products(c, path);
  if (!right || sumsRows === sumsCols) return [];
  const whole = reduced([right.start, ...right.factors], extent, extent),
    most = new Float64Array(c.given.numbers.length);
  most.fill(-Infinity);
  for (let at = 0; at < whole.length; at++) {
    const i = sumsRows ? at % extent.cols : Math.floor(at / extent.cols);
    most[i] = Math.max(most[i], whole[at] * right.weight);
  }
  if (largest(most) === 0 || !same(most, c.given.numbers, c.tolerance)) return [];
  const { n } = sizesOf(c), over = sumsRows ? `the ${n} examples` : "the columns";
  return [{ kind: "sum", cost: 1, text: `The largest over ${over} stands where their sum belongs.` }];
}
