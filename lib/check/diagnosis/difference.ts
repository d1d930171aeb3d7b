// The difference between two products, in words: what stands in the learner's that does not belong, and what should.
import { numel } from "../../tensor/shape.ts";
import { type Case, type Explanation, knownValues, type Path } from "./case.ts";
import { IDENTITY, lineFunction, SIGN } from "./functions.ts";
import { sizesOf } from "./paths.ts";
import type { Factor, Name, Product, Start } from "./search.ts";
import { capital, firstApart, isNice, near, weightText, weightWords } from "./words.ts";

/** What a learner's product has other than the right one. */
export type Difference = Explanation;

/** Says how `mine` differs from `right`; undefined when it does not, but for a weight. */
export function difference(c: Case, path: Path, mine: Product, right: Product): Difference | undefined {
  const close = [path.reader, ...c.check.graph[path.reader]];
  const sizes = sizesOf(c), { n } = sizes;
  const extra = mine.factors.filter((f) => !right.factors.some((g) => alike(f, g)));
  const within = mine.start.inner ?? [];
  const missing = right.factors.filter((g) =>
    !mine.factors.some((f) => alike(f, g)) &&
    !(right.start.over === undefined && g.names.some((name) => within.some((one) => sameName(name, one))))
  );
  if (
    right.start.over && !mine.start.over &&
    sameTogether(mine.factors, [...right.factors.map(simplest), ...(right.start.inner ?? [])])
  ) {
    extra.length = missing.length = 0; // only the sum is missing
  }
  const start = startDifference(c, mine.start, right.start, path);
  if (extra.length === 0 && missing.length === 0 && !start) return undefined;
  const times = mine.weight / right.weight;
  const words: string[] = start ? [start.text] : [];
  let cost = start?.cost ?? 0, kind: Explanation["kind"] = start?.kind ?? "operand", weighed = false;

  const change = (text: string, by: number, as: Explanation["kind"]) => {
    words.push(text);
    cost += by;
    if (!start) kind = as;
  };
  const ofUpstream = mine.factors.flatMap(({ names }) => names.filter(({ tensor }) => tensor === path.upstream.name));
  if (ofUpstream.some(({ fn }) => fn === IDENTITY)) return undefined; // the same product begins with it
  if (
    ofUpstream.length > 0 && right.start.gradient === path.upstream.name && mine.start.gradient === undefined
  ) {
    const yours = mine.factors.map((f) => bracketed(best(f, [...close, path.upstream.name]), 0)).join(" · ");
    const theirs = [path.upstream.name, ...right.factors.map((f) => bracketed(best(f, close), 0))].join(" · ");
    if (!isNice(times, sizes)) return undefined;
    if (ofUpstream[0].fn === SIGN && mine.factors.length === right.factors.length + 1) {
      const text = `Only the sign of ${path.upstream.name} is used, not its size.`;
      return { kind: "operand", cost: 1.3 + (near(times, 1) ? 0 : 0.6), text: text + weightWords(times, sizes) };
    }
    return {
      kind: "operand",
      cost: 1.5 + 0.1 * ofUpstream[0].fn.rank + (near(times, 1) ? 0 : 0.6),
      text: `${yours} stands where ${theirs} belongs.${weightWords(times, sizes)}`,
    };
  }
  // A tensor that is one number everywhere, in place of a gradient.
  const stand = sizes.constants.find(({ value, single }) => !single && near(times, value));
  if (stand && mine.start.gradient === undefined && extra.length + missing.length === 0) {
    return { kind: "operand", cost: 1.1, text: `${stand.name} stands where ${sumText(right.start)} belongs.` };
  }
  const unary = unaryOf(c, path);
  // A tensor that is one number everywhere is a weight in the search, and may be what another stands for.
  const constant = !unary && extra.length === 1 && missing.length === 0
    ? sizes.constants.find(({ value }) => !near(Math.abs(value), 1) && near(times, 1 / value))
    : undefined;
  if (extra.length > 1 && missing.length > 1) {
    const side = (factors: Factor[]) => factors.map((f) => bracketed(best(f, close), 0)).join(" · ");
    change(`${side(extra)} stands where ${side(missing)} belongs.`, 2, "operand");
    extra.length = missing.length = 0;
  }
  for (let k = 0; k < Math.max(extra.length, missing.length); k++) {
    const x = extra[k], y = missing[k];
    const yName = y && best(y, close, unary?.x), xName = x && best(x, close, unary?.x, yName);
    const far = xName && !close.includes(xName.tensor) ? 0.15 : 0;
    if (unary && (x || y) && mine.factors.length <= 1) {
      const size = Math.abs(mine.weight), exponent = [0.5, 1.5, 2.5].some((p) => near(size, p));
      if (!exponent && !isNice(mine.weight, { ...sizes, constants: [] })) return undefined;
      weighed = true;
      const sign = near(mine.weight, -right.weight) ? 0.1 : near(mine.weight, right.weight) ? 0 : 0.2;
      if (x) {
        const eps = yName?.fn.text("").includes("ε") && !xName!.fn.text("").includes("ε") && onlyEps(c);
        change(
          `You multiply by ${weightText(mine.weight, n)}${bracketed(xName!, mine.weight)}; the derivative of ` +
            `${unary.name} is ${unary.derivative}.${
              eps ? ` The ε is left out: ${firstApart(c.given.numbers, c.own, c.row.shape)}.` : ""
            }`,
          0.8 + 0.1 * xName!.fn.rank + far + sign + (xName!.tensor === unary.x ? 0 : 0.02),
          "derivative",
        );
      } else {
        const by = near(mine.weight, 1)
          ? ""
          : ` You multiply by ${weightText(mine.weight, n).replace("·", "").replace(/^−$/, "−1")}.`;
        change(`The derivative of ${unary.name}, ${unary.derivative}, is left out.${by}`, 0.9 + sign, "derivative");
      }
    } else if (x && y) {
      // A power of a tensor that has nothing to do with the right factor: two slips with plain ones are likelier.
      const odd = !sameTensor(x, y) && isPower(xName!) ? 0.95 : 0;
      change(instead(xName!, yName!), (sameTensor(x, y) ? 0.8 : 1) + 0.1 * xName!.fn.rank + far + odd, "operand");
    } else if (y) {
      change(`The factor ${written(yName!)} is missing.`, 0.9, "operand");
    } else if (xName!.fn === SIGN && xName!.tensor === mine.start.gradient) {
      change(`|${xName!.tensor}| stands where ${xName!.tensor} belongs.`, 1.3, "operand");
    } else if (constant) {
      change(`${written(xName!)} stands where ${constant.name} belongs.`, 1 + 0.1 * xName!.fn.rank + far, "operand");
      weighed = true;
    } else {
      const odd = isPower(xName!) || xName!.fn.rank > 1 ? 0.3 : 0;
      change(`There is a factor too many: ${written(xName!)}.`, 1 + 0.1 * xName!.fn.rank + far + odd, "operand");
    }
  }
  if (!weighed) {
    if (!near(times, 1)) {
      // A weight that is told by itself, or that belongs to what is missing.
      if (!isNice(times, sizes) && !isNice(mine.weight, sizes)) return undefined;
      // Two differences and a factor besides fit too much.
      if (words.length > 1 && !near(Math.abs(times), 1)) return undefined;
      cost += near(times, -1) ? 0.4 : 0.6;
      words.push(weightWords(times, sizes).trim());
    }
  }
  // The same exchange inside a sum and outside it is one slip.
  const [inside, outside] = words;
  if (outside && inside === `In the sum, ${outside}`) {
    return {
      kind,
      text: [`${outside.slice(0, -1)}, in the sum and outside it.`, ...words.slice(2)].join(" "),
      cost: cost - 0.5,
    };
  }
  return { kind, text: words.join(" "), cost };
}

