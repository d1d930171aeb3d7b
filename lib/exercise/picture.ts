// Draws a matrix in the terminal, from black for the smallest value to white for the largest.
//
// With colour, two rows share a line: the half block ▀ has the upper row's grey as its colour and the lower row's as its
// background. Without colour, each element is two ASCII characters, or one where two are too wide. A matrix that is wider still is
// cut off at the right.
// A tensor of more dimensions is drawn as all of its rows, one below the other; one of a single dimension is one row.
// Left out: axes, legends and colours other than grey.
import { named, tensorArgument } from "../tensor/guards.ts";
import { checkOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";

const SHADES = " .:-=+*#%@";

/** How to draw. */
export interface PictureOptions {
  /** Whether to use colours; by default not. */
  colour?: boolean;
  /** The maximum width of a line; by default 80. */
  width?: number;
}

/**
 * The picture of a matrix, (rows, cols), lines separated by newlines; of any other tensor, that of its rows.
 *
 * @throws RangeError for a tensor that is one number without a dimension.
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { tensor } from "../tensor/creation.ts";
 * equal(picture(tensor([0, 1, 1, 0], { shape: [2, 2] }), { colour: false }), "  @@\n@@");
 * ```
 */
export function picture(matrix: Tensor, options: PictureOptions = {}): string {
  tensorArgument("picture", matrix);
  checkOptions("picture", options, { colour: "boolean", width: "number" });
  const { colour: inColour = false, width = 80 } = options;
  const [rows, cols] = rowsOf(matrix).shape, values = matrix.toArray();
  const finite = values.filter((x) => Number.isFinite(x));
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = Number.isFinite(high - low) ? 1 : 0.25; // so that the span is finite
  const level = (i: number, j: number) => {
    const x = values[i * cols + j];
    if (Number.isNaN(x)) return 0;
    return high > low ? Math.min(1, Math.max(0, (x * scale - low * scale) / (high * scale - low * scale))) : 0;
  };
  const each = inColour || 2 * cols > width ? 1 : 2, shown = Math.min(cols, Math.floor(width / each));
  const lines: string[] = [];
  for (let i = 0; i < rows; i += inColour ? 2 : 1) {
    let line = "";
    for (let j = 0; j < shown; j++) {
      if (inColour) {
        const below = i + 1 < rows ? `;48;2;${grey(level(i + 1, j))}` : "";
        line += `\x1b[38;2;${grey(level(i, j))}${below}m▀`;
      } else {
        line += SHADES[Math.round(level(i, j) * (SHADES.length - 1))].repeat(each);
      }
    }
    lines.push(inColour ? line + "\x1b[0m" : line.trimEnd());
  }
  return lines.join("\n");
}

/**
 * A tensor as a matrix of its rows.
 *
 * @throws RangeError as `picture` does.
 */
export function rowsOf(t: Tensor): Tensor {
  if (t.shape.length === 2) return t;
  if (t.shape.length === 0) throw new RangeError(`A picture needs at least one dimension; given ${named(t)}.`);
  return t.reshape(t.shape.slice(0, -1).reduce((a, b) => a * b, 1), t.shape.at(-1)!);
}

function grey(level: number): string {
  const value = Math.round(level * 255);
  return `${value};${value};${value}`;
}

/**
 * What black and white are in the picture of a tensor, to three digits, and which columns it has room for; "" where no number of
 * the tensor is finite.
 */
export function scaleOf(matrix: Tensor, width = 80): string {
  const finite = matrix.toArray().filter(Number.isFinite), columns = matrix.shape.at(-1) ?? 1;
  if (finite.length === 0) return "";
  const [low, high] = [Math.min, Math.max].map((most) => Number(finite.reduce((a, b) => most(a, b)).toPrecision(3)));
  const scale = low === high ? `all ${low}` : `${low} is black, ${high} is white`;
  return columns > width ? `${scale}; columns 0 to ${width - 1} of ${columns}` : scale;
}
