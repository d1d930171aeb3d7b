// Sums, differences, products and quotients of two tensors, broadcast where their shapes differ.
import { broadcastShapes, numel, type Shape } from "../tensor/shape.ts";
import { type Atom, BROADCAST, type Draw, isApart, type Line, type Value } from "./atoms.ts";

/** A gradient of shape `from`, in code, summed down to the shape of what was broadcast to it. */
export function summed(code: string, from: Shape, to: Shape): string {
  const lead = from.length - to.length, all = from.map((_, i) => i);
  const dims = all.filter((i) => i < lead || (to[i - lead] === 1 && from[i] !== 1));
  const list = dims.length === 1 ? `${dims[0]}` : `[${dims.join(", ")}]`;
  if (dims.length === 0) return code;
  if (lead === 0) return `${code}.sum(${list}, { keepdim: true })`;
  if (dims.every((i) => i < lead)) return dims.length === from.length ? `${code}.sum()` : `${code}.sum(${list})`;
  return `${code}.sum(${dims.length === from.length ? "" : list}).view(${to.join(", ")})`;
}

type Operation = "add" | "sub" | "mul" | "div";

/** What an operation sends to its left and to its right operand. */
const BACK: Record<
  Operation,
  { left: (b: string, d: string) => string; right: (a: string, b: string, d: string) => string; rule: string }
> = {
  add: { left: (_, d) => d, right: (_a, _b, d) => d, rule: "An addition passes the gradient on unchanged." },
  sub: {
    left: (_, d) => d,
    right: (_a, _b, d) => `${d}.neg()`,
    rule: "A subtraction passes the gradient on, with a minus to what is taken off.",
  },
  mul: {
    left: (b, d) => `${b}.mul(${d})`,
    right: (a, _, d) => `${a}.mul(${d})`,
    rule: "The derivative of a product is the other factor.",
  },
  div: {
    left: (b, d) => `${d}.div(${b})`,
    right: (a, b, d) => `${a}.mul(${d}).div(${b}.pow(2)).neg()`,
    rule: "d (a/b)/da = 1/b, and d (a/b)/db = −a/b².",
  },
};

/** The line `a.op(b)`; nothing if it would be large. */
function between(op: Operation, a: Value, b: Value, y: string): Line {
  const shape = broadcastShapes(a.shape, b.shape, op), { left, right, rule } = BACK[op];
  const d = `d${y}`;
  const sent = ([[a, left(b.name, d)], [b, right(a.name, b.name, d)]] as const).map(([{ name, shape: own }, code]) => {
    const whole = summed(code, shape, own);
    return { to: name, code: whole, rule: whole === code ? rule : `${rule} ${BROADCAST}` };
  });
  const size = {
    add: Math.hypot(a.size, b.size),
    sub: Math.hypot(a.size, b.size),
    mul: a.size * b.size,
    div: a.size / b.size,
  };
  const least = { add: a.least + b.least, sub: 0, mul: a.least * b.least, div: a.least / (2 * b.size) };
  return {
    code: `${a.name}.${op}(${b.name})`,
    shape,
    size: size[op],
    least: a.least > 0 && b.least > 0 ? least[op] : 0,
    repeated: a.repeated && b.repeated,
    sent,
  };
}

/** The shapes that broadcast to one, without itself. */
function smaller(shape: Shape): Shape[] {
  if (shape.length === 0) return [];
  const last = shape.at(-1)!, ones = shape.map(() => 1);
  const columns = shape.length > 1 ? [[...shape.slice(0, -1), 1], [...ones.slice(0, -1), last]] : [];
  return [[last], ...columns].filter((other) => numel(other) > 1 && numel(other) < numel(shape));
}

function pair(
  level: number,
  operations: readonly Operation[],
  other: (a: Value, draw: Draw, op: Operation) => Value | undefined,
): Atom {
  return {
    level,
    make(a, y, draw) {
      const op = draw.pick(operations), b = other(a, draw, op);
      if (!b) return undefined;
      const swapped = op === "sub" && draw.pick([false, true]);
      return swapped ? between(op, b, a, y) : between(op, a, b, y);
    },
  };
}

/** Lines that read an earlier tensor once more. Twice in the list, as reuse is what most mistakes come from. */
export const reuses: readonly Atom[] = [1, 2].map(() =>
  pair(3, ["add", "sub", "mul", "mul"], (a, draw) => draw.earlier((b) => b.name !== a.name && fits(a.shape, b.shape)))
);

/** Each line of two tensors, element by element. */
export const pairs: readonly Atom[] = [
  pair(1, ["add", "sub", "mul", "mul"], (a, draw) => draw.leaf(a.shape)),
  pair(2, ["add", "sub", "mul", "mul"], (a, draw) => {
    const shapes = smaller(a.shape);
    return shapes.length > 0 ? draw.leaf(draw.pick(shapes)) : undefined;
  }),
  ...reuses,
  pair(5, ["div"], (a, draw) =>
    draw.earlier((b) => b.name !== a.name && isApart(b) && fits(a.shape, b.shape)) ??
      draw.leaf(draw.pick([a.shape, ...smaller(a.shape)]), { positive: true })),
];

/** Whether two shapes broadcast, to something of at most 80 numbers. */
function fits(a: Shape, b: Shape): boolean {
  const rank = Math.max(a.length, b.length);
  const at = (shape: Shape, i: number) => shape[i - (rank - shape.length)] ?? 1;
  const sizes = Array.from({ length: rank }, (_, i) => [at(a, i), at(b, i)]);
  return sizes.every(([x, y]) => x === y || x === 1 || y === 1) &&
    sizes.reduce((n, pair) => n * Math.max(...pair), 1) <= 80;
}
