// The slopes of one forward line: how each element of its result changes with each element of one tensor it reads.
//
// They are measured by differences of this line alone. Moving one element at a time would take as many evaluations as
// there are elements. But most lines keep elements, columns or rows apart (apart.ts): for `x.tanh()` all elements can be moved
// at once, for `x.matmul(w)` one column of x at once.
// Left out: multiplying the slopes along the chain (lib/check/check.ts).
import { inScratch } from "../tensor/memory.ts";
import { arrayOf } from "../tensor/ndarray.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { fits, fraction, grouped, keepsApart, labelsOf, splitsOf, typicalSize } from "./apart.ts";
import type { Tensors } from "./graph.ts";
import { change, Ladder, type Moves, type Slopes } from "./ladder.ts";

/** The slopes of a line with respect to one of the tensors it reads. */
export interface Jacobian {
  /**
   * The vector–Jacobian product, the slopes transposed times `gradient`: what the line sends back when this is the
   * gradient of what it makes.
   */
  vjp(gradient: ArrayLike<number>): Float64Array;
  /** How far off each element of that may be when `gradient` is off by up to `errors`. */
  doubt(gradient: ArrayLike<number>, errors: ArrayLike<number>): Float64Array;
  /** The largest known element of that result if no terms cancelled. Rounding errors are relative to this. */
  reach(gradient: ArrayLike<number>): number;
  /** The terms that `vjp` adds up, those with a slope of zero left out: for each element, in the order of the result. */
  terms(gradient: ArrayLike<number>): number[][];
  /** For a line that is linear in the tensor, plus a constant, its slopes: then it need not be run to know what it makes. */
  readonly linear?: Linear;
  /** The same terms, each with the place in the line's result that it comes from, and the slope. */
  from(element: number): { readonly place: number; readonly slope: number }[];
}

/** Slopes that are not zero, each from an element of the tensor to a place in the line's result. */
export interface Linear {
  /** How fast the place changes with the element. */
  readonly slopes: Float64Array;
  /** Elements of the tensor. */
  readonly elements: Int32Array;
  /** Places in the result. */
  readonly places: Int32Array;
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
  return inScratch(() => product(measured(line, inputs, name, value), inputs[name].numel()));
}

/** Slopes that are not zero, or may not be: each from an element of the tensor to one of the line's result. */
interface Entries extends Slopes, Linear {
  readonly slopes: Float64Array;
  readonly isLinear?: boolean;
}

function product({ slopes, errors, places, elements, isLinear }: Entries, n: number): Jacobian {
  const size = slopes.length;
  // What does not reach the loss sends nothing back, however steep the line is.
  const term = (gradient: ArrayLike<number>, k: number) =>
    gradient[places[k]] === 0 ? 0 : gradient[places[k]] * slopes[k];
  return {
    linear: isLinear ? { slopes, elements, places } : undefined,
    vjp(gradient) {
      const sent = new Float64Array(n);
      for (let k = 0; k < size; k++) sent[elements[k]] += term(gradient, k);
      return sent;
    },
    doubt(gradient, doubts) {
      const sent = new Float64Array(n);
      for (let k = 0; k < size; k++) {
        const g = Math.abs(gradient[places[k]]), doubt = doubts[places[k]], slope = Math.abs(slopes[k]);
        if (g !== 0) sent[elements[k]] += g * (errors[k] + ROUNDING * slope);
        if (doubt !== 0) sent[elements[k]] += doubt * (slope + errors[k]);
      }
      return sent;
    },
    reach(gradient) {
      const sent = new Float64Array(n);
      for (let k = 0; k < size; k++) sent[elements[k]] += Math.abs(term(gradient, k));
      return sent.reduce((most, size) => Number.isFinite(size) ? Math.max(most, size) : most, 0);
    },
    terms(gradient) {
      const all = Array.from({ length: n }, (): number[] => []);
      for (let k = 0; k < size; k++) if (slopes[k] !== 0) all[elements[k]].push(term(gradient, k));
      return all;
    },
    from(element) {
      const found = [];
      for (let k = 0; k < size; k++) {
        if (elements[k] === element && slopes[k] !== 0) found.push({ place: places[k], slope: slopes[k] });
      }
      return found;
    },
  };
}

function measured(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, value: Tensor): Entries {
  const x = inputs[name].toArray(), y = value.toArray(), { shape } = inputs[name];
  // One copy that is written over again and again: a tensor made anew for each evaluation would have its numbers checked.
  const moved = inputs[name].clone(), others = { ...inputs, [name]: moved }, data = arrayOf(moved)!;
  const at = (elements: Float64Array) => {
    data.elements.set(elements);
    return inScratch(() => line(others).toArray());
  };
  const split = splitsOf(shape).find((split) =>
    fits(split, value.shape) && keepsApart(line, inputs, [name], value, split)
  );
  const groups = grouped(x.keys(), split && labelsOf(split, shape));
  const labels = split ? labelsOf(split, value.shape) : new Int32Array(y.length);
  const typical = typicalSize(x);
  const affine = affineSlopes(at, x, y, groups, labels, typical);
  if (affine) return { ...entries(groups, labels, affine), isLinear: true };
  const ladders = groups.map((group) => new Ladder(movesOf(at, x, y, group, labels, 1e-2 * typical)));
  const wanted = new Float64Array(y.length);
  for (const { slopes } of ladders) slopes.forEach((slope, j) => wanted[j] = Math.max(wanted[j], Math.abs(slope) || 0));
  wanted.forEach((steepest, j) => wanted[j] = WANTED * steepest);
  return entries(groups, labels, ladders.map((ladder) => ladder.refine(wanted).settled()));
}

