// What a mistake is that tests/tasks/mutants.ts plants, and how a list of them is written.

/** One mistake. */
export interface Mutation {
  /** The file it is planted in. */
  file: string;
  /** The text replaced, which stands in the file once. */
  from: string;
  /** What comes in its place. */
  to: string;
  /** The files of tests that have to notice. */
  tests: readonly string[];
}

type Change = [from: string, to: string];

/** Changes of one file, by what has to notice them: names of tests without `_test.ts`, or as they are. */
export function planted(file: string, changes: Record<string, Change[]>): Mutation[] {
  return Object.entries(changes).flatMap(([names, list]) => {
    const tests = names.split(" ").map((name) => `tests/${name}${name.endsWith(".ts") ? "" : "_test.ts"}`);
    return list.map(([from, to]) => ({ file, from, to, tests }));
  });
}
