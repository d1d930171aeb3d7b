// The exercises' sources as text: what blanks are made from. No exercise imports this file. It would import itself as text,
// which Deno before 2.8 refuses before a line has run, so nothing could say which version is needed.
// Left out: what the list of exercises says of them (manifest.ts).
import type { Sources } from "../lib/exercise/manifest.ts";

/** The sources by file, as text. */
export const sources: Sources = {
  "ex1.ts": () => import("./ex1.ts", { with: { type: "text" } }),
  "ex2.ts": () => import("./ex2.ts", { with: { type: "text" } }),
  "ex3.ts": () => import("./ex3.ts", { with: { type: "text" } }),
  "ex4.ts": () => import("./ex4.ts", { with: { type: "text" } }),
  "beyond/layernorm.ts": () => import("./beyond/layernorm.ts", { with: { type: "text" } }),
  "beyond/attention.ts": () => import("./beyond/attention.ts", { with: { type: "text" } }),
};
