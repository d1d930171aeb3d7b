// The one place where sentences about a wrong row are written: from the changes that make it right, and from nothing else.
//
// Each says what stands there and what belongs there, in the learner's notation, and in a few words why.
// Left out: which change is told (repair.ts, explainer.ts).
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { SAID } from "./arrays.ts";
import type { Change } from "./changes.ts";
import { type Argument, evaluate, type Formula, isFormula, operands, parts, type Step } from "./formula.ts";
import { enumerated, minus, number, simple, written } from "./notation.ts";
import type { Repair } from "./repair.ts";
import { factorOf, type Subject, target } from "./subject.ts";

/** Characters of code that a sentence shows of one formula. */
const WIDTH = 56;

/** What is said of a row that these repairs make right, in so many words at the most. */
export function told(repairs: readonly Repair[], subject: Subject, words = MOST_WORDS): string {
  const several = subject.sendings.length > 1, note = noteOn(repairs, subject);
  // The same slip in several terms is one.
  const grouped = new Map<string, string[]>();
  for (const { term, of, changes, factor, reader } of repairs) {
    if (term === "missing") continue;
    const texts = term === "extra"
      ? [`${short(of)} is one term too many.`]
      : merged(changes.map((change) => saidOf(change, subject)));
    if (factor !== 1) texts.push(factorText(factor, reader !== undefined || changes.length > 0, subject));
    for (const text of texts) grouped.set(text, [...grouped.get(text) ?? [], ...(reader ? [reader] : [])]);
  }
  const sentences = [...grouped].map(([text, readers]) => {
    const names = [...new Set(readers)];
    const part = several
      ? undefined
      : repairs.find(({ changes, term, reader }) => reader && changes.length === 0 && !term);
    if (part && text.startsWith("It ")) return `${short(part.of)} ${text.slice(3)}`;
    if (
      !several || names.length === 0 || names.length === subject.sendings.length || text.includes("The term through")
    ) return text;
    if (text.startsWith("It ") && names.length === 1) return `The term through ${names[0]} ${text.slice(3)}`;
    return `In the ${names.length > 1 ? "terms" : "term"} through ${enumerated(names)}: ${within(text)}`;
  });
  const missing = repairs.filter(({ term }) => term === "missing");
  if (missing.length > 0) {
    sentences.push(missingTerms(missing.map(({ reader, of }) => ({ reader: reader!, of })), subject));
  }
  const all = sentences.map((text, i) => i === 0 ? text : `Besides, ${within(text)}`);
  const plain = all.map((text) => text.replace(WHY, "."));
  const shorter = [[...all, ...(note ? [note] : [])], all, plain, plain.slice(0, 2), plain.slice(0, 1)];
  return capital((shorter.find((some) => count(some) <= words) ?? plain.slice(0, 1)).join(" "));
}

/** Two missing factors as one sentence. */
function merged(texts: string[]): string[] {
  const factors = texts.map((text) => /^The factor (.*) is missing\.$/.exec(text)?.[1]);
  return texts.length === 2 && factors[0] && factors[1]
    ? [`The factors ${factors[0]} and ${factors[1]} are missing.`]
    : texts;
}

/** Words that a remark has at the most. */
export const MOST_WORDS = 40;

/** What a factor may have come from: a guess, which is left out first. */
const WHY = /: (is|or) (a division by|there a division by) [^?]*\?$/;

const count = (texts: readonly string[]) => texts.join(" ").split(" ").length;

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

