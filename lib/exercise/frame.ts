// One run of an exercise: its output, the table of gradients as they are compared, its end, and a sentence instead of a stack
// trace.
//
// Left out: reading the command line (start.ts), the verdict on a gradient (verdict.ts), how rows look (table.ts) and the
// sentences below them (ending.ts).
import { Check, type Row } from "../check/check.ts";
import { drawGraph, type Forward, type Tensors } from "../check/graph.ts";
import { fingerprint } from "../check/kept.ts";
import { forgetListeners, listen } from "../tensor/recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FailedLine, inSetting, tellEnd } from "./ending.ts";
import { failureOf } from "./failed.ts";
import type { Switches } from "./flags.ts";
import { hintText } from "./hints.ts";
import { History } from "./history.ts";
import type { Host, Training } from "./host.ts";
import { asJson } from "./json.ts";
import { keptBy } from "./kept.ts";
import type { LastWords } from "./last_words.ts";
import { LineBook } from "./lines.ts";
import { type Entry, type Manifest, nextAfter } from "./manifest.ts";
import { picture, type PictureOptions, rowsOf, scaleOf } from "./picture.ts";
import { placeHere, placeOutside } from "./place.ts";
import { Report } from "./report.ts";
import { explained, sentence } from "./sentence.ts";
import { duration, fitted, paint, wrapped } from "./terminal.ts";
import { train } from "./training.ts";
import { changesSince, nameOf, rowIn, type Setting, settingOf, verdictOn } from "./verdict.ts";
import { StillToDo, Workbench } from "./workbench.ts";

/** What --json says of a run that was ended in the middle. */
const CUT_SHORT = "The run was ended in the middle, by a signal or by an exit in the file.";

/** One run of an exercise. */
export class Exercise {
  /** Its entry in the list of exercises. */
  readonly entry: Entry;
  /** The exercise after it. */
  readonly next: Entry | undefined;
  /** The switches on its command line. */
  readonly options: Switches;
  /** Where it runs. */
  readonly host: Host;
  /** `todo`, `given` and `hint`. */
  readonly bench: Workbench;
  /** The verdicts so far, each gradient's last one. */
  readonly rows: Row[] = [];
  readonly #started = performance.now();
  readonly #history: History | undefined;
  readonly #report: Report;
  readonly #lines: LineBook;
  /** What is written with --json when the run is ended in the middle. */
  readonly #lastWords: LastWords | undefined;
  #checks = 0;
  #expected: { name: string; note?: string; shape: readonly number[] }[] = [];
  /** The names of the reader's tensors and gradients. */
  readonly #names: string[] = [];
  /** Whether the same gradient is being worked out in another setting. */
  #trying = false;
  #ended = false;
  /** The gradient whose line an error came from, and that line. */
  #failed: FailedLine | undefined;

