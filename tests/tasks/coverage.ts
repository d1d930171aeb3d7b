// `deno task coverage`: the lines of lib/ that the tests run, per file. Fails when a test fails or the total is below
// 95 %.
//
// Counts what `deno test` runs in its own process. Left out: the kernels, which are WebAssembly (`deno task mutants`
// looks after them), and the scripts that only run as processes (`deno task processes`); data/ and exercises/.
// Deno only: Bun counts in its own way.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const LEAST = 95;
const LEFT_OUT = ["lib/scripts/build_kernels.ts", "lib/tensor/wasm.generated.ts", "lib/scripts/new_blank.ts"];

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs deno in the project's folder, and shows what it printed if it fails. */
function deno(...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const ok = status === 0;
  if (!ok) console.error(`${stdout}${stderr}\nThis failed: deno ${args.join(" ")}\n`);
  return { ok, output: stdout };
}

/** Files of lib/ to count: `lib/check/check.ts` and so on. */
function sources(folder: string): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts")).sort();
  return names.map((name) => `${folder}/${name}`).filter((file) => !LEFT_OUT.includes(file));
}

/** How often each line ran, by file and line, from a report in lcov's format. */
function parse(lcov: string): Map<string, Map<number, number>> {
  const files = new Map<string, Map<number, number>>();
  let lines = new Map<number, number>();
  for (const record of lcov.split(/\r?\n/)) {
    if (record.startsWith("SF:")) files.set(record.slice(3), lines = new Map());
    const [, line, count] = /^DA:(\d+),(\d+)/.exec(record) ?? [];
    if (line) lines.set(Number(line), Number(count));
  }
  return files;
}

/** A file that no test loads is in no report: all its lines count, but for comments and empty ones, as not run. */
function notLoaded(file: string): Map<number, number> {
  const lines = readFileSync(join(root, file), "utf8").split("\n").map((text, i) => [i + 1, text.trim()] as const);
  return new Map(lines.filter(([, text]) => text && !/^(\/\/|\/\*|\*)/.test(text)).map(([line]) => [line, 0]));
}

/** Line numbers, neighbours put together: `7, 12–15`. */
function ranges(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else runs.push([line, line]);
  }
  return runs.map(([from, to]) => from === to ? `${from}` : `${from}–${to}`).join(", ");
}

const profile = mkdtempSync(join(tmpdir(), "coverage-"));
let report: Map<string, Map<number, number>>, ok: boolean;
try {
  const tests = deno("test", "--quiet", "--no-check", `--coverage=${profile}`, "--coverage-raw-data-only");
  // The report leaves out what deno.json excludes and everything remote.
  const { output, ok: known } = deno("coverage", "--lcov", profile);
  ok = tests.ok && known;
  report = parse(output);
} finally {
  rmSync(profile, { recursive: true, force: true });
}

const percent = (hit: number, found: number) => found === 0 ? 100 : 100 * hit / found;
const row = (name: string, hit: number, found: number, rest: string) =>
  `${name.padEnd(28)} ${`${hit}/${found}`.padStart(10)} ${percent(hit, found).toFixed(1).padStart(6)} %  ${rest}`
    .trimEnd();

console.log("file                          lines run             not run");
let allFound = 0, allHit = 0;
for (const file of [...sources("lib"), ...sources("lib/kernels")]) {
  const loaded = report.get(join(root, file)) ?? report.get(pathToFileURL(join(root, file)).href);
  const lines = loaded ?? notLoaded(file);
  const missed = [...lines].filter(([, count]) => count === 0).map(([line]) => line).sort((a, b) => a - b);
  const found = lines.size, hit = found - missed.length;
  allFound += found;
  allHit += hit;
  console.log(row(file, hit, found, loaded ? ranges(missed) : "all: no test loads it"));
}
const enough = percent(allHit, allFound) >= LEAST;
console.log(row("lib", allHit, allFound, enough ? "" : `below ${LEAST} %`));
console.log(
  `Not counted: lib/tensor/assembly, which is compiled to WebAssembly, and ${LEFT_OUT.join(", ")}.\n` +
    "The first of these and the last only run as processes; the one between is what the first makes.",
);
process.exit(ok && enough ? 0 : 1);
