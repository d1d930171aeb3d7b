// What a search works with: the two points, what the row should be there, and what changes may be made of.
import { tensor } from "../../tensor/creation.ts";
import { isFloat } from "../../tensor/dtypes.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";
import { inScratch } from "../../tensor/memory.ts";
import { heap } from "../../tensor/memory.ts";
import { arrayOf } from "../../tensor/ndarray.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Offer, type Offers, pieces } from "./changes.ts";
import {
  type Argument,
  computed,
  evaluate,
  type Formula,
  isFormula,
  leaf,
  parts,
  type Point,
  step,
} from "./formula.ts";
import { simple } from "./notation.ts";
import type { Points } from "./points.ts";

/** One row, and what is known about it. */
export interface Subject {
  readonly name: string;
  readonly points: Points;
  /** Both points, with room for what belongs to this row alone. */
  readonly first: Point;
  readonly second: Point | undefined;
  readonly target: Target;
  readonly otherTarget: Target | undefined;
  /** The second point with any gradients from above: a formula of one line alone is right there, too. */
  readonly free: Point;
  readonly freeTarget: Target;
  readonly offers: Offers;
  /** Whether a step is one of the row's own lines. */
  readonly isRecent?: (formula: Formula) => boolean;
  /** What each line that reads the tensor sends back. */
  readonly sendings: readonly Sending[];
}

/** What one line sends back, as one formula, and the terms that it is the sum of. */
export interface Sending {
  readonly reader: string;
  readonly whole: Formula;
  readonly terms: readonly Formula[];
}

/** Numbers to be hit. */
export interface Target {
  readonly tensor: Tensor;
  readonly shape: Shape;
  readonly numbers: Float64Array;
  /** The index of the largest. */
  readonly at: number;
  /** How large a difference is nothing: rounding, relative to the largest. */
  readonly tolerance: number;
}

/** How closely numbers have to agree, relative to the largest. */
const CLOSE = 1e-9;

/** Numbers to be hit; `reach` is the size of what was added up to make them, if they cancel. */
export function target(tensor: Tensor, reach = 0): Target {
  const numbers = tensor.toArray();
  let at = 0;
  numbers.forEach((x, i) => at = Math.abs(x) > Math.abs(numbers[at]) ? i : at);
  return {
    tensor,
    shape: tensor.shape,
    numbers,
    at,
    tolerance: CLOSE * Math.max(Math.abs(numbers[at] ?? 0), 1e-3 * reach),
  };
}

/** The factor by which a tensor is off everywhere: 1 if it hits the target; undefined if there is none. */
export function factorOf(value: Tensor, { shape, numbers, at, tolerance }: Target): number | undefined {
  if (!sameShape(value.shape, shape)) return undefined;
  return factorOfNumbers(numbersOf(value), numbers, at, tolerance);
}

function factorOfNumbers(
  x: ArrayLike<number>,
  numbers: Float64Array,
  at: number,
  tolerance: number,
): number | undefined {
  const n = numbers.length;
  if (n === 0) return 1;
  let exact = true;
  for (let i = 0; exact && i < n; i++) exact = Math.abs(x[i] - numbers[i]) <= tolerance;
  if (exact) return 1;
  const k = x[at] / numbers[at];
  if (!Number.isFinite(k) || k === 0 || Math.abs(numbers[at]) <= 1e3 * tolerance) return undefined;
  const allowed = tolerance * Math.abs(k);
  for (let i = 0; i < n; i++) if (!(Math.abs(x[i] - k * numbers[i]) <= allowed)) return undefined;
  return Math.abs(Math.abs(k) - 1) < 1e-7 ? Math.sign(k) : k;
}

/** The elements of a tensor, to be read at once. */
export function numbersOf(t: Tensor): ArrayLike<number> {
  const a = arrayOf(t)!.contiguous();
  return heap[a.dtype].subarray(a.start, a.start + a.numel);
}

/** The value of a formula that is not kept. */
export function passing(formula: Formula, point: Point): Tensor {
  return point.values.get(formula) ?? computed(formula, (part) => passing(part, point), point);
}

/** Whether a formula gives these numbers, and by which factor if not; undefined where it cannot be run. */
export function tried(formula: Formula, point: Point, to: Target): number | undefined {
  return inScratch(() => {
    try {
      return factorOf(passing(formula, point), to);
    } catch {
      return undefined;
    }
  });
}

