// The backward formula of each line of a forward pass, derived from its forward formula by the rules, and the right gradients
// at two points: the learner's own numbers, and others that have nothing in common with them.
//
// What is right at the first only because bngain is 1.1 everywhere, or because 32 is both a batch and a size, is wrong at the
// second. Parameters, inputs and targets are all others there; shapes, and tables of positions, stay.
// Left out: the verdict. Whether a row is right is measured (lib/check/check.ts). What is here may confirm a gradient that
// no measurement shows, and never contradicts one.
import { sentBack } from "../jacobian.ts";
import { type Forward, type Graph, run, type Tensors } from "../graph.ts";
import { tensor, zeros_like } from "../../tensor/creation.ts";
import { isFloat } from "../../tensor/dtypes.ts";
import { listen, unheard } from "../../tensor/recording.ts";
import { numel, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  leaf,
  leavesIn,
  operands,
  opOf,
  parts,
  type Point,
  type Step,
  step,
} from "./formula.ts";
import { Recorder, UNKNOWN } from "./record.ts";
import { rules, type Sent, summedTo } from "./rules.ts";

/** The backward formulas of a forward pass. */
export class Derivation {
  readonly #forward: Forward;
  readonly #graph: Graph;
  readonly #floats: readonly string[];
  /** How each line computes its tensor; undefined where that cannot be seen. */
  readonly lines = new Map<string, Formula | undefined>();
  /** Tensors that lines read without a name. */
  readonly tables: Tensor[] = [];
  readonly #sent = new Map<string, Formula[]>();

  /** Records every line once, at these numbers. */
  constructor(forward: Forward, graph: Graph, values: Tensors) {
    this.#forward = forward;
    this.#graph = graph;
    this.#floats = Object.keys(graph).filter((name) => isFloat(values[name].dtype));
    for (const name in forward) {
      const line = recorded(forward[name], values);
      this.lines.set(name, line);
      this.tables.push(...parts(line ?? UNKNOWN).flatMap((part) => part.kind === "constant" ? part.tensor ?? [] : []));
    }
  }

  /**
   * The lines that read a tensor and may send something back. Masks and indices do not, nor does a line that looks at its shape
   * only, as zeros_like(h) does.
   */
  readers(name: string): string[] {
    const isSender = (reader: string) => this.#sent.get(`${reader} ${name}`)?.length !== 0;
    return this.#floats.filter((reader) => this.#graph[reader].includes(name) && isSender(reader));
  }

  /** A tensor and all that it reaches. */
  downstream(name: string): Set<string> {
    const all = new Set([name]);
    for (const one of all) for (const reader of this.readers(one)) all.add(reader);
    return all;
  }

  /** What a line sends back to a tensor that it reads: terms, to be added up. */
  sent(reader: string, name: string): readonly Formula[] {
    return this.#sent.get(`${reader} ${name}`) ?? [];
  }

