// One change as a sentence: what stands there and what belongs there, in the learner's notation, and in a few words why. It is
// made from the change, and from nothing else.
//
// Left out: several changes together (sentences.ts).
import { formatShape } from "../../tensor/shape.ts";
import { SAID } from "./arrays.ts";
import type { Change } from "./change.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  leavesIn,
  opOf,
  parts,
  sameLeaf,
  type Step,
} from "./formula.ts";
import { called, enumerated, number, short, simple, text, written } from "./notation.ts";
import { factorOf, type Subject, target } from "./subject.ts";

/** What stands somewhere, and what belongs there. */
const instead = (here: Formula, by: Formula) => `${short(here)} stands where ${short(by)} belongs.`;

/** One change as a sentence. */
export function saidOf(change: Change, subject: Subject): string {
  const { kind, site: { formula: here }, by, other } = change, { first } = subject;
  switch (kind) {
    case "instead": {
      const above = here.kind === "constant" && here.value !== 0 && parts(by).find((part) => isAbove(part, subject));
      if (above) return chainRule(above);
      const picked = pickedBy(by);
      if (picked) return `${short(here)} stands where 1 at ${picked} and 0 elsewhere belongs.`;
      if (subject.offers.terms.includes(by)) return missingTerms([sentBy(by, subject)], subject);
      if (by.kind === "step" && by.op === "add" && by.args[0] === here && typeof by.args[1] === "number") {
        return putIn(here, by, change, subject);
      }
      return instead(here, by);
    }
    case "leftOut":
      return leftOut(here as Step, by, other, subject);
    case "leftOutAll":
      return /^(at|narrow)$/.test((other as Step).op)
        ? `You take only a part, ${called(other as Step)}, in both places; all of it belongs there.`
        : `${called(other as Step)} does not belong there, neither in one place nor in the other.`;
    case "accumulate":
      return "What stood there is overwritten; it has to be added to: { accumulate: true }.";
    case "swap":
      return `${enumerated((other as Formula[]).map(written))} are exchanged.`;
    case "putIn":
      return putIn(here, by as Step, change, subject);
    case "times": {
      const isThere = leavesIn(change.site.all).some((one) => sameLeaf(one, other));
      if (isAbove(other, subject) && !isThere) return chainRule(other as Formula);
      const picked = pickedBy(other);
      if (picked) return `Only the elements at ${picked} have a gradient; all others get 0.`;
      if (isFactor(here, other, -1)) return `You divide by ${text(other)}, which does not belong there.`;
      return inProduct(change)
        ? `The factor ${text(other)} is missing.`
        : `The factor ${text(other)} is missing: ${short(here)} stands alone.`;
    }
    case "over":
      if (isFactor(here, other, 1)) return `You multiply by ${text(other)}, which does not belong there.`;
      return `A division by ${text(other)} is missing.`;
    case "plus":
      return `${text(other)} has to be added to ${short(here)}.`;
    case "minus":
      return `${text(other)} has to be subtracted from ${short(here)}.`;
    case "term": {
      const isZero = attempt(() => evaluate(here, first).toArray().every((x) => Math.abs(x) < 1e-15));
      const nothing = isZero ? `${change.site.spine.length === 0 ? "Yours" : short(here)} is zero everywhere. ` : "";
      return nothing + missingTerms([sentBy(other as Formula, subject)], subject);
    }
    case "factor": {
      const step = by as Step, divides = step.op === "div", k = step.args[1];
      const was = (here as Step).op.startsWith("mul") ? "multiply" : "divide";
      if (step.op.startsWith("mul") && was === "multiply") {
        return `You multiply by ${text(other)} where ${text(k)} belongs.`;
      }
      return `You ${was} by ${text(other)} where ${divides ? "a division by" : "the factor"} ${text(k)} belongs.`;
    }
    case "operation":
      return operation(here as Step, by as Step);
    case "argument":
      return argument(here as Step, by as Step);
    case "order":
      return `Two steps are in the wrong order: ${instead(here, by)}`;
    case "bracket":
      return `A bracket closes in the wrong place: ${instead(here, by)}`;
    case "early":
      return `The sum is in the wrong place: ${instead(here, by)}`;
  }
}

/** Whether indices name as many rows as there are, in another order. */
function isWhole({ args: [, index] }: Step): boolean {
  if (!Array.isArray(index)) return false;
  return index.every((x) => typeof x === "number") && new Set(index).size === index.length &&
    Math.max(...index as number[]) === index.length - 1;
}

/** The line that sends this term back. */
function sentBy(of: Formula, { sendings }: Subject): { reader: string; of: Formula } {
  const { reader } = sendings.find(({ whole, terms }) => whole === of || terms.includes(of))!;
  return { reader, of };
}

