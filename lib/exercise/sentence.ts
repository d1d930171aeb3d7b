// Turns an error into a sentence that begins with the reader's line: `my/ex1.ts, line 99: Cannot add shapes …`.
// Left out: stack traces.
import { UserError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { answerForBareName, OPERATORS } from "../tensor/names.ts";
import { Tensor } from "../tensor/tensor.ts";
import { IMPORTS, TOOLS } from "./blank.ts";
import { declared, endingInDot, strangeName, withoutName, withoutSemicolon } from "./broken_off.ts";
import { assignmentTo, operatorAt } from "./operators.ts";
import { type Place, placeOutside } from "./place.ts";

const METHODS = Object.getOwnPropertyNames(Tensor.prototype);

/** Where a blank imports a name from. */
const IMPORTED: Record<string, string> = Object.fromEntries(
  IMPORTS.flatMap(([names, file]) => names.split(", ").map((name) => [name, file])),
);

/** Where an error came from. */
export interface ErrorContext {
  /** The names in the reader's file, to guess a mistyped one. */
  names?: readonly string[];
  /** The gradient whose code the line is in: `dh`. */
  own?: string;
  /** Whether a function that is right at the exercise's own sizes is being tried at others. */
  trying?: boolean;
  /** The text of the file, where it is known. */
  source?: string;
  /** Whether it is a script that imports from mod.ts, which has no tools. */
  isScript?: boolean;
  /** The line for a gradient's const, as far as it is known. */
  lineOf?: (dname: string) => number | undefined;
}

/** An explanation of an error. */
export interface Explanation {
  /** The sentences. */
  text: string;
  /** The line it is about, which may be another than the one that threw. */
  line?: number;
}

/** An error's message in plain words, after the last place in the reader's own file that led to it. */
export function sentence(error: unknown, context: ErrorContext = {}): string {
  if ((error as { code?: string } | null)?.code === "ENOSPC") return "There is no space left to write to.";
  return explained(error, context).text;
}

/** The same, and the line that it names. */
export function explained(error: unknown, context: ErrorContext = {}): Explanation {
  const { message: whole, stack } = error instanceof Error ? error : new Error(thrown(error));
  const message = whole.replace(/\n\s+at file:[^]*$/, ""); // as Deno has it for an import that fails
  const place = placeOutside(stack ?? "");
  const elsewhere = context.trying && /shape|dimension|size/.test(message)
    ? " Here the function is tried at other sizes: it has to use its arguments, and no tensor from outside."
    : "";
  const known = (context.source !== undefined && place && inSource(message, context, context.source, place)) ||
    undefined;
  const begins = !known && place && place.column <= 4 && /has no brackets here/.test(message) // as an engine has it for `[`
    ? " If this line begins with [, the one above it lacks its semicolon."
    : "";
  const text = (known?.text ?? translated(message, context)) + elsewhere + begins, line = known?.line ?? place?.line;
  const isForeign = error instanceof UserError && !context.isScript && !place?.file.startsWith("my/"); // says all there is to say
  return { text: place && !isForeign ? `${place.file}, line ${line}: ${text}` : text, line };
}

/** What was thrown that is no error. */
function thrown(value: unknown): string {
  try {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  } catch {
    return "An object was thrown.";
  }
}

/** What the source shows about an error; undefined if nothing. */
function inSource(
  message: string,
  { names = [] }: ErrorContext,
  source: string,
  place: Place,
): Explanation | undefined {
  const { line } = place;
  const text = source.split("\n")[line - 1] ?? "";
  const own = declared(source);
  const name = missingName(message);
  if (name !== undefined && !Object.hasOwn(IMPORTED, name) && !TOOLS.includes(name)) {
    if (new RegExp(`^\\s*${name}\\s*=[^=]`).test(text)) return { text: `${name} is new here: write const ${name} = …` };
    // A name of the exercise's that is not defined has another name, or is missing.
    const mine = [...own.keys()].filter((other) => !names.includes(other) && other.length > 1);
    const meant = nearest(name, names.includes(name) ? mine : [...names, ...TOOLS, ...Object.keys(IMPORTED), ...mine]);
    const at = meant === undefined ? undefined : own.get(meant);
    if (at !== undefined) return { text: `${name} is not defined. Did you mean ${meant}, line ${at}?` };
    if (names.includes(name) && names.includes(name.slice(1)) && !own.has(name)) {
      return unnamed(name, source, line, names);
    }
  }
  if (message.startsWith(OPERATORS)) {
    const lines = source.split("\n");
    const isTensor = (name: string, steps = 9): boolean =>
      names.includes(name) ||
      own.has(name) && !isNumber(name, lines[own.get(name)! - 1], (other) => steps > 0 && isTensor(other, steps - 1));
    const answer = operatorAt(source, place, (name) => isTensor(name));
    if (answer) return answer;
  }
  const assigned = /left-hand side|assignment target/.test(message) && assignmentTo(text); // which Chrome says as it runs
  if (assigned) return { text: assigned };
  const bracket = /[\w)] is not a function/.test(message) ? "(" : /has no brackets/.test(message) ? "[" : undefined;
  const open = bracket && withoutSemicolon(source, line, bracket);
  if (open) {
    const read = bracket === "(" ? "a call of this one's result" : "an index of this one's result";
    return {
      line: open,
      text: `The semicolon at the end is missing: the line that begins with ${bracket} is read as ${read}.`,
    };
  }
  const early = /'?(\w+)'? before initialization/.exec(message)?.[1], at = early ? own.get(early) : undefined;
  if (early && at !== undefined) {
    if (at > line) return madeLater(early, at, line, source, names);
    const [, behind = ""] = source.split("\n")[at - 1].split(/=(.*)/);
    if (new RegExp(`\\b${early}\\b`).test(behind)) return { text: `${early} is used in its own line.` };
    return { line: at, text: `The expression behind const ${early} = is missing or not finished.` };
  }
  const dot = /^A tensor has no "cmp"/.test(message) ? endingInDot(source, line) : undefined;
  if (dot) return { line: dot, text: "This line ends in a dot: what is missing behind it?" };
}

