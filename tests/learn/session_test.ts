// A session of `deno task learn` on an outside that is made up: what a save, a key, a loop and a deleted file do.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import type { Manifest } from "../../lib/exercise/manifest.ts";
import { firstOpen, lastWords, scoresFrom, scoresLine } from "../../lib/learn/progress.ts";
import { type RunListener, Session, type World } from "../../lib/learn/session.ts";

const manifest: Manifest = [1, 2, "beyond"].map((id) => ({
  ...{ id, title: `title ${id}`, file: `ex${id}.ts`, at: id === "beyond" ? undefined : 781 },
  ...{ gradients: { dw: [1146], dx: [] }, hints: { dw: ["First?", "Second.", "Third."] } },
}));

/** A session on made-up files, and what it did. */
function session(kept?: string, { keys = true, live = true } = {}) {
  const files = new Map<string, string>(), runs: { script: string; flags: string[]; listener: RunListener }[] = [];
  const did: string[] = [];
  let written = "", clock = 0, memory = kept;
  const world: World = {
    size: () => ({ columns: 80, rows: 24, keys }),
    ...{ colour: false, live },
    write: (text) => void (written += text),
    clear: () => void (written = ""),
    now: () => clock,
    stamp: (script) => files.get(script),
    text: (script) => files.get(script),
    writeBlank: ({ file }) => {
      if (file === "ex2.ts" && did.includes("full")) return Promise.reject(new Error("The disk is full."));
      files.set(`my/${file}`, "blank");
      return Promise.resolve();
    },
    run(script, flags, listener) {
      runs.push({ script, flags: [...flags], listener });
      return { kill: () => void did.push(`kill ${script}`), interrupt: () => void did.push(`interrupt ${script}`) };
    },
    recall: () => memory,
    keep: (text) => void (memory = text),
    quit: (code) => void did.push(`quit ${code}`),
  };
  return {
    ...{ files, runs, did, session: new Session(manifest, world) },
    shown: () => written,
    wait: (seconds: number) => void (clock += 1000 * seconds),
    last: () => runs.at(-1)!.listener,
    kept: () => scoresFrom(memory),
    /** The last run ends, with so many of two rows right. */
    end(right: number, next?: string) {
      runs.at(-1)!.listener.report({ kind: "ended", right, rows: 2, next });
      runs.at(-1)!.listener.over(right === 2 ? 0 : 1);
    },
  };
}

test("a session writes the blank that is not there, runs it, and runs it again when it has changed", async () => {
  const { session: s, runs, files, shown, did } = session();
  await s.open();
  assertEquals(runs.map(({ script, flags }) => [script, flags]), [["my/ex1.ts", []]]);
  assertStringIncludes(shown(), "my/ex1.ts is new");
  s.tick();
  assertEquals(runs.length, 1);
  files.set("my/ex1.ts", "changed");
  s.tick();
  assertEquals([runs.length, did], [2, ["kill my/ex1.ts"]]);
  s.tick();
  assertEquals(runs.length, 2);
});

test("what a run that was ended still says is not shown, and what the one at hand says is", async () => {
  const { session: s, runs, files, shown } = session();
  await s.open();
  files.set("my/ex1.ts", "changed");
  s.tick();
  runs[0].listener.out("old\n");
  runs[0].listener.over(0);
  runs[1].listener.out("new\n");
  assertFalse(shown().includes("old"));
  assertMatch(shown(), /new\n$/);
});

test("a run ends with the rows of every exercise and the keys, and the rows are kept", async () => {
  const { session: s, end, shown, kept } = session();
  await s.open();
  end(1, "dx");
  assertMatch(shown(), /\[1: 1\/2\] {2}2: – {2}beyond: –\nh hint {2}a all rows {2}n next {2}l list {2}q quit\n$/);
  assertEquals(kept(), { 1: { right: 1, rows: 2, done: false } });
});

test("into a file nothing is written over, and where no key can be pressed none is offered", async () => {
  const { session: s, last, end, shown } = session(undefined, { keys: false, live: false });
  await s.open();
  last().report({ kind: "progress", text: "checking dx" });
  end(2);
  assertEquals(
    shown(),
    "my/ex1.ts is new: fill in a gradient and save. It runs again by itself.\n[1 done]  2: –  beyond: –\n",
  );
});

test("a file that is deleted is missed, and runs as soon as it is back", async () => {
  const { session: s, runs, files, shown } = session();
  await s.open();
  files.delete("my/ex1.ts");
  s.tick();
  assertStringIncludes(shown(), "my/ex1.ts is gone");
  s.tick();
  assertEquals(shown().split("is gone").length, 2);
  files.set("my/ex1.ts", "blank");
  s.tick();
  assertEquals(runs.length, 2);
  files.delete("my/ex1.ts");
  s.tick();
  s.key("r");
  await Promise.resolve();
  assertEquals([files.has("my/ex1.ts"), runs.length], [true, 3]);
});

test("a run that is silent for ten seconds is stopped with a sentence; one that tells how far it is goes on", async () => {
  const { session: s, wait, last, did, shown } = session();
  await s.open();
  for (let i = 0; i < 5; i++) {
    wait(9);
    last().report({ kind: "progress", text: "checking dw, 5 % …" });
    s.tick();
  }
  assertEquals(did, []);
  wait(10);
  s.tick();
  assertEquals(did, ["kill my/ex1.ts"]);
  assertMatch(shown().replace(/\s+/g, " "), /silent for 10 seconds\. There is likely a loop in it that does not end\./);
});