function isPower({ fn }: Name): boolean {
  return /[²³⁻]/.test(fn.text("")) && !fn.text("").startsWith("1 ");
}

/** Whether factors multiply to the same as other ones: x · x is x². */
function sameTogether(factors: readonly Factor[], names: readonly Name[]): boolean {
  const powers = (all: readonly Name[]) => {
    const sum: Record<string, number> = {};
    for (const { fn, tensor } of all) sum[tensor] = (sum[tensor] ?? 0) + Math.log2(Math.abs(fn.of(2)));
    return Object.entries(sum).filter(([, power]) => power !== 0).sort(([a], [b]) => a < b ? -1 : 1);
  };
  return JSON.stringify(powers(factors.map(simplest))) === JSON.stringify(powers(names));
}

function simplest({ names }: Factor): Name {
  return names.toSorted((a, b) => a.fn.rank - b.fn.rank)[0];
}

/** Whether two factors are the same: they share a name. */
export function alike(a: Factor, b: Factor): boolean {
  return a.names.some((x) => b.names.some((y) => sameName(x, y)));
}

function sameName(a: Name, b: Name): boolean {
  return a.fn === b.fn && a.tensor === b.tensor;
}

function sameTensor(a: Factor, b: Factor): boolean {
  return a.names.some((x) => b.names.some((y) => x.tensor === y.tensor));
}

