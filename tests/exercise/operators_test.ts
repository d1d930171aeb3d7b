// What to write for an operator, from the line that has it and the column that an engine names.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assignmentTo, operatorAt } from "../../lib/exercise/operators.ts";
import { sentence } from "../../lib/exercise/sentence.ts";
import { explained } from "../../lib/exercise/syntax.ts";
import { inPlainWords } from "../../lib/learn/syntax.ts";
import { tensor } from "../../lib/tensor/creation.ts";

const isTensor = (name: string) => ["h", "dh", "probs"].includes(name);
/** The sentence where the column is that of the sign ^, which is left out. */
const at = (text: string) => {
  const column = text.indexOf("^") + 1;
  return operatorAt(`\n${text.replace("^", "")}\n`, { line: 2, column }, isTensor)?.text;
};
const write = (instead: string, written: string, operator: string) =>
  `The operator ${operator} does not work on tensors: write ${instead} for ${written}.`;

test("an operator between tensors is named with its operands, wherever on its left the engine points", () => {
  assertEquals(at("const a = ^1 - h.pow(2);"), write("sub(1, h.pow(2))", "1 - h.pow(2)", "-"));
  assertEquals(at("const a = ^h.mul(2) * probs;"), write("h.mul(2).mul(probs)", "h.mul(2) * probs", "*"));
  assertEquals(at("const a = h.mul(^2) * probs;"), write("h.mul(2).mul(probs)", "h.mul(2) * probs", "*"));
  assertEquals(at("const a = h.mul(^2 * probs);"), write("probs.mul(2)", "2 * probs", "*"));
  assertEquals(at("const a = h.mul(1, ^1 / h);"), write("div(1, h)", "1 / h", "/"));
  assertEquals(at("const a = ^-h;"), write("h.neg()", "-h", "-"));
  assertEquals(at("const a = ^-1 / n * h;"), write("h.mul(-1 / n)", "-1 / n * h", "*"));
  assertEquals(at("^dh += h;"), write("dh.add_(h)", "dh += h", "+="));
  assertEquals(at("if (^0 < h) {}"), write("h.gt(0)", "0 < h", "<"));
  assertEquals(at("const a = ^h ** 2;"), write("h.pow(2)", "h ** 2", "**"));
  assertEquals(
    at("const a = Math.^exp(h.neg());"),
    "Math.exp does not work on tensors: write h.neg().exp() for Math.exp(h.neg()).",
  );
  assertEquals(at("const a = ^1 - h ** 2;"), write("h.pow(2)", "h ** 2", "**"));
  assertEquals(at("const a = ^1;"), undefined);
  assertEquals(at("const a = ^n * m;"), undefined);
  assertEquals(
    at(`const a = ^h * h.${"mul(2).".repeat(10)}neg();`),
    "The operator * does not work on tensors: write the method mul.",
  );
});

test("numbers with a point or an exponent are read whole", () => {
  for (const number of ["1e-5", "1.5E+3", ".5", "2e-1", "1_000.5", "0x1f", "-1.5e-3"]) {
    assertEquals(at(`const a = ^h + ${number};`), write(`h.add(${number})`, `h + ${number}`, "+"));
    assertEquals(at(`const a = (1 - ^${number} * h) * dh;`), write(`h.mul(${number})`, `${number} * h`, "*"));
  }
  assertEquals(at("const a = -0.5 * (^h + 1e-5) ** -1.5 * dh;"), write("h.add(1e-5)", "h + 1e-5", "+"));
  assertEquals(
    at("const a = -0.5 * ^h.add(1e-5) ** -1.5 * dh;"),
    write("h.add(1e-5).pow(-1.5)", "h.add(1e-5) ** -1.5", "**"),
  );
  assertEquals(at("const a = h.numel() ^* dh;"), write("dh.mul(h.numel())", "h.numel() * dh", "*"));
  assertEquals(
    at("const a = (1e-5 / n) ^* dh;"),
    write("dh.mul(1e-5 / n)", "(1e-5 / n) * dh", "*"),
  );
});

