// A sum taken apart: each of its terms is held against what one line sends back, and repaired by itself.
// Left out: how a term is repaired (repair.ts), and which sums are tried first (search.ts).
import { type Change, COSTS } from "./change.ts";
import {
  attempt,
  evaluate,
  type Formula,
  hasWrites,
  isLeaf,
  leavesIn,
  operands,
  parts,
  type Point,
  replaced,
  step,
  sumOf,
} from "../formula/formula.ts";
import { written } from "./notation.ts";
import { isZero, rootOf, summands, topSummands } from "./places.ts";
import { isRightThere, type Repair } from "./repair.ts";
import { isNamed, type Sending, sendingsOf, type Subject } from "./subject.ts";
import { largest, passing, target, targetOf, tried } from "./target.ts";

/** Repairs one term; what is in `shared` belongs to other terms, too. */
export type Fix = (term: Formula, aimed: Subject, shared: ReadonlySet<Formula>) => Repair | undefined;

/** What a line sends back, all of it or a term. */
interface Sent {
  readonly reader: string;
  readonly formula: Formula;
  readonly aimed: Subject;
  /** Where it is not zero, if that is not everywhere. */
  readonly places: string;
  /** Whether it is all that the line sends. */
  readonly isWhole: boolean;
}

/** The ways in which a formula may be a sum of what the lines send back: coarse ones first. */
export function sumsOf(root: Formula, subject: Subject): Sum[] {
  // Each in the shape of the whole, whatever is changed in it.
  const spread = (terms: Formula[]) => terms.map((term) => step("spread", term, ...subject.offers.shape));
  const { sendings } = subject, top = spread(topSummands(root)), all = spread(summands(root));
  const wholes = sendings.map(({ reader, whole }) => ({ reader, of: whole }));
  const pieces = sendings.flatMap(({ reader, terms }: Sending) => terms.map((of) => ({ reader, of })));
  const deeper = pieces.flatMap(({ reader, of }) => withoutNameless(of, subject).map((of) => ({ reader, of })));
  const finer = [wholes, pieces, deeper].filter((way, i, ways) => i === 0 || way.length > ways[i - 1].length);
  const ways = sendings.length < 2 && finer.length > 1 ? finer.slice(1) : finer;
  const isCoarse = top.length > 1 && top.length < all.length;
  // A piece lacks no term: that would be another piece.
  const ofPieces = { ...subject, offers: { ...subject.offers, terms: [] }, known: new Map() };
  return ways.flatMap((sent, i) => {
    const isWhole = sent === wholes, from = isWhole ? subject : ofPieces;
    return (isCoarse && i === 0 ? [top, all] : [all]).map((terms) =>
      new Sum(
        terms,
        sent.map(({ reader, of }) => {
          const aimed = aimedAt(of, from, isWhole);
          return { reader, formula: of, aimed, places: placesOf(aimed.target.numbers), isWhole };
        }),
        subject,
      )
    );
  });
}

/** So many lines on, and so many terms are there at the most. */
const FAR_ON = 3, MOST = 8;

/** A term with the gradients in it that have no row, and are sums themselves, as each of their terms. */
function withoutNameless(term: Formula, { offers, points: { derivation } }: Subject): Formula[] {
  const named = offers.tensors.flatMap(({ formula }) => isLeaf(formula) ? formula.name : []);
  let terms = [term];
  for (let i = 0; i < FAR_ON; i++) {
    const next = terms.flatMap((one) => {
      const [gradient] = leavesIn(one).filter((part) => part.gradient && !named.includes(part.name));
      const sent = gradient ? sendingsOf(gradient.name.slice(1), derivation).flatMap(({ terms }) => terms) : [];
      return sent.length === 0 ? [one] : sent.map((by) => replaced(one, gradient, by));
    });
    if (next.length > MOST) break;
    terms = next;
  }
  return terms.length > 1 ? terms : [term];
}

/** Terms, and what they should be. */
export class Sum {
  readonly #own: readonly Formula[];
  readonly #sent: readonly Sent[];
  readonly #subject: Subject;
  /** Terms that are wrong, and what is not there. */
  readonly #left = new Set<Formula>();
  readonly #missing = new Set<Sent>();
  /** Repairs that are known, for a wrong term and what it may be meant for. */
  readonly #known = new Map<Formula, Map<Sent, Repair>>();

  constructor(terms: readonly Formula[], sent: readonly Sent[], subject: Subject) {
    const { first } = subject;
    // Rounding is nothing.
    const most = 1e-9 * largest(subject.target.numbers);
    const isNothing = (term: Formula) => attempt(() => largest(passing(term, first).toArray()) <= most);
    this.#own = terms.filter((term) => !isZero(operands(term)[0]) && !isNothing(term));
    this.#subject = subject;
    // What is nothing here, anything would be that is nothing.
    this.#sent = sent.filter(({ formula }) => !isNothing(formula));
    this.#missing = new Set(this.#sent);
    for (const term of this.#own) {
      const one = [...this.#missing].find(({ aimed }) =>
        tried(term, first, aimed.target) === 1 && isRightThere(term, 1, aimed)
      );
      if (one) this.#missing.delete(one);
      else this.#left.add(term);
    }
  }

  /** Whether it has terms beside one another. */
  get hasSeveral(): boolean {
    return this.#own.length > 1;
  }

