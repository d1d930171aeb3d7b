// The forward graph: a button for each tensor, coloured by the verdict on its gradient, and a line to each that reads it.
//
// A tensor stands one row below the lowest it is made from; a parameter just above the first that reads it.
// Left out: fewest crossings; each row is sorted by where its neighbours above stand, which is enough here.
import type { Status } from "../check/check.ts";
import { formatShape } from "../tensor/shape.ts";
import { button, element, svg } from "./dom.ts";
import type { CheckMessage } from "./messages.ts";
import { SIGN } from "./verdict_table.ts";

const ROW = 52, HEIGHT = 30, GAP = 14, LETTER = 7.6, PADDING = 26;

/** Where a tensor stands. */
export interface Place {
  /** Its middle. */
  x: number;
  /** Its upper edge. */
  y: number;
  width: number;
}

/** Places for all tensors of a graph, and the size of the whole. */
export function layOut({ graph, shapes }: Pick<CheckMessage, "graph" | "shapes">): {
  places: Map<string, Place>;
  width: number;
  height: number;
} {
  const names = Object.keys(shapes), level = new Map<string, number>();
  for (const name of names) {
    if (name in graph) level.set(name, 1 + Math.max(0, ...graph[name].map((from) => level.get(from) ?? 0)));
  }
  for (const name of names.filter((name) => !(name in graph))) {
    const readers = Object.keys(graph).filter((reader) => graph[reader].includes(name));
    level.set(name, Math.max(0, Math.min(...readers.map((reader) => level.get(reader)!)) - 1));
  }
  const rows: string[][] = [];
  for (const name of names) (rows[level.get(name) ?? 0] ??= []).push(name);
  const widthOf = (name: string) => name.length * LETTER + PADDING;
  const rowWidth = (row: string[]) => row.reduce((sum, name) => sum + widthOf(name) + GAP, -GAP);
  const width = Math.max(...rows.map(rowWidth)), places = new Map<string, Place>();
  rows.forEach((row, r) => {
    const above = (name: string) => {
      const xs = (graph[name] ?? []).map((from) => places.get(from)?.x).filter((x) => x !== undefined);
      return xs.length > 0 ? xs.reduce((a, b) => a + b, 0) / xs.length : Infinity;
    };
    const sorted = row.map((name) => ({ name, above: above(name) })).sort((a, b) =>
      a.above < b.above ? -1 : a.above > b.above ? 1 : 0
    );
    let x = (width - rowWidth(row)) / 2;
    for (const { name } of sorted) {
      places.set(name, { x: x + widthOf(name) / 2, y: r * ROW, width: widthOf(name) });
      x += widthOf(name) + GAP;
    }
  });
  return { places, width, height: (rows.length - 1) * ROW + HEIGHT };
}

/** The graph in an element of its own. */
export class GraphView {
  /** The graph's element. */
  readonly element = element("div", { className: "graph" });
  readonly #nodes = new Map<string, HTMLButtonElement>();
  readonly #onPick: (name: string) => void;
  #drawn = "";

  /** An empty graph; `onPick` hears of the tensor that is clicked. */
  constructor(onPick: (name: string) => void) {
    this.#onPick = onPick;
  }

  /** Draws a forward pass with its verdicts. */
  show(check: CheckMessage, status: (name: string) => Status | undefined): void {
    const key = JSON.stringify([check.graph, check.shapes]);
    if (key !== this.#drawn) this.#draw(check);
    this.#drawn = key;
    for (const [name, node] of this.#nodes) {
      const verdict = status(name), shape = formatShape(check.shapes[name]);
      node.className = `node ${verdict ?? "plain"}`;
      node.textContent = verdict ? `${SIGN[verdict]} ${name}` : name;
      node.setAttribute("aria-label", `${name} ${shape}${verdict ? `, d${name}: ${verdict}` : ""}`);
      node.title = `${name} ${shape}`;
    }
  }

  #draw(check: CheckMessage): void {
    const { places, width, height } = layOut(check);
    const lines = svg("svg", { width, height, "aria-hidden": "true" });
    for (const [name, reads] of Object.entries(check.graph)) {
      const to = places.get(name)!;
      for (const from of reads.map((read) => places.get(read)!)) {
        const bend = (to.y - from.y - HEIGHT) / 2, y = from.y + HEIGHT;
        lines.append(
          svg("path", { d: `M${from.x} ${y}C${from.x} ${y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}` }),
        );
      }
    }
    this.#nodes.clear();
    const inside = element("div", { className: "inside" }, lines);
    inside.style.width = `${width}px`;
    inside.style.height = `${height}px`;
    for (const [name, { x, y, width }] of places) {
      const node = button(name, () => this.#onPick(name));
      Object.assign(node.style, {
        left: `${x - width / 2}px`,
        top: `${y}px`,
        width: `${width}px`,
        height: `${HEIGHT}px`,
      });
      this.#nodes.set(name, node);
      inside.append(node);
    }
    this.element.replaceChildren(inside);
  }
}
