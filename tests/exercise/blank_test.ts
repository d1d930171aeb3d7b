// Blank copies: what they leave out and keep, that they run to all rows todo, and that filling them in turns rows right.
import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { sources as read } from "../../exercises/sources.ts";
import { makeBlank, type Region, regions, TOOLS } from "../../lib/exercise/blank.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";
import { preface, PYTORCH } from "../../lib/exercise/preface.ts";
import page from "../../LEARN.md" with { type: "text" };
import readme from "../../README.md" with { type: "text" };
import { scratch } from "../../lib/tensor/memory.ts";
import { formatShape } from "../../lib/tensor/shape.ts";
import { fillRegions, type Outcome, runSource } from "../harness.ts";

const sources = await Promise.all(
  exercises.map(async (entry) => ({ n: entry.id, entry, file: entry.file, source: await sourceOf(read, entry) })),
);
const [ex1, ex2, , ex4] = sources.map(({ source }) => source);
const small = { hidden: 3 }, smallest = { hidden: 3, batch: 4 };
/** The flags of an exercise for the smallest sizes that it can have. */
const flagsOf = (source: string, file: string) =>
  file === "ex4.ts" ? smallest : source.includes("hiddenFlag") ? small : {};

const isCode = (line: string) => line.trim() !== "" && !line.trim().startsWith("//");
const codeOf = ({ lines }: Region) => lines.filter(isCode).map((line) => line.trim());
const linesOf = (text: string) => text.split(/\r?\n/).map((line) => line.trim());
const unique = <T>(items: readonly T[]) => [...new Set(items)];
const namesOf = (source: string) => unique(regions(source).map(({ name }) => name));
const withCrLf = (text: string) => text.replaceAll(/\r?\n/g, "\r\n");

/** The blank of a source with the solution's regions put back for some gradients. */
function filled(source: string, names: readonly string[]): string {
  const solution = regions(source);
  return fillRegions(makeBlank(source), ({ name }, i) => names.includes(name) ? solution[i].lines.join("") : undefined);
}

// --- What a blank holds ----------------------------------------------------------------------------------------------------

