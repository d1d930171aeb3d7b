// The loss, replayed with elements of one tensor moved, each by itself.
//
// Only the lines below the tensor are run again. Where they keep elements, columns or rows apart (apart.ts), several elements
// are moved in one go: up to there, nothing of one move is in the others' part of a tensor. From there on, one part after
// the other is put into the unmoved tensors, and the rest of the lines runs for each. Of that rest, a line that is linear in
// what has moved, as the jacobians know (jacobian.ts), is not run either: its slopes times the moves are added. The losses are
// as if each element were moved alone, up to rounding, and in every group one of them is and has to give the same.
// Left out: how far to move (finite_differences.ts).
import { heap, inScratch } from "../tensor/memory.ts";
import { arrayOf, type NDArray } from "../tensor/ndarray.ts";
import { type Tensor } from "../tensor/tensor.ts";
import { fits, Groups, keepsApart, labelsOf, sorted, type Split, splitsOf } from "./apart.ts";
import type { Jacobian } from "./collected.ts";
import { change } from "./ladder.ts";
import { downstream, type Forward, type Graph, type Tensors } from "./graph.ts";

/** Which lines are run for a whole group, and which for each of its elements. */
interface Plan {
  readonly split: Split;
  /** The lines that keep the labels apart. */
  readonly shared: readonly string[];
  /** The lines below them. */
  readonly rest: readonly string[];
  /** The tensors that the lines below read from above, the moved one being the first of all. */
  readonly passed: readonly string[];
}

/** The slopes of a line with respect to one tensor, if it is linear in that. */
export type Slopes = (line: string, read: string) => Jacobian | undefined;

/** What calling a line costs, in numbers read or written. */
const CALL = 500;

/** Whether a line keeps the labels of a split apart, of these tensors. */
export type Apart = (line: string, moved: readonly string[], split: Split) => boolean;

/** Asks each question about a forward pass once. */
export function apartIn(forward: Forward, values: Tensors): Apart {
  const known = new Map<string, boolean>();
  return (line, moved, split) => {
    const key = `${line} ${split.by} ${split.count} ${moved.join(" ")}`;
    let apart = known.get(key);
    if (apart === undefined) known.set(key, apart = keepsApart(forward[line], values, moved, values[line], split));
    return apart;
  };
}

/** Replays of a forward pass from one tensor on. Its own copies are freed with the block it is made in. */
export class Replay {
  /** The tensor's elements. */
  readonly x: Float64Array;
  /** How many numbers it reads and writes to move every element once, as a measure of the time it takes. */
  readonly work: number;
  readonly #forward: Forward;
  readonly #lines: readonly string[];
  readonly #last: string;
  readonly #target: NDArray;
  readonly #alone: Tensors;
  #plan: Plan | undefined;
  /** For the plan: the tensors as the shared lines and as the others see them, labels, and unmoved copies. */
  readonly #above: Tensors;
  readonly #below: Tensors;
  readonly #labels: Int32Array | undefined;
  readonly #parts: Patch[] = [];
  readonly #steps: ((label: number) => void)[] = [];
  readonly #rounding: number;
  #turn = 0;

