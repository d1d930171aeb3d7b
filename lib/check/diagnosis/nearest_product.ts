// The learner's path through one line as a product, told by how it differs from the right one (products.ts).
//
// Both are searched for in the same way (search.ts), so that the difference between them can be said: another gradient
// from above, another factor, one missing, one too many, summed too early. Of all products that make the learner's numbers
// the one nearest to the right formula is told.
import { type Case, type Explanation, gives, type Known, known, type Path, type Target, targets } from "./case.ts";
import { type Fn, FUNCTIONS, IDENTITY, RECIPROCAL, SIMPLE, SQUARE } from "./functions.ts";
import { type Difference, difference } from "./difference.ts";
import { alike } from "./factor_names.ts";
import { asMatrix, distinct, dot } from "./numbers.ts";
import { type Extent, extentOf, type Factor, type Product, reduced, Search, type Start } from "./search.ts";
import { sameShape } from "../../tensor/shape.ts";
import { sizesOf } from "./sizes.ts";
import { leftWords, parts } from "./upstream.ts";
import { isNice } from "./factor_words.ts";
import { inTerms, near as isNear } from "./words.ts";
import { isPlain, mains, ONE, products, startsOf } from "./products.ts";

/** Explanations by products, for each path with the others as they should be, or left out. */
export function explainProducts(c: Case): Explanation[] {
  const found: Explanation[] = [];
  for (const path of c.paths) {
    const extent = extentOf(c.given, asMatrix(c.check.values[path.reader].shape));
    const right = products(c, path);
    for (const target of targets(c, path)) {
      const { left } = target, best = nearest(c, path, extent, target, right);
      if (!best) continue;
      found.push({
        kind: best.kind,
        ...inTerms([path.reader], left.length === 0 ? c.paths.length : 1, best.text + leftWords(c, left)),
        or: best.or,
        cost: best.cost + left.length,
        alone: left.length > 0,
      });
    }
  }
  return found;
}

/** Two sums that a formula in one go takes from rows above, each in the other's place. */
export function explainExchanged(c: Case): Explanation[] {
  const open = c.paths.filter(({ row }) => !row), target = asMatrix(c.row.shape);
  const fromRows = (path: Path) =>
    products(c, path).filter(({ start }) => !start.over && c.earlier.some(({ name }) => start.gradient === `d${name}`));
  for (const [i, first] of open.entries()) {
    for (const second of open.slice(i + 1)) {
      for (const a of fromRows(first)) {
        for (const b of fromRows(second)) {
          if (a.start.gradient === b.start.gradient || a.start.numbers.length !== b.start.numbers.length) continue;
          const other = [[first, a, b], [second, b, a]] as const;
          const made = other.map(([path, mine, theirs]) => {
            const extent = extentOf(target, asMatrix(c.check.values[path.reader].shape));
            return reduced([theirs.start, ...mine.factors], extent, target).map((x) => x * mine.weight);
          });
          const numbers = c.own.map((x, i) => x - first.sent[i] - second.sent[i] + made[0][i] + made[1][i]);
          if (!gives(c, numbers)) continue;
          return [{ kind: "upstream", cost: 1, text: `${a.start.gradient} and ${b.start.gradient} are exchanged.` }];
        }
      }
    }
  }
  return [];
}

