// Whether a line is linear in a tensor, plus a constant, as far as it can be seen in one direction.
import { largest } from "./apart.ts";
import { change } from "./ladder.ts";

type Evaluate = (elements: Float64Array) => Float64Array;

/** How much the results rise in a direction, on the other side, and `times` as far. */
export class Rise {
  readonly #y: Float64Array;
  readonly #times: number;
  readonly #once: Float64Array;
  readonly #fall: Float64Array;
  readonly #more: Float64Array;

  /** `direction` says how far each of the elements `x` moves; `y` is what there is at `x`. */
  constructor(at: Evaluate, x: Float64Array, y: Float64Array, direction: Float64Array, times: number) {
    const there = new Float64Array(x.length);
    const by = (factor: number) => {
      for (let i = 0; i < x.length; i++) there[i] = x[i] + factor * direction[i];
      const rise = at(there);
      for (let j = 0; j < y.length; j++) rise[j] = change(y[j], rise[j]);
      return rise;
    };
    this.#y = y;
    this.#times = times;
    [this.#once, this.#fall, this.#more] = [1, -1, times].map(by);
  }

  /** The most that any rises, for each result. */
  get most(): Float64Array {
    return this.#y.slice().fill(largest(this.#once));
  }

  /** Whether all fall as much on the other side, and rise as much again, except for the rounding of terms of these sizes. */
  isStraight(reach: Float64Array): boolean {
    const y = this.#y, times = this.#times;
    const once = this.#once, fall = this.#fall, more = this.#more;
    for (let j = 0; j < y.length; j++) {
      const size = 1e-12 * (Math.abs(y[j]) + Math.abs(once[j]) + reach[j]), flat = once[j] === 0 && fall[j] === 0;
      const straight = flat
        ? more[j] === 0
        : Math.abs(once[j] + fall[j]) <= size && Math.abs(more[j] - times * once[j]) <= 2 * times * size;
      if (!straight) return false;
    }
    return true;
  }

  /** Whether they rise as predicted. */
  is(predicted: Float64Array, reach: Float64Array): boolean {
    const y = this.#y, times = this.#times;
    const once = this.#once, more = this.#more;
    for (let j = 0; j < y.length; j++) {
      const off = Math.max(Math.abs(once[j] - predicted[j]), Math.abs(more[j] / times - predicted[j]));
      if (off > 1e-9 * reach[j] + 8 * Number.EPSILON * Math.abs(y[j])) return false;
    }
    return true;
  }
}
