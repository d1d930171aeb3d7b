// The slopes of one forward line: how each element of its result changes with each element of one tensor it reads.
//
// They are measured by differences of this line alone. Moving one element at a time would take as many evaluations as
// there are elements. But most lines keep rows, columns or single elements apart: for `x.tanh()` all elements can be moved
// at once, for `x.matmul(w)` one column of x at once. Which of these is true is tested first: some rows are moved, and no
// other row of the result may move, for enough choices of rows to tell any two apart.
// Left out: multiplying the slopes along the chain (lib/check/check.ts).
import { inScratch } from "../tensor/memory.ts";
import { arrayOf } from "../tensor/ndarray.ts";
import { numel, type Shape } from "../tensor/shape.ts";
import { type Tensor } from "../tensor/tensor.ts";
import type { Tensors } from "./graph.ts";

/** The slopes of a line with respect to one of the tensors it reads. */
export interface Jacobian {
  /**
   * The vector–Jacobian product, the slopes transposed times `gradient`: what the line sends back when this is the
   * gradient of what it makes.
   */
  vjp(gradient: ArrayLike<number>): Float64Array;
  /** The largest element of that result if no terms cancelled. Rounding errors are relative to this. */
  reach(gradient: ArrayLike<number>): number;
  /** The terms that `vjp` adds up, those with a slope of zero left out: for each element, in the order of the result. */
  terms(gradient: ArrayLike<number>): number[][];
}

/** A split of the elements by labels: elements of the result depend only on inputs with the same label. */
interface Labels {
  count: number;
  input: (i: number) => number;
  output: (j: number) => number;
}

/**
 * Measures the slopes of `line` with respect to `inputs[name]`, at these inputs, to some ten digits.
 *
 * @param inputs every tensor that the line reads; none is changed.
 * @param value what the line makes of them.
 */
export function jacobian(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, value: Tensor): Jacobian {
  return inScratch(() => measured(line, inputs, name, value));
}

function measured(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, value: Tensor): Jacobian {
  const x = inputs[name].toArray(), y = value.toArray(), shape = inputs[name].shape;
  // One copy that is written over again and again: a tensor made anew for each evaluation would have its numbers checked.
  const moved = inputs[name].clone(), others = { ...inputs, [name]: moved }, data = arrayOf(moved)!;
  const at = (elements: Float64Array) => {
    data.elements.set(elements);
    return inScratch(() => line(others).toArray());
  };
  const typical = rootMeanSquare(x) || 1;
  const { count, input, output } = labelling(at, x, y, shape, value.shape, typical);
  const groups = Array.from({ length: x.length / count }, (): number[] => new Array(count));
  const seen = new Array<number>(count).fill(0);
  for (let i = 0; i < x.length; i++) {
    const label = input(i);
    groups[seen[label]++][label] = i;
  }
  const labels = Int32Array.from(y, (_, j) => output(j));
  const affine = isAffine(at, x, y, typical);
  const columns = groups.map((group) =>
    affine ? affineSlopes(at, x, y, group, labels, 64 * typical) : curvedSlopes(at, x, y, group, labels, typical)
  );
  const { from, to, slopes } = sparse(columns, groups, labels), size = slopes.length;
  return {
    vjp(gradient) {
      const sent = new Float64Array(x.length);
      for (let k = 0; k < size; k++) sent[to[k]] += gradient[from[k]] * slopes[k];
      return sent;
    },
    reach(gradient) {
      const sent = new Float64Array(x.length);
      for (let k = 0; k < size; k++) sent[to[k]] += Math.abs(gradient[from[k]] * slopes[k]);
      return sent.reduce((most, size) => Math.max(most, size), 0);
    },
    terms(gradient) {
      const all = Array.from(x, (): number[] => []);
      for (let k = 0; k < size; k++) all[to[k]].push(gradient[from[k]] * slopes[k]);
      return all;
    },
  };
}

/** The slopes that are not zero, each from an element of the result to one of the tensor. */
function sparse(columns: readonly Float64Array[], groups: readonly number[][], labels: Int32Array) {
  const count = columns.reduce((sum, column) => sum + column.reduce((n, slope) => slope !== 0 ? n + 1 : n, 0), 0);
  const from = new Int32Array(count), to = new Int32Array(count), slopes = new Float64Array(count);
  let k = 0;
  columns.forEach((column, g) => {
    for (let j = 0; j < column.length; j++) {
      if (column[j] === 0) continue;
      from[k] = j;
      to[k] = groups[g][labels[j]];
      slopes[k++] = column[j];
    }
  });
  return { from, to, slopes };
}

type Evaluate = (elements: Float64Array) => Float64Array;

