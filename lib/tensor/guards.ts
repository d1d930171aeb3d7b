// Checks arguments. The error for a wrong one says what was given, what is expected, and what to write instead.
//
// `deno run` does not check types, so anything that is typed into an exercise gets here. Each guard checks one argument and
// returns it in the form that operations take. It tests `typeof` first to be fast: a training step makes hundreds of checks.
// Left out: options by name (lib/tensor/options.ts), and shapes and dtypes that do not go together, which operations refuse.
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
  if (Array.isArray(value)) return adviceOnList(value);
  if (isOptions(value)) {
    const [name, ...others] = Object.keys(value), meant = name === undefined ? undefined : value[name];
    if (others.length === 0 && typeof meant === "number") return ` Leave the name out: write ${meant}.`;
  }
  if (arrayOf((value as { values?: unknown } | null)?.values)) return " Write .values behind it.";
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
    return ` Write ${value}, without quotation marks.`;
  }
  return "";
}

/** Advice on a list where a tensor is expected. */
function adviceOnList(list: readonly unknown[]): string {
  const tensors = list.filter(arrayOf).length, rows = list.filter(Array.isArray);
  if (list.length === 1 && tensors === 1) return " Leave the brackets out.";
  if (tensors > 0) return " Write stack([a, b]) to make one tensor of several, cat([a, b]) to join them.";
  if (rows.length > 0 && (rows.length < list.length || rows.some((row) => row.length !== rows[0].length))) {
    return " Its rows differ in length, so that no tensor can be made of it.";
  }
  return ` Write tensor(${list.length <= 4 ? written(list) : "[…]"}).`;
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
  const instead = !arrayOf(value) ? advice(value) : verb === "fill_" ? " Write copy_, which takes a tensor." : "";
  return refuse(`${verb} takes ${what} as a number; given ${named(value)}.${instead}`);
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
  const instead = isOptions(dim) && !("dim" in dim)
    ? ` The dimension comes first: ${verb}(0, { … }).`
    : dim === undefined
    ? WITHOUT_AXIS[verb] ?? ` Write ${verb}(0) to go down each column, ${verb}(1) along each row.`
    : isOptions(dim) && typeof dim.dim === "number"
    ? byName(verb, dim)
    : Array.isArray(dim)
    ? (verb === "max" ? " Write amax([0, 1]) for several." : " It goes along one.")
    : verb === "max" && arrayOf(dim)
    ? " Write maximum(a, b) for the larger of two tensors."
    : arrayOf(dim)
    ? ""
    : advice(dim);
  return refuse(`${verb} takes a dimension, a whole number; given ${named(dim)}.${instead}`);
}

/** How a dimension that was given by name is written. */
function byName(verb: string, { dim, ...others }: Record<string, unknown>): string {
  const rest = Object.entries(others).map(([name, value]) => `${name}: ${value}`).join(", ");
  return rest ? ` Write ${verb}(${dim}, { ${rest} }).` : ` Leave the name out: write ${dim}.`;
}

/** What takes a dimension but does not go along it, and how it is written. */
const WITHOUT_AXIS: Readonly<Record<string, string>> = {
  transpose: " Write transpose(0, 1).",
  unsqueeze: " Write unsqueeze(0) for a new first dimension.",
  narrow: " Write narrow(0, first, length).",
  index_add_: " Write index_add_(0, indices, rows).",
};

/** Whether a value can be a set of options: a plain object. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
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

/** The argument of `verb`, if it names a dtype. @throws TypeError that lists the dtypes, with the one that was perhaps meant. */
export function dtypeArgument(verb: string, dtype: unknown): DType {
  if (typeof dtype === "string" && Object.hasOwn(BYTES, dtype)) return dtype as DType;
  const meant = typeof dtype === "string" ? MEANT.find(([pattern]) => pattern.test(dtype))?.[1] : undefined;
  const instead = meant ? ` Write "${meant}".` : "";
  return refuse(`${verb} takes a dtype, "float32", "float64", "int32" or "bool"; given ${named(dtype)}.${instead}`);
}

const MEANT = [
  [/bool/, "bool"],
  [/int|long/, "int32"],
  [/64|double/, "float64"],
  [/float|single|half|32|16/, "float32"],
].map(([pattern, dtype]) => [pattern, dtype] as [RegExp, DType]);

/** Positions along a dimension. */
export type Index = NDArray | readonly number[];

