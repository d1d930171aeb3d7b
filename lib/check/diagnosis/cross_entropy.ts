// Gradients of a cross-entropy for its logits, or of a mean over picked elements: what is set, added or subtracted at the
// targets, and what is everywhere.
//
// The gradient is fitted as a sum of a few known arrays with weights: softmax, e^x, a 1 at each target, at each largest
// logit, everywhere.
import type { Case, Explanation } from "./case.ts";
import { ratio, rememberedDot, weights } from "./numbers.ts";
import { sizesOf } from "./paths.ts";
import { isNice, near, plain, weightText } from "./words.ts";

interface Part {
  name: string;
  numbers: Float64Array;
}

/** Explanations for a matrix whose rows are examples, with a target in each, when the line that reads it is the loss. */
export function explainCrossEntropy(c: Case): Explanation[] {
  const path = c.paths[0];
  if (c.paths.length !== 1 || path.upstream.numbers.length !== 1 || c.row.shape.length !== 2) return [];
  const { rows, cols } = c.given, targets = targetsOf(c, path.reader, rows, cols);
  const x = c.values.find(({ name }) => name === c.row.name);
  if (!targets || !x || rows * cols < 6) return [];
  const all = partsOf(x.numbers, rows, cols, targets);
  const byName = (names: string[]) => names.map((name) => all.find((part) => part.name === name)!);
  const right = fitRight(c, byName(["target"])) ?? fitRight(c, byName(["softmax", "target"]));
  if (!right) return [];
  const product = rememberedDot();
  let best: Explanation | undefined;
  for (let size = 1; size <= 3; size++) {
    for (const chosen of subsets(all, size)) {
      const found = weights(chosen.map(({ numbers }) => numbers), c.given.numbers, c.tolerance, product);
      if (!found || found.some((w) => Math.abs(w) < 1e-9)) continue;
      const told = tell(c, new Map(chosen.map(({ name }, i) => [name, found[i]])), right, all, rows, cols);
      if (told && (!best || told.cost < best.cost)) best = told;
    }
    if (best) break;
  }
  return best ? [best] : elsewhere(c, all, targets, right);
}

/** The right number at one place of each row that is not the target: other indices, or the targets in another order. */
function elsewhere(c: Case, all: readonly Part[], targets: number[], right: Map<string, number>): Explanation[] {
  const { rows, cols, numbers } = c.given, softmax = all.find(({ name }) => name === "softmax")!.numbers;
  const scale = right.get("softmax") ?? 0, wanted = right.get("target")!, close = 1e-6 * Math.abs(wanted);
  const rest = numbers.map((x, at) => x - scale * softmax[at]), at: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = rest.subarray(i * cols, (i + 1) * cols),
      there = Array.from(row.keys()).filter((j) => Math.abs(row[j]) > close);
    if (there.length > 1 || there.some((j) => Math.abs(Math.abs(row[j]) - Math.abs(wanted)) > close)) return [];
    at.push(there[0] ?? -1);
  }
  const i = at.findIndex((j, i) => j !== targets[i]);
  if (i < 0 || at.every((j) => j < 0)) return [];
  if (at.every((j, i) => j < 0 || j === targets[i])) {
    const where = at.flatMap((j, i) => j < 0 ? [i] : []);
    const which = where.length === 1 ? `row ${i}` : `${where.length} of ${rows} rows, the first of them row ${i}`;
    return [{
      kind: "places",
      cost: 1,
      text: `${scale === 0 ? "The 1/n" : "The 1"} at the target is missing in ${which}.`,
    }];
  }
  const sign = rest[at.findIndex((j) => j >= 0) * cols + at.find((j) => j >= 0)!] * wanted < 0
    ? " The sign is wrong, too."
    : "";
  const what = scale === 0 ? `${wanted < 0 ? "−" : ""}1/n` : "The 1 taken off";
  const how = whose(c, at, targets, cols) ??
    `row ${i} has it ${at[i] < 0 ? "nowhere" : `at ${at[i]}`}, its target is ${targets[i]}`;
  return [{ kind: "places", cost: 1, text: `${what} stands at other places than the targets: ${how}.${sign}` }];
}

