// The check: every element of a gradient against finite differences, and the verdict.
//
// `ok` means what torch.allclose means, |a − b| ≤ 1e-8 + 1e-5·|b|, for every element. These things differ, on purpose:
// - shapes are compared strictly: (64) is not (1, 64), where broadcasting would hide the mistake;
// - 1e-8 shrinks for a gradient whose largest element is below 1e-3, or it would let anything small pass;
// - what the differences cannot resolve, the rounding of the loss over the step, is allowed on top; where that is much,
//   the slopes of the lines, which do not suffer from it, have to agree as well;
// - at a corner of the loss, any number between the slopes on its two sides passes.
// NaN never passes.
//
// The check has its own copies of the parameters and its own forward pass: when a learner changes a tensor in place, the
// check does not change.
// Left out: remarks on wrong gradients (lib/check/judge.ts) and how rows look (lib/exercise/table.ts).
import { corner, type Probe, probe, refine } from "./finite_differences.ts";
import { downstream, type Forward, type Graph, readers, type Tensors, trace } from "./graph.ts";
import type { Kept } from "./kept.ts";
import { type Jacobian, jacobian } from "./jacobian.ts";
import { formatShape, numel, sameShape, type Shape } from "../tensor/shape.ts";
import { tensor } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * A verdict: right, a wrong number somewhere, the wrong shape, nothing there yet, wrong only because of rows above, or
 * the right value handed out on request.
 */
export type Status = "ok" | "wrong" | "shape" | "todo" | "follows" | "given";

/** What the check found out about one gradient. */
export interface Row {
  /** The tensor whose gradient this is. */
  name: string;
  /** Tells apart the same gradient in other settings: `n=5 eps=1e-2`. */
  note?: string;
  /** The shape that tensor has, and its gradient should have. */
  shape: Shape;
  /** The verdict. */
  status: Status;
  /** The largest difference to the finite differences; null when there was nothing to compare. */
  maxdiff: number | null;
  /** A copy of the gradient as it was when it was checked. */
  given?: Tensor;
  /** The finite differences, one per element; undefined if no elements were compared. */
  expected?: Float64Array;
  /** What is said below the row: sentences for the learner. */
  remark?: string;
  /** The gradients above whose mistakes made this row wrong, such as `dprobs`. */
  causes?: readonly string[];
}

/** How far a check of many elements has come. */
export interface Progress {
  /** The tensor whose gradient is checked. */
  name: string;
  /** Elements done. */
  done: number;
  /** Elements in all. */
  total: number;
  /** Seconds that the rest of this tensor will take, as it looks now. */
  secondsLeft: number;
}

const ABSOLUTE = 1e-8, RELATIVE = 1e-5;

/** Numbers that the differences of one tensor may read and write: about two seconds of them. */
const WORK = 8e8;

/** Elements whose difference is always measured on the whole loss. */
const SAMPLE = 64;

/** Checks the gradients of one forward pass. */
export class Check {
  /** The forward pass; its last line is the loss. */
  readonly forward: Forward;
  /** Every tensor of the forward pass, in float64: the check's own copies. */
  readonly values: Tensors;
  /** Who feeds whom. */
  readonly graph: Graph;
  /** Called every tenth of a second or so while elements are checked. */
  progress?: (progress: Progress) => void;
  /** Differences of earlier runs on the same forward pass, which need not be measured again. */
  kept?: Kept;

  readonly #right = new Map<string, Float64Array>();
  readonly #jacobians = new Map<string, Jacobian>();

  /**
   * Runs the forward pass once, on copies, to have its tensors and learn its graph.
   *
   * @param leaves its parameters and inputs. Float32 becomes float64: float32 has too few digits for differences.
   * @throws RangeError when the last line makes more than one number; ReferenceError and TypeError as `trace` does.
   */
  constructor(forward: Forward, leaves: Tensors) {
    this.forward = forward;
    const copies = Object.entries(leaves).map(([name, t]) => [
      name,
      t.dtype === "float32" ? t.to("float64") : t.clone(),
    ]);
    const { values, graph } = trace(forward, Object.fromEntries(copies));
    this.values = values;
    this.graph = graph;
    const { last } = this, { shape } = values[last];
    if (numel(shape) !== 1) {
      throw new RangeError(
        `The forward pass's last line, "${last}", is the loss and has to be one number; its shape is ${
          formatShape(shape)
        }.`,
      );
    }
  }

  /** The name of the loss. */
  get last(): string {
    return Object.keys(this.forward).at(-1)!;
  }

