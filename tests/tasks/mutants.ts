// `deno task mutants`: makes small mistakes in the sources, one at a time in copies of the project, and sees that a test
// notices: one fails, or does not end. Of each changed file a few are made, on changed lines first. Which, follows from the
// sources alone, so a second run says the same.
//
//     deno task mutants                    files that differ from main; on main, that its last ten commits changed
//     deno task mutants --since 1a2b3c     files that have changed since a commit
//     deno task mutants lib/check random   files whose path holds one of the words, changed or not
//     deno task mutants --all              all files
//     deno task mutants --each 20          so many in each file
//
// Some mistakes change no result, as in a faster path's condition, so not every one has to be noticed: the exit code is 1
// when fewer than half are, or fewer than a third in one file. The others are listed, to look at. Of 125, one in
// each file (`--all --each 1`), 102 were noticed on 30 November 2026.
//
// The tests are those of `deno test`. They run once with each mistake's place marked, which says which of them come there.
// Left out: lib/page and lib/scripts, whose tests start browsers and processes.
import { parseArgs } from "@std/cli/parse-args";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { changedSince } from "./mutants/changes.ts";
import { Copy, isAssembly, type Played } from "./mutants/copy.ts";
import { canBePlanted, type Mutation, mutationsOf } from "./mutants/mutations.ts";

/** At most so many mistakes in a file, and about so many in all. */
const EACH = 6, MOST = 20;
/** So many times as many are ready as are made, since some do not compile. */
const SPARE = 3;
/** The share of all that has to be noticed; and the share in a file, of so many or more. */
const NOTICED = 0.5, NOTICED_IN_FILE = 1 / 3, MANY = 4;
/** Tests are tried until one notices, or for so large a share of the time that all take. */
const SHARE = 0.8;
const AT_ONCE = 2;

const root = fileURLToPath(new URL("../..", import.meta.url));
const flags = parseArgs(process.argv.slice(2), { boolean: ["all"], string: ["since", "each"] });

