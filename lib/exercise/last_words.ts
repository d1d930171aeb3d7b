// With --json: what is written to standard output when the program is ended in the middle, by a signal or by an exit in the
// learner's lines. While gradients are checked, no event is handled, so JavaScript itself hears no signal.
//
// In Deno a thread beside it does, without a permission, and leaves the exit code in shared memory, at which the check looks
// now and then. In the learner's own lines nothing looks there: a while after they have begun the thread stops listening, so
// that a signal ends a loop that has no end, as ever, and without a word.
// In Bun a thread hears no signals, but starting a process needs no permission: one beside it is told each text and, when
// this one is gone without a goodbye, writes the last. That may be a moment after the end, and even after SIGKILL.
// Left out: signals while a network is trained, which are events (training.ts).
import process from "node:process";

/** Milliseconds after which lines that do not look whether a signal came can be ended by one. */
const PATIENCE = 300;

/** What the thread that hears signals is asked for: to listen, to stop soon, or at once. */
export type Listening = "on" | "soon off" | "off";

/** A text that is written when the program is ended in the middle. */
export interface LastWords {
  /** Takes a text in the place of the last one. */
  keep(text: string): void;
  /** Says how the lines that come look whether a signal came: often, likely not, or that they hear signals themselves. */
  listen(how: Listening): void;
  /** Ends the program if a signal came. */
  hear(): void;
  /** The program says itself what there is to say: nothing is written any more. */
  done(): void;
}

/** Last words of this process, none at first. `write` writes a line to standard output. */
export function lastWords(write: (text: string) => void): LastWords {
  const beside = "Bun" in globalThis ? writer() : listener();
  let last: string | undefined;
  const speak = () => {
    if (last !== undefined) write(last);
    last = undefined;
    beside.done();
  };
  if ("Bun" in globalThis) process.on("exit", speak);
  else addEventListener("unload", speak); // which, unlike "exit", Deno.exit sends, too
  return {
    keep(text) {
      last = text;
      beside.keep(text);
    },
    listen: beside.listen,
    hear: beside.hear,
    done() {
      last = undefined;
      beside.done();
    },
  };
}

function nothing(): void {}

/** The thread in Deno. */
function listener(): LastWords {
  const { Worker } = process.getBuiltinModule("node:worker_threads"), code = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(
    `(${hearSignals})(require("node:worker_threads"), require("node:process"), ${PATIENCE});`,
    { eval: true, workerData: code },
  );
  thread.unref();
  const listen = (how: Listening) => thread.postMessage(how);
  return {
    keep: nothing,
    listen,
    hear() {
      const heard = Atomics.load(code, 0);
      if (heard !== 0) process.exit(heard);
    },
    done: () => listen("off"),
  };
}

/** What the thread does. Its text is all that it has. */
function hearSignals(
  { parentPort, workerData: code }: typeof import("node:worker_threads"),
  signals: Pick<typeof process, "on" | "off">,
  patience: number,
): void {
  let isOn = false, soon: ReturnType<typeof setTimeout> | undefined;
  const handlers = { SIGINT: () => heard(130), SIGTERM: () => heard(143), SIGHUP: () => heard(129) };
  const turn = (want: boolean) => {
    if (want === isOn) return;
    isOn = want;
    for (const [signal, handler] of Object.entries(handlers)) signals[want ? "on" : "off"](signal, handler);
  };
  /** Only once: where nobody looks, the next one ends the program. */
  const heard = (exitCode: number) => {
    Atomics.store(code, 0, exitCode);
    turn(false);
  };
  parentPort!.on("message", (how: Listening) => {
    clearTimeout(soon);
    if (how === "soon off") soon = setTimeout(() => turn(false), patience);
    else turn(how === "on");
  });
}

/** What is used of Bun. */
interface Bun {
  spawn(command: string[], options: object): { unref(): void; stdin: { write(text: string): void; flush(): void } };
}

/** The process in Bun. */
function writer(): LastWords {
  const { Bun } = globalThis as unknown as { Bun: Bun };
  // In a group of its own, so that Ctrl-C at a terminal does not end it, too.
  const options = { stdio: ["pipe", "inherit", "ignore"], detached: true };
  const child = Bun.spawn([process.execPath, "-e", `(${writeLast})(process)`], options);
  child.unref();
  const keep = (text: string) => {
    child.stdin.write(`${text}\n`);
    child.stdin.flush(); // at once: no event comes in which it would be
  };
  return { keep, listen: nothing, hear: nothing, done: () => keep("") };
}

/** What the process does: when its input ends, it writes the last line, if there is anything on it. */
function writeLast({ stdin, stdout }: typeof process): void {
  let text = "";
  stdin.setEncoding("utf8").on("data", (piece) => text += piece).on("end", () => {
    const last = text.split("\n").at(-2);
    if (last) stdout.write(`${last}\n`);
  });
}
