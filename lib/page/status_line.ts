// The line above the table: how many gradients are right and which is next, or what broke the run off. It keeps its height, so
// that the table stays where it is.
//
// It changes with each row; who hears the page is told only what has come of a run.
import { button, element } from "./dom.ts";

/** What can be said with a button in it. */
export interface Said {
  /** The whole text. */
  text: string;
  /** What the button does, and the text on it, which ends `text`. */
  button?: { label: string; act: () => void; about?: string };
}

/** The line. */
export class StatusLine {
  /** What is seen. */
  readonly element = element("p", { id: "status" });
  /** What is heard. */
  readonly heard = element("p", { className: "unseen", role: "status" });
  #shown = "";

  /** Shows a text; at the end of a run, it is also told. */
  say({ text, button: wanted }: Said, atEnd: boolean): void {
    if (this.#shown !== text) {
      this.#shown = text;
      this.element.title = text.length > 120 ? text : "";
      const before = wanted ? text.slice(0, text.lastIndexOf(wanted.label)) : text;
      const after = wanted ? text.slice(before.length + wanted.label.length) : "";
      const about = wanted?.about ? { "aria-label": wanted.about } : {};
      this.element.replaceChildren(
        before,
        ...(wanted ? [button(wanted.label, wanted.act, { className: "link", ...about }), after] : []),
      );
    }
    if (atEnd && this.heard.textContent !== text) this.heard.textContent = text;
  }

  /** Whether a text that is told elsewhere, beside its line, may be cut off here. */
  set clipped(clipped: boolean) {
    this.element.classList.toggle("clipped", clipped);
  }
}
