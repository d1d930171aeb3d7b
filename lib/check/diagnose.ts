// What is wrong with a wrong gradient, in words, from the numbers alone.
//
// A tensor's gradient is a sum over the lines that read it, its paths: what each sends back is the line's slopes,
// transposed, times that line's own gradient. All of these are measured. If the learner's own gradients from above give
// the learner's numbers, the row only follows from them (diagnosis/follows.ts). If not, what was written instead is searched
// for:
// - other weights of the paths (paths.ts), another factor on the whole (scaled.ts);
// - other products (nearest_product.ts, difference.ts), another matrix product (matrices.ts), another ε (offset.ts);
// - another gradient from above (upstream.ts, farther.ts), sums taken otherwise (summands.ts, gathered.ts);
// - several of these at once (together.ts);
// - the right gradient changed afterwards (afterwards.ts), something else altogether (instead.ts);
// - the pieces of a cross-entropy (cross_entropy.ts), a pattern of places (places.ts), a wrong shape (shapes.ts).
// Only what makes the learner's numbers, up to rounding, is said, and of that the simplest; when two fit equally well, both
// are. Otherwise some numbers are shown side by side.
// Left out: reading anybody's code.
import type { Check, Row } from "./check.ts";
import {
  assemble,
  type Case,
  type Explanation,
  gives,
  isFinite,
  type Kind,
  numbersOf,
  rightBut,
  usable,
} from "./diagnosis/case.ts";
import { explainCrossEntropy, explainShortcut } from "./diagnosis/cross_entropy.ts";
import { explainGathered } from "./diagnosis/gathered.ts";
import { explainFarther } from "./diagnosis/farther.ts";
import { explainItself, explainItselfSummed, explainOneNumber, explainSums } from "./diagnosis/instead.ts";
import { explainMatrixProducts, explainOrder } from "./diagnosis/matrices.ts";
import { follows } from "./diagnosis/follows.ts";
import { explainPaths, explainTermsMultiplied } from "./diagnosis/paths.ts";
import { explainPlaces, rest } from "./diagnosis/places.ts";
import { explainExchanged, explainProducts } from "./diagnosis/nearest_product.ts";
import { explainAdded, explainScaled, explainTwins } from "./diagnosis/scaled.ts";
import { explainChangedUpstream, explainUpstream } from "./diagnosis/upstream.ts";
import { explainTogether } from "./diagnosis/together.ts";
import { explainOffset } from "./diagnosis/offset.ts";
import { explainSummands } from "./diagnosis/summands.ts";
import { explainCut, explainMixed, explainOfAll } from "./diagnosis/afterwards.ts";
import { largest, same } from "./diagnosis/numbers.ts";
import { explainShape, misshapen } from "./diagnosis/shapes.ts";
import { list, position, small } from "./diagnosis/words.ts";
import { readers } from "./graph.ts";
import { inScratch } from "../tensor/memory.ts";
import { sameShape } from "../tensor/shape.ts";

export type { Kind } from "./diagnosis/case.ts";

/** A mistake: its kind, and a sentence or two for the learner. */
export interface Diagnosis {
  /** What kind. */
  kind: Kind;
  /** For the learner. */
  text: string;
  /** For the kind "earlier": the gradients above where the mistakes are, such as `dprobs`. */
  causes?: readonly string[];
}

/** Says what is wrong with a row whose status is `wrong` or `shape`. `earlier` are the rows above it in the table. */
export function diagnose(check: Check, row: Row, earlier: readonly Row[]): Diagnosis {
  return inScratch(() => diagnoseRow(check, row, earlier));
}

function diagnoseRow(check: Check, row: Row, earlier: readonly Row[]): Diagnosis {
  if (!row.given) return { kind: "shape", text: row.remark ?? `d${row.name} is not a tensor.` };
  const numbers = numbersOf(row),
    above = readers(check.graph, row.name).flatMap((reader) => earlier.findLast(({ name }) => name === reader) ?? []);
  const wrongShapes = misshapen(check, row, earlier);
  if (wrongShapes.length > 0) {
    const causes = causesOf(wrongShapes);
    return {
      kind: "earlier",
      causes,
      text: `${list(causes)} above ${
        causes.length > 1 ? "are not tensors" : "is not a tensor"
      } of the right shape: fix that first.`,
    };
  }
  if (!isFinite(numbers)) {
    // A formula in one go may take sums from any row above.
    const inOneGo = readers(check.graph, row.name).length > above.length;
    return diagnoseInfinite(check, row, numbers, inOneGo ? earlier : above, earlier);
  }
  const infinite = above.filter((one) => one.given && !usable(one));
  if (infinite.length > 0) {
    const causes = causesOf(infinite);
    return { kind: "earlier", causes, text: `NaN or infinite in ${list(causes)} above: fix that first.` };
  }
  const c = assemble(check, row, earlier);
  if (!sameShape(row.given.shape, row.shape)) return explainShape(c);
  const blamed = follows(c);
  if (blamed) {
    const causes = causesOf(blamed);
    return { kind: "earlier", causes, text: `Wrong only because of ${list(causes)} above.` };
  }
  const inexact = gives(c, c.own) ? leastExact(check, earlier) : undefined;
  if (inexact) {
    const text = `Wrong only because d${inexact.name} above is right to a few digits only.`;
    return { kind: "earlier", causes: [`d${inexact.name}`], text };
  }
  if (row.given.dtype === "float32" && same(c.given.numbers, c.own, 1e-6, c.reach)) {
    return {
      kind: "element",
      text: `${rightBut(c)} float32 has too few digits for it: compute d${row.name} in float64.`,
    };
  }
  return choose(c);
}

