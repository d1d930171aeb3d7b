// The folder that is built: how large it is.
import { assert } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { root } from "./browser.ts";

test("the whole folder is at most 440 KB gzipped, and what comes before anything can be typed 300 KB", () => {
  const sizes = readdirSync(`${root}page`).map((name) => {
    return { name, size: gzipSync(readFileSync(join(root, "page", name)), { level: 9 }).length };
  });
  const sum = (some: typeof sizes) => some.reduce((sum, { size }) => sum + size, 0);
  const all = sum(sizes), first = sum(sizes.filter(({ name }) => !/^(worker-|names-|offline\.)/.test(name)));
  console.log(
    `${all.toLocaleString("en")} bytes gzipped in ${sizes.length} files, ${first.toLocaleString("en")} at first`,
  );
  assert(all <= 440 * 1000, `${all} bytes`);
  assert(first <= 300 * 1000, `${first} bytes`);
});
