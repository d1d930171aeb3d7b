// Runs an exercise's source, changed or not, inside a test: without a process, a permission or output.
//
// The source becomes a module of its own whose imports are handed in, with lib/exercise.ts replaced by a recorder. Only
// the rows that a test asks for are checked.
import * as dataset from "../data/dataset.ts";
import * as minibatch from "../data/minibatch.ts";
import * as checking from "../lib/check.ts";
import type { Gradients } from "../lib/exercise.ts";
import * as exercise from "../lib/exercise.ts";
import * as functional from "../lib/functional.ts";
import * as graph from "../lib/graph.ts";
import * as memory from "../lib/memory.ts";
import * as picture from "../lib/picture.ts";
import * as random from "../lib/random.ts";
import * as tensor from "../lib/tensor.ts";

const { Check } = checking;

const modules: Record<string, Record<string, unknown>> = {
  "../data/dataset.ts": dataset,
  "../data/minibatch.ts": minibatch,
  "../lib/check.ts": checking,
  "../lib/exercise.ts": exercise,
  "../lib/functional.ts": functional,
  "../lib/graph.ts": graph,
  "../lib/memory.ts": memory,
  "../lib/picture.ts": picture,
  "../lib/random.ts": random,
  "../lib/tensor.ts": tensor,
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
}

/** Runs the source of an exercise. `only` names the tensors whose gradients are to be checked, all without it. */
export async function runSource(
  source: string,
  { flags = {}, only }: { flags?: Record<string, number>; only?: readonly string[] } = {},
): Promise<Outcome> {
  const lines: string[] = [];
  let check: checking.Check | undefined, results = {}, gradients: Outcome["gradients"] = {};
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
      const checked = entries.filter(([name]) => !only || only.includes(name)).map(([name, t]) => own.row(name, t));
      if (note) checked.forEach((row) => row.name += ` ${note}`);
      rows.push(...checked);
      return checked;
    },
    finish: (_rows: checking.Row[], given: Record<string, unknown>) => results = given,
  };
  await evaluate(source, { ...modules, "../lib/exercise.ts": recorder });
  if (!check) throw new Error("The exercise ended without calling cmp.");
  return { check, gradients, rows, results, output: lines.join("\n") };
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
  const body = source.replaceAll(/^import \{([^}]*)\} from "([^"]+)";/gm, (_, names: string, from: string) => {
    if (!(from in imports)) throw new Error(`The harness does not know "${from}".`);
    const values = names.split(",").map((name) => name.trim()).filter((name) => name && !name.startsWith("type "));
    return `const { ${values.map((name) => name.replace(" as ", ": ")).join(", ")} } = globalThis.${slot}["${from}"];`;
  });
  global[slot] = imports;
  try {
    const bun = global.Bun as { Transpiler: new (o: object) => { transformSync(code: string): string } } | undefined;
    if (bun) {
      // Bun does not run TypeScript from a data URL, but shows how it strips the types.
      const code = new bun.Transpiler({ loader: "ts", deadCodeElimination: false }).transformSync(body);
      const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<void>;
      await new AsyncFunction(code)();
    } else {
      // The slot's name makes each module new: the same text would be the same module, run once.
      await import(`data:application/typescript;charset=utf-8,${encodeURIComponent(`${body}\nexport {}; // ${slot}`)}`);
    }
  } finally {
    delete global[slot];
  }
}
