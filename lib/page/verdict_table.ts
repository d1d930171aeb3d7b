// The table of gradients: a row each, with its remark, and when opened its pictures, hints and way to the code.
// Left out: where verdicts come from (verdicts.ts).
import { formatShape } from "../tensor/shape.ts";
import { button, element } from "./dom.ts";
import { help, type HelpTexts, lectureLinks } from "./help.ts";
import { Look } from "./look.ts";
import type { Cell, WhyMessage } from "./messages.ts";
import { keyOf, SIGN, type Verdict } from "./verdicts.ts";

/** What the table needs from the page. */
export interface TableOptions extends HelpTexts {
  /** Asks why a number of a gradient is what it is. */
  ask: (cell: Cell) => void;
  /** Shows a tensor's code; with `focus`, typing goes there. */
  goTo: (name: string, focus: boolean) => void;
}

/** The table of an exercise. */
export class VerdictTable {
  /** The table's element. */
  readonly element: HTMLTableElement;
  readonly #rows = new Map<string, TableRow>();
  readonly #options: TableOptions;

  /** An empty table. */
  constructor(options: TableOptions) {
    this.#options = options;
    const head = ["gradient", "shape", "verdict", "largest difference", "lecture"].map((text) =>
      element("th", { scope: "col" }, text)
    );
    this.element = element(
      "table",
      { className: "rows" },
      element("caption", { className: "unseen" }, "Gradients and their verdicts"),
      element("thead", {}, element("tr", {}, ...head)),
    );
  }

  /** Shows these verdicts, in this order. */
  show(verdicts: readonly Verdict[]): void {
    const keys = new Set(verdicts.map(keyOf));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.body.remove();
      this.#rows.delete(key);
    }
    verdicts.forEach((verdict, i) => {
      const key = keyOf(verdict);
      let row = this.#rows.get(key);
      if (!row) this.#rows.set(key, row = new TableRow(verdict, this.#options));
      row.show(verdict);
      const there = this.element.tBodies[i];
      if (there !== row.body) this.element.insertBefore(row.body, there ?? null);
    });
  }

  /** Says why a number is what it is, below its picture, and lights the numbers that it comes from in the opened rows. */
  explain({ name, index, text, terms }: WhyMessage): void {
    for (const [key, row] of this.#rows) {
      const isOf = (name: string) => key === keyOf({ name, note: "" });
      if (isOf(name)) row.look?.explain(index, text);
      else row.look?.light(terms.filter(({ line }) => isOf(line)).map(({ place }) => place));
    }
  }

  /** Opens a tensor's row and brings it into view. */
  open(name: string): void {
    const row = this.#rows.get(keyOf({ name, note: "" }));
    row?.open(true);
    row?.body.scrollIntoView({ block: "nearest" });
  }
}

class TableRow {
  readonly body: HTMLTableSectionElement;
  readonly #verdict = element("td", {});
  readonly #difference = element("td", { className: "number" });
  readonly #shape = element("td", {});
  readonly #name: HTMLButtonElement;
  readonly #remark = element("tr", { className: "remark", hidden: true });
  readonly #details: HTMLTableRowElement;
  readonly #pictures = element("div", {});
  readonly #options: TableOptions;
  /** Its pictures, while it is open and there are some. */
  look: Look | undefined;
  #last: Verdict | undefined;
  #drawn: Verdict | undefined;

  constructor({ name, note }: Verdict, options: TableOptions) {
    this.#options = options;
    const id = `row-${name}-${note}`.replaceAll(/[^\w-]/g, "_"), dname = `d${name}`;
    const toggle = () => {
      const opened = this.open(this.#details.hidden !== false);
      if (opened) options.goTo(name, false);
    };
    this.#name = button(note ? `${dname} ${note}` : dname, toggle, { "aria-expanded": "false", "aria-controls": id });
    const main = element(
      "tr",
      {
        className: "main",
        onclick: (event: Event) => (event.target as Element).closest("button, a") ? undefined : toggle(),
      },
      element("th", { scope: "row" }, this.#name),
      this.#shape,
      this.#verdict,
      this.#difference,
      element("td", { className: "number" }, ...lectureLinks(note ? [] : options.times(dname).slice(0, 1))),
    );
    const toCode = button("Go to its code", () => options.goTo(name, true));
    const inside = element("td", { colSpan: 5 }, this.#pictures, help(dname, options, toCode));
    this.#details = element("tr", { id, className: "details", hidden: true }, inside);
    this.body = element("tbody", {}, main, this.#remark, this.#details);
  }

  show(verdict: Verdict): void {
    this.#last = verdict;
    const { shape, status, maxdiff, remark, stale, unreached } = verdict;
    this.body.className = `${status}${stale ? " stale" : ""}`;
    this.#shape.textContent = formatShape(shape);
    this.#verdict.textContent = `${SIGN[status]} ${status}`;
    this.#verdict.title = unreached ? "not reached" : stale ? "from an earlier run" : "";
    this.#difference.textContent = maxdiff === null ? "" : maxdiff === 0 ? "0" : maxdiff.toExponential(1);
    this.#remark.hidden = !remark;
    this.#remark.replaceChildren(element("td", { colSpan: 5 }, remark ?? ""));
    if (!this.#details.hidden) this.#draw();
  }

  /** Opens or closes the row. Returns whether it is open. */
  open(open: boolean): boolean {
    this.#details.hidden = !open;
    if (!open) this.look = this.#drawn = undefined;
    this.#name.setAttribute("aria-expanded", String(open));
    if (open) this.#draw();
    return open;
  }

  #draw(): void {
    if (!this.#last || this.#drawn === this.#last && this.#last.given) return;
    this.#drawn = this.#last;
    const { name, note } = this.#last;
    this.look = new Look(this.#last, (index, given) => note ? undefined : this.#options.ask({ name, index, given }));
    this.#pictures.replaceChildren(this.look.element);
  }
}
