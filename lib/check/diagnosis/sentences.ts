// What is said of a wrong row: the sentences about the changes that make it right, put together, 40 words at the most.
//
// Left out: what is said of one change (phrases.ts), and which change is told (repair.ts, explainer.ts).
import type { Change } from "./change.ts";
import { type Argument, isLeaf } from "./formula.ts";
import { enumerated, number, short, simple } from "./notation.ts";
import { capital, missingTerms, saidOf } from "./phrases.ts";
import type { Repair } from "./repair.ts";
import { type Subject } from "./subject.ts";

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

/** By how much the whole is off, or what is left after a change, as a sentence. */
function factorText(factor: number, isPart: boolean, { offers }: Subject): string {
  const size = Math.abs(factor), more = size > 1, times = more ? size : 1 / size;
  const what = isPart ? "It" : "Every element";
  if (size === 1) return isPart ? "It has the wrong sign." : "The sign is wrong.";
  const of = offers.numbers.find((x) => Number.isInteger(x) && x > 2 && Math.abs(x - times) < 1e-9 * x);
  // A number of the forward line that is missing, or there twice.
  const constant = offers.lineNumbers.find((x) =>
    x > 0 && x !== 2 && x !== 0.5 && (Math.abs(x - size) < 1e-8 * x || Math.abs(x * size - 1) < 1e-8)
  );
  if (constant !== undefined && of === undefined) {
    const missing = Math.abs(constant * size - 1) < 1e-8, sign = factor < 0 ? " Besides, the sign is wrong." : "";
    return `The factor ${number(constant)} of the forward line is ${missing ? "missing" : "there twice"}.${sign}`;
  }
  const decimal = /^[0-9.]+$/.test(simple(times) ?? "") && `${simple(times)} times too ${more ? "large" : "small"}`;
  const by = times === 2 && !more
    ? "half as large as it should be"
    : decimal || `${number(size)} times what it should be`;
  const guess = more
    ? `: is a division by ${of} left out, or a sum taken for a mean?`
    : `: is there a division by ${of} too many, or a mean taken for a sum?`;
  return `${what} is ${by}${factor < 0 ? ", and has the wrong sign" : ""}${of === undefined ? "." : guess}`;
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
  const concerns = ({ kind, by, site, other }: Change) => {
    if (/^(putIn|term|order|early)$/.test(kind) || kind === "leftOut" && typeof other === "number") return false;
    const isGradient = (one: Argument) => isLeaf(one) && one.gradient;
    return /^(operation|factor|over)$/.test(kind) || kind === "leftOut" && !isGradient(other) ||
      ![by, site.formula, other].some(isGradient);
  };
  const isPower = changes.length === 0 && [2, 0.5, 3, 1 / 3].includes(Math.abs(factor));
  return isPower || changes.some(concerns) ? DERIVATIVES[line.op] : undefined;
}

/** A sentence within another: without its capital, unless that begins a name. */
function within(sentence: string): string {
  return /^(The|You|A|An|In|Two|Nothing|Keep|Sum|Every|It|What|Only)\b/.test(sentence)
    ? sentence[0].toLowerCase() + sentence.slice(1)
    : sentence;
}
