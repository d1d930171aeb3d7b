// Turns names into examples: one for each character of a name and one for its end. An example is that character and the
// three before it. The names are split as in the lecture.
// Left out: where the names come from (names.ts) and tensors (the exercises make them).
import { PythonRandom } from "../lib/random/python.ts";

/** The vocabulary: a character's number is its position here. 0 is `.`, the start and the end of a name. */
export const CHARACTERS = ".abcdefghijklmnopqrstuvwxyz";

/** How many characters of context an example has: 3. */
export const block_size = 3;

/** Examples as character numbers, a byte each: `x` holds block_size of them per example, `y` one. */
export interface Examples {
  /** Contexts, (count, 3), row by row. */
  x: Uint8Array;
  /** The character after each context, (count). */
  y: Uint8Array;
  /** How many there are. */
  count: number;
}

/**
 * The examples of a list of names, in order.
 *
 * @throws RangeError for a character that is not in the vocabulary.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * const { x, y } = buildDataset(["ab"]);
 * deepEqual([...x], [0, 0, 0, 0, 0, 1, 0, 1, 2]); // ... ..a .ab
 * deepEqual([...y], [1, 2, 0]); //                   a   b   .
 * ```
 */
export function buildDataset(names: readonly string[]): Examples {
  const count = names.reduce((n, name) => n + name.length + 1, 0);
  const x = new Uint8Array(count * block_size), y = new Uint8Array(count);
  let i = 0;
  for (const name of names) {
    for (let k = 0; k <= name.length; k++, i++) {
      const ix = CHARACTERS.indexOf(name[k] ?? "."), row = i * block_size;
      if (ix < 0) {
        const character = String.fromCodePoint(name.codePointAt(k)!);
        throw new RangeError(`The name "${name}" contains "${character}"; only the letters a to z are allowed.`);
      }
      y[i] = ix;
      if (k === 0) continue; // a name begins after dots, which are 0
      // The context before, moved on by one character.
      for (let j = 1; j < block_size; j++) x[row + j - 1] = x[row + j - block_size];
      x[row + block_size - 1] = y[i - 1];
    }
  }
  return { x, y, count };
}

/**
 * Splits the names in three after Python's shuffle with seed 42: 80 % for training, 10 % for validation, 10 % for testing.
 * The given list is not changed.
 */
export function splitNames(names: readonly string[]): { train: string[]; val: string[]; test: string[] } {
  const shuffled = [...names];
  new PythonRandom(42).shuffle(shuffled);
  const n1 = Math.trunc(0.8 * shuffled.length), n2 = Math.trunc(0.9 * shuffled.length);
  return { train: shuffled.slice(0, n1), val: shuffled.slice(n1, n2), test: shuffled.slice(n2) };
}

/**
 * The names in a text, one per line. A byte order mark, CRLF line ends and a missing last line end make no difference.
 *
 * @throws RangeError with the line number for a line that is not one or more letters a to z, or when there are no names.
 */
export function parseNames(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").replace(/\r?\n$/, "").replaceAll("\r\n", "\n"), names = lines.split("\n");
  // One look at the whole text is enough for a list that is in order.
  if (!/[^a-z\n]|^$/m.test(lines)) return names;
  const i = names.findIndex((name) => !/^[a-z]+$/.test(name)), name = names[i];
  const shown = name.length > 40 ? name.slice(0, 40) + "…" : name;
  throw new RangeError(
    `Line ${i + 1} of the names is "${shown}"; a name is one or more letters a to z, in lower case.`,
  );
}
