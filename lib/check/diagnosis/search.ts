// The search for products: which gradient from above, times which one or two factors, summed to the tensor's shape, gives
// the learner's numbers?
//
// A factor is a function of a known tensor. There are about a thousand factors and a hundred gradients from above, so up to
// a million products are tried. Each is compared at a few places first, where nearly all fail. The others are computed in
// full and must agree up to rounding.
import type { Known } from "./case.ts";
import { type Fn, FUNCTIONS } from "./functions.ts";
import { largest, type Matrix, ratio } from "./numbers.ts";

/** A factor under one of its names. */
export interface Name {
  readonly fn: Fn;
  readonly tensor: string;
}

/** It may have several names, equal up to a constant: 1/counts_sum and counts_sum_inv. */
export interface Named {
  readonly names: readonly Name[];
}

/** A factor. */
export interface Factor extends Matrix, Named {
  /** What its search looks at first. */
  readonly cut: Cut;
  /** The same for factors with the same numbers there. */
  readonly key: string;
}

/** What a product begins with: a gradient from above, possibly summed with factors inside the sum; or nothing, a 1. */
export interface Start extends Matrix {
  /** The gradient's name; undefined for a 1. */
  readonly gradient?: string;
  /** Whether that gradient has no name of its own. */
  readonly unnamed?: boolean;
  /** Factors inside a sum that comes before the rest. */
  readonly inner?: readonly Name[];
  /** What that sum goes over; `all` leaves one number. */
  readonly over?: "rows" | "cols" | "all";
}

/** A product that makes the numbers looked for. */
export interface Product {
  readonly start: Start;
  readonly factors: readonly (Matrix & Named)[];
  readonly weight: number;
}

/** Rows and columns that products are formed over: all of them. */
export interface Extent {
  readonly rows: number;
  readonly cols: number;
}

/** A few rows and columns out of an extent. */
interface Block {
  rows: number[];
  cols: number[];
}

/** Something in a block: its numbers there, and how far it is from one row or column to the next. */
interface InBlock {
  readonly numbers: Float64Array;
  readonly row: number;
  readonly col: number;
}

/** What a search looks at first. */
interface Cut extends InBlock {
  /** The numbers at the places where products are compared first. */
  readonly at: Float64Array;
}

/** How many places a product is compared at first: half of them the largest, half spread out. */
const PLACES = 40;

/** The factor that changes nothing. */
const NONE: Cut = { numbers: Float64Array.of(1), row: 0, col: 0, at: new Float64Array(PLACES).fill(1) };

/** The search for one target. */
export class Search {
  /** The numbers looked for. */
  readonly target: Matrix;
  /** What products are formed over. */
  readonly extent: Extent;
  /** Differences smaller than this part of the largest number are rounding. */
  readonly tolerance: number;
  readonly #block: Block;
  readonly #target: Cut;
  readonly #places: [number, number][] = [];
  readonly #sumRows: boolean;
  readonly #sumCols: boolean;
  readonly #cuts = new Map<Matrix, Cut>();
  #start: { of?: Matrix; cut: Cut } = { cut: NONE };