/** A point's leaves, and a copy of its values to add to. */
export function forRow(point: Point): Point {
  return { leaves: new Map(point.leaves), values: new Map(point.values) };
}

/** A point at which every gradient is a number of its own. */
function freePoint({ first, second, derivation }: Points): Point {
  const leaves = new Map((second ?? first).leaves), loss = [...derivation.lines.keys()].at(-1);
  let seed = 0;
  for (const [name, t] of leaves) {
    seed++;
    if (!name.startsWith("d") || !leaves.has(name.slice(1)) || derivation.lines.has(name)) continue;
    if (name === `d${loss}`) continue; // 1, whatever the network
    const numbers = Float64Array.from(
      { length: t.numel() },
      (_, i) => Math.sin(12.9898 * (i + 1) + 7.7 * seed + i * i),
    );
    leaves.set(name, tensor(numbers, { shape: t.shape, dtype: "float64" }));
  }
  return { leaves, values: new Map() };
}

/** The subject of a search for the row of `name`. `above` are the gradients that have a row already. */
export function subjectOf(name: string, points: Points, above: readonly string[], reach: number): Subject {
  const { derivation } = points, first = forRow(points.first), second = points.second && forRow(points.second);
  const right = (point: Point) => point.leaves.get(`d${name}`)!;
  const sendings = derivation.readers(name).map((reader): Sending => {
    const terms = derivation.sent(reader, name);
    return { reader, terms, whole: terms.reduce((sum, term) => step("add", sum, term)) };
  });
  const offers = offersOf(name, points, above, sendings), free = freePoint(points);
  const keep = [...offers.tensors.map(({ formula }) => formula), ...offers.terms, ...offers.indices.filter(isFormula)];
  for (const point of [first, second, free]) if (point) { for (const one of keep) evaluate(one, point); }
  const whole = sendings.map(({ whole }) => whole).reduce((sum, one) => step("add", sum, one));
  const freely = target(evaluate(whole, free)), own = target(right(first), reach);
  // A gradient that is always zero shows itself only where the gradients from above are anything.
  const isZero = Math.abs(own.numbers[own.at] ?? 0) <= 1e-9 * reach;
  return {
    name,
    points,
    first: isZero ? free : first,
    second: isZero ? undefined : second,
    target: isZero ? freely : own,
    otherTarget: second && !isZero ? target(right(second), reach) : undefined,
    free,
    freeTarget: freely,
    offers,
    sendings,
  };
}

function offersOf(name: string, points: Points, above: readonly string[], sendings: readonly Sending[]): Offers {
  const { derivation, first } = points, close = closeTo(name, points, above);
  const tensors: Offer[] = [], indices: Argument[] = [];
  for (const [other, t] of first.leaves) {
    if (other.includes(" ")) continue;
    const gradient = other.startsWith("d") && first.leaves.has(other.slice(1)) && above.includes(other.slice(1));
    const isGradient = other.startsWith("d") && first.leaves.has(other.slice(1)) && !derivation.lines.has(other);
    if (isGradient && !gradient) continue;
    if (t.dtype === "int32") indices.push(leaf(other));
    else if (isFloat(t.dtype)) tensors.push({ formula: leaf(other, gradient), close: close.has(other), slope: false });
  }
  const derived = sendings.flatMap(({ terms }) => terms), whole = new Set(derived);
  const named = new Set(tensors.map(({ formula }) => (formula as { name: string }).name));
  const usable = (formula: Formula) =>
    parts(formula).every((part) =>
      part.kind !== "leaf" || named.has(part.name) || !isFloat(first.leaves.get(part.name)!.dtype)
    );
  const slopes = withoutGradients(pieces(derived)).filter((piece) =>
    !whole.has(piece) && usable(piece) && !isZeros(piece)
  ).slice(0, 24);
  for (const formula of slopes) {
    if (isFloat(evaluate(formula, first).dtype)) tensors.push({ formula, close: false, slope: true });
  }
  const numbers = new Set<number>(sizes(name, points, sendings)), lineNumbers = new Set<number>();
  const around = new Set([...close].flatMap((one) => derivation.lines.get(one) ?? []));
  for (const line of [...derivation.lines.values(), ...derived]) {
    if (!line) continue;
    for (const part of parts(line)) {
      if (part.kind !== "step") continue;
      for (const argument of part.args) {
        if (typeof argument === "number" && NUMERIC.has(part.op) && (around.has(line) || derived.includes(line))) {
          lineNumbers.add(argument).add(-argument);
        }
      }
      if (part.op === "at") {
        for (const index of part.args.slice(1)) {
          if (isFormula(index) || Array.isArray(index)) addIndex(indices, index);
        }
      }
      if (part.op === "max") addIndex(indices, step("argmax", ...part.args.slice(0, 2)));
    }
  }
  const picks = picksOf([...derivation.lines.values()]);
  for (const { index, of } of picks) {
    tensors.push({ formula: step("index_put_", step("zeros_like", leaf(of)), index, 1), close: false, slope: true });
  }
  const terms = sendings.flatMap(({ terms, whole }) => terms.length > 1 ? [whole, ...terms] : [whole]);
  return {
    tensors,
    numbers: [...numbers],
    lineNumbers: [...lineNumbers],
    indices,
    picks: picks.map(({ index }) => index),
    terms,
    shape: first.leaves.get(name)!.shape,
  };
}

