// What a factor on a gradient tells: a 32 where the 1/n of a mean is missing, a 1.1 where a gain is left out.
// Left out: the sizes of a row that these are read by (sizes.ts).
import type { Kind } from "./case.ts";
import { near, plain } from "./words.ts";

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
  /** Whether each term of the right formula has this factor, such as 1/n: a mean, or the loss. */
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

/** What a factor tells: how much it is, if that reads better than its digits, and why it may be there. */
interface Reading {
  readonly factor: number;
  readonly amount?: string;
  readonly why?: () => string;
}

/** Tensors that are one number everywhere, left out or there too often. */
function ofConstants({ constants }: Sizes): Reading[] {
  return constants.filter(({ value }) => !near(Math.abs(value), 1)).flatMap(({ name, value, single, used }) => {
    const whys: [number, string][] = [
      [value, `multiplied by ${name} once too often`],
      [1 / value, used ? `${name} left out` : `divided by ${name} once too often`],
      [value * value, `multiplied by ${name} twice too often`],
      [1 / (value * value), `divided by ${name} ${used ? "where it has to be multiplied" : "twice"}`],
    ];
    const is = `${name} is ${plain(value)}${single ? "" : " everywhere"}, so a factor of`;
    return whys.map(([x, why]): Reading => {
      const factor = Math.abs(x);
      return { factor, why: () => `${why}? ${is} ${plain(factor)} would look the same.` };
    });
  });
}

/** The examples, n, and n − 1, which a variance has. */
function ofExamples({ n, summed, held }: Sizes): Reading[] {
  const all: Reading[] = [];
  if (n > 1) {
    const left = `multiplied by n = ${n} once too often, or the 1/n of the mean left out?`;
    const often = summed.includes(n) ? `a mean over ${n} where a sum belongs?` : `divided by n = ${n} once too often?`;
    all.push(
      large(
        n,
        () =>
          held(1 / n)
            ? `where is the 1/n of a mean over ${n} examples?`
            : held(1 / (n - 1))
            ? "n/(n − 1), or 1 + 1/(n − 1), where 1/(n − 1) belongs?"
            : left,
      ),
      small(n, () => often),
    );
  }
  if (n > 3) {
    const m = n - 1, often = `by n − 1 = ${m} once too often?`;
    all.push(large(m, () => held(1 / m) ? "where is the 1/(n − 1) of the variance?" : `multiplied ${often}`));
    all.push(small(m, () => `divided ${often}`));
    if (held(1 / m)) all.push({ factor: m / 2, why: () => "is the 2/(n − 1) of the variance left out?" });
  }
  if (n > 2) {
    const why = (is: string) => () =>
      `${held(1 / n) || held(1 / (n - 1)) ? "" : `that is ${is}, as with `}n and n − 1 exchanged, ${n} and ${
        n - 1
      } here.`;
    all.push({ factor: (n - 1) / n, why: why("(n − 1)/n") }, { factor: n / (n - 1), why: why("n/(n − 1)") });
  }
  return all;
}

/** Small numbers: a 2 of a square, a ½, a 3 or a 4. */
function ofSmallNumbers({ n, others, squared, held }: Sizes): Reading[] {
  const half = () =>
    [
      ...(squared !== "no" ? ["is a 2 missing, as in the derivative of x², 2x?"] : []),
      ...(squared !== "yes" && held(1 / n) && others.includes(2 * n)
        ? [`divided by ${2 * n} where n = ${n} belongs?`]
        : []),
    ].join(" Or ");
  return [
    { factor: 0.5, amount: "half of what it should be", why: half },
    { factor: 2, why: () => "added twice, or a ½ missing?" },
    small(3),
    small(4),
  ];
}

