// Runs an exercise's source, changed or not, inside a test: without a process, a permission or output.
//
// The source becomes a module of its own whose imports are handed in, with a host that keeps what is written. Only the
// rows that a test asks for are checked. Exercise 4 learns from a thousand names and ends where training would start.
import module from "node:module";
import * as dataset from "../data/dataset.ts";
import { loadNames } from "../data/names.ts";
import * as atoms from "../exercises/atoms.ts";
import * as experiments from "../exercises/experiments.ts";
import * as hints from "../exercises/hints.ts";
import * as network from "../exercises/network.ts";
import type { Check, Row } from "../lib/check/check.ts";
import * as graph from "../lib/check/graph.ts";
import * as judging from "../lib/check/judge.ts";
import { type Region, regions } from "../lib/exercise/blank.ts";
import * as evaluation from "../lib/exercise/evaluation.ts";
import * as exercise from "../lib/exercise/exercise.ts";
import type { NumberFlags } from "../lib/exercise/flags.ts";
import type { Hints } from "../lib/exercise/hints.ts";
import { type Host, host as realHost } from "../lib/exercise/host.ts";
import * as picture from "../lib/exercise/picture.ts";
import * as training from "../lib/exercise/training.ts";
import * as workbench from "../lib/exercise/workbench.ts";
import * as generator from "../lib/random/generator.ts";
import * as multinomial from "../lib/random/multinomial.ts";
import * as functional from "../lib/tensor/functional.ts";
import * as memory from "../lib/tensor/memory.ts";
import * as creation from "../lib/tensor/creation.ts";
import * as tensor from "../lib/tensor/tensor.ts";

const modules: Record<string, Record<string, unknown>> = {
  "../data/dataset.ts": dataset,
  "../exercises/hints.ts": hints,
  "../exercises/network.ts": network,
  "../exercises/atoms.ts": atoms,
  "../exercises/experiments.ts": experiments,
  "../lib/check/graph.ts": graph,
  "../lib/check/judge.ts": judging,
  "../lib/exercise/evaluation.ts": evaluation,
  "../lib/exercise/picture.ts": picture,
  "../lib/exercise/workbench.ts": workbench,
  "../lib/random/generator.ts": generator,
  "../lib/random/multinomial.ts": multinomial,
  "../lib/tensor/functional.ts": functional,
  "../lib/tensor/memory.ts": memory,
  "../lib/tensor/creation.ts": creation,
  "../lib/tensor/tensor.ts": tensor,
};

/** What an exercise did. */
export interface Outcome {
  /** Every tensor of the first forward pass it checked against, and who feeds whom. */
  check: Check;
  /** The gradients it compared, by tensor name. */
  gradients: Record<string, tensor.Tensor>;
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
    ...realHost,
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
  { flags = {}, only, trusted = false, train, names = 1000, script = "exercises/ex1.ts" }: {
    flags?: Record<string, number>;
    /** The tensors whose gradients are checked; all without it. */
    only?: readonly string[];
    /** Whether rows not asked for count as right for the exercise, rather than as still to do. */
    trusted?: boolean;
    /** What stands in for exercise 4's training; it ends there without it. */
    train?: typeof training.train;
    /** How many names exercise 4 learns from. */
    names?: number;
    /** What the source is called. */
    script?: string;
  } = {},
): Promise<Outcome> {
  let check: Check | undefined, results = {}, trained = false;
  const rows: Row[] = [], gradients: Outcome["gradients"] = {};
  const host = quietHost({
    script,
    args: Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    checking: (own) => check ??= own,
    compared: (row) => void rows.push(row),
  });
  const start = (n: number, about: string, known: NumberFlags, hints: Hints) => {
    const started = exercise.start(n, about, known, hints, host);
    const checkOnly: typeof started.check = (...given) => {
      const { tensors, cmp } = started.check(...given);
      return {
        tensors,
        cmp(name, gradient, of) {
          gradients[name] ??= gradient;
          if (!only || only.includes(name)) return cmp(name, gradient, of);
          return { name, shape: [], status: "todo", maxdiff: null };
        },
      };
    };
    return {
      ...started,
      check: checkOnly,
      allRight: () => trusted || started.allRight(),
      finish: (given: Record<string, unknown> = {}, interrupted?: boolean) => {
        results = given;
        return started.finish(given, interrupted);
      },
    };
  };
  const trainOrEnd: typeof training.train = (steps, step, options) => {
    trained = true;
    return train ? train(steps, step, options) : end();
  };
  const someNames = async () => {
    const { source, names: all } = await loadNames();
    return { source, names: all.slice(0, names) };
  };
  try {
    await evaluate(source.replaceAll(/ from "\.\//g, ' from "../exercises/'), {
      ...modules,
      "../lib/exercise/exercise.ts": { ...exercise, start },
      "../lib/exercise/training.ts": { ...training, train: trainOrEnd },
      "../data/names.ts": { loadNames: someNames },
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
      step = (i) => memory.inScratch(() => given(i));
      return end();
    },
  });
  return step!;
}

/** `source` with `from` replaced, which must stand in it exactly once. */
export function replaceOnce(source: string, from: string, to: string): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in the source, not once.`);
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

async function evaluate(source: string, imports: Record<string, unknown>): Promise<void> {
  const slot = `__exercise_${runs++}`;
  const global = globalThis as unknown as Record<string, unknown>;
  const handedIn = (code: string) =>
    code.replaceAll(/^import type .*\n/gm, "").replaceAll(
      /^import (\{[^}]*\}|\w+) from "([^"]+)";/gm,
      (_, names: string, from: string) => {
        if (!(from in imports)) throw new Error(`The harness does not know "${from}".`);
        const listed = names.startsWith("{") ? names.slice(1, -1) : `default as ${names}`;
        const values = listed.split(",").map((name) => name.trim()).filter((name) => name && !name.startsWith("type "));
        return `const { ${
          values.map((name) => name.replace(" as ", ": ")).join(", ")
        } } = globalThis.${slot}["${from}"];`;
      },
    );
  global[slot] = imports;
  try {
    const bun = global.Bun as { Transpiler: new (o: object) => { transformSync(code: string): string } } | undefined;
    let code: string;
    if (bun) {
      code = new bun.Transpiler({ loader: "ts", deadCodeElimination: false }).transformSync(source);
      // What `using` becomes there comes from a module of Bun's own.
      const wrap = "bun:wrap";
      imports[wrap] = await import(wrap);
    } else code = module.stripTypeScriptTypes(source);
    // A function and no module: Deno would keep every module in its cache on the disk.
    const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<void>;
    await new AsyncFunction(handedIn(code))();
  } finally {
    delete global[slot];
  }
}
