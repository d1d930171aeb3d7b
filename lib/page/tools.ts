// The buttons above: run and stop, flags, folding, and the file: download, open, start over, copies, the lecture's names.
import { whyNotLecture } from "../../data/lecture_names.ts";
import { button, element } from "./dom.ts";
import { type Exercise, exerciseOf } from "./exercises.ts";
import type { Store } from "./store.ts";

/** What the buttons do. */
export interface Actions {
  store: Store;
  run: () => void;
  stop: () => void;
  /** The current code. */
  text: () => string;
  /** Puts other code in; the store keeps a copy of the one before. */
  replace: (source: string) => void;
  /** Shows another exercise. */
  turnTo: (exercise: Exercise) => void;
  /** An address with the code and the flags in it. */
  address: () => Promise<string>;
  /** Folds all but the current region, or unfolds. */
  fold: (folded: boolean) => void;
  /** Shows a message until the next keystroke. */
  notify: (text: string) => void;
}

/** The size of a file that cannot be an exercise: theirs are some 15 KB. */
const MOST_BYTES = 1e6;

/** The row of buttons. */
export class Tools {
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #fold: HTMLButtonElement;
  readonly #flags = element("input", {
    type: "text",
    size: 12,
    placeholder: "flags",
    spellcheck: false,
    autocomplete: "off",
  });
  readonly #copies = element("div", { className: "copies" });
  readonly #names: HTMLElement;
  readonly #menu: HTMLDetailsElement;
  readonly #actions: Actions;
  readonly #flagsOf = new Map<number | string, string>();
  #exercise: Exercise | undefined;

  /** Puts the buttons into `parent`. */
  constructor(parent: HTMLElement, actions: Actions) {
    this.#actions = actions;
    this.#run = button("Run", actions.run, { className: "primary" });
    this.#stop = button("Stop", actions.stop);
    this.#fold = button("Fold", () => {
      this.#fold.setAttribute("aria-pressed", String(!this.folded));
      actions.fold(this.folded);
    }, { "aria-pressed": "false", title: "Fold all but the current region" });
    this.#flags.addEventListener("change", actions.run);
    this.#flags.setAttribute("aria-label", "Flags");
    this.#flags.title = "Flags, such as --seed 1 or --hidden 32; --help lists them";
    this.#names = element("div", {}, filePicker("Use the lecture’s names …", ".txt", (file) => this.#openNames(file)));
    this.#menu = element(
      "details",
      { className: "menu" },
      element("summary", {}, "File"),
      element(
        "div",
        { className: "items" },
        button("Copy link", () => this.#copyLink(), { title: "An address with your code and flags in it" }),
        button("Download", () => this.#download()),
        filePicker("Open …", ".ts,.txt,text/*", (file) => this.#open(file)),
        button("Start over", () => this.replace(this.#exercise!.blank), {
          title: "A copy of your code is kept below",
        }),
        this.#names,
        this.#copies,
      ),
    );
    this.#menu.addEventListener("toggle", () => this.#listCopies());
    this.#menu.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#menu.open = false;
      this.#menu.querySelector("summary")!.focus();
    });
    document.addEventListener("click", ({ target }) => {
      if (!this.#menu.contains(target as Node)) this.#menu.open = false;
    });
    parent.append(this.#run, this.#stop, this.#flags, this.#fold, this.#menu);
    this.running(false);
  }

  /** The words of the flags' field. */
  get flags(): string[] {
    return this.#flags.value.trim().split(/\s+/).filter((word) => word !== "");
  }

  /** Whether only the current region is visible. */
  get folded(): boolean {
    return this.#fold.getAttribute("aria-pressed") === "true";
  }

  /** Another exercise is opened. */
  open(exercise: Exercise): void {
    if (this.#exercise) this.#flagsOf.set(this.#exercise.n, this.#flags.value);
    this.#exercise = exercise;
    this.#flags.value = this.#flagsOf.get(exercise.n) ?? "";
    this.#fold.setAttribute("aria-pressed", "false");
    this.#names.hidden = exercise.n !== 4;
    this.#listCopies();
  }

  /** A run has begun, or is over. */
  running(running: boolean): void {
    this.#stop.disabled = !running;
  }

  /** Puts flags in. */
  setFlags(flags: string): void {
    this.#flags.value = flags;
  }

  /** Puts other code in, of which a copy of what was there before is kept. */
  replace(source: string): void {
    this.#actions.replace(source);
    this.#menu.open = false;
    this.#actions.notify("A copy of what was there before is in the File menu.");
  }

  async #copyLink(): Promise<void> {
    const address = await this.#actions.address();
    this.#menu.open = false;
    try {
      await navigator.clipboard.writeText(address);
      this.#actions.notify("The link is copied. Whoever opens it sees your code, and is asked before it runs.");
    } catch {
      history.replaceState(null, "", address);
      this.#actions.notify("The link is in the address bar now: copy it from there.");
    }
  }

  #download(): void {
    const url = URL.createObjectURL(new Blob([this.#actions.text()], { type: "text/plain" }));
    element("a", { href: url, download: this.#exercise!.script.replace("my/", "") }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async #open(file: File): Promise<void> {
    const refuse = (why: string) => this.#actions.notify(`${file.name} was not opened: ${why}`);
    if (file.size > MOST_BYTES) return refuse("it is too large for an exercise.");
    let source;
    try {
      source = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      return refuse("it is no text.");
    }
    if (source.includes("\0")) return refuse("it is no text.");
    const its = exerciseOf(source), other = its !== undefined && its !== this.#exercise;
    if (other) this.#actions.turnTo(its);
    this.replace(source);
    if (other) this.#actions.notify(`${file.name} is exercise ${its.n}'s, and was opened there.`);
  }

  async #openNames(file: File): Promise<void> {
    const bytes = new Uint8Array(await file.arrayBuffer()), wrong = await whyNotLecture(bytes);
    if (wrong) return this.#actions.notify(`${file.name} is not the lecture's list of names: ${wrong}`);
    this.#actions.notify("Exercise 4 learns from the lecture's names from now on.");
    this.#actions.store.lectureNames = new TextDecoder().decode(bytes);
    this.#menu.open = false;
    this.#actions.run();
  }

  #listCopies(): void {
    const copies = this.#actions.store.copies(this.#exercise!.n);
    const items = copies.map(({ when, source }) => {
      const date = new Date(when).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
      return button(date, () => this.replace(source));
    });
    this.#copies.replaceChildren(
      ...(items.length > 0 ? [element("p", { className: "quiet" }, "Copies kept:"), ...items] : []),
    );
  }
}

/** A button that lets the reader pick a file. */
function filePicker(label: string, accept: string, onPick: (file: File) => void): HTMLElement {
  const input = element("input", {
    type: "file",
    accept,
    hidden: true,
    onchange() {
      if (input.files?.[0]) onPick(input.files[0]);
      input.value = "";
    },
  });
  return element("span", {}, button(label, () => input.click()), input);
}
