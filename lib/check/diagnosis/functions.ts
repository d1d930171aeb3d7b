// The functions that a factor may be of a known tensor, with the way each is written; and which function a line is.
import type { Known } from "./case.ts";
import { ratio } from "./numbers.ts";

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
export const EPS = 1e-5;

const POWERS: [number, string][] = [[0.5, "½"], [1.5, "3/2"], [2.5, "5/2"]];

/** A function as it is written of `#`. */
function fn(of: Fn["of"], text: string, rank = 3): Fn {
  return { of, text: (a) => text.replaceAll("#", () => a), rank };
}

/** The identity, which every search has. */
export const IDENTITY: Fn = fn((x) => x, "#", 0);

/** One over the number: with it, a search can divide. */
export const RECIPROCAL: Fn = fn((x) => 1 / x, "1/#", 1);

/** The square. */
export const SQUARE: Fn = fn((x) => x * x, "#²", 1);

/** The sign, as in an absolute value. */
export const SIGN: Fn = fn(Math.sign, "the sign of #");

/** Powers of a half and more, with ε and without. */
export const ROOTS: readonly Fn[] = POWERS.flatMap(([p, words]) => [
  fn((x) => x ** p, p === 0.5 ? "√#" : `#^(${words})`, 2.2),
  fn((x) => x ** -p, `#^(−${words})`, 2.2),
  fn((x) => (x + EPS) ** p, p === 0.5 ? "√(# + ε)" : `(# + ε)^(${words})`, 2.5),
  fn((x) => (x + EPS) ** -p, `(# + ε)^(−${words})`, 2.5),
]);

/** What a factor may be of a tensor, the simplest first. */
export const FUNCTIONS: readonly Fn[] = [
  IDENTITY,
  RECIPROCAL,
  SQUARE,
  fn((x) => 1 / (x * x), "#⁻²", 1),
  fn((x) => x * x * x, "#³", 2),
  fn((x) => 1 / (x * x * x), "#⁻³", 2),
  fn((x) => 1 - x, "1 − #", 1),
  fn((x) => 1 - x * x, "1 − #²", 1),
  fn((x) => 1 / (1 - x), "1/(1 − #)", 2.5),
  fn((x) => 1 / (1 - x * x), "1/(1 − #²)", 2.5),
  fn((x) => 1 + x, "1 + #", 2),
  fn((x) => 1 + x * x, "1 + #²", 2),
  fn((x) => x * (1 - x), "#·(1 − #)", 2),
  fn((x) => x * (1 - x * x), "#·(1 − #²)"),
  fn((x) => (1 - x) * (1 - x), "(1 − #)²"),
  fn((x) => (1 - x * x) ** 2, "(1 − #²)²"),
  fn((x) => 1 - 2 * x, "1 − 2·#"),
  fn((x) => 1 - Math.abs(x), "1 − |#|"),
  fn((x) => Math.sqrt(1 - x * x), "√(1 − #²)"),
  fn((x) => x + 2, "# + 2"),
  fn((x) => x * Math.exp(x - 1), "#·e^(# − 1)"),
  fn((x) => 1 - x * x * x, "1 − #³"),
  fn(Math.exp, "e^#", 2),
  fn((x) => Math.exp(-x), "e^(−#)"),
  fn(Math.log, "ln #", 2),
  fn(Math.tanh, "tanh(#)", 2),
  fn((x) => 1 - Math.tanh(x), "1 − tanh(#)"),
  fn((x) => 1 - Math.tanh(x) ** 2, "1 − tanh²(#)"),
  SIGN,
  fn((x) => 1 / (1 + Math.exp(-x)), "σ(#)"),
  fn(Math.abs, "|#|"),
  fn((x) => x > 0 ? 1 : 0, "1 where # > 0"),
  ...ROOTS,
  fn((x) => 1 / (x + EPS), "1/(# + ε)"),
  fn((x) => (x + EPS) ** -2, "(# + ε)⁻²"),
];

/** Those that anybody would try with a tensor that has nothing to do with the line. */
export const SIMPLE: readonly Fn[] = FUNCTIONS.filter(({ rank }) => rank <= 2);

/** A function that a whole line is, of the one tensor it reads, and its derivative. */
export interface LineFunction {
  /** `tanh`, `eˣ`, `x⁻¹`. */
  name: string;
  /** `1 − h²`, written with the name of what is made where that reads better than x. */
  derivative: string;
}

const LINES: readonly [of: (x: number) => number, name: string, derivative: string][] = [
  [Math.tanh, "tanh", "1 − #²"],
  [Math.exp, "eˣ", "eˣ, which is # here"],
  [Math.log, "ln x", "1/x"],
  [(x) => x * x, "x²", "2x"],
  [(x) => x ** 3, "x³", "3x²"],
  [(x) => 1 / x, "x⁻¹", "−x⁻²"],
  [Math.sqrt, "√x", "½·x^(−½)"],
  [(x) => x ** -0.5, "x^(−½)", "−½·x^(−3/2)"],
  [(x) => (x + EPS) ** -0.5, "(x + ε)^(−½)", "−½·(x + ε)^(−3/2)"],
  [(x) => 1 / (1 + Math.exp(-x)), "the sigmoid", "#·(1 − #)"],
  [(x) => Math.max(0, x), "max(0, x)", "1 where x > 0, else 0"],
];

/** The function that makes y of x, element by element, if it is one of the usual ones. */
export function lineFunction(x: Known, y: Known): LineFunction | undefined {
  if (x.numbers.length !== y.numbers.length) return undefined;
  const found = LINES.find(([of]) => {
    const weight = ratio(x.numbers.map(of), y.numbers, 1e-12);
    return weight !== undefined && Math.abs(weight - 1) < 1e-9;
  });
  return found && { name: found[1], derivative: found[2].replaceAll("#", y.name) };
}
