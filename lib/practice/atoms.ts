// The atoms that a practice network is put together from. An atom is a kind of line: it makes the line and what that sends back.
//
// An atom is text in a learner's notation, forward and backward. What it takes to choose the next atom sensibly is estimated
// in plain numbers, not measured, so that a seed gives the same network on every machine.
// Left out: the atoms themselves (functions.ts, pairs.ts, parts.ts, losses.ts), and their order (network.ts).
import type { Tensors } from "../check/graph.ts";
import type { Shape } from "../tensor/shape.ts";

/** A tensor of a network under construction. */
export interface Value {
  /** Its name in the code. */
  name: string;
  /** Its sizes. */
  shape: Shape;
  /** How large its elements are, roughly. */
  size: number;
  /** How small the smallest is, roughly, where all are above zero, so that a root or a logarithm is safe; 0 elsewhere. */
  least: number;
  /** Whether rows may be alike, so that a largest one along them would not be unique. */
  repeated: boolean;
}

/** What a line sends back to one of the tensors it reads. */
export interface SentBack {
  /** That tensor. */
  to: string;
  /** Its part of the gradient, in code. */
  code: string;
  /** The rule behind it, in words. */
  rule: string;
}

/** A forward line. */
export interface Line {
  /** Its right-hand side. */
  code: string;
  /** The shape of what it makes. */
  shape: Shape;
  /** As of a Value: how large what it makes is. */
  size: number;
  /** As of a Value; 0 if left out. */
  least?: number;
  /** As of a Value; false if left out. */
  repeated?: boolean;
  /** What it sends back, for each tensor that it reads. */
  sent: readonly SentBack[];
  /** How far the numbers are from a corner, where there would be two slopes: |x| has one at 0, a maximum at a tie. */
  corner?: (tensors: Tensors) => number;
}

/** An atom's choices and its further operands. */
export interface Draw {
  /** One of these. */
  pick<T>(list: readonly T[]): T;
  /** A new parameter. */
  leaf(shape: Shape, options?: { positive?: boolean; size?: number }): Value;
  /** The name of a new list of indices below `high`: as text, it is a tensor of this shape. No row has one twice. */
  indices(shape: Shape, high: number): string;
  /** An earlier tensor that fits, if there is one. */
  earlier(fits: (value: Value) => boolean): Value | undefined;
  /** A size of a dimension that is not in use yet. */
  fresh(): number;
}

/** A kind of line: makes the line `y` out of tensor `a`, or nothing where it would not be sensible. */
export interface Atom {
  /** From which level on it comes up. */
  level: number;
  /** The line. */
  make(a: Value, y: string, draw: Draw): Line | undefined;
}

/** Whether a logarithm or a root of it is safe. */
export const isPositive = (a: Value): boolean => a.least >= 0.02;

/** Whether it is so far from zero that one may divide by it. */
export const isApart = (a: Value): boolean => a.least >= 0.2;

/** Whether it is a matrix and neither a row nor a column. */
export const isMatrix = ({ shape }: Value): boolean => shape.length === 2 && shape[0] > 1 && shape[1] > 1;

/** The rule of every line that broadcasts. */
export const BROADCAST = "What is broadcast forward is summed backward.";
