// The difference between two products, in words: what stands in the learner's that does not belong, and what should.
import { numel, sameShape } from "../../tensor/shape.ts";
import { type Case, type Explanation, knownValues, type Path, remembered } from "./case.ts";
import { IDENTITY, lineFunction, RECIPROCAL, SIGN } from "./functions.ts";
import { termSizes } from "./sizes.ts";
import type { Name, Named, Product, Start } from "./search.ts";
import { isNice, type Sizes, weightText, weightWords } from "./factor_words.ts";
import { along, begin, capital, near } from "./words.ts";
import {
  alike,
  best,
  bracketed,
  instead,
  isPower,
  namesOf,
  sameName,
  sameTensor,
  sameTogether,
  simplestName,
  written,
} from "./factor_names.ts";

/** What a learner's product has other than the right one. */
export interface Difference extends Explanation {
  /** It takes a factor too many, or a number besides: that fits more than anything else does. */
  readonly besides?: boolean;
}

/** Two products side by side: factors that only one of them has, and how their weights differ. */
interface Pair {
  readonly c: Case;
  readonly path: Path;
  readonly mine: Product;
  readonly right: Product;
  readonly extra: readonly Named[];
  readonly missing: readonly Named[];
  readonly times: number;
  readonly sizes: Sizes;
  /** The tensors that the line reads or makes. */
  readonly close: readonly string[];
}

/** A part of what is said. `weighed` when it tells the weight, too. */
interface Part extends Difference {
  readonly weighed?: boolean;
}

/** Says how `mine` differs from `right`; undefined when it does not, but for a weight. */
export function difference(c: Case, path: Path, mine: Product, right: Product): Difference | undefined {
  const pair: Pair = {
    ...{ c, path, mine, right, ...apartFactors(mine, right) },
    times: mine.weight / right.weight,
    sizes: termSizes(c, path),
    close: [path.reader, ...c.check.graph[path.reader]],
  };
  const start = startDifference(c, mine.start, right.start, path);
  if (pair.extra.length === 0 && pair.missing.length === 0 && !start) return undefined;
  const ofUpstream = namesOf(mine.factors, path.upstream.name);
  if (ofUpstream.some(({ fn }) => fn === IDENTITY)) return undefined; // the same product begins with it
  if (ofUpstream.length > 0 && right.start.gradient === path.upstream.name && mine.start.gradient === undefined) {
    return functionOfUpstream(pair, ofUpstream[0]);
  }
  return constantForGradient(pair) ?? inWords(pair, start);
}

function apartFactors(mine: Product, right: Product): { extra: readonly Named[]; missing: readonly Named[] } {
  const inside = right.start.inner ?? [], within = right.start.over === undefined ? mine.start.inner ?? [] : [];
  if (
    right.start.over && !mine.start.over && sameTogether(mine.factors, [...right.factors.map(simplestName), ...inside])
  ) {
    return { extra: [], missing: [] }; // only the sum is missing
  }
  const extra = [...mine.factors], missing: Named[] = [];
  const unsummed = right.start.over && !mine.start.over && mine.start.gradient ? inside : [];
  for (const one of [...right.factors, ...unsummed.map((name) => ({ names: [name] }))]) {
    const at = extra.findIndex((f) => alike(f, one));
    if (at >= 0) extra.splice(at, 1);
    // What stands inside the learner's sum is not missing outside it.
    else if (!one.names.some((name) => within.some((other) => sameName(name, other)))) missing.push(one);
  }
  return { extra, missing };
}

/** A function of the gradient from above in its place: its square, its sign, its exponential. */
function functionOfUpstream({ path, mine, right, times, sizes, close }: Pair, { fn }: Name): Difference | undefined {
  if (!isNice(times, sizes)) return undefined;
  const { name } = path.upstream, besides = near(times, 1) ? 0 : 0.6;
  if (fn === SIGN && mine.factors.length === right.factors.length + 1) {
    const text = `Only the sign of ${name} is used, not its size.${weightWords(times, sizes)}`;
    return { kind: "operand", cost: 1.3 + besides, text, besides: isBeside(times) };
  }
  const yours = side(mine.factors, [...close, name]), theirs = [name, side(right.factors, close)].filter(Boolean);
  return {
    kind: "operand",
    cost: 1.5 + 0.1 * fn.rank + besides,
    text: `${yours} stands where ${theirs.join(" · ")} belongs.${weightWords(times, sizes)}`,
    besides: isBeside(times),
  };
}

