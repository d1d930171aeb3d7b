// Runs an exercise's source, changed or not, inside a test: without a process, a permission or output.
//
// The source becomes a module of its own whose imports are handed in, with a host that keeps what is written. Only the
// rows that a test asks for are checked. Exercise 4 learns from a thousand names and ends where training would start.
import module from "node:module";
import process from "node:process";
import { loadNames } from "../data/names.ts";
import type { Check, Row } from "../lib/check/check.ts";
import { type Region, regions } from "../lib/exercise/blank.ts";
import type { NumberFlags } from "../lib/exercise/flags.ts";
import type { Host, Training } from "../lib/exercise/host.ts";
import type { Manifest } from "../lib/exercise/manifest.ts";
import { drawnFlag, hiddenFlag, seedFlag, startOn } from "../lib/exercise/start.ts";
import { practiceEntry } from "../lib/practice/source.ts";
import { modulesOn } from "../lib/page/modules.ts";
import { inScratch } from "../lib/tensor/memory.ts";
import { forgetListeners } from "../lib/tensor/recording.ts";
import type { Tensor } from "../lib/tensor/tensor.ts";

/** What an exercise did. */
export interface Outcome {
  /** Every tensor of the first forward pass it checked against, and who feeds whom. */
  check: Check;
  /** The gradients it compared, by tensor name. */
  gradients: Record<string, Tensor>;
  /** The rows asked for. */
  rows: Row[];
  /** What it gave to `finish`. */
  results: Record<string, unknown>;
  /** What it printed. */
  output: string;
  /** What it complained of. */
  complaint: string;
  /** Its exit code; undefined when it was ended at its training. */
  code?: number;
  /** Whether it came to its training, at which it is ended. */
  trained: boolean;
}

/** Thrown where an exercise ends itself, or is ended. */
class End extends Error {}

const end = (): never => {
  throw new End();
};

/** A host that keeps what is written, and ends by throwing End. */
export function quietHost(kept: Partial<Host> = {}): Host & { written: string[]; complaints: string[]; code?: number } {
  const written: string[] = [], complaints: string[] = [];
  return {
    colour: false,
    columns: () => 80,
    terminal: false,
    rows: () => 24,
    text: (values) => values.map(String).join(" "),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    memory: () => process.memoryUsage().rss,
    written,
    complaints,
    args: [],
    script: "exercises/ex1.ts",
    command: "deno run exercises/ex1.ts",
    blankCommand: "deno task blank",
    write: (...values) => void written.push(values.map(String).join(" ")),
    complain: (text) => void complaints.push(text),
    progress: () => {},
    exit(code) {
      this.code = code;
      return end();
    },
    onError: () => {},
    onEnd: () => {},
    onInterrupt: () => () => {},
    recall: () => undefined,
    remember: () => {},
    ...kept,
  };
}

