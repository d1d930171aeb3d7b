// Mistakes in exercise 4, in what is around an exercise, and in the data.
import { type Mutation, planted } from "./planted.ts";

export const exercise: readonly Mutation[] = [
  ...planted("lib/exercise/frame.ts", {
    "exercise/exercise": [
      ["interrupted ? 130 : this.allRight() ? 0 : 1", "this.allRight() ? 0 : interrupted ? 130 : 1"],
      ["if (before >= 0) this.rows.splice(before, 1);", ""],
      ["return note ? `${name} ${note}` : name;", "return name;"],
      ['=== "EPIPE")', '=== "EPIPE2")'],
      ["if (this.#ended || this.#expected.length === 0) return undefined;", "return undefined;"],
      ["[...backwards, ...all.reverse()]", "all.reverse()"],
    ],
  }),
  ...planted("lib/exercise/verdict.ts", {
    "exercise/exercise": [
      ["if (of !== undefined && of !== tensors[known]) {", "if (of !== undefined && of === tensors[known]) {"],
      [
        'return of === name ? { ...row, status: "given", remark: undefined } : row;',
        'return { ...row, status: "given" };',
      ],
    ],
  }),
  ...planted("lib/exercise/history.ts", {
    "exercise/exercise": [
      ["(again ? 0 : 1)", "1"],
      ["before.status !== status ? before.status : undefined", "before.status === status ? before.status : undefined"],
      ["{ ...this.#before, ...this.#now }", "{ ...this.#now, ...this.#before }"],
    ],
  }),
  ...planted("lib/exercise/place.ts", {
    "exercise/place": [["if (url.startsWith(library)) continue;", ""]],
  }),
  ...planted("lib/exercise/sentence.ts", {
    "exercise/place": [
      ['!place?.file.startsWith("my/")', 'place?.file.startsWith("my/")'],
      ['early[1] ?? "A name"', '"A name"'],
    ],
  }),
  ...planted("lib/exercise/lines.ts", {
    "exercise/lines": [
      ["this.#now[last] - this.#before[last]", "0"],
      ["] ??= line;", "] = line;"],
    ],
  }),
  ...planted("lib/exercise/report.ts", {
    "exercise/report": [["if (this.#holds && this.#begun)", "if (this.#holds)"]],
  }),
  ...planted("lib/exercise/workbench.ts", {
    "exercise/workbench": [
      ["this.#unfinished.add(soFar);", ""],
      ["this.#given.set(gradient, found.name);", ""],
      ["if (!this.#byName.has(name)) this.", "this."],
      ["[1, 2, 3].includes(level)", "[0, 1, 2, 3].includes(level)"],
    ],
  }),
  ...planted("lib/exercise/evaluation.ts", {
    "exercise/evaluation": [
      ["first += ROWS", "first += ROWS + 1"],
      [".sub_(mean32)", ""],
      [".div_(count - 1)", ".div_(count)"],
      ["return sum / count;", "return sum;"],
    ],
  }),
  ...planted("lib/exercise/preface.ts", {
    "exercise/blank": [
      ["if (id === 1) lines.push", "if (id !== 1) lines.push"],
    ],
  }),
  ...planted("lib/exercise/blank.ts", {
    "exercise/blank": [
      ["const line = i + 1;", "const line = i;"],
      ["first = term === 0,", "first = term !== 0,"],
      ["?.at(-1)", "?.at(0)"],
    ],
  }),
  ...planted("lib/exercise/flags.ts", {
    "exercise/flags": [
      ["value >= flag.min", "value > flag.min"],
      ["(!flag.fraction && !Number", "(flag.fraction && !Number"],
      ["given.length > 1", "given.length > 2"],
      ["...args.slice(0, i), ...after", "...args.slice(0, i)"],
    ],
  }),
  ...planted("lib/exercise/hints.ts", {
    "exercises/hints": [["hints[dname][level - 1]", "hints[dname][0]"]],
  }),
  ...planted("lib/exercise/picture.ts", {
    "exercise/picture": [
      ["i + 1 < rows", "i + 1 <= rows"],
      ["Number.isFinite(high - low) ? 1 : 0.25", "Number.isFinite(high - low) ? 1 : 1"],
    ],
  }),
  ...planted("lib/exercise/table.ts", {
    "exercise/table": [
      ["filter(({ status }) => status === wanted)", "filter(({ status }) => status !== wanted)"],
      ['before ? ` was ${before}` : ""', '!before ? ` was ${before}` : ""'],
    ],
  }),
  ...planted("lib/exercise/terminal.ts", {
    "exercise/terminal": [["line.length + 1 + word.length > width", "line.length + word.length > width"]],
  }),
  ...planted("lib/exercise/training.ts", {
    "exercise/training": [
      ["training.done = i + 1", "training.done = i"],
      ["Math.round((high - p) / step)", "Math.round((p - low) / step)"],
      ["training.interrupted = true;", ""],
    ],
  }),
  ...planted("exercises/ex4.ts", {
    "exercises/exercise4": [["alpha: -learning_rate", "alpha: learning_rate"]],
  }),
  ...planted("data/dataset.ts", {
    "data/data": [
      ["n + name.length + 1", "n + name.length"],
      ["Math.trunc(0.8 *", "Math.trunc(0.7 *"],
      ["Line ${i + 1} of", "Line ${i} of"],
    ],
  }),
  ...planted("data/lecture_names.ts", {
    "data/data": [
      ["bytes.length !== LECTURE_NAMES.bytes", "bytes.length < LECTURE_NAMES.bytes"],
      ["sha256 === LECTURE_NAMES.sha256 ?", "sha256 !== LECTURE_NAMES.sha256 ?"],
    ],
  }),
];
