// Hints: three for each gradient of an exercise. Their texts are in exercises/hints.ts.
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** A question, a rule, and the expression in words. */
export type Hint = readonly [question: string, rule: string, expression: string];

/** An exercise's hints by gradient: `dlogits`. */
export type Hints = Readonly<Record<string, Hint>>;

/**
 * Hint 1, 2 or 3 for a gradient.
 *
 * @throws UsageError when the exercise has no such gradient.
 */
export function hintText(hints: Hints, name: string, level: number): string {
  const names = Object.keys(hints), dname = [name, `d${name}`].find((name) => Object.hasOwn(hints, name));
  if (!dname) {
    const meant = nearest(name, names) ?? nearest(`d${name}`, names);
    throw new UsageError(
      `There is no hint for "${name}".${meant ? ` Did you mean ${meant}?` : ""} There are hints for ${
        names.join(", ")
      }.`,
    );
  }
  return `${dname}, hint ${level} of 3: ${hints[dname][level - 1]}`;
}
