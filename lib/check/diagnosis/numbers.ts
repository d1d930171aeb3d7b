// What a gradient's numbers tell where its formula is not known, or does not help: of which formula near the derived one they
// are, of which named tensor, and where they are wrong. And the honest rest: how many, where, and some numbers side by side.
import { isFloat } from "../../tensor/dtypes.ts";
import { formatShape, numel, sameShape, type Shape } from "../../tensor/shape.ts";
import { tensor } from "../../tensor/creation.ts";
import { inScratch } from "../../tensor/memory.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { ONE_BY_ONE } from "./altered.ts";
import { ARRAYS } from "../formula/operations.ts";
import type { Change } from "./change.ts";
import {
  attempt,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  leavesIn,
  operations,
  opOf,
  parts,
  sameLeaf,
  step,
} from "../formula/formula.ts";
import type { Wrong } from "./follows.ts";
import { apart, digits, enumerated, kindAlong, number, position, short, simple, written } from "./notation.ts";
import { isOne, missingInOf, pickedBy } from "./terms.ts";
import { filledWith } from "./places.ts";
import { repair } from "./repair.ts";
import { repairs } from "./search.ts";
import { told } from "./sentences.ts";
import { EFFORT, forRow, isNamed, isPlain, sendingsOf, type Subject, unknown, wholeOf } from "./subject.ts";
import { factorOf, largest, largestAt, passing, target, tried } from "./target.ts";

/**
 * Of which formula, one change away from the derived one, these are the numbers; and what is wrong with that. Any change, or one
 * of a whole array only.
 */
export function infer(
  { given, subject, learners, formula }: Wrong,
  shape = "",
  areArrays = false,
): string | undefined {
  const derived = wholeOf(subject), own = forRow(learners), to = target(given);
  const { terms, tensors, indices } = subject.offers;
  const needed = [derived, ...terms, ...tensors.map(({ formula }) => formula), ...indices.filter(isFormula)];
  if (!derived || !(Math.abs(to.numbers[to.at]) > 0)) return undefined;
  if (!attempt(() => needed.map((one) => evaluate(one!, own)))) return undefined;
  // The derived formula's own numbers are none of the learner's: a factor is rather on the whole.
  const all = tried(derived, own, to);
  if (all === 1) return undefined; // up to rounding
  if (all !== undefined && isPlain(all, subject)) {
    return told([{ changes: [], factor: 1 / all, of: derived, cost: 1 }], subject, { shape });
  }
  // One number is near many formulas.
  if (to.numbers.every((x) => x === to.numbers[0])) return undefined;
  const offers = { ...subject.offers, shape: given.shape, arrays: true };
  const effort = operations.run + EFFORT / 3;
  const found = repair(derived, {
    ...subject,
    first: own,
    second: undefined,
    target: to,
    freeTarget: undefined,
    effort,
    offers,
    ...unknown(),
  });
  if (!found || found.cost > 1.7) return undefined;
  const { changes: [change], factor } = found;
  // What sums to 1 is no sum, but a factor that is not there.
  const isStrange = change?.kind === "putIn" &&
    (ONE_BY_ONE.includes(opOf(change.by)) && !offers.functions.has(opOf(change.by)) || isOne(change.by, subject));
  if (isStrange) return undefined;
  const like = change ? filledWith(change.site, change.by) : derived;
  const theirs = factor === 1 ? like : factor === -1 ? step("neg", like) : step("div", like, factor);
  const fixed = repairs({ ...subject, effort }, theirs);
  if (fixed.every(({ changes, factor, term }) => changes.length === 0 && factor === 1 && !term)) return undefined;
  const isArray = change && Object.hasOwn(ARRAYS, opOf(change.by));
  if (areArrays && !isArray) return undefined;
  if (formula && !isArray && !fixed.every(({ changes }) => changes.every((one) => isOnce(one, formula)))) {
    return undefined;
  }
  return told(fixed, { ...subject, inferred: derived }, { shape });
}

/** Whether what a change says to stand there is in the learner's formula, too, and in one place. */
function isOnce({ kind, site: { formula, holed } }: Change, own: Formula): boolean {
  const isSame = (one: Formula) => isLeaf(formula) ? sameLeaf(one, formula) : opOf(one) === opOf(formula);
  return parts(own).some(isSame) && (kind === "leftOut" || !parts(holed).some(isSame));
}

