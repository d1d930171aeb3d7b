// One change as a sentence: what stands there and what belongs there, in the learner's notation, and in a few words why. It is
// made from the change, and from nothing else.
//
// Left out: several changes together (sentences.ts), and terms (terms.ts).
import { formatShape } from "../../tensor/shape.ts";
import { ONE_BY_ONE } from "./altered.ts";
import type { Change, Offers } from "./change.ts";
import { isFactor, PRODUCTS, type Site, unsummed } from "./places.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  type Leaf,
  leavesIn,
  operands,
  opOf,
  type Options,
  parts,
  sameLeaf,
  type Step,
} from "../formula/formula.ts";
import { called, enumerated, kindAlong, number, ours, type Phrase, say, short, text, written } from "./notation.ts";
import type { Subject } from "./subject.ts";
import {
  chainRule,
  COUNTS,
  described,
  isAbove,
  isOne,
  missingInOf,
  missingTerms,
  onlyAt,
  pickedBy,
  pickedNumber,
  sentBy,
} from "./terms.ts";
import { isAmong } from "./target.ts";

/** What stands somewhere, and what belongs there; or each of two names that differ. */
function instead(here: Argument, by: Argument, place?: Formula): Phrase {
  const all = differences(here, by), [[was, is], other] = all;
  if (all.length === 1) return within(say`${text(was)} stands where ${text(is)} belongs.`, place);
  const areNames = all.flat().every((one) => isLeaf(one)) && written(was as Formula) !== written(other[1] as Formula);
  const second = all.length === 2 && areNames ? `, and ${text(other[0])} where ${text(other[1])} does` : "";
  return second
    ? within(say`${text(was)} stands where ${text(is)} belongs${second}.`, place)
    : within(say`${text(here)} stands where ${text(by)} belongs.`, place);
}

/** The parts in which two calculations differ. */
function differences(a: Argument, b: Argument): [Argument, Argument][] {
  if (!isFormula(a) || !isFormula(b) || a.kind !== "step" || b.kind !== "step") return [[a, b]];
  if (opOf(a) !== opOf(b) || a.args.length !== b.args.length) return [[a, b]];
  const isSame = (x: Argument, y: Argument) =>
    isFormula(x) && isFormula(y) ? written(x) === written(y) : JSON.stringify(x) === JSON.stringify(y);
  const others = [...a.args.keys()].filter((k) => !isSame(a.args[k], b.args[k]));
  const areFormulas = others.length > 0 && others.every((k) => isFormula(a.args[k]) && isFormula(b.args[k]));
  return areFormulas ? others.flatMap((k) => differences(a.args[k], b.args[k])) : [[a, b]];
}

/** The part in which two calculations differ, where they do in one part only. */
function differing(a: Argument, b: Argument): [Argument, Argument] {
  const [one, ...more] = differences(a, b);
  return more.length > 0 ? [a, b] : one;
}

/** With the calculation that it is about, where there are several. */
const within = (phrase: Phrase, place: Formula | undefined): Phrase =>
  place ? { ...phrase, place: short(place, true) } : phrase;

/** The smallest calculation around a place that is not there twice; undefined where what stands there is there once. */
function whereOf({ formula, all, parent }: Site): Formula | undefined {
  let one = formula, up: Formula | undefined = parent;
  while (up && times(all, one) > 1) [one, up] = [up, parts(all).find((part) => operands(part).includes(up!))];
  return one === formula ? undefined : one;
}

/** The calculation that a tensor is part of, and not only its transpose or its sum. */
function around({ all, parent }: Site): Formula | undefined {
  let one: Formula | undefined = parent;
  while (/^(T|transpose|view|reshape|sum|neg|clone|spread)$/.test(opOf(one))) {
    one = parts(all).find((part) => operands(part).includes(one!));
  }
  return one ?? parent;
}

