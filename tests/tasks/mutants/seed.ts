// Runs before the tests in the copies of `deno task mutants`: random tests draw the same values every time, so
// that a planted mistake is noticed today because it was noticed yesterday.
import fc from "fast-check";

fc.configureGlobal({ seed: 1 });
