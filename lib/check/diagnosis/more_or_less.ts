// A step, a factor or a summand too many or too few, as a sentence.
//
// Left out: other changes (phrases.ts), and terms (terms.ts).
import { formatShape } from "../../tensor/shape.ts";
import type { Change } from "./change.ts";
import { divides, isFactor, PRODUCTS, type Site, unsummed } from "./places.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  hasWrites,
  isLeaf,
  leavesIn,
  opOf,
  parts,
  sameLeaf,
  type Step,
} from "../formula/formula.ts";
import { allPlaces, called, kindAlong, number, ours, type Phrase, say, short, text, written } from "./notation.ts";
import type { Subject } from "./subject.ts";
import { chainRule, isAbove, isOne, onlyAt, pickedBy } from "./terms.ts";
import { isAmong } from "./target.ts";
import {
  around,
  dimension,
  instead,
  isAgain,
  named,
  placeOf,
  reduction,
  times,
  VERBS,
  whereOf,
  within,
} from "./where.ts";

/** That something is missing beside what stands at a place, and where that is if it is there twice. */
function missingFrom(site: Site, missing: Phrase, verb: string, subject?: Subject): Phrase {
  const here = site.formula, isTwice = isLeaf(here) && isAgain(here, site, subject);
  const place = whereOf(site) ?? (isTwice ? site.parent : undefined);
  const phrase = within(say`${missing}: ${verb} ${named(here)} by it.`, place), count = times(site.all, here);
  const isEach = count > 1 && times(site.holed, here) === 0 && !hasWrites(site.all, 1);
  return isEach ? { ...phrase, place: allPlaces(count) } : phrase;
}

const lacksAbove = (above: Formula) => say`the gradient from above, ${text(above)}, is missing (chain rule)`;

/** A factor, a divisor or a summand more. */
export function operandPutIn({ site, by }: Change, other: Formula, subject: Subject, isTerm: boolean): Phrase {
  const { formula: here, all, spine } = site, no = "which does not belong there.";
  // Where all that follows only multiplies, the place of a factor does not matter; in a divisor it divides, but not in a sum there.
  const isBelow = divides(site), isSummed = spine.some((part) => /^(sum|mean)$/.test(opOf(part)));
  const inProduct = !isTerm && spine.every((part) => PRODUCTS.test(opOf(part))) && !(isBelow && isSummed);
  const op = inProduct && isBelow ? { mul: "div", div: "mul" }[opOf(by)] ?? opOf(by) : opOf(by);
  const product = inProduct ? all : here;
  const missing = (what: Phrase, verb: string) =>
    inProduct ? say`${what} is missing.` : missingFrom(site, say`${what} is missing`, verb, subject);
  if (op === "div") {
    if (isFactor(product, other, 1)) return say`you multiply by ${text(other)}, ${no}`;
    return missing(say`a division by ${text(other)}`, "divide");
  }
  const above = unsummed(other), isSum = parts(other).some((part) => /^(sum|mean)$/.test(opOf(part)));
  if (
    !isSum && isAbove(above, subject) && !isOne(above, subject) && !leavesIn(all).some((one) => sameLeaf(one, above))
  ) {
    // Beside other terms it is told which one lacks it, if that is written as it is.
    const isWritten = times(subject.row ?? all, here) > 0;
    // A choice as a sum has one branch in each term.
    const [, a, b] = parts(here).find((one): one is Step => opOf(one) === "where")?.args ?? [];
    if (a === 0 || b === 0) return say`${lacksAbove(above)}: multiply ${text(a === 0 ? b : a)} by it.`;
    return inProduct || !isWritten ? chainRule(above) : missingFrom(site, lacksAbove(above), "multiply", subject);
  }
  const picked = pickedBy(other);
  if (picked) return inProduct ? onlyAt(picked) : say`${short(here)} belongs at ${picked} alone; elsewhere is 0.`;
  return missing(say`the factor ${text(other)}`, "multiply");
}

