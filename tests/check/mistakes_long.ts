// Mistakes as learners make them: each of the list is named in words, and nothing below it is accused.
// `deno test` leaves this out, since it takes long; one of each kind is in sentences_long.ts. `deno task diagnosis` runs it.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { Course } from "./lesson.ts";
import { mistakes } from "./mistakes.ts";

test("the list has at least 150 mistakes, in every gradient of every exercise", () => {
  assert(mistakes.reduce((count, [, , list]) => count + list.length, 0) >= 150);
  for (const [, make, list] of mistakes) {
    const plain = (name: string) => name.replace("+", "");
    assertEquals(new Set(make().code.map(([name]) => plain(name))), new Set(list.map(([row]) => plain(row))));
  }
});

for (const [exercise, make, list] of mistakes) {
  const course = new Course(make());

  test(`right gradients of exercise ${exercise} are all ok`, () => {
    assertEquals(course.rows.filter(({ status }) => status !== "ok"), []);
  });

  test(`every mistake of the list in exercise ${exercise} is named in words, and none accuses another row`, () => {
    const unnamed: string[] = [], accused: string[] = [];
    for (const [row, code, ...words] of list) {
      const rows = course.play({ [row]: code }), at = rows.findIndex(({ name }) => name === row.replace("+", ""));
      const { status, remark = "" } = rows[at];
      const named = (status === "wrong" || status === "shape") &&
        words.every((word) => word.split("|").some((one) => remark.includes(one)));
      if (!named) unnamed.push(`d${row} = ${code}\n    ${status}: ${remark}`);
      for (const other of rows.slice(at + 1)) {
        if (other.status === "ok" || other.status === "follows") continue;
        accused.push(`d${row} = ${code}: d${other.name} ${other.status}: ${other.remark}`);
      }
    }
    assertEquals(unnamed, []);
    assertEquals(accused, []);
  });
}

test("one free number explains nothing: a term that is one number everywhere, a factor nobody would write, a close twin", () => {
  const course = new Course(mistakes[0][1]());
  const told = (row: string, code: string) =>
    course.play({ [row]: code }, row.replace("+", "")).find(({ name }) => name === row.replace("+", ""))!.remark!;
  const sum = told("counts+", "dcounts.add_(dcounts_sum.sum())");
  assertStringIncludes(sum, "The term through counts_sum is one number everywhere, the sum of all of dcounts_sum");
  const factor = told("bndiff+", "dbndiff.add_(bndiff.mul(3).mul(dbndiff2))");
  assertStringIncludes(factor, "The term through bndiff2 is 1.5 times what it should be");
  for (const x of ["hpreact", "bnraw"]) {
    assertStringIncludes(told("hpreact", `${x}.pow(-1).mul(dh)`), `You multiply by 1/${x};`);
    assertStringIncludes(told("hpreact", `${x}.pow(-2).mul(dh)`), `You multiply by ${x}⁻²;`);
  }
});
