// Finds the smallest change that makes a formula right, at both points.
//
// First one change, or a plain factor, or both; then each term of a sum by itself; then two changes. What is tried is counted,
// not timed, so the same row is told the same on every machine.
// Left out: words (sentences.ts).
import { inScratch } from "../../tensor/memory.ts";
import { type Change, COSTS } from "./change.ts";
import { changesAt } from "./changes.ts";
import { attempt, evaluate, type Formula, isFormula, opOf, parts, type Point, step } from "./formula.ts";
import { filledWith, sitesOf, summands, topSummands, valueWith } from "./places.ts";
import { gradientsIn, isLocal, isPlain, type Subject } from "./subject.ts";
import { factorOf, passing, type Target, target, tried } from "./target.ts";

/** What makes a formula right. */
export interface Repair {
  /** What has to be changed, in a formula or in one of its terms. */
  readonly changes: readonly Change[];
  /** By how much the whole, or the term, is too large after that: 1 if it is right. */
  readonly factor: number;
  /** The line whose term it is, where it is one of several. */
  readonly reader?: string;
  /** Whether a term of this line is missing altogether, or there though no line sends it. */
  readonly term?: "missing" | "extra";
  /** The formula, or the term, that was changed. */
  readonly of: Formula;
  readonly cost: number;
}

/** How many changes may be the first, and the second, of two; and how deep a formula may be for them. */
const PAIRS = { first: 60, second: 80, deepest: 12 };

/** The cheapest repairs of a formula: one, or one for each term of a sum. Empty if none is known. */
export function repairs(root: Formula, subject: Subject): Repair[] {
  const whole = repair(root, subject), top = topSummands(root);
  if (whole && whole.cost < COSTS.plausible) return [whole];
  const apart = (fix: typeof repair) => {
    const { sendings } = subject,
      all = summands(root),
      wholes = sendings.map(({ reader, whole }) => ({ reader, of: whole }));
    const pieces = sendings.flatMap(({ reader, terms }) => terms.map((of) => ({ reader, of })));
    const ways = sendings.length < 2 ? [pieces] : pieces.length > wholes.length ? [wholes, pieces] : [wholes];
    for (const sent of ways) {
      for (const terms of top.length > 1 && sent === ways[0] ? [top, all] : [all]) {
        const found = repairTerms(terms, sent, subject, fix);
        if (found.length > 0) return found;
      }
    }
    return [];
  };
  const terms = apart(repair);
  if (terms.length > 0 && !(whole && whole.cost <= costOf(terms))) return terms;
  if (whole) return [whole];
  const twice = apart((term, aimed, shared) => repair(term, aimed, shared) ?? repairTwice(term, aimed, shared));
  const found = twice.length > 0 ? undefined : repairTwice(root, subject);
  return found ? [found] : twice;
}

/** What several repairs cost together: each in a term of its own is nearer than all in one. */
export function costOf(repairs: readonly Repair[]): number {
  return Math.max(0, ...repairs.map(({ cost }) => cost)) + COSTS.second * Math.max(0, repairs.length - 1);
}

/** One change, a plain factor, or both. What is in `shared` belongs to other terms, too, and stays as it is. */
export function repair(root: Formula, subject: Subject, shared: ReadonlySet<Formula> = new Set()): Repair | undefined {
  const { first } = subject;
  let best = asFactor(root, subject);
  // It may be that it cannot be run with tensors of the right shapes.
  const value = attempt(() => evaluate(root, first));
  if (!value) return best;
  const fits = value.shape.join() === subject.target.shape.join();
  for (const change of changesIn(root, fits, subject, first, shared)) {
    const { site, kind } = change;
    if (best && change.cost >= best.cost || !spent(2 + site.spine.length, subject)) break;
    const factor = outcome(change, first, subject.target);
    if (factor === undefined) continue;
    const cost = change.cost + (factor === 1 ? 0 : factor === -1 ? 0.7 * COSTS.second : COSTS.second);
    if (best && cost >= best.cost) continue;
    const isSummand = kind === "putIn" && isFormula(change.other) && /^(add|sub)$/.test(opOf(change.by));
    const needsNoFactor = kind === "term" || isSummand || kind === "instead" && site.spine.length === 0;
    if (factor !== 1 && (needsNoFactor || !isPlain(factor, subject))) continue;
    if (factor === -1 && isOpposite(change, first)) continue; // all the rest has the wrong sign
    const changed = filledWith(site, change.by);
    if (!isRightThere(changed, factor, subject)) continue;
    const all = isFree(changed, root, subject, factor) ? cost : cost + COSTS.notFree;
    if (!best || all < best.cost) best = { changes: [change], factor, of: root, cost: all };
  }
  return best;
}

/** Every change of a formula but of what is shared, the nearest first; none at places that cannot be run. */
function changesIn(
  root: Formula,
  fits: boolean,
  subject: Subject,
  point: Point,
  shared: ReadonlySet<Formula>,
): Change[] {
  const all: Change[] = [];
  for (const site of sitesOf(root, fits)) {
    if (site.formula.kind === "step" && shared.has(site.formula) || site.parent && shared.has(site.parent)) continue;
    attempt(() => all.push(...changesAt(site, subject.offers, point)));
  }
  spent(all.length / 4, subject);
  return all.sort((a, b) => a.cost - b.cost);
}

/** Whether a change only turns the sign of what stands there. */
function isOpposite({ site, by }: Change, point: Point): boolean {
  return inScratch(() => attempt(() => tried(by, point, target(evaluate(site.formula, point))) === -1)) ?? false;
}

