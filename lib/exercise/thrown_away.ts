// Lines in a gradient's regions that change nothing: they throw a result away, or change a copy.
// Left out: whether the row is wrong; a right one needs no advice.
import { regions } from "./blank.ts";

/**
 * A sentence for the first line in a gradient's regions that changes nothing; undefined if there is none, or if the source's
 * markers are damaged.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * const source = "// #region da\nconst da = db.clone();\nda.div(n);\n// #endregion\n";
 * deepEqual(thrownAway(source, "da"), "Line 3 changes nothing: div makes a new tensor, which is thrown away. Write da.div_(n);");
 * ```
 */
export function thrownAway(source: string, dname: string): string | undefined {
  for (const { line, lines } of regionsOf(source).filter(({ name }) => name === dname)) {
    for (const [i, text] of lines.entries()) {
      const reason = vain(text.trim());
      if (reason) return `Line ${line + 1 + i} ${reason}`;
    }
  }
}

/** A call in a chain: `.sub_(1)`; `args` is undefined for a property. */
interface Link {
  method: string;
  args?: string;
}

/** Why a line changes nothing; undefined if it does, or is more than a chain of calls on one tensor. */
function vain(text: string): string | undefined {
  const { name, links } = chain(text), last = links.at(-1);
  const before = links.slice(0, -1);
  if (!last || last.args === undefined || /^(console|Math|Object)$/.test(name)) return undefined;
  const { method, args } = last, isSimple = /^(add|sub|mul|div)$/.test(method);
  if (!method.endsWith("_")) {
    const instead = isSimple ? `Write ${name}${joined(before)}.${method}_(${args});` : `Keep it: const … = ${text}`;
    return `changes nothing: ${method} makes a new tensor, which is thrown away. ${instead}`;
  }
  const copy = before.findLast(isCopy);
  if (!copy) return undefined;
  const sign = method === "sub_" ? "-" : "", isSum = /^(add|sub)_$/.test(method) && copy.method === "at";
  const instead = isSum ? ` Write ${name}.index_put_([${copy.args}], ${sign}${args}, { accumulate: true });` : "";
  return `changes a copy, which is thrown away: ${joined([copy]).slice(1)} makes a new tensor.${instead}`;
}

/** Whether a call makes a tensor of its own: all but views, and `at` with numbers and slices, change nothing before them. */
function isCopy({ method, args }: Link): boolean {
  if (args === undefined || method.endsWith("_")) return false;
  if (method === "at") return /(^|,)\s*(\[|[A-Za-z])/.test(args);
  return !/^(view|reshape|view_as|flatten|narrow|transpose|t|unsqueeze|squeeze|detach|expand|expand_as|select)$/.test(
    method,
  );
}

function joined(links: readonly Link[]): string {
  return links.map(({ method, args }) => `.${method}${args === undefined ? "" : `(${args})`}`).join("");
}

/** A line that is a name and calls on it, taken apart; no links where it is anything else. */
function chain(text: string): { name: string; links: Link[] } {
  const [head, name = ""] = /^(\w+)(?=\.)/.exec(text) ?? [], links: Link[] = [];
  let rest = text.slice(head?.length ?? 0);
  for (let link; (link = /^\.(\w+)/.exec(rest));) {
    rest = rest.slice(link[0].length);
    const end = rest.startsWith("(") ? closing(rest) : undefined;
    links.push({ method: link[1], args: end === undefined ? undefined : rest.slice(1, end) });
    if (end !== undefined) rest = rest.slice(end + 1);
  }
  return /^;?\s*(\/\/.*)?$/.test(rest) && head ? { name, links } : { name, links: [] };
}

/** Where the bracket at the beginning of a text is closed; undefined if it is not. */
function closing(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    if (")]}".includes(text[i]) && --depth === 0) return i;
  }
}

function regionsOf(source: string): ReturnType<typeof regions> {
  try {
    return regions(source);
  } catch {
    return [];
  }
}
