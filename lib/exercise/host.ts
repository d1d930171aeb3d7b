// Where an exercise runs: its command line, output, exit, signals, and what it remembers from run to run.
//
// Exercises reach the outside only through this file, runtime.ts, out.ts, hearing.ts and last_words.ts: nothing else that they import uses
// `node:`. The page replaces this host with its own.
// Left out: the texts and how they look (table.ts, terminal.ts).
import { blankCommand } from "./runtime.ts";
import process from "node:process";
import type { Check, Row } from "../check/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ending, recordOf, takeDesk, type ToDesk } from "./desk.ts";
import { Hearing, ONE_PRESS } from "./hearing.ts";
import { type LastWords, lastWords } from "./last_words.ts";
import { writeOut } from "./out.ts";
import { ownText } from "./own_text.ts";

/** What training did. */
export interface Training {
  /** Steps done: fewer than asked for when interrupted. */
  done: number;
  /** [step, loss] every 10,000 steps, from step 0 on. */
  losses: [number, number][];
  /** Means of log₁₀ loss over `window` steps each. */
  curve: number[];
  /** Steps per element of `curve`: 1,000, or fewer when training is short. */
  window: number;
  /** Wall time. */
  seconds: number;
  /** The most memory that the program has used so far, in bytes. */
  memory: number;
  /** Whether Ctrl-C ended it. */
  interrupted: boolean;
}

/** What an exercise needs from where it runs. */
export interface Host {
  /** The words after the script's name. */
  readonly args: readonly string[];
  /** The script's path in the project's folder: `my/ex1.ts`. */
  readonly script: string;
  /** The command that runs it: `deno run my/ex1.ts`. */
  readonly command: string;
  /** The command that writes a blank, without its number: `deno task blank`. */
  readonly blankCommand: string;
  /** Whether standard output may be coloured: on a terminal, unless NO_COLOR; elsewhere only with FORCE_COLOR. */
  readonly colour: boolean;
  /** Columns of the terminal; 80 without a terminal. */
  columns(): number;
  /** Whether standard output is a terminal, where what scrolls away is not seen. */
  readonly terminal: boolean;
  /** Lines of the terminal; 24 without one. */
  rows(): number;
  /** Values as `write` shows them, as text. */
  text(values: readonly unknown[]): string;
  /** Writes a line to standard output, values shown as console.log shows them. */
  write(...values: unknown[]): void;
  /** Writes a line to standard error. */
  complain(text: string): void;
  /** Shows a progress line that replaces the last one, on a terminal only; "" clears it. */
  progress(text: string): void;
  /** Ends the program at once. */
  exit(code: number): never;
  /** Calls the handler, in the place of the last one, with every uncaught error. */
  onError(handler: (error: unknown) => void): void;
  /** Calls the handler when the program ends without `exit`; where that returns a code, it ends with that. */
  onEnd(handler: () => number | undefined): void;
  /**
   * Calls the handler on Ctrl-C until the returned function is called. Meanwhile SIGTERM and SIGHUP end the program, or call
   * `killed` with the exit code, which does, and so may a second Ctrl-C. At other times all three end the program at once,
   * even in the middle of a computation.
   */
  onInterrupt(handler: () => void, killed: (code: number) => void): () => void;
  /** Gives signals a chance to be handled: await it every hundredth of a second while there is a handler. */
  pause(): void | Promise<void>;
  /** The most memory that the program has used so far, in bytes. */
  memory(): number;
  /** The text that an earlier run passed to `remember` with this key, if it is still there. */
  recall(key: string): string | undefined;
  /** Keeps a text for later runs if that needs no permission; else does nothing. */
  remember(key: string, text: string): void;
  /** Hands what console.log and its like are given to a function, instead of writing it. */
  redirect?(handler: (values: readonly unknown[]) => void): void;
  /** From now on a text that is written to standard output when the program is ended in the middle; the same at every call. */
  lastWords?(): LastWords;
  /** The source that runs, where it is known. */
  source?(): string | undefined;
  /** Whether a hint and the next exercise are a key away, as in deno task learn. */
  readonly keys?: boolean;
  // For a host that shows more than text:
  /** Called instead of `write` for what the learner's own lines print. */
  looked?(...values: unknown[]): void;
  /** Called for each forward pass that gradients are checked on, with the names of the tensors to be checked. */
  checking?(check: Check, first: boolean, names: readonly string[], note?: string): void;
  /** Called for each row. */
  compared?(row: Row, check: Check): void;
  /** Called for each matrix that is drawn as a picture, before its text is written. */
  pictured?(matrix: Tensor): void;
  /** Called now and then during a training of `steps` steps. */
  trained?(training: Training, steps: number): void;
  /** Called at the end with all rows, and the one to work on. */
  ended?(rows: readonly Row[], next: Row | undefined): void;
}

