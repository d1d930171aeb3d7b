// What is wrong with a wrong gradient, in a sentence, from the numbers alone.
//
// A tensor's gradient is a sum over the lines that read it, its paths: what each sends back is the line's Jacobian,
// transposed, times that line's own gradient. All of these are measured, with finite differences of one line at a time.
// Then the gradient given is fitted as a combination of them. Weights of 1 would be right; a 0 is a forgotten path, a −1 a
// sign, a 32 a forgotten mean. If the weights are 1 with the reader's own gradients for later tensors but the row is wrong
// all the same, only those are to blame. A wrong shape tells its story by itself.
// Left out: reading anybody's code.
import type { Check, Row } from "./check.ts";
import { readers } from "./graph.ts";
import { scratch } from "../tensor/memory.ts";
import { formatShape, numel, sameShape, type Shape } from "../tensor/shape.ts";
import { type Tensor, tensor } from "../tensor/tensor.ts";

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
  | "element";

/** A mistake: its kind, and a sentence or two for the learner. */
export interface Diagnosis {
  /** What kind. */
  kind: Kind;
  /** For the learner. */
  text: string;
  /** For the kind "earlier": the gradients above where the mistakes are, such as `dprobs`. */
  causes?: readonly string[];
}

/** Below this, a gradient is zero but for rounding. */
const ZERO = 1e-9;

const diagnosed = new WeakMap<Row, Diagnosis>();

/** Says what is wrong with a row whose status is `wrong` or `shape`. `earlier` are the rows above it in the table. */
export function diagnose(check: Check, row: Row, earlier: readonly Row[]): Diagnosis {
  let found = diagnosed.get(row);
  if (!found) diagnosed.set(row, found = diagnoseAnew(check, row, earlier));
  return found;
}

/** Says that a wrong gradient is the same tensor as another, as after a forgotten clone(); undefined when it is not. */
export function diagnoseShared(dname: string, gradients: Record<string, Tensor | undefined>): string | undefined {
  const twin = Object.keys(gradients).find((other) => other !== dname && gradients[other] === gradients[dname]);
  return twin && `${dname} and ${twin} are one tensor, so what is added to one is in the other: clone() it.`;
}

function diagnoseAnew(check: Check, row: Row, earlier: readonly Row[]): Diagnosis {
  if (row.remark) return { kind: "shape", text: row.remark };
  if (row.status === "shape") return diagnoseShape(check, row, earlier);
  const given = row.given!.toArray(), expected = row.expected!;
  const bad = given.findIndex((x) => !Number.isFinite(x));
  const above = earlier.filter(({ name }) => check.graph[name]?.includes(row.name));
  if (bad >= 0) {
    const infected = above.filter((row) => row.status === "wrong" && !row.given!.toArray().every(Number.isFinite));
    if (infected.length > 0) {
      const causes = causesOf(check, infected, earlier);
      return { kind: "earlier", causes, text: `NaN or infinite as ${causes.join(" and ")} above: fix that first.` };
    }
    const count = given.filter((x) => !Number.isFinite(x)).length;
    return {
      kind: "nan",
      text: `${count} of ${given.length} elements are NaN or infinite, the first at ${position(bad, row.shape)}: ` +
        "look for a division by zero, a logarithm of 0, or a negative number to a fractional power.",
    };
  }
  const told = diagnosePaths(check, row, given, earlier);
  const misshapen = above.filter(({ status }) => status === "shape");
  if (told || misshapen.length === 0) return told ?? worstElement(row, given, expected);
  const causes = causesOf(check, misshapen, earlier);
  return { kind: "earlier", causes, text: `The shape of ${causes.join(" and ")} above is wrong: fix that first.` };
}

