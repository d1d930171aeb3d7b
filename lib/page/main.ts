// The page: an editor on the left, the verdicts on its code on the right.
//
// Half a second after the last keystroke the code runs in a worker (runs.ts, worker.ts), and what the worker reports is
// shown as it comes: rows (verdict_table.ts), the graph (graph_view.ts), training (training_view.ts), output (output.ts).
// Left out: anything about gradients. The page runs the same lib/ as `deno run` does, and shows what it says.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { divider } from "./divider.ts";
import { byId, element } from "./dom.ts";
import { Editor, essence, type LineError } from "./editor.ts";
import { erased } from "./erase.ts";
import { type Exercise, exercises } from "./exercises.ts";
import { keepAll, names } from "./files.ts";
import { GraphView } from "./graph_view.ts";
import { helpPanel } from "./help_panel.ts";
import { Intro } from "./intro.ts";
import { hashOf, holdsCode, linkedIn } from "./link.ts";
import type { FromWorker } from "./messages.ts";
import { nextAfter, showNav } from "./nav.ts";
import { Output } from "./output.ts";
import { ask } from "./question.ts";
import { Runs } from "./runs.ts";
import { StatusLine, type StatusText } from "./status_line.ts";
import { Store } from "./store.ts";
import { Tabs } from "./tabs.ts";
import { Tools } from "./tools.ts";
import { TrainingView } from "./training_view.ts";
import { nextOf } from "../exercise/table.ts";
import { lineOf, shapesOf, summary, type Verdict, Verdicts } from "./verdicts.ts";
import { VerdictTable } from "./verdict_table.ts";

const PAUSE = 500;
const NOT_KEPT = "Your browser saves nothing for this page. Download your code before you leave.";
const OTHER_TAB = "This exercise is also open in another tab: code typed there replaces the code kept from here. " +
  "A copy of this text is in the File menu.";

const store = new Store(), runs = new Runs();
let exercise: Exercise = exercises[0], verdicts = new Verdicts(), table: VerdictTable, opened = false;
let typing: ReturnType<typeof setTimeout> | undefined;
/** Of the last run: its code and flags, what broke it off, and the line of that. */
let ran = "", flags: string[] = [], failure: string | undefined, error: LineError | undefined;
/** Of the last run: whether it was asked to end its training, and whether it printed what the learner wants to see. */
let interrupted = false, showed = false;

const editor = new Editor(byId("code"), {
  onChange(text) {
    store.keepCode(exercise.n, text);
    notify("");
    if (store.failed) lasting.textContent = NOT_KEPT;
    clearTimeout(typing);
    typing = setTimeout(() => {
      // A comment is no reason to train again; but it moves the line of an error.
      if (error || essence(editor.text) !== essence(ran)) start();
    }, PAUSE);
  },
  onRun: start,
  shapes: () => shapesOf(verdicts.check),
});
const status = new StatusLine();
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
const tabs = new Tabs({ graph: graph.element, output: output.element });
const intro = new Intro(store, () => goToNext(true));

const tools = new Tools(byId("tools"), {
  store,
  run: start,
  stop: halt,
  text: () => editor.text,
  replace(source) {
    store.keepCopy(exercise.n, editor.text);
    store.keepCode(exercise.n, source);
    editor.open(source, labelOf(exercise));
    editor.foldPreamble();
    start();
  },
  turnTo(other) {
    history.pushState(null, "", `#${other.n}`);
    open(other);
  },
  address: async () => {
    const hash = await hashOf(exercise.n, { code: editor.text, flags: tools.flags.join(" ") });
    return `${location.href.replace(/#.*$/, "")}${hash}`;
  },
  fold: (folded) => folded ? editor.foldAround(editor.line) : editor.unfold(),
  notify,
});

document.querySelector("main")!.before(intro.element);
byId("code").after(divider(document.querySelector("main")!, store));
byId("verdicts").append(
  element("div", { className: "head" }, status.element, tabs.list),
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
addEventListener("hashchange", follow);
addEventListener("pagehide", () => {
  store.keepLeft(exercise.n, editor.leave());
  if (runs.running) store.keepRunning(exercise.n, false); // who can leave or reload the page is not stuck in it
});
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) {
    return;
  }
  event.preventDefault(); // the page is nothing to be saved
  start();
});
follow();

/** Opens what the address says: `#3`, or `#3&code=…`. */
async function follow(): Promise<void> {
  const { hash } = location, [, n] = /^#(\w+)/.exec(hash) ?? [];
  const wanted = exercises.find((one) => String(one.n) === n) ?? exercises[0];
  if (!opened || wanted !== exercise) open(wanted);
  if (!holdsCode(hash)) return;
  history.replaceState(null, "", `#${wanted.n}`); // a reload is not to ask again
  try {
    const linked = await linkedIn(hash);
    if (linked.code === editor.text || !await ask(wanted, linked) || wanted !== exercise) return;
    tools.setFlags(linked.flags);
    tools.replace(linked.code);
  } catch (error) {
    notify((error as Error).message);
  }
}

