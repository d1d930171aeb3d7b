// How often a random test draws.
import fc from "fast-check";

/** `n` draws in the gate, where seed.ts asks for all hundred percent; a quarter of them elsewhere. */
export const runs = (n: number): { numRuns: number } => ({
  numRuns: Math.ceil(n * (fc.readConfigureGlobal()?.numRuns ?? 25) / 100),
});
