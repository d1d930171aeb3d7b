// A slip in a small network.
import type { Forward } from "../../../lib/check/graph.ts";
import type { rowsOf } from "../rows.ts";

/** What it is, forward lines, the learner's lines and what is said of the last row. */
export type Slip = [what: string, forward: Forward, learner: Parameters<typeof rowsOf>[2], remark: string];
