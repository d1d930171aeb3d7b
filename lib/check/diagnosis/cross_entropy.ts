// Gradients of a cross-entropy for its logits, or of a mean over picked elements: what is set, added or subtracted at the
// targets, and what is everywhere.
//
// The gradient is fitted as a sum of a few known arrays with weights: softmax, e^x, a 1 at each target, at each largest
// logit, everywhere.
import type { Case, Explanation } from "./case.ts";
import { type Part, partsOf, subsets, targetsOf, type Weights } from "./cross_entropy_parts.ts";
import { ratio, rememberedDot, weights } from "./numbers.ts";
import { explainOtherTargets } from "./other_targets.ts";
import { sizesOf } from "./sizes.ts";
import { isNice, type Sizes, weightText } from "./factor_words.ts";
import { near, plain } from "./words.ts";

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
      const told = tell(c, new Map(chosen.map(({ name }, i) => [name, found[i]])), right, all);
      if (told && (!best || told.cost < best.cost)) best = told;
    }
    if (best) break;
  }
  return best ? [best] : explainOtherTargets(c, all, targets, right);
}

function fitRight(c: Case, parts: Part[]): Weights | undefined {
  const found = weights(parts.map(({ numbers }) => numbers), c.right, 1e-8);
  return found && new Map(parts.map(({ name }, i) => [name, found[i]]));
}

/** What may stand where softmax belongs, with the sentence on it. */
const INSTEAD: Record<string, string> = {
  "softmax of columns": "softmax is taken over the columns; it goes over each row: softmax(1).",
  "softmax over everything":
    "e^x is divided by the sum of all of it; softmax divides each row by its own sum, sum(1, { keepdim: true }).",
  "softmax of softmax": "softmax is taken twice.",
  "exp": "e^x stands where softmax belongs: it is not normalised, each row has to be divided by its sum.",
  "shifted exp":
    "e^(x − max) stands where softmax belongs: it is not normalised, each row has to be divided by its sum.",
  "logits": "x itself stands where softmax belongs.",
  "log softmax": "ln softmax stands where softmax belongs.",
  "softmax squared": "softmax² stands where softmax belongs.",
  ...Object.fromEntries(
    ["softmax(2·x)", "softmax(x/2)", "sigmoid", "tanh", "softmax·(1 − softmax)"].map((name) => [
      name,
      `${name} stands where softmax belongs.`,
    ]),
  ),
};

const WRITTEN: Record<string, string> = {
  "exp": "e^x",
  "shifted exp": "e^(x − max)",
  "logits": "x itself",
  "log softmax": "ln softmax",
  "softmax squared": "softmax²",
};

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

function everywhere(given: Weights, unit: number): Everywhere {
  const without = (...names: string[]) => new Set([...given.keys()].filter((name) => !names.includes(name)));
  const scaleOf = (name: string) => given.get(name)! / unit;
  if (given.has("softmax") && !given.has("softmax at targets")) {
    return { scale: scaleOf("softmax"), left: without("softmax") };
  }
  if (given.has("softmax elsewhere") && !given.has("softmax")) {
    const scale = scaleOf("softmax elsewhere"), put = (given.get("target") ?? 0) / unit / scale;
    const told = put === 0
      ? "At the targets stands 0; there it should be softmax − 1."
      : `At the targets ${plain(put)} is put in place of softmax, instead of taken off: { accumulate: true } adds to ` +
        "what is there.";
    return { scale, told, targetsTold: true, left: without("softmax elsewhere", "target") };
  }
  if (given.has("softmax at targets") && !given.has("softmax")) {
    const told = "softmax is kept at the targets only; all logits of a row share in its sum.";
    return { scale: scaleOf("softmax at targets"), told, left: without("softmax at targets") };
  }
  const other = Object.keys(INSTEAD).find((name) => given.has(name));
  if (other) return { scale: scaleOf(other), told: INSTEAD[other], left: without(other, "softmax") };
  return { told: "softmax is missing: all logits of a row share in its sum.", left: without("softmax") };
}