  /**
   * @param target the numbers looked for, in the tensor's own rows and columns.
   * @param extent what products are formed over: larger than the target where they are summed to it.
   */
  constructor(target: Matrix, extent: Extent, tolerance: number) {
    this.target = target;
    this.extent = extent;
    this.tolerance = tolerance;
    const { rows, cols } = extent;
    this.#sumRows = target.rows === 1 && rows > 1;
    this.#sumCols = target.cols === 1 && cols > 1;
    this.#block = pick(target, extent, this.#sumRows, this.#sumCols);
    const inBlock = cut(target, this.#block), { numbers, row, col } = inBlock;
    const size = ([i, j]: [number, number]) => Math.abs(numbers[i * row + j * col]);
    const across = this.#sumCols ? [0] : this.#block.cols.map((_, j) => j);
    const down = this.#sumRows ? [0] : this.#block.rows.map((_, i) => i);
    // The largest numbers first: they tell most products apart. Zeros come last, but come.
    const all = down.flatMap((i) => across.map((j): [number, number] => [i, j])).sort((a, b) => size(b) - size(a));
    const half = PLACES / 2, rest = (all.length - half) / half;
    this.#places = all.length <= PLACES
      ? all
      : Array.from({ length: PLACES }, (_, k) => all[k < half ? k : Math.floor((k - half) * rest) + half]);
    this.#target = this.#seen(inBlock);
  }

  /** Whether an array can be a factor here. */
  fits({ rows, cols }: Extent): boolean {
    return (rows === 1 || rows === this.extent.rows) && (cols === 1 || cols === this.extent.cols);
  }

  /**
   * What the functions make of these arrays, in this search's block; the same numbers are one factor, and those that are
   * among `besides` are left out.
   */
  factors(
    arrays: readonly Known[],
    functions: readonly Fn[] = FUNCTIONS,
    besides: readonly Factor[] = [],
  ): Factor[] {
    const found = new Map<string, Factor & { names: Name[] }>();
    const there = new Set(besides.map(({ key }) => key));
    for (const fn of functions) {
      for (const array of arrays) {
        if (!this.fits(array)) continue;
        const { numbers, row, col } = this.#cutOf(array), now = numbers.map(fn.of);
        const key = keyOf(now);
        if (key === undefined) continue; // what is the same everywhere is a weight, not a factor
        const shaped = `${row > 0} ${col > 0} ${key}`, name = { fn, tensor: array.name };
        if (there.has(shaped)) continue;
        const known = found.get(shaped);
        if (known) {
          known.names.push(name);
          continue;
        }
        // The numbers of the whole array are worked out when they are asked for.
        found.set(
          shaped,
          lazily(array, fn, { names: [name], cut: this.#seen({ numbers: now, row, col }), key: shaped }),
        );
      }
    }
    return [...found.values()];
  }

  /** The weight with which start · a · b, summed to the target's shape, is the target; undefined when it is not. */
  weigh(start: Start, a?: Factor, b?: Factor): number | undefined {
    // A factor that varies along a sum already taken would be summed on its own: not a product to try.
    const { over } = start;
    if (over && over !== "all" && this.target[over] === 1 && [a, b].some((factor) => factor && factor[over] > 1)) {
      return;
    }
    // The same start comes many times in a row.
    if (this.#start.of !== start) this.#start = { of: start, cut: this.#cutOf(start) };
    const s = this.#start.cut, f = a?.cut ?? NONE, g = b?.cut ?? NONE, wanted = this.#target.at;
    const rows = this.#sumRows && s.row + f.row + g.row > 0, cols = this.#sumCols && s.col + f.col + g.col > 0;
    const value = (k: number) => rows || cols ? this.#summed(s, f, g, k, rows, cols) : s.at[k] * f.at[k] * g.at[k];
    const weight = wanted[0] / value(0);
    if (!Number.isFinite(weight) || weight === 0) return undefined;
    // How far off the product may be, as a part of the largest number: zeros have no size of their own.
    const allowed = 10 * this.tolerance * Math.abs(wanted[0]);
    for (let k = 1; k < wanted.length; k++) {
      if (!(Math.abs(weight * value(k) - wanted[k]) <= allowed)) return undefined;
    }
    return this.#verify(start, a, b);
  }

  /** The product at one place, summed over the block's rows or columns. */
  #summed(s: Cut, f: Cut, g: Cut, k: number, rows: boolean, cols: boolean): number {
    const [i, j] = this.#places[k], lastRow = rows ? this.#block.rows.length : i + 1;
    const lastCol = cols ? this.#block.cols.length : j + 1;
    let sum = 0;
    for (let p = rows ? 0 : i; p < lastRow; p++) {
      for (let q = cols ? 0 : j; q < lastCol; q++) {
        sum += s.numbers[p * s.row + q * s.col] * f.numbers[p * f.row + q * f.col] * g.numbers[p * g.row + q * g.col];
      }
    }
    return sum;
  }

  /** The product in full, beside the whole target. */
  #verify(...parts: (Matrix | undefined)[]): number | undefined {
    const all = parts.filter((part) => part !== undefined);
    return ratio(reduced(all, this.extent, this.target), this.target.numbers, this.tolerance);
  }

  #cutOf(array: Matrix): Cut {
    let found = this.#cuts.get(array);
    if (!found) this.#cuts.set(array, found = this.#seen(cut(array, this.#block)));
    return found;
  }

  #seen({ numbers, row, col }: InBlock): Cut {
    const places = this.#places, at = new Float64Array(places.length);
    for (let k = 0; k < at.length; k++) at[k] = numbers[places[k][0] * row + places[k][1] * col];
    return { numbers, row, col, at };
  }
}