/** What moving the elements of one group does to the line's result. */
function movesOf(
  at: (elements: Float64Array) => Float64Array,
  x: Float64Array,
  y: Float64Array,
  group: readonly number[],
  mover: Int32Array,
  floor: number,
): Moves {
  const there = x.slice();
  return {
    at(to) {
      group.forEach((i, k) => there[i] = to[k]);
      return at(there);
    },
    x: Float64Array.from(group, (i) => x[i]),
    y,
    mover,
    floor,
  };
}

/** The slopes that are not zero, or that may not be, in one list. */
function entries(groups: readonly number[][], labels: Int32Array, columns: readonly Slopes[]): Entries {
  let count = 0;
  for (const { slopes, errors } of columns) {
    for (let j = 0; j < slopes.length; j++) if (slopes[j] !== 0 || errors[j] > 0) count++;
  }
  const places = new Int32Array(count), elements = new Int32Array(count);
  const all = { slopes: new Float64Array(count), errors: new Float64Array(count) };
  let k = 0;
  columns.forEach(({ slopes, errors }, g) => {
    for (let j = 0; j < slopes.length; j++) {
      if (!(slopes[j] !== 0 || errors[j] > 0)) continue;
      places[k] = j;
      elements[k] = groups[g][labels[j]];
      all.slopes[k] = slopes[j];
      all.errors[k++] = errors[j];
    }
  });
  return { places, elements, ...all };
}

type Evaluate = (elements: Float64Array) => Float64Array;

/**
 * The slopes of a line that is linear in this tensor, plus a constant: one column for each group. Undefined if it is not, near
 * or far. They are measured over a distance so large that what is added, or a larger term beside them, does not matter.
 */
function affineSlopes(
  at: Evaluate,
  x: Float64Array,
  y: Float64Array,
  groups: readonly number[][],
  labels: Int32Array,
  typical: number,
): Slopes[] | undefined {
  const sizes = x.map((value) => Number.isFinite(value) ? Math.max(Math.abs(value), typical) : 0);
  const most = y.reduce((most, value) => Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most, 0);
  const steps = sizes.map((size) => size > 0 ? Math.min(FAR * Math.max(size, most), FARTHEST) : 0);
  const near = sizes.map((size, i) => (fraction(i) - 0.5) * size),
    far = steps.map((step, i) => (fraction(i) - 0.5) * step);
  const rise = isAffine(at, x, y, near, 16);
  if (!rise || !isAffine(at, x, y, far, 2)) return undefined;
  const predicted = new Float64Array(y.length), reach = new Float64Array(y.length);
  const columns = groups.map((group) => {
    const there = x.slice();
    for (const i of group) there[i] += steps[i];
    const now = at(there), slopes = new Float64Array(y.length), errors = new Float64Array(y.length);
    for (let j = 0; j < y.length; j++) {
      const i = group[labels[j]], step = there[i] - x[i], changed = change(y[j], now[j]);
      if (changed === 0 || !(step > 0)) continue; // an infinite element cannot be moved
      slopes[j] = changed / step;
      errors[j] = 4 * Number.EPSILON * (Math.abs(slopes[j]) + Math.abs(y[j]) / step);
      predicted[j] += slopes[j] * near[i];
      reach[j] += Math.abs(slopes[j] * near[i]);
    }
    return { slopes, errors };
  });
  // Far away it may be another line than here.
  const same = (risen: Float64Array, times: number) =>
    risen.every((here, j) =>
      !(Math.abs(here - times * predicted[j]) > 1e-9 * times * reach[j] + 8 * Number.EPSILON * Math.abs(y[j]))
    );
  return same(rise.once, 1) && same(rise.more, 16) ? columns : undefined;
}

/** How much the results rise in this direction; undefined if they do not rise as much again, and fall as much on the other side. */
function isAffine(at: Evaluate, x: Float64Array, y: Float64Array, direction: Float64Array, times: number) {
  const by = (factor: number) => {
    const there = at(x.map((value, i) => value + factor * direction[i]));
    return there.map((value, j) => change(y[j], value));
  };
  const once = by(1), fall = by(-1), more = by(times);
  const affine = once.every((rise, j) => {
    if (rise === 0 && fall[j] === 0) return more[j] === 0;
    const size = 1e-12 * (Math.abs(y[j]) + Math.abs(rise));
    return Math.abs(rise + fall[j]) <= size && Math.abs(more[j] - times * rise) <= 2 * times * size;
  });
  return affine ? { once, more } : undefined;
}
