// Practice networks as whole processes, under Deno and under Bun: the same file from the same seed, never over another, run,
// filled in, hinted at; and commands that are not understood.
//
//     deno task processes      bun run processes
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { regions } from "../../lib/exercise/blank.ts";
import { makePractice } from "../../lib/practice/network.ts";
import { practiceBlank, practiceSource } from "../../lib/practice/source.ts";
import { fillRegions } from "../harness.ts";
import { copyCheckout, type Result, runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (folder: string, command: readonly string[]) => runToEnd(command, folder, { NO_COLOR: "1" });
const deno = { name: "Deno", command: ["deno", "run", "--no-prompt"], practice: ["deno", "task", "practice"] };
const bun = { name: "Bun", command: ["bun"], practice: ["bun", "lib/scripts/new_practice.ts"] };
const hasBun = existsSync(join(root, "node_modules")) &&
  await run(root, ["bun", "--version"]).then(({ code }) => code === 0, () => false);

const SEED = 7, LEVEL = 4;
const FILE = `my/practice-${SEED}.ts`, flags = ["--seed", `${SEED}`, "--level", `${LEVEL}`];
const bad: readonly (readonly [args: string[], answer: string])[] = [
  [["--level", "6"], '--level takes a whole number from 1 to 5; given "6".'],
  [["--level", "two"], '--level takes a whole number from 1 to 5; given "two".'],
  [["--seed", "-1"], '--seed takes a whole number from 0 to 4,294,967,295; given "-1".'],
  [["--seed"], "given nothing."],
  [["--seed=1", "--seed=2"], "--seed is given more than once; give it once."],
  [["--sed", "1"], "There is no flag --sed. Did you mean --seed? Allowed are --seed N, --level 1 to 5, --again."],
  [["7"], '"7" is not a flag.'],
];

/** All that happens in one copy of the checkout. */
async function inCopy({ name, command, practice }: typeof deno) {
  const copy = mkdtempSync(join(tmpdir(), "practice ")), at = (path: string) => join(copy, path);
  try {
    copyCheckout(copy, name === "Bun");
    const refused = await Promise.all(bad.map(([args]) => run(copy, [...practice, ...args])));
    const before = existsSync(at("my"));
    const made = await run(copy, [...practice, ...flags]), written = readFileSync(at(FILE), "utf8");
    const ran = await run(copy, [...command, FILE]), hint = await run(copy, [...command, FILE, "--hint", "dx", "3"]);
    const again = await run(copy, [...practice, ...flags]), drawn = await run(copy, practice);
    const files = readdirSync(at("my"));
    const answers = regions(practiceSource(makePractice(SEED, LEVEL)));
    writeFileSync(at(FILE), fillRegions(written, (_, i) => answers[i].lines.join("")));
    const filled = await run(copy, [...command, FILE]), json = await run(copy, [...command, FILE, "--json"]);
    return {
      name,
      practice: practice.join(" "),
      refused,
      before,
      made,
      written,
      ran,
      hint,
      again,
      drawn,
      files,
      filled,
      json,
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const said = ({ stdout, stderr }: Result) => stdout + stderr;

if (!hasBun) {
  const skip = "Bun is not here, or has not installed: bun install";
  test(`practice under Bun (${skip})`, { skip }, () => {});
}
for (const done of [await inCopy(deno), ...(hasBun ? [await inCopy(bun)] : [])]) {
  const { name, practice, refused, before, made, written, ran, hint, again, drawn, files, filled, json } = done;

  test(`${name}: a practice command that is not understood gets a sentence, exit code 2, and writes nothing`, () => {
    for (const [i, [, answer]] of bad.entries()) {
      assertEquals(refused[i].code, 2, said(refused[i]));
      assertStringIncludes(refused[i].stderr, answer);
      assertFalse(/^ {4}at /m.test(said(refused[i])), said(refused[i]));
    }
    assertFalse(before);
  });

  test(`${name}: a seed and a level give the file that they give everywhere, and it is not written over`, () => {
    assertEquals(made.code, 0, said(made));
    assertStringIncludes(made.stdout, `${FILE} is ready`);
    assertEquals(written, practiceBlank(SEED, LEVEL));
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, `${FILE} exists and was not changed`);
    assertStringIncludes(again.stderr, `${practice} ${flags.join(" ")} --again`);
  });

  test(`${name}: without a seed, one is drawn`, () => {
    assertEquals(drawn.code, 0, said(drawn));
    const [file] = files.filter((file) => file.endsWith(".ts") && file !== `practice-${SEED}.ts`);
    assertMatch(file, /^practice-\d{1,4}\.ts$/);
  });

  test(`${name}: a practice file runs as an exercise does, empty and filled in`, () => {
    const rows = new Set(makePractice(SEED, LEVEL).terms.map((term) => term.name)).size;
    assertEquals([ran.code, [...ran.stdout.matchAll(/ todo\b/g)].length], [1, rows], said(ran));
    assertEquals([hint.code, filled.code, json.code], [0, 0, 0], said(filled));
    assertStringIncludes(hint.stdout, "dx, hint 3 of 3: ");
    assertStringIncludes(hint.stdout, "That is the answer, as code.");
    assertStringIncludes(filled.stdout, `${rows}/${rows} right`);
    assertStringIncludes(
      filled.stdout.replaceAll(/\s+/g, " "),
      `Next: ${practice} --seed ${SEED + 1} --level ${LEVEL}`,
    );
    const report = JSON.parse(json.stdout) as { exercise: string; rows: { status: string }[] };
    assertEquals(report.exercise, `practice-${SEED}`);
    assert(report.rows.length === rows && report.rows.every(({ status }) => status === "ok"));
  });
}
