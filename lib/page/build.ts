// `deno task page`: builds the page in page/, a folder of files for any web server. `--serve` serves it on localhost.
//
// `deno bundle` puts modules together, with one of them in place of its namesake, and esbuild makes the result small.
// Next: main.ts, where the page begins, and worker.ts, where exercises run.
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import packages from "../../import_map.json" with { type: "json" };
import { serve } from "./serve.ts";

const root = new URL("../../", import.meta.url), target = new URL("page/", root);

/** The page's own version of what reads files. */
const SEAMS = { "data/texts.ts": "lib/page/texts.ts" };

/** What browsers need for `Uint8Array.fromHex`, too, without which nothing works. */
const BROWSERS = ["chrome140", "firefox133", "safari18.2"];

const [flag, port = "8000", ...more] = process.argv.slice(2);
if (more.length > 0 || (flag !== undefined && flag !== "--serve")) fail(2, "Usage: deno task page [--serve [PORT]]");
if (!/^\d+$/.test(port) || Number(port) > 65535) {
  fail(
    2,
    `A port is a whole number from 0 (any free one) to 65535; given ${port}. Usage: deno task page --serve [PORT]`,
  );
}
// The server first: that a port is taken is said at once.
const server = flag && await serve(fileURLToPath(target), Number(port)).catch(({ message }: Error) => fail(1, message));
await build();
if (server) {
  console.log(`Open http://localhost:${server.port}/ in a browser. Ctrl-C ends it.`);
} else {
  console.log("page/ is ready: put it on any web server, or look at it with deno task page --serve");
  process.exit(0);
}

async function build(): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(new URL("lib/page/", target), { recursive: true });
  await mkdir(new URL("data/", target));
  const map = new URL("import_map.json", target);
  const absolute = Object.entries(SEAMS).map(([from, to]) => [new URL(from, root).href, new URL(to, root).href]);
  await writeFile(map, JSON.stringify({ imports: { ...packages.imports, ...Object.fromEntries(absolute) } }));
  await Promise.all(["main", "worker"].map(async (name) => {
    const { code } = await transform(bundled(name, map), {
      minify: true,
      treeShaking: true,
      format: "esm",
      charset: "utf8",
      target: BROWSERS,
      legalComments: "none",
    });
    await writeFile(new URL(`lib/page/${name}.js`, target), code);
  }));
  await rm(map);
  const style = await readFile(new URL("lib/page/style.css", root), "utf8");
  const { code } = await transform(style, { loader: "css", minify: true, target: BROWSERS });
  await writeFile(new URL("lib/page/style.css", target), code);
  await copyFile(new URL("lib/page/old_browser.js", root), new URL("lib/page/old_browser.js", target));
  await copyFile(new URL("lib/page/index.html", root), new URL("index.html", target));
  await copyFile(new URL("data/names.txt", root), new URL("data/names.txt", target));
}

function bundled(name: string, map: URL): string {
  const entry = fileURLToPath(new URL(`lib/page/${name}.ts`, root));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["bundle", "--quiet", "--platform", "browser", "--import-map", fileURLToPath(map), entry],
    { cwd: fileURLToPath(root), encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  if (status !== 0) fail(1, stderr);
  return stdout;
}

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}
