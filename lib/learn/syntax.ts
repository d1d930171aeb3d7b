// A runtime's complaint about a source that it cannot read, in one line with the learner's place.
// Left out: sources that can be read; their runs speak for themselves.
import { explained } from "../exercise/syntax.ts";

const ESCAPE = String.fromCharCode(27), COLOURS = new RegExp(`${ESCAPE}\\[[\\d;]*m`, "g");

/**
 * What a runtime wrote to standard error, shortened to a sentence where it is about a source that cannot be read: `my/ex1.ts,
 * line 105: This line is not finished …`, with what its `source` shows. Anything else as it is, without colours and blank lines; ""
 * for nothing.
 */
export function inPlainWords(errors: string, script: string, source: string): string {
  const text = errors.replaceAll(COLOURS, "").replaceAll(/^Stack backtrace:[^]*/gm, "").trim();
  if (text === "") return "";
  const name = script.slice(script.lastIndexOf("/") + 1).replaceAll(".", "\\.");
  const place = new RegExp(`${name}:(\\d+):\\d+`).exec(text);
  const found = /(?:parsed|SyntaxError|[Ee]rror): *([^\n]*?)(?: at file:[^\n]*)?(?:\n|$)/.exec(
    text.replace(/^error: /, ""),
  );
  const isSyntax =
    /could not be parsed|SyntaxError|^error: (Expected|Unexpected|Unterminated|Syntax Error)|Expression expected/m.test(
      text,
    ) ||
    /assignment target|must be initialized$|has already been declared$|assignment will throw because/m.test(text);
  if (!place || !isSyntax) return text;
  const [, line] = place, message = (found?.[1] ?? text.split("\n")[0]).replace(/[.:]?$/, ".");
  const { line: at, text: said } = explained(source, Number(line), message);
  return `${script}, line ${at}: ${said.replace(/[.]?$/, ".")} Nothing of the file runs until it can be read.`;
}