  /**
   * The right gradient of the loss for one tensor, to some ten digits, in float64: the measured slopes of the lines
   * between, multiplied along the chain.
   */
  right(name: string): Tensor {
    return tensor(this.rightNumbers(name), { shape: this.#value(name).shape, dtype: "float64" });
  }

  /** The numbers of `right(name)`. */
  rightNumbers(name: string): Float64Array {
    let sum = this.#right.get(name);
    if (!sum) {
      sum = new Float64Array(this.#value(name).numel());
      if (name === this.last) sum[0] = 1;
      for (const reader of readers(this.graph, name)) {
        this.jacobian(reader, name).vjp(this.rightNumbers(reader)).forEach((x, i) => sum![i] += x);
      }
      this.#right.set(name, sum);
    }
    return sum;
  }

  /** The slopes of the line `reader` with respect to `name`, which it reads. */
  jacobian(reader: string, name: string): Jacobian {
    const key = `${reader} ${name}`, { forward, values } = this;
    let found = this.#jacobians.get(key);
    if (!found) this.#jacobians.set(key, found = jacobian(forward[reader], values, name, values[reader]));
    return found;
  }

  /** The verdict on one gradient of the loss, without a remark. */
  row(name: string, given: unknown): Row {
    const { shape } = this.#value(name);
    if (given === undefined) return { name, shape, status: "todo", maxdiff: null };
    if (!(given instanceof Tensor)) {
      const remark = `d${name} should be a tensor of shape ${formatShape(shape)}; yours is ${kindOf(given)}`
        .replace(/[^.?]$/, "$&.");
      return { name, shape, status: "shape", maxdiff: null, remark };
    }
    const copy = given.clone();
    if (!sameShape(given.shape, shape)) return { name, shape, status: "shape", maxdiff: null, given: copy };
    return { name, shape, given: copy, ...this.#compare(name, copy.toArray()) };
  }

  #value(name: string): Tensor {
    if (Object.hasOwn(this.values, name)) return this.values[name];
    throw new ReferenceError(`The forward pass has no tensor "${name}" to check a gradient of.`);
  }

  /** Differences of the whole loss for these elements, or all of them; NaN for the others. */
  #differences(name: string, { difference, step }: Probe, only?: readonly number[]): Float64Array {
    const n = this.values[name].numel(), total = only?.length ?? n, started = performance.now();
    const all = new Float64Array(n).fill(NaN);
    let told = started;
    for (let k = 0; k < total; k++) {
      const i = only ? only[k] : k;
      all[i] = difference(i, step);
      if (!this.progress) continue;
      const now = performance.now();
      if (now - told < 100) continue;
      told = now;
      this.progress({ name, done: k + 1, total, secondsLeft: (now - started) / (k + 1) * (total - k - 1) / 1000 });
    }
    return all;
  }

  /**
   * One difference for each element. If differences of the whole loss would take longer than some two seconds, as in a
   * very wide network, the slopes of each line, which are differences too, are multiplied along the chain instead. A
   * sample of elements, spread out, is still measured on the whole loss and has to agree. No clock decides, so that the
   * same run shows the same digits.
   */
  #measured(name: string, differences: Probe): Float64Array {
    const kept = this.kept?.get(name);
    if (kept && this.#stillHolds(name, kept, differences)) return kept;
    const measured = this.#measuredAnew(name, differences);
    this.kept?.put(name, measured.slice());
    return measured;
  }

  /** Whether kept differences are this forward pass's: the first, the middle and the last element are measured again. */
  #stillHolds(name: string, kept: Float64Array, { difference, step, noise }: Probe): boolean {
    const n = this.values[name].numel();
    if (kept.length !== n) return false;
    const largest = kept.reduce((most, x) => Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most, 0);
    return [0, n >> 1, n - 1].slice(0, n).every((i) => {
      const now = difference(i, step);
      if (!Number.isFinite(now)) return Object.is(now, kept[i]);
      return Math.abs(now - kept[i]) <= 1e-6 * largest + noise(step) + RELATIVE * Math.abs(now);
    });
  }

  #measuredAnew(name: string, differences: Probe): Float64Array {
    const n = this.values[name].numel();
    if (n <= SAMPLE || this.#work(name) <= WORK) return this.#differences(name, differences);
    const spread = Array.from({ length: SAMPLE }, (_, k) => Math.floor(k / SAMPLE * n));
    const sampled = this.#differences(name, differences, spread);
    const right = this.rightNumbers(name), largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const allowed = 1e-6 * largest + differences.noise(differences.step);
    const agrees = (i: number) => Math.abs(right[i] - sampled[i]) <= allowed + RELATIVE * Math.abs(right[i]);
    for (const i of spread) if (!agrees(i)) sampled[i] = refine(differences, i);
    if (spread.every(agrees)) return right.map((x, i) => Number.isNaN(sampled[i]) ? x : sampled[i]);
    return this.#differences(name, differences);
  }

  /** How many numbers are read and written when every line below a tensor is replayed for each of its elements. */
  #work(name: string): number {
    const size = (other: string) => this.values[other].numel();
    const lines = downstream(this.graph, name).map((line) =>
      this.graph[line].reduce((sum, read) => sum + size(read), size(line))
    );
    return size(name) * lines.reduce((sum, line) => sum + line, 0);
  }

