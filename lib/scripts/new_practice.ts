// `deno task practice [--seed N] [--level 1…5]`: writes my/practice-N.ts, a random network to work out the gradients of. It
// never overwrites one; with --again, the old one first gets another name. Without a seed, one from 0 to 9,999 is drawn.
import { practiceCommand } from "../exercise/runtime.ts";
import process from "node:process";
import { nearest } from "../nearest.ts";
import { LEVELS } from "../practice/network.ts";
import { practiceBlank } from "../practice/source.ts";
import { end, handOut } from "./own_file.ts";

const ALLOWED = `Allowed are --seed N, --level 1 to ${LEVELS}, --again.`, MOST = 2 ** 32 - 1;

const args = process.argv.slice(2).flatMap((arg) => /^--(seed|level)=/.test(arg) ? arg.split(/=(.*)/, 2) : [arg]);
if (args.some((arg) => arg === "--help" || arg === "-h")) {
  end(0, `${practiceCommand}: writes a random network to practise on into my/. ${ALLOWED}`);
}
const given: Record<string, number> = {};
let again = false;
for (let i = 0; i < args.length; i++) {
  const name = args[i].replace(/^--/, "");
  if (args[i] === "--again") again = true;
  else if (args[i] === "--seed") given.seed = numberOf("seed", args[++i], 0, MOST);
  else if (args[i] === "--level") given.level = numberOf("level", args[++i], 1, LEVELS);
  else if (!args[i].startsWith("--")) end(2, `"${args[i]}" is not a flag. ${ALLOWED}`);
  else {
    const meant = nearest(name, ["seed", "level", "again"]);
    end(2, `There is no flag ${args[i]}.${meant ? ` Did you mean --${meant}?` : ""} ${ALLOWED}`);
  }
}
const { seed = Math.floor(Math.random() * 10_000), level = 3 } = given;
const command = `${practiceCommand} --seed ${seed} --level ${level}`;
await handOut(`practice-${seed}.ts`, practiceBlank(seed, level), command, again);

function numberOf(name: string, text: string | undefined, least: number, most: number): number {
  const value = Number(text);
  if (Object.hasOwn(given, name)) end(2, `--${name} is given more than once; give it once.`);
  if (text !== undefined && /^\d+$/.test(text) && value >= least && value <= most) return value;
  const bounds = `from ${least} to ${most.toLocaleString("en")}`, shown = text === undefined ? "nothing" : `"${text}"`;
  return end(2, `--${name} takes a whole number ${bounds}; given ${shown}.`);
}
