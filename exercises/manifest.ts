// The exercises: one list, which the command line, the blanks, the page and the tests read. Adding an exercise is a file,
// and here an entry and its source.
import { chapters, gradients, moments } from "../data/lecture_times.ts";
import type { Manifest, Sources } from "../lib/exercise/manifest.ts";
import { hints } from "./hints.ts";

const { dh, dw2, db2, dhpreact, dbngain, dbnbias, dembcat, dw1, db1, demb, dC } = gradients;

/** The exercises, in the order in which they are done. */
export const exercises: Manifest = [
  {
    id: 1,
    title: "backprop through every atom",
    file: "ex1.ts",
    at: chapters.exercise1,
    gradients,
    moments,
    hints: hints[1],
  },
  {
    id: 2,
    title: "cross-entropy in one go",
    file: "ex2.ts",
    at: chapters.exercise2,
    gradients: { dlogits: [chapters.exercise2] },
    hints: hints[2],
  },
  {
    id: 3,
    title: "batchnorm in one go",
    file: "ex3.ts",
    at: chapters.exercise3,
    gradients: { dhprebn: [chapters.exercise3] },
    hints: hints[3],
  },
  {
    id: 4,
    title: "train the network with our own backward pass",
    file: "ex4.ts",
    at: chapters.exercise4,
    // Where each was worked out: exercise 4 only puts them together.
    gradients: {
      ...{ dlogits: [chapters.exercise2], dh, dw2, db2, dhpreact, dbngain, dbnbias },
      ...{ dhprebn: [chapters.exercise3], dembcat, dw1, db1, demb, dC },
    },
    hints: hints[4],
  },
];

/** The sources by file, as text. They stand apart from the list so that the page's worker need not carry them. */
export const sources: Sources = {
  "ex1.ts": () => import("./ex1.ts", { with: { type: "text" } }),
  "ex2.ts": () => import("./ex2.ts", { with: { type: "text" } }),
  "ex3.ts": () => import("./ex3.ts", { with: { type: "text" } }),
  "ex4.ts": () => import("./ex4.ts", { with: { type: "text" } }),
};
