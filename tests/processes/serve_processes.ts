// The page's server: no request ends it, and a port that it cannot have gets a sentence.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { UserError } from "../../lib/errors.ts";
import { serve } from "../../lib/page/serve.ts";
import { runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a server answers to a request written by hand, which no library would send. */
function ask(port: number, target: string, method = "GET"): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(
      port,
      "127.0.0.1",
      () => socket.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding("utf8").on("data", (text) => answer += text).on("error", reject).on("end", () => {
      socket.destroy();
      resolve(answer);
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-"));
mkdirSync(join(folder, "page/lib"), { recursive: true });
writeFileSync(join(folder, "page/index.html"), "the page");
writeFileSync(join(folder, "page/lib/a b.js"), "a script");
writeFileSync(join(folder, "secret.txt"), "a secret");
const { port, server } = await serve(join(folder, "page"), 0);
const found = ["/", "/index.html", "/?x=%", "/#%", "/lib/a%20b.js", "//index.html"];
const missing = [
  ...["/%", "/%ff", "//", "//[", "/lib", "/lib/", "/lib/c.js", "*", "/%00", "?", "http://[/", "http://x:99999/"],
  ...[
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/lib/../../secret.txt",
    "//../secret.txt",
    "../secret.txt",
  ],
];
const answers = new Map<string, string>();
for (const target of [...missing, ...found]) answers.set(target, await ask(port, target));
const others = [await ask(port, "/", "HEAD"), await ask(port, "no address")];
const stillThere = await ask(port, "/");
const again = await serve(folder, port).then(() => "served", (error) => error);
const ports = ["99999", "-1", "1.5", "eight", String(port)];
const refused = await Promise.all(
  ports.map((port) => runToEnd(["deno", "task", "page", "--serve", port], root, { NO_COLOR: "1" })),
);
server.close();
rmSync(folder, { recursive: true });

test("the page's server answers every request, however broken, and gives out nothing from outside its folder", () => {
  for (const target of found) assertMatch(answers.get(target)!, /^HTTP\/1.1 200 [^]*(the page|a script)/, target);
  for (const target of missing) assertMatch(answers.get(target)!, /^HTTP\/1.1 4\d\d /, target);
  for (const [target, answer] of answers) assertEquals(answer.includes("a secret"), false, target);
  assertMatch(others[0], /^HTTP\/1.1 200 /);
  assertMatch(others[1], /^HTTP\/1.1 400 /);
  assertMatch(stillThere, /^HTTP\/1.1 200 /);
});

test("a port that cannot be had is refused in a sentence, before the page is built", () => {
  assert(again instanceof UserError);
  assertEquals(again.message, `Port ${port} is taken: another program listens there. Choose another number.`);
  refused.forEach(({ code, stdout, stderr }, i) => {
    const [, complaint, ...more] = stderr.split("\n"); // the first line is the task's
    assertEquals([code, stdout, more], [ports[i] === String(port) ? 1 : 2, "", [""]], stderr);
    assertStringIncludes(complaint, ports[i]);
    assertMatch(complaint, /^(Port \d+ is taken|A port is a whole number from 0)/);
  });
});
