// One change as a sentence: what stands there and what belongs there, in the learner's notation, and in a few words why. It is
// made from the change, and from nothing else.
//
// Left out: a step more or less (more_or_less.ts), terms (terms.ts), and several changes together (sentences.ts).
import type { Change, Offers, Turned } from "./change.ts";
import { changedAbove } from "./follows.ts";
import { loopsIn } from "./loops.ts";
import { isMeasured } from "../formula/derive.ts";
import { isFactor, isZero } from "./places.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  isLeaf,
  opOf,
  type Options,
  parts,
  sameLeaf,
  type Step,
} from "../formula/formula.ts";
import { allPlaces, called, enumerated, number, type Phrase, say, short, text } from "./notation.ts";
import type { Subject } from "./subject.ts";
import {
  chainRule,
  COUNTS,
  described,
  isAbove,
  isOne,
  isTimes,
  missingTerms,
  numberEverywhere,
  onlyAt,
  pickedBy,
  pickedNumber,
  sentBy,
} from "./terms.ts";
import { isAmong } from "./target.ts";
import {
  differing,
  dimension,
  instead,
  isAgain,
  placedOnce,
  placeOf,
  reduction,
  timesNumber,
  VERBS,
  within,
} from "./where.ts";
import { ARRAYS_SAID, inPlace, leftOut, operandPutIn, stepPutIn } from "./more_or_less.ts";

/** One change as a sentence; `reader` is the line whose term it is in, where that is known; `isTerm` if there are others. */
export function saidOf(change: Change, subject: Subject, reader?: string, isTerm = false): Phrase {
  return placedOnce(sentenceOf(change, subject, reader, isTerm), change.site, subject.row);
}

