// The right side: what a run reports, shown as it comes, and what has come of it.
//
// Left out: how each part looks (verdict_table.ts, graph_view.ts, output.ts, training_view.ts, help_panel.ts, tabs.ts), and when
// a run begins and ends (main.ts).
import { nextOf } from "../exercise/table.ts";
import { element } from "./dom.ts";
import { type Editor, essence, type LineError } from "./editor.ts";
import type { Exercise } from "./exercises.ts";
import { GraphView } from "./graph_view.ts";
import { helpPanel } from "./help_panel.ts";
import type { Cell, FromWorker } from "./messages.ts";
import { nameOf, nextAfter } from "./nav.ts";
import { Output } from "./output.ts";
import { StatusLine, type StatusText } from "./status_line.ts";
import { Tabs } from "./tabs.ts";
import { TrainingView } from "./training_view.ts";
import { VerdictTable } from "./verdict_table.ts";
import { summary, type Verdict, Verdicts } from "./verdicts.ts";

/** What the board needs from the page. */
export interface BoardOptions {
  /** Shows verdicts and errors beside the code. */
  editor: Editor;
  /** Shows a tensor's code; with `focus`, typing goes there. */
  goTo: (name: string, focus: boolean) => void;
  /** Leads to the next gradient to do. */
  goToNext: () => void;
  /** Asks why a number of a gradient is what it is. */
  ask: (cell: Cell) => void;
  /** Ends a training, as Ctrl-C does. */
  interrupt: () => void;
}

/** The board of verdicts. */
export class Board {
  /** The verdicts on the exercise at hand. */
  verdicts = new Verdicts();
  /** What broke the last run off. */
  failure: string | undefined;
  readonly #options: BoardOptions;
  readonly #status = new StatusLine();
  readonly #lasting = element("p", { className: "notice", role: "status" });
  readonly #passing = element("p", { className: "notice", role: "status" });
  readonly #progress = element("p", { className: "progress quiet", "aria-hidden": "true" });
  readonly #training: TrainingView;
  readonly #graph: GraphView;
  readonly #output = new Output();
  readonly #tabs: Tabs;
  #table: VerdictTable | undefined;
  #exercise: Exercise | undefined;
  /** Of the last run: its code, whether it has flags, the line of what broke it off, and whether it printed for the learner. */
  #ran = { code: "", hasFlags: false, isOver: true, error: undefined as LineError | undefined, hasNews: false };
  #frame = 0;