/** What these parts with these weights do other than the right ones; undefined where nobody would write that. */
function tell(c: Case, given: Weights, right: Weights, all: readonly Part[]): Explanation | undefined {
  const { rows, cols } = c.given, sizes = { ...sizesOf(c), others: [cols, rows] };
  const unit = Math.abs(right.get("target")!), softmax = right.has("softmax");
  const whole = softmax ? everywhere(given, unit) : { left: new Set(given.keys()) } as Everywhere;
  const w = (part: string) => whole.left.has(part) ? given.get(part)! / unit : 0;
  const points: Points = {
    ...{ target: w("target"), one: w("one"), largest: w("largest"), scale: whole.scale },
    ...{ sign: Math.sign(right.get("target")!), n: Math.round(1 / unit), cols, softmax, sizes },
  };
  const others = [...whole.left].filter((part) => !["target", "one", "largest"].includes(part));
  if (others.length > 0) {
    const alone = !softmax && others.length === 1 && given.size === 1;
    return alone ? somethingElse(c, others[0], given.get(others[0])!, points, all) : undefined;
  }
  const told = whole.targetsTold ? { words: [], scale: whole.scale } : atTargets(points);
  if (!told || "kind" in told) return told;
  const { words, scale } = told;
  if (whole.told) words.unshift(whole.told);
  if (words.length === 0) return undefined; // a weight of the whole: paths.ts tells it
  const besides = scale === undefined || near(scale, 1) ? [] : [scaleWords(scale, points.n)];
  const cost = words.length + (besides.length === 0 ? 0 : isNice(scale!, sizes) ? 0.7 : 1.8);
  return { kind: "places", text: [...words, ...besides].join(" "), cost };
}

function scaleWords(scale: number, n: number): string {
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

/** Only the targets reach the loss, and something stands everywhere. */
function somethingElse(c: Case, part: string, weight: number, { n, sign }: Points, all: readonly Part[]): Explanation {
  if (part === "its own at targets") {
    const times = weight * n * sign, more = near(times, 1) ? "" : ` Besides, it is ${plain(times)} times that.`;
    return { kind: "operand", cost: 1, text: `Multiplied by ${c.row.name} once too often.${more}` };
  }
  const { numbers } = all.find(({ name }) => name === part)!;
  const same = c.values.find((a) =>
    a.numbers.length === numbers.length && ratio(a.numbers, numbers, 1e-9) !== undefined
  );
  const what = `${weightText(weight, n)}${same?.name ?? WRITTEN[part] ?? part}`;
  const text = `${what} stands everywhere; only the targets reach the loss, with a weight of −1/n each.`;
  return { kind: "places", cost: 1, text };
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
    words.push(
      near(one * unit, 1)
        ? "Every element is 1 too large: started from ones instead of zeros?"
        : `${plain(one * unit)} is added everywhere.`,
    );
  }
  if (largest !== 0) words.push(`${plain(largest * unit)} is added at the largest number of each row.`);
  if (scale === undefined) return { words, scale: target * sign };
  return near(target, usual) ? { words, scale } : unequal(points, scale, words);
}

/** Softmax and the 1 at the targets by different numbers. */
function unequal({ target, sign, n, sizes }: Points, scale: number, words: string[]): Told | undefined {
  const times = target / (sign * scale);
  if (!isNice(times, sizes)) return undefined; // a number that nobody would write
  if (near(times, -1)) return { words: [...words, "The 1 is added at the targets; it has to be taken off."], scale };
  if (near(times, n)) {
    const text = "The 1 at the targets is not divided by n: the mean is over all of the difference.";
    return { words: [...words, text], scale: near(scale, 1 / n) ? 1 : scale };
  }
  if (near(times, 1 / n)) {
    const text = near(scale, 1)
      ? "The 1 at the targets is divided by n twice; softmax is divided once."
      : "At the targets only 1/n is taken off, softmax is not divided by n: 1/n belongs to both.";
    return { words: [...words, text], scale: near(scale, n) ? 1 : scale };
  }
  const text = `At the targets ${plain(target / scale)} stands where ${sign < 0 ? "−" : ""}1 belongs.`;
  return { words: [...words, text], scale };
}
