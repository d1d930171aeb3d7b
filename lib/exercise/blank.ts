// Makes blank copies of the exercises: the solution's regions are taken out, everything else stays.
//
// A region lies between the lines `// #region dprobs` and `// #endregion`. A blank keeps both lines. Between them, one
// line says how long the solution is, and one declares the gradient as a todo. Blanks are made from the solution when
// asked for, so they always match it.
// Left out: writing files (lib/scripts/new_blank.ts).
import { clock } from "./lecture.ts";

/** A region of an exercise's source. */
export interface Region {
  /** The gradient it computes, wholly or in part. */
  name: string;
  /** The lines between the markers, with their line ends. */
  lines: string[];
  /** The number of the marker's line, from 1. */
  line: number;
}

/** What a blank takes from `start`, besides what its exercise does. */
export const TOOLS = ["print", "picture", "todo", "given", "hint", "why"];

/** What a blank imports from these files, in place of its exercise's own imports from them. */
export const IMPORTS: readonly [names: string, file: string][] = [
  ["cat, cross_entropy, div, linear, one_hot, stack, sub, tril, where", "../lib/tensor/functional.ts"],
  ["full, full_like, ones, ones_like, range, tensor, zeros, zeros_like", "../lib/tensor/creation.ts"],
  ["type Tensor", "../lib/tensor/tensor.ts"],
];

/** A piece of the source: a region, or the text between two of them with its markers. They alternate. */
type Piece = string | Region;

/** What a blank has besides its exercise's own lines. */
export interface BlankOptions {
  /** Comments above it. */
  preface?: string;
  /** Where the exercise is in exercises/, which its imports are seen from; `ex1.ts` by default. */
  file?: string;
  /** When the lecture works out each gradient: a second for each of its regions, or one for all of them. */
  times?: Readonly<Record<string, readonly number[]>>;
}

/**
 * A blank copy of an exercise, for a folder next to exercises/.
 *
 * @throws SyntaxError with the line for a marker that is unpaired, nested or has no name, or when there are none.
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * const source = "// #region da\nconst da = db.mul(2); // (3)\n// #endregion\n";
 * equal(
 *   makeBlank(source),
 *   "// #region da\n// YOUR CODE HERE (1 line in the solution)\nconst da = todo(\"da\"); // (3)\n// #endregion\n",
 * );
 * ```
 */
export function makeBlank(source: string, { preface = "", file = "ex1.ts", times = {} }: BlankOptions = {}): string {
  const declared = new Map<string, number>(), end = /\r?\n/.exec(source)?.[0] ?? "\n";
  const blank = parse(source).map((piece) => {
    if (typeof piece === "string") return withTools(fromCopy(piece, file), end);
    const { name, lines } = piece, indent = /^[ \t]*/.exec(lines[0] ?? "")![0];
    const count = lines.filter((line) => !/^\s*(\/\/|$)/.test(line)).length;
    const term = declared.get(name) ?? 0, first = term === 0;
    const at = times[name]?.[term] ?? times[name]?.[0];
    declared.set(name, term + 1);
    const when = at === undefined ? "" : ` // ${clock(at)}`;
    const blank = [
      `// YOUR CODE HERE (${count} line${count === 1 ? "" : "s"} in the solution)${when}`,
      first ? `const ${name} = todo("${name}"); // ${shapeOf(piece)}` : `todo("${name}", ${name}); // one more term`,
    ];
    return blank.map((line) => (indent + line).replace(/ \/\/ $/, "") + end).join("");
  }).join("");
  const [header, first, ...rest] = blank.split(/^(?=import )/m);
  if (first === undefined) return preface.replaceAll("\n", end) + blank;
  const own = rest.map((text) => IMPORTS.some(([, file]) => text.includes(`"${file}"`)) ? afterImport(text) : text);
  const imports = IMPORTS.map(([names, file]) => `import { ${names} } from "${file}";${end}`);
  // First what an exercise imports first: it says when the runtime is too old for the others, and what --json prints alone.
  return [preface.replaceAll("\n", end), header, first, ...imports, ...own].join("");
}

/** A text whose imports, seen from `file` in exercises/, are seen from a folder next to it. */
function fromCopy(text: string, file: string): string {
  const base = new URL(`file:///exercises/${file}`);
  return text.replaceAll(/(?<= from ")\.[^"]*/g, (path) => `..${new URL(path, base).pathname}`);
}

/** A text in which the line that calls `start` takes the tools of a blank, too, on a line of their own. */
function withTools(text: string, end: string): string {
  return text.replace(/^const \{ (.*) \} = start\(/m, (_, names: string) => {
    const own = names.split(", ").filter((name) => !TOOLS.includes(name));
    return `const {${end}  ${own.join(", ")},${end}  ${TOOLS.join(", ")},${end}} = start(`;
  });
}

/** A text without the import that it begins with. */
function afterImport(text: string): string {
  return text.slice(text.indexOf("\n") + 1);
}

/**
 * The regions of a source, in order.
 *
 * @throws SyntaxError as `makeBlank` does.
 */
export function regions(source: string): Region[] {
  return parse(source).filter((piece) => typeof piece !== "string");
}

/** The regions of a source; none where its markers are damaged. */
export function regionsIn(source: string): Region[] {
  try {
    return regions(source);
  } catch {
    return [];
  }
}

function parse(source: string): Piece[] {
  const pieces: Piece[] = [];
  let outside = "", region: Region | undefined;
  source.split(/(?<=\n)/).forEach((text, i) => {
    const line = i + 1;
    const marker = /^\s*\/\/\s*#(region|endregion)\b[ \t]*(\S*)/.exec(text);
    if (marker?.[1] === "region") {
      if (region) {
        throw new SyntaxError(`Line ${line}: a region inside the region ${region.name} of line ${region.line}.`);
      }
      if (!marker[2]) throw new SyntaxError(`Line ${line}: #region without the name of a gradient.`);
      pieces.push(outside + text);
      outside = "";
      region = { name: marker[2], lines: [], line };
    } else if (marker) {
      if (!region) throw new SyntaxError(`Line ${line}: #endregion without a #region before it.`);
      pieces.push(region);
      outside = text;
      region = undefined;
    } else if (region) region.lines.push(text);
    else outside += text;
  });
  if (region) {
    throw new SyntaxError(`Line ${region.line}: the region ${region.name} has no #endregion.`);
  }
  if (pieces.length === 0) throw new SyntaxError("Line 1: the source has no #region, so there is nothing to take out.");
  return [...pieces, outside];
}

/** The shape at the end of the line that declares the gradient: `(32, 27)`. */
function shapeOf({ name, lines }: Region): string {
  const line =
    lines.slice(lines.findIndex((line) => line.includes(`const ${name} =`))).find((line) => /\/\/ \(/.test(line)) ?? "";
  return line.match(/\((\d+(, \d+)*)?\)/g)?.at(-1) ?? "";
}
