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

/** A number with a minus sign. */
export function minus(x: number): string {
  return String(x).replace(/^-/, "−");
}

/** A number in four digits. */
export function plain(x: number): string {
  return minus(Number(x.toPrecision(4)));
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
  const i = given.findIndex((x, i) => x !== right[i]), [x, y] = apart(given[i], right[i]);
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

/** What the sizes around a gradient are, to read a weight by. */
export interface Sizes {
  /** The number of examples. */
  n: number;
  /** Sizes of the tensors concerned. */
  others: readonly number[];
  /** Sizes of dimensions that are summed on the way back. */
  summed: readonly number[];
  /** Tensors that hold one number everywhere, with it: a gain of 1.1. `single` where there is but one
   * element: the loss; `used` where the right formula has it. */
  constants: readonly { name: string; value: number; single: boolean; used: boolean }[];
  /** Whether there is a square on the way, whose derivative has a 2. */
  squared: "yes" | "perhaps" | "no";
  /** Whether the right formula has this factor, such as 1/n: a mean, or the loss. */
  held: (factor: number) => boolean;
}

/** Whether a weight has a plain reason, so that it is likely to be one that somebody wrote. */
export function isNice(weight: number, sizes: Sizes): boolean {
  const { n, others, constants } = sizes, size = Math.abs(weight);
  const usual = [
    ...others.flatMap((m) => [m, n / m, (n - 1) / m, (n - 1) / (m - 1)]),
    (n - 1) / (n + 1),
    (n - 1) / (n - 2),
    ...mistyped(n).map(({ of }) => of),
    1,
    2,
    3,
    4,
    n,
    n - 1,
    n / (n - 1),
    n * (n - 1),
    n * n,
    (n - 1) ** 2,
    ...constants.flatMap(({ value }) => [value, value * value]),
  ];
  return usual.some((x) => x !== 0 && (near(size, Math.abs(x)) || near(size, 1 / Math.abs(x)))) ||
    constantIn(weight, sizes) !== undefined;
}

/** The tensor of one number that a weight has as a factor, and what is left of the weight: n or n − 1, or one over it. */
function constantIn(weight: number, { n, constants }: Sizes) {
  for (const { name, value } of constants) {
    if (near(Math.abs(value), 1)) continue;
    for (const times of [value, 1 / value]) {
      const left = weight / times;
      if ([n, 1 / n, n - 1, 1 / (n - 1), n / (n - 1), (n - 1) / n].some((x) => x !== 1 && near(Math.abs(left), x))) {
        return { name, left, missing: times !== value };
      }
    }
  }
}

/** Numbers that are written in place of others, as quotients. */
function mistyped(n: number): { of: number; text: string }[] {
  const right: [number, string][] = [[1 / (n - 1), "1/(n − 1)"], [n / (n - 1), "n/(n − 1)"], [
    (n - 1) / n,
    "(n − 1)/n",
  ]];
  const typed: [number, string][] = [[1 / n - 1, "1/n − 1"], [1 / n + 1, "1/n + 1"], [2 / n, "2/n"], [
    2 / (n - 1),
    "2/(n − 1)",
  ], ...right];
  return typed.flatMap(([x, is]) =>
    right.map(([y, should]) => ({ of: x / y, text: `${is} where ${should} belongs?` }))
  );
}

/** What a gradient `weight` times the right one tells: goes after "Every element is". */
export function factorWords(weight: number, sizes: Sizes): { kind: Kind; text: string } {
  const { n, others, summed, constants } = sizes;
  if (near(weight, -1)) return { kind: "sign", text: "the right number with the wrong sign." };
  const kind = weight < 0 ? "sign" : "factor", size = Math.abs(weight), part = plain(size);
  const sign = weight < 0 ? ", with the wrong sign" : "";
  if (size < 1e-9) return { kind: "factor", text: "zero." };
  const tell = (text: string) => ({ kind, text } as const);
  const times = (why: string) => tell(`${part} times what it should be${sign}: ${why}`);
  const large = (m: number, why: string) => tell(`${m} times too large${sign}: ${why}`);
  const small = (m: number, why: string) => tell(`${m} times too small${sign}: ${why}`);
  for (const { name, value, single, used } of constants) {
    if (near(Math.abs(value), 1)) continue;
    const is = `${name} is ${plain(value)}${single ? "" : " everywhere"}, so a factor of ${part} would look the same.`;
    const whys: [number, string][] = [
      [value, `multiplied by ${name} once too often`],
      [1 / value, used ? `${name} left out` : `divided by ${name} once too often`],
      [value * value, `multiplied by ${name} twice too often`],
      [1 / (value * value), `divided by ${name} ${used ? "where it has to be multiplied" : "twice"}`],
    ];
    const [, why] = whys.find(([x]) => near(Math.abs(x), size)) ?? [];
    if (why) return times(`${why}? ${is}`);
  }
  if (n > 1 && near(size, n)) {
    const mean = sizes.held(1 / n);
    const why = `multiplied by n = ${n} once too often, or the 1/n of the mean left out?`;
    return large(n, mean ? `where is the 1/n of a mean over ${n} examples?` : why);
  }
  if (n > 1 && near(size, 1 / n)) {
    return small(
      n,
      summed.includes(n) ? `a mean over ${n} where a sum belongs?` : `divided by n = ${n} once too often?`,
    );
  }
  if (n > 3 && near(size, n - 1)) {
    const variance = sizes.held(1 / (n - 1));
    return large(
      n - 1,
      variance ? "where is the 1/(n − 1) of the variance?" : `multiplied by n − 1 = ${n - 1} once too often?`,
    );
  }
  if (n > 3 && near(size, 1 / (n - 1))) return small(n - 1, `divided by n − 1 = ${n - 1} once too often?`);
  if (n > 2 && (near(size, (n - 1) / n) || near(size, n / (n - 1)))) {
    return tell(`${part} times what it should be${sign}: n and n − 1 exchanged, ${n} and ${n - 1} here.`);
  }
  if (near(size, 0.5)) {
    const mean = sizes.squared !== "yes" && sizes.held(1 / n) && others.includes(2 * n);
    const why = [
      ...(sizes.squared !== "no" ? ["is a 2 missing, as in the derivative of x², 2x?"] : []),
      ...(mean ? [`divided by ${2 * n} where n = ${n} belongs?`] : []),
    ].join(" Or ");
    return tell(`half of what it should be${sign}${why ? `: ${why}` : "."}`);
  }
  if (near(size, 2)) return tell(`2 times what it should be${sign}: added twice, or a ½ missing?`);
  for (const k of [3, 4]) if (near(size, 1 / k)) return tell(`${k} times too small${sign}.`);
  for (const [m, name] of [[n, "n"], [n - 1, "n − 1"]] as const) {
    if (m > 3 && near(size, m * m)) return times(`multiplied by ${name} = ${m} where it has to be divided by it?`);
    if (m > 3 && near(size, 1 / (m * m))) {
      return times(`divided by ${name} = ${m} where it has to be multiplied by it?`);
    }
    const near1 = [n + 1, n - 2, ...others, ...others.map((k) => k - 1)];
    const instead = near1.find((k) => k > 4 && k !== n && k !== n - 1 && near(size, m / k));
    if (instead) return times(`divided by ${instead} instead of ${name} = ${m}?`);
  }
  const typed = n > 4 && [weight, size].flatMap((x) => mistyped(n).filter(({ of }) => near(x, of)))[0];
  if (typed) return tell(`${plain(typed.of)} times what it should be${typed.of < 0 ? "" : sign}: ${typed.text}`);
  const m = others.find((m) => m > 4 && (near(size, m) || near(size, 1 / m)));
  if (m && size > 1) return large(m, `summed over ${m} once too often, or the 1/${m} of a mean left out?`);
  if (m) return small(m, `a mean over ${m} where a sum belongs?`);
  const both = constantIn(weight, sizes);
  if (both) {
    const { text } = factorWords(both.left, { ...sizes, constants: [] });
    return tell(`${text} And ${both.name} is ${both.missing ? "left out" : "there once too often"}.`);
  }
  return tell(`${part} times what it should be${sign}.`);
}

/** A sentence on a weight beside another mistake: nothing for 1. */
export function weightWords(weight: number, sizes: Sizes): string {
  if (near(weight, 1)) return "";
  return near(weight, -1) ? " The sign is wrong, too." : ` Besides, it is ${factorWords(weight, sizes).text}`;
}

/** A weight before something: `−`, `2·`, `−½·`, nothing for 1. */
export function weightText(weight: number, n: number): string {
  const size = Math.abs(weight), sign = weight < 0 ? "−" : "";
  const named: [number, string][] = [
    [1, ""],
    [0.5, "½·"],
    [1.5, "3/2·"],
    [2, "2·"],
    [2.5, "5/2·"],
    [1 / n, "1/n·"],
    [n, "n·"],
    [1 / (n - 1), "1/(n − 1)·"],
    [2 / (n - 1), "2/(n − 1)·"],
    [n - 1, "(n − 1)·"],
  ];
  return sign + (named.find(([value]) => near(size, value))?.[1] ?? `${plain(size)}·`);
}
