// The tabs on the right: the table, the graph, the output and the help, one of them shown, and a dot where the output has news.
// Left out: what is in them.
import { element } from "./dom.ts";

const LABELS = { table: "Table", graph: "Graph", output: "Output", help: "Help" };

/** What can be shown. */
export type Panel = keyof typeof LABELS;

/** The tabs and their panels. */
export class Tabs {
  /** The list of tabs. */
  readonly list = element("div", { className: "tabs", role: "tablist", "aria-label": "What to show" });
  /** What they show. */
  readonly panels: Record<Panel, HTMLElement>;
  readonly #tabs = new Map<Panel, HTMLButtonElement>();
  readonly #dot = element(
    "span",
    { className: "dot", hidden: true },
    element("span", { className: "unseen" }, "has news"),
  );

  /** Tabs with the graph and the output in them, which stay the same elements; the table is shown first. */
  constructor(inside: { graph: HTMLElement; output: HTMLElement }) {
    this.panels = {
      table: panel("table"),
      graph: panel("graph", inside.graph),
      output: panel("output", inside.output),
      help: panel("help"),
    };
    for (const name of Object.keys(LABELS) as Panel[]) {
      const tab = element("button", {
        type: "button",
        id: `tab-${name}`,
        role: "tab",
        "aria-controls": `panel-${name}`,
        onclick: () => this.show(name),
      }, LABELS[name]);
      this.#tabs.set(name, tab);
      this.list.append(tab);
    }
    this.#tabs.get("output")!.append(" ", this.#dot);
    this.list.addEventListener(
      "keydown",
      ({ key }) => this.#move(key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0),
    );
    this.show("table");
  }

  /** Shows one of the panels. */
  show(shown: Panel): void {
    for (const [name, tab] of this.#tabs) {
      tab.setAttribute("aria-selected", String(name === shown));
      tab.tabIndex = name === shown ? 0 : -1;
      this.panels[name].hidden = name !== shown;
    }
    if (shown === "output") this.news(false);
  }

  /** Says whether there is something under Output that has not been seen; it has, if that is what is shown. */
  news(some: boolean): void {
    this.#dot.hidden = !some || !this.panels.output.hidden;
  }

  #move(step: number): void {
    const names = [...this.#tabs.keys()],
      at = names.findIndex((name) => this.#tabs.get(name) === document.activeElement);
    if (step === 0 || at < 0) return;
    const next = names[(at + step + names.length) % names.length];
    this.show(next);
    this.#tabs.get(next)!.focus();
  }
}

function panel(name: Panel, ...content: HTMLElement[]): HTMLElement {
  const names = { className: "panel", id: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}` };
  return element("div", { ...names, hidden: true }, ...content);
}
