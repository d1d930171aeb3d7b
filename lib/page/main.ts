// The page: an editor on the left, a board with the verdicts on its code on the right.
//
// Half a second after the last keystroke the code runs in a worker (runs.ts, worker.ts), and the board shows what the worker
// reports (board.ts). Here is what holds these together: which exercise is open, when a run begins and ends, what is kept.
// Left out: anything about gradients. The page runs the same lib/ as `deno run` does, and shows what it says.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { Board } from "./board.ts";
import { divider } from "./divider.ts";
import { byId } from "./dom.ts";
import { Editor } from "./editor.ts";
import { erased } from "./erase.ts";
import { type Exercise, exercises } from "./exercises.ts";
import { keepAll, names } from "./files.ts";
import { Intro } from "./intro.ts";
import { hashOf, holdsCode, linkedIn } from "./link.ts";
import type { FromWorker } from "./messages.ts";
import { showNav } from "./nav.ts";
import { ask } from "./question.ts";
import { Runs } from "./runs.ts";
import { Store } from "./store.ts";
import { Tools } from "./tools.ts";
import { lineOf, shapesOf } from "./verdicts.ts";

const PAUSE = 500;
const NOT_KEPT = "Your browser saves nothing for this page. Download your code before you leave.";
const OTHER_TAB = "This exercise is also open in another tab: code typed there replaces the code kept from here. " +
  "A copy of this text is in the File menu.";

const store = new Store(), runs = new Runs();
let exercise: Exercise = exercises[0], opened = false, interrupted = false;
let typing: ReturnType<typeof setTimeout> | undefined;

const editor = new Editor(byId("code"), {
  onChange(text) {
    store.keepCode(exercise.n, text);
    board.notify("");
    if (store.failed) board.warn(NOT_KEPT);
    clearTimeout(typing);
    typing = setTimeout(() => {
      if (!board.isOf(editor.text)) start();
    }, PAUSE);
  },
  onRun: start,
  shapes: () => shapesOf(board.verdicts.check),
});
const board: Board = new Board(byId("verdicts"), {
  ...{ editor, goTo, interrupt },
  goToNext: () => goToNext(true),
  ask: (cell) => runs.ask(cell),
});
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
  notify: (text) => board.notify(text),
});

document.querySelector("main")!.before(intro.element);
byId("code").after(divider(document.querySelector("main")!, store));
store.onOtherTab((n, source) => {
  if (String(n) !== String(exercise.n) || source === editor.text) return;
  store.keepCopy(n, editor.text);
  board.warn(OTHER_TAB);
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
    board.notify((error as Error).message);
  }
}

function open(wanted: Exercise): void {
  stop();
  if (opened) store.keepLeft(exercise.n, editor.leave());
  opened = true;
  exercise = wanted;
  document.title = `Exercise ${exercise.n}: ${exercise.title} · Backprop ninja`;
  showNav(byId("exercises"), exercise, (n) => store.isDone(n));
  board.open(exercise);
  if (store.failed) board.warn(NOT_KEPT);
  tools.open(exercise);
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

/** Leads to the next gradient to do. */
function goToNext(focus: boolean): void {
  const name = board.verdicts.next(editor.text);
  if (name !== undefined) goTo(name, focus);
}

function goTo(name: string, focus: boolean): void {
  const line = lineOf(editor.text, name);
  if (line === undefined) return;
  if (tools.folded) editor.foldAround(line);
  editor.goTo(line, focus);
}

/** Runs the current code. */
function start(): void {
  begin();
  store.keepRunning(exercise.n, true);
  document.body.dataset.run = "running";
  tools.running(true);
  const { script } = exercise, { lectureNames } = store, source = editor.text;
  const files = { kept: store.memories(script), names: names.address, lectureNames };
  runs.start({ source, code: erased(source), script, args: tools.flags, ...files }, {
    heard,
    lost(reason) {
      board.heard({ kind: "line", text: reason, error: true, own: false });
      end(reason);
    },
  });
  setTimeout(() => {
    if (runs.loading) board.loading();
  }, 300);
}

/** Forgets the last run except for its verdicts. */
function begin(): void {
  clearTimeout(typing);
  interrupted = false;
  board.begin(editor.text, tools.flags.length > 0);
  delete document.body.dataset.code;
}

/** The button Stop: a training is only cut short, unless that was asked for before. */
function halt(): void {
  if (board.isTraining && !interrupted) interrupt();
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
  if (message.kind === "remember") store.remember(message.key, message.text);
  else if (message.kind === "end") {
    document.body.dataset.code = String(message.code);
    end(board.failure);
  } else board.heard(message);
}

/** The run is over; the reason is what broke it off, if anything did. */
function end(reason: string | undefined): void {
  store.keepRunning(exercise.n, false);
  board.end(reason);
  noteProgress();
  tools.running(false);
  document.body.dataset.run = "done";
  keepAll().then((kept) => document.body.dataset.kept = kept, () => {}); // now that all else is there
}

/** Notes what is done for good: the introduction is read once a gradient is right, and an exercise done once all are. */
function noteProgress(): void {
  const { fresh, failure } = board, right = fresh.filter(({ status }) => status === "ok");
  if (right.length > 0) intro.close();
  if (failure !== undefined || right.length === 0 || right.length < fresh.length || store.isDone(exercise.n)) return;
  store.keepDone(exercise.n);
  showNav(byId("exercises"), exercise, (n) => store.isDone(n));
}
