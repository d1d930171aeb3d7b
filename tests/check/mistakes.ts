// Mistakes as learners make them, in each of the exercises, with the remark that each must get.
import { attention, layernorm, layernormInOneGo } from "./beyond_lessons.ts";
import { exercise1, exercise2, exercise3, exercise4, type Lesson } from "./lesson.ts";
import { mistakes as first } from "./mistakes/exercise1.ts";
import { mistakes as second } from "./mistakes/exercise2.ts";
import { mistakes as third } from "./mistakes/exercise3.ts";
import { mistakes as fourth } from "./mistakes/exercise4.ts";
import { mistakes as head } from "./mistakes/attention.ts";
import { mistakes as atoms } from "./mistakes/layernorm.ts";
import { mistakes as oneGo } from "./mistakes/layernorm_in_one_go.ts";
import type { Mistake } from "./mistakes/mistake.ts";

/** All of them, by exercise and by the name of the file in mistakes/ that has them. */
export const mistakes: [string, (hidden?: number) => Lesson, readonly Mistake[]][] = [
  ["exercise1", exercise1, first],
  ["exercise2", exercise2, second],
  ["exercise3", exercise3, third],
  ["exercise4", exercise4, fourth],
  ["layernorm", layernorm, atoms],
  ["layernorm_in_one_go", layernormInOneGo, oneGo],
  ["attention", attention, head],
];