/** That the numbers are those of a named tensor, or of one times a plain number; undefined if they are of none. */
export function identity({ given, subject, learners, formula }: Wrong, shape = ""): string | undefined {
  const to = target(given);
  if (given.numel() < 2 || !(Math.abs(to.numbers[to.at]) > 0)) return undefined;
  const { derivation } = subject.points;
  // And the gradients of what the tensor's own line reads.
  const below = [...subject.first.leaves.keys()].filter((name) =>
    learners.leaves.has(`d${name}`) && derivation.readers(name).includes(subject.name)
  );
  const offered = subject.offers.tensors.map(({ formula }) => formula).filter(isLeaf);
  for (const { name, gradient } of [...offered, ...below.map((name) => leaf(`d${name}`, true))]) {
    for (const from of gradient ? [learners, subject.points.first] : [learners]) {
      const factor = factorOf(given, target(from.leaves.get(name)!));
      if (factor === undefined || !isPlain(factor, subject)) continue;
      const times = factor === 1 ? "" : factor === -1 ? "−" : `${number(factor)}·`;
      const isAbove = subject.sendings.some(({ reader }) => name === `d${reader}`);
      const missing = isAbove
        ? `; the derivative of ${name.slice(1)}'s own line is missing`
        : below.includes(name.slice(1)) && !offered.some((one) => one.name === name)
        ? `, which is one line further; d${subject.name} comes first`
        : "";
      const right = wholeOf(subject), belongs = right && isNamed(right, subject) ? written(right) : "";
      if (!missing && belongs && belongs.length <= FEW) {
        const stands = formula ? short(formula) : `${times}${name}`;
        return `${stands} stands where ${belongs} belongs. ${shape}`.trim();
      }
      return `What stands there is ${times}${name}${times ? "" : " itself"}${missing}. ${shape}`.trim();
    }
  }
}

/** So many characters of code are shown as what belongs somewhere, whatever stands there. */
const FEW = 40;

/** That the numbers are what comes of all paths but one: a term is forgotten on the way, in a gradient without a row. */
export function forgotten({ given, subject, check, formula }: Wrong): string | undefined {
  const { name, points: { derivation, first } } = subject;
  // Whatever is wrong above
  const own = formula && attempt(() => passing(formula, first)) || given;
  if (own.toArray().every((v) => v === 0) || isRounding(own, subject)) return undefined;
  for (const line of derivation.downstream(name)) {
    const terms = sendingsOf(line, derivation).flatMap(({ terms }) => terms);
    for (const term of terms.length > 1 ? terms : []) {
      const isThat = inScratch(() =>
        attempt(() => tried(leaf(`d${name}`, true), derivation.pointAt(check.values, term), target(own))) === 1
      );
      if (!isThat) continue;
      const { atStart, guess = "." } = missingInOf(leaf(`d${line}`, true), [term], subject);
      return atStart.slice(0, -1) + guess;
    }
  }
}

/** Whether only rounding is between a gradient and the right one. */
function isRounding(given: Tensor, { name, points: { first } }: Subject): boolean {
  return factorOf(given, target(first.leaves.get(`d${name}`)!)) === 1;
}

/** So many elements are tried one by one. */
const MOST = 4000;

/**
 * That each element has what its own one of the next line sends back, and nothing of the others, which it moves as well: the
 * diagonal of the line's derivative.
 */
export function diagonal({ given, subject, learners }: Wrong): string | undefined {
  const { name, sendings: [{ reader, whole }, ...more], first } = subject, above = learners.leaves.get(`d${reader}`);
  const n = given.numel(), x = given.toArray(), { shape } = given;
  const isAlike = above && sameShape(above.shape, shape) && sameShape(first.leaves.get(name)!.shape, shape);
  if (more.length > 0 || !isAlike || n < 4 || n > MOST || !x.every(Number.isFinite) || isRounding(given, subject)) {
    return undefined;
  }
  const dy = above.toArray(), { tolerance } = target(given);
  const isOwn = (i: number) =>
    inScratch(() => {
      const alone = tensor(dy.map((v, j) => i === j ? v : 0), { shape, dtype: "float64" });
      const point = { leaves: new Map([...first.leaves, [`d${reader}`, alone]]), values: new Map() };
      return Math.abs(evaluate(whole, point).toArray()[i] - x[i]) <= tolerance;
    });
  if (!attempt(() => [largestAt(x), ...x.keys()].every(isOwn))) return undefined;
  return `That is what each element of ${name} sends through its own element of ${reader} alone. It moves others of ${reader} ` +
    "as well: add up what all of them send back.";
}

