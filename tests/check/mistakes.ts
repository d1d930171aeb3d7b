// Mistakes as learners make them, in each of the four exercises, with words that the remark on each must contain.
import { exercise1, exercise2, exercise3, exercise4, type Lesson } from "./lesson.ts";
import { mistakes as first } from "./mistakes/exercise1.ts";
import { mistakes as second } from "./mistakes/exercise2.ts";
import { mistakes as third } from "./mistakes/exercise3.ts";
import { mistakes as fourth } from "./mistakes/exercise4.ts";
import type { Mistake } from "./mistakes/mistake.ts";

/** All of them, by exercise. */
export const mistakes: [number, (hidden?: number) => Lesson, readonly Mistake[]][] = [
  [1, exercise1, first],
  [2, exercise2, second],
  [3, exercise3, third],
  [4, exercise4, fourth],
];
