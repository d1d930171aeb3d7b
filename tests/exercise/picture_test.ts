// The picture: greys from the smallest value to the largest, with and without colour, and never wider than allowed.
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { picture, scaleOf } from "../../lib/exercise/picture.ts";
import { range, tensor, zeros } from "../../lib/tensor/creation.ts";
import { cat } from "../../lib/tensor/functional.ts";

const ESC = String.fromCharCode(27), RESET = `${ESC}[0m`;
const escape = new RegExp(`${ESC}\\[[\\d;]*m`, "g");
const plain = (text: string) => text.replaceAll(escape, "");

/** One of the greys of a line: of the upper row, and of the lower row where there is one. */
function cell(upper: number, lower?: number): string {
  const grey = (x: number) => `${x};${x};${x}`;
  return `${ESC}[38;2;${grey(upper)}${lower === undefined ? "" : `;48;2;${grey(lower)}`}m▀`;
}

function matrix(rows: number[][]) {
  return tensor(rows.flat(), { shape: [rows.length, rows[0].length], dtype: "float64" });
}

const mono = (rows: number[][], width?: number) =>
  picture(matrix(rows), { colour: false, ...(width === undefined ? {} : { width }) });
const coloured = (rows: number[][], width?: number) =>
  picture(matrix(rows), { colour: true, ...(width === undefined ? {} : { width }) });

test("without colour each element is two characters, the smallest blank and the largest full", () => {
  assertEquals(mono([[0, 1], [1, 0]]), "  @@\n@@");
  assertEquals(mono([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]), "  ..::--==++**##%%@@");
});

test("without colour no escape code is in the picture, and no line ends with a space", () => {
  const text = mono([[1, 0, 0], [0, 1, 0], [0, 0, 0]]);
  assertEquals(text, "@@\n  @@\n");
  assert(!text.includes(ESC));
});

test("with colour two rows share a line, upper and lower grey in each cell", () => {
  assertEquals(coloured([[0, 1], [1, 0]]), cell(0, 255) + cell(255, 0) + RESET);
  assertEquals(coloured([[-1, 1], [0, 1]]), cell(0, 128) + cell(255, 255) + RESET);
});

test("with colour the last of an odd number of rows has no lower grey", () => {
  assertEquals(coloured([[0], [1], [1]]), `${cell(0, 255)}${RESET}\n${cell(255)}${RESET}`);
  assertEquals(coloured([[0, 1]]), cell(0) + cell(255) + RESET);
});

test("an int32 picture of ones and zeros is black and white", () => {
  const hot = tensor([0, 1, 1, 0], { shape: [2, 2], dtype: "int32" });
  assertEquals(picture(hot, { colour: false }), "  @@\n@@");
});

test("a transposed matrix is drawn transposed", () => {
  const t = matrix([[1, 0, 0], [1, 1, 0]]).T;
  assertEquals(picture(t, { colour: false }), "@@@@\n  @@\n");
});

test("a constant matrix is one grey", () => {
  for (const value of [0, 1, -7, 1e300, 1e-300]) {
    assertEquals(mono([[value, value], [value, value]]), "\n");
    assertEquals(coloured([[value, value], [value, value]]), cell(0, 0) + cell(0, 0) + RESET);
  }
});

test("NaN is black and does not disturb the others", () => {
  assertEquals(mono([[NaN, 1], [0, NaN]]), "  @@\n");
  assertEquals(coloured([[NaN, 1], [0, 0.2]]), cell(0, 0) + cell(255, 51) + RESET);
});

test("infinities are as the largest and the smallest, and do not disturb the others", () => {
  assertEquals(mono([[-Infinity, Infinity], [0, 9], [1, 8]]), "  @@\n  @@\n..%%");
  assertEquals(coloured([[-Infinity, Infinity], [0, 1]]), cell(0, 0) + cell(255, 255) + RESET);
});

test("a matrix of nothing finite is drawn all the same", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assertEquals(plain(coloured([[value, value], [value, value]])), "▀▀");
    assertEquals(mono([[value, value]]).trim(), "");
  }
});

test("values as far apart as numbers can be are drawn all the same", () => {
  assertEquals(mono([[-1.7e308, 1.7e308]]), "  @@");
});

test("without colour an element is two columns wide, one where there is no room for two; what is wider still is cut at the right", () => {
  const wide = [Array.from({ length: 200 }, (_, i) => i % 2), Array.from({ length: 200 }, (_, i) => (i + 1) % 2)];
  assertEquals(plain(coloured(wide, 30)), "▀".repeat(30));
  assertEquals(mono([[0, 1, 0, 1]], 8), "  @@  @@");
  assertEquals(mono([[0, 1, 0, 1]], 7), " @ @");
  assertEquals(mono(wide, 30).split("\n"), [" @".repeat(15), "@ ".repeat(15).trimEnd()]);
  assertEquals(scaleOf(matrix(wide), 30), "0 is black, 1 is white; columns 0 to 29 of 200");
  assertEquals(scaleOf(matrix(wide), 200), "0 is black, 1 is white");
});

test("without a width given, no line is wider than 80 columns", () => {
  const wide = [Array.from({ length: 500 }, () => 1), Array.from({ length: 500 }, (_, i) => 1 - i % 2)];
  for (const text of [mono(wide), coloured(wide)]) {
    for (const line of plain(text).split("\n")) assert(line.length <= 80, `${line.length} columns`);
  }
});

test("every picture fits its width, has a line per row or per two rows, and ends its colours on each line", () => {
  const size = fc.integer({ min: 1, max: 9 });
  const value = fc.oneof(fc.double({ min: -1e300, max: 1e300 }), fc.constantFrom(Infinity, -Infinity, 0, 1));
  const given = fc.tuple(size, size).chain(([rows, cols]) =>
    fc.array(fc.array(value, { minLength: cols, maxLength: cols }), { minLength: rows, maxLength: rows })
  );
  fc.assert(fc.property(given, fc.integer({ min: 1, max: 20 }), (rows, width) => {
    const black = mono(rows, width).split("\n"), bright = coloured(rows, width).split("\n");
    assertEquals(black.length, rows.length);
    assertEquals(bright.length, Math.ceil(rows.length / 2));
    for (const line of [...black, ...bright.map(plain)]) assert(line.length <= width, `${line.length} columns`);
    for (const line of black) assert(/^[ .:\-=+*#%@]*$/.test(line), line);
    for (const line of bright) {
      assert(line.endsWith(RESET), line);
      assertEquals(plain(line), "▀".repeat(Math.min(width, rows[0].length)));
      for (const [, grey] of line.matchAll(/[34]8;2;([^;m]+)/g)) assert(Number(grey) >= 0 && Number(grey) <= 255, grey);
    }
  }));
});

test("a matrix without rows or columns is a picture without any", () => {
  for (const colour of [false, true]) {
    assertEquals(picture(zeros([0, 5]), { colour }), "");
    assertEquals(plain(picture(zeros([2, 0]), { colour })).trim(), "");
  }
});

test("a tensor of one dimension is drawn as a row, one of three as all of its rows, and a number is refused", () => {
  const t = tensor(range(12), { dtype: "float64" }), drawn = picture(t.view(4, 3));
  assertEquals(picture(t.view(2, 2, 3)), drawn);
  const turned = t.view(2, 3, 2).transpose(1, 2);
  assertEquals(picture(turned), picture(cat([turned.at(0), turned.at(1)])));
  assertEquals(picture(t), picture(t.view(1, 12)));
  assertThrows(() => picture(t.sum()), RangeError, "at least one dimension");
});
