// The order in which repairs are looked for: near ones first, of the whole and of each term of a sum; then farther ones; then two
// at once.
// Left out: one change (repair.ts), and sums (sums.ts).
import { inScratch } from "../../tensor/memory.ts";
import { type Change, COSTS, type Offers } from "./change.ts";
import { attempt, evaluate, type Formula, isFormula, opOf, type Point } from "../formula/formula.ts";
import { isZero, sitesOf } from "./places.ts";
import { changed, changesIn, costOf, isRightThere, isSpent, outcome, type Repair, repair } from "./repair.ts";
import type { Subject } from "./subject.ts";
import { isAmong } from "./target.ts";
import { type Fix, type Sum, sumsOf } from "./sums.ts";

/** What the changes cost that are tried at once. */
const LEVELS = [[0, COSTS.plausible], [COSTS.plausible, COSTS.putIn + COSTS.depth * 40], [
  COSTS.putIn + COSTS.depth * 40,
  Infinity,
]] as const;

/** How many changes may be the first, and the second, of two; and how deep a formula may be for them. */
const PAIRS = { first: 60, second: 80, deepest: 12 };

/** A way to read the formula: with names for what is in it, or without; and the sums that it may be. */
interface Way {
  readonly root: Formula;
  readonly sums: readonly Sum[];
}

/**
 * The cheapest repairs of a formula, which may be read in several ways: one, or one for each term of a sum. Empty if none is
 * known.
 */
export function repairs(subject: Subject, ...roots: readonly Formula[]): Repair[] {
  const ways = roots.map((root): Way => ({ root, sums: sumsOf(root, subject) }));
  let best: Repair[] = [];
  for (const way of ways) {
    const found = single(way, subject);
    if (found.length > 0 && !(best.length > 0 && costOf(best) <= costOf(found))) best = found;
    if (best.length > 0 && costOf(best) < COSTS.plausible) return best;
  }
  if (best.length > 0 && costOf(best) < COSTS.far) return best;
  for (const way of ways) if (best.length === 0) best = twofold(way, subject);
  for (const { sums } of ways) if (best.length === 0) best = sums.flatMap((sum) => sum.other() ?? []).slice(0, 1);
  return best;
}

/** One change in the whole, or in each wrong term. */
function single({ root, sums }: Way, subject: Subject): Repair[] {
  let whole: Repair | undefined;
  const nearest = (least: number, most: number) => {
    const one = repair(root, subject, { least, most });
    if (one && !(whole && whole.cost <= one.cost)) whole = one;
  };
  for (const [least, most] of LEVELS) {
    nearest(least, most);
    // A change and a factor of the whole may be two slips, one in each of two terms.
    const isMixed = whole && slipsIn(whole) > 1 && sums.some((sum) => sum.hasSeveral);
    if (whole && whole.cost < most && !isMixed) return [whole];
    // A term is not to be made right by another that is added to it.
    const within = { least, most: Math.min(most, COSTS.far) };
    const terms = apart(sums, (term, aimed, shared) => repair(term, aimed, { ...within, shared }));
    if (isMixed && areTwoSlips(terms)) return terms;
    if (whole && whole.cost < most) return [whole];
    if (terms.length === 0) continue;
    const cost = costOf(terms);
    if (cost > most) nearest(most, cost);
    return whole && whole.cost <= cost ? [whole] : terms;
  }
  return whole ? [whole] : [];
}

/** How many slips a repair mends: changes, a factor, and a sign. */
const slipsIn = ({ changes, factor }: Repair) => changes.length + Number(Math.abs(factor) !== 1) + Number(factor < 0);

/** Whether it is one slip in each of two terms, and not the same factor in both. */
function areTwoSlips([one, two, ...more]: readonly Repair[]): boolean {
  return two !== undefined && more.length === 0 && !one.term && !two.term && slipsIn(one) + slipsIn(two) < 3 &&
    (!isAmong(one.factor, two.factor) || one.changes.length > 0);
}

/** Two changes in a term; or one in what several terms have, (a + b)·A for a·A + b·B; or two in the whole. */
function twofold({ root, sums }: Way, subject: Subject): Repair[] {
  const few = { offers: fewOf(subject), known: new Map(), only: cheapest }, alone = { known: new Map() };
  const made = (one: Subject, by: Partial<Subject>): Subject => ({ ...one, ...by, ordered: new Map() });
  const found = apart(
    sums,
    (term, aimed, shared) =>
      repair(term, made(aimed, alone), { most: COSTS.far }) ?? repairTwice(term, made(aimed, few), shared),
  );
  const whole = found.length > 0 ? undefined : repairTwice(root, made(subject, few));
  return whole ? [whole] : found;
}

/** Repairs of the terms of the first sum for which there are any. */
function apart(sums: readonly Sum[], fix: Fix): Repair[] {
  for (const sum of sums) {
    const found = sum.repairs(fix);
    if (found.length > 0) return found;
  }
  return [];
}

/** What is offered for two changes at once. One of the numbers that a size suggests fits too much then. */
function fewOf({ offers }: Subject): Offers {
  const tensors = offers.tensors.filter(({ close, slope }) => close || slope);
  return { ...offers, tensors, terms: [], numbers: [], calls: [] };
}

/** Two changes, both of the cheap kinds. */
function repairTwice(root: Formula, subject: Subject, shared?: ReadonlySet<Formula>): Repair | undefined {
  const { first, known } = subject;
  const changes = (of: Formula, point: Point) =>
    known.has(of) || attempt(() => evaluate(of, point)) ? cheapest(changesIn(of, true, subject, point, shared)) : [];
  let best: Repair | undefined;
  if (sitesOf(root, true).some(({ spine }) => spine.length > PAIRS.deepest)) return undefined;
  for (const one of changes(root, first).slice(0, PAIRS.first)) {
    if (isSpent(subject)) break;
    inScratch(() => {
      const point = { leaves: first.leaves, values: new Map(first.values) };
      for (const two of changes(changed(one), point)) {
        const cost = one.cost + two.cost;
        if (best && cost >= best.cost || isSpent(subject)) break;
        if (two.site.formula === one.by && one.kind === "putIn") continue; // what was put in, and is changed at once
        const factor = outcome(two, point, subject);
        // Two signs and a third are one change.
        if (factor !== 1 && (factor !== -1 || [one, two].some(({ by }) => opOf(by) === "neg"))) continue;
        if (!isRightThere(changed(two), factor, subject)) continue;
        best = { changes: [one, two], factor, of: root, cost };
      }
    });
  }
  return best;
}

/** What may be one of two changes. */
function cheapest(changes: readonly Change[]): Change[] {
  return changes.filter(isCheap).sort((a, b) => a.cost - b.cost).slice(0, PAIRS.second);
}

function isCheap({ cost, kind, by, other, site }: Change): boolean {
  const put = kind === "putIn" ? opOf(by) : "";
  const isSlope = isFormula(other) && other.kind === "step";
  if (
    kind === "term" || kind === "order" || kind === "instead" && isZero(site.formula) || put === "div" ||
    put === "mul" && isSlope
  ) return false;
  return put === "add" && !isFormula(other) || cost < (kind === "instead" ? COSTS.elementwise : 1.08);
}