/** The labels with the most groups that pass the test. */
function labelling(at: Evaluate, x: Float64Array, y: Float64Array, from: Shape, to: Shape, typical: number): Labels {
  const candidates: Labels[] = [];
  if (x.length === y.length) candidates.push({ count: x.length, input: (i) => i, output: (j) => j });
  const columns = from.at(-1), rows = from[0];
  if (columns !== undefined && columns === to.at(-1)) {
    candidates.push({ count: columns, input: (i) => i % columns, output: (j) => j % columns });
  }
  if (rows !== undefined && rows === to[0]) {
    const a = numel(from) / rows, b = numel(to) / rows;
    candidates.push({ count: rows, input: (i) => Math.floor(i / a), output: (j) => Math.floor(j / b) });
  }
  candidates.sort((a, b) => b.count - a.count);
  return candidates.find((labels) => labels.count > 1 && holds(at, x, y, labels, typical)) ??
    { count: 1, input: () => 0, output: () => 0 };
}

/** Whether nothing with one label moves when only elements with others are moved. */
function holds(at: Evaluate, x: Float64Array, y: Float64Array, { count, input, output }: Labels, typical: number) {
  for (let bit = 1; bit < count; bit *= 2) {
    for (const moved of [0, bit]) {
      const there = x.map((value, i) =>
        (input(i) & bit) === moved ? value + (0.1 + 0.3 * fraction(i)) * (Math.abs(value) + 1e-3 * typical) : value
      );
      const now = at(there);
      for (let j = 0; j < y.length; j++) {
        if ((output(j) & bit) !== moved && now[j] !== y[j] && !(Number.isNaN(now[j]) && Number.isNaN(y[j]))) {
          return false;
        }
      }
    }
  }
  return true;
}

/** Whether the line is linear in this tensor, plus a constant: then one step gives the exact slope. */
function isAffine(at: Evaluate, x: Float64Array, y: Float64Array, typical: number): boolean {
  const direction = x.map((_, i) => (fraction(i) - 0.5) * typical);
  const up = at(x.map((value, i) => value + direction[i]));
  const down = at(x.map((value, i) => value - direction[i]));
  const far = at(x.map((value, i) => value + 16 * direction[i]));
  for (let j = 0; j < y.length; j++) {
    const slope = up[j] - y[j], size = 1e-12 * (Math.abs(y[j]) + Math.abs(slope));
    if (!(Math.abs(up[j] + down[j] - 2 * y[j]) <= size && Math.abs(far[j] - y[j] - 16 * slope) <= 32 * size)) {
      return false;
    }
  }
  return true;
}

function affineSlopes(at: Evaluate, x: Float64Array, y: Float64Array, group: number[], labels: Int32Array, h: number) {
  const there = x.slice(),
    steps = group.map((i) => {
      there[i] += h;
      return there[i] - x[i];
    });
  const now = at(there);
  return Float64Array.from(y, (before, j) => (now[j] - before) / steps[labels[j]]);
}

/**
 * Central differences with steps from 1/16 of an element down, each a quarter of the last, extrapolated in pairs to step
 * 0; for each slope the one that agrees best with its neighbour, rounding counted in.
 */
function curvedSlopes(
  at: Evaluate,
  x: Float64Array,
  y: Float64Array,
  group: number[],
  labels: Int32Array,
  typical: number,
) {
  const best = new Float64Array(y.length).fill(NaN), smallest = new Float64Array(y.length).fill(Infinity);
  let coarse: Float64Array | undefined, previous: Float64Array | undefined;
  for (let k = 2, last = 8; k <= last; k++) {
    // On to smaller steps where the line has no value so far away, as a logarithm has none below 0.
    if (k > 2 && smallest.includes(Infinity)) last = Math.min(24, Math.max(last, k + 4));
    const up = x.slice(), down = x.slice();
    const steps = group.map((i) => {
      const h = 4 ** -k * Math.max(Math.abs(x[i]), 1e-2 * typical);
      up[i] += h;
      down[i] -= h;
      return up[i] - down[i];
    });
    const high = at(up), low = at(down);
    const fine = high.map((value, j) => (value - low[j]) / steps[labels[j]]);
    if (coarse) {
      const extrapolated = fine.map((value, j) => value + (value - coarse![j]) / 15);
      let mayImprove = false;
      for (let j = 0; j < y.length; j++) {
        const noise = 2 * Number.EPSILON * Math.abs(y[j]) / steps[labels[j]];
        const error = (previous ? Math.abs(extrapolated[j] - previous[j]) : Math.abs(extrapolated[j] - fine[j])) +
          noise;
        // As far away as the coarsest steps go, a logarithm may have no value yet.
        if (error < smallest[j] || Number.isNaN(best[j])) {
          smallest[j] = Number.isNaN(error) ? Infinity : error;
          best[j] = extrapolated[j];
        }
        // The next step is a quarter of this one, so its noise is four times as large.
        mayImprove ||= !(4 * noise >= smallest[j]);
      }
      if (!mayImprove) break;
      previous = extrapolated;
    }
    coarse = fine;
  }
  return best;
}

function rootMeanSquare(x: Float64Array): number {
  let squares = 0;
  for (const value of x) squares += value * value;
  return Math.sqrt(squares / Math.max(1, x.length));
}

/** A pseudo-random number between 0 and 1 for each index. */
function fraction(i: number): number {
  const x = Math.sin(12.9898 * (i + 1)) * 43758.5453;
  return x - Math.floor(x);
}
