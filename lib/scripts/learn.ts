// `deno task learn`: one command for the whole course. Writes the next blank if there is none, runs it at each save, and
// answers keys: h a hint, a all rows, n the next exercise, l a list of them, q the end. `deno task learn 3` opens exercise 3.
// Left out: what it does when (lib/learn/session.ts).
import { blankCommand } from "../exercise/runtime.ts";
import { spawn } from "node:child_process";
import { fstatSync, readFileSync, statSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { deskFlag, Records } from "../exercise/desk.ts";
import { writeOut } from "../exercise/out.ts";
import { blankOf, entryOf, scriptOf, sourceOf } from "../exercise/manifest.ts";
import { Session, type World } from "../learn/session.ts";
import { end, put } from "./own_file.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), kept = `${root}my/.progress.json`;
const { stdin, stdout, env } = process, live = Boolean(stdout.isTTY) && env.TERM !== "dumb";
const colour = env.NO_COLOR ? false : Boolean(live || env.FORCE_COLOR);
// Keys come from a terminal or a pipe, never from /dev/null or a file.
const keys = stdin.isTTY || quietly(() => !fstatSync(0).isFile() && !fstatSync(0).isCharacterDevice()) || false;
const runtime = "Bun" in globalThis ? [process.execPath] : [process.execPath, "run", "--no-prompt"];

const words = process.argv.slice(2), chosen = words.length === 1 ? entryOf(exercises, words[0]) : undefined;
if (words.length > 0 && !chosen) {
  const usage = `deno task learn begins with the first exercise that is not done; deno task learn 3 with exercise 3. ` +
    `There are ${exercises.map(({ id }) => id).join(", ")}.`;
  if (words.every((word) => word === "--help" || word === "-h")) end(0, usage);
  end(2, `${usage} Given: ${words.join(" ")}`);
}

const world: World = {
  size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24, keys }),
  colour,
  live,
  write,
  clear: () => write(live ? "\x1b[2J\x1b[3J\x1b[H" : "\n"),
  now: () => performance.now(),
  stamp(script) {
    const found = quietly(() => statSync(root + script));
    return found?.isFile() ? `${found.ino} ${found.size} ${found.mtimeMs}` : undefined;
  },
  text(script) {
    try {
      return readFileSync(root + script, "utf8");
    } catch {
      return undefined;
    }
  },
  async writeBlank(entry) {
    const blank = blankOf(entry, await sourceOf(sources, entry)), name = scriptOf(entry).slice("my/".length);
    await put(name, blank, `${blankCommand} ${entry.id}`, false);
  },
  run(script, flags, listener) {
    const [command, ...before] = runtime, { FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = env;
    const child = spawn(command, [...before, root + script, deskFlag(world.size()), ...flags], {
      cwd: root,
      env: { ...rest, ...(colour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const records = new Records((message) => listener.report(message), (text) => listener.err(text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => listener.out(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => records.read(text));
    child.on("error", ({ message }) => {
      listener.err(`error: ${command} could not be started: ${message}`);
      listener.over(null);
    });
    child.on("close", (code) => listener.over(code));
    // Not the child's own kill, which in Deno acts once only.
    const send = (signal: NodeJS.Signals) => void quietly(() => child.exitCode ?? process.kill(child.pid!, signal));
    return { kill: () => send("SIGKILL"), interrupt: () => send("SIGINT") };
  },
  recall: () => mayKeep() ? quietly(() => readFileSync(kept, "utf8")) : undefined,
  keep: (text) => void (mayKeep() && quietly(() => writeFileSync(kept, text))),
  quit,
};

const session = new Session(exercises, world);
if (stdin.isTTY) stdin.setRawMode(true);
stdin.setEncoding("utf8").on("data", (keys) => {
  for (const key of String(keys)) session.key(key);
});
stdin.on("end", () => session.leave());
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  process.on(signal, () => {
    session.key("q");
    quit(code);
  });
}
await session.open(chosen);
setInterval(() => session.tick(), 150);

function write(text: string): void {
  try {
    writeOut(text);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "EPIPE") quit(0); // piped into a program that has stopped reading, such as `head -1`
    console.error(code === "ENOSPC" ? "There is no space left to write to." : `Nothing can be written: ${message}`);
    quit(1);
  }
}

/** Whether there is a file to keep scores in, or none yet: a pipe in its place would be waited for. */
function mayKeep(): boolean {
  return quietly(() => statSync(kept, { throwIfNoEntry: false })?.isFile() ?? true) ?? false;
}

function quit(code: number): never {
  if (stdin.isTTY) stdin.setRawMode(false);
  process.exit(code);
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
