// Training while it goes on: how far it is, steps per second, and the loss curve.
import { button, element, svg } from "./dom.ts";
import type { TrainingMessage } from "./messages.ts";

const WIDTH = 480, HEIGHT = 150, LEFT = 44, BOTTOM = 18;

/** A training's element and what it shows. */
export class TrainingView {
  /** The element; hidden until there is a training. */
  readonly element: HTMLElement;
  readonly #bar = element("progress", { max: 1, value: 0, "aria-label": "Training" });
  readonly #text = element("span", { className: "number" });
  readonly #curve = element("div", { className: "curve" });
  readonly #stop: HTMLButtonElement;

  /** `onStop` hears of the button that ends training. */
  constructor(onStop: () => void) {
    this.#stop = button("Stop training", onStop);
    const line = element("p", { className: "training-line" }, this.#bar, this.#text, this.#stop);
    this.element = element(
      "section",
      { className: "training", hidden: true, "aria-label": "Training" },
      line,
      this.#curve,
    );
  }

  /** Whether there is or was a training in this run. */
  get shown(): boolean {
    return !this.element.hidden;
  }

  /** Whether a training goes on that can be stopped. */
  get going(): boolean {
    return this.shown && !this.#stop.hidden;
  }

  /** Shows how far a training is. */
  show({ done, steps, stepsPerSecond, curve, window }: TrainingMessage): void {
    this.element.hidden = false;
    this.#bar.value = done / steps;
    this.#text.textContent = `${done.toLocaleString("en")} of ${steps.toLocaleString("en")} steps, ` +
      `${Math.round(stepsPerSecond).toLocaleString("en")} per second`;
    this.#stop.hidden = done === steps;
    if (curve.length > 1) this.#curve.replaceChildren(drawn(curve, steps / window));
  }

  /** The run is over, or another begins. */
  end(): void {
    this.#stop.hidden = true;
  }

  /** Hides it until there is a training again. */
  clear(): void {
    this.element.hidden = true;
    this.#curve.replaceChildren();
  }
}

function drawn(curve: readonly number[], inAll: number): SVGElement {
  const low = Math.min(...curve), high = Math.max(...curve), span = high - low || 1;
  const x = (i: number) => LEFT + (WIDTH - LEFT - 4) * i / Math.max(1, inAll - 1);
  const y = (value: number) => 6 + (HEIGHT - BOTTOM - 12) * (high - value) / span;
  const points = curve.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const label = (value: number) =>
    svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, (10 ** value).toFixed(2));
  const title = `The loss went from ${(10 ** curve[0]).toFixed(2)} to ${(10 ** curve.at(-1)!).toFixed(2)}.`;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    svg("path", { class: "axis", d: `M${LEFT} 2V${HEIGHT - BOTTOM}H${WIDTH}` }),
    label(high),
    label(low),
    svg("text", { x: LEFT, y: HEIGHT - 4 }, "mean loss (logarithmic), over the steps"),
    svg("polyline", { points }),
  );
}
