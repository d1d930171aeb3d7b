// An error as a sentence with the reader's own line in front: `my/ex1.ts, line 99: Cannot add shapes …`.
// Left out: stack traces.
import { UserError } from "../errors.ts";

/** What an error says to the reader, and where it arose: outside the library, in a file of theirs. */
export function sentence(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = placeOutside(stack ?? "");
  const text = translated(message);
  return place && !(error instanceof UserError && !place.startsWith("my/")) ? `${place}: ${text}` : text;
}

/** The first line of a stack trace in a file that is not the library's: `my/ex1.ts, line 99`. */
export function placeOutside(stack: string): string | undefined {
  const library = new URL("..", import.meta.url).href, root = new URL("../..", import.meta.url).href;
  for (const frame of stack.split("\n")) {
    const found = /((?:file:\/\/)?[^()\s]+\.ts):(\d+):\d+\)?$/.exec(frame.trim());
    if (!found) continue;
    const url = found[1].startsWith("/") ? new URL(`file://${encodeURI(found[1])}`).href : found[1];
    if (url.startsWith(library) || /\/lib\/[a-z]+\//.test(url)) continue;
    const file = url.startsWith(root) ? url.slice(root.length) : url.slice(url.lastIndexOf("/") + 1);
    return `${decodeURI(file)}, line ${found[2]}`;
  }
}

/** The engines' words for what learners run into, in plainer ones. */
function translated(message: string): string {
  const early = /'?(\w+)'? before initialization|Cannot access uninitialized variable/.exec(message);
  if (early) return `${early[1] ?? "A name"} is used above the line that makes it.`;
  if (/[Aa]ssign(ment)? to (constant|readonly|read-only|const)|Attempted to assign to readonly/.test(message)) {
    return `${message} A const stays the same tensor; add_ adds to it in place: dcounts.add_(…).`.replace(
      /(\w) A/,
      "$1. A",
    );
  }
  return message;
}
