// Finds the smallest change that makes a formula right, at both points.
//
// First one change, or a plain factor, or both; then each term of a sum by itself; then two changes. What is tried is counted,
// not timed, so the same row is told the same on every machine.
// Left out: words (sentences.ts).
import { inScratch } from "../../tensor/memory.ts";
import { type Change, changesAt, type Offer } from "./changes.ts";
import { COSTS } from "./costs.ts";
import { evaluate, type Formula, parts, type Point, type Step, step } from "./formula.ts";
import { filledWith, type Site, sitesOf, valueWith } from "./sites.ts";
import { factorOf, isPlain, passing, type Subject, type Target, tried } from "./subject.ts";
import { summands, topSummands } from "./sums.ts";

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

/**
 * Steps that may be computed to try single changes, and changes of each kind for pairs; a step takes some 5 to 10 µs at the
 * lecture's sizes.
 */
const BUDGET = { steps: 30_000, first: 60, second: 80, deepest: 12 };

/** The cheapest repairs of a formula: one, or one for each term of a sum. Empty if none is known. */
export function repairs(root: Formula, subject: Subject): Repair[] {
  const whole = repair(root, subject, subject.target, subject.otherTarget);
  if (whole && whole.cost < COSTS.plausible) return [whole];
  const top = topSummands(root), asWritten = top.length > 1 ? repairTerms(top, subject) : [];
  const apart = asWritten.length > 0 ? asWritten : repairTerms(summands(root), subject), cost = costOf(apart);
  if (apart.length > 0 && !(whole && whole.cost <= cost)) return apart;
  if (whole) return [whole];
  const two = repairTwice(root, subject);
  return two ? [two] : [];
}

/** What several repairs cost together: each in a term of its own is nearer than all in one. */
export function costOf(repairs: readonly Repair[]): number {
  return Math.max(0, ...repairs.map(({ cost }) => cost)) + COSTS.second * Math.max(0, repairs.length - 1);
}

/** One change, a plain factor, or both. */
export function repair(
  root: Formula,
  subject: Subject,
  to: Target,
  other: Target | undefined,
  shared: ReadonlySet<Formula> = new Set(),
): Repair | undefined {
  const { first, second } = subject;
  let best = asFactor(root, subject, to, other);
  try {
    for (const part of parts(root)) evaluate(part, first);
  } catch {
    return best; // it cannot be run with tensors of the right shapes
  }
  const fits = fitsAlready(root, first, to);
  const changes = sitesOf(root, fits).flatMap((site) => [...candidates(site, subject)]).sort((a, b) => a.cost - b.cost);
  let steps = 0;
  for (const change of changes) {
    steps += 2 + change.site.spine.length;
    if (steps > BUDGET.steps) break;
    if (isShared(change.site, shared)) continue;
    if (best && change.cost >= best.cost) break;
    const factor = outcome(change, subject, to);
    if (factor === undefined) continue;
    const cost = change.cost + (factor === 1 ? 0 : factor === -1 ? 0.7 * COSTS.second : COSTS.second);
    if (best && cost >= best.cost) continue;
    if (
      factor !== 1 &&
      (!isPlain(factor, subject) || change.kind === "term" || change.kind === "plus" || change.kind === "minus" ||
        (change.kind === "instead" && change.site.spine.length === 0))
    ) continue;
    if (second && other && !agrees(tried(filledWith(change.site, change.by), second, other), factor)) continue;
    const all = isFree(filledWith(change.site, change.by), subject, to, factor) ? cost : cost + COSTS.notFree;
    if (best && all >= best.cost) continue;
    best = { changes: [change], factor, of: root, cost: all };
  }
  return best;
}

/** Whether what stands at a place belongs to other terms, too: a change there would change them as well. */
function isShared({ formula, parent }: Site, shared: ReadonlySet<Formula>): boolean {
  return (formula.kind === "step" && shared.has(formula)) || (parent !== undefined && shared.has(parent));
}

/** Whether a formula is right whatever the gradients from above are, as one line's own formula is. */
function isFree(formula: Formula, subject: Subject, to: Target, factor: number): boolean {
  return to !== subject.target || agrees(tried(formula, subject.free, subject.freeTarget), factor);
}

