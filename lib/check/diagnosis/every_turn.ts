// The same change in every turn of a loop: whatever may be changed at a place of the first turn is changed at that place of all.
//
// A change there puts in parts of that turn; in another turn these are its own, with its own indices and tensors.
// Left out: where loops are (loops.ts), and what is changed of their indices and of how many turns there are (indices.ts,
// turns.ts).
import {
  type Argument,
  attempt,
  evaluate,
  exchanged,
  type Formula,
  isFormula,
  isLeaf,
  leaf,
  leavesIn,
  operands,
  opOf,
  parts,
  type Point,
  replaced,
  sameLeaf,
  type Step,
  step,
} from "../formula/formula.ts";
import { sameShape } from "../../tensor/shape.ts";
import { type Change, COSTS, type Make, type Offer, type Offers } from "./change.ts";
import { changesAt } from "./changes.ts";
import { type Loop, textsOf, turnOf, withTurns } from "./loops.ts";
import { allPlaces, short, written } from "./notation.ts";
import { sitesOf } from "./places.ts";

/** What is changed in every turn costs less than this. */
const NEAR = 1.3;

/** One change of what a turn of a loop does, made in every turn: so many of the nearest ones. */
export function* inEveryTurn(
  root: Formula,
  loop: Loop,
  name: string,
  isOneOfLines: boolean,
  most: number,
  offers: Offers,
  point: Point,
  change: Make,
): Generator<Change> {
  // Several products in a row are no loop.
  if (!/_$|^(write|add|sub)$/.test(loop.row[loop.at[0]].op)) return;
  const turns = loop.at.map((i) => loop.steps[i]), [first] = turns, pairs = turns.map((turn) => partsOf(first, turn));
  const inside = new Set([...pairs[0].keys()].slice(1)), own = offersIn(first, offers, point);
  const sites = sitesOf(first, true).filter(({ formula, parent }) => inside.has(formula) && parent !== undefined);
  const all = sites.flatMap((site) => attempt(() => [...changesAt(site, own, point)]) ?? []);
  const areNamed = turns.every((turn) => textsOf(turn).line === textsOf(first).line);
  // Other indices are tried by themselves.
  const isIndex = ({ kind, site }: Change) => kind === "argument" && /^(at|narrow)$/.test(opOf(site.formula));
  const near = all.filter((one) => one.kind !== "term" && one.cost < NEAR && !isIndex(one)).sort((a, b) =>
    a.cost - b.cost
  );
  // In the other turns it goes by other names.
  const others = ({ site }: Change) => {
    const leaves = leavesIn(site.formula), named = leaves.find(({ gradient }) => !gradient) ?? leaves[0];
    const names = named ? pairs.map((pair) => short(pair.get(named)!)) : [];
    return names.length > 0 && new Set(names).size > 1 ? [...new Set(names)].slice(1) : allPlaces(turns.length);
  };
  const place = isOneOfLines ? short(first.args.findLast(isFormula)!) : "every turn";
  // With other tensors in each they may be lines of their own.
  const more = areNamed ? COSTS.index : COSTS.second + 2 * COSTS.index;
  for (const each of near.slice(0, most)) {
    let k = 0;
    const by = withTurns(root, loop, () => {
      const pair = pairs[k];
      return turnOf(turns[k++], new Map([[pair.get(each.site.formula)!, moved(each, pair)]]));
    });
    // What the turn before made has the gradient's name.
    const called = (one: Formula) => replaced(one, first.args[0] as Formula, leaf(`d${name}`));
    const site = { ...each.site, formula: called(each.site.formula) };
    yield {
      ...change("everywhere", by, each.cost + more, areNamed ? place : others(each)),
      each: { ...each, site, by: called(each.by) },
      times: turns.length,
    };
  }
}

/** Which part of a turn is what in another: first what they are done to. */
function partsOf(first: Step, turn: Step): Map<Formula, Formula> {
  const found = new Map([[first.args[0] as Formula, turn.args[0] as Formula]]);
  const visit = (a: Argument, b: Argument): void => {
    if (Array.isArray(a)) return a.forEach((one, i) => visit(one, (b as Argument[])[i]));
    if (!isFormula(a) || found.has(a)) return;
    found.set(a, b as Formula);
    if (a.kind === "step") a.args.forEach((one, i) => visit(one, (b as Step).args[i]));
  };
  first.args.slice(1).forEach((one, i) => visit(one, turn.args[i + 1]));
  return found;
}

/** What a change of the first turn puts into another one, of which `pair` has the parts. */
function moved({ by }: Change, pair: ReadonlyMap<Formula, Formula>): Formula {
  const visit = (one: Formula): Formula => {
    const own = pair.get(one);
    if (own) return own;
    const made = exchanged(one, visit);
    if (made.kind !== "step") return made;
    // Its indices are those of a calculation of the turn that has the same ones.
    const numbers = ({ op, args }: Step) => op + JSON.stringify(args.map((x) => isFormula(x) ? "" : x));
    const like = [...pair.keys()].find((part): part is Step => part.kind === "step" && numbers(part) === numbers(made));
    const there = like ? pair.get(like) as Step : made;
    return { ...made, args: made.args.map((x, k) => isFormula(x) ? x : there.args[k]) };
  };
  return visit(by);
}

/** What is offered in a turn, too: what it picks of tensors, and the same of others of that shape, and of what there is so far. */
function offersIn(turn: Step, offers: Offers, point: Point): Offers {
  const own = operands(turn).slice(1).flatMap(parts),
    isThere = (one: Formula) => own.some((part) => sameLeaf(part, one));
  const picks = new Map(own.filter((part) => opOf(part) === "at").map((part) => [written(part), part as Step]));
  const tensors = [...picks.values()].flatMap((pick) => {
    const [of, ...index] = pick.args, { shape } = evaluate(of as Formula, point);
    // A mask may have a dimension more, of one.
    const fits = (one: Offer) =>
      isLeaf(one.formula) ? sameShape(one.shape, shape) : sameShape(one.shape, [...shape, 1]);
    const others = offers.tensors.filter((one) => (one.close || one.slope) && !isThere(one.formula) && fits(one));
    const before = sameShape(offers.shape, shape) ? [turn.args[0] as Formula] : [];
    return [pick, ...[...others.map(({ formula }) => formula), ...before].map((one) => step("at", one, ...index))];
  });
  const isSoFar = (one: Formula) => operands(one)[0] === turn.args[0];
  const offered = tensors.map((formula): Offer => ({
    formula,
    shape: evaluate(formula, point).shape,
    isMask: false,
    close: true,
    slope: false,
    more: isSoFar(formula) ? COSTS.sizeNumber : 0,
  }));
  return { ...offers, tensors: [...offers.tensors, ...offered] };
}