/** Runs the source of an exercise. */
export async function runSource(
  source: string,
  { flags = {}, alone = [], only, trusted = false, train, names = 1000, script = "exercises/ex1.ts" }: {
    flags?: Record<string, number>;
    /** Flags without a value. */
    alone?: readonly string[];
    /** The tensors whose gradients are checked; all without it. */
    only?: readonly string[];
    /** Whether rows not asked for count as right for the exercise, rather than as still to do. */
    trusted?: boolean;
    /** Replaces exercise 4's training; without it, the run ends there. */
    train?: (steps: number, step: (i: number) => number, guessing: number) => Promise<Training>;
    /** How many names exercise 4 learns from. */
    names?: number;
    /** What the source is called. */
    script?: string;
  } = {},
): Promise<Outcome> {
  let check: Check | undefined, results = {}, trained = false;
  const rows: Row[] = [], gradients: Outcome["gradients"] = {};
  const todo = (name: string): Row => ({ name, shape: [], status: "todo", maxdiff: null });
  const host = quietHost({
    script,
    args: [...alone.map((name) => `--${name}`), ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    checking: (own) => check ??= own,
    compared: (row) => void rows.push(row),
  });
  const start = (manifest: Manifest, id: number | string, known: NumberFlags) => {
    const started = startOn(host)(manifest, id, known);
    const checkOnly: typeof started.check = (...given) => {
      const { tensors, cmp } = started.check(...given);
      return {
        tensors,
        cmp(name, gradient, of) {
          gradients[name] ??= gradient;
          const asked = !only || only.includes(name), note = given[3];
          // At another size the exercise goes on where it has a row.
          return asked || note ? cmp(name, (asked ? gradient : undefined)!, of) : todo(name);
        },
      };
    };
    return {
      ...started,
      check: checkOnly,
      train: (...given: Parameters<typeof started.train>) => {
        trained = true;
        forgetListeners(); // as the real one does
        return train ? train(...given) : end();
      },
      allRight: () => trusted || started.allRight(),
      finish: (given: Record<string, unknown> = {}, interrupted?: boolean) => {
        results = given;
        return started.finish(given, interrupted);
      },
    };
  };
  const someNames = async () => {
    const { source, names: all } = await loadNames();
    return { source, names: all.slice(0, names) };
  };
  try {
    const instead: Record<string, object> = {
      "../lib/exercise/exercise.ts": { drawnFlag, hiddenFlag, seedFlag, start },
      "../data/names.ts": { loadNames: someNames },
      "../lib/practice/source.ts": { practiceEntry },
    };
    const moduleOf = modulesOn(host), base = new URL(`file:///${script}`);
    await evaluate(source, (specifier) => {
      const from = `..${new URL(specifier, base).pathname}`;
      return instead[from] ?? moduleOf(from);
    });
  } catch (error) {
    if (!(error instanceof End)) throw error;
  }
  if (!check) throw new Error("The exercise ended without checking anything.");
  const { written, complaints, code } = host;
  return {
    ...{ check, gradients, rows, results, code, trained },
    output: written.join("\n"),
    complaint: complaints.join("\n"),
  };
}

/** Exercise 4's training step, on its own parameters and minibatches, with nothing checked first. Returns the loss. */
export async function trainingStep(source: string, flags: Record<string, number> = {}): Promise<(i: number) => number> {
  let step: ((i: number) => number) | undefined;
  await runSource(source, {
    flags,
    only: [],
    trusted: true,
    train: (_steps, given) => {
      step = (i) => inScratch(() => given(i));
      return end();
    },
  });
  return step!;
}

/** `source` with `from` replaced, which must occur in it exactly once. */
export function replaceOnce(source: string, from: string, to: string): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" occurs ${parts.length - 1} times in the source, not once.`);
  return parts.join(to);
}

/** Replaces the lines of a source's regions. Where `replace` returns undefined, the region stays. */
export function fillRegions(source: string, replace: (region: Region, index: number) => string | undefined): string {
  const lines = source.split(/(?<=\n)/);
  regions(source).forEach((region, i) => {
    const text = replace(region, i);
    if (text === undefined) return;
    lines.fill("", region.line, region.line + region.lines.length);
    lines[region.line - 1] += text;
  });
  return lines.join("");
}

let runs = 0;

async function evaluate(source: string, moduleOf: (from: string) => object): Promise<void> {
  const slot = `__exercise_${runs++}`, global = globalThis as unknown as Record<string, unknown>;
  const handedIn = (code: string) =>
    code.replaceAll(/^import type .*\n/gm, "").replaceAll(
      /^import (\{[^}]*\}|\w+) from "([^"]+)";/gm,
      (_, names: string, from: string) => {
        const listed = names.startsWith("{") ? names.slice(1, -1) : `default as ${names}`;
        const values = listed.split(",").map((name) => name.trim()).filter((name) => name && !name.startsWith("type "));
        return `const { ${
          values.map((name) => name.replace(" as ", ": ")).join(", ")
        } } = globalThis.${slot}("${from}");`;
      },
    );
  // What `using` becomes under Bun comes from a module of Bun's own.
  const wrap = "bun:wrap", wrapped = "Bun" in global ? await import(wrap) : {};
  global[slot] = (from: string) => from === wrap ? wrapped : moduleOf(from);
  try {
    const bun = global.Bun as { Transpiler: new (o: object) => { transformSync(code: string): string } } | undefined;
    const code = bun
      ? new bun.Transpiler({ loader: "ts", deadCodeElimination: false }).transformSync(source)
      : module.stripTypeScriptTypes(source);
    // A function and no module: Deno would keep every module in its cache on the disk.
    const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<void>;
    await new AsyncFunction(handedIn(code))();
  } finally {
    delete global[slot];
  }
}
