// What a change is, what it may be made of, and how far it is from what was written: of several that make a row right, the
// nearest is told.
import type { Shape } from "../../tensor/shape.ts";
import type { Argument, Formula, Step } from "../formula/formula.ts";
import type { Site } from "./places.ts";

/** What a change does. */
export type Kind =
  | "instead" // another tensor, or what the rule has there
  | "leftOut" // a step less
  | "everywhere" // the same change of each step that does the same
  | "putIn" // a step more: of what stands there alone, or with another tensor
  | "term" // what a line sends back, added
  | "operation" // another operation on the same operands
  | "argument" // another number, dimension, option or index
  | "factor" // another factor, or the same the other way round
  | "order" // two steps in the other order
  | "bracket" // x ∘ (y • z) for (x ∘ y) • z
  | "early" // summed before it is multiplied
  | "late" // multiplied after it is summed
  | "accumulate" // added instead of put
  | "swap" // two tensors exchanged
  | "turns" // another index in every turn of a loop
  | "again"; // added several times

/** What a loop does otherwise in its turns, as text: what stands there, and what belongs there. */
export interface Turned {
  readonly says: "leaves out" | "instead" | "index" | "indices" | "runs" | "too much";
  readonly code: string;
  readonly was: string;
  readonly is: string;
}

/** A change of a formula at a place. */
export interface Change {
  readonly kind: Kind;
  readonly site: Site;
  /** What belongs there. */
  readonly by: Formula;
  /** What was added, or what stood there: the tensor put in, the operand left out. */
  readonly other?: Argument;
  /** The change of one of several, and how many they are. */
  readonly each?: Change;
  readonly times?: number;
  readonly turned?: Turned;
  readonly cost: number;
}

/** Makes a change at a place. */
export type Make = (kind: Kind, by: Formula, cost: number, other?: Argument) => Change;

/** A formula that may belong somewhere. */
export interface Offer {
  readonly formula: Formula;
  readonly shape: Shape;
  readonly isMask: boolean;
  /** Of the lines around, or a gradient from right above. */
  readonly close: boolean;
  /** A piece of the derived backward formula, which has no name. */
  readonly slope: boolean;
  /** How much farther it is than others of its kind. */
  readonly more: number;
}

/** A multiplication by a number, or a division. */
export interface NumberStep {
  readonly op: "mul" | "div";
  readonly by: number;
  /** Whether a forward line has it. */
  readonly isWritten: boolean;
}

/** All that changes may be made of. */
export interface Offers {
  readonly tensors: readonly Offer[];
  /** The sizes around, and numbers that somebody may mean: these and what is made of them. */
  readonly sizes: readonly number[];
  readonly numbers: readonly number[];
  /** Numbers that the lines around have, and their backward formulas. */
  readonly lineNumbers: readonly number[];
  /** Numbers that the backward formulas multiply or divide by. */
  readonly factors: readonly NumberStep[];
  /** Index lists and tensors that the forward pass's lines and the backward formulas use. */
  readonly indices: readonly Argument[];
  /** Pairs of indices that the forward pass picks elements by. */
  readonly picks: readonly (readonly Argument[])[];
  /** What the lines pick of tensors: one along a dimension, at(":", 2), and several, "2:5". */
  readonly parts: readonly (readonly Argument[])[];
  readonly slices: readonly string[];
  /** The operations of the lines around. */
  readonly functions: ReadonlySet<string>;
  /** The steps of the backward formulas. */
  readonly steps: readonly Step[];
  /** Those of the lines that have several numbers: clamp(0.8, 1.2). */
  readonly calls: readonly Step[];
  /** What each line sends back, and whether there are several lines. */
  readonly terms: readonly Formula[];
  readonly isSum: boolean;
  /** Whether changes of a whole array are offered, as loops make them. */
  readonly arrays?: boolean;
  /** The shape that the whole has to have. */
  readonly shape: Shape;
}

/** Whether it picks several along a dimension: "2:5". */
export const isSlice = (argument: Argument): argument is string => typeof argument === "string" && argument.length > 1;

/** What each kind of change costs. A change deep in a formula costs a little more for each step above it. */
export const COSTS = {
  /** A factor of −1. */
  sign: 0.8,
  /** How much farther it is inside a function. */
  inFunction: 0.35,
  /** Another number, dimension, exponent or option of a step. */
  argument: 0.85,
  /** How much farther another number is: one of the lines around, one made of sizes, or any other. */
  likelyNumber: 0.06,
  sizeNumber: 0.14,
  anyNumber: 0.25,
  /** How much farther another list of indices is. */
  index: 0.05,
  /** A step left out. */
  leftOut: 0.9,
  /** Another operation on the same operands. */
  operation: 0.92,
  /** How much farther it is where the other is one along a dimension. */
  softmax: 0.2,
  /** A term that a line sends back, added. */
  term: 0.95,
  /** A factor that is a plain number. */
  factor: 1,
  /** A number of the line that is missing as a factor, inside a function or of one term. */
  number: 1.06,
  /** A tensor of the lines around for another, a gradient for another. */
  closeTensor: 1,
  /** Any other tensor. */
  tensor: 1.1,
  /** What the rule for the line has there. */
  slope: 1.15,
  /** How much farther any of these is for a constant, a slope for another calculation, a name for a whole calculation. */
  forConstant: 0.1,
  slopeForStep: 0.15,
  nameForStep: 0.4,
  /** How much farther a divisor is than a factor. */
  divisor: 0.15,
  /** A step of the backward formula that is missing around its operand. */
  rule: 1.12,
  /** A step put in: −x, a sum, another shape. */
  putIn: 1.1,
  /** A step put in that changes the numbers one by one: a power, e to the power. */
  elementwise: 1.2,
  /** The same, where a line around has it. */
  function: 1.08,
  /** The gradient from above, where the formula has none. */
  chainRule: 1.01,
  /** A factor or a divisor put in: the gradient from above, or a tensor of the lines around. */
  closeFactor: 1.04,
  factorPutIn: 1.25,
  /** Another factor, and at the same time the other way round. */
  factorExchanged: 1.3,
  /** Two steps exchanged, a bracket elsewhere, a sum too early. */
  order: 1.05,
  /** How much farther it is where a factor of one term becomes one of all: the others rather lack it. */
  ofTerm: 0.035,
  /** Another index in every turn of a loop: one that runs there already or is the data's; any other. */
  turns: 0.95,
  turnsFar: 1,
  /** How much farther it is where there are two, which may be no loop. */
  fewTurns: 0.2,
  /** A turn more. */
  turn: 0.97,
  /** A whole array displaced, turned round, or only a part of it. */
  array: 1.15,
  /** A summand that is there several times, and belongs there once. */
  again: 0.75,
  /** For each step between the change and the root. */
  depth: 0.005,
  /** Where a formula is right only because the gradients from above hang together. */
  notFree: 0.3,
  /** What costs less is told without looking further. */
  plausible: 1.16,
  /** What costs more is told only if nothing simpler is known. */
  far: 1.5,
  /** Beside another change: anything, the sign, a factor that is none of the network's numbers. */
  second: 0.3,
  opposite: 0.21,
  oddFactor: 0.45,
} as const;
