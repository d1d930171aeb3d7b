// Formulas, numbers and positions as the learner writes and reads them.
import type { Shape } from "../../tensor/shape.ts";
import {
  type Argument,
  type Formula,
  fraction,
  isFormula,
  leaf,
  operands,
  parts,
  replaced,
  type Step,
  withArgument,
} from "../formula/formula.ts";

/** A sentence about a slip. A word of ours that it begins with gets a capital where it begins a remark; a name does not. */
export interface Phrase {
  readonly text: string;
  /** With the capital. */
  readonly atStart: string;
  /** What it may have come from: left out first. */
  readonly guess?: string;
  /** In which of several calculations, and that as code: the end of the sentence. */
  readonly within?: Formula;
  readonly place?: string;
  /** Whether it says which line's term it is about. */
  readonly placed?: boolean;
  /** Whether it says both shapes. */
  readonly shapes?: boolean;
}

/** A phrase that begins with a word of ours. */
export function ours(text: string): Phrase {
  return { text, atStart: text[0].toUpperCase() + text.slice(1) };
}

/** A phrase; one that begins with a value begins as that does. */
export function say(words: TemplateStringsArray, ...values: (string | number | Phrase | undefined)[]): Phrase {
  const plain = (value: (typeof values)[number]) => typeof value === "object" ? value.text : String(value);
  const text = values.reduce((whole: string, value, i) => whole + plain(value) + words[i + 1], words[0]);
  const [first] = values, isOurs = words[0] !== "" || typeof first === "object" && first.atStart !== first.text;
  return isOurs ? ours(text) : { text, atStart: text };
}

/** A formula as code: `bnraw.mul(dh).sum(0, { keepdim: true })`. */
export function written(formula: Formula): string {
  switch (formula.kind) {
    case "leaf":
      // What a line sends back, measured, is named by the line and the tensor.
      return formula.name.includes(" ") && !formula.name.endsWith(" so far")
        ? `the term through ${formula.name.split(" ")[0]}`
        : formula.name;
    case "constant": {
      const shape = formula.shape.join(", ");
      if (formula.tensor) return `array(${shape})`;
      if (formula.shape.length === 0) return number(formula.value);
      if (formula.value === 0 || formula.value === 1) return `${formula.value === 0 ? "zeros" : "ones"}([${shape}])`;
      return `full([${shape}], ${number(formula.value)})`;
    }
    case "step":
      return writtenStep(formula.op, formula.args);
  }
}

/** How steps are written that stand for more than one call. */
const FORMS: Record<string, (args: string[]) => string> = {
  // one_hot has its ones along the last dimension.
  is_max: ([a, dim, rank]) =>
    Number(dim) === Number(rank) - 1 ? `one_hot(${a}.argmax(${dim}))` : `${a}.eq(${a}.amax(${dim}, { keepdim: true }))`,
  is_amax: ([a, dim]) => `${a}.eq(${a}.amax(${dim === undefined ? "" : `${dim}, `}{ keepdim: true }))`,
  positive: ([a]) => `${a}.gt(0)`,
  is_larger: ([a, b, isSecond]) => `${a}.${isSecond === "true" ? "gt" : "ge"}(${b})`,
  is_smaller: ([a, b, isSecond]) => `${a}.${isSecond === "true" ? "lt" : "le"}(${b})`,
  // Of a calculation it is ours, to have a term alone.
  zeros_like: ([a]) => /^\w+$/.test(a) ? `zeros_like(${a})` : "(…)",
  T: ([a]) => `${a}.T`,
  spread: ([a]) => a,
};

/** Functions that are no methods. */
const FREE = new Set(["one_hot", "where", "cat", "stack"]);

function writtenStep(op: string, args: readonly Argument[]): string {
  if (op === "write") {
    const [base, views, name, ...rest] = args;
    const seen = (views as readonly (readonly Argument[])[]).map(([view, ...more]) => `.${view}(${list(more)})`).join(
      "",
    );
    return `${argument(base)}${seen}.${name}(${list(rest)})`;
  }
  const texts = trimmed(args).map(argument), inner = texts.map(inBrackets);
  if (Object.hasOwn(FORMS, op)) return FORMS[op](texts);
  const [self] = args;
  if (FREE.has(op) || !isFormula(self)) return `${op}(${inner.join(", ")})`;
  const of = self.kind === "leaf" && self.name.includes(" ") ? `(${texts[0]})` : texts[0];
  return `${of}.${op}(${inner.slice(1).join(", ")})`;
}

const list = (args: readonly Argument[]) => trimmed(args).map(argument).map(inBrackets).join(", ");

const inBrackets = (one: string) => one === GAP.name ? "…" : one;

/** Without the undefined ones at the end. */
function trimmed(args: readonly Argument[]): readonly Argument[] {
  let end = args.length;
  while (end > 0 && saysNothing(args[end - 1])) end--;
  return args.slice(0, end);
}