function fitsAlready(root: Formula, point: Point, to: Target): boolean {
  return evaluate(root, point).shape.join() === to.shape.join();
}

/** The changes at a place; none where what stands there cannot be run. */
function* candidates(site: Site, { offers, first }: Subject): Generator<Change> {
  try {
    yield* changesAt(site, offers, first);
  } catch {
    // A part of it has no value at the learner's numbers.
  }
}

/** By how much the whole is off after a change. */
function outcome({ site, by }: Change, { first }: Subject, to: Target): number | undefined {
  return inScratch(() => {
    try {
      return factorOf(valueWith(site, passing(by, first), first), to);
    } catch {
      return undefined;
    }
  });
}

/** Nothing is wrong but a factor. */
function asFactor(root: Formula, subject: Subject, to: Target, other: Target | undefined): Repair | undefined {
  const { first, second } = subject, factor = tried(root, first, to);
  if (factor === undefined || !isPlain(factor, subject)) return undefined;
  if (second && other && !agrees(tried(root, second, other), factor)) return undefined;
  const free = factor === 1 || isFree(root, subject, to, factor) ? 0 : COSTS.notFree;
  return { changes: [], factor, of: root, cost: factorCost(factor) + free };
}

function factorCost(factor: number): number {
  if (factor === 1) return 0;
  return factor === -1 ? COSTS.sign : factor > 0 ? COSTS.factor : COSTS.factor + COSTS.second;
}

function agrees(factor: number | undefined, expected: number): boolean {
  return factor !== undefined && Math.abs(factor - expected) <= 1e-7 * Math.abs(expected);
}

/** A sum taken apart: each of its terms is held against what one line sends back, and repaired by itself. */
function repairTerms(terms: readonly Formula[], subject: Subject): Repair[] {
  const { first, second } = subject;
  const sent = subject.sendings.flatMap(({ reader, terms, whole }) =>
    subject.sendings.length > 1 ? [{ reader, formula: whole }] : terms.map((formula) => ({ reader, formula }))
  ).map((one) => ({
    ...one,
    to: aim(one.formula, subject, "first"),
    other: second && aim(one.formula, subject, "second"),
  }));
  if (terms.length > 8 || (terms.length < 2 && sent.length < 2)) return [];
  // Each in the shape of the whole, whatever is changed in it.
  const own = terms.map((term) => step("spread", term, ...subject.offers.shape));
  const left = new Set(own), missing = new Set(sent), twice: Repair[] = [];
  const inOthers = (term: Formula) => new Set(own.filter((one) => one !== term).flatMap(parts));
  for (const term of own) {
    for (const one of missing) {
      if (tried(term, first, one.to) !== 1) continue;
      if (second && one.other && tried(term, second, one.other) !== 1) continue;
      left.delete(term);
      missing.delete(one);
      break;
    }
  }
  const found: Repair[] = twice;
  // What one line sends back may be written as several terms.
  if (missing.size === 1 && left.size > 1) {
    const [one] = missing, together = [...left].reduce((sum, term) => step("add", sum, term));
    const fixed = repair(together, subject, one.to, one.other);
    if (fixed) return [{ ...fixed, reader: one.reader }];
  }
  for (const term of [...left]) {
    // What is there twice is not half of what is missing.
    const again = sent.find((one) => !missing.has(one) && tried(term, first, one.to) === 1);
    if (again) {
      twice.push({ changes: [], factor: 2, reader: again.reader, of: again.formula, cost: COSTS.leftOut });
      left.delete(term);
      continue;
    }
    let best: { repair: Repair; one: typeof sent[number] } | undefined;
    for (const one of missing) {
      const fixed = repair(term, subject, one.to, one.other, inOthers(term)) ??
        repairFactors(term, subject, one.to, one.other);
      if (fixed && (!best || fixed.cost < best.repair.cost)) best = { repair: { ...fixed, reader: one.reader }, one };
    }
    if (!best) continue;
    found.push(best.repair);
    left.delete(term);
    missing.delete(best.one);
  }
  const matched = own.length - left.size - found.length;
  if (left.size > 1 || missing.size > (matched + found.length > 0 ? 2 : 1) || (left.size > 0 && missing.size > 0)) {
    return [];
  }
  for (const { reader, formula } of missing) {
    found.push({ changes: [], factor: 1, reader, term: "missing", of: formula, cost: COSTS.term });
  }
  for (const term of left) found.push({ changes: [], factor: 1, term: "extra", of: term, cost: COSTS.leftOut });
  return found.length <= 3 ? found : [];
}

