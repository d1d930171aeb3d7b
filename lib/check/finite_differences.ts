// The reference that every gradient is compared with: how the loss changes when one element changes a little.
//
// Central differences in float64, (L(x + h) − L(x − h)) / 2h, element by element. The error has two parts: h²/6 times the third
// derivative, and the rounding of L over h. With a step of 1.5e-5 times the element's size, or the tensor's typical one if that
// is larger, both are nearly always smaller than allclose allows. Where they are not, many steps are tried (ladder.ts).
// Left out: replaying (replay.ts) and the verdict (check.ts).
import { typicalSize } from "./apart.ts";
import { change, Ladder } from "./ladder.ts";
import type { Replay } from "./replay.ts";

/** The step, as a part of an element's size. */
const STEP = 2 ** -16;

/** Where many steps are tried, they go below that one: what it has shown is not to be overlooked. */
const LEAST = 10;

/** The loss as a function of each element of one tensor; all that comes before the tensor stays fixed. */
export class Differences {
  /** The replays it is measured by. */
  readonly replay: Replay;
  readonly #loss: number;
  readonly #size: number;
  readonly #typical: number;

  /**
   * Differences by these replays.
   *
   * @param loss the loss when nothing is moved.
   * @param size how large the numbers are that the loss is a sum of: its rounding is relative to them.
   */
  constructor(replay: Replay, loss: number, size: number) {
    this.replay = replay;
    this.#loss = loss;
    this.#size = size;
    this.#typical = typicalSize(replay.x);
  }

  /** The step that suits an element; 0 for one that is infinite, which cannot be moved. */
  step(i: number): number {
    const size = Math.abs(this.replay.x[i]);
    return Number.isFinite(size) ? STEP * Math.max(size, this.#typical) : 0;
  }

  /** How large the rounding error of an element's difference may be. */
  noise(i: number, h: number = this.step(i)): number {
    return h > 0 ? 4 * Number.EPSILON * this.#size / h : 0;
  }

  /** A central difference for each element of a group; 0 for infinite ones. */
  of(group: readonly number[]): Float64Array {
    const { x } = this.replay;
    // x + h and x − h are rounded, so divide by the actual distance.
    const up = group.map((i) => x[i] + this.step(i)), down = group.map((i) => x[i] - this.step(i));
    const high = this.replay.losses(group, up), low = this.replay.losses(group, down);
    return high.map((loss, k) => up[k] > down[k] ? change(low[k], loss) / (up[k] - down[k]) : 0);
  }

  /** The slopes for a group's elements from as many steps as it takes for the digits that are wanted. */
  refined(group: readonly number[], wanted: readonly number[]): Ladder {
    const { x } = this.replay;
    return new Ladder({
      at: (to) => this.replay.losses(group, to),
      x: Float64Array.from(group, (i) => x[i]),
      y: group.map(() => this.#loss),
      size: group.map(() => this.#size),
      mover: group.map((_, k) => k),
      floor: this.#typical,
    }, LEAST).refine(wanted).settled();
  }

  /**
   * Whether the first of two slopes of an element is nearer to the truth. Coarse steps may agree and be wrong, as far from a
   * corner, so the finest step at which rounding still distinguishes the two decides.
   */
  favours(i: number, slope: number, other: number): boolean {
    const x = this.replay.x[i], apart = Number.isNaN(other) ? Math.abs(slope) : Math.abs(slope - other);
    const h = Math.max(40 * Number.EPSILON * this.#size / apart, 64 * Number.EPSILON * Math.abs(x));
    // Where rounding hides all that is as near as the element is to 0, only the lines show it.
    if (x !== 0 && h > Math.abs(x) / 16 && h < Infinity) return true;
    if (!(h < this.step(i))) return false;
    const [high, low] = [x + h, x - h].map((to) => this.replay.losses([i], [to])[0]);
    return Math.abs(change(low, high) / (2 * h) - slope) < apart / 2;
  }

  /**
   * The slopes to the left and to the right of an element where the loss has a corner, as |x| has at 0, or jumps: then one of
   * them is infinite. Undefined where it has neither, as far as rounding lets it be seen. A corner shows in that the two
   * sides differ as much when one comes closer; a bend would straighten.
   */
  corner(i: number): [left: number, right: number] | undefined {
    let h = this.step(i), far = this.#sides(i, h), first: [left: number, right: number] | undefined;
    if (!(h > 0)) return undefined;
    let jumps = [true, true], found = false;
    const nearest = Math.max(1e-300, 2 ** 12 * Number.EPSILON * Math.abs(this.replay.x[i]));
    for (let k = 0; k < 24 && h > nearest; k++) {
      h /= 8;
      const close = this.#sides(i, h);
      const rounding = 4 * this.noise(i, h);
      const gap = far[1] - far[0];
      const closer = close[1] - close[0];
      if (!(50 * rounding < Math.abs(gap))) break; // no closer look is possible
      const jumped = jumps.includes(true);
      jumps = jumps.map((so, side) => so && Math.abs(close[side]) > 4 * Math.abs(far[side]) + rounding);
      found = jumps.includes(true) || Math.abs(gap - closer) <= 0.2 * Math.abs(gap) + rounding;
      // Close to a corner its sides do not bend, as long as rounding is small; beside a jump rounding is soon large.
      if (jumped && !jumps.includes(true)) first = undefined;
      if (found && (!first || (!jumps.includes(true) && 1000 * rounding < Math.abs(gap)))) first = close;
      far = close;
    }
    if (!found || !first) return undefined;
    return [jumps[0] ? -Infinity : first[0], jumps[1] ? Infinity : first[1]];
  }

  #sides(i: number, h: number): [left: number, right: number] {
    const x = this.replay.x[i], high = x + h;
    const low = x - h, at = (to: number) => this.replay.losses([i], [to])[0];
    const here = at(x);
    return [change(at(low), here) / (x - low), change(here, at(high)) / (high - x)];
  }
}
