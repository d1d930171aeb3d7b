// What a line sends back as a product: the gradient from above, or a sum over it, times functions of known tensors.
//
// Searched for in the numbers (search.ts), so that what a learner wrote can be searched for in the same way and held beside
// it: nearest_product.ts.
import { type Case, type Known, known, type Path } from "./case.ts";
import { IDENTITY, RECIPROCAL, SQUARE } from "./functions.ts";
import { asMatrix, distinct, largest, type Matrix, ratio, summed } from "./numbers.ts";
import { type Extent, extentOf, type Factor, type Named, type Product, reduced, Search, type Start } from "./search.ts";
import { sameShape } from "../../tensor/shape.ts";
import { sizesOf } from "./sizes.ts";
import { isNice } from "./factor_words.ts";

/** A product that begins with no gradient. */
export const ONE: Start = { rows: 1, cols: 1, numbers: Float64Array.of(1) };

const productsOf = new WeakMap<Path, Product[]>();

/** The right path as products of its own gradient from above: the simplest few. */
export function products(c: Case, path: Path): Product[] {
  let found = productsOf.get(path);
  if (!found) {
    found = rightProducts(c, path, extentOf(asMatrix(c.row.shape), asMatrix(c.check.values[path.reader].shape)));
    productsOf.set(path, found);
  }
  return found;
}

/** The simplest product that a path is, and the simplest with a sum. */
export function simplest(c: Case, path: Path): Product[] {
  const all = products(c, path);
  return [all[0], all.find(({ start }) => start.over)].filter((one) => one !== undefined);
}

function rightProducts(c: Case, path: Path, extent: Extent): Product[] {
  // Where the term is zero whatever the numbers, any other gradient shows what the formula is.
  const zero = largest(path.sent) <= 1e-9 * c.reach, { name, shape, numbers: { length } } = path.upstream;
  const upstream = zero
    ? known(name, shape, Float64Array.from({ length }, (_, i) => Math.sin(i * i + 1)))
    : path.upstream;
  const numbers = zero ? c.check.jacobian(path.reader, c.row.name).vjp(upstream.numbers) : path.sent;
  const search = new Search({ ...asMatrix(c.row.shape), numbers }, extent, c.tolerance);
  const near = [path.reader, ...c.check.graph[path.reader]];
  const close = c.values.filter(({ name }) => near.includes(name));
  const first = startsOf(search, extent, [upstream, ...mains(c, path)], c.values)
    .filter(({ over }) => !over || over === "all" || search.target[over] > 1);
  const found: Product[] = [];
  // A line's derivative is made of what it reads and what it makes; only where that does not do, of anything.
  for (const arrays of [close, c.values]) {
    const factors = search.factors(arrays);
    for (const start of first) {
      if (!search.fits(start)) continue;
      add(found, search, start);
      for (const a of factors) add(found, search, start, a);
    }
    if (found.length > 0 && path.row) break;
    const few = search.factors(arrays, [IDENTITY, RECIPROCAL]);
    for (const start of first) {
      if (!search.fits(start) || !isPlain(start)) continue;
      few.forEach((a, i) => few.slice(i).forEach((b) => add(found, search, start, a, b)));
    }
    if (found.length > 0 && path.row) break;
  }
  const sizes = sizesOf(c), nice = found.filter(({ weight }) => isNice(weight, sizes));
  const sorted = (nice.length > 0 ? nice : found).toSorted((a, b) => size(a) - size(b)), [simplest] = sorted;
  // What is as simple as the simplest; of a formula in one go anything may be.
  return sorted.filter(({ start, factors }) =>
    !path.row || (start.over === simplest.start.over && factors.length === simplest.factors.length)
  ).slice(0, 12);
}

function add(found: Product[], search: Search, start: Start, a?: Factor, b?: Factor): void {
  const weight = search.weigh(start, a, b);
  if (weight !== undefined) found.push({ start, factors: [a, b].filter((f) => f !== undefined), weight });
}

function size({ start, factors }: Product): number {
  const simplest = (factor: Named) => 1 + Math.min(...factor.names.map(({ fn }) => fn.rank));
  return factors.reduce((sum, factor) => sum + simplest(factor), 0) + (start.over ? 1 + (start.inner?.length ?? 0) : 0);
}

