// Runs, one at a time: each in a worker of its own, with the next one loaded beforehand.
//
// A loaded worker that says nothing for some seconds is taken to be in an endless loop and ended. Checks and training
// report several times a second, so their length does not matter; of what is printed, host.ts sends only so much.
// Left out: what is made of a worker's messages.
import type { FromWorker, Job, ToWorker } from "./messages.ts";

/** Seconds of silence after which a run is ended; a training's evaluation takes longer on a slow device. */
const PATIENCE = { check: 6, training: 30 }, TICKS_PER_SECOND = 4;

/** A worker and whether it is loaded. */
interface Loaded {
  worker: Worker;
  state: "loading" | "ready" | "failed";
}

/** Who hears of a run. */
export interface Listener {
  /** Is given every message of the run. */
  heard(message: FromWorker): void;
  /** Is told why the run was ended before it ended itself. */
  lost(reason: string): void;
}

/** The page's runs. */
export class Runs {
  #warm = load();
  #current: Loaded & { timer: ReturnType<typeof setInterval> } | undefined;

  /** Whether there is a run. */
  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Whether there is a run whose worker is still being loaded. */
  get loading(): boolean {
    return this.#current?.state === "loading";
  }

  /** Ends the run at hand, if any, and starts another. */
  start(job: Job, listener: Listener): void {
    this.stop();
    const { worker, state } = this.#warm.state === "failed" ? load() : this.#warm;
    let quiet = 0, patience = PATIENCE.check;
    // Counted in ticks, so that a laptop that was asleep for an hour has not been silent for an hour.
    const timer = setInterval(() => {
      if (this.loading || ++quiet < patience * TICKS_PER_SECOND) return;
      this.stop();
      listener.lost(
        `Stopped: nothing happened for ${patience} seconds, so there is likely a loop in your code that does not end. ` +
          "Change the code, or run it again.",
      );
    }, 1000 / TICKS_PER_SECOND);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      quiet = 0;
      if (data.kind === "ready") return void (current.state = "ready");
      if (data.kind === "training") patience = PATIENCE.training;
      if (data.kind === "end") this.stop();
      listener.heard(data);
    };
    worker.onerror = (event) => {
      this.stop();
      listener.lost(
        current.state === "ready"
          ? `The run broke off: ${event.message}`
          : "The page's worker could not be loaded: is the network there? Press Run to try again.",
      );
    };
    const current = this.#current = { worker, state, timer };
    worker.postMessage({ kind: "run", job } satisfies ToWorker);
    this.#warm = load();
  }

  /** What Ctrl-C does in a terminal: training ends, and the rest is done with what was learned so far. */
  interrupt(): void {
    this.#current?.worker.postMessage({ kind: "interrupt" } satisfies ToWorker);
  }

  /** Ends the run at hand at once. */
  stop(): void {
    if (!this.#current) return;
    clearInterval(this.#current.timer);
    this.#current.worker.onmessage = this.#current.worker.onerror = null;
    this.#current.worker.terminate();
    this.#current = undefined;
  }
}

function load(): Loaded {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const loaded: Loaded = { worker, state: "loading" };
  worker.onmessage = () => loaded.state = "ready";
  worker.onerror = () => loaded.state = "failed";
  return loaded;
}
