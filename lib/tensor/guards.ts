// Checks arguments. The error for a wrong one says what was given, what is expected, and what to write instead.
//
// `deno run` does not check types, so anything that is typed into an exercise gets here. Each guard checks one argument and
// returns it in the form that operations take. It tests `typeof` first to be fast: a training step makes hundreds of checks.
// Left out: shapes and dtypes that do not go together, which operations refuse (lib/tensor/operations.ts).
import { arrayOf, BYTES, type DType, NDArray } from "./ndarray.ts";
import { dimension, type Shape } from "./shape.ts";

/** A value's name in a message. */
export function named(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing (undefined)";
    case "string":
      return `the text ${JSON.stringify(value)}`;
    case "function":
      return `the function ${value.name || "without a name"}`;
    case "bigint":
      return `the BigInt ${value}n`;
    case "object": {
      const array = arrayOf(value);
      if (array) return `a tensor, ${array}`;
      if (Array.isArray(value)) return value.length <= 4 ? `the list ${written(value)}` : `a list of ${value.length}`;
      if (value === null) return "null";
      if (ArrayBuffer.isView(value)) return "a typed array";
      // A gradient still to do is an object that speaks for itself as soon as it is asked for anything.
      return value.constructor === Object ? "an object" : `an object, ${value.constructor?.name ?? "without a class"}`;
    }
  }
  return String(value);
}

/** A short list as it was typed. */
function written(list: readonly unknown[]): string {
  const parts = list.map((value) => typeof value === "number" ? `${value}` : Array.isArray(value) ? "[…]" : "…");
  return `[${parts.join(", ")}]`;
}

/** Advice on a value of the wrong kind. */
function advice(value: unknown): string {
  if (value === undefined) return " Is it a gradient still to do, or a name misspelt?";
  if (typeof value === "bigint") return ` Write ${value}, without the n.`;
  if (typeof value === "function") return " Call it: put () behind its name.";
  if (typeof value === "boolean") return ` Write ${Number(value)}.`;
  if (Array.isArray(value)) return ` Write tensor(${value.length <= 4 ? written(value) : "[…]"}).`;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
    return ` Write ${value}, without quotation marks.`;
  }
  return "";
}

/** A number, or what is behind a tensor. */
export function operand(verb: string, value: unknown): NDArray | number {
  if (typeof value === "number") return value;
  return arrayOf(value) ?? refuse(`${verb} takes a tensor or a number; given ${named(value)}.${advice(value)}`);
}

/** What is behind a tensor. */
export function tensorArgument(verb: string, value: unknown, instead = ""): NDArray {
  const array = arrayOf(value);
  if (array) return array;
  return refuse(
    `${verb} takes a tensor; given ${named(value)}.${instead || (typeof value === "number" ? "" : advice(value))}`,
  );
}

/** A number; `what` says what it is. */
export function numberArgument(verb: string, what: string, value: unknown): number {
  if (typeof value === "number") return value;
  return refuse(`${verb} takes ${what} as a number; given ${named(value)}.${arrayOf(value) ? "" : advice(value)}`);
}

/** A whole number from `least` on. */
export function wholeNumber(
  verb: string,
  what: string,
  value: unknown,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  const tooLarge = typeof value === "number" && value > most;
  const range = most === Number.MAX_SAFE_INTEGER && !tooLarge ? `from ${least} on` : `from ${least} to ${most}`;
  const text = `${verb} takes ${what} as a whole number ${range}; given ${named(value)}.`;
  return typeof value === "number" ? outOfRange(text) : refuse(text + (arrayOf(value) ? "" : advice(value)));
}

/** A dimension, counted from 0. */
export function dimArgument(verb: string, dim: unknown, shape: Shape): number {
  if (typeof dim === "number") return dimension(dim, shape);
  const instead = isOptions(dim)
    ? ` The dimension comes first: ${verb}(0, { … }).`
    : dim === undefined && REDUCTIONS.has(verb)
    ? ` Write ${verb}(0) to go down each column, ${verb}(1) along each row.`
    : "";
  return refuse(`${verb} takes a dimension, a whole number; given ${named(dim)}.${instead}`);
}

