// Blank copies: what they leave out and keep, what is above them, and that they run to all rows todo.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { makeBlank, regions, TOOLS } from "../../lib/exercise/blank.ts";
import { preface, PYTORCH } from "../../lib/exercise/preface.ts";
import page from "../../LEARN.md" with { type: "text" };
import readme from "../../README.md" with { type: "text" };
import { scratch } from "../../lib/tensor/memory.ts";
import { formatShape } from "../../lib/tensor/shape.ts";
import { fillRegions, runSource } from "../harness.ts";
import { codeOf, ex1, flagsOf, linesOf, small, sources, unique, withCrLf } from "./blanks.ts";

for (const { n, entry, file, source } of sources) {
  const blank = makeBlank(source, { file }), lines = linesOf(blank);

  test(`the blank of exercise ${n} holds no line of code from a region, unless the same line is outside the regions`, () => {
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

  test(`the blank of exercise ${n} imports all that its exercise does, start first, and each name once`, () => {
    const imported = (text: string) =>
      [...text.matchAll(/^import (?:type )?\{([^}]*)\} from/gm)]
        .flatMap(([, names]) => names.split(",").map((name) => name.replace("type ", "").trim()).filter(Boolean));
    const theirs = imported(blank);
    assertEquals(imported(source).filter((name) => !theirs.includes(name)), []);
    // Else nothing says which version is needed where a runtime is too old for another import.
    assertStringIncludes(/^import .*/m.exec(blank)![0], "/lib/exercise/exercise.ts");
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
    '// An exercise.\nimport { start } from "../../lib/exercise/exercise.ts";\nimport { a } from "../../lib/check/check.ts";\nimport { b } from "../network.ts";\n' +
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
