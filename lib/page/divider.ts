// The divider between code and verdicts: dragged, or moved with the arrow keys. Its place is kept.
import { element } from "./dom.ts";
import type { Store } from "./store.ts";

const LEAST = 25, MOST = 75;

/** A divider between the two columns of `main`. */
export function divider(main: HTMLElement, store: Store): HTMLElement {
  const bar = element("div", {
    id: "divider",
    role: "separator",
    tabIndex: 0,
    "aria-label": "Width of the code",
    "aria-orientation": "vertical",
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
    "aria-controls": "code",
  });
  let at = 53;
  const move = (percent: number) => {
    at = Math.min(MOST, Math.max(LEAST, Math.round(percent)));
    main.style.setProperty("--left", `${at}%`);
    bar.setAttribute("aria-valuenow", String(at));
  };
  const keep = () => store.keepSetting("divider", String(at));
  const kept = Number(store.setting("divider") ?? NaN);
  move(Number.isFinite(kept) ? kept : at);
  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    const drag = ({ clientX }: PointerEvent) => {
      const { left, width } = main.getBoundingClientRect();
      move(100 * (clientX - left) / width);
    };
    bar.addEventListener("pointermove", drag);
    bar.addEventListener("lostpointercapture", () => {
      bar.removeEventListener("pointermove", drag);
      keep();
    }, { once: true });
  });
  bar.addEventListener("dblclick", () => {
    move(53);
    keep();
  });
  bar.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowLeft: at - 2, ArrowRight: at + 2, Home: LEAST, End: MOST };
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(steps[event.key]);
    keep();
  });
  return bar;
}
