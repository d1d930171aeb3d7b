// Where a gradient is wrong, when no formula explains it: at one element, in one row, only at the picked elements. And the honest
// rest: how many, where, and some numbers side by side.
import { arrayOf } from "../../tensor/ndarray.ts";
import { numel, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { evaluate } from "./formula.ts";
import { apart, enumerated, minus, number, position, simple } from "./notation.ts";
import type { Subject } from "./subject.ts";

/** What the places of the wrong elements tell; undefined where they tell nothing. */
export function pattern(given: Tensor, expected: Tensor, subject: Subject): string | undefined {
  const { shape } = expected, right = expected.toArray(), x = given.toArray(), n = right.length;
  const wrong = wrongOnes(x, right, right.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
  if (n > 1 && x.every((v) => v === 0)) return "Every element is zero.";
  if (wrong.length === 0 || wrong.length === n || n < 4) return undefined;
  const how = inCommon(x, right, wrong);
  if (wrong.length === 1) {
    const [a, b] = apart(x[wrong[0]], right[wrong[0]]);
    return `Only the element at ${position(wrong[0], shape)} is wrong: yours ${a}, expected ${b}.`;
  }
  for (const { by, picked } of picks(subject)) {
    const inside = wrong.filter((i) => picked.has(i)).length;
    if (inside === wrong.length && inside === picked.size) {
      return `Right everywhere but at the picked elements, ${by}. ${how}`;
    }
    if (inside === 0 && wrong.length >= 0.9 * (n - picked.size)) {
      return `Right only at the picked elements, ${by}. ${how}`;
    }
  }
  for (let d = 0; d < shape.length; d++) {
    const inner = numel(shape.slice(d + 1)), along = (i: number) => Math.floor(i / inner) % shape[d];
    const places = [...new Set(wrong.map(along))].sort((a, b) => a - b);
    if (shape[d] < 3 || places.length > shape[d] / 2 || wrong.length < 0.5 * places.length * n / shape[d]) continue;
    const kind = shape.length === 2 ? ["row", "column"][d] : `index of dimension ${d}`;
    const some = places.length > 6 ? `${places.slice(0, 5).join(", ")} …` : enumerated(places.map(String));
    return places.length === 1
      ? `Right but for ${kind} ${some}. ${how}`
      : `Right but for ${places.length} of ${shape[d]} ${
        kind === "row" || kind === "column" ? kind + "s" : kind
      }: ${some}. ${how}`;
  }
  for (let d = 0; d < shape.length; d++) {
    const inner = numel(shape.slice(d + 1)), along = (i: number) => Math.floor(i / inner) % shape[d];
    const bad = new Set(wrong.map(along)),
      good = Array.from({ length: shape[d] }, (_, i) => i).filter((i) => !bad.has(i));
    if (shape[d] > 3 && good.length === 1 && good[0] === 0 && shape.length > 1) {
      const kind = shape.length === 2 ? ["row", "column"][d] : `index of dimension ${d}`;
      return `Only ${kind} ${good[0]} is right. ${how} Is a sum not set back to 0 before the next?`;
    }
  }
}

/** What all wrong elements have in common. */
function inCommon(x: Float64Array, right: Float64Array, wrong: readonly number[]): string {
  const [i] = wrong;
  if (wrong.every((k) => x[k] === 0)) return "Every element there is zero.";
  const by = x[i] - right[i], factor = x[i] / right[i];
  if (
    wrong.length > 2 && wrong.every((k) => Math.abs(x[k] - factor * right[k]) <= 1e-7 * Math.abs(x[k])) &&
    simple(factor)
  ) {
    return `Every element there is ${number(factor)} times what it should be.`;
  }
  if (wrong.length > 2 && wrong.every((k) => Math.abs(x[k] - right[k] - by) <= 1e-7 * Math.abs(by))) {
    return `Every element there is ${number(Math.abs(by))} too ${by > 0 ? "large" : "small"}.`;
  }
  const [a, b] = apart(x[i], right[i]);
  return `The first is ${a}, expected ${b}.`;
}

/** The elements that a line of the forward pass picks out of this tensor, or of one of its shape. */
function picks({ offers, first, target }: Subject): { by: string; picked: Set<number> }[] {
  return offers.picks.flatMap((pair) => {
    const [rows, columns] = pair.map((index) =>
      Array.isArray(index) ? index as number[] : arrayOf(evaluate(index as never, first))!.contiguous().elements
    );
    const [height, width] = target.shape;
    if (target.shape.length !== 2 || rows.length !== columns.length || rows.some((i) => i >= height)) return [];
    if (Array.from(columns).some((j) => j >= width)) return [];
    const name = (index: unknown) =>
      typeof index === "object" && index !== null && "name" in index ? String(index.name) : "i";
    return [{
      by: `[${pair.map(name).join(", ")}]`,
      picked: new Set(Array.from(rows, (i, k) => i * width + columns[k])),
    }];
  });
}

function wrongOnes(x: Float64Array, right: Float64Array, largest: number): number[] {
  const wrong: number[] = [];
  for (let i = 0; i < right.length; i++) {
    const off = Math.abs(x[i] - right[i]);
    if (!(off <= 1e-7 * largest || off <= 1e-6 * Math.abs(right[i]))) wrong.push(i);
  }
  return wrong;
}

/** When nothing explains the numbers: how many are off, where, and up to three pairs of them. */
export function rest(given: Tensor, right: Float64Array, shape: Shape, name: string): string {
  const x = given.toArray(), n = right.length, largest = right.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const off = (i: number) => Number.isNaN(x[i]) ? Infinity : Math.abs(x[i] - right[i]), zero = largest < 1e-9;
  const worst = right.reduce((most, _, i) => off(i) > off(most) ? i : most, 0), wrong = wrongOnes(x, right, largest);
  const shown = [...new Set([worst, wrong[0] ?? worst, wrong.at(-1) ?? worst])].map((i) => {
    const [a, b] = zero ? [minus(String(Number(x[i].toPrecision(4)))), "0"] : apart(x[i], right[i]);
    return { at: position(i, shape), text: `yours ${a}, expected ${b}` };
  });
  const nature = zero ? ` Every element of d${name} should be 0, up to rounding.` : "";
  if (n === 1) return `Yours is ${shown[0].text.slice(6)}.${nature}`;
  const all = wrong.length === 0
    ? "Little more than rounding is off"
    : wrong.length === n
    ? `All ${n} elements are off`
    : `${wrong.length} of ${n} elements are off`;
  return `${all}. The worst element is at ${shown.map(({ at, text }) => `${at}: ${text}`).join("; ")}.${nature}`;
}
