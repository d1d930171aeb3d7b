// The line of each gradient: from this run, and from the one before where an error came first.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { gradientIn, LineBook, lineIn } from "../../lib/exercise/lines.ts";

/** The lines of a blank with two gradients, the second in two terms, as a run notes them. */
function blank(moved = 0, before = {}): LineBook {
  const book = new LineBook(before);
  book.note("todo", "da", 10 + moved);
  book.note("cmp", "da", 12 + moved);
  book.note("todo", "db", 20 + moved);
  book.note("todo", "db", 28 + moved);
  book.note("cmp", "db", 30 + moved);
  return book;
}

test("a gradient's line is that of its first todo, else of its comparison, else unknown", () => {
  assertEquals(["da", "db", "dc"].map((name) => blank().lineOf(name)), [10, 20, undefined]);
  const filled = new LineBook();
  filled.note("cmp", "da", 12);
  assertEquals(filled.lineOf("da"), 12);
});

test("lines that this run did not come to have moved as the last one above them has", () => {
  const book = new LineBook(blank().all());
  book.note("cmp", "da", 15); // three lines were put in above
  assertEquals(book.guessOf("db"), 23);
  assertEquals(book.guessOf("da"), 10);
});

test("where to work is never a line of an earlier run: it may have become another's", () => {
  const book = new LineBook(blank().all());
  book.note("cmp", "da", 12);
  book.note("todo", "db", 28); // the first term is written, the second is to do
  assertEquals(["da", "db", "dc"].map((name) => book.lineOf(name)), [12, 28, undefined]);
  book.note("cmp", "db", 30);
  assertEquals(book.lineOf("db"), 28);
  assertEquals(new LineBook(blank().all()).lineOf("db"), undefined);
});

test("an error's line is in the gradient whose todo stood there, or whose comparison comes next", () => {
  const book = new LineBook(blank().all());
  book.note("cmp", "da", 12);
  assertEquals([10, 12, 19, 21, 29].map((line) => book.gradientAt(line)), ["da", "da", "db", "db", "db"]);
  assertEquals(new LineBook().gradientAt(5), undefined);
  const filled = new LineBook({ "cmp da": 12, "cmp db": 30 });
  assertEquals([9, 25].map((line) => filled.gradientAt(line)), ["da", "db"]);
});

test("a todo that has gone below its comparison is not where to work", () => {
  const book = new LineBook();
  book.note("todo", "da", 10);
  book.note("cmp", "da", 8);
  assertEquals(book.lineOf("da"), 8);
});

test("a source has the line of a gradient that no run has reached: its todo, else its cmp; and a line has its gradient", () => {
  const source = 'const dh = todo("dh");\ncmp("h", dh, h);\nconst dw = x;\ncmp("w", dw, w);\n';
  assertEquals(["dh", "dw", "dv"].map((dname) => lineIn(source, dname)), [1, 4, undefined]);
  assertEquals([1, 2, 3, 5].map((line) => gradientIn(source, line)), ["dh", "dh", "dw", undefined]);
});
