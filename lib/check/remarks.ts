// What the check itself says of a row: what it cannot see or tell, and what is no tensor.
// Left out: remarks on mistakes (lib/check/diagnosis).
import { tensor } from "../tensor/creation.ts";
import { named } from "../tensor/guards.ts";
import { sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** The remark on elements at a corner or a jump; undefined where there are none. */
export function cannotTell(corners: number): string | undefined {
  if (corners === 0) return undefined;
  const at = corners === 1 ? "one element" : `${corners} elements`;
  return `At ${at} the check cannot tell: the loss has a corner or a jump there, and yours is a slope on one of its two ` +
    "sides, or between them.";
}

/** What hides behind a gradient of 0 and is less than this is nothing. */
const NOTHING = 1e-12;

/** The remark where the differences show fewer digits than the verdict asks for. */
export function digits(
  expected: Float64Array,
  doubt: Float64Array,
  allowed: (i: number) => number,
): string | undefined {
  const vague = expected.filter((_, i) => doubt[i] > 0.5 * allowed(i)).length;
  if (vague === 0) return undefined;
  const off = doubt.reduce((most, x) => Math.max(most, x), 0);
  if (off < NOTHING && expected.every((x) => x === 0)) return undefined;
  return `The check cannot see all digits here: the loss is so large beside what moves it that rounding hides ${
    off.toExponential(0)
  } of the gradient, at ${vague} of ${expected.length} elements. Leave out of the loss what does not change.`;
}

/** The remark on elements that only the rules of differentiation confirm. */
export function hidden(count: number, of: number): string {
  return `The check cannot measure ${count} of ${of} elements: rounding hides them, or a corner close by. By the rules of ` +
    "differentiation yours are right.";
}

/** Describes a value that is not a tensor. */
export function kindOf(given: unknown): string {
  if (typeof given === "number") return `the number ${given}`;
  if (typeof given === "string") return `the text ${JSON.stringify(given.slice(0, 20))}`;
  if (typeof given === "function") return "a function: is a pair of brackets missing, as in .neg()?";
  if (Array.isArray(given)) return kindOfArray(given);
  if (ArrayBuffer.isView(given)) {
    return `${"length" in given ? "an array of numbers" : "an object"}: ${made(given, "…")}`;
  }
  if (given === null) return "null";
  if (typeof given !== "object") return `${typeof given} ${String(given)}`;
  if (given instanceof Promise) return "a promise: write await before it";
  if ("values" in given && "indices" in given) return "an object with values and indices: max(…).values is the tensor";
  const [inside] = Object.entries(given).find(([, value]) => value instanceof Tensor) ?? [];
  return inside === undefined ? named(given) : `an object: its ${inside} is a tensor`;
}

/** Describes an array: of tensors, of numbers, or of what makes no tensor. */
function kindOfArray(given: readonly unknown[]): string {
  const tensors = given.filter((one) => one instanceof Tensor), [first] = tensors, count = given.length;
  if (!first || tensors.length < count) return `an array of ${count}: ${made(given, "[…]")}`;
  if (count === 1) return "a tensor in an array: leave out the brackets around it";
  const fits = tensors.every(({ shape }) => sameShape(shape, first.shape));
  const ways = fits
    ? "a.add(b) is their sum, stack([…]) puts them into one"
    : "cat([…]) joins them where their sizes fit";
  return `an array of ${count} tensors, and a gradient is one: ${ways}`;
}

/** That a tensor can be made of a value, or why not. */
function made(given: unknown, shown: string): string {
  try {
    tensor(given as number[]);
    return `tensor(${shown}) makes a tensor of it`;
  } catch (error) {
    return `no tensor can be made of it. ${(error as Error).message}`;
  }
}
