// How far a change is from what was written: of several that make a row right, the nearest is told.

/** What each kind of change costs. A change deep in a formula costs a little more for each step above it. */
export const COSTS = {
  /** A factor of −1. */
  sign: 0.8,
  /** Another number, dimension, exponent or option of a step. */
  argument: 0.85,
  /** A step left out. */
  leftOut: 0.9,
  /** Another operation on the same operands. */
  operation: 0.92,
  /** A term that a line sends back, added. */
  term: 0.95,
  /** A factor that is a plain number. */
  factor: 1,
  /** A tensor of the lines around for another, a gradient for another. */
  closeTensor: 1,
  /** Any other tensor. */
  tensor: 1.1,
  /** What the rule for the line has there. */
  slope: 1.15,
  /** A step put in: −x, a sum, another shape. */
  putIn: 1.1,
  /** A step put in that changes the numbers one by one: a power, e to the power. */
  elementwise: 1.2,
  /** A factor or a divisor put in: the gradient from above, or a tensor of the lines around. */
  closeFactor: 1.02,
  factorPutIn: 1.25,
  /** Another factor, and at the same time the other way round. */
  factorExchanged: 1.3,
  /** Two steps exchanged, a bracket elsewhere, a sum too early. */
  order: 1.05,
  /** A whole array displaced, turned round, or only a part of it. */
  array: 1.15,
  /** A summand put in. */
  summand: 1.5,
  /** For each step between the change and the root. */
  depth: 0.01,
  /** Where a formula is right only because the gradients from above hang together. */
  notFree: 0.3,
  /** For everywhere instead of one place. */
  everywhere: 0.005,
  /** What costs less is told without looking further. */
  plausible: 1.1,
  /** Beside another change. */
  second: 0.3,
} as const;
