// What a run shows, and when: as it comes into a pipe; for a learner at a terminal, folded and last.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import type { Row, Status } from "../../lib/check/check.ts";
import { Report } from "../../lib/exercise/report.ts";
import { foldedTable } from "../../lib/exercise/table.ts";
import { quietHost } from "../harness.ts";

const row = (name: string, status: Status, more: Partial<Row> = {}): Row => ({
  ...{ name, shape: [32, 64], status, maxdiff: status === "todo" ? null : 1e-3 },
  ...more,
});
const place = { file: "my/ex1.ts", line: 120, column: 1 };

/** A report in a manner, and all that it wrote. */
function reportIn(manner: "silent" | "whole" | "folded", columns = 80) {
  const host = quietHost({ terminal: true, columns: () => columns });
  return { report: new Report(host, manner), written: () => host.written.join("\n") };
}

test("into a pipe everything comes in its order, each row with its remark", () => {
  const { report, written } = reportIn("whole");
  report.say("loss");
  report.row(row("h", "wrong", { remark: "Too large." }), "todo");
  report.look([1, "two"], place);
  report.flush([row("h", "wrong")]);
  assertMatch(written(), /^loss\ngradient [^]*\ndh +\(32, 64\) +wrong +1.0e-3 +was todo\n {4}Too large\.\n1 two$/);
});

test("at a terminal the table comes when it is asked for, and below it each line's prints with the line, in order", () => {
  const { report, written } = reportIn("folded"), rows = [row("h", "ok"), row("w2", "wrong", { remark: "Too large." })];
  report.say("loss");
  assertEquals(written(), "loss");
  report.look(["before"], place);
  for (const one of rows) report.row(one, undefined);
  report.look(["one\ntwo"], { ...place, line: 121 });
  report.say("said");
  assertEquals(written(), "loss");
  report.flush(rows);
  const [head, ...below] = written().split("my/ex1.ts:120  before\n");
  assertMatch(head, /^loss\n1 right\ndw2 [^\n]*wrong[^\n]*\n {4}Too large\.\n$/);
  assertEquals(below, ["my/ex1.ts:121\none\ntwo\nsaid"]);
  report.flush(rows);
  report.look(["after"], place);
  assert(written().endsWith("said\nafter"), "a second table, or a print held back for ever");
});

test("with --json nothing is shown, whoever says it", () => {
  const { report, written } = reportIn("silent");
  report.say("loss");
  report.row(row("h", "wrong"), undefined);
  report.look([1], place);
  report.flush([row("h", "wrong")]);
  assertEquals(written(), "");
});

const screen = (columns: number) => ({ colour: false, columns: () => columns });
const before = (verdicts: Record<string, Status>) => ({ name }: Row) => verdicts[name];

test("the folded table counts what is right, follows or is to do, and shows what is wrong and what turned right", () => {
  const rows = [
    row("a", "ok"),
    row("b", "ok", { remark: "Always zero." }),
    row("c", "wrong", { remark: "Twice." }),
    row("d", "follows"),
    row("e", "todo"),
    row("f", "todo"),
  ];
  assertEquals(
    foldedTable(rows, before({ b: "todo" }), screen(80), 20).split("\n").map((line) => line.replaceAll(/ +/g, " ")),
    [
      "2 right",
      "db (32, 64) ok 1.0e-3 was todo",
      " Always zero.",
      "dc (32, 64) wrong 1.0e-3",
      " Twice.",
      "1 follows from those: dd",
      "2 to do: de, df",
    ],
  );
  assert(!foldedTable(rows, before({}), screen(80), 20).includes("Always zero"), "said at every save");
});

test("of many rows that turned right only the names are listed, and those that had only followed are left out", () => {
  const rows = [..."abcdef"].map((name) => row(name, "ok"));
  const all = (was: Status) => foldedTable(rows, () => was, screen(80), 20);
  assertEquals(all("wrong"), "6 right, new: da, db, dc, dd, de, df");
  assertEquals(all("follows"), "6 right");
});

test("where the screen is low, the first wrong row keeps its sentences, and the others are named", () => {
  const rows = [..."abcdef"].map((name) => row(name, "wrong", { remark: `${name} is twice too large.` }));
  const folded = foldedTable(rows, before({}), screen(80), 6), lines = folded.split("\n");
  assert(lines.length <= 7, folded);
  assertStringIncludes(folded, "a is twice too large.");
  assertMatch(folded, /Wrong as well, explained with --all: .*df\.$/);
  assertEquals(foldedTable(rows, before({}), screen(80), 40).split("\n").length, 12);
});

test("the same gradient in other settings is one line, with where it is wrong", () => {
  const notes = ["n=2", "n=5", "n=32"],
    at = (...statuses: Status[]) =>
      foldedTable(statuses.map((status, i) => row("h", status, { note: notes[i] })), before({}), screen(80), 20);
  assertEquals(at("ok", "ok", "ok"), "dh in 3 other settings: right");
  assertEquals(at("todo", "todo", "todo"), "dh in 3 other settings: todo");
  assertEquals(at("ok", "wrong", "wrong"), "dh in 3 other settings: 1 right, wrong at n=5, n=32");
});

test("no line of a folded table is wider than the screen, from 40 columns on", () => {
  const names = ["dh", "counts_sum_inv", "logit_maxes", "bndiff2"];
  const one = fc.record({
    name: fc.constantFrom(...names),
    status: fc.constantFrom<Status>("ok", "wrong", "shape", "todo", "follows", "given"),
    remark: fc.constantFrom(undefined, "Every element is 32 times too large: divide by n, as the loss is a mean."),
    note: fc.constantFrom(undefined, "n=257 eps=1e-5"),
  });
  fc.assert(fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: 40, max: 100 }), (rows, columns) => {
    const all = rows.map(({ name, status, ...more }) => row(name, status, more));
    for (const was of [undefined, "wrong"] as const) {
      for (const line of foldedTable(all, () => was, screen(columns), 12).split("\n")) {
        assert(line.length <= columns, `${line.length} of ${columns}: ${line}`);
      }
    }
  }));
});
