// The table: its lines, its foot, and that both stay within 80 columns.
import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import type { Row, Status } from "../../lib/check/check.ts";
import { nextOf, tableFoot, tableHead, tableLine } from "../../lib/exercise/table.ts";

const statuses: readonly Status[] = ["ok", "wrong", "shape", "todo", "follows"];
const escape = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
const plain = (text: string) => text.replaceAll(escape, "");
/** The parts of a line that are two or more spaces or a column apart. */
const line = (row: Row) => plain(tableLine(row));
const cells = (row: Row) => line(row).match(/^(\S+(?: \S+)*?)\s+(\(.*?\))\s+(\S+)\s*(\S*)$/)?.slice(1);

const base: Row = { name: "w2", shape: [64, 27], status: "ok", maxdiff: 2.44e-10 };

test("the head names the columns over a rule of the same width or wider", () => {
  const lines = tableHead().split("\n");
  assertEquals(lines.length, 2);
  for (const word of ["gradient", "shape", "verdict", "difference"]) assert(lines[0].includes(word), word);
  assert(/^─+$/.test(lines[1]));
  assert(lines[0].length <= lines[1].length && lines[1].length <= 80);
});

test("a right row's line has name, shape, verdict and largest difference", () => {
  assertEquals(cells(base), ["dw2", "(64, 27)", "ok", "2.4e-10"]);
});

test("a wrong row's line has its difference", () => {
  assertEquals(cells({ ...base, status: "wrong", maxdiff: 0.125 }), ["dw2", "(64, 27)", "wrong", "1.3e-1"]);
});

test("a wrong row's line shows a difference that is NaN or infinite", () => {
  assertEquals(cells({ ...base, status: "wrong", maxdiff: NaN }), ["dw2", "(64, 27)", "wrong", "NaN"]);
  assertEquals(cells({ ...base, status: "wrong", maxdiff: Infinity }), ["dw2", "(64, 27)", "wrong", "Infinity"]);
});

test("a row of the wrong shape and one still to do have lines without a difference", () => {
  assertEquals(cells({ ...base, status: "shape", maxdiff: null }), ["dw2", "(64, 27)", "shape", ""]);
  assertEquals(cells({ ...base, status: "todo", maxdiff: null }), ["dw2", "(64, 27)", "todo", ""]);
});

test("no difference at all is shown as 0", () => {
  assertEquals(cells({ ...base, maxdiff: 0 }), ["dw2", "(64, 27)", "ok", "0"]);
});

test("a scalar's and a vector's shapes are in brackets", () => {
  assertEquals(cells({ ...base, shape: [] })?.[1], "()");
  assertEquals(cells({ ...base, shape: [64] })?.[1], "(64)");
});

test("shape, verdict and difference start in the head's columns", () => {
  const head = tableHead().split("\n")[0];
  for (const status of statuses) {
    const text = line({ name: "counts_sum_inv", shape: [32, 1], status, maxdiff: 1e-10 });
    assertEquals(text.indexOf("(32, 1)"), head.indexOf("shape"));
    assertEquals(text.indexOf(` ${status} `) + 1, head.indexOf("verdict"));
    assertEquals(text.indexOf("1.0e-10"), head.indexOf("largest difference"));
  }
});

test("every line fits 80 columns, ends without a space and is one line, even with long shapes and names", () => {
  const row = fc.record({
    name: fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz_012 "), minLength: 1, maxLength: 24 })
      .filter((name) => name === name.trim() && !name.includes("  ")),
    shape: fc.array(fc.nat({ max: 99_999 }), { maxLength: 5 }),
    status: fc.constantFrom(...statuses),
    maxdiff: fc.oneof(fc.constant(null), fc.double({ min: 0 })),
  });
  fc.assert(fc.property(row, (given) => {
    const text = line(given);
    assert(text.length <= 80, `${text.length} columns: ${text}`);
    assertEquals(text, text.trimEnd());
    assertFalse(text.includes("\n"));
    assert(text.startsWith("d" + given.name) && text.includes(`(${given.shape.join(", ")})`), text);
  }));
});

test("the foot of all right rows counts them and names no next one", () => {
  assertEquals(plain(tableFoot([base, base, base])), "3/3 right");
});

for (const status of statuses.filter((s) => s !== "ok")) {
  test(`the foot names the first row that is ${status} as the next`, () => {
    const rows: Row[] = [
      base,
      { name: "counts", shape: [32, 27], status, maxdiff: null },
      { name: "h", shape: [32, 64], status: "todo", maxdiff: null },
      base,
    ];
    assertEquals(plain(tableFoot(rows)), "2/4 right, next: dcounts");
  });
}

test("the foot counts given rows apart, and none of them is the next", () => {
  const given: Row = { ...base, status: "given" };
  assertEquals(
    plain(tableFoot([base, given, { ...base, name: "h", status: "wrong" }])),
    "1/3 right, 1 given, next: dh",
  );
  assertEquals(plain(tableFoot([base, given])), "1/2 right, 1 given");
});

test("the next row is a wrong one, else the first to do below the last given one, else the first to do", () => {
  const next = (...statuses: Status[]) => {
    const rows = statuses.map((status, i): Row => ({ name: `${i}`, shape: [], status, maxdiff: null }));
    return nextOf(rows)?.name;
  };
  assertEquals(next("todo", "given", "ok", "todo", "todo"), "3");
  assertEquals(next("todo", "given", "todo", "given", "todo"), "4");
  assertEquals(next("todo", "ok", "given", "ok"), "0");
  assertEquals(next("todo", "given", "follows", "todo"), "2");
  assertEquals(next("todo", "given", "todo", "wrong"), "3");
  assertEquals(next("shape", "given", "todo"), "0");
  assertEquals(next("ok", "given"), undefined);
});

test("a row that has changed since the last run says what it was", () => {
  assert(plain(tableLine(base, "wrong")).endsWith("2.4e-10   was wrong"));
  assertFalse(plain(tableLine(base)).includes("was"));
});

test("the foot of no rows counts none", () => {
  assertEquals(plain(tableFoot([])), "0/0 right");
});
