// Why one number of a gradient is what it is: the terms that it is a sum of, line by line.
//
// Each line that reads the tensor sends back a slope times the gradient above, for each element of its result that this element
// moves. The slopes are measured (jacobian.ts). Where one is an element of a tensor that the line reads or makes, it gets that
// element's name, so that a term reads as a learner would write it: counts_sum_inv[3, 0] · dprobs[3, 7].
// Left out: printing.
import type { Check } from "./check.ts";
import { readers } from "./graph.ts";
import { slopesFrom } from "./collected.ts";
import { contiguousStrides, formatShape, type Shape } from "../tensor/shape.ts";

/** One term of one number of a gradient. */
export interface Term {
  /** The line that sends it back: `probs`. */
  readonly line: string;
  /** Which element of that line's result it comes through: [3, 7], so dprobs[3, 7] is the gradient above. */
  readonly place: readonly number[];
  /** How fast that element changes with this one. */
  readonly slope: number;
  /** The slope's name, if it is an element of a tensor, or that with the other sign: `counts_sum_inv[3, 0]`, `-h[0, 1]`. */
  readonly slopeName?: string;
  /** The gradient above, at that place. */
  readonly above: number;
  /** Slope times gradient above. */
  readonly value: number;
  /** For a wrong number: that it would be explained if this term were missing, counted twice, or had the other sign. */
  readonly mistake?: Mistake;
}

/** What may have happened to a term, or to all terms of a line. */
export type Mistake = "missing" | "twice" | "sign";

/** A number of a gradient as the sum of its terms. */
export interface Why {
  /** The right number. */
  readonly right: number;
  /** The learner's, if there is one. */
  readonly given?: number;
  /** The terms, largest first. */
  readonly terms: readonly Term[];
  /** The lines that send something back, with the sums of their terms, largest first. */
  readonly lines: readonly { readonly line: string; readonly value: number; readonly mistake?: Mistake }[];
}

/**
 * The terms that element `index` of the gradient of `name` is a sum of. Terms whose gradient above is zero are among them;
 * elements that this one does not move are not.
 *
 * @param given the learner's number, if it is to be explained: a term or a line that alone accounts for it is marked.
 * @param above the gradients above to multiply by, by line; by default the right ones. With the learner's own, `right` is what
 * the number should be for those.
 * @throws ReferenceError for a name that the forward pass does not have, TypeError for an index or a mask, RangeError for an
 * index outside the tensor.
 */
export function why(
  check: Check,
  name: string,
  index: readonly number[],
  given?: number,
  above: (line: string) => ArrayLike<number> = (line) => check.rightNumbers(line),
): Why {
  check.rightNumbers(name); // refuses what has no gradient
  const element = flatIndex(name, index, check.values[name].shape), terms: Term[] = [];
  for (const line of readers(check.graph, name)) {
    if (!check.values[line].is_floating_point()) continue;
    const gradient = above(line), { shape } = check.values[line];
    for (const { place, slope } of slopesFrom(check.jacobian(line, name), element)) {
      const at = unflatten(place, shape), value = gradient[place] === 0 ? 0 : slope * gradient[place];
      const slopeName = nameOf(check, line, name, slope, [...at, ...index]);
      terms.push({ line, place: at, slope, above: gradient[place], value, ...(slopeName ? { slopeName } : {}) });
    }
  }
  const sums = new Map<string, number>();
  for (const { line, value } of terms) sums.set(line, (sums.get(line) ?? 0) + value);
  const right = name === check.last ? 1 : [...sums.values()].reduce((sum, value) => sum + value, 0);
  const marked = <T extends { value: number }>(all: readonly T[]): (T & { mistake?: Mistake })[] =>
    all.map((term) => {
      const mistake = given === undefined ? undefined : mistakeIn(term.value, right, given);
      return mistake ? { ...term, mistake } : term;
    }).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const lines = marked([...sums].map(([line, value]) => ({ line, value })));
  return { right, ...(given === undefined ? {} : { given }), terms: marked(terms), lines };
}

/** What happened to a term of this value if it alone makes the given number of the right one. */
function mistakeIn(value: number, right: number, given: number): Mistake | undefined {
  const off = given - right, close = (x: number) => Math.abs(off - x) <= 1e-6 * Math.abs(value);
  if (value === 0 || Math.abs(off) <= 1e-9 * Math.abs(value)) return undefined;
  return close(-value) ? "missing" : close(value) ? "twice" : close(-2 * value) ? "sign" : undefined;
}

/**
 * The name of a slope: an element of another tensor that the line reads, or of what it makes, whose indices are among those of
 * the two elements that the slope is between. A slope of 1 or −1 needs none.
 */
function nameOf(
  check: Check,
  line: string,
  name: string,
  slope: number,
  indices: readonly number[],
): string | undefined {
  if (Math.abs(Math.abs(slope) - 1) < 1e-9) return undefined;
  for (const other of [...check.graph[line].filter((read) => read !== name), line, name]) {
    const t = check.values[other], { shape } = t;
    if (!t.is_floating_point() || shape.length > 3) continue;
    const numbers = t.toArray(), strides = contiguousStrides(shape);
    for (const at of choices(shape, indices)) {
      const x = numbers[at.reduce((sum, i, d) => sum + i * strides[d], 0)];
      for (const sign of [1, -1]) {
        if (Math.abs(sign * x - slope) <= 1e-9 * Math.abs(slope)) {
          return `${sign < 0 ? "-" : ""}${other}[${at.join(", ")}]`;
        }
      }
    }
  }
  return undefined;
}

/** All places in a shape whose indices are among these, or 0 where the size is 1. */
function choices(shape: Shape, indices: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, size) => {
    const own = size === 1 ? [0] : [...new Set(indices)].filter((i) => i < size);
    return all.flatMap((at) => own.map((i) => [...at, i]));
  }, [[]]);
}

function flatIndex(name: string, index: readonly number[], shape: Shape): number {
  const fits = index.length === shape.length && index.every((i, d) => Number.isInteger(i) && i >= 0 && i < shape[d]);
  if (fits) return contiguousStrides(shape).reduce((sum, stride, d) => sum + stride * index[d], 0);
  throw new RangeError(
    `${name} has the shape ${
      formatShape(shape)
    }: name one of its elements with ${shape.length} whole numbers from 0 on; ` +
      `given ${index.length > 0 ? index.join(", ") : "none"}.`,
  );
}

function unflatten(place: number, shape: Shape): number[] {
  return contiguousStrides(shape).map((stride, d) => Math.floor(place / stride) % shape[d]);
}
