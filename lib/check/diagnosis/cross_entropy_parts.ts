// What a gradient of a cross-entropy is put together from: softmax and what may stand in its place, a 1 at each target, at
// each largest logit, everywhere.
import type { Case } from "./case.ts";

/** An array with a name. */
export interface Part {
  /** `softmax`, `target`, `one`. */
  readonly name: string;
  /** Its numbers, row by row. */
  readonly numbers: Float64Array;
}

/** How much of each part there is, by name. */
export type Weights = ReadonlyMap<string, number>;

/** The int32 tensor that names one column for each row, among what the loss reads. */
export function targetsOf({ check, right }: Case, reader: string, rows: number, cols: number): number[] | undefined {
  const named = check.graph[reader].map((name) => check.values[name]).find((t) =>
    t.dtype === "int32" && t.numel() === rows
  );
  if (named) return Array.from(named.toArray());
  // The line knows its targets without reading them: in the right gradient they are the only negative numbers.
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = right.subarray(i * cols, (i + 1) * cols), at = row.findIndex((x) => x < 0);
    if (at < 0 || row.some((x, j) => x < 0 && j !== at)) return undefined;
    found.push(at);
  }
  return found;
}

/** All that a learner may put together for x (rows, cols), by name. */
export function partsOf(x: Float64Array, rows: number, cols: number, targets: number[]): Part[] {
  const make = (name: string, of: (i: number, j: number) => number): Part => ({
    name,
    numbers: Float64Array.from({ length: rows * cols }, (_, at) => of(Math.floor(at / cols), at % cols)),
  });
  const at = (i: number, j: number) => x[i * cols + j];
  const across = Array.from({ length: rows }, (_, i) => x.subarray(i * cols, (i + 1) * cols));
  const maxima = across.map((row) => Math.max(...row)), where = across.map((row, i) => row.indexOf(maxima[i]));
  const sums = across.map((row, i) => row.reduce((sum, value) => sum + Math.exp(value - maxima[i]), 0));
  const columns = Array.from({ length: cols }, (_, j) => across.reduce((sum, row) => sum + Math.exp(row[j]), 0));
  const softmax = (i: number, j: number) => Math.exp(at(i, j) - maxima[i]) / sums[i];
  const all = x.reduce((sum, value) => sum + Math.exp(value), 0);
  const again = across.map((row, i) => row.reduce((sum, _, j) => sum + Math.exp(softmax(i, j)), 0));
  return [
    make("softmax", softmax),
    make("target", (i, j) => j === targets[i] ? 1 : 0),
    make("one", () => 1),
    make("largest", (i, j) => j === where[i] ? 1 : 0),
    make("exp", (i, j) => Math.exp(at(i, j))),
    make("shifted exp", (i, j) => Math.exp(at(i, j) - maxima[i])),
    make("logits", at),
    make("log softmax", (i, j) => at(i, j) - maxima[i] - Math.log(sums[i])),
    make("softmax of columns", (i, j) => Math.exp(at(i, j)) / columns[j]),
    make("softmax over everything", (i, j) => Math.exp(at(i, j)) / all),
    make("softmax of softmax", (i, j) => Math.exp(softmax(i, j)) / again[i]),
    make("sigmoid", (i, j) => 1 / (1 + Math.exp(-at(i, j)))),
    make("tanh", (i, j) => Math.tanh(at(i, j))),
    ...[0.5, 2].map((by) => {
      const total = across.map((row, i) => row.reduce((sum, value) => sum + Math.exp(by * (value - maxima[i])), 0));
      const name = by === 2 ? "softmax(2·x)" : "softmax(x/2)";
      return make(name, (i, j) => Math.exp(by * (at(i, j) - maxima[i])) / total[i]);
    }),
    make("softmax elsewhere", (i, j) => j === targets[i] ? 0 : softmax(i, j)),
    make("softmax at targets", (i, j) => j === targets[i] ? softmax(i, j) : 0),
    make("softmax squared", (i, j) => softmax(i, j) ** 2),
    make("softmax·(1 − softmax)", (i, j) => softmax(i, j) * (1 - softmax(i, j))),
    make("its own at targets", (i, j) => j === targets[i] ? at(i, j) : 0),
  ];
}

/** Every choice of `size` of the parts. */
export function* subsets(parts: readonly Part[], size: number, from = 0): Generator<Part[]> {
  if (size === 0) yield [];
  for (let i = from; size > 0 && i < parts.length; i++) {
    for (const rest of subsets(parts, size - 1, i + 1)) yield [parts[i], ...rest];
  }
}