/** Gradients that stand for the one from above where that has no row of its own: those of the tensor's shape further down. */
export function mains(c: Case, path: Path): Known[] {
  if (path.row) return [];
  const others = c.gradients.filter(({ name }) => name !== path.upstream.name);
  const rows = new Set(c.earlier.map(({ name }) => `d${name}`));
  return [
    ...others.filter(({ shape }) => sameShape(shape, c.row.shape)).toReversed().slice(0, 3),
    ...others.filter(({ name, rows: height, cols }) => rows.has(name) && height === 1 && cols === c.given.cols),
  ];
}

/** Whether nothing but whole tensors stands inside its sum, so that two more factors may be looked for. */
export function isPlain({ inner = [] }: Start): boolean {
  return inner.every(({ fn }) => fn === IDENTITY);
}

/**
 * The gradients as they are, summed over rows or columns, and multiplied with something and then summed; of the tensors
 * in `squared` their squares, too.
 */
export function startsOf(
  search: Search,
  extent: Extent,
  gradients: readonly Known[],
  inside: readonly Known[],
  squared: readonly string[] = [],
): Start[] {
  const starts: Start[] = [];
  for (const gradient of gradients) {
    if (!search.fits(gradient)) {
      for (const over of ["rows", "cols"] as const) {
        const sum = extent[over] === 1 ? summed(matrix(gradient), over) : undefined;
        if (sum && search.fits(sum) && sum.numbers.length > 1) {
          starts.push({ ...sum, ...named(gradient), inner: [], over });
        }
      }
      continue;
    }
    const plain: Start = { ...matrix(gradient), ...named(gradient) };
    starts.push(plain);
    for (const over of ["rows", "cols"] as const) {
      // A sum that leaves one number, or is summed again the other way, is the same everywhere.
      const other = over === "rows" ? "cols" : "rows";
      if (plain[over] === 1 || plain[other] === 1 || (search.target[other] === 1 && extent[other] > 1)) continue;
      const sum = summed(plain, over);
      if (distinct(sum.numbers, 2) > 1) starts.push({ ...sum, ...named(gradient), inner: [], over });
    }
  }
  for (const [over, other] of [["rows", "cols"], ["cols", "rows"]] as const) {
    if (extent[over] === 1 || search.target[over] === 1 || search.target[other] === 1) continue;
    // What does not change along the sum is a factor on it.
    const arrays = inside.filter((array) => search.fits(array) && array[over] > 1 && distinct(array.numbers, 2) > 1);
    const mains = gradients.slice(0, 4).filter((main) => search.fits(main));
    for (const [main, array] of mains.flatMap((main) => arrays.map((array) => [main, array] as const))) {
      if (main[other] === 1 && array[other] === 1) continue;
      // A sum over this array alone that has a name is a factor.
      const sum = main[over] === 1 ? summed(array, over).numbers : undefined;
      if (sum && inside.some(({ numbers }) => numbers.length === sum.length && ratio(numbers, sum, 1e-12))) continue;
      const functions = squared.includes(array.name) ? [IDENTITY, SQUARE] : [IDENTITY];
      for (const fn of main === gradients[0] ? [...functions, RECIPROCAL] : functions) {
        const to = over === "rows" ? { rows: 1, cols: extent.cols } : { rows: extent.rows, cols: 1 };
        const numbers = sumOnce(main, `${fn.text(array.name)} ${extent.rows} ${to.rows} ${to.cols}`, () => {
          const one = fn === IDENTITY ? array : { ...matrix(array), numbers: array.numbers.map(fn.of) };
          return reduced([main, one], extent, to);
        });
        if (!(largest(numbers) > 0 && largest(numbers) < Infinity)) continue;
        starts.push({ ...to, numbers, ...named(main), inner: [{ fn, tensor: array.name }], over });
      }
    }
  }
  return starts;
}

const sums = new WeakMap<Known, Map<string, Float64Array>>();

/** A sum over a gradient, worked out once: several searches begin with it. */
function sumOnce(main: Known, key: string, make: () => Float64Array): Float64Array {
  const known = sums.get(main) ?? new Map<string, Float64Array>(), found = known.get(key) ?? make();
  sums.set(main, known.set(key, found));
  return found;
}

function named({ name, origin }: Known): Pick<Start, "gradient" | "unnamed"> {
  return { gradient: name, unnamed: origin !== undefined };
}

function matrix({ rows, cols, numbers }: Matrix): Matrix {
  return { rows, cols, numbers };
}
