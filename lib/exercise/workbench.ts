// The tools for a blank copy: `todo` for a gradient still to do, `hint`, `given` for the right gradient, `why` for one number.
// Left out: working out the right gradients (lib/check) and the hints' texts, which the exercise supplies.
import type { Check } from "../check/check.ts";
import { why } from "../check/why.ts";
import type { Explainer } from "../check/diagnosis/explainer.ts";
import { UserError } from "../errors.ts";
import { named } from "../tensor/guards.ts";
import { noMore } from "../tensor/options.ts";
import { unheard } from "../tensor/recording.ts";
import { sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { whyText } from "./why_text.ts";

/** Blanks from before November 2026 import these. They are here so that such a blank gets as far as `start`, which says so. */
export const todo: undefined = undefined, given: undefined = undefined, hint: undefined = undefined;

/** A tensor of a forward pass: its name, and the check that knows its right gradient. */
interface KnownTensor {
  name: string;
  check: Check;
  explainer: Explainer;
}

/** A line used a gradient that is still to do. */
export class StillToDo extends UserError {}

/** Where a workbench prints. */
export interface WorkbenchOutput {
  /** Prints hint 1, 2 or 3 for a gradient, `dcounts`. */
  hint: (dname: string, level: number) => void;
  /** Prints a sentence. */
  say: (text: string) => void;
  /** Hears of each gradient that a line says is still to do. */
  todo?: (dname: string) => void;
}

/** The tools of one exercise, and which tensors they made. */
export class Workbench {
  readonly #output: WorkbenchOutput;
  readonly #placeholders = new WeakMap<object, string>();
  readonly #unfinished = new WeakSet<Tensor>();
  readonly #known = new WeakMap<Tensor, KnownTensor>();
  readonly #byName = new Map<string, KnownTensor>();
  readonly #given = new WeakMap<Tensor, string>();
  readonly #compared = new WeakMap<Tensor, Pick<KnownTensor, "name" | "check">>();

  /** Tools that print here, and know no tensor yet. */
  constructor(output: WorkbenchOutput) {
    this.#output = output;
  }

  /**
   * A placeholder for a gradient that is still to do: `const dh = todo("dh");`. Using it is an error that says so. If a
   * gradient's second term is still to do, `todo("dcounts", dcounts)` marks dcounts as unfinished and returns it.
   *
   * @throws UserError when it is not given a name, and when what it returned is used for anything but `cmp`.
   */
  readonly todo = (dname: string, soFar?: Tensor): Tensor => {
    if (typeof dname !== "string") {
      const name = this.#nameOf(dname) ?? "…";
      throw new UserError(
        `todo takes the name of a gradient, in quotes: const d${name} = todo("d${name}"); given ${named(dname)}.`,
      );
    }
    this.#output.todo?.(dname);
    if (soFar instanceof Tensor) {
      this.#unfinished.add(soFar);
      return soFar;
    }
    const refuse = (): never => {
      throw new StillToDo(
        `${dname} is still to do. Write it first, or use the right one: const ${dname} = given(${dname.slice(1)});`,
      );
    };
    const shown = () => `${dname}: still to do`;
    const placeholder: Tensor = new Proxy(Object.create(Tensor.prototype), {
      get: (_, key) => typeof key === "symbol" && /inspect/i.test(String(key)) ? shown : refuse(),
      set: refuse,
    });
    this.#placeholders.set(placeholder, dname);
    return placeholder;
  };

  /**
   * The right gradient of the loss for a tensor of the forward pass, like the lecture's `h.grad`: `const dh = given(h);`.
   * Float64, in the tensor's shape. `given("h")` does as well: the h of the exercise's first forward pass that has one.
   *
   * @throws UserError for anything but one of the tensors that `check` returned.
   */
  readonly given = (of: Tensor | string, ...more: unknown[]): Tensor => {
    noMore("given", 1 + more.length, 1);
    const found = this.#knownAs(of);
    if (!found) {
      const tensor = this.#gradientOf(of);
      if (tensor !== undefined) {
        throw new UserError(
          `given takes a tensor of the forward pass, and d${tensor} is a gradient: write given(${tensor}).`,
        );
      }
      throw new UserError(
        `given takes a tensor of the forward pass, for its right gradient: const dh = given(h), not given(dh); given ${
          named(of)
        }.`,
      );
    }
    const { name, check, explainer } = found, gradient = unheard(() => check.right(name));
    explainer.name(name, gradient);
    this.#given.set(gradient, name);
    return gradient;
  };

  /**
   * Prints a hint for the gradient of a tensor of the forward pass: `hint(counts);`, and `hint(counts, 2);` for the next.
   * `hint(dcounts)` does as well while dcounts is still to do, and `hint("dcounts")` always. A hint never stops the run.
   */
  readonly hint = (of: Tensor | string, level = 1, ...more: unknown[]): void => {
    if (more.length > 0) return this.#output.say("hint takes a tensor and a level: hint(counts, 2).");
    const found = this.#knownAs(of);
    if (found && [1, 2, 3].includes(level)) return this.#output.hint(`d${found.name}`, level);
    const tensor = this.#gradientOf(of);
    this.#output.say(
      !found && tensor !== undefined
        ? `hint takes a tensor of the forward pass, and d${tensor} is a gradient: write hint(${tensor}).`
        : found
        ? `A hint's level is 1, 2 or 3: hint(counts, 2); given ${named(level)}.`
        : `hint takes a tensor of the forward pass, for a hint on its gradient: hint(counts), not hint(dcounts); given ${
          named(of)
        }.`,
    );
  };

  /**
   * Prints one number of a gradient as the sum that it is: `why(dcounts, 3, 7);`, with yours beside the right one. It takes a
   * gradient that was compared, or a tensor of the forward pass. It never stops the run.
   */
  readonly why = (of: Tensor | string, ...index: number[]): void => {
    const compared = of instanceof Tensor ? this.#compared.get(of) : undefined, found = compared ?? this.#knownAs(of);
    if (!found) {
      const given = `given ${named(of)}. Write it below the gradient's cmp.`;
      return this.#output.say(`why takes a gradient that was compared, and the element: why(dcounts, 3, 7); ${given}`);
    }
    const { name, check } = found, isWhole = compared && sameShape((of as Tensor).shape, check.values[name].shape);
    try {
      const right = why(check, name, index); // first: it says what is wrong with an index
      const yours = isWhole ? ((of as Tensor).at(...index) as Tensor).item() : undefined;
      this.#output.say(whyText(name, index, yours === undefined ? right : why(check, name, index, yours)));
    } catch (error) {
      this.#output.say((error as Error).message);
    }
  };

  /** Notes a gradient that was compared. */
  note(gradient: unknown, name: string, check: Check): void {
    if (gradient instanceof Tensor && !this.#placeholders.has(gradient)) this.#compared.set(gradient, { name, check });
  }

  /** Makes the tensors of a forward pass known. A name or tensor that is known already keeps its meaning. */
  know(tensors: Record<string, Tensor>, check: Check, explainer: Explainer): void {
    for (const [name, t] of Object.entries(tensors)) {
      if (!t.is_floating_point()) continue; // indices and masks have no gradient
      const known = { name, check, explainer };
      if (!this.#known.has(t)) this.#known.set(t, known);
      if (!this.#byName.has(name)) this.#byName.set(name, known);
    }
  }

  /** The name of a gradient that is still to do entirely; undefined for anything else. */
  placeholderName(gradient: unknown): string | undefined {
    return this.#placeholders.get(gradient as object);
  }

  /** How much of a gradient is still to do: "all" of it, "more" terms, or undefined if it is complete. */
  stillToDo(gradient: unknown): "all" | "more" | undefined {
    if (typeof gradient !== "object" || gradient === null) return undefined;
    if (this.#placeholders.has(gradient)) return "all";
    return gradient instanceof Tensor && this.#unfinished.has(gradient) ? "more" : undefined;
  }

  /** The name of the tensor whose right gradient this is, if `given` made it. */
  givenOf(gradient: unknown): string | undefined {
    return gradient instanceof Tensor ? this.#given.get(gradient) : undefined;
  }

  /** The name of a tensor of the forward pass; undefined for anything else. */
  #nameOf(of: unknown): string | undefined {
    return of instanceof Tensor ? this.#known.get(of)?.name : undefined;
  }

  /** The tensor whose gradient this is, as far as it was compared or given; undefined for anything else. */
  #gradientOf(of: unknown): string | undefined {
    return of instanceof Tensor ? this.#compared.get(of)?.name ?? this.#given.get(of) : undefined;
  }

  /** A tensor of the forward pass, found by itself, by its name or by its gradient's placeholder. */
  #knownAs(of: unknown): KnownTensor | undefined {
    if (of instanceof Tensor && this.#known.has(of)) return this.#known.get(of);
    const name = typeof of === "string" ? of : this.placeholderName(of) ?? "";
    return this.#byName.get(name) ?? this.#byName.get(name.replace(/^d/, ""));
  }
}
