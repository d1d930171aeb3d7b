// A gradient of the wrong shape: the shape shows most of the mistake, its numbers in the right shape show the rest.
import type { Check, Row } from "../check.ts";
import { readers } from "../graph.ts";
import { formatShape, numel, sameShape } from "../../tensor/shape.ts";
import { type Case, type Kind, type Known, known } from "./case.ts";
import { asMatrix, largest, type Matrix, ratio, summed, transposed } from "./numbers.ts";
import { sizesOf } from "./sizes.ts";
import { pickedIn } from "./places.ts";
import { products } from "./products.ts";
import { reduced } from "./search.ts";
import { weightWords } from "./factor_words.ts";
import { ELEMENTWISE } from "./summands.ts";
import { along, near } from "./words.ts";

const NOT_BROADCAST = "What is summed forward is broadcast backward";

/** What a wrong shape tells. */
export function explainShape(c: Case): { kind: Kind; text: string } {
  const { check, given, own } = c, { name, shape } = c.row, yours = given.shape;
  const both = `yours is ${formatShape(yours)}, expected is ${formatShape(shape)}`;
  const isZero = (numbers: Float64Array) => largest(numbers) <= 1e-9 * c.reach;
  const weigh = (numbers: Float64Array, wanted: Float64Array = own) =>
    numbers.length !== wanted.length
      ? undefined
      : isZero(numbers) && isZero(wanted)
      ? 1
      : ratio(wanted, numbers, c.tolerance);
  const also = (weight: number | undefined) =>
    weight === undefined ? " The numbers are not right, either." : weightWords(weight, sizesOf(c));

  if (yours.length === 2 && shape.length === 2 && sameShape([yours[1], yours[0]], shape) && !shape.includes(1)) {
    const weight = weigh(transposed(given).numbers);
    return {
      kind: "transposed",
      text: `Transposed: ${both}. Exchange the two sides of the product, or transpose it.${also(weight)}`,
    };
  }
  if (sameShape(yours.filter((size) => size !== 1), shape.filter((size) => size !== 1))) {
    const advice = yours.length < shape.length
      ? "Keep the dimension that you sum over: { keepdim: true }."
      : yours.length > shape.length
      ? "Sum without keepdim."
      : "The sizes are right, the order is not.";
    const weight = weigh(given.numbers);
    return { kind: "keepdim", text: `A dimension of size 1 makes the difference: ${both}. ${advice}${also(weight)}` };
  }
  const size = numel(shape), diagonal = Float64Array.from({ length: size }, (_, i) => given.numbers[i * (size + 1)]);
  const onDiagonal = sameShape(yours, [size, size]) && size > 1 ? weigh(diagonal) : undefined;
  if (onDiagonal !== undefined) {
    const text = `A matrix product: ${both}. Only its diagonal is wanted: ${ELEMENTWISE}${also(onDiagonal)}`;
    return { kind: "shape", text };
  }
  const missing = missingSum(c, both, weigh, also);
  if (missing) return missing;
  if (numel(yours) === numel(shape)) {
    const weight = weigh(given.numbers);
    return {
      kind: "shape",
      text: `Wrong shape: ${both}. As many elements, in another shape: view(${shape.join(", ")}) gives the right one` +
        (weight === undefined ? ", if the order is right." : `.${also(weight)}`),
    };
  }
  const smaller = broadcastStory(c, both);
  if (smaller) return smaller;
  // Where the right numbers are all zero, the shape alone tells.
  for (const { reader } of c.paths) {
    const y = check.values[reader].shape;
    if (y.length === 2 && shape.length === 1 && yours.length === 1 && y[1] === shape[0] && y[0] === yours[0]) {
      const text = `Summed over the wrong dimension: ${both}. ${name} was broadcast over dimension 0 in ${reader}.`;
      return { kind: "sum", text };
    }
  }
  const reader = readers(check.graph, name).find((line) => numel(check.values[line].shape) === numel(yours));
  const all = [...c.gradients, ...c.values];
  const twin = [...all.filter((one) => sameShape(one.shape, yours)), ...all.flatMap(sums)].find(({ numbers }) =>
    numbers.length === given.numbers.length && near(ratio(numbers, given.numbers, c.tolerance) ?? 0, 1)
  );
  const same = twin && numel(yours) > 1 ? ` Yours is equal to ${twin.name}.` : "";
  // Only a line that copies elements, as an index does, has gradients to add up.
  const copies = reader && numel(yours) > numel(shape) &&
    check.graph[reader].every((read) => read === name || check.values[read].dtype === "int32");
  const broadcasts = yours.length === shape.length && yours.every((size, i) => size === 1 || size === shape[i]) &&
    c.paths.some(({ reader }) => numel(check.values[reader].shape) < numel(shape));
  const hint = given.numbers.length === 1
    ? "One number for all: was everything summed? A gradient has the shape of its tensor, always."
    : broadcasts
    ? `${NOT_BROADCAST}: multiply with ones_like(${name}).`
    : copies
    ? `${reader} has as many elements: add up the gradients of all elements that came from the same element of ${name}.`
    : "A gradient has the shape of its tensor, always.";
  return { kind: "shape", text: `Wrong shape: ${both}.${same} ${hint}` };
}

type Weigh = (numbers: Float64Array, wanted?: Float64Array) => number | undefined;

