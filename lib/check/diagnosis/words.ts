// Words and numbers as the learner reads them.
import type { Shape } from "../../tensor/shape.ts";
import type { Kind } from "./case.ts";

/** An index as the exercise would write it: [3, 17]. */
export function position(index: number, shape: Shape): string {
  const indices: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    indices.unshift(index % shape[d]);
    index = Math.floor(index / shape[d]);
  }
  return `[${indices.join(", ")}]`;
}

/** A number in four digits. */
export function plain(x: number): string {
  return Number(x.toPrecision(4)).toString();
}

/** Two numbers in as many digits as it takes to see that they differ, four at least. */
export function apart(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const [x, y] = [a, b].map((value) => Number(value.toPrecision(digits)).toString());
    if (x !== y) return [x, y];
  }
  return [String(a), String(b)];
}

/** The first letter as at the start of a sentence, unless it begins a name such as dlogits. */
export function capital(text: string): string {
  return /^(d[a-z]\w*|\w*_\w*)\b/.test(text) ? text : text[0].toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Whether two numbers are the same, as far as a weight is worked out. */
export function near(a: number, b: number): boolean {
  return Number.isFinite(b) && Math.abs(a - b) <= 1e-6 * Math.abs(b);
}

/** What the sizes around a gradient are, to read a weight by. */
export interface Sizes {
  /** The number of examples. */
  n: number;
  /** Sizes of the tensors concerned. */
  others: readonly number[];
  /** Sizes of dimensions that are summed on the way back. */
  summed: readonly number[];
  /** Tensors that hold one number everywhere, with it: a gain of 1.1. */
  constants: readonly { name: string; value: number }[];
}

/** Whether a weight has a plain reason, so that it is likely to be one that somebody wrote. */
export function isNice(weight: number, { n, others, constants }: Sizes): boolean {
  const size = Math.abs(weight);
  const usual = [
    ((n - 1) / n) ** 2,
    ...others.map((m) => n / m),
    1,
    2,
    3,
    4,
    n,
    n - 1,
    n / (n - 1),
    n * (n - 1),
    n * n,
    ...others,
    ...constants.map(({ value }) => value),
  ];
  return usual.some((x) => x !== 0 && (near(size, Math.abs(x)) || near(size, 1 / Math.abs(x))));
}

/** What a gradient `weight` times the right one tells: goes after "Every element is". */
export function factorWords(weight: number, { n, others, summed, constants }: Sizes): { kind: Kind; text: string } {
  if (near(weight, -1)) return { kind: "sign", text: "the right number with the wrong sign." };
  const kind = weight < 0 ? "sign" : "factor";
  const sign = weight < 0 ? ", with the wrong sign" : "", size = Math.abs(weight);
  if (size < 1e-9) return { kind: "factor", text: "zero." };
  const constant = constants.find(({ value }) =>
    !near(Math.abs(value), 1) && (near(value, weight) || near(1 / value, weight))
  );
  if (constant) {
    const by = near(constant.value, weight)
      ? `multiplied by ${constant.name} once too often`
      : `${constant.name} left out`;
    return {
      kind,
      text: `${plain(size)} times what it should be${sign}: ${by}? ` +
        `${constant.name} is ${plain(constant.value)} everywhere, so a factor of ${plain(size)} would look the same.`,
    };
  }
  if (near(size, n) && n > 1) {
    return { kind, text: `${n} times too large${sign}: where is the 1/n of a mean over ${n} examples?` };
  }
  if (near(size, 1 / n) && n > 1) {
    const why = summed.includes(n) ? `a mean over ${n} where a sum belongs?` : `divided by n = ${n} once too often?`;
    return { kind, text: `${n} times too small${sign}: ${why}` };
  }
  if (n > 3 && near(size, n - 1)) {
    return { kind, text: `${n - 1} times too large${sign}: where is the 1/(n − 1) of the variance?` };
  }
  if (n > 3 && near(size, 1 / (n - 1))) {
    return { kind, text: `${n - 1} times too small${sign}: divided by n − 1 = ${n - 1} once too often?` };
  }
  if (n > 2 && (near(size, (n - 1) / n) || near(size, n / (n - 1)))) {
    return {
      kind,
      text: `${plain(size)} times what it should be${sign}: n and n − 1 exchanged, ${n} and ${n - 1} here.`,
    };
  }
  const twice = ((n - 1) / n) ** 2;
  if (n > 2 && (near(size, twice) || near(size, 1 / twice))) {
    const [is, should] = near(size, twice) ? ["(n − 1)/n", "n/(n − 1)"] : ["n/(n − 1)", "(n − 1)/n"];
    return { kind, text: `${plain(size)} times what it should be${sign}: ${is} where ${should} belongs?` };
  }
  if (near(size, 0.5)) {
    return { kind, text: `half of what it should be${sign}: is a 2 missing, as in the derivative of x², 2x?` };
  }
  if (near(size, 2)) return { kind, text: `2 times what it should be${sign}: added twice, or a ½ missing?` };
  for (const k of [3, 4]) {
    if (near(size, 1 / k)) return { kind, text: `${k} times too small${sign}.` };
  }
  const instead = others.find((m) => m > 4 && m !== n && m !== n - 1 && near(size, n / m));
  if (instead) {
    return { kind, text: `${plain(size)} times what it should be${sign}: divided by ${instead} instead of n = ${n}?` };
  }
  const m = others.find((m) => m > 4 && (near(size, m) || near(size, 1 / m)));
  if (m && size > 1) return { kind, text: `${m} times too large${sign}: a sum over ${m} where a mean belongs?` };
  if (m) return { kind, text: `${m} times too small${sign}: a mean over ${m} where a sum belongs?` };
  return { kind, text: `${plain(size)} times what it should be${sign}.` };
}

/** A weight before something: `−`, `2·`, `−½·`, nothing for 1. */
export function weightText(weight: number, n: number): string {
  const size = Math.abs(weight), sign = weight < 0 ? "−" : "";
  const named: [number, string][] = [
    [1, ""],
    [0.5, "½·"],
    [2, "2·"],
    [1 / n, "1/n·"],
    [n, "n·"],
    [1 / (n - 1), "1/(n − 1)·"],
    [2 / (n - 1), "2/(n − 1)·"],
    [n - 1, "(n − 1)·"],
  ];
  return sign + (named.find(([value]) => near(size, value))?.[1] ?? `${plain(size)}·`);
}