test("a training may be silent for a minute, and Ctrl-C ends it but not the session", async () => {
  const { session: s, wait, last, did } = session();
  await s.open();
  last().report({ kind: "training", done: 5, steps: 200 });
  wait(59);
  s.tick();
  s.key("\x03");
  assertEquals(did, ["interrupt my/ex1.ts"]);
  wait(1);
  s.tick();
  assertEquals(did.at(-1), "kill my/ex1.ts");
});

test("a run that prints without end is stopped", async () => {
  const { session: s, last, did, shown } = session();
  await s.open();
  for (let i = 0; i < 11; i++) last().out("a".repeat(100_000));
  assertEquals(did, ["kill my/ex1.ts"]);
  assertStringIncludes(shown(), "Stopped: my/ex1.ts has printed a million characters.");
});

test("h gives the next hint for the row to work on, with its second and, at the third, where the solution is", async () => {
  const { session: s, end, shown } = session();
  await s.open();
  end(0, "dw");
  for (const said of ["hint 1 of 3: First?", "hint 2 of 3: Second.", "hint 3 of 3: Third.", "hint 1 of 3"]) {
    s.key("h");
    assertStringIncludes(shown().slice(shown().lastIndexOf("dw, hint")), said);
  }
  assertStringIncludes(shown(), "In the lecture: 19:06, https://youtu.be/q8SA3rM6ckI?t=1146");
  assertStringIncludes(shown(), 'The solution is in exercises/ex1.ts, at "#region dw".');
  s.key("r");
  await Promise.resolve();
  end(1, "dx");
  s.key("h");
  assertStringIncludes(shown(), "There is no hint for dx.");
});

test("a runs again with every row, l lists, a number and n open another exercise, q ends", async () => {
  const { session: s, runs, end, shown, did } = session();
  await s.open();
  end(1, "dw");
  s.key("a");
  assertEquals(runs.at(-1)!.flags, ["--all"]);
  end(1, "dw");
  s.key("l");
  assertMatch(
    shown(),
    /> 1 {2}1\/2 right: title 1\n {2}2 {2}not begun: title 2\n {2}3 {2}not begun: title beyond\nA number/,
  );
  s.key("2");
  await Promise.resolve();
  assertEquals(runs.at(-1)!.script, "my/ex2.ts");
  s.key("n");
  await Promise.resolve();
  assertEquals(runs.at(-1)!.script, "my/exbeyond.ts");
  s.key("n");
  await Promise.resolve();
  assertEquals(runs.at(-1)!.script, "my/ex1.ts");
  s.key("?");
  assertMatch(shown(), /h hint {2}a all rows/);
  s.key("q");
  assertEquals(did.at(-1), "quit 0");
});

test("without anybody at the keys a session ends when its run does", async () => {
  const { session: s, end, did } = session();
  await s.open();
  s.leave();
  assertEquals(did, []);
  end(1, "dw");
  assertEquals(did, ["quit 0"]);
  const idle = session();
  await idle.session.open();
  idle.end(1, "dw");
  idle.session.leave();
  assertEquals(idle.did, ["quit 0"]);
});

test("a blank that cannot be written gets a sentence, and the session goes on", async () => {
  const { session: s, runs, did, shown } = session();
  await s.open();
  did.push("full");
  s.key("2");
  await new Promise((resolve) => setTimeout(resolve));
  assertStringIncludes(shown(), "The disk is full.");
  s.key("1");
  await Promise.resolve();
  assertEquals(runs.at(-1)!.script, "my/ex1.ts");
});

test("a session whose blank cannot be written ends with 1 when nobody is at the keys, whichever is known first", async () => {
  for (const isSoon of [true, false]) {
    const { session: s, did } = session();
    did.push("full");
    const opened = s.open(manifest[1]);
    if (!isSoon) await opened;
    s.leave();
    await opened;
    assertEquals(did, ["full", "quit 1"]);
  }
});

test("an exercise that is done names the next, and when the lecture's are all done the session says so", async () => {
  const { session: s, end, shown, runs } = session();
  await s.open();
  end(2);
  assertStringIncludes(shown(), "n opens exercise 2: title 2.");
  s.key("n");
  await Promise.resolve();
  end(2);
  assertMatch(
    shown().replace(/\s+/g, " "),
    /Both are done\. The derivations, .* in exercises\/.* After the lecture: beyond\./,
  );
  assertEquals(runs.length, 2);
});

test("a session begins with the first exercise that is not done, whatever was kept", async () => {
  const done = JSON.stringify({ 1: { right: 2, rows: 2, done: true } });
  for (const [kept, script] of [[done, "my/ex2.ts"], ["{", "my/ex1.ts"], ['{"1":5}', "my/ex1.ts"]] as const) {
    const { session: s, runs } = session(kept);
    await s.open();
    assertEquals(runs[0].script, script);
  }
});

test("what is done is found from the exercise at hand on, and then from the start", () => {
  const score = (done: boolean) => ({ right: 1, rows: 2, done });
  assertEquals(firstOpen(manifest, {})?.id, 1);
  assertEquals(firstOpen(manifest, { 2: score(true) }, manifest[1])?.id, "beyond");
  assertEquals(firstOpen(manifest, { 2: score(true), beyond: score(true) }, manifest[1])?.id, 1);
  assertEquals(firstOpen(manifest, { 1: score(true), 2: score(true), beyond: score(true) }), undefined);
  assertEquals(lastWords(manifest, { 1: score(true) }), undefined);
  assertEquals(scoresLine(manifest, { 1: score(true) }, manifest[1]), "1 done  [2: –]  beyond: –");
  assert(!lastWords(manifest, { 1: score(true), 2: score(true), beyond: score(true) })!.includes("After"));
});