/** What console writes to standard output with, on one runtime or the other. */
const SHOWN = [
  ...["log", "info", "debug", "table", "dir", "dirxml", "group", "groupCollapsed", "groupEnd", "count", "countReset"],
  ...["time", "timeLog", "timeEnd", "trace"],
] as const;

/** What is used of node:console, which its types do not all have. */
interface Consoles {
  Console: new (to: typeof process.stderr) => Pick<typeof console, typeof SHOWN[number]>;
}

/** console.log as it is before anything is redirected. */
const log = console.log.bind(console);

/** Milliseconds of computing after which Deno may notice that a watched file was saved, which costs 1 to 2. */
const YIELD = 100;

/** What ends a run under `bun --watch`, which ends itself with process.exit and goes on watching after an error. */
class End extends Error {}

const watching = "Bun" in globalThis && process.execArgv.some((flag) => flag === "--watch" || flag === "--hot");
if (watching) process.on("uncaughtException", unlessEnd((error) => console.error(error)));

// These two cost 4 MiB, and most runs need neither.
const fs = () => process.getBuiltinModule("node:fs");
const util = () => process.getBuiltinModule("node:util");

/** Deno's thread that hears signals, made when it is needed. */
const ear = "Bun" in globalThis ? undefined : () => hearing ??= new Hearing();
let hearing: Hearing | undefined, words: LastWords | undefined, yielded = 0;

/** Whether the terminal knows neither colours nor a cursor that moves. Deno would ask whether that may be read. */
const isDumb = "Bun" in globalThis && process.env.TERM === "dumb";

const root = folder(new URL("../../", import.meta.url));
const script = relative(process.argv[1] ?? "");
const { desk, args } = takeDesk(process.argv.slice(2));
// Above the await, during which other modules of the learner's run.
if (args.includes("--json")) hush();
const text = "Bun" in globalThis ? undefined : await ownText(script);

/** Where this program runs: Deno or Bun, in a terminal or a pipe. */
export const host: Host = {
  args,
  script,
  command: `${"Bun" in globalThis ? "bun" : "deno run"} ${script}`,
  blankCommand,
  colour: mayColour(),
  columns: () => desk?.columns ?? (process.stdout.columns || 80),
  terminal: desk !== undefined || Boolean(process.stdout.isTTY),
  rows: () => desk?.rows ?? (process.stdout.rows || 24),
  keys: desk?.keys ?? false,
  text(values) {
    return util().formatWithOptions({ colors: this.colour }, ...values);
  },
  redirect(handler) {
    console.log = console.info = console.debug = (...values) => handler(values);
  },
  write,
  // At a desk the sentence has to come before the rows that follow it, so it goes the same way.
  complain: (text) => desk ? write(text) : console.error(text),
  progress(text) {
    if (desk) tell({ kind: "progress", text });
    else if (process.stderr.isTTY && !isDumb) process.stderr.write("\r\x1b[K" + text.slice(0, this.columns() - 1));
  },
  exit(code) {
    const isSignal = code > 128;
    if (!watching || isSignal) process.exit(code);
    process.exitCode = code;
    throw new End();
  },
  onError(handler) {
    const last = unlessEnd(handler);
    for (const event of ["uncaughtException", "unhandledRejection"]) process.removeAllListeners(event).on(event, last);
    process.stdout.removeAllListeners("error").on("error", last);
  },
  onEnd(handler) {
    // And not "exit", which --watch sends, too, when it begins again in the middle of a run.
    process.on("beforeExit", () => {
      process.exitCode = handler() ?? process.exitCode;
    });
  },
  onInterrupt(handler, killed) {
    if (ear) return ear().train(handler);
    let pressed = -Infinity;
    const handlers = {
      SIGINT() {
        const now = performance.now();
        if (now - pressed < ONE_PRESS) return;
        pressed = now;
        handler();
      },
      SIGTERM: () => killed(143),
      SIGHUP: () => killed(129),
    };
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal as NodeJS.Signals, handler);
    return () => {
      if (pressed > 0) sleep(ONE_PRESS); // the rest of the press that ended it
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal as NodeJS.Signals, handler);
    };
  },
  pause() {
    if (!ear) return new Promise((resolve) => setImmediate(resolve));
    const now = performance.now();
    if (ear().hear() || now - yielded < YIELD) return; // after Ctrl-C its watcher would end the run
    yielded = now;
    return new Promise((resolve) => setTimeout(resolve, 0));
  },
  // Deno 2.8 knows what is used now, not what was used at most.
  memory: () => process.resourceUsage ? process.resourceUsage().maxRSS * 1024 : process.memoryUsage().rss,
  ...(desk && {
    trained: ({ done }: Training, steps: number) => tell({ kind: "training", done, steps }),
    ended: (rows: readonly Row[], next: Row | undefined) => tell(ending(rows, next)),
  }),
  source: () => "Bun" in globalThis ? quietly(() => fs().readFileSync(process.argv[1], "utf8")) : text,
  lastWords: () => words ??= lastWords(write, ear?.()),
  recall: (key) => quietly(() => storage().getItem(key) ?? undefined),
  remember: (key, text) => quietly(() => storage().setItem(key, text)),
};