  /**
   * All tensors are float64, except for indices. Only copies are changed.
   *
   * @param slopes those of linear lines. `terms` says how large the numbers are that the loss is a sum of, for its rounding.
   */
  constructor(
    forward: Forward,
    graph: Graph,
    values: Tensors,
    name: string,
    apart: Apart,
    { slopes = () => undefined, terms = 0 }: { slopes?: Slopes; terms?: number } = {},
  ) {
    const target = values[name].clone();
    this.#forward = forward;
    this.#lines = downstream(graph, name);
    this.#last = Object.keys(forward).at(-1)!;
    this.#target = arrayOf(target)!;
    this.#alone = { ...values, [name]: target };
    this.#above = { ...this.#alone };
    this.#below = { ...values };
    this.x = target.toArray();
    this.#rounding = 32 * Number.EPSILON * Math.max(Math.abs(values[this.#last].item()), terms);
    const size = (other: string) => values[other].numel();
    const cost = (lines: readonly string[]) =>
      lines.reduce((sum, line) => sum + CALL + graph[line].reduce((all, read) => all + size(read), size(line)), 0);
    const n = this.x.length,
      ofPlan = ({ split, shared, rest, passed }: Plan) => {
        const part = passed.reduce((sum, other) => sum + size(other) / split.count, CALL);
        return n / split.count * (cost(shared) + cost(this.#lines) / 2) + n * (cost(rest) + part);
      };
    this.work = n * cost(this.#lines);
    for (const split of splitsOf(values[name].shape)) {
      const plan = planFor(split, graph, values, name, this.#lines, apart);
      if (plan.shared.length === 0 || ofPlan(plan) >= this.work) continue;
      this.#plan = plan;
      this.work = ofPlan(plan);
    }
    if (!this.#plan) return;
    const { split, passed } = this.#plan;
    this.#labels = labelsOf(split, values[name].shape);
    this.#parts = passed.map((other) => new Patch(split, values[other]));
    passed.forEach((other, k) => this.#below[other] = this.#parts[k].tensor);
    const moving = new Set([...passed, ...this.#plan.rest]);
    this.#steps = this.#plan.rest.map((line) => {
      const reads = graph[line].filter((read) => moving.has(read)), [read] = reads;
      const found = reads.length === 1 && values[line].dtype === "float64" ? slopes(line, read) : undefined;
      const byLabel = passed.includes(read), each = found ? found.size / (byLabel ? split.count : 1) : 0;
      if (found && 4 * each + size(line) < cost([line])) {
        const added = new Added(found, values[line], values[read], byLabel ? split : undefined);
        this.#below[line] = added.tensor;
        return (label) => added.run(this.#below[read], label);
      }
      const make = forward[line];
      return () => void (this.#below[line] = make(this.#below));
    });
  }

  /** These elements in groups that can be moved at once. */
  groups(elements: Int32Array): Groups {
    // Without a plan each is a group of its own.
    return this.#plan ? new Groups(elements, this.#labels, this.#plan.split.count) : new Groups(elements);
  }

  /** The loss for each of a group's elements, if it alone were moved to the place given for it. */
  losses(group: readonly number[], to: ArrayLike<number>): Float64Array {
    if (!this.#plan) return Float64Array.from(group, (i, k) => this.#single(i, to[k]));
    const { shared, passed } = this.#plan, losses = new Float64Array(group.length);
    this.#withMoved(group, to, () => {
      for (const line of shared) this.#above[line] = this.#forward[line](this.#above);
      const moved = passed.map((other) => arrayOf(this.#above[other])!.contiguous());
      for (let k = 0; k < group.length; k++) losses[k] = this.#patched(moved, this.#labels![group[k]]);
    });
    const witness = this.#turn++ % (2 * group.length);
    if (witness >= group.length) return losses;
    const off = Math.abs(change(this.#single(group[witness], to[witness]), losses[witness]));
    if (off <= this.#rounding || Number.isNaN(off)) return losses;
    // They were not apart after all: from here on, one at a time.
    this.#plan = undefined;
    return this.losses(group, to);
  }

  #single(i: number, to: number): number {
    return this.#withMoved([i], [to], () => this.#run(this.#lines, this.#alone));
  }

  #patched(moved: readonly NDArray[], label: number): number {
    const parts = this.#parts;
    for (let k = 0; k < parts.length; k++) parts[k].put(label, moved[k]);
    try {
      return inScratch(() => {
        for (const step of this.#steps) step(label);
        return this.#below[this.#last].item();
      });
    } finally {
      for (let k = 0; k < parts.length; k++) parts[k].takeBack(label);
    }
  }

  #withMoved<T>(group: readonly number[], to: ArrayLike<number>, work: () => T): T {
    const { elements } = this.#target;
    for (let k = 0; k < group.length; k++) elements[group[k]] = to[k];
    try {
      return inScratch(work);
    } finally {
      const { elements } = this.#target; // the memory may have moved
      for (const i of group) elements[i] = this.x[i];
    }
  }

  #run(lines: readonly string[], tensors: Tensors): number {
    for (const line of lines) tensors[line] = this.#forward[line](tensors);
    return tensors[this.#last].item();
  }
}

function planFor(
  split: Split,
  graph: Graph,
  values: Tensors,
  name: string,
  lines: readonly string[],
  apart: Apart,
): Plan {
  const changed = new Set([name, ...lines]), shared = new Set([name]);
  for (const line of lines) {
    const moved = graph[line].filter((read) => changed.has(read));
    if (moved.every((read) => shared.has(read)) && fits(split, values[line].shape) && apart(line, moved, split)) {
      shared.add(line);
    }
  }
  const rest = lines.filter((line) => !shared.has(line));
  const passed = [...shared].filter((read) => rest.some((line) => graph[line].includes(read)));
  shared.delete(name);
  return { split, shared: [...shared], rest, passed };
}

/** A tensor's copy into which the part with one label is put, and taken back. */
class Patch {
  readonly tensor: Tensor;
  readonly #own: NDArray;
  readonly #unmoved: NDArray;
  readonly #split: Split;

  constructor(split: Split, t: Tensor) {
    this.tensor = t.clone();
    this.#own = arrayOf(this.tensor)!;
    this.#unmoved = arrayOf(t)!.contiguous();
    this.#split = split;
  }

  put(label: number, from: NDArray): void {
    const { by, count } = this.#split, n = from.numel;
    const size = n / count, numbers = heap.float64;
    const [first, end, step] = by === "column" ? [label, n, count] : [label * size, (label + 1) * size, 1];
    const to = this.#own.start, source = from.start;
    for (let i = first; i < end; i += step) numbers[to + i] = numbers[source + i];
  }

  takeBack(label: number): void {
    this.put(label, this.#unmoved);
  }
}

/** What a linear line makes: what it made before, and its slopes times what has moved. */
class Added {
  readonly tensor: Tensor;
  readonly #linear: Jacobian;
  readonly #before: NDArray;
  readonly #unmoved: NDArray;
  /** The elements with each label, one label after the other. */
  readonly #order: Int32Array;
  readonly #starts: Int32Array;

  constructor(linear: Jacobian, made: Tensor, read: Tensor, split: Split | undefined) {
    this.tensor = made.clone();
    this.#linear = linear;
    this.#before = arrayOf(made)!.contiguous();
    this.#unmoved = arrayOf(read)!.contiguous();
    [this.#order, this.#starts] = split
      ? sorted(labelsOf(split, read.shape), split.count)
      : sorted(new Int32Array(read.numel()), 1);
  }

  run(moved: Tensor, label: number): void {
    const { starts, ends, slopes, from: first, places } = this.#linear;
    const x = arrayOf(moved)!.contiguous();
    const l = this.#starts.length > 2 ? label : 0, n = this.#before.numel;
    const numbers = heap.float64, to = arrayOf(this.tensor)!.start, from = x.start;
    const before = this.#before.start, unmoved = this.#unmoved.start;
    // What is added first adds up by itself: it is small beside what was there.
    numbers.fill(0, to, to + n);
    for (let o = this.#starts[l]; o < this.#starts[l + 1]; o++) {
      const i = this.#order[o], off = change(numbers[unmoved + i], numbers[from + i]);
      if (off === 0) continue;
      for (let k = starts[i], at = first[i]; k < ends[i]; k++, at++) numbers[to + places[at]] += slopes[k] * off;
    }
    for (let j = 0; j < n; j++) numbers[to + j] += numbers[before + j];
  }
}
