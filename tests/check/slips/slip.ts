// A slip in a small network, and what several of them have.
import { tensor } from "../../../lib/tensor/creation.ts";
import { where } from "../../../lib/tensor/functional.ts";
import type { Forward } from "../../../lib/check/graph.ts";
import type { rowsOf } from "../rows.ts";

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export type Slip = [what: string, forward: Forward, learner: Parameters<typeof rowsOf>[2], remark: string];

/** For each column another. */
export const WEIGHTS = tensor([1, 2, 3], { dtype: "float64" });

/** Two branches: a parabola up to 0.7, a straight line beyond. */
export const HUBER: Forward = {
  y: ({ a }) => where(a.abs().le(0.7), a.pow(2).mul(0.5), a.abs().sub(0.35).mul(0.7)),
  loss: ({ y }) => y.mul(WEIGHTS).sum(),
};