/** Something was broadcast forward, and is not summed backward, or over the wrong dimension. */
function missingSum(
  c: Case,
  both: string,
  weigh: Weigh,
  also: (w: number | undefined) => string,
): { kind: Kind; text: string } | undefined {
  const { given } = c, { name, shape } = c.row, yours = given.shape, target = asMatrix(shape);
  const padded = [...new Array(Math.max(0, yours.length - shape.length)).fill(1), ...shape];
  const over = padded.flatMap((size, i) => size === 1 && yours[i] !== 1 ? [i] : []);
  for (const path of c.paths) {
    const y = c.check.values[path.reader].shape, reader = path.reader;
    if (
      yours.length === padded.length && padded.every((size, i) => size === 1 || size === yours[i]) && over.length > 0 &&
      numel(y) >= numel(shape) && sameShape(y, yours)
    ) {
      const weight = weigh(reduced([given], given, target));
      return {
        kind: "sum",
        text:
          `A sum is missing: ${both}. ${name} was broadcast over dimension ${over.join(", ")} in ${reader}; what is ` +
          `broadcast forward is summed backward.${also(weight)}`,
      };
    }
  }
  // The product that should have been summed, summed otherwise.
  for (const path of c.paths) {
    const extent = asMatrix(c.check.values[path.reader].shape), [right] = products(c, path);
    if (!right || right.start.over || numel(c.check.values[path.reader].shape) <= numel(shape)) continue;
    const whole: Matrix = { ...extent, numbers: reduced([right.start, ...right.factors], extent, extent) };
    const should = target.rows === 1 ? 0 : 1;
    for (const over of ["rows", "cols"] as const) {
      const part = summed(whole, over);
      if (over === (should === 0 ? "rows" : "cols") || part.numbers.length !== given.numbers.length) continue;
      const weight = ratio(part.numbers, given.numbers, c.tolerance);
      return {
        kind: "sum",
        text:
          `Summed over the wrong dimension: ${both}. ${name} was broadcast over dimension ${should} in ${path.reader}.` +
          (weight === undefined ? "" : also(weight / right.weight)),
      };
    }
    const all = whole.numbers.reduce((sum, x) => sum + x, 0) * right.weight;
    if (given.numbers.length === 1) {
      const one = near(given.numbers[0], all)
        ? "All is summed to one number"
        : "One number for all, as if everything were summed";
      return {
        kind: "sum",
        text: `${one}: ${both}. ${name} was broadcast over dimension ${should} in ${path.reader}.`,
      };
    }
  }
}

/** A smaller gradient that would be right if it were broadcast; or one that was summed for no reason. */
function broadcastStory(c: Case, both: string): { kind: Kind; text: string } | undefined {
  const { given, own } = c, { name, shape } = c.row, whole: Matrix = { ...asMatrix(shape), numbers: own };
  if (given.numbers.length >= own.length || given.numbers.length < 2) return undefined;
  const fits = (a: number, b: number) => a === b || a === 1;
  const small = [
    given,
    known("", [given.numbers.length, 1], given.numbers),
    known("", [1, given.numbers.length], given.numbers),
  ];
  for (const one of small) {
    if (!fits(one.rows, whole.rows) || !fits(one.cols, whole.cols)) continue;
    const weight = ratio(own, reduced([one], whole, whole), c.tolerance);
    if (weight !== undefined) {
      return {
        kind: "shape",
        text: `Not broadcast: ${both}. ${NOT_BROADCAST}: multiply with ones_like(${name}).` +
          weightWords(weight, sizesOf(c)),
      };
    }
  }
  const overWhat = summedOver(c);
  const text = `Summed over ${overWhat}, though nothing was broadcast: ${both}.`;
  // Only the numbers that are not zero, or those that an index picks.
  const nonzero = own.filter((x) => x !== 0), picked = pickedIn(c, whole)?.picked ?? [];
  const isPicked = ratio(Float64Array.from(picked, (at) => own[at]), given.numbers, c.tolerance) !== undefined;
  if (isPicked || (nonzero.length === given.numbers.length && nonzero.length < own.length)) {
    const others = nonzero.length > given.numbers.length
      ? "All others have a gradient, too."
      : `The gradient of all others is zero: put yours into zeros_like(${name}).`;
    const or = overWhat ? `, or all summed over ${overWhat}` : "";
    return { kind: "shape", text: `Only the picked elements${or}: ${both}. ${others}` };
  }
  if (overWhat) return { kind: "sum", text };
}

/** Which sum of the right gradient the given one is, whatever its shape. */
function summedOver(c: Case): string | undefined {
  return sums(known("", c.row.shape, c.own)).find(({ numbers: part }) => {
    const { given: { numbers }, reach, tolerance } = c;
    if (part.length !== numbers.length) return false;
    return Math.max(largest(part), largest(numbers)) <= 1e-9 * reach || ratio(part, numbers, tolerance) !== undefined;
  })?.over;
}

/** The sums over each dimension. */
function sums({ name, shape, numbers }: Known): { name: string; over: string; numbers: Float64Array }[] {
  return shape.map((size, d) => {
    const inner = numel(shape.slice(d + 1)), sum = new Float64Array(numbers.length / size);
    numbers.forEach((x, i) => sum[Math.floor(i / inner / size) * inner + i % inner] += x);
    const over = shape.length === 2 ? along(d === 0 ? "rows" : "cols") : `dimension ${d}`;
    return { name: `the sum of ${name} over ${over}`, over, numbers: sum };
  });
}

/** The rows above that this row was made from and that have a wrong shape. */
export function misshapen(check: Check, row: Row, earlier: readonly Row[]): Row[] {
  return readers(check.graph, row.name).flatMap((reader) => {
    const above = earlier.findLast(({ name }) => name === reader);
    return above &&
        (above.status === "shape" || (above.status === "follows" && !sameShape(above.given?.shape ?? [], above.shape)))
      ? [above]
      : [];
  });
}
