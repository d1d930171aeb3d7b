// How far a learner is with each exercise, and the words for it.
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
export type Progress = Record<string, Score>;

const WORDS = ["No exercise is", "The one exercise is", "Both are", "All three are", "All four are", "All five are"];

/** A progress that was kept as text; none where it cannot be read. */
export function progressFrom(text: string | undefined): Progress {
  try {
    const kept = JSON.parse(text ?? "{}");
    const isStanding = ([, value]: [string, unknown]) => {
      const { right, rows, done } = (value ?? {}) as Partial<Score>;
      return Number.isInteger(right) && Number.isInteger(rows) && typeof done === "boolean";
    };
    return Object.fromEntries(Object.entries(kept).filter(isStanding)) as Progress;
  } catch {
    return {};
  }
}

/** The progress in each exercise, in a line: `1 done   2: 0/1   3: 0/9   4: –`. */
export function standingsLine(manifest: Manifest, progress: Progress, current: Entry): string {
  return manifest.map((entry) => {
    const standing = progress[entry.id], text = !standing ? "–" : `${standing.right}/${standing.rows}`;
    const state = standing?.done ? `${entry.id} done` : `${entry.id}: ${text}`;
    return entry === current ? `[${state}]` : state;
  }).join("  ");
}

/** The first exercise that is not done, from this one on and then from the start; undefined when all are. */
export function firstOpen(manifest: Manifest, progress: Progress, from = manifest[0]): Entry | undefined {
  const i = manifest.indexOf(from), around = [...manifest.slice(i), ...manifest.slice(0, i)];
  return around.find(({ id }) => !progress[id]?.done);
}

/** The message when the lecture's exercises are all done; undefined before. */
export function lastWords(manifest: Manifest, progress: Progress): string | undefined {
  const lecture = manifest.filter(({ at }) => at !== undefined);
  if (lecture.length === 0 || !lecture.every(({ id }) => progress[id]?.done)) return undefined;
  const all = WORDS[lecture.length] ?? `All ${lecture.length} are`;
  const more = manifest.filter(({ id, at }) => at === undefined && !progress[id]?.done).map(({ id }) => id);
  return `${all} done. The derivations, line by line, are in exercises/: read ex2.ts and ex3.ts beside your own.` +
    (more.length > 0 ? ` After the lecture: ${more.join(", ")}.` : "");
}
