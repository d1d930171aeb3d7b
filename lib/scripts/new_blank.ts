// `deno task blank 1`: writes my/ex1.ts, a blank copy of exercise 1. It never overwrites one; with --again, the old one
// first gets another name.
import { blankCommand } from "../exercise/runtime.ts";
import process from "node:process";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { blankOf, choices, entryOf, scriptOf, sourceOf } from "../exercise/manifest.ts";
import { nearest } from "../nearest.ts";
import { end, handOut } from "./own_file.ts";

const args = process.argv.slice(2);
if (args.some((arg) => arg === "--help" || arg === "-h")) {
  end(
    0,
    `${blankCommand} ${
      choices(exercises)
    } [--again]: writes a blank copy of an exercise into my/. With --again, the one ` +
      "that is there gets another name first.",
  );
}
const words = args.filter((arg) => arg !== "--again"), again = words.length < args.length;
const [n] = words, unknown = words.find((word) => word.startsWith("--"));
if (unknown) {
  const meant = nearest(unknown, ["--again"]) ? " Did you mean --again?" : "";
  end(2, `There is no flag ${unknown}.${meant} Allowed is: ${blankCommand} ${choices(exercises)} --again`);
}
const entry = words.length === 1 && entryOf(exercises, n) ||
  end(2, `Which exercise? ${blankCommand} ${choices(exercises)}${args.length > 0 ? `; given ${args.join(" ")}` : ""}`);

const blank = blankOf(entry, await sourceOf(sources, entry));
await handOut(scriptOf(entry).slice("my/".length), blank, `${blankCommand} ${n}`, again);
