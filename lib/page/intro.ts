// What this is and what to do first: one paragraph above everything, until the reader closes it or has a gradient right.
import { link } from "../exercise/lecture.ts";
import { button, element } from "./dom.ts";
import type { Store } from "./store.ts";

/** The address of the source: where the page is built, if that is known. The build puts it in the place of this. */
declare const SOURCE: string;

/** The paragraph; `begin` leads to the first gradient. */
export class Intro {
  /** The element to put into the page. */
  readonly element: HTMLElement;
  readonly #store: Store;

  /** The paragraph, hidden where it was closed before. */
  constructor(store: Store, begin: () => void) {
    this.#store = store;
    const out = (href: string, text: string) => element("a", { href, target: "_blank", rel: "noopener" }, text);
    const source = sourceAddress();
    this.element = element(
      "section",
      { id: "intro", "aria-label": "What this is", hidden: store.setting("intro") === "closed" },
      element(
        "p",
        {},
        element("strong", {}, "Backpropagation, written by hand."),
        " These are the exercises of Andrej Karpathy's lecture ",
        out(link(0), "Becoming a Backprop Ninja"),
        ". The forward pass is there; you write the gradient of each of its tensors. As you type, every number of yours is " +
          "compared with finite differences, and a wrong one is explained. ",
        button("Begin with the first todo(…)", begin, { className: "link" }),
        ". Everything runs in your browser, and nothing you type leaves it",
        source ? "; here is " : ".",
        ...(source ? [out(source, "the source"), "."] : []),
      ),
      button("×", () => this.close(), { className: "close", "aria-label": "Close this introduction", title: "Close" }),
    );
  }

  /** Hides it for good. */
  close(): void {
    this.element.hidden = true;
    this.#store.keepSetting("intro", "closed");
  }
}

/** Where the source is: what the build knew, else what an address of GitHub Pages says. */
function sourceAddress(): string {
  const owner = /^([\w-]+)\.github\.io$/.exec(location.hostname)?.[1], project = location.pathname.split("/")[1];
  return SOURCE || (owner && project ? `https://github.com/${owner}/${project}` : "");
}
