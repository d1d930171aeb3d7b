// A 1 at other places than the targets: taken from other indices, or from the targets in another order.
import type { Case, Explanation } from "./case.ts";
import type { Part, Weights } from "./cross_entropy_parts.ts";

/** The right number at one place of each row that is not the target: other indices, or the targets in another order. */
export function explainOtherTargets(
  c: Case,
  { numbers: softmax }: Part,
  targets: number[],
  right: Weights,
): Explanation[] {
  const { rows, cols, numbers } = c.given;
  const scale = right.get("softmax") ?? 0, wanted = right.get("target")!, close = 1e-6 * Math.abs(wanted);
  const rest = numbers.map((x, at) => x - scale * softmax[at]), at: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = rest.subarray(i * cols, (i + 1) * cols),
      there = Array.from(row.keys()).filter((j) => Math.abs(row[j]) > close);
    if (there.length > 1 || there.some((j) => Math.abs(Math.abs(row[j]) - Math.abs(wanted)) > close)) return [];
    at.push(there[0] ?? -1);
  }
  const i = at.findIndex((j, i) => j !== targets[i]);
  if (i < 0 || at.every((j) => j < 0)) return [];
  if (at.every((j, i) => j < 0 || j === targets[i])) {
    const where = at.flatMap((j, i) => j < 0 ? [i] : []);
    const which = where.length === 1 ? `row ${i}` : `${where.length} of ${rows} rows, the first of them row ${i}`;
    return [{
      kind: "places",
      cost: 1,
      text: `${scale === 0 ? "The 1/n" : "The 1"} at the target is missing in ${which}.`,
    }];
  }
  const sign = rest[at.findIndex((j) => j >= 0) * cols + at.find((j) => j >= 0)!] * wanted < 0
    ? " The sign is wrong, too."
    : "";
  const what = scale === 0 ? `${wanted < 0 ? "−" : ""}1/n` : "The 1 taken off";
  const how = whose(c, at, targets, cols) ??
    `row ${i} has it ${at[i] < 0 ? "nowhere" : `at ${at[i]}`}, its target is ${targets[i]}`;
  return [{ kind: "places", cost: 1, text: `${what} stands at other places than the targets: ${how}.${sign}` }];
}

/** Where such indices may come from. */
function whose({ check, values }: Case, at: number[], targets: number[], cols: number): string | undefined {
  const is = (other: ArrayLike<number>) => other.length === at.length && at.every((j, i) => j === other[i]);
  for (const [name, t] of Object.entries(check.values)) {
    if (t.dtype !== "int32" || t.shape.length !== 2 || t.shape[0] !== at.length) continue;
    const all = Array.from(t.toArray()), width = t.shape[1];
    for (let k = 0; k < width; k++) {
      if (is(all.filter((_, i) => i % width === k))) return `they are column ${k} of ${name}`;
    }
  }
  if (at.every((j) => j === at[0])) return `all are in column ${at[0]}`;
  const n = targets.length;
  for (const by of [1, -1]) {
    if (is(targets.map((j) => (j + by + cols) % cols))) return `each is one too far ${by > 0 ? "right" : "left"}`;
    const moved = targets.map((_, i) => targets[(i + by + n) % n]);
    const off = at.filter((j, i) => j !== moved[i]).length;
    if (off <= 1) return `each row has the target of the ${by > 0 ? "next" : "previous"} one`;
  }
  for (const { name, rows, cols: width, numbers, origin } of values) {
    if (rows !== n || width !== cols || origin) continue;
    const rowsOf = targets.map((_, i) => numbers.subarray(i * cols, (i + 1) * cols));
    if (is(rowsOf.map((row) => row.indexOf(Math.max(...row))))) return `they are at the largest of each row of ${name}`;
  }
}
