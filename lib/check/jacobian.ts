// The slopes of one forward line: how each element of its result changes with each element of one tensor it reads.
//
// They are measured by differences of this line alone. Moving one element at a time would take as many evaluations as
// there are elements. But most lines keep elements, columns or rows apart (apart.ts): for `x.tanh()` all elements can be moved
// at once, for `x.matmul(w)` one column of x at once.
// Left out: multiplying the slopes along the chain (lib/check/check.ts).
import { inScratch } from "../tensor/memory.ts";
import { arrayOf, type NDArray } from "../tensor/ndarray.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { fits, fraction, grouped, keepsApart, labelsOf, largest, splitsOf, typicalSize } from "./apart.ts";
import type { Tensors } from "./graph.ts";
import { change, Ladder, type Slopes } from "./ladder.ts";

/** The slopes of a line with respect to one of the tensors it reads. */
export interface Jacobian {
  /** What the line sends back when this is the gradient of what it makes, and is off by up to `doubts`. */
  sent(gradient: ArrayLike<number>, doubts?: ArrayLike<number>): Sent;
  /** The terms that it adds up for one element: the place in the line's result that each comes from, and the slope. */
  from(element: number): { readonly place: number; readonly slope: number }[];
  /** For a line that is linear in the tensor, plus a constant, its slopes: then it need not be run to know what it makes. */
  readonly linear?: Linear;
}

/** What a line sends back for a tensor. */
export interface Sent {
  /** The vector–Jacobian product, the slopes transposed times the gradient. */
  readonly numbers: Float64Array;
  /** How far off each of them may be. */
  readonly doubts: Float64Array;
  /** The largest known one if no terms cancelled. Rounding errors are relative to this. */
  readonly reach: number;
}

/** The slopes that are not zero. */
export interface Linear {
  /** For each element, in which of the columns its slopes are. */
  readonly columnOf: Int32Array;
  /** For each element, which part of its column they are. */
  readonly partOf: Int32Array;
  /** What was measured at once: one element of each part. */
  readonly columns: readonly Column[];
}

/** The slopes of some elements, part by part: those of part p are from starts[p] up to starts[p + 1]. */
export interface Column {
  /** Where the slopes of each part begin. */
  readonly starts: Int32Array;
  /** Places in the line's result, in order within a part. */
  readonly places: Int32Array;
  /** How fast these places change. */
  readonly slopes: Float64Array;
}

/** A sum of terms is off by at most this part of what it would be if none cancelled, whatever their number. */
const ROUNDING = 1e-12;

/** The slopes to each output are measured to this part of the steepest of them. */
const WANTED = 1e-9;

/** Linear lines are measured so many times farther away than their numbers are large, if there is room. */
const FAR = 2 ** 40, FARTHEST = 1e300;

/**
 * Measures the slopes of `line` with respect to `inputs[name]`, at these inputs, to some ten digits.
 *
 * @param inputs every tensor that the line reads; none is changed.
 * @param value what the line makes of them.
 */
export function jacobian(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, value: Tensor): Jacobian {
  return inScratch(() => product(new Moved(line, inputs, name, value).measured()));
}

/** Slopes that are not zero, or may not be, and how far off each may be, column by column. */
interface Measured extends Linear {
  readonly columns: readonly (Column & Slopes)[];
  readonly isLinear: boolean;
}

function product({ columns, columnOf, partOf, isLinear }: Measured): Jacobian {
  return {
    linear: isLinear
      ? { columnOf, partOf, columns: columns.map(({ starts, places, slopes }) => ({ starts, places, slopes })) }
      : undefined,
    sent(gradient, off) {
      const numbers = new Float64Array(columnOf.length), doubts = new Float64Array(columnOf.length);
      let reach = 0;
      for (let i = 0; i < numbers.length; i++) {
        const { starts, places, slopes, errors } = columns[columnOf[i]], end = starts[partOf[i] + 1];
        let sum = 0, doubt = 0, size = 0;
        for (let k = starts[partOf[i]]; k < end; k++) {
          const above = gradient[places[k]], slope = slopes[k], error = errors[k], own = off ? off[places[k]] : 0;
          // What does not reach the loss sends nothing back, however steep the line is.
          if (above !== 0) {
            sum += above * slope;
            size += Math.abs(above * slope);
            doubt += Math.abs(above) * (error + ROUNDING * Math.abs(slope));
          }
          if (own !== 0) doubt += own * (Math.abs(slope) + error);
        }
        numbers[i] = sum;
        doubts[i] = doubt;
        if (size > reach && size < Infinity) reach = size;
      }
      return { numbers, doubts, reach };
    },
    from(element) {
      const { starts, places, slopes } = columns[columnOf[element]], found = [];
      for (let k = starts[partOf[element]]; k < starts[partOf[element] + 1]; k++) {
        if (slopes[k] !== 0) found.push({ place: places[k], slope: slopes[k] });
      }
      return found;
    },
  };
}

