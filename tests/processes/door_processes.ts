// The first commands of the README on a machine that has nothing yet and no network: they work, and ask for nothing.
//
// No network is played by a registry on this machine, which says no and keeps what it is asked for; caches are empty.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeBlank } from "../../lib/exercise/blank.ts";
import { copyCheckout, runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What comes of some commands in a fresh copy, one after the other, and every address that they ask a registry for. */
async function onFreshMachine(commands: string[][]) {
  const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-")), copy = join(folder, "copy");
  copyCheckout(copy);
  const asked: string[] = [];
  const registry = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const env = {
    ...{ NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, "deno"), HOME: folder },
    ...{ BUN_INSTALL: join(folder, "bun"), BUN_INSTALL_CACHE_DIR: join(folder, "bun-cache") },
    ...{ NPM_CONFIG_REGISTRY: address, BUN_CONFIG_REGISTRY: address, HTTP_PROXY: address, HTTPS_PROXY: address },
  };
  try {
    const results = [];
    for (const command of commands) results.push(await runToEnd(command, copy, env));
    return { results, asked };
  } finally {
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const doors: [name: string, commands: string[][]][] = [
  ["Deno", [["deno", "task", "blank", "1"], ["deno", "run", "--no-prompt", "my/ex1.ts"], ["deno", "task", "learn"]]],
];
if (existsSync(join(root, "node_modules"))) {
  doors.push(["Bun", [["bun", "lib/scripts/new_blank.ts", "1"], ["bun", "my/ex1.ts"], [
    "bun",
    "lib/scripts/learn.ts",
  ]]]);
}

for (const [name, commands] of doors) {
  const { results: [blank, run, learn], asked } = await onFreshMachine(commands);
  test(`the first blank is written and run under ${name} without a network, and no package is asked for`, () => {
    assertEquals([blank.code, asked], [0, []], blank.stderr);
    assertStringIncludes(blank.stdout, "my/ex1.ts is ready");
    assertEquals([run.code, run.stderr], [1, ""]);
    assertStringIncludes(run.stdout, "0/26 right");
    assertEquals(learn.code, 0, learn.stderr);
    assertStringIncludes(learn.stdout, "[1: 0/26]");
  });
}

/** What an old runtime lacks is taken away before a file is imported. */
const OLD = (file: string) =>
  `import process from "node:process";
delete Uint8Array.fromHex;
Object.defineProperty(process, "versions", { value: { ["Bun" in globalThis ? "bun" : "deno"]: "1.2.3" } });
await import("./${file}");
`;

/** What files say under an old runtime, by their names. */
async function underOld(command: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-")), written = "my/ex1.ts", before = "my/before.ts";
  try {
    copyCheckout(folder);
    mkdirSync(join(folder, "my"));
    const blank = makeBlank(readFileSync(join(root, "exercises/ex1.ts"), "utf8"));
    writeFileSync(join(folder, written), blank);
    // Blanks of before December 2026 import start after the functions.
    const [start] = /^import .*\/exercise\.ts";\n/m.exec(blank)!;
    writeFileSync(
      join(folder, before),
      blank.replace(start, "").replace(/^import \{ type Forward/m, `${start}$&`),
    );
    const files = [written, before, "exercises/ex1.ts", "lib/scripts/lecture_names.ts", "lib/scripts/learn.ts"];
    return await Promise.all(files.map(async (file, i) => {
      writeFileSync(join(folder, `old${i}.ts`), OLD(file));
      return { file, ...await runToEnd([...command, join(folder, `old${i}.ts`)], folder, { NO_COLOR: "1" }) };
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const [name] of doors) {
  const results = await underOld(name === "Bun" ? ["bun"] : ["deno", "run", "--no-prompt"]);
  test(`exercises, blanks old and new, and scripts say under an old ${name} which version is needed`, () => {
    for (const { file, code, stderr } of results) {
      assertEquals([code, stderr.split(";")[0]], [1, `This is ${name} 1.2.3`], `${file}: ${stderr}`);
    }
  });
}

// Deno before 2.8 refuses a module that is imported as text and as code before a line of it has run: then nothing can say
// which version is needed.
for (const file of ["ex1.ts", "ex2.ts", "ex3.ts", "ex4.ts", "beyond/layernorm.ts", "beyond/attention.ts"]) {
  const { stdout } = await runToEnd(["deno", "info", "--json", `exercises/${file}`], root);
  test(`no module of exercises/${file} is imported as text as well`, () => {
    const { modules } = JSON.parse(stdout) as { modules: Module[] },
      code = new Set(modules.map(({ kind, specifier }) => kind === "esm" && specifier));
    assert(code.size > 20, stdout.slice(0, 200));
    for (const { specifier, dependencies = [] } of modules) {
      for (const { assertionType, code: found } of dependencies) {
        assert(!(assertionType === "text" && code.has(found!.specifier)), `${specifier} imports ${found?.specifier}`);
      }
    }
  });
}

/** What `deno info` says of a module. */
interface Module {
  kind: string;
  specifier: string;
  dependencies?: { assertionType?: string; code?: { specifier: string } }[];
}
