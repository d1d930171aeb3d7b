// The README's own network in a script of somebody's, in a folder that has nothing else: by the path of mod.ts, and over http.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { replaceOnce } from "../harness.ts";
import { runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const example = /^```ts\n(import .*"\.\.\/mod\.ts";\n[^]*?)^```$/m.exec(readme)![1];

const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-"));
const asked: string[] = [];
const server = createServer(({ url = "" }, response) => {
  asked.push(url);
  const file = join(root, decodeURIComponent(url));
  if (!/\.ts$/.test(url) || url.includes("..") || !existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": "application/typescript" }).end(readFileSync(file));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;

let scripts = 0;

/** Runs the example with `mod.ts` imported from somewhere. */
async function runs(command: readonly string[], from: string, change = (code: string) => code) {
  const script = join(folder, `own${++scripts}.ts`);
  writeFileSync(script, change(example.replace("../mod.ts", from)));
  return await runToEnd([...command, script], folder, { NO_COLOR: "1", DENO_DIR: join(folder, "deno") });
}

const path = join(root, "mod.ts"), deno = ["deno", "run", "--no-prompt"];
const wrong = (code: string) => code.replace("x.T.matmul(da)", "x.T.matmul(ds)");
const results = {
  deno: await runs(deno, path),
  "deno, with a mistake": await runs(deno, path, wrong),
  "deno, by address": await runs([...deno, `--allow-import=${address}`], `http://${address}/mod.ts`),
  ...(existsSync(join(root, "node_modules")) && {
    bun: await runs(["bun"], path),
    "bun, with a mistake": await runs(["bun"], path, wrong),
  }),
};
/** A mistake that throws, and one in a promise that nobody waits for. */
const thrown = await Promise.all(
  [deno, ...(existsSync(join(root, "node_modules")) ? [["bun"]] : [])].flatMap((command) =>
    [["da = ds.mul(s)", "da = ds.matmul(s)"], ["const da =", "setTimeout(() => sub(1, 2).mul(s)); const da ="]].map(
      ([from, to]) => runs(command, path, (code) => replaceOnce(code, from, to)),
    )
  ),
);
server.close();
rmSync(folder, { recursive: true, force: true });

for (const [name, { code, stdout, stderr }] of Object.entries(results)) {
  test(`the README's own network runs in any folder, without a permission: ${name}`, () => {
    assertEquals(stderr.split("\n").filter((line) => !/^(Download|$)/.test(line)), []);
    assertEquals(code, 0);
    const rows = stdout.trim().split("\n").slice(2).filter((line) => line.startsWith("d"));
    assertEquals(rows.map((row) => row.split(/\s{2,}/)[0]), ["ds", "da", "dw", "db"]);
    const isWrong = name.includes("mistake");
    for (const row of rows) assertMatch(row, isWrong && row.startsWith("dw") ? / wrong / : / ok /);
    if (isWrong) assertStringIncludes(stdout, "ds stands where da belongs.");
  });
}

test("an error in a script of one's own is a sentence with its line and no stack trace; the exit code is 1", () => {
  for (const { code, stderr } of thrown) {
    assertEquals(code, 1);
    assertMatch(stderr, /^own\d+\.ts, line 14: [^\n]+\n$/);
  }
});

test("of the address, only what mod.ts needs is asked for: no exercise, no data, nothing of the process", () => {
  assertStringIncludes(asked.join(" "), "/lib/exercise/own.ts");
  assertEquals(asked.filter((url) => /^\/(exercises|data|tests)\/|host\.ts|\/page\//.test(url)), []);
});
