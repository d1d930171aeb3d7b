// The sentence about a source that cannot be read, without a browser.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { erased } from "../../lib/page/erase.ts";
import { explained } from "../../lib/exercise/syntax.ts";

/** What the engine says of a source; undefined where it can be read. */
function refused(source: string): string | undefined {
  try {
    new Function(`async () => {${erased(source)}\n}`);
  } catch (error) {
    return (error as Error).message;
  }
}

const ABOVE = '// it\'s "the" first line\nconst a = b.mul(2); // (32, 27)\n',
  BELOW = '\nconst z = 1;\ncmp("a", a, a);\n';

for (
  const [line, says] of [
    ["const dh = dlogits @ w2.T;", "write dlogits.matmul(w2.T)"],
    ["const dw2 = h.T @ dlogits;", "write h.T.matmul(dlogits)"],
    ["const dw2 = h.transpose(0, 1) @ dlogits", "write h.transpose(0, 1).matmul(dlogits)"],
    ["# d tanh(x)/dx = 1 - h**2", "A comment begins with //"],
    ["const dh = 1; # it's a comment", "A comment begins with //"],
    ["for k in range(xb.shape[0]):", "Write for (const k of range(xb.shape[0])) { … }"],
    ["for k in range(n):", "Write for (const k of range(n)) { … }"],
    ["for ix in xb:", "Write for (const ix of xb) { … }"],
    ["for i, x in enumerate(xs):", "Write for (const [i, x] of enumerate(xs)) { … }"],
    ['print(f"loss: {loss}")', "between backticks"],
    ["print(f'{h.shape}')", "between backticks"],
    ["const dhpreact = -h**2;", "Write h.pow(2).neg()"],
    ["const d = -counts_sum**-2;", "Write counts_sum.pow(-2).neg()"],
    ["const dx = dy.sum(0, keepdim: true);", "write { keepdim: true }"],
    ["def backward(x):", "function backward(x)"],
    ["const f = lambda x: x.mul(2);", "(x) => …"],
    ["if n > 3:", "Write if (n > 3) { … }"],
    ["else:", "Write else { … }"],
    ["with torch.no_grad():", "There is no with"],
    ["import torch.nn.functional as F", "Python's modules cannot be imported"],
    ["from torch import nn", "Python's modules cannot be imported"],
    ["const d = 1 if n else 2;", "condition ? a : b"],
    ["const d = not n;", "Write ! for not"],
    ["if (n and m) {}", "Write && for and"],
    ["const d = logits[:, 3];", 'logits.at(":", 3)'],
    ["const d = logits[2:5];", 'logits.at("2:5")'],
    ["%matplotlib inline", "delete the line"],
    ['const d = "unclosed;', 'begins here with "'],
    ["const d = `unclosed;", "begins here with `"],
    ["/* unclosed", "never closed with */"],
    ["const dh =", "not finished"],
    ["const dh = ;", "not finished"],
    ["const dh;", "The expression behind const dh is missing."],
    ["dC[0, :] = 1;", 'Write dC.at(0, ":").fill_(1), where that is a number'],
    ["const dh = dlogits.", "not finished"],
    ["const dh = dlogits.matmul(w2.T", "not closed"],
    ["const dh = dlogits.matmul(w2.T));", "a closing bracket too many"],
  ] as const
) {
  test(`${line} is answered at its line with what to write`, () => {
    const source = ABOVE + line + BELOW, message = refused(source)!;
    for (const at of [3, 4]) { // engines notice it there or in the next line
      const found = explained(source, at, message);
      assertStringIncludes(found.text, says);
      assertEquals(found.line, 3, found.text);
    }
  });
}

test("what is right is not looked at: texts, comments, private names, ternaries and shapes are no Python", () => {
  const source = [
    '// f"loss", dlogits @ w2.T, for k in range(3):',
    'const text = "a @ b # c", other = `${text} # ${text}`, some = n ? 1 : 2;',
    "class A { #x = 1; get x(): number { return this.#x; } }",
    "const shape: [a: number, b: number] = [1, 2], at = { n: 1 }[text]; for (const k of range(3)) {}",
  ].join("\n");
  assertEquals(refused(source), undefined);
});

test("an error that has no sentence of ours keeps the parser's words and line", () => {
  assertEquals(explained("const a = 1;\nconst b = 2;", 2, "Identifier 'b' has already been declared"), {
    ...{ line: 2, text: "Identifier 'b' has already been declared." },
  });
});
