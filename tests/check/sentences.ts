// Mistakes and what is said of each, word for word: at least one of each kind that lib/check/diagnosis tells.
import { exercise1, exercise2, exercise3, exercise4, type Lesson } from "./lesson.ts";
import { sentences as first } from "./sentences/exercise1.ts";
import { sentences as second } from "./sentences/exercise2.ts";
import { sentences as third } from "./sentences/exercise3.ts";
import { sentences as fourth } from "./sentences/exercise4.ts";
import type { Sentence } from "./sentences/sentence.ts";

/** All of them, by exercise. */
export const sentences: [number, (hidden?: number) => Lesson, readonly Sentence[]][] = [
  [1, exercise1, first],
  [2, exercise2, second],
  [3, exercise3, third],
  [4, exercise4, fourth],
];
