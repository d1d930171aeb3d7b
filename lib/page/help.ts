// Help with a gradient, one step at a time: three hints, then the solution for those who ask for it.
import type { Hints } from "../exercise/hints.ts";
import { clock, link } from "../exercise/lecture.ts";
import { button, element } from "./dom.ts";

/** What there is to help with. */
export interface HelpTexts {
  /** The exercise's hints. */
  hints: Hints;
  /** The solution of a gradient's regions. */
  solution: (dname: string) => string;
  /** The seconds of the lecture at which a gradient is worked out. */
  times: (dname: string) => readonly number[];
}

/** Links into the lecture's video, each in a tab of its own. */
export function lectureLinks(seconds: readonly number[], before = ""): HTMLElement[] {
  return seconds.map((at) =>
    element("a", {
      href: link(at),
      target: "_blank",
      rel: "noopener",
      className: "lecture",
      title: `The lecture at ${clock(at)}`,
    }, `${before}${clock(at)}`)
  );
}

/** The hints and the solution of a gradient, closed at first, with `beside` beside the button. */
export function help(dname: string, { hints, solution, times }: HelpTexts, beside: HTMLElement): HTMLElement {
  const texts = Object.hasOwn(hints, dname) ? hints[dname] : [];
  const shown = element("ol", { className: "hints", "aria-live": "polite" });
  const answer = element("pre", {
    className: "solution",
    hidden: true,
    tabIndex: 0,
    "aria-label": `Solution of ${dname}`,
  });
  let level = 0;
  const next = button("", () => {
    if (level < texts.length) shown.append(element("li", {}, texts[level]));
    else {
      answer.textContent = solution(dname);
      answer.hidden = false;
      answer.focus();
      next.hidden = true;
    }
    level++;
    name();
  });
  const name = () => {
    next.textContent = level === 0 ? "Hint" : level < texts.length ? `Hint ${level + 1} of 3` : "Show the solution";
  };
  name();
  if (texts.length === 0) next.hidden = true;
  return element(
    "div",
    { className: "help" },
    shown,
    answer,
    element(
      "p",
      { className: "buttons" },
      next,
      beside,
      ...lectureLinks(times(dname), "▶ lecture "),
    ),
  );
}
