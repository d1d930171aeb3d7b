// How fast a function's results change with its arguments, measured to ten digits or so, at whatever scale it bends.
//
// Central differences, (f(x + h) − f(x − h)) / 2h, at steps h of which each is a quarter of the last, extrapolated in pairs to
// step 0 (Richardson 1911: their errors go as h²). Of these the one counts that agrees best with its neighbour, rounding
// counted in. Where rounding hides the change even at the largest step, as beside an offset of 1e14, the steps are made
// larger instead, as long as what they show agrees. At the edge of where a function has values, as √x³ has at 0, the
// differences of the side that has some count.
// Several arguments are moved at once; each result depends on one of them only.
// Left out: functions with a corner or a jump (lib/check/finite_differences.ts): a corner gives the mean of its two slopes, a
// jump none.

/** A function of several arguments, of which each result depends on one. */
export interface Moves {
  /** The results for these arguments, in an array of their own. */
  at(arguments_: Float64Array): Float64Array;
  /** The arguments. */
  readonly x: Float64Array;
  /** The results for them. */
  readonly y: ArrayLike<number>;
  /** How large the numbers are that each result is made of, for its rounding; by default its own size. */
  readonly size?: ArrayLike<number>;
  /** For each result, which argument it depends on. */
  readonly mover: ArrayLike<number>;
  /** For each argument, the size that suggests a step where it is 0, or nearly. */
  readonly floor: number;
}

/** Slopes of the results, and for each how far off it may be: infinitely far if no slope was found. */
export interface Slopes {
  /** How fast each result changes with the argument it depends on. */
  readonly slopes: Float64Array;
  /** How far off each may be. */
  readonly errors: Float64Array;
}

/** What numbers from 1/2 to 1 are rounded to whole multiples of. */
const UNIT = 2 ** -53;

/** The steps are 4^−k times an argument's size; the first is for k = 2, the last for an argument of 0 for k = 44. */
const FIRST = 2, FINEST = 44, COARSEST = -30;

/** Differences that still change by more than this part are none of a slope: on a plateau, they are four times as large each. */
const SETTLED = 1e-3;

/** A slope that is known to so many digits is not worth another step; after some steps, to so many. */
const EXACT = 1e-12, GOOD = 1e-9, SOME = 8;

/** A way through the steps, from coarse to fine or back, and what has been found on it. */
export class Ladder implements Slopes {
  /** The slopes found so far. */
  readonly slopes: Float64Array;
  /** How far off each may be. */
  readonly errors: Float64Array;
  readonly #moves: Moves;
  /** How large an error is nothing beside a slope's rounding, or beside what coarser steps showed. */
  readonly #negligible: Float64Array;
  /** The steepest difference so far. */
  readonly #steepest: Float64Array;
  /** Where, at the last step, one side did not change at all. */
  readonly #flat: Uint8Array;

  /** Goes down to the finest steps that are of use, and to 4^−least times an argument's size in any case. */
  constructor(moves: Moves, least: number = FIRST) {
    const n = moves.y.length;
    this.#moves = moves;
    this.slopes = new Float64Array(n).fill(NaN);
    this.errors = new Float64Array(n).fill(Infinity);
    this.#negligible = new Float64Array(n);
    this.#steepest = new Float64Array(n);
    this.#flat = new Uint8Array(n);
    this.#descend(least);
  }

  /** Whether all slopes are known as well as is wanted. */
  suffices(wanted: ArrayLike<number>): boolean {
    return this.errors.every((error, j) => error <= wanted[j]);
  }

  /** Goes on to larger steps where rounding hides digits of a slope that are wanted. */
  refine(wanted: ArrayLike<number>): this {
    if (!this.suffices(wanted)) this.#ascend(wanted);
    return this;
  }

