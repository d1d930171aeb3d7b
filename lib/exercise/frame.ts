// One run of an exercise: its output, the table of gradients as they are compared, its end, and a sentence instead of a stack
// trace.
//
// Left out: reading the command line (exercise.ts), checking gradients (lib/check) and how rows look (table.ts).
import { type Host, host as realHost } from "./host.ts";
import { Check, type Row } from "../check/check.ts";
import { drawGraph, type Forward, run, sameNumbers, type Tensors } from "../check/graph.ts";
import { changedGradient, changedInPlace, judge } from "../check/judge.ts";
import { nearest } from "../nearest.ts";
import { named } from "../tensor/guards.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Hints, hintText } from "./hints.ts";
import { History } from "./history.ts";
import { sentence } from "./place.ts";
import { nextOf, tableFoot, tableHead, tableLine } from "./table.ts";
import { duration, paint, wrapped } from "./terminal.ts";
import { givenOf, makeKnown, placeholderName, stillToDo } from "./workbench.ts";

/** After this many wrong attempts in a row, the next hint is shown without asking. */
const ATTEMPTS_PER_HINT = 3;

/** One run of an exercise. */
export class Exercise {
  /** Its number. */
  readonly n: number;
  /** Its hints, by gradient. */
  readonly hints: Hints;
  /** The switches on its command line. */
  readonly options: { json: boolean; graph: boolean };
  /** Where it runs. */
  readonly host: Host;
  /** The verdicts so far, each gradient's last one. */
  readonly rows: Row[] = [];
  readonly #started = performance.now();
  readonly #history: History | undefined;
  #checks = 0;
  #expected: { name: string; note?: string; shape: readonly number[] }[] = [];
  /** The names of the reader's tensors and gradients. */
  readonly #names: string[] = [];
  #headPrinted = false;
  /** Whether the same gradient is being worked out in another setting. */
  #trying = false;
  #ended = false;

  /** Exercise `n` with its hints; `json` and `graph` as on its command line. */
  constructor(n: number, hints: Hints, options: { json: boolean; graph: boolean }, host: Host = realHost) {
    this.n = n;
    this.hints = hints;
    this.options = options;
    this.host = host;
    if (host.script.startsWith("my/") && !options.json) this.#history = new History(host);
  }

