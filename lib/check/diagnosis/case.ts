// All that is known about a wrong gradient: its numbers, the right ones, what each line that reads the tensor sends back,
// and every tensor and gradient that has a name.
import type { Check, Row } from "../check.ts";
import { downstream, readers } from "../graph.ts";
import { numel, sameShape, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { asMatrix, largest, type Matrix, same } from "./numbers.ts";

/** An array with a name. */
export interface Known extends Matrix {
  /** As the learner writes it: `counts`, `dcounts`. */
  readonly name: string;
  /** The shape it has as a tensor. */
  readonly shape: Shape;
  /** Without a name of its own: what there was before all terms were added, or one that was made of another. */
  readonly origin?: "unfinished" | "made";
}

/** One of the lines that read the tensor, and what it sends back. */
export interface Path {
  /** The line. */
  readonly reader: string;
  /**
   * The gradient of that line's result: the learner's own if it has a row, else computed from the learner's own further
   * down.
   */
  readonly upstream: Known;
  /** The learner's row for it, if its numbers can be used. */
  readonly row?: Row;
  /** The rows that are wrong and that this gradient was made from: that row, or rows further down. */
  readonly blamed: readonly Row[];
  /** What the line sends back for that gradient. */
  readonly sent: Float64Array;
  /** What the line sends back when a sum in it is taken from a wrong row elsewhere, such as dbnbias for Σ dhpreact. */
  readonly borrowed: readonly { sent: Float64Array; from: Row }[];
  /** What the line sends back for the right gradient. */
  readonly rightSent: Float64Array;
}

/** A wrong gradient, and what may explain it. */
export interface Case {
  readonly check: Check;
  readonly row: Row;
  /** The rows above. */
  readonly earlier: readonly Row[];
  /** The gradient as given. */
  readonly given: Known;
  /** The right one. */
  readonly right: Float64Array;
  /** The paths that it is a sum of. */
  readonly paths: readonly Path[];
  /** What the row would be if it were computed correctly from the learner's own gradients above. */
  readonly own: Float64Array;
  /** The tensors of the forward pass, except int32 ones. */
  readonly values: readonly Known[];
  /** The learner's own gradients above, of the right shape, and those that a learner may have had without a row. */
  readonly gradients: readonly Known[];
  /** The gradient without its last terms, as it is while they are written. */
  readonly unfinished: readonly Known[];
  /** The size of the terms that were added up: if they cancel, only rounding is left. */
  readonly reach: number;
  /** Differences smaller than this part of the largest number are rounding. */
  readonly tolerance: number;
}

/** A function that works out its result once for each argument. */
export function remembered<K extends object, V extends object>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}

/** An explanation and its cost: simpler ones cost less. */
export interface Explanation {
  /** The kind of mistake. */
  readonly kind: Kind;
  /** Sentences for the learner. */
  readonly text: string;
  /** What goes before them: which terms they are about. */
  readonly where?: string;
  /** How far it is from the right formula. */
  readonly cost: number;
  /** Says what is there, rather than what was done: never told as the second of two that fit. */
  readonly alone?: boolean;
  /** Another account that is as near. */
  readonly or?: string;
  /** A gradient that is not finished yet is used: told beside what is nearer, and no reason to stop looking. */
  readonly also?: boolean;
}

/** What kind of mistake it is. */
export type Kind =
  | "factor"
  | "sign"
  | "transposed"
  | "sum"
  | "keepdim"
  | "path"
  | "nan"
  | "earlier"
  | "shape"
  | "upstream"
  | "derivative"
  | "operand"
  | "places"
  | "clone"
  | "element";

/** A name, a shape and numbers as a `Known`. */
export function known(name: string, shape: Shape, numbers: Float64Array, origin?: Known["origin"]): Known {
  return { name, shape, numbers, origin, ...asMatrix(shape) };
}

/** Every tensor of the forward pass except int32 ones, and what a learner makes of what a cross-entropy reads. */
export const knownValues: (check: Check) => readonly Known[] = remembered((check: Check) => {
  const floats = Object.entries(check.values)
    .filter(([, { dtype }]) => dtype !== "int32")
    .map(([name, t]) => known(name, t.shape, t.toArray()));
  return [...floats, ...ofCrossEntropy(check, floats)];
});