/** Writes a line to standard output. Bun's own log is for values that are no text: nothing is heard of it where a disk is full. */
function write(...values: unknown[]): void {
  const [text] = values;
  if (!("Bun" in globalThis) || values.length !== 1 || typeof text !== "string") return log(...values);
  try {
    writeOut(`${text}\n`);
  } catch (error) {
    if ((error as { code?: string }).code !== "EPIPE") throw error; // nobody reads on, which is no error
  }
}

/** Leaves standard output to `host.write`: what console, process.stdout, Deno.stdout or Bun.stdout writes goes to standard error. */
function hush(): void {
  const { Console: On } = process.getBuiltinModule("node:console") as unknown as Consoles,
    errors = new On(process.stderr);
  Object.assign(console, Object.fromEntries(SHOWN.map((name) => [name, errors[name].bind(errors)])));
  const { stdout, stderr } = process;
  const write = stderr.write.bind(stderr), end = (last?: string) => void (last && write(last));
  Object.assign(stdout, { write, end });
  Object.assign(globalThis, { alert() {}, confirm: () => false, prompt: () => null }); // which write a question there
  const { Deno, Bun } = globalThis as unknown as Record<"Deno" | "Bun", { stdout: unknown; stderr: unknown }>;
  const runtime = Bun ?? Deno;
  runtime.stdout = runtime.stderr;
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Tells `deno task learn`, which started this run, something beside what is printed. */
function tell(message: ToDesk): void {
  process.stderr.write(recordOf(message));
}

/** A handler of errors that never sees an End, and may throw one. */
function unlessEnd(handler: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (error instanceof End) return;
    try {
      handler(error);
    } catch (end) {
      if (!(end instanceof End)) throw end;
    }
  };
}

function mayColour(): boolean {
  if (environment("NO_COLOR")) return false;
  const forced = environment("FORCE_COLOR");
  return forced ? forced !== "0" : Boolean(process.stdout.isTTY) && !isDumb;
}

/** An environment variable; without permission to read it, undefined. */
function environment(name: "NO_COLOR" | "FORCE_COLOR"): string | undefined {
  try {
    return process.env[name] || undefined;
  } catch {
    return undefined;
  }
}

/** Deno's localStorage, which needs no permission. Bun has none, and asks for no permission: a file beside the blank. */
function storage(): Pick<Storage, "getItem" | "setItem"> {
  if (!("Bun" in globalThis)) return globalThis.localStorage;
  const path = root + script.replace(/([^/]*)\.ts$/, ".$1.json");
  // A pipe in its place would be waited for.
  if (fs().statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw new Error(`${path} is no file.`);
  const texts = (): Record<string, string> => quietly(() => JSON.parse(fs().readFileSync(path, "utf8"))) ?? {};
  return {
    getItem: (key) => texts()[key] ?? null,
    setItem: (key, text) => fs().writeFileSync(path, JSON.stringify({ ...texts(), [key]: text })),
  };
}

/** What cannot be read or written is not remembered: the next run is like the first. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
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