  /**
   * Prints a line to standard output as console.log does, unless --json or --graph has it. Between a `check` with a note
   * and its cmp it prints nothing: a function that is tried at eight other sizes would show its tensors eight times more.
   */
  readonly print = (...values: unknown[]): void => {
    if (!this.options.json && !this.options.graph && !this.#trying) this.host.write(...values.map(printed));
  };

  /**
   * Runs a forward pass on its parameters and inputs. Returns its tensors, and `cmp` for the gradients of its loss.
   *
   * @param names the tensors whose gradients are to be compared; by default all but the loss and int32 tensors.
   * @param note tells the same gradients in different settings apart. A row with a note gets only a verdict: mistakes are
   * explained where the gradient is compared first.
   */
  readonly check = <F extends Forward, L extends Tensors>(
    forward: F,
    leaves: L,
    names?: readonly string[],
    note?: string,
  ): { tensors: Record<keyof F | keyof L, Tensor>; cmp: Compare } => {
    const check = new Check(forward, leaves);
    this.#trying = note !== undefined;
    if (this.options.graph) {
      this.#ended = true;
      this.host.write(drawGraph(check.graph, check.values));
      this.host.exit(0);
    }
    check.progress = ({ name, done, total, secondsLeft }) => {
      const left = secondsLeft > 1 ? `, ${duration(secondsLeft)} left` : "";
      this.#showProgress(`checking d${name}, ${Math.floor(100 * done / total)} %${left}, ${this.#counted()} …`);
    };
    const tensors = run(forward, leaves), changed = new Set<string>();
    for (const [name, t] of Object.entries<Tensor>(tensors)) {
      if (t.dtype === "int32") continue; // indices have no gradient
      makeKnown(t, {
        name,
        right: () => check.right(name),
        hint: (level) => this.#hint(`d${name}`, level),
        say: (text) => this.print(wrapped(text, "    ")),
      });
    }
    this.#names.push(...Object.keys(tensors).flatMap((name) => [name, `d${name}`]));
    const all = Object.keys(check.values), loss = all.at(-1)!;
    // Backwards, as gradients are written: line by line, what each reads. What comes first is what is to do first.
    const backwards = [...new Set(Object.values(check.graph).reverse().flat())];
    const wanted = names ??
      [...new Set([...backwards, ...all.reverse()])].filter((name) =>
        name !== loss && check.values[name].dtype !== "int32"
      );
    this.#expected.push(...wanted.map((name) => ({ name, note, shape: check.values[name].shape })));
    this.host.checking?.(check, this.#checks++ === 0, wanted, note);
    const setting: Setting = { check, tensors, changed, note, right: new Map() };
    return {
      tensors,
      cmp: (name, gradient, of) => this.#compare(setting, name, gradient, of),
    };
  };

  /** Whether every gradient that was to be compared so far is right. */
  readonly allRight = (): boolean => {
    return this.#withUnreached().every(({ status }) => status === "ok");
  };

  /**
   * Ends the exercise: prints how many rows are right, or the JSON object with --json. The exit code is 0 when every row
   * is right, 130 when interrupted, else 1.
   */
  readonly finish = (results: Record<string, unknown> = {}, interrupted = false): never => {
    this.#end(results);
    return this.host.exit(interrupted ? 130 : this.allRight() ? 0 : 1);
  };

  /** What there is to say when the program ends without `finish`, and the exit code; undefined after a proper end. */
  readonly unfinished = (): number | undefined => {
    if (this.#ended || this.#expected.length === 0) return undefined;
    const error = "The file ended before finish(…), its last line: was it deleted, or made a comment?";
    this.#complain(error);
    this.#end({ error });
    return 1;
  };

  /** Ends the exercise after an uncaught error: prints it with the reader's line, and the rows so far. */
  readonly fail = (error: unknown): void => {
    this.host.progress("");
    // The output is piped into a program that has stopped reading, such as `head -1`: nobody would read more.
    if ((error as { code?: string } | null)?.code === "EPIPE") {
      this.#ended = true;
      this.host.exit(this.allRight() ? 0 : 1);
    }
    const text = sentence(error, this.#names);
    this.#complain(text);
    if (!this.#ended && this.#expected.length > 0) this.#end({ error: text });
    this.host.exit(1);
  };

  #compare(setting: Setting, given: string, gradient: unknown, of: unknown): Row {
    const { check, tensors, note } = setting, name = nameOf(tensors, given, of);
    this.#trying = false;
    if (!this.#headPrinted) this.print(tableHead());
    this.#headPrinted = true;
    this.#warnOfChanges(setting, name);
    this.#showProgress(`checking d${name}, ${this.#counted()} …`);
    const row = this.#judge(setting, name, gradient);
    this.#showProgress("");
    const before = this.rows.findIndex((other) => other.name === name && other.note === note);
    if (before >= 0) this.rows.splice(before, 1);
    if (row.status === "ok") setting.right.set(name, gradient as Tensor);
    else setting.right.delete(name);
    this.rows.push(row);
    this.print(tableLine(row, this.#history?.note(row)));
    if (row.remark) this.print(wrapped(row.remark, "    "));
    this.host.compared?.(row, check);
    return row;
  }

  #complain(error: string): void {
    this.host.complain(paint(error, 31));
  }

  #counted(): string {
    return `${this.rows.length + 1} of ${this.#expected.length}`;
  }

  #judge({ check, changed, note, right }: Setting, name: string, gradient: unknown): Row {
    const { shape } = check.values[name], todo = stillToDo(gradient);
    if (todo) {
      const remark = todo === "more" ? `A term of d${name} is still to do: replace its todo line.` : undefined;
      return { name, note, shape, status: "todo", maxdiff: null, remark };
    }
    if (note) {
      const row = { ...check.row(name, gradient), note };
      const wrongAlready = this.rows.some((row) => row.name === name && !row.note && row.status !== "ok");
      return wrongAlready && row.status !== "ok" ? { ...row, status: "follows" } : row;
    }
    const earlier = this.rows.filter((row) => row.name !== name);
    const row = judge(check, name, gradient, earlier);
    const of = givenOf(gradient);
    if (row.status === "ok") return of === name ? { ...row, status: "given", remark: undefined } : row;
    if (of === name) return { ...row, remark: `This was given(${of}), and was changed in place since.` };
    if (of !== undefined && sameNumbers(gradient as Tensor, check.right(of))) {
      return { ...row, remark: `This is given(${of}), the gradient of another tensor: write given(${name}).` };
    }
    const other = changedGradient(check, name, right, earlier);
    if (other) {
      const remark = `d${other} was changed in place after cmp("${other}", …), and the lines below read the changed ` +
        `numbers. Work on d${other}.clone() to leave it unchanged.`;
      return { ...row, remark };
    }
    if (changed.size === 0) return row;
    const were = changed.size > 1 ? "were" : "was";
    return { ...row, remark: `${[...changed].join(" and ")} ${were} changed in place above: fix that first.` };
  }

  /** Says which tensors of the forward pass the reader's lines have changed since the last cmp. */
  #warnOfChanges({ check, tensors, changed }: Setting, name: string): void {
    const since = this.rows.at(-1), where = since ? `between cmp("${since.name}", …) and here` : "above";
    for (const other of changedInPlace(check, tensors).filter((other) => !changed.has(other))) {
      changed.add(other);
      const advice = `Work on ${other}.clone() to leave ${other} unchanged.`;
      this.print(wrapped(`${other} was changed in place ${where} (cmp("${name}", …)). ${advice}`, "    "));
    }
  }

  #hint(dname: string, level: number): void {
    this.print(wrapped(hintText(this.hints, dname, level), "    "));
  }

  #showProgress(text: string): void {
    if (!this.options.json) this.host.progress(text);
  }

  /** The rows in the order they came, then a `todo` row for each gradient whose cmp was not reached. */
  #withUnreached(): Row[] {
    const reached = new Set(this.rows.map(inSetting)),
      rest = this.#expected.filter((row) => !reached.has(inSetting(row)));
    return [...this.rows, ...rest.map((row): Row => ({ ...row, status: "todo", maxdiff: null }))];
  }

