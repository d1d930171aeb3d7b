// The sizes and numbers by which a weight is read in a row: n, the sizes that were summed over, tensors of one number.
// Left out: the words (words.ts).
import type { Tensors } from "../graph.ts";
import { inScratch } from "../../tensor/memory.ts";
import { numel } from "../../tensor/shape.ts";
import { type Case, linesOf, type Path, remembered } from "./case.ts";
import { lineFunction } from "./functions.ts";
import { asMatrix, distinct, largest, same } from "./numbers.ts";
import type { Sizes } from "./factor_words.ts";
import { near } from "./words.ts";

/** The sizes by which to read a weight in this row. */
export const sizesOf: (c: Case) => Sizes = remembered(readSizes);

/** Those by which to read a weight of one term. */
export function termSizes(c: Case, path: Path): Sizes {
  const found = ofTerm.get(path) ?? readSizes({ ...c, paths: [path] });
  ofTerm.set(path, found);
  return found;
}

const ofTerm = new WeakMap<Path, Sizes>();

function readSizes(c: Case): Sizes {
  const { check, row, paths, values } = c;
  const first = Object.keys(check.forward)[0];
  const lines = paths.flatMap((path) => linesOf(c, path));
  const n = check.values[first].shape[0] ?? 1;
  return {
    n,
    others: [
      ...row.shape,
      ...lines.flatMap((line) => {
        const { shape } = check.values[line];
        return [...shape, numel(shape) / (shape.at(-1) ?? 1)];
      }),
    ],
    summed: paths.flatMap(({ reader }) => {
      const x = asMatrix(row.shape), y = asMatrix(check.values[reader].shape);
      return [x.rows === 1 ? y.rows : 1, x.cols === 1 ? y.cols : 1].filter((size) => size > 1);
    }),
    constants: values.filter(({ numbers }) => numbers[0] !== 0 && distinct(numbers, 2) === 1)
      .map(({ name, numbers }) => ({
        name,
        value: numbers[0],
        single: numbers.length === 1,
        used: name !== row.name &&
          paths.some((path) =>
            path.row
              ? matters(check, path.reader, row.name, name)
              : lines.some((line) => check.graph[line].includes(name))
          ),
      })),
    held: (factor) =>
      paths.every(({ reader, row: above, upstream, sent }) =>
        near(largest(sent), factor * largest(upstream.numbers)) ||
        (reader === check.last ? near(factor, 1 / n) : !above)
      ),
    // A variance, where it is one line, has a square within.
    squared: lines.some((line) => squares(c, line))
      ? "yes"
      : paths.some(({ row, reader }) => !row && reader !== check.last)
      ? "perhaps"
      : "no",
  };
}

/** Whether a line's slopes for one tensor depend on another, which holds one number everywhere. */
function matters({ forward, graph, values }: Case["check"], line: string, name: string, other: string): boolean {
  if (!graph[line].includes(other)) return false;
  return inScratch(() => {
    const moved = values[name].add(1), doubled = values[other].mul(2);
    const step = (inputs: Tensors) => forward[line]({ ...inputs, [name]: moved }).sub(forward[line](inputs)).toArray();
    return !same(step(values), step({ ...values, [other]: doubled }), 1e-9);
  });
}

/** Whether the line squares the one tensor it reads. */
function squares({ check, values }: Case, line: string): boolean {
  const [x, y] = [check.graph[line][0], line].map((name) => values.find((value) => value.name === name));
  return check.graph[line].length === 1 && x !== undefined && y !== undefined && lineFunction(x, y)?.name === "x²";
}