  /**
   * Marks what is no slope: differences that do not settle. At a jump the other side may be flat, as in a step function: then
   * that is the slope, as in PyTorch.
   */
  settled(): this {
    const { slopes, errors } = this;
    for (let j = 0; j < errors.length; j++) {
      if (this.#isSettled(j)) continue;
      slopes[j] = this.#flat[j] ? 0 : NaN;
      errors[j] = this.#flat[j] ? 0 : Infinity;
    }
    return this;
  }

  /** Steps that get finer, to 1 or the finest that are of use. */
  #descend(least: number): void {
    const { x, mover } = this.#moves, { slopes, errors } = this, n = errors.length;
    // Two slopes may agree by chance when rounding already shows, so then the next one has to as well.
    const waits = new Uint8Array(n), rose = new Uint8Array(n);
    const ratios = new Float64Array(n).fill(NaN);
    const [slope, error, noise, pair] = [1, 2, 3, 4].map(() => new Float64Array(n));
    let older: Float64Array | undefined, coarse: Float64Array | undefined;
    for (let k = FIRST, improves = true; improves; k++) {
      const { now, rounding, distance } = this.#differences(k);
      if (coarse) {
        const first = k === FIRST + 1;
        improves = k < least;
        for (let j = 0; j < n; j++) {
          const i = mover[j], fine = now[j];
          // Where a curve begins at this very place, as max(0, x)^p does at 0, the error goes as h^(p − 1).
          const ratio = older ? (fine - coarse[j]) / (coarse[j] - older[j]) : NaN;
          const begins = Math.abs(ratio - ratios[j]) < 0.01 && ratio > 0.1 && ratio < 0.95;
          ratios[j] = ratio;
          const more = begins ? ratio / (1 - ratio) : 1 / 15;
          const noiseNow = (1 + more) * this.#noise(rounding[j], x[i] * fine, distance[i], fine);
          const better = fine + (fine - coarse[j]) * more;
          const errorNow = Math.abs(better - (first ? fine : pair[j])) + noiseNow;
          pair[j] = better;
          this.#steepest[j] = Math.max(this.#steepest[j], finite(fine));
          if (waits[j] && Math.abs(better - slope[j]) <= 4 * error[j] + noiseNow) {
            this.#take(j, slope[j], error[j], noise[j]);
          }
          waits[j] = 0;
          // Formulas hold numbers of size 1, as ln(1 + x²) does, whose rounding a result does not show. What has settled before
          // that can matter is given up only for what is better in spite of it.
          const hidden = rose[j] && this.#isSettled(j) ? 4 * UNIT / distance[i] : 0;
          if (Number.isFinite(better) && this.#isBetter(j, better, errorNow + hidden, distance[i], fine === 0)) {
            waits[j] = rose[j];
            if (rose[j]) [slope[j], error[j], noise[j]] = [better, errorNow, noiseNow];
            else this.#take(j, better, errorNow, noiseNow);
          }
          rose[j] = Number(errorNow > 4 * errors[j]);
          if (this.#isFinest(k, i)) continue;
          // The next step is a quarter of this one, so its rounding is four times as large. That is no reason to stop on a plateau.
          const rounds = 4 * this.#noise(rounding[j], x[i] * slopes[j], distance[i]);
          const drowns = rounds >= errors[j] && (this.#isSettled(j) || rounds > 0.3 * Math.abs(fine));
          const isKnown = errors[j] <= (k < SOME ? EXACT : GOOD) * Math.abs(slopes[j]) || drowns;
          // No change at all is no proof while the steps are far larger than the argument itself.
          const isFar = fine === 0 && coarse[j] === 0 && x[i] !== 0 && distance[i] > Math.abs(x[i]) / 8;
          if (!isKnown || isFar || waits[j]) improves = true;
        }
      }
      older = coarse;
      coarse = now;
    }
  }

  /** Steps that get larger, as long as rounding explains how their slopes differ. */
  #ascend(wanted: ArrayLike<number>): void {
    const { x, mover } = this.#moves, n = this.errors.length;
    const done = Array.from({ length: n }, (_, j) => !this.#isSettled(j));
    const pair = new Float64Array(n);
    let fine: Float64Array | undefined, before: Float64Array = pair;
    for (let k = FIRST, improves = true; improves && k >= COARSEST; k--) {
      const { now, rounding: noises, distance } = this.#differences(k);
      for (let j = 0; j < n; j++) {
        noises[j] = 4 * this.#noise(noises[j], x[mover[j]] * now[j], distance[mover[j]], now[j]);
      }
      if (fine) {
        const first = k === FIRST - 1;
        improves = first;
        for (let j = 0; j < n; j++) {
          const better = fine[j] + (fine[j] - now[j]) / 15, scatter = Math.abs(better - (first ? fine : pair)[j]);
          pair[j] = better;
          if (!(scatter <= 2 * (before[j] + noises[j]))) done[j] = true;
          if (done[j]) continue;
          const error = scatter + noises[j], agrees = Math.abs(better - this.slopes[j]) <= 2 * this.errors[j];
          if (error < this.errors[j] && agrees) this.#take(j, better, error, noises[j]);
          if (this.errors[j] > wanted[j]) improves = true;
        }
      }
      before = noises;
      fine = now;
    }
  }

  #isSettled(j: number): boolean {
    return this.errors[j] <= Math.max(SETTLED * Math.abs(this.slopes[j]), this.#negligible[j]);
  }

  /** Takes a slope, how far off it may be, and how much of that is rounding. */
  #take(j: number, slope: number, error: number, noise: number): void {
    this.slopes[j] = slope;
    this.errors[j] = Number.isNaN(error) ? Infinity : error;
    this.#negligible[j] = Math.max(20 * noise, 1e-9 * this.#steepest[j]);
  }

  /** The rounding of a slope from numbers of this size, or from what the argument contributes to them. */
  #noise(size: number, contributed: number, distance: number, slope = 0): number {
    if (!(distance > 0)) return 0;
    const changed = Math.abs(slope * distance), units = changed / UNIT;
    // A small change in whole units of what numbers of size 1 are rounded to has been added to one, as in ln(1 + x²).
    const inUnits = changed < 1e-10 && units > 0.5 && Math.abs(units - Math.round(units)) < 1e-3;
    return (4 * Number.EPSILON * (size + finite(contributed)) + (inUnits ? 4 * UNIT : 0)) / distance;
  }

