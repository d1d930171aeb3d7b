// A value as console.log shows it, for the page's output: texts as they are, tensors as PyTorch prints them.
// Left out: most of what a browser's console can do; objects are shown one level after the other, as JSON would be.

/** What console.log shows of a value. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : within(value, 0);
}

const INSPECT = Symbol.for("nodejs.util.inspect.custom"), DEEPEST = 3, MOST = 100;

function within(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `[Function: ${value.name || "(anonymous)"}]`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  const custom = (value as { [INSPECT]?: (depth: number, options: object) => unknown })[INSPECT];
  if (typeof custom === "function") return String(custom.call(value, DEEPEST - depth, { depth: DEEPEST }));
  if (value instanceof Error) return value.stack?.includes(value.message) ? value.stack : String(value);
  if (depth >= DEEPEST) return Array.isArray(value) ? "[Array]" : "[Object]";
  if (Array.isArray(value) || ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const all = value as ArrayLike<unknown>,
      name = Array.isArray(value) ? "" : `${value.constructor.name}(${all.length}) `;
    const parts = Array.from(all).slice(0, MOST).map((part) => within(part, depth + 1));
    if (all.length > MOST) parts.push(`... ${all.length - MOST} more`);
    return name + (parts.length > 0 ? `[ ${parts.join(", ")} ]` : "[]");
  }
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${within(part, depth + 1)}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
}
