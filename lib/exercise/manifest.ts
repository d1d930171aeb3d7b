// An entry in the list of exercises, and what follows from it: the exercise's name, its blank, the next one.
// Left out: the list itself (exercises/manifest.ts), which is an argument of everything here.
import { makeBlank } from "./blank.ts";
import type { Hints } from "./hints.ts";
import { preface } from "./preface.ts";

/** One exercise. */
export interface Entry {
  /** 1 to 4 for the lecture's own, a name for others: `layernorm`, `practice-7`. */
  readonly id: number | string;
  /** What it is about: `backprop through every atom`. */
  readonly title: string;
  /** Its file in exercises/: `ex1.ts`, `beyond/layernorm.ts`. */
  readonly file: string;
  /** The second of the video at which it begins; none where it is not the lecture's. */
  readonly at?: number;
  /** Its gradients, in the order of its regions; each with the seconds at which the lecture works out its terms. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Lines for the head of the blank, below how to work in it. */
  readonly notes?: readonly string[];
  /** What the lecture explains on the way, and the second from which on. */
  readonly moments?: readonly (readonly [at: number, what: string])[];
  /** Three hints for each gradient. */
  readonly hints: Hints;
  /**
   * For an exercise that was generated and has no solution in exercises/: the command that generates the next. Its third hint
   * is the answer.
   */
  readonly another?: string;
}

/** All exercises, in the order in which they are done. */
export type Manifest = readonly Entry[];

/** For each exercise's file, the module that its text is; a literal import needs no permission. */
export type Sources = Readonly<Record<string, () => Promise<object>>>;

/**
 * The exercise called `id`, a number or a name; undefined where there is none.
 */
export function entryOf(manifest: Manifest, id: number | string): Entry | undefined {
  return manifest.find((entry) => String(entry.id) === String(id));
}

/** The exercise that comes after this one; undefined after the last. */
export function nextAfter(manifest: Manifest, { id }: Entry): Entry | undefined {
  return manifest[manifest.findIndex((entry) => entry.id === id) + 1];
}

/** The ids for a usage message: `1 (or 2, 3, 4)`. */
export function choices(manifest: Manifest): string {
  const [first, ...others] = manifest.map(({ id }) => id);
  return others.length > 0 ? `${first} (or ${others.join(", ")})` : String(first);
}

/** What the learner's copy is called: `my/ex1.ts`. */
export function scriptOf({ file }: Entry): string {
  return `my/${file.slice(file.lastIndexOf("/") + 1)}`;
}

/** The source of an exercise, which is its solution. */
export async function sourceOf(sources: Sources, { file }: Entry): Promise<string> {
  return String((await sources[file]() as { default: unknown }).default);
}

/** The learner's copy as it is at first. */
export function blankOf(entry: Entry, source: string): string {
  return makeBlank(source, { preface: preface(entry), file: entry.file, times: entry.gradients });
}
