// Where an error arose, from the stack traces that Deno and Bun write, and the engines' words in plainer ones.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { UserError } from "../../lib/errors.ts";
import { placeHere, placeOutside, shortly } from "../../lib/exercise/place.ts";
import { sentence } from "../../lib/exercise/sentence.ts";

const root = new URL("../..", import.meta.url).href;
/** The place as `my/ex1.ts:99`; undefined where there is none. */
const placed = (stack: string) => {
  const place = placeOutside(stack);
  return place && shortly(place);
};

test("the place is the first line of the stack that is not the library's, seen from the project's folder", () => {
  const inLibrary = `    at matmul (${root}lib/tensor/operations.ts:10:5)\n`;
  assertEquals(placed(`Error: no\n${inLibrary}    at ${root}my/ex1.ts:99:7`), "my/ex1.ts:99");
  assertEquals(
    placed(`${inLibrary}    at f (${root}my/ex1.ts:99:7)\n    at ${root}my/ex2.ts:1:1`),
    "my/ex1.ts:99",
  );
  assertEquals(placed(inLibrary), undefined);
  assertEquals(placed(`    at ${root}lib/nearest.ts:1:2`), undefined);
  assertEquals(placed(""), undefined);
  const inside = "    at readFileSync (ext:deno_node/_fs/fs.ts:1:9)\n    at emit (node:events.ts:3:1)\n";
  assertEquals(placed(`${inside}    at ${root}my/ex1.ts:99:7`), "my/ex1.ts:99");
});

test("Bun's stacks, whose files are paths, give the same place, and a file elsewhere gives its name", () => {
  const path = decodeURIComponent(new URL(root).pathname);
  assertEquals(placed(`matmul@${path}lib/tensor/operations.ts:10:5`), undefined);
  assertEquals(placed(`    at ${path}my/ex1.ts:99:7`), "my/ex1.ts:99");
  assertEquals(placed("    at file:///elsewhere/of%20mine.ts:3:4"), "of mine.ts:3");
  assertEquals(placed("    at f (file:///else (where)/of mine (1).ts:3:4)"), "of mine (1).ts:3");
  assertEquals(placed(`    at ${path}my/ex 1.ts:99:7`), "my/ex 1.ts:99");
});

test("a checkout whose own path has lib/, %, # or ? in it keeps its lines", () => {
  assertEquals(placed("    at file:///home/lib/mine/my/ex1.ts:7:1"), "ex1.ts:7");
  for (const name of ["50%", "a#b", "what?", "100%25"]) {
    assertEquals(placed(`    at /home/${name}/mine.ts:7:1`), "mine.ts:7");
    assertEquals(placed(`    at /home/x/${name}.ts:7:1`), `${name}.ts:7`);
  }
});

test("the line that runs is the caller's, however deep in the library it is asked for", () => {
  const here = placeHere()!, next = placeHere()!;
  assertEquals([here.file, next.line - here.line], ["tests/exercise/place_test.ts", 0]);
});

test("an error for the user keeps its message; in a learner's own file it gets the line", () => {
  const at = (error: Error, file: string) => Object.assign(error, { stack: `    at ${root}${file}:5:1` });
  assertEquals(sentence(at(new UserError("Fix it."), "exercises/ex1.ts")), "Fix it.");
  assertEquals(sentence(at(new UserError("Fix it."), "my/ex1.ts")), "my/ex1.ts, line 5: Fix it.");
  assertEquals(sentence(at(new RangeError("No."), "exercises/ex1.ts")), "exercises/ex1.ts, line 5: No.");
});

test("a name used before its line, and an assignment to a const, are answered in plain words", () => {
  const answer = (message: string) => sentence(Object.assign(new Error(message), { stack: "" }));
  assertEquals(
    answer('Module not found "file:///x/data/names.txt".\n    at file:///x/data/texts.ts:6:24'),
    'Module not found "file:///x/data/names.txt".',
  );
  assertEquals(
    answer("Cannot access 'dh' before initialization"),
    "dh is used above the line that makes it.",
  );
  assertEquals(
    answer("Cannot access uninitialized variable."),
    "A name is used above the line that makes it.",
  );
  for (const message of ["Assignment to constant variable.", "Attempted to assign to readonly property."]) {
    assertStringIncludes(answer(message), `${message} A const stays the same tensor; add_ adds to it in place`);
  }
  assertEquals(answer("Something else."), "Something else.");
});

test("a script of one's own is referred to mod.ts, and learns that the tools are for exercises", () => {
  const answer = (name: string) =>
    sentence(new Error(`${name} is not defined`), { isScript: true, names: ["h", "dh"] }).replace(/^.*line \d+: /, "");
  assertEquals(answer("sub"), "sub is not defined: import it from mod.ts, too.");
  assertEquals(answer("given"), "given is not defined: only exercises have it.");
});

