// Terms in words: what a line sends back, in the simplest form that it has, and that it is missing.
//
// Left out: changes (phrases.ts), and how they are put together (sentences.ts).
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  type Leaf,
  leaf,
  operands,
  opOf,
  type Point,
  type Step,
  step,
} from "../formula/formula.ts";
import { enumerated, number, type Phrase, say, short, simple, text, written } from "./notation.ts";
import { sendingsOf, type Subject } from "./subject.ts";
import { isMeasured } from "../formula/derive.ts";
import { factorOf, isAmong, target } from "./target.ts";

/** That a gradient is only where elements are picked. */
export const onlyAt = (picked: string) => say`only the elements at ${picked} have a gradient; all others get 0.`;

/** Where a formula is 1 at picked elements and 0 elsewhere: their indices. */
export function pickedBy(formula: Argument): string | undefined {
  if (!isFormula(formula) || formula.kind !== "step") return undefined;
  return formula.op === "index_put_" && formula.args[2] === 1 ? text(formula.args[1]) : undefined;
}

/** That the gradient from above is missing. */
export function chainRule(above: Formula): Phrase {
  return say`the gradient from above, ${written(above)}, is missing: chain rule.`;
}

/** Whether it is 1, as the gradient of a line is that is added to the loss: then nothing is missing without it. */
export function isOne(gradient: Formula, { first, second }: Subject): boolean {
  return [first, second ?? first].every((point) =>
    evaluate(gradient, point).toArray().every((x) => Math.abs(x - 1) < 1e-9)
  );
}

/** Whether a term is a number times the gradient from above, and nothing else; of 1 also where that cannot be seen from its shape. */
export function isTimes(term: Formula, by: Formula, above: Formula, { first, offers }: Subject): boolean {
  const product = attempt(() => evaluate(step("spread", step("mul", above, by), ...offers.shape), first));
  if (!product) return by.kind === "constant" && Math.abs(by.value) === 1;
  return factorOf(product, target(evaluate(term, first))) === 1;
}

/** Whether it is the gradient of a line that reads the tensor. */
export function isAbove(formula: Argument, { sendings }: Subject): boolean {
  return isLeaf(formula) && sendings.some(({ reader }) => formula.name === `d${reader}`);
}

/** The line that sends this term back. */
export function sentBy(of: Formula, { sendings }: Subject): { reader: string; of: Formula } {
  const { reader } = sendings.find(({ whole, terms }) => whole === of || terms.includes(of))!;
  return { reader, of };
}

/** Which multiple of a tensor a formula is at a point. */
const multiple = (formula: Formula, of: Formula, point: Point) =>
  factorOf(evaluate(formula, point), target(evaluate(of, point)));

/** Where a formula is a number at picked elements and 0 elsewhere: the number, and the indices. */
export function pickedNumber(
  formula: Formula,
  { first, second = first, offers }: Subject,
): { number: number; picked: string } | undefined {
  if (evaluate(formula, first).numel() === 1) return undefined;
  for (const { formula: one } of offers.tensors) {
    const picked = pickedBy(one), number = picked ? multiple(formula, one, first) : undefined;
    const isSimple = number !== undefined && simple(number) && multiple(formula, one, second) !== undefined;
    if (isSimple) return { number, picked: picked! };
  }
}

/** The number that a term is everywhere; undefined where it is none, or only here. */
export function numberEverywhere(term: Formula, { first, areNumbersAbove }: Subject): number | undefined {
  const [x, ...more] = evaluate(term, first).toArray();
  const isEverywhere = simple(x) !== undefined && more.every((one) => one === x);
  return isEverywhere && (more.length > 0 || areNumbersAbove) ? x : undefined;
}

/** A term in the simplest form that it has: a number at picked elements, or a multiple of a tensor; else as it was derived. */
export function described(term: Formula, subject: Subject): string {
  const { first, second = first, offers, areNumbersAbove } = subject, some = pickedNumber(term, subject);
  if (some) return `${number(some.number)} at ${some.picked}`;
  const x = numberEverywhere(term, subject);
  if (x !== undefined && areNumbersAbove) return number(x);
  for (const { formula } of evaluate(term, first).numel() === 1 ? [] : offers.tensors) {
    const [factor, again] = [first, second].map((point) => multiple(term, formula, point));
    if (factor === undefined || again === undefined || !simple(factor) || !isAmong(factor, again)) continue;
    return `${factor === 1 ? "" : factor === -1 ? "−" : `${number(factor)}·`}${short(formula)}`;
  }
  if (x !== undefined) return number(x);
  return opOf(term) === "neg" ? `−${short(operands(term)[0])}` : seenIn(term) ?? short(term);
}

/** What is added to some of a tensor's elements: the value, and which they are; undefined where it is all of them. */
function seenIn(term: Formula): string | undefined {
  const [base, views, op, value] = term.kind === "step" && term.op === "write" ? term.args : [];
  const [of] = opOf(base) === "zeros_like" ? (base as Step).args : [];
  if (!of || !isLeaf(of) || op !== "add_" || !Array.isArray(views)) return undefined;
  const seen = views.reduce((whole: Formula, [view, ...more]) => step(view, whole, ...more), leaf(`d${of.name}`));
  return `${text(value)} to ${short(seen)}`;
}

/** That terms are missing in a gradient that has no row. */
export function missingInOf(gradient: Leaf, terms: readonly Formula[], subject: Subject): Phrase {
  const name = gradient.name.slice(1), sendings = sendingsOf(name, subject.points.derivation);
  const of = { ...subject, name, sendings }, phrase = missingTerms(terms.map((term) => sentBy(term, of)), of);
  return {
    ...phrase,
    ...phrase.placed || name === subject.name ? {} : say`in ${gradient.name}, ${phrase}`,
    placed: true,
  };
}

/** Small numbers in words. */
export const COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** That lines send back what is not there. */
export function missingTerms(missing: readonly { reader: string; of: Formula }[], subject: Subject): Phrase {
  const { name, sendings } = subject, readers = [...new Set(missing.map(({ reader }) => reader))];
  const isPart = missing.some(({ of }) => !sendings.some(({ whole }) => whole === of));
  const isMeasuredAlone = missing.every(({ of }) => isLeaf(of) && isMeasured(of.name));
  if ((sendings.length < 2 || isPart) && !isMeasuredAlone) {
    const sent = readers.map((one) => {
      const terms = missing.filter(({ reader }) => reader === one).map(({ of }) => described(of, subject));
      return `${one} sends back ${enumerated(terms)}`;
    });
    return say`${missing.length > 1 ? say`terms are` : say`a term is`} missing: ${enumerated(sent)} as well.`;
  }
  const count = COUNTS[sendings.length] ?? sendings.length;
  const times = sendings.length === 2 ? "twice" : `${count} times`;
  const lines = enumerated(readers),
    are = readers.length > 1 ? `terms through ${lines} are` : `term through ${lines} is`;
  const why = `: ${name} also feeds ${lines}, and a tensor that is used ${times} gets ${count} terms.`;
  return { ...say`the ${are} missing.`, guess: sendings.length > 1 ? why : undefined, placed: true };
}
