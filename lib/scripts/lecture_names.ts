// `deno task lecture-names [--from PATH-or-URL]`: puts the lecture's list of names at data/lecture-names.txt, after a
// check of its size and sha256. Written to a file beside it first and then renamed, so that no half a list is ever there.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli/parse-args";
import { LECTURE_NAMES, whyNotLecture } from "../../data/names.ts";

const USAGE = `Usage: deno task lecture-names [--from PATH-or-URL]
Puts the lecture's list of names at data/lecture-names.txt.
  --from  a file or an address to take it from (default: ${LECTURE_NAMES.url})`;

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}

const unknown: string[] = [];
const { from, help } = parseArgs(process.argv.slice(2), {
  string: ["from"],
  boolean: ["help"],
  default: { from: LECTURE_NAMES.url as string },
  unknown: (arg: string) => (unknown.push(arg), false),
});
if (unknown.length > 0) fail(2, `Unknown argument ${unknown.join(" ")}.\n${USAGE}`);
if (help) {
  console.log(USAGE);
  process.exit(0);
}
if (typeof from !== "string" || from === "") fail(2, `--from needs one file or address.\n${USAGE}`);

let bytes: Uint8Array<ArrayBuffer>;
try {
  bytes = /^https?:/.test(from) ? await download(from) : new Uint8Array(await readFile(from));
} catch (error) {
  fail(
    1,
    `The names could not be read from ${from}: ${
      reason(error)
    }\nWith a copy at hand: deno task lecture-names --from PATH`,
  );
}
const wrong = await whyNotLecture(bytes);
if (wrong) fail(1, `What ${from} holds is not the lecture's list of names: ${wrong} Nothing was written.`);

const target = fileURLToPath(new URL("../../data/lecture-names.txt", import.meta.url));
try {
  await writeFile(target + ".part", bytes);
  await rename(target + ".part", target);
} catch (error) {
  await rm(target + ".part", { force: true }).catch(() => {});
  fail(1, `${target} could not be written: ${reason(error)}`);
}
console.log(
  `data/lecture-names.txt: the lecture's names, ${bytes.length.toLocaleString("en")} bytes, sha256 as expected.`,
);

async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
