// The page: an editor on the left, on the right the verdicts on what stands in it.
//
// Half a second after the last keystroke the code runs in a worker (runs.ts, worker.ts), and what the worker tells is
// shown as it comes: rows (verdict_table.ts), the graph (graph_view.ts), training (training_view.ts), output (output.ts).
// Left out: anything about gradients. The page runs the same lib/ as `deno run` does, and shows what it says.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { byId, element } from "./dom.ts";
import { type Badge, Editor, essence, type LineError } from "./editor.ts";
import { type Exercise, exercises } from "./exercises.ts";
import { names } from "./files.ts";
import { GraphView } from "./graph_view.ts";
import type { FromWorker } from "./messages.ts";
import { Output } from "./output.ts";
import { Runs } from "./runs.ts";
import { Store } from "./store.ts";
import { Tabs } from "./tabs.ts";
import { Tools } from "./tools.ts";
import { TrainingView } from "./training_view.ts";
import { compareLines, lineOf, summary, type Verdict, Verdicts } from "./verdicts.ts";
import { SIGN, VerdictTable } from "./verdict_table.ts";

const PAUSE = 500;
const NOT_KEPT = "The browser keeps nothing for this page: download your code before you leave it.";
const OTHER_TAB = "This exercise is also open in another tab: what is typed there replaces what is kept from here. " +
  "A copy of this text is in the File menu.";

const store = new Store(), runs = new Runs();
let exercise: Exercise = exercises[0], verdicts = new Verdicts(), table: VerdictTable;
let typing: ReturnType<typeof setTimeout> | undefined;
/** Of the last run: its code and flags, what broke it off, and the line of that. */
let ran = "", flags: string[] = [], failure: string | undefined, error: LineError | undefined;
/** Of the last run: whether it was asked to end its training, and whether it printed what the learner wants to see. */
let interrupted = false, showed = false;

const editor = new Editor(byId("code"), (text) => {
  store.keepCode(exercise.n, text);
  notify("");
  if (store.failed) lasting.textContent = NOT_KEPT;
  clearTimeout(typing);
  typing = setTimeout(() => {
    // A comment is no reason to train again; but it moves the line of an error.
    if (error || essence(editor.text) !== essence(ran)) start();
  }, PAUSE);
});
const status = element("p", { id: "status", role: "status" });
const lasting = element("p", { className: "notice", role: "status" });
const passing = element("p", { className: "notice", role: "status" });
const progress = element("p", { className: "progress quiet", "aria-hidden": "true" });
const training = new TrainingView(interrupt);
const graph = new GraphView((name) => {
  tabs.show("table");
  table.open(name);
  goTo(name, false);
});
const output = new Output();
const tabs = new Tabs(graph.element, output.element);

const tools = new Tools(byId("tools"), {
  store,
  run: start,
  stop: halt,
  text: () => editor.text,
  replace(source) {
    store.keepCopy(exercise.n, editor.text);
    store.keepCode(exercise.n, source);
    editor.open(source, labelOf(exercise));
    start();
  },
  fold: (folded) => folded ? foldAround(editor.line) : editor.unfold(),
  notify,
});

byId("verdicts").append(
  element("div", { className: "head" }, status, tabs.list),
  lasting,
  passing,
  progress,
  training.element,
  ...Object.values(tabs.panels),
);
store.onOtherTab((n, source) => {
  if (String(n) !== String(exercise.n) || source === editor.text) return;
  store.keepCopy(n, editor.text);
  lasting.textContent = OTHER_TAB;
});
addEventListener("hashchange", () => open(chosen()));
addEventListener("pagehide", () => {
  if (runs.running) store.keepRunning(exercise.n, false); // who can leave or reload the page is not stuck in it
});
open(chosen());

/** The exercise in the address: `#3`. */
function chosen(): Exercise {
  return exercises.find(({ n }) => location.hash === `#${n}`) ?? exercises[0];
}

function open(wanted: Exercise): void {
  stop();
  exercise = wanted;
  document.title = `Exercise ${exercise.n}: ${exercise.title} · Backprop ninja`;
  byId("exercises").replaceChildren(
    ...exercises.map(({ n, title }) => {
      const link = element(
        "a",
        { href: `#${n}`, title },
        element("span", { className: "unseen" }, "Exercise "),
        `${n}`,
      );
      if (n === exercise.n) link.setAttribute("aria-current", "page");
      return link;
    }),
    element("span", { className: "title" }, exercise.title),
  );
  verdicts = new Verdicts();
  table = new VerdictTable({ hints: exercise.hints, solution: exercise.solution, goTo });
  tabs.panels.table.replaceChildren(table.element);
  graph.clear();
  tools.open(exercise);
  notify("");
  lasting.textContent = store.failed ? NOT_KEPT : "";
  tabs.news(false);
  editor.open(store.code(exercise.n) ?? exercise.blank, labelOf(exercise));
  if (!store.isRunning(exercise.n)) return start();
  begin();
  end("The last run did not end. Change the code or press Run.");
  store.keepRunning(exercise.n, true); // until a run ends: the next load is not to try it either
}

function labelOf({ n, script }: Exercise): string {
  return `Code of exercise ${n}, ${script}`;
}

