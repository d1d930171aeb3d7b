// Unfinished lines in a source: a missing semicolon, a missing expression.
// Left out: sources that cannot be read at all (syntax.ts).

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
  const code = source.split("\n").map((text) => text.replace(/\/\/.*$/, "").trim());
  const last = (i: number) => code.findLastIndex((text, k) => k < i && text !== "");
  for (let i = line - 1; i < line - 1 + NEAR && i < code.length; i++) {
    const above = last(i);
    if (code[i].startsWith(bracket) && above >= 0 && !/[;,([{=+\-*/.:?&|<>!}]$/.test(code[above])) return above + 1;
    if (code[i].endsWith(";")) return undefined;
  }
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
  const at = lines.findLastIndex((text) => /\w\)?\.$/.test(text.replace(/\/\/.*$/, "").trim()));
  return at < 0 ? undefined : Math.max(0, line - NEAR) + at + 1;
}
