// Words and numbers as the learner reads them.
import type { Shape } from "../../tensor/shape.ts";

/** An index as the exercise would write it: [3, 17]. */
export function position(index: number, shape: Shape): string {
  const indices: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    indices.unshift(index % shape[d]);
    index = Math.floor(index / shape[d]);
  }
  return `[${indices.join(", ")}]`;
}

/** A number with a minus sign. */
export function minus(x: number): string {
  return String(x).replace(/^-/, "−");
}

/** A number in four digits. */
export function plain(x: number): string {
  return minus(Number(Number(x.toPrecision(9)).toPrecision(4))); // 0.96875 and what is that up to rounding read the same
}

/** Two numbers in as many digits as it takes to see that they differ, four at least. */
export function apart(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const [x, y] = [a, b].map((value) => minus(Number(value.toPrecision(digits))));
    if (x !== y) return [x, y];
  }
  return [minus(a), minus(b)];
}

/** The first two numbers that differ, in as many digits as it takes: `at [0, 0] yours is 0.1, expected is 0.2`. */
export function firstApart(given: Float64Array, right: Float64Array, shape: Shape): string {
  const off = (x: number, i: number) => Math.abs(x - right[i]) > 1e-7 * Math.abs(right[i]);
  const i = Math.max(0, given.findIndex(off)), [x, y] = apart(given[i], right[i]);
  return `at ${position(i, shape)} yours is ${x}, expected is ${y}`;
}

/** The first letter as at the start of a sentence, unless it begins a name such as dlogits. */
export function capital(text: string): string {
  return /^(d[a-z]\w*|\w*_\w*)\b/.test(text) ? text : text[0].toUpperCase() + text.slice(1);
}

/** What a sum goes over. */
export function along(over: "rows" | "cols"): string {
  return over === "rows" ? "the rows" : "the columns";
}

/** What is said of the terms through some lines, when a gradient has others, too. */
export function inTerms(readers: readonly string[], all: number, text: string): { text: string; where?: string } {
  if (readers.length === all) return { text };
  return { text, where: `In the ${readers.length > 1 ? "terms" : "term"} through ${list(readers)}: ` };
}

/** A name at the start of a sentence: of those that are words, the first letter. */
export function begin(name: string): string {
  return name.startsWith("the ") ? capital(name) : name;
}

/** The first letter as within a sentence. */
export function small(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}

/** That a tensor feeds these lines, too, of so many in all. */
export function alsoFeeds(name: string, lines: readonly string[], all: number): string {
  const [times, terms] = [["twice", "two"], ["three times", "three"]][all - 2] ?? [`${all} times`, all];
  return `${name} also feeds ${list(lines)}, and a tensor that is used ${times} gets ${terms} terms`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Whether two numbers are the same, as far as a weight is worked out. */
export function near(a: number, b: number): boolean {
  return Number.isFinite(b) && Math.abs(a - b) <= 1e-6 * Math.abs(b);
}
