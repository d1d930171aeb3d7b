// The page: an editor on the left, on the right the verdicts on what stands in it.
//
// Half a second after the last keystroke the code runs in a worker (runs.ts, worker.ts), and what the worker tells is
// shown as it comes: rows (verdict_table.ts), the graph (graph_view.ts), training (training_view.ts), output (output.ts).
// Left out: anything about gradients. The page runs the same lib/ as `deno run` does, and shows what it says.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { byId, element } from "./dom.ts";
import { type Badge, Editor, type LineError } from "./editor.ts";
import { type Exercise, exercises } from "./exercises.ts";
import { GraphView } from "./graph_view.ts";
import type { FromWorker } from "./messages.ts";
import { Output } from "./output.ts";
import { Runs } from "./runs.ts";
import { Store } from "./store.ts";
import { Tools } from "./tools.ts";
import { TrainingView } from "./training_view.ts";
import { compareLines, lineOf, summary, Verdicts } from "./verdicts.ts";
import { SIGN, VerdictTable } from "./verdict_table.ts";

const PAUSE = 500;

const store = new Store(), runs = new Runs();
let exercise: Exercise = exercises[0], verdicts = new Verdicts(), error: LineError | undefined;
let table: VerdictTable, typing: ReturnType<typeof setTimeout> | undefined;

const editor = new Editor(byId("code"), (text) => {
  store.keepCode(exercise.n, text);
  if (store.failed) say("The browser keeps nothing for this page: download your code before you leave it.");
  clearTimeout(typing);
  typing = setTimeout(start, PAUSE);
});
const status = element("p", { id: "status", role: "status" });
const progress = element("p", { className: "progress quiet", "aria-hidden": "true" });
const training = new TrainingView(() => runs.interrupt());
const graph = new GraphView((name) => {
  show("table");
  table.open(name);
  goTo(name, false);
});
const output = new Output();
const panels = {
  table: element("div", { className: "panel", id: "panel-table", role: "tabpanel", "aria-labelledby": "tab-table" }),
  graph: element("div", {
    className: "panel",
    id: "panel-graph",
    role: "tabpanel",
    "aria-labelledby": "tab-graph",
    hidden: true,
  }, graph.element),
  output: element("div", {
    className: "panel",
    id: "panel-output",
    role: "tabpanel",
    "aria-labelledby": "tab-output",
    hidden: true,
  }, output.element),
};
type Panel = keyof typeof panels;
const tabs = new Map<Panel, HTMLButtonElement>();

const tools = new Tools(byId("tools"), {
  store,
  run: start,
  stop,
  text: () => editor.text,
  replace(source) {
    store.keepCopy(exercise.n, editor.text);
    store.keepCode(exercise.n, source);
    editor.open(source, labelOf(exercise));
    start();
  },
  fold: (folded) => folded ? foldAround(editor.line) : editor.unfold(),
  say,
});

layOut();
addEventListener("hashchange", () => open(chosen()));
open(chosen());

/** The exercise in the address: `#3`. */
function chosen(): Exercise {
  return exercises.find(({ n }) => location.hash === `#${n}`) ?? exercises[0];
}

function layOut(): void {
  const list = element("div", { className: "tabs", role: "tablist", "aria-label": "What to show" });
  for (const name of Object.keys(panels) as Panel[]) {
    const label = { table: "Table", graph: "Graph", output: "Output" }[name];
    const tab = element("button", {
      type: "button",
      id: `tab-${name}`,
      role: "tab",
      "aria-controls": `panel-${name}`,
      onclick: () => show(name),
    }, label);
    tabs.set(name, tab);
    list.append(tab);
  }
  list.addEventListener("keydown", ({ key }) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0, names = [...tabs.keys()];
    const at = names.findIndex((name) => tabs.get(name) === document.activeElement);
    if (step === 0 || at < 0) return;
    const next = names[(at + step + names.length) % names.length];
    show(next);
    tabs.get(next)!.focus();
  });
  byId("verdicts").append(
    element("div", { className: "head" }, status, list),
    progress,
    training.element,
    ...Object.values(panels),
  );
  show("table");
}

function show(shown: Panel): void {
  for (const [name, tab] of tabs) {
    tab.setAttribute("aria-selected", String(name === shown));
    tab.tabIndex = name === shown ? 0 : -1;
    panels[name].hidden = name !== shown;
  }
}

function open(wanted: Exercise): void {
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
  panels.table.replaceChildren(table.element);
  training.clear();
  graph.clear();
  tools.open(exercise);
  editor.open(store.code(exercise.n) ?? exercise.blank, labelOf(exercise));
  start();
}

function labelOf({ n, script }: Exercise): string {
  return `Code of exercise ${n}, ${script}`;
}

/** Runs the code as it stands. */
function start(): void {
  clearTimeout(typing);
  const source = editor.text, { script } = exercise, mine = verdicts;
  error = undefined;
  verdicts.begin();
  output.clear();
  training.clear();
  document.body.dataset.run = "running";
  delete document.body.dataset.code;
  tools.running(true);
  const job = { source, script, args: tools.flags, kept: store.memories(script), lectureNames: store.lectureNames };
  runs.start(job, {
    heard: (message) => mine === verdicts && heard(message, source),
    lost(reason) {
      output.line(reason, true);
      done(source);
      say(reason);
    },
  });
}

function stop(): void {
  if (!runs.running) return;
  runs.stop();
  done(editor.text);
  say("Stopped.");
}

function heard(message: FromWorker, source: string): void {
  switch (message.kind) {
    case "line":
      output.line(message.text, message.error);
      if (message.error) fail(message.text);
      break;
    case "picture":
      output.picture(message.picture);
      break;
    case "progress":
      progress.textContent = message.text;
      break;
    case "checking":
      verdicts.checking(message.check);
      later(source);
      break;
    case "row":
      verdicts.row(message.row);
      later(source);
      break;
    case "training":
      training.show(message.training);
      break;
    case "remember":
      store.remember(message.key, message.text);
      break;
    case "end":
      document.body.dataset.code = String(message.code);
      done(source);
  }
}

/** An error's sentence, and its line where it names one of the learner's. */
function fail(text: string): void {
  const place = text.startsWith(`${exercise.script}, line `) && /, line (\d+): ([^]*)/.exec(text);
  if (place) error = { line: Number(place[1]), text: place[2] };
  say(text);
}

function done(source: string): void {
  verdicts.end();
  progress.textContent = "";
  training.end();
  tools.running(false);
  paint(source);
  document.body.dataset.run = "done";
}

let frame = 0;

/** Shows the verdicts at the next frame: several often come within one. */
function later(source: string): void {
  frame ||= requestAnimationFrame(() => paint(source));
}

function paint(source: string): void {
  cancelAnimationFrame(frame);
  frame = 0;
  const rows = verdicts.inOrder(source);
  table.show(rows);
  if (verdicts.check) graph.show(verdicts.check, (name) => verdicts.status(name));
  if (editor.text === source) editor.mark(badges(source), error);
  if (error || rows.length === 0) return;
  say(runs.running ? `Checking … ${summary(rows)}` : summary(rows));
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
