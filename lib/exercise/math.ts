// What to write for a function of Math that was given a tensor: h.pow(2) for Math.pow(h, 2).
// Left out: which of them stands at a place of a source (operators.ts).
import { ANSWERS } from "../tensor/answers.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Tells the operands that are tensors. */
export type IsTensor = (operand: string) => boolean;

/** Tensors' expressions up to this length are put into an answer. */
const SHORT = 20;

/** What to write for a function of Math with these arguments. */
export function insteadOfMath(name: string, args: readonly string[], isTensor: IsTensor): string {
  const tensor = (args.find(isTensor) ?? args[0] ?? "t").replace(/^\.\.\./, ""),
    written = `Math.${name}(${args.join(", ")})`;
  if (name === "pow" && args.length === 2) return `${power(args[0], args[1], isTensor)} for ${written}`;
  if (name === "max" || name === "min") {
    const limits = args.filter((arg) => arg !== tensor && arg !== `...${tensor}`).map((arg) => limited(name, arg)).join(
      "",
    );
    const largest = name === "max" ? ".max()" : ".neg().max().neg()";
    return `${tensor}${limits || largest} for ${written}`;
  }
  if (name !== "pow" && Object.hasOwn(Tensor.prototype, name)) return `${tensor}.${name}() for ${written}`;
  const named = (text: string) => tensor.length <= SHORT ? text.replaceAll(/\b[tx](?=\.)/g, () => tensor) : text;
  if (Object.hasOwn(ANSWERS, name)) return named(ANSWERS[name]).replace(/^write (.*)\.$/, "$1");
  const call = `Math.${name}(x${args.length > 1 ? ", …" : ""})`;
  return named(`tensor(Array.from(t.toArray(), (x) => ${call}), { shape: t.shape, dtype: t.dtype })`);
}

/** A power, of which `pow` knows those with a number as exponent. */
export function power(base: string, exponent: string, isTensor: IsTensor): string {
  if (!isTensor(exponent)) return `${base}.pow(${exponent})`;
  return isTensor(base) ? `${base}.log().mul(${exponent}).exp()` : `${exponent}.mul(Math.log(${base})).exp()`;
}

/** No element below a value, or above it. */
function limited(name: "max" | "min", value: string): string {
  if (!/^-?[\d.]+(e[-+]?\d+)?$/i.test(value)) return `.${name}imum(${value})`;
  return name === "max" ? `.clamp(${value})` : `.clamp({ max: ${value} })`;
}