for (const { n, entry, file, source } of sources) {
  const blank = makeBlank(source, { file }), lines = linesOf(blank);

  test(`the blank of exercise ${n} holds no code line of a region that does not also stand outside the regions`, () => {
    const outside = linesOf(fillRegions(source, () => ""));
    const secret = regions(source).flatMap(codeOf).filter((line) => !outside.includes(line));
    assert(secret.length > 0);
    assertEquals(secret.filter((line) => lines.includes(line)), []);
  });

  test(`the blank of exercise ${n} holds everything outside the regions but for imports and what start returns, markers included`, () => {
    const withoutImports = (text: string) =>
      linesOf(text.replace(/^const \{[^}]*\} = start\(/m, "const {} = start(")).filter((line) =>
        !line.startsWith("import ")
      );
    assertEquals(withoutImports(fillRegions(blank, () => "")), withoutImports(fillRegions(source, () => "")));
    assertEquals(regions(blank).map(({ name }) => name), regions(source).map(({ name }) => name));
  });

  test(`the blank of exercise ${n} imports all that its exercise does, and each name once`, () => {
    const imported = (text: string) =>
      [...text.matchAll(/^import (?:type )?\{([^}]*)\} from/gm)]
        .flatMap(([, names]) => names.split(",").map((name) => name.replace("type ", "").trim()).filter(Boolean));
    const theirs = imported(blank);
    assertEquals(imported(source).filter((name) => !theirs.includes(name)), []);
    assertEquals(unique(theirs).length, theirs.length);
  });

  test(`the blank of exercise ${n} takes from start what its exercise does and the tools, and no other's solution`, () => {
    const taken = (text: string) => /^const \{([^}]*)\} = start\(/m.exec(text)![1].match(/\w+/g)!.toSorted();
    assertEquals(taken(blank), unique([...taken(source), ...TOOLS]).toSorted());
    for (const { n: other, source: text } of sources.filter((other) => other.n !== n)) {
      const secret = regions(text).flatMap(codeOf).map((line) => line.replace(/ *\/\/.*/, ""));
      assertEquals(lines.filter((line) => secret.includes(line.replace(/ *\/\/.*/, ""))), [], `exercise ${other}`);
    }
  });

  test(`the blank of exercise ${n} says in each region how many lines the solution has`, () => {
    assertEquals(
      regions(blank).map(({ lines }) => lines[0].trim()),
      regions(source).map(codeOf).map(({ length }) =>
        `// YOUR CODE HERE (${length} ${length === 1 ? "line" : "lines"} in the solution)`
      ),
    );
  });

  test(`the blank of exercise ${n} runs to all rows todo, and says in each region what to write, with its shape`, async () => {
    using _ = scratch();
    const { rows, trained, code, output } = await runSource(blank);
    const count = ({ 1: 26, 3: 9, layernorm: 18 } as Record<string, number>)[n] ?? Object.keys(entry.gradients).length;
    assertEquals(rows.map(({ status }) => status), new Array(count).fill("todo"));
    assertEquals([code, trained], [1, false]);
    assertStringIncludes(output, `0/${rows.length} right, next: d${rows[0].name}`);
    const before = regions(source), seen = new Set<string>();
    regions(blank).forEach(({ name, lines }, i) => {
      const [indent] = /^ */.exec(before[i].lines[0])!, row = rows.find((row) => `d${row.name}` === name)!;
      const shape = formatShape(row.shape);
      const expected = seen.has(name)
        ? `todo("${name}", ${name}); // one more term`
        : `const ${name} = todo("${name}"); // ${shape}`;
      seen.add(name);
      assertEquals(lines.slice(1).map((line) => line.trimEnd()), [indent + expected]);
    });
  });

  test(`the blank of exercise ${n} keeps CRLF line ends, and differs in nothing else`, () => {
    assertEquals(makeBlank(withCrLf(source), { file }), withCrLf(blank));
  });
}

test("the blank of exercise 1 with CRLF line ends runs to all rows todo as well", async () => {
  using _ = scratch();
  const { rows } = await runSource(makeBlank(withCrLf(ex1)), { flags: small });
  assertEquals(rows.filter(({ status }) => status !== "todo"), []);
});

test("each region of a blank has the time at which the lecture works it out, the second term its own", () => {
  const times = { da: [1146], db: [3854, 5] }, region = (name: string) => `// #region ${name}\n// #endregion\n`;
  const blank = makeBlank(["da", "db", "db", "dc"].map(region).join(""), { times });
  assertEquals(regions(blank).map(({ lines }) => lines[0].split(")")[1].trim()), [
    "// 19:06",
    "// 1:04:14",
    "// 0:05",
    "",
  ]);
});

test("a copy of an exercise in a folder of its own finds what its exercise does", () => {
  const source =
    '// An exercise.\nimport { a } from "../../lib/check/check.ts";\nimport { b } from "../network.ts";\n' +
    'import { c } from "./own.ts";\n// #region da\n// #endregion\n';
  const imports = makeBlank(source, { file: "beyond/attention.ts" }).match(/from "[^"]+"/g)!.slice(-3);
  const files = ["lib/check/check.ts", "exercises/network.ts", "exercises/beyond/own.ts"];
  assertEquals(imports, files.map((file) => `from "../${file}"`));
});

test("a preface comes above everything else, as comments, with PyTorch's words in the first blank only", () => {
  for (const { n, entry, file, source } of sources) {
    const text = preface(entry), blank = makeBlank(source, { preface: text, file });
    assert(blank.startsWith(text + "// Exercise "), blank.slice(0, 2000));
    for (const line of text.split("\n")) assert(line === "" || /^\/\/( |$)/.test(line) && line.length <= 120, line);
    for (const [pytorch, here] of PYTORCH) {
      assertEquals([text.includes(pytorch), text.includes(here)], [n === 1, n === 1], pytorch);
    }
  }
});

