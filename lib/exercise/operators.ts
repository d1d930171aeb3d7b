// What to write for an operator between tensors, read from the learner's line: `sub(1, h.pow(2))` for `1 - h.pow(2)`.
// And for an assignment to `dC.at(i, j)`, which is a syntax error.
// Left out: the answer where the source is not known (lib/tensor/names.ts).
import { around, closing, type Operation, operations, parts, withoutComments } from "./expressions.ts";
import { insteadOfMath, type IsTensor, power } from "./math.ts";

/** The methods for operators. */
const METHODS: Readonly<Record<string, string>> = {
  ...{ "+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "&": "mul", "|": "add", "^": "ne" },
  ...{ "==": "eq", "!=": "ne", "<=": "le", ">=": "ge", "<": "lt", ">": "gt" },
};

/** Expressions up to this length are repeated in a message. */
const LONGEST = 60;

/** The operators between masks, and what a method says of them. */
const OF_MASKS: Readonly<Record<string, string>> = {
  "&": "two masks",
  "|": "two masks",
  "^": "two masks",
  "~": "a mask",
};

/** How many statements below the place an operation is looked for. */
const BELOW = 4;

/** What is a number, whatever it is asked of. */
const NUMBER = /[\w$]+(?:\([^()]*\)|\.\w+|\[[^\]]*\])*?\.(?:length|shape\[-?\d\]|(?:item|numel|dim|size)\([^()]*\))/g;

/** A sentence about an operator, and the line where it is. */
export interface OperatorSentence {
  /** The line, counted from 1. */
  line: number;
  /** The sentence. */
  text: string;
}

/**
 * A sentence for the operator that an engine refused at this place of a source; undefined where it is not found. `isTensor`
 * says whether a name means a tensor. Deno and Safari name the beginning of the left operand, or the arguments of its last
 * call, Chrome the operator itself, and Firefox the right operand or its last call. So the smallest operation around the place
 * is meant, or what is worked out before it, from the place on. Where `let a` is the operand, Bun names what was read or
 * called before: then the next operation is meant.
 */
