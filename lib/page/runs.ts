// Runs, one at a time: each in a worker of its own. The next one is loaded when a run is over, and not beside it.
//
// A loaded worker that says nothing for some seconds is taken to be in an endless loop and ended. Checks and training
// report several times a second, so their length does not matter; of what is printed, host.ts sends only so much.
// Left out: what is made of a worker's messages.
import { worker as program } from "./files.ts";
import type { Cell, FromWorker, Job, ToWorker } from "./messages.ts";

/** Seconds of silence after which a run is ended; a training's evaluation takes longer on a slow device. */
const PATIENCE = { check: 6, training: 30 }, TICKS_PER_SECOND = 4;

/** A worker, and whether it is loaded. */
interface Loaded {
  worker: Worker;
  state: "loading" | "ready" | "failed";
}

/** A run: its worker, once there is one. */
interface Current {
  loaded?: Loaded;
  timer?: ReturnType<typeof setInterval>;
}

/** Hears of a run. */
export interface WorkerListener {
  /** Hears every message of the run. */
  heard(message: FromWorker): void;
  /** Hears why the run was ended before it ended itself. */
  lost(reason: string): void;
}

/** The page's runs. */
export class Runs {
  #warm: Loaded | undefined;
  /** Where the workers' program is in memory. */
  #address: string | undefined;
  #current: Current | undefined;
  /** The worker of the last run, which can still be asked. */
  #ended: Worker | undefined;

  /** Whether there is a run. */
  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Whether there is a run whose worker is still being loaded. */
  get loading(): boolean {
    return this.#current !== undefined && this.#current.loaded?.state !== "ready";
  }

  /** Ends the current run, if any, and starts another. */
  start(job: Job, listener: WorkerListener): void {
    this.stop();
    const current: Current = this.#current = {};
    program.load().then((address) => {
      this.#address = address;
      if (this.#current !== current) return;
      current.loaded = this.#warm && this.#warm.state !== "failed" ? this.#warm : load(address);
      this.#warm = undefined;
      this.#follow(current, current.loaded, job, listener);
    }).catch((error: Error) => {
      if (this.#current !== current) return;
      this.stop();
      listener.lost(error.message);
    });
  }

  #follow(current: Current, loaded: Loaded, job: Job, listener: WorkerListener): void {
    const { worker } = loaded;
    let quiet = 0, patience = PATIENCE.check;
    // Counted in ticks, so that a laptop that was asleep for an hour has not been silent for an hour.
    current.timer = setInterval(() => {
      if (this.loading || ++quiet < patience * TICKS_PER_SECOND) return;
      this.stop();
      listener.lost(
        `Stopped: nothing happened for ${patience} seconds, so there is likely a loop in your code that does not end. ` +
          "Change the code, or run it again.",
      );
    }, 1000 / TICKS_PER_SECOND);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      quiet = 0;
      if (data.kind === "ready") return void (loaded.state = "ready");
      if (data.kind === "training") patience = PATIENCE.training;
      if (data.kind === "end") this.#rest(loaded);
      listener.heard(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop();
      listener.lost(loaded.state === "ready" ? `The run broke off: ${event.message}` : whyNotLoaded(event.message));
    };
    worker.postMessage({ kind: "run", job } satisfies ToWorker);
  }

  /** What Ctrl-C does in a terminal: training ends, and the rest is done with what was learned so far. */
  interrupt(): void {
    this.#current?.loaded?.worker.postMessage({ kind: "interrupt" } satisfies ToWorker);
  }

  /** Asks the worker of the last run, once that is over, why a number is what it is; it answers with a message. */
  ask(cell: Cell): void {
    this.#ended?.postMessage({ kind: "why", cell } satisfies ToWorker);
  }

  /** The run is over; its worker stays until the next one. */
  #rest(loaded: Loaded): void {
    clearInterval(this.#current?.timer);
    this.#current = undefined;
    this.#ended = loaded.worker;
    if (this.#address) this.#warm ??= load(this.#address);
  }

  /** Ends the current run at once. */
  stop(): void {
    this.#ended?.terminate();
    this.#ended = undefined;
    const { loaded, timer } = this.#current ?? {};
    this.#current = undefined;
    clearInterval(timer);
    if (!loaded) return;
    loaded.worker.onmessage = loaded.worker.onerror = null;
    loaded.worker.terminate();
    if (this.#address) this.#warm ??= load(this.#address);
  }
}

/** Why a worker that lies in memory does not start: the network has no part in that. */
function whyNotLoaded(message: string | undefined): string {
  if (typeof WebAssembly === "undefined") {
    return "This browser has no WebAssembly, or it is switched off (some do that in a lockdown mode). The page cannot compute " +
      "without it.";
  }
  return message
    ? `The page's worker could not start: ${message}`
    : "The browser does not let the page start a worker: an extension or the server's security policy forbids it.";
}

function load(address: string): Loaded {
  const worker = new Worker(address, { type: "module" });
  const loaded: Loaded = { worker, state: "loading" };
  worker.onmessage = () => loaded.state = "ready";
  worker.onerror = (event) => {
    event.preventDefault();
    loaded.state = "failed";
  };
  return loaded;
}
