// Where a moment of the lecture is in the exercises: `--at 1:04:14`.
// Left out: the times themselves, which are in the list of exercises.
import { UsageError } from "../errors.ts";
import { clock, link } from "./lecture.ts";
import type { Entry, Manifest } from "./manifest.ts";

/**
 * Takes `--at TIME` out of a command line: the second it means.
 *
 * @throws UsageError when the time is missing or none, or is given twice.
 */
export function takeAt(args: readonly string[]): { at?: number; rest: string[] } {
  const isAt = (arg: string) => arg === "--at" || arg.startsWith("--at="), i = args.findIndex(isAt);
  if (i < 0) return { rest: [...args] };
  const after = args.slice(i + 1), text = args[i] === "--at" ? after.shift() ?? "" : args[i].slice("--at=".length);
  const parts = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+)$/.exec(text);
  const [hours, minutes, seconds] = parts?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  if (!parts || text.includes(":") && seconds > 59 || parts[1] !== undefined && minutes > 59) {
    throw new UsageError(`--at takes a time of the lecture, 1:04:14, 19:06 or seconds; given "${text}".`);
  }
  if (after.some(isAt)) throw new UsageError("--at is given more than once; give it once.");
  return { at: hours * 3600 + minutes * 60 + seconds, rest: [...args.slice(0, i), ...after] };
}

/** What is worked out at a second of the lecture, in a few lines: the exercise and its row, and what is explained there. */
export function rowAt(manifest: Manifest, second: number): string {
  const began = manifest.filter(({ at = Infinity }) => at <= second);
  const entry = began.toSorted((a, b) => a.at! - b.at!).at(-1),
    head = `${clock(second)} of the lecture, ${link(second)}`;
  if (!entry) return `${head}\nBefore the exercises: the first begins at ${clock(manifest[0].at ?? 0)}.`;
  const lines = [head, `Exercise ${entry.id}: ${entry.title}, from ${clock(entry.at!)} on`];
  const [name, at] = latest(termsOf(entry), second) ?? [];
  if (name !== undefined && at !== undefined) {
    lines.push(`Row: ${name}, from ${clock(at)} on. Its hints: --hint ${name}`);
  }
  const [what, since] = latest((entry.moments ?? []).map(([at, what]) => [what, at]), second) ?? [];
  if (what !== undefined && since! >= (at ?? 0)) lines.push(`Explained there: ${what}, from ${clock(since!)} on`);
  return lines.join("\n");
}

/** Every term of every gradient with its second, those of this exercise's own chapter only. */
function termsOf({ gradients, at = 0 }: Entry): [name: string, at: number][] {
  return Object.entries(gradients).flatMap(([name, seconds]) =>
    seconds.map((second): [string, number] => [name, second])
  )
    .filter(([, second]) => second >= at);
}

/** The last one that has begun; of several that begin together, the first. */
function latest(items: readonly (readonly [what: string, at: number])[], second: number) {
  const begun = items.filter(([, at]) => at <= second), last = Math.max(...begun.map(([, at]) => at));
  return begun.find(([, at]) => at === last);
}