export function operatorAt(
  written: string,
  { line, column }: { line: number; column: number },
  isTensor: (name: string) => boolean,
): OperatorSentence | undefined {
  const source = withoutComments(written),
    plain = source.replaceAll(/"[^"\n]*"|'[^'\n]*'/g, emptied),
    place = source.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const mentions = (operand: string) => (operand.replaceAll(NUMBER, "").match(/[A-Za-z_]\w*/g) ?? []).some(isTensor);
  const math = /^(\w+)\(/.exec(source.slice(place, place + 40));
  if (math && source.slice(0, place).endsWith("Math.")) {
    const open = place + math[1].length, args = parts(source.slice(open + 1, closing(source, open)));
    const instead = insteadOfMath(math[1], args, mentions);
    return { line, text: `Math.${math[1]} does not work on tensors: write ${instead}.` };
  }
  const number = /^(Number|isNaN|isFinite)\(([^()]+)\)/.exec(source.slice(place));
  if (number) {
    const [, name, tensor] = number;
    const text =
      `${name} does not work on tensors: ${tensor}.item() is its number, ${tensor}.toArray() has all of them.`;
    return { line, text };
  }
  const isHanded = (operand: string) => isParameter(plain, operand);
  const meant =
    [mentions, isHanded].flatMap((isMeant) =>
      nearest(plain, place, isMeant) ?? nextBelow(plain, place, isMeant) ?? []
    )[0];
  if (!meant) return undefined;
  const { from, to, sign, operator } = meant;
  const left = source.slice(from, sign).trim(), right = source.slice(sign + operator.length, to).trim();
  const isText = (operand: string) =>
    /^["'`]/.test(operand) || /^\w+$/.test(operand) && new RegExp(`\\b${operand}\\s*=\\s*["'\`]`).test(plain);
  return { line: source.slice(0, sign).split("\n").length, text: advice({ ...meant, left, right }, mentions, isText) };
}

/** A text without what it says, which may look like a bracket or a name. */
function emptied(text: string): string {
  return text[0] + " ".repeat(text.length - 2) + text[0];
}

/** The smallest operation on a tensor around a place, or what is worked out before it. */
function nearest(source: string, place: number, mentions: IsTensor): Operation | undefined {
  for (let at: number | undefined = place; at !== undefined;) {
    const here: number = at, { from, to, open } = around(source, here), all = onTensors(source, from, to, mentions);
    const near = all.filter((one) => one.from <= here && here <= one.to).sort(bySize), [first] = near;
    const found = near.find(({ sign }) => sign === here) ??
      (first && all.filter((one) => one.from >= first.from && one.to <= first.to && one.to >= here).sort(bySize)[0]);
    if (found) return found;
    at = open;
  }
}

/** Whether an operand is what a function takes, which may be a tensor. */
function isParameter(source: string, operand: string): boolean {
  return /^\w+$/.test(operand) &&
    new RegExp(`\\b${operand}\\b[^()]*\\)\\s*(?:=>|\\{)|\\b${operand}\\s*=>`).test(source);
}

/** The first operation on a tensor below a place, before anything else is called or read. */
function nextBelow(source: string, place: number, mentions: IsTensor): Operation | undefined {
  let { from, to, open } = around(source, place);
  while (open !== undefined) ({ from, to, open } = around(source, open));
  for (let i = 0; i <= BELOW; i++) {
    const found = onTensors(source, from, to, mentions).find(({ sign }) => sign > place);
    if (found || source[to] !== ";" || i > 0 && /[.(]/.test(source.slice(from, to))) return found;
    ({ from, to } = around(source, to + 1));
  }
}

function onTensors(source: string, from: number, to: number, mentions: IsTensor): Operation[] {
  return operations(source, from, to).filter(({ left, right }) => mentions(left) || mentions(right));
}

function bySize(a: Operation, b: Operation): number {
  return (a.to - a.from) - (b.to - b.from);
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
  const counted = /^\s*(\+\+|--)?(\w[\w.]*\.at\((?:[^()]|\([^()]*\))*\))(\+\+|--)?\s*;?\s*(?:\/\/.*)?$/.exec(text);
  const [, before, element, after] = counted ?? [], sign = before ?? after;
  if (sign) return `Write ${element}.${sign === "++" ? "add_" : "sub_"}(1).`;
  const found = /^\s*(\w[\w.]*\.at\((?:[^()]|\([^()]*\))*\))\s*([-+*/]?)=(?![=>])\s*(.*?)\s*;?\s*(?:\/\/.*)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, target, operator, value] = found, method = METHODS[operator];
  const call = method ? `${method}_(${value})` : `fill_(${value}), where that is a number, else copy_(${value})`;
  return `Write ${target}.${call}; with lists of indices, index_put_ and index_add_.`;
}

/** What to write; where that is long, only the method. */
function advice({ operator, left, right }: Operation, mentions: IsTensor, isText: IsTensor): string {
  if (/^\+=?$/.test(operator) && (isText(left) || isText(right))) {
    const tensor = isText(left) ? right : left;
    return `The operator + does not join a text and a tensor: write \`\${${tensor}}\` for ${tensor}.`;
  }
  // Operators have worked on what is left of it, so that is a number.
  const isTensor = (operand: string) => mentions(operand) && operations(operand).length === 0;
  const written = left === "" || right === "" ? `${left}${operator}${right}` : `${left} ${operator} ${right}`;
  const instead = rewritten(operator, left, right, isTensor), sign = operator.replace(/(?<=[&|^])=$/, "");
  const begins = `The operator ${operator} does not work on tensors`;
  if (!instead) return `${begins}, and they have no method for it. Work on t.toArray(), which has the numbers.`;
  const isKnown = mentions(left) || mentions(right);
  const isLong = !isKnown || written.length > LONGEST || written.includes("\n"),
    method = METHODS[operator.replace(/(?<![=!<>])=$/, "")];
  const only = operator === "**" && isTensor(left) && isTensor(right) ? ", where the first is positive" : "";
  const masks = OF_MASKS[sign] ? `for ${OF_MASKS[sign]}, ` : "";
  return `${begins}: ${masks}write ${isLong && method ? `the method ${method}` : `${instead} for ${written}`}${only}.`;
}

/** The call for an operator: a number on the left goes to the right, or into a function. Undefined where there is none. */
function rewritten(operator: string, left: string, right: string, isTensor: IsTensor): string | undefined {
  if (operator === "++" || operator === "--") return `${left || right}.${operator === "++" ? "add_" : "sub_"}(1)`;
  if (left === "") return operator === "-" ? `${right}.neg()` : operator === "+" ? right : `${right}.eq(0)`;
  if (/[^=!<>]=$|<<=|>>=/.test(operator)) {
    const plain = operator.slice(0, -1), value = rewritten(plain, left, right, isTensor);
    if (!isTensor(left)) return value && `${left} = ${value}`;
    return /^[-+*/]$/.test(plain) ? `${left}.${METHODS[plain]}_(${right})` : value && `${left}.copy_(${value})`;
  }
  const method = METHODS[operator];
  if (operator === "**") return power(left, right, isTensor);
  if (operator === "%") {
    return between("sub", left, `${between("div", left, right, isTensor)}.int().mul(${right})`, isTensor);
  }
  return method && between(method, left, right, isTensor);
}

/** A call with two operands; one that is in brackets of its own loses them in the call's. */
function between(method: string, left: string, right: string, isTensor: IsTensor): string {
  const [a, b] = [left, right].map((operand) => operand.replace(/^\(([^()]*)\)$/, "$1"));
  if (isTensor(left)) return `${left}.${method}(${b})`;
  const mirrored: Record<string, string> = { lt: "gt", gt: "lt", le: "ge", ge: "le" };
  return /^(sub|div)$/.test(method) ? `${method}(${a}, ${b})` : `${right}.${mirrored[method] ?? method}(${a})`;
}
