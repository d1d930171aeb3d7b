// What the editor completes: Tensor's members and the exercise's functions, each with how it is called and the first sentence of
// its doc comment. Read from lib/ while the page is built, so that they never say anything else.
// Left out: the completing itself (completion.ts).
import { spawnSync } from "node:child_process";
import process from "node:process";

/** A name: how it is called (`matmul(other)`), and one line on it. */
export type Doc = readonly [call: string, about: string];

/** Names by where they occur: after a dot, or alone. */
export interface Docs {
  members: Doc[];
  functions: Doc[];
}

/** A symbol as `deno doc --json` has it. */
interface Symbol {
  name: string;
  declarations: { kind: string; jsDoc?: { doc?: string }; def: Definition }[];
}

interface Definition {
  params?: Parameter[];
  methods?: (Member & { functionDef: Definition })[];
  properties?: Member[];
}

interface Member {
  name: string;
  kind?: string;
  accessibility?: string;
  isStatic: boolean;
  jsDoc?: { doc?: string };
}

interface Parameter {
  kind: string;
  name?: string;
  optional?: boolean;
  left?: Parameter;
  arg?: Parameter;
  props?: { key: string }[];
}

/** Where the functions are that an exercise's file has: imported, or from `start`. */
const FUNCTIONS = ["lib/tensor/creation.ts", "lib/tensor/functional.ts"];
const STARTED = ["lib/exercise/frame.ts", "lib/exercise/workbench.ts"];
const OF_START = ["print", "picture", "given", "hint", "todo", "why"];

/** Reads the doc comments of the project in this folder. */
export function docs(folder: string): Docs {
  const files = ["lib/tensor/tensor.ts", ...FUNCTIONS, ...STARTED];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["doc", "--json", ...files], {
    ...{ cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
  });
  if (status !== 0) throw new Error(stderr);
  const nodes = JSON.parse(stdout).nodes as Record<string, { symbols: Symbol[] }>;
  const of = (file: string) => Object.entries(nodes).find(([url]) => url.endsWith(file))![1].symbols;
  const tensor = of("lib/tensor/tensor.ts").find(({ name }) => name === "Tensor")!.declarations[0].def;
  const functions = FUNCTIONS.flatMap(of).map(({ name, declarations: [{ jsDoc, def }] }) =>
    doc(name, jsDoc?.doc, def.params)
  );
  const started = STARTED.flatMap(of).flatMap(({ declarations }) => membersOf(declarations[0].def)).filter(([call]) =>
    OF_START.includes(/^\w+/.exec(call)![0])
  );
  const compare: Doc = ["cmp(name, gradient, tensor)", "Checks a gradient, and prints and shows its row."];
  return { members: membersOf(tensor), functions: [...functions, ...started, compare] };
}

function membersOf({ methods = [], properties = [] }: Definition): Doc[] {
  const isPublic = ({ name, isStatic, accessibility }: Member) =>
    !isStatic && accessibility !== "private" && /^[a-z]\w*$/i.test(name);
  return [
    ...properties.filter(isPublic).map(({ name, jsDoc }) => doc(name, jsDoc?.doc)),
    ...methods.filter(isPublic).map(({ name, kind, jsDoc, functionDef }) =>
      doc(name, jsDoc?.doc, kind === "getter" ? undefined : functionDef.params)
    ),
  ];
}

function doc(name: string, about = "", params?: readonly Parameter[]): Doc {
  const sentence = /^[^]*?[.:](?=\s|$)/.exec(about)?.[0] ?? about;
  return [
    params ? `${name}(${params.map(shown).join(", ")})` : name,
    sentence.replaceAll(/\s+/g, " ").replaceAll("`", "").replace(/:$/, "."),
  ];
}

function shown({ kind, name, optional, left, arg, props }: Parameter): string {
  if (kind === "assign") return `${shown(left!)}?`;
  if (kind === "rest") return `...${shown(arg!)}`;
  if (kind === "object") return `{ ${props!.map(({ key }) => key).join(", ")} }`;
  return `${name}${optional ? "?" : ""}`;
}