/** Where such indices may come from. */
function whose({ check, values }: Case, at: number[], targets: number[], cols: number): string | undefined {
  const is = (other: ArrayLike<number>) => other.length === at.length && at.every((j, i) => j === other[i]);
  for (const [name, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape.length !== 2 || t.shape[0] !== at.length) continue;
    const all = Array.from(t.toArray()), width = t.shape[1];
    for (let k = 0; k < width; k++) {
      if (is(all.filter((_, i) => i % width === k))) return `they are column ${k} of ${name}`;
    }
  }
  const n = targets.length;
  for (const by of [1, -1]) {
    if (is(targets.map((j) => (j + by + cols) % cols))) return `each is one too far ${by > 0 ? "right" : "left"}`;
    const moved = targets.map((_, i) => targets[(i + by + n) % n]);
    const off = at.filter((j, i) => j !== moved[i]).length;
    if (off <= 1) return `each row has the target of the ${by > 0 ? "next" : "previous"} one`;
  }
  for (const { name, rows, cols: width, numbers } of values) {
    if (rows !== n || width !== cols) continue;
    const rowsOf = targets.map((_, i) => numbers.subarray(i * cols, (i + 1) * cols));
    if (is(rowsOf.map((row) => row.indexOf(Math.max(...row))))) return `they are at the largest of each row of ${name}`;
    if (is(rowsOf.map((row) => row.indexOf(Math.min(...row))))) {
      return `they are at the smallest of each row of ${name}`;
    }
  }
}

/** The int32 tensor that names one column for each row, among what the loss reads. */
function targetsOf({ check, right }: Case, reader: string, rows: number, cols: number): number[] | undefined {
  const named = check.graph[reader].map((name) => check.values[name]).find((t) =>
    t.dtype === "int32" && t.numel() === rows
  );
  if (named) return Array.from(named.toArray());
  // The line knows its targets without reading them: in the right gradient they are the only negative numbers.
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = right.subarray(i * cols, (i + 1) * cols), at = row.findIndex((x) => x < 0);
    if (at < 0 || row.some((x, j) => x < 0 && j !== at)) return undefined;
    found.push(at);
  }
  return found;
}

function partsOf(x: Float64Array, rows: number, cols: number, targets: number[]): Part[] {
  const make = (name: string, of: (i: number, j: number) => number): Part => ({
    name,
    numbers: Float64Array.from({ length: rows * cols }, (_, at) => of(Math.floor(at / cols), at % cols)),
  });
  const at = (i: number, j: number) => x[i * cols + j];
  const across = Array.from({ length: rows }, (_, i) => x.subarray(i * cols, (i + 1) * cols));
  const maxima = across.map((row) => Math.max(...row)), where = across.map((row, i) => row.indexOf(maxima[i]));
  const sums = across.map((row, i) => row.reduce((sum, value) => sum + Math.exp(value - maxima[i]), 0));
  const columns = Array.from({ length: cols }, (_, j) => across.reduce((sum, row) => sum + Math.exp(row[j]), 0));
  const softmax = (i: number, j: number) => Math.exp(at(i, j) - maxima[i]) / sums[i];
  const all = x.reduce((sum, value) => sum + Math.exp(value), 0);
  const again = across.map((row, i) => row.reduce((sum, _, j) => sum + Math.exp(softmax(i, j)), 0));
  return [
    make("softmax", softmax),
    make("target", (i, j) => j === targets[i] ? 1 : 0),
    make("one", () => 1),
    make("largest", (i, j) => j === where[i] ? 1 : 0),
    make("exp", (i, j) => Math.exp(at(i, j))),
    make("shifted exp", (i, j) => Math.exp(at(i, j) - maxima[i])),
    make("logits", at),
    make("log softmax", (i, j) => at(i, j) - maxima[i] - Math.log(sums[i])),
    make("softmax of columns", (i, j) => Math.exp(at(i, j)) / columns[j]),
    make("softmax over everything", (i, j) => Math.exp(at(i, j)) / all),
    make("softmax of softmax", (i, j) => Math.exp(softmax(i, j)) / again[i]),
    make("sigmoid", (i, j) => 1 / (1 + Math.exp(-at(i, j)))),
    make("tanh", (i, j) => Math.tanh(at(i, j))),
    ...[0.5, 2].map((by) => {
      const total = across.map((row, i) => row.reduce((sum, value) => sum + Math.exp(by * (value - maxima[i])), 0));
      const name = by === 2 ? "softmax(2·x)" : "softmax(x/2)";
      return make(name, (i, j) => Math.exp(by * (at(i, j) - maxima[i])) / total[i]);
    }),
    make("softmax elsewhere", (i, j) => j === targets[i] ? 0 : softmax(i, j)),
    make("softmax at targets", (i, j) => j === targets[i] ? softmax(i, j) : 0),
    make("softmax squared", (i, j) => softmax(i, j) ** 2),
    make("softmax·(1 − softmax)", (i, j) => softmax(i, j) * (1 - softmax(i, j))),
    make("its own at targets", (i, j) => j === targets[i] ? at(i, j) : 0),
  ];
}