  /** One of these exercises, with the switches on its command line. */
  constructor(manifest: Manifest, entry: Entry, options: Switches, host: Host) {
    this.entry = entry;
    this.next = nextAfter(manifest, entry);
    this.options = options;
    this.host = host;
    this.bench = new Workbench({
      hint: (dname, level) => this.print(this.#broken(this.#hint(dname, level))),
      say: (text) => this.print(this.#broken(text)),
      todo: (dname) => this.#lines.note("todo", dname, this.#line()),
    });
    const isOwn = host.script.startsWith("my/");
    if (isOwn && !options.json) this.#history = new History(host);
    this.#lines = this.#history?.lines ?? new LineBook();
    const folds = isOwn && host.terminal && !options.all;
    this.#report = new Report(host, options.json || options.graph ? "silent" : folds ? "folded" : "whole");
    if (folds && !options.json) host.redirect?.((values) => this.#report.look(values, placeHere()));
    if (options.json) this.#lastWords = host.lastWords?.();
    this.#cut();
  }

  /** What the exercise itself has to say, a line or several, or any other value as text; nothing with --json or --graph. */
  readonly say = (text: unknown): void => {
    if (!this.#trying) this.#report.say(String(text));
  };

  /**
   * Prints values as console.log does, unless --json or --graph has the output. Between a `check` with a note and its cmp it
   * prints nothing: a function that is tried at eight other sizes would show its tensors eight times more.
   */
  readonly print = (...values: unknown[]): void => {
    if (!this.#trying) this.#report.look(values.map((value) => this.#printed(value)), placeHere());
  };

  /** The picture of a tensor, as `picture` draws it, in the colours and the width of where the exercise runs, and its scale. */
  readonly picture = (matrix: Tensor, options: PictureOptions = {}): string => {
    const { colour } = this.host, width = Math.min(80, this.host.columns());
    const drawn = [picture(matrix, { colour, width, ...options }), scaleOf(matrix, options.width ?? width)];
    this.host.pictured?.(rowsOf(matrix));
    return drawn.filter((text) => text !== "").join("\n");
  };

  /** Trains a network, as `train` does, with its lines printed here. `guessing` is the loss of blind guessing. */
  readonly train = (steps: number, step: (i: number) => number, guessing: number): Promise<Training> => {
    this.#report.flush(this.rows);
    forgetListeners();
    return train(steps, step, { guessing, print: this.say, host: this.host });
  };

  /**
   * Runs a forward pass on its parameters and inputs. Returns its tensors, and `cmp` for the gradients of its loss.
   *
   * @param names the tensors whose gradients are to be compared; by default all but the loss, indices and masks.
   * @param note distinguishes the same gradients in different settings. A row with a note gets only a verdict: mistakes are
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
      this.#lastWords?.done();
      const drawing = { exercise: this.entry.id, graph: check.graph, rows: [] };
      this.host.write(this.options.json ? asJson(drawing) : drawGraph(check.graph, check.values));
      this.host.exit(0);
    }
    check.kept = keptBy(this.host, () => fingerprint(forward, check.values), note);
    check.progress = ({ name, done, total, secondsLeft }) => {
      this.#lastWords?.hear();
      const left = secondsLeft > 1 ? `, ${duration(secondsLeft)} left` : "";
      this.#showProgress(`checking d${name}, ${Math.floor(100 * done / total)} %${left}, ${this.#counted()} …`);
    };
    const setting = settingOf(check, leaves, note), { explainer } = setting;
    const tensors = setting.tensors as Record<keyof F | keyof L, Tensor>;
    this.bench.know(tensors, check, explainer);
    this.#names.push(...Object.keys(tensors).flatMap((name) => [name, `d${name}`]));
    const all = Object.keys(check.values), loss = all.at(-1)!;
    // Backwards, as gradients are written: line by line, what each reads. What comes first is what is to do first.
    const backwards = [...new Set(Object.values(check.graph).reverse().flat())];
    const wanted = names ??
      [...new Set([...backwards, ...all.reverse()])].filter((name) =>
        name !== loss && check.values[name].is_floating_point()
      );
    this.#expected.push(...wanted.map((name) => ({ name, note, shape: check.values[name].shape })));
    this.host.checking?.(check, this.#checks++ === 0, wanted, note);
    // From here on the reader's lines are listened to. A setting with a note gets verdicts only.
    if (note === undefined) listen(explainer.listener);
    this.#cut();
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

  /** Prints what is left to say when the program ends without `finish`, and returns the exit code; undefined after a proper end. */
  readonly unfinished = (): number | undefined => {
    if (this.#ended || this.#expected.length === 0) return undefined;
    const error = "The file never reached finish(…), its last line. Was it deleted or commented out?";
    this.#report.flush(this.#withUnreached());
    this.#complain(error);
    this.#end({ error }, true);
    return 1;
  };

  /** Ends the exercise after an uncaught error: prints it with the reader's line, and the rows so far. */
  readonly fail = (error: unknown): void => {
    this.host.progress("");
    // The output is piped into a program that has stopped reading, such as `head -1`, or the disk is full: no more is written.
    const { code } = (error ?? {}) as { code?: string }, isPiped = code === "EPIPE", isFull = code === "ENOSPC";
    if (isPiped || isFull) {
      this.#ended = true;
      this.#lastWords?.done();
      if (isFull) this.#complain(sentence(error));
      this.host.exit(isPiped && this.allRight() ? 0 : 1);
    }
    const { text, failed } = this.#explained(error);
    // When a line needs a gradient that is still to do, that gradient is what to work on, or a row above it.
    if (!(error instanceof StillToDo)) this.#failed = failed;
    this.#report.flush(this.#withUnreached());
    this.#complain(text);
    if (!this.#ended && (this.options.json || this.#expected.length > 0)) this.#end({ error: text }, true);
    this.host.exit(1);
  };

  /** The sentence about an error, and the gradient whose line it came from. */
  #explained(error: unknown): { text: string; failed?: FailedLine } {
    const { message = "", stack = "" } = error instanceof Error ? error : {}, place = placeOutside(stack);
    const { script } = this.host, source = this.host.source?.(), reached = new Set(this.rows.map(inSetting));
    const i = this.#expected.findLastIndex((row) => reached.has(inSetting(row))), names = this.#expected;
    const [last, following, ...dnames] = [names[i], names[i + 1], ...names].map((row) => row && `d${row.name}`);
    const found = failureOf(stack, { script, source, lines: this.#lines, dnames, last, following });
    const { dname, within } = found, lineOf = (dname: string) => this.#lines.guessOf(dname);
    const { text, line } = explained(within ? Object.assign(new Error(message), { stack: "" }) : error, {
      ...{ names: this.#names, own: dname, trying: this.#trying, lineOf },
      source: place?.file === script ? source : undefined,
    });
    // The sentence may be about a line above: one that is not finished, say.
    const isMoved = place?.file === script && (found.line === place.line || line !== place.line);
    const at = isMoved ? line : found.line;
    return {
      text: within ? `${script}, in ${within}: ${text}` : text,
      failed: dname ? { dname, line: at } : undefined,
    };
  }

  #compare(setting: Setting, given: string, gradient: unknown, of: unknown): Row {
    const { check, note } = setting, name = nameOf(setting.tensors, given, of);
    // A function that compares its own steps, and is being tried at another size.
    if (this.#trying && !note) return { name, shape: check.values[name].shape, status: "todo", maxdiff: null };
    this.bench.note(gradient, name, check);
    const row = rowIn(setting, name, gradient, () => this.#compared(setting, name, gradient));
    this.#cut();
    return row;
  }

  /** Keeps for --json what is printed if the run is ended in the middle. */
  #cut(): void {
    this.#lastWords?.keep(this.#object({ error: CUT_SHORT }));
  }

  #compared(setting: Setting, name: string, gradient: unknown): Row {
    const { check, note } = setting;
    this.#trying = false;
    this.#lines.note("cmp", `d${name}`, this.#line());
    if (!note) { for (const text of changesSince(setting, name, this.rows.at(-1))) this.#report.remark(text); }
    this.#showProgress(`checking d${name}, ${this.#counted()} …`);
    const row = verdictOn(setting, name, gradient, this.rows, this.bench);
    this.#showProgress("");
    const before = this.rows.findIndex((other) => other.name === name && other.note === note);
    if (before >= 0) this.rows.splice(before, 1);
    this.rows.push(row);
    this.#report.row(row, this.#history?.note(row));
    this.host.compared?.(row, check);
    return row;
  }

  /** A hint, or a sentence that there is none: not every tensor has a gradient to write. */
  #hint(dname: string, level: number): string {
    try {
      return hintText(this.entry.hints, dname, level);
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Sentences in lines that fit a terminal; elsewhere as they are. */
  #broken(text: string): string {
    return this.host.terminal ? fitted(text, this.host) : text;
  }

  #complain(error: string): void {
    this.host.complain(paint(this.host.terminal ? wrapped(error, this.host) : error, 31, this.host));
  }

  #counted(): string {
    return `${this.rows.length + 1} of ${this.#expected.length}`;
  }

  /** The line of the learner's file that is running; undefined where it is another file's. */
  #line(): number | undefined {
    const place = placeHere();
    return place?.file === this.host.script ? place.line : undefined;
  }

  /** What `print` shows of a value: a gradient still to do, and an error, in words; anything else as it is. */
  #printed(value: unknown): unknown {
    if (this.bench.stillToDo(value) === "all") return `${this.bench.placeholderName(value)}: still to do`;
    return value instanceof Error ? this.#broken(`${value.name}: ${value.message}`) : value;
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

  /** What --json prints. */
  #object(results: Record<string, unknown>): string {
    const rows = this.#withUnreached().map((row) => {
      const { shape, status, maxdiff, remark } = row;
      return { name: inSetting(row), shape, status, maxdiff, ...(remark && status !== "ok" ? { remark } : {}) };
    });
    const seconds = (performance.now() - this.#started) / 1000;
    return asJson({ exercise: this.entry.id, rows, seconds }, results);
  }

  #end(results: Record<string, unknown>, hasFailed = false): void {
    this.#ended = true;
    forgetListeners();
    this.#trying = false;
    if (this.options.json) {
      const object = this.#object(results); // whose getters may end the run, too
      this.#lastWords?.done();
      this.host.write(object);
      return;
    }
    const rows = this.#withUnreached(), unreached = rows.length - this.rows.length;
    const { entry, next: following, host } = this;
    const run = { entry, following, host, report: this.#report, history: this.#history, lines: this.#lines };
    const next = tellEnd(run, rows, unreached, hasFailed ? this.#failed ?? "elsewhere" : undefined);
    this.host.ended?.(rows, next);
    this.#history?.save();
  }
}

/** Checks a gradient, prints its row and returns it: `cmp("logits", dlogits, logits)`, as in the lecture. */
export type Compare = (name: string, gradient: Tensor, of?: Tensor) => Row;
