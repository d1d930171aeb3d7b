// Gradients of a cross-entropy for its logits, or of a mean over picked elements: what is set, added or subtracted at the
// targets, and what is everywhere.
//
// The gradient is fitted as a sum of a few known arrays with weights: softmax or what may stand in its place, a 1 at each
// target or something else there, a 1 elsewhere; or as the right one times such an array.
import { type Case, type Explanation, known } from "./case.ts";
import { type Part, type Parts, partsOf, subsets, targetsOf, type Weights } from "./cross_entropy_parts.ts";
import { ratio, rememberedDot, weights } from "./numbers.ts";
import { explainOtherTargets } from "./other_targets.ts";
import { sizesOf } from "./sizes.ts";
import { isNice, type Sizes, weightText, weightWords } from "./factor_words.ts";
import { near, plain } from "./words.ts";

/** Explanations for a matrix whose rows are examples, with a target in each, when the line that reads it is the loss. */
export function explainCrossEntropy(c: Case): Explanation[] {
  const path = c.paths[0];
  if (c.paths.length !== 1 || path.upstream.numbers.length !== 1 || c.row.shape.length !== 2) return [];
  const { rows, cols, numbers } = c.given, found = targetsOf(c, path.reader, rows, cols);
  const x = c.values.find(({ name }) => name === c.row.name);
  if (!found || !x || rows * cols < 6) return [];
  const parts = partsOf(x.numbers, rows, cols, found.targets, found.label),
    [softmax] = parts.soft,
    [target] = parts.plain;
  const right = fitRight(c, [target]) ?? fitRight(c, [softmax, target]);
  if (!right) return [];
  const product = rememberedDot(),
    odd = [...parts.at, ...parts.across, ...parts.elsewhere]
      // Of logarithms of probabilities, Σe^x is 1.
      .filter(({ numbers }) => ratio(target.numbers, numbers, 1e-9) === undefined).map((part) => [part]);
  const sets = [[], ...parts.soft.map((part) => [part])].flatMap((soft) =>
    [...subsets(parts.plain, 3 - soft.length), ...odd].map((some) => [...soft, ...some])
  ).sort((a, b) => a.length - b.length);
  let best: Explanation | undefined, size = 0;
  for (const chosen of sets) {
    if (chosen.length === 0) continue;
    if (best && chosen.length > size) break;
    size = chosen.length;
    const found = weights(chosen.map(({ numbers }) => numbers), numbers, c.tolerance, product);
    if (!found || found.some((w) => Math.abs(w) < 1e-9)) continue;
    const told = tell(c, new Map(chosen.map(({ name }, i) => [name, found[i]])), right, parts);
    if (told && (!best || told.cost < best.cost)) best = told;
  }
  return [...(best ? [best] : explainOtherTargets(c, softmax, found.targets, right)), ...factorBesides(c, parts)];
}

/** The right gradient times one of the parts, or divided by it. */
function factorBesides(c: Case, { soft, across }: Parts): Explanation[] {
  const found: Explanation[] = [], sizes = sizesOf(c);
  for (const { name, numbers } of [...soft, ...across]) {
    for (const [word, by] of [["Multiplied", 1], ["Divided", -1]] as const) {
      const weight = ratio(c.own.map((x, i) => x * numbers[i] ** by), c.given.numbers, c.tolerance);
      if (weight === undefined || !isNice(weight, sizes)) continue;
      const cost = near(Math.abs(weight), 1) ? 1.3 : 1.6;
      const text = `${word} by ${name} once too often.${weightWords(weight, sizes)}`;
      found.push({ kind: "operand", cost, text });
    }
  }
  return found;
}

/** The same of a gradient between, where the lines below it are a cross-entropy: its formula in one go. */
export function explainShortcut(c: Case): Explanation[] {
  const [path] = c.paths, reader = c.check.last;
  if (path.reader === reader) return [];
  const one = known(`d${reader}`, [], Float64Array.of(1));
  // What has no softmax, or something at the largest logits, is a slip in the lines between.
  return explainCrossEntropy({ ...c, paths: [{ ...path, reader, upstream: one }] })
    .filter(({ text }) => !/^softmax is [^t]|(stands|added) at the largest/.test(text))
    .map((told) => ({ ...told, cost: told.cost + 0.22, text: told.text.replace("x itself", c.row.name) }));
}

