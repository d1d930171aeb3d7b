// What the editor offers while one types: Tensor's members after a dot, else the exercise's own names with their shapes and
// what the file imports; each with one line from its doc comment, which is shown under the pointer as well.
// Left out: where the doc comments are read (docs.ts).
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type Completion,
  type CompletionContext,
  completionKeymap,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import type { Doc, Docs } from "./docs.ts";
import { element } from "./dom.ts";

/** The build puts them in the place of this. */
declare const DOCS: Docs;

/** The shapes of the exercise's tensors, by name, as text: `(32, 27)`. */
export type Shapes = () => ReadonlyMap<string, string>;

const nameOf = ([call]: Doc) => /^\w+/.exec(call)![0];

/** What comes before a dot and is no tensor. */
const FOREIGN = /\b(Math|console|Object|JSON|Number|Array|String|Date|Promise|performance)$/;

/** Completion and documentation, for a state of the editor. */
export function completion(shapes: Shapes): Extension {
  return [
    autocompletion({ override: [(context) => completions(context, shapes())], icons: false }),
    closeBrackets(),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, { key: "Tab", run: acceptCompletion }]),
    hoverTooltip((view, at) => hovered(view, at, shapes())),
  ];
}

function completions(context: CompletionContext, shapes: ReadonlyMap<string, string>): CompletionResult | null {
  if (isText(context.state, context.pos)) return null;
  const member = context.matchBefore(/\.\w*/), word = context.matchBefore(/[A-Za-z_]\w*/);
  if (member) {
    const before = context.state.sliceDoc(Math.max(0, member.from - 40), member.from);
    if (!/[\w)\]]$/.test(before) || /\d$/.test(before) && !/[A-Za-z_]\w*$/.test(before) || FOREIGN.test(before)) {
      return null;
    }
    return { from: member.from + 1, options: MEMBERS, validFor: /^\w*$/ };
  }
  if (!word && !context.explicit) return null;
  const options = [...own(context.state.doc.toString(), shapes, word?.text), ...FUNCTIONS];
  return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
}

/** Offers a name; a method's brackets are written as well, with the cursor between them. */
function offer(doc: Doc): Completion {
  const [call, about] = doc, label = nameOf(doc), takes = call.slice(label.length);
  return {
    ...{ label, displayLabel: label, detail: takes, info: about || undefined, type: takes ? "method" : "property" },
    apply: takes === "" ? label : (view, _offered, from, to) => {
      const bare = view.state.sliceDoc(to, to + 1) === "(";
      const inside = takes === "()" ? 2 : 1;
      view.dispatch({
        changes: { from, to, insert: bare ? label : `${label}()` },
        selection: { anchor: from + label.length + (bare ? 0 : inside) },
        userEvent: "input.complete",
      });
    },
  };
}

const MEMBERS = DOCS.members.map(offer), FUNCTIONS = DOCS.functions.map(offer);

/** The names that the source declares, and those of the forward pass with their shapes. */
function own(source: string, shapes: ReadonlyMap<string, string>, typed = ""): Completion[] {
  const names = new Set<string>(shapes.keys());
  for (const [, names_] of source.matchAll(/\b(?:const|let|function)\s+(\w+|\{[^}]*\}|\[[^\]]*\])/g)) {
    for (const [name] of names_.matchAll(/\w+/g)) names.add(name);
  }
  if (!new RegExp(`\\b${typed}\\b[^]*\\b${typed}\\b`).test(source)) names.delete(typed); // it is being typed
  return [...names].map((name) => ({ label: name, detail: shapes.get(name) ?? "", boost: 1, type: "variable" }));
}

function isText(state: EditorState, at: number): boolean {
  return /Comment|String|Template/.test(syntaxTree(state).resolveInner(at, -1).name);
}

/** The line of documentation for the name under the pointer. */
function hovered(view: EditorView, at: number, shapes: ReadonlyMap<string, string>): Tooltip | null {
  const { from, text } = view.state.doc.lineAt(at);
  if (isText(view.state, at)) return null;
  for (const { 0: name, index } of text.matchAll(/[A-Za-z_]\w*/g)) {
    if (at < from + index || at > from + index + name.length) continue;
    const isMember = text[index - 1] === ".";
    const doc = (isMember ? DOCS.members : DOCS.functions).find((doc) => nameOf(doc) === name);
    const says = doc ? [...doc] : !isMember && shapes.has(name) ? [`${name} ${shapes.get(name)}`, ""] : undefined;
    if (!says) return null;
    const create = () => ({
      dom: element("div", { className: "about" }, element("code", {}, says[0]), says[1] ? ` ${says[1]}` : ""),
    });
    return { pos: from + index, end: from + index + name.length, above: true, create };
  }
  return null;
}
