// The page in Chromium: that it runs exercises as Deno does, and that it can be used, by everyone.
//
//     deno task page-test
//
// Its times are measured by measures.ts (deno task page-measures). The tests are in the files that this one imports; here
// is what comes last: the folder, and all that the tests before have asked for.
/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { root } from "./browser.ts";
import { site } from "./reader.ts";
import "./as_deno.ts";
import "./runs.ts";
import "./table.ts";
import "./training.ts";
import "./kept.ts";
import "./everyone.ts";

test("the whole folder is at most 414 KB gzipped", () => {
  const files = readdirSync(`${root}page`, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const size = files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(file.parentPath, file.name)), { level: 9 }).length,
    0,
  );
  console.log(`${size.toLocaleString("en")} bytes gzipped in ${files.length} files`);
  assert(size <= 414 * 1024, `${size} bytes`);
});

test("the page asks nobody but its own server, and nothing went wrong in it unseen", () => {
  assert(site.requests.length > 50);
  assertEquals(site.requests.filter((url) => !url.startsWith(site.address) && !/^(data|blob):/.test(url)), []);
  assertEquals(site.complaints, []);
});
