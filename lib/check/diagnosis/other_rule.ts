// The derivative of another function than a line has: tanh's for sigmoid, log_softmax's for softmax.
// Left out: a slip in the right function's derivative (repair.ts).
import type { Tensor } from "../../tensor/tensor.ts";
import {
  attempt,
  evaluate,
  type Formula,
  isLeaf,
  leaf,
  opOf,
  type Point,
  type Step,
  step,
  stepsIn,
  sumOf,
} from "../formula/formula.ts";
import type { OtherRule } from "../formula/derive.ts";
import { rules } from "../formula/rules.ts";
import { REDUCTIONS } from "./altered.ts";
import type { Wrong } from "./follows.ts";
import { linesBetween } from "./offers.ts";
import type { Subject } from "./subject.ts";
import { factorOf, target, tried } from "./target.ts";

/** What a line's derivative is, for lines of one function. */
export const DERIVATIVES: Record<string, string> = {
  log: "The derivative of ln x is 1/x.",
  exp: "The derivative of eˣ is eˣ itself.",
  tanh: "The derivative of tanh x is 1 − tanh² x.",
  sigmoid: "The derivative of σ(x) is σ(x)·(1 − σ(x)).",
  sqrt: "The derivative of √x is 1/(2·√x).",
  relu: "The derivative of relu is 1 where x is positive, else 0.",
  pow: "The derivative of xᵖ is p·xᵖ⁻¹.",
  square: "The derivative of x² is 2x.",
  reciprocal: "The derivative of x⁻¹ is −x⁻².",
  rsqrt: "The derivative of x^(−½) is −½·x^(−3/2).",
  sin: "The derivative of sin x is cos x.",
  cos: "The derivative of cos x is −sin x.",
  abs: "The derivative of |x| is the sign of x.",
  gelu: "The derivative of gelu is Φ(x) + x·φ(x); φ is the normal density, Φ the share below x.",
  erf: "The derivative of erf x is 2/√π·e^(−x²).",
  softmax: "softmax sends back p·(g − Σ p·g): p is its result, g from above.",
  log_softmax: "log_softmax sends back g − p·Σ g: p is the softmax, g from above.",
};

/** Functions whose derivatives are told apart: another one is no slip in this one. */
const FUNCTIONS = [
  ["tanh", "sigmoid", "relu", "sqrt", "rsqrt", "reciprocal", "sin", "cos", "gelu", "erf"],
  ["softmax", "log_softmax"],
];

/** A line, a step of it, and the derivative that is taken for that of the step. */
interface Slip {
  readonly reader: string;
  readonly rule: OtherRule;
}

/** That a row is right but for the derivative of one function, which is another one's; undefined if it is not. */
export function otherRule({ given, formula, subject, learners }: Wrong): string | undefined {
  const { first, second } = subject, lines = between(subject);
  const isThat = (slip: Slip, point: Point) => {
    const numbers = attempt(() => target(gradientWith(slip, lines, point, subject)));
    return numbers !== undefined && (formula ? tried(formula, point, numbers) : factorOf(given, numbers)) === 1;
  };
  const slip = slipsIn(lines, subject).find((one) =>
    formula ? isThat(one, first) && (!second || isThat(one, second)) : isThat(one, learners)
  );
  if (!slip) return undefined;
  const { reader, rule: { op, step } } = slip, right = opOf(step);
  return `You take the derivative of ${op}, but the line for ${reader} has ${right}. ${DERIVATIVES[right]}`;
}

/** The tensor, and before it those further on that have no row: a formula in one go takes them with it. */
function between({ name, offers, points }: Subject): string[] {
  const above = offers.tensors.flatMap(({ formula }) =>
    isLeaf(formula) && formula.gradient ? formula.name.slice(1) : []
  );
  const own = linesBetween(name, points, above), { derivation } = points;
  // The loss's own is 1, and no line's.
  const lines = [...derivation.lines.keys()].filter((one) => own.includes(one) && derivation.readers(one).length > 0);
  return [name, ...lines].reverse();
}

/** Each line that sends something to these, with another function's derivative. */
function slipsIn(lines: readonly string[], { first, points: { derivation } }: Subject): Slip[] {
  const readers = new Set(lines.flatMap((one) => derivation.readers(one)));
  return [...readers].flatMap((reader) => {
    const line = derivation.lines.get(reader);
    // Inside a line softmax's and its logarithm's differ by a factor, which may be any.
    const steps = line ? stepsIn(line).filter((step) => step === line || !REDUCTIONS.has(step.op)) : [];
    return steps.flatMap((step) => rulesFor(step, step === line ? leaf(reader) : step))
      .filter((rule) => REDUCTIONS.has(rule.op) || !isFlat(rule, first)).map((rule) => ({ reader, rule }));
  });
}

/** Other functions' derivatives for a step: of what it makes, or of what they would make. */
function rulesFor(own: Step, made: Formula): OtherRule[] {
  const alike = FUNCTIONS.find((all) => all.includes(opOf(own))) ?? [];
  return alike.filter((op) => op !== opOf(own)).flatMap((op) =>
    [made, step(op, ...own.args)].map((result) => ({ step: own, op, result }))
  );
}

const ONE: Formula = { kind: "constant", shape: [], dtype: "float64", value: 1 };

/** Whether the derivative is the same all over: relu's where all is positive, erf's where all is large. That is none, or nothing. */
function isFlat({ op, step: { args }, result }: OtherRule, point: Point): boolean {
  const [slope] = rules[op](ONE, result, args, (one) => evaluate(one, point).shape), [one] = [slope].flat();
  const numbers = attempt(() => evaluate(one as Formula, point).toArray()) ?? new Float64Array(1);
  return numbers.every((x) => Math.abs(x - numbers[0]) < 1e-6);
}

/** The gradient where lines have such rules, worked out from those that have a row. */
function gradientWith(slip: Slip, lines: readonly string[], point: Point, { name, points }: Subject): Tensor {
  const leaves = new Map(point.leaves), there: Point = { leaves, values: new Map() }, { derivation } = points;
  for (const one of lines) {
    const sent = derivation.readers(one).flatMap((reader) => {
      return reader === slip.reader ? derivation.sentWith(slip.rule, reader, one, there) : derivation.sent(reader, one);
    });
    leaves.set(`d${one}`, evaluate(sumOf(sent)!, there));
  }
  return leaves.get(`d${name}`)!;
}
