// What a blank copy of an exercise has besides the exercise: gradients still to do, hints, and the right one on request.
// Left out: what is right and what the hints are, which the exercise knows.
import { UserError } from "../errors.ts";
import { Tensor } from "../tensor/tensor.ts";

const placeholders = new WeakMap<object, string>();
const unfinished = new WeakMap<Tensor, string>();
const known = new WeakMap<Tensor, Known>();
const rightOnes = new WeakSet<Tensor>();

/** What an exercise knows of a tensor of its forward pass. */
export interface Known {
  /** Its right gradient. */
  right: () => Tensor;
  /** Prints a hint for its gradient. */
  hint: (level: number) => void;
}

/**
 * Stands in for a gradient that is still to do: `const dh = todo("dh");`. Any use of it says so. Where a gradient has a
 * second term to come, `todo("dcounts", dcounts)` marks what is there as unfinished, and returns it.
 *
 * @throws UserError when what it returned is used for anything but `cmp`.
 */
export function todo(dname: string, soFar?: Tensor): Tensor {
  if (soFar && placeholders.has(soFar)) return soFar;
  if (soFar instanceof Tensor) {
    unfinished.set(soFar, dname);
    return soFar;
  }
  const refuse = (): never => {
    throw new UserError(
      `${dname} is still to do. Write it first, or go on from the right one: const ${dname} = given(${
        dname.slice(1)
      });`,
    );
  };
  const shown = () => `${dname}: still to do`;
  const placeholder: Tensor = new Proxy(Object.create(Tensor.prototype), {
    get: (_, key) => typeof key === "symbol" && /inspect/i.test(String(key)) ? shown : refuse(),
    set: refuse,
  });
  placeholders.set(placeholder, dname);
  return placeholder;
}

/** What of a gradient is still to do: "all" of it, "more" than what is there, or undefined for nothing. */
export function stillToDo(gradient: unknown): "all" | "more" | undefined {
  if (typeof gradient !== "object" || gradient === null) return undefined;
  if (placeholders.has(gradient)) return "all";
  return gradient instanceof Tensor && unfinished.has(gradient) ? "more" : undefined;
}

/**
 * The right gradient of the loss for a tensor of the forward pass, by finite differences: `const dh = given(h);`, as the
 * lecture takes `h.grad`. Float64, of the tensor's shape.
 *
 * @throws UserError for anything else than one of the tensors that `check` returned.
 */
export function given(of: Tensor): Tensor {
  const gradient = find(of, "given takes a tensor of the forward pass, for its right gradient: const dh = given(h);")
    .right();
  rightOnes.add(gradient);
  return gradient;
}

/** Whether `given` made this gradient. */
export function isGiven(gradient: unknown): boolean {
  return gradient instanceof Tensor && rightOnes.has(gradient);
}

/**
 * Prints a hint for the gradient of a tensor of the forward pass: `hint(counts);`, and `hint(counts, 2);` for the next.
 *
 * @throws UserError for anything else than one of the tensors that `check` returned, or a level other than 1, 2 or 3.
 */
export function hint(of: Tensor, level = 1): void {
  const { hint } = find(of, "hint takes a tensor of the forward pass, for a hint on its gradient: hint(counts);");
  if (![1, 2, 3].includes(level)) throw new UserError(`A hint's level is 1, 2 or 3: hint(counts, 2); given ${level}.`);
  hint(level);
}

/** Makes a tensor of the forward pass known to `given` and `hint`. */
export function makeKnown(t: Tensor, what: Known): void {
  known.set(t, what);
}

function find(of: Tensor, otherwise: string): Known {
  const found = of instanceof Tensor ? known.get(of) : undefined;
  if (!found) throw new UserError(otherwise);
  return found;
}
