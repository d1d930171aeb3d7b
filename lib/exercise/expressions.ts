// The operations in a source text: where each operator is, and how far its operands reach.
// Left out: what they do, and what to write instead (operators.ts).

/** An operation in a source, and its operands. A sign before its operand has nothing on its left, `a++` nothing on its right. */
export interface Operation {
  /** Where it begins. */
  from: number;
  /** Where it ends. */
  to: number;
  /** Where its operator is. */
  sign: number;
  /** The operator: `**`. */
  operator: string;
  /** The operand before it; empty where there is none. */
  left: string;
  /** The operand after it; empty where there is none. */
  right: string;
}

/** How tightly operators bind; those that assign, not at all. */
const BINDS: Readonly<Record<string, number>> = {
  ...{ "**": 9, "*": 8, "/": 8, "%": 8, "+": 7, "-": 7, "<<": 6, ">>": 6, ">>>": 6 },
  ...{ "<": 5, ">": 5, "<=": 5, ">=": 5, "==": 4, "!=": 4, "&": 3, "^": 2, "|": 1 },
};

/** Unary operators. */
const UNARY = 9;

/** An operator between two operands; what tensors do not hear of, such as `===`, is none. */
const BETWEEN = /^(?!===|!==|=>|&&|\|\|)(?:(?:>>>|\*\*|<<|>>|[-*/%+&^|])=?|[=!]=|[<>]=?)/;

/** A number, a name or a text. */
const PLAIN =
  /^(?:(?:new|await|typeof)\s+)?(?:(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?(?![\w$])|[\w$]+|(["'`])(?:\\.|(?!\1)[^])*\1)?/;

/**
 * The operations of this part of a source that are in none of its brackets, in the order in which they are worked out. Where
 * two operands meet, another expression begins.
 */
export function operations(source: string, begin = 0, end = source.length): Operation[] {
  const found: Operation[] = [], text = source.slice(begin, end);
  let i = 0;
  const skip = () => i += /^\s*/.exec(text.slice(i))![0].length;
  const note = (from: number, sign: number, operator: string) => {
    const left = text.slice(from, sign).trim(), right = text.slice(sign + operator.length, i).trim();
    if (left + right !== "") {
      found.push({ from: begin + from, to: begin + i, sign: begin + sign, operator, left, right });
    }
  };
  const operand = (): void => {
    const from = i, before = /^(?:\+\+|--|[-+~])/.exec(text.slice(i))?.[0];
    if (before) {
      i += before.length;
      read(UNARY);
      return note(from, from, before);
    }
    i = operandEnd(text, i);
    const end = i, after = i > from && /^(?:\+\+|--)/.exec(text.slice(i))?.[0];
    if (after) {
      i += after.length;
      note(from, end, after);
    }
  };
  /** Reads an operand and all that binds it more tightly than this. */
  const read = (least: number): void => {
    skip();
    const from = i;
    operand();
    while (i > from) {
      const end = i, operator = (skip(), BETWEEN.exec(text.slice(i))?.[0]), binds = BINDS[operator ?? ""] ?? 0;
      if (!operator || binds < least) return void (i = end);
      const sign = i;
      i += operator.length;
      read(operator === "**" ? binds : binds + 1);
      note(from, sign, operator);
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
  let i = from + PLAIN.exec(text.slice(from))![0].length;
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
export function withoutComments(source: string): string {
  const texts = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[^]*?\*\//g;
  return source.replaceAll(texts, (found, text?: string) => text ?? found.replaceAll(/[^\n]/g, " "));
}

/** Where the bracket closes that opens here; the text's end if it does not. */
export function closing(text: string, open: number): number {
  for (let i = open, depth = 0; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    else if (")]}".includes(text[i]) && --depth === 0) return i;
  }
  return text.length;
}

/** The text around a place: its statement, or what is in the brackets around it, and where those open. */
export function around(text: string, place: number): { from: number; to: number; open?: number } {
  let from = place, to = place, open: number | undefined;
  for (let depth = 0; from > 0; from--) {
    const sign = text[from - 1];
    if (")]}".includes(sign)) depth++;
    else if (depth === 0 && (sign === ";" || sign === "{" && isBlock(text, from - 1))) break;
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

/** Whether a brace opens statements, and not `{ keepdim: true }`: by what is before it. */
function isBlock(text: string, brace: number): boolean {
  return /(?:^|[);{}>]|\b(?:else|try|do|finally))$/.test(text.slice(Math.max(0, brace - 200), brace).trimEnd());
}

/** What is between the commas of a text that are in none of its brackets. */
export function parts(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if ("([{".includes(text[i] ?? "x")) i = closing(text, i);
    else if (i === text.length || text[i] === ",") {
      found.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return found.filter((part) => part !== "");
}
