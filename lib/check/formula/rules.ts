// What each operation sends back: the textbook's rules of differentiation, one line an operation.
//
// A rule gets the gradient g of what the operation made, that result y, and its arguments, and gives for each argument what
// it is sent: one formula, or a list of terms that are added up; nothing for a number. Results have y's shape; where an
// argument was broadcast, derive.ts sums them to its shape.
// Sources: PyTorch's derivatives.yaml for the operations' semantics; the rules themselves are any textbook's.
// Left out: operations without a derivative, such as eq and argmax, and what no forward pass here uses.
import {
  type Argument,
  exchanged,
  type Formula,
  isFormula,
  isLeaf,
  operands,
  opOf,
  parts,
  type Step,
  step,
} from "./formula.ts";
import { sameShape, type Shape } from "../../tensor/shape.ts";

/** What one argument is sent: terms to be added up. */
export type Sent = Formula | readonly Formula[] | undefined;

/** Shapes of formulas, for rules that depend on them. */
type ShapeOf = (formula: Formula) => Shape;

/** A rule. */
type Rule = (g: Formula, y: Formula, args: readonly Argument[], shapeOf: ShapeOf) => readonly Sent[];

const mul = (a: Argument, b: Argument) => step("mul", a, b);
const neg = (a: Formula) => step("neg", a);
const keepdim = { keepdim: true };
const f = (argument: Argument) => argument as Formula;

/** A function of each element: its slope there times g. */
const each = (slope: (x: Formula, y: Formula) => Formula): Rule => (g, y, [x]) => [mul(g, slope(f(x), y))];

/** The same elements in another shape. */
const reshaped: Rule = (g, _, [x], shapeOf) => [step("view", g, ...shapeOf(f(x)))];

/** Where one half of a pair of operands is a number. */
const both = (a: Formula | undefined, b: Formula | undefined, [x, y]: readonly Argument[]): Sent[] => [
  isFormula(x) ? a : undefined,
  isFormula(y) ? b : undefined,
];

/** A gradient of a reduction with its dimensions put back, size 1, so that it broadcasts over what was reduced. */
function putBack(g: Formula, x: Formula, dim: Argument, options: Argument, shapeOf: ShapeOf): Formula {
  const shape = shapeOf(x), kept = (options as { keepdim?: boolean } | undefined)?.keepdim, dims = dimsOf(dim, shape);
  if (kept || dims.length === shape.length) return g;
  // One number in all places needs no dimension more.
  if (opOf(g) === "spread" && shapeOf(operands(g)[0]).length === 0) return operands(g)[0];
  if (dims.length === 1) return step("unsqueeze", g, dims[0]);
  return step("view", g, ...shape.map((size, d) => dims.includes(d) ? 1 : size));
}

/** A gradient summed to a shape that its own was broadcast from. */
export function summedTo(g: Formula, from: Shape, to: Shape): Formula {
  const skipped = from.length - to.length, dims = from.map((_, d) => d);
  const over = dims.filter((d) => d < skipped || to[d - skipped] === 1 && from[d] > 1);
  if (over.length === 0) return sameShape(from, to) ? g : step("view", g, ...to);
  if (over.length === from.length && to.length === 0) return step("sum", g);
  const dim = over.length === 1 ? over[0] : over;
  if (over.length === skipped) return step("sum", g, dim);
  return skipped === 0 ? step("sum", g, dim, keepdim) : step("view", step("sum", g, dim, keepdim), ...to);
}

/** The dimensions of a reduction, counted from 0. */
function dimsOf(dim: Argument, shape: Shape): number[] {
  const all = shape.map((_, d) => d);
  if (dim === undefined) return all;
  const some = (Array.isArray(dim) ? dim : [dim]) as number[];
  return some.length === 0 ? all : some.map((d) => d < 0 ? d + shape.length : d);
}

const count = (dim: Argument, shape: Shape) => dimsOf(dim, shape).reduce((n, d) => n * shape[d], 1);

const spread = (g: Formula, x: Formula, shapeOf: ShapeOf) => step("spread", g, ...shapeOf(x));

/** The last two dimensions exchanged. */
function turned(a: Formula, shapeOf: ShapeOf): Formula {
  const rank = shapeOf(a).length;
  return rank === 2 ? step("T", a) : step("transpose", a, rank - 2, rank - 1);
}

/** A matrix transposed: (a·b)ᵀ as bᵀ·aᵀ. */
function transposed(a: Formula): Formula {
  if (opOf(a) === "T") return operands(a)[0];
  const [x, y] = operands(a);
  return opOf(a) === "matmul" ? step("matmul", transposed(y), transposed(x)) : step("T", a);
}

/** A power's slope. */
const power = (p: number) => (x: Formula) => p === 1 ? step("pow", x, 0) : mul(p === 2 ? x : step("pow", x, p - 1), p);

/** One rule for several operations. */
const same = (rule: Rule, ops: string) => Object.fromEntries(ops.split(" ").map((op) => [op, rule]));

