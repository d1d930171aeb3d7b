// The markers of an exercise's regions: what is refused, and what a blank makes of each.
import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { fillRegions } from "../harness.ts";
import { unique } from "./blanks.ts";

const faulty: [what: string, lines: string[], line: number, shown: string][] = [
  ["a region without an end", ["a", "// #region da", "b"], 2, "da"],
  [
    "a region without an end after one that has one",
    ["// #region da", "// #endregion", "// #region db", "b", "c"],
    3,
    "db",
  ],
  ["a region inside another", ["// #region da", "a", "  // #region db", "// #endregion", "// #endregion"], 3, "da"],
  ["a region inside another of the same name", ["// #region da", "// #region da", "// #endregion"], 2, "da"],
  ["a region without a name", ["a", "b", "// #region", "// #endregion"], 3, "name"],
  ["a region with spaces for a name", ["// #region   ", "// #endregion"], 1, "name"],
  ["an end before a beginning", ["a", "// #endregion", "// #region da", "// #endregion"], 2, "#endregion"],
  ["a region that ends twice", ["// #region da", "a", "// #endregion", "// #endregion"], 4, "#endregion"],
  ["a source without a region", ["a", "b"], 1, "#region"],
  ["an empty source", [], 1, "#region"],
];
for (const [what, lines, line, shown] of faulty) {
  test(`${what} is a SyntaxError with the line, in LF and CRLF`, () => {
    for (const end of ["\n", "\r\n"]) {
      const source = lines.map((text) => text + end).join("");
      for (const use of [makeBlank, regions]) {
        const { message } = assertThrows(() => use(source), SyntaxError);
        assert(message.startsWith(`Line ${line}: `), message);
        assertStringIncludes(message, shown);
      }
    }
  });
}

test("a marker without a space, indented, or on a last line without an end is a marker all the same", () => {
  const blank = makeBlank("\t//#region da\n\tconst da = 1; // (2, 3)\n\t//   #endregion");
  assertEquals(
    blank,
    '\t//#region da\n\t// YOUR CODE HERE (1 line in the solution)\n\tconst da = todo("da"); // (2, 3)\n' +
      "\t//   #endregion",
  );
});

test("a gradient of several regions is declared in the first, with the shape of the line that makes it", () => {
  const blank = makeBlank(
    "// #region da\n// A note (7, 7).\nconst t = b.mul(2); // (9)\nconst da = t.T; // (3, 2) @ (2, 5) = (3, 5)\n// #endregion\n" +
      "x();\n// #region da\nda.add_(b); // (1)\n// #endregion\n",
  );
  assertEquals(
    blank,
    '// #region da\n// YOUR CODE HERE (2 lines in the solution)\nconst da = todo("da"); // (3, 5)\n' +
      '// #endregion\nx();\n// #region da\n// YOUR CODE HERE (1 line in the solution)\ntodo("da", da); // one more term\n// #endregion\n',
  );
});

test("empty lines in a region are not counted as lines of the solution", () => {
  const blank = makeBlank("// #region da\nconst t = 1;\n\nconst da = t; // (3)\n// #endregion\n");
  assertStringIncludes(blank, "(2 lines in the solution)");
});

test("an empty region gets the line ends of its file", () => {
  assertFalse(/[^\r]\n/.test(makeBlank("// #region da\r\n// #endregion\r\n")));
});

test("whatever the regions hold, putting them back restores the source, and a blank has as many regions", () => {
  const name = fc.constantFrom("da", "db", "dC");
  const line = fc.constantFrom("const da = b; // (3)", "  // note", "", "\tx();", "let y = 2; // (1, 2)", "é // ()");
  const piece = fc.record({ before: fc.array(line), name, inside: fc.array(line, { minLength: 1 }) });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), (pieces, end, last) => {
      const lines = pieces.flatMap(({ before, name, inside }) => [
        ...before,
        `// #region ${name}`,
        ...inside,
        "// #endregion",
      ]);
      const source = lines.join(end) + (last ? end : ""), solution = regions(source);
      const blank = makeBlank(source);
      assertEquals(fillRegions(blank, (_, i) => solution[i].lines.join("")), source);
      assertEquals(regions(blank).length, pieces.length);
      const declared = blank.split(end).filter((text) => /^\s*const d\w+ = todo\(/.test(text));
      assertEquals(declared.length, unique(pieces.map(({ name }) => name)).length);
    }),
  );
});