  /** A repair for each term that is wrong, with `fix` for one of them; empty if that does not make the sum right. */
  repairs(fix: Fix): Repair[] {
    const own = this.#own, left = new Set(this.#left), missing = new Set(this.#missing), found: Repair[] = [];
    if (own.length > 8 || own.length === 0 || own.length < 2 && this.#sent.length < 2) return [];
    // What one line sends back may be written as several terms.
    if (missing.size === 1 && left.size > 1 && (this.#sent.length > 1 || left.size < own.length)) {
      const [{ reader, aimed }] = missing;
      const others = new Set(own.filter((term) => !left.has(term)).flatMap(parts));
      const fixed = fix(sumOf([...left])!, aimed, others);
      if (fixed) return [{ ...fixed, reader }];
    }
    for (const term of [...left]) {
      // What is there twice is not half of what is missing; what only comes to the same was meant for something else.
      if (!own.some((other) => other !== term && written(other) === written(term))) continue;
      const again = this.#sent.find((one) =>
        !missing.has(one) && tried(term, this.#subject.first, one.aimed.target) === 1
      );
      if (!again) continue;
      found.push({ changes: [], factor: 2, reader: again.reader, of: again.formula, cost: COSTS.leftOut });
      left.delete(term);
    }
    // More than can be left: the turns of a loop, say.
    if (left.size > Math.max(2, missing.size + 1)) return [];
    const all = [...left],
      wanted = [...missing],
      fixes = all.map((term) => {
        const places = this.#placesOf(term), own = wanted.filter((one) => places && one.places === places);
        return wanted.map((one) => own.length === 0 || own.includes(one) ? this.#fixed(term, one, fix) : undefined);
      });
    for (const [i, j] of assigned(fixes.map((row) => row.map((one) => one?.cost)))) {
      found.push(fixes[i][j]!);
      left.delete(all[i]);
      missing.delete(wanted[j]);
    }
    // Two may be too many where all that belong there are there: (a + b)·(c + d) for a·c + b·d; any may be missing beside right ones.
    const isTooMany = left.size > (found.length === 0 ? 2 : 1) ||
      missing.size > (left.size === own.length ? 1 : found.length > 0 ? 2 : Infinity);
    // A loop that has to do something else, beside terms that are missing, is one that does it for all of them.
    const isLoop = found.some(({ changes }) => changes.some(({ kind }) => kind === "turns"));
    // One that lacks a term, or has two slips, beside one too many was not meant for that.
    const isOther = found.some(({ changes: [one, two] }) => one?.kind === "term" || two);
    if (isTooMany || isOther && left.size > 0 || missing.size > 0 && (left.size > 0 || isLoop)) return [];
    for (const { reader, formula } of missing) {
      found.push({ changes: [], factor: 1, reader, term: "missing", of: formula, cost: COSTS.term });
    }
    for (const term of left) found.push({ changes: [], factor: 1, term: "extra", of: term, cost: COSTS.leftOut });
    return found.length <= 4 || found.every(({ term }) => term === "missing") ? found : [];
  }

  /** The one term that is wrong, for which what belongs there stands as a whole; undefined where it is not one. */
  other(): Repair | undefined {
    const [term] = this.#left, [sent] = this.#missing;
    if (this.#left.size !== 1 || this.#missing.size !== 1 || !this.hasSeveral) return undefined;
    const site = rootOf(term), { formula: by, reader, isWhole } = sent, cost = COSTS.far + COSTS.index;
    // Of a loop nobody would know it again.
    if (!isNamed(by, this.#subject) || hasWrites(term, 1)) return undefined;
    const change: Change = { kind: "instead", site, by, cost };
    return { changes: [change], factor: 1, of: term, reader, isTerm: true, isPiece: !isWhole, isLast: true, cost };
  }

  #placesOf(term: Formula): string {
    return placesOf(attempt(() => passing(term, this.#subject.first).toArray()) ?? new Float64Array());
  }

  #fixed(term: Formula, one: Sent, fix: Fix): Repair | undefined {
    const known = this.#known.get(term) ?? new Map<Sent, Repair>();
    this.#known.set(term, known);
    if (!known.has(one)) {
      const by = fix(term, one.aimed, new Set(this.#own.filter((other) => other !== term).flatMap(parts)));
      if (by) known.set(one, { ...by, reader: one.reader, isTerm: this.#own.length > 1, isPiece: !one.isWhole });
    }
    return known.get(one);
  }
}

/** Where numbers are not zero, as text: parts of a tensor are told by that. Empty where they are everywhere. */
function placesOf(numbers: Float64Array): string {
  return numbers.includes(0) ? numbers.reduce((text, x) => text + (x === 0 ? "0" : "1"), "") : "";
}

/** Which row goes with which column: as many as can, at the least cost. */
function assigned(costs: readonly (number | undefined)[][]): [row: number, column: number][] {
  let best: { pairs: [number, number][]; cost: number } = { pairs: [], cost: Infinity };
  const visit = (row: number, pairs: [number, number][], cost: number) => {
    if (cost >= best.cost) return;
    if (row === costs.length) best = { pairs, cost };
    else {
      costs[row].forEach((one, column) => {
        const isFree = one !== undefined && pairs.every(([, other]) => other !== column);
        if (isFree) visit(row + 1, [...pairs, [row, column]], cost + one);
      });
      visit(row + 1, pairs, cost + 100);
    }
  };
  visit(0, [], 0);
  return best.pairs;
}

/**
 * The search for one term: it has to be what a line sends back. At a corner two terms of one line hang together: what the one
 * has, the other has not, so neither may be anything.
 */
function aimedAt(formula: Formula, subject: Subject, isWhole: boolean): Subject {
  const at = (point: Point) => isWhole ? targetOf(formula, point) : target(evaluate(formula, point));
  const { first, second } = subject;
  return {
    ...subject,
    target: at(first),
    otherTarget: second && at(second),
    freeTarget: undefined,
    ordered: new Map(),
  };
}
