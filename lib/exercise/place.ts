// Turns an error into a sentence that begins with the reader's line: `my/ex1.ts, line 99: Cannot add shapes …`.
// Left out: stack traces.
import { UserError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { answerForBareName } from "../tensor/names.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * An error's message, after the last place in the reader's own file that led to it.
 *
 * @param names names that the reader's file has, to guess what a mistyped one was meant to be.
 */
export function sentence(error: unknown, names: readonly string[] = []): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = placeOutside(stack ?? "");
  const text = translated(message, names);
  return place && !(error instanceof UserError && !place.startsWith("my/")) ? `${place}: ${text}` : text;
}

/** The first place in a stack trace that is outside lib/: `my/ex1.ts, line 99`. */
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

/** Common messages of the JavaScript engines in plainer words. */
function translated(message: string, names: readonly string[]): string {
  const missing = /^'?([A-Za-z_]\w*)'? is not defined|^Can't find variable: (\w+)/.exec(message);
  if (missing) {
    const name = missing[1] ?? missing[2], meant = names.includes(name) ? undefined : nearest(name, names);
    const answer = answerForBareName(name, Object.getOwnPropertyNames(Tensor.prototype));
    if (answer || meant) return answer ?? `${name} is not defined. Did you mean ${meant}?`;
  }
  if (/\.T is not a function/.test(message)) return "T is not called: write h.T, without brackets.";
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