function fitRight(c: Case, parts: Part[]): Map<string, number> | undefined {
  const found = weights(parts.map(({ numbers }) => numbers), c.right, 1e-8);
  return found && new Map(parts.map(({ name }, i) => [name, found[i]]));
}

function* subsets(parts: readonly Part[], size: number, from = 0): Generator<Part[]> {
  if (size === 0) yield [];
  for (let i = from; size > 0 && i < parts.length; i++) {
    for (const rest of subsets(parts, size - 1, i + 1)) yield [parts[i], ...rest];
  }
}

const WRITTEN: Record<string, string> = {
  "exp": "e^x",
  "shifted exp": "e^(x − max)",
  "logits": "x itself",
  "log softmax": "ln softmax",
  "softmax squared": "softmax²",
};

/** What these parts with these weights do other than the right ones. */
function tell(
  c: Case,
  given: Map<string, number>,
  right: Map<string, number>,
  all: readonly Part[],
  rows: number,
  cols: number,
): Explanation | undefined {
  const sizes = { ...sizesOf(c), others: [cols, rows] }, words: string[] = [];
  const w = (part: string) => given.get(part) ?? 0, r = (part: string) => right.get(part) ?? 0;
  const unit = Math.abs(r("target")), n = Math.round(1 / unit);
  let cost = 0;
  const parts = new Set(given.keys());
  // What is everywhere: softmax, or something in its place.
  let scale: number | undefined, done = false;
  if (r("softmax") !== 0) {
    if (parts.has("softmax") && !parts.has("softmax at targets")) scale = w("softmax") / unit;
    else if (parts.has("softmax elsewhere") && !parts.has("softmax")) {
      scale = w("softmax elsewhere") / unit;
      parts.delete("softmax elsewhere");
      const put = w("target") / unit / scale;
      words.push(
        w("target") === 0
          ? "At the targets stands 0; there it should be softmax − 1."
          : `At the targets ${
            plain(put)
          } is put in place of softmax, instead of taken off: { accumulate: true } adds to what is there.`,
      );
      parts.delete("target");
      done = true;
      cost += 1;
    } else if (parts.has("softmax at targets") && !parts.has("softmax")) {
      scale = w("softmax at targets") / unit;
      words.push("softmax is kept at the targets only; all logits of a row share in its sum.");
      parts.delete("softmax at targets");
      cost += 1;
    } else {
      const other = [
        "exp",
        "shifted exp",
        "softmax of columns",
        "softmax over everything",
        "softmax of softmax",
        "softmax(2·x)",
        "softmax(x/2)",
        "sigmoid",
        "tanh",
        "logits",
        "log softmax",
        "softmax squared",
        "softmax·(1 − softmax)",
      ]
        .find((part) => parts.has(part));
      if (other) {
        scale = w(other) / unit;
        parts.delete(other);
        words.push(
          other === "softmax of columns"
            ? "softmax is taken over the columns; it goes over each row: softmax(1)."
            : other === "softmax over everything"
            ? "e^x is divided by the sum of all of it; softmax divides each row by its own sum, sum(1, { keepdim: true })."
            : other === "softmax of softmax"
            ? "softmax is taken twice."
            : other.includes("exp")
            ? `${
              WRITTEN[other]
            } stands where softmax belongs: it is not normalised, each row has to be divided by its sum.`
            : `${WRITTEN[other] ?? other} stands where softmax belongs.`,
        );
        cost += 1;
      } else {
        words.push("softmax is missing: all logits of a row share in its sum.");
        cost += 1;
      }
    }
    parts.delete("softmax");
  }
  // The 1 at the targets.
  const t = parts.has("target") ? w("target") / unit : 0, one = parts.has("one") ? w("one") / unit : 0;
  const top = parts.has("largest") ? w("largest") / unit : 0;
  const sign = Math.sign(r("target")),
    usual = sign * (scale ?? 1);
  for (const part of ["target", "one", "largest"]) parts.delete(part);
  if (r("softmax") === 0 && t === 0 && one === 0 && top === 0 && parts.size === 1 && parts.has("its own at targets")) {
    const weight = w("its own at targets") / unit * sign,
      more = near(weight, 1) ? "" : ` Besides, it is ${plain(weight)} times that.`;
    return { kind: "operand", cost: 1, text: `Multiplied by ${c.row.name} once too often.${more}` };
  }
  if (parts.size === 1 && r("softmax") === 0 && t === 0 && one === 0 && top === 0) {
    // Something else altogether.
    const [part] = parts, value = all.find(({ name }) => name === part)!, size = w(part);
    const same = c.values.find((a) =>
      a.numbers.length === value.numbers.length && ratio(a.numbers, value.numbers, 1e-9) !== undefined
    );
    const what = same?.name ?? WRITTEN[part] ?? part;
    return {
      kind: "places",
      cost: 1,
      text: `${
        weightText(size, n)
      }${what} stands everywhere; only the targets reach the loss, with a weight of −1/n each.`,
    };
  }
  if (parts.size > 0) return undefined;
  const verb = r("softmax") !== 0 ? "taken off" : "put";
  const unitName = r("softmax") !== 0 ? "The 1" : `The ${sign < 0 ? "−" : ""}1/n`;
  if (t === 0 && !done) {
    if (one !== 0 && near(one, usual)) words.push(`${unitName} is ${verb} everywhere; it belongs at the targets only.`);
    else if (top !== 0 && near(top, usual)) {
      words.push(`${unitName} is ${verb} at the largest number of each row; it belongs at the targets.`);
    } else if (one === 0 && top === 0) words.push(`${unitName} at the targets is missing.`);
    else if (one !== 0 && scale === undefined) {
      return {
        kind: "places",
        cost: 1,
        text: `${plain(one * unit)} stands everywhere; only the targets reach the loss.`,
      };
    } else if (top !== 0 && scale === undefined) {
      return {
        kind: "places",
        cost: 1,
        text: `${plain(top * unit)} stands at the largest number of each row; it belongs at the targets.`,
      };
    } else if (one !== 0 && top === 0) {
      words.push(`${unitName} at the targets is missing; ${plain(one * unit)} is added everywhere instead.`);
    } else return undefined;
    cost += 1;
    if (scale === undefined && (one !== 0 || top !== 0)) scale = (one || top) * sign;
  } else if (!done) {
    if (one * t > 0 && top === 0 && near(t + cols * one, sign) && near(scale ?? 1, 1)) {
      return {
        kind: "places",
        cost: 1,
        text:
          `The 1 of each target is spread, ${plain(Math.abs(t))} at the target and ${
            plain(Math.abs(one * cols))
          } over ` +
          "all classes, as in label smoothing: the loss has none.",
      };
    }
    if (one !== 0 && near(one, -t) && scale === undefined && top === 0) {
      return {
        kind: "places",
        cost: 1,
        text: `At the targets stands 0, and ${plain(one * unit)} everywhere else: it belongs the other way round` +
          `${one * sign > 0 ? "." : ", and the sign is wrong."}`,
      };
    }
    if (one !== 0) {
      words.push(
        near(one * unit, 1)
          ? "Every element is 1 too large: started from ones instead of zeros?"
          : `${plain(one * unit)} is added everywhere.`,
      );
      cost += 1;
    }
    if (top !== 0) {
      words.push(`${plain(top * unit)} is added at the largest number of each row.`);
      cost += 1;
    }
    if (scale === undefined) scale = t * sign;
    else if (!near(t, usual)) {
      const times = t / usual;
      if (!isNice(times, sizes)) return undefined; // a number that nobody would write
      words.push(
        near(times, -1)
          ? "The 1 is added at the targets; it has to be taken off."
          : near(times, n)
          ? "The 1 at the targets is not divided by n: the mean is over all of the difference."
          : near(times, 1 / n)
          ? near(scale, 1)
            ? "The 1 at the targets is divided by n twice; softmax is divided once."
            : "At the targets only 1/n is taken off, softmax is not divided by n: 1/n belongs to both."
          : `At the targets ${plain(t / scale)} stands where ${sign < 0 ? "−" : ""}1 belongs.`,
      );
      if (near(times, 1 / n) && near(scale, n)) scale = 1;
      if (near(times, n) && near(scale, 1 / n)) scale = 1;
      cost += 1;
    }
  }
  if (words.length === 0) return undefined; // a weight of the whole: paths.ts tells it
  if (scale !== undefined && !near(scale, 1)) {
    cost += isNice(scale, sizes) ? 0.7 : 1.8;
    words.push(
      near(scale, -1)
        ? "The sign is wrong, too."
        : near(scale, n)
        ? `It is ${n} times too large: where is the 1/n of the mean over ${n} examples?`
        : near(scale, 1 / n)
        ? `It is ${n} times too small: divided by n = ${n} once too often?`
        : `It is ${plain(scale)} times what it should be.`,
    );
  }
  return cost > 0 && words.length > 0 ? { kind: "places", text: words.join(" "), cost } : undefined;
}
