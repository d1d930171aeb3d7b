// The line above the table: how many gradients are right and which is next, or what broke the run off. It keeps its height, so
// that the table stays where it is.
//
// It changes when a run begins and when it is over, and not with each row, since a screen reader speaks each change.
import { button, element } from "./dom.ts";

/** A text with a button in it. */
export interface StatusText {
  /** The whole text. */
  text: string;
  /** What the button does, and the text on it, which ends `text`. */
  button?: { label: string; act: () => void; about?: string };
}

/** The line. */
export class StatusLine {
  /** The element to put into the page. */
  readonly element = element("p", { id: "status", role: "status" });
  #shown = "";

  /** Shows a text. */
  say({ text, button: wanted }: StatusText): void {
    if (this.#shown === text) return;
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

  /** Whether a text that is also shown beside its line may be cut off here. */
  set clipped(clipped: boolean) {
    this.element.classList.toggle("clipped", clipped);
  }
}
