// Runs tests in a copy of the project, one after the other in one process, until one fails. The copy's import map has this
// file in place of node:test. Arguments are files, or files with the name of one of their tests behind a tab. It prints a
// line of JSON for each file that is loaded, and for each test.
//
// A marked copy calls `__reached` with the ranks of the mistakes that may be made there.
import process from "node:process";

type Test = () => unknown;

let tests = new Map<string, Test>(), reached = new Set<string>();

Object.assign(globalThis, { __reached: (...ranks: string[]) => ranks.forEach((rank) => reached.add(rank)) });

/** In place of node:test's. */
export function test(name: string, ...given: unknown[]): void {
  tests.set(name, given.at(-1) as Test);
}

const loaded = new Map<string, typeof tests>();

async function load(file: string): Promise<typeof tests> {
  if (!loaded.has(file)) {
    loaded.set(file, tests = new Map());
    await import(new URL(`../../../${file}`, import.meta.url).href);
    report({ file, milliseconds: 0 });
  }
  return loaded.get(file)!;
}

/** Which mistakes' places have been run since the last report. */
function report(what: object): void {
  console.log(JSON.stringify({ ...what, reached: [...reached] }));
  reached = new Set();
}

async function play(): Promise<void> {
  for (const [file, only] of process.argv.slice(2).map((text) => text.split("\t"))) {
    const all = await load(file);
    for (const name of only ? [only] : all.keys()) {
      const began = performance.now();
      await all.get(name)?.();
      report({ file, name, milliseconds: performance.now() - began });
    }
  }
}

// Not awaited here, as the tests wait for this module.
play().catch((error) => {
  console.error(error);
  process.exit(1);
});