/** One-hot rows of the targets, and softmax of the logits where it is no tensor of its own. */
function ofCrossEntropy(check: Check, floats: readonly Known[]): Known[] {
  const read = check.graph[check.last], shape = check.values[check.last].shape;
  const scores = floats.find((x) => read.includes(x.name) && x.shape.length === 2);
  if (!scores || numel(shape) !== 1) return [];
  const { rows, cols, numbers } = scores, made: Known[] = [];
  for (const [name, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape.length !== 1 || t.numel() !== rows) continue;
    const picked = new Float64Array(rows * cols);
    t.toArray().forEach((j, i) => picked[i * cols + j] = 1);
    made.push(known(`one_hot(${name}, ${cols})`, scores.shape, picked, "made"));
  }
  const largestOf = new Float64Array(rows * cols), softmax = numbers.slice();
  for (let i = 0; i < rows; i++) {
    const row = softmax.subarray(i * cols, (i + 1) * cols), most = Math.max(...row);
    row.forEach((x, j) => row[j] = Math.exp(x - most));
    const sum = row.reduce((a, b) => a + b);
    row.forEach((x, j) => row[j] = x / sum);
  }
  // Several tensors have their largest numbers at the same places: the first of them is nearest to hand.
  const at = (x: Known, i: number) => {
    const row = x.numbers.subarray(i * cols, (i + 1) * cols);
    return row.indexOf(Math.max(...row));
  };
  const all = Array.from({ length: rows }, (_, i) => i);
  const first = floats.find((x) => sameShape(x.shape, scores.shape) && all.every((i) => at(x, i) === at(scores, i)))!;
  all.forEach((i) => largestOf[i * cols + at(scores, i)] = 1);
  made.push(known(`one_hot(${first.name}.argmax(1), ${cols})`, scores.shape, largestOf, "made"));
  if (floats.some((x) => same(x.numbers, softmax, 1e-12))) return made;
  const log = known(`log_softmax(${scores.name})`, scores.shape, softmax.map(Math.log));
  return [...made, known(`softmax(${scores.name})`, scores.shape, softmax), log];
}

/** Collects all that is known. The row's numbers must be finite. */
export function assemble(check: Check, row: Row, earlier: readonly Row[]): Case {
  const { name, shape } = row, given = known(`d${name}`, row.given!.shape, numbersOf(row));
  let reach = 0;
  const own = ownGradients(check, earlier);
  const paths = readers(check.graph, name).map((reader): Path => {
    const { numbers, row, blamed } = own(reader);
    const right = check.rightNumbers(reader), slopes = check.jacobian(reader, name), rightSent = slopes.vjp(right);
    const sent = numbers === right ? rightSent : slopes.vjp(numbers);
    reach = Math.max(reach, slopes.reach(numbers));
    const upstream = known(`d${reader}`, check.values[reader].shape, numbers);
    return { reader, upstream, row, blamed, sent, rightSent, borrowed: [] };
  });
  const gradients = [
    ...unwritten(check, row, earlier),
    ...earlier.filter(usable).map((above) => known(`d${above.name}`, above.shape, numbersOf(above))),
  ];
  return {
    check,
    row,
    earlier,
    given,
    right: check.rightNumbers(name),
    paths,
    reach,
    own: total(paths.map(({ sent }) => sent), numel(shape)),
    values: knownValues(check),
    gradients,
    unfinished: paths.every(({ row }) => row) ? firstTerms(`the unfinished d${name}`, shape, paths, earlier) : [],
    tolerance: row.given!.dtype === "float64" ? 1e-8 : 1e-5,
  };
}

/** A gradient of the learner's: from its row, or worked out from the rows further down; and what to blame. */
interface Own {
  numbers: Float64Array;
  row?: Row;
  blamed: readonly Row[];
}

/** The learner's gradients by name, each worked out once. */
function ownGradients(check: Check, earlier: readonly Row[]): (name: string) => Own {
  const known = new Map<string, Own>();
  const make = (name: string): Own => {
    const row = earlier.findLast((above) => above.name === name && usable(above));
    if (row) {
      return { numbers: numbersOf(row), row, blamed: row.status === "ok" || row.status === "given" ? [] : [row] };
    }
    const used = readers(check.graph, name), blamed = [...new Set(used.flatMap((reader) => own(reader).blamed))];
    if (blamed.length === 0) return { numbers: check.rightNumbers(name), blamed };
    const sent = used.map((reader) => check.jacobian(reader, name).vjp(own(reader).numbers));
    return { numbers: total(sent, check.values[name].numel()), blamed };
  };
  const own = (name: string): Own => {
    const found = known.get(name) ?? make(name);
    known.set(name, found);
    return found;
  };
  return own;
}

/** The learner's gradient of a tensor as worked out from these rows, whether it has one or not; and what to blame. */
export function workedOut({ check, row: { name } }: Case, rows: readonly Row[]): Own {
  return ownGradients(check, rows.filter((row) => row.name !== name))(name);
}