test("a method without its brackets, and a shape used as a tensor, each get their own sentence", () => {
  const answer = (text: string) => sentence(new UserError(`${text} is not a function`));
  assertEquals(answer("h.sum.mul"), "sum is a method: write h.sum(…).mul(…), with brackets behind both.");
  assertStringIncludes(answer("logits.shape.numel"), "A shape is a list of sizes: write logits.numel(…)");
});

test("Python's own names are answered with what to write here, in both engines' words", () => {
  const answer = (name: string) => {
    const [v8, jsc] = [`${name} is not defined`, `Can't find variable: ${name}`].map((text) =>
      sentence(new UserError(text))
    );
    if (v8 !== `${name} is not defined`) assertEquals(v8, jsc);
    return v8;
  };
  assertStringIncludes(answer("torch"), "There is no torch here: functions are imported by their names");
  assertStringIncludes(answer("softmax"), "softmax is a method here: x.softmax(…).");
  assertStringIncludes(answer("keepdim"), "x.sum(0, { keepdim: true })");
  assertStringIncludes(answer("einsum"), "There is no einsum here: write matmul");
  assertEquals(sentence(new UserError("dlogit is not defined")), "dlogit is not defined");
  const missing = (name: string) => new UserError(`${name} is not defined`), names = ["logits", "dlogits", "dcounts"];
  assertEquals(sentence(missing("dlogit"), { names }), "dlogit is not defined. Did you mean dlogits?");
  assertEquals(sentence(missing("banana"), { names }), "banana is not defined");
  assertEquals(
    sentence(missing("dlogits"), { names: [...names, "dlogits"], lineOf: () => 105 }),
    "dlogits is not defined: write const dlogits = in front of its expression. Or is its name misspelt in line 105?",
  );
});

test("a gradient without const, one that is not finished, and a line that ends in a dot each get their own sentence", () => {
  const answer = (message: string, own?: string) =>
    sentence(Object.assign(new Error(message), { stack: "" }), { names: ["h", "dh"], own });
  for (const text of ["dh is not defined", "Can't find variable: dh"]) {
    assertEquals(answer(text), "dh is not defined: write const dh = in front of its expression.");
  }
  const unfinished = "dh is used in its own line: is the expression behind const dh = missing or not finished?";
  assertEquals(answer("Cannot access 'dh' before initialization", "dh"), unfinished);
  assertEquals(answer("Cannot access uninitialized variable.", "dh"), unfinished);
  assertEquals(answer("Cannot access 'dh' before initialization", "dw2"), "dh is used above the line that makes it.");
  assertEquals(
    answer('A tensor has no "cmp".', "dh"),
    "The line above ends in a dot: what is missing behind it, for dh?",
  );
});

test("an error of shapes while a function is tried at other sizes names those sizes", () => {
  const error = new RangeError("Cannot mul shapes (32, 64) and (1, 6): no.");
  assertStringIncludes(sentence(error, { trying: true }), "it has to use its arguments, and no tensor from outside.");
  assertStringIncludes(sentence(error), "Cannot mul shapes (32, 64) and (1, 6): no.");
});

/** The sentence about an error at this place of a source that may be read. */
const inSource = (source: string, message: string, line: number, column = 1) =>
  sentence(Object.assign(new TypeError(message), { stack: `    at ${root}my/ex1.ts:${line}:${column}` }), {
    ...{ names: ["h", "dh", "probs", "dprobs", "dlogprobs"], source },
  }).replace("my/ex1.ts, line ", "");

test("where the source may be read, a gradient that is used in its own line is told as that", () => {
  const error = new Error("Cannot access 'dh' before initialization");
  error.stack = `    at ${root}my/ex1.ts:2:7`;
  const told = (line: string) => sentence(error, { source: `\n${line}\ncmp("h", dh);\n`, own: "dh" });
  assertEquals(told("const dh = dh.mul(2);"), "my/ex1.ts, line 2: dh is used in its own line.");
  assertStringIncludes(told("const dh ="), "The expression behind const dh = is missing or not finished.");
});

