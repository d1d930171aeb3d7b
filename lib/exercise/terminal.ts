// The terminal: whether it has colour, how wide it is, and a line that shows progress and goes away again.
// Left out: moving the cursor about. Progress goes to standard error, so that piped output stays clean.
import process from "node:process";

/** Whether text on standard output may be coloured: on a terminal, unless NO_COLOR; elsewhere only with FORCE_COLOR. */
export const colour: boolean = (() => {
  if (environment("NO_COLOR")) return false;
  const forced = environment("FORCE_COLOR");
  return forced ? forced !== "0" : Boolean(process.stdout.isTTY);
})();

/** Columns of the terminal; 80 where there is none. */
export function columns(): number {
  return process.stdout.columns || 80;
}

/** `text` in a colour by its SGR number (31 red, 32 green, 33 yellow, 2 dim, 1 bold), or as it is without colour. */
export function paint(text: string, code: number): string {
  return colour ? `\x1b[${code}m${text}\x1b[0m` : text;
}

/** Shows `text` on the terminal's last line in place of what `progress` showed before; "" clears it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K" + text.slice(0, columns() - 1));
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

// A runtime that denies the environment says so by throwing: then the variable counts as not set.
function environment(name: "NO_COLOR" | "FORCE_COLOR"): string | undefined {
  try {
    return process.env[name] || undefined;
  } catch {
    return undefined;
  }
}
