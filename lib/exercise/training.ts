// The loop around a training step: progress, the lecture's lines, the loss curve, Ctrl-C, and an error on divergence.
// Left out: what a step does.
import { UserError } from "../errors.ts";
import type { NumberFlag } from "./flags.ts";
import type { Host, Training } from "./host.ts";
import { inScratch } from "../tensor/memory.ts";
import { commas, duration } from "./terminal.ts";

/** The flags of training: steps, batch size, learning rate, and how many names to sample at the end. */
export const trainingFlags = {
  steps: { about: "steps of training", default: 200_000, min: 1, max: 100_000_000 },
  batch: {
    about: "examples in a step",
    default: 32,
    min: 2,
    max: 8192,
    why: "A batch of 1 has no variance: batchnorm would divide by n − 1 = 0.",
  },
  lr: { about: "learning rate, a tenth of it from step 100,000 on", default: 0.1, min: 1e-9, max: 1e9, fraction: true },
  samples: { about: "names to sample at the end", default: 20, min: 0, max: 1000 },
} satisfies Record<string, NumberFlag>;

/** Milliseconds from one chance for signals to the next. */
const PAUSE = 10;

/** What `train` needs besides the step. */
export interface TrainingOptions {
  /** The loss of a network that has learned nothing: ln 27 for 27 characters. */
  guessing: number;
  /** Prints a line. */
  print: (line: string) => void;
  /** Where it runs. */
  host: Host;
}

/**
 * Calls `step(i)`, which returns the minibatch's loss, for i = 0 … steps − 1. The tensors that a step makes are freed at
 * its end. Prints a line every 10,000 steps and, on a terminal, shows the progress in between. Ctrl-C ends training; a
 * second one, or one after training, ends the program.
 *
 * @throws UserError when the loss is NaN or infinite or, after 200 steps, averages more than four times that of guessing.
 */
export async function train(
  steps: number,
  step: (i: number) => number,
  { guessing, print, host }: TrainingOptions,
): Promise<Training> {
  const window = Math.min(1000, Math.ceil(steps / 60));
  const training: Training = { done: 0, losses: [], curve: [], window, seconds: 0, memory: 0, interrupted: false };
  const killed = (code: number) => {
    host.progress("");
    host.exit(code);
  };
  const stopListening = host.onInterrupt(() => {
    if (training.interrupted) killed(130);
    training.interrupted = true;
  }, killed);
  const began = performance.now();
  let shown = began, paused = began, smoothed = NaN, sum = 0;
  try {
    for (let i = 0; i < steps && !training.interrupted; i++) {
      const loss = inScratch(() => step(i));
      training.done = i + 1;
      smoothed = i === 0 ? loss : smoothed + (loss - smoothed) / Math.min(i + 1, 1000);
      // A wide network may start badly and still recover. NaN is neither below a bound nor starting.
      const isStarting = i < 200 && loss < Infinity, isSane = smoothed <= 4 * guessing;
      if (!isStarting && !isSane) {
        throw new UserError(
          `Training diverged: at step ${commas(i)} the loss is ${loss.toPrecision(4)}, while blind ` +
            `guessing would give ${guessing.toFixed(1)}. Lower --lr.`,
        );
      }
      sum += Math.log10(loss);
      if ((i + 1) % window === 0) {
        training.curve.push(sum / window);
        sum = 0;
      }
      if (i % 10_000 === 0) {
        host.progress("");
        print(`${String(i).padStart(7)}/${String(steps).padStart(7)}: ${loss.toFixed(4)}`);
        training.losses.push([i, loss]);
      }
      const now = performance.now();
      if (now - shown > 100) {
        shown = now;
        training.memory = host.memory();
        training.seconds = (now - began) / 1000;
        host.trained?.(training, steps);
        const rate = training.done / training.seconds, left = duration((steps - training.done) / rate);
        const percent = Math.floor(100 * training.done / steps), speed = commas(Math.round(rate));
        host.progress(`${String(percent).padStart(3)} %  ${speed} steps/s  ${left} left  loss ${smoothed.toFixed(4)}`);
      }
      if (now - paused > PAUSE) {
        paused = now;
        await host.pause();
      }
    }
  } finally {
    stopListening();
    host.progress("");
  }
  training.memory = host.memory();
  training.seconds = (performance.now() - began) / 1000;
  host.trained?.(training, steps);
  if (training.interrupted) {
    print(`Interrupted after ${commas(training.done)} steps. The rest uses what was learned so far.`);
  }
  return training;
}

/** The loss curve as a picture of `rows` lines: log₁₀ loss downwards, steps to the right. */
export function lossCurve({ curve, window }: Training, rows = 10, columns = 66): string {
  if (curve.length < 2) return "Too few steps for a loss curve.";
  const width = Math.min(columns, curve.length);
  const points = Array.from({ length: width }, (_, x) => {
    const part = curve.slice(Math.floor(x * curve.length / width), Math.floor((x + 1) * curve.length / width));
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
  const low = Math.min(...points), high = Math.max(...points);
  const step = (high - low) / (rows - 1) || 1;
  const lines = Array.from({ length: rows }, (_, r) => {
    const level = high - r * step;
    const line = points.map((p) => Math.round((high - p) / step) === r ? "*" : " ").join("");
    return `${level.toFixed(4).padStart(8)} |${line.trimEnd()}`;
  });
  const steps = commas(curve.length * window);
  const title = `log10 of the loss, averaged over ${commas(window)} step${window === 1 ? "" : "s"}`;
  return [title, ...lines, `${" ".repeat(8)} +${"-".repeat(width)}`, `${" ".repeat(9)}0${steps.padStart(width)}`].join(
    "\n",
  );
}

/** The time and memory that training took, in one line. */
export function summary({ done, seconds, memory }: Training): string {
  return `${commas(done)} steps in ${seconds.toFixed(1)} s, ${(seconds / done * 1e6).toFixed(0)} µs each; ` +
    `at most ${Math.round(memory / 2 ** 20)} MiB of memory`;
}
