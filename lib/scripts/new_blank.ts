// `deno task blank N`: writes my/exN.ts, a blank copy of exercise N. It never overwrites one; with --again, the old one
// first gets another name.
import { blankCommand } from "../exercise/runtime.ts";
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import ex1 from "../../exercises/ex1.ts" with { type: "text" };
import ex2 from "../../exercises/ex2.ts" with { type: "text" };
import ex3 from "../../exercises/ex3.ts" with { type: "text" };
import ex4 from "../../exercises/ex4.ts" with { type: "text" };
import { UserError } from "../errors.ts";
import { makeBlank } from "../exercise/blank.ts";
import { preface } from "../exercise/preface.ts";
import { nearest } from "../nearest.ts";

const sources: Record<string, string> = { 1: ex1, 2: ex2, 3: ex3, 4: ex4 };
const folder = fileURLToPath(new URL("../../my", import.meta.url));

const args = process.argv.slice(2), words = args.filter((arg) => arg !== "--again"), [n] = words;
const again = words.length < args.length, unknown = words.find((word) => word.startsWith("--"));
if (unknown) {
  const meant = nearest(unknown, ["--again"]) ? " Did you mean --again?" : "";
  fail(2, `There is no flag ${unknown}.${meant} Allowed is: ${blankCommand} 1 (or 2, 3, 4) --again`);
}
if (words.length !== 1 || !Object.hasOwn(sources, n)) {
  fail(2, `Which exercise? ${blankCommand} 1 (or 2, 3, 4)${args.length > 0 ? `; given ${args.join(" ")}` : ""}`);
}

const file = `my/ex${n}.ts`, target = `${folder}/ex${n}.ts`;
let kept: string | undefined;
try {
  const blank = makeBlank(sources[n], preface(Number(n)));
  await makeFolder();
  kept = await write(blank);
} catch (error) {
  fail(1, sentence(error as Error & { code?: string }));
}
try {
  if (kept) console.log(`Your old ${file} is now ${kept}.`);
  const command = "Bun" in globalThis ? "bun --watch" : "deno run --watch";
  console.log(`${file} is ready: fill in a gradient, save, and see the table again with\n\n    ${command} ${file}`);
} catch {
  fail(1, `${file} is ready, but standard output cannot be written.`);
}

/** Makes the folder my/, which git ignores. */
async function makeFolder(): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    const what = (await lstat(folder)).isSymbolicLink() ? "a link that leads to no folder" : "a file";
    throw new UserError(
      `${folder} is ${what}; blanks are written into a folder of that name. Delete or rename it first.`,
    );
  }
}

/**
 * Writes the blank, whole or not at all: first under another name, for a disk may be full. Returns the free name,
 * my/exN.1.ts, my/exN.2.ts …, that what stood in its place has now; undefined if nothing did.
 */
async function write(blank: string): Promise<string | undefined> {
  const there = await exists(target), part = `${target}.part`;
  if (there && !again) throw Object.assign(new Error(), { code: "EEXIST" });
  try {
    await rm(part, { force: true });
    await writeFile(part, blank, { flag: "wx" });
    let i = 1;
    while (there && await exists(`${folder}/ex${n}.${i}.ts`)) i++;
    if (there) await rename(target, `${folder}/ex${n}.${i}.ts`);
    await rename(part, target);
    return there ? `my/ex${n}.${i}.ts` : undefined;
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** Whether there is anything of this name: a file, a link, a pipe. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(() => true, (error: Error & { code?: string }) => {
    if (error.code === "ENOENT") return false;
    throw error;
  });
}

function sentence(error: Error & { code?: string }): string {
  if (error instanceof UserError) return error.message;
  if (error.code === "EEXIST") {
    return `${file} exists and was not changed. To start over and keep it under another name: ` +
      `${blankCommand} ${n} --again`;
  }
  if (error.name === "NotCapable") {
    return `${target} may not be written without permission. This command has it: deno task blank ${n}`;
  }
  if (["EACCES", "EROFS", "EPERM"].includes(error.code ?? "")) {
    return `${target} cannot be written: is the folder read-only? Copy the project to a folder of your own.`;
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return `${target} cannot be written: the disk is full. Nothing was changed.`;
  }
  return `${target} cannot be written: ${error.message}`;
}

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}
