// A copy of the project in which mistakes are made, and what the tests say there.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type Mutation, planted } from "./mutations.ts";

/**
 * A run that is silent for so many times as long as any was without a mistake, and for so many seconds, has noticed: the
 * mistake made something endless. Each test ends with a line, so this holds on a busy machine, too.
 */
const TIMES = 5, SECONDS = 10;

/** What no test reads. */
const LEFT_OUT = [".git", "node_modules", "my", "page", "coverage"];

const KERNELS = "lib/tensor/assembly/", WASM = "lib/tensor/wasm.generated.ts";
const SEED = "tests/seed.ts";
/** In place of it: the same values every time, as few as `deno test` draws. */
const FEW_DRAWS = 'import fc from "fast-check";\nfc.configureGlobal({ seed: 1 });\n';

/** Whether a file is AssemblyScript. */
export const isAssembly = (file: string) => file.startsWith(KERNELS);

/** A copy of what the tests read, and more. */
export class Copy {
  readonly #folder: string;
  /** The longest silence so far of a run that succeeded, in any copy, in milliseconds. */
  static #silence = 0;

  constructor(root: string, folder: string) {
    this.#folder = folder;
    mkdirSync(folder);
    for (const part of readdirSync(root)) {
      if (!LEFT_OUT.includes(part)) cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    writeFileSync(join(folder, SEED), FEW_DRAWS);
  }

  /** Runs test files, until one fails. Random tests draw the same values every time. */
  test(files: readonly string[]): Promise<Result> {
    return this.#deno("test", "--no-check", "--quiet", "--fail-fast", "--preload", SEED, ...files);
  }

  /** Compiles the kernels to WebAssembly. */
  build(): Promise<Result> {
    return this.#deno("run", "--allow-write=lib/tensor", "lib/scripts/build_kernels.ts");
  }

  /**
   * Makes a mistake in a file, runs one group of test files after the other until one notices, and takes the mistake out
   * again. Undefined where it does not compile.
   */
  async notices(file: string, mutation: Mutation, groups: readonly string[][]): Promise<boolean | undefined> {
    const target = join(this.#folder, file), wasm = join(this.#folder, WASM);
    const original = readFileSync(target, "utf8"), bytes = readFileSync(wasm, "utf8");
    const text = planted(original, mutation, isAssembly(file));
    if (text === undefined) return undefined;
    try {
      writeFileSync(target, text);
      if (isAssembly(file) && (await this.build()).code !== 0) return undefined;
      for (const files of groups) if ((await this.test(files)).code !== 0) return true;
      return false;
    } finally {
      writeFileSync(target, original);
      writeFileSync(wasm, bytes);
    }
  }

  #deno(...args: string[]): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: this.#folder,
        env: { ...process.env, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "", heard = performance.now(), silence = 0;
      const hear = (text: string) => {
        output += text;
        silence = Math.max(silence, performance.now() - heard);
        heard = performance.now();
      };
      child.stdout.setEncoding("utf8").on("data", hear);
      child.stderr.setEncoding("utf8").on("data", hear);
      const timer = setInterval(() => {
        const silent = performance.now() - heard;
        if (silent > SECONDS * 1000 && Copy.#silence > 0 && silent > TIMES * Copy.#silence) child.kill("SIGKILL");
      }, 1000);
      child.on("error", reject);
      child.on("close", (code) => {
        clearInterval(timer);
        if (code === 0) Copy.#silence = Math.max(Copy.#silence, silence);
        resolve({ code, output });
      });
    });
  }
}

/** How a process ended. */
interface Result {
  /** Null when it was stopped because it did not end. */
  code: number | null;
  output: string;
}
