// The exercises beyond the lecture as commands, under Deno and Bun: no permission, JSON, hints, the graph, wrong flags, blanks.
import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { exercises } from "../../exercises/manifest.ts";
import { copyCheckout, runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const denied = ["read", "write", "net", "env", "run", "ffi", "sys", "import"].map((what) => `--deny-${what}`);
const runtimes = [{ name: "Deno", run: ["deno", "run", "--no-prompt", ...denied], blank: ["deno", "task", "blank"] }];
if (existsSync(join(root, "node_modules"))) {
  runtimes.push({ name: "Bun", run: ["bun"], blank: ["bun", "lib/scripts/new_blank.ts"] });
}

/** All that one exercise does under a runtime, in a copy of what it needs. */
async function outcomes(id: string, file: string, { name, run, blank }: (typeof runtimes)[number]) {
  const copy = mkdtempSync(join(tmpdir(), "backprop-ninja-")), start = (...args: string[]) => runToEnd(args, copy);
  try {
    copyCheckout(copy, name === "Bun");
    const script = `exercises/${file}`, [dname] = Object.keys(exercises.find((entry) => entry.id === id)!.gradients);
    return {
      json: await start(...run, script, "--json"),
      hint: await start(...run, script, "--hint", dname, "3"),
      graph: await start(...run, script, "--graph"),
      bad: await start(...run, script, "--hidden", "1"),
      blank: await start(...blank, id),
      todo: await start(...run, `my/${id}.ts`),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const counts: Record<string, number> = { layernorm: 18, attention: 12 };
for (const { id, file } of exercises.filter(({ at }) => at === undefined)) {
  for (const runtime of runtimes) {
    const { json, hint, graph, bad, blank, todo } = await outcomes(String(id), file, runtime);
    const count = counts[id];

    test(`exercise ${id} needs no permission and has every row right: ${runtime.name}`, () => {
      assertEquals([json.code, json.stderr], [0, ""]);
      const { exercise, loss, rows } = JSON.parse(json.stdout);
      assertEquals([exercise, typeof loss, rows.length], [id, "number", count]);
      assertEquals(rows.filter(({ status }: { status: string }) => status !== "ok"), []);
    });

    test(`exercise ${id} has hints, a graph, and a sentence for a flag that it cannot take: ${runtime.name}`, () => {
      assertStringIncludes(hint.stdout, "hint 3 of 3");
      assertStringIncludes(hint.stdout.replaceAll(/\s+/g, " "), `The solution is in exercises/${file}`);
      assertStringIncludes(graph.stdout, "← ");
      assertEquals([hint.code, graph.code, bad.code], [0, 0, 2]);
      assertStringIncludes(bad.stderr, "--hidden");
    });

    test(`the blank of exercise ${id} is written and runs to all rows todo: ${runtime.name}`, () => {
      assertEquals([blank.code, todo.code], [0, 1]);
      assertStringIncludes(todo.stdout, `0/${count} right, next: d`);
      assertFalse(/ (ok|wrong) /.test(todo.stdout));
    });
  }
}
