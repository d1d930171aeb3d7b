// Unfinished lines in a source: a missing semicolon, a missing expression.
// Left out: sources that cannot be read at all (syntax.ts).

/** A line without its comment. */
const bare = (line: string) => line.replace(/\/\/.*$/, "").trim();

/** How far from the line of an error its cause is looked for. */
const NEAR = 15;

/** The line of `const dh = …`, from 1, for each name that a source declares that way. */
export function declared(source: string): Map<string, number> {
  const found = new Map<string, number>();
  source.split("\n").forEach((text, i) => {
    for (const [, name] of text.matchAll(/(?:^|;)\s*(?:const|let|var)\s+(\w+)\b/g)) {
      if (!found.has(name)) found.set(name, i + 1);
    }
  });
  return found;
}

/** The line without its semicolon, just above a line that begins with this bracket, in the statement that failed. */
export function withoutSemicolon(source: string, line: number, bracket: "(" | "["): number | undefined {
  const code = source.split("\n").map(bare);
  const last = (i: number) => code.findLastIndex((text, k) => k < i && text !== "");
  for (let i = line - 1; i < line - 1 + NEAR && i < code.length; i++) {
    const above = last(i);
    if (code[i].startsWith(bracket) && above >= 0 && !/[;,([{=+\-*/.:?&|<>!}]$/.test(code[above])) return above + 1;
    if (code[i].endsWith(";")) return undefined;
  }
}

/** Calls that are made for what they do, and words that begin what is no expression. */
const NO_RESULT =
  /^(?:(?:cmp|print|hint|why|todo|finish|console)\b|(?:const|let|var|if|else|for|while|do|return|function|import|export|throw|try|switch|await)\b|[^\w(])/;

/** A row begins below the one before it, or in its function. */
const ROW = /\bcmp\(|=>\s*\{|\bfunction\b/;

/** The last line above this one, in its row, whose result is thrown away: `dlogits.matmul(w2.T);` without a name. */
export function withoutName(source: string, line: number): number | undefined {
  const code = source.split("\n").slice(0, line - 1).map(bare);
  const from = code.findLastIndex((text) => ROW.test(text)) + 1;
  let found: number | undefined;
  for (let i = from; i < code.length; i++) {
    const begin = i;
    while (/^[.)\]]/.test(code[i + 1] ?? "") || /[,([]$/.test(code[i]) && i + 1 < code.length) i++;
    const statement = code.slice(begin, i + 1).join("").replace(/;$/, "");
    if (statement !== "" && !NO_RESULT.test(statement) && !isKept(statement)) found = begin + 1;
  }
  return found;
}

/** Whether a statement assigns, or calls a method last that changes its tensor: `dC.index_add_(…)`. */
function isKept(statement: string): boolean {
  const plain = statement.replaceAll(/\{[^{}]*\}|=>/g, "");
  return /[^=!<>]=[^=]|\+\+|--/.test(plain) || /_\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$/.test(plain);
}

/** The line in the same row that makes a name which is not the exercise's: the last of them. */
export function strangeName(source: string, line: number, names: readonly string[]): number | undefined {
  const lines = source.split("\n").slice(0, line - 1), from = lines.findLastIndex((text) => ROW.test(text)) + 1;
  const row = lines.map((text, i) => i < from ? "" : text).join("\n");
  return [...declared(row)].filter(([name]) => !names.includes(name)).at(-1)?.[1];
}

/** The first line of code below `finish(…)`, which ends the run. */
export function belowFinish(source: string): number | undefined {
  const finish = [...source.matchAll(/^finish\([^]*?\);?[ \t]*(?:\/\/.*)?$/gm)][0];
  if (!finish) return undefined;
  const end = finish.index + finish[0].length,
    rest = source.slice(end).replaceAll(/\/\*[^]*?\*\//g, (c) => c.replaceAll(/[^\n]/g, " "));
  const below = rest.split("\n").findIndex((text) => !/^\s*(\/\/.*)?$/.test(text));
  return below < 0 ? undefined : source.slice(0, end).split("\n").length + below;
}

/** The line, above this one, whose code ends in a dot. */
export function endingInDot(source: string, line: number): number | undefined {
  const lines = source.split("\n").slice(Math.max(0, line - NEAR), line);
  const at = lines.findLastIndex((text) => /\w\)?\.$/.test(bare(text)));
  return at < 0 ? undefined : Math.max(0, line - NEAR) + at + 1;
}