/** Of the products that make `numbers`, the one nearest to the right ones, and the difference in words. */
function nearest(
  c: Case,
  path: Path,
  extent: Extent,
  { numbers, tolerance }: Target,
  right: readonly Product[],
): Difference | undefined {
  const many = Math.max(distinct(numbers, 9), distinct(path.upstream.numbers, 9), distinct(path.sent, 9));
  if (many < 3 || right.length === 0) return undefined;
  const search = new Search({ rows: c.given.rows, cols: c.given.cols, numbers }, extent, tolerance);
  let best: Difference | undefined, twin: Difference | undefined;
  const consider = (start: Start, a?: Factor, b?: Factor) => {
    const weight = search.weigh(start, a, b);
    if (weight === undefined) return;
    const factors = [a, b].filter((f) => f !== undefined);
    tell({ start, factors, weight });
    if (start === ONE) totals.forEach((start) => tell({ start, factors, weight: weight / start.numbers[0] }));
  };
  const few = distinct(numbers, 3) < 3;
  const tell = (product: Product, exchanged = false) => {
    const { start, factors: [a, b], weight } = product;
    for (const one of right) {
      const told = difference(c, path, product, one);
      // One number everywhere comes out of many products, but for a factor: it counts only without one, or as it is.
      const sure = !b && !start.over && start.gradient === path.upstream.name &&
        isNear(Math.abs(weight), Math.abs(one.weight)) && a?.names.some(({ fn }) => fn === IDENTITY);
      if (told?.besides && (exchanged || (few && !sure))) continue;
      if (!told) continue;
      if (told.cost < (best?.cost ?? (many < 6 ? 2.5 : 4)) - 1e-9) [best, twin] = [told, undefined];
      // An exchange and a factor too many are as near.
      else if (best && !told.besides !== !best.besides && told.cost < Math.min(best.cost, 1.05) + 1e-9) twin ??= told;
    }
  };
  const first = mains(c, path), seen = new Set([path.upstream.name, ...first.map(({ name }) => name)]);
  // Of gradients with the same numbers the nearest.
  const others = [...first, ...parts(c, path), ...c.gradients.filter(({ name }) => !seen.has(name)).toReversed()];
  const inner = right.flatMap(({ start }) => start.inner ?? []).filter(({ fn }) => fn === IDENTITY);
  const inside = [...new Set(inner.map(({ tensor }) => tensor))];
  const starts = [ONE, ...startsOf(search, extent, [path.upstream, ...others], c.values, inside)];
  // Summed without its dimension, a gradient, or its product with what stands in the right sum, is one number.
  const totals = [path.upstream, ...first].filter(({ numbers }) => numbers.length > 1).flatMap((gradient) =>
    [undefined, ...inside].flatMap((tensor): Start[] => {
      const factor = c.values.find(({ name }) => name === tensor);
      if (tensor && !sameShape(factor!.shape, gradient.shape)) return [];
      const numbers = Float64Array.of(
        factor ? dot(gradient.numbers, factor.numbers) : gradient.numbers.reduce((a, b) => a + b),
      );
      const inner = tensor ? [{ fn: IDENTITY, tensor }] : [];
      // One that is 1 or −1 is told as none.
      return numbers[0] === 0 || isNear(Math.abs(numbers[0]), 1)
        ? []
        : [{ ...ONE, numbers, gradient: gradient.name, inner, over: "all" }];
    })
  );
  const ofUpstream = search.factors(search.fits(path.upstream) ? [path.upstream] : []);
  const close = [path.reader, ...c.check.graph[path.reader]],
    near = c.values.filter(({ name, shape }) => close.includes(name) || sameShape(shape, c.row.shape));
  const factors = [...search.factors(c.values, SIMPLE), ...ofUpstream];
  const more = FUNCTIONS.filter((fn) => !SIMPLE.includes(fn));
  factors.push(...search.factors(near, more, factors));
  // The line's own function of another tensor.
  const reads = c.check.graph[path.reader],
    names = right.flatMap(({ factors }) => factors.flatMap(({ names }) => names));
  const own = new Set(names.filter(({ tensor }) => reads.includes(tensor)).map(({ fn }) => fn));
  factors.push(...search.factors(c.values, [...own], factors));
  factors.push(
    ...search.factors(
      [...c.gradients.filter(({ name }) => name !== path.upstream.name).toReversed(), ...c.unfinished],
      [IDENTITY],
      factors,
    ),
  );
  for (const start of starts) {
    consider(start);
    for (const a of factors) consider(start, a);
  }
  const whole = starts.find(({ gradient, over }) => gradient === path.upstream.name && !over);
  const wanted = factors.filter((factor) => right.some((r) => r.factors.some((f) => alike(f, factor))));
  const lone = factors.filter(({ names }) => names.some(({ fn, tensor }) => fn === IDENTITY && close.includes(tensor)));
  if (whole && reads.length > 1) wanted.forEach((a) => lone.forEach((b) => consider(whole, a, b)));
  const number = whole && search.weigh(whole), sizes = sizesOf(c);
  const fns = [...new Set([IDENTITY, RECIPROCAL, SQUARE, ...names.map(({ fn }) => fn)])].sort((a, b) =>
    a.rank - b.rank
  );
  for (const array of whole ? reductions(c, path, fns) : []) {
    const [first] = array.numbers, one = array.numbers.length === 1 && !isNice(first, sizes) ? number : undefined;
    const made = one
      ? fns.map((fn) => ({ ...array, numbers: array.numbers.map(fn.of), names: [{ fn, tensor: array.name }] }))
      : search.factors([array], fns);
    for (const a of made) {
      const weight = one ? one / a.numbers[0] : search.weigh(whole!, a as Factor);
      if (weight) tell({ start: whole!, factors: [a], weight }, true);
    }
  }
  if (best && twin) return { ...best, or: twin.text };
  if (best && best.cost < 1.6) return best;
  // Two factors: one of them of the right formula, or both plain.
  const simple = factors.filter(({ names }) => names.some(({ fn }) => fn.rank <= 1));
  const firstStarts = starts.filter(({ gradient, inner }) =>
    gradient === undefined || (seen.has(gradient) && isPlain({ ...ONE, inner }))
  );
  const pairs = new Set<Factor>(wanted);
  for (const start of firstStarts) {
    for (const a of wanted) for (const b of factors) consider(start, a, b);
    if (start.inner && start.inner.length > 0 && path.row) continue;
    for (let i = 0; i < simple.length; i++) {
      if (pairs.has(simple[i])) continue;
      for (let j = i; j < simple.length; j++) consider(start, simple[i], simple[j]);
    }
  }
  return best;
}

/** What functions of tensors near at hand are summed or averaged to: `(1 − h²).sum(0)`. */
function reductions({ check: { graph }, values }: Case, { reader }: Path, fns: readonly Fn[]): Known[] {
  const close = [reader, ...graph[reader]], near = [...close, ...close.flatMap((name) => graph[name] ?? [])];
  const arrays = values.filter(({ name, shape }) => near.includes(name) && shape.length === 2);
  return fns.flatMap((fn) =>
    arrays.flatMap(({ name, rows, cols, numbers }) =>
      [[1, 1, ""], [1, cols, "0"], [rows, 1, "1"]].flatMap(([height, width, dim]) => {
        const shape = [Number(height), Number(width)], count = numbers.length / (shape[0] * shape[1]);
        if (count === 1 || distinct(numbers, 2) < 2) return [];
        const sum = reduced([{ rows, cols, numbers: numbers.map(fn.of) }], { rows, cols }, asMatrix(shape));
        const text = fn === IDENTITY ? name : `(${fn.text(name)})`;
        return [
          known(`${text}.sum(${dim})`, shape, sum),
          known(`${text}.mean(${dim})`, shape, sum.map((x) => x / count)),
        ];
      })
    )
  );
}
