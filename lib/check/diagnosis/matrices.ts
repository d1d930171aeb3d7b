// Matrix products, and numbers in another order.
import { type Case, type Explanation, type Known, targets } from "./case.ts";
import { FUNCTIONS } from "./functions.ts";
import { asMatrix, distinct, dot, largest, type Matrix, ratio, same, summed, transposed } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { leftWords, weightCost } from "./upstream.ts";
import { isNice, weightWords } from "./factor_words.ts";

/** A matrix under the name that a learner would write: `h`, `h.T`, `h.view(64, 32)`. */
interface Side extends Matrix {
  text: string;
  name: string;
  turn: "" | "T" | "view";
}

/** What else a side of a product may hold: ones, the derivative of tanh, a square, absolute values. */
const OF_SIDE = [...FUNCTIONS.slice(1), { of: () => 1, text: (a: string) => `ones_like(${a})` }];

function sides(arrays: readonly Known[]): Side[] {
  return arrays.flatMap((array): Side[] => {
    const { name, rows, cols, numbers } = array, plain = { name, rows, cols, numbers };
    if (rows === 1 || cols === 1 || array.shape.length < 2) {
      if (array.shape.length < 2) return [];
      return [{ ...plain, text: name, turn: "" }, { name, ...transposed(array), text: `${name}.T`, turn: "T" }];
    }
    return [
      { ...plain, text: name, turn: "" },
      { name, ...transposed(array), text: `${name}.T`, turn: "T" },
      { name, rows: cols, cols: rows, numbers, text: `${name}.view(${cols}, ${rows})`, turn: "view" },
    ];
  });
}

/** One matrix product in place of another. */
export function explainMatrixProducts(c: Case): Explanation[] {
  const { given } = c, found: Explanation[] = [];
  if (given.rows === 1 || given.cols === 1 || given.numbers.length < 6) return found;
  for (const path of c.paths) {
    const close = [path.reader, ...c.check.graph[path.reader]],
      near = c.values.filter(({ name }) => close.includes(name));
    const arrays = [
      path.upstream,
      ...near,
      ...c.values.filter((a) => !near.includes(a)),
      ...c.gradients.filter(({ name }) => name !== path.upstream.name),
    ];
    const all = sides(arrays);
    const changed = near.filter(({ rows, cols }) => rows > 1 && cols > 1).flatMap((array) =>
      OF_SIDE.flatMap(({ of, text }) => {
        const name = text(array.name), written = /[ /^·]/.test(name) ? `(${name})` : name;
        return sides([{ ...array, name: written, numbers: array.numbers.map(of) }]);
      })
        .filter(({ turn }) => turn !== "view")
    );
    const right = products(all, { ...asMatrix(c.row.shape), numbers: path.sent }, c.tolerance)
      .find(({ a, b }) =>
        [a, b].some(({ name }) => name === path.upstream.name) && a.turn !== "view" && b.turn !== "view"
      );
    if (!right) continue;
    for (const { numbers, left, tolerance } of targets(c, path)) {
      let best: Explanation | undefined;
      const whole = { ...asMatrix(c.row.shape), numbers },
        other = all.filter(({ text }) => text === right.a.text || text === right.b.text);
      const pairs = [...products(all, whole, tolerance), ...products([...other, ...changed], whole, tolerance)];
      for (const { a, b, weight } of pairs) {
        const words: string[] = [];
        let cost = weightCost(c, weight) + left.length;
        for (const [x, y] of [[a, right.a], [b, right.b]]) {
          if (x.text === y.text) continue;
          // As another gradient from above, this is told in explainUpstream.
          cost += y.name === path.upstream.name ? 1.1 : 1;
          if (x.name !== y.name) words.push(`${x.text} stands where ${y.text} belongs.`);
          else if (x.turn === "view") {
            words.push(
              `${x.text} stands where ${y.text} belongs: a view keeps the numbers in their order, .T exchanges rows and columns.`,
            );
          } else {words.push(
              `${x.text} stands where ${y.text} belongs: the shapes are the same, but rows and columns are exchanged.`,
            );}
        }
        if (words.length === 0 || (best && best.cost <= cost)) continue;
        const text = words.join(" ") + weightWords(weight, sizesOf(c)) + leftWords(c, left);
        best = { kind: "operand", text, cost, alone: left.length > 0 };
      }
      if (best) found.push(best);
      // Both sides summed along what the product adds up over, and only then multiplied.
      const down = summed(right.a, "cols").numbers, across = summed(right.b, "rows").numbers;
      const outer = Float64Array.from(numbers, (_, at) => down[Math.floor(at / given.cols)] * across[at % given.cols]);
      const weight = distinct(outer, 4) < 4 ? undefined : ratio(outer, numbers, tolerance);
      if (weight !== undefined && isNice(weight / right.weight, sizesOf(c))) {
        const text = `${right.a.text} and ${right.b.text} are summed before they are multiplied.`;
        found.push({
          kind: "sum",
          cost: 1.2 + left.length,
          alone: left.length > 0,
          text: text + weightWords(weight / right.weight, sizesOf(c)) + leftWords(c, left),
        });
      }
    }
  }
  return found;
}

