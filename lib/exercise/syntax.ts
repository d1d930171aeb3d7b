// A syntax error in words for Python programmers: `#` comments, `@`, f-strings, slices, an unfinished line.
//
// A parser says where it had to stop. The cause is often above: a text that was never closed, or a line before.
// Left out: what is right to the parser and wrong to the run, such as `a * b` (lib/tensor/names.ts).
import { assignmentTo } from "./operators.ts";

/** A syntax error: its line, from 1, and a sentence. */
export interface SyntaxSentence {
  /** The line. */
  line: number;
  /** The sentence. */
  text: string;
}

/** What is Python, found in a line without its texts and comments; `text` may use what was found, and the line. */
interface Rule {
  pattern: RegExp;
  text: string | ((found: RegExpExecArray, line: string) => string);
}

/** A name, a call or an index: what may be before and after an operator. */
const OPERAND = String.raw`[\w.]+(?:\([^()]*\)|\[[^\]]*\])*(?:\.\w+(?:\([^()]*\))?)*`;

const RULES: readonly Rule[] = [
  {
    pattern: /^\s*#|\s#\s|[;)\]]\s*#/,
    text: "A comment begins with // here, not with #.",
  },
  {
    pattern: new RegExp(`(${OPERAND})\\s*@\\s*(${OPERAND})?`),
    text: ([, a, b]) => `There is no operator @ here: write ${a}.matmul(${b ?? "…"}).`,
  },
  {
    pattern: /\bfor\s+(\w+)\s+in\s+range\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*:?/,
    text: ([, name, range]) => `Write for (const ${name} of range(${range})) { … }, with the body in braces.`,
  },
  {
    pattern: /\bfor\s+(\w+(?:\s*,\s*\w+)*)\s+in\s+([^:({]+|[\w.]+\([^)]*\))\s*:/,
    text: ([, names, of]) =>
      `Write for (const ${names.includes(",") ? `[${names}]` : names} of ${of.trim()}) { … }, with the body in braces.`,
  },
  {
    pattern: /\b[fF]["'`]/,
    text: 'A text with values in it is written `loss: ${loss.item()}`, between backticks, not f"…".',
  },
  {
    pattern: new RegExp(`-\\s*(${OPERAND})\\s*\\*\\*\\s*(\\S*?)(?=[\\s;,)]|$)`),
    text: ([, base, power]) =>
      `Write ${base}.pow(${power || 2}).neg() for −${base}**${power || 2}: operators do not work on tensors.`,
  },
  {
    pattern: /^[^{]*[(,]\s*(\w+)\s*:\s*(true|false|True|False|[\d.]+|"\w+")\s*[),]/,
    text: ([, name, value]) => `Options stand in braces here: write { ${name}: ${value.toLowerCase()} }.`,
  },
  {
    pattern: /\bdef\s+(\w+)\s*\(/,
    text: ([, name]) => `A function is written const ${name} = (x) => …; here, or function ${name}(x) { … }.`,
  },
  { pattern: /\blambda\b\s*([\w, ]*):/, text: ([, names]) => `A lambda is written (${names.trim()}) => … here.` },
  { pattern: /\b(?:elif|else\s+if)\b[^{]*:\s*$/, text: "Write } else if (…) { … } here, with braces." },
  {
    pattern: /^\s*(if|while)\b([^{]*):\s*$/,
    text: ([, word, what]) =>
      `Write ${word} (${what.trim().replace(/^\((.*)\)$/, "$1")}) { … }, with brackets and braces.`,
  },
  { pattern: /^\s*(?:\}\s*)?(else|try|finally)\s*:\s*$/, text: ([, word]) => `Write ${word} { … } here, with braces.` },
  {
    pattern: /^\s*with\b.*:\s*$/,
    text: "There is no with here, and no need for it: nothing records gradients unless you write them.",
  },
  {
    pattern: /^\s*from\s+[\w.]+\s+import\b|^\s*import\s+[\w.]+(\s+as\s+\w+)?\s*$/,
    text: "Python's modules cannot be imported. All you need is imported at the top of this file.",
  },
  { pattern: /[^?]\bif\b[^(][^?:]*\belse\b/, text: "Write condition ? a : b for a if condition else b." },
  { pattern: /\bnot\s+\w/, text: "Write ! for not." },
  { pattern: /[\w)\]]\s+(and|or)\s+[\w(!]/, text: ([, word]) => `Write ${word === "and" ? "&&" : "||"} for ${word}.` },
  {
    pattern: new RegExp(`(${OPERAND})\\[([^\\[\\]]*:[^\\[\\]]*)\\]`),
    text: ({ 0: whole, 1: name, 2: index, index: from }, line) => {
      const element = `${name}.at(${quoted(index)})`,
        assigned = assignmentTo(element + line.slice(from + whole.length));
      return assigned ?? `Brackets do not work on tensors: write ${element}.`;
    },
  },
  { pattern: /^\s*[%!]\s*\w/, text: "A command of a notebook (% or !) has no meaning here: delete the line." },
  {
    pattern: /^\s*(del|pass|assert|global|raise|except)\b/,
    text: ([, word]) => `There is no ${word} in TypeScript: delete it.`,
  },
  { pattern: /\bis\s+(not\s+)?(None|True|False|null)\b/, text: "Write === for is, and undefined for None." },
  {
    pattern: /"""|'''/,
    text: "A comment of several lines is written /* … */ here, and a text of several lines between backticks.",
  },
];

/** `:, 3` as the arguments of at: `":", 3`. */
function quoted(index: string): string {
  return index.split(",").map((part) => part.trim()).map((part) =>
    part.includes(":") ? `"${part.replaceAll(" ", "")}"` : part
  )
    .join(", ");
}

/** How many lines above the parser's own the cause is looked for. */
const ABOVE = 3;

/** Where a syntax error really is, and what to write instead; for an unknown one, the parser's own words. */
export function explained(source: string, line: number, message: string): SyntaxSentence {
  const { plain, open } = scanned(source), lines = plain.split("\n"), written = source.split("\n");
  if (open) return open;
  for (let at = Math.min(line, lines.length); at >= 1 && at >= line - ABOVE; at--) {
    for (const { pattern, text } of RULES) {
      const found = pattern.exec(lines[at - 1]);
      if (found) return { line: at, text: typeof text === "string" ? text : text(found, written[at - 1]) };
    }
  }
  const assigned = /assign|left-hand/i.test(message) && assignmentTo(written[line - 1] ?? "");
  if (assigned) return { line, text: assigned };
  return unfinished(lines, line) ?? { line, text: sentenceOf(message) };
}

/** A parser's or an engine's message as a sentence. */
function sentenceOf(message: string): string {
  const text = message.trim().replace(/[.]?$/, "."),
    constant = /will throw because "(\w+)" is a constant/.exec(text)?.[1];
  if (constant) return `A const stays the same tensor; add_ adds to it in place: ${constant}.add_(…).`;
  return /^(Unexpected token|Syntax Error)\.$/.test(text)
    ? "This cannot be read: a bracket, a comma or a name is missing, here or in the line above."
    : text;
}

/** A line that breaks off, as all do while they are typed: the last with something on it, at or above the parser's. */
function unfinished(lines: readonly string[], line: number): SyntaxSentence | undefined {
  for (let at = Math.min(line, lines.length); at >= 1 && at >= line - 2 * ABOVE; at--) {
    const text = lines[at - 1].trimEnd().replace(/\s*;$/, "");
    if (text.trim() === "") continue;
    const name = /^\s*const\s+(\w+)(?:\s*:\s*\w+)?$/.exec(text)?.[1];
    if (name) return { line: at, text: `The expression behind const ${name} is missing.` };
    const end = /(=|\.|,|\(|(?<!\+)\+|(?<!-)-|[*/])$/.exec(text);
    if (end && !/=>$/.test(text)) {
      return { line: at, text: `This line is not finished: something is missing after its last ${end[1]}` };
    }
    const balance = count(text, /[([{]/g) - count(text, /[)\]}]/g);
    if (balance < 0) {
      return {
        line: at,
        text: `There are ${-balance === 1 ? "is a closing bracket" : "closing brackets"} too many in this line.`
          .replace("There are is", "There is"),
      };
    }
    if (balance > 0 && !/[{[(]$/.test(text)) {
      return { line: at, text: "A bracket is opened in this line and not closed." };
    }
    if (at < line) return undefined;
  }
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

/**
 * The source with its texts and comments blanked, and the first text or comment that is never closed, which hides all that
 * comes after it. The beginning of a text (`f"`) is left, as are its quotes.
 */
function scanned(source: string): { plain: string; open?: SyntaxSentence } {
  let plain = "", line = 1, i = 0, spanning: number | undefined;
  const blank = (to: number) => {
    for (; i < to && i < source.length; i++) {
      if (source[i] === "\n") line++;
      plain += source[i] === "\n" ? "\n" : " ";
    }
  };
  const keep = () => {
    if (source[i] === "\n") line++;
    plain += source[i++];
  };
  while (i < source.length) {
    const two = source.slice(i, i + 2), from = line, c = source[i];
    if (two === "//") {
      const end = source.indexOf("\n", i);
      blank(end < 0 ? source.length : end);
    } else if (two === "/*") {
      const end = source.indexOf("*/", i + 2);
      if (end < 0) {
        return { plain, open: { line: from, text: "A comment begins here with /* and is never closed with */." } };
      }
      blank(end + 2);
    } else if (/^("""|''')/.test(source.slice(i, i + 3))) {
      for (let k = 0; k < 3; k++) keep();
    } else if (c === '"' || c === "'" || c === "`") {
      keep();
      const begin = i;
      while (i < source.length && source[i] !== c && (c === "`" || source[i] !== "\n")) {
        blank(i + (source[i] === "\\" ? 2 : 1));
      }
      // One over several lines may have begun where another was not closed, and end where the next one begins.
      if (source.slice(begin, i).replaceAll(/\$\{[^{}]*\}/g, "").includes("\n")) spanning ??= from;
      if (source[i] !== c) {
        return {
          plain,
          open: {
            line: spanning ?? from,
            text: `A text begins here with ${c} and is not closed${c === "`" ? "" : " in this line"}.`,
          },
        };
      }
      keep();
    } else if (
      c === "#" && /(^|[\s;)\]])$/.test(source.slice(Math.max(0, i - 1), i)) && !/^#\w/.test(source.slice(i))
    ) {
      // Python's comment: its content does not matter, and may have an apostrophe.
      keep();
      const end = source.indexOf("\n", i);
      blank(end < 0 ? source.length : end);
    } else keep();
  }
  return { plain };
}