function open(wanted: Exercise): void {
  stop();
  if (opened) store.keepLeft(exercise.n, editor.leave());
  opened = true;
  exercise = wanted;
  document.title = `Exercise ${exercise.n}: ${exercise.title} · Backprop ninja`;
  showNav(byId("exercises"), exercise, (n) => store.isDone(n));
  verdicts = new Verdicts();
  const { hints, solution, times } = exercise;
  table = new VerdictTable({ hints, solution, times, goTo, ask: (cell) => runs.ask(cell) });
  tabs.panels.table.replaceChildren(table.element);
  tabs.panels.help.replaceChildren(helpPanel(exercise.notes));
  graph.clear();
  tools.open(exercise);
  notify("");
  lasting.textContent = store.failed ? NOT_KEPT : "";
  tabs.news(false);
  const code = store.code(exercise.n) ?? exercise.blank;
  const isAsLeft = editor.open(code, labelOf(exercise), store.left(exercise.n));
  editor.foldPreamble();
  if (!isAsLeft) goToNext(false);
  if (matchMedia("(pointer: fine) and (min-width: 900px)").matches) editor.focus();
  if (!store.isRunning(exercise.n)) return start();
  begin();
  end("The last run did not end. Change the code or press Run.");
  store.keepRunning(exercise.n, true); // until a run ends: the next load is not to try it either
}

function labelOf({ n, script }: Exercise): string {
  return `Code of exercise ${n}, ${script}`;
}

/** Leads to the next gradient to do: as the table has it, or before there is a table, the first todo(…). */
function goToNext(focus: boolean): void {
  const next = nextOf(verdicts.inOrder(editor.text)), first = /^(?!\s*\/\/).*\btodo\(["']d?(\w+)/m.exec(editor.text);
  const name = next?.name ?? first?.[1];
  if (name !== undefined) goTo(name, focus);
}

/** Runs the current code. */
function start(): void {
  begin();
  store.keepRunning(exercise.n, true);
  document.body.dataset.run = "running";
  tools.running(true);
  const { script } = exercise;
  const kept = store.memories(script), { lectureNames } = store;
  runs.start({ source: ran, code: erased(ran), script, args: flags, kept, names: names.address, lectureNames }, {
    heard,
    lost(reason) {
      output.line(reason, true);
      end(reason);
    },
  });
  setTimeout(() => {
    if (runs.loading) say({ text: "Loading …" });
  }, 300);
}

/** Forgets the last run except for its verdicts. */
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
      say({ text: "Training …" });
      break;
    case "why":
      table.explain(message.why);
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
  noteProgress();
  progress.textContent = "";
  training.end();
  tools.running(false);
  if (!showed) tabs.news(false);
  paint();
  document.body.dataset.run = "done";
  keepAll().then((kept) => document.body.dataset.kept = kept, () => {}); // now that all else is there
}

/** Notes what is done for good: the introduction is read once a gradient is right, and an exercise done once all are. */
function noteProgress(): void {
  const rows = verdicts.inOrder(ran).filter(({ stale }) => !stale),
    right = rows.filter(({ status }) => status === "ok");
  if (right.length > 0) intro.close();
  if (failure !== undefined || rows.length === 0 || right.length < rows.length || store.isDone(exercise.n)) return;
  store.keepDone(exercise.n);
  showNav(byId("exercises"), exercise, (n) => store.isDone(n));
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
  if (editor.text === ran || !error && essence(editor.text) === essence(ran)) {
    editor.mark(verdicts.badges(editor.text), error);
  }
  say(failure === undefined ? progressOf(rows) : { text: failure });
}

/** How far the run is, or its result. */
function progressOf(rows: Verdict[]): StatusText {
  if (runs.running) return { text: training.shown ? "Training …" : "Checking …" };
  const fresh = rows.filter(({ stale }) => !stale), next = nextOf(fresh);
  const following = nextAfter(exercise);
  if (fresh.length === 0) return { text: "Nothing was compared." };
  const text = summary(fresh) + (training.shown ? " Training’s losses and new names are under Output." : "");
  if (next) {
    return {
      text,
      button: {
        label: `d${next.name}`,
        about: `Go to d${next.name}`,
        act: () => goToNext(true),
      },
    };
  }
  if (!fresh.every(({ status }) => status === "ok") || !following) return { text };
  const label = `Go on with exercise ${following.n}`;
  return { text: `${text} ${label}`, button: { label, act: () => void (location.hash = `#${following.n}`) } };
}

function goTo(name: string, focus: boolean): void {
  const line = lineOf(editor.text, name);
  if (line === undefined) return;
  if (tools.folded) editor.foldAround(line);
  editor.goTo(line, focus);
}

function say(given: StatusText): void {
  status.clipped = error !== undefined; // it is beside its line as a whole
  status.say(given);
}

/** Shows a message below the status until the next keystroke. */
function notify(text: string): void {
  passing.textContent = text;
}
