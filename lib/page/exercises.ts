// The four exercises: their titles, sources, blanks, hints and solutions. The files are those that `deno run` runs.
import ex1 from "../../exercises/ex1.ts" with { type: "text" };
import ex2 from "../../exercises/ex2.ts" with { type: "text" };
import ex3 from "../../exercises/ex3.ts" with { type: "text" };
import ex4 from "../../exercises/ex4.ts" with { type: "text" };
import { hints } from "../../exercises/hints.ts";
import { makeBlank, regions } from "../exercise/blank.ts";
import { preface } from "../exercise/preface.ts";
import type { Hints } from "../exercise/hints.ts";

/** An exercise. */
export interface Exercise {
  n: number;
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

/** Exercises 1 to 4. */
export const exercises: readonly Exercise[] = [ex1, ex2, ex3, ex4].map((source: string, i) => ({
  n: i + 1,
  title: /^\/\/ Exercise \d: (.*)\.$/m.exec(source)![1],
  script: `my/ex${i + 1}.ts`,
  blank: makeBlank(source, preface(i + 1)),
  hints: (hints as Record<number, Hints>)[i + 1],
  solution: (dname) =>
    regions(source).filter(({ name }) => name === dname).map(({ lines }) => withoutIndent(lines)).join("\n"),
}));

function withoutIndent(lines: readonly string[]): string {
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(indent).trimEnd()).join("\n") + "\n";
}
