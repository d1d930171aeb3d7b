// What an exercise imports: `start`, here where Deno and Bun run it, and the flags that several exercises have.
//
//     const { seed, hidden, print, check, finish } = start(exercises, 1, flags);
//     const { tensors, cmp } = check(forward, { ...parameters, xb, yb });
//     cmp("logprobs", dlogprobs, logprobs);
//     finish({ loss });
//
// Left out: what `start` does (start.ts). The page has a `start` of its own, on its own host.
import { host } from "./host.ts";
import { type Start, startOn } from "./start.ts";

export { drawnFlag, hiddenFlag, seedFlag } from "./start.ts";

/** Begins an exercise: reads its flags, and returns what it works with. */
export const start: Start = startOn(host);