function fitRight(c: Case, parts: Part[]): Weights | undefined {
  const found = weights(parts.map(({ numbers }) => numbers), c.right, 1e-8);
  return found && new Map(parts.map(({ name }, i) => [name, found[i]]));
}

const NOT_NORMALISED = "it is not normalised, each row has to be divided by its sum.";

/** What may stand where softmax belongs, with the sentence on it where the name alone does not tell. */
const INSTEAD: Record<string, string> = {
  "softmax of columns": "softmax is taken over the columns; it goes over each row: softmax(1).",
  "softmax over everything":
    "e^x is divided by the sum of all of it; softmax divides each row by its own sum, sum(1, { keepdim: true }).",
  "softmax of softmax": "softmax is taken twice.",
  "e^x": `e^x stands where softmax belongs: ${NOT_NORMALISED}`,
  "e^(x − max)": `e^(x − max) stands where softmax belongs: ${NOT_NORMALISED}`,
};

const SHARE = "all logits of a row share in its sum.";

/** What stands everywhere, and what is left of the parts. */
interface Everywhere {
  /** How much of softmax there is, 1 being right; undefined where there is none. */
  readonly scale?: number;
  /** What is wrong with it. */
  readonly told?: string;
  /** Whether that says what is at the targets, too. */
  readonly targetsTold?: boolean;
  /** The other parts. */
  readonly left: ReadonlySet<string>;
}

function everywhere(given: Weights, unit: number, parts: Parts): Everywhere {
  const without = (...names: string[]) => new Set([...given.keys()].filter((name) => !names.includes(name)));
  const scaleOf = (name: string) => given.get(name)! / unit;
  if (given.has("softmax")) {
    return { scale: scaleOf("softmax"), left: without("softmax") };
  }
  if (given.has("softmax elsewhere")) {
    const scale = scaleOf("softmax elsewhere"), put = (given.get("target") ?? 0) / unit / scale;
    const told = put === 0
      ? "At the targets stands 0; there it should be softmax − 1."
      : `At the targets ${plain(put)} is put in place of softmax, instead of taken off: { accumulate: true } adds to ` +
        "what is there.";
    return { scale, told, targetsTold: true, left: without("softmax elsewhere", "target") };
  }
  if (given.has("softmax at targets")) {
    const told = `softmax is kept at the targets only; ${SHARE}`;
    return { scale: scaleOf("softmax at targets"), told, left: without("softmax at targets") };
  }
  const other = parts.soft.find(({ name }) => given.has(name))?.name;
  if (other) {
    return {
      scale: scaleOf(other),
      told: INSTEAD[other] ?? `${other} stands where softmax belongs.`,
      left: without(other),
    };
  }
  return { told: `softmax is missing: ${SHARE}`, left: without() };
}

/** What these parts with these weights do other than the right ones; undefined where nobody would write that. */
function tell(c: Case, given: Weights, right: Weights, parts: Parts): Explanation | undefined {
  const { rows, cols } = c.given, sizes = { ...sizesOf(c), others: [cols, rows] };
  const unit = Math.abs(right.get("target")!), softmax = right.has("softmax");
  const whole = softmax ? everywhere(given, unit, parts) : { left: new Set(given.keys()) } as Everywhere;
  const w = (part: string) => whole.left.has(part) ? given.get(part)! / unit : 0;
  const points: Points = {
    ...{ target: w("target"), one: w("one"), largest: w("largest"), scale: whole.scale },
    ...{ sign: Math.sign(right.get("target")!), n: Math.round(1 / unit), cols, softmax, sizes },
  };
  const odd = [...whole.left].find((part) => !["target", "one", "largest"].includes(part));
  if (odd) {
    if (softmax) return oddOne(odd, w(odd), whole, points, parts);
    return given.size === 1 && odd !== "softmax elsewhere"
      ? somethingElse(c, odd, given.get(odd)!, points, parts)
      : undefined;
  }
  const told = whole.targetsTold ? { words: [], scale: whole.scale } : atTargets(points);
  if (!told || "kind" in told) return told;
  const { words, scale } = told;
  if (whole.told) words.unshift(whole.told);
  if (words.length === 0) return undefined; // a weight of the whole: paths.ts tells it
  const besides = scale === undefined || near(scale, 1) ? [] : [scaleWords(scale, points)];
  const cost = words.length +
    (besides.length === 0
      ? 0
      : [-1, points.n, 1 / points.n].some((x) => near(scale!, x))
      ? 0.4
      : isNice(scale!, sizes)
      ? 0.7
      : 1.8);
  return { kind: "places", text: [...words, ...besides].join(" "), cost };
}