/** That no line makes a gradient: the one that should has no name, or another. */
function unnamed(name: string, source: string, line: number, names: readonly string[]): Explanation {
  const at = withoutName(source, line);
  if (at !== undefined) {
    return { line: at, text: `This line makes a tensor and does not keep it: write const ${name} = in front.` };
  }
  const strange = strangeName(source, line, names);
  const misspelt = strange === undefined ? "" : ` Or is its name misspelt in line ${strange}?`;
  return { text: `${name} is not defined: write const ${name} = in front of its expression.${misspelt}` };
}

/** That a name is used above the line that makes it; in a function, where another one was meant. */
function madeLater(name: string, at: number, line: number, source: string, names: readonly string[]): Explanation {
  const lines = source.split("\n"), isWithin = /^\s/.test(lines[line - 1]) && !/^\s/.test(lines[at - 1]);
  if (!isWithin) return { text: `${name} is used above the line that makes it, line ${at}.` };
  if (new RegExp(`^\\s*${name}\\s*=[^=]`).test(lines[line - 1])) {
    return { text: `${name} is new here: write const ${name} = …` };
  }
  const own = declared(lines.map((text, i) => i < line && /^\s/.test(text) ? text : "").join("\n"));
  const meant = nearest(name, [...own.keys()].filter((one) => !names.includes(one)));
  if (meant) return { text: `${name} is not made in this function. Did you mean ${meant}, line ${own.get(meant)}?` };
  if (withoutName(source, line) !== undefined) return unnamed(name, source, line, names);
  return { text: `${name} is not made in this function. Write const ${name} = in front of its expression.` };
}

