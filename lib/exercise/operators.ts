// What to write for an operator between tensors, read from the learner's line: `sub(1, h.pow(2))` for `1 - h.pow(2)`.
// And for an assignment to `dC.at(i, j)`, which is a syntax error.
// Left out: the answer where the source is not known (lib/tensor/names.ts).

/** Operators, each with its method and how tightly it binds. Those of one sign come after those that begin with it. */
const OPERATORS: readonly (readonly [operator: string, method: string, binds: number])[] = [
  ["**", "pow", 5],
  ["+=", "add_", 0],
  ["-=", "sub_", 0],
  ["*=", "mul_", 0],
  ["/=", "div_", 0],
  ["==", "eq", 1],
  ["!=", "ne", 1],
  ["<=", "le", 2],
  [">=", "ge", 2],
  ["<", "lt", 2],
  [">", "gt", 2],
  ["+", "add", 3],
  ["-", "sub", 3],
  ["*", "mul", 4],
  ["/", "div", 4],
];

/** Expressions up to this length are repeated in a message. */
const LONGEST = 60;

/**
 * A sentence for the operator that an engine refused at this place of a source; undefined where it is not found. `isTensor`
 * says whether a name means a tensor. Deno and Safari name the beginning of the left operand, or the arguments of its last
 * call, Chrome the operator itself, and Firefox the right operand or its last call. So the smallest operation around the place
 * is meant, or what is worked out before it, from the place on.
 */
export function operatorAt(
  written: string,
  { line, column }: { line: number; column: number },
  isTensor: (name: string) => boolean,
): string | undefined {
  const source = withoutComments(written),
    place = source.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const math = /^(\w+)\(/.exec(source.slice(place, place + 40));
  if (math && source.slice(0, place).endsWith("Math.")) {
    const open = place + math[1].length, argument = source.slice(open + 1, closing(source, open));
    return `Math.${math[1]} does not work on tensors: write ${argument}.${math[1]}() for Math.${math[1]}(${argument}).`;
  }
  const mentions = (operand: string) => (operand.match(/[A-Za-z_]\w*/g) ?? []).some(isTensor);
  for (let at = place; at >= 0;) {
    const { from, to, open } = around(source, at), found = operations(source.slice(from, to));
    const here = place - from, isMeant = ({ left, right }: Operation) => mentions(left) || mentions(right);
    const near = found.filter((one) => one.from <= here && here <= one.to && isMeant(one)).sort(bySize);
    const inside = ({ from, to }: Operation) =>
      found.filter((one) => one.from >= from && one.to <= to && one.to >= here);
    const meant = near.find(({ sign }) => sign === here) ??
      (near[0] && inside(near[0]).filter(isMeant).sort(bySize)[0]);
    if (meant) {
      const { operator, method, left, right } = meant;
      if (left === "") return advice(operator, "neg", `${right}.neg()`, `-${right}`);
      // Operators have worked on what is left of it, so that is a number.
      const isTensor = mentions(left) && operations(left).length === 0;
      return advice(operator, method, rewritten(method, left, right, isTensor), `${left} ${operator} ${right}`);
    }
    if (open === undefined) return undefined;
    at = open;
  }
}

/**
 * A sentence for a line that assigns to an element, `dC.at(i, j) += x;`; undefined for any other.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * const text = "Write dC.at(2, 3).add_(x); with lists of indices, index_put_ and index_add_.";
 * deepEqual(assignmentTo("  dC.at(2, 3) += x;"), text);
 * ```
 */
export function assignmentTo(text: string): string | undefined {
  const found = /^\s*(\w[\w.]*\.at\((?:[^()]|\([^()]*\))*\))\s*([-+*/]?)=(?![=>])\s*(.*?)\s*;?\s*(?:\/\/.*)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, target, operator, value] = found, method = OPERATORS.find(([sign]) => sign === `${operator}=`)?.[1];
  const call = method ? `${method}(${value})` : `fill_(${value}), where that is a number, else copy_(${value})`;
  return `Write ${target}.${call}; with lists of indices, index_put_ and index_add_.`;
}

/** What to write; where that is long, only the method. */
function advice(operator: string, method: string, instead: string, written: string): string {
  const isLong = written.length > LONGEST || written.includes("\n");
  const text = isLong ? `the method ${method}` : `${instead} for ${written}`;
  return `The operator ${operator} does not work on tensors: write ${text}.`;
}