  /** Compares a gradient with finite differences, element by element. */
  #compare(name: string, given: ArrayLike<number>) {
    const differences = probe(this.forward, this.graph, this.values, name);
    const n = given.length, { step } = differences, expected = this.#measured(name, differences);
    const largest = expected.reduce((most, x) => Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most, 0);
    // Below the noise of the differences themselves nothing can be told apart.
    const noise = differences.noise(step), small = Math.min(ABSOLUTE, RELATIVE * largest), absolute = small + noise;
    const excess = (i: number) => {
      const difference = Math.abs(given[i] - expected[i]), allowed = absolute + RELATIVE * Math.abs(expected[i]);
      if (!Number.isFinite(difference) || !Number.isFinite(allowed)) return Infinity;
      return difference <= allowed ? 0 : difference / allowed;
    };
    // The difference may be at fault where the function bends sharply: look closer, worst first, until one is plainly
    // wrong. At a corner there are two slopes, and any number between them passes, with a remark.
    const disputed = Array.from({ length: n }, (_, i) => i).filter((i) => excess(i) > 0).sort((i, j) =>
      excess(j) - excess(i)
    );
    const corners: number[] = [];
    let wrong = false;
    for (const i of disputed) {
      if (Number.isFinite(given[i])) expected[i] = refine(differences, i);
      if (excess(i) === 0) continue;
      const sides = Number.isFinite(given[i]) ? corner(differences, i) : undefined;
      const [low, high] = sides ? [Math.min(...sides), Math.max(...sides)] : [Infinity, -Infinity];
      const beside = absolute + 1e-3 * (high - low);
      wrong = !(given[i] >= low - beside && given[i] <= high + beside);
      if (wrong) break;
      corners.push(i);
    }
    if (!wrong && corners.length === 0 && noise > 0.1 * small) wrong = !this.#agrees(name, given);
    const maxdiff = expected.reduce((most, x, i) => Math.max(most, Math.abs(given[i] - x)), 0);
    if (wrong || corners.length === 0) return { status: wrong ? "wrong" as const : "ok" as const, maxdiff, expected };
    const at = corners.length === 1 ? "one element" : `${corners.length} elements`;
    const remark =
      `At ${at} the check cannot tell: the loss has a corner there, and yours lies between the slopes on ` +
      "its two sides.";
    return { status: "ok" as const, maxdiff, expected, remark };
  }

  /**
   * Whether a gradient is right by the slopes of the lines. They stay exact when the loss is so large that its rounding
   * hides the differences.
   */
  #agrees(name: string, given: ArrayLike<number>): boolean {
    const right = this.rightNumbers(name), largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (!right.every(Number.isFinite)) return true;
    const reach = readers(this.graph, name).map((reader) =>
      this.jacobian(reader, name).reach(this.rightNumbers(reader))
    );
    const absolute = Math.min(ABSOLUTE, RELATIVE * largest) + 1e-8 * Math.max(0, ...reach);
    return right.every((x, i) => Math.abs(given[i] - x) <= absolute + RELATIVE * Math.abs(x));
  }
}

/** Describes a value that is not a tensor. */
function kindOf(given: unknown): string {
  if (typeof given === "number") return `the number ${given}`;
  if (typeof given === "string") return `the text ${JSON.stringify(given.slice(0, 20))}`;
  if (typeof given === "function") return "a function: is a pair of brackets missing, as in .neg()?";
  if (Array.isArray(given)) return `an array of ${given.length}: tensor([…]) makes a tensor of it`;
  if (ArrayBuffer.isView(given)) return "an array of numbers: tensor(…) makes a tensor of it";
  if (given === null) return "null";
  if (typeof given !== "object") return `${typeof given} ${String(given)}`;
  return "values" in given ? "an object with values and indices: max(…).values is the tensor" : "an object";
}
