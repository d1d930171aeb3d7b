// Where each tensor of the forward graph is drawn.
//
// A tensor is one row below the lowest it is made from; a parameter is just above the first that reads it.
// Left out: fewest crossings; each row is sorted by its neighbours above, which is enough here.
import type { CheckMessage } from "./messages.ts";

/** Pixels from one row to the next, and a tensor's height. */
export const ROW = 52, HEIGHT = 30;

const GAP = 14, LETTER = 7.6, PADDING = 26;

/** Where a tensor is drawn. */
export interface Spot {
  /** Its middle. */
  x: number;
  /** Its upper edge. */
  y: number;
  width: number;
}

/** Places for all tensors of a graph, and the size of the whole. */
export function layOut({ graph, shapes }: Pick<CheckMessage, "graph" | "shapes">): {
  places: Map<string, Spot>;
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
  const width = Math.max(...rows.map(rowWidth)), places = new Map<string, Spot>();
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