function aim(formula: Formula, subject: Subject, which: "first" | "second"): Target {
  const point = subject[which]!, tensor = evaluate(formula, point), numbers = tensor.toArray();
  let at = 0;
  numbers.forEach((x, i) => at = Math.abs(x) > Math.abs(numbers[at]) ? i : at);
  return { tensor, shape: tensor.shape, numbers, at, tolerance: 1e-9 * Math.abs(numbers[at] ?? 0) };
}

/** Two factors that are missing, or there too many: what one forgets together in a formula in one go. */
function repairFactors(root: Formula, subject: Subject, to: Target, other: Target | undefined): Repair | undefined {
  const { first, second, offers } = subject, close = offers.tensors.filter(({ close, slope }) => close || slope);
  const [whole] = sitesOf(root, true), times = (x: Formula, { formula }: Offer, op: string) => step(op, x, formula);
  for (const [i, a] of close.entries()) {
    for (const b of close.slice(0, i)) {
      for (const [p, q] of [["mul", "mul"], ["mul", "div"], ["div", "mul"]]) {
        const one = times(root, a, p), two = times(one, b, q), factor = tried(two, first, to);
        if (factor === undefined || !isPlain(factor, subject)) continue;
        if (second && other && !agrees(tried(two, second, other), factor)) continue;
        const change = (op: string, by: Formula, { formula }: Offer): Change => ({
          kind: op === "mul" ? "times" : "over",
          site: whole,
          by,
          other: formula,
          cost: COSTS.closeFactor,
        });
        const cost = 2 * COSTS.closeFactor + (factor === 1 ? 0 : COSTS.second);
        return { changes: [change(p, one, a), change(q, two, b)], factor, of: root, cost };
      }
    }
  }
}

/** Two changes, both of the cheap kinds. */
function repairTwice(root: Formula, subject: Subject): Repair | undefined {
  const { first, second, target: to, otherTarget: other, offers } = subject;
  const factors = repairFactors(root, subject, to, other);
  if (factors) return factors;
  // One of the numbers that a size suggests, in one of two changes, fits too much.
  const few = { ...offers, tensors: offers.tensors.filter(({ close }) => close), terms: [], numbers: [] };
  const cheapest = (formula: Formula, point: Point, most: number) => {
    try {
      for (const part of parts(formula)) evaluate(part, point);
      const all = sitesOf(formula, true).flatMap((
        site,
      ) => [...candidates(site, { ...subject, offers: few, first: point })]);
      return all.filter(isCheap).sort((a, b) => a.cost - b.cost).slice(0, most);
    } catch {
      return [];
    }
  };
  let best: Repair | undefined;
  const deepest = Math.max(...sitesOf(root, true).map(({ spine }) => spine.length));
  for (const one of deepest > BUDGET.deepest ? [] : cheapest(root, first, BUDGET.first)) {
    const changed = filledWith(one.site, one.by);
    inScratch(() => {
      const point = { leaves: first.leaves, values: new Map(first.values) };
      for (const two of cheapest(changed, point, BUDGET.second)) {
        if (best && one.cost + two.cost >= best.cost) break;
        const factor = outcome(two, { ...subject, first: point }, to);
        if (factor !== 1 && factor !== -1) continue;
        if (second && other && !agrees(tried(filledWith(two.site, two.by), second, other), factor)) continue;
        best = { changes: [one, two], factor, of: root, cost: one.cost + two.cost };
      }
    });
  }
  return best;
}

/** What may be one of two changes. */
function isCheap({ cost, kind, by }: Change): boolean {
  if (kind === "term" || kind === "over" || kind === "order") return false;
  const op = kind === "putIn" ? (by as Step).op : "";
  return op === "add" || (cost < 1.06 && op !== "softmax");
}