/** Indices: what is behind an int32 tensor, or a list, whose elements indexing.ts looks at; where it is allowed, a mask. */
export function indices(verb: string, value: unknown, masks = false): Index {
  const array = arrayOf(value);
  if (array) {
    if (array.dtype !== "int32" && !(masks && array.dtype === "bool")) {
      const areWhole = array.contiguous().elements.every(Number.isInteger);
      const instead = areWhole
        ? 'Write .to("int32") behind it.'
        : "Its numbers are no indices: those come from argmax(1), or max(1).indices.";
      refuse(`${verb} takes indices, which are int32; given ${named(value)}. ${instead}`);
    }
    return array;
  }
  if (!Array.isArray(value) && !(value instanceof Int32Array)) {
    const instead = typeof value === "number" || typeof value === "bigint" ? ` Write [${value}].` : "";
    return refuse(
      `${verb} takes indices, a list of whole numbers or an int32 tensor; given ${named(value)}.${instead}`,
    );
  }
  return value as readonly number[];
}

/** What `at` takes: numbers, slices and lists of indices. A tensor of one whole number is that number, as in PyTorch. */
export function parts(verb: string, given: readonly unknown[]): (number | string | Index)[] {
  if (given.length === 0) return refuse(`${verb} takes an index for each dimension, from the first on: t.at(0).`);
  const found = new Array<number | string | Index>(given.length);
  for (let d = 0; d < given.length; d++) found[d] = part(verb, given[d]);
  return found;
}

function part(verb: string, given: unknown): number | string | Index {
  if (typeof given === "number" || typeof given === "string") return given;
  const array = arrayOf(given);
  if (array?.shape.length === 0 && array.dtype === "int32") return array.elements[0];
  if (array || Array.isArray(given) || given instanceof Int32Array) return indices(verb, given, true);
  return refuse(
    `${verb} takes a number, a slice such as "2:5", or lists of indices; given ${named(given)}.${advice(given)}`,
  );
}

/** The indices of `index_put_`: a list of lists of indices, one for each dimension from the first on, or a mask. */
export function indexList(verb: string, given: unknown): Index[] {
  if (Array.isArray(given) && given.length > 0 && !given.some((index) => typeof index === "number")) {
    return given.map((index) => indices(verb, index, true));
  }
  return refuse(
    `${verb} takes lists of indices in a list, [rows, columns]; given ${named(given)}. Write ${verb}(${
      arrayOf(given) ? "[indices]" : "[range(n), yb]"
    }, …).`,
  );
}

/** The value that `masked_fill` takes: a number, or a tensor of one. */
export function fillValue(verb: string, value: unknown, dtype: DType): number {
  const array = arrayOf(value);
  if (array && array.shape.length > 0) refuse(`${verb} takes one number; given ${named(value)}. Write where(mask, …).`);
  return element(verb, array ? array.contiguous().elements[0] : value, dtype);
}

/** What is behind each of several tensors, at least one. */
export function tensorList(verb: string, given: unknown): NDArray[] {
  if (Array.isArray(given) && given.length > 0) return given.map((tensor) => tensorArgument(verb, tensor));
  return refuse(`${verb} takes a list of tensors; given ${named(given)}. Write ${verb}([a, b], 1).`);
}

/** Checks that arrays have so many dimensions. */
export function dimensions(verb: string, count: number, ...arrays: readonly NDArray[]): void {
  const wrong = arrays.find(({ shape }) => shape.length !== count);
  if (wrong) outOfRange(`${verb} takes tensors of ${count} dimensions; given ${wrong}. Write matmul, which takes any.`);
}

/** A mask: what is behind a bool tensor. */
export function mask(verb: string, value: unknown): NDArray {
  const array = tensorArgument(verb, value, " Write t.eq(0), t.gt(0) or the like, which make a mask.");
  if (array.dtype === "bool") return array;
  return refuse(`${verb} takes a mask, a bool tensor; given ${named(value)}. Write .eq(0) or .ne(0) behind it.`);
}

/** Several dimensions, sorted, each once: all for undefined or an empty list, as in PyTorch. */
export function dims(verb: string, given: unknown, shape: Shape): readonly number[] {
  if (typeof given === "number") return [dimension(given, shape)];
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return shape.map((_, d) => d);
  if (!Array.isArray(given)) return [dimArgument(verb, given, shape)];
  const sorted = given.map((d) => dimArgument(verb, d, shape)).sort((a, b) => a - b);
  if (new Set(sorted).size === sorted.length) return sorted;
  return outOfRange(`${verb} takes each dimension once; given [${given.join(", ")}].`);
}

/** A number that an element of this dtype can hold: of bool, 1 for any but 0. */
export function element(verb: string, value: unknown, dtype: DType): number {
  if (dtype === "bool" && (typeof value === "boolean" || typeof value === "number")) {
    return Number(value !== 0 && value !== false);
  }
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