/** The files that mistakes are made in. */
const sources = ["lib", "data", "exercises"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`)
).filter((file) => /(?<!\.d|\.generated)\.ts$/.test(file) && !/^lib\/(page|scripts)\//.test(file)).sort();

/** The tests of `deno test`. */
const units = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" }).map((path) => `tests/${path}`)
  .filter((path) => path.endsWith("_test.ts")).sort();

/** The files that can be marked: tests read the text of exercises, and kernels are compiled. */
const isMarked = ({ file }: { file: string }) => file.startsWith("lib/") && !isAssembly(file);

interface Chosen {
  file: string;
  /** The mistakes in the order in which they are made, more than needed, for some do not compile. */
  mutations: Mutation[];
  noticed: number;
  made: number;
}

function chosenOrEnd(): Chosen[] {
  try {
    return choose();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function choose(): Chosen[] {
  const words = flags._.map(String), wanted = (file: string) => words.some((word) => file.includes(word));
  const changes = flags.all || words.length > 0 ? undefined : changedSince(root, flags.since as string | undefined);
  const files = sources.filter((file) => words.length > 0 ? wanted(file) : !changes || changes.has(file)).map(
    (file) => {
      const all = mutationsOf(readFileSync(join(root, file), "utf8"), isAssembly(file));
      const lines = changes?.get(file), changed = all.filter(({ line }) => lines?.has(line));
      return { file, mutations: [...new Set([...changed, ...all])], noticed: 0, made: 0 };
    },
  ).filter(({ mutations }) => mutations.length > 0);
  if (flags.all || words.length > 0) return files;
  // Where more files have changed than there is time for: those with the first ranks.
  return files.sort((a, b) => a.mutations[0].rank < b.mutations[0].rank ? -1 : 1).slice(0, MOST / 2);
}

const chosen = chosenOrEnd();
if (chosen.length === 0) {
  console.log("No file has changed that mistakes are made in.\n0 passed, 0 failed");
  process.exit(0);
}
const bound = flags.all || flags._.length > 0 ? EACH : Math.floor(MOST / chosen.length);
const each = flags.each === undefined ? Math.min(EACH, Math.max(2, bound)) : Number(flags.each);
const began = performance.now(), folder = mkdtempSync(join(tmpdir(), "mutants-"));
const unnoticed: string[] = [], wrong: string[] = [];
try {
  const copies = Array.from({ length: AT_ONCE }, (_, i) => new Copy(root, join(folder, String(i))));
  // First without any mistake: nothing may be noticed, with the kernels built anew as each of their mistakes is.
  if (chosen.some(({ file }) => isAssembly(file))) await copies[0].build();
  for (const one of chosen) one.mutations.splice(SPARE * each);
  const { code, output, played } = await copies[0].playMarked(units, chosen.filter(isMarked));
  if (code !== 0) {
    throw new Error(`Without any mistake a test fails, the one after "${played.at(-1)?.name}":\n${output}`);
  }
  // One of each file in turn.
  const left = Array.from({ length: each }, () => chosen).flat();
  await Promise.all(copies.map(async (copy) => {
    for (let one = left.shift(); one; one = left.shift()) await judge(copy, one, played);
  }));
} catch (error) {
  wrong.push((error as Error).message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The tests that run a mistake's place, those of the file's name first, and then the quickest; all where it is not known. */
function testsOf(file: string, { rank, place }: Mutation, played: readonly Played[]): string[] {
  const name = file.replace(/^.*\/|\.ts$/g, ""), own = (test: Played) => Number(test.file.endsWith(`/${name}_test.ts`));
  const runIt = played.filter(({ reached }) => reached.includes(rank));
  const known = place && isMarked({ file }) && runIt.every(({ name }) => name !== undefined); // not while a file is loaded
  let left = SHARE * sum(played.map(({ milliseconds }) => milliseconds));
  return (known ? runIt : played.filter(({ name }) => name !== undefined))
    .sort((a, b) => own(b) - own(a) || a.milliseconds - b.milliseconds)
    .filter(({ milliseconds }) => (left -= milliseconds) > 0)
    .map(({ file, name }) => `${file}\t${name}`);
}

/** Makes a file's next mistake that compiles. */
async function judge(copy: Copy, one: Chosen, played: readonly Played[]): Promise<void> {
  for (let mutation = one.mutations.shift(); mutation; mutation = one.mutations.shift()) {
    if (!canBePlanted(readFileSync(join(root, one.file), "utf8"), mutation, isAssembly(one.file))) continue;
    const noticed = await copy.notices(one.file, mutation, testsOf(one.file, mutation, played));
    if (noticed === undefined) continue;
    const { line, start, end, to } = mutation, source = readFileSync(join(root, one.file), "utf8");
    const text = `${one.file}:${line}: ${oneLine(source.slice(start, end))}  →  ${oneLine(to)}`;
    console.log(`${noticed ? "noticed " : "SURVIVED"} ${text}`);
    one.made++;
    if (noticed) one.noticed++;
    else unnoticed.push(`SURVIVED ${text}\n         ${source.split("\n")[line - 1].trim()}`);
    return;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const made = sum(chosen.map(({ made }) => made)), noticed = sum(chosen.map(({ noticed }) => noticed));
if (made === 0 && wrong.length === 0) wrong.push("No mistake could be made.");
if (noticed < NOTICED * made) wrong.push(`Fewer than half were noticed.`);
for (const { file, made, noticed } of chosen) {
  if (made >= MANY && noticed < NOTICED_IN_FILE * made) wrong.push(`${file}: ${noticed} of ${made} were noticed.`);
}
for (const text of [...unnoticed, ...wrong]) console.log(text);
console.log(`${made} mistakes in ${chosen.length} files, ${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(`${noticed} passed, ${wrong.length} failed`);
process.exit(wrong.length === 0 ? 0 : 1);

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