  /** Whether a slope from finer steps is better than what is known so far. */
  #isBetter(j: number, slope: number, error: number, distance: number, isStill: boolean): boolean {
    const { slopes, errors } = this;
    if (Number.isNaN(slopes[j])) return true;
    // Beside numbers of size 1 a small change is lost: that is not a flat place. A slope of 0 that changes add up to is one.
    if (isStill && Math.abs(slopes[j]) * distance < 64 * Number.EPSILON) return false;
    // On a plateau far away, coarse differences agree but are wrong. A finer one wins if it differs from them by far more than
    // its own error.
    if (error < errors[j] || Math.abs(slope - slopes[j]) > 100 * error) return true;
    return !this.#isSettled(j) && error * Math.abs(slopes[j]) < errors[j] * Math.abs(slope);
  }

  /** How far an argument is moved at step k. */
  #step(k: number, i: number): number {
    return 4 ** -k * Math.max(Math.abs(this.#moves.x[i]), this.#moves.floor);
  }

  /** Whether smaller steps than the kth are of no use. */
  #isFinest(k: number, i: number): boolean {
    const own = Math.abs(this.#moves.x[i]);
    return own > 0 ? !(this.#step(k, i) > 64 * Number.EPSILON * own) : k >= FINEST;
  }

  /**
   * The differences at step k, how large the numbers are that they come from, and for each argument how far it was moved.
   */
  #differences(k: number) {
    const { at, x, y, mover, size = y } = this.#moves, up = x.slice(), down = x.slice();
    for (let i = 0; i < x.length; i++) {
      const h = this.#step(k, i);
      if (!Number.isFinite(h)) continue;
      up[i] += h;
      down[i] -= h;
    }
    // Each of these is written over by what is made from it.
    const high = at(up), low = at(down), [now, rounding, distance] = [high, low, up];
    for (let i = 0; i < x.length; i++) distance[i] = Number.isFinite(up[i]) ? up[i] - down[i] : 0;
    for (let j = 0; j < now.length; j++) {
      const i = mover[j];
      // At the edge of where a function has values, as x^1.5 has at 0, there is one side only, half as long.
      const up = high[j], down = low[j];
      const edge = Number.isNaN(up) !== Number.isNaN(down) && Number.isFinite(y[j]);
      const to = edge && Number.isNaN(up) ? y[j] : up, from = edge && Number.isNaN(down) ? y[j] : down;
      this.#flat[j] = Number(Object.is(up, y[j]) || Object.is(down, y[j]));
      // An argument that is infinite cannot be moved.
      now[j] = distance[i] > 0 ? (edge ? 2 : 1) * change(from, to) / distance[i] : 0;
      rounding[j] = (edge ? 2 : 1) * Math.max(finite(size[j]), finite(up), finite(down));
    }
    return { now, rounding, distance };
  }
}

/** to − from; 0 where both are the same infinity, or both are no number. */
export function change(from: number, to: number): number {
  return Object.is(from, to) ? 0 : to - from;
}

function finite(x: number): number {
  return Number.isFinite(x) ? Math.abs(x) : 0;
}