const add: Rule = (g, _, args) => both(g, g, args);
const sub: Rule = (g, _, args) => both(g, neg(g), args);
/** A product of matrices; a vector is one row on the left, one column on the right. */
const matmul: Rule = (g, _, args, shapeOf) => {
  const [a, b] = args as Formula[], row = shapeOf(a).length === 1, column = shapeOf(b).length === 1;
  if (row && column) return [mul(g, b), mul(g, a)];
  if (row) return [step("matmul", b, g), mul(step("unsqueeze", a, 1), g)];
  const sentToB = step("matmul", turned(a, shapeOf), g);
  return [column ? mul(step("unsqueeze", g, shapeOf(g).length), b) : step("matmul", g, turned(b, shapeOf)), sentToB];
};
/**
 * Of two tensors, g goes to the one that is larger, or smaller; where both are equal, to the first. PyTorch gives each half. Beside
 * a number it is as for relu.
 */
const chosen = (op: "is_larger" | "is_smaller"): Rule => (g, _, [a, b]) =>
  both(mul(g, step(op, a, b, !isFormula(b))), mul(g, step(op, b, a, true)), [a, b]);

/** Part of a tensor: zeros, and g added there. */
const part: Rule = (g, _, [x, ...parts], shapeOf) => {
  const zeros = step("zeros_like", x), lists = parts.filter((index) => isFormula(index) || Array.isArray(index));
  if (lists.length === 0) return [step("write", zeros, [["at", ...parts]], "add_", g)];
  if (parts.length === 1) {
    const [index] = parts, flat = isFormula(index) ? step("flatten", index) : index;
    return [step("index_add_", zeros, 0, flat, step("view", g, -1, ...shapeOf(f(x)).slice(1)))];
  }
  if (parts.length === 2 && lists.length === 2) return [step("index_put_", zeros, parts, g, { accumulate: true })];
  throw new RangeError("no rule for this index");
};

