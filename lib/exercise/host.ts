// Where an exercise runs: its command line, its output, its end, signals, and what it remembers from run to run.
//
// The one seam between the exercises and the outside: of all that an exercise imports, only this file and runtime.ts talk
// to `node:`. The page puts a host of its own in this one's place.
// Left out: what is said, and how it looks (table.ts, terminal.ts).
import "./runtime.ts";
import process from "node:process";
import type { Check, Row } from "../check/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Training } from "./training.ts";

/** What an exercise needs from where it runs. */
export interface Host {
  /** The words after the script's name. */
  readonly args: readonly string[];
  /** The script, seen from the project's folder: `my/ex1.ts`. */
  readonly script: string;
  /** The command that runs it: `deno run my/ex1.ts`. */
  readonly command: string;
  /** Whether standard output may be coloured: on a terminal, unless NO_COLOR; elsewhere only with FORCE_COLOR. */
  readonly colour: boolean;
  /** Columns of the terminal; 80 where there is none. */
  columns(): number;
  /** Writes a line to standard output, values shown as console.log shows them. */
  write(...values: unknown[]): void;
  /** Writes a line to standard error. */
  complain(text: string): void;
  /** Shows a line in place of the last one shown this way, on a terminal only; "" clears it. */
  progress(text: string): void;
  /** Ends the program at once. */
  exit(code: number): never;
  /** Sets the code with which the program ends when it has nothing left to do. */
  setExitCode(code: number): void;
  /** Calls the handler with an error that nothing caught. */
  onError(handler: (error: unknown) => void): void;
  /**
   * Calls the handler on Ctrl-C, until the function returned is called. Until then the signals that end a program clear
   * the progress line first. Before and after, Ctrl-C and they end it at once, also in the middle of a computation.
   */
  onInterrupt(handler: () => void): () => void;
  /** Lets signals be heard while there is a handler: to be awaited several times a second. */
  pause(): Promise<void>;
  /** The memory that the program takes now, in bytes. */
  memory(): number;
  /** What `remember` was given under this key in an earlier run, if it is still there. */
  recall(key: string): string | undefined;
  /** Keeps a text for later runs where that needs no permission; elsewhere does nothing. */
  remember(key: string, text: string): void;
  // For a host that shows more than text:
  /** Is told of each forward pass that gradients are checked on, and which ones will be. */
  checking?(check: Check, first: boolean, names: readonly string[], note?: string): void;
  /** Is told of each row. */
  compared?(row: Row, check: Check): void;
  /** Is told of each matrix that is drawn as a picture, before its text is written. */
  pictured?(matrix: Tensor): void;
  /** Is told now and then how far a training of so many steps has come. */
  trained?(training: Training, steps: number): void;
}

const root = folder(new URL("../../", import.meta.url));
const script = relative(process.argv[1] ?? "");

/** Where this program runs: Deno or Bun, in a terminal or a pipe. */
export const host: Host = {
  args: process.argv.slice(2),
  script,
  command: `${"Bun" in globalThis ? "bun" : "deno run"} ${script}`,
  colour: mayColour(),
  columns: () => process.stdout.columns || 80,
  write: (...values) => console.log(...values),
  complain: (text) => console.error(text),
  progress(text) {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K" + text.slice(0, this.columns() - 1));
  },
  exit: (code) => process.exit(code),
  setExitCode(code) {
    process.exitCode = code;
  },
  onError(handler) {
    process.on("uncaughtException", handler);
    process.on("unhandledRejection", handler);
    process.stdout.on("error", handler);
  },
  onInterrupt(handler) {
    const endWith = (code: number) => () => {
      this.progress("");
      this.exit(code);
    };
    const handlers = { SIGINT: handler, SIGTERM: endWith(143), SIGHUP: endWith(129) };
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal as NodeJS.Signals, handler);
    return () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal as NodeJS.Signals, handler);
    };
  },
  // A timer and not setImmediate, with which Deno 2.9 hears a signal seconds late.
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  memory: () => process.memoryUsage().rss,
  recall: (key) => storage()?.getItem(key) ?? undefined,
  remember: (key, text) => storage()?.setItem(key, text),
};

function mayColour(): boolean {
  if (environment("NO_COLOR")) return false;
  const forced = environment("FORCE_COLOR");
  return forced ? forced !== "0" : Boolean(process.stdout.isTTY);
}

/** An environment variable; one that may not be read counts as not set. */
function environment(name: "NO_COLOR" | "FORCE_COLOR"): string | undefined {
  try {
    return process.env[name] || undefined;
  } catch {
    return undefined;
  }
}

/** Deno's localStorage, which needs no permission; Bun has none, and its runs remember nothing. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function folder(url: URL): string {
  return decodeURIComponent(url.pathname).replace(/^\/([A-Za-z]:)/, "$1");
}

function relative(path: string): string {
  const slashes = path.replaceAll("\\", "/");
  return slashes.startsWith(root) ? slashes.slice(root.length) : slashes;
}
