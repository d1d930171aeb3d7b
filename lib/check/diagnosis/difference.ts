// The difference between two products, in words: what stands in the learner's that does not belong, and what should.
import { type Case, type Explanation, knownValues, type Path } from "./case.ts";
import { IDENTITY, lineFunction } from "./functions.ts";
import { sizesOf } from "./paths.ts";
import type { Factor, Name, Product, Start } from "./search.ts";
import { apart, factorWords, isNice, near, position, weightText } from "./words.ts";

/** What a learner's product has other than the right one. */
export type Difference = Explanation;

/** Says how `mine` differs from `right`; undefined when it does not, but for a weight. */
export function difference(c: Case, path: Path, mine: Product, right: Product | undefined): Difference | undefined {
  const close = [path.reader, ...c.check.graph[path.reader]];
  const sizes = sizesOf(c), { n } = sizes;
  const extra = mine.factors.filter((f) => !right?.factors.some((g) => alike(f, g)));
  const missing = (right?.factors ?? []).filter((g) => !mine.factors.some((f) => alike(f, g)));
  const start = right ? startDifference(mine.start, right.start, path) : noRight(mine, path);
  if (extra.length === 0 && missing.length === 0 && !start) return undefined;
  if (!right && !start) return undefined;
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
    ofUpstream.length > 0 && right && right.start.gradient === path.upstream.name && mine.start.gradient === undefined
  ) {
    const yours = mine.factors.map((f) => bracketed(best(f, [...close, path.upstream.name]), 0)).join(" · ");
    const theirs = [path.upstream.name, ...right.factors.map((f) => bracketed(best(f, close), 0))].join(" · ");
    const times = mine.weight / right.weight;
    if (!isNice(times, sizes)) return undefined;
    return {
      kind: "operand",
      cost: 1.5 + 0.1 * ofUpstream[0].fn.rank + (near(times, 1) ? 0 : 0.6),
      text: `${yours} stands where ${theirs} belongs.` +
        (near(times, 1) ? "" : ` Besides, it is ${factorWords(times, sizes).text}`),
    };
  }
  const unary = unaryOf(c, path);
  for (let k = 0; k < Math.max(extra.length, missing.length); k++) {
    const x = extra[k], y = missing[k];
    const yName = y && best(y, close, unary?.x), xName = x && best(x, close, unary?.x, yName);
    const far = xName && !close.includes(xName.tensor) ? 0.15 : 0;
    if (unary && (x || y) && mine.factors.length <= 1) {
      if (!isNice(mine.weight, { ...sizes, constants: [] })) return undefined;
      weighed = true;
      const sign = right && near(mine.weight, -right.weight) ? 0.1 : near(mine.weight, right?.weight ?? 1) ? 0 : 0.2;
      if (x) {
        const eps = yName?.fn.text("").includes("ε") && !xName!.fn.text("").includes("ε") && onlyEps(c);
        change(
          `You multiply by ${weightText(mine.weight, n)}${bracketed(xName!, mine.weight)}; the derivative of ` +
            `${unary.name} is ${unary.derivative}.${eps ? ` The ε is left out: ${pair(c)}` : ""}`,
          0.8 + 0.1 * xName!.fn.rank + far + sign,
          "derivative",
        );
      } else {
        const by = near(mine.weight, 1)
          ? ""
          : ` You multiply by ${weightText(mine.weight, n).replace("·", "").replace(/^−$/, "−1")}.`;
        change(`The derivative of ${unary.name}, ${unary.derivative}, is left out.${by}`, 0.9 + sign, "derivative");
      }
    } else if (x && y) {
      change(instead(xName!, yName!), (sameTensor(x, y) ? 0.8 : 1) + 0.1 * xName!.fn.rank + far, "operand");
    } else if (y) {
      change(`The factor ${written(yName!)} is missing.`, 0.9, "operand");
    } else {
      change(`There is a factor too many: ${written(xName!)}.`, 1 + 0.1 * xName!.fn.rank + far, "operand");
    }
  }
  if (!weighed) {
    const times = mine.weight / (right?.weight ?? 1);
    if (!near(times, 1)) {
      // A weight that is told by itself, or that belongs to what is missing.
      if (!isNice(times, sizes) && !isNice(mine.weight, sizes)) return undefined;
      // Two differences and a factor besides fit too much.
      if (words.length > 1 && !near(Math.abs(times), 1)) return undefined;
      cost += near(times, -1) ? 0.4 : 0.6;
      words.push(near(times, -1) ? "The sign is wrong, too." : `Besides, it is ${factorWords(times, sizes).text}`);
    }
  }
  return { kind, text: words.join(" "), cost };
}

function alike(a: Factor, b: Factor): boolean {
  return a.names.some((x) => b.names.some((y) => x.fn === y.fn && x.tensor === y.tensor));
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

function startDifference(mine: Start, right: Start, { upstream }: Path): StartDifference | undefined {
  const words: string[] = [];
  let cost = 0, kind: Explanation["kind"] = "upstream";
  if (mine.gradient === undefined) {
    if (upstream.shape.length > 0) {
      words.push(`The gradient from above, ${upstream.name}, is missing: chain rule.`);
      cost += 1;
    }
  } else if (mine.gradient !== right.gradient) {
    words.push(`This is what comes out with ${mine.gradient} in place of ${right.gradient}.`);
    cost += mine.gradient.includes(" ") ? 1.3 : 1;
  }
  const inside = (start: Start) => (start.inner ?? []).map(written).join("·");
  if (mine.over !== right.over) {
    kind = words.length > 0 ? kind : "sum";
    if (mine.over === undefined) {
      words.push(`The sum over the ${right.over === "rows" ? "rows" : "columns"} is missing: Σ ${sumText(right)}.`);
    } else if (right.over === undefined) {
      words.push(
        `${mine.gradient} is summed over the ${mine.over === "rows" ? "rows" : "columns"} before it is multiplied.`,
      );
    } else {
      words.push(`The sum goes over the ${mine.over === "rows" ? "rows" : "columns"}; it should go over the others.`);
    }
    cost += 1;
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

/** Where the right path is no product: only another gradient, or none, can be told. */
function noRight(_mine: Product, _path: Path): StartDifference | undefined {
  return undefined;
}

/** Whether what is given is so near to the right that only an ε can be in between. */
function onlyEps(c: Case): boolean {
  return c.given.numbers.every((x, i) => Math.abs(x - c.own[i]) <= 1e-2 * Math.abs(c.own[i]));
}

/** The first numbers that differ, in as many digits as it takes. */
function pair(c: Case): string {
  const i = c.given.numbers.findIndex((x, i) => x !== c.own[i]);
  const [x, y] = apart(c.given.numbers[i], c.own[i]);
  return `at ${position(i, c.row.shape)} yours is ${x}, expected is ${y}.`;
}