function missingTerms(missing: readonly { reader: string; of: Formula }[], subject: Subject): string {
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

/** By how much the whole is off, or what is left after a change, as a sentence. */
function factorText(factor: number, isPart: boolean, { offers }: Subject): string {
  const size = Math.abs(factor),
    more = size > 1,
    times = more ? size : 1 / size,
    what = isPart ? "It" : "Every element";
  if (size === 1) return isPart ? "It has the wrong sign." : "The sign is wrong.";
  const name = simple(times),
    of = offers.numbers.find((x) => Number.isInteger(x) && x > 2 && Math.abs(x - times) < 1e-9 * x);
  const why = of === undefined
    ? "."
    : more
    ? `: is a division by ${of} left out, or a sum taken for a mean?`
    : `: is there a division by ${of} too many, or a mean taken for a sum?`;
  // A number of the forward line that is missing, or there twice.
  const constant = offers.lineNumbers.find((x) =>
    x > 0 && x !== 2 && x !== 0.5 && (Math.abs(x - size) < 1e-8 * x || Math.abs(x * size - 1) < 1e-8)
  );
  if (constant !== undefined && of === undefined) {
    const missing = Math.abs(constant * size - 1) < 1e-8, sign = factor < 0 ? " Besides, the sign is wrong." : "";
    return `The factor ${number(constant)} of the forward line is ${missing ? "missing" : "there twice"}.${sign}`;
  }
  const text = times === 2 && !more
    ? `${what} is half as large as it should be`
    : name && /^[0-9.]+$/.test(name)
    ? `${what} is ${name} times too ${more ? "large" : "small"}`
    : `${what} is ${number(size)} times what it should be`;
  return text + (factor < 0 ? ", and has the wrong sign" : "") + why;
}

/** One change as a sentence. */
function saidOf(change: Change, subject: Subject): string {
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
      return `${short(here)} stands where ${short(by)} belongs.`;
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
      if (isAbove(other, subject) && !mentionsLeaf(change.site.all, other as Formula)) {
        return chainRule(other as Formula);
      }
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
      const nothing = isZero(here, first) ? `${site(change)} is zero everywhere. ` : "";
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
      return `Two steps are in the wrong order: ${short(here)} stands where ${short(by)} belongs.`;
    case "bracket":
      return `A bracket closes in the wrong place: ${short(here)} stands where ${short(by)} belongs.`;
    case "early":
      return `The sum is in the wrong place: ${short(here)} stands where ${short(by)} belongs.`;
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

/** Whether a tensor stands somewhere in a formula. */
function mentionsLeaf(formula: Formula | undefined, name: Formula): boolean {
  return formula !== undefined &&
    parts(formula).some((part) => isLeaf(part) && isLeaf(name) && part.name === name.name);
}

/** What a change stands at, in words. */
function site({ site: { spine, formula } }: Change): string {
  return spine.length === 0 ? "Yours" : short(formula);
}

function isZero(formula: Formula, point: Subject["first"]): boolean {
  try {
    return evaluate(formula, point).toArray().every((x) => Math.abs(x) < 1e-15);
  } catch {
    return false;
  }
}

/** Where a formula is 1 at picked elements and 0 elsewhere: their indices. */
function pickedBy(formula: Argument): string | undefined {
  if (!isFormula(formula) || formula.kind !== "step" || formula.op !== "index_put_" || formula.args[2] !== 1) {
    return undefined;
  }
  return text(formula.args[1]);
}

/** Whether a tensor is a factor of a product already, to this power. */
function isFactor(formula: Formula, factor: Argument, power: 1 | -1): boolean {
  if (!isFormula(factor)) return false;
  if (power === 1 && (formula === factor || (isLeaf(formula) && isLeaf(factor) && formula.name === factor.name))) {
    return true;
  }
  if (formula.kind !== "step") return false;
  const [a, b] = formula.args, op = formula.op.replace(/_$/, "");
  if (op === "mul") return [a, b].some((one) => isFormula(one) && isFactor(one, factor, power));
  if (op === "div") {
    return (isFormula(a) && isFactor(a, factor, power)) || (isFormula(b) && isFactor(b, factor, -power as 1 | -1));
  }
  return /^(neg|sum|mean|clone|view|T)$/.test(op) && isFactor(a as Formula, factor, power);
}

/** Whether what stands between a change and the root only multiplies, so that the place of a factor does not matter. */
function inProduct({ site: { spine } }: Change): boolean {
  return spine.every((part) => part.kind === "step" && /^(mul|div|neg|sum|view|clone)_?$/.test(part.op));
}

function leftOut(here: Step, kept: Formula, other: Argument, { first, isRecent }: Subject): string {
  const plain = here.op.replace(/_$/, ""), no = "which does not belong there.";
  if (Object.hasOwn(SAID, plain)) {
    return capital(SAID[plain](short(kept), shapeOf(kept, first)?.length ?? 0, ...here.args.slice(1) as number[]));
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
      return kept === here.args[0]
        ? `You divide by ${text(other)}, ${no}`
        : `${short(here)} stands where ${short(kept)} belongs.`;
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
      return `You take the ${plain.replace(/^a?max$/, "maximum")} over ${dimension(here.args[1])} of ${
        short(kept)
      }, ${no}`;
    case "at":
    case "narrow":
      if (isWhole(here)) return `${short(here)} puts ${short(kept)} in another order; as it is, it belongs there.`;
      return `You take only a part, ${short(here)}; all of ${short(kept)} belongs there.`;
    case "matmul":
      return `${short(here)} stands where ${short(kept)} belongs.`;
  }
  return `${called(here)} does not belong there, only ${short(kept)}.`;
}

function putIn(here: Formula, by: Step, { site }: Change, { first, name, offers, sendings }: Subject): string {
  const root = site.spine.length === 0;
  switch (by.op) {
    case "neg": {
      const whole = here.kind === "step" && here.op === "neg" ? here.args[0] : here;
      const term = sendings.find((one) => one.whole === whole);
      if (term && sendings.length > 1) return `The term through ${term.reader} has the wrong sign.`;
      return root ? "The sign is wrong." : `${short(here)} has the wrong sign.`;
    }
    case "sum":
    case "mean": {
      const [, dim] = by.args, shape = shapeOf(here, first);
      const over = dim === undefined ? "all dimensions" : `dimension ${Array.isArray(dim) ? dim.join(" and ") : dim}`;
      const what = by.op === "sum" ? "sum" : "mean";
      if (!root) return `A ${what} over ${over} is missing: ${short(here)} stands where ${called(by)} of it belongs.`;
      return `A ${what} is missing: yours is ${formatShape(shape!)}, expected is ${
        formatShape(offers.shape)
      }. ${name} was broadcast ` +
        `over ${over}, and what is broadcast forward is summed backward: ${called(by)}.`;
    }
    case "T":
    case "transpose":
      return `${short(here)} has to be transposed.`;
    case "view":
      return `${short(here)} has to be put in the shape of ${name}: ${called(by)}.`;
    case "expand":
      return `${short(here)} is ${
        formatShape(shapeOf(here, first)!)
      }: what is summed forward is broadcast backward; multiply by ones_like(${name}).`;
    case "index_put_":
      return `${text(by.args[2])} at ${text(by.args[1])} is missing.`;
    case "add":
      return `The ${text(by.args[1])} is left out: ${short(here)} stands where ${short(by)} belongs.`;
  }
  return `${short(here)} stands where ${short(by)} belongs.`;
}

const VERBS: Record<string, string> = { add: "add", sub: "subtract", mul: "multiply by", div: "divide by" };

function operation(here: Step, by: Step): string {
  if (here.op === "written_over") return SAID.written_over("", 0);
  const was = here.op.replace(/_$/, ""), is = by.op, [a, b] = here.args;
  const same = by.args[0] === a && by.args[1] === b;
  if (same && VERBS[was] && VERBS[is]) return `You ${VERBS[was]} ${text(b)}; ${VERBS[is]} it.`;
  if ((was === "mean" || was === "sum") && (is === "mean" || is === "sum")) {
    return `You take the ${was} over ${dimension(here.args[1])}; the ${is} belongs there.`;
  }
  if (was === "index_put" && is === "index_put_") {
    return `${text(here.args[2])} is put in place of what stood at ${
      text(here.args[1])
    }; it has to be added there: { accumulate: true }.`;
  }
  return `${short(here)} stands where ${short(by)} belongs.`;
}

function argument(here: Step, by: Step): string {
  const changed = Array.from({ length: here.args.length + 1 }, (_, k) => k).filter((k) =>
    JSON.stringify(here.args[k]) !== JSON.stringify(by.args[k])
  );
  const [k] = changed, was = here.args[k], is = by.args[k];
  if (/^(sum|mean|max|amax|var|softmax|log_softmax|logsumexp)$/.test(here.op)) {
    const mean = (options: Argument) => (options as { keepdim?: boolean } | undefined)?.keepdim ?? false;
    const keeps = mean(by.args[2]), kept = mean(here.args[2]);
    if (dimension(here.args[1]) === dimension(by.args[1])) {
      if (keeps !== kept) {
        return keeps
          ? "Keep the dimension that you sum over: { keepdim: true }."
          : `Sum without keepdim: ${called(here)} stands where ${called(by)} belongs.`;
      }
      return `${called(here)} stands where ${called(by)} belongs.`;
    }
    const verb = here.op.includes("softmax") ? "is taken along" : here.op === "mean" ? "is taken over" : "goes over";
    return `The ${here.op.replace(/^a?max$/, "maximum")} ${verb} ${dimension(here.args[1])}; ${
      called(by)
    } belongs there.`;
  }
  if (here.op.startsWith("index_put") && k === 3) {
    return "It has to be added there, not put there: { accumulate: true }.";
  }
  if (here.op === "pow") return `${short(here)} stands where ${short(by)} belongs.`;
  if (Array.isArray(was) && Array.isArray(is)) {
    const j = was.findIndex((one: Argument, i: number) => JSON.stringify(one) !== JSON.stringify(is[i]));
    return `The index ${text(was[j])} stands where ${text(is[j])} belongs.`;
  }
  return `${text(was)} stands where ${text(is)} belongs, in ${short(here)}.`;
}

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

function isLeaf(formula: Argument): formula is Extract<Formula, { kind: "leaf" }> {
  return isFormula(formula) && formula.kind === "leaf";
}

/** What a line's derivative is, for lines of one function. */
const DERIVATIVES: Record<string, string> = {
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
  erf: "The derivative of erf x is 2/√π·e^(−x²).",
};

/** The rule that the line's derivative is, where the slip is in it. */
function noteOn(repairs: readonly Repair[], { sendings, points }: Subject): string | undefined {
  const [{ changes, factor, reader }] = repairs;
  const line = points.derivation.lines.get(reader ?? (sendings.length === 1 ? sendings[0].reader : ""));
  if (!line || line.kind !== "step" || !Object.hasOwn(DERIVATIVES, line.op)) return undefined;
  const concerns = changes.some(({ kind, by, site, other }) => {
    const gradients = [by, site.formula, other].some((one) => isLeaf(one) && one.gradient);
    if (
      kind === "putIn" || (kind === "leftOut" && typeof other === "number") || kind === "term" || kind === "order" ||
      kind === "early"
    ) return false;
    return !gradients || kind === "operation" || kind === "leftOut" && !(isLeaf(other) && other.gradient) ||
      kind === "factor" || kind === "over";
  }) || (changes.length === 0 && Math.abs(factor) !== 1 && [2, 0.5, 3, 1 / 3].includes(Math.abs(factor)));
  return concerns ? DERIVATIVES[line.op] : undefined;
}

/** A step's call without what it is called on: `sum(0)`. */
function called(step: Step): string {
  const whole = written({ ...step, args: [{ kind: "leaf", name: "·", gradient: false }, ...step.args.slice(1)] });
  return whole.startsWith("·.") ? whole.slice(2) : whole;
}

/** A formula as code, its inner parts left out where it is long. */
export function short(formula: Formula): string {
  const whole = written(formula);
  if (whole.length <= WIDTH) return whole;
  const inner = parts(formula).filter((part) => part !== formula && part.kind === "step" && operands(part).length > 0);
  let best = formula;
  // The longest parts first, until it fits.
  for (const part of inner.sort((a, b) => written(b).length - written(a).length)) {
    const cut = shortened(best, part);
    if (!cut || written(cut).length < 12) continue;
    if (written(cut).length <= WIDTH) return written(cut);
  }
  for (const part of inner.sort((a, b) => written(a).length - written(b).length)) {
    best = shortened(best, part) ?? best;
    if (written(best).length <= WIDTH) return written(best);
  }
  return whole.slice(0, WIDTH - 1) + "…";
}

function shortened(formula: Formula, part: Formula): Formula | undefined {
  if (!parts(formula).includes(part)) return undefined;
  const gap: Formula = { kind: "leaf", name: "(…)", gradient: false };
  const visit = (one: Formula): Formula => {
    if (one === part) return gap;
    if (one.kind !== "step") return one;
    return { ...one, args: one.args.map((arg) => isFormula(arg) ? visit(arg) : arg) };
  };
  return visit(formula);
}

function text(argument: Argument): string {
  if (isFormula(argument)) return short(argument);
  if (typeof argument === "number") return number(argument);
  if (Array.isArray(argument)) {
    if (argument.length > 3 && argument.every((x, i) => x === i)) return `range(${argument.length})`;
    return `[${argument.map(text).join(", ")}]`;
  }
  return minus(String(argument));
}

function shapeOf(formula: Formula, point: Subject["first"]): Shape | undefined {
  try {
    return evaluate(formula, point).shape;
  } catch {
    return undefined;
  }
}

/** The first letter as at the start of a sentence, if a word of ours begins it. */
function capital(text: string): string {
  return /^(the|index|rows?|columns?|elements?) /.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
}

/** A sentence within another: without its capital, unless that begins a name. */
function within(sentence: string): string {
  return /^(The|You|A|An|In|Two|Nothing|Keep|Sum|Every|It|What|Only)\b/.test(sentence)
    ? sentence[0].toLowerCase() + sentence.slice(1)
    : sentence;
}