/** A tensor that is one number everywhere, and so a weight in the search, in place of a gradient. */
function constantForGradient({ path, mine, right, extra, missing, times, sizes }: Pair): Difference | undefined {
  if (mine.start.gradient !== undefined || missing.length > 0) return undefined;
  const stands = (what: string, cost: number, before = ""): Difference => ({
    kind: "operand",
    cost,
    text: `${what} stands where ${before}${sumText(right.start)} belongs.`,
  });
  if (extra.length > 0) {
    const { fn, tensor } = simplestName(extra[0]);
    return extra.length === 1 && !path.row && fn === IDENTITY && isNice(times, { ...sizes, constants: [] })
      ? stands(tensor, 1.3, weightText(1 / times, sizes.n))
      : undefined;
  }
  const constant = sizes.constants.find(({ value, single }) => !single && near(times, value));
  if (constant) return stands(constant.name, 1.1);
  const isOne = !near(Math.abs(times), 1) && path.upstream.numbers.some((x) => near(x, times));
  return isOne ? stands(`${weightText(times, sizes.n).slice(0, -1)} everywhere`, 1.05) : undefined;
}

/** Part by part: what they begin with, factor by factor, and the weight. */
function inWords(pair: Pair, start: Part | undefined): Difference | undefined {
  const { c, path, mine, extra, missing, times, sizes, close } = pair, parts: Part[] = start ? [start] : [];
  const unary = unaryOf(c, path);
  if (extra.length > 1 && missing.length > 1) {
    if (isBeside(times) || sameTensor(extra[0], extra[1])) return undefined; // so much explains nothing
    const text = `${begin(side(extra, close))} stands where ${side(missing, close)} belongs.`;
    parts.push({ kind: "operand", cost: 2, text });
  } else {
    for (let k = 0; k < Math.max(extra.length, missing.length); k++) {
      const part = unary && mine.factors.length <= 1
        ? derivativePart(pair, unary, extra[k], missing[k])
        : factorPart(pair, extra[k], missing[k], unary);
      if (!part) return undefined;
      parts.push(part);
    }
  }
  if (!parts.some(({ weighed }) => weighed) && !near(times, 1)) {
    // A weight that is told by itself, or that belongs to what is missing.
    if (!isNice(times, sizes) && !isNice(mine.weight, sizes)) return undefined;
    // Two differences and a factor besides fit too much.
    if (parts.length > 1 && !near(Math.abs(times), 1)) return undefined;
    const cost = near(times, -1) ? 0.4 : 0.6;
    parts.push({ kind: parts[0].kind, cost, text: weightWords(times, sizes).trim(), besides: isBeside(times) });
  }
  const [{ kind, text: first }, second] = parts, cost = parts.reduce((sum, part) => sum + part.cost, 0);
  const besides = parts.some((part) => part.besides);
  // The same exchange inside a sum and outside it is one slip.
  if (second && first === `In the sum, ${second.text}`) {
    const both = `${second.text.slice(0, -1)}, in the sum and outside it.`;
    return { kind, text: [both, ...parts.slice(2).map(({ text }) => text)].join(" "), cost: cost - 0.5, besides };
  }
  return { kind, text: parts.map(({ text }) => text).join(" "), cost, besides };
}

/** Whether a weight is more than a sign. */
function isBeside(times: number): boolean {
  return !near(Math.abs(times), 1);
}

/** Another derivative, or none, where the line is a function of one tensor. */
function derivativePart(
  { mine, right, sizes, close }: Pair,
  unary: Unary,
  x?: Named,
  y?: Named,
): Part | undefined {
  const size = Math.abs(mine.weight), exponent = [0.5, 1.5, 2.5].some((p) => near(size, p));
  if (!exponent && !isNice(mine.weight, { ...sizes, constants: [] })) return undefined;
  const sign = near(mine.weight, -right.weight) ? 0.1 : near(mine.weight, right.weight) ? 0 : 0.2;
  const by = weightText(mine.weight, sizes.n), over = by.slice(0, -1);
  if (!x) {
    const also = near(mine.weight, 1) ? "" : ` You multiply by ${by.replace("·", "").replace(/^−$/, "−1")}.`;
    const text = `The derivative of ${unary.name}, ${unary.derivative}, is left out.${also}`;
    return { kind: "derivative", cost: 0.9 + sign, text, weighed: true };
  }
  const yName = y && best(y, close, unary.x), xName = best(x, close, unary.x, yName);
  return {
    kind: "derivative",
    cost: 0.8 + 0.1 * xName.fn.rank + far(xName, close) + sign +
      (xName.tensor === unary.x ? 0 : /^ln /.test(written(xName)) ? 0.15 : 0.02),
    text: `You multiply by ${
      xName.fn === RECIPROCAL && over ? over + written(xName).slice(1) : by + bracketed(xName, mine.weight)
    }; the derivative of ${unary.name} is ${unary.derivative}.`,
    weighed: true,
  };
}

