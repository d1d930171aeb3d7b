// The remark on any gradient of exercise 1, checked for what every remark has to be: a sentence.
import { assertFalse, assertMatch } from "@std/assert";
import type { Row } from "../../lib/check/check.ts";
import { explain } from "../../lib/check/judge.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { Course, exercise1 } from "./lesson.ts";

/** Exercise 1 with three neurons, where a remark takes little time. */
export const course: Course = new Course(exercise1(3));

/** The remark on one gradient, with right rows above except for those given. */
export function explained(name: string, given: unknown, above: Record<string, unknown> = {}): Row | undefined {
  using _ = scratch();
  const earlier: Row[] = [];
  for (const row of course.rows.slice(0, course.rows.findIndex((row) => row.name === name))) {
    earlier.push(row.name in above ? explain(course.check, course.verdict(row.name, above[row.name]), earlier) : row);
  }
  const row = explain(course.check, course.verdict(name, given), earlier);
  if (row.status === "ok") return undefined;
  assertMatch(row.remark!, /^[A-Z0-9dΣe−a-z][^\n]*[.?]$/);
  assertFalse(/undefined|NaN times|Infinity|\.\.|\?\./.test(row.remark!), row.remark);
  return row;
}

/** The elements of the right gradient. */
export const elementsOf = (name: string): number[] =>
  Array.from(course.rows.find((row) => row.name === name)!.given!.toArray());

/** Elements in the shape of a gradient. */
export const like = (name: string, elements: ArrayLike<number>): Tensor =>
  tensor(elements, { shape: course.check.values[name].shape, dtype: "float64" });
