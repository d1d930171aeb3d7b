// How a mistake is written.

/** The row, the code that a learner wrote there, and what is said of it, word for word. */
export type Mistake = readonly [row: string, code: string, remark: string];
