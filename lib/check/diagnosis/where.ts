// Which of several: what stands somewhere and what belongs there, and in which calculation, where the same stands elsewhere, too.
//
// Left out: what is said of a change (phrases.ts).
import type { Site } from "./places.ts";
import {
  type Argument,
  type Formula,
  hasWrites,
  isFormula,
  isLeaf,
  leavesIn,
  operands,
  opOf,
  parts,
  sameLeaf,
  type Step,
} from "../formula/formula.ts";
import { apart, enumerated, type Phrase, say, short, text, written } from "./notation.ts";
import type { Subject } from "./subject.ts";

/** What stands somewhere, and what belongs there; or each of two names that differ. */
export function instead(here: Argument, by: Argument, place?: Formula): Phrase {
  if (typeof here === "number" && typeof by === "number" && text(here) === text(by)) {
    const [was, is] = apart(here, by);
    return say`${was} stands where ${is} belongs.`;
  }
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
export function differing(a: Argument, b: Argument): [Argument, Argument] {
  const [one, ...more] = differences(a, b);
  return more.length > 0 ? [a, b] : one;
}

/** With the calculation that it is about, where there are several. */
export const within = (phrase: Phrase, place: Formula | undefined): Phrase =>
  place ? { ...phrase, within: place, place: short(place, true) } : phrase;

/** A phrase whose place is there once in the whole row: the smallest such calculation around it, in a term of which it was found. */
export function placedOnce(phrase: Phrase, { all }: Site, row: Formula | undefined): Phrase {
  let one = phrase.within;
  while (one && row && times(row, one) > 1) one = parts(all).find((part) => operands(part).includes(one!));
  return one && row && one !== phrase.within && times(row, one) === 1 ? within(phrase, one) : phrase;
}

/** The smallest calculation around a place that is not there twice; undefined where what stands there is there once. */
export function whereOf({ formula, all, parent, holed }: Site): Formula | undefined {
  if (times(holed, formula) === 0) return undefined; // in all places
  let one = formula, up: Formula | undefined = parent;
  while (up && times(all, one) > 1) [one, up] = [up, parts(all).find((part) => operands(part).includes(up!))];
  return one === formula ? undefined : one;
}

/** A formula as code, or what it is where nobody would know it again: a loop's turns, written out. */
export function named(formula: Formula): Phrase {
  const first = parts(formula).find((part) => opOf(part) === "write");
  return hasWrites(formula, 1)
    ? say`what the loop adds, ${text((first as Step).args[3])} first,`
    : say`${short(formula)}`;
}

/** The calculation that a tensor is part of, and not only its transpose or its sum. */
export function around({ all, parent }: Site): Formula | undefined {
  let one: Formula | undefined = parent;
  while (/^(T|transpose|view|reshape|sum|neg|clone|spread)$/.test(opOf(one))) {
    one = parts(all).find((part) => operands(part).includes(one!));
  }
  return one ?? parent;
}

/** Whether the same tensor, or the same call, stands elsewhere in the formula, too: then a sentence says where it is wrong. */
export function isAgain(one: Argument, { holed, hole }: Site, { row, sendings }: Partial<Subject> = {}): boolean {
  // In a term through a line it is that term's.
  if (isLeaf(one) && row && sendings?.length === 1 && times(row, one) > times(holed, hole)) return true;
  if (isLeaf(one)) return leavesIn(holed).some((other) => sameLeaf(one, other));
  return isFormula(one) && one.kind === "step" && parts(holed).some((part) => opOf(part) === opOf(one));
}

/** The calculation around what stands at a place, where the same stands elsewhere in the row, too. */
export function placeOf(site: Site, subject: Subject): Formula | undefined {
  const { formula: here, all } = site, { row } = subject;
  if (isLeaf(here)) return isAgain(here, site, subject) ? around(site) : undefined;
  const place = whereOf(site) ?? (row && times(row, here) > times(all, here) ? around(site) : undefined);
  return opOf(place) === "write" ? undefined : place;
}

/** How often a tensor is read, or a calculation stands there. */
export function times(formula: Formula, one: Formula): number {
  const isSame = opOf(formula) === opOf(one) && written(formula) === written(one);
  return formula === one || sameLeaf(formula, one) || one.kind === "step" && isSame
    ? 1
    : operands(formula).reduce((sum, part) => sum + times(part, one), 0);
}

/** What an operation does with its second operand. */
export const VERBS: Record<string, string> = { add: "add", sub: "subtract", mul: "multiply by", div: "divide by" };

/** What a reduction is called. */
export const reduction = (op: string) => op.replace(/^a?max$/, "maximum");

/** The dimensions that a reduction goes over. */
export function dimension(dim: Argument): string {
  if (dim === undefined) return "everything";
  return Array.isArray(dim) ? `dimensions ${enumerated(dim.map(text))}` : `dimension ${text(dim)}`;
}

/** How often a number is written in a calculation, in shapes, too. */
export function timesNumber(formula: Formula, x: number): number {
  const within = (one: Argument): number =>
    one === x
      ? 1
      : isFormula(one)
      ? timesNumber(one, x)
      : Array.isArray(one) && !isIndex(one)
      ? sum(one.map(within))
      : 0;
  // A list of indices is shown as a range, or in part.
  const isIndex = (list: readonly Argument[]) => list.length > 3 && list.every((one) => typeof one === "number");
  if (formula.kind === "constant") return sum(formula.shape.map(within));
  return formula.kind === "step" ? sum(formula.args.map(within)) : 0;
}

const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
