// The messages between the page and its worker. A worker runs one exercise once.
// Left out: when they are sent (runs.ts for the page, host.ts for the worker).
import type { Status } from "../check/check.ts";

/** A run to do. */
export interface Job {
  /** The learner's source, TypeScript. */
  source: string;
  /** The same as JavaScript, without types, each line where it was. */
  code: string;
  /** What it is called: `my/ex1.ts`. */
  script: string;
  /** The words after the script's name: `--steps`, `2000`. */
  args: string[];
  /** What earlier runs asked to be remembered. */
  kept: Record<string, string>;
  /** Where the embedded list of names can be had. */
  names: string;
  /** The lecture's list of names, where the reader has given it. */
  lectureNames?: string;
}

/** A gradient's verdict and its numbers. */
export interface RowMessage {
  name: string;
  note: string;
  shape: readonly number[];
  status: Status;
  maxdiff: number | null;
  remark?: string;
  /** The learner's numbers, where there is a tensor. */
  given?: Float64Array;
  /** The shape of the learner's tensor. */
  givenShape?: readonly number[];
  /** The finite differences, where numbers were compared. */
  expected?: Float64Array;
}

/** A forward pass that gradients are compared on. */
export interface CheckMessage {
  /** Whether it is the run's first, whose graph is the exercise's. */
  first: boolean;
  /** The tensors whose gradients are to be compared. */
  names: readonly string[];
  note: string;
  /** Who feeds whom. */
  graph: Record<string, string[]>;
  /** The shape of every tensor, in order, parameters first. */
  shapes: Record<string, readonly number[]>;
}

/** How far training has come. */
export interface TrainingMessage {
  done: number;
  steps: number;
  stepsPerSecond: number;
  /** Means of log₁₀ loss over `window` steps each. */
  curve: number[];
  window: number;
}

/** A matrix that the exercise shows as a picture. */
export interface PictureMessage {
  rows: number;
  columns: number;
  values: Float64Array;
}

/** A number of a gradient that the reader asks about. */
export interface Cell {
  name: string;
  /** Its place in the tensor, dimension by dimension. */
  index: readonly number[];
  /** The learner's number. */
  given?: number;
}

/** Why it is: in words, and where the terms come from that it is a sum of. */
export interface WhyMessage extends Cell {
  text: string;
  terms: readonly { line: string; place: readonly number[] }[];
}

/** From the page to a worker: the run to do, perhaps Ctrl-C in it, and once it is over, a number to take apart. */
export type ToWorker = { kind: "run"; job: Job } | { kind: "interrupt" } | { kind: "why"; cell: Cell };

/**
 * From a worker to the page: "ready" once, when it is loaded, and all others during its run. Any of them shows that the
 * worker is alive. Of a line, `own` says that the learner's code wants it to be seen; "failed" has the error that ends a run.
 */
export type FromWorker =
  | { kind: "ready" }
  | { kind: "alive" }
  | { kind: "line"; text: string; error: boolean; own: boolean }
  | { kind: "failed"; text: string }
  | { kind: "picture"; picture: PictureMessage }
  | { kind: "progress"; text: string }
  | { kind: "checking"; check: CheckMessage }
  | { kind: "row"; row: RowMessage }
  | { kind: "training"; training: TrainingMessage }
  | { kind: "why"; why: WhyMessage }
  | { kind: "remember"; key: string; text: string }
  | { kind: "end"; code: number };
