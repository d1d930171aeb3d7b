// `deno task lecture-names [--from PATH-or-URL]`: fetches the lecture's list of names, checks its size and sha256, and
// writes data/lecture-names.txt. It is written under another name and then renamed, so an interrupted run leaves no part of
// a file.
import "../exercise/runtime.ts";
import { open, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import util from "node:util"; // an old Bun's has no parseArgs to import
import { LECTURE_NAMES, whyNotLecture } from "../../data/names.ts";

const USAGE = `Usage: deno task lecture-names [--from PATH-or-URL]
Fetches the lecture's list of names and writes it to data/lecture-names.txt.
  --from  a file or an address to read it from (default: ${LECTURE_NAMES.url})`;

/** How many bytes are read at most: enough to see that a file is larger than the list. */
const MOST = 2 * LECTURE_NAMES.bytes;

const args = process.argv.slice(2);
const options = { from: { type: "string", multiple: true }, help: { type: "boolean" } } as const;
const { tokens } = util.parseArgs({ args, options, strict: false, tokens: true });
const unknown = tokens.filter((token) => token.kind !== "option" || !Object.hasOwn(options, token.name));
if (unknown.length > 0) fail(2, `Unknown argument ${unknown.map(({ index }) => args[index]).join(" ")}.\n${USAGE}`);
if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
  console.log(USAGE);
  process.exit(0);
}
const given = tokens.map((token) => token.kind === "option" && token.value?.trim() || "");
if (given.length > 1) fail(2, `--from is given ${given.length} times (${given.join(", ")}); give it once.`);
const [from = LECTURE_NAMES.url] = given;
if (from === "") fail(2, `--from needs one file or address; given nothing.\n${USAGE}`);

let bytes: Uint8Array<ArrayBuffer>;
try {
  bytes = /^https?:/i.test(from) ? await download(from) : await readStart(from);
} catch (error) {
  const advice = "If you have a copy: deno task lecture-names --from PATH";
  fail(1, `The names could not be read from ${from}: ${reason(error)}\n${advice}`);
}
const wrong = bytes.length >= MOST
  ? `it has ${MOST.toLocaleString("en")} bytes or more instead of ${LECTURE_NAMES.bytes.toLocaleString("en")}.`
  : await whyNotLecture(bytes);
if (wrong) fail(1, `${from} is not the lecture's list of names: ${wrong} Nothing was written.`);

const target = fileURLToPath(new URL("../../data/lecture-names.txt", import.meta.url));
try {
  await rm(target + ".part", { force: true }); // whatever is in the way: a pipe would have to be read first
  await writeFile(target + ".part", bytes, { flag: "wx" });
  await rename(target + ".part", target);
} catch (error) {
  await rm(target + ".part", { force: true }).catch(() => {});
  fail(1, `${target} could not be written: ${reason(error)}`);
}
console.log(
  `data/lecture-names.txt: the lecture's names, ${bytes.length.toLocaleString("en")} bytes, sha256 as expected.`,
);

/** The first MOST bytes, at most, of what an address answers. */
async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  const start = new Uint8Array(MOST);
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk.subarray(0, MOST - length);
    start.set(part, length);
    length += part.length;
    if (length === MOST) break;
  }
  return start.subarray(0, length);
}

/** The first MOST bytes, at most, of a file. */
async function readStart(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(MOST);
  const file = await open(path);
  try {
    let length = 0, bytesRead: number;
    do {
      ({ bytesRead } = await file.read(start, length, MOST - length));
      length += bytesRead;
    } while (bytesRead > 0 && length < MOST);
    return start.subarray(0, length);
  } finally {
    await file.close();
  }
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}
