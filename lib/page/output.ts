// What a run prints, line by line, with the lecture's pictures as pictures.
import { element } from "./dom.ts";
import { greyPicture } from "./look.ts";
import type { PictureMessage } from "./messages.ts";

/** The output of a run. */
export class Output {
  /** The output's element. */
  readonly element = element("div", {
    className: "output",
    tabIndex: 0,
    role: "log",
    "aria-label": "Output",
    "aria-live": "off",
  });
  #pictures: HTMLElement[] = [];

  /** Forgets all lines. */
  clear(): void {
    this.element.replaceChildren();
    this.#pictures = [];
  }

  /** Shows a line of standard output or, with `error`, of standard error. */
  line(text: string, error: boolean): void {
    this.element.append(...this.#pictures.splice(0), element("pre", error ? { className: "error" } : {}, text + "\n"));
  }

  /** Shows a matrix as a picture, above the next line, which draws it in letters. */
  picture({ rows, columns, values }: PictureMessage): void {
    this.#pictures.push(element("div", { className: "grey" }, greyPicture(values, rows, columns)));
  }
}
