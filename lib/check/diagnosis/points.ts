// Two points at which formulas are tried: the learner's own numbers, and others that have nothing in common with them.
//
// What is right at the first only because bngain is 1.1 everywhere, or because 32 is both a batch and a size, is wrong at the
// second. Parameters, inputs and targets are all others there; shapes, and tables of positions, stay.
// Left out: which formulas are tried (repair.ts).
import type { Forward, Graph, Tensors } from "../graph.ts";
import { run } from "../graph.ts";
import { tensor } from "../../tensor/creation.ts";
import { unheard } from "../../tensor/recording.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Derivation } from "./derive.ts";
import type { Point } from "./formula.ts";

/** Two points, and what every line of the forward pass sends back. */
export interface Points {
  readonly derivation: Derivation;
  /** The learner's own numbers, with the right gradients. */
  readonly first: Point;
  /** Other numbers, with the right gradients there; undefined where the forward pass has no finite loss but at the first. */
  readonly second?: Point;
}

/** The two points of a forward pass; undefined where its gradients cannot be worked out from its lines. */
export function pointsOf(forward: Forward, graph: Graph, values: Tensors): Points | undefined {
  return unheard(() => {
    try {
      const derivation = new Derivation(forward, graph, values), first = derivation.pointAt(values);
      return { derivation, first, second: secondOf(derivation, forward, values) };
    } catch {
      return undefined;
    }
  });
}

/** How far parameters move: far, and closer where the forward pass has no finite loss so far away. */
const DISTANCES = [0.5, 0.1, 0.01];

function secondOf(derivation: Derivation, forward: Forward, values: Tensors): Point | undefined {
  const leaves = Object.entries(values).filter(([name]) => !Object.hasOwn(forward, name));
  for (const distance of DISTANCES) {
    try {
      const moved = Object.fromEntries(leaves.map(([name, t], k) => [name, other(t, k + 1, distance)]));
      const there = run(forward, moved);
      const loss = Object.keys(forward).at(-1)!;
      if (!Number.isFinite(there[loss].item())) continue;
      const point = derivation.pointAt(there);
      if (leaves.every(([name]) => point.leaves.get(`d${name}`)?.toArray().every(Number.isFinite) ?? true)) {
        return point;
      }
    } catch {
      // Outside a function's domain; closer, perhaps.
    }
  }
}

/** A tensor with other numbers of the same kind: positive ones stay positive, indices stay within those that occur. */
function other(t: Tensor, seed: number, distance: number): Tensor {
  const x = t.toArray(), { shape, dtype } = t;
  if (dtype === "bool") return t;
  if (dtype === "int32") return isTable(x, shape.at(-1) ?? 1) ? t : tensor(shuffled(x, seed), { shape, dtype });
  const finite = x.filter(Number.isFinite),
    positive = finite.every((v) => v > 0),
    negative = finite.every((v) => v < 0);
  const typical = Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / Math.max(1, finite.length)) || 0.3;
  const moved = x.map((v, i) => {
    const by = distance * (2 * noise(i, seed) - 1);
    if (positive || negative || !(Math.abs(v) <= 1e6)) return v * Math.exp(by);
    return v + by * typical;
  });
  return tensor(moved, { shape, dtype });
}

/** Whether indices are a table of positions, rather than what somebody sampled: in order, or in even steps along each row. */
function isTable(x: Float64Array, row: number): boolean {
  if (x.every((v, i) => i === 0 || v >= x[i - 1])) return true;
  return row > 2 && x.every((v, i) => i % row < 2 || v - x[i - 1] === x[i - 1] - x[i - 2]);
}

/** The same numbers in another order (Fisher and Yates 1938). */
function shuffled(x: Float64Array, seed: number): Float64Array {
  const there = x.slice();
  for (let i = there.length - 1; i > 0; i--) {
    const j = Math.floor(noise(i, seed) * (i + 1));
    [there[i], there[j]] = [there[j], there[i]];
  }
  return there;
}

/** A pseudo-random number between 0 and 1 for each index and seed. */
function noise(i: number, seed: number): number {
  const x = Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453;
  return x - Math.floor(x);
}
