// Mistakes in the random numbers.
import { type Mutation, planted } from "./planted.ts";

export const random: readonly Mutation[] = [
  ...planted("lib/random/mt19937.ts", {
    "random/random": [
      ["M = 397", "M = 396"],
      ["0x9908b0df : 0", "0 : 0x9908b0df"],
      ["1566083941)) - i;", "1566083941)) + i;"],
    ],
  }),
  ...planted("lib/random/generator.ts", {
    "random/random": [
      ["& 0xffffff)", "& 0x7fffff)"],
      ["start + 16 <= n", "start + 16 < n"],
      ["this.#spareNormal = r * Math.sin(theta);", "this.#spareNormal = r * Math.cos(theta);"],
    ],
  }),
  ...planted("lib/random/python.ts", {
    "random/random": [
      ["this.#mt.next() >>> (32 -", "this.#mt.next() >>> (31 -"],
      ["this.#below(i + 1)", "this.#below(i)"],
    ],
  }),
  ...planted("lib/random/multinomial.ts", {
    "random/random": [
      ["round(p / q)", "round(p * q)"],
      ["if (ratio > best) {", "if (ratio < best) {"],
    ],
  }),
  ...planted("lib/random/box_muller.ts", {
    "random/random": [
      [">> 23) - 126", ">> 23) - 127"],
      ["f(y - z / 2)", "f(y + z / 2)"],
      ["+ 1) & ~1", "+ 0) & ~1"],
      ["-3.77489497744594108e-8", "-3.77489497744594108e-7"],
    ],
  }),
];
