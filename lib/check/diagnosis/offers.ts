// What changes may be made of, for one row: tensors, numbers, indices and steps of the lines around and of their backward
// formulas.
import { isFloat } from "../../tensor/dtypes.ts";
import { isSlice, type NumberStep, type Offer, type Offers } from "./change.ts";
import type { Points } from "../formula/derive.ts";
import {
  type Argument,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  leavesIn,
  opOf,
  parts,
  type Step,
  step,
  stepsIn,
} from "../formula/formula.ts";
import { choices } from "../formula/rules.ts";
import { written } from "./notation.ts";
import { product } from "./places.ts";
import type { Sending } from "./subject.ts";

/** The offers for the row of `name`. `above` are the gradients that have a row already. */
export function offersOf(
  name: string,
  points: Points,
  above: readonly string[],
  sendings: readonly Sending[],
): Offers {
  const { derivation, first } = points,
    close = closeTo(name, points, above),
    between = linesBetween(name, points, above);
  const lines = [...derivation.lines.values()].filter((line) => line !== undefined);
  const derived = sendings.flatMap(({ terms }) => terms), steps = stepsOf([...lines, ...derived]);
  const near = stepsOf([...[...close].flatMap((one) => derivation.lines.get(one) ?? []), ...derived]);
  const numbers = near.filter(({ op }) => NUMERIC.has(op)).flatMap(({ args }) =>
    args.filter((x) => typeof x === "number")
  );
  const named = namedTensors(points, close, above), picks = picksOf(lines), around = sizesAround(name, points);
  const places = stepsOf(lines).filter(({ op }) => op === "at").map(({ args }) => args.slice(1));
  const ints = [...first.leaves].filter(([, { dtype }]) => dtype === "int32").map(([name]) => leaf(name));
  return {
    tensors: [
      ...named,
      ...slopesOf(derived, sentTo(between, derivation), named, points),
      ...picks.map(({ of, index }) => slope(step("index_put_", step("zeros_like", of), index, 1))),
    ].map((one): Offer => {
      const value = evaluate(one.formula, first);
      return { ...one, shape: value.shape, isMask: value.toArray().every((x) => x === 0 || x === 1) };
    }),
    sizes: around,
    numbers: [...new Set(madeOf(around))],
    lineNumbers: [...new Set(numbers.flatMap((x) => [x, -x]))],
    factors: factorsOf(
      [...derived, ...sentTo(between, derivation)],
      [...sendings.map(({ reader }) => reader), ...between].flatMap((line) =>
        [line, ...derivation.readers(line)].flatMap((one) => derivation.lines.get(one) ?? [])
      ),
    ),
    indices: distinct([...ints, ...steps.flatMap(indicesOf)]),
    picks: picks.map(({ index }) => index),
    parts: distinct(
      places.filter((at) => at.filter((x) => x !== ":").length === 1 && at.some(isNumber)),
    ) as Argument[][],
    slices: distinct(places.flat().filter(isSlice)) as string[],
    terms: sendings.flatMap(({ terms, whole }) => terms.length > 1 ? [whole, ...terms] : [whole]),
    isSum: sendings.length > 1,
    steps: stepsOf(derived),
    calls: stepsOf(lines).filter(({ args }) => args.filter(isNumber).length > 1),
    functions: new Set(near.map(({ op }) => op)),
    shape: first.leaves.get(name)!.shape,
  };
}

/** Operations whose numbers are constants of the network. */
const NUMERIC = new Set(["add", "sub", "mul", "div", "pow"]);

/** An offer before it is known how it looks. */
type Bare = Omit<Offer, "shape" | "isMask">;

const slope = (formula: Formula): Bare => ({ formula, close: false, slope: true, more: 0 });

const stepsOf = (formulas: readonly Formula[]) => [...new Set(formulas.flatMap(stepsIn))];

/** The tensors of the forward pass, and the gradients that have a row. */
function namedTensors({ derivation, first }: Points, close: ReadonlySet<string>, above: readonly string[]): Bare[] {
  return [...first.leaves].flatMap(([name, { dtype }]) => {
    const isGradient = name.startsWith("d") && first.leaves.has(name.slice(1)) && !derivation.lines.has(name);
    if (name.includes(" ") || dtype === "int32" || isGradient && !above.includes(name.slice(1))) return [];
    return { formula: leaf(name, isGradient), close: close.has(name), slope: false, more: 0 };
  });
}

/** The lines between a tensor and the gradients that have a row: a formula in one go takes them with it. */
export function linesBetween(name: string, { derivation }: Points, above: readonly string[]): string[] {
  const lines = new Set<string>();
  const visit = (one: string) => {
    for (const reader of derivation.readers(one)) {
      if (above.includes(reader) || lines.has(reader)) continue;
      lines.add(reader);
      visit(reader);
    }
  };
  visit(name);
  return [...lines];
}

