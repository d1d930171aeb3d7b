// The exercises in the page: their titles, sources, blanks, hints and solutions. The files are those that `deno run` runs.
import { exercises as manifest } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { regions } from "../exercise/blank.ts";
import type { Hints } from "../exercise/hints.ts";
import { pageWords } from "./words.ts";
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
  /** Its notes, line by line. */
  notes: readonly string[];
  /** The seconds of the lecture's video at which a gradient's terms are worked out. */
  times: (dname: string) => readonly number[];
  /** The solution's lines for a gradient, from all of its regions. */
  solution: (dname: string) => string;
}

/** All exercises. */
export const exercises: readonly Exercise[] = await Promise.all(manifest.map(async (entry) => {
  const source = await sourceOf(sources, entry), { id: n, title, hints } = entry;
  return {
    ...{ n, title, hints, script: scriptOf(entry), blank: inPage(blankOf(entry, source)) },
    notes: entry.notes ?? [],
    times: (dname: string) => Object.hasOwn(entry.gradients, dname) ? entry.gradients[dname] : [],
    solution: (dname: string) =>
      regions(source).filter(({ name }) => name === dname).map(({ lines }) => withoutIndent(lines)).join("\n"),
  };
}));

function withoutIndent(lines: readonly string[]): string {
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(indent).trimEnd()).join("\n") + "\n";
}

/** A blank in the page's words, where nothing has to be saved. */
function inPage(blank: string): string {
  return pageWords(blank).replace(", save, and look at the table.", ": the table follows as you type.");
}

/** The exercise whose source this is, by its call of `start`; undefined where it has none. */
export function exerciseOf(source: string): Exercise | undefined {
  const [, id] = /^[^/\n]*\bstart\(\s*exercises\s*,\s*["']?(\w+)/m.exec(source) ?? [];
  return exercises.find(({ n }) => String(n) === id);
}
