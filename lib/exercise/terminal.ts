// Text for a terminal: colour if allowed, lines broken to a width, numbers and times as people read them.
// Left out: writing it (host.ts).
import type { Host } from "./host.ts";

/** Where a text is shown: whether it may be coloured, and how wide it may be. */
export type Screen = Pick<Host, "colour" | "columns">;

/** `text` in a colour by its SGR number (31 red, 32 green, 33 yellow, 2 dim, 1 bold), unchanged without colour. */
export function paint(text: string, code: number, { colour }: Pick<Screen, "colour">): string {
  return colour ? `\x1b[${code}m${text}\x1b[0m` : text;
}

/** `text` broken into lines of at most `width` columns at spaces, every line after the first indented. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line.trim() !== "" && line.length + 1 + word.length > width) lines.push(indent + word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

/** Each line of `text`, indented and broken to the screen's width, 80 columns at most. */
export function wrapped(text: string, screen: Pick<Screen, "columns">, indent = ""): string {
  const width = Math.min(80, screen.columns());
  return text.split("\n").map((line) => indent + wrap(line, width - indent.length, indent)).join("\n");
}

/** Each line of `text` that is too long, broken to the screen's width, with its own indent; the others as they are. */
export function fitted(text: string, screen: Pick<Screen, "columns">): string {
  return text.split("\n").map((line) => {
    const indent = /^ */.exec(line)![0];
    return line.length <= screen.columns()
      ? line
      : indent + wrap(line.trim(), screen.columns() - indent.length, indent);
  }).join("\n");
}

/** A whole number with commas: `182,625`. (`toLocaleString` does this, too, and takes 6 MiB of memory.) */
export function commas(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A time in words: `45 s`, `3 min 5 s`. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}
