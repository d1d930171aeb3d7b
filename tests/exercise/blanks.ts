// The exercises' sources, and blanks of them with some gradients filled in.
import { exercises } from "../../exercises/manifest.ts";
import { sources as read } from "../../exercises/sources.ts";
import { makeBlank, type Region, regions } from "../../lib/exercise/blank.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";
import { fillRegions } from "../harness.ts";

export const sources = await Promise.all(
  exercises.map(async (entry) => ({ n: entry.id, entry, file: entry.file, source: await sourceOf(read, entry) })),
);
export const [ex1, ex2, , ex4] = sources.map(({ source }) => source);
export const small = { hidden: 3 }, smallest = { hidden: 3, batch: 4 };
/** The flags of an exercise for the smallest sizes that it can have. */
export const flagsOf = (source: string, file: string) =>
  file === "ex4.ts" ? smallest : source.includes("hiddenFlag") ? small : {};

export const isCode = (line: string) => line.trim() !== "" && !line.trim().startsWith("//");
export const codeOf = ({ lines }: Region) => lines.filter(isCode).map((line) => line.trim());
export const linesOf = (text: string) => text.split(/\r?\n/).map((line) => line.trim());
export const unique = <T>(items: readonly T[]) => [...new Set(items)];
export const namesOf = (source: string) => unique(regions(source).map(({ name }) => name));
export const withCrLf = (text: string) => text.replaceAll(/\r?\n/g, "\r\n");

/** The blank of a source with the solution's regions put back for some gradients. */
export function filled(source: string, names: readonly string[]): string {
  const solution = regions(source);
  return fillRegions(makeBlank(source), ({ name }, i) => names.includes(name) ? solution[i].lines.join("") : undefined);
}
