// The functions that a factor may be of a known tensor, with the way each is written; and which function a line is.
import { type Matrix, ratio } from "./numbers.ts";

/** A function of one number. */
export interface Fn {
  /** Applies it. */
  of: (x: number) => number;
  /** How it is written of something called `a`. */
  text: (a: string) => string;
  /** Simpler ones first. */
  rank: number;
}

/** PyTorch's usual ε of batchnorm, which stands in this network's variance. */
const EPS = 1e-5;

const POWERS: [number, string][] = [[0.5, "½"], [1.5, "3/2"], [2.5, "5/2"]];

/** The identity, which every search has. */
export const IDENTITY: Fn = { of: (x) => x, text: (a) => a, rank: 0 };

/** One over the number: with it, a search can divide. */
export const RECIPROCAL: Fn = { of: (x) => 1 / x, text: (a) => `1/${a}`, rank: 1 };

/** The square. */
export const SQUARE: Fn = { of: (x) => x * x, text: (a) => `${a}²`, rank: 1 };

/** The sign, as in an absolute value. */
export const SIGN: Fn = { of: (x) => Math.sign(x), text: (a) => `the sign of ${a}`, rank: 3 };

/** What a factor may be of a tensor, the simplest first. */
export const FUNCTIONS: readonly Fn[] = [
  IDENTITY,
  RECIPROCAL,
  SQUARE,
  { of: (x) => 1 / (x * x), text: (a) => `${a}⁻²`, rank: 1 },
  { of: (x) => x * x * x, text: (a) => `${a}³`, rank: 2 },
  { of: (x) => 1 / (x * x * x), text: (a) => `${a}⁻³`, rank: 2 },
  { of: (x) => 1 - x, text: (a) => `1 − ${a}`, rank: 1 },
  { of: (x) => 1 - x * x, text: (a) => `1 − ${a}²`, rank: 1 },
  { of: (x) => 1 / (1 - x), text: (a) => `1/(1 − ${a})`, rank: 2.5 },
  { of: (x) => 1 / (1 - x * x), text: (a) => `1/(1 − ${a}²)`, rank: 2.5 },
  { of: (x) => 1 + x, text: (a) => `1 + ${a}`, rank: 2 },
  { of: (x) => 1 + x * x, text: (a) => `1 + ${a}²`, rank: 2 },
  { of: (x) => x * (1 - x), text: (a) => `${a}·(1 − ${a})`, rank: 2 },
  { of: (x) => x * (1 - x * x), text: (a) => `${a}·(1 − ${a}²)`, rank: 3 },
  { of: (x) => (1 - x) * (1 - x), text: (a) => `(1 − ${a})²`, rank: 3 },
  { of: (x) => (1 - x * x) ** 2, text: (a) => `(1 − ${a}²)²`, rank: 3 },
  { of: (x) => 1 - 2 * x, text: (a) => `1 − 2·${a}`, rank: 3 },
  { of: (x) => 1 - Math.abs(x), text: (a) => `1 − |${a}|`, rank: 3 },
  { of: (x) => Math.sqrt(1 - x * x), text: (a) => `√(1 − ${a}²)`, rank: 3 },
  { of: (x) => x + 2, text: (a) => `${a} + 2`, rank: 3 },
  { of: (x) => x * Math.exp(x - 1), text: (a) => `${a}·e^(${a} − 1)`, rank: 3 },
  { of: (x) => 1 - x * x * x, text: (a) => `1 − ${a}³`, rank: 3 },
  { of: (x) => Math.exp(x), text: (a) => `e^${a}`, rank: 2 },
  { of: (x) => Math.exp(-x), text: (a) => `e^(−${a})`, rank: 3 },
  { of: (x) => Math.log(x), text: (a) => `ln ${a}`, rank: 2 },
  { of: (x) => Math.tanh(x), text: (a) => `tanh(${a})`, rank: 2 },
  { of: (x) => 1 - Math.tanh(x), text: (a) => `1 − tanh(${a})`, rank: 3 },
  { of: (x) => 1 - Math.tanh(x) ** 2, text: (a) => `1 − tanh²(${a})`, rank: 3 },
  SIGN,
  { of: (x) => 1 / (1 + Math.exp(-x)), text: (a) => `σ(${a})`, rank: 3 },
  { of: (x) => Math.abs(x), text: (a) => `|${a}|`, rank: 3 },
  { of: (x) => x > 0 ? 1 : 0, text: (a) => `1 where ${a} > 0`, rank: 3 },
  ...POWERS.flatMap(([p, words]): Fn[] => [
    { of: (x) => x ** p, text: (a) => p === 0.5 ? `√${a}` : `${a}^(${words})`, rank: 2.2 },
    { of: (x) => x ** -p, text: (a) => `${a}^(−${words})`, rank: 2.2 },
    { of: (x) => (x + EPS) ** p, text: (a) => p === 0.5 ? `√(${a} + ε)` : `(${a} + ε)^(${words})`, rank: 2.5 },
    { of: (x) => (x + EPS) ** -p, text: (a) => `(${a} + ε)^(−${words})`, rank: 2.5 },
  ]),
  { of: (x) => 1 / (x + EPS), text: (a) => `1/(${a} + ε)`, rank: 3 },
  { of: (x) => (x + EPS) ** -2, text: (a) => `(${a} + ε)⁻²`, rank: 3 },
];

/** Those that anybody would try with a tensor that has nothing to do with the line. */
export const SIMPLE: readonly Fn[] = FUNCTIONS.filter(({ rank }) => rank <= 2);

/** A function that a whole line is, of the one tensor it reads, and its derivative. */
export interface LineFunction {
  /** `tanh`, `eˣ`, `x⁻¹`. */
  name: string;
  /** `1 − h²`, written with the tensors' names where that reads better than x. */
  derivative: (x: string, y: string) => string;
}

const LINES: (LineFunction & { of: (x: number) => number })[] = [
  { of: Math.tanh, name: "tanh", derivative: (_, y) => `1 − ${y}²` },
  { of: Math.exp, name: "eˣ", derivative: (_, y) => `eˣ, which is ${y} here` },
  { of: Math.log, name: "ln x", derivative: () => "1/x" },
  { of: (x) => x * x, name: "x²", derivative: () => "2x" },
  { of: (x) => x ** 3, name: "x³", derivative: () => "3x²" },
  { of: (x) => 1 / x, name: "x⁻¹", derivative: () => "−x⁻²" },
  { of: Math.sqrt, name: "√x", derivative: () => "½·x^(−½)" },
  { of: (x) => x ** -0.5, name: "x^(−½)", derivative: () => "−½·x^(−3/2)" },
  { of: (x) => (x + EPS) ** -0.5, name: "(x + ε)^(−½)", derivative: () => "−½·(x + ε)^(−3/2)" },
  { of: (x) => 1 / (1 + Math.exp(-x)), name: "the sigmoid", derivative: (_, y) => `${y}·(1 − ${y})` },
  { of: (x) => Math.max(0, x), name: "max(0, x)", derivative: () => "1 where x > 0, else 0" },
];

/** The function that makes y of x, element by element, if it is one of the usual ones. */
export function lineFunction(x: Matrix, y: Matrix): LineFunction | undefined {
  if (x.numbers.length !== y.numbers.length) return undefined;
  return LINES.find(({ of }) => {
    const weight = ratio(x.numbers.map(of), y.numbers, 1e-12);
    return weight !== undefined && Math.abs(weight - 1) < 1e-9;
  });
}
