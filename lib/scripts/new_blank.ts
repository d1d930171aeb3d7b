// `deno task blank N`: writes my/exN.ts, a blank copy of exercise N. Never over one that is there.
import { mkdir, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import ex1 from "../../exercises/ex1.ts" with { type: "text" };
import ex2 from "../../exercises/ex2.ts" with { type: "text" };
import ex3 from "../../exercises/ex3.ts" with { type: "text" };
import ex4 from "../../exercises/ex4.ts" with { type: "text" };
import { makeBlank } from "../exercise/blank.ts";

const sources: Record<string, string> = { 1: ex1, 2: ex2, 3: ex3, 4: ex4 };
const args = process.argv.slice(2), [n] = args;
const runtime = "Bun" in globalThis ? "bun --watch" : "deno run --watch";

if (args.length !== 1 || !Object.hasOwn(sources, n)) {
  console.error(`Which exercise? deno task blank 1 (or 2, 3, 4)${args.length ? `; given ${args.join(" ")}` : ""}`);
  process.exit(2);
}
const folder = new URL("../../my/", import.meta.url), target = new URL(`ex${n}.ts`, folder);
try {
  const blank = makeBlank(sources[n]);
  await mkdir(folder, { recursive: true });
  await writeFile(target, blank, { flag: "wx" });
  console.log(
    `my/ex${n}.ts is ready: fill in a gradient, save, and see the table again with\n\n    ${runtime} my/ex${n}.ts`,
  );
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  if (code === "EEXIST") {
    console.error(
      `my/ex${n}.ts is there already and stays as it is. To start over, delete or rename it, and run this again.`,
    );
  } else if ((error as Error).name === "NotCapable") {
    console.error(
      `${fileURLToPath(target)} may not be written without permission. The command that has it: deno task blank ${n}`,
    );
  } else if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
    console.error(
      `${fileURLToPath(target)} cannot be written: is the folder read-only? Copy the project to one of your own.`,
    );
  } else console.error(`exercises/ex${n}.ts: ${message}`);
  process.exit(1);
}