/** Changes of a whole array, as a sentence about `what` they were done to, which has so many dimensions. */
export const ARRAYS_SAID: Record<string, (what: string, rank: number, ...args: number[]) => Phrase> = {
  displaced: (what, rank, dim, by) => say`${what} is displaced by ${Math.abs(by)} ${kindAlong(rank, dim)}.`,
  reversed: (what, rank, dim) => say`${what} is in reverse order, ${kindAlong(rank, dim)} by ${kindAlong(rank, dim)}.`,
  alone: (what, ...where) => say`only ${places(where)} of ${what} ${is(where)} there; all of it belongs there.`,
  without: (what, ...where) => say`${places(where)} of ${what} ${is(where)} left out.`,
  repeated: (what, rank, dim, i) => say`${places([rank, dim, i, i + 1])} of ${what} stands for all.`,
  turned: (what) => say`${what} is read column by column; it belongs there row by row.`,
  shifted: (what, _, by) => say`the indices of ${what} are too ${by > 0 ? "large" : "small"} by ${Math.abs(by)}.`,
  written_over: () => say`a row that comes again is overwritten; it has to be added to.`,
};

function places([rank, dim, first, end]: readonly number[]): Phrase {
  const one = end - first === 1, which = one ? `${first}` : `${first} to ${end - 1}`;
  if (rank > 2) return one ? say`index ${which} of dimension ${dim}` : say`indices ${which} of dimension ${dim}`;
  return one ? say`${ours(kindAlong(rank, dim))} ${which}` : say`${ours(kindAlong(rank, dim))}s ${which}`;
}

const is = ([, , first, end]: readonly number[]) => end - first === 1 ? "is" : "are";

/** That a step, or an operand, does not belong there. */
export function leftOut({ site, by: kept, other }: Change, { first, name, isRecent, inferred }: Subject): Phrase {
  const here = site.formula as Step, op = opOf(here), isFirst = kept === here.args[0];
  const no = (phrase: Phrase) =>
    within(say`${phrase}, which does not belong there.`, isAgain(other, site) ? here : undefined);
  if (Object.hasOwn(ARRAYS_SAID, op)) {
    const rank = attempt(() => evaluate(kept, first).shape.length) ?? 0;
    return ARRAYS_SAID[op](site.parent ? short(kept) : `d${name}`, rank, ...here.args.slice(1) as number[]);
  }
  if (/_$|^write$/.test(here.op) && isFirst && (isLeaf(kept) || parts(site.holed).includes(here))) {
    const isOwn = isRecent?.(here) && isLeaf(kept) && kept.gradient;
    return isOwn ? no(say`${written(kept)} was changed in place by ${short(here)}`) : inPlace(kept, here);
  }
  if (inferred && isFirst && (op === "mul" || op === "div")) return tooMany(op, other, inferred);
  if (VERBS[op] && (isFirst || op === "add" || op === "mul")) {
    const looksLikeNothing = typeof other === "number" && /^[01]$/.test(text(other));
    return no(say`you ${VERBS[op]} ${looksLikeNothing ? String(other) : text(other)}`);
  }
  switch (op) {
    case "neg":
      return say`the sign is wrong: neg() does not belong there.`;
    case "sum":
    case "mean":
    case "max":
    case "amax":
      return no(say`you take the ${reduction(op)} over ${dimension(here.args[1])} of ${short(kept)}`);
    case "at":
    case "narrow":
      if (isWhole(here)) return say`${short(here)} puts ${short(kept)} in another order; as it is, it belongs there.`;
      return say`you take only a part, ${short(here)}; all of ${short(kept)} belongs there.`;
    case "matmul":
    case "div":
    case "sub":
      return instead(here, kept);
  }
  if (/^(T|transpose)$/.test(op)) {
    return inferred ? say`${short(kept)} is read transposed.` : no(say`${short(kept)} is transposed`);
  }
  return op === "where" ? instead(here, kept) : say`${called(here)} does not belong there, only ${short(kept)}.`;
}

