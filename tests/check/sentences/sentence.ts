// How a sentence is written.

/** The row, the wrong code, and the remark. */
export type Sentence = readonly [row: string, code: string, remark: string];
