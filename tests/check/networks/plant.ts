// Plants mistakes in right lines: every kind of small change that a learner's line can differ by, at every place of it.
// It works on the text and knows no network. Whether a change really is wrong is found out by playing it.
import type { Shape } from "../../../lib/tensor/shape.ts";
import { tensorOf } from "./play.ts";
import type { Line, Mistake, Network } from "./network.ts";

/** The shapes of a network's tensors by name, and of the gradients above a line. */
export type Shapes = ReadonlyMap<string, Shape>;

/** Every planted mistake in one line of a network. `shapes` has its tensors, without gradients. */
export function planted({ code: lines }: Network, line: Line, shapes: Shapes): Mistake[] {
  const [row, code] = line,
    above = new Set(lines.slice(0, lines.indexOf(line)).map(([other]) => `d${tensorOf(other)}`));
  const known = new Map(shapes);
  for (const name of above) known.set(name, shapes.get(name.slice(1))!);
  const own = `d${tensorOf(row)}`, mistakes: Mistake[] = [];
  const plant = (text: string, what: string, ...words: string[]) => {
    if (text !== code && !mistakes.some((other) => other.code === text)) {
      mistakes.push({ row, code: text, what, words });
    }
  };
  const edit = (pattern: RegExp, make: (found: RegExpExecArray) => readonly [string, string, ...string[]][]) => {
    for (const found of code.matchAll(pattern)) {
      for (const [text, what, ...words] of make(found)) {
        plant(code.slice(0, found.index) + text + code.slice(found.index + found[0].length), what, ...words);
      }
    }
  };
  // Another tensor of the same shape.
  edit(/(?<![.\w])[A-Za-z_]\w*(?![\w(:])/g, ([name]) => {
    const shape = known.get(name);
    if (!shape || name === own) return [];
    const others = [...known].filter(([other, its]) => other !== name && other !== own && its.join() === shape.join());
    return others.map(([other]) => [other, `${other} in place of ${name}`, name]);
  });
  // Factors and divisors: left out, or the other way round.
  for (const { start, end, method, argument } of calls(code, ["mul", "div"])) {
    const before = code.slice(0, start), after = code.slice(end), other = method === "mul" ? "div" : "mul";
    const named = words(argument);
    plant(before + after, `${method}(${argument}) is forgotten`, named);
    plant(`${before}.${other}(${argument})${after}`, `${other} in place of ${method}(${argument})`, named);
  }
  edit(/\.neg\(\)/g, () => [["", "the minus is forgotten", SIGN]]);
  // Sums.
  edit(/\.sum\((\d|\[\d, \d\]), \{ keepdim: true \}\)/g, ([all, dim]) => [
    [all.replace("sum", "mean"), "mean in place of sum", "sum|mean"],
    [`.sum(${dim})`, "keepdim is forgotten", "keepdim|shape"],
    [all.replace(`(${dim}`, `(${dim === "0" ? 1 : 0}`), "the wrong dimension", "dim|dimension|shape|sum"],
    ["", "the sum is forgotten", "sum"],
  ]);
  edit(/\.sum\((\d)\)/g, ([all]) => [[all.replace("sum", "mean"), "mean in place of sum", "sum|mean"]]);
  // Powers and constants.
  edit(
    /\.pow\((-?[\d.]+)\)/g,
    ([, text]) =>
      [-1, 1].map((by) =>
        [
          `.pow(${Number(text) + by})`,
          `exponent ${Number(text) + by} in place of ${text}`,
          "exponent|pow|power|²|³|⁻¹|⁻²",
        ] as const
      )
        .map(([text, what, word]) => [text, what, word]),
  );
  edit(/sub\(1, ([^()]*(?:\([^()]*\))?)\)/g, ([, inner]) => [
    [inner, `${inner} in place of 1 − ${inner}`, "1"],
    [`${inner}.sub(1)`, "x − 1 in place of 1 − x", SIGN],
    ...inner.includes(".pow(2)")
      ? [
        [`sub(1, ${inner.replace(".pow(2)", "")})`, "the square is forgotten", "pow|square|²|exponent"] as [
          string,
          string,
          string,
        ],
      ]
      : [],
  ]);
  edit(/(-?\d+) \/ (\d+)/g, ([, a, b]) => [
    [a, `1/${b} is forgotten`, `${b}|1/${b}`],
    [`${a} / ${Number(b) - 1}`, `${Number(b) - 1} in place of ${b}`, `${b}|${Number(b) - 1}`],
    ...Math.abs(Number(a)) !== 1
      ? [[`${Number(a) / 2} / ${b}`, "half of it", "2|half"] as [string, string, string]]
      : [],
    [`${-Number(a)} / ${b}`, "the sign", SIGN],
  ]);
  // Matrices.
  edit(/\.T(?!\w)/g, () => [["", "not transposed", "transpose|.T"]]);
  edit(
    /\.matmul\((d?[A-Za-z_]\w*)\)/g,
    ([, name]) => [[`.matmul(${name}.T)`, `${name} is transposed`, "transpose|.T"]],
  );
  // A whole term.
  if (row.endsWith("+")) {
    plant(own, "this term is forgotten", "term|path|through");
    plant(code.replace(".add_(", ".sub_("), "this term is taken off", SIGN);
  } else {
    plant(`${code}.neg()`, "a minus too many", SIGN);
    for (const [name, shape] of known) {
      if (name !== own && shape.join() === shapes.get(tensorOf(row))!.join()) {
        plant(`${code}.mul(${name})`, `a factor ${name} too many`, name);
      }
    }
  }
  return mistakes;
}

const SIGN = "sign|neg|minus|−|subtract|sub|add";

/** The calls of these methods in a chain, with what is between their brackets. */
function calls(
  code: string,
  methods: readonly string[],
): { start: number; end: number; method: string; argument: string }[] {
  const found = [];
  for (const { index: start, 1: method, 0: head } of code.matchAll(/\.(\w+)\(/g)) {
    if (!methods.includes(method)) continue;
    let depth = 1, end = start + head.length;
    for (; depth > 0; end++) depth += code[end] === "(" ? 1 : code[end] === ")" ? -1 : 0;
    found.push({ start, end, method, argument: code.slice(start + head.length, end - 1) });
  }
  return found;
}

/** Names and numbers of an expression, one of which a good account mentions. */
function words(code: string): string {
  return [...new Set(code.match(/(?<![.\w])(?:[A-Za-z_]\w*(?![\w(:])|\d[\d.]*)/g) ?? [code])].join("|");
}