function scaleWords(scale: number, { n }: Points): string {
  if (near(scale, -1)) return "The sign is wrong, too.";
  if (near(scale, n)) return `It is ${n} times too large: where is the 1/n of the mean over ${n} examples?`;
  if (near(scale, 1 / n)) return `It is ${n} times too small: divided by n = ${n} once too often?`;
  return `It is ${plain(scale)} times what it should be.`;
}

/** What is set or added at the targets, at the largest of each row and everywhere, in units of 1/n. */
interface Points {
  readonly target: number;
  readonly one: number;
  readonly largest: number;
  readonly scale?: number;
  /** The right sign at the targets. */
  readonly sign: number;
  readonly n: number;
  readonly cols: number;
  /** Whether softmax belongs to the right gradient. */
  readonly softmax: boolean;
  readonly sizes: Sizes;
}

/** Something else than a 1 at the targets, or the 1 at other places. */
function oddOne(
  part: string,
  w: number,
  whole: Everywhere,
  points: Points,
  parts: Parts,
): Explanation | undefined {
  const { n, sizes } = points, { scale, told } = whole, times = w / (scale ?? 1), size = Math.abs(times);
  if (!isNice(times, sizes)) return undefined;
  const done = times < 0 ? "taken off" : "added", name = part.replace(" at targets", "");
  const text = (text: string) => {
    const also = scale === undefined || near(scale, 1) ? "" : ` ${scaleWords(scale, points)}`;
    const instead = told && !whole.targetsTold && scale !== undefined ? `${told} ` : "";
    return { kind: "places", cost: 1.1 + (instead ? 1 : 0), text: instead + text + also } as const;
  };
  if (parts.at.some((one) => one.name === part)) {
    if (whole.targetsTold) {
      return text(`At the targets stands ${weightText(times, n)}${name}; there it should be softmax − 1.`);
    }
    if (scale !== undefined) {
      return text(`At the targets ${weightText(size, n)}${name} is ${done}; a 1 has to be taken off.`);
    }
    const is = `${weightText(times / n, n)}${name}`.replace("·1/", "/") + " stands at the targets, and 0 elsewhere";
    if (name !== "1/softmax") return text(`${is}; ${SHARE}`);
    const more = near(times, -1) ? "" : ` ${scaleWords(-times, points)}`;
    return text(`${is}: that is the gradient for softmax, whose own derivative is missing.${more}`);
  }
  if (scale === undefined || whole.targetsTold) return undefined;
  const what = weightText(size, n), isArray = parts.across.some((one) => one.name === part);
  const where = isArray ? `${what}${part} is ${done} everywhere` : `${what.slice(0, -1) || "The 1"} is ${done} ${part}`;
  return text(`${where}; a 1 belongs at the targets only.`);
}

/** Only the targets reach the loss, and something else stands there or everywhere. */
function somethingElse(
  c: Case,
  part: string,
  weight: number,
  { n, sign }: Points,
  parts: Parts,
): Explanation {
  if (part === "x itself at targets") {
    const times = weight * n * sign, more = near(times, 1) ? "" : ` Besides, it is ${plain(times)} times that.`;
    return { kind: "operand", cost: 1, text: `Multiplied by ${c.row.name} once too often.${more}` };
  }
  const found = Object.values(parts).flat().find(({ name }) => name === part)!, is = weightText(weight, n);
  const only = (text: string): Explanation => ({ kind: "places", cost: 1, text });
  if (part.endsWith(" at targets")) {
    return only(`At the targets stands ${is}${part.slice(0, -11)}; −1/n belongs there.`);
  }
  if (parts.elsewhere.includes(found)) {
    return only(`${`${is}1`.replace("·1", "")} is put ${part}; −1/n belongs at the targets only.`);
  }
  const same = c.values.find(({ numbers }) =>
    numbers.length === found.numbers.length && ratio(numbers, found.numbers, 1e-9) !== undefined
  );
  const what = is + (same?.name ?? part);
  return only(`${what} stands everywhere; only the targets reach the loss, with a weight of −1/n each.`);
}

type Told = { words: string[]; scale?: number };