function products(all: readonly Side[], target: Matrix, tolerance: number) {
  const found: { a: Side; b: Side; weight: number }[] = [], { rows, cols, numbers } = target;
  const places = probes(numbers), size = largest(numbers);
  for (const a of all) {
    if (a.rows !== rows) continue;
    for (const b of all) {
      if (b.cols !== cols || b.rows !== a.cols || a.cols === 1) continue;
      const at = (place: number) => {
        const i = Math.floor(place / cols), j = place % cols;
        let sum = 0;
        for (let k = 0; k < a.cols; k++) sum += a.numbers[i * a.cols + k] * b.numbers[k * cols + j];
        return sum;
      };
      const weight = numbers[places[0]] / at(places[0]);
      if (!Number.isFinite(weight)) continue;
      if (!places.every((place) => Math.abs(weight * at(place) - numbers[place]) <= 10 * tolerance * size)) continue;
      const whole = Float64Array.from(numbers, (_, place) => at(place)), w = ratio(whole, numbers, tolerance);
      if (w !== undefined) found.push({ a, b, weight: w });
    }
  }
  return found;
}

/** Some places to look at first: the largest number and a few spread out. */
function probes(numbers: Float64Array): number[] {
  let top = 0;
  numbers.forEach((x, i) => {
    if (Math.abs(x) > Math.abs(numbers[top])) top = i;
  });
  return [top, ...Array.from({ length: 11 }, (_, k) => Math.floor((k + 0.5) / 11 * numbers.length))];
}

/** The right numbers in another order. */
export function explainOrder(c: Case): Explanation[] {
  const { given, own, tolerance } = c;
  if (distinct(own, 2) < 2) return [];
  if (same(given.numbers, transposed({ ...asMatrix(c.row.shape), numbers: own }).numbers, tolerance)) {
    return [{
      kind: "transposed",
      cost: 1,
      text:
        "The numbers are right, but rows and columns are exchanged in their order: a view keeps the numbers in their " +
        "order, .T exchanges rows and columns.",
    }];
  }
  if (distinct(own, 4) < 4) return [];
  const size = largest(own), a = given.numbers.toSorted(), b = own.toSorted();
  if (Math.abs(dot(given.numbers, given.numbers) - dot(own, own)) > 1e-6 * dot(own, own)) return [];
  if (!a.every((x, i) => Math.abs(x - b[i]) <= tolerance * size)) return [];
  const is = rowIs(c), rows = Array.from({ length: given.rows }, (_, i) => i), n = rows.length;
  const from = rows.map((i) => rows.find((k) => is(i, k)) ?? -1), moved = !from.includes(-1);
  // Some rows may be alike, such as zeros.
  const by = rows.find((by) => by > 0 && rows.every((i) => is(i, (i + by) % n)));
  const i = by ? 0 : from.findIndex((k, i) => !is(i, i) && k !== i);
  const why = moved && rows.every((i) => is(i, n - 1 - i))
    ? "They are in reverse order."
    : by
    ? "Is an index too large or too small by one, or the first row in the wrong place?"
    : "Are the sizes of a view in another order, or is a view where a transpose belongs?";
  const row = moved && i >= 0 ? `: row ${i} holds what row ${by ?? from[i]} should` : "";
  return [{ kind: "places", cost: 1.2, text: `The numbers are right, but in another order${row}. ${why}` }];
}

/** Whether a row holds what belongs in another. */
function rowIs({ given: { cols, numbers }, own, tolerance }: Case): (i: number, k: number) => boolean {
  const size = tolerance * largest(own);
  const row = (of: Float64Array, i: number) => of.subarray(i * cols, (i + 1) * cols);
  return (i, k) => row(numbers, i).every((x, j) => Math.abs(x - row(own, k)[j]) <= size);
}
