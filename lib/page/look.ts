// A gradient as pictures: given, expected and their difference side by side, with the numbers under the pointer.
//
// Blue is negative, orange positive, and the background zero. Given and expected share a scale; a wrong difference has its own.
// Left out: which gradient, and when.
import { formatShape } from "../tensor/shape.ts";
import { element } from "./dom.ts";
import type { Verdict } from "./verdicts.ts";

/** A matrix to draw. */
interface Picture {
  title: string;
  values: Float64Array;
  rows: number;
  columns: number;
  scale: number;
}

/** Asks why a number is what it is; undefined where the learner has none there. */
type Ask = (index: readonly number[], given: number | undefined) => void;

/** What there is to see of a gradient. */
export class Look {
  /** The element to put into the page. */
  readonly element: HTMLElement;
  #group: Group | undefined;

  /** The pictures of a row, or a sentence where there are none. */
  constructor(row: Verdict, ask: Ask) {
    const { given, expected, shape } = row;
    if (!given) {
      const why = row.stale ? "the run has not reached this gradient" : "the gradient is still to do";
      this.element = element("p", { className: "quiet" }, `Nothing to look at yet: ${why}.`);
      return;
    }
    const pictures: Picture[] = [], own = row.givenShape ?? shape;
    if (expected) {
      const difference = given.map((x, i) => x - expected[i]), scale = scaleOf(row, given, expected);
      pictures.push({ title: "given", values: given, ...sizes(shape), scale });
      pictures.push({ title: "expected", values: expected, ...sizes(shape), scale });
      const error = row.status === "ok" ? scale : largest(difference); // what is only rounding is not to look like an error
      pictures.push({ title: "difference", values: difference, ...sizes(shape), scale: error });
    } else {
      pictures.push({ title: `given, ${formatShape(own)}`, values: given, ...sizes(own), scale: largest(given) });
    }
    this.#group = group(`d${row.name}`, pictures, expected ? shape : own, expected ? ask : () => {});
    this.element = this.#group.element;
  }

  /** Explains the number under the pointer, if it is still this one. */
  explain(index: readonly number[], text: string): void {
    this.#group?.explain(index, text);
  }

  /** Lights the numbers at these places, and no others. */
  light(places: readonly (readonly number[])[]): void {
    this.#group?.light(places);
  }
}

