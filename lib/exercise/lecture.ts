// The lecture's video: the address of a second, and a second as a clock shows it.
// Left out: the times (data/lecture_times.ts).

/** The video's address. */
const VIDEO = "https://youtu.be/q8SA3rM6ckI";

/** The address of a second: `https://youtu.be/q8SA3rM6ckI?t=1146`. */
export function link(seconds: number): string {
  return `${VIDEO}?t=${seconds}`;
}

/**
 * A second as a clock shows it.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * deepEqual([1146, 3854, 5].map(clock), ["19:06", "1:04:14", "0:05"]);
 * ```
 */
export function clock(seconds: number): string {
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  const rest = Math.floor(seconds) % 60;
  const two = (x: number) => String(x).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
