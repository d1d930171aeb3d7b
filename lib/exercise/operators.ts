// What to write for an operator between tensors, read from the learner's line: `sub(1, h.pow(2))` for `1 - h.pow(2)`.
// And for an assignment to `dC.at(i, j)`, which is a syntax error.
// Left out: the answer where the source is not known (lib/tensor/names.ts).

/** Operators and the method for each. Those of one sign come after those that begin with it. */
const METHODS: readonly (readonly [operator: string, method: string])[] = [
  ["**", "pow"],
  ["+=", "add_"],
  ["-=", "sub_"],
  ["*=", "mul_"],
  ["/=", "div_"],
  ["==", "eq"],
  ["!=", "ne"],
  ["<=", "le"],
  [">=", "ge"],
  ["<", "lt"],
  [">", "gt"],
  ["+", "add"],
  ["-", "sub"],
  ["*", "mul"],
  ["/", "div"],
];

/** Expressions up to this length are repeated in a message. */
const LONGEST = 60;

/**
 * A sentence for the operator that an engine refused at this place of a source; undefined where it is not found. `isTensor`
 * says whether a name means a tensor. Engines name the beginning of the left operand, or the arguments of its last call.
 */
export function operatorAt(
  source: string,
  { line, column }: { line: number; column: number },
  isTensor: (name: string) => boolean,
): string | undefined {
  const start = source.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const text = source.slice(start, start + 400), math = /^(\w+)\(/.exec(text);
  if (math && source.slice(0, start).endsWith("Math.")) {
    const argument = text.slice(math[0].length, operandEnd(text, 0) - 1);
    return `Math.${math[1]} does not work on tensors: write ${argument}.${math[1]}() for Math.${math[1]}(${argument}).`;
  }
  const mentions = (operand: string) => (operand.match(/[A-Za-z_]\w*/g) ?? []).some(isTensor);
  if (text[0] === "-") {
    const end = operandEnd(text, 1), operand = text.slice(1, end).trim();
    if (mentions(operand)) return told("-", "neg", `${operand}.neg()`, `-${operand}`);
  }
  let opened = 0;
  for (let i = text[0] === "-" ? 1 : 0; i < text.length;) {
    i = operandEnd(text, i);
    const rest = text.slice(i).trimStart(), [operator, method] = METHODS.find(([sign]) => rest.startsWith(sign)) ?? [];
    if (!operator || !method) {
      if (!/^[),]/.test(rest)) return undefined;
      if (rest[0] === ")") opened++;
      i = text.length - rest.length + 1;
      continue;
    }
    const from = text.length - rest.length + operator.length, end = operandEnd(text, from);
    const left = source.slice(start - before(source.slice(0, start), opened), start + text.length - rest.length).trim();
    const right = text.slice(from, end).trim();
    if (right !== "" && (mentions(left) || mentions(right))) {
      return told(operator, method, rewritten(method, left, right, mentions(left)), `${left} ${operator} ${right}`);
    }
    i = from;
  }
}

/**
 * A sentence for a line that assigns to an element, `dC.at(i, j) += x;`; undefined for any other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = "Write dC.at(2, 3).add_(x); with lists of indices, index_put_ and index_add_.";
 * assertEquals(assignmentTo("  dC.at(2, 3) += x;"), text);
 * ```
 */
export function assignmentTo(text: string): string | undefined {
  const found = /^\s*(\w[\w.]*\.at\((?:[^()]|\([^()]*\))*\))\s*([-+*/]?)=(?![=>])\s*(.*?)\s*;?\s*(?:\/\/.*)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, target, operator, value] = found, method = METHODS.find(([sign]) => sign === `${operator}=`)?.[1];
  const call = method ? `${method}(${value})` : `fill_(${value}), where that is a number, else copy_(${value})`;
  return `Write ${target}.${call}; with lists of indices, index_put_ and index_add_.`;
}

/** What to write; where that is long, only the method. */
function told(operator: string, method: string, instead: string, written: string): string {
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

/** Where an operand ends that begins here: a name or a number, its properties and calls. */
function operandEnd(text: string, from: number): number {
  let i = from + /^\s*/.exec(text.slice(from))![0].length;
  for (let depth = 0; i < text.length; i++) {
    const sign = text[i];
    if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign) && --depth < 0) return i;
    else if (depth === 0 && !/[\w.$)\]}"'`]/.test(sign)) {
      if (!/^\s*\.\w/.test(text.slice(i))) return i;
    }
  }
  return i;
}

/** How many characters before a place are part of its operand, with so many brackets open there. */
function before(text: string, opened: number): number {
  let i = text.length;
  for (let depth = opened; i > 0; i--) {
    const sign = text[i - 1];
    if (")]}".includes(sign)) depth++;
    else if (depth > 0 && "([{".includes(sign)) depth--;
    else if (depth === 0 && !/[\w.$]/.test(sign) && !(/\s/.test(sign) && /^\s*\./.test(text.slice(i)))) break;
  }
  return text.length - i;
}
