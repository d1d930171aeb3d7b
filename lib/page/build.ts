// `deno task page`: builds the page in page/, a folder of files for any web server. `--serve` serves it on localhost.
//
// `deno bundle` puts modules together, with one of them in place of its namesake, and esbuild makes the result small. Each
// file but index.html and offline.js has a hash of its content in its name, so that a browser never puts an old one beside a
// new one.
// Next: main.ts, where the page begins, worker.ts, where exercises run, and offline.ts, which keeps the page.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import packages from "../../import_map.json" with { type: "json" };
import { docs } from "./docs.ts";
import { coded } from "./front_coding.ts";
import { serve } from "./serve.ts";

const root = new URL("../../", import.meta.url), target = new URL("page/", root);

/** The page's own version of what reads files. */
const SEAMS = { "data/texts.ts": "lib/page/texts.ts" };

/** The page's looks, in their order: later rules change earlier ones. */
const STYLES = ["page", "editor", "verdicts", "panels"].map((name) => `lib/page/style/${name}.css`);

/** What browsers need for `Uint8Array.fromHex`, too, without which nothing works. */
const BROWSERS = ["chrome140", "firefox133", "safari18.2"];

/** The paths in the bundle are the project's: lib/exercise/place.ts distinguishes the reader's files from lib/'s by them. */
const PLACE = { "import.meta.url": '"file:///lib/page/page.js"' };

const [flag, port = "8000", ...more] = process.argv.slice(2);
if (more.length > 0 || (flag !== undefined && flag !== "--serve")) fail(2, "Usage: deno task page [--serve [PORT]]");
if (!/^\d+$/.test(port) || Number(port) > 65535) {
  fail(
    2,
    `A port is a whole number from 0 (any free one) to 65535; given ${port}. Usage: deno task page --serve [PORT]`,
  );
}
// The server first: if a port is taken, one learns so at once.
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
  await mkdir(target, { recursive: true });
  const map = new URL("import_map.json", target);
  const absolute = Object.entries(SEAMS).map(([from, to]) => [new URL(from, root).href, new URL(to, root).href]);
  await writeFile(map, JSON.stringify({ imports: { ...packages.imports, ...Object.fromEntries(absolute) } }));
  const style = await transform((await Promise.all(STYLES.map(source))).join(""), {
    loader: "css",
    minify: true,
    target: BROWSERS,
  });
  const worker = await named("worker.js", await small(bundled("worker", map)));
  const names = await named("names.txt", coded(await source("data/names.txt")));
  const inserted = {
    FILES: JSON.stringify({ worker, names }),
    DOCS: JSON.stringify(docs(fileURLToPath(root))),
    SOURCE: JSON.stringify(sourceAddress()),
  };
  const files = [
    worker,
    names,
    await named("style.css", style.code),
    await named("old_browser.js", await source("lib/page/old_browser.js")),
    await named("main.js", await small(bundled("main", map), inserted)),
  ];
  const html = (await source("lib/page/index.html")).replaceAll(
    /(?<=(?:href|src)=")(\w+)(\.\w+)(?=")/g,
    (_, name, end) => {
      return files.find((file) => file.startsWith(`${name}-`) && file.endsWith(end))!;
    },
  );
  await writeFile(new URL("index.html", target), html);
  // A service worker's address stays: the browser looks there for the next version.
  const kept = { PAGE: JSON.stringify(html), NAMES: JSON.stringify(files) };
  await writeFile(new URL("offline.js", target), await small(bundled("offline", map), kept));
  await rm(map);
}

function source(path: string): Promise<string> {
  return readFile(new URL(path, root), "utf8");
}

/** Where the project is public, if a workflow on GitHub builds the page. */
function sourceAddress(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: project } = process.env;
  return server && project ? `${server}/${project}` : "";
}

/** Writes a file under its name with a hash of its content, and returns that name. */
async function named(name: string, content: string): Promise<string> {
  const end = extname(name), hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = `${name.slice(0, -end.length)}-${hash}${end}`;
  await writeFile(new URL(hashed, target), content);
  return hashed;
}

/** The code made small: twice, since what the first time has put together the second can make smaller. */
async function small(bundle: string, define: Record<string, string> = {}): Promise<string> {
  let code = bundle;
  for (let i = 0; i < 2; i++) {
    ({ code } = await transform(code, {
      minify: true,
      treeShaking: true,
      format: "esm",
      charset: "utf8",
      target: BROWSERS,
      legalComments: "none",
      define: { ...PLACE, ...define },
    }));
  }
  return code;
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