function saysNothing(value: Argument): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && !Array.isArray(value) && !isFormula(value) &&
    Object.entries(value).every(([name, x]) => x === undefined || (name === "keepdim" && x === false));
}

/** Characters of code that a sentence shows of one formula. */
const WIDTH = 72;

/** What is left out of one. */
const GAP = leaf("(…)");

/** A step's call without what it is called on: `sum(0)`. */
export function called(step: Step): string {
  const whole = written(withArgument(step, 0, leaf("·")));
  return whole.startsWith("·.") ? whole.slice(2) : whole;
}

/** A formula as code, its inner parts left out where it is long: as little as possible, or the longest where the rest tells enough. */
export function short(formula: Formula, isPlace = false): string {
  const whole = written(formula);
  if (whole.length <= WIDTH) return whole;
  const inner = parts(formula).filter((part) => part !== formula && part.kind === "step" && operands(part).length > 0);
  let best = formula;
  // As much of it as there is room for
  const cuts = inner.map((part) => written(replaced(formula, part, GAP))).filter(({ length }) =>
    length >= 12 && length <= WIDTH
  );
  if (cuts.length > 0) return cuts.reduce((a, b) => b.length > a.length !== isPlace ? b : a);
  for (const part of inner.sort((a, b) => written(a).length - written(b).length)) {
    best = replaced(best, part, GAP);
    if (written(best).length <= WIDTH) return written(best);
  }
  return whole.slice(0, WIDTH - 1) + "…";
}

/** An argument as it is told. */
export function text(value: Argument): string {
  if (isFormula(value)) return short(value);
  if (typeof value === "string") return /^[-\d:]+$/.test(value) ? JSON.stringify(value) : value;
  return value === undefined ? "" : minus(argument(value));
}

export function argument(value: Argument): string {
  if (isFormula(value)) return written(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) {
    if (value.length > 3 && value.every((x, i) => x === i)) return `range(${value.length})`;
    return value.length > 6
      ? `[${value.slice(0, 3).map(argument).join(", ")}, …]`
      : `[${value.map(argument).join(", ")}]`;
  }
  if (typeof value === "object") {
    return `{ ${Object.entries(value).map(([name, x]) => `${name}: ${argument(x)}`).join(", ")} }`;
  }
  return String(value);
}

/** A number as somebody may have written it: −1/32, 1e-5, 31/32, 1/√8; in four digits where there is no such form. */
export function number(x: number): string {
  const known = simple(x);
  return known === undefined ? digits(x) : minus(known);
}

/** A number in so many digits. */
export function digits(x: number, digits = 4): string {
  return minus(String(Number(x.toPrecision(digits))));
}

/** The number as a whole one, a fraction, a root or a short decimal; undefined for others. */
export function simple(x: number): string | undefined {
  if (!Number.isFinite(x)) return String(x);
  if (Math.abs(x) < 1e15 && near(x, Math.round(x), 1e-9) && Math.round(x) !== 0) return String(Math.round(x));
  if (x === 0) return "0";
  if (near(x, Number(x.toPrecision(2)), 1e-9)) {
    return Math.abs(x) < 1e-3 ? Number(x.toPrecision(2)).toExponential() : String(Number(x.toPrecision(2)));
  }
  const sign = x < 0 ? "-" : "", size = Math.abs(x), ratio = fraction(size, 1e-9, 5000);
  if (ratio) return sign + ratio.join("/");
  const square = fraction(size * size, 2e-9, 4096);
  if (square) {
    const [p, q] = square;
    return p === 1 ? `${sign}1/√${q}` : q === 1 ? `${sign}√${p}` : `${sign}√(${p}/${q})`;
  }
  return near(x, Number(x.toPrecision(3)), 1e-9) ? String(Number(x.toPrecision(3))) : undefined;
}

function near(a: number, b: number, by: number): boolean {
  return Math.abs(a - b) <= by * Math.abs(b);
}

/** A true minus sign, where a number begins with one. */
export function minus(text: string): string {
  return text.replace(/^-/, "−");
}

/** An index as the exercise would write it: [3, 17]. */
export function position(index: number, shape: Shape): string {
  const indices: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    indices.unshift(index % shape[d]);
    index = Math.floor(index / shape[d]);
  }
  return `[${indices.join(", ")}]`;
}

/** Two numbers in as many digits as it takes to see that they differ, four at least. */
export function apart(a: number, b: number): [string, string] {
  for (let count = 4; count < 17; count++) {
    const x = digits(a, count), y = digits(b, count);
    if (x !== y) return [x, y];
  }
  return [minus(String(a)), minus(String(b))];
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** What lies along a dimension of so many. */
export function kindAlong(rank: number, dim: number): string {
  return rank === 1 ? "element" : rank === 2 ? ["row", "column"][dim] : `index of dimension ${dim}`;
}

/** So many places. */
export const allPlaces = (count: number) => count === 2 ? "both places" : `all ${count} places`;