/** Where a formula is 1 at picked elements and 0 elsewhere: their indices. */
function pickedBy(formula: Argument): string | undefined {
  if (!isFormula(formula) || formula.kind !== "step") return undefined;
  return formula.op === "index_put_" && formula.args[2] === 1 ? text(formula.args[1]) : undefined;
}

/** Whether a tensor is a factor of a product already, to this power. */
function isFactor(formula: Argument, factor: Argument, power: 1 | -1): boolean {
  if (!isFormula(factor) || !isFormula(formula)) return false;
  if (power === 1 && (formula === factor || sameLeaf(formula, factor))) return true;
  if (formula.kind !== "step") return false;
  const [a, b] = formula.args, op = opOf(formula), within = (one: Argument) => isFactor(one, factor, power);
  if (op === "mul") return within(a) || within(b);
  if (op === "div") return within(a) || isFactor(b, factor, -power as 1 | -1);
  return /^(neg|sum|mean|clone|view|T)$/.test(op) && within(a);
}

/** Whether what stands between a change and the root only multiplies, so that the place of a factor does not matter. */
function inProduct({ site: { spine } }: Change): boolean {
  return spine.every((part) => /^(mul|div|neg|sum|view|clone)$/.test(opOf(part)));
}

function leftOut(here: Step, kept: Formula, other: Argument, { first, isRecent }: Subject): string {
  const plain = opOf(here), no = "which does not belong there.";
  if (Object.hasOwn(SAID, plain)) {
    return capital(
      SAID[plain](
        short(kept),
        attempt(() => evaluate(kept, first).shape.length) ?? 0,
        ...here.args.slice(1) as number[],
      ),
    );
  }
  if (here.op.endsWith("_") && isLeaf(here.args[0]) && kept === here.args[0]) {
    const was = `${written(kept)} was changed in place by ${short(here)}`;
    if (isRecent?.(here) && kept.gradient) return `${was}, ${no}`;
    return `${was}, and is read here as if it had not been. Work on ${written(kept)}.clone() there.`;
  }
  switch (plain) {
    case "mul":
      return `You multiply by ${text(other)}, ${no}`;
    case "div":
      return kept === here.args[0] ? `You divide by ${text(other)}, ${no}` : instead(here, kept);
    case "add":
      return `You add ${text(other)}, ${no}`;
    case "sub":
      return kept === here.args[0] ? `You subtract ${text(other)}, ${no}` : `You subtract from ${text(other)}, ${no}`;
    case "neg":
      return "The sign is wrong: neg() does not belong there.";
    case "sum":
    case "mean":
    case "max":
    case "amax":
      return `You take the ${reduction(plain)} over ${dimension(here.args[1])} of ${short(kept)}, ${no}`;
    case "at":
    case "narrow":
      if (isWhole(here)) return `${short(here)} puts ${short(kept)} in another order; as it is, it belongs there.`;
      return `You take only a part, ${short(here)}; all of ${short(kept)} belongs there.`;
    case "matmul":
      return instead(here, kept);
  }
  return `${called(here)} does not belong there, only ${short(kept)}.`;
}

function putIn(here: Formula, by: Step, { site }: Change, { first, name, offers, sendings }: Subject): string {
  const root = site.spine.length === 0, yours = attempt(() => formatShape(evaluate(here, first).shape));
  switch (by.op) {
    case "neg": {
      const whole = here.kind === "step" && here.op === "neg" ? here.args[0] : here;
      const term = sendings.find((one) => one.whole === whole);
      if (term && sendings.length > 1) return `The term through ${term.reader} has the wrong sign.`;
      return root ? "The sign is wrong." : `${short(here)} has the wrong sign.`;
    }
    case "sum":
    case "mean": {
      const [, dim] = by.args, missing = (over = "") => `A ${by.op}${over} is missing`;
      const over = `over ${dim === undefined ? "all dimensions" : `dimension ${[dim].flat().join(" and ")}`}`;
      if (!root) return `${missing(` ${over}`)}: ${short(here)} stands where ${called(by)} of it belongs.`;
      const why = `${name} was broadcast ${over}, and what is broadcast forward is summed backward: ${called(by)}.`;
      return `${missing()}: yours is ${yours}, expected is ${formatShape(offers.shape)}. ${why}`;
    }
    case "T":
    case "transpose":
      return `${short(here)} has to be transposed.`;
    case "view":
      return `${short(here)} has to be put in the shape of ${name}: ${called(by)}.`;
    case "expand":
      return `${
        short(here)
      } is ${yours}: what is summed forward is broadcast backward; multiply by ones_like(${name}).`;
    case "index_put_":
      return `${text(by.args[2])} at ${text(by.args[1])} is missing.`;
    case "add":
      return `The ${text(by.args[1])} is left out: ${short(here)} stands where ${short(by)} belongs.`;
  }
  return instead(here, by);
}