/** The first right row above that is not exact up to rounding: a 1e-7 added against a zero, say. */
function leastExact(check: Check, earlier: readonly Row[]): Row | undefined {
  return earlier.find((row) => {
    if (row.status !== "ok" || !usable(row)) return false;
    const right = check.rightNumbers(row.name), given = numbersOf(row), size = largest(right);
    return size > 1e-9 && largest(given.map((x, i) => x - right[i])) > 1e-9 * size;
  });
}

function diagnoseInfinite(
  check: Check,
  row: Row,
  numbers: Float64Array,
  above: readonly Row[],
  earlier: readonly Row[],
): Diagnosis {
  const infected = above.filter(({ given }) => given && !isFinite(given.toArray()));
  if (infected.length > 0) {
    const causes = causesOf(infected);
    return {
      kind: "earlier",
      causes,
      text: `NaN or infinite because ${list(causes)} above ${causes.length > 1 ? "are" : "is"}: fix that first.`,
    };
  }
  const bad = numbers.findIndex((x) => !Number.isFinite(x)), count = numbers.filter((x) => !Number.isFinite(x)).length;
  const { paths, values, gradients } = assemble(check, row, earlier);
  const close = paths.flatMap(({ reader }) => [reader, ...check.graph[reader]]);
  const near = values.filter(({ name }) => close.includes(name)).toReversed();
  const arrays = [...near, ...gradients.toReversed(), ...values].filter(({ shape }) =>
    sameShape(shape, row.given!.shape)
  );
  // The tensor that is so just where the row is infinite.
  const where = (is: (x: number) => boolean) =>
    arrays.find((array) =>
      count < numbers.length && numbers.every((x, i) => Number.isFinite(x) !== is(array.numbers[i]))
    )?.name;
  const zero = where((x) => x === 0), negative = where((x) => x < 0);
  const why = zero
    ? `${zero} is zero there: do you divide by it?`
    : negative
    ? `${negative} is negative there: do you take its root or logarithm?`
    : "look for a division by zero, a logarithm of 0, a negative number to a fractional power, or e to the power of a large one.";
  return {
    kind: "nan",
    text: `${count} of ${numbers.length} elements are NaN or infinite, the first at ${
      position(bad, row.given!.shape)
    }: ${why}`,
  };
}

/** The simplest explanation; two where they are equally simple; the numbers side by side where there is none. */
function choose(c: Case): Explanation {
  const stages: ((c: Case) => Explanation[])[] = [
    explainPaths,
    explainTermsMultiplied,
    explainCrossEntropy,
    explainUpstream,
    explainFarther,
    explainAdded,
    explainGathered,
    explainMatrixProducts,
    explainScaled,
    explainItself,
    explainTwins,
    explainItselfSummed,
    explainOneNumber,
    explainOrder,
    explainCut,
    explainPlaces,
  ];
  // These take the longest: only where nothing as simple is known.
  const costly = [
    explainSummands,
    explainOfAll,
    explainMixed,
    explainOffset,
    explainChangedUpstream,
    explainExchanged,
    explainSums,
    explainProducts,
    explainShortcut,
    explainTogether,
  ];
  let found: Explanation[] = [];
  for (const stage of [...stages, ...costly]) {
    const enough = stage === explainTogether ? 1.6 : costly.includes(stage) ? 1.05 : 0;
    if (found.some(({ cost, also }) => cost <= enough && !also)) break;
    found.push(...stage(c));
    if (stage === explainPaths && found.some(({ cost }) => cost < 1)) break;
  }
  // What needs a factor that nobody would write explains nothing: one free number fits too much.
  found = found.filter(({ cost }) => cost < Infinity).sort((a, b) => a.cost - b.cost);
  const [first] = found;
  if (!first) return rest(c);
  const second = found.find(({ text, kind, cost, alone, also }) =>
    text !== first.text && (kind !== first.kind || also) && cost < first.cost + (also ? 0.8 : 0.05) && !alone
  );
  const told = ({ where, text }: Explanation) => where ? where + small(text) : text;
  const or = second ? small(second.where === first.where ? second.text : told(second)) : first.or && small(first.or);
  return { ...first, text: told(first) + (or ? ` Or, which gives the same numbers: ${or}` : "") };
}

/** Where the mistakes are that made these rows wrong: they themselves, or what they blame. */
function causesOf(wrong: readonly Row[]): string[] {
  return [
    ...new Set(wrong.flatMap(({ name, status, causes }) => status === "follows" && causes ? causes : [`d${name}`])),
  ];
}