/**
 * Gradients that have no row above: the right ones of tensors further down that no row is asked for, and what there is
 * so far of a tensor whose other terms come later.
 */
function unwritten(check: Check, { name }: Row, earlier: readonly Row[]): Known[] {
  const found: Known[] = [], written = new Set(earlier.map((row) => row.name)), below = downstream(check.graph, name);
  const own = ownGradients(check, earlier);
  for (const [other, value] of Object.entries(check.values)) {
    if (written.has(other) || other === name || other === check.last || value.dtype === "int32") continue;
    const lines = readers(check.graph, other),
      rows = lines.flatMap((line) => earlier.findLast((row) => row.name === line && usable(row)) ?? []);
    if (rows.length > 0 && rows.length < lines.length) {
      const sent = total(rows.map((row) => check.jacobian(row.name, other).vjp(numbersOf(row))), value.numel());
      // A copy of another gradient has that one's name.
      if (earlier.some((row) => usable(row) && same(numbersOf(row), sent, 1e-9))) continue;
      found.push(known(`the unfinished d${other}`, value.shape, sent, "unfinished"));
    } else if (below.includes(other)) {
      found.push(known(`d${other}`, value.shape, own(other).numbers));
    }
  }
  return found;
}

function firstTerms(name: string, shape: Shape, paths: readonly Path[], earlier: readonly Row[]): Known[] {
  const place = ({ reader }: Path) => earlier.findLastIndex((above) => above.name === reader);
  const inOrder = paths.toSorted((a, b) => place(a) - place(b));
  return inOrder.slice(1).map((_, k) =>
    known(name, shape, total(inOrder.slice(0, k + 1).map(({ sent }) => sent), numel(shape)), "unfinished")
  );
}

/** The sum of lists of `n` numbers. */
export function total(parts: readonly Float64Array[], n: number): Float64Array {
  const sum = new Float64Array(n);
  for (const part of parts) for (let i = 0; i < n; i++) sum[i] += part[i];
  return sum;
}

/** Whether a row's gradient has the right shape and finite numbers. */
export function usable({ status, given, shape }: Row): boolean {
  return given !== undefined && sameShape(given.shape, shape) && status !== "shape" && status !== "todo" &&
    looked(given).finite;
}

/** The numbers of a row's gradient, which are not to be changed. */
export function numbersOf({ given }: Row): Float64Array {
  return looked(given!).numbers;
}

/** A row's gradient is a copy that nobody changes, so one look at it is enough. */
const looked = remembered((given: Tensor) => {
  const numbers = given.toArray();
  return { numbers, finite: isFinite(numbers) };
});

/** Whether every number is finite. */
export function isFinite(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}

/** Whether the given numbers are these, up to rounding. */
export function gives({ given, tolerance, reach }: Case, numbers: Float64Array): boolean {
  return same(given.numbers, numbers, tolerance, 1e-3 * reach);
}

/** What a path alone would have to be. */
export interface Target {
  readonly numbers: Float64Array;
  /** The paths left out, if the others are not as they should be. */
  readonly left: readonly string[];
  /** What is rounding, as a part of the largest number: more where most of the gradient was taken off. */
  readonly tolerance: number;
}

/** What this path alone would have to be, if the other paths are right; undefined if that is nothing. */
export function alone(c: Case, path: Path): Target | undefined {
  return targets(c, path).find(({ left }) => left.length === 0);
}

/** A path's line, and those below it where they have no rows of their own: a formula in one go holds them, too. */
export function linesOf({ check }: Case, { reader, row }: Path): string[] {
  return row ? [reader] : [reader, ...downstream(check.graph, reader)];
}

/** How a sentence begins that says what was done to an otherwise right gradient: the rows above may be wrong. */
export function rightBut({ paths }: Case): string {
  return paths.some(({ blamed }) => blamed.length > 0) ? "Right for the gradients above, but" : "Right, but";
}

/** What this path alone would have to be, if the other paths are right, or if they are left out. */
export function targets(c: Case, path: Path): Target[] {
  const others = c.paths.filter((other) => other !== path), given = c.given.numbers, size = largest(given);
  const rest = given.slice();
  for (const { sent } of others) sent.forEach((x, i) => rest[i] -= x);
  const all: [Float64Array, string[]][] = [[rest, []]];
  const seen = others.filter(({ sent }) => largest(sent) > 1e-9 * size);
  if (seen.length > 0) all.push([given.slice(), seen.map(({ reader }) => reader)]);
  return all.flatMap(([numbers, left]) => {
    const part = largest(numbers) / size;
    return part > 1e-6 ? [{ numbers, left, tolerance: Math.max(c.tolerance, Math.min(1e-5, c.tolerance / part)) }] : [];
  });
}
