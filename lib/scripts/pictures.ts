// `deno task pictures`: draws the README's two pictures. terminal.svg is exercise 1's output in colour, graph.svg is drawn
// from `--graph`. `--check` only compares.
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";

const ESCAPE = String.fromCharCode(27);
const CODE_OR_TEXT = new RegExp(`${ESCAPE}\\[([\\d;]*)m|([^${ESCAPE}]+)`, "g");
const CELL = 8.4, LINE = 18, MARGIN = 14;
const escapeXml = (text: string) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]!);

function exercise1(...args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["run", "--no-prompt", "exercises/ex1.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "1" }, // in colour, whatever the caller wants
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split("\n");
}

function svg(width: number, height: number, body: string): string {
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="ui-monospace, Menlo, Consolas, monospace" ` +
    `font-size="14">\n${body}</svg>\n`;
}

/** Lines with colour codes as SVG: SGR 31, 32 and 33 become text colours, the half blocks of a picture rectangles. */
function terminal(lines: string[]): string {
  const colours: Record<string, string> = { 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341" };
  let body = "", widest = 0;
  lines.forEach((line, row) => {
    let colour = "#e6edf3", upper = "", lower = "", column = 0;
    const y = MARGIN + row * LINE;
    for (const [, codes, text] of line.matchAll(CODE_OR_TEXT)) {
      if (codes !== undefined) {
        const rgb = [...codes.matchAll(/([34])8;2;(\d+);(\d+);(\d+)/g)];
        for (const [, layer, r, g, b] of rgb) {
          if (layer === "3") upper = `rgb(${r},${g},${b})`;
          else lower = `rgb(${r},${g},${b})`;
        }
        if (rgb.length === 0) colour = colours[codes] ?? "#e6edf3";
        continue;
      }
      if (text.startsWith("▀")) {
        const x = MARGIN + column * CELL;
        body += `<path d="M${x.toFixed(1)} ${y}h${CELL}v${LINE / 2}h-${CELL}z" fill="${upper}"/>` +
          `<path d="M${x.toFixed(1)} ${y + LINE / 2}h${CELL}v${LINE / 2}h-${CELL}z" fill="${lower}"/>\n`;
      } else if (text.trim() !== "") {
        const x = (MARGIN + column * CELL).toFixed(1);
        body += `<text xml:space="preserve" x="${x}" y="${y + 13}" fill="${colour}" ` +
          `textLength="${(text.length * CELL).toFixed(1)}">${escapeXml(text)}</text>\n`;
      }
      column += text.length;
    }
    widest = Math.max(widest, column);
  });
  const width = 2 * MARGIN + widest * CELL, height = 2 * MARGIN + lines.length * LINE;
  return svg(width, height, `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n${body}`);
}

/** The tensors from top to bottom, an arc from each to every line that reads it. */
function graph(lines: string[]): string {
  const nodes = lines.map((line) => {
    const [, name, shape, from] = /^(\S+)\s+(\([^)]*\))(?:\s+← ([^(]*))?/.exec(line)!;
    return { name, shape, from: from?.trim().split(", ") ?? [] };
  });
  const y = (name: string) => MARGIN + 9 + nodes.findIndex((node) => node.name === name) * 22;
  const left = 330;
  let body = '<rect width="100%" height="100%" fill="#ffffff"/>\n';
  for (const { name, from } of nodes) {
    for (const source of from) {
      const a = y(source), b = y(name), reach = left + 14 + (b - a) * 0.45;
      body += `<path d="M${left} ${a}C${reach} ${a} ${reach} ${b} ${left + 4} ${b}" fill="none" stroke="#8b949e"/>\n`;
    }
  }
  for (const { name, shape, from } of nodes) {
    const parameter = from.length === 0;
    body +=
      `<text x="190" y="${y(name) + 5}" text-anchor="end" fill="${parameter ? "#9a6700" : "#1f2328"}">${name}</text>` +
      `<text x="204" y="${y(name) + 5}" fill="#656d76">${shape}</text>` +
      `<circle cx="${left}" cy="${y(name)}" r="3.5" fill="${parameter ? "#9a6700" : "#1f2328"}"/>\n`;
  }
  const longest = Math.max(...nodes.flatMap(({ name, from }) => from.map((source) => y(name) - y(source))));
  return svg(left + 20 + longest * 0.36, 2 * MARGIN + nodes.length * 22, body);
}

/** A picture without the digits of differences: engines round the last one differently. */
const withoutDigits = (picture: string) => picture.replaceAll(/\d\.\de-\d+/g, "…");

const pictures = {
  "data/pictures/terminal.svg": terminal(["$ deno run exercises/ex1.ts", ...exercise1()]),
  "data/pictures/graph.svg": graph(exercise1("--graph")),
};
const isCheck = process.argv.includes("--check");
for (const [path, picture] of Object.entries(pictures)) {
  const url = new URL(`../../${path}`, import.meta.url);
  if (!isCheck) await writeFile(url, picture);
  else if (withoutDigits(await readFile(url, "utf8")) !== withoutDigits(picture)) {
    console.error(`${path} does not show what exercise 1 prints: run \`deno task pictures\`.`);
    process.exit(1);
  }
}
console.log(`${Object.keys(pictures).join(" and ")} ${isCheck ? "show what exercise 1 prints" : "are drawn"}.`);
