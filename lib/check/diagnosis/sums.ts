// A formula as a sum of terms: what is linear is taken apart, term by term.
import { type Argument, type Formula, isFormula, type Step, step } from "./formula.ts";

/** Operations that are linear in what they are called on. */
const LINEAR = new Set(
  ("neg sum mean view reshape flatten view_as unsqueeze squeeze T t transpose expand expand_as clone to double float at like " +
    "unbroadcast tril triu contiguous narrow").split(" "),
);

/** The terms whose sum a formula is; the formula itself where it is no sum. */
export function summands(formula: Formula): Formula[] {
  if (formula.kind !== "step") return [formula];
  const { op, args } = formula, plain = op.replace(/_$/, ""), [a, b] = args;
  switch (plain) {
    case "add":
      return isFormula(a) && isFormula(b) && args.length === 2 ? [...summands(a), ...summands(b)] : [formula];
    case "sub":
      return isFormula(a) && isFormula(b) && args.length === 2
        ? [...summands(a), ...summands(b).map((term) => step("neg", term))]
        : [formula];
    case "mul":
    case "matmul":
      return each(formula, 0) ?? each(formula, 1) ?? [formula];
    case "div":
      return each(formula, 0) ?? [formula];
    case "index_put":
      if ((args[3] as { accumulate?: boolean } | undefined)?.accumulate && isFormula(a)) return withPlaces(formula, a);
      return [formula];
    case "index_add":
      return isFormula(a) ? withPlaces(formula, a) : [formula];
  }
  return LINEAR.has(plain) ? each(formula, 0) ?? [formula] : [formula];
}

/** The terms as they are written: what is added up last. */
export function topSummands(formula: Formula): Formula[] {
  if (formula.kind !== "step") return [formula];
  const [a, b] = formula.args, op = formula.op.replace(/_$/, "");
  if (op === "clone" && isFormula(a)) return topSummands(a);
  if ((op !== "add" && op !== "sub") || !isFormula(a) || !isFormula(b)) return [formula];
  return [...topSummands(a), ...topSummands(b).map((term) => op === "sub" ? step("neg", term) : term)];
}

/** The step on each term of one of its operands; undefined if that is no sum. */
function each(formula: Step, k: number): Formula[] | undefined {
  const operand: Argument = formula.args[k];
  if (!isFormula(operand)) return undefined;
  const terms = summands(operand);
  if (terms.length < 2) return undefined;
  return terms.flatMap((term) => summands({ ...formula, args: formula.args.map((one, i) => i === k ? term : one) }));
}

/** What was there, and what is added at some places. */
function withPlaces(formula: Step, base: Formula): Formula[] {
  if (isZero(base)) return [formula];
  const added = { ...formula, args: [step("zeros_like", base), ...formula.args.slice(1)] };
  return [...summands(base), added];
}

function isZero(formula: Formula): boolean {
  return (formula.kind === "constant" && formula.value === 0 && !formula.tensor) ||
    (formula.kind === "step" && formula.op === "zeros_like");
}
