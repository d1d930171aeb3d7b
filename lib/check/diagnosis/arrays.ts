// Changes of a whole array, as loops over plain numbers make them: displaced, turned round, a part left out or alone, one part
// in the place of all, written over instead of added.
//
// They are offered where a gradient's formula is not known, and its numbers have to tell.
import { cat, sub } from "../../tensor/functional.ts";
import { range, zeros_like } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** The elements at these places along a dimension. */
function along(a: Tensor, dim: number, places: readonly number[]): Tensor {
  return dim === 0 ? a.at(places) : a.transpose(0, dim).at(places).transpose(0, dim).clone();
}

/** 1 at these places along a dimension, 0 elsewhere. */
function mask(a: Tensor, dim: number, places: readonly number[]): Tensor {
  const ones = zeros_like(a).transpose(0, dim).clone();
  for (const i of places) ones.at(i).fill_(1);
  return ones.transpose(0, dim);
}

/** The operations, by name. The dimension comes second. */
// deno-lint-ignore no-explicit-any -- each takes its own arguments
export const ARRAYS: Record<string, (...args: any[]) => Tensor> = {
  displaced: (a: Tensor, dim: number, by: number) => {
    const n = a.shape[dim];
    return along(a, dim, range(n).map((i) => (i + n - by) % n));
  },
  reversed: (a: Tensor, dim: number) => along(a, dim, range(a.shape[dim]).reverse()),
  alone: (a: Tensor, dim: number, first: number, end: number) => a.mul(mask(a, dim, range(first, end))),
  without: (a: Tensor, dim: number, first: number, end: number) => a.mul(sub(1, mask(a, dim, range(first, end)))),
  repeated: (a: Tensor, dim: number, i: number) => along(a, dim, range(a.shape[dim]).map(() => i)),
  turned: (a: Tensor) => cat([a.transpose(0, 1).clone().flatten()]).view(a.shape),
  shifted: (a: Tensor, by: number, rows: number) => a.add(by + rows).sub(a.add(by + rows).div(rows).int().mul(rows)),
  written_over(table: Tensor, index: Tensor, source: Tensor) {
    const copy = table.clone(), rows = source.view(-1, ...table.shape.slice(1));
    index.flatten().toArray().forEach((row, i) => copy.at(row).zero_().add_(rows.at(i)));
    return copy;
  },
};
