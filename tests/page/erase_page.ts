// Types are taken out as esbuild takes them out, for the exercises and whatever is written as they are.
import { assert, assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { transform } from "esbuild";
import { exercises } from "../../lib/page/exercises.ts";
import { erased } from "../../lib/page/erase.ts";
import { root } from "./browser.ts";
import { solvedOf } from "./sources.ts";

/** A source as esbuild writes it as JavaScript, without imports and exports, which have a test of their own. */
async function plain(source: string, loader: "ts" | "js"): Promise<string> {
  const { code } = await transform(source, {
    loader,
    target: "esnext",
    minifyWhitespace: true,
  });
  return code.replaceAll(/\bimport\s*(?:[\w*${},\s]*?\bfrom\s*)?"[^"]*"(?:with\{[^}]*\})?;/g, "")
    .replaceAll(/\bexport\s*(?:\{[^}]*\}|\*)(?:\s*from\s*"[^"]*")?;/g, "").replaceAll(/\bexport (default )?/g, "")
    .replaceAll(/;+/g, ";").replaceAll(/(^|[{}]);/g, "$1").trim(); // a blanked statement leaves an empty one
}

const files = ["exercises", "data", "lib/exercise", "lib/page", "lib/practice", "lib/random", "tests/page"].flatMap((
  folder,
) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.d)\.ts$/.test(file))
    .map((file) => join(folder, file))
);

test("what is left of a file is what esbuild leaves, and every line is where it was", async () => {
  assert(files.length > 80, `${files.length} files`);
  const wrong: string[] = [];
  for (const file of files) {
    const source = readFileSync(join(root, file), "utf8"), code = erased(source);
    if (code.split("\n").length !== source.split("\n").length) wrong.push(`${file}: lines`);
    const ours = code.slice(-source.length); // without the imports before it
    const [a, b] = await Promise.all([plain(ours, "js").catch(String), plain(source, "ts")]);
    if (a !== b) wrong.push(`${file}: ${difference(a, b)}`);
  }
  assertEquals(wrong, []);
});

function difference(a: string, b: string): string {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return `${a.slice(Math.max(0, at - 30), at + 40)} | ${b.slice(Math.max(0, at - 30), at + 40)}`;
}

test("imports come first, on the first line, and bring what they name", async () => {
  const source =
    'a();\nimport a, { b as c, type D, e } from "x";\nimport type { F } from "y";\nimport * as g from "z";\nimport "w";\n' +
    'import h from "./names.txt" with { type: "text" };\nc(e, g, h);\n';
  const asked: string[] = [], said: unknown[] = [];
  const modules: Record<string, object> = {
    x: { default: () => said.push("a"), b: (...all: unknown[]) => said.push(...all), e: 1 },
    z: { all: 2 },
    w: {},
    "./names.txt": { default: "text" },
  };
  const require = (name: string) => [asked.push(name), modules[name]][1];
  await new Function("require", `return (async () => {${erased(source)}\n})()`)(require);
  assertEquals(asked, ["x", "z", "w", "./names.txt"]);
  assertEquals(said, ["a", 1, { all: 2 }, "text"]);
});

test("what a learner may write of types goes, also where it is seldom written", () => {
  for (
    const [typed, plain] of [
      ["const f = <T,>(a: T, b?: number, ...c: string[]): T => a as T;", "const f = (a, b, ...c) => a;"],
      ["const g = (a as B)!.c?.d!; let k!: number;", "const g = (a).c?.d; let k;"],
      ["try { f(); } catch (e: unknown) { }", "try { f(); } catch (e) { }"],
      ["function f(this: X, a?: T): asserts a is T { }", "function f(a) { }"],
      [
        "abstract class A<T> extends B<T> implements C, D { private readonly x: number = 1; declare y: string; }",
        "class A extends B { x = 1; ; }",
      ],
      ["const m = new Map<string, number>(), t = <any>x, y = z satisfies T;", "const m = new Map(), t = x, y = z;"],
      ["declare const A: string;\nexport const b = 1;", ";\n; const b = 1;"],
      [
        "const o = { m<T>(x: T): void {}, get y(): number { return 1; } };",
        "const o = { m(x) {}, get y() { return 1; } };",
      ],
      [
        "if (eps < 0 && eps > -0.1 || a < b && c > (d)) f<number>(1);",
        "if (eps < 0 && eps > -0.1 || a < b && c > (d)) f(1);",
      ],
      [
        "const f = (one: A): one is Step => g(one); let h: (x: unknown) => x is object;",
        "const f = (one) => g(one); let h;",
      ],
      ['function f({ a }: typeof import("b"), c: Pick<typeof d, "e">) { }', "function f({ a }, c) { }"],
      ["for (const x of y as Z[]) {} const { a, b }: { a: number } = c;", "for (const x of y) {} const { a, b } = c;"],
    ]
  ) {
    const squeezed = (text: string) =>
      text.replaceAll(/[^\S\n]+(?=[^\w\s])|(?<=[^\w\s])[^\S\n]+/g, "").replaceAll(/[^\S\n]+/g, " ").trim();
    assertEquals(squeezed(erased(typed)), squeezed(plain));
  }
});

test("blanks and solutions run without their types: each parses", () => {
  for (const { n, blank } of exercises) {
    for (const source of [blank, solvedOf(n)]) new Function(`async (require) => {${erased(source)}\n}`);
  }
});
