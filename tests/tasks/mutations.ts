// Small mistakes for tests/tasks/mutants.ts to plant: a sign, an index, n − 1 for n, a dropped term, a comparison turned.
//
// By folder and file, each with the tests that have to notice it, quick ones where there is a choice. The text replaced
// stands in its file exactly once.
// Left out: a learner's mistakes in the exercises, which tests/check/mistakes.ts has; mistakes that change no result, such
// as a faster path's condition; and ones that only the lecture's names or all of exercise 4's training would show.
import { checking } from "./mutations/check.ts";
import { exercise } from "./mutations/exercise.ts";
import { kernels, plain } from "./mutations/kernels.ts";
import type { Mutation } from "./mutations/planted.ts";
import { random } from "./mutations/random.ts";
import { tensors } from "./mutations/tensor.ts";

/** All of them. */
export const mutations: readonly Mutation[] = [...kernels, ...plain, ...tensors, ...random, ...checking, ...exercise];
