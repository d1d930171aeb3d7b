// The editor: CodeMirror with TypeScript's colours, a verdict at the end of each line that compares, and an error below
// its line. Tab moves on, as everywhere on the page.
// Left out: what the code means, and keeping it.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  codeFolding,
  foldEffect,
  foldKeymap,
  indentUnit,
  syntaxHighlighting,
  unfoldAll,
} from "@codemirror/language";
import { closeSearchPanel, findNext, findPrevious, openSearchPanel, search } from "@codemirror/search";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
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
import type { Status } from "../check/check.ts";
import { element } from "./dom.ts";

/** A verdict at the end of a line. */
export interface Badge {
  /** The line, from 1. */
  line: number;
  status: Status;
  text: string;
}

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

/** What of a source decides what it does: its lines without comments and the white space around them. */
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

/** The page's editor. */
export class Editor {
  readonly #view: EditorView;
  readonly #onChange: (text: string) => void;

  /** An editor in `parent`; `onChange` hears of every change that the learner makes. */
  constructor(parent: HTMLElement, onChange: (text: string) => void) {
    this.#onChange = onChange;
    this.#view = new EditorView({ parent, state: this.#stateOf("", "Your code") });
  }

  /** The code. */
  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** The line at which the cursor is, from 1. */
  get line(): number {
    return this.#view.state.doc.lineAt(this.#view.state.selection.main.head).number;
  }

  /** Puts other code in, with nothing to undo before it, and shows its beginning. */
  open(text: string, label: string): void {
    this.#view.setState(this.#stateOf(text, label));
    this.#view.scrollDOM.scrollTop = 0;
  }

  /** Moves the cursor to a line and shows it; with `focus`, typing goes there. */
  goTo(line: number, focus: boolean): void {
    const { doc } = this.#view.state, { from } = doc.line(Math.min(line, doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    if (focus) this.#view.focus();
  }

  /** Shows verdicts and an error beside their lines, instead of those before. */
  mark(badges: Badge[], error?: LineError): void {
    this.#view.dispatch({ effects: setMarks.of({ badges, error }) });
  }

  /** Folds all but the lines `first` … `last`, from 1. */
  foldAllBut(first: number, last: number): void {
    unfoldAll(this.#view);
    const { doc } = this.#view.state, effects: StateEffect<unknown>[] = [];
    if (first > 2) effects.push(foldEffect.of({ from: 0, to: doc.line(first - 1).to }));
    if (last < doc.lines) effects.push(foldEffect.of({ from: doc.line(last).to, to: doc.length }));
    this.#view.dispatch({ effects });
  }

  /** Shows all lines again. */
  unfold(): void {
    unfoldAll(this.#view);
  }

  #stateOf(doc: string, label: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        codeFolding({ placeholderText: "⋯ folded" }),
        indentUnit.of("  "),
        typescriptLanguage,
        syntaxHighlighting(classHighlighter),
        keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...findKeymap]),
        search({ top: true, scrollToMatch: ({ from }) => EditorView.scrollIntoView(from, { y: "center" }) }),
        marks,
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#onChange(update.state.doc.toString());
        }),
      ],
    });
  }
}
