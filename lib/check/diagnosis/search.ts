// The order in which repairs are looked for: near ones first, of the whole and of each term of a sum; then farther ones; then two
// at once.
// Left out: one change (repair.ts), and sums (sums.ts).
import { inScratch } from "../../tensor/memory.ts";
import { type Change, COSTS } from "./change.ts";
import { attempt, evaluate, type Formula, isFormula, opOf, type Point } from "../formula/formula.ts";
import { filledWith, sitesOf } from "./places.ts";
import { changesIn, costOf, isRightThere, outcome, type Repair, repair, spent } from "./repair.ts";
import type { Subject } from "./subject.ts";
import { type Fix, sumsOf } from "./sums.ts";

/** What the changes cost that are tried at once. */
const LEVELS = [[0, COSTS.plausible], [COSTS.plausible, COSTS.putIn + COSTS.depth * 40], [
  COSTS.putIn + COSTS.depth * 40,
  Infinity,
]] as const;

/** How many changes may be the first, and the second, of two; and how deep a formula may be for them. */
const PAIRS = { first: 60, second: 80, deepest: 12 };

/** The cheapest repairs of a formula: one, or one for each term of a sum. Empty if none is known. */
export function repairs(root: Formula, subject: Subject): Repair[] {
  const sums = sumsOf(root, subject);
  let whole: Repair | undefined;
  const apart = (fix: Fix) => {
    for (const sum of sums) {
      const found = sum.repairs(fix);
      if (found.length > 0) return found;
    }
    return [];
  };
  const nearest = (least: number, most: number) => {
    const one = repair(root, subject, { least, most });
    if (one && !(whole && whole.cost <= one.cost)) whole = one;
  };
  for (const [least, most] of LEVELS) {
    nearest(least, most);
    if (whole && whole.cost < most) return [whole];
    // A term is not to be made right by another that is added to it.
    const within = { least, most: Math.min(most, COSTS.summand) };
    const terms = apart((term, aimed, shared) => repair(term, aimed, { ...within, shared })), cost = costOf(terms);
    if (terms.length === 0) continue;
    if (cost > most) nearest(most, cost);
    return whole && whole.cost <= cost ? [whole] : terms;
  }
  if (whole) return [whole];
  // Two slips in a term; or one in what several terms have, (a + b)·A for a·A + b·B.
  const twice = apart((term, aimed, shared) =>
    repair(term, { ...aimed, known: new Map() }, { most: COSTS.summand }) ?? repairTwice(term, aimed, shared)
  );
  const found = twice.length > 0 ? undefined : repairTwice(root, subject);
  return found ? [found] : twice;
}

/** Two changes, both of the cheap kinds. */
function repairTwice(root: Formula, subject: Subject, shared: ReadonlySet<Formula> = new Set()): Repair | undefined {
  const { first, target, offers } = subject;
  // One of the numbers that a size suggests, in one of two changes, fits too much.
  const few = {
    ...offers,
    tensors: offers.tensors.filter(({ close, slope }) => close || slope),
    terms: [],
    numbers: [],
  };
  const cheapest = (formula: Formula, point: Point, most: number) =>
    attempt(() => evaluate(formula, point))
      ? changesIn(formula, true, { ...subject, offers: few, known: new Map() }, point, shared).filter(isCheap).slice(
        0,
        most,
      )
      : [];
  let best: Repair | undefined;
  if (sitesOf(root, true).some(({ spine }) => spine.length > PAIRS.deepest)) return undefined;
  for (const one of cheapest(root, first, PAIRS.first)) {
    if (!spent(0, subject)) break;
    const changed = filledWith(one.site, one.by);
    inScratch(() => {
      const point = { leaves: first.leaves, values: new Map(first.values) };
      for (const two of cheapest(changed, point, PAIRS.second)) {
        const cost = one.cost + two.cost;
        if (best && cost >= best.cost || !spent(2 + two.site.spine.length, subject)) break;
        const factor = outcome(two, point, target);
        // Two signs and a third are one change.
        if (factor !== 1 && (factor !== -1 || [one, two].some(({ by }) => opOf(by) === "neg"))) continue;
        if (!isRightThere(filledWith(two.site, two.by), factor, subject)) continue;
        best = { changes: [one, two], factor, of: root, cost };
      }
    });
  }
  return best;
}

/** What may be one of two changes. */
function isCheap({ cost, kind, by, other }: Change): boolean {
  const put = kind === "putIn" ? opOf(by) : "";
  const isSlope = isFormula(other) && other.kind === "step";
  if (kind === "term" || kind === "order" || put === "div" || put === "mul" && isSlope) return false;
  return put === "add" && !isFormula(other) || cost < (kind === "instead" ? COSTS.elementwise : 1.08);
}