/** A line as a function of one tensor, whose elements are moved. */
class Moved {
  readonly #line: (inputs: Tensors) => Tensor;
  // One copy that is written over again and again: a tensor made anew for each evaluation would have its numbers checked.
  readonly #others: Tensors;
  readonly #data: NDArray;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  /** What can be moved at once, and which of a group's elements each element of the result depends on. */
  readonly #groups: readonly (readonly number[])[];
  readonly #labels: Int32Array;
  /** The results in the order of their labels, and where in it each label begins. */
  readonly #order: Int32Array;
  readonly #starts: Int32Array;
  readonly #columnOf: Int32Array;
  readonly #partOf: Int32Array;

  constructor(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, value: Tensor) {
    const { shape } = inputs[name], moved = inputs[name].clone();
    this.#line = line;
    this.#others = { ...inputs, [name]: moved };
    this.#data = arrayOf(moved)!;
    this.#x = moved.toArray();
    this.#y = value.toArray();
    const split = splitsOf(shape).find((split) =>
      fits(split, value.shape) && keepsApart(line, inputs, [name], value, split)
    );
    const n = this.#x.length, m = this.#y.length;
    this.#partOf = split ? labelsOf(split, shape) : new Int32Array(n);
    this.#labels = split ? labelsOf(split, value.shape) : new Int32Array(m);
    this.#groups = grouped(this.#x.keys(), split && this.#partOf);
    this.#columnOf = new Int32Array(n);
    this.#groups.forEach((group, g) => group.forEach((i) => this.#columnOf[i] = g));
    [this.#order, this.#starts] = sorted(this.#labels, split?.count ?? 1);
  }

  /** All slopes. */
  measured(): Measured {
    const x = this.#x,
      y = this.#y,
      typical = typicalSize(x),
      found = { columnOf: this.#columnOf, partOf: this.#partOf };
    const affine = this.#affine(typical);
    if (affine) return { ...found, columns: affine, isLinear: true };
    const ladders = this.#groups.map((group) =>
      new Ladder({
        at: (to) => this.#at(group, to),
        x: Float64Array.from(group, (i) => x[i]),
        y,
        mover: this.#labels,
        floor: 1e-2 * typical,
      })
    );
    const wanted = new Float64Array(y.length);
    for (const { slopes } of ladders) {
      slopes.forEach((slope, j) => wanted[j] = Math.max(wanted[j], Math.abs(slope) || 0));
    }
    wanted.forEach((steepest, j) => wanted[j] = WANTED * steepest);
    return {
      ...found,
      columns: ladders.map((ladder) => this.#column(ladder.refine(wanted).settled())),
      isLinear: false,
    };
  }

  /** What the line makes when a group's elements are elsewhere. */
  #at(group: readonly number[], to: ArrayLike<number>): Float64Array {
    const { elements } = this.#data;
    for (let k = 0; k < group.length; k++) elements[group[k]] = to[k];
    try {
      return inScratch(() => this.#line(this.#others).toArray());
    } finally {
      const { elements } = this.#data; // the memory may have moved
      for (const i of group) elements[i] = this.#x[i];
    }
  }

  /** The slopes that are not zero, or that may not be. */
  #column({ slopes, errors }: Slopes): Column & Slopes {
    const order = this.#order,
      parts = this.#starts.length - 1,
      counts = (j: number) => slopes[j] !== 0 || errors[j] > 0;
    const starts = new Int32Array(parts + 1);
    let size = 0;
    for (let p = 0; p < parts; starts[++p] = size) {
      for (let o = this.#starts[p]; o < this.#starts[p + 1]; o++) if (counts(order[o])) size++;
    }
    const column = {
      starts,
      places: new Int32Array(size),
      ...{ slopes: new Float64Array(size), errors: new Float64Array(size) },
    };
    for (let o = 0, k = 0; o < order.length; o++) {
      const j = order[o];
      if (!counts(j)) continue;
      column.places[k] = j;
      column.slopes[k] = slopes[j];
      column.errors[k++] = errors[j];
    }
    return column;
  }

  /**
   * The slopes of a line that is linear in this tensor, plus a constant: one column for each group. Undefined if it is not, near
   * or far. They are measured over a distance so large that what is added, or a larger term beside them, does not matter.
   */
  #affine(typical: number): (Column & Slopes)[] | undefined {
    const x = this.#x, y = this.#y, labels = this.#labels;
    const sizes = x.map((value) => Number.isFinite(value) ? Math.max(Math.abs(value), typical) : 0);
    const most = largest(y);
    const steps = sizes.map((size) => size > 0 ? Math.min(FAR * Math.max(size, most), FARTHEST) : 0);
    const near = sizes.map((size, i) => (fraction(i) - 0.5) * size),
      far = steps.map((step, i) => (fraction(i) - 0.5) * step);
    const all = Array.from(x.keys()), at = (to: Float64Array) => this.#at(all, to);
    const here = new Rise(at, x, y, near, 16), there = new Rise(at, x, y, far, 2);
    if (!here.isStraight(here.most) || !there.isStraight(there.most)) return undefined;
    const predicted = new Float64Array(y.length),
      slopes = new Float64Array(y.length),
      errors = new Float64Array(y.length);
    // What the terms add up to if none cancels: rounding is relative to that.
    const reach = { here: new Float64Array(y.length), there: new Float64Array(y.length) };
    const columns = this.#groups.map((group) => {
      const to = group.map((i) => x[i] + steps[i]), now = this.#at(group, to);
      for (let j = 0; j < y.length; j++) {
        const k = labels[j], i = group[k], step = to[k] - x[i], changed = change(y[j], now[j]);
        slopes[j] = errors[j] = 0;
        if (changed === 0 || !(step > 0)) continue; // an infinite element cannot be moved
        slopes[j] = changed / step;
        errors[j] = 4 * Number.EPSILON * (Math.abs(slopes[j]) + Math.abs(y[j]) / step);
        predicted[j] += slopes[j] * near[i];
        reach.here[j] += Math.abs(slopes[j] * near[i]);
        reach.there[j] += Math.abs(slopes[j] * far[i]);
      }
      return this.#column({ slopes, errors });
    });
    const straight = here.isStraight(reach.here) && there.isStraight(reach.there);
    // Far away it may be another line than here.
    return straight && here.is(predicted, reach.here) ? columns : undefined;
  }
}

