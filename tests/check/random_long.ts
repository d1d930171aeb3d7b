// Random numbers in place of a gradient, or on top of it: no cause is invented for them.
// `deno test` leaves this out, since each takes the whole search: `deno task diagnosis`.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import type { Row } from "../../lib/check/check.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import { numel } from "../../lib/tensor/shape.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { Course, exercise1, exercise2, exercise3, noise } from "./lesson.ts";

/** What claims no cause: the numbers side by side, or where they are. */
const CLAIMS_NOTHING =
  /elements are off|^Only the element at|^Right but for|^Right (only|everywhere)|^Little more than/;

/** The remark on other numbers in a right row; undefined if they are as good as the right ones. */
function explained(
  course: Course,
  explainer: Explainer,
  { name, shape }: Row,
  numbers: readonly number[],
): string | undefined {
  const given = tensor(numbers, { shape, dtype: "float64" }), row = course.verdict(name, given);
  const earlier = course.rows.slice(0, course.rows.findIndex((other) => other.name === name));
  return row.status === "ok" ? undefined : explainer.explain(row, given, earlier).text;
}

for (const [exercise, lesson] of [[1, exercise1], [2, exercise2], [3, exercise3]] as const) {
  const course = new Course(lesson(3)), explainer = new Explainer(course.check);
  const anyRow = fc.constantFrom(...course.rows.filter(({ shape }) => numel(shape) >= 3)), anySeed = fc.nat(1e6);

  test(`right gradients of exercise ${exercise} are all ok`, () => {
    assertEquals(course.rows.filter(({ status }) => status !== "ok"), []);
  });

  test(`random numbers in place of a gradient of exercise ${exercise} get no invented cause`, () => {
    fc.assert(
      fc.property(anyRow, anySeed, (row, seed) => {
        assertStringIncludes(explained(course, explainer, row, noise(numel(row.shape), seed))!, "elements are off");
      }),
      { numRuns: 30 },
    );
  });

  test(`right numbers of exercise ${exercise} with noise on them get no invented cause`, () => {
    fc.assert(
      fc.property(anyRow, anySeed, fc.constantFrom(1e-3, 0.1), (row, seed, by) => {
        const right = Array.from(row.given!.toArray()), rough = noise(right.length, seed);
        const said = explained(course, explainer, row, right.map((x, i) => x * (1 + by * rough[i]))); // none for a gradient of zeros
        assert(!said || CLAIMS_NOTHING.test(said), `${row.name}: ${said}`);
      }),
      { numRuns: 30 },
    );
  });
}
