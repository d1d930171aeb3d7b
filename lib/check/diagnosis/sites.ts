// The places of a formula at which something may be exchanged, and what comes out if it is.
//
// A place is a hole in the formula. Only what lies between the hole and the root is computed again; the rest has its value.
// Left out: what is put into the hole (changes.ts).
import type { Tensor } from "../../tensor/tensor.ts";
import {
  computed,
  evaluate,
  exchanged,
  type Formula,
  leaf,
  operands,
  parts,
  type Point,
  replaced,
  type Step,
} from "./formula.ts";

/** A place in a formula. */
export interface Site {
  /** What is there. */
  readonly formula: Formula;
  /** The step that it is an operand of; undefined at the root. */
  readonly parent?: Step;
  /** The whole with a hole in this place. */
  readonly holed: Formula;
  /** The hole. */
  readonly hole: Formula;
  /** From the hole to the root: what has to be computed again. */
  readonly spine: readonly Formula[];
  /** Whether the whole formula has the shape that it has to have. */
  readonly wholeFits: boolean;
  /** The whole formula, and the place that is all of it. */
  readonly all?: Formula;
  readonly root?: Site;
}

/** Every place of a formula, the root first: each operand of each step, and what stands in several places, as one. */
export function sitesOf(root: Formula, wholeFits: boolean): Site[] {
  const whole = siteAt(root, root, undefined, leaf("…"), undefined, wholeFits), sites = [whole];
  const uses = new Map<Formula, number>();
  const all = parts(root).reverse();
  for (const part of all) for (const one of operands(part)) uses.set(one, (uses.get(one) ?? 0) + 1);
  const done = new Set<Formula>();
  for (const parent of all) {
    operands(parent).forEach((one, k) => {
      const hole = leaf("…");
      if (uses.get(one) === 1) return void sites.push(siteAt(root, one, parent as Step, hole, one, wholeFits));
      if (!done.has(one)) sites.push(siteAt(root, one, parent as Step, hole, one, wholeFits));
      done.add(one);
      let i = 0;
      const holed = exchanged(parent, (operand) => i++ === k ? hole : operand);
      const withHole = replaced(root, parent, holed);
      sites.push({
        formula: one,
        parent: parent as Step,
        holed: withHole,
        hole,
        spine: spineOf(withHole, hole),
        wholeFits,
      });
    });
  }
  return sites.map((site) => ({ ...site, all: root, root: whole }));
}

function siteAt(
  root: Formula,
  formula: Formula,
  parent: Step | undefined,
  hole: Formula,
  part: Formula | undefined,
  wholeFits: boolean,
): Site {
  const holed = part ? replaced(root, part, hole) : hole;
  return { formula, parent, holed, hole, spine: spineOf(holed, hole), wholeFits };
}

function spineOf(holed: Formula, hole: Formula): Formula[] {
  const above = new Set([hole]), spine: Formula[] = [];
  for (const part of parts(holed)) {
    if (part === hole || !operands(part).some((one) => above.has(one))) continue;
    above.add(part);
    spine.push(part);
  }
  return spine;
}

/** The formula with something in the hole. */
export function filledWith(site: Site, by: Formula): Formula {
  return replaced(site.holed, site.hole, by);
}

/** The value of the whole with this in the hole. */
export function valueWith(site: Site, value: Tensor, point: Point): Tensor {
  const own = new Map<Formula, Tensor>([[site.hole, value]]);
  let last = value;
  for (const part of site.spine) {
    last = computed(part, (one) => own.get(one) ?? evaluate(one, point), point);
    own.set(part, last);
  }
  return last;
}

/**
 * The formula without any of the steps that do the same as this one does: `h.at([0])` and `dlogits.at([0])`. Undefined where it
 * is the only one.
 */
export function withoutAll(root: Formula, like: Step): Formula | undefined {
  const text = (one: Step) => one.op + JSON.stringify(one.args.slice(1));
  const same = parts(root).filter((part): part is Step => part.kind === "step" && text(part) === text(like));
  if (same.length < 2) return undefined;
  return same.reduce((whole, one) => {
    const now = parts(whole).find((part): part is Step => part.kind === "step" && text(part) === text(one));
    return now ? replaced(whole, now, now.args[0] as Formula) : whole;
  }, root);
}
