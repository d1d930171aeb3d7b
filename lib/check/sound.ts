// Whether a forward pass can be checked at all: it is the same each time it runs, reads the parameters from its argument and
// nowhere else, and ends in a loss that is a number.
//
// Left out: reads of names that do not exist and changes in place, which are seen while it runs (graph.ts).
import { formatShape } from "../tensor/shape.ts";
import { inScratch } from "../tensor/memory.ts";
import { arrayOf } from "../tensor/ndarray.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fraction } from "./apart.ts";
import { type Forward, type Graph, sameNumbers, type Tensors } from "./graph.ts";

/**
 * Refuses a forward pass that differences cannot say anything about.
 *
 * @param values all its tensors, made from copies of `leaves`.
 * @param leaves its parameters and inputs as they were given.
 * @throws TypeError when a line makes other numbers the second time, or reads a leaf from outside its argument; RangeError
 * when the loss is NaN or infinite.
 */
export function examine(forward: Forward, graph: Graph, values: Tensors, leaves: Tensors): void {
  // A count may go on only now and then, and what is left to chance may come out the same.
  const times = Object.values(values).reduce((sum, t) => sum + t.numel(), 0) < SMALL ? 8 : 1;
  for (const name of Object.keys(forward)) {
    let isSame = true;
    const drawsNumbers = draws(() => {
      for (let i = 0; i < times && isSame; i++) isSame = again(forward, values, name);
    });
    if (isSame && !drawsNumbers) continue;
    throw new TypeError(
      `The forward pass's line "${name}" makes other numbers each time it runs, so the loss cannot be compared with ` +
        "itself. If it draws random numbers or counts, do that before, and let the line read the tensor from its argument.",
    );
  }
  refuseOutside(forward, values, leaves);
  refuseInfinite(forward, graph, values);
}

/** So many numbers in all are run again several times. */
const SMALL = 100_000;

/** Whether some work draws random numbers from the language. */
function draws(work: () => void): boolean {
  const { random } = Math;
  let drawn = false;
  Math.random = () => {
    drawn = true;
    return random();
  };
  try {
    work();
  } finally {
    Math.random = random;
  }
  return drawn;
}

/** Refuses a tensor that there is no gradient of: TypeError for whole numbers and masks. */
export function refuseIndex(name: string, t: Tensor): void {
  if (t.is_floating_point()) return;
  const what = t.dtype === "bool" ? "a mask" : "an index";
  throw new TypeError(`${name} is ${t.dtype}: it says which elements to take, and ${what} has no gradient.`);
}

/** Whether a line, run again, makes the same numbers. */
function again(forward: Forward, values: Tensors, name: string): boolean {
  return inScratch(() => sameNumbers(forward[name](values), values[name]));
}

/** A line that reads a leaf from a variable does not see the check's copies. So it changes when the leaf itself does. */
function refuseOutside(forward: Forward, values: Tensors, leaves: Tensors): void {
  const reads = (names: readonly string[], line: string) =>
    withOthers(names.map((name) => leaves[name]), () => {
      try {
        return !again(forward, values, line);
      } catch {
        return true;
      }
    });
  const names = Object.keys(leaves).filter((name) => leaves[name].is_floating_point());
  for (const line of Object.keys(forward)) {
    if (!reads(names, line)) continue;
    const name = names.find((name) => reads([name], line));
    if (name === undefined) continue;
    throw new TypeError(
      `The forward pass's line "${line}" reads ${name} from outside. The check moves its own copy of ${name}, and a line ` +
        `sees that in its argument only: write ({ ${name}, … }) => ….`,
    );
  }
}

/** Does something while the elements of these tensors are others. */
function withOthers<T>(tensors: readonly Tensor[], work: () => T): T {
  const arrays = tensors.map((t) => arrayOf(t)!).filter((array) => array.block.alive && !array.strides);
  const before = arrays.map((array) => array.elements.slice());
  try {
    for (const { elements } of arrays) {
      for (let i = 0; i < elements.length; i++) elements[i] += (0.5 + fraction(i)) * (Math.abs(elements[i]) + 1);
    }
    return work();
  } finally {
    // Backwards, since two names may share the same memory. And it may have moved.
    for (let k = arrays.length - 1; k >= 0; k--) arrays[k].elements.set(before[k]);
  }
}

function refuseInfinite(forward: Forward, graph: Graph, values: Tensors): void {
  const last = Object.keys(forward).at(-1)!, loss = values[last].item();
  if (Number.isFinite(loss)) return;
  // A mask may hold infinities that never reach the loss, so NaN is looked for first.
  const bad = [Number.isNaN, (x: number) => !Number.isFinite(x)].filter((is) => is(loss));
  const holds = (name: string, is: (x: number) => boolean) => values[name].toArray().findIndex(is);
  for (const is of bad) {
    const first = Object.keys(values).find((name) =>
      holds(name, is) >= 0 && (graph[name] ?? []).every((read) => holds(read, is) < 0)
    );
    if (first === undefined) continue;
    const at = holds(first, is), value = values[first].toArray()[at];
    const { shape } = values[first];
    const place = shape.length > 0 ? ` at element ${at} of shape ${formatShape(shape)}` : "";
    const where = first in graph
      ? `It begins in the line "${first}", which makes ${value}${place}`
      : `It begins in ${first}, which holds ${value}${place}`;
    throw new RangeError(`The loss is ${loss}, so no gradient of it can be checked. ${where}.`);
  }
}
