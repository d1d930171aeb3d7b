// Options by name, as in `{ keepdim: true }`, and the rule that nothing that is given goes unnoticed: an option or an argument
// that a function does not have is refused.
// Left out: the arguments themselves (lib/tensor/guards.ts).
import { dtypeArgument, isOptions, named, numberArgument, refuse } from "./guards.ts";
import type { DType } from "./ndarray.ts";

/** Options by name, and of which kind each is. */
export type Kinds = Readonly<Record<string, "boolean" | "number" | "object" | "string">>;

/** Checks options given by name against those there are. */
export function checkOptions(verb: string, given: unknown, kinds: Kinds): void {
  if (given === undefined || areRight(given, kinds)) return;
  if (!isOptions(given)) {
    const type: string = typeof given;
    const name = type === "object" ? undefined : Object.keys(kinds).find((name) => kinds[name] === type);
    const meant = name
      ? `{ ${name}: ${typeof given === "string" ? JSON.stringify(given) : String(given)} }`
      : example(kinds);
    const several = kinds.keepdim && type === "number" && !kinds.correction
      ? `, and several dimensions as a list: ${verb}([0, 1])`
      : "";
    return refuse(`${verb} takes options by name; given ${named(given)}. Write ${meant}${several}.`);
  }
  for (const name of Object.keys(given)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined, value = given[name];
    if (!kind) refuse(`${verb} has no option ${JSON.stringify(name)}. It takes ${example(kinds)}.`);
    if (value !== undefined && typeof value !== kind) refuse(`${verb} takes ${example(kinds)}; given ${named(value)}.`);
  }
}

/** The quick look: an object that has options, and no others, each of its kind. */
function areRight(given: unknown, kinds: Kinds): boolean {
  let found = false;
  for (const name in given as Record<string, unknown>) {
    const kind: string = typeof (given as Record<string, unknown>)[name];
    if (kind !== kinds[name]) return false;
    found = true;
  }
  return found;
}

/** How options are written: `{ keepdim: true }`. */
function example(kinds: Kinds): string {
  return `{ ${
    Object.entries(kinds).map(([name, kind]) => `${name}: ${EXAMPLES[name] ?? EXAMPLES[kind]}`).join(", ")
  } }`;
}

const EXAMPLES: Record<string, string> = {
  boolean: "true",
  number: "1",
  alpha: "-0.1",
  rtol: "1e-5",
  atol: "1e-8",
  dtype: '"float64"',
  shape: "[32, 27]",
  approximate: '"tanh"',
  reduction: '"sum"',
};

const KEEPDIM: Kinds = { keepdim: "boolean" }, ALPHA: Kinds = { alpha: "number" };

/** keepdim out of a reduction's options. */
export function keepdimOf(verb: string, options: { keepdim?: boolean } | undefined): boolean {
  if (options === undefined) return false;
  checkOptions(verb, options, KEEPDIM);
  return options.keepdim ?? false;
}

/** alpha, by which the other operand is multiplied, out of the options. */
export function alphaOf(verb: string, options: { alpha?: number } | undefined): number {
  if (options === undefined) return 1;
  checkOptions(verb, options, ALPHA);
  return options.alpha ?? 1;
}

/** The dtype out of the options. */
export function dtypeOf(verb: string, options: { dtype?: DType } | undefined, otherwise: DType): DType {
  if (options === undefined) return otherwise;
  checkOptions(verb, options, { dtype: "string" });
  return options.dtype === undefined ? otherwise : dtypeArgument(verb, options.dtype);
}

/**
 * Refuses arguments beyond those that a function has: PyTorch's options that are not here must not go unnoticed.
 *
 * @param count how many arguments were given.
 * @param most how many arguments the function takes.
 */
export function noMore(verb: string, count: number, most: number): void {
  if (count <= most) return;
  const takes = most === 0 ? "no arguments" : most === 1 ? "one argument" : `at most ${most} arguments`;
  refuse(`${verb} takes ${takes} here; given ${count}. Leave out the rest: it has no meaning here.`);
}

/**
 * Makes every method of a prototype refuse more arguments than it declares (`noMore`), except for those that take any number.
 * A method's optional parameters therefore have no default values: JavaScript does not count these as declared.
 */
export function refuseMore(prototype: object, anyNumber: readonly string[]): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = property.value;
    if (name === "constructor" || typeof method !== "function" || anyNumber.includes(name)) continue;
    const most = method.length;
    const exact = function (this: unknown, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
      if (arguments.length > most) noMore(name, arguments.length, most);
      return method.call(this, a, b, c, d);
    };
    Object.defineProperty(exact, "name", { value: name });
    Object.defineProperty(prototype, name, { ...property, value: exact });
  }
}

/** The limits of clamp: numbers in their order, or by name. */
export function limits(verb: string, min: unknown, max: unknown): { low?: number; high?: number } {
  const named = isOptions(min);
  if (named) checkOptions(verb, min, { min: "number", max: "number" });
  const [low, high] = named ? [min.min, min.max ?? max] : [min, max];
  if (low === undefined && high === undefined) {
    return refuse(`${verb} takes a lowest and a highest value: ${verb}(0, 1).`);
  }
  const number = (value: unknown) => value === undefined ? value : numberArgument(verb, "its limits", value);
  return { low: number(low), high: number(high) };
}

/** One of a few words. */
export function oneOf<T extends string>(verb: string, option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === given);
  const words = allowed.map((word) => JSON.stringify(word)).join(" or ");
  return found ?? refuse(`${verb} takes ${option}: ${words}; given ${named(given)}.`);
}
