// Networks that are not the lecture's: every right line is `ok`, every mistake of the lists is one.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { inScratch } from "../../lib/tensor/memory.ts";
import { networks } from "./networks/all.ts";
import { Played, tensorOf } from "./networks/play.ts";

for (const network of networks) {
  const { name, code, rights, mistakes } = network;

  test(`${name}: every right gradient is ok, whatever the notation`, () => {
    const played = new Played(network),
      wrong = (rows: readonly { name: string; status: string }[]) =>
        rows.filter(({ status }) => status !== "ok").map(({ name, status }) => `${name} ${status}`);
    const rows = inScratch(() => played.play([]));
    assertEquals(wrong(rows), []);
    assertEquals(rows.length, new Set(code.map(([row]) => tensorOf(row))).size);
    for (const line of rights) {
      assertEquals(wrong(inScratch(() => played.play([line], { only: tensorOf(line[0]) }))), [], line[1]);
    }
  });

  test(`${name}: every mistake of the list is one`, () => {
    const played = new Played(network);
    for (const { row, code, what } of mistakes) {
      const [{ status }] = inScratch(() => played.play([[row, code]], { only: tensorOf(row) }));
      assert(status === "wrong" || status === "shape", `${row}: ${code} (${what}) is ${status}.`);
    }
    assert(mistakes.length >= 10, `${mistakes.length} mistakes are too few.`);
  });
}
