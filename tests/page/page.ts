// The page in Chromium: that it runs exercises as Deno does, and that it can be used, by everyone. What differs from browser
// to browser is tried in Firefox and WebKit, too (every_browser.ts).
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
import "./desk.ts";
import "./kept.ts";
import "./everyone.ts";
import "./every_browser.ts";
import "./erase.ts";
import "./syntax.ts";

test("the whole folder is at most 450 KB gzipped, and what comes before anything can be typed 300 KB", () => {
  const sizes = readdirSync(`${root}page`).map((name) => {
    return { name, size: gzipSync(readFileSync(join(root, "page", name)), { level: 9 }).length };
  });
  const sum = (some: typeof sizes) => some.reduce((sum, { size }) => sum + size, 0);
  const all = sum(sizes), first = sum(sizes.filter(({ name }) => !/^(worker|names)-/.test(name)));
  console.log(
    `${all.toLocaleString("en")} bytes gzipped in ${sizes.length} files, ${first.toLocaleString("en")} at first`,
  );
  assert(all <= 450 * 1000, `${all} bytes`);
  assert(first <= 300 * 1000, `${first} bytes`);
});

test("the page asks nobody but its own server, and nothing went wrong in it unseen", () => {
  assert(site.requests.length > 50);
  assertEquals(site.requests.filter((url) => !url.startsWith(site.address) && !/^(data|blob):/.test(url)), []);
  assertEquals(site.complaints, []);
});