/** The places of these labels, 0 … count − 1, sorted by label, and where each label begins. */
export function sorted(labels: Int32Array, count: number): [order: Int32Array, starts: Int32Array] {
  const starts = new Int32Array(count + 1), order = new Int32Array(labels.length);
  for (const label of labels) starts[label + 1]++;
  for (let p = 0; p < count; p++) starts[p + 1] += starts[p];
  const next = starts.slice();
  labels.forEach((label, j) => order[next[label]++] = j);
  return [order, starts];
}

type Evaluate = (elements: Float64Array) => Float64Array;

/** How much the results rise in a direction, on the other side, and `times` as far. */
class Rise {
  readonly #y: Float64Array;
  readonly #times: number;
  readonly #once: Float64Array;
  readonly #fall: Float64Array;
  readonly #more: Float64Array;

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

  /** Whether all fall as much on the other side, and rise as much again, but for the rounding of terms of these sizes. */
  isStraight(reach: Float64Array): boolean {
    const y = this.#y, once = this.#once, fall = this.#fall, more = this.#more, times = this.#times;
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
    const y = this.#y, once = this.#once, more = this.#more, times = this.#times;
    for (let j = 0; j < y.length; j++) {
      const off = Math.max(Math.abs(once[j] - predicted[j]), Math.abs(more[j] / times - predicted[j]));
      if (off > 1e-9 * reach[j] + 8 * Number.EPSILON * Math.abs(y[j])) return false;
    }
    return true;
  }
}
