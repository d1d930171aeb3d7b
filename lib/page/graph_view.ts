// The forward graph: a button for each tensor, coloured by the verdict on its gradient, and a line to each that reads it.
// Left out: their places (graph_layout.ts).
import type { Status } from "../check/check.ts";
import { formatShape } from "../tensor/shape.ts";
import { button, element, svg } from "./dom.ts";
import { HEIGHT, layOut, ROW, type Spot } from "./graph_layout.ts";
import type { CheckMessage } from "./messages.ts";
import { SIGN } from "./verdicts.ts";

/** A line past the tensors between: from one side of a tensor to the same side of the other. */
function aside(from: Spot, to: Spot): SVGElement {
  const side = to.x < from.x ? -1 : 1, y1 = from.y + HEIGHT / 2;
  const y2 = to.y + HEIGHT / 2;
  const x1 = from.x + side * from.width / 2, x2 = to.x + side * to.width / 2;
  const out = side * (Math.max(side * x1, side * x2) + 20 + (y2 - y1) / 8);
  return svg("path", { d: `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2} ${y2}` });
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

  /** Forgets the forward pass: another exercise has another. */
  clear(): void {
    this.#drawn = "";
    this.#nodes.clear();
    this.element.replaceChildren();
  }

  #draw(check: CheckMessage): void {
    const { places, width, height } = layOut(check);
    const lines = svg("svg", { width, height, "aria-hidden": "true" });
    for (const [name, reads] of Object.entries(check.graph)) {
      const to = places.get(name)!;
      for (const from of reads.map((read) => places.get(read)!)) {
        if (to.y - from.y > ROW) {
          lines.append(aside(from, to));
          continue;
        }
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