  #end(results: Record<string, unknown>): void {
    this.#ended = true;
    this.#trying = false;
    const rows = this.#withUnreached(), unreached = rows.length - this.rows.length;
    if (this.options.json) {
      const plain = rows.map((row) => {
        const { shape, status, maxdiff } = row;
        return { name: inSetting(row), shape, status, maxdiff };
      });
      const seconds = (performance.now() - this.#started) / 1000;
      this.host.write(JSON.stringify({ exercise: this.n, ...results, rows: plain, seconds }));
      return;
    }
    const failed = "error" in results;
    this.print(tableFoot(rows) + (failed ? ", but the file did not run to its end" : ""));
    if (unreached > 0 && !failed) {
      const some = rows.slice(-unreached).map((row) => `d${inSetting(row)}`), more = unreached > 4 ? " …" : "";
      const [were, their] = unreached === 1 ? ["was", "its"] : ["were", "their"];
      this.print(
        `${some.slice(0, 4).join(", ")}${more} ${were} not compared: ${their} cmp was not reached or was deleted.`,
      );
    }
    const next = nextOf(rows);
    if (next) this.#help(next);
    else if (this.#history) this.#praise(rows);
    this.#history?.save();
  }

  /** What is left when every row is right or given. */
  #praise(rows: readonly Row[]): void {
    const given = rows.filter(({ status }) => status === "given").map(({ name }) => `d${name}`);
    if (given.length > 0) this.print(`Given so far: ${given.join(", ")}. Write them yourself to finish.`);
    else if (this.n < 4) this.print(`Exercise ${this.n} is done. Next: ${this.host.blankCommand} ${this.n + 1}`);
  }

  /** Helps with the first row that is not right: shows a hint after some attempts, else says how to ask for one. */
  #help(row: Row): void {
    const dname = `d${row.name}`,
      level = Math.min(3, Math.floor((this.#history?.attempts(row) ?? 0) / ATTEMPTS_PER_HINT));
    if (level > 0 && Object.hasOwn(this.hints, dname)) return this.#hint(dname, level);
    this.print(
      this.#history
        ? `Stuck? Write hint(${row.name}); in the file, or run it with --hint ${dname}`
        : `Stuck? Add --hint ${dname} to the command.`,
    );
  }
}

/** One forward pass that gradients are compared on. */
interface Setting {
  check: Check;
  /** The reader's tensors. */
  tensors: Tensors;
  /** The names of those found changed in place. */
  changed: Set<string>;
  /** The reader's gradients that were right when they were compared, by name. */
  right: Map<string, Tensor>;
  note?: string;
}

/** Checks a gradient, prints its row and returns it: `cmp("logits", dlogits, logits)`, as in the lecture. */
export type Compare = (name: string, gradient: Tensor, of?: Tensor) => Row;

/** A row's name and, where there is one, its setting: `hprebn n=5 eps=1e-2`. */
function inSetting({ name, note }: { name: string; note?: string }): string {
  return note ? `${name} ${note}` : name;
}

/** What `print` shows of a value: a gradient still to do, and an error, in words; anything else as it is. */
function printed(value: unknown): unknown {
  if (stillToDo(value) === "all") return `${placeholderName(value)}: still to do`;
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}

/**
 * The name of the tensor that a `cmp` call means.
 *
 * @throws TypeError for a name that is no text, or another tensor as the third argument; RangeError for an unknown name.
 */
function nameOf(tensors: Tensors, name: unknown, of: unknown): string {
  if (typeof name !== "string") {
    throw new TypeError(
      `cmp takes the name of a tensor first: cmp("logits", dlogits, logits); given ${named(name)}.`,
    );
  }
  const names = Object.keys(tensors).filter((name) => tensors[name].dtype !== "int32");
  const known = [name, name.replace(/^d/, "")].find((name) => names.includes(name));
  if (!known) {
    const meant = nearest(name, names);
    const example = `cmp("${meant ?? "logits"}", d${meant ?? "logits"}, ${meant ?? "logits"})`;
    throw new RangeError(
      `cmp takes the name of a tensor of the forward pass; none is called "${name}". ` +
        (meant ? `Did you mean ${example}?` : `For example ${example}.`),
    );
  }
  if (of !== undefined && of !== tensors[known]) {
    const other = names.find((name) => tensors[name] === of);
    throw new TypeError(
      `cmp("${known}", d${known}, …) takes the tensor ${known} as its third argument; given ${
        other ?? "something else"
      }.`,
    );
  }
  return known;
}