/** A factor or a divisor too many in numbers whose formula is not known: or what it would cancel is missing. */
function tooMany(op: "mul" | "div", what: Argument, right: Formula): Phrase {
  const inverse = op === "mul" ? "div" : "mul";
  const isThere = parts(right).some((part) =>
    isFactor(part, what, op === "mul" ? -1 : 1) || opOf(part) === inverse && (part as Step).args[1] === what
  );
  if (isThere) return say`${op === "mul" ? say`a division by` : say`the factor`} ${text(what)} is missing.`;
  return say`there is a ${op === "mul" ? "factor" : "division by"} ${text(what)} too many.`;
}

/** That something was changed in place by a step. */
export const inPlace = (what: Formula, by: Step) =>
  say`${short(what)} was changed in place by ${short(by)}, and is read here as if it had not been. Work on ${
    short(what)
  }.clone() there.`;

/** Whether indices name as many rows as there are, in another order. */
function isWhole({ args: [, index] }: Step): boolean {
  if (!Array.isArray(index)) return false;
  return index.every((x) => typeof x === "number") && new Set(index).size === index.length &&
    Math.max(...index as number[]) === index.length - 1;
}

/** That a step is missing around what stands there. */
export function stepPutIn(here: Formula, by: Step, { site }: Change, subject: Subject): Phrase {
  const { first, name, offers, sendings } = subject;
  const root = site.spine.length === 0, yours = attempt(() => formatShape(evaluate(here, first).shape));
  switch (by.op) {
    case "neg": {
      const whole = here.kind === "step" && here.op === "neg" ? here.args[0] : here;
      const term = sendings.length > 1 && sendings.find((one) => one.whole === whole);
      if (term) return { ...say`the term through ${term.reader} has the wrong sign.`, placed: true };
      const place = isLeaf(here) && isAgain(here, site, subject) ? around(site) : undefined;
      return root ? say`the sign is wrong.` : within(say`${named(here)} has the wrong sign.`, place);
    }
    case "sum":
    case "mean": {
      const [, dim] = by.args, over = `over ${dim === undefined ? "all dimensions" : dimension(dim)}`;
      if (!root) return say`a ${by.op} ${over} is missing: ${instead(here, called(by) + " of it")}`;
      const shapes = `yours is ${yours}, expected is ${formatShape(offers.shape)}`;
      const why = `${name} was broadcast ${over}, and what is broadcast forward is summed backward: ${called(by)}.`;
      return { ...say`a ${by.op} is missing: ${shapes}. ${why}`, shapes: true };
    }
    case "T":
      return say`${short(here)} has to be transposed.`;
    case "transpose":
      return say`${short(here)} has to be transposed: ${called(by)}.`;
    case "unsqueeze":
      return say`${short(here)} has to get a dimension: ${called(by)}.`;
    case "mul": {
      const [, k] = by.args as number[],
        size = Math.abs(k),
        isPart = !isAmong(size, Math.round(size)) && isAmong(1 / size, Math.round(1 / size));
      if (!(k < 0)) return missingFrom(site, say`the factor ${text(k)} is missing`, "multiply");
      const missing = isPart ? say`a division by ${number(1 / size)}` : say`the factor ${number(size)}`;
      return missingFrom(site, say`${missing} is missing, and the sign is wrong`, isPart ? "divide" : "multiply");
    }
    case "div":
      return missingFrom(site, say`a division by ${text(by.args[1])} is missing`, "divide");
    case "view":
      return say`${short(here)} has to be put in the shape of ${name}: ${called(by)}.`;
    case "expand": {
      const advice = `what is summed forward is broadcast backward; multiply by ones_like(${name}).`;
      return say`${short(here)} is ${yours}: ${advice}`;
    }
    case "index_put_":
      return say`${text(by.args[2])} at ${text(by.args[1])} is missing.`;
    case "add":
      return say`the ${text(by.args[1])} is left out: ${instead(here, by)}`;
  }
  return instead(here, by, placeOf(site, subject));
}