/** Whether the same tensor, or the same call, stands elsewhere in the formula, too: then a sentence says where it is wrong. */
function isAgain(one: Argument, { holed, hole }: Site, { row, sendings }: Partial<Subject> = {}): boolean {
  // In a term through a line it is that term's.
  if (isLeaf(one) && row && sendings?.length === 1 && times(row, one) > times(holed, hole)) return true;
  if (isLeaf(one)) return leavesIn(holed).some((other) => sameLeaf(one, other));
  return isFormula(one) && one.kind === "step" && parts(holed).some((part) => opOf(part) === opOf(one));
}

/** How often a tensor is read, or a calculation stands there. */
function times(formula: Formula, one: Formula): number {
  const isSame = opOf(formula) === opOf(one) && written(formula) === written(one);
  return formula === one || sameLeaf(formula, one) || one.kind === "step" && isSame
    ? 1
    : operands(formula).reduce((sum, part) => sum + times(part, one), 0);
}

/** One change as a sentence; `reader` is the line whose term it is in, where that is known; `isTerm` if there are others. */
export function saidOf(change: Change, subject: Subject, reader?: string, isTerm = false): Phrase {
  const { kind, site: { formula: here }, by, other } = change;
  switch (kind) {
    case "instead": {
      const above = here.kind === "constant" && here.value !== 0 &&
        parts(by).find((part) => isAbove(part, subject) && !isOne(part, subject));
      const some = here.kind === "constant" ? pickedNumber(by, subject) : undefined;
      if (some && isAmong(some.number, (here as { value: number }).value)) return onlyAt(some.picked);
      if (above) return chainRule(above);
      const picked = pickedBy(by);
      if (picked) return say`${short(here)} stands where 1 at ${picked} and 0 elsewhere belongs.`;
      const changed = isLeaf(here) && isLeaf(by) ? changedInPlace(here, by, subject) : undefined;
      if (changed) return inPlace(by, changed);
      if (subject.offers.terms.includes(by)) {
        if (change.site.spine.length > 0) return missingTerms([sentBy(by, subject)], subject);
        const belongs = described(by, subject), isNumber = /^[−\d√/.e]+$/.test(belongs);
        if (here.kind !== "constant" || here.tensor || !isNumber) {
          return say`${short(here)} stands where ${belongs} belongs.`;
        }
        return within(
          say`${number(here.value)} stands where ${belongs} belongs.`,
          here.shape.length > 0 ? here : undefined,
        );
      }
      const [was] = differing(here, by), isTwice = isLeaf(was) && isAgain(was, change.site, subject);
      return instead(here, by, !isTwice ? undefined : was === here ? around(change.site) : here);
    }
    case "leftOut":
      return leftOut(change, subject);
    case "everywhere": {
      const one = other as Step, places = change.times!;
      const where = places === 2 ? "both places" : `all ${places} places`;
      if (change.each!.kind !== "leftOut") return { ...saidOf(change.each!, subject), place: where };
      return opOf(one) === "at" || opOf(one) === "narrow"
        ? say`you take only a part, ${called(one)}, in ${where}; all of it belongs there.`
        : { ...say`${called(one)} does not belong there.`, place: where };
    }
    case "accumulate":
      return parts(here).some((part) => /^(write|copy)$/.test(opOf(part)))
        ? say`what stood there is overwritten; it has to be added to: add_ for ${other as string}.`
        : say`what stood there is overwritten; it has to be added to: { accumulate: true }.`;
    case "turns": {
      const [code, was, is] = other as readonly string[];
      if (was === undefined) return say`the loop leaves out ${code}.`;
      if (is === undefined) return say`${code} stands where ${was} belongs, in every turn.`;
      return say`an index in ${code} is ${was} in turn; it has to be ${is}.`;
    }
    case "swap":
      return say`${enumerated((other as Formula[]).map((one) => short(one)))} are exchanged.`;
    case "putIn":
      return isFormula(other)
        ? operandPutIn(change, other, subject, isTerm && subject.sendings.length === 1)
        : stepPutIn(here, by as Step, change, subject);
    case "term": {
      if (Array.isArray(other)) return missingInOf(by as Leaf, other as readonly Formula[], subject);
      const isZero = attempt(() => evaluate(here, subject.first).toArray().every((x) => Math.abs(x) < 1e-15));
      const sent = sentBy(other as Formula, subject);
      const missing = { ...missingTerms([{ ...sent, reader: reader ?? sent.reader }], subject), placed: true };
      if (!isZero) return missing;
      const zero = change.site.spine.length === 0 ? say`yours is` : say`${short(here)} is`;
      return { ...missing, ...say`${zero} zero everywhere. ${missing.atStart}` };
    }
    case "factor": {
      const multiplies = opOf(here) === "mul", { args: [, is] } = by as Step;
      const belongs = opOf(by) === opOf(here) ? "" : multiplies ? "a division by " : "the factor ";
      return say`you ${multiplies ? "multiply" : "divide"} by ${text(other)} where ${belongs}${text(is)} belongs.`;
    }
    case "operation":
      return operation(here as Step, by as Step, isAgain(here, change.site));
    case "argument":
      return argument(here as Step, by as Step, isAgain(here, change.site), subject.offers);
    case "order":
      return say`two steps are in the wrong order: ${instead(here, by)}`;
    case "bracket":
      return say`a bracket closes in the wrong place: ${instead(here, by)}`;
    case "again":
      return say`${text(other)} is added ${COUNTS[change.times!] ?? change.times} times; it belongs there once.`;
    case "late": {
      const [factor, gradient] = other as Formula[];
      return say`you multiply by ${text(factor)} after the sums, but it is not the same all along: multiply ${
        text(gradient)
      } by it first.`;
    }
    case "early": {
      const has = parts(here).some((part) => opOf(part) === "sum");
      return say`${has ? say`the sum is in the wrong place` : say`a sum is missing`}: ${instead(here, by)}`;
    }
  }
}

