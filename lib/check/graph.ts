// The forward pass as data: one small function per tensor, in order, so that it can be replayed from any point.
//
//     const forward = {
//       h: ({ x, w }) => x.matmul(w).tanh(), // (32, 64)
//       loss: ({ h }) => h.mean(), // ()
//     } satisfies Forward;
//
// Each line is watched once to learn which tensors it reads. So a check recomputes only what depends on a tensor, and
// knows when a tensor is used twice and its gradient has two terms.
// Left out: gradients. A line may only read tensors from its argument, not from variables outside, or a replay would
// miss them.
import { named } from "../tensor/guards.ts";
import { inScratch } from "../tensor/memory.ts";
import { arrayOf } from "../tensor/ndarray.ts";
import { unheard } from "../tensor/recording.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Tensors by name. */
export type Tensors = Record<string, Tensor>;

/** A forward pass: for each tensor, in order, how to make it from parameters and earlier ones. The last is the loss. */
export type Forward = Record<string, (earlier: Tensors) => Tensor>;

/** Who feeds whom: for each tensor, the tensors its line reads, in the order it reads them. */
export type Graph = Record<string, string[]>;

/**
 * Runs a forward pass on its parameters and inputs. Returns every tensor: these and all that the lines make.
 *
 * @throws ReferenceError when a line reads a name that nothing before it makes.
 */
export function run<F extends Forward, L extends Tensors>(forward: F, leaves: L): Record<keyof F | keyof L, Tensor> {
  const values: Tensors = { ...leaves };
  try {
    // The lines are no work of the learner's.
    unheard(() => {
      for (const name in forward) values[name] = forward[name](values);
    });
  } catch (error) {
    trace(forward, leaves); // if a line reads a tensor that does not exist, this throws an error with its name
    throw error;
  }
  return values as Record<keyof F | keyof L, Tensor>;
}

/**
 * Runs a forward pass and watches which names each line reads.
 *
 * @throws ReferenceError when a line reads a name that nothing before it makes; TypeError when it returns anything but a
 * tensor, or changes in place what it reads.
 */
export function trace(forward: Forward, leaves: Tensors): { values: Tensors; graph: Graph } {
  const values: Tensors = { ...leaves }, graph: Graph = {};
  for (const [name, line] of Object.entries(forward)) {
    const reads = new Set<string>(), before: Tensors = {};
    const watched = new Proxy(values, {
      get(target, read) {
        if (typeof read !== "string" || !Object.hasOwn(target, read)) {
          throw new ReferenceError(
            `The forward pass's line "${name}" reads "${
              String(read)
            }", which is neither a parameter nor an earlier line.`,
          );
        }
        if (!reads.has(read)) before[read] = target[read].clone();
        reads.add(read);
        return target[read];
      },
    });
    values[name] = line(watched);
    if (!(values[name] instanceof Tensor)) {
      throw new TypeError(`The forward pass's line "${name}" should make a tensor; it makes ${named(values[name])}.`);
    }
    for (const read of reads) {
      if (sameNumbers(values[read], before[read])) continue;
      throw new TypeError(
        `The forward pass's line "${name}" changes "${read}" in place, so nothing before it can be replayed. Let it make ` +
          `a new tensor: ${read}.add(…) instead of ${read}.add_(…), or clone() first.`,
      );
    }
    graph[name] = [...reads];
  }
  return { values, graph };
}

/** Whether two tensors hold the same numbers, NaN being the same as NaN. */
export function sameNumbers(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && inScratch(() => {
    const [x, y] = [a, b].map((t) => arrayOf(t)!.contiguous()).map(({ elements }) => elements);
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i] && !(Number.isNaN(x[i]) && Number.isNaN(y[i]))) return false;
    return true;
  });
}

/** The names whose lines read `name`: where its gradient comes from. */
export function readers(graph: Graph, name: string): string[] {
  return Object.keys(graph).filter((reader) => graph[reader].includes(name));
}

/** All names that change when `name` changes, in the forward pass's order, without `name` itself. */
export function downstream(graph: Graph, name: string): string[] {
  const changed = new Set([name]);
  for (const [line, reads] of Object.entries(graph)) {
    if (line !== name && reads.some((read) => changed.has(read))) changed.add(line);
  }
  changed.delete(name);
  return [...changed];
}

/**
 * The forward pass as text: one line per tensor, parameters first, with its shape, what it is made from, and how many
 * lines read it where that is more than one.
 */
export function drawGraph(graph: Graph, values: Tensors): string {
  const leaves = Object.keys(values).filter((name) => !(name in graph));
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  return [...leaves, ...Object.keys(graph)].map((name) => {
    const from = graph[name], uses = readers(graph, name).length;
    const head = `${name.padEnd(width)}  ${formatShape(values[name].shape).padEnd(12)}`;
    const made = from ? ` ← ${from.join(", ")}` : "";
    return (head + made + (uses > 1 ? `   (read ${uses} times)` : "")).trimEnd();
  }).join("\n");
}