/** Differences that a tensor is made of by one factor more: hprebn − bnmean times bnvar_inv is bnraw. */
export const centred = remembered(({ values }: Case) => {
  const wide = values.filter(({ rows, cols }) => rows > 1 && cols > 1);
  const high = values.filter(({ rows, cols }) => rows === 1 && cols > 1);
  const found: { name: string; a: string; of: string; by: string }[] = [];
  for (const of of wide) {
    for (const a of wide) {
      if (!sameShape(a.shape, of.shape) || a === of) continue;
      for (const b of high) {
        for (const by of high) {
          const is = (x: number, i: number) =>
            near(of.numbers[i], (x - b.numbers[i % b.cols]) * by.numbers[i % b.cols]);
          if (a.cols !== b.cols || b === by || by.cols !== b.cols || !a.numbers.every(is)) continue;
          found.push({ name: `${a.name} − ${b.name}`, a: a.name, of: of.name, by: by.name });
        }
      }
    }
  }
  return found;
});

/** One factor for another, one missing or one too many. */
function factorPart(
  { c, path, mine, right, extra, missing, times, sizes, close }: Pair,
  x?: Named,
  y?: Named,
  unary?: Unary,
): Part {
  const yName = y && best(y, close, unary?.x), xName = x && best(x, close, unary?.x, yName);
  // In one go it may have been written in other ways: what it comes to is told.
  if (!path.row && (!xName || !yName || xName.tensor === yName.tensor)) {
    const { tensor } = xName ?? yName!, both = xName && yName;
    if (xName?.fn === RECIPROCAL && (!both || yName.fn === IDENTITY)) {
      const found = centred(c).find(({ by }) => by === tensor);
      const why = both && found
        ? `: is ${found.name} in both places of ${found.of}, or ${tensor} where ${tensor}³ belongs?`
        : ".";
      const text = `The factor ${tensor}${both ? "²" : ""} is missing${why}`;
      return { kind: "operand", cost: both ? 0.9 : 1.1, text, besides: !both };
    }
    if (yName?.fn === RECIPROCAL && (!both || xName.fn === IDENTITY)) {
      const text = `Multiplied by ${tensor} ${both ? "twice" : "once"} too often.`;
      return { kind: "operand", cost: both ? 0.9 : 1.1, text };
    }
  }
  if (!xName) {
    return { kind: "operand", cost: 0.9 + 0.2 * yName!.fn.rank, text: `The factor ${written(yName!)} is missing.` };
  }
  const plain = 0.1 * xName.fn.rank + far(xName, close), name = written(xName);
  if (yName) {
    // A power of a tensor that has nothing to do with the right factor: two slips with plain ones are likelier.
    const odd = !sameTensor(x!, y!) && isPower(xName) ? 0.95 : 0;
    return { kind: "operand", cost: (sameTensor(x!, y!) ? 0.8 : 1) + plain + odd, text: instead(xName, yName) };
  }
  if (xName.fn === SIGN && xName.tensor === mine.start.gradient) {
    return { kind: "operand", cost: 1.3, text: `|${xName.tensor}| stands where ${xName.tensor} belongs.` };
  }
  const less = xName.fn === RECIPROCAL &&
    centred(c).find(({ by, of }) =>
      by === xName.tensor && [...right.factors.flatMap(({ names }) => names), ...right.start.inner ?? []]
        .some(({ fn, tensor }) => fn === IDENTITY && tensor === of)
    );
  if (less) {
    const text = `The factor ${less.by} is missing: does ${less.name} stand where ${less.of} belongs?`;
    return { kind: "operand", cost: 1.2, text };
  }
  // A tensor that is one number everywhere may be what another stands for.
  const constant = !unary && extra.length === 1 && missing.length === 0
    ? sizes.constants.find(({ value }) => !near(Math.abs(value), 1) && near(times, 1 / value))
    : undefined;
  if (constant) {
    return {
      kind: "operand",
      cost: 1 + plain,
      text: `${name} stands where ${constant.name} belongs.`,
      weighed: true,
    };
  }
  const odd = isPower(xName) || xName.fn.rank > 1 ? 0.3 : 0;
  return { kind: "operand", cost: 1 + plain + odd, text: `There is a factor too many: ${name}.`, besides: true };
}

