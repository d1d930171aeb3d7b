// Takes the types out of a TypeScript source and turns its imports into calls, with every line where it was: by the parser that
// the editor has anyway.
//
// Types are blanked: they have no part in what runs. Imports come first, on the first line, as they do in a module.
// Left out: what is no mere type (enums, namespaces, parameter properties), which Deno's own check refuses here as well, and
// complaints: the engine has them, with their lines.
import { typescriptLanguage } from "@codemirror/lang-javascript";

/** A place in the source to blank; `end` if a statement ends there, so that its neighbours do not run together. */
interface Blank {
  from: number;
  to: number;
  end: boolean;
}

type Node = Parameters<
  NonNullable<Parameters<ReturnType<typeof typescriptLanguage.parser.parse>["iterate"]>[0]["enter"]>
>[0];

/** Syntax that is all type, in any place. */
const TYPES = new Set(["TypeAnnotation", "TypePredicate", "TypeParamList", "TypeArgList", "Optional", "Privacy"])
  .union(new Set(["readonly", "override", "abstract"]));

/** Statements that are all type. */
const STATEMENTS = new Set(["InterfaceDeclaration", "TypeAliasDeclaration", "AmbientDeclaration"]);

/**
 * A source as JavaScript. Its imports call the function named `require`, which takes a specifier and returns the
 * module.
 */
export function erased(source: string, require = "require"): string {
  const blanks: Blank[] = [], imports: string[] = [];
  const blank = (from: number, to: number, end = false) => void blanks.push({ from, to, end });
  // The parser does not know `(one): one is Step => …`. A union of types, which it knows, is as long.
  const known = source.replaceAll(/(?<=[:>]\s*\w+)(\s+)is(?=\s)/g, "$1| ")
    .replaceAll(/(?<=\btypeof )import\("[^"]*"\)/g, ({ length }) => "x".repeat(length)); // nor typeof import("…")
  typescriptLanguage.parser.parse(known).iterate({
    enter(node) {
      const { name, from, to } = node, parent = node.node.parent?.name;
      if (name === "ImportDeclaration") {
        const rest = /^[^\S\n]*with\s*\{[^}]*\}\s*;?/.exec(source.slice(to))?.[0].length ?? 0;
        imports.push(imported(source.slice(from, to), require));
        blank(from, to + rest, true);
        return false;
      }
      if (name === "ExportDeclaration" && isTypeOnly(node)) {
        blank(from, to, true);
        return false;
      }
      if (parent === "ExportDeclaration" && (name === "export" || name === "default")) {
        blank(from, to, name === "export");
      }
      if (STATEMENTS.has(name) || withoutBody(node)) {
        blank(from, to, true);
        return false;
      }
      if (name === "TypeArgList" && parent === "InstantiationExpression" && !areTypes(source, from, to)) return;
      if (TYPES.has(name) && !(name === "Optional" && parent === "MemberExpression")) {
        blank(from, to);
        return false;
      }
      if (parent === "BinaryExpression" && (name === "as" || name === "satisfies")) blank(from, node.node.parent!.to);
      else if (name === "LogicOp" && parent === "PostfixExpression") blank(from, to);
      else if (name === "LogicOp" && parent === "⚠" && source.slice(from, to) === "!") blank(from, to);
      else if (name === "⚠" && parent === "CatchClause") blank(from, to);
      else if (name === "implements") blank(from, node.node.parent!.getChild("ClassBody")?.from ?? to);
      else if (name === "PrefixCast") blank(from, node.node.getChild(">")!.to);
      else if (name === "this" && parent === "ParamList") {
        blank(from, from + /^this\s*(:[^,)]*)?,?/.exec(source.slice(from))![0].length);
      }
    },
  });
  return imports.join(" ") + blanked(source, blanks);
}

/**
 * Whether `<…>` after a name are types, and not two comparisons: `a < 0 && a > -1`. TypeScript decides by what follows, and by
 * whether the text between can be types.
 */
function areTypes(source: string, from: number, to: number): boolean {
  return /^\s*([(`;,)\]:.?]|$)/.test(source.slice(to)) &&
    !/&&|\|\||[-+*/%!]/.test(source.slice(from, to).replaceAll("=>", ""));
}

/** Whether an export has nothing in it that runs: a type, or names of the same module. */
function isTypeOnly({ node }: Node): boolean {
  return node.getChild("ExportGroup") !== null || node.getChild("Star") !== null ||
    [...STATEMENTS].some((statement) => node.getChild(statement) !== null);
}

/** Whether this is one of a function's signatures, or a member that only says that there is one. */
function withoutBody({ name, node }: Node): boolean {
  if (name === "FunctionDeclaration" || name === "MethodDeclaration") return node.getChild("Block") === null;
  return name === "PropertyDeclaration" && node.getChild("declare") !== null;
}

/** An import as a declaration; one of types only as nothing. */
function imported(text: string, require: string): string {
  const [, clause, specifier] = /^import\b\s*([^"']*?)\s*(?:\bfrom\b\s*)?(["'][^"']*["'])/.exec(text) ?? [];
  if (specifier === undefined || /^type\b(?!\s*(,|from\b|$))/.test(clause)) return "";
  const call = `${require}(${specifier})`, all = /\*\s*as\s+(\w+)/.exec(clause)?.[1];
  const group = /\{([^]*)\}/.exec(clause)?.[1], first = /^(\w+)/.exec(clause)?.[1];
  const names = (group ?? "").replaceAll(/\/\/.*|\/\*[^]*?\*\//g, "").split(",").map((name) => name.trim())
    .filter((name) => name !== "" && !/^type\s+\w/.test(name)).map((name) => name.replace(/\s+as\s+/, ": "));
  if (first) names.unshift(`default: ${first}`);
  return [
    ...(all ? [`const ${all} = ${call};`] : []),
    ...(names.length > 0 ? [`const { ${names.join(", ")} } = ${call};`] : []),
    ...(!all && group === undefined && !first ? [`${call};`] : []),
  ].join(" ");
}

function blanked(source: string, blanks: readonly Blank[]): string {
  let text = "", at = 0;
  for (const { from, to, end } of blanks.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (to <= at) continue;
    const start = Math.max(from, at), spaces = source.slice(start, to).replaceAll(/[^\n]/g, " ");
    text += source.slice(at, start) + (end ? `;${spaces.slice(1)}` : spaces);
    at = to;
  }
  return text + source.slice(at);
}
