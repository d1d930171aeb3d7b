// Writes a learner's file into my/, the folder that git ignores. It is written whole or not at all, and never replaces
// another. Left out: what is in it.
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import { writeOut } from "../exercise/out.ts";

const folder = fileURLToPath(new URL("../../my", import.meta.url));

/**
 * Writes `my/ex1.ts` and prints how to run it. If it exists or cannot be written, prints why and ends the program with exit
 * code 1. With `again`, an existing file is renamed first, to `my/ex1.1.ts`.
 *
 * @param name the file in my/: `ex1.ts`.
 * @param command the command that writes it, for messages: `deno task blank 1`.
 */
export async function handOut(name: string, text: string, command: string, again: boolean): Promise<void> {
  const file = `my/${name}`;
  const kept = await put(name, text, command, again).catch(({ message }) => end(1, message));
  try {
    if (kept) writeOut(`Your old ${file} is now ${kept}.\n`);
    const run = "Bun" in globalThis ? "bun --watch" : "deno run --watch";
    writeOut(`${file} is ready: fill in a gradient, save, and see the table again with\n\n    ${run} ${file}\n`);
  } catch {
    end(1, `${file} is ready, but standard output cannot be written.`);
  }
}

/**
 * Writes `my/ex1.ts`. Returns what a file that was there is called now; undefined if there was none.
 *
 * @throws UserError with a sentence when it cannot be written or, without `again`, is there already.
 */
export async function put(name: string, text: string, command: string, again: boolean): Promise<string | undefined> {
  try {
    await makeFolder();
    return await write(name, text, again);
  } catch (error) {
    throw new UserError(sentence(error as Error & { code?: string }, name, command));
  }
}

/** Ends the program with a message and an exit code: 0 for help, 1 for a failure, 2 for a command that is not understood. */
export function end(code: number, message: string): never {
  if (code === 0) console.log(message);
  else console.error(message);
  process.exit(code);
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
 * Writes a file, whole or not at all: under another name first, because the disk may be full. Returns the new name of the
 * file that was there before, my/ex1.1.ts or my/ex1.2.ts …; undefined if there was none.
 */
async function write(name: string, text: string, again: boolean): Promise<string | undefined> {
  const target = `${folder}/${name}`, there = await exists(target);
  const part = `${target}.part`;
  if (there && !again) throw Object.assign(new Error(), { code: "EEXIST" });
  try {
    await rm(part, { force: true });
    await writeFile(part, text, { flag: "wx" });
    const free = (path: string, i: number) => path.replace(/\.ts$/, `.${i}.ts`);
    let i = 1;
    while (there && await exists(free(target, i))) i++;
    if (there) await rename(target, free(target, i));
    await rename(part, target);
    return there ? free(`my/${name}`, i) : undefined;
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** Whether the name is taken: by a file, a link or a pipe. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(() => true, (error: Error & { code?: string }) => {
    if (error.code === "ENOENT") return false;
    throw error;
  });
}

function sentence(error: Error & { code?: string }, name: string, command: string): string {
  const file = `my/${name}`, target = `${folder}/${name}`;
  if (error instanceof UserError) return error.message;
  if (error.code === "EEXIST") {
    return `${file} exists and was not changed. To start over and keep it under another name: ` +
      `${command} --again`;
  }
  if (error.name === "NotCapable") {
    return `${target} may not be written without permission. This command has it: ${command}`;
  }
  if (["EACCES", "EROFS", "EPERM"].includes(error.code ?? "")) {
    return `${target} cannot be written: is the folder read-only? Copy the project to a folder of your own.`;
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return `${target} cannot be written: the disk is full. Nothing was changed.`;
  }
  return `${target} cannot be written: ${error.message}`;
}
