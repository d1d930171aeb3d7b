// The names of factors: which factors are the same, and how each is written.

import type { Name, Named } from "./search.ts";
import { begin, near } from "./words.ts";

/** The names among these factors' that are functions of a tensor. */
export function namesOf(factors: readonly Named[], tensor: string): Name[] {
  return factors.flatMap(({ names }) => names.filter((name) => name.tensor === tensor));
}

/** Whether it is a power of a tensor: x², x⁻³. */
export function isPower({ fn }: Name): boolean {
  return /[²³⁻]/.test(fn.text("")) && !fn.text("").startsWith("1 ");
}

/** Whether factors multiply to the same as other ones: x · x is x². */
export function sameTogether(factors: readonly Named[], names: readonly Name[]): boolean {
  const powers = (all: readonly Name[]) => {
    const sum: Record<string, number> = {};
    for (const { fn, tensor } of all) sum[tensor] = (sum[tensor] ?? 0) + Math.log2(Math.abs(fn.of(2)));
    return Object.entries(sum).filter(([, power]) => power !== 0).sort(([a], [b]) => a < b ? -1 : 1);
  };
  return JSON.stringify(powers(factors.map(simplestName))) === JSON.stringify(powers(names));
}

/** The simplest name of a factor. */
export function simplestName({ names }: Named): Name {
  return names.toSorted((a, b) => a.fn.rank - b.fn.rank)[0];
}

/** Whether two factors are the same: they share a name. */
export function alike(a: Named, b: Named): boolean {
  return a.names.some((x) => b.names.some((y) => sameName(x, y)));
}

/** Whether two names are the same function of the same tensor. */
export function sameName(a: Name, b: Name): boolean {
  return a.fn === b.fn && a.tensor === b.tensor;
}

/** Whether two factors may be functions of the same tensor. */
export function sameTensor(a: Named, b: Named): boolean {
  return a.names.some((x) => b.names.some((y) => x.tensor === y.tensor));
}

/** The name of a factor that reads best: of a tensor that the line reads or makes, and simple. */
export function best({ names }: Named, close: readonly string[], x?: string, beside?: Name): Name {
  const rank = ({ fn, tensor }: Name) =>
    fn.rank + (close.includes(tensor) ? 0 : fn.rank === 0 ? 0.8 : 1.5) +
    (beside && (beside.tensor === tensor || beside.fn === fn) ? -0.4 : 0) +
    (tensor === x && fn.rank > 0 && fn.rank < 3 ? -1.2 : 0);
  return names.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** A name as it is written. */
export function written({ fn, tensor }: Name): string {
  return fn.text(tensor);
}

/** A factor as it is written within a product or after a minus. */
export function bracketed(name: Name, weight: number): string {
  const text = written(name);
  return !near(weight, 1) && / [−+] /.test(text) && !/^[(√]/.test(text) ? `(${text})` : text;
}

/** The sentence on one name in place of another: a division in place of a product, or what stands where what belongs. */
export function instead(x: Name, y: Name): string {
  if (x.tensor === y.tensor && x.fn.rank === 1 && y.fn.rank === 0 && written(x).startsWith("1/")) {
    return `You divide by ${y.tensor}; multiply by it.`;
  }
  if (x.tensor === y.tensor && y.fn.rank === 1 && x.fn.rank === 0 && written(y).startsWith("1/")) {
    return `You multiply by ${x.tensor}; divide by it.`;
  }
  return `${begin(written(x))} stands where ${written(y)} belongs.`;
}