/** Where the mistakes are that made these rows wrong: they themselves, or what they blame. */
function causesOf(check: Check, wrong: readonly Row[], earlier: readonly Row[]): string[] {
  return [
    ...new Set(wrong.flatMap((row) => {
      const { causes } = diagnose(check, row, earlier.slice(0, earlier.indexOf(row)));
      return causes ?? [`d${row.name}`];
    })),
  ];
}

// --- Shapes ----------------------------------------------------------------------------------------------------------------

function diagnoseShape(check: Check, { name, shape, given }: Row, earlier: readonly Row[]): Diagnosis {
  const yours = given?.shape;
  if (!Array.isArray(yours)) {
    return {
      kind: "shape",
      text: `d${name} should be a tensor of shape ${formatShape(shape)}; yours is ${typeof given}.`,
    };
  }
  const both = `yours is ${formatShape(yours)}, expected is ${formatShape(shape)}`;
  if (yours.length === 2 && shape.length === 2 && sameShape([yours[1], yours[0]], shape)) {
    return { kind: "transposed", text: `Transposed: ${both}. Exchange the two sides of the product, or transpose it.` };
  }
  const cause = earlier.find((row) =>
    row.status === "shape" && check.graph[row.name]?.includes(name) && sameShape(row.given?.shape ?? [], yours)
  );
  if (cause) {
    const causes = causesOf(check, [cause], earlier);
    return {
      kind: "earlier",
      causes,
      text: `Wrong shape: ${both}, which comes from ${causes.join(" and ")} above. Fix that first.`,
    };
  }
  const withoutOnes = (sizes: Shape) => sizes.filter((size) => size !== 1);
  if (sameShape(withoutOnes(yours), withoutOnes(shape))) {
    const advice = yours.length < shape.length
      ? "Keep the dimension that you sum over: { keepdim: true }."
      : yours.length > shape.length
      ? "Sum without keepdim."
      : "The sizes are right, the order is not.";
    return { kind: "keepdim", text: `A dimension of size 1 makes the difference: ${both}. ${advice}` };
  }
  const reader = readers(check.graph, name).find((line) => numel(check.values[line].shape) > numel(shape));
  const padded = [...new Array(Math.max(0, yours.length - shape.length)).fill(1), ...shape];
  const summed = padded.flatMap((size, i) => size === 1 && yours[i] !== 1 ? [i] : []);
  if (yours.length === padded.length && padded.every((size, i) => size === 1 || size === yours[i]) && reader) {
    return {
      kind: "sum",
      text:
        `A sum is missing: ${both}. ${name} was broadcast over dimension ${summed.join(", ")} in ${reader}; what is ` +
        `broadcast forward is summed backward.`,
    };
  }
  const other = shape.length === 2 && yours.length <= 2 && shape.includes(1) && reader;
  if (other && withoutOnes(yours).join() === String(check.values[reader].shape[shape.indexOf(1) === 0 ? 0 : 1])) {
    return {
      kind: "sum",
      text: `Summed over the wrong dimension: ${both}. ${name} was broadcast over dimension ${
        shape.indexOf(1)
      } in ${reader}.`,
    };
  }
  const hint = numel(yours) === numel(shape)
    ? `As many elements, in another shape: view(${shape.join(", ")}) gives the right one, if the order is right.`
    : "A gradient has the shape of its tensor, always.";
  return { kind: "shape", text: `Wrong shape: ${both}. ${hint}` };
}

// --- Numbers: a combination of paths? --------------------------------------------------------------------------------------

interface Path {
  /** The line that reads the tensor. */
  reader: string;
  /** What it sends back, one number per element. */
  sent: Float64Array;
  /** The size of that. */
  norm: number;
  /** The reader's own row of the table, if it was used and is not right. */
  blamed?: Row;
}

