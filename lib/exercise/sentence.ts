// Turns an error into a sentence that begins with the reader's line: `my/ex1.ts, line 99: Cannot add shapes …`.
// Left out: stack traces.
import { UserError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { answerForBareName } from "../tensor/names.ts";
import { Tensor } from "../tensor/tensor.ts";
import { IMPORTS, TOOLS } from "./blank.ts";
import { placeOutside } from "./place.ts";

const METHODS = Object.getOwnPropertyNames(Tensor.prototype);

/** Where a blank imports a name from. */
const IMPORTED: Record<string, string> = Object.fromEntries(
  IMPORTS.flatMap(([names, file]) => names.split(", ").map((name) => [name, file])),
);

/** What is known of where an error came from. */
export interface Around {
  /** Names that the reader's file has, to guess what a mistyped one was meant to be. */
  names?: readonly string[];
  /** The gradient whose code the line is in: `dh`. */
  own?: string;
  /** Whether a function that is right at the exercise's own sizes is being tried at others. */
  trying?: boolean;
}

/** An error's message in plain words, after the last place in the reader's own file that led to it. */
export function sentence(error: unknown, around: Around = {}): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = placeOutside(stack ?? "");
  const elsewhere = around.trying && /shape|dimension|size/.test(message)
    ? " The function is being tried at other sizes here: it has to use its arguments, and no tensor from outside."
    : "";
  const text = translated(message, around) + elsewhere;
  const isForeign = error instanceof UserError && !place?.file.startsWith("my/"); // says all there is to say
  return place && !isForeign ? `${place.file}, line ${place.line}: ${text}` : text;
}

/** Common messages of the JavaScript engines in plainer words. */
function translated(message: string, { names = [], own }: Around): string {
  const missing = /^'?([A-Za-z_]\w*)'? is not defined|^Can't find variable: (\w+)/.exec(message);
  if (missing) {
    const name = missing[1] ?? missing[2];
    if (Object.hasOwn(IMPORTED, name)) {
      return `${name} is not defined: the line that imports it is missing, import { ${name} } from "${
        IMPORTED[name]
      }";`;
    }
    if (TOOLS.includes(name)) {
      return `${name} is not defined: add it to the names that start returns, const { …, ${name} } = start(…);`;
    }
    const meant = names.includes(name) ? undefined : nearest(name, [...names, ...TOOLS, ...Object.keys(IMPORTED)]);
    if (names.includes(name) && names.includes(name.slice(1))) {
      return `${name} is not defined: write const ${name} = in front of its expression.`;
    }
    const answer = answerForBareName(name, METHODS);
    if (answer || meant) return answer ?? `${name} is not defined. Did you mean ${meant}?`;
  }
  const called = /(\S*)\.(\w+) is not a function/.exec(message);
  if (called && ["T", "shape", "dtype"].includes(called[2])) {
    return `${called[2]} is not called: write ${called[1]}.${called[2]}, without brackets.`;
  }
  if (called && METHODS.includes(called[2])) {
    return `Only a tensor has ${
      called[2]
    }, and what stands before it is none. With a number, write t.mul(1 / n), sub(1, t) ` +
      "or div(1, t).";
  }
  if (/\(\.\.\.\) is not a function/.test(message)) {
    return `${message}. Is a semicolon missing at the end of the line before?`;
  }
  if (/#array|private (field|name|member)/i.test(message)) {
    return "A method was called without its tensor: write logits.add(2), not add(2).";
  }
  const early = /'?(\w+)'? before initialization|Cannot access uninitialized variable/.exec(message);
  if (early && own && (early[1] ?? own) === own) {
    return `${own} is used in its own line: is the expression behind const ${own} = missing or not finished?`;
  }
  if (early) return `${early[1] ?? "A name"} is used above the line that makes it.`;
  if (/^A tensor has no "cmp"/.test(message)) {
    return `The line above ends in a dot: what is missing behind it${own ? `, for ${own}` : ""}?`;
  }
  if (/[Aa]ssign(ment)? to (constant|readonly|read-only|const)|Attempted to assign to readonly/.test(message)) {
    return `${message} A const stays the same tensor; add_ adds to it in place: dcounts.add_(…).`.replace(
      /(\w) A/,
      "$1. A",
    );
  }
  return message;
}