/** Counts steps that are computed; false where a row has had as many as it may. */
function spent(steps: number, { effort }: Subject): boolean {
  effort.left -= steps;
  return effort.left > 0;
}

/** By how much the whole is off after a change. */
function outcome({ site, by }: Change, point: Point, to: Target): number | undefined {
  return inScratch(() => attempt(() => factorOf(valueWith(site, passing(by, point), point), to)));
}

/** Whether a formula is off by this factor at the second point, too. */
function isRightThere(formula: Formula, factor: number, { second, otherTarget }: Subject): boolean {
  return !second || !otherTarget || agrees(tried(formula, second, otherTarget), factor);
}

/**
 * Whether a formula is right whatever the gradients from above are, as one line's own formula is; or was written for several
 * lines in one go, and still is.
 */
function isFree(formula: Formula, from: Formula, subject: Subject, factor: number): boolean {
  const { free, freeTarget } = subject, isInOneGo = gradientsIn(from).length > 0 && !isLocal(from, subject);
  return !freeTarget || agrees(tried(formula, free, freeTarget), factor) || isInOneGo && !isLocal(formula, subject);
}

function agrees(factor: number | undefined, expected: number): boolean {
  return factor !== undefined && Math.abs(factor - expected) <= 1e-7 * Math.abs(expected);
}

/** Nothing is wrong but a factor. */
function asFactor(root: Formula, subject: Subject): Repair | undefined {
  const factor = tried(root, subject.first, subject.target);
  if (factor === undefined || !isPlain(factor, subject) || !isRightThere(root, factor, subject)) return undefined;
  const free = factor === 1 || isFree(root, root, subject, factor) ? 0 : COSTS.notFree;
  const cost = factor === 1 ? 0 : factor === -1 ? COSTS.sign : COSTS.factor + (factor > 0 ? 0 : COSTS.second);
  return { changes: [], factor, of: root, cost: cost + free };
}

/** A sum taken apart: each of its terms is held against what one line sends back, and repaired by itself. */
function repairTerms(
  terms: readonly Formula[],
  sending: readonly { reader: string; of: Formula }[],
  subject: Subject,
  fix: typeof repair,
): Repair[] {
  const { first, second, offers } = subject;
  const sent = sending.map(({ reader, of }) => ({ reader, formula: of, as: aimedAt(of, subject) }));
  if (terms.length > 8 || (terms.length < 2 && sent.length < 2)) return [];
  // Each in the shape of the whole, whatever is changed in it.
  const own = terms.map((term) => step("spread", term, ...offers.shape));
  const left = new Set(own), missing = new Set(sent), found: Repair[] = [];
  const isThat = (term: Formula, { as }: typeof sent[number]) => tried(term, first, as.target) === 1;
  for (const term of own) {
    const one = [...missing].find((one) =>
      isThat(term, one) && (!second || tried(term, second, one.as.otherTarget!) === 1)
    );
    if (!one) continue;
    left.delete(term);
    missing.delete(one);
  }
  // What one line sends back may be written as several terms.
  if (missing.size === 1 && left.size > 1) {
    const [{ reader, as }] = missing, fixed = fix([...left].reduce((sum, term) => step("add", sum, term)), as);
    if (fixed) return [{ ...fixed, reader }];
  }
  for (const term of [...left]) {
    // What is there twice is not half of what is missing.
    const again = sent.find((one) => !missing.has(one) && isThat(term, one));
    if (again) {
      found.push({ changes: [], factor: 2, reader: again.reader, of: again.formula, cost: COSTS.leftOut });
      left.delete(term);
      continue;
    }
    const inOthers = new Set(own.filter((one) => one !== term).flatMap(parts));
    const fixed = [...missing].flatMap((one) => {
      const by = fix(term, one.as, inOthers);
      return by ? [{ one, by: { ...by, reader: one.reader } }] : [];
    });
    const [best] = fixed.sort((a, b) => a.by.cost - b.by.cost);
    if (!best) continue;
    found.push(best.by);
    left.delete(term);
    missing.delete(best.one);
  }
  // Two may be missing, or too many where all that belong there are there: (a + b)·(c + d) for a·c + b·d.
  const isTooMany = left.size > (found.length === 0 ? 2 : 1) || missing.size > (left.size < own.length ? 2 : 1);
  if (isTooMany || left.size > 0 && missing.size > 0) return [];
  for (const { reader, formula } of missing) {
    found.push({ changes: [], factor: 1, reader, term: "missing", of: formula, cost: COSTS.term });
  }
  for (const term of left) found.push({ changes: [], factor: 1, term: "extra", of: term, cost: COSTS.leftOut });
  return found.length <= 3 ? found : [];
}

/** The search for one term: it has to be what a line sends back. */
function aimedAt(formula: Formula, subject: Subject): Subject {
  const at = (point: Point) => target(evaluate(formula, point)), { first, second } = subject;
  return { ...subject, target: at(first), otherTarget: second && at(second), freeTarget: undefined };
}

/** Two changes, both of the cheap kinds. */
function repairTwice(root: Formula, subject: Subject, shared: ReadonlySet<Formula> = new Set()): Repair | undefined {
  const { first, target, offers } = subject;
  // One of the numbers that a size suggests, in one of two changes, fits too much.
  const few = { ...offers, tensors: offers.tensors.filter(({ close }) => close), terms: [], numbers: [] };
  const cheapest = (formula: Formula, point: Point, most: number) =>
    attempt(() => evaluate(formula, point))
      ? changesIn(formula, true, { ...subject, offers: few }, point, shared).filter(isCheap).slice(0, most)
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
  if (kind === "term" || kind === "order" || put === "div") return false;
  return put === "add" && !isFormula(other) || cost < 1.08;
}
