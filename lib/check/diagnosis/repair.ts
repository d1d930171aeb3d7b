// One change that makes a formula right, at both points: or a plain factor, or both.
//
// What is tried is counted, not timed, so the same row is told the same on every machine.
// Left out: sums, and several changes (search.ts, sums.ts), and words (sentences.ts).
import { probesAt, withNumber } from "./altered.ts";
import { inScratch } from "../../tensor/memory.ts";
import { type Change, COSTS } from "./change.ts";
import { ofOneTurn } from "./loops.ts";
import { changesAt } from "./changes.ts";
import { everywhere } from "./everywhere.ts";
import {
  type Argument,
  attempt,
  evaluate,
  type Formula,
  isFormula,
  operations,
  opOf,
  parts,
  type Point,
  step,
  withArgument,
} from "../formula/formula.ts";
import { filledWith, rootOf, sitesOf, valueWith } from "./places.ts";
import { gradientsIn, isLikely, isLocal, isOfLines, isPlain, type Known, type Subject } from "./subject.ts";
import { factorOf, isAmong, mayHit, passing, type Sample, sampleOf, target, tried } from "./target.ts";

/** What makes a formula right. */
export interface Repair {
  /** What has to be changed, in a formula or in one of its terms. */
  readonly changes: readonly Change[];
  /** By how much the whole, or the term, is too large after that: 1 if it is right. */
  readonly factor: number;
  /** The line whose term it is, where it is one of several. */
  readonly reader?: string;
  /** Whether it is of one term beside others, and of one that is not all that the line sends. */
  readonly isTerm?: boolean;
  readonly isPiece?: boolean;
  /** Whether no change is known, but what belongs there as a whole. */
  readonly isLast?: boolean;
  /** Whether a term of this line is missing altogether, or there though no line sends it. */
  readonly term?: "missing" | "extra";
  /** The formula, or the term, that was changed. */
  readonly of: Formula;
  readonly cost: number;
}

/** What several repairs cost together: each in a term of its own is nearer than all in one. */
export function costOf(repairs: readonly Repair[]): number {
  return Math.max(0, ...repairs.map(({ cost }) => cost)) + COSTS.second * Math.max(0, repairs.length - 1);
}

/** Which changes are tried. */
export interface Within {
  /** What belongs to other terms, too, and stays as it is. */
  readonly shared?: ReadonlySet<Formula>;
  /** What they cost: at least so much, and less than so much. */
  readonly least?: number;
  readonly most?: number;
}

/** One change, a plain factor, or both. */
export function repair(
  root: Formula,
  subject: Subject,
  { shared, least = 0, most = Infinity }: Within = {},
): Repair | undefined {
  const { first, freeTarget } = subject;
  let best = asFactor(root, subject);
  // It may be that it cannot be run with tensors of the right shapes, or as a term has another shape.
  const fits = attempt(() => evaluate(root, first))?.shape.join() === subject.target.shape.join();
  for (const offered of changesIn(root, fits, subject, first, shared)) {
    const { site, kind } = offered;
    if (offered.cost < least) continue;
    if (offered.cost >= Math.min(most, best?.cost ?? most) || isSpent(subject)) break;
    const off = outcome(offered, first, subject);
    if (off === undefined) continue;
    const negative = off < 0 ? negated(offered) : undefined,
      change = negative ?? offered,
      factor = negative ? -off : off;
    const cost = offered.cost + beside(factor, subject);
    if (best && cost >= best.cost) continue;
    // Where a calculation in a term is another, a factor beside it would be anything.
    const isAnother = site.spine.every((part) => opOf(part) === "spread") ||
      site.formula.kind === "step" && !freeTarget;
    const needsNoFactor = kind === "term" || kind === "instead" && isAnother;
    if (factor !== 1 && (needsNoFactor || !isLikely(factor, subject))) continue;
    if (factor === -1 && isOpposite(change, first)) continue; // all the rest has the wrong sign
    if (!isRightThere(changed(change), factor, subject)) continue;
    const all = isFree(changed(change), root, subject, factor, change) ? cost : cost + COSTS.notFree;
    if (!best || all < best.cost) best = { changes: [change], factor, of: root, cost: all };
  }
  return best;
}

/** A change with a minus at what it puts there, where somebody who writes that would have it: −y for −x, or for −1/n. */
function negated(change: Change): Change | undefined {
  const { kind, site: { formula }, by, other } = change, neg = (one: Argument) => step("neg", one);
  const isNegative = opOf(formula) === "neg" || formula.kind === "constant" && formula.value < 0;
  if (kind === "instead" && isNegative) return { ...change, by: neg(by) };
  if (by.kind !== "step") return undefined;
  const k = by.args.findIndex((one) => one !== by.args[0] && isFormula(one));
  if (kind === "argument" && typeof other === "number" && other < 0 && k > 0) {
    return { ...change, by: withArgument(by, k, neg(by.args[k])) };
  }
  // A sum of gradients from above may be negative by nature.
  const isSum = kind === "putIn" && by.op === "mul" && opOf(other) !== "" && gradientsIn(other as Formula).length > 0;
  if (!isSum) return undefined;
  return { ...change, by: withArgument(by, k, neg(other)), other: neg(other) };
}

/** What a factor costs beside a change. */
function beside(factor: number, { offers }: Subject): number {
  const sign = factor < 0 ? COSTS.opposite : 0, size = Math.abs(factor);
  if (size === 1) return sign;
  return sign + (isAmong(size, ...offers.numbers, ...offers.lineNumbers) ? COSTS.second : COSTS.oddFactor);
}

