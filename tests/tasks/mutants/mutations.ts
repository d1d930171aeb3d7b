// Every small mistake that can be made in a source: an operator, a constant, a sign, a condition, a statement left out.
//
// The places are those of the syntax tree, so a mistake never breaks the syntax. Types are blanked out first, which moves
// nothing. Left out: what shows in no result, such as imports and what an error says; and words in texts.
import { type AnyNode, type Node, parse } from "acorn";
import { createHash } from "node:crypto";
import { stripTypeScriptTypes } from "node:module";

/** One mistake: the part of the source from `start` to `end`, and what replaces it. */
export interface Mutation {
  start: number;
  end: number;
  to: string;
  kind: string;
  /** The line it is in, from 1. */
  line: number;
  /** An expression that is evaluated whenever the mistake's place is run; none for what runs while a file is loaded. */
  place?: Place;
  /** A number from the mistake and its line alone, not from its place in the file: the lowest are planted first. */
  rank: string;
}

/** An expression in a source. */
type Place = Pick<Mutation, "start" | "end">;

/** The part of a statement that is evaluated whenever it is run. */
const EVALUATED: Record<string, string> = {
  ...{ ExpressionStatement: "expression", ReturnStatement: "argument", VariableDeclarator: "init" },
  ...{ IfStatement: "test", ForStatement: "test", WhileStatement: "test", ForOfStatement: "right" },
};
/** Parts of an expression that need not be evaluated when it is. */
const BRANCHES =
  /^(ArrowFunctionExpression.body|AssignmentPattern.right|LogicalExpression.right|Cond.*ate|Cond.*quent)$/;

const FUNCTION = /Function|Class/;

