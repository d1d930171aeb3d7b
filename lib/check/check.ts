// The check: every element of a gradient against finite differences, and the verdict.
//
// `ok` means what torch.allclose means, |a − b| ≤ 1e-8 + 1e-5·|b|, for every element. These things differ, on purpose:
// - shapes are compared strictly: (64) is not (1, 64), where broadcasting would hide the mistake;
// - 1e-8 shrinks for a gradient whose largest element is below 1e-3, or it would let anything small pass;
// - the tolerance grows by what the differences cannot resolve;
// - at a corner of the loss, any number between the slopes on its two sides passes; at a jump, the slope on its flat side.
// NaN never passes.
//
// Each element is measured twice: on the whole loss, and by the slopes of the lines, which are differences too, multiplied
// along the chain. The two have different weaknesses. A loss of 1e14 hides in its rounding what its lines still show; a step
// that is too long for a sharp bend is not the same step in both. Where they do not agree, many steps are tried, and the
// most exact result counts.
//
// The check has its own copies of the parameters and its own forward pass: when a learner changes a tensor in place, the
// check does not change.
// Left out: remarks on wrong gradients (lib/check/judge.ts) and how rows look (lib/exercise/table.ts).
import { Differences } from "./finite_differences.ts";
import { type Forward, type Graph, readers, type Tensors, trace } from "./graph.ts";
import type { AllSent, Measurements } from "./kept.ts";
import type { Jacobian } from "./collected.ts";
import { jacobian, type Sent, sentBack } from "./jacobian.ts";
import { cannotTell, digits, hidden, kindOf } from "./remarks.ts";
import { measure, type Progress, type Reference, RELATIVE, stillHolds } from "./reference.ts";
import { confirmed, confirms, type Opinion, opinions, preferred } from "./second_opinion.ts";
import { examine, refuseIndex } from "./sound.ts";
import { copies, upTo } from "./apart.ts";
import { type Apart, apartIn, Replay } from "./replay.ts";
import { inScratch } from "../tensor/memory.ts";
import { formatShape, numel, sameShape, type Shape } from "../tensor/shape.ts";
import { tensor } from "../tensor/creation.ts";
import { unheard } from "../tensor/recording.ts";
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
  /** Distinguishes the same gradient in other settings: `n=5 eps=1e-2`. */
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
  /** The sentences for the learner below the row. */
  remark?: string;
  /** The gradients above whose mistakes made this row wrong, such as `dprobs`. */
  causes?: readonly string[];
}

