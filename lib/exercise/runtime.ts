// Ends the program with a sentence if the runtime is too old, before something fails in a less helpful way.
// Imported first by host.ts, which every exercise and every blank imports first, and by the scripts.
import process from "node:process";

const OLDEST: Record<string, string> = { Deno: "2.8.0", Bun: "1.3.0" };

const versions = process.versions as Record<string, string | undefined>;
const [name, version] = versions.bun ? ["Bun", versions.bun] : ["Deno", versions.deno ?? "0"];

/** The command that writes a blank, without its number. */
export const blankCommand = name === "Bun" ? "bun lib/scripts/new_blank.ts" : "deno task blank";

/** The command that writes a practice network, without its flags. */
export const practiceCommand = name === "Bun" ? "bun lib/scripts/new_practice.ts" : "deno task practice";

/** Whether version a, such as 2.10.1, comes before version b. */
export function isOlder(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => version.split(/[.+-]/).map(Number));
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return x[i] < y[i];
  return false;
}

if (isOlder(version, OLDEST[name])) {
  const error = versions.deno || versions.bun
    ? `This is ${name} ${version}; these exercises need ${name} ${OLDEST[name]} or later: ${name.toLowerCase()} upgrade`
    : "These exercises run on Deno or Bun. If you have Node: npx deno run exercises/ex1.ts";
  if (process.argv.includes("--json")) console.log(JSON.stringify({ error, rows: [] }));
  console.error(error);
  process.exit(1);
}