/** What is wrong at the targets, and the scale of the whole as far as they show it; or all that there is to say. */
function atTargets(points: Points): Told | Explanation | undefined {
  const { target, one, largest, scale, sign, n, cols, softmax } = points, unit = 1 / n;
  const name = softmax ? "The 1" : `The ${sign < 0 ? "−" : ""}1/n`, verb = softmax ? "taken off" : "put";
  const only = (text: string): Explanation => ({ kind: "places", cost: 1, text });
  const usual = sign * (scale ?? 1);
  if (target === 0) {
    const found = scale ?? (one || largest ? (one || largest) * sign : undefined);
    const told = (text: string): Told => ({ words: [text], scale: found });
    if (one === 0 && largest === 0) return told(`${name} at the targets is missing.`);
    if (one !== 0 && near(one, usual)) return told(`${name} is ${verb} everywhere; it belongs at the targets only.`);
    if (largest !== 0 && near(largest, usual)) {
      return told(`${name} is ${verb} at the largest number of each row; it belongs at the targets.`);
    }
    if (one !== 0 && scale === undefined) {
      return only(`${plain(one * unit)} stands everywhere; only the targets reach the loss.`);
    }
    if (largest !== 0 && scale === undefined) {
      return only(`${plain(largest * unit)} stands at the largest number of each row; it belongs at the targets.`);
    }
    if (one === 0 || largest !== 0) return undefined;
    return told(`${name} at the targets is missing; ${plain(one * unit)} is added everywhere instead.`);
  }
  if (one * target > 0 && largest === 0 && near(target + cols * one, sign) && near(scale ?? 1, 1)) {
    return only(
      `The 1 of each target is spread, ${plain(Math.abs(target))} at the target and ${
        plain(Math.abs(one * cols))
      } over ` +
        "all classes, as in label smoothing: the loss has none.",
    );
  }
  if (one !== 0 && near(one, -target) && scale === undefined && largest === 0) {
    const also = one * sign > 0 ? "." : ", and the sign is wrong.";
    return only(
      `At the targets stands 0, and ${plain(one * unit)} everywhere else: it belongs the other way round${also}`,
    );
  }
  const words: string[] = [];
  if (one !== 0) {
    const mean = softmax && near(one * cols, usual);
    words.push(
      near(one * unit, 1)
        ? "Every element is 1 too large: started from ones instead of zeros?"
        : near(one, target)
        ? `${name} is ${verb} everywhere as well.`
        : mean
        ? `1/${cols}, the mean of softmax, is taken off everywhere.`
        : `${plain(one * unit)} is added everywhere.`,
    );
  }
  if (largest !== 0) words.push(`${plain(largest * unit)} is added at the largest number of each row.`);
  if (scale === undefined) return { words, scale: target * sign };
  return near(target, usual) ? { words, scale } : unequal(points, scale, words);
}

/** Softmax and the 1 at the targets by different numbers. */
function unequal({ target, sign, n, cols, sizes }: Points, scale: number, words: string[]): Told | undefined {
  const times = target / (sign * scale);
  if (!isNice(times, sizes)) return undefined; // a number that nobody would write
  if (near(times, -1)) {
    const [text, left] = near(scale, -1)
      ? ["softmax has the wrong sign; the 1 at the targets is right.", 1]
      : ["The 1 is added at the targets; it has to be taken off.", scale];
    return { words: [...words, text], scale: left };
  }
  if (near(times, n)) {
    const text = "The 1 at the targets is not divided by n: the mean is over all of the difference.";
    return { words: [...words, text], scale: near(scale, 1 / n) ? 1 : scale };
  }
  if (near(times, 1 / n)) {
    const text = near(Math.abs(scale), 1)
      ? "The 1 at the targets is divided by n twice; softmax is divided once."
      : "At the targets only 1/n is taken off, softmax is not divided by n: 1/n belongs to both.";
    return { words: [...words, text], scale: near(scale, n) ? 1 : scale };
  }
  if (near(target * sign, 1)) {
    const why = near(scale, cols) ? ": a mean where the row’s sum belongs?" : ".";
    return { words: [...words, `softmax is ${plain(scale)} times what it should be${why}`], scale: 1 };
  }
  const text = `At the targets ${plain(target / scale)} stands where ${sign < 0 ? "−" : ""}1 belongs.`;
  return { words: [...words, text], scale };
}
