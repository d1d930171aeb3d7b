// How often a random test draws.
import fc from "fast-check";

/** `n` draws in the gate, which seeds them (seed.ts); a quarter of them when `deno test` draws new values each time. */
export const runs = (n: number): { numRuns: number } => ({
  numRuns: fc.readConfigureGlobal()?.seed === undefined ? Math.ceil(n / 4) : n,
});
