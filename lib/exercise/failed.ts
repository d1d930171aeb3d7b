// The gradient that an error is about, and its line: from the lines of the learner's file that led to it.
//
// A function above the rows may be what throws, so it is the caller's line that counts: of all in a gradient's region the
// outermost, else the outermost of all.
// Left out: the sentence about the error (sentence.ts), and which row to work on then (ending.ts).
import { regionsIn } from "./blank.ts";
import { declared } from "./broken_off.ts";
import { gradientIn, type LineBook } from "./lines.ts";
import { isFromLibrary, type Place, placesOutside } from "./place.ts";

/** Where an error came from. */
export interface Failure {
  /** The gradient: `dprobs`. */
  dname?: string;
  /** Its line, counted from 1. */
  line?: number;
  /** The function of the file that it came from, where the stack has only the line that calls that. */
  within?: string;
}

/** What is known of the file that runs. */
export interface OwnFile {
  /** Its path in the project's folder. */
  script: string;
  /** Its text, where it is known. */
  source?: string;
  /** The lines of its gradients, as far as they are known. */
  lines: LineBook;
  /** Its gradients: `dprobs`. */
  dnames: readonly string[];
  /** The one that was compared last. */
  last?: string;
  /** The one that would have been compared next. */
  following?: string;
}

/** The gradient that an error with this stack is about; nothing where no line of the file led to it. */
export function failureOf(stack: string, file: OwnFile): Failure {
  const places = [...placesOutside(stack)].filter((place) => place.file === file.script), [inner] = places;
  if (!inner) return {};
  const within = file.source !== undefined && isFromLibrary(stack) ? calledAt(file.source, inner) : undefined;
  return { ...(within?.dname ? {} : callerOf(places, stack, file)), ...within };
}

/** The gradient whose code has one of these places, the innermost first, in it. */
function callerOf(
  places: readonly Place[],
  stack: string,
  { source, lines, dnames, last, following }: OwnFile,
): Failure {
  const regions = source === undefined ? [] : regionsIn(source), outer = places.at(-1)!;
  const regionAt = ({ line }: Place) => regions.find((one) => line > one.line && line <= one.line + one.lines.length);
  const inRegion = places.findLast(regionAt);
  if (inRegion) return { dname: regionAt(inRegion)!.name, line: inRegion.line };
  const isCut = stack.split(/\n\s+at /).length > Error.stackTraceLimit;
  const below = source === undefined ? lines.gradientAt(outer.line) : gradientIn(source, outer.line);
  if (below && dnames.includes(below) && !isCut) return { dname: below, line: outer.line };
  const from = last === undefined ? undefined : lines.lineOf(last), after = places.find(({ line }) => line > from!);
  return { dname: following, line: places.length === 1 ? outer.line : after?.line };
}

/**
 * The function of the source that a place calls and, if one gradient is worked out in it, that and its line. Where the library
 * threw and the stack has such a place next, the function's own is missing: Bun leaves it out where the function returns what threw.
 */
function calledAt(source: string, { line, column }: Place): Failure | undefined {
  const lines = source.split("\n"), name = /^(\w+)\(/.exec((lines[line - 1] ?? "").slice(column - 1))?.[1];
  if (!name) return undefined;
  const begins = new RegExp(`^\\s*(?:async )?(?:function ${name}\\b|(?:const|let) ${name} = .*(?:=>|function))`);
  const from = lines.findIndex((text) => begins.test(text));
  if (from < 0) return undefined;
  const [indent] = /^\s*/.exec(lines[from])!;
  const length = lines.slice(from + 1).findIndex((text) => text.startsWith(`${indent}}`));
  const [one, ...more] = regionsIn(source).filter((one) => one.line > from + 1 && one.line <= from + 1 + length);
  if (!one || more.length > 0) return { within: name };
  const at = one.lines.findIndex((text) => declared(text).has(one.name));
  return { within: name, dname: one.name, line: one.line + 1 + Math.max(0, at) };
}
