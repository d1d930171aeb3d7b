// The tools for a blank copy: `todo` for a gradient still to do, `hint`, and `given` for the right gradient.
// Left out: the right gradients and the hints themselves, which the exercise supplies (frame.ts).
import { UserError } from "../errors.ts";
import { named } from "../tensor/guards.ts";
import { Tensor } from "../tensor/tensor.ts";

const placeholders = new WeakMap<object, string>();
const unfinished = new WeakMap<Tensor, string>();
const known = new WeakMap<Tensor, Known>();
const knownByName = new Map<string, Known>(); // of the forward pass that was run last
let latest: Known | undefined;
const rightOnes = new WeakMap<Tensor, string>();

/** What an exercise knows of a tensor of its forward pass. */
export interface Known {
  /** Its name. */
  name: string;
  /** Its right gradient. */
  right: () => Tensor;
  /** Prints a hint for its gradient. */
  hint: (level: number) => void;
  /** Prints a sentence. */
  say: (text: string) => void;
}

/**
 * A placeholder for a gradient that is still to do: `const dh = todo("dh");`. Using it is an error that says so. If a
 * gradient's second term is still to do, `todo("dcounts", dcounts)` marks dcounts as unfinished and returns it.
 *
 * @throws UserError when what it returned is used for anything but `cmp`.
 */
export function todo(dname: string, soFar?: Tensor): Tensor {
  if (soFar instanceof Tensor) {
    unfinished.set(soFar, dname);
    return soFar;
  }
  const refuse = (): never => {
    throw new UserError(
      `${dname} is still to do. Write it first, or use the right one: const ${dname} = given(${dname.slice(1)});`,
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

/** What a gradient that is all to do is called; undefined for anything else. */
export function placeholderName(gradient: unknown): string | undefined {
  return placeholders.get(gradient as object);
}

/** How much of a gradient is still to do: "all" of it, "more" terms, or undefined if it is complete. */
export function stillToDo(gradient: unknown): "all" | "more" | undefined {
  if (typeof gradient !== "object" || gradient === null) return undefined;
  if (placeholders.has(gradient)) return "all";
  return gradient instanceof Tensor && unfinished.has(gradient) ? "more" : undefined;
}

/**
 * The right gradient of the loss for a tensor of the forward pass, like the lecture's `h.grad`: `const dh = given(h);`.
 * Float64, in the tensor's shape. `given("h")` does as well.
 *
 * @throws UserError for anything but one of the tensors that `check` returned.
 */
export function given(of: Tensor | string): Tensor {
  const found = knownAs(of);
  if (!found) {
    throw new UserError(
      `given takes a tensor of the forward pass, for its right gradient: const dh = given(h); given ${named(of)}.`,
    );
  }
  const gradient = found.right();
  rightOnes.set(gradient, found.name);
  return gradient;
}

/** The name of the tensor whose right gradient this is, if `given` made it. */
export function givenOf(gradient: unknown): string | undefined {
  return gradient instanceof Tensor ? rightOnes.get(gradient) : undefined;
}

/** What is known of a tensor of the forward pass, or of what its name or its gradient still to do stands for. */
function knownAs(of: unknown): Known | undefined {
  if (typeof of !== "string" && of instanceof Tensor && known.has(of)) return known.get(of);
  const name = typeof of === "string" ? of : placeholders.get(of as object) ?? "";
  return knownByName.get(name) ?? knownByName.get(name.replace(/^d/, ""));
}

/**
 * Prints a hint for the gradient of a tensor of the forward pass: `hint(counts);`, and `hint(counts, 2);` for the next.
 * `hint(dcounts)` does as well while dcounts is still to do, and `hint("dcounts")` always. A hint never stops the run.
 */
export function hint(of: Tensor | string, level = 1): void {
  const found = knownAs(of);
  if (found && [1, 2, 3].includes(level)) return found.hint(level);
  latest?.say(
    found
      ? `A hint's level is 1, 2 or 3: hint(counts, 2); given ${named(level)}.`
      : `hint takes a tensor of the forward pass, for a hint on its gradient: hint(counts); given ${named(of)}.`,
  );
}

/** Makes a tensor of the forward pass known to `given` and `hint`. */
export function makeKnown(t: Tensor, what: Known): void {
  known.set(t, what);
  knownByName.set(what.name, what);
  latest = what;
}