const VERBS: Record<string, string> = { add: "add", sub: "subtract", mul: "multiply by", div: "divide by" };

function operation(here: Step, by: Step): string {
  if (here.op === "written_over") return SAID.written_over("", 0);
  const was = opOf(here), is = by.op, [a, b] = here.args;
  const same = by.args[0] === a && by.args[1] === b;
  if (same && VERBS[was] && VERBS[is]) return `You ${VERBS[was]} ${text(b)}; ${VERBS[is]} it.`;
  if ((was === "mean" || was === "sum") && (is === "mean" || is === "sum")) {
    return `You take the ${was} over ${dimension(here.args[1])}; the ${is} belongs there.`;
  }
  if (was === "index_put" && is === "index_put_") {
    const what = `${text(here.args[2])} is put in place of what stood at ${text(here.args[1])}`;
    return `${what}; it has to be added there: { accumulate: true }.`;
  }
  return instead(here, by);
}

function argument(here: Step, by: Step): string {
  const differs = (a: Argument, b: Argument) => JSON.stringify(a) !== JSON.stringify(b);
  const k = [...here.args, undefined].findIndex((one, k) => differs(one, by.args[k])),
    was = here.args[k],
    is = by.args[k];
  if (/^(sum|mean|max|amax|var|softmax|log_softmax|logsumexp)$/.test(here.op)) {
    const keeps = ({ args }: Step) => (args[2] as { keepdim?: boolean } | undefined)?.keepdim ?? false;
    if (dimension(here.args[1]) === dimension(by.args[1])) {
      if (keeps(by) && !keeps(here)) return "Keep the dimension that you sum over: { keepdim: true }.";
      return `${keeps(here) ? "Sum without keepdim: " : ""}${called(here)} stands where ${called(by)} belongs.`;
    }
    const verb = here.op.includes("softmax") ? "is taken along" : here.op === "mean" ? "is taken over" : "goes over";
    return `The ${reduction(here.op)} ${verb} ${dimension(here.args[1])}; ${called(by)} belongs there.`;
  }
  if (here.op.startsWith("index_put") && k === 3) {
    return "It has to be put there, not added to what stands there.";
  }
  if (here.op === "pow") return instead(here, by);
  if (Array.isArray(was) && Array.isArray(is)) {
    const j = was.findIndex((one: Argument, i: number) => differs(one, is[i]));
    return `The index ${text(was[j])} stands where ${text(is[j])} belongs.`;
  }
  return `${text(was)} stands where ${text(is)} belongs, in ${short(here)}.`;
}

const reduction = (op: string) => op.replace(/^a?max$/, "maximum");

function dimension(dim: Argument): string {
  if (dim === undefined) return "everything";
  return Array.isArray(dim) ? `dimensions ${dim.join(" and ")}` : `dimension ${dim}`;
}

function chainRule(above: Formula): string {
  return `The gradient from above, ${written(above)}, is missing: chain rule.`;
}

/** Whether it is the gradient of a line that reads the tensor. */
function isAbove(formula: Argument, { sendings }: Subject): boolean {
  return isLeaf(formula) && sendings.some(({ reader }) => formula.name === `d${reader}`);
}

/** A term in the simplest form that it has: a number at picked elements, or a multiple of a tensor; else as it was derived. */
function described(term: Formula, { first, offers }: Subject): string {
  const value = evaluate(term, first);
  for (const { formula } of offers.tensors) {
    const factor = factorOf(value, target(evaluate(formula, first))), picked = pickedBy(formula);
    if (factor === undefined || !simple(factor)) continue;
    if (picked) return `${number(factor)} at ${picked}`;
    return factor === 1 ? short(formula) : `${number(factor)}·${short(formula)}`;
  }
  return short(term);
}

/** That lines send back what is not there. */
export function missingTerms(missing: readonly { reader: string; of: Formula }[], subject: Subject): string {
  const { name, sendings } = subject;
  const readers = missing.map(({ reader }) => reader);
  const isPart = missing.length === 1 &&
    sendings.some(({ terms }) => terms.length > 1 && terms.includes(missing[0].of));
  if (sendings.length < 2 || isPart) {
    return `A term is missing: ${readers[0]} sends back ${described(missing[0].of, subject)} as well.`;
  }
  const [times, terms] = [["twice", "two"], ["three times", "three"]][sendings.length - 2] ??
    [`${sendings.length} times`, sendings.length];
  const [what, is] = readers.length > 1 ? ["terms", "are"] : ["term", "is"], lines = enumerated(readers);
  return `The ${what} through ${lines} ${is} missing: ${name} also feeds ${lines}, and a tensor that is used ${times} gets ${terms} terms.`;
}

/** The first letter as at the start of a sentence, if a word of ours begins it. */
export function capital(text: string): string {
  return /^(the|index|rows?|columns?|elements?) /.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
}
