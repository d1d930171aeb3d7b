// Functions of each element by itself.
import type { Tensors } from "../check/graph.ts";
import { type Atom, isApart, isPositive, type Value } from "./atoms.ts";

/** A function of each element by itself. */
function function_(
  level: number,
  code: (a: string) => string,
  back: (a: string, y: string, d: string) => string,
  rule: string,
  size: (a: number) => number,
  { needs, least }: { needs?: (a: Value) => boolean; least?: (a: Value) => number } = {},
): Atom {
  return {
    level,
    make(a, y) {
      if (needs && !needs(a)) return undefined;
      const sent = [{ to: a.name, code: back(a.name, y, `d${y}`), rule }];
      const { shape, repeated } = a;
      return { code: code(a.name), shape, repeated, size: size(a.size), least: least?.(a) ?? 0, sent };
    },
  };
}

/** A function with a corner at 0. */
function bent(method: string, back: (a: string, d: string) => string, rule: string): Atom {
  return {
    level: 3,
    make({ name, shape, repeated, size, least }, y) {
      if (least > 0) return undefined;
      const corner = (tensors: Tensors) => -tensors[name].abs().neg().max().item();
      const sent = [{ to: name, code: back(name, `d${y}`), rule }];
      return { code: `${name}.${method}()`, shape, repeated, size, sent, corner };
    },
  };
}

const small = (a: Value) => a.size <= 1.3;

/** Each function of one tensor. */
export const functions: readonly Atom[] = [
  function_(
    1,
    (a) => `${a}.tanh()`,
    (_, y, d) => `sub(1, ${y}.pow(2)).mul(${d})`,
    "d tanh(x)/dx = 1 − tanh²(x), and tanh(x) is there already.",
    (s) => s / (1 + s) + 0.1,
    { least: ({ least }) => least / (1 + least) },
  ),
  function_(1, (a) => `${a}.pow(2)`, (a, _, d) => `${a}.mul(2).mul(${d})`, "d x²/dx = 2x.", (s) => s * s, {
    needs: (a) => a.size <= 2,
  }),
  function_(1, (a) => `sub(1, ${a})`, (_, _y, d) => `${d}.neg()`, "d (1 − x)/dx = −1.", (s) => s + 0.5),
  {
    level: 1,
    make(a, y, draw) {
      const k = draw.pick([3, 0.5, -2]), { name, shape, repeated } = a;
      const sent = [{
        to: name,
        code: `d${y}.mul(${k})`,
        rule: "A constant factor forward is the same factor backward.",
      }];
      const size = Math.abs(k) * a.size, least = Math.max(0, k) * a.least;
      return { code: `${name}.mul(${k})`, shape, repeated, size, least, sent };
    },
  },
  function_(2, (a) => `${a}.exp()`, (_, y, d) => `${y}.mul(${d})`, "eˣ is its own derivative.", (s) => 1 + s, {
    needs: small,
    least: ({ size }) => Math.exp(-2 * size),
  }),
  function_(2, (a) => `${a}.log()`, (a, _, d) => `${d}.div(${a})`, "d ln(x)/dx = 1/x.", () => 0.8, {
    needs: isPositive,
  }),
  function_(
    2,
    (a) => `${a}.sqrt()`,
    (_, y, d) => `${d}.div(${y}).mul(0.5)`,
    "d √x/dx = 1/(2√x), and √x is there already.",
    Math.sqrt,
    { needs: isPositive, least: ({ least }) => Math.sqrt(least) },
  ),
  function_(
    2,
    (a) => `${a}.pow(-1)`,
    (a, _, d) => `${a}.pow(-2).neg().mul(${d})`,
    "d (1/x)/dx = −1/x².",
    (s) => 1 / s + 0.3,
    { needs: isApart, least: ({ size }) => 1 / (2 * size) },
  ),
  function_(
    2,
    (a) => `${a}.pow(2).add(1)`,
    (a, _, d) => `${a}.mul(2).mul(${d})`,
    "d x²/dx = 2x; a constant that is added has no part in it.",
    (s) => s * s + 1,
    { needs: (a) => a.size <= 1.5, least: () => 1 },
  ),
  function_(2, (a) => `${a}.pow(3)`, (a, _, d) => `${a}.pow(2).mul(3).mul(${d})`, "d x³/dx = 3x².", (s) => s ** 3, {
    needs: small,
    least: ({ least }) => least ** 3,
  }),
  bent("abs", (a, d) => `${a}.div(${a}.abs()).mul(${d})`, "d |x|/dx is the sign of x, x/|x|."),
  bent(
    "relu",
    (a, d) => `${d}.mul(${a}.gt(0))`,
    "relu passes the gradient on where x is above 0, and nothing elsewhere.",
  ),
  function_(
    3,
    (a) => `${a}.mul(${a})`,
    (a, _, d) => `${a}.mul(2).mul(${d})`,
    "A tensor times itself is its square: d x²/dx = 2x.",
    (s) => s * s,
    { needs: (a) => a.size <= 2, least: ({ least }) => least ** 2 },
  ),
  function_(
    4,
    (a) => `${a}.sigmoid()`,
    (_, y, d) => `${y}.mul(sub(1, ${y})).mul(${d})`,
    "For s = sigmoid(x) = 1/(1 + e⁻ˣ), ds/dx = s·(1 − s).",
    () => 0.6,
    { needs: (a) => a.size <= 3, least: ({ size }) => 1 / (1 + Math.exp(2 * size)) },
  ),
  function_(
    5,
    (a) => `${a}.add(1e-2).pow(-0.5)`,
    (a, _, d) => `${a}.add(1e-2).pow(-1.5).mul(-0.5).mul(${d})`,
    "d xᵖ/dx = p·xᵖ⁻¹, and the ε stays inside.",
    (s) => 1 / Math.sqrt(s) + 0.2,
    { needs: isApart, least: ({ size }) => 1 / Math.sqrt(2 * size) },
  ),
];