/** The call for an operator: a number on the left goes to the right, or into a function. */
function rewritten(method: string, left: string, right: string, isLeft: boolean): string {
  if (isLeft) return `${left}.${method}(${right})`;
  const mirrored: Record<string, string> = { lt: "gt", gt: "lt", le: "ge", ge: "le" };
  return /^(sub|div)$/.test(method)
    ? `${method}(${left}, ${right})`
    : `${right}.${mirrored[method] ?? method}(${left})`;
}

/** An operation in a text: from where to where, and its operands. A sign before an operand has nothing on its left. */
interface Operation {
  from: number;
  to: number;
  /** Where its operator is. */
  sign: number;
  operator: string;
  method: string;
  left: string;
  right: string;
}

function bySize(a: Operation, b: Operation): number {
  return (a.to - a.from) - (b.to - b.from);
}

/** The operations of a text that are in none of its brackets, as they bind. Where two operands meet, another expression begins. */
function operations(text: string): Operation[] {
  const found: Operation[] = [];
  let i = 0;
  const skip = () => i += /^\s*/.exec(text.slice(i))![0].length;
  const next = () => OPERATORS.find(([sign]) => text.startsWith(sign, i) && !/^(=>|===|!==|<<|>>)/.test(text.slice(i)));
  const note = (from: number, middle: number, [operator, method]: readonly [string, string, ...unknown[]]) => {
    const right = text.slice(middle + operator.length, i).trim();
    if (right !== "") {
      found.push({ from, to: i, sign: middle, operator, method, left: text.slice(from, middle).trim(), right });
    }
  };
  /** Reads an operand and all that binds it more tightly than this. */
  const read = (least: number): void => {
    skip();
    const from = i;
    if (text[i] === "-" || text[i] === "+") {
      const sign = text[i++];
      read(5);
      if (sign === "-") note(from, from, ["-", "neg"]);
    } else i = operandEnd(text, i);
    while (i > from) {
      const end = i, operator = (skip(), next());
      if (!operator || operator[2] < least) return void (i = end);
      const middle = i;
      i += operator[0].length;
      read(operator[2] === 5 ? 5 : operator[2] + 1);
      note(from, middle, operator);
    }
  };
  while (i < text.length) {
    const from = (skip(), i);
    read(0);
    if (i === from) i++; // a sign that is no operator
  }
  return found;
}

/** Where an operand ends that begins here: a name, a number or a text, its properties and calls. */
function operandEnd(text: string, from: number): number {
  const rest = text.slice(from),
    plain = /^(?:(?:new|await|typeof)\s+)?(?:[\w$]+(?:\.\d+)?|(["'`])(?:\\.|(?!\1)[^])*\1)?/.exec(rest)![0];
  let i = from + plain.length;
  for (;;) {
    if ("([{".includes(text[i] ?? "x") && (i === from || text[i] !== "{")) i = closing(text, i) + 1;
    else {
      const link = /^\s*!?\??\.\s*[A-Za-z_]\w*/.exec(text.slice(i));
      if (!link || i === from) return i;
      i += link[0].length;
    }
  }
}

/** A source with its comments blanked. */
function withoutComments(source: string): string {
  const texts = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[^]*?\*\//g;
  return source.replaceAll(texts, (found, text?: string) => text ?? found.replaceAll(/[^\n]/g, " "));
}

/** Where the bracket closes that opens here; the text's end if it does not. */
function closing(text: string, open: number): number {
  for (let i = open, depth = 0; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    else if (")]}".includes(text[i]) && --depth === 0) return i;
  }
  return text.length;
}

/** The text around a place: its statement, or what is in the brackets around it, and where those open. */
function around(text: string, place: number): { from: number; to: number; open?: number } {
  let from = place, to = place, open: number | undefined;
  for (let depth = 0; from > 0; from--) {
    const sign = text[from - 1];
    if (")]}".includes(sign)) depth++;
    else if (depth === 0 && (sign === ";" || sign === "{")) break;
    else if ("([{".includes(sign) && --depth < 0) {
      open = from - 1;
      break;
    }
  }
  for (let depth = 0; to < text.length; to++) {
    if ("([{".includes(text[to])) depth++;
    else if (depth === 0 && text[to] === ";" || ")]}".includes(text[to]) && --depth < 0) break;
  }
  return { from, to, open };
}