/** A change of a loop whose indices are numbers of the data: of what it does in every turn. It can be tried with these only. */
export function repairInLoop(root: Formula, subject: Subject): Repair | undefined {
  const { first, offers, name } = subject;
  const changes = [...everywhere(rootOf(root), name, offers, first)].filter(({ kind }) =>
    /^(accumulate|turns|everywhere)$/.test(kind)
  );
  const change = changes.sort((a, b) => a.cost - b.cost).find((one) =>
    !isSpent(subject) && outcome(one, first, subject) === 1
  );
  return change && { changes: [change], factor: 1, of: root, cost: change.cost };
}

/** Every change of a formula but of what is shared, the nearest first; none at places that cannot be run. */
export function changesIn(
  root: Formula,
  fits: boolean,
  subject: Subject,
  point: Point,
  shared: ReadonlySet<Formula> = new Set(),
): readonly Change[] {
  const ordered = subject.ordered.get(root);
  if (ordered) return ordered;
  const known = subject.known.get(root) ?? knownOf(root, fits, subject, point, shared);
  subject.known.set(root, known);
  const numbers = known.probes.flatMap((one) => withNumber(one, subject) ?? []);
  const all = [...known.changes, ...numbers].sort((a, b) => a.cost - b.cost);
  subject.ordered.set(root, all);
  return all;
}

function knownOf(
  root: Formula,
  fits: boolean,
  subject: Subject,
  point: Point,
  shared: ReadonlySet<Formula>,
): Known {
  const { offers } = subject, changes: Change[] = [], once = ofOneTurn(root);
  const sites = sitesOf(root, fits).filter((site) => {
    const { formula, parent } = site;
    const isShared = formula.kind === "step" && shared.has(formula) || parent && shared.has(parent);
    // What all turns read is exchanged in all of them.
    const isOfOne = once.has(formula) || parent && once.has(parent) && parts(site.holed).includes(formula);
    return !isShared && !isOfOne;
  });
  for (const site of sites) {
    attempt(() => changes.push(...changesAt(site, offers, point)));
    if (!site.parent) attempt(() => changes.push(...everywhere(site, subject.name, offers, point)));
  }
  const probes = sites.flatMap((site) => probesAt(site, point));
  operations.run += Math.ceil(changes.length / 2); // to make them takes time, too
  return { changes: subject.only?.(changes) ?? changes, probes };
}

/** Whether a change only turns the sign of what stands there. */
function isOpposite({ site, by }: Change, point: Point): boolean {
  return inScratch(() => attempt(() => tried(by, point, target(evaluate(site.formula, point))) === -1)) ?? false;
}

/** Whether a row has had as many operations as it may. */
export const isSpent = ({ effort }: Subject): boolean => operations.run > effort;

const formulas = new WeakMap<Change, Formula>();

/** The formula after a change. */
export function changed(change: Change): Formula {
  const made = formulas.get(change) ?? filledWith(change.site, change.by);
  formulas.set(change, made);
  return made;
}

/** What changes make of the whole, by a sample: most of them are no use for another target either. */
const samples = new WeakMap<Change, Sample>();

/** Cannot be run. */
const NOTHING: Sample = { shape: [-1], numbers: [] };

/** By how much the whole is off after a change. */
export function outcome(change: Change, point: Point, subject: Subject): number | undefined {
  const { site, by } = change, sample = samples.get(change), to = subject.target;
  if (sample && !mayHit(sample, to)) return undefined;
  if (!sample) samples.set(change, NOTHING);
  return inScratch(() =>
    attempt(() => {
      const value = valueWith(site, passing(by, point), point);
      if (!sample) samples.set(change, sampleOf(value));
      return factorOf(value, to);
    })
  );
}

/** Whether a formula is off by this factor at the second point, too. */
export function isRightThere(formula: Formula, factor: number, { second, otherTarget }: Subject): boolean {
  return !second || !otherTarget || agrees(tried(formula, second, otherTarget), factor);
}

/** Whether a formula is right, at both points. */
export function isRight(formula: Formula, subject: Subject): boolean {
  return tried(formula, subject.first, subject.target) === 1 && isRightThere(formula, 1, subject);
}

/**
 * Whether a formula is right whatever the gradients from above are, as one line's own formula is. It may also have been written
 * for several lines in one go, and still be after a change; or have a number in their place that they always are.
 */
function isFree(formula: Formula, from: Formula, subject: Subject, factor: number, change?: Change): boolean {
  const { free, freeTarget, areNumbersAbove } = subject;
  if (!freeTarget || agrees(tried(formula, free, freeTarget), factor)) return true;
  if (gradientsIn(from).length > 0) return !isLocal(from, subject) && !isLocal(formula, subject);
  const isOther = change && change.kind !== "argument" && opOf(change.by) !== "index_put";
  return areNumbersAbove && Math.abs(factor) === 1 && isOther === true;
}

function agrees(factor: number | undefined, expected: number): boolean {
  return factor !== undefined && Math.abs(factor - expected) <= 1e-7 * Math.abs(expected);
}

/** Nothing is wrong but a factor. */
function asFactor(root: Formula, subject: Subject): Repair | undefined {
  const factor = tried(root, subject.first, subject.target);
  if (factor === undefined || !isPlain(factor, subject) || !isRightThere(root, factor, subject)) return undefined;
  const isOfLine = subject.areNumbersAbove && isOfLines(factor, subject.offers);
  const free = factor === 1 || isOfLine || isFree(root, root, subject, factor) ? 0 : COSTS.notFree;
  const sign = factor > 0 ? 0 : isLikely(factor, subject) ? COSTS.opposite / 3 : COSTS.second;
  const cost = factor === 1 ? 0 : factor === -1 ? COSTS.sign : COSTS.factor + sign;
  return { changes: [], factor, of: root, cost: cost + free };
}
