// Which elements of a line's result depend on which elements of its inputs, as far as that follows from their places.
//
// Many lines keep elements, columns or rows apart: each element of `x.tanh()` depends on one element of x, each row of
// `x.matmul(w)` on one row of x. What keeps apart can be moved at once, and each result still comes from one move. Nothing is
// known about the lines, so it is tried: some labels' elements are moved, by more than a difference ever moves them, and no
// element with another label may change by a bit; for enough choices of labels to distinguish any two.
// Left out: blocks of other kinds, such as the middle one of three dimensions.
import { inScratch } from "../tensor/memory.ts";
import { arrayOf } from "../tensor/ndarray.ts";
import { numel, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Tensors } from "./graph.ts";

/** Labels for the elements of every tensor that they fit: each element has its own, or its column's, or its row's. */
export interface Split {
  /** What has a label of its own. */
  readonly by: "element" | "column" | "row";
  /** How many labels there are. */
  readonly count: number;
}

/** The splits of a shape, those with the most labels first. A row is all that has the same first index. */
export function splitsOf(shape: Shape): Split[] {
  const splits: Split[] = [
    { by: "element", count: numel(shape) },
    { by: "column", count: shape.at(-1) ?? 1 },
    { by: "row", count: shape[0] ?? 1 },
  ];
  return splits.filter(({ count }) => count > 1).sort((a, b) => b.count - a.count);
}

/** Whether a tensor of this shape can be split so. */
export function fits({ by, count }: Split, shape: Shape): boolean {
  return count === (by === "element" ? numel(shape) : by === "column" ? shape.at(-1) : shape[0]);
}

/** The label of each element, from 0 on. */
export function labelsOf({ by, count }: Split, shape: Shape): Int32Array {
  const labels = new Int32Array(numel(shape)), perRow = labels.length / count;
  for (let i = 0; i < labels.length; i++) {
    labels[i] = by === "element" ? i : by === "column" ? i % count : Math.floor(i / perRow);
  }
  return labels;
}

/**
 * Elements in groups of which each has every label at most once, in the order of the labels. A group is made when it is asked
 * for: all of them together would be one more long list for each tensor.
 */
export class Groups {
  /** How many groups there are. */
  readonly length: number;
  readonly #order: Int32Array;
  readonly #starts: Int32Array;

  /** `labels` are those of all elements, from 0 to count − 1; without them every element has the same. */
  constructor(elements: Int32Array, labels?: Int32Array, count = 1) {
    const [order, starts] = sorted(elements.map((i) => labels ? labels[i] : 0), count);
    this.#order = order.map((k) => elements[k]);
    this.#starts = starts;
    let most = 0;
    for (let l = 0; l < count; l++) most = Math.max(most, starts[l + 1] - starts[l]);
    this.length = most;
  }

  /** The group of this number. */
  at(g: number): number[] {
    const group: number[] = [], starts = this.#starts;
    for (let l = 0; l + 1 < starts.length; l++) {
      if (starts[l] + g < starts[l + 1]) group.push(this.#order[starts[l] + g]);
    }
    return group;
  }

  /** One group after the other. */
  *[Symbol.iterator](): Iterator<number[]> {
    for (let g = 0; g < this.length; g++) yield this.at(g);
  }
}

/** The places of these labels, 0 … count − 1, sorted by label, and where each label begins. */
export function sorted(labels: Int32Array, count: number): [order: Int32Array, starts: Int32Array] {
  const starts = new Int32Array(count + 1), order = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) starts[labels[i] + 1]++;
  for (let p = 0; p < count; p++) starts[p + 1] += starts[p];
  const next = starts.slice();
  labels.forEach((label, j) => order[next[label]++] = j);
  return [order, starts];
}

/** The numbers from 0 to n − 1. */
export function upTo(n: number): Int32Array {
  return new Int32Array(n).map((_, i) => i);
}

/**
 * Whether each element that a line makes depends only on elements with its own label, of these tensors that it reads, when
 * all of them move.
 *
 * @param inputs every tensor that the line reads; none is changed.
 * @param made what the line makes of them.
 */
export function keepsApart(
  line: (inputs: Tensors) => Tensor,
  inputs: Tensors,
  moved: readonly string[],
  made: Tensor,
  split: Split,
): boolean {
  if (
    ![made, ...moved.map((name) => inputs[name])].every(({ shape, dtype }) => dtype === "float64" && fits(split, shape))
  ) return false;
  return inScratch(() => {
    const others = { ...inputs }, before = made.toArray();
    const labelOf = labelsOf(split, made.shape);
    const parts = moved.map((name) => {
      const copy = inputs[name].clone(), x = inputs[name].toArray();
      const small = 1e-3 * typicalSize(x);
      others[name] = copy;
      const there = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) {
        const part = fraction(i) - 0.5;
        there[i] = x[i] + (part + 0.1 * Math.sign(part)) * (Math.abs(x[i]) + small);
      }
      return { x, there, labels: labelsOf(split, copy.shape), data: arrayOf(copy)! };
    });
    for (let bit = 1; bit < split.count; bit *= 2) {
      for (const side of [0, bit]) {
        for (const { x, there, labels, data } of parts) {
          const { elements } = data;
          for (let i = 0; i < x.length; i++) elements[i] = (labels[i] & bit) === side ? there[i] : x[i];
        }
        const same = inScratch(() => {
          const now = arrayOf(line(others))!.contiguous().elements;
          for (let j = 0; j < now.length; j++) {
            if ((labelOf[j] & bit) !== side && !Object.is(now[j], before[j])) return false;
          }
          return true;
        });
        if (!same) return false;
      }
    }
    return true;
  });
}

/** Whether all that a line makes of a tensor is the same numbers in the same order, as `view` does, wherever they are moved. */
export function copies(line: (inputs: Tensors) => Tensor, inputs: Tensors, name: string, made: Tensor): boolean {
  if (made.dtype !== "float64" || made.numel() !== inputs[name].numel()) return false;
  return inScratch(() => {
    const x = inputs[name].toArray(), copy = inputs[name].clone();
    return [0, 0.5, -0.5, 1e6, 2 ** -10, 2 ** -16, -(2 ** -16)].every((by) => {
      const { elements } = arrayOf(copy)!;
      for (let i = 0; i < x.length; i++) elements[i] = x[i] + by * (Math.abs(x[i]) + 1) * fraction(i);
      const expected = copy.toArray(), now = line({ ...inputs, [name]: copy }).toArray();
      for (let j = 0; j < now.length; j++) if (!Object.is(now[j], expected[j])) return false;
      return true;
    });
  });
}

/** The median size of the elements that are neither infinite nor (nearly) 0. All being zero suggests none; 1/16 works here. */
export function typicalSize(x: Float64Array): number {
  const sizes = new Float64Array(x.length);
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (size > 1e-100 && size < Infinity) sizes[n++] = size;
  }
  return n > 0 ? sizes.subarray(0, n).sort()[(n - 1) >> 1] : 1 / 16;
}

/** The largest size among finite numbers. */
export function largest(numbers: Float64Array): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) if (Number.isFinite(numbers[i])) most = Math.max(most, Math.abs(numbers[i]));
  return most;
}

/** A pseudo-random number between 0 and 1 for each index. */
export function fraction(i: number): number {
  const mixed = Math.imul(i + 1, 0x9e3779b1), again = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((again ^ (again >>> 13)) >>> 0) / 2 ** 32;
}
