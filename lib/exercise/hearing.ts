// In Deno: a thread that hears signals while the program computes, where JavaScript handles no event. It writes last words,
// ends the process, and tells two presses of Ctrl-C from one. It needs no permission.
//
// Sent to a program that computes in pieces of 100 ms, two signals 5 to 50 ms apart came to the program's own listeners as
// one event, and to the thread's as two, with their times. Under Bun a thread hears no signals (last_words.ts, host.ts).
import process from "node:process";
import { isOlder } from "./runtime.ts";

/**
 * Signals within so many milliseconds are of one press of Ctrl-C: `deno task` and `bun run` send on, up to 10 ms later, what
 * the terminal has sent to all. Nobody presses twice so soon.
 */
export const ONE_PRESS = 30;

/** Milliseconds that a program waits to be ended by the thread. */
const PATIENCE = 500;

/** What the thread and the program share: who has the last word, whether it trains, and presses since that began. */
const SPOKEN = 0, TRAINS = 1, PRESSES = 2, NOTHING = 3;

/** The program has the last word itself; exit codes are above 0. */
const OURS = -1;

/** The ear of a process. */
export class Hearing {
  readonly #state = new Int32Array(new SharedArrayBuffer(16));
  readonly #tell: (message: string | boolean) => void;
  #keeps = false;
  #onPress: (() => void) | undefined;

  /** A thread that does not listen yet. */
  constructor() {
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    const clear = process.stderr.isTTY ? "\r\x1b[K" : "", mayKill = !isOlder(process.versions.deno ?? "", "2.9.0");
    const thread = new Worker(
      `(${hearSignals})(require("node:worker_threads"), require("node:process"), require("node:fs"), ${ONE_PRESS});`,
      // Without an environment of its own a terminal would be asked whether this one's may be read.
      { eval: true, env: {}, workerData: { state: this.#state, clear, mayKill } },
    );
    thread.unref();
    this.#tell = (message) => thread.postMessage(message);
  }

  /** Takes a text that is written when a signal ends the program; from now on the thread listens. */
  keep(text: string): void {
    this.#keeps = true;
    this.#tell(text);
    this.#tell(true);
  }

  /** Whether the program has the last word; if the thread does not have it, the program does from now on. */
  claim(): boolean {
    return Atomics.compareExchange(this.#state, SPOKEN, 0, OURS) <= 0;
  }

  /** Until the returned function is called, one press of Ctrl-C ends nothing, and calls `hear`. */
  train(onPress: () => void): () => void {
    Atomics.store(this.#state, TRAINS, 1);
    this.#tell(true);
    this.#onPress = onPress;
    return () => {
      Atomics.store(this.#state, TRAINS, 0);
      this.#onPress = undefined;
      if (!this.#keeps) this.#tell(false);
    };
  }

  /** Tells of a press, and returns whether there was one. Ends the program after a signal that does: before Deno 2.9 a thread may not. */
  hear(): boolean {
    const code = Atomics.load(this.#state, SPOKEN);
    if (code > 0) {
      Atomics.wait(this.#state, NOTHING, 0, PATIENCE);
      process.exit(code);
    }
    if (Atomics.load(this.#state, PRESSES) === 0) return false;
    this.#onPress?.();
    this.#onPress = undefined;
    return true;
  }
}

/** What the thread does. Its text is all that it has. */
function hearSignals(
  { parentPort, workerData }: typeof import("node:worker_threads"),
  self: typeof process,
  { writeSync }: typeof import("node:fs"),
  onePress: number,
): void {
  const { state, clear, mayKill }: { state: Int32Array; clear: string; mayKill: boolean } = workerData;
  const SPOKEN = 0, TRAINS = 1, PRESSES = 2;
  let words = "", pressed = -Infinity, isOn = false;
  const isOnePress = () => performance.now() - pressed < onePress;
  const turn = (want: boolean) => {
    if (want !== isOn) { for (const [signal, ear] of Object.entries(ears)) self[want ? "on" : "off"](signal, ear); }
    isOn = want;
  };
  const end = (signal: NodeJS.Signals, code: number) => {
    turn(false);
    const wasSpoken = Atomics.compareExchange(state, SPOKEN, 0, code) !== 0;
    if (wasSpoken) return; // the program is about to end; what is being written stays whole
    if (Atomics.load(state, TRAINS) === 1) writeSync(2, clear);
    if (words) console.log(words);
    // Before Deno 2.9 that needs a permission: the program looks at the code, and the next signal ends it.
    if (mayKill) self.kill(self.pid, signal);
  };
  const ears = {
    SIGINT() {
      if (isOnePress()) return;
      pressed = performance.now();
      if (Atomics.load(state, TRAINS) === 0 || Atomics.add(state, PRESSES, 1) > 0) end("SIGINT", 130);
    },
    // Deno's --watch sends one with Ctrl-C.
    SIGTERM: () => isOnePress() || end("SIGTERM", 143),
    SIGHUP: () => end("SIGHUP", 129),
  };
  parentPort!.on("message", (message: string | boolean) => {
    if (typeof message === "string") words = message;
    else if (message) turn(true);
    else setTimeout(() => Atomics.load(state, TRAINS) === 0 && turn(false), onePress); // the rest of that press
  });
}