/** One matrix in grey, black for its smallest number and white for its largest, as in the lecture. */
export function greyPicture(values: Float64Array, rows: number, columns: number): HTMLCanvasElement {
  let low = Infinity, high = -Infinity;
  for (const x of values) {
    if (Number.isFinite(x)) [low, high] = [Math.min(low, x), Math.max(high, x)];
  }
  const canvas = paintedCanvas({ rows, columns }, (i) => {
    const level = high > low ? Math.round((values[i] - low) / (high - low) * 255) : 0;
    return [level, level, level];
  });
  canvas.style.width = `${columns * 8}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `A picture of ${rows} by ${columns} numbers, the text below drawn finer.`);
  return canvas;
}

/** So many numbers are lit at most: more would light all. */
const MOST_LIT = 400;

/** Pictures side by side, with a number under each. */
interface Group {
  element: HTMLElement;
  explain: (index: readonly number[], text: string) => void;
  light: (places: readonly (readonly number[])[]) => void;
}

function group(name: string, pictures: Picture[], shape: readonly number[], ask: Ask): Group {
  const { rows, columns } = pictures[0];
  const under = element("output", { className: "under" }, "Point at a number, or move with the arrow keys.");
  // A column of numbers is drawn at most 12 times as high as wide, a row 12 times as wide as high.
  const wide = Math.max(columns, rows / 12), high = Math.max(rows, columns / 12);
  const because = element("pre", { className: "because" });
  let at = -1;
  const show = (i: number) => {
    if (i !== at) ask(indexOf(i, shape), pictures[0].values[i]);
    at = i;
    const row = Math.floor(i / columns), column = i % columns;
    under.textContent = `[${indexOf(i, shape).join(", ")}]  ` +
      pictures.map(({ title, values }) => `${title.replace(/,.*/, "")} ${number(values[i])}`).join("  ");
    for (const marker of markers) placeAt(marker, row, column);
  };
  const placeAt = (marker: HTMLElement, row: number, column: number) => {
    marker.hidden = false;
    marker.style.left = `${column / columns * 100}%`;
    marker.style.top = `${row / rows * 100}%`;
    marker.style.width = `${100 / columns}%`;
    marker.style.height = `${100 / rows}%`;
  };
  const markers: HTMLElement[] = [];
  const figures = pictures.map((picture) => {
    const canvas = paintedCanvas(picture, (i) => diverging(picture.values[i] / picture.scale));
    const marker = element("div", { className: "marker", hidden: true });
    markers.push(marker);
    const frame = element("div", { className: "frame" }, canvas, marker);
    frame.style.aspectRatio = `${wide} / ${high}`;
    frame.style.width = rows === 1 ? "100%" : `min(100%, ${Math.max(wide * 9, 24)}px)`;
    frame.addEventListener("pointermove", (event) => {
      const { left, top, width, height } = frame.getBoundingClientRect();
      const row = Math.floor((event.clientY - top) / height * rows),
        column = Math.floor((event.clientX - left) / width * columns);
      if (row >= 0 && row < rows && column >= 0 && column < columns) show(row * columns + column);
    });
    const caption = element("figcaption", {}, picture.title, element("small", {}, ` ±${number(picture.scale)}`));
    return element("figure", {}, caption, frame);
  });
  const keys: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const box = element("div", {
    className: "pictures",
    tabIndex: 0,
    role: "group",
    "aria-label": `Pictures of ${name}: ${pictures.map(({ title }) => title).join(", ")}. Arrow keys read the numbers.`,
    onkeydown(event: KeyboardEvent) {
      const step = keys[event.key], next = at < 0 ? 0 : at + step;
      if (step === undefined) return;
      event.preventDefault();
      if (next >= 0 && next < rows * columns) show(next);
    },
  }, ...figures);
  const frames = figures.map((figure) => figure.querySelector<HTMLElement>(".frame")!);
  return {
    element: element("div", { className: "look" }, box, under, because),
    explain(index, text) {
      if (at >= 0 && indexOf(at, shape).join() === index.join()) because.textContent = text;
    },
    light(places) {
      for (const lit of box.querySelectorAll(".lit")) lit.remove();
      for (const place of places.slice(0, MOST_LIT)) {
        const i = place.reduce((sum, k, d) => sum * shape[d] + k, 0), lit = element("div", { className: "lit" });
        placeAt(lit, Math.floor(i / columns), i % columns);
        frames[0].append(lit);
      }
    },
  };
}

function paintedCanvas({ rows, columns }: { rows: number; columns: number }, colour: (i: number) => number[]) {
  const canvas = element("canvas", { width: columns, height: rows });
  const context = canvas.getContext("2d")!, image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...colour(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A colour for −1 … 1; NaN and infinities are pink. */
function diverging(x: number): number[] {
  if (!Number.isFinite(x)) return [255, 0, 200];
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const zero = dark ? [24, 26, 32] : [255, 255, 255];
  const end = x < 0 ? (dark ? [88, 166, 255] : [20, 80, 190]) : (dark ? [255, 166, 77] : [200, 90, 0]);
  const share = Math.sqrt(Math.min(1, Math.abs(x))); // small numbers are to be seen, too
  return zero.map((from, k) => from + (end[k] - from) * share);
}

/** A vector is a row. Of more dimensions, the first ones go downwards, as many as make the picture most nearly a square. */
function sizes(shape: readonly number[]): { rows: number; columns: number } {
  if (shape.length < 2) return { rows: 1, columns: shape[0] ?? 1 };
  const product = (some: readonly number[]) => some.reduce((a, b) => a * b, 1);
  const all = shape.slice(1).map((_, d) => ({
    rows: product(shape.slice(0, d + 1)),
    columns: product(shape.slice(d + 1)),
  }));
  const off = ({ rows, columns }: typeof all[number]) => Math.abs(Math.log(rows / columns));
  return all.reduce((best, one) => off(one) < off(best) ? one : best);
}

function indexOf(i: number, shape: readonly number[]): number[] {
  return shape.reduceRight<number[]>((index, size) => {
    index.unshift(i % size);
    i = Math.floor(i / size);
    return index;
  }, []);
}

/**
 * The number that is drawn in full colour. In a right row that is zero up to rounding, given and expected differ by as much as
 * they are: that is noise, which is not to look like a gradient.
 */
function scaleOf({ status, maxdiff }: Verdict, given: Float64Array, expected: Float64Array): number {
  const most = largest(given, expected);
  return status === "ok" && maxdiff !== null && maxdiff > 1e-3 * most ? Math.max(1, 1e6 * most) : most;
}

function largest(...all: Float64Array[]): number {
  let most = 0;
  for (const values of all) for (const x of values) if (Number.isFinite(x)) most = Math.max(most, Math.abs(x));
  return most || 1;
}

function number(x: number): string {
  return x === 0 ? "0" : Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5 ? x.toFixed(6) : x.toExponential(3);
}
