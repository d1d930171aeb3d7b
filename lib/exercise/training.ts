// The loop around a training step: progress, the lecture's lines, the loss curve, Ctrl-C, and a sentence on divergence.
// Left out: what a step does.
import process from "node:process";
import { setImmediate } from "node:timers";
import { UserError } from "../errors.ts";
import { print } from "./exercise.ts";
import { progress } from "./terminal.ts";

/** What training did. */
export interface Training {
  /** Steps done: fewer than asked for when interrupted. */
  done: number;
  /** [step, loss] every 10,000 steps, from step 0 on. */
  losses: [number, number][];
  /** Means of log₁₀ loss over `window` steps each. */
  curve: number[];
  /** Steps per element of `curve`: 1,000, or fewer when training is short. */
  window: number;
  /** Wall time. */
  seconds: number;
  /** Whether Ctrl-C ended it. */
  interrupted: boolean;
}

let peak = 0;

/** The largest memory of the process seen so far, in bytes (its resident set). */
export function peakMemory(): number {
  peak = Math.max(peak, process.memoryUsage().rss);
  return peak;
}

/**
 * Calls `step(i)` for i = 0 … steps − 1; it returns the minibatch's loss. Prints a line every 10,000 steps, and between
 * them, on a terminal, how far it is. Ctrl-C ends it after the current step; a second one ends the program.
 *
 * @param guessing the loss of a network that has learned nothing: ln 27 for 27 characters.
 * @throws UserError when the loss is NaN, or on average several times as large as guessing's.
 */
export async function train(steps: number, guessing: number, step: (i: number) => number): Promise<Training> {
  const window = Math.min(1000, Math.ceil(steps / 60));
  const training: Training = { done: 0, losses: [], curve: [], window, seconds: 0, interrupted: false };
  const onInterrupt = () => {
    if (training.interrupted) process.exit(130);
    training.interrupted = true;
  };
  process.on("SIGINT", onInterrupt);
  const began = performance.now();
  let shown = began, smoothed = NaN, sum = 0;
  for (let i = 0; i < steps && !training.interrupted; i++) {
    const loss = step(i);
    training.done = i + 1;
    smoothed = i === 0 ? loss : smoothed + (loss - smoothed) / Math.min(i + 1, 1000);
    // Not smaller, so that a NaN counts. The first steps of a wide network may be this bad and still recover.
    if (!(smoothed <= 4 * guessing || i < 200 && loss < Infinity)) {
      progress("");
      throw new UserError(
        `Training diverged: at step ${i.toLocaleString("en")} the loss is ${
          loss.toPrecision(4)
        }, while guessing blindly ` +
          `would give ${guessing.toFixed(1)}. Lower --lr.`,
      );
    }
    sum += Math.log10(loss);
    if ((i + 1) % window === 0) {
      training.curve.push(sum / window);
      sum = 0;
    }
    if (i % 10_000 === 0) {
      progress("");
      print(`${String(i).padStart(7)}/${String(steps).padStart(7)}: ${loss.toFixed(4)}`);
      training.losses.push([i, loss]);
    }
    const now = performance.now();
    if (now - shown > 100) {
      shown = now;
      peakMemory();
      const rate = training.done / (now - began) * 1000, left = (steps - training.done) / rate;
      progress(
        `${(100 * training.done / steps).toFixed(0).padStart(3)} %  ${
          Math.round(rate).toLocaleString("en")
        } steps/s  ` +
          `${duration(left)} left  loss ${smoothed.toFixed(4)}`,
      );
      await pause();
    }
  }
  progress("");
  training.seconds = (performance.now() - began) / 1000;
  if (training.interrupted) {
    print(`Interrupted after ${training.done.toLocaleString("en")} steps; the rest with what was learned so far.`);
  }
  return training;
}

/** Lets a Ctrl-C be heard: to be awaited now and then in long work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The loss curve as a picture of `rows` lines: log₁₀ loss downwards, steps to the right. */
export function lossCurve({ curve, window }: Training, rows = 10, columns = 66): string {
  if (curve.length < 2) return "Too few steps for a loss curve.";
  const width = Math.min(columns, curve.length);
  const points = Array.from({ length: width }, (_, x) => {
    const part = curve.slice(Math.floor(x * curve.length / width), Math.floor((x + 1) * curve.length / width));
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
  const low = Math.min(...points), high = Math.max(...points), step = (high - low) / (rows - 1) || 1;
  const lines = Array.from({ length: rows }, (_, r) => {
    const level = high - r * step;
    const line = points.map((p) => Math.round((high - p) / step) === r ? "*" : " ").join("");
    return `${level.toFixed(4).padStart(8)} |${line.trimEnd()}`;
  });
  const steps = (curve.length * window).toLocaleString("en");
  const title = `log10 of the loss, averaged over ${window.toLocaleString("en")} steps`;
  return [title, ...lines, `${" ".repeat(8)} +${"-".repeat(width)}`, `${" ".repeat(9)}0${steps.padStart(width)}`].join(
    "\n",
  );
}

function duration(seconds: number): string {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}
