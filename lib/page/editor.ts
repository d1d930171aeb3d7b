// The editor: CodeMirror with TypeScript's colours, a verdict at the end of each line that compares, and an error below
// its line. What can be undone, the cursor and the place in the text stay with each document. Tab moves on, as everywhere on
// the page, but where it takes what is offered.
// Left out: what the code means, keeping it, and what is offered (completion.ts).
import { defaultKeymap, history, historyField, historyKeymap } from "@codemirror/commands";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  codeFolding,
  foldEffect,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  unfoldAll,
} from "@codemirror/language";
import { closeSearchPanel, findNext, findPrevious, openSearchPanel, search } from "@codemirror/search";
import { EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  type KeyBinding,
  keymap,
  lineNumbers,
  WidgetType,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { completion, type Shapes } from "./completion.ts";
import { element } from "./dom.ts";
import { type Badge, preambleOf } from "./verdicts.ts";

/** An error and its line, from 1. */
export interface LineError {
  line: number;
  text: string;
}

interface Marks {
  badges: Badge[];
  error?: LineError;
}

const setMarks = StateEffect.define<Marks>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, { changes, effects, state }) {
    const given = effects.find((effect) => effect.is(setMarks));
    return given ? decorationsOf(given.value, state) : decorations.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorationsOf({ badges, error }: Marks, state: EditorState): DecorationSet {
  const inText = ({ line }: { line: number }) => line >= 1 && line <= state.doc.lines;
  const ranges = badges.filter(inText).map(({ line, status, text }) =>
    Decoration.widget({ widget: new Note("span", `badge ${status}`, text), side: 1 }).range(state.doc.line(line).to)
  );
  if (error && inText(error)) {
    const { from, to } = state.doc.line(error.line);
    ranges.push(Decoration.line({ class: "error-line" }).range(from));
    ranges.push(
      Decoration.widget({ widget: new Note("div", "error-note", error.text), side: 2, block: true }).range(to),
    );
  }
  return Decoration.set(ranges, true);
}

class Note extends WidgetType {
  readonly tag: "span" | "div";
  readonly className: string;
  readonly text: string;

  constructor(tag: "span" | "div", className: string, text: string) {
    super();
    this.tag = tag;
    this.className = className;
    this.text = text;
  }

  override eq(other: Note): boolean {
    return other.className === this.className && other.text === this.text;
  }

  toDOM(): HTMLElement {
    return element(this.tag, { className: this.className }, this.text);
  }
}

/** The part of a source that decides what it does: its lines without comments and surrounding white space. */
export function essence(source: string): string {
  let text = "", from = 0;
  typescriptLanguage.parser.parse(source).iterate({
    enter(node) {
      if (!node.name.endsWith("Comment")) return;
      text += source.slice(from, node.from);
      from = node.to;
    },
  });
  return (text + source.slice(from)).split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
}

// As browsers have it, whose own search does not see the lines that are not drawn.
const scope = "editor search-panel";
const findKeymap: KeyBinding[] = [
  { key: "Mod-f", run: openSearchPanel, scope },
  { key: "Mod-g", run: findNext, shift: findPrevious, scope, preventDefault: true },
  { key: "F3", run: findNext, shift: findPrevious, scope, preventDefault: true },
  { key: "Escape", run: closeSearchPanel, scope },
];

/** The editor's callbacks. */
export interface EditorOptions {
  /** Hears of every change that the learner makes. */
  onChange: (text: string) => void;
  /** The keys to run the code. */
  onRun: () => void;
  /** The shapes of the exercise's tensors. */
  shapes: Shapes;
}

/** What is kept of a document and its version; the text itself is kept elsewhere. */
interface KeptState {
  state: { doc: string; selection: unknown; history?: unknown };
  /** The first character to be seen. */
  top: number;
}

/** A document's history is kept up to this many characters. */
const MOST_HISTORY = 100_000;

/** The page's editor. */
export class Editor {
  readonly #view: EditorView;
  readonly #options: EditorOptions;

  /** An editor in `parent`. */
  constructor(parent: HTMLElement, options: EditorOptions) {
    this.#options = options;
    this.#view = new EditorView({ parent, state: EditorState.create({ extensions: this.#extensions("Your code") }) });
  }

  /** The code. */
  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** The line at which the cursor is, from 1. */
  get line(): number {
    return this.#view.state.doc.lineAt(this.#view.state.selection.main.head).number;
  }

  /**
   * Puts other code in. With what was `left` of the same text, all is as it was then: what can be undone, cursor and place;
   * else there is nothing to undo, and the beginning is shown. Returns whether it was left so.
   */
  open(text: string, label: string, left?: string): boolean {
    const extensions = this.#extensions(label), before = left === undefined ? undefined : leftOf(left, text);
    try {
      if (!before) throw new Error("nothing was left");
      this.#view.setState(EditorState.fromJSON(before.state, { extensions }, { history: historyField }));
      const top = Math.min(before.top, text.length);
      this.#view.dispatch({ effects: EditorView.scrollIntoView(top, { y: "start", yMargin: 0 }) });
      return true;
    } catch { // nor is what another version of the editor has left
      this.#view.setState(EditorState.create({ doc: text, extensions }));
      this.#view.scrollDOM.scrollTo(0, 0);
      return false;
    }
  }

  /** What `open` takes to show this again as it is, as text. */
  leave(): string {
    const { state } = this.#view, top = this.#view.lineBlockAtHeight(this.#view.scrollDOM.scrollTop).from;
    const all = state.toJSON({ history: historyField }) as KeptState["state"];
    if (JSON.stringify(all.history).length > MOST_HISTORY) delete all.history;
    return JSON.stringify({ state: all, top } satisfies KeptState);
  }

  /** Puts the cursor here: typing goes there. */
  focus(): void {
    this.#view.focus();
  }

  /** Moves the cursor to a line and shows it; with `focus`, typing goes there. A todo in the next lines is selected. */
  goTo(line: number, focus: boolean): void {
    const { doc } = this.#view.state, at = Math.min(line, doc.lines);
    const { from } = doc.line(at);
    const selection = this.#todoNear(at) ?? { anchor: from };
    this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    if (focus) this.#view.focus();
  }

  /** The next todo(…) that is in a line or in the few below it, as far as its region goes. */
  #todoNear(line: number): { anchor: number; head: number } | undefined {
    const { doc } = this.#view.state;
    for (let at = line; at <= Math.min(line + 4, doc.lines); at++) {
      const { text, from } = doc.line(at), found = /\btodo\([^()]*\)/.exec(text);
      if (at > line && /^\s*\/\/ #/.test(text)) return undefined;
      if (found && !/^\s*\/\//.test(text)) {
        return { anchor: from + found.index, head: from + found.index + found[0].length };
      }
    }
  }

  /** Shows verdicts and an error beside their lines, instead of those before. */
  mark(badges: Badge[], error?: LineError): void {
    this.#view.dispatch({ effects: setMarks.of({ badges, error }) });
  }

  /**
   * Folds the lines above the exercise itself except for the first: the notes, which are under Help as well, and the imports.
   * Where the cursor is in it, it stays open.
   */
  foldPreamble(): void {
    const last = preambleOf(this.text), { doc } = this.#view.state;
    if (last < 2 || this.line > 1 && this.line <= last) return;
    this.#view.dispatch({ effects: foldEffect.of({ from: doc.line(1).to, to: doc.line(last).to }) });
  }

  /** Folds all but the region at a line, its comment above and its comparison below. */
  foldAround(line: number): void {
    const lines = this.text.split("\n"), isEmpty = (i: number) => lines[i]?.trim() === "";
    let at = line - 1, end = line - 1;
    while (at > 0 && !isEmpty(at - 1)) at--;
    while (end < lines.length - 1 && !isEmpty(end + 1)) end++;
    unfoldAll(this.#view);
    const first = at + 1, last = end + 1;
    const { doc } = this.#view.state, effects: StateEffect<unknown>[] = [];
    if (first > 2) effects.push(foldEffect.of({ from: 0, to: doc.line(first - 1).to }));
    if (last < doc.lines) effects.push(foldEffect.of({ from: doc.line(last).to, to: doc.length }));
    this.#view.dispatch({ effects });
  }

  /** Shows all lines again. */
  unfold(): void {
    unfoldAll(this.#view);
  }

  #extensions(label: string): Extension {
    const { onChange, onRun, shapes } = this.#options;
    const run = () => {
      onRun();
      return true;
    };
    return [
      Prec.highest(keymap.of(["Mod-s", "Mod-Enter", "Shift-Enter"].map((key) => ({ key, run, preventDefault: true })))),
      completion(shapes),
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      bracketMatching(),
      highlightActiveLine(),
      EditorView.lineWrapping,
      codeFolding({ placeholderText: "⋯ folded" }),
      indentUnit.of("  "),
      indentOnInput(),
      typescriptLanguage,
      syntaxHighlighting(classHighlighter),
      keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...findKeymap]),
      // Where the page itself scrolls, it does not move because the code does, unless that is where one types.
      EditorView.scrollHandler.of((view, { head }, { y }) => {
        const { node } = view.domAtPos(head);
        const line = (node instanceof Element ? node : node.parentElement)?.closest(".cm-line");
        if (view.hasFocus || y !== "center" || !line) return false;
        const at = line.getBoundingClientRect(), box = view.scrollDOM.getBoundingClientRect();
        view.scrollDOM.scrollTop += (at.top + at.bottom - box.top - box.bottom) / 2;
        return true;
      }),
      search({ top: true, scrollToMatch: ({ from }) => EditorView.scrollIntoView(from, { y: "center" }) }),
      marks,
      EditorView.contentAttributes.of({
        "aria-label": label,
        tabindex: "0",
        spellcheck: "false",
        autocapitalize: "off",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ];
  }
}

/** What was kept of a document, if it is of this text. */
function leftOf(kept: string, text: string): KeptState | undefined {
  try {
    const left = JSON.parse(kept) as KeptState;
    return left.state.doc === text && Number.isInteger(left.top) ? left : undefined;
  } catch {
    return undefined;
  }
}
