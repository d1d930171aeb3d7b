// A process run to its end, and a copy of the checkout to run it in, for the tests that start some.
import { spawn } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the exercises, their blanks and an editor's types need of the checkout. */
const PARTS = [
  "exercises",
  "lib",
  "data",
  "tests/types.d.ts",
  "deno.json",
  "import_map.json",
  "package.json",
  "bun.lock",
  "tsconfig.json",
];

/** Copies into a folder what the exercises need of the checkout; with `packages`, those that Bun has installed too. */
export function copyCheckout(folder: string, packages = false): void {
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  if (packages) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
}

/** How a process ended, and what it wrote. */
export interface Result {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

// Without what the caller's terminal says about colours.
const { NO_COLOR: _no, FORCE_COLOR: _force, ...environment } = process.env;

/** Runs a command in a folder, with more environment variables if given. Rejects when there is no such command. */
export function runToEnd(
  [command, ...args]: readonly string[],
  folder: string,
  env: Record<string, string> = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "", stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