export type { Progress } from "./reference.ts";

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
  /** What earlier runs on the same forward pass have measured, which need not be measured again. */
  kept?: Measurements;

  readonly #sents = new Map<string, AllSent>();
  /** The slopes of lines that are linear in what another line makes, for replays. */
  readonly #linear = new Map<string, Jacobian | undefined>();
  readonly #references = new Map<string, Reference>();
  readonly #apart: Apart;
  #opinions: Map<string, Opinion> | undefined;

  /**
   * Runs the forward pass once, on copies, to have its tensors and learn its graph.
   *
   * @param leaves its parameters and inputs. Float32 becomes float64: float32 has too few digits for differences.
   * @throws RangeError when the last line makes more than one number, or one that is NaN or infinite; TypeError when a line
   * makes other numbers each time, or reads a parameter from outside its argument; ReferenceError and TypeError as `trace`
   * does.
   */
  constructor(forward: Forward, leaves: Tensors) {
    this.forward = forward;
    const copies = Object.entries(leaves).map(([name, t]) => [
      name,
      t.dtype === "float32" ? t.to("float64") : t.clone(),
    ]);
    const { values, graph } = unheard(() => trace(forward, Object.fromEntries(copies)));
    this.values = values;
    this.graph = graph;
    this.#apart = unheard(() => apartIn(forward, values));
    const { last } = this, { shape } = values[last];
    if (numel(shape) !== 1) {
      throw new RangeError(
        `The forward pass's last line, "${last}", is the loss and has to be one number; its shape is ${
          formatShape(shape)
        }.`,
      );
    }
    unheard(() => examine(forward, graph, values, leaves));
  }

  /** The name of the loss. */
  get last(): string {
    return Object.keys(this.forward).at(-1)!;
  }

  /**
   * The right gradient of the loss for one tensor, to some ten digits, in float64: the measured slopes of the lines
   * between, multiplied along the chain, but where the rules of differentiation say something else.
   *
   * @throws ReferenceError for a name that the forward pass does not have; TypeError for one of whole numbers or of a mask.
   */
  right(name: string): Tensor {
    const numbers = this.rightNumbers(name), opinion = this.#opinion(name);
    return tensor(opinion ? preferred(opinion, numbers) : numbers, {
      shape: this.#value(name).shape,
      dtype: "float64",
    });
  }

  /** The numbers of `right(name)`. */
  rightNumbers(name: string): Float64Array {
    return this.#sent(name).numbers;
  }

  /** How far off each of the numbers of `right(name)` may be. */
  doubts(name: string): Float64Array {
    return this.#sent(name).doubts;
  }

  /** Whether a gradient, or what one line sends back for it, is zero up to rounding. */
  isZero(name: string, reader?: string): boolean {
    const sent = this.#sent(name);
    return reader ? sent.zero.includes(reader) : isZero(sent);
  }

  /** What the lines that read a tensor send back for it, worked out once. */
  #sent(name: string): AllSent {
    const known = this.#sents.get(name);
    if (known) return known;
    const n = this.#value(name).numel(), numbers = new Float64Array(n);
    const doubts = new Float64Array(n);
    if (name === this.last) numbers[0] = 1;
    // Whole numbers, as `argmax` makes them, send nothing.
    const lines = readers(this.graph, name).filter((reader) => this.values[reader].is_floating_point());
    const terms = lines.map((reader) => {
      const { forward, values } = this, above = this.#sent(reader);
      const keeps = Object.hasOwn(forward, name);
      const sent = unheard(() => sentBack(forward[reader], values, name, values[reader], above, keeps));
      if (keeps) this.#linear.set(`${reader} ${name}`, sent.linear);
      return { reader, ...sent };
    });
    for (const term of terms) {
      for (let i = 0; i < n; i++) {
        numbers[i] += term.numbers[i];
        doubts[i] += term.doubts[i];
      }
    }
    const reach = terms.reduce((most, term) => Math.max(most, term.reach), 0);
    const zero = terms.filter((term) => isZero({ ...term, reach })).map(({ reader }) => reader);
    const sent = { numbers, doubts, reach, zero };
    this.#sents.set(name, sent);
    return sent;
  }

  /** The slopes of the line `reader` with respect to `name`, which it reads, measured each time. */
  jacobian(reader: string, name: string): Jacobian {
    const { forward, values } = this;
    return unheard(() => jacobian(forward[reader], values, name, values[reader]));
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
    const found = unheard(() => this.#compare(name, copy.toArray())),
      remark = found.status === "wrong" ? this.#plain(name) : undefined;
    return { name, shape, given: copy, ...found, ...(remark ? { remark } : {}) };
  }

  /** What is wrong with a wrong gradient of a tensor that there is nothing to work out for. */
  #plain(name: string): string | undefined {
    if (name === this.last) return `d${name} is 1: it is the gradient of the loss for the loss itself.`;
    if (readers(this.graph, name).length > 0) return undefined;
    return `No line of the forward pass reads ${name}, so the loss does not change with it: d${name} is zero. If a line ` +
      `should read it, let it take ${name} from its argument.`;
  }

  #value(name: string): Tensor {
    const found = Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    if (!found) throw new ReferenceError(`The forward pass has no tensor "${name}" to check a gradient of.`);
    refuseIndex(name, found);
    return found;
  }

  /** The finite differences for one tensor, measured once. */
  #reference(name: string): Reference {
    let found = this.#references.get(name);
    if (!found) {
      const [reader, ...others] = readers(this.graph, name), { forward, values } = this;
      // What only another shape is made of has that shape's differences.
      const other = reader && others.length === 0 && reader !== this.last &&
        copies(forward[reader], values, name, values[reader]);
      found = other ? this.#reference(reader) : inScratch(() => this.#recalled(name) ?? this.#measured(name));
      this.#references.set(name, found);
    }
    return found;
  }

  /** What an earlier run has measured, if it is this forward pass's. */
  #recalled(name: string): Reference | undefined {
    const known = this.kept?.get(name);
    if (known?.sent.numbers.length !== this.#value(name).numel()) return undefined;
    const own = this.#sents.get(name);
    this.#sents.set(name, own ?? known.sent);
    if (stillHolds(known.reference, this.#differences(name, true))) return known.reference;
    if (!own) this.#sents.delete(name);
  }

  #measured(name: string): Reference {
    const sent = this.#sent(name), { progress } = this;
    const reference = measure({ name, differences: this.#differences(name), right: sent, progress });
    this.kept?.put(name, { reference, sent });
    return reference;
  }

  /** Differences of the loss for one tensor: as many at once as its lines allow or, for a `few`, one by one. */
  #differences(name: string, few = false): Differences {
    const { forward, graph, values, last } = this, loss = values[last].item();
    // What is added up to the loss may be larger than the loss.
    const size = [name, ...graph[last]].reduce(
      (sum, other) => values[other].is_floating_point() ? sum + scale(values[other], this.rightNumbers(other)) : sum,
      Math.abs(loss),
    );
    const slopes = (line: string, read: string) => {
      const key = `${line} ${read}`;
      if (this.#linear.has(key)) return this.#linear.get(key);
      const slopes = this.jacobian(line, read);
      return slopes.isLinear ? slopes : undefined;
    };
    const apart = few ? () => false : this.#apart;
    return new Differences(new Replay(forward, graph, values, name, apart, { slopes, terms: size }), loss, size);
  }

  /** Compares a gradient with finite differences, element by element. */
  #compare(name: string, given: ArrayLike<number>) {
    const { expected, doubt, absolute } = this.#reference(name);
    const allowed = (i: number) => absolute + doubt[i] + RELATIVE * Math.abs(expected[i]);
    const excess = new Float64Array(expected.length);
    let maxdiff = 0;
    for (let i = 0; i < expected.length; i++) {
      const difference = Math.abs(given[i] - expected[i]), most = allowed(i);
      // At a jump there is no slope to differ from.
      if (!Number.isNaN(expected[i]) || Number.isNaN(given[i])) maxdiff = Math.max(maxdiff, difference);
      if (!Number.isFinite(difference) || !Number.isFinite(most)) excess[i] = Infinity;
      else if (difference > most) excess[i] = difference / most;
    }
    // At a corner there are two slopes, and any number between them passes, with a remark. Worst first, until one is plainly
    // wrong.
    const disputed = Array.from(upTo(excess.length).filter((i) => excess[i] > 0)).sort((i, j) => excess[j] - excess[i]);
    if (disputed.length > 0 && !this.#atCorners(name, given, disputed)) {
      return this.#byRules(name, given, disputed) ?? { status: "wrong" as const, maxdiff, expected };
    }
    const remark = cannotTell(disputed.length) ?? digits(expected, doubt, allowed);
    return { status: "ok" as const, maxdiff, expected, ...(remark ? { remark } : {}) };
  }

  #opinion(name: string): Opinion | undefined {
    this.#opinions ??= unheard(() => inScratch(() => opinions(this.forward, this.graph, this.values)));
    return this.#opinions.get(name);
  }

  /** Whether each of these elements is at a corner of the loss, and given as a slope on one of its sides or between them. */
  #atCorners(name: string, given: ArrayLike<number>, elements: readonly number[]): boolean {
    const { doubt, absolute } = this.#reference(name);
    return inScratch(() => {
      const differences = this.#differences(name, true);
      return elements.every((i) => {
        const sides = Number.isFinite(given[i]) ? differences.corner(i) : undefined;
        return sides !== undefined && between(given[i], sides, absolute + doubt[i]);
      });
    });
  }

  /** The verdict on elements that the differences do not confirm, where the rules of differentiation do; else undefined. */
  #byRules(name: string, given: ArrayLike<number>, disputed: readonly number[]) {
    const opinion = this.#opinion(name);
    if (!opinion) return undefined;
    const [near, rest] = [true, false].map((is) => disputed.filter((i) => confirms(opinion, given, i) === is));
    const expected = confirmed(opinion, this.#reference(name), near);
    if (!expected || (rest.length > 0 && !this.#atCorners(name, given, rest))) return undefined;
    const maxdiff = expected.reduce((most, x, i) => given[i] === x ? most : Math.max(most, Math.abs(given[i] - x)), 0);
    const remark = [hidden(near.length, expected.length), cannotTell(rest.length) ?? ""].join(" ").trim();
    return { status: "ok" as const, maxdiff, expected, remark };
  }
}

function isZero({ numbers, doubts, reach }: Sent): boolean {
  return numbers.every((x, i) => Math.abs(x) <= doubts[i] && doubts[i] <= 1e-6 * reach);
}

/** How much a tensor's elements, times its gradient, add up to when their signs are random. */
function scale(t: Tensor, gradient: Float64Array): number {
  const x = t.toArray();
  let squares = 0;
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i] * gradient[i])) squares += (x[i] * gradient[i]) ** 2;
  return Math.sqrt(squares);
}

/** Whether a number lies between the slopes on the two sides, or is that of the one side that does not jump. */
function between(x: number, sides: readonly [number, number], allowed: number): boolean {
  const [low, high] = sides[0] < sides[1] ? sides : [sides[1], sides[0]], ends = sides.filter(Number.isFinite);
  const beside = allowed + (ends.length === 2 ? 1e-3 * (high - low) : 1e-4 * Math.abs(ends[0] ?? 0));
  if (ends.length === 2) return x >= low - beside && x <= high + beside;
  return ends.length === 1 && Math.abs(x - ends[0]) <= beside;
}