const sentTo = (lines: readonly string[], derivation: Points["derivation"]) =>
  lines.flatMap((line) => derivation.readers(line).flatMap((reader) => derivation.sent(reader, line)));

/**
 * What the backward formulas are made of, those parts first that a line's slope is; and tables without a name. Of lines that are
 * `skipped`, the slopes.
 */
function slopesOf(
  derived: readonly Formula[],
  skipped: readonly Formula[],
  named: readonly Bare[],
  { first }: Points,
): Bare[] {
  const names = new Set(named.flatMap(({ formula }) => leavesIn(formula).map(({ name }) => name)));
  const isKnown = (formula: Formula) =>
    leavesIn(formula).every(({ name }) => names.has(name) || !isFloat(first.leaves.get(name)!.dtype));
  const gradients = (formula: Formula) => leavesIn(formula).filter(({ gradient }) => gradient).length;
  const whole = wholeSlopes(derived).filter((one) =>
    isKnown(one) && !derived.some((term) => parts(term).includes(one))
  );
  const pieces = [...new Set(derived.flatMap(parts))]
    .filter((one) => one.kind === "step" ? one.op !== "zeros_like" : one.kind === "constant" && one.tensor)
    .filter((one) => !derived.includes(one) && isKnown(one) && isFloat(evaluate(one, first).dtype))
    .sort((a, b) => Math.min(gradients(a), 1) - Math.min(gradients(b), 1))
    .slice(0, 24).map(slope);
  // The gradient from above in the shape in which it is multiplied, without a number that goes with it there.
  const bare = [...new Set(derived.flatMap(parts))].filter(isKnown).flatMap((one) => {
    const [inner, ...more] = one.kind === "step" && /^(view|unsqueeze)$/.test(one.op) ? one.args : [];
    const [above, by] = /^(mul|div)$/.test(opOf(inner)) ? (inner as Step).args : [];
    const isBare = isLeaf(above) && above.gradient && typeof by === "number";
    return isBare ? slope(step((one as Step).op, above, ...more)) : [];
  });
  const far = skipped.flatMap((term) => besideGradient(term)?.factor ?? []).filter((one) =>
    typeof one !== "number" && !isLeaf(one) && isKnown(one)
  ) as Formula[];
  // Of two equal ones a formula in one go may give all to one.
  const masks = [...new Set(derived.flatMap(parts))].filter(isKnown).flatMap((one) =>
    /^is_(larger|smaller)$/.test(opOf(one)) ? choices(one) : evaluate(one, first).dtype === "bool" ? [one] : []
  );
  return [
    ...pieces,
    ...bare,
    ...masks.map(slope),
    ...far.map((formula) => ({ ...slope(formula), more: 0.05 })),
    ...whole.map((formula) => ({ ...slope(formula), more: 0.1 })),
  ];
}

/** Steps after which the elements are the same ones, elsewhere. */
const SEEN = /^(view|unsqueeze|spread|T|transpose|permute)$/;

/** All that a term has beside its gradient from above, as one factor; and where it is chosen, if it is. */
interface Beside {
  readonly factor: Formula | number;
  /** Of how many pieces it is made. */
  readonly count: number;
  readonly mask?: Formula;
  readonly isWhere?: boolean;
}

/** What a term has beside its gradient from above: the line's slope. Undefined where it is no product. */
function besideGradient(term: Formula): Beside | undefined {
  const factors: Formula[] = [], divisors: Formula[] = [];
  let scale = 1, choice: Omit<Beside, "factor" | "count"> = {};
  const hasGradient = (one: Argument) => isFormula(one) && leavesIn(one).some(({ gradient }) => gradient);
  const visit = (one: Formula, seen: (of: Formula) => Formula): boolean => {
    if (one.kind !== "step") return isLeaf(one) && one.gradient;
    const [a, b, ...more] = one.args, isDivision = one.op === "div";
    if (SEEN.test(one.op)) return visit(a as Formula, (of) => seen(step(one.op, of, b, ...more)));
    if (one.op === "where" && (b === 0) !== (more[0] === 0)) {
      choice = { mask: seen(a as Formula), isWhere: b !== 0 };
      return visit((b === 0 ? more[0] : b) as Formula, seen);
    }
    if (one.op !== "mul" && !isDivision || hasGradient(a) === hasGradient(b)) return false;
    const [above, by] = hasGradient(a) ? [a as Formula, b] : [b as Formula, a];
    if (isDivision && above !== a) return false;
    let rest: Argument = by;
    for (let one = rest; opOf(one) === "mul" && typeof (one as Step).args[1] === "number"; one = rest) {
      const [inner, k] = (one as Step).args;
      scale *= isDivision ? 1 / (k as number) : k as number;
      rest = inner;
    }
    if (typeof rest === "number") scale *= isDivision ? 1 / rest : rest;
    else (isDivision ? divisors : factors).unshift(seen(rest as Formula));
    return visit(above, seen);
  };
  if (!visit(term, (of) => of)) return undefined;
  const count = factors.length + divisors.length;
  if (count === 0) return { ...choice, factor: scale, count };
  const [first, ...rest] = factors.length > 0 ? factors : [step("div", 1, divisors.shift()!)];
  const over = divisors.reduce((whole, one) => step("div", whole, one), product([first, ...rest]));
  return { ...choice, factor: scale === 1 ? over : step("mul", over, scale), count };
}