test("every operator is named, with a call that can be written in its place", () => {
  for (
    const [line, operator, instead] of [
      ["^h++;", "++", "write h.add_(1) for h++."],
      ["--^h;", "--", "write h.sub_(1) for --h."],
      ["const a = ^+h;", "+", "write h for +h."],
      ["const a = ^~h;", "~", "for a mask, write h.eq(0) for ~h."],
      ["const a = ^h % 2;", "%", "write h.sub(h.div(2).int().mul(2)) for h % 2."],
      ["const a = ^5 % h;", "%", "write sub(5, div(5, h).int().mul(h)) for 5 % h."],
      ["const a = ^h & dh;", "&", "for two masks, write h.mul(dh) for h & dh."],
      ["const a = ^h | dh;", "|", "for two masks, write h.add(dh) for h | dh."],
      ["^h **= 2;", "**=", "write h.copy_(h.pow(2)) for h **= 2."],
      ["^h %= 2;", "%=", "write h.copy_(h.sub(h.div(2).int().mul(2))) for h %= 2."],
      ["^n += h;", "+=", "write n = h.add(n) for n += h."],
      ["^n -= h;", "-=", "write n = sub(n, h) for n -= h."],
      ["const a = ^2 ** h;", "**", "write h.mul(Math.log(2)).exp() for 2 ** h."],
      ["const a = ^h ** dh;", "**", "write h.log().mul(dh).exp() for h ** dh, where the first is positive."],
      ["const a = n > 0 && ^h * 2 === 3;", "*", "write h.mul(2) for h * 2."],
    ]
  ) {
    assertEquals(at(line), `The operator ${operator} does not work on tensors: ${instead}`, line);
  }
  assertStringIncludes(at("const a = ^h << 2;")!, "The operator << does not work on tensors, and they have no method");
});

test("a text and a tensor are joined between backticks, whatever else the text says", () => {
  const joined = "The operator + does not join a text and a tensor: write `${h}` for h.";
  for (const line of ['f(^"a; (" + h);', "f(^h + 'dh * 2)');", "f(^`${dh}` + h);", 'let n = ""; ^n += h;']) {
    assertEquals(at(line), joined, line);
  }
});

test("options in braces end no statement, and `let` beside an operator none of its sentences", () => {
  const options = "{ keepdim: true }", mean = `h.mean(0, ${options})`;
  assertEquals(at(`const a = dh - h.mean(0, { keepdim: true ^}) / h;`), write(`${mean}.div(h)`, `${mean} / h`, "/"));
  assertEquals(at(`for (;;) { const a = { b: ^h * 2 }; }`), write("h.mul(2)", "h * 2", "*"));
  // Bun names what was called before.
  assertEquals(at("let a = 1; let dh = h.^clone(); dh -= 1;"), write("dh.sub_(1)", "dh -= 1", "-="));
  assertEquals(at("let a = h.^clone(); f(); dh -= 1;"), undefined);
});

test("what a function takes may be a tensor: the operator is named, with its method", () => {
  assertEquals(at("const f = (x) => ^x * 2;"), "The operator * does not work on tensors: write the method mul.");
  assertEquals(
    at("function f(k, x) { return 1 - ^x ** 2; }"),
    "The operator ** does not work on tensors: write the method pow.",
  );
});

test("a function of Math is answered with the tensor's method, or with what does the same", () => {
  const math = (call: string) =>
    at(`const a = 2 * Math.^${call};`)!.replace(/^Math\.\w+ does not work on tensors: write /, "");
  for (
    const [call, instead] of [
      ["pow(h, 2)", "h.pow(2)"],
      ["pow(2, h)", "h.mul(Math.log(2)).exp()"],
      ["max(h, 0)", "h.clamp(0)"],
      ["max(0, h.mul(2), n)", "h.mul(2).clamp(0).maximum(n)"],
      ["min(h, 1e-3)", "h.clamp({ max: 1e-3 })"],
      ["min(h, dh)", "h.minimum(dh)"],
      ["max(...h)", "h.max()"],
      ["min(h)", "h.neg().max().neg()"],
      ["sqrt(h.sum(0, 1))", "h.sum(0, 1).sqrt()"],
    ]
  ) {
    assertEquals(math(call), `${instead} for Math.${call}.`);
  }
  assertEquals(math("floor(h.div(2))"), "h.div(2).int() for positive numbers.");
  assertEquals(math("cosh(h)"), "h.exp().add(h.neg().exp()).div(2).");
  assertStringIncludes(math("cbrt(h)"), "tensor(Array.from(h.toArray(), (x) => Math.cbrt(x)), { shape: h.shape");
  assertStringIncludes(math("hypot(h, 2)"), "Math.hypot(x, …)");
  assertEquals(
    at("const a = ^Number(h) * dh;"),
    "Number does not work on tensors: h.item() is its number, h.toArray() has all of them.",
  );
});