/** By the operation's name; one in place has the rule of the other. */
export const rules: Readonly<Record<string, Rule>> = {
  // Element by element
  add,
  sub,
  mul: (g, _, [x, y]) => both(mul(g, y), mul(g, x), [x, y]),
  div: (g, _, [x, y]) => both(step("div", g, y), neg(mul(mul(g, x), isFormula(y) ? step("pow", y, -2) : 1)), [x, y]),
  rsub: (g, y, [a, b], shapeOf) => [...sub(g, y, [b, a], shapeOf)].reverse(),
  neg: (g) => [neg(g)],
  pow: (g, _, [x, p]) => [mul(g, power(p as number)(f(x)))],
  square: each(power(2)),
  reciprocal: each(power(-1)),
  rsqrt: each(power(-0.5)),
  sqrt: (g, y) => [step("div", g, mul(y, 2))],
  exp: each((_, y) => y),
  log: (g, _, [x]) => [step("div", g, x)],
  tanh: each((_, y) => step("sub", 1, step("pow", y, 2))),
  sigmoid: each((_, y) => mul(y, step("sub", 1, y))),
  // Of x and relu(x), the one that has a name.
  relu: each((x, y) => step("positive", isLeaf(x) || !isLeaf(y) ? x : y)),
  abs: each((x) => step("sign", x)),
  // Steps, flat but where they jump; and masks and places
  ...same(() => [], "sign gt lt ge le eq ne argmax"),
  sin: each((x) => step("cos", x)),
  cos: each((x) => neg(step("sin", x))),
  cosh: each((x) => step("sinh", x)),
  sinh: each((x) => step("cosh", x)),
  erf: each((x) => mul(step("exp", neg(step("pow", x, 2))), 2 / Math.sqrt(Math.PI))),
  gelu: (g, _, [x, options]) => {
    if (options !== undefined) throw new RangeError("no rule for this gelu");
    // Φ(x) + x·φ(x)
    const below = mul(step("add", step("erf", mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = mul(step("exp", mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [[mul(g, below), mul(g, mul(x, density))]];
  },
  maximum: chosen("is_larger"),
  minimum: chosen("is_smaller"),
  // Along dimensions
  sum: (g, _, [x, dim, options], shapeOf) => [spread(putBack(g, f(x), dim, options, shapeOf), f(x), shapeOf)],
  mean: (g, _, [x, dim, options], shapeOf) => [
    spread(step("div", putBack(g, f(x), dim, options, shapeOf), count(dim, shapeOf(f(x)))), f(x), shapeOf),
  ],
  var: (g, _, [x, dim, options], shapeOf) => {
    const n = count(dim, shapeOf(f(x))), back = putBack(g, f(x), dim, options, shapeOf);
    const mean = dim === undefined ? step("mean", x) : step("mean", x, dim, keepdim);
    const { correction = 1 } = (options ?? {}) as { correction?: number };
    return [mul(mul(step("sub", x, mean), 2 / (n - correction)), back)];
  },
  max: (g, _, [x, dim, options], shapeOf) => {
    if (dim !== undefined) {
      return [mul(step("is_max", x, dim, shapeOf(f(x)).length), putBack(g, f(x), dim, options, shapeOf))];
    }
    return [mul(step("view", step("is_max", step("flatten", x), 0, 1), ...shapeOf(f(x))), g)];
  },
  amax: (g, _, [x, dim, options], shapeOf) => [
    mul(step("is_amax", x, dim), putBack(g, f(x), dim, options, shapeOf)),
  ],
  softmax: (g, y, [_, dim]) => [[mul(y, g), neg(mul(y, step("sum", mul(y, g), dim, keepdim)))]],
  log_softmax: (g, _, [x, dim]) => [[g, neg(mul(step("softmax", x, dim), step("sum", g, dim, keepdim)))]],
  logsumexp: (g, _, [x, dim, options], shapeOf) => [
    mul(step("softmax", x, dim), putBack(g, f(x), dim, options, shapeOf)),
  ],
  cumsum: (g, _, [x, dim]) => [step("flip", step("cumsum", step("flip", g, dim), dim), dim), void x],
  // Matrix products
  ...same(matmul, "matmul mm bmm"),
  // The same elements, seen differently
  ...same(reshaped, "view reshape view_as flatten unsqueeze squeeze"),
  ...same((g) => [transposed(g)], "T t"),
  transpose: (g, _, [__, a, b]) => [step("transpose", g, a, b)],
  permute: (g, _, [__, ...order]) => {
    const dims = order.flat() as number[], places = dims.map((d) => d < 0 ? d + dims.length : d);
    return [step("permute", g, ...places.map((_, d) => places.indexOf(d)))];
  },
  clamp: (g, y, [x]) => [mul(g, step("eq", x, y))],
  ...same((g) => [g], "expand expand_as clone contiguous float double"),
  to: (g, _, [__, dtype]) => {
    if (dtype === "int32" || dtype === "bool") throw new RangeError("no rule for whole numbers");
    return [g];
  },
  // Parts
  at: part,
  narrow: (g, y, [x, dim, first, length], shapeOf) => {
    const all = shapeOf(f(x)).map((): Argument => ":");
    all[dim as number] = `${first}:${(first as number) + (length as number)}`;
    return part(g, y, [x, ...all], shapeOf);
  },
  index_add_: (g, _, args) => [g, undefined, undefined, isFormula(args[3]) ? step("at", g, args[2]) : undefined],
  index_put_: (g, _, [__, index, value, options]) => {
    const picked = step("at", g, ...(index as readonly Argument[]));
    const added = (options as { accumulate?: boolean } | undefined)?.accumulate;
    // Of two numbers written to one place only the last counts, and which are is not known here.
    if (!added && isFormula(value)) throw new RangeError("no rule for what is written over");
    return [added ? g : step("index_put_", g, index, 0), undefined, isFormula(value) ? picked : undefined];
  },
  masked_fill: (g, _, [__, mask]) => [step("masked_fill", g, mask, 0)],
  tril: (g, _, [__, ...diagonal]) => [step("tril", g, ...diagonal)],
  triu: (g, _, [__, ...diagonal]) => [step("triu", g, ...diagonal)],
  where: (g, _, [mask, ...ab]) => [undefined, ...both(step("where", mask, g, 0), step("where", mask, 0, g), ab)],
  cat: (g, _, [list, dim], shapeOf) => {
    const along = (dim ?? 0) as number;
    let first = 0;
    return [(list as Formula[]).map((one) => {
      const shape = shapeOf(one), length = shape.at(along)!;
      const sent = step("narrow", g, along < 0 ? along + shape.length : along, first, length);
      first += length;
      return sent;
    })];
  },
};

/**
 * Where a slope has a corner, or two are equal: what it is between there, as two other steps. That of relu is told by its result,
 * which is 0 wherever it is flat.
 */
const CHOICES: Readonly<Record<string, (args: readonly Argument[]) => readonly [Step, Step]>> = {
  sign: ([x]) => [step("sub", step("mul", step("gt", x, 0), 2), 1), step("sub", step("mul", step("ge", x, 0), 2), 1)],
  // What the first gets, the second does not.
  is_larger: ([x, y, isSecond]) =>
    isSecond ? [step("ge", x, y), step("gt", x, y)] : [step("gt", x, y), step("ge", x, y)],
  is_smaller: ([x, y, isSecond]) =>
    isSecond ? [step("le", x, y), step("lt", x, y)] : [step("lt", x, y), step("le", x, y)],
};

/** The two formulas between which one is where slopes have corners; none if it has no such step. */
export function choices(formula: Formula): readonly Formula[] {
  const corners = parts(formula).filter((one): one is Step => one.kind === "step" && Object.hasOwn(CHOICES, one.op));
  return corners.length === 0 ? [] : [0, 1].map((side) => {
    const done = new Map<Formula, Formula>();
    // Each part once, operands first.
    for (const one of parts(formula)) {
      const inner = exchanged(one, (operand) => done.get(operand)!);
      done.set(one, corners.includes(one as Step) ? CHOICES[(inner as Step).op]((inner as Step).args)[side] : inner);
    }
    return done.get(formula)!;
  });
}
