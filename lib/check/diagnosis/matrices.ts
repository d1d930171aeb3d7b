// Matrix products, other gradients from above, and numbers in another order.
import { type Case, type Explanation, type Known, known, targets } from "./case.ts";
import { asMatrix, distinct, dot, largest, type Matrix, ratio, same, transposed } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { factorWords, isNice, list, near } from "./words.ts";

/** Another tensor of the same size, used in place of the gradient from above. */
export function explainUpstream(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const { reader, upstream } = path, slopes = c.check.jacobian(reader, c.row.name);
    if (upstream.numbers.length < 3) continue;
    const alike = (array: Known) => array.numbers.length === upstream.numbers.length && array.name !== upstream.name;
    const one = known("", upstream.shape, new Float64Array(upstream.numbers.length).fill(1));
    const turned = known(
      `${upstream.name} in another order, as after a view where a transpose belongs,`,
      upstream.shape,
      transposed(upstream).numbers,
    );
    for (const candidate of [...c.gradients, ...c.values, one, turned].filter(alike)) {
      if (ratio(upstream.numbers, candidate.numbers, c.tolerance) !== undefined) continue;
      const sent = slopes.back(candidate.numbers);
      if (!(largest(sent) > 0)) continue;
      for (const { numbers, left } of targets(c, path)) {
        const weight = ratio(sent, numbers, c.tolerance);
        if (weight === undefined || Math.max(distinct(numbers, 4), distinct(upstream.numbers, 4)) < 3) continue;
        // One number everywhere comes out of many tensors, but for a factor: it counts only without one.
        if (distinct(numbers, 3) < 3 && distinct(path.sent, 3) === 3 && !near(Math.abs(weight), 1)) continue;
        const text = candidate === one
          ? `The gradient from above, ${upstream.name}, is missing: chain rule.`
          : `This is what comes out with ${candidate.name} in place of ${upstream.name}.`;
        const where = c.paths.length > 1 ? `In the term through ${reader}: ` : "";
        found.push({
          kind: "upstream",
          text: where + text + weightWords(c, weight) + leftWords(c, left),
          cost: (candidate.name.includes(" ") ? 1.3 : 1) + weightCost(c, weight) + left.length,
        });
      }
    }
  }
  return found;
}

function weightCost(c: Case, weight: number): number {
  return near(weight, 1) ? 0 : near(weight, -1) ? 0.4 : isNice(weight, sizesOf(c)) ? 0.6 : Infinity;
}

function weightWords(c: Case, weight: number): string {
  if (near(weight, 1)) return "";
  return near(weight, -1) ? " The sign is wrong, too." : ` Besides, it is ${factorWords(weight, sizesOf(c)).text}`;
}

function leftWords({ row }: Case, left: readonly string[]): string {
  return left.length > 0
    ? ` Besides, ${row.name} also feeds ${list(left)}, and a tensor that is used twice gets two terms.`
    : "";
}

/** A matrix under the name that a learner would write: `h`, `h.T`, `h.view(64, 32)`. */
interface Side extends Matrix {
  text: string;
  name: string;
  turn: "" | "T" | "view";
}

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
    const right = products(all, { ...asMatrix(c.row.shape), numbers: path.sent }, c.tolerance)
      .find(({ a, b }) =>
        [a, b].some(({ name }) => name === path.upstream.name) && a.turn !== "view" && b.turn !== "view"
      );
    if (!right) continue;
    for (const { numbers, left } of targets(c, path)) {
      let best: Explanation | undefined;
      for (const { a, b, weight } of products(all, { ...asMatrix(c.row.shape), numbers }, c.tolerance)) {
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
        best = { kind: "operand", text: words.join(" ") + weightWords(c, weight) + leftWords(c, left), cost };
      }
      if (best) found.push(best);
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
  if (distinct(own, 4) < 4) return [];
  if (same(given.numbers, transposed({ ...asMatrix(c.row.shape), numbers: own }).numbers, tolerance)) {
    return [{
      kind: "transposed",
      cost: 1,
      text:
        "The numbers are right, but rows and columns are exchanged in their order: a view keeps the numbers in their " +
        "order, .T exchanges rows and columns.",
    }];
  }
  const size = largest(own), a = given.numbers.toSorted(), b = own.toSorted();
  if (Math.abs(dot(given.numbers, given.numbers) - dot(own, own)) > 1e-6 * dot(own, own)) return [];
  if (!a.every((x, i) => Math.abs(x - b[i]) <= tolerance * size)) return [];
  const rows = rowsMoved(c);
  return [{
    kind: "places",
    cost: 1.2,
    text: `The numbers are right, but in another order${rows ? `: ${rows}` : ""}. Are the sizes of a view in another ` +
      "order, or is a view where a transpose belongs?",
  }];
}

function rowsMoved({ given, own, tolerance }: Case): string | undefined {
  const { rows, cols, numbers } = given, size = tolerance * largest(own);
  const from: number[] = [];
  for (let i = 0; i < rows; i++) {
    const found = Array.from({ length: rows }, (_, k) => k).find((k) => {
      for (let j = 0; j < cols; j++) if (Math.abs(numbers[i * cols + j] - own[k * cols + j]) > size) return false;
      return true;
    });
    if (found === undefined) return undefined;
    from.push(found);
  }
  const i = from.findIndex((k, i) => k !== i);
  return i >= 0 ? `row ${i} holds what row ${from[i]} should` : undefined;
}
