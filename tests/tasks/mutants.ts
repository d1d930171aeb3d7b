// `deno task mutants`: plants the mistakes of tests/tasks/mutations.ts one at a time in copies of the project, and sees that
// the tests named beside each notice: one fails, or does not end. A kernel's mistake is compiled to WebAssembly in the
// copy. Prints a line for each, those unnoticed once more at the end; the exit code is 1 when any goes unnoticed.
// `deno task mutants lib/check random` plants only those in files whose path holds one of the words.
//
// A mistake that only breaks the syntax shows nothing, and is an error in the list.
// Left out: finding mistakes to plant; the list is written by hand.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { mutations } from "./mutations.ts";
import type { Mutation } from "./mutations/planted.ts";

const KERNELS = "lib/tensor/assembly/", WASM = "lib/tensor/wasm.generated.ts";
const SEED = "tests/tasks/mutations/seed.ts", AT_ONCE = 2, MOST_SECONDS = 120;

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Result {
  /** Null when it was stopped because it did not end. */
  code: number | null;
  output: string;
}

/** Runs deno in a copy of the project, to its end. */
function deno(copy: string, ...args: string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: copy,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => output += text);
    const timer = setTimeout(() => child.kill("SIGKILL"), MOST_SECONDS * 1000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** The list as it fits the sources: each text stands in its file exactly once, and the tests are there. */
function checkList(): void {
  const wrong: string[] = [];
  for (const { file, from, to, tests } of mutations) {
    const count = readFileSync(join(root, file), "utf8").split(from).length - 1;
    if (count !== 1) wrong.push(`${file} holds this ${count} times instead of once: ${from}`);
    if (from === to) wrong.push(`${file} is not changed by: ${from}`);
    for (const test of tests) {
      if (!existsSync(join(root, test))) wrong.push(`${test} is not there, for ${file}: ${from}`);
    }
  }
  if (wrong.length === 0) return;
  console.error(`tests/tasks/mutations.ts does not fit the sources:\n${wrong.join("\n")}`);
  process.exit(1);
}

function makeCopy(folder: string): string {
  mkdirSync(folder);
  for (const part of ["lib", "data", "exercises", "tests", "README.md", "deno.json", "import_map.json"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  return folder;
}

function runTests(copy: string, tests: readonly string[]): Promise<Result> {
  return deno(copy, "test", "--no-check", "--quiet", "--fail-fast", "--preload", SEED, ...tests);
}

async function build(copy: string): Promise<void> {
  const { code, output } = await deno(copy, "run", "--allow-write=lib/tensor", "lib/scripts/build_kernels.ts");
  if (code !== 0) throw new Error(`The kernels do not compile:\n${output}`);
}

/** Plants one mistake, sees who notices, and takes it out again. One that shows nothing is UNFIT, and says why. */
async function judge(copy: string, { file, from, to, tests }: Mutation): Promise<"noticed" | "SURVIVED" | "UNFIT"> {
  const target = join(copy, file),
    original = readFileSync(target, "utf8"),
    wasm = readFileSync(join(copy, WASM), "utf8");
  try {
    writeFileSync(target, original.replace(from, () => to));
    if (file.startsWith(KERNELS)) await build(copy);
    const { code, output } = await runTests(copy, tests);
    if (/could not be parsed|Module not found/.test(output)) throw new Error(output);
    return code === 0 ? "SURVIVED" : "noticed";
  } catch (error) {
    console.error((error as Error).message);
    return "UNFIT";
  } finally {
    writeFileSync(target, original);
    writeFileSync(join(copy, WASM), wasm);
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

checkList();
const words = process.argv.slice(2);
const chosen = mutations.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
const began = performance.now(), folder = mkdtempSync(join(tmpdir(), "mutants-"));
const missed: string[] = [];
let passed = 0, failed = 0;
try {
  const copies = Array.from({ length: AT_ONCE }, (_, i) => makeCopy(join(folder, String(i))));
  // First without any mistake: nothing may be noticed, with the kernels built anew as each of their mistakes is.
  await build(copies[0]);
  const { code, output } = await runTests(copies[0], [...new Set(chosen.flatMap(({ tests }) => tests))]);
  if (code !== 0) throw new Error(`Without any mistake the tests do not pass:\n${output}`);
  const left = [...chosen];
  await Promise.all(copies.map(async (copy) => {
    for (let mutation = left.shift(); mutation; mutation = left.shift()) {
      const { file, from, to } = mutation;
      const verdict = await judge(copy, mutation);
      const line = `${verdict.padEnd(8)} ${file}: ${oneLine(from)}  →  ${oneLine(to) || "(nothing)"}`;
      console.log(line);
      if (verdict === "noticed") passed++;
      else missed.push(line);
    }
  }));
} catch (error) {
  console.error((error as Error).message);
  failed++;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// Once more, where they are seen without searching.
for (const line of missed) console.log(line);
failed += missed.length;
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
