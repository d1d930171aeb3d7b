// Code that comes with a link is shown before it replaces anything, and runs only when the reader has agreed.
import { button, element } from "./dom.ts";
import type { Exercise } from "./exercises.ts";
import type { Linked } from "./link.ts";

/** Asks whether to take what a link holds, and shows it; lines that are not the blank's are marked. */
export function ask({ n, blank }: Exercise, { code, flags }: Linked): Promise<boolean> {
  const known = new Set(blank.split("\n").map((line) => line.trim()));
  const lines = code.split("\n").map((line) =>
    element("span", known.has(line.trim()) ? {} : { className: "new" }, `${line}\n`)
  );
  const marked = lines.filter(({ className }) => className).length;
  const shown = element("pre", { tabIndex: 0, "aria-label": "The code in the link" }, ...lines);
  return new Promise((resolve) => {
    const end = (taken: boolean) => {
      dialog.close();
      dialog.remove();
      resolve(taken);
    };
    const dialog = element(
      "dialog",
      { "aria-labelledby": "question", oncancel: () => end(false) },
      element("h2", { id: "question" }, `This link contains code for exercise ${n}`),
      element(
        "p",
        {},
        `Look at it before it runs: ${
          marked === 1
            ? "the line that is not the exercise's own is marked."
            : `the ${marked} lines that are not the exercise's own are marked.`
        }` + (flags ? ` Its flags: ${flags}.` : "") + " A copy of what you have now will be in the File menu.",
      ),
      shown,
      element(
        "p",
        { className: "buttons" },
        button("Open it here", () => end(true), { className: "primary" }),
        button("Keep what I have", () => end(false), { autofocus: true }),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
    const first = lines.find(({ className }) => className);
    if (first) shown.scrollTop = first.offsetTop - shown.offsetTop - 40;
  });
}