/** What products are formed over: the larger of the tensor and what is made of it, where one broadcasts to the other. */
export function extentOf(x: Extent, y: Extent): Extent {
  const fits = (a: number, b: number) => a === b || a === 1 || b === 1;
  if (!fits(x.rows, y.rows) || !fits(x.cols, y.cols)) return { rows: x.rows, cols: x.cols };
  return { rows: Math.max(x.rows, y.rows), cols: Math.max(x.cols, y.cols) };
}

/** The product of arrays over an extent, summed where the target has one row or column and they have more. */
export function reduced(arrays: readonly Matrix[], { rows, cols }: Extent, target: Extent): Float64Array {
  const down = arrays.some((a) => a.rows > 1) ? rows : target.rows,
    across = arrays.some((a) => a.cols > 1) ? cols : target.cols;
  const out = new Float64Array(target.rows * target.cols);
  for (let i = 0; i < Math.max(down, target.rows); i++) {
    for (let j = 0; j < Math.max(across, target.cols); j++) {
      let value = 1;
      for (const a of arrays) value *= a.numbers[(a.rows === 1 ? 0 : i) * a.cols + (a.cols === 1 ? 0 : j)];
      out[(target.rows === 1 ? 0 : i) * target.cols + (target.cols === 1 ? 0 : j)] += value;
    }
  }
  return out;
}

/** Rows and columns to look at first: those where the target is largest, all of them where it is summed. */
function pick({ rows, cols, numbers }: Matrix, extent: Extent, sumRows: boolean, sumCols: boolean): Block {
  const columns = new Float64Array(extent.cols), lines = new Float64Array(extent.rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const size = Math.abs(numbers[i * cols + j]);
      lines[i] = Math.max(lines[i], size);
      columns[j] = Math.max(columns[j], size);
    }
  }
  const best = (sizes: Float64Array, count: number) => {
    const all = Array.from(sizes, (_, i) => i);
    if (all.length <= count) return all;
    // Half of them the largest, half of them spread out.
    const large = all.toSorted((a, b) => sizes[b] - sizes[a]).slice(0, count / 2);
    const spread = all.filter((i) => !large.includes(i));
    const step = spread.length / (count / 2);
    return [...large, ...Array.from({ length: count / 2 }, (_, k) => spread[Math.floor(k * step)])].sort((a, b) =>
      a - b
    );
  };
  const every = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    rows: sumRows ? every(extent.rows) : best(lines, sumCols ? 12 : 10),
    cols: sumCols ? every(extent.cols) : best(columns, sumRows ? 12 : 10),
  };
}

function cut({ numbers, ...array }: Matrix, block: Block): InBlock {
  const rows = array.rows === 1 ? [0] : block.rows, cols = array.cols === 1 ? [0] : block.cols;
  const inside = new Float64Array(rows.length * cols.length);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < cols.length; j++) inside[i * cols.length + j] = numbers[rows[i] * array.cols + cols[j]];
  }
  return { numbers: inside, row: array.rows === 1 ? 0 : cols.length, col: array.cols === 1 ? 0 : 1 };
}

/** Weights of no pattern, for keys: remembered, since a sine takes longer than the rest. */
const MIX: [number[], number[]] = [[], []];
function mixed(i: number, which: 0 | 1): number {
  return MIX[which][i] ??= which === 0 ? Math.sin(i + 1) : Math.cos(3 * i + 1);
}

/** A key that is the same for equal arrays; undefined if the array cannot be a factor. */
function keyOf(numbers: Float64Array): string | undefined {
  const size = largest(numbers);
  if (!(size > 0 && size < 1e100)) return undefined;
  if (numbers.every((x) => Math.abs(x - numbers[0]) <= 1e-9 * size)) return undefined;
  let a = 0, b = 0;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i];
    a += x * mixed(i, 0);
    b += x * mixed(i, 1);
  }
  return `${a.toPrecision(8)} ${b.toPrecision(8)}`;
}

function lazily<T extends object>(array: Matrix, fn: Fn, known: T): Matrix & T {
  let numbers: Float64Array | undefined;
  return {
    ...known,
    rows: array.rows,
    cols: array.cols,
    get numbers() {
      return numbers ??= array.numbers.map(fn.of);
    },
  };
}
