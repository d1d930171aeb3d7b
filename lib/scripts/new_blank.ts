// `deno task blank 1`: writes my/ex1.ts, a blank copy of exercise 1. It never overwrites one; with --again, the old one
// first gets another name.
import { blankCommand } from "../exercise/runtime.ts";
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { exercises, sources } from "../../exercises/manifest.ts";
import { UserError } from "../errors.ts";
import { blankOf, choices, entryOf, scriptOf, sourceOf } from "../exercise/manifest.ts";
import { nearest } from "../nearest.ts";

const folder = fileURLToPath(new URL("../../my", import.meta.url));

const args = process.argv.slice(2), words = args.filter((arg) => arg !== "--again"), [n] = words;
const again = words.length < args.length, unknown = words.find((word) => word.startsWith("--"));
if (unknown) {
  const meant = nearest(unknown, ["--again"]) ? " Did you mean --again?" : "";
  fail(2, `There is no flag ${unknown}.${meant} Allowed is: ${blankCommand} ${choices(exercises)} --again`);
}
const entry = words.length === 1 && entryOf(exercises, n) ||
  fail(2, `Which exercise? ${blankCommand} ${choices(exercises)}${args.length > 0 ? `; given ${args.join(" ")}` : ""}`);

const file = scriptOf(entry), target = `${folder}/${file.slice("my/".length)}`;
let kept: string | undefined;
try {
  const blank = blankOf(entry, await sourceOf(sources, entry));
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
 * my/ex1.1.ts, my/ex1.2.ts …, that what stood in its place has now; undefined if nothing did.
 */
async function write(blank: string): Promise<string | undefined> {
  const there = await exists(target), part = `${target}.part`;
  if (there && !again) throw Object.assign(new Error(), { code: "EEXIST" });
  try {
    await rm(part, { force: true });
    await writeFile(part, blank, { flag: "wx" });
    const free = (path: string, i: number) => path.replace(/\.ts$/, `.${i}.ts`);
    let i = 1;
    while (there && await exists(free(target, i))) i++;
    if (there) await rename(target, free(target, i));
    await rename(part, target);
    return there ? free(file, i) : undefined;
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
