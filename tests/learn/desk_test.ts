// How a run and `deno task learn` talk: the flag, the records, and what a runtime says of a source that it cannot read.
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { deskFlag, recordOf, Records, takeDesk, type ToDesk } from "../../lib/exercise/desk.ts";
import { inPlainWords } from "../../lib/learn/syntax.ts";

test("a run knows whether a key can be pressed", () => {
  const desk = { columns: 80, rows: 24, keys: false };
  assertEquals(takeDesk([deskFlag(desk)]), { desk, args: [] });
});

test("the size of the terminal goes along as a flag, and is taken out again", () => {
  const flag = deskFlag({ columns: 80, rows: 24, keys: true });
  assertEquals(takeDesk(["--seed", "1", flag, "--all"]), {
    desk: { columns: 80, rows: 24, keys: true },
    args: ["--seed", "1", "--all"],
  });
  assertEquals(takeDesk(["--desk=80", "--all"]), { desk: undefined, args: ["--desk=80", "--all"] });
});

test("records are distinguished from other text, in whatever pieces both come", () => {
  const text = fc.stringMatching(/^[a-z\n{}"]{0,9}$/);
  const message = text.map((text): ToDesk => ({ kind: "progress", text }));
  const parts = fc.array(fc.oneof(text, message), { maxLength: 8 });
  fc.assert(fc.property(parts, fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 9 }), (parts, sizes) => {
    const all = parts.map((part) => typeof part === "string" ? part : recordOf(part)).join("");
    let others = "";
    const messages: ToDesk[] = [], records = new Records((m) => void messages.push(m), (text) => void (others += text));
    for (let i = 0, k = 0; i < all.length; k++) {
      const size = sizes[k % sizes.length] + 1;
      records.read(all.slice(i, i + size));
      i += size;
    }
    assertEquals(messages, parts.filter((part) => typeof part !== "string"));
    assertEquals(others, parts.filter((part) => typeof part === "string").join(""));
  }));
});

test("a source that cannot be parsed is answered with its line, in Deno's words and in Bun's", () => {
  const deno =
    "\x1b[0m\x1b[1m\x1b[31merror\x1b[0m: The module's source code could not be parsed: Expression expected at " +
    "file:///home/x/my/ex1.ts:104:21\n\n  const dcounts_sum = ;\n                      ~\n\nStack backtrace:\n   0: x\n";
  const bun =
    "104 | const dcounts_sum = ;\n                          ^\nerror: Unexpected ;\n    at /home/x/my/ex1.ts:104:21\n\n" +
    "Bun v1.4.5 (Linux x64)\n";
  const source = `${"\n".repeat(103)}const dcounts_sum = ;\n`;
  for (const errors of [deno, bun]) {
    assertEquals(
      inPlainWords(errors, "my/ex1.ts", source),
      "my/ex1.ts, line 104: This line is not finished: something is missing after its last =. " +
        "Nothing of the file runs until it can be read.",
    );
  }
});

test("what only Bun says, and what both say in an engine's words, is answered like the rest", () => {
  const told = (line: string, deno: string, bun: string) => {
    const errors = [
      `error: ${deno}\n    at file:///x/my/ex1.ts:3:1\n`,
      `3 | ${line}\n    ^\nerror: ${bun}\n    at /x/my/ex1.ts:3:1\n`,
    ];
    const answers = errors.map((text) => inPlainWords(text, "my/ex1.ts", `\n\n${line}\nconst a = \`1\`;\n`));
    assertEquals(answers[0], answers[1]);
    return answers[0].replace(" Nothing of the file runs until it can be read.", "");
  };
  const missing = "my/ex1.ts, line 3: The expression behind const dh is missing.";
  for (const line of ["const dh", "const dh;", "const dh: Tensor; // (32, 64)"]) {
    const bun = 'The constant "dh" must be initialized';
    assertEquals(told(line, "Uncaught SyntaxError: Missing initializer in const declaration", bun), missing);
  }
  assertEquals(
    told("const dh = `a", "SyntaxError: Expression expected", "Unexpected escape sequence"),
    "my/ex1.ts, line 3: A text begins here with ` and is not closed.",
  );
  const target = "SyntaxError: The left-hand side of an assignment expression must be a variable or a property access.";
  for (const [line, method] of [["dC.at(k, j)++;", "add_"], ["--dC.at(k, j)", "sub_"]]) {
    assertEquals(told(line, target, "Invalid assignment target"), `my/ex1.ts, line 3: Write dC.at(k, j).${method}(1).`);
  }
  const slice =
    'my/ex1.ts, line 3: Write dC.at(":", 0).sub_(x.at(":", 1)); with lists of indices, index_put_ and index_add_.';
  assertEquals(told('dC[:, 0] -= x.at(":", 1);', "SyntaxError: Expression expected", "Unexpected :"), slice);
  const constant = 'This assignment will throw because "dh" is a constant';
  assertEquals(
    inPlainWords(`3 | dh += 1;\n    ^\nerror: ${constant}\n    at /x/my/ex1.ts:3:1\n`, "my/ex1.ts", "\n\ndh += 1;\n"),
    "my/ex1.ts, line 3: A const stays the same tensor; add_ adds to it in place: dh.add_(…). " +
      "Nothing of the file runs until it can be read.",
  );
});

test("what is no such error is left as it is, and nothing is nothing", () => {
  assertEquals(inPlainWords("\n", "my/ex1.ts", ""), "");
  assertEquals(inPlainWords("\x1b[31mWarning\x1b[0m old\n", "my/ex1.ts", ""), "Warning old");
});