function diagnosePaths(check: Check, row: Row, given: Float64Array, earlier: readonly Row[]): Diagnosis | undefined {
  const { name } = row;
  const measured = readers(check.graph, name).map((reader) => pathThrough(check, name, reader, earlier));
  // What a row's maximum sends back is zero but for rounding: any weight would fit it.
  const largest = Math.max(...measured.map(({ norm }) => norm));
  if (!(largest > ZERO)) return undefined;
  const paths = measured.filter(({ norm }) => norm > 1e-6 * largest);
  const weights = fit(paths.map(({ sent }) => sent), given);
  if (!weights) return undefined;
  const blamed = causesOf(check, paths.flatMap(({ blamed }) => blamed ?? []), earlier);
  const are = blamed.length > 1 ? "are" : "is";
  const off = paths.map((path, i) => ({ ...path, weight: weights[i] })).filter(({ weight }) => !isNear(weight, 1));
  if (off.length === 0) {
    if (blamed.length === 0) return undefined;
    return {
      kind: "earlier",
      causes: blamed,
      text: `Wrong only because ${blamed.join(" and ")} above ${are} wrong: fix that first.`,
    };
  }
  const prefix = blamed.length > 0 ? `Mend ${blamed.join(" and ")} above first. Apart from that: ` : "";
  const missing = off.filter(({ weight }) => Math.abs(weight) < 1e-4);
  const rest = paths.filter(({ reader }) => !off.some((path) => path.reader === reader));
  if (missing.length === off.length && paths.length > missing.length) {
    const also = missing.map(({ reader }) => reader).join(" and ");
    return {
      kind: "path",
      text: `${prefix}${prefix ? "right" : "Right"} for the path through ${
        rest.map(({ reader }) => reader).join(" and ")
      }; ` +
        `${name} also feeds ${also}, and a tensor that is used twice gets two terms.`,
    };
  }
  const everywhere = off.length === paths.length && off.every(({ weight }) => isNear(weight, off[0].weight));
  const where = everywhere ? "every element is" : `the term through ${off[0].reader} is`;
  const sizes = [...row.shape, ...check.values[off[0].reader].shape];
  const { kind, text } = factor(off[0].weight, batchSize(check), sizes);
  return { kind, text: prefix ? `${prefix}${where} ${text}` : capital(`${where} ${text}`) };
}

/** Measures what one line sends back to a tensor: the derivative of ⟨its gradient, its value⟩, this line alone replayed. */
function pathThrough(check: Check, name: string, reader: string, earlier: readonly Row[]): Path {
  const row = earlier.find((row) =>
    row.name === reader && row.given && row.status !== "shape" && row.status !== "todo"
  );
  const theirs = row?.given?.toArray();
  const usable = theirs?.every(Number.isFinite) ? theirs : undefined;
  const gradient = usable ?? trueGradient(check, reader);
  const { values, forward } = check, target = values[name].clone(), elements = target.toArray();
  const weights = tensor(gradient, { shape: values[reader].shape, dtype: "float64" });
  const inputs = { ...values, [name]: target };
  const measure = () => {
    using _ = scratch();
    return forward[reader](inputs).mul(weights).sum().item();
  };
  const typical = Math.hypot(...elements) / Math.sqrt(elements.length), h = 1e-4 * Math.max(typical, 1 / 16);
  const sent = elements.map((x, i) => {
    target.put_(i, x + h);
    const up = measure();
    target.put_(i, x - h);
    const down = measure();
    target.put_(i, x);
    return (up - down) / (2 * h);
  });
  const norm = Math.sqrt(sent.reduce((sum, x) => sum + x * x, 0));
  return { reader, sent, norm, blamed: usable && row!.status === "wrong" ? row : undefined };
}

/** The gradient of a tensor by finite differences; 1 for the loss. */
function trueGradient(check: Check, name: string): Float64Array {
  if (name === Object.keys(check.forward).at(-1)) return Float64Array.of(1);
  return check.expected(name);
}

