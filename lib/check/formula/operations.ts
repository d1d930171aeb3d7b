// The operations that a formula is made of, run by name: a tensor's methods, functions, and some of our own that stand for more
// than one call. Some of these change a whole array, as loops over plain numbers do: displaced, turned round, a part left out
// or alone, one part in the place of all, written over instead of added.
import { range, tensor, zeros_like } from "../../tensor/creation.ts";
import * as functional from "../../tensor/functional.ts";
import { MaxResult, Tensor } from "../../tensor/tensor.ts";

/** Runs an operation. In place is on a copy; what a method returns beside the values is left out. */
export function apply(op: string, args: unknown[]): Tensor {
  if (Object.hasOwn(OWN, op)) return OWN[op](...args);
  if (Object.hasOwn(ARRAYS, op)) return ARRAYS[op](...args);
  const [first, ...rest] = args;
  const free = (functional as Record<string, unknown>)[op];
  if (!(first instanceof Tensor) || op === "one_hot" || op === "where") {
    if (typeof free !== "function") throw new TypeError(`There is no function ${op}.`);
    return (free as (...args: unknown[]) => Tensor)(...args);
  }
  if (op === "index_add_") return OWN.index_add(...args);
  const self = op.endsWith("_") ? first.clone() : first;
  // deno-lint-ignore no-explicit-any -- a method by name
  const made = op === "T" ? self.T : (self as any)[op](...rest);
  return made instanceof MaxResult ? made.values : made;
}

/** A step of a view: a method and its arguments. */
export type ViewStep = readonly [op: string, ...args: unknown[]];

/** Operations that stand for more than one call. */
// deno-lint-ignore no-explicit-any -- each takes its own arguments
const OWN: Record<string, (...args: any[]) => Tensor> = {
  /** An operation in place on a view: on a copy of the tensor that is seen. */
  write(base: Tensor, views: readonly ViewStep[], op: string, ...args: unknown[]) {
    const copy = base.clone();
    let view = copy;
    for (const [name, ...rest] of views) view = apply(name, [view, ...rest]);
    // deno-lint-ignore no-explicit-any -- a method by name
    (view as any)[op](...args);
    return copy;
  },
  /** Rows added up; an index of several dimensions names the rows of as many. */
  index_add(table: Tensor, dim: number, index: Tensor | number[], source: Tensor) {
    const flat = index instanceof Tensor ? index.flatten() : index, made = table.clone();
    return made.index_add_(dim, flat, dim === 0 ? source.view(-1, ...table.shape.slice(1)) : source);
  },
  /** Broadcast to a shape. */
  spread: (a: Tensor, ...shape: number[]) => a.expand(shape),
  /** 1 where the largest along a dimension first stands, else 0. */
  is_max(a: Tensor, dim: number) {
    const hot = functional.one_hot(a.argmax(dim), a.shape.at(dim)!).to(a.dtype);
    let moved = hot;
    for (let last = hot.shape.length - 1; last > (dim + hot.shape.length) % hot.shape.length; last--) {
      moved = moved.transpose(last, last - 1);
    }
    return moved;
  },
  /** 1 where the largest along dimensions stands, else 0; equal ones share it. */
  is_amax(a: Tensor, dim?: number | number[]) {
    const largest = a.eq(a.amax(dim, { keepdim: true })).to(a.dtype);
    return largest.div(largest.sum(dim, { keepdim: true }));
  },
  /** 1 where it is positive, else 0. */
  positive: (a: Tensor) => a.gt(0).to(a.dtype),
  /** 1 where the one is larger than the other, else 0. Of two equal ones, the first is. */
  is_larger: (a: Tensor, b: Tensor, isSecond?: boolean) => (isSecond ? a.gt(b) : a.ge(b)).double(),
  is_smaller: (a: Tensor, b: Tensor, isSecond?: boolean) => (isSecond ? a.lt(b) : a.le(b)).double(),
  zeros_like: (a: Tensor) => zeros_like(a),
};

/** The elements at these places along a dimension. */
function along(a: Tensor, dim: number, places: readonly number[]): Tensor {
  return dim === 0 ? a.at(places) : a.transpose(0, dim).at(places).transpose(0, dim).clone();
}

/** A tensor with some places along a dimension as they are, and 0 elsewhere. */
function keeping(a: Tensor, dim: number, isKept: (i: number) => boolean): Tensor {
  const mask = range(a.shape[dim]).map((i) => Number(isKept(i)));
  return a.mul(tensor(mask, { dtype: a.dtype }).view(a.shape.map((n, d) => d === dim ? n : 1)));
}

/** The operations, by name. The dimension comes second. */
// deno-lint-ignore no-explicit-any -- each takes its own arguments
export const ARRAYS: Record<string, (...args: any[]) => Tensor> = {
  displaced: (a: Tensor, dim: number, by: number) => {
    const n = a.shape[dim];
    return along(a, dim, range(n).map((i) => (i + n - by) % n));
  },
  reversed: (a: Tensor, dim: number) => along(a, dim, range(a.shape[dim]).reverse()),
  alone: (a: Tensor, dim: number, first: number, end: number) => keeping(a, dim, (i) => i >= first && i < end),
  without: (a: Tensor, dim: number, first: number, end: number) => keeping(a, dim, (i) => i < first || i >= end),
  repeated: (a: Tensor, dim: number, i: number) => along(a, dim, range(a.shape[dim]).map(() => i)),
  turned: (a: Tensor) => functional.cat([a.transpose(0, 1).clone().flatten()]).view(a.shape),
  shifted: (a: Tensor, by: number, rows: number) => a.add(by + rows).sub(a.add(by + rows).div(rows).int().mul(rows)),
  written_over(table: Tensor, index: Tensor, source: Tensor) {
    const copy = table.clone(), rows = source.view(-1, ...table.shape.slice(1));
    index.flatten().toArray().forEach((row, i) => copy.at(row).zero_().add_(rows.at(i)));
    return copy;
  },
};
