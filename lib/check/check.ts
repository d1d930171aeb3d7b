// The check: every element of a gradient against finite differences, and the verdict.
//
// `ok` means what torch.allclose means, |a − b| ≤ 1e-8 + 1e-5·|b|, for every element. Two things differ, both on purpose.
// Shapes are compared strictly: (64) is not (1, 64), where broadcasting would hide the mistake. And 1e-8 shrinks for a
// gradient whose largest element is below 1e-3, or it would let anything small pass. NaN never passes.
// Left out: what is wrong with a wrong one (lib/check/diagnose.ts) and how rows look (lib/exercise/table.ts).
import { type Probe, probe, refine } from "./finite_differences.ts";
import { type Forward, type Graph, type Tensors, trace } from "./graph.ts";
import { sameShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A verdict: right, a wrong number somewhere, the wrong shape, or nothing there yet. */
export type Status = "ok" | "wrong" | "shape" | "todo";

/** What the check found out about one gradient. */
export interface Row {
  /** The tensor whose gradient this is. */
  name: string;
  /** The shape that tensor has, and its gradient should have. */
  shape: Shape;
  /** The verdict. */
  status: Status;
  /** The largest difference to the finite differences; null when there was nothing to compare. */
  maxdiff: number | null;
  /** The gradient as given. */
  given?: Tensor;
  /** The finite differences, one per element; there when elements were compared. */
  expected?: Float64Array;
}

const ABSOLUTE = 1e-8, RELATIVE = 1e-5;

/** Checks the gradients of one forward pass. */
export class Check {
  /** Every tensor of the forward pass, in float64. */
  readonly values: Tensors;
  /** Who feeds whom. */
  readonly graph: Graph;

  /**
   * Runs the forward pass once, to have its tensors and learn its graph.
   *
   * @param leaves its parameters and inputs. Float32 ones are widened: float32 has too few digits for differences.
   */
  constructor(
    /** The forward pass; its last line is the loss. */
    readonly forward: Forward,
    leaves: Tensors,
  ) {
    const widened = Object.entries(leaves).map(([name, t]) => [name, t.dtype === "float32" ? t.to("float64") : t]);
    const { values, graph } = trace(forward, Object.fromEntries(widened));
    this.values = values;
    this.graph = graph;
  }

  /** The gradient of the loss for one tensor, by finite differences. */
  expected(name: string): Float64Array {
    const { difference, step } = probe(this.forward, this.graph, this.values, name);
    return Float64Array.from({ length: this.values[name].numel() }, (_, i) => difference(i, step));
  }

  /** The verdict on one gradient of the loss. */
  row(name: string, given: Tensor | undefined): Row {
    const value = this.values[name];
    if (value === undefined) {
      throw new ReferenceError(`The forward pass has no tensor "${name}" to check a gradient of.`);
    }
    const { shape } = value;
    if (given === undefined) return { name, shape, status: "todo", maxdiff: null };
    if (!(given instanceof Tensor) || !sameShape(given.shape, shape)) {
      return { name, shape, status: "shape", maxdiff: null, given };
    }
    const differences = probe(this.forward, this.graph, this.values, name);
    return { name, shape, given, ...compare(given.toArray(), differences) };
  }
}

/** Compares a gradient with what a probe says, element by element. */
function compare(given: ArrayLike<number>, differences: Probe) {
  const n = given.length, { step } = differences;
  const expected = Float64Array.from({ length: n }, (_, i) => differences.difference(i, step));
  const largest = expected.reduce((most, x) => Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most, 0);
  // Below the noise of the differences themselves nothing can be told apart.
  const absolute = Math.min(ABSOLUTE, RELATIVE * largest) + differences.noise(step);
  const excess = (i: number) => {
    const difference = Math.abs(given[i] - expected[i]), allowed = absolute + RELATIVE * Math.abs(expected[i]);
    if (!Number.isFinite(difference) || !Number.isFinite(allowed)) return Infinity;
    return difference <= allowed ? 0 : difference / allowed;
  };
  // The difference may be at fault where the function bends sharply: look closer, worst first, until one is plainly wrong.
  const disputed = Array.from({ length: n }, (_, i) => i).filter((i) => excess(i) > 0).sort((i, j) =>
    excess(j) - excess(i)
  );
  let wrong = false;
  for (const i of disputed) {
    if (Number.isFinite(given[i])) expected[i] = refine(differences, i);
    wrong = excess(i) > 0;
    if (wrong) break;
  }
  const maxdiff = expected.reduce((most, x, i) => Math.max(most, Math.abs(given[i] - x)), 0);
  return { status: wrong ? "wrong" as const : "ok" as const, maxdiff, expected };
}
