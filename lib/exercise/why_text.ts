// One number of a gradient as a sum, in lines: `why(dcounts, 3, 7)`. Each term by its names, largest first; for a wrong number
// the learner's beside it, and the term that accounts for the difference marked.
// Left out: finding the terms (lib/check/why.ts).
import type { Mistake, Term, Why } from "../check/why.ts";

/** Up to so many terms are shown one by one. */
const MOST = 8;

const MARKS: Record<Mistake, string> = {
  missing: "  <- missing in yours",
  twice: "  <- counted twice in yours",
  sign: "  <- with the other sign in yours",
};

/** The lines for element `index` of the gradient of `name`. */
export function whyText(name: string, index: readonly number[], { right, given, terms, lines }: Why): string {
  const wrong = given !== undefined && !(Math.abs(given - right) <= 1e-8 + 1e-5 * Math.abs(right));
  const head = `d${name}[${index.join(", ")}] = ${short(right)}${wrong ? `, yours is ${short(given)}` : ""}`;
  const shown = terms.slice(0, MOST);
  const rest = terms.slice(MOST);
  const width = Math.max(0, ...shown.map(({ value }) => short(value).length));
  const text = shown.map((term) =>
    `    ${short(term.value).padStart(width)} = ${product(term)}${mark(wrong, term.mistake)}`
  );
  const sum = rest.reduce((all, { value }) => all + value, 0);
  const count = (line: string) => terms.filter((term) => term.line === line).length;
  const more = rest.length > 0 ? [`    ${short(sum).padStart(width)} in ${rest.length} more terms`] : [];
  const whole = lines.filter(({ line, mistake }) => wrong && mistake && count(line) > 1).map((
    { line, value, mistake },
  ) => `All that comes through ${line}: ${short(value)}${mark(true, mistake)}`);
  const none = terms.length === 0 ? ["    No line that reads it is moved by this element."] : [];
  return [head, ...none, ...text, ...more, ...whole].join("\n");
}

function mark(wrong: boolean, mistake: Mistake | undefined): string {
  return wrong && mistake ? MARKS[mistake] : "";
}

/** A term as it is written: `counts_sum_inv[3, 0] · dprobs[3, 7]`. */
function product({ line, place, slope, slopeName, above }: Term): string {
  const at = place.length > 0 ? `[${place.join(", ")}]` : "", from = `d${line}${at} (${short(above)})`;
  if (slopeName) return `${slopeName} (${short(slope)}) · ${from}`;
  if (Math.abs(slope - 1) < 1e-9) return from;
  return Math.abs(slope + 1) < 1e-9 ? `-${from}` : `${short(slope)} · ${from}`;
}

function short(x: number): string {
  const size = Math.abs(x);
  if (x === 0 || !Number.isFinite(x)) return String(x);
  return size >= 1e-3 && size < 1e5 ? String(Number(x.toPrecision(4))) : x.toExponential(2);
}