const REDUCTIONS = new Set(["sum", "mean", "var", "max", "amax", "argmax"]);

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
    return refuse(`${verb} takes options by name; given ${named(given)}. Write ${meant}.`);
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
};

/** Whether a value can be a set of options: a plain object. */
function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const KEEPDIM: Kinds = { keepdim: "boolean" };

/** keepdim out of a reduction's options. */
export function keepdimOf(verb: string, options: { keepdim?: boolean } | undefined): boolean {
  if (options === undefined) return false;
  checkOptions(verb, options, KEEPDIM);
  return options.keepdim ?? false;
}

/** Sizes, given as a list or one by one. With `worked`, −1 and fractions are left for `view` to check. */
export function sizes(verb: string, given: readonly unknown[], worked = false): number[] {
  const list: unknown = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
  return shapeArgument(verb, list, `${verb}(32, 27)`, worked);
}

/** A shape: a list of whole numbers. A copy, so that the tensor's own cannot be changed. */
export function shapeArgument(verb: string, shape: unknown, example?: string, worked = false): number[] {
  if (!Array.isArray(shape)) {
    const instead = example ?? (typeof shape === "number" ? `${verb}([${shape}, …])` : `${verb}([32, 27])`);
    return refuse(`${verb} takes a shape, a list of sizes; given ${named(shape)}. Write ${instead}.`);
  }
  for (const size of shape) {
    if (typeof size !== "number") refuse(`${verb} takes sizes, which are whole numbers; given ${named(size)}.`);
    if (!worked && (!Number.isInteger(size) || size < 0)) {
      outOfRange(`The sizes of a tensor are whole numbers from 0 on; given (${shape.join(", ")}).`);
    }
  }
  return shape.slice();
}

/** A dtype. */
export function dtypeArgument(verb: string, dtype: unknown): DType {
  if (typeof dtype === "string" && Object.hasOwn(BYTES, dtype)) return dtype as DType;
  const meant = typeof dtype === "string" ? MEANT.find(([pattern]) => pattern.test(dtype))?.[1] : undefined;
  const instead = meant ? ` Write "${meant}".` : "";
  return refuse(`${verb} takes a dtype, "float32", "float64" or "int32"; given ${named(dtype)}.${instead}`);
}

const MEANT = [
  [/int|long/, "int32"],
  [/64|double/, "float64"],
  [/float|single|half|32|16/, "float32"],
].map(([pattern, dtype]) => [pattern, dtype] as [RegExp, DType]);

/** Positions along a dimension. */
export type Index = NDArray | readonly number[];

/** Indices: what is behind an int32 tensor, or a list, whose elements indexing.ts looks at. */
export function indices(verb: string, value: unknown): Index {
  const array = arrayOf(value);
  if (array) {
    if (array.dtype !== "int32") {
      refuse(`${verb} takes indices, which are int32; given ${named(value)}. Write .to("int32") behind it.`);
    }
    return array;
  }
  if (!Array.isArray(value) && !(value instanceof Int32Array)) {
    const instead = typeof value === "number"
      ? ` Write [${value}].`
      : typeof value === "bigint"
      ? ` Write [${value}].`
      : "";
    return refuse(
      `${verb} takes indices, a list of whole numbers or an int32 tensor; given ${named(value)}.${instead}`,
    );
  }
  return value as readonly number[];
}

/** A number that an element of this dtype can hold. */
export function element(verb: string, value: unknown, dtype: DType): number {
  const x = numberArgument(verb, "the value", value);
  if (dtype !== "int32" || x === (x | 0)) return x;
  return outOfRange(`An int32 tensor holds 32-bit integers; ${verb} was given ${x}.`);
}

/** Refuses an argument of the wrong kind. */
export function refuse(message: string): never {
  throw new TypeError(message);
}

/** Refuses an argument of the right kind with a value that is not allowed. */
export function outOfRange(message: string): never {
  throw new RangeError(message);
}
