// Mistakes as learners make them: each of the list is told in its own words, and nothing below it is accused.
// `deno test` leaves this out, since it takes long: `deno task diagnosis` runs it. After a change of what is said,
// `deno run --allow-write=tests/check/mistakes tests/check/write_mistakes.ts` writes the list again, to be read before it is
// committed.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Course } from "./lesson.ts";
import { mistakes } from "./mistakes.ts";

const plain = (name: string) => name.replace("+", "");

test("the list has at least 550 mistakes, in every gradient of every exercise", () => {
  assert(mistakes.reduce((count, [, , list]) => count + list.length, 0) >= 550);
  for (const [, make, list] of mistakes) {
    assertEquals(new Set(make().code.map(([name]) => plain(name))), new Set(list.map(([row]) => plain(row))));
  }
});

test("of every hundred mistakes at least 96 are named, and not only shown in numbers", () => {
  const all = mistakes.flatMap(([, , list]) => list.map(([, , remark]) => remark));
  const shown = all.filter((remark) => /elements are off|^Wrong shape|^Right but for/.test(remark));
  assert(shown.length <= 0.04 * all.length, `${shown.length} of ${all.length} are not named.`);
});

test("no remark has more than 40 words", () => {
  const long = mistakes.flatMap(([, , list]) => list).filter(([, , remark]) => remark.split(/\s+/).length > 40);
  assertEquals(long, []);
});

for (const [file, make, list] of mistakes) {
  const course = new Course(make());

  test(`right gradients of ${file} are all ok`, () => {
    assertEquals(course.rows.filter(({ status }) => status !== "ok"), []);
  });

  test(`every mistake of the list in ${file} is told in its own words, and none accuses another row`, () => {
    const other: string[] = [], accused: string[] = [];
    for (const [row, code, expected] of list) {
      const rows = course.play({ [row]: code }), at = rows.findIndex(({ name }) => name === plain(row));
      const { status, remark } = rows[at];
      if (remark !== expected || (status !== "wrong" && status !== "shape")) {
        other.push(`d${row} = ${code}\n    ${status}: ${remark}\n    expected: ${expected}`);
      }
      for (const below of rows.slice(at + 1)) {
        if (below.status === "follows" || (below.status === "ok" && !below.remark?.startsWith("Right with"))) continue;
        accused.push(`d${row} = ${code}: d${below.name} ${below.status}: ${below.remark}`);
      }
    }
    assertEquals(other, []);
    assertEquals(accused, []);
  });
}
