// A copy of the project in which mistakes are made, and what the tests say there.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { marked, type Mutation, planted } from "./mutations.ts";

/**
 * A run that is silent for so many seconds has noticed: the mistake made something endless. Each test ends with a line, so
 * this holds on a busy machine, too.
 */
const SECONDS = 15;

/** What no test reads. */
const LEFT_OUT = [".git", "node_modules", "my", "page", "coverage"];

const KERNELS = "lib/tensor/assembly/", WASM = "lib/tensor/wasm.generated.ts";
const MAP = "import_map.json", PLAY = "./tests/tasks/mutants/play.ts";
/** Random tests draw the same values every time, as few as `deno test` draws. */
const SEED = "tests/seed.ts", FEW_DRAWS = 'import fc from "fast-check";\nfc.configureGlobal({ seed: 1 });\n';

/** Whether a file is AssemblyScript. */
export const isAssembly = (file: string) => file.startsWith(KERNELS);

/** A test, or without a name a file of tests as it is loaded. */
export interface Played {
  file: string;
  name?: string;
  milliseconds: number;
  /** The ranks of the mistakes in a marked copy whose places were run. */
  reached: string[];
}

/** A copy of what the tests read, and more. */
export class Copy {
  readonly #folder: string;

  constructor(root: string, folder: string) {
    this.#folder = folder;
    mkdirSync(folder);
    for (const part of readdirSync(root)) {
      if (!LEFT_OUT.includes(part)) cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    const map = JSON.parse(readFileSync(join(root, MAP), "utf8"));
    writeFileSync(join(folder, MAP), JSON.stringify({ imports: { ...map.imports, "node:test": PLAY } }));
    writeFileSync(join(folder, SEED), FEW_DRAWS);
  }

  /** Plays tests until one fails: files, or files with the name of a test behind a tab. */
  async play(tests: readonly string[]): Promise<Result & { played: Played[] }> {
    const { code, output } = await this.#deno("run", "--no-check", "--no-prompt", "--preload", SEED, PLAY, ...tests);
    const lines = Object.groupBy(output.split("\n"), (line) => line.startsWith('{"file"') ? "played" : "other");
    return {
      ...{ code, output: lines.other?.join("\n") ?? "" },
      played: (lines.played ?? []).map((line) => JSON.parse(line) as Played),
    };
  }

  /** Plays files of tests, with each place marked where a mistake will be made. */
  async playMarked(tests: readonly string[], files: readonly { file: string; mutations: readonly Mutation[] }[]) {
    const originals = files.map(({ file }) => readFileSync(join(this.#folder, file), "utf8"));
    files.forEach(({ file, mutations }, i) => writeFileSync(join(this.#folder, file), marked(originals[i], mutations)));
    const result = await this.play(tests);
    files.forEach(({ file }, i) => writeFileSync(join(this.#folder, file), originals[i]));
    return result;
  }

  /** Compiles the kernels to WebAssembly. */
  build(): Promise<Result> {
    return this.#deno("run", "--allow-write=lib/tensor", "lib/scripts/build_kernels.ts");
  }

  /** Whether tests notice a mistake in a file, which is taken out again. Undefined where it does not compile. */
  async notices(file: string, mutation: Mutation, tests: readonly string[]): Promise<boolean | undefined> {
    const target = join(this.#folder, file), wasm = join(this.#folder, WASM);
    const original = readFileSync(target, "utf8"), bytes = readFileSync(wasm, "utf8");
    try {
      writeFileSync(target, planted(original, mutation));
      if (isAssembly(file) && (await this.build()).code !== 0) return undefined;
      return (await this.play(tests)).code !== 0;
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
      let output = "";
      const stop = () => child.kill("SIGKILL");
      let timer = setTimeout(stop, SECONDS * 1000);
      const hear = (text: string) => {
        output += text;
        clearTimeout(timer);
        timer = setTimeout(stop, SECONDS * 1000);
      };
      child.stdout.setEncoding("utf8").on("data", hear);
      child.stderr.setEncoding("utf8").on("data", hear);
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
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