/** What an operator may be taken for. */
const OPERATORS: Record<string, string[]> = {
  ...{ "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "**": ["*"] },
  ...{ "<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"] },
  ...{ "===": ["!=="], "!==": ["==="], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"] },
  ...{ "&": ["|"], "|": ["&"], "^": ["&"], "<<": [">>"], ">>": ["<<"], ">>>": [">>"] },
  ...{ "+=": ["-=", "="], "-=": ["+="], "*=": ["/="], "/=": ["*="], "++": ["--"], "--": ["++"] },
};

/** And a method. */
const METHODS: Record<string, string> = {
  ...{ min: "max", max: "min", floor: "ceil", ceil: "floor", sin: "cos", cos: "sin", some: "every", every: "some" },
  ...{ push: "unshift", unshift: "push", startsWith: "endsWith", endsWith: "startsWith" },
  ...{ indexOf: "lastIndexOf", lastIndexOf: "indexOf", sum: "mean", mean: "sum", exp: "log", log: "exp" },
};

/** What an operand may be left out of. */
const ARITHMETIC = /^([-+*/%&|]|\*\*|<<|>>>?)$/;

const KEYWORDS =
  /^(const|let|for|if|else|of|in|return|new|this|true|false|undefined|null|typeof|while|export|function|async|await|static)$/;

/** Functions whose two arguments may change places. */
const SYMMETRIC = /\b(min|max|hypot|imul|near|same\w+|add|mul)(<\w+>)?$/i;

/** The source with types, and what AssemblyScript adds to TypeScript, blanked out: every other character where it was. */
function withoutTypes(source: string, assembly: boolean): string {
  const blank = (text: string) => " ".repeat(text.length);
  return stripTypeScriptTypes(assembly ? source.replace(/^@\w+|<\w+>/gm, blank) : source);
}

/** The syntax tree of a source without types. */
const treeOf = (code: string) => parse(code, { ecmaVersion: "latest", sourceType: "module" });

/** The source with a mistake. */
export function planted(source: string, { start, end, to }: Mutation): string {
  return source.slice(0, start) + to + source.slice(end);
}

/** Whether the source is one with the mistake, too: brackets may be in the way. */
export function canBePlanted(source: string, mutation: Mutation, assembly: boolean): boolean {
  try {
    treeOf(withoutTypes(planted(source, mutation), assembly));
    return true;
  } catch {
    return false;
  }
}

/** The source as it calls `__reached` with the ranks of the mistakes whose place is run. */
export function marked(source: string, mutations: readonly Mutation[]): string {
  const letters = source.split(""), placed = mutations.filter(({ place }) => place);
  for (const list of Object.values(Object.groupBy(placed, ({ place }) => `${place!.start} ${place!.end}`))) {
    const { start, end } = list![0].place!;
    letters[start] = `(__reached(${list!.map(({ rank }) => `"${rank}"`)}), ${letters[start]}`;
    letters[end - 1] += ")";
  }
  return letters.join("");
}

/** All mistakes for a source, of all kinds in turn and in the order of their rank; `assembly` for AssemblyScript. */
export function mutationsOf(source: string, assembly: boolean): Mutation[] {
  const code = withoutTypes(source, assembly), lines = source.split("\n");
  const found: Mutation[] = [], starts = lines.reduce((at, text) => [...at, at.at(-1)! + text.length + 1], [0]);
  let place: Place | undefined;
  const plant = (kind: string, { start, end }: { start: number; end: number }, to: string) => {
    const line = starts.findLastIndex((at) => at <= start) + 1;
    const what = [lines[line - 1].trim(), start - starts[line - 1], source.slice(start, end), to].join("\n");
    found.push({
      start,
      end,
      to,
      kind,
      line,
      place,
      rank: createHash("sha256").update(what).digest("hex").slice(0, 16),
    });
  };
  const operator = ({ end }: Node, text: string) => {
    const start = code.indexOf(text, end), place = { start, end: start + text.length };
    for (const to of OPERATORS[text] ?? []) plant("operator", place, to);
  };
  const text = ({ start, end }: Node) => source.slice(start, end);

  /** For a name that is read, the next one in its line: i for j, rows for cols. */
  function exchange(node: Node) {
    const { start, end } = node;
    const line = starts.findLastIndex((at) => at <= start);
    const all = code.slice(starts[line], starts[line + 1]);
    const names = [...all.matchAll(/(?<![\w.$"'`])[a-z_]\w*(?![\w(:.]|\s*=>)/gi)].filter(([name]) =>
      !KEYWORDS.test(name)
    );
    const own = code.slice(start, end), later = names.filter(({ index }) => starts[line] + index >= end);
    const other = [...later, ...names].find(([name]) => name !== own);
    if (other) plant("name", node, other[0]);
  }

  function visit(node: AnyNode, around?: Place) {
    const own = (node as unknown as Record<string, AnyNode>)[EVALUATED[node.type]];
    const here = place = own && !FUNCTION.test(own.type) ? own : around;
    switch (node.type) {
      case "ImportDeclaration":
      case "ImportExpression":
      case "ThrowStatement":
        return;
      case "BinaryExpression":
        if (node.operator === "+" && isText(node)) break;
        operator(node.left, node.operator);
        if (ARITHMETIC.test(node.operator)) plant("operand", node, `(${text(node.left)})`);
        if (ARITHMETIC.test(node.operator)) plant("operand", node, `(${text(node.right)})`);
        break;
      case "LogicalExpression":
        if (node.operator === "??") plant("operand", node, `(${text(node.left)})`);
        else operator(node.left, node.operator);
        if (node.operator !== "??") plant("operand", node, `(${text(node.left)})`);
        break;
      case "AssignmentExpression":
        operator(node.left, node.operator);
        break;
      case "UpdateExpression":
        plant("operator", node, text(node).replace(node.operator, OPERATORS[node.operator][0]));
        break;
      case "UnaryExpression":
        if (["-", "!", "~"].includes(node.operator)) plant("sign", node, `(${text(node.argument)})`);
        break;
      case "Literal":
        if (typeof node.value === "number") plant("constant", node, otherNumber(node.value));
        if (typeof node.value === "boolean") plant("constant", node, String(!node.value));
        break;
      case "IfStatement":
      case "WhileStatement":
      case "ConditionalExpression":
        plant("condition", node.test, `!(${text(node.test)})`);
        break;
      case "MemberExpression":
        if (node.property.type === "Identifier" && !node.computed && Object.hasOwn(METHODS, node.property.name)) {
          plant("method", node.property, METHODS[node.property.name]);
        }
        break;
      case "CallExpression":
        if (
          node.arguments.length === 2 && node.arguments.every(({ type }) => type !== "SpreadElement") &&
          !SYMMETRIC.test(text(node.callee))
        ) {
          const [a, b] = node.arguments;
          if (text(a) !== text(b)) {
            plant("order", { start: a.start, end: b.end }, text(b) + source.slice(a.end, b.start) + text(a));
          }
        }
        break;
      case "ExpressionStatement":
        if (node.directive === undefined) plant("statement", node, ";");
        break;
      case "BreakStatement":
      case "ContinueStatement":
        plant("statement", node, ";");
    }
    for (const [key, child] of Object.entries(node)) {
      if (child?.type === "Identifier" && isRead(node, key)) exchange(child);
    }
    if (node.type === "CallExpression") node.arguments.filter(({ type }) => type === "Identifier").forEach(exchange);
    for (const [key, value] of Object.entries(node)) {
      const branch = BRANCHES.test(`${node.type}.${key}`);
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type !== "string") continue;
        if (branch && !FUNCTION.test(child.type) && child.type !== "BlockStatement") visit(child, child);
        else visit(child, FUNCTION.test(node.type) ? undefined : here);
      }
    }
  }
  visit(treeOf(code));
  found.sort((a, b) => a.rank < b.rank ? -1 : 1);
  // The first of each kind, then the second of each.
  const kinds = Object.values(Object.groupBy(found, ({ kind }) => kind)) as Mutation[][];
  return kinds.flatMap((list) => list.map((one, i) => ({ one, i }))).sort((a, b) => a.i - b.i).map(({ one }) => one);
}

/** Whether a sum puts text together. */
function isText(node: AnyNode): boolean {
  if (node.type === "BinaryExpression") return node.operator === "+" && (isText(node.left) || isText(node.right));
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

/** Whether the part `key` of a node, which is a name, is a number or a tensor for all we know. */
function isRead(node: AnyNode, key: string): boolean {
  if (node.type === "MemberExpression") return key === "property" && node.computed;
  return node.type === "BinaryExpression" || node.type === "ReturnStatement" || node.type === "SpreadElement";
}

/** 0 for 1, one more for other whole numbers, ten times any other. */
function otherNumber(value: number): string {
  if (value === 1) return "0";
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value + 1) : String(value * 10);
}