  /** Puts an empty board into `parent`. */
  constructor(parent: HTMLElement, options: BoardOptions) {
    this.#options = options;
    this.#training = new TrainingView(options.interrupt);
    this.#graph = new GraphView((name) => {
      this.#tabs.show("table");
      this.#table?.open(name);
      options.goTo(name, false);
    });
    this.#tabs = new Tabs({ graph: this.#graph.element, output: this.#output.element });
    parent.append(
      element("div", { className: "head" }, this.#status.element, this.#tabs.list),
      ...[this.#lasting, this.#passing, this.#progress, this.#training.element],
      ...Object.values(this.#tabs.panels),
    );
  }

  /** Shows another exercise, of which nothing is known yet. */
  open(exercise: Exercise): void {
    const { hints, solution, times, notes } = exercise, { goTo, ask } = this.#options;
    this.#exercise = exercise;
    this.verdicts = new Verdicts();
    this.#table = new VerdictTable({ hints, solution, times, goTo, ask });
    this.#tabs.panels.table.replaceChildren(this.#table.element);
    this.#tabs.panels.help.replaceChildren(helpPanel(notes));
    this.#tabs.news(false);
    this.#graph.clear();
    this.notify("");
    this.warn("");
  }

  /** A run of this code begins: of the one before, only its verdicts stay. */
  begin(code: string, hasFlags: boolean): void {
    this.#ran = { code, hasFlags, isOver: false, error: undefined, hasNews: false };
    this.failure = undefined;
    this.verdicts.begin();
    this.#output.clear();
    this.#training.clear();
  }

  /** The run waits for its worker. */
  loading(): void {
    this.#say({ text: "Loading …" });
  }

  /** The run reports something. */
  heard(message: FromWorker): void {
    switch (message.kind) {
      case "line":
        this.#output.line(message.text, message.error);
        if (message.own) this.#news();
        break;
      case "failed":
        this.#fail(message.text);
        break;
      case "picture":
        this.#output.picture(message.picture);
        this.#news();
        break;
      case "progress":
        this.#progress.textContent = message.text;
        break;
      case "checking":
        this.verdicts.checking(message.check);
        this.#later();
        break;
      case "row":
        this.verdicts.row(message.row);
        this.#later();
        break;
      case "training":
        this.#training.show(message.training);
        this.#say({ text: "Training …" });
        break;
      case "why":
        this.#table?.explain(message.why);
    }
  }

  /** The run is over; the reason is what broke it off, if anything did. */
  end(reason: string | undefined): void {
    this.failure = reason;
    this.#ran.isOver = true;
    this.verdicts.end(reason !== undefined);
    this.#progress.textContent = "";
    this.#training.end();
    if (!this.#ran.hasNews) this.#tabs.news(false);
    this.#paint();
    if (this.#ran.hasFlags && reason === undefined && !this.verdicts.compared) this.#tabs.show("output");
  }

  /** Whether the last run was of this code, up to comments. A comment is no reason to train again; but it moves the line of an error. */
  isOf(code: string): boolean {
    const { code: ran, error } = this.#ran;
    return code === ran || !error && essence(code) === essence(ran);
  }

  /** Whether a training goes on. */
  get isTraining(): boolean {
    return this.#training.going;
  }

  /** The verdicts of the last run, and not of earlier ones. */
  get fresh(): Verdict[] {
    return this.verdicts.inOrder(this.#ran.code).filter(({ stale }) => !stale);
  }

  /** Shows a message below the status until the next keystroke. */
  notify(text: string): void {
    this.#passing.textContent = text;
  }

  /** Shows a message below the status until another exercise is opened. */
  warn(text: string): void {
    this.#lasting.textContent = text;
  }

  /** There is something under Output that the learner asked for. */
  #news(): void {
    this.#ran.hasNews = true;
    this.#tabs.news(true);
  }

  /** An error's sentence, and its line where it names one of the learner's. */
  #fail(text: string): void {
    const place = text.startsWith(`${this.#exercise!.script}, line `) && /, line (\d+): ([^]*)/.exec(text);
    if (place) this.#ran.error = { line: Number(place[1]), text: place[2] };
    this.failure = text;
  }

  /** Shows the verdicts at the next frame: several often come within one. */
  #later(): void {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { verdicts } = this, { editor } = this.#options;
    this.#table!.show(verdicts.inOrder(this.#ran.code));
    if (verdicts.check) this.#graph.show(verdicts.check, (name) => verdicts.status(name));
    if (this.isOf(editor.text)) editor.mark(verdicts.badges(editor.text), this.#ran.error);
    this.#say(this.failure === undefined ? this.#progressOf(this.fresh) : { text: this.failure });
  }

  #say(text: StatusText): void {
    this.#status.clipped = this.#ran.error !== undefined; // it is beside its line as a whole
    this.#status.say(text);
  }

  /** How far the run is, or its result. */
  #progressOf(rows: Verdict[]): StatusText {
    const next = nextOf(rows), following = nextAfter(this.#exercise!), trained = this.#training.shown;
    if (!this.#ran.isOver) return { text: trained ? "Training …" : "Checking …" };
    if (rows.length === 0) return { text: "Nothing was compared." };
    const text = summary(rows) + (trained ? " Losses and new names are under Output." : "");
    if (next) {
      const label = `d${next.name}`;
      return { text, button: { label, about: `Go to ${label}`, act: this.#options.goToNext } };
    }
    if (!following || rows.some(({ status }) => status !== "ok")) return { text };
    const label = `Go on with ${nameOf(following)}`;
    return { text: `${text} ${label}`, button: { label, act: () => void (location.hash = `#${following.n}`) } };
  }
}
