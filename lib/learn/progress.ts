// How far a learner is with each exercise: the rows of the last run, and the words for them.
// Left out: where it is kept (lib/scripts/learn.ts).
import type { Entry, Manifest } from "../exercise/manifest.ts";

/** The rows of an exercise at its last run. */
export interface Score {
  /** Rows that were right. */
  right: number;
  /** All rows. */
  rows: number;
  /** Whether it ran to its end with every row right. */
  done: boolean;
}

/** The score of each exercise that has run, by its id. */
export type Scores = Record<string, Score>;

const WORDS = ["No exercise is", "The one exercise is", "Both are", "All three are", "All four are", "All five are"];

/** Scores that were kept as text; none if it cannot be read. */
export function scoresFrom(text: string | undefined): Scores {
  try {
    const kept = JSON.parse(text ?? "{}");
    const isScore = ([, value]: [string, unknown]) => {
      const { right, rows, done } = (value ?? {}) as Partial<Score>;
      return Number.isInteger(right) && Number.isInteger(rows) && typeof done === "boolean";
    };
    return Object.fromEntries(Object.entries(kept).filter(isScore)) as Scores;
  } catch {
    return {};
  }
}

/** The scores in a line: `1 done   2: 0/1   3: 0/9   4: –`. */
export function scoresLine(manifest: Manifest, scores: Scores, current: Entry): string {
  return manifest.map((entry) => {
    const score = scores[entry.id], text = !score ? "–" : `${score.right}/${score.rows}`;
    const state = score?.done ? `${entry.id} done` : `${entry.id}: ${text}`;
    return entry === current ? `[${state}]` : state;
  }).join("  ");
}

/** The first exercise that is not done, from this one on and then from the start; undefined when all are. */
export function firstOpen(manifest: Manifest, scores: Scores, from = manifest[0]): Entry | undefined {
  const i = manifest.indexOf(from), around = [...manifest.slice(i), ...manifest.slice(0, i)];
  return around.find(({ id }) => !scores[id]?.done);
}

/** The message when the lecture's exercises are all done; undefined before. */
export function lastWords(manifest: Manifest, scores: Scores): string | undefined {
  const lecture = manifest.filter(({ at }) => at !== undefined);
  if (lecture.length === 0 || !lecture.every(({ id }) => scores[id]?.done)) return undefined;
  const all = WORDS[lecture.length] ?? `All ${lecture.length} are`;
  const more = manifest.filter(({ id, at }) => at === undefined && !scores[id]?.done).map(({ id }) => id);
  return `${all} done. The derivations, line by line, are in exercises/: read ex2.ts and ex3.ts beside your own.` +
    (more.length > 0 ? ` After the lecture: ${more.join(", ")}.` : "");
}