/** The tensor that is missing as a factor, where a change says only that. */
export function missingFactor({ kind, other, by, site }: Change, subject: Subject): Formula | undefined {
  const isPlain = kind === "putIn" && isFormula(other) && opOf(by) === "mul" && !pickedBy(other) &&
    !isFactor(site.formula, other, -1) && !isAbove(other, subject);
  return isPlain ? other as Formula : undefined;
}

/** That something is missing beside what stands at a place, and where that is if it is there twice. */
function standsAlone(missing: Phrase, site: Site, subject?: Subject): Phrase {
  const here = site.formula, isTwice = isLeaf(here) && isAgain(here, site, subject);
  return within(say`${missing}: ${short(here)} stands alone.`, whereOf(site) ?? (isTwice ? site.parent : undefined));
}

/** A factor, a divisor or a summand more. */
function operandPutIn({ site, by }: Change, other: Formula, subject: Subject, isTerm: boolean): Phrase {
  const { formula: here, all, spine } = site, op = opOf(by), no = "which does not belong there.";
  // Where all that follows only multiplies, the place of a factor does not matter.
  const inProduct = !isTerm && spine.every((part) => PRODUCTS.test(opOf(part)));
  const product = inProduct ? all : here;
  const alone = (missing: Phrase) => inProduct ? say`${missing}.` : standsAlone(missing, site, subject);
  if (op === "add") return say`${text(other)} has to be added to ${short(here)}.`;
  if (op === "sub") return say`${text(other)} has to be subtracted from ${short(here)}.`;
  if (op === "div") {
    if (isFactor(product, other, 1)) return say`you multiply by ${text(other)}, ${no}`;
    return alone(say`a division by ${text(other)} is missing`);
  }
  const above = unsummed(other);
  if (isAbove(above, subject) && !isOne(above, subject) && !leavesIn(all).some((one) => sameLeaf(one, above))) {
    return chainRule(above);
  }
  if (short(here) === short(other)) return say`the square is missing: ${text(other)} stands alone.`;
  const picked = pickedBy(other);
  if (picked) return onlyAt(picked);
  if (isFactor(product, other, -1)) return say`you divide by ${text(other)}, ${no}`;
  return alone(say`the factor ${text(other)} is missing`);
}

