// Command-line flags: reads the ones an exercise has, with bounds, and explains what is wrong with others.
// Left out: getting the command line, and exiting (host.ts). This uses no package, so that exercises run without
// installing or downloading anything.
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { wrap } from "./terminal.ts";

/** A flag that takes a number. */
export interface NumberFlag {
  /** What it means, for --help. */
  about: string;
  /** The value when it is not given. */
  default: number;
  /** The smallest value allowed. */
  min: number;
  /** The largest value allowed. */
  max: number;
  /** Whether fractions are allowed. */
  fraction?: boolean;
  /** Why `min` is what it is, for the message. */
  why?: string;
  /** Whether it takes no value: it is then 1 if given, and 0 if not. */
  alone?: boolean;
}

/** The switches of every exercise. */
export interface Switches {
  /** One JSON object and nothing else. */
  json: boolean;
  /** The forward pass as a drawing. */
  graph: boolean;
  /** Every row of the table on a terminal. */
  all: boolean;
}

/** Number flags by name. */
export type NumberFlags = Record<string, NumberFlag>;

/**
 * The values of the flags in `args`, and of --json, --graph, --all and --help.
 *
 * @throws UsageError for anything that is not understood.
 *
 * @example
 * ```ts
 * import { deepEqual, throws } from "node:assert/strict";
 * const flags = { hidden: { about: "neurons", default: 64, min: 1, max: 100 } };
 * deepEqual(parseFlags(["--hidden", "7"], flags), { hidden: 7, json: false, graph: false, all: false, help: false });
 * throws(() => parseFlags(["--hiden", "7"], flags), /Did you mean --hidden/);
 * ```
 */
export function parseFlags<F extends NumberFlags>(
  args: readonly string[],
  flags: F,
): { [name in keyof F]: number } & Switches & { help: boolean } {
  const given = Object.fromEntries(Object.keys(flags).map((name) => [name, [] as string[]]));
  const switches: Record<string, boolean> = { json: false, graph: false, all: false, help: false };
  for (let i = 0; i < args.length; i++) {
    const [, name = "", value] = /^--([^=]*)(?:=([^]*))?$/.exec(args[i] === "-h" ? "--help" : args[i]) ?? [];
    const isAlone = Object.hasOwn(switches, name) || Object.hasOwn(flags, name) && flags[name].alone;
    if (isAlone && value !== undefined) throw new UsageError(`--${name} takes no value; given "${args[i]}".`);
    if (Object.hasOwn(switches, name)) switches[name] = true;
    else if (isAlone) given[name] = ["1"];
    else if (Object.hasOwn(flags, name)) {
      given[name].push(value ?? (isValue(args[i + 1]) ? args[++i] : ""));
    } else if (args[i] !== "--" || i + 1 < args.length) { // words after `--` are not flags, so they are refused
      const stray = args[i] === "--" ? args[i + 1] : args[i];
      throw new UsageError(notUnderstood(stray, [...Object.keys(flags), "hint", "at", ...Object.keys(switches)]));
    }
  }
  const values = Object.entries(flags).map(([name, flag]) => [name, numberOf(name, given[name], flag)]);
  return { ...Object.fromEntries(values), ...switches };
}

/** The text that --help prints, in lines of at most `width` columns (longer only for a long word). */
export function helpText(command: string, about: string, flags: NumberFlags, width = 80): string {
  const rows = Object.entries(flags).map(([name, flag]) =>
    flag.alone
      ? [`--${name}`, flag.about]
      : [`--${name} ${flag.fraction ? "X" : "N"}`, `${flag.about} (${allowed(flag)}; default ${flag.default})`]
  );
  rows.push(
    ["--json", "print one JSON object and nothing else"],
    ["--graph", "draw the forward pass: which tensor feeds which"],
    ["--all", "every row of the table, where a terminal would show what has changed and what is wrong"],
    ["--hint NAME", "a hint for a gradient in the table; add 2 or 3 for the next ones"],
    ["--at TIME", "which row the lecture is at: --at 1:04:14"],
    ["--help", "print this"],
  );
  const indent = " ".repeat(15), aside = (text: string) => wrap(text, width - 15).replaceAll("\n", `\n${indent}`);
  const lines = rows.map(([flag, text]) => `  ${flag.padEnd(12)} ${aside(text)}`);
  return [wrap(about, width), "", wrap(`Usage: ${command} [flags]`, width), ...lines].join("\n");
}

/**
 * Takes `--hint NAME [LEVEL]` out of a command line.
 *
 * @throws UsageError when the name is missing, the level is not 1, 2 or 3, or there are two.
 */
export function takeHint(args: readonly string[]): { hint?: { name: string; level: number }; rest: string[] } {
  const isHint = (arg: string) => arg === "--hint" || arg.startsWith("--hint=");
  const i = args.findIndex(isHint);
  if (i < 0) return { rest: [...args] };
  const after = [...args.slice(i + 1)];
  const name = args[i] === "--hint" ? after.shift() : args[i].slice("--hint=".length);
  if (!name || name.startsWith("-")) {
    throw new UsageError("--hint needs the name of a gradient in the table: --hint dlogits");
  }
  const level = after.length > 0 && !/^(--|-h$)/.test(after[0]) ? after.shift()! : "1";
  if (!/^[123]$/.test(level)) throw new UsageError(`A hint's level is 1, 2 or 3; given "${level}".`);
  if (after.some(isHint)) throw new UsageError("--hint is given more than once; give it once.");
  return { hint: { name, level: Number(level) }, rest: [...args.slice(0, i), ...after] };
}

/** Whether a word is a flag's value rather than a flag: `--seed -1` is a seed of −1. */
function isValue(word: string | undefined): boolean {
  return word !== undefined && /^(-(\d|\.\d|Infinity|NaN)|[^-]|$)/.test(word);
}

function numberOf(name: string, given: readonly string[], flag: NumberFlag): number {
  if (given.length === 0) return flag.default;
  if (given.length > 1) {
    throw new UsageError(`--${name} is given ${given.length} times (${given.join(", ")}); give it once.`);
  }
  const text = given[0].trim(), value = Number(text);
  const plain = /^[+-]?(\d[\d_]*)?(\.\d+)?(e[+-]?\d+)?$/i.test(text) && text !== "";
  const fits = plain && Number.isFinite(value) && value >= flag.min && value <= flag.max;
  if (!fits || (!flag.fraction && !Number.isInteger(value))) {
    const shown = text === "" ? "nothing" : `"${text.length > 30 ? text.slice(0, 30) + "…" : text}"`;
    throw new UsageError(`--${name} takes ${allowed(flag)}; given ${shown}.${flag.why ? ` ${flag.why}` : ""}`);
  }
  return value;
}

function allowed({ fraction, min, max }: NumberFlag): string {
  const shown = (x: number) => x >= 1 ? x.toLocaleString("en", { maximumFractionDigits: 20 }) : String(x);
  return `${fraction ? "a number" : "a whole number"} from ${shown(min)} to ${shown(max)}`;
}

function notUnderstood(arg: string, names: readonly string[]): string {
  const [flag] = arg.split("=");
  const list = names.map((name) => `--${name}`).join(", ");
  if (!flag.startsWith("-")) return `"${arg}" is not a flag. Allowed are ${list}.`;
  const bare = flag.replace(/^-+/, "");
  const meant = nearest(bare, names);
  return `There is no flag ${flag}.${meant ? ` Did you mean --${meant}?` : ""} Allowed are ${list}.`;
}
