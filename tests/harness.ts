// Runs an exercise's source, changed or not, inside a test: without a process, a permission or output.
//
// The source becomes a module of its own whose imports are handed in, with lib/exercise/exercise.ts replaced by a recorder. Only
// the rows that a test asks for are checked. Exercise 4 learns from a thousand names and ends where training would start.
import process from "node:process";
import * as dataset from "../data/dataset.ts";
import * as minibatch from "../data/minibatch.ts";
import { loadNames } from "../data/names.ts";
import * as checking from "../lib/check/check.ts";
import type { Gradients } from "../lib/exercise/exercise.ts";
import * as exercise from "../lib/exercise/exercise.ts";
import * as functional from "../lib/tensor/functional.ts";
import * as graph from "../lib/check/graph.ts";
import * as memory from "../lib/tensor/memory.ts";
import * as picture from "../lib/exercise/picture.ts";
import * as generator from "../lib/random/generator.ts";
import * as multinomial from "../lib/random/multinomial.ts";
import * as shape from "../lib/tensor/shape.ts";
import * as tensor from "../lib/tensor/tensor.ts";
import * as training from "../lib/exercise/training.ts";

const { Check } = checking;

const modules: Record<string, Record<string, unknown>> = {
  "../data/dataset.ts": dataset,
  "../data/minibatch.ts": minibatch,
  "../lib/check/check.ts": checking,
  "../lib/exercise/exercise.ts": exercise,
  "../lib/tensor/functional.ts": functional,
  "../lib/check/graph.ts": graph,
  "../lib/tensor/memory.ts": memory,
  "../lib/exercise/picture.ts": picture,
  "../lib/random/generator.ts": generator,
  "../lib/random/multinomial.ts": multinomial,
  "../lib/tensor/shape.ts": shape,
  "../lib/tensor/tensor.ts": tensor,
};

/** What an exercise did. */
export interface Outcome {
  /** Every tensor of the forward pass it checked against, and who feeds whom. */
  check: checking.Check;
  /** The gradients it computed, by tensor name. */
  gradients: Record<string, tensor.Tensor | undefined>;
  /** The rows asked for. */
  rows: checking.Row[];
  /** What it gave to `finish`. */
  results: Record<string, unknown>;
  /** What it printed. */
  output: string;
  /** Whether it came to its training, at which it is ended. */
  trained: boolean;
}

/** Thrown where an exercise ends itself, or is ended. */
class End extends Error {}

const end = (): never => {
  throw new End();
};

/** Runs the source of an exercise. */
export async function runSource(
  source: string,
  { flags = {}, only, trusted = false, train, names = 1000 }: {
    flags?: Record<string, number>;
    /** The tensors whose gradients are checked; all without it. */
    only?: readonly string[];
    /** Whether rows not asked for count as right for the exercise, rather than as still to do. */
    trusted?: boolean;
    /** What stands in for exercise 4's training; it ends there without it. */
    train?: typeof training.train;
    /** How many names exercise 4 learns from. */
    names?: number;
  } = {},
): Promise<Outcome> {
  const lines: string[] = [];
  let check: checking.Check | undefined, results = {}, gradients: Outcome["gradients"] = {}, trained = false;
  const rows: checking.Row[] = [];
  const recorder = {
    ...exercise,
    start: (_n: number, _about: string, known: Record<string, { default: number }>) => ({
      ...Object.fromEntries(Object.entries(known).map(([name, flag]) => [name, flag.default])),
      ...flags,
    }),
    print: (text = "") => lines.push(text),
    cmp: (forward: graph.Forward, leaves: graph.Tensors, given: Gradients, note = "") => {
      const own = new Check(forward, leaves);
      check ??= own;
      const entries = Object.entries(given).map(([dname, t]) => [dname.slice(1), t] as const);
      gradients = { ...Object.fromEntries(entries), ...gradients };
      const asked = (name: string) => !only || only.includes(name);
      // To the exercise, a row that nobody asked for looks like one still to do.
      const all = entries.map(([name, t]): checking.Row => {
        const row = own.row(name, asked(name) ? t : undefined);
        return trusted && row.status === "todo" ? { ...row, given: t, status: "ok" } : row;
      });
      const checked = all.filter(({ name }) => asked(name));
      if (note) checked.forEach((row) => row.name += ` ${note}`);
      rows.push(...checked);
      return all;
    },
    finish: (_rows: checking.Row[], given: Record<string, unknown>) => results = given,
  };
  const trainOrEnd: typeof training.train = (steps, guessing, step) => {
    trained = true;
    return train ? train(steps, guessing, step) : end();
  };
  const someNames = async () => {
    const { source, names: all } = await loadNames();
    return { source, names: all.slice(0, names) };
  };
  try {
    await evaluate(source, {
      ...modules,
      "../lib/exercise/exercise.ts": recorder,
      "../lib/exercise/training.ts": { ...training, train: trainOrEnd },
      "../data/names.ts": { loadNames: someNames },
      "node:process": { default: { ...process, exit: end } },
    });
  } catch (error) {
    if (!(error instanceof End)) throw error;
  }
  if (!check) throw new Error("The exercise ended without calling cmp.");
  return { check, gradients, rows, results, output: lines.join("\n"), trained };
}

/** Exercise 4's training step, on its own parameters and minibatches, with nothing checked first. Returns the loss. */
export async function trainingStep(source: string, flags: Record<string, number> = {}): Promise<(i: number) => number> {
  let step: ((i: number) => number) | undefined;
  await runSource(source, {
    flags,
    only: [],
    trusted: true,
    train: (_steps, _guessing, given) => {
      step = given;
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

let runs = 0;

async function evaluate(source: string, imports: Record<string, unknown>): Promise<void> {
  const slot = `__exercise_${runs++}`;
  const global = globalThis as unknown as Record<string, unknown>;
  const handedIn = (code: string) =>
    code.replaceAll(/^import (\{[^}]*\}|\w+) from "([^"]+)";/gm, (_, names: string, from: string) => {
      if (!(from in imports)) throw new Error(`The harness does not know "${from}".`);
      const listed = names.startsWith("{") ? names.slice(1, -1) : `default as ${names}`;
      const values = listed.split(",").map((name) => name.trim()).filter((name) => name && !name.startsWith("type "));
      return `const { ${
        values.map((name) => name.replace(" as ", ": ")).join(", ")
      } } = globalThis.${slot}["${from}"];`;
    });
  global[slot] = imports;
  try {
    const bun = global.Bun as { Transpiler: new (o: object) => { transformSync(code: string): string } } | undefined;
    if (bun) {
      // Bun does not run TypeScript from a data URL, but shows how it strips the types. What `using` becomes there comes
      // from a module of Bun's own.
      const code = new bun.Transpiler({ loader: "ts", deadCodeElimination: false }).transformSync(source);
      const wrap = "bun:wrap";
      imports[wrap] = await import(wrap);
      const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<void>;
      await new AsyncFunction(handedIn(code))();
    } else {
      // A function, for after a few modules that throw Deno resolves no import any more. The slot's name makes each module
      // new: the same text would be the same module.
      const module = `export default async () => {\n${handedIn(source)}\n}; // ${slot}`;
      const { default: run } = await import(`data:application/typescript;charset=utf-8,${encodeURIComponent(module)}`);
      await run();
    }
  } finally {
    delete global[slot];
  }
}
