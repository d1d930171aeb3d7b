// Exercises as a learner's files, for the tests of the page: blank, solved, and with one line of them filled in.
import { readFileSync } from "node:fs";
import { exercises as manifest } from "../../exercises/manifest.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { exercises } from "../../lib/page/exercises.ts";
import { fillRegions } from "../harness.ts";

/** The source of an exercise. */
export const sourceOf = (n: number | string) =>
  readFileSync(new URL(`../../exercises/${manifest.find(({ id }) => id === n)!.file}`, import.meta.url), "utf8");

/** Its blank, as the page has it. */
export const blankOf = (n: number | string) => exercises.find((one) => one.n === n)!.blank;

/** An exercise's solution as a learner's file. */
export function solvedOf(n: number | string): string {
  const solution = regions(sourceOf(n));
  return fillRegions(blankOf(n), (_, i) => solution[i].lines.join(""));
}

/** Exercise 1 with the first gradient filled in by `line`. */
export const withFirst = (line: string) => fillRegions(blankOf(1), (_, i) => i === 0 ? line + "\n" : undefined);

/** The right first gradient of exercise 1. */
export const RIGHT = "const dlogprobs = zeros_like(logprobs).index_put_([range(n), yb], -1 / n);";