/** n or n − 1 on the wrong side of a fraction, or another size in its place. */
function ofExchanged({ n, others, held }: Sizes): Reading[] {
  const twice = "twice too often";
  const sizes = [n + 1, n - 2, ...others, ...others.map((k) => k - 1)].filter((k) => k > 4 && k !== n && k !== n - 1);
  return ([[n, "n"], [n - 1, "n − 1"]] as const).filter(([m]) => m > 3).flatMap(([m, name]): Reading[] => [
    {
      factor: m * m,
      why: () => `multiplied by ${name} = ${m} ${held(1 / m) ? "where it has to be divided by it" : twice}?`,
    },
    { factor: 1 / (m * m), why: () => `divided by ${name} = ${m} ${twice}?` },
    ...sizes.map((k) => ({ factor: m / k, why: () => `divided by ${k} instead of ${name} = ${m}?` })),
  ]);
}

/** The other sizes, summed over or not. */
function ofOthers({ others, summed }: Sizes): Reading[] {
  return others.filter((m) => m > 4).flatMap((m) => [
    large(m, () => `summed over ${m} once too often, or the 1/${m} of a mean left out?`),
    small(
      m,
      () =>
        summed.includes(m) ? `a mean over ${m} where a sum belongs?` : `divided by ${m} once too often, as in a mean?`,
    ),
  ]);
}

function large(m: number, why?: () => string): Reading {
  return { factor: m, amount: `${m} times too large`, why };
}

function small(m: number, why?: () => string): Reading {
  return { factor: 1 / m, amount: `${m} times too small`, why };
}

/** Numbers that are typed in place of others, as quotients: 1/n − 1 for 1/(n − 1). */
function mistyped(n: number): { of: number; right: number; text: string }[] {
  const right: [number, string][] = [
    [1 / (n - 1), "1/(n − 1)"],
    [n / (n - 1), "n/(n − 1)"],
    [(n - 1) / n, "(n − 1)/n"],
  ];
  const typed: [number, string][] = [
    [1 / n - 1, "1/n − 1"],
    [1 / n + 1, "1/n + 1"],
    [1 / n, "1/n"],
    [2 / n, "2/n"],
    [2 / (n - 1), "2/(n − 1)"],
    ...right,
  ];
  return typed.flatMap(([x, is]) =>
    right.map(([y, should]) => ({ of: x / y, right: y, text: `${is} where ${should} belongs?` }))
  );
}

/** What a gradient `weight` times the right one tells: goes after "Every element is". */
export function factorWords(weight: number, sizes: Sizes): { kind: Kind; text: string } {
  if (near(weight, -1)) return { kind: "sign", text: "the right number with the wrong sign." };
  const kind = weight < 0 ? "sign" : "factor", size = Math.abs(weight);
  if (size < 1e-9) return { kind: "factor", text: "zero." };
  const sign = weight < 0 ? ", with the wrong sign" : "", digits = `${plain(size)} times what it should be`;
  const tell = ({ amount = digits, why = () => "" }: Partial<Reading>) => {
    const because = why();
    return { kind, text: `${amount}${sign}${because ? `: ${because}` : "."}` } as const;
  };
  const usual = [ofConstants, ofExamples, ofSmallNumbers, ofExchanged].flatMap((read) => read(sizes));
  const found = usual.find(({ factor }) => near(size, factor));
  if (found) return tell(found);
  const typed = sizes.n > 4 &&
    [weight, size].flatMap((x) => mistyped(sizes.n).filter(({ of, right }) => near(x, of) && sizes.held(right)))[0];
  if (typed) {
    return { kind, text: `${plain(typed.of)} times what it should be${typed.of < 0 ? "" : sign}: ${typed.text}` };
  }
  const other = ofOthers(sizes).find(({ factor }) => near(size, factor));
  if (other) return tell(other);
  const both = constantIn(weight, sizes);
  if (both) {
    const { text } = factorWords(both.left, { ...sizes, constants: [] });
    return { kind, text: `${text} And ${both.name} is ${both.missing ? "left out" : "there once too often"}.` };
  }
  return tell({});
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
