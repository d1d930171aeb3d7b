// The exercises: one list, which the command line, the blanks, the page and the tests read. Adding an exercise is a file,
// an entry here, and its text in sources.ts.
import { chapters, gradients, moments } from "../data/lecture_times.ts";
import type { Hints } from "../lib/exercise/hints.ts";
import type { Manifest } from "../lib/exercise/manifest.ts";
import { beyondHints } from "./beyond/hints.ts";
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
    notes: [
      "Where this differs from the lecture's notebook:",
      "",
      "    Shapes are strict: (64) is not (1, 64). The notebook's cmp broadcasts, so its own db2 with keepdim=True, and",
      "    dbnmeani = (-dbndiff).sum(0) without, are True there; here their rows say shape.",
      "    All is float64 and compared with finite differences, so no row is exact: a right one differs by 1e-8 or less.",
      "    A row that is right says ok, which is the notebook's approximate.",
      "    bngain is 1.1 and bnbias 0. The video draws them at random: run it with --drawn for that.",
      "    w1 and w2 are the notebook's W1 and W2. Its digits are others: it draws without a seed.",
    ],
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
    notes: [
      "Step by step: cmp checks your steps as well, where you compute them. These rows are extra, and cost nothing:",
      "",
      '    cmp("bnraw", dbnraw);   cmp("bnvar", dbnvar);   cmp("bnmean", dbnmean);',
    ],
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
  {
    id: "layernorm",
    title: "LayerNorm, in atoms and in one go",
    file: "beyond/layernorm.ts",
    gradients: untimed(beyondHints.layernorm),
    notes: [
      "Beyond the lecture: batchnorm's seven steps along the other dimension, then one formula. Do exercises 1 and 3 before.",
      "What each example has once is (32, 1) here; the gain and the bias are (64).",
    ],
    hints: beyondHints.layernorm,
  },
  {
    id: "attention",
    title: "one causal head of attention, every gradient",
    file: "beyond/attention.ts",
    gradients: untimed(beyondHints.attention),
    notes: [
      "Beyond the lecture: (4, 8, 12) is four sequences of eight positions. matmul takes each sequence by itself,",
      "t.transpose(1, 2) exchanges the last two dimensions, and t.sum([0, 1]) sums over the first two.",
    ],
    hints: beyondHints.attention,
  },
];

/** Gradients that no second of the lecture is about, by their hints. */
function untimed(hints: Hints): Record<string, readonly number[]> {
  return Object.fromEntries(Object.keys(hints).map((dname) => [dname, []]));
}
