// Where in the reader's own file something happened, from a stack trace.
// Left out: the sentence about it (sentence.ts).

/** A line of a file: `my/ex1.ts`, 99. */
export interface Place {
  /** The file, seen from the project's folder; of a file elsewhere the name. */
  file: string;
  /** The line, from 1. */
  line: number;
  /** The column, from 1. */
  column: number;
}

/** The folder of everything that is not the reader's. */
const LIBRARY = new URL("..", import.meta.url).href;

/** The first place in a stack trace that is outside lib/. */
export function placeOutside(stack: string): Place | undefined {
  return placesOutside(stack).next().value ?? undefined;
}

/** All places in a stack trace that are outside lib/, each before the one that called it. */
export function* placesOutside(stack: string): Generator<Place, undefined> {
  const root = new URL("../..", import.meta.url).href;
  for (const { url, line, column } of filesIn(stack)) {
    if (url.startsWith(LIBRARY)) continue;
    const file = url.startsWith(root) ? url.slice(root.length) : url.slice(url.lastIndexOf("/") + 1);
    yield { file: decodeURIComponent(file), line, column };
  }
}

/** Whether what threw is in lib/. */
export function isFromLibrary(stack: string): boolean {
  return filesIn(stack).next().value?.url.startsWith(LIBRARY) ?? false;
}

/** The files of a stack trace by their addresses, but for the runtime's own. */
function* filesIn(stack: string): Generator<{ url: string; line: number; column: number }, undefined> {
  for (const frame of stack.split("\n")) {
    const found = /((?:\w+:\/\/|\/|\w:[\\/]).*\.ts):(\d+):(\d+)\)?$/.exec(frame.trim());
    if (!found || /(^|[\s(])(ext|node):/.test(frame)) continue;
    yield { url: hrefOf(found[1]), line: Number(found[2]), column: Number(found[3]) };
  }
}

/** The line outside lib/ that is running: that called what calls this. */
export function placeHere(): Place | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50; // ten frames may all be the library's
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return placeOutside(stack ?? "");
}

/** A place as a table shows it, and as editors and terminals make a link of it: `my/ex1.ts:99`. */
export function shortly({ file, line }: Pick<Place, "file" | "line">): string {
  return `${file}:${line}`;
}

/** The address of a file as a stack names it: by its address or, under Bun, by its path, which may have any sign in it. */
function hrefOf(file: string): string {
  if (!file.startsWith("/")) return new URL(file).href;
  return new URL(`file://${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}`).href;
}