/** Runs the code as it stands. */
function start(): void {
  begin();
  store.keepRunning(exercise.n, true);
  document.body.dataset.run = "running";
  tools.running(true);
  const { script } = exercise;
  const kept = store.memories(script), { lectureNames } = store;
  runs.start({ source: ran, script, args: flags, kept, names: names.address, lectureNames }, {
    heard,
    lost(reason) {
      output.line(reason, true);
      end(reason);
    },
  });
  if (runs.loading) say("Loading …");
}

/** Forgets the last run but for its verdicts. */
function begin(): void {
  clearTimeout(typing);
  [ran, flags, failure, error, interrupted, showed] = [editor.text, tools.flags, undefined, undefined, false, false];
  verdicts.begin();
  output.clear();
  training.clear();
  delete document.body.dataset.code;
}

/** The button Stop: a training is only cut short, unless that was asked for before. */
function halt(): void {
  if (training.going && !interrupted) interrupt();
  else stop();
}

/** Ends the training, as Ctrl-C does. */
function interrupt(): void {
  interrupted = true;
  runs.interrupt();
}

function stop(): void {
  if (!runs.running) return;
  runs.stop();
  end("Stopped.");
}

function heard(message: FromWorker): void {
  switch (message.kind) {
    case "line":
      output.line(message.text, message.error);
      if (message.own) news();
      break;
    case "failed":
      fail(message.text);
      break;
    case "picture":
      output.picture(message.picture);
      news();
      break;
    case "progress":
      progress.textContent = message.text;
      break;
    case "checking":
      verdicts.checking(message.check);
      later();
      break;
    case "row":
      verdicts.row(message.row);
      later();
      break;
    case "training":
      training.show(message.training);
      say("Training …");
      break;
    case "remember":
      store.remember(message.key, message.text);
      break;
    case "end":
      document.body.dataset.code = String(message.code);
      end(failure);
      if (flags.length > 0 && !failure && !verdicts.compared) tabs.show("output");
  }
}

/** There is something under Output that the learner asked for. */
function news(): void {
  showed = true;
  tabs.news(true);
}

/** An error's sentence, and its line where it names one of the learner's. */
function fail(text: string): void {
  const place = text.startsWith(`${exercise.script}, line `) && /, line (\d+): ([^]*)/.exec(text);
  if (place) error = { line: Number(place[1]), text: place[2] };
  failure = text;
}

/** The run is over; the reason is what broke it off, if anything did. */
function end(reason: string | undefined): void {
  failure = reason;
  store.keepRunning(exercise.n, false);
  verdicts.end(failure !== undefined);
  progress.textContent = "";
  training.end();
  tools.running(false);
  if (!showed) tabs.news(false);
  paint();
  document.body.dataset.run = "done";
  // Now that all else is there: what exercise 4 will need, if the network is gone by then.
  names.load().then(() => document.body.dataset.kept = "yes", () => {});
}

let frame = 0;

/** Shows the verdicts at the next frame: several often come within one. */
function later(): void {
  frame ||= requestAnimationFrame(paint);
}

function paint(): void {
  cancelAnimationFrame(frame);
  frame = 0;
  const rows = verdicts.inOrder(ran);
  table.show(rows);
  if (verdicts.check) graph.show(verdicts.check, (name) => verdicts.status(name));
  if (editor.text === ran || !error && essence(editor.text) === essence(ran)) editor.mark(badges(editor.text), error);
  say(failure ?? progressOf(rows));
}

/** How far the run is, or what has come of it. */
function progressOf(rows: Verdict[]): string {
  if (runs.running) return training.shown ? "Training …" : `Checking … ${summary(rows)}`;
  const fresh = rows.filter(({ stale }) => !stale);
  if (fresh.length === 0) return "Nothing was compared.";
  return summary(fresh) + (training.shown ? " Training’s losses and new names are under Output." : "");
}

function badges(source: string): Badge[] {
  const lines = compareLines(source);
  return verdicts.inOrder(source).filter(({ note, stale }) => !note && !stale).flatMap(({ name, status, maxdiff }) => {
    const line = lines.get(name),
      difference = maxdiff === null || status === "ok" ? "" : ` ${maxdiff.toExponential(1)}`;
    return line === undefined ? [] : [{ line, status, text: `${SIGN[status]} ${status}${difference}` }];
  });
}

function goTo(name: string, focus: boolean): void {
  const line = lineOf(editor.text, name);
  if (line === undefined) return;
  if (tools.folded) foldAround(line);
  editor.goTo(line, focus);
}

/** Folds all but the region at a line, its comment above and its comparison below. */
function foldAround(line: number): void {
  const lines = editor.text.split("\n"), isEmpty = (i: number) => lines[i]?.trim() === "";
  let first = line - 1, last = line - 1;
  while (first > 0 && !isEmpty(first - 1)) first--;
  while (last < lines.length - 1 && !isEmpty(last + 1)) last++;
  editor.foldAllBut(first + 1, last + 1);
}

function say(text: string): void {
  if (status.textContent !== text) status.textContent = text;
}

/** Tells the reader something below the status, until the next keystroke. */
function notify(text: string): void {
  passing.textContent = text;
}
