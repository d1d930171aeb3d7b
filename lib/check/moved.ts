// The slopes of one forward line, measured by differences of this line alone.
//
// Moving one element at a time would take as many evaluations as there are elements. But most lines keep elements, columns or
// rows apart (apart.ts): for `x.tanh()` all elements can be moved at once, for `x.matmul(w)` one column of x at once.
// And most are linear (rise.ts): then a single difference, taken far away, has all digits.
import { inScratch } from "../tensor/memory.ts";
import { arrayOf, type NDArray } from "../tensor/ndarray.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { fits, fraction, Groups, keepsApart, labelsOf, largest, sorted, splitsOf, typicalSize, upTo } from "./apart.ts";
import type { Tensors } from "./graph.ts";
import { change, Ladder, type Slopes } from "./ladder.ts";
import { Rise } from "./rise.ts";

/** A forward line. */
export type Line = (inputs: Tensors) => Tensor;

/** The slopes to each output are measured to this part of the steepest of them. */
const WANTED = 1e-9;

/** Linear lines are measured so many times farther away than their numbers are large, if there is room. */
const FAR = 2 ** 40, FARTHEST = 1e300;

/** Is given the slopes of one group after the other. */
export type Taker = (found: Slopes, group: number) => void;

/** A line as a function of one tensor, `inputs[name]`, whose elements are moved; `value` is what the line makes of the inputs. */
export class Moved {
  /** What can be moved at once: at most one element of each part. */
  readonly groups: Groups;
  /** How many elements there are. */
  readonly size: number;
  /** The places of the result in the order of the parts that they depend on. */
  readonly order: Int32Array;
  /** Where in `order` each part begins. */
  readonly starts: Int32Array;
  readonly #line: Line;
  // One copy that is written over again and again: a tensor made anew for each evaluation would have its numbers checked.
  readonly #others: Tensors;
  readonly #data: NDArray;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #labels: Int32Array;

  /** Copies the tensor, so that no input is changed. */
  constructor(line: Line, inputs: Tensors, name: string, value: Tensor) {
    const { shape } = inputs[name], moved = inputs[name].clone();
    this.#line = line;
    this.#others = { ...inputs, [name]: moved };
    this.#data = arrayOf(moved)!;
    this.#x = moved.toArray();
    this.#y = value.toArray();
    const split = splitsOf(shape).find((split) =>
      fits(split, value.shape) && keepsApart(line, inputs, [name], value, split)
    );
    this.size = this.#x.length;
    this.#labels = split ? labelsOf(split, value.shape) : new Int32Array(this.#y.length);
    this.groups = new Groups(upTo(this.size), split && labelsOf(split, shape), split?.count);
    [this.order, this.starts] = sorted(this.#labels, split?.count ?? 1);
  }

  /**
   * Measures all slopes, and whether the line is linear. `begin` makes what takes them: again, if the line turns out not to be
   * linear after all.
   */
  measure(begin: (linear: boolean) => Taker): boolean {
    const x = this.#x, y = this.#y, typical = typicalSize(x);
    if (this.#affine(typical, begin)) return true;
    const take = begin(false), wanted = new Float64Array(y.length), coarse: [Ladder, group: number][] = [];
    for (let g = 0; g < this.groups.length; g++) {
      const group = this.groups.at(g);
      const at = (to: Float64Array) => this.#at(group, to), own = Float64Array.from(group, (i) => x[i]);
      const ladder = new Ladder({ at, x: own, y, mover: this.#labels, floor: 1e-2 * typical }), { slopes } = ladder;
      for (let j = 0; j < y.length; j++) wanted[j] = Math.max(wanted[j], WANTED * Math.abs(slopes[j]) || 0);
      // The others have to wait for the steepest slope, and there may be as many as elements.
      if (ladder.suffices(wanted)) take(ladder.settled(), g);
      else coarse.push([ladder, g]);
    }
    for (const [ladder, g] of coarse) take(ladder.refine(wanted).settled(), g);
    return false;
  }

  /** What the line makes when a group's elements are elsewhere, written into `made`. */
  #at(group: ArrayLike<number>, to: ArrayLike<number>, made = new Float64Array(this.#y.length)): Float64Array {
    const { elements } = this.#data;
    for (let k = 0; k < group.length; k++) elements[group[k]] = to[k];
    try {
      inScratch(() => made.set(arrayOf(this.#line(this.#others))!.contiguous().elements));
      return made;
    } finally {
      const { elements } = this.#data; // the memory may have moved
      for (let k = 0; k < group.length; k++) elements[group[k]] = this.#x[group[k]];
    }
  }

  /**
   * Measures the slopes of a line that is linear in this tensor, plus a constant. False if it is not, near or far. They are
   * measured over a distance so large that what is added, or a larger term beside them, does not matter.
   */
  #affine(typical: number, begin: (linear: boolean) => Taker): boolean {
    const x = this.#x, y = this.#y, labels = this.#labels;
    const sizes = x.map((value) => Number.isFinite(value) ? Math.max(Math.abs(value), typical) : 0);
    const most = largest(y);
    const steps = sizes.map((size) => size > 0 ? Math.min(FAR * Math.max(size, most), FARTHEST) : 0);
    const near = sizes.map((size, i) => (fraction(i) - 0.5) * size),
      far = steps.map((step, i) => (fraction(i) - 0.5) * step);
    const all = upTo(x.length), at = (to: Float64Array) => this.#at(all, to);
    const here = new Rise(at, x, y, near, 16), there = new Rise(at, x, y, far, 2);
    if (!here.isStraight(here.most) || !there.isStraight(there.most)) return false;
    const [predicted, made, slopes, errors] = [1, 2, 3, 4].map(() => new Float64Array(y.length));
    // What the terms add up to if none cancels: rounding is relative to that.
    const reach = { here: new Float64Array(y.length), there: new Float64Array(y.length) };
    const take = begin(true);
    for (let g = 0; g < this.groups.length; g++) {
      const group = this.groups.at(g), to = group.map((i) => x[i] + steps[i]), now = this.#at(group, to, made);
      for (let j = 0; j < y.length; j++) {
        const k = labels[j], i = group[k];
        const step = to[k] - x[i], changed = change(y[j], now[j]);
        slopes[j] = errors[j] = 0;
        if (changed === 0 || !(step > 0)) continue; // an infinite element cannot be moved
        slopes[j] = changed / step;
        errors[j] = 4 * Number.EPSILON * (Math.abs(slopes[j]) + Math.abs(y[j]) / step);
        predicted[j] += slopes[j] * near[i];
        reach.here[j] += Math.abs(slopes[j] * near[i]);
        reach.there[j] += Math.abs(slopes[j] * far[i]);
      }
      take({ slopes, errors }, g);
    }
    // Far away it may be another line than here.
    return here.isStraight(reach.here) && there.isStraight(reach.there) && here.is(predicted, reach.here);
  }
}
