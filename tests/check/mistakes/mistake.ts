// How a mistake is written, and words that many remarks share.

/** The row, the wrong code, and words that the remark must contain; of words separated by |, one is enough. */
export type Mistake = readonly [row: string, code: string, ...words: string[]];

export const SIGN = "wrong sign";
export const CHAIN = "is missing: chain rule";
export const TWO = "gets two terms";