/** A tensor that the line has nothing to do with is a less likely slip. */
function far({ tensor }: Name, close: readonly string[]): number {
  return close.includes(tensor) ? 0 : 0.15;
}

/** Factors as a product. */
function side(factors: readonly Named[], close: readonly string[]): string {
  return factors.map((factor) => bracketed(best(factor, close), 0)).join(" · ");
}

/** A line that is a function of the one tensor it reads. */
interface Unary {
  name: string;
  derivative: string;
  /** The tensor it reads. */
  x: string;
}

/** The line as a function of the one tensor it reads, if it is a usual one. */
function unaryOf(c: Case, { reader }: Path): Unary | undefined {
  const reads = c.check.graph[reader];
  if (reads.length !== 1) return undefined;
  const values = knownValues(c.check), x = values.find(({ name }) => name === reads[0]);
  const y = values.find(({ name }) => name === reader), found = x && y && lineFunction(x, y);
  return found && { ...found, x: x!.name };
}

/** What the two products begin with: another gradient, or none, a sum taken otherwise. */
function startDifference(c: Case, mine: Start, right: Start, { reader, upstream }: Path): Part | undefined {
  const words: string[] = [];
  let cost = 0, kind: Explanation["kind"] = "upstream", besides = false;
  if (mine.gradient === undefined) {
    if (upstream.shape.length > 0) {
      const from = right.gradient === upstream.name
        ? `The gradient from above, ${upstream.name}, `
        : `${sumText(right)} `;
      words.push(`${from}is missing: chain rule.`);
      cost += 1;
    }
  } else if (mine.gradient !== right.gradient) {
    words.push(`This is what comes out with ${mine.gradient} in place of ${right.gradient}.`);
    cost += mine.unnamed ? 1.3 : 1;
  }
  const inside = (start: Start) => (start.inner ?? []).map(written).join("·");
  const over = ({ over }: Start) => over === "rows" || over === "cols" ? along(over) : "everything";
  if (mine.over !== right.over) {
    kind = words.length > 0 ? kind : "sum";
    if (mine.over === undefined) {
      words.push(`The sum over ${over(right)} is missing: ${sumText(right)}.`);
    } else if (mine.over === "all") {
      words.push(
        `${capital(factorsOf(mine))} is summed over everything, to one number: is there a sum without its dimension?`,
      );
    } else if (right.over === undefined) {
      const later = numel(c.row.shape) < numel(c.check.values[reader].shape);
      const why = later ? "too early: the sum comes after the product" : "where no sum belongs";
      words.push(`${capital(factorsOf(mine))} is summed over ${over(mine)} ${why}.`);
    } else {
      words.push(`The sum goes over ${over(mine)}; it should go over ${over(right)}.`);
    }
    cost += mine.over !== undefined && right.over === undefined && inside(mine) !== "" ? 1.3 : 1;
    if (mine.over !== undefined && right.over !== undefined && inside(mine) !== inside(right)) cost += 1;
  } else if (mine.over !== undefined && inside(mine) !== inside(right)) {
    kind = words.length > 0 ? kind : "operand";
    const [m, r] = [inside(mine), inside(right)];
    words.push(
      m && r
        ? `In the sum, ${m} stands where ${r} belongs.`
        : r
        ? `In the sum, the factor ${r} is missing.`
        : `In the sum, there is a factor too many: ${m}.`,
    );
    besides = r === "";
    cost += 1.1;
  }
  return words.length > 0 ? { text: words.join(" "), cost, kind, besides } : undefined;
}

function sumText(start: Start): string {
  return (start.over ? "Σ " : "") + factorsOf(start);
}

function factorsOf(start: Start): string {
  return [start.gradient, ...(start.inner ?? []).map(written)].join("·");
}