test("an operator between tensors is named with its operands, whether the engine points at it, as Chrome does, or behind it, as Firefox does", () => {
  for (
    const [chrome, firefox, instead, written, operator] of [
      ["(h ^* probs).sum(1);", "(h * ^probs).sum(1);", "h.mul(probs)", "h * probs", "*"],
      ["h.sum(1) ^+ probs;", "h.sum(1) + ^probs;", "h.sum(1).add(probs)", "h.sum(1) + probs", "+"],
      ["1 ^- h;", "1 - ^h;", "sub(1, h)", "1 - h", "-"],
      ["2 ^* h.sum(3, 4);", "2 * h.^sum(3, 4);", "h.sum(3, 4).mul(2)", "2 * h.sum(3, 4)", "*"],
      ["h.mul(1 ^- probs);", "h.mul(1 - ^probs);", "sub(1, probs)", "1 - probs", "-"],
      ["h ^> 0;", "^h > 0;", "h.gt(0)", "h > 0", ">"],
      ["(1.0 ^/ probs) * h;", "(1.0 / ^probs) * h;", "div(1.0, probs)", "1.0 / probs", "/"],
      ["1 - h ^** 2;", "1 - ^h ** 2;", "h.pow(2)", "h ** 2", "**"],
      [
        "h.sum(1) ^* probs.sum(2) / 2;",
        "h.sum(1) * probs.^sum(2) / 2;",
        "h.sum(1).mul(probs.sum(2))",
        "h.sum(1) * probs.sum(2)",
        "*",
      ],
      ["-1 / n ^* f(h, 27);", "-1 / n * ^f(h, 27);", "f(h, 27).mul(-1 / n)", "-1 / n * f(h, 27)", "*"],
      ["n ? h ^+ 1 : 2;", "n ? ^h + 1 : 2;", "h.add(1)", "h + 1", "+"],
      ["(x) => x * 2, g = h ^* 3;", "(x) => x * 2, g = ^h * 3;", "h.mul(3)", "h * 3", "*"],
      [
        "f(h).sub(n * n) // it's (\n  ^* h;",
        "f(h).sub(n * n) // it's (\n  * ^h;",
        "f(h).sub(n * n).mul(h)",
        "f(h).sub(n * n) * h",
        "*",
      ],
    ]
  ) {
    for (const text of [chrome, firefox]) {
      assertEquals(at(`const { y } = x; const a = ${text}`), write(instead, written, operator), text);
    }
  }
});

test("what the engine that runs this names is enough", async () => {
  // Deno's tests may read no file; Bun loses a module's lines when it is imported as a text, too.
  const own = "Bun" in globalThis
    ? readFileSync(fileURLToPath(import.meta.url), "utf8")
    : (await import("./operators_test.ts", { with: { type: "text" } }) as unknown as { default: string }).default;
  const h = tensor([1, 2]) as unknown as number;
  // deno-fmt-ignore
  const lines: [() => unknown, string][] = [
    [() => 1 - h, "sub(1, h) for 1 - h"],
    [() => h * h, "h.mul(h) for h * h"],
    [() => h / 2, "h.div(2) for h / 2"],
    [() => -h, "h.neg() for -h"],
    [() => h
      + 2, "add"],
  ];
  for (const [work, instead] of lines) {
    try {
      work();
      throw new Error("It went well.");
    } catch (error) {
      assertStringIncludes(sentence(error, { names: ["h"], source: own }), instead);
    }
  }
});

test("an assignment to at(…) is answered with what assigns, in deno task learn and on the page", () => {
  const line = "  dC.at(ix.at(k), 3) += x.mul(2); // more",
    said = "Write dC.at(ix.at(k), 3).add_(x.mul(2)); with lists of indices";
  assertStringIncludes(assignmentTo(line)!, said);
  assertStringIncludes(
    assignmentTo("dC.at(1, 2) = 3")!,
    "Write dC.at(1, 2).fill_(3), where that is a number, else copy_(3);",
  );
  for (const other of ["dC.at(1) == 3;", "const a = dC.at(1);", "f(dC.at(1) => 2)"]) {
    assertEquals(assignmentTo(other), undefined);
  }
  const deno =
    `error: SyntaxError: Invalid assignment target\n    |\n7 |${line}\n    |  ~~~\n    at file:///x/my/ex1.ts:7:3\n`;
  const bun =
    `7 |${line}\n       ^\nerror: Invalid assignment target\n    at /x/my/ex1.ts:7:3\n\nBun v1.4.5 (Linux x64)\n`;
  for (const errors of [deno, bun]) {
    const source = `${"\n".repeat(6)}${line}\n`;
    assertStringIncludes(inPlainWords(errors, "my/ex1.ts", source), `my/ex1.ts, line 7: ${said}`);
  }
  assertStringIncludes(explained(`\n${line}\n`, 2, "Assigning to rvalue").text, said);
});