/** The slopes of whole lines, where they are made of several pieces: products, and choices between two. */
function wholeSlopes(derived: readonly Formula[]): Formula[] {
  // A single piece is offered as such.
  const all = derived.flatMap((term) => besideGradient(term) ?? []).filter(({ count, mask }) => count > 1 || mask);
  const products = all.flatMap(({ factor, mask }) => mask || typeof factor === "number" ? [] : factor);
  const choices = all.filter(({ isWhere }) => isWhere).flatMap(({ mask, factor }) => {
    const other = all.find((one) => one.mask && !one.isWhere && written(one.mask) === written(mask!));
    return other ? step("where", mask, factor, other.factor) : [];
  });
  return [...products, ...choices];
}

/** The numbers that the backward formulas multiply or divide by. */
function factorsOf(derived: readonly Formula[], forward: readonly Formula[]): NumberStep[] {
  const isTimes = ({ op, args: [, by] }: Step) =>
    (op === "mul" || op === "div") && typeof by === "number" && Math.abs(by) !== 1;
  const written = stepsOf(forward).filter(isTimes);
  const single = stepsOf(derived).filter(isTimes).map(({ op, args }) => ({
    op: op as "mul" | "div",
    by: args[1] as number,
    isWritten: written.some((one) => one.op === op && one.args[1] === args[1]),
  }));
  const all = derived.map((term) =>
    stepsOf([term]).filter(isTimes).reduce(
      (k, { op, args }) => op === "mul" ? k * (args[1] as number) : k / (args[1] as number),
      1,
    )
  );
  return [...single, ...all.map((by): NumberStep => ({ op: "mul", by, isWritten: false }))];
}

/** The pairs of lists by which lines pick elements of a matrix. */
function picksOf(lines: readonly Formula[]): { of: Formula; index: readonly Argument[] }[] {
  return lines.flatMap(parts).flatMap((part) => {
    if (part.kind !== "step" || part.op !== "at" || part.args.length !== 3) return [];
    const [of, ...index] = part.args;
    return isFormula(of) && index.every(isIndex) ? { of, index } : [];
  });
}

const isNumber = (argument: Argument) => typeof argument === "number";

const isIndex = (argument: Argument) => isFormula(argument) || Array.isArray(argument);

function indicesOf({ op, args }: Step): Argument[] {
  if (op === "max") return [step("argmax", ...args.slice(0, 2))];
  const lists = op === "at"
    ? args.slice(1)
    : op === "index_add_"
    ? args.slice(2, 3)
    : op === "index_put_"
    ? args[1]
    : [];
  return (lists as Argument[]).filter(isIndex);
}

const distinct = (all: readonly Argument[]) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];

/** The tensors of the lines that read this one, and of those below as long as they have no row. */
function closeTo(name: string, { derivation, first }: Points, above: readonly string[]): Set<string> {
  const close = new Set<string>();
  const visit = (one: string) => {
    for (const reader of derivation.readers(one)) {
      if (close.has(reader)) continue;
      close.add(reader).add(`d${reader}`);
      const line = derivation.lines.get(reader);
      for (const { name } of line ? leavesIn(line) : []) close.add(name);
      if (!above.includes(reader) && first.leaves.has(`d${reader}`)) visit(reader);
    }
  };
  visit(name);
  return close;
}

/** The sizes around: the tensor's own, its readers', and the first ones of all. */
function sizesAround(name: string, { derivation, first }: Points): number[] {
  const shapes = [name, ...derivation.readers(name)].flatMap((one) => first.leaves.get(one)?.shape ?? []);
  const all = new Set([...shapes, ...[...first.leaves.values()].flatMap(({ shape }) => shape.slice(0, 1))]);
  return [...all].filter((size) => size > 1).slice(0, 8);
}

/** Numbers that are made of sizes: n, 1/n, n − 1, n/(n − 1) and the like. */
function madeOf(sizes: readonly number[]): number[] {
  const made = sizes.flatMap((n) => {
    const m = n - 1;
    return [n, 1 / n, -n, -1 / n, m, 1 / m, n / m, m / n, -1 / m, 2 / n, 2 / m, 1 / Math.sqrt(n)];
  });
  return [2, 0.5, 1, -1, ...made];
}
