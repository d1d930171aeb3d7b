// The exercises in the page: their titles, sources, blanks, hints and solutions. The files are those that `deno run` runs.
import { exercises as manifest, sources } from "../../exercises/manifest.ts";
import { regions } from "../exercise/blank.ts";
import type { Hints } from "../exercise/hints.ts";
import { blankOf, scriptOf, sourceOf } from "../exercise/manifest.ts";

/** An exercise. */
export interface Exercise {
  /** Its number or its name. */
  n: number | string;
  /** What its first line says: `backprop through every atom`. */
  title: string;
  /** What a learner's copy is called. */
  script: string;
  /** The learner's copy as it is at first. */
  blank: string;
  hints: Hints;
  /** The solution's lines for a gradient, from all of its regions. */
  solution: (dname: string) => string;
}

/** All exercises. */
export const exercises: readonly Exercise[] = await Promise.all(manifest.map(async (entry) => {
  const source = await sourceOf(sources, entry), { id: n, title, hints } = entry;
  return {
    ...{ n, title, hints, script: scriptOf(entry), blank: blankOf(entry, source) },
    solution: (dname: string) =>
      regions(source).filter(({ name }) => name === dname).map(({ lines }) => withoutIndent(lines)).join("\n"),
  };
}));

function withoutIndent(lines: readonly string[]): string {
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(indent).trimEnd()).join("\n") + "\n";
}