/** The line as a function of the one tensor it reads, if it is a usual one. */
function unaryOf(c: Case, { reader }: Path) {
  const reads = c.check.graph[reader];
  if (reads.length !== 1) return undefined;
  const values = knownValues(c.check), x = values.find(({ name }) => name === reads[0]);
  const y = values.find(({ name }) => name === reader), found = x && y && lineFunction(x, y);
  return found && { name: found.name, derivative: found.derivative(x!.name, reader), x: x!.name };
}

/** The name of a factor that reads best: of a tensor that the line reads or makes, and simple. */
function best({ names }: Factor, close: readonly string[], x?: string, beside?: Name): Name {
  const rank = ({ fn, tensor }: Name) =>
    fn.rank + (close.includes(tensor) ? 0 : fn.rank === 0 ? 0.8 : 1.5) +
    (beside && (beside.tensor === tensor || beside.fn === fn) ? -0.4 : 0) +
    (tensor === x && fn.rank > 0 && fn.rank < 3 ? -1.2 : 0);
  return names.toSorted((a, b) => rank(a) - rank(b))[0];
}

function written({ fn, tensor }: Name): string {
  return fn.text(tensor);
}

function bracketed(name: Name, weight: number): string {
  const text = written(name);
  return !near(weight, 1) && / [−+] /.test(text) && !/^[(√]/.test(text) ? `(${text})` : text;
}

function instead(x: Name, y: Name): string {
  if (x.tensor === y.tensor && x.fn.rank === 1 && y.fn.rank === 0 && written(x).startsWith("1/")) {
    return `You divide by ${y.tensor}; multiply by it.`;
  }
  if (x.tensor === y.tensor && y.fn.rank === 1 && x.fn.rank === 0 && written(y).startsWith("1/")) {
    return `You multiply by ${x.tensor}; divide by it.`;
  }
  return `${written(x)} stands where ${written(y)} belongs.`;
}

interface StartDifference {
  text: string;
  cost: number;
  kind: Explanation["kind"];
}

function startDifference(c: Case, mine: Start, right: Start, { reader, upstream }: Path): StartDifference | undefined {
  const words: string[] = [];
  let cost = 0, kind: Explanation["kind"] = "upstream";
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
    cost += mine.gradient.includes(" ") ? 1.3 : 1;
  }
  const inside = (start: Start) => (start.inner ?? []).map(written).join("·");
  const over = ({ over }: Start) => over === "all" ? "everything" : `the ${over === "rows" ? "rows" : "columns"}`;
  if (mine.over !== right.over) {
    kind = words.length > 0 ? kind : "sum";
    if (mine.over === undefined) {
      words.push(`The sum over ${over(right)} is missing: Σ ${sumText(right)}.`);
    } else if (mine.over === "all") {
      words.push(
        `${capital(sumText(mine))} is summed over everything, to one number: is there a sum without its dimension?`,
      );
    } else if (right.over === undefined) {
      const later = numel(c.row.shape) < numel(c.check.values[reader].shape);
      const why = later ? "too early: the sum comes after the product" : "where no sum belongs";
      words.push(`${capital(sumText(mine))} is summed over ${over(mine)} ${why}.`);
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
    cost += 1.1;
  }
  return words.length > 0 ? { text: words.join(" "), cost, kind } : undefined;
}

function sumText(start: Start): string {
  return [start.gradient, ...(start.inner ?? []).map(written)].join("·");
}

/** Whether what is given is so near to the right that only an ε can be in between. */
function onlyEps(c: Case): boolean {
  return c.given.numbers.every((x, i) => Math.abs(x - c.own[i]) <= 1e-2 * Math.abs(c.own[i]));
}