/** That elements are NaN or infinite, and where it comes from; undefined if none are. */
export function infiniteText({ given, subject, learners, formula }: Wrong): string | undefined {
  const x = given.toArray(), finite = x.map((v) => Number.isFinite(v) ? 1 : 0), bad = finite.indexOf(0);
  if (bad < 0) return undefined;
  const own = new Set(formula ? leavesIn(formula).map(({ name }) => name) : subject.first.leaves.keys());
  const count = finite.filter((is) => is === 0).length;
  const where = (is: (v: number) => boolean) =>
    [...learners.leaves].find(([name, t]) =>
      own.has(name) && isFloat(t.dtype) && sameShape(t.shape, given.shape) && count < x.length &&
      t.toArray().every((v, i) => is(v) === !finite[i])
    )?.[0];
  const zero = where((v) => v === 0), negative = zero ? undefined : where((v) => v < 0);
  const why = zero ? `: ${zero} is zero there` : negative ? `: ${negative} is negative there` : "";
  return `${count} of ${x.length} elements are NaN or infinite, the first at ${position(bad, given.shape)}${why}.`;
}

/** A wrong shape of which nothing else is known. */
export function shapeText({ row: { name, shape }, given, subject, formula }: Wrong): string {
  const yours = given.shape, both = `yours is ${formatShape(yours)}, expected is ${formatShape(shape)}`;
  if (yours.length === 2 && sameShape([yours[1], yours[0]], shape)) return `Transposed: ${both}.`;
  const x = given.toArray();
  const twin = [...subject.points.first.leaves].find(([other, t]) =>
    other !== name && !other.includes(" ") && sameShape(t.shape, yours) && numel(yours) > 1 &&
    t.toArray().every((v, i) => v === x[i])
  )?.[0];
  const same = twin && formula && short(formula) !== twin ? ` Yours is equal to ${twin}.` : "";
  const advice = numel(yours) === numel(shape)
    ? `As many elements, in another shape: view(${shape.join(", ")}).`
    : "A gradient has the shape of its tensor, always.";
  return `Wrong shape: ${both}.${same} ${advice}`;
}

/** That only one element is wrong, and which. */
export function loneElement(given: Tensor, expected: Tensor): string | undefined {
  const right = expected.toArray(), x = given.toArray(), [i, ...more] = wrongOnes(x, right);
  if (i === undefined || more.length > 0 || right.length < 4) return undefined;
  const [a, b] = apart(x[i], right[i]);
  return `Only the element at ${position(i, expected.shape)} is wrong: yours ${a}, expected ${b}.`;
}

/** What the places of the wrong elements tell; undefined where they tell nothing. */
export function pattern(given: Tensor, expected: Tensor, { offers, first }: Subject): string | undefined {
  const { shape } = expected, right = expected.toArray(), x = given.toArray(), n = right.length;
  const wrong = wrongOnes(x, right);
  if (n > 1 && x.every((v) => v === 0)) return "Every element is zero.";
  if (wrong.length === 0 || wrong.length === n || n < 4) return undefined;
  if (isRunning(x, right, shape)) {
    return "Each element has all those before it added up: a sum is not set back to 0 before the next.";
  }
  const how = inCommon(x, right, wrong);
  // Elements that a line picks
  for (const { formula } of offers.tensors) {
    const picked = pickedBy(formula), isThere = picked && evaluate(formula, first).toArray();
    if (isThere && isThere.length === n && wrong.every((i) => isThere[i] !== 0)) {
      return `Right but for the elements at ${picked}. ${how}`;
    }
  }
  const areZero = wrong.every((i) => x[i] === 0),
    along = shape.map((size, d) => {
      const inner = numel(shape.slice(d + 1));
      const places = [...new Set(wrong.map((i) => Math.floor(i / inner) % size))].sort((a, b) => a - b);
      return { size, places, d, kind: kindAlong(Math.min(shape.length, 2), d) };
    });
  for (const { size, places, d, kind } of along) {
    if (size < (areZero ? 2 : 3) || places.length > size / 2 || wrong.length < 0.5 * places.length * n / size) continue;
    const some = places.length > 6 ? `${places.slice(0, 5).join(", ")} …` : enumerated(places.map(String));
    const isOne = places.length === 1, of = `${places.length} of ${size}`, isDeep = shape.length > 2;
    const where = isDeep
      ? isOne ? `index ${some} of dimension ${d}` : `${of} indices of dimension ${d}: ${some}`
      : isOne
      ? `${kind} ${some}`
      : `${of} ${kind}s: ${some}`;
    return `Right but for ${where}. ${how}`;
  }
}