/** Whether a line declares a name as a number: it is written there, another name that is no tensor, or of a tensor's sizes. */
function isNumber(name: string, text: string, isTensor: (other: string) => boolean): boolean {
  const number = String
    .raw`-?[\d._]+(?:[eE][-+]?\d+)?|([A-Za-z_]\w*)|[^;]*\.(?:length|shape\[-?\d\]|(?:item|numel|dim|size)\([^()]*\))`;
  const [, value, other] = new RegExp(`\\b${name}(?::[^=]*)?\\s*=\\s*(${number})\\s*(?:$|[;,]|//)`).exec(text) ?? [];
  return value !== undefined && !(other && isTensor(other));
}

/** The name that an engine says is not defined. */
function missingName(message: string): string | undefined {
  const found = /^'?([A-Za-z_]\w*)'? is not defined|^Can't find variable: (\w+)/.exec(message);
  return found?.[1] ?? found?.[2];
}

/** Common messages of the JavaScript engines in plainer words. */
function translated(message: string, { names = [], own, lineOf, isScript }: ErrorContext): string {
  const name = missingName(message), tools = isScript ? [] : TOOLS;
  if (name !== undefined) {
    if (isScript && Object.hasOwn(IMPORTED, name)) return `${name} is not defined: import it from mod.ts, too.`;
    if (isScript && TOOLS.includes(name)) return `${name} is not defined: only exercises have it.`;
    if (Object.hasOwn(IMPORTED, name)) {
      return `${name} is not defined: the line that imports it is missing, import { ${name} } from "${
        IMPORTED[name]
      }";`;
    }
    if (TOOLS.includes(name)) {
      return `${name} is not defined: add it to the names that start returns, const { …, ${name} } = start(…);`;
    }
    const meant = names.includes(name) ? undefined : nearest(name, [...names, ...tools, ...Object.keys(IMPORTED)]);
    if (names.includes(name) && names.includes(name.slice(1))) {
      const line = lineOf?.(name), misspelt = line === undefined ? "" : ` Or is its name misspelt in line ${line}?`;
      return `${name} is not defined: write const ${name} = in front of its expression.${misspelt}`;
    }
    const answer = answerForBareName(name, METHODS);
    if (answer || meant) return answer ?? `${name} is not defined. Did you mean ${meant}?`;
  }
  const called = /(\S*)\.(\w+) is not a function/.exec(message);
  if (called && ["T", "shape", "dtype"].includes(called[2])) {
    return `${called[2]} is not called: write ${called[1]}.${called[2]}, without brackets.`;
  }
  const [, owner, uncalled = ""] = called ? /^(.*)\.(\w+)$/.exec(called[1]) ?? [] : [];
  if (called && uncalled === "shape" && METHODS.includes(called[2])) {
    return `A shape is a list of sizes: write ${owner}.${called[2]}(…), or ${owner}.shape.length for their count.`;
  }
  if (called && METHODS.includes(uncalled)) {
    return `${uncalled} is a method: write ${owner}.${uncalled}(…).${called[2]}(…), with brackets behind both.`;
  }
  if (called && METHODS.includes(called[2])) {
    return `Only a tensor has ${
      called[2]
    }, and this is not called on one. With a number, write t.mul(1 / n), sub(1, t) ` +
      "or div(1, t).";
  }
  if (/\) is not a function/.test(message)) {
    const called = message.replace(/ \(In '[^]*$/, "").replace(/\.$/, "");
    return `${called}. Is a semicolon missing above a line that begins with a bracket?`;
  }
  if (/#array|private (field|name|member)/i.test(message)) {
    return "A method was called without its tensor: write logits.add(2), not add(2).";
  }
  const early = /'?(\w+)'? before initialization|Cannot access uninitialized variable/.exec(message);
  if (early && own && (early[1] ?? own) === own) {
    return `${own} is used in its own line: is the expression behind const ${own} = missing or not finished?`;
  }
  if (early && own === undefined && names.includes(early[1]) && early[1].startsWith("d")) {
    return `${early[1]} is used above the line that makes it, or the expression behind const ${early[1]} = is missing.`;
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
