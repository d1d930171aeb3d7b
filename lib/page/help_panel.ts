// The panel Help: how it goes, what the verdicts mean, PyTorch's words in this library's, and the keys.
import { PYTORCH } from "../exercise/preface.ts";
import { element } from "./dom.ts";
import { SIGN } from "./verdicts.ts";
import { pageWords } from "./words.ts";

const VERDICTS: readonly (readonly [keyof typeof SIGN, string])[] = [
  ["ok", "every element is right"],
  ["wrong", "some are not: the line below says what you computed instead"],
  ["shape", "it is not a tensor of the right shape"],
  ["follows", "your line is right, and wrong only because of a row above: mend that first"],
  ["todo", "nothing there yet"],
  ["given", "the right gradient, taken with given(…)"],
];

const LOOKING: readonly (readonly [string, string])[] = [
  ["print(dlogits)", "shows a tensor under Output; so does console.log"],
  ["print(logits.at(0))", "shows a row of it, print(logits.shape) its shape"],
  ["print(picture(dlogits))", "draws it"],
  ["hint(counts)", "asks a question about dcounts; hint(counts, 2) and hint(counts, 3) say more"],
  ["const dh = given(h)", "takes the right gradient, to go on below a row that you are stuck on"],
];

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent), control = mac ? "⌘" : "Ctrl-";

const KEYS: readonly (readonly [string, string])[] = [
  [`${control}S, ${control}Enter, Shift-Enter`, "run at once; half a second after the last key it runs by itself"],
  [mac ? "⌃Space" : "Ctrl-Space", "what can be written here, with one line on each"],
  [`${control}Z, ${mac ? "⇧⌘Z" : "Ctrl-Y"}`, "undo, redo"],
  [`${control}F`, "find"],
  [mac ? "⌘⌥[, ⌘⌥]" : "Ctrl-Shift-[, Ctrl-Shift-]", "fold the braces at the cursor, and unfold them"],
  ["Tab", "leaves the code, or takes what is offered"],
];

/** The panel's content; `notes` are the exercise's own. */
export function helpPanel(notes: readonly string[]): HTMLElement {
  return element(
    "div",
    { className: "guide" },
    element(
      "p",
      {},
      "Replace each todo(…) with your own expression. It is checked against finite differences as you type. A row of the " +
        "table opens on pictures of your gradient, on hints, and on its place in the lecture." +
        ("serviceWorker" in navigator ? " After one visit the page needs no network." : ""),
    ),
    ...paragraphs(notes),
    ...section("Verdicts", VERDICTS.map(([status, says]) => [`${SIGN[status]} ${status}`, says])),
    ...section("To look, and when stuck", LOOKING, true),
    ...section("From PyTorch to here", PYTORCH, true, ["PyTorch", "here"]),
    ...section("Keys", KEYS),
  );
}

/** An exercise's notes, as above its code: a line that ends with a colon is a heading, empty lines part paragraphs. */
function paragraphs(notes: readonly string[]): HTMLElement[] {
  return notes.join("\n").split(/\n\s*\n/).filter((text) => text.trim()).map((text) => {
    const lines = text.split("\n"), isCode = lines.every((line) => /^ {4}\w+\(/.test(line));
    if (isCode) return element("pre", {}, lines.map((line) => line.trim()).join("\n"));
    if (/^\S.*:$/.test(text)) return element("h2", {}, pageWords(text).slice(0, -1));
    return element("p", {}, pageWords(lines.map((line) => line.trim()).join(" ")));
  });
}

function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  code = false,
  head?: readonly [string, string],
): HTMLElement[] {
  const cell = (tag: "th" | "td", text: string, isCode: boolean) =>
    element(tag, tag === "th" ? { scope: "row" } : {}, isCode ? element("code", {}, text) : text);
  const body = rows.map(([a, b]) => element("tr", {}, cell("th", a, code), cell("td", b, code && head !== undefined)));
  const top = head &&
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text))));
  return [
    element("h2", {}, title),
    element("table", {}, element("caption", { className: "unseen" }, title), top, element("tbody", {}, ...body)),
  ];
}