for (const { n, entry, file, source } of sources) {
  test(`every example above the blank of exercise ${n} runs in it, and shows what it says`, async () => {
    using _ = scratch();
    const text = preface(entry).split("From PyTorch")[0],
      examples = text.match(/\b(?:print|hint|given)\((?:[^()]|\([^()]*\))*\)/g)!;
    assertEquals(examples.length, 8);
    const solution = regions(source), last = solution.length - 1;
    const tried = fillRegions(makeBlank(source, { file }), (_, i) => {
      const lines = solution[i].lines.join("");
      return i === last || n === 4 && i === 0 ? lines + examples.map((example) => `${example};\n`).join("") : lines;
    });
    const { output } = await runSource(tried, { flags: flagsOf(source, file), only: [] });
    for (const shown of ["tensor([", "float64)", "hint 1 of 3", "hint 2 of 3", "hint 3 of 3", "@@"]) {
      assertStringIncludes(output.replace(/\s+/g, " "), shown);
    }
  });
}

test("LEARN.md's table from PyTorch to here is the preface's", () => {
  const inPage = [...String(page).matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map((
    [, pytorch, here],
  ) => [pytorch, here]);
  assertEquals(inPage, PYTORCH.map(([pytorch, here]) => [pytorch, here]));
});

test("the README's first screen is what exercise 1's blank prints with its second gradient wrong", async () => {
  const first = regions(ex1)[0].lines.join("");
  const tried = fillRegions(
    makeBlank(ex1),
    ({ name }, i) => i === 0 ? first : name === "dprobs" ? "const dprobs = dlogprobs.mul(probs);\n" : undefined,
  );
  const { output } = await runSource(tried, { only: ["logprobs", "probs"] });
  const shown = /^ {4}dlogprobs [^]*?\n\n/m.exec(String(readme))![0].trimEnd().split("\n").map((text) => text.slice(4));
  const plain = (text: string) => text.replace(/\d\.\de[-+]\d+/g, "…").replace(/ +was todo$/, "");
  for (const text of shown.slice(0, 2)) assertStringIncludes(plain(output), plain(text).trimEnd());
  const [said] = /(?<=wrong .*\n {4})\S.*/.exec(output)!;
  for (const text of [shown[2], said]) assertMatch(text, /You multiply by probs.* The derivative of ln x is 1\/x\.$/);
  assertMatch(shown[3], /^1\/26 right, next: dprobs, my\/ex1\.ts:\d+$/);
});

// --- Filling it in, one gradient at a time -----------------------------------------------------------------------------------

const whole = await runSource(ex1, { flags: small });
const table = whole.rows.map(({ name }) => name);

test("every gradient of exercise 1 has a region, and every region is for a row of the table", () => {
  assertEquals(namesOf(ex1).toSorted(), table.map((name) => `d${name}`).toSorted());
  assertEquals(whole.rows.filter(({ status }) => status !== "ok"), []);
});

const bits = ({ gradients }: Outcome, name: string) => [...gradients[name]!.toArray()];

// At the beginning, in the middle and at the end.
for (const [k, name] of [...table.entries()].filter(([k]) => k % 12 === 1)) {
  test(`with d${name} filled in, exercise 1 has exactly ${k + 1} of its rows right, as far as the table has come`, async () => {
    using _ = scratch();
    const done = table.slice(0, k), left = table.slice(k);
    const outcome = await runSource(filled(ex1, [...done, name].map((name) => `d${name}`)), {
      flags: small,
      only: left,
    });
    const statuses = outcome.rows.map(({ name, status }) => [name, status]);
    assertEquals(statuses, left.map((row) => [row, row === name ? "ok" : "todo"]));
    // What the rows before it hold is, to the bit, what is right in the whole solution.
    for (const row of done) assertEquals(bits(outcome, row), bits(whole, row), row);
  });
}

test("with its one region filled in, exercise 2 has its one row right, also at another seed and with a single neuron", async () => {
  using _ = scratch();
  assertEquals(namesOf(ex2), ["dlogits"]);
  const { rows } = await runSource(filled(ex2, ["dlogits"]), { flags: { seed: 1337, hidden: 1 } });
  assertEquals(rows.map(({ name, status }) => [name, status]), [["logits", "ok"]]);
});

const order = namesOf(ex4);

test("exercise 4 has a region for each gradient of a parameter, and for those on the way", () => {
  assertEquals(
    order.join(" "),
    "dlogits dh dw2 db2 dhpreact dbngain dbnbias dhprebn dembcat dw1 db1 demb dC",
  );
});

for (const [k, last] of [...order.entries()].filter(([k]) => k % 6 === 0)) {
  test(`filled in as far as ${last}, exercise 4 has ${k + 1} rows right and the others todo`, async () => {
    using _ = scratch();
    const { rows, trained } = await runSource(filled(ex4, order.slice(0, k + 1)), { flags: smallest });
    assertEquals(
      rows.map(({ name, status }) => [`d${name}`, status]),
      order.map((name, i) => [name, i <= k ? "ok" : "todo"]),
    );
    assertEquals(trained, k === order.length - 1);
  });
}

test("a second term still to do makes its row todo, though the first is there", async () => {
  using _ = scratch();
  const solution = regions(ex1), names = ["dlogprobs", "dprobs", "dcounts_sum_inv", "dcounts_sum"];
  const half = fillRegions(makeBlank(ex1), ({ name }, i) => {
    const first = solution.findIndex((region) => region.name === name) === i;
    return names.includes(name) || (name === "dcounts" && first) ? solution[i].lines.join("") : undefined;
  });
  const { rows } = await runSource(half, { flags: small });
  const { status, remark } = rows.find(({ name }) => name === "counts")!;
  assertEquals(status, "todo");
  assertStringIncludes(remark!, "A term of dcounts is still to do");
});

test("a gradient that is still to do and is used says so, and the rows so far are counted", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace('const dprobs = todo("dprobs");', "const dprobs = dlogprobs.div(probs);");
  const error = await assertRejects(() => runSource(source, { flags: small }));
  assertStringIncludes((error as Error).message, "dlogprobs is still to do. Write it first");
});

