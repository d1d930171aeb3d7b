// Loaded before the tests of the gate: random tests draw the same values every time, so that what passes or is noticed today
// does tomorrow, and all of them. `deno test` without it draws new ones, a quarter as many, and prints the seed when one fails.
import fc from "fast-check";

fc.configureGlobal({ seed: 1, numRuns: 100 });