  /**
   * The right gradients at these values of the forward pass's tensors, as a point; with one of the terms left out, what they would
   * be without it. The first point decides the formulas. Where the rules say 0/0, it is as `measured`.
   *
   * @throws whatever an operation throws that cannot be run at these values.
   */
  pointAt(values: Tensors, without?: Formula, measured?: (name: string) => ArrayLike<number>): Point {
    const leaves = new Map<string, Tensor>(Object.entries(values)), point: Point = { leaves, values: new Map() };
    const names = Object.keys(values).reverse(), loss = Object.keys(this.#forward).at(-1)!;
    for (const name of names) {
      if (!isFloat(values[name].dtype)) continue;
      let sum: Tensor = name === loss ? zeros_like(values[name]).add(1) : zeros_like(values[name]);
      // A tensor's readers come after it, so their gradients are known.
      for (const reader of this.readers(name)) {
        for (const term of this.#terms(reader, name, point, values)) {
          if (term !== without) sum = sum.add(evaluate(term, point));
        }
      }
      const isKnown = !measured || sum.toArray().every((x) => !Number.isNaN(x));
      leaves.set(`d${name}`, isKnown ? sum : tensor(measured(name), { shape: sum.shape, dtype: "float64" }));
    }
    return point;
  }

  /** What a line would send back if a step of it had another function's derivative. */
  sentWith(rule: OtherRule, reader: string, name: string, point: Point): Formula[] {
    return backward(this.lines.get(reader)!, reader, name, point, rule);
  }

  /** What the terms of a gradient add up to at a point if none cancels, neither two lines' nor those of two ways through one. */
  sizes(name: string, point: Point): Tensor {
    const terms = this.readers(name).flatMap((reader) => this.sent(reader, name)).map((term) => evaluate(term, point));
    return terms.reduce((sum, term) => sum.add(term.abs()), zeros_like(point.leaves.get(name)!));
  }

  /** What lines without rules send back, where the gradients from above are other ones. */
  measureAgain(leaves: Map<string, Tensor>, values: Tensors): void {
    for (const key of [...leaves.keys()].filter(isMeasured)) {
      const [reader, name] = key.split(" "), above = leaves.get(`d${reader}`)!;
      if (above.numel() === values[reader].numel()) leaves.set(key, this.#measured(reader, name, above, values));
    }
  }

  /** What a line sends back, measured. */
  #measured(reader: string, name: string, above: Tensor, values: Tensors): Tensor {
    const doubts = new Float64Array(above.numel()), gradient = { numbers: above.toArray(), doubts };
    const { numbers } = sentBack(this.#forward[reader], values, name, values[reader], gradient);
    return tensor(numbers, { shape: values[name].shape, dtype: "float64" });
  }

  #terms(reader: string, name: string, point: Point, values: Tensors): readonly Formula[] {
    const key = `${reader} ${name}`, line = this.lines.get(reader);
    // An operation without a rule throws: its slopes are measured instead.
    const terms = this.#sent.get(key) ?? attempt(() => line && backward(line, reader, name, point)) ??
      [leaf(key, true)];
    if (terms[0]?.kind === "leaf" && terms[0].name === key) {
      const above = point.leaves.get(`d${reader}`)!;
      (point.leaves as Map<string, Tensor>).set(key, this.#measured(reader, name, above, values));
    }
    this.#sent.set(key, terms);
    return terms;
  }
}

/** The derivative of the function `op`, with this as its result, taken for that of a step. */
export interface OtherRule {
  readonly step: Step;
  readonly op: string;
  readonly result: Formula;
}

/** Whether a leaf is what a line sends back, measured: its name is those of the line and of the tensor it reads. */
export function isMeasured(name: string): boolean {
  return /^\w+ \w+$/.test(name);
}

/** A forward line's formula. */
function recorded(line: Forward[string], values: Tensors): Formula | undefined {
  const recorder = new Recorder(), before = listen(undefined);
  for (const [name, t] of Object.entries(values)) recorder.name(t, name);
  try {
    listen(recorder);
    const formula = recorder.formulaOf(line(values));
    return parts(formula).includes(UNKNOWN) || recorder.isFixed(formula) ? undefined : formula;
  } finally {
    listen(before);
  }
}

/** The terms that a line sends back to one of the tensors it reads: one for each way from the line's result to it. */
function backward(line: Formula, reader: string, name: string, point: Point, other?: OtherRule): Formula[] {
  const found: Formula[] = [], shapeOf = (formula: Formula) => evaluate(formula, point).shape;
  // All rules are linear in what comes from above, so a minus goes to the outside.
  const visit = (formula: Formula, g: Formula, isNegative: boolean): void => {
    if (opOf(g) === "neg") return visit(formula, operands(g)[0], !isNegative);
    if (formula.kind === "leaf" && formula.name === name) found.push(isNegative ? step("neg", g) : g);
    if (formula.kind !== "step" || !mentions(formula, name)) return;
    const taken = formula === other?.step ? other : undefined;
    const rule = rules[taken?.op ?? formula.op] ?? rules[opOf(formula)];
    if (!rule) throw new RangeError(`no rule for ${formula.op}`);
    // The line's result has a name already.
    const y = taken?.result ?? (formula === line ? leaf(reader) : formula);
    rule(g, y, formula.args, shapeOf).forEach((sent, i) => pass(formula.args[i], sent, isNegative));
  };
  const pass = (argument: Argument, sent: Sent, isNegative: boolean): void => {
    if (!sent) return;
    if (Array.isArray(argument)) {
      return argument.forEach((one, i) => pass(one, (sent as Formula[])[i], isNegative));
    }
    if (!isFormula(argument) || !mentions(argument, name)) return;
    const shape = shapeOf(argument);
    for (const term of Array.isArray(sent) ? sent as Formula[] : [sent as Formula]) {
      const [of, minus] = opOf(term) === "neg" ? [operands(term)[0], !isNegative] : [term, isNegative];
      visit(argument, summedTo(of, shapeOf(of), shape), minus);
    }
  };
  visit(line, leaf(`d${reader}`, true), false);
  return found;
}

function mentions(formula: Formula, name: string): boolean {
  return leavesIn(formula).some((one) => one.name === name);
}

/** Two points, and what every line of the forward pass sends back. */
export interface Points {
  readonly derivation: Derivation;
  /** The learner's own numbers, with the right gradients. */
  readonly first: Point;
  /** Other numbers, with the right gradients there; undefined where the forward pass has no finite loss but at the first. */
  readonly second?: Point;
  /** A second point at which indices are as they are: where a mask goes with them, it would not go with others. */
  readonly still: () => Point | undefined;
}

/**
 * The two points of a forward pass; undefined where its gradients cannot be worked out from its lines. `measured` gives a gradient
 * where the rules do not.
 */
export function pointsOf(
  forward: Forward,
  graph: Graph,
  values: Tensors,
  measured?: (name: string) => ArrayLike<number>,
): Points | undefined {
  return unheard(() =>
    attempt(() => {
      const derivation = new Derivation(forward, graph, values),
        first = derivation.pointAt(values, undefined, measured);
      const still = () => secondOf(derivation, forward, values, true);
      return { derivation, first, second: secondOf(derivation, forward, values), still };
    })
  );
}

/** The second point, but every gradient is a number of its own: what is right whatever comes from above is right there. */
export function freePoint({ first, second, derivation }: Points): Point {
  const leaves = new Map((second ?? first).leaves), loss = [...derivation.lines.keys()].at(-1);
  for (const [seed, [name, { shape }]] of [...leaves].entries()) {
    const isGradient = name.startsWith("d") && leaves.has(name.slice(1)) && !derivation.lines.has(name);
    // That of the loss is 1, whatever the network.
    if (!isGradient || name === `d${loss}`) continue;
    const numbers = Float64Array.from({ length: numel(shape) }, (_, i) => 2 * noise(i, seed) - 1);
    leaves.set(name, tensor(numbers, { shape, dtype: "float64" }));
  }
  derivation.measureAgain(leaves, Object.fromEntries(leaves));
  return { leaves, values: new Map() };
}

/** How far parameters move: far, and closer where the forward pass has no finite loss so far away. */
const DISTANCES = [0.5, 0.1, 0.01];

function secondOf(derivation: Derivation, forward: Forward, values: Tensors, areStill = false): Point | undefined {
  const leaves = Object.entries(values).filter(([name]) => !Object.hasOwn(forward, name));
  // What a line reads without its name would not move with it.
  const isTable = (t: Tensor) => derivation.tables.some((table) => sameShape(table.shape, t.shape) && table.equal(t));
  for (const distance of DISTANCES) {
    // Outside a function's domain it throws; closer, perhaps not.
    const found = attempt(() => {
      const moved = leaves.map(([name, t], k): [string, Tensor] => [
        name,
        t.dtype === "int32" && (areStill || isTable(t)) ? t : other(t, k + 1, distance),
      ]);
      const there = run(forward, Object.fromEntries(moved)), loss = Object.keys(forward).at(-1)!;
      if (!Number.isFinite(there[loss].item())) return undefined;
      const point = derivation.pointAt(there);
      const isFinite = (t: Tensor | undefined) => t?.toArray().every(Number.isFinite) ?? true;
      return leaves.every(([name]) => isFinite(point.leaves.get(`d${name}`))) ? point : undefined;
    });
    if (found) return found;
  }
}

/**
 * A tensor with other numbers of the same kind: positive ones stay positive, indices stay within those that occur, equal ones
 * stay equal, as in a table or a symmetric matrix, and what sums to the same in every row goes on doing so. What is 0 or one
 * other number is a mask, and stays; so do smoothed labels, which are two numbers with the same sum in every row.
 */
function other(t: Tensor, seed: number, distance: number): Tensor {
  const x = t.toArray(), { shape, dtype } = t, first = new Map([...x.keys()].reverse().map((i) => [x[i], i]));
  if (dtype === "bool" || first.has(0) && first.size === 2) return t;
  if (dtype === "int32") return areInOrder(x, shape.at(-1) ?? 1) ? t : tensor(shuffled(x, seed), { shape, dtype });
  const finite = x.filter(Number.isFinite),
    positive = finite.every((v) => v > 0),
    negative = finite.every((v) => v < 0);
  const typical = Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / Math.max(1, finite.length)) || 0.3;
  const moved = x.map((v, i) => {
    const by = distance * (2 * noise(first.size === 1 ? i : first.get(v)!, seed) - 1);
    if (positive || negative || !(Math.abs(v) <= 1e6)) return v * Math.exp(by);
    return v + by * typical;
  });
  const made = tensor(moved, { shape, dtype });
  if (!positive || shape.length === 0 || first.size === 1) return made;
  const sums = [t, made].map((one) => one.sum(-1, { keepdim: true })), [sum] = sums[0].toArray();
  if (sums[0].toArray().some((v) => Math.abs(v - sum) >= 1e-6 * sum)) return made;
  return first.size === 2 ? t : made.mul(sum).div(sums[1]);
}

/** Whether indices are a table of positions, rather than what somebody sampled: in order, or in even steps along each row. */
function areInOrder(x: Float64Array, row: number): boolean {
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