function sentenceOf(change: Change, subject: Subject, reader: string | undefined, isTerm: boolean): Phrase {
  const { kind, site: { formula: here }, by, other } = change;
  switch (kind) {
    case "instead": {
      if (isLeaf(by) && isMeasured(by.name)) {
        return { ...say`${short(here)} is not what ${by.name.split(" ")[0]} sends back.`, placed: true };
      }
      if (isZero(by) && by.kind === "step") return say`${short(here)} does not belong there: begin with zeros.`;
      const above = here.kind === "constant" && here.value !== 0 &&
        parts(by).find((part) => isAbove(part, subject) && !isOne(part, subject) && isTimes(by, here, part, subject));
      const some = here.kind === "constant" ? pickedNumber(by, subject) : undefined;
      if (some && isAmong(some.number, (here as { value: number }).value)) return onlyAt(some.picked);
      if (above) return chainRule(above);
      const picked = pickedBy(by);
      if (picked) return say`${short(here)} stands where 1 at ${picked} and 0 elsewhere belongs.`;
      const changed = changedAbove(here, subject);
      if (changed?.names.some((was) => sameLeaf(by, was))) return inPlace(by, changed.by);
      if (subject.offers.terms.includes(by)) {
        if (change.site.spine.length > 0) return missingTerms([sentBy(by, subject)], subject);
        const x = numberEverywhere(by, subject), isNumber = here.kind === "constant" && !here.tensor && x !== undefined;
        if (!isNumber) return say`${short(here)} stands where ${described(by, subject)} belongs.`;
        if (isAmong(x, here.value)) {
          return say`one ${number(x)} for each element belongs there: full_like(${subject.name}, …).`;
        }
        const place = here.shape.length > 0 ? here : undefined;
        return within(say`${number(here.value)} stands where ${number(x)} belongs.`, place);
      }
      const [was] = differing(here, by), isSpread = by.kind === "step" && by.op === "spread" && !change.site.wholeFits;
      if (was === here) return instead(here, isSpread ? { ...by, op: "expand" } : by, placeOf(change.site, subject));
      return instead(here, by, isLeaf(was) && isAgain(was, change.site, subject) ? here : undefined);
    }
    case "leftOut":
      return leftOut(change, subject);
    case "everywhere": {
      const same = saidOf(change.each!, subject);
      if (typeof other === "string") return { ...same, place: other };
      if (Array.isArray(other)) return { ...same, ...say`${same} The same goes for ${enumerated(other as string[])}.` };
      const one = other as Step, isLoop = loopsIn(change.site.all).some(({ at }) => at.length === change.times);
      const where = isLoop ? "every turn" : allPlaces(change.times!);
      return change.each!.kind === "leftOut" && /^(at|narrow)$/.test(opOf(one))
        ? say`you take only a part, ${called(one)}, in ${where}; all of it belongs there.`
        : { ...same, place: where };
    }
    case "accumulate":
      return other
        ? say`what stood there is overwritten; it has to be added to: add_ for ${other as string}.`
        : say`what stood there is overwritten; it has to be added to: { accumulate: true }.`;
    case "turns":
      return turnsSaid(change.turned!);
    case "swap":
      if ((other as Argument[]).length > 2) return say`the parts of ${short(here)} are in reverse order.`;
      return say`${enumerated((other as Argument[]).map(text))} are exchanged.`;
    case "putIn":
      return isFormula(other)
        ? operandPutIn(change, other, subject, isTerm && subject.sendings.length === 1)
        : stepPutIn(here, by as Step, change, subject);
    case "term": {
      const isNothing = attempt(() => evaluate(here, subject.first).toArray().every((x) => Math.abs(x) < 1e-15));
      const sent = sentBy(other as Formula, subject);
      const missing = { ...missingTerms([{ ...sent, reader: reader ?? sent.reader }], subject), placed: true };
      if (!isNothing) return missing;
      const zero = change.site.spine.length === 0 ? say`yours is` : say`${short(here)} is`;
      return { ...missing, ...say`${zero} zero everywhere. ${missing.atStart}` };
    }
    case "factor": {
      const multiplies = opOf(here) === "mul", { args: [, is] } = by as Step;
      const belongs = opOf(by) === opOf(here) ? "" : multiplies ? "a division by " : "the factor ";
      return say`you ${multiplies ? "multiply" : "divide"} by ${text(other)} where ${belongs}${text(is)} belongs.`;
    }
    case "operation":
      return operation(here as Step, by as Step, isAgain(here, change.site), placeOf(change.site, subject));
    case "argument":
      return otherWayRound(change) ?? argument(here as Step, by as Step, isAgain(here, change.site), subject.offers);
    case "order":
      return say`two steps are in the wrong order: ${instead(here, by)}`;
    case "bracket":
      return say`a bracket closes in the wrong place: ${instead(here, by)}`;
    case "again":
      return say`${text(other)} is added ${COUNTS[change.times!] ?? change.times} times; it belongs there once.`;
    case "late": {
      const [factor, gradient] = other as Formula[];
      if (!gradient) {
        return say`you multiply sums; the ${opOf(factor)} of the products belongs there: ${instead(here, by)}`;
      }
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

/** Where the power of a factor or a divisor is the other one: then it is a divisor, or a factor. */
function otherWayRound({ site: { formula, parent }, by }: Change): Phrase | undefined {
  const op = opOf(parent), [was, is] = [formula, by].map((one) => (one as Step).args[1]);
  if (opOf(formula) !== "pow" || is !== -(was as number) || !/^(mul|div)$/.test(op) || parent!.args[1] !== formula) {
    return undefined;
  }
  return say`you ${VERBS[op]} ${text(formula)}; ${op === "mul" ? "divide" : "multiply"} by it.`;
}

function turnsSaid({ says, code, was, is }: Turned): Phrase {
  switch (says) {
    case "leaves out":
      return say`the loop leaves out ${code}.`;
    case "instead":
      return say`${code}, in every turn.`;
    case "too much":
      return say`you ${code}, which does not belong there, in every turn.`;
    case "runs":
      return say`each turn reads what a later one makes: the loop has to run the other way.`;
    case "index":
      return say`the ${code} ${was}; it has to ${is}.`;
    case "indices":
      return say`the indices in ${code} are ${was} in turn; they have to be ${is}.`;
  }
}

/** The tensor that is missing as a factor, where a change says only that. */
export function missingFactor({ kind, other, by, site }: Change, subject: Subject): Formula | undefined {
  const isPlain = kind === "putIn" && isFormula(other) && opOf(by) === "mul" && !pickedBy(other) &&
    !isFactor(site.formula, other, -1) && !isAbove(other, subject);
  return isPlain ? other as Formula : undefined;
}

/** What a factor or a divisor lacks, where it is no number of a line and not one size for another: a size, or the 2 of a square. */
function missingIn(op: string, was: number, is: number, { sizes, lineNumbers, factors }: Offers): Phrase | undefined {
  const factor = op === "mul" ? is / was : was / is, size = Math.round(1 / factor);
  const isSize = (x: number) => [x, 1 / x].some((y) => y > 2 && sizes.some((n) => isAmong(y, n, n - 1)));
  const belongs = (op: string, by: number) => factors.some((one) => one.op === op && isAmong(one.by, by));
  if (isAmong(was, 1) || isAmong(is, ...lineNumbers) && !belongs(op, was)) return undefined;
  if (isAmong(factor, 2)) {
    const isOther = isSize(was) && isSize(is) && !(belongs(op, was) && belongs("mul", 2));
    return isOther ? undefined : say`the factor 2`;
  }
  if (isAmong(1 / factor, size) && isSize(size)) return say`a division by ${size}`;
  // A number of a line, beside one that belongs there
  const own = belongs(op, was) ? factors.find(({ op, by }) => isAmong(factor, op === "mul" ? by : 1 / by)) : undefined;
  return own && (own.op === "mul" ? say`the factor ${number(own.by)}` : say`a division by ${number(own.by)}`);
}

function operation(here: Step, by: Step, isAgain: boolean, place: Formula | undefined): Phrase {
  const was = opOf(here), is = by.op, [a, b] = here.args;
  if (was === "written_over") return ARRAYS_SAID.written_over("", 0);
  if (by.args[0] === a && by.args[1] === b && VERBS[was] && VERBS[is]) {
    return say`you ${VERBS[was]} ${text(b)}; ${VERBS[is]} it.`;
  }
  if ((was === "mean" || was === "sum") && (is === "mean" || is === "sum")) {
    return within(say`you take the ${was} over ${dimension(b)}; the ${is} belongs there.`, isAgain ? here : undefined);
  }
  return instead(here, by, place);
}

function argument(here: Step, by: Step, isAgain: boolean, offers: Offers): Phrase {
  const { lineNumbers, factors } = offers;
  const differs = (a: Argument, b: Argument) => JSON.stringify(a) !== JSON.stringify(b);
  const [k, ...more] = [...here.args, undefined].flatMap((one, k) => differs(one, by.args[k]) ? k : []);
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
  const areFactors = (op === "mul" || op === "div") && typeof was === "number" && typeof is === "number";
  // A number that a line has is rather meant.
  const isInverse = areFactors && isAmong(1 / was, is) && !isAmong(is, ...lineNumbers);
  const isMeant = isInverse && factors.some((one) => one.isWritten && isAmong(one.by, was, is));
  const why = areFactors && !isMeant ? missingIn(op, was, is, offers) : undefined;
  if (why) return within(say`${why} is missing: ${text(was)} stands where ${text(is)} belongs.`, here);
  if (isInverse) {
    const [is, belongs] = op === "mul" ? ["multiply", "divide"] : ["divide", "multiply"];
    return say`you ${is} by ${text(was)}; ${belongs} by it.`;
  }
  if (opOf(is) === "mul" && (is as Step).args[1] === was) {
    const picked = pickedBy((is as Step).args[0]);
    if (picked) return onlyAt(picked);
  }
  if (Array.isArray(was) && Array.isArray(is) && !was.every((one) => typeof one === "number")) {
    const [j, ...more] = was.flatMap((one: Argument, i: number) => differs(one, is[i]) ? [i] : []);
    if (more.length > 0) return say`the indices ${text(was[0])} and ${text(was[1])} are exchanged.`;
    return say`the index ${instead(was[j], is[j])}`;
  }
  if (op === "unsqueeze") return instead(called(here), called(by));
  if (typeof was !== "number") return instead(was, is, here);
  // Where the number stands twice, the call tells which.
  const isTwice = more.length > 0 || timesNumber(here, was) > 1;
  if (isTwice && called(here).length < 32) return instead(called(here), called(by));
  if (typeof is !== "number" || !/^(mul|div)$/.test(op) || was < 0 || is > 0 || isAmong(was, -is)) {
    return instead(was, is, here);
  }
  return within(say`${text(was)} stands where ${text(-is)} belongs, and the sign is wrong.`, here);
}