/** Changes of a whole array, as a sentence about `what` they were done to, which has so many dimensions. */
const ARRAYS_SAID: Record<string, (what: string, rank: number, ...args: number[]) => Phrase> = {
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

const VERBS: Record<string, string> = { add: "add", sub: "subtract", mul: "multiply by", div: "divide by" };

function leftOut({ site, by: kept, other }: Change, { first, isRecent, inferred }: Subject): Phrase {
  const here = site.formula as Step, op = opOf(here), isFirst = kept === here.args[0];
  const no = (phrase: Phrase) =>
    within(say`${phrase}, which does not belong there.`, isAgain(other, site) ? here : undefined);
  if (Object.hasOwn(ARRAYS_SAID, op)) {
    const rank = attempt(() => evaluate(kept, first).shape.length) ?? 0;
    return ARRAYS_SAID[op](short(kept), rank, ...here.args.slice(1) as number[]);
  }
  if (here.op.endsWith("_") && isLeaf(kept) && isFirst) {
    const isOwn = isRecent?.(here) && kept.gradient;
    return isOwn ? no(say`${written(kept)} was changed in place by ${short(here)}`) : inPlace(kept, here);
  }
  if (inferred && isFirst && (op === "mul" || op === "div")) return tooMany(op, other, inferred);
  if (VERBS[op] && (isFirst || op === "add" || op === "mul")) return no(say`you ${VERBS[op]} ${text(other)}`);
  switch (op) {
    case "neg":
      // Inside a function it is not the sign of the whole.
      if (
        site.spine.some((part) => /^(pow|softmax|gt|lt|ge|le)$/.test(opOf(part)) || ONE_BY_ONE.includes(opOf(part)))
      ) break;
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
  if (!isFirst && here.args[0] !== kept && !isFormula(here.args[0])) return instead(here, kept);
  if (inferred && /^(T|transpose)$/.test(op)) return say`${short(kept)} is read transposed.`;
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

/** The step that changed a gradient in place, after which it got another name. */
function changedInPlace(here: Leaf, was: Leaf, { originOf }: Subject): Step | undefined {
  const step = originOf?.(here);
  let one = step;
  while (one?.kind === "step" && one.op.endsWith("_") && isFormula(one.args[0])) one = one.args[0];
  return step?.kind === "step" && one !== step && one && sameLeaf(one, was) ? step : undefined;
}

const inPlace = (what: Formula, by: Step) =>
  say`${written(what)} was changed in place by ${short(by)}, and is read here as if it had not been. Work on ${
    written(what)
  }.clone() there.`;

/** Whether indices name as many rows as there are, in another order. */
function isWhole({ args: [, index] }: Step): boolean {
  if (!Array.isArray(index)) return false;
  return index.every((x) => typeof x === "number") && new Set(index).size === index.length &&
    Math.max(...index as number[]) === index.length - 1;
}

function stepPutIn(here: Formula, by: Step, { site }: Change, subject: Subject): Phrase {
  const { first, name, offers, sendings } = subject;
  const root = site.spine.length === 0, yours = attempt(() => formatShape(evaluate(here, first).shape));
  switch (by.op) {
    case "neg": {
      const whole = here.kind === "step" && here.op === "neg" ? here.args[0] : here;
      const term = sendings.length > 1 && sendings.find((one) => one.whole === whole);
      if (term) return { ...say`the term through ${term.reader} has the wrong sign.`, placed: true };
      const place = isLeaf(here) && isAgain(here, site, subject) ? around(site) : undefined;
      return root ? say`the sign is wrong.` : within(say`${short(here)} has the wrong sign.`, place);
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
      if (!(k < 0)) return standsAlone(say`the factor ${text(k)} is missing`, site);
      const missing = isPart ? say`a division by ${number(1 / size)}` : say`the factor ${number(size)}`;
      return standsAlone(say`${missing} is missing, and the sign is wrong`, site);
    }
    case "div":
      return standsAlone(say`a division by ${text(by.args[1])} is missing`, site);
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
  return instead(here, by, isLeaf(here) && isAgain(here, site, subject) ? around(site) : undefined);
}

function operation(here: Step, by: Step, isAgain: boolean): Phrase {
  const was = opOf(here), is = by.op, [a, b] = here.args;
  if (was === "written_over") return ARRAYS_SAID.written_over("", 0);
  if (by.args[0] === a && by.args[1] === b && VERBS[was] && VERBS[is]) {
    return say`you ${VERBS[was]} ${text(b)}; ${VERBS[is]} it.`;
  }
  if ((was === "mean" || was === "sum") && (is === "mean" || is === "sum")) {
    return within(say`you take the ${was} over ${dimension(b)}; the ${is} belongs there.`, isAgain ? here : undefined);
  }
  return instead(here, by);
}

function argument(here: Step, by: Step, isAgain: boolean, { lineNumbers }: Offers): Phrase {
  const differs = (a: Argument, b: Argument) => JSON.stringify(a) !== JSON.stringify(b);
  const k = [...here.args, undefined].findIndex((one, k) => differs(one, by.args[k]));
  const was = here.args[k], is = by.args[k], op = opOf(here);
  if (/^(sum|mean|max|amax|var|softmax|log_softmax|logsumexp)$/.test(op)) {
    if (dimension(here.args[1]) === dimension(by.args[1])) {
      const [keeps, has] = [by, here].map(({ args }) => (args[2] as Options | undefined)?.keepdim ?? false);
      if (keeps && !has) return say`keep the dimension that you sum over: { keepdim: true }.`;
      return say`${has ? say`sum without keepdim: ` : ""}${instead(called(here), called(by))}`;
    }
    const verb = op.includes("softmax") ? "is taken along" : op === "mean" ? "is taken over" : "goes over";
    const phrase = say`the ${reduction(op)} ${verb} ${dimension(here.args[1])}; ${called(by)} belongs there.`;
    return within(phrase, isAgain ? here : undefined);
  }
  if (op === "pow") return instead(here, by);
  // A number that a line has is rather meant.
  const isInverse = typeof was === "number" && typeof is === "number" && isAmong(1 / was, is) &&
    !isAmong(is, ...lineNumbers);
  if (isInverse && (op === "mul" || op === "div")) {
    const [is, belongs] = op === "mul" ? ["multiply", "divide"] : ["divide", "multiply"];
    return say`you ${is} by ${text(was)}; ${belongs} by it.`;
  }
  if (opOf(is) === "mul" && (is as Step).args[1] === was) {
    const [factor] = (is as Step).args, picked = pickedBy(factor);
    if (picked) return onlyAt(picked);
    if (was === 1) return instead(was, factor, here);
    return say`the factor ${text(factor)} is missing: ${text(was)} stands alone.`;
  }
  if (Array.isArray(was) && Array.isArray(is) && !was.every((one) => typeof one === "number")) {
    const [j, ...more] = was.flatMap((one: Argument, i: number) => differs(one, is[i]) ? [i] : []);
    if (more.length > 0) return say`the indices ${text(was[0])} and ${text(was[1])} are exchanged.`;
    return say`the index ${instead(was[j], is[j])}`;
  }
  if (op === "unsqueeze") return instead(called(here), called(by));
  if (typeof was !== "number") return instead(was, is, here);
  // Where the number stands twice, the call tells which.
  const isTwice = short(here).split(/[^\w.−/]+/).filter((one) => one === text(was)).length > 1;
  if (isTwice && called(here).length < 32) return instead(called(here), called(by));
  if (typeof is !== "number" || !/^(mul|div)$/.test(op) || was < 0 || is > 0 || isAmong(was, -is)) {
    return instead(was, is, here);
  }
  return within(say`${text(was)} stands where ${text(-is)} belongs, and the sign is wrong.`, here);
}

const reduction = (op: string) => op.replace(/^a?max$/, "maximum");

function dimension(dim: Argument): string {
  if (dim === undefined) return "everything";
  return Array.isArray(dim) ? `dimensions ${dim.map(text).join(" and ")}` : `dimension ${text(dim)}`;
}