/** Whether each element is the sum of the right ones up to it, of all or along a dimension; in float32, too. */
function isRunning(x: Float64Array, right: Float64Array, shape: Shape): boolean {
  const close = 1e-6 * (largest(x) + largest(right));
  const along = [[1, right.length], ...shape.map((size, d) => [numel(shape.slice(d + 1)), size])];
  return along.some(([inner, size]) =>
    size > 1 && right.every((v, i) => {
      const before = Math.floor(i / inner) % size === 0 ? 0 : x[i - inner];
      return Math.abs(x[i] - before - v) <= close;
    })
  );
}

/** What all wrong elements have in common. */
function inCommon(x: Float64Array, right: Float64Array, wrong: readonly number[]): string {
  const [i] = wrong, by = x[i] - right[i], factor = x[i] / right[i], several = wrong.length > 2;
  if (wrong.every((k) => x[k] === 0)) return "Every element there is zero.";
  if (several && wrong.every((k) => Math.abs(x[k] + right[k]) <= 1e-7 * Math.abs(x[k]))) {
    return "Every element there has the wrong sign.";
  }
  if (several && simple(factor) && wrong.every((k) => Math.abs(x[k] - factor * right[k]) <= 1e-7 * Math.abs(x[k]))) {
    return `Every element there is ${number(factor)} times what it should be.`;
  }
  if (several && wrong.every((k) => Math.abs(x[k] - right[k] - by) <= 1e-7 * Math.abs(by))) {
    return `Every element there is ${number(Math.abs(by))} too ${by > 0 ? "large" : "small"}.`;
  }
  const [a, b] = apart(x[i], right[i]);
  return `The first is ${a}, expected ${b}.`;
}

function wrongOnes(x: Float64Array, right: Float64Array): number[] {
  const close = 1e-7 * largest(right), all = [...right.keys()];
  return all.filter((i) => !(Math.abs(x[i] - right[i]) <= Math.max(close, 1e-6 * Math.abs(right[i]))));
}

/** When nothing explains the numbers: how many are off, where, and up to three pairs of them. */
export function rest(given: Tensor, right: Float64Array, shape: Shape, name: string): string {
  const x = given.toArray(), n = right.length, zero = largest(right) < 1e-9, wrong = wrongOnes(x, right);
  const off = (i: number) => Number.isNaN(x[i]) ? Infinity : Math.abs(x[i] - right[i]);
  const worst = right.reduce((most, _, i) => off(i) > off(most) ? i : most, 0);
  const pair = (i: number) => {
    const [a, b] = zero ? [digits(x[i]), "0"] : apart(x[i], right[i]);
    return `yours ${a}, expected ${b}`;
  };
  const nature = zero ? ` Every element of d${name} should be 0, up to rounding.` : "";
  if (n === 1) return `Yours is ${pair(0).slice(6)}.${nature}`;
  const some = wrong.length === n ? `All ${n}` : `${wrong.length} of ${n}`;
  const all = wrong.length === 0 ? "Little more than rounding is off" : `${some} elements are off`;
  const shown = [...new Set([worst, wrong[0] ?? worst, wrong.at(-1) ?? worst])];
  const pairs = shown.map((i) => `${position(i, shape)}: ${pair(i)}`).join("; ");
  return `${all}. The worst element is at ${pairs}.${nature}`;
}