/** Formulas, those first that a line's slope is made of: without a gradient. */
function withoutGradients(formulas: Formula[]): Formula[] {
  const has = (formula: Formula) => parts(formula).some((part) => part.kind === "leaf" && part.gradient);
  return [...formulas.filter((one) => !has(one)), ...formulas.filter(has)];
}

/** Operations whose numbers are constants of the network. */
const NUMERIC = new Set(["add", "sub", "mul", "div", "pow"]);

/** The pairs of lists by which lines pick elements of a named matrix. */
function picksOf(lines: readonly (Formula | undefined)[]): { index: readonly Argument[]; of: string }[] {
  return lines.flatMap((line) => line ? parts(line) : []).flatMap((part) => {
    if (part.kind !== "step" || part.op !== "at" || part.args.length !== 3) return [];
    const [of, ...index] = part.args, lists = index.every((one) => isFormula(one) || Array.isArray(one));
    return lists && isFormula(of) && of.kind === "leaf" ? [{ index, of: of.name }] : [];
  });
}

const isZeros = (formula: Formula) => formula.kind === "step" && formula.op === "zeros_like";

function addIndex(indices: Argument[], index: Argument): void {
  const text = JSON.stringify(index);
  if (!indices.some((other) => JSON.stringify(other) === text)) indices.push(index);
}

/** The tensors of the lines that read this one, and of those below as long as they have no row. */
function closeTo(name: string, { derivation, first }: Points, above: readonly string[]): Set<string> {
  const close = new Set<string>();
  const visit = (one: string) => {
    for (const reader of derivation.readers(one)) {
      if (close.has(reader)) continue;
      close.add(reader).add(`d${reader}`);
      const line = derivation.lines.get(reader);
      if (line) { for (const part of parts(line)) if (part.kind === "leaf") close.add(part.name); }
      if (!above.includes(reader) && first.leaves.has(`d${reader}`)) visit(reader);
    }
  };
  visit(name);
  return close;
}

/** Numbers that are made of the sizes around: n, 1/n, n − 1, n/(n − 1) and the like. */
function sizes(name: string, { derivation, first }: Points, sendings: readonly Sending[]): number[] {
  const shapes = [name, ...sendings.map(({ reader }) => reader), ...derivation.readers(name)]
    .flatMap((one) => first.leaves.get(one)?.shape ?? []);
  const all = new Set([...shapes, ...[...first.leaves.values()].flatMap(({ shape }) => shape.slice(0, 1))]);
  const found = [2, 0.5, 1, -1];
  for (const n of [...all].filter((size) => size > 1).slice(0, 8)) {
    found.push(
      n,
      1 / n,
      -n,
      -1 / n,
      n - 1,
      1 / (n - 1),
      n / (n - 1),
      (n - 1) / n,
      -1 / (n - 1),
      2 / n,
      2 / (n - 1),
      1 / Math.sqrt(n),
    );
  }
  return found.filter(Number.isFinite);
}

/** Whether somebody may have forgotten or added this factor: a number with a name. */
export function isPlain(factor: number, { offers }: Subject): boolean {
  const size = Math.abs(factor), near = (x: number) => Math.abs(size - Math.abs(x)) <= 1e-8 * size;
  return simple(factor) !== undefined || offers.lineNumbers.some((x) => x !== 0 && (near(x) || near(1 / x)));
}