test("where the source may be read, the near name that the learner declared is named with its line", () => {
  const source = 'const dprob = dlogprobs.div(probs);\n\ncmp("probs", dprobs, probs);\n';
  for (const text of ["dprobs is not defined", "Can't find variable: dprobs"]) {
    assertEquals(inSource(source, text, 3), "3: dprobs is not defined. Did you mean dprob, line 1?");
  }
  const without = "dprobs = dlogprobs.div(probs);\n";
  assertEquals(inSource(without, "dprobs is not defined", 1), "1: dprobs is new here: write const dprobs = …");
  const two = "const dh = 1;\nconst dhh = 2;\nf(dhx, dprob);\n";
  assertEquals(inSource(two, "dhx is not defined", 3), "3: dhx is not defined. Did you mean dh, line 1?");
  assertEquals(inSource(two, "dprob is not defined", 3), "3: dprob is not defined. Did you mean dprobs?");
  // dlogprobs is declared, near, and another gradient: nobody meant it.
  const other = "const dlogprobs = 1;\ncmp(dprobs);\n";
  assertStringIncludes(inSource(other, "dprobs is not defined", 2), "2: dprobs is not defined: write const dprobs =");
});

test("a row that makes its tensor without a name is told at that line, and a misspelt one is named", () => {
  for (const text of ["dh is not defined", "Can't find variable: dh"]) {
    assertEquals(
      inSource('probs.matmul(h.T);\n\ncmp("h", dh, h);\n', text, 3),
      "1: This line makes a tensor and does not keep it: write const dh = in front.",
    );
    assertEquals(
      inSource('const abc = probs;\ncmp("h", dh, h);\n', text, 2),
      "2: dh is not defined: write const dh = in front of its expression. Or is its name misspelt in line 1?",
    );
    assertEquals(
      inSource('cmp("h", dh, h);\n', text, 1),
      "1: dh is not defined: write const dh = in front of its expression.",
    );
  }
  const within = "function f(h) {\n  h.neg();\n  return { dh };\n}\nconst dh = f(h);\n";
  assertEquals(
    inSource(within, "Cannot access 'dh' before initialization", 3),
    "2: This line makes a tensor and does not keep it: write const dh = in front.",
  );
});

test("an element that is counted up is answered as it runs, too, where an engine reads the line", () => {
  const said = "Invalid left-hand side expression in postfix operation";
  assertEquals(inSource("h.at(1)++;\n", said, 1), "1: Write h.at(1).add_(1).");
});

test("an operator's tensors are also those that the learner made, in whatever line, and no numbers", () => {
  const made = "let a = h.clone(); let b = a; b -= 1;", column = made.indexOf("b -=") + 1;
  const failed = "Operators and Math do not work on tensors. ";
  assertStringIncludes(inSource(`${made}\n`, failed, 1, column), "write b.sub_(1) for b -= 1.");
  assertStringIncludes(inSource("let s = 1e-5; s *= h;\n", failed, 1, 15), "write s = h.mul(s) for s *= h.");
  assertStringIncludes(inSource("let a = h.clone();\na++;\n", failed, 1, 11), "2: The operator ++ does not");
});

test("a line without its semicolon, its expression or what follows its dot is answered at that line", () => {
  const called = "const dh = h.mul(2) // twice\n\n(dh.neg()).add_(1);\n", indexed = "const dh = h\n[1, 2].map(f);\n";
  const missing = "The semicolon at the end is missing: the line that begins with ";
  for (const text of ["h.mul(...) is not a function", "h.mul(2) is not a function. (In 'h.mul(2)(dh.neg())', …)"]) {
    assertEquals(inSource(called, text, 1), `1: ${missing}( is read as a call of this one's result.`);
  }
  for (const line of [1, 2]) { // Bun names the first line, Deno the second
    const answer = inSource(indexed, "A tensor has no brackets here. …", line);
    assertEquals(answer, `1: ${missing}[ is read as an index of this one's result.`);
  }
  for (const text of ["probs is not a function", "probs is not a function. (In 'probs(h.T)', …)"]) {
    assertEquals(
      inSource("const dh = probs\n(h.T);\n", text, 1),
      `1: ${missing}( is read as a call of this one's result.`,
    );
  }
  const fine = "const a = h[1];\nconst b = 2\n[1, 2].map(f);\n";
  assertEquals(inSource(fine, "A tensor has no brackets here. …", 1, 11), "1: A tensor has no brackets here. …");
  const early = "Cannot access 'dh' before initialization";
  assertEquals(
    inSource('const dh =\n// #endregion\ncmp("h", dh, h);\n', early, 3),
    "1: The expression behind const dh = is missing or not finished.",
  );
  assertEquals(
    inSource("f(dh);\n\nconst dh = 1;\n", early, 1),
    "1: dh is used above the line that makes it, line 3.",
  );
  assertEquals(
    inSource('const dh = h.\n// #endregion\ncmp("h", dh, h);\n', 'A tensor has no "cmp".', 3),
    "1: This line ends in a dot: what is missing behind it?",
  );
});
