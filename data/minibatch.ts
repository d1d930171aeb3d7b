// The lecture's minibatch for exercises 1–3: three characters of context → the character that follows. `.` means the
// start or the end of a name. The order is the lecture's, read line by line.
//
// The lecture draws these 32 examples out of 182,625 with the generator that made its parameters. If the lecture's names
// are here, a test draws them again.
import { CHARACTERS } from "./dataset.ts";

const TABLE = `
  aad → h   rna → n   kei → o   ..a → v   lon → .   .qa → s   ..m → i   mma → n
  hyl → e   ..z → a   von → t   smi → c   ... → h   .de → n   eni → l   ree → .
  .da → k   ara → .   ... → z   .el → i   .ja → y   ina → .   ... → a   ..r → a
  tea → g   .ko → r   ..g → i   .re → c   zer → e   ..n → i   cen → .   .ro → r
`;

/** The minibatch's size: 32. */
export const batch_size = 32;

const examples = [...TABLE.matchAll(/(\S{3}) → (\S)/g)];

/** The contexts as character numbers, (32, 3), row by row. */
export const xb: readonly number[] = examples.flatMap(([, context]) => [...context].map((c) => CHARACTERS.indexOf(c)));

/** The number of the character after each context, (32). */
export const yb: readonly number[] = examples.map(([, , next]) => CHARACTERS.indexOf(next));
