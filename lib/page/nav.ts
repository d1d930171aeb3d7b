// The links to the exercises, with a ✓ on those that are done.
import { element } from "./dom.ts";
import { type Exercise, exercises } from "./exercises.ts";

/** Shows the links in `parent`. */
export function showNav(parent: HTMLElement, current: Exercise, isDone: (n: number | string) => boolean): void {
  parent.replaceChildren(
    ...exercises.map(({ n, title }) => {
      const done = isDone(n);
      const link = element(
        "a",
        {
          ...{ href: `#${n}`, title: done ? `${title}: done` : title, className: done ? "done" : "" },
          "aria-label": `Exercise ${n}${done ? ", done" : ""}`,
        },
        `${n}`,
        ...(done ? [element("span", { className: "check" }, "✓")] : []),
      );
      if (n === current.n) link.setAttribute("aria-current", "page");
      return link;
    }),
    element("span", { className: "title" }, current.title),
  );
}

/** What an exercise is called in a sentence: `exercise 2`, `layernorm`. */
export function nameOf({ n }: Exercise): string {
  return typeof n === "number" ? `exercise ${n}` : n;
}

/** The exercise after this one, if there is one. */
export function nextAfter(exercise: Exercise): Exercise | undefined {
  return exercises[exercises.indexOf(exercise) + 1];
}