/** Weights w with Σ wₖ·partₖ = whole, by least squares; undefined when no weights come close, or they are not unique. */
function fit(parts: readonly Float64Array[], whole: Float64Array): number[] | undefined {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const matrix = parts.map((a) => [...parts.map((b) => dot(a, b)), dot(a, whole)]);
  const n = parts.length;
  for (let i = 0; i < n; i++) {
    const scale = dot(parts[i], parts[i]);
    if (!(matrix[i][i] > 1e-9 * scale) || scale === 0) return undefined;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const ratio = matrix[j][i] / matrix[i][i];
      for (let k = i; k <= n; k++) matrix[j][k] -= ratio * matrix[i][k];
    }
  }
  const weights = matrix.map((row, i) => row[n] / row[i]);
  const residual = whole.map((x, i) => x - parts.reduce((sum, part, k) => sum + weights[k] * part[i], 0));
  const norm = (a: Float64Array) => Math.sqrt(dot(a, a)), left = norm(residual);
  const close = Math.max(1e-4 * norm(whole), 1e-9 * Math.max(...parts.map(norm)));
  return left <= close && left < Infinity ? weights : undefined;
}

/** What a gradient `weight` times the right one tells, with n examples and tensors of these sizes. */
function factor(weight: number, n: number, sizes: readonly number[]): { kind: Kind; text: string } {
  if (isNear(weight, -1)) return { kind: "sign", text: "the right number with the wrong sign." };
  const kind = weight < 0 ? "sign" : "factor";
  const sign = weight < 0 ? ", with the wrong sign" : "", size = Math.abs(weight);
  if (size < 1e-9) return { kind: "factor", text: "zero." };
  if (isNear(size, n)) {
    return { kind, text: `${n} times too large${sign}: where is the 1/n of a mean over ${n} examples?` };
  }
  if (isNear(size, 1 / n)) return { kind, text: `${n} times too small${sign}: divided by n = ${n} once too often?` };
  if (isNear(size, n - 1)) {
    return { kind, text: `${n - 1} times too large${sign}: where is the 1/(n − 1) of the variance?` };
  }
  if (n > 2 && (isNear(size, (n - 1) / n) || isNear(size, n / (n - 1)))) {
    return {
      kind,
      text: `${plain(size)} times what it should be${sign}: n and n − 1 exchanged, ${n} and ${n - 1} here.`,
    };
  }
  if (isNear(size, 0.5)) {
    return { kind, text: `half of what it should be${sign}: is a 2 missing, as in the derivative of x², 2x?` };
  }
  const m = sizes.find((m) => m > 4 && (isNear(size, m) || isNear(size, 1 / m)));
  if (m && size > 1) return { kind, text: `${m} times too large${sign}: a sum over ${m} where a mean belongs?` };
  if (m) return { kind, text: `${m} times too small${sign}: a mean over ${m} where a sum belongs?` };
  return { kind, text: `${plain(size)} times what it should be${sign}.` };
}

function worstElement({ shape, name }: Row, given: Float64Array, expected: Float64Array): Diagnosis {
  let worst = 0;
  given.forEach((x, i) => {
    if (Math.abs(x - expected[i]) > Math.abs(given[worst] - expected[worst])) worst = i;
  });
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const zero = largest < ZERO ? ` Every element of d${name} should be 0, up to rounding.` : "";
  return {
    kind: "element",
    text: `The worst element is at ${position(worst, shape)}: yours ${plain(given[worst])}, ` +
      `expected ${plain(expected[worst])}.${zero}`,
  };
}

/** The number of examples: the first size of what the forward pass makes first. */
function batchSize({ forward, values }: Check): number {
  return values[Object.keys(forward)[0]].shape[0];
}

/** An index as the exercise would write it: [3, 17]. */
function position(index: number, shape: Shape): string {
  const indices: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    indices.unshift(index % shape[d]);
    index = Math.floor(index / shape[d]);
  }
  return `[${indices.join(", ")}]`;
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-3 * Math.abs(b);
}

function plain(x: number): string {
  return Number(x.toPrecision(4)).toString();
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
