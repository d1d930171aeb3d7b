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

/** The int32 tensor that names one column for each row, among what the loss reads, and its name. */
export function targetsOf(
  { check, right }: Case,
  reader: string,
  rows: number,
  cols: number,
): { label: string; targets: number[] } | undefined {
  const label = check.graph[reader].find((name) => {
    const t = check.values[name];
    return t.dtype === "int32" && t.numel() === rows;
  });
  if (label) return { label, targets: Array.from(check.values[label].toArray()) };
  // The line knows its targets without reading them: in the right gradient they are the only negative numbers.
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = right.subarray(i * cols, (i + 1) * cols), at = row.findIndex((x) => x < 0);
    if (at < 0 || row.some((x, j) => x < 0 && j !== at)) return undefined;
    found.push(at);
  }
  return { label: "the target’s number", targets: found };
}

/** All that a learner may put together for x (rows, cols), by what it stands for: softmax, the 1, the 1 at the targets. */
export interface Parts {
  /** What may stand where softmax belongs. */
  readonly soft: readonly Part[];
  /** A 1 at each target, at each largest logit, everywhere. */
  readonly plain: readonly Part[];
  /** Something else at the targets. */
  readonly at: readonly Part[];
  /** A number for each row, taken off everywhere. */
  readonly across: readonly Part[];
  /** The 1 at other places than the targets. */
  readonly elsewhere: readonly Part[];
}

/** All that a learner may put together for x (rows, cols); `named` is the name of the targets. */
export function partsOf(x: Float64Array, rows: number, cols: number, targets: number[], named: string): Parts {
  type Of = (i: number, j: number) => number;
  const make = (name: string, of: Of): Part => ({
    name,
    numbers: Float64Array.from({ length: rows * cols }, (_, at) => of(Math.floor(at / cols), at % cols)),
  });
  const at: Of = (i, j) => x[i * cols + j], exp: Of = (i, j) => Math.exp(at(i, j));
  const row = (i: number, of: Of) => Array.from({ length: cols }, (_, j) => of(i, j));
  const column = (j: number, of: Of) => targets.map((_, i) => of(i, j)),
    sum = (all: number[]) => all.reduce((a, b) => a + b);
  const over = (of: (k: number) => number, n: number) => Array.from({ length: n }, (_, k) => of(k));
  const maxima = over((i) => Math.max(...row(i, at)), rows), where = maxima.map((most, i) => row(i, at).indexOf(most));
  const highest = over((j) => Math.max(...column(j, at)), cols), columns = over((j) => sum(column(j, exp)), cols);
  const sums = over((i) => sum(row(i, exp)), rows), lengths = over((i) => sum(row(i, at)), rows), all = sum(columns);
  const softmaxOf = (of: Of): Of => {
    const most = over((i) => Math.max(...row(i, of)), rows), e: Of = (i, j) => Math.exp(of(i, j) - most[i]);
    const total = most.map((_, i) => sum(row(i, e)));
    return (i, j) => e(i, j) / total[i];
  };
  const softmax = make("softmax", softmaxOf(at)), p: Of = (i, j) => softmax.numbers[i * cols + j];
  const means = over((j) => sum(column(j, p)) / rows, cols),
    counts = columns.map((_, j) => targets.filter((k) => k === j).length);
  const target = make("target", (i, j) => j === targets[i] ? 1 : 0);
  const atTargets = ({ name, numbers }: Part): Part => ({
    name: `${name} at targets`,
    numbers: numbers.map((x, k) => x * target.numbers[k]),
  });
  const kept = atTargets(softmax), label = make(named, (i) => targets[i]);
  const soft = [
    softmax,
    make("e^x", exp),
    make("e^(x − max)", (i, j) => Math.exp(at(i, j) - maxima[i])),
    make("x itself", at),
    make("x − max", (i, j) => at(i, j) - maxima[i]),
    make("x/Σx", (i, j) => at(i, j) / lengths[i]),
    make("1/Σe^x", (i) => 1 / sums[i]),
    make("e^x·Σe^x", (i, j) => exp(i, j) * sums[i]),
    make("e^x/(Σe^x)²", (i, j) => p(i, j) / sums[i]),
    make("e^x/(Σe^x − e^x)", (i, j) => p(i, j) / (1 - p(i, j))),
    make("ln softmax", (i, j) => Math.log(p(i, j))),
    make("softmax of columns", (i, j) => exp(i, j) / columns[j]),
    make("softmax over everything", (i, j) => exp(i, j) / all),
    make("softmax, averaged over the rows,", (_, j) => means[j]),
    make("softmax of softmax", softmaxOf(p)),
    make("sigmoid", (i, j) => 1 / (1 + 1 / exp(i, j))),
    make("tanh", (i, j) => Math.tanh(at(i, j))),
    make("softmax(2·x)", softmaxOf((i, j) => 2 * at(i, j))),
    make("softmax(x/2)", softmaxOf((i, j) => at(i, j) / 2)),
    make("softmax(x/n)", softmaxOf((i, j) => at(i, j) / rows)),
    make("softmax(x − the largest of its column)", softmaxOf((i, j) => at(i, j) - highest[j])),
    make("softmax elsewhere", (i, j) => j === targets[i] ? 0 : p(i, j)),
    kept,
    make("softmax²", (i, j) => p(i, j) ** 2),
    make("1/softmax", (i, j) => 1 / p(i, j)),
    make("softmax·(1 − softmax)", (i, j) => p(i, j) * (1 - p(i, j))),
  ];
  return {
    soft,
    plain: [
      target,
      make("one", () => 1),
      make("largest", (i, j) => j === where[i] ? 1 : 0),
    ],
    at: [...soft, label].filter((part) => part !== kept).map(atTargets),
    across: [
      label,
      make("softmax at the target", (i) => p(i, targets[i])),
    ],
    elsewhere: [
      make("in whole columns", (_, j) => Math.min(1, counts[j])),
      make("in whole rows", (i) => targets.includes(i) ? 1 : 0),
      make("in row 0, for the targets of all rows", (i, j) => i === 0 ? counts[j] : 0),
      make("in every row, for the targets of all rows", (_, j) => counts[j]),
    ],
  };
}

/** Every choice of at most `most` of the parts. */
export function subsets(parts: readonly Part[], most: number): Part[][] {
  return parts.reduce<Part[][]>((all, part) => [...all, ...all.map((some) => [...some, part])], [[]])
    .filter(({ length }) => length <= most);
}
