// The changed lines of each changed file, from git.
import { spawnSync } from "node:child_process";

/** For each changed file, the numbers of its changed lines. */
export type Changes = Map<string, Set<number>>;

/** On main, where there is nothing to compare with, this many commits count as the last change. */
const COMMITS = 10;

/**
 * What differs from `base`, uncommitted work included. Without a base: from where this branch left main; on main itself
 * from some commits ago. Undefined where git does not know, as in a clone without history.
 *
 * @throws Error for a base that is no commit.
 */
export function changedSince(root: string, base?: string): Changes | undefined {
  const git = (...args: string[]) => {
    const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
    return status === 0 ? stdout.trim() : undefined;
  };
  const since = base ? git("rev-parse", "--verify", base) : branchedFrom(git);
  if (base && !since) throw new Error(`git knows no commit ${base}.`);
  const diff = since && git("diff", "--unified=0", "--no-color", "--no-ext-diff", since, "--", "*.ts");
  if (diff === undefined) return undefined;
  const changes: Changes = new Map();
  let lines = new Set<number>();
  for (const text of diff.split("\n")) {
    const [, file] = /^\+\+\+ b\/(.*)$/.exec(text) ?? [],
      [, from, count = "1"] = /^@@ .* \+(\d+)(?:,(\d+))? @@/.exec(text) ?? [];
    if (file) changes.set(file, lines = new Set());
    for (let i = 0; from && i < Number(count); i++) lines.add(Number(from) + i);
  }
  return changes;
}

function branchedFrom(git: (...args: string[]) => string | undefined): string | undefined {
  const head = git("rev-parse", "HEAD");
  for (const main of ["origin/main", "main"]) {
    const fork = git("merge-base", main, "HEAD");
    if (fork && fork !== head) return fork;
  }
  return git("rev-parse", "--verify", `HEAD~${COMMITS}`);
}