test("a gradient that is still to do says so where it is an argument, too", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace('const dprobs = todo("dprobs");', "const dprobs = probs.mul(dlogprobs);");
  const error = await assertRejects(() => runSource(source, { flags: small }));
  assertStringIncludes((error as Error).message, "dlogprobs is still to do. Write it first");
});

test("a hint never stops the run, whatever it is asked about", async () => {
  using _ = scratch();
  const asked = 'hint(dlogprobs); hint("dprobs"); hint(xb); hint(7 as never); hint(counts, 4);';
  const { output, code } = await runSource(makeBlank(ex1).replace("// logprobs = probs.log()", asked), {
    flags: small,
  });
  const text = output.replace(/\s+/g, " ");
  for (const said of ["dlogprobs, hint 1 of 3", "dprobs, hint 1 of 3", "hint takes a tensor", "given 4"]) {
    assertStringIncludes(text, said);
  }
  assertEquals(code, 1);
});

test("the right gradient on request makes its row given, the rows below it right, and the whole not right", async () => {
  using _ = scratch();
  const source = filled(ex1, namesOf(ex1).filter((name) => name !== "dhpreact"))
    .replace('const dhpreact = todo("dhpreact");', "const dhpreact = given(hpreact);");
  const { rows, code, output } = await runSource(source, { flags: small });
  assertEquals(rows.filter(({ status }) => status !== "ok").map(({ name, status }) => [name, status]), [[
    "hpreact",
    "given",
  ]]);
  assertEquals(code, 1);
  assertStringIncludes(output, "25/26 right, 1 given");
});

test("a hint is printed where the file asks for it", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace("// loss = -logprobs", "hint(counts, 2);\n// loss = -logprobs");
  const { output } = await runSource(source, { flags: small });
  assertStringIncludes(output.replace(/\s+/g, " "), "dcounts, hint 2 of 3: A tensor used twice gets two terms.");
});

// --- Markers ---------------------------------------------------------------------------------------------------------------

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
