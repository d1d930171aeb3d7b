// What is kept in the browser's storage: the code of each exercise, copies of what it was before a reset, what runs
// remember, the lecture's names, and whether a run is going on. Nothing leaves the browser.

const PREFIX = "backprop-ninja ", COPIES = 10;

/** A source as it was once. */
export interface Copy {
  /** When it was put aside, in milliseconds since 1970. */
  when: number;
  source: string;
}

/** The page's storage; where the browser allows none, it lasts as long as the page. */
export class Store {
  readonly #inMemory = new Map<string, string>();
  readonly #large = new Map<string, string>();
  /** Whether something could not be kept. */
  failed = false;

  /** The code of exercise n, if there is some. */
  code(n: number | string): string | undefined {
    return this.#get(`code ${n}`);
  }

  /** Keeps the code of exercise n. */
  keepCode(n: number | string, source: string): void {
    this.#set(`code ${n}`, source);
  }

  /** The copies of exercise n's code, the newest first. */
  copies(n: number | string): Copy[] {
    try {
      const kept: unknown = JSON.parse(this.#get(`copies ${n}`) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isCopy) : [];
    } catch {
      return [];
    }
  }

  /** Puts a copy of exercise n's code aside; the newest ten are kept. */
  keepCopy(n: number | string, source: string): void {
    const others = this.copies(n).filter((copy) => copy.source !== source);
    this.#set(`copies ${n}`, JSON.stringify([{ when: Date.now(), source }, ...others].slice(0, COPIES)));
  }

  /** Calls the listener with an exercise's number and code when another tab keeps other code for it. */
  onOtherTab(listener: (n: number | string, source: string) => void): void {
    addEventListener("storage", ({ key, newValue }) => {
      const [, n] = /^backprop-ninja code (\w+)$/.exec(key ?? "") ?? [];
      if (n && newValue !== null) listener(n, newValue);
    });
  }

  /** Whether a run of exercise n has begun and not ended; when the page is opened, that is one which took it down. */
  isRunning(n: number | string): boolean {
    return this.#get(`running ${n}`) === "yes";
  }

  /** Keeps whether a run of exercise n is going on. */
  keepRunning(n: number | string, running: boolean): void {
    this.#set(`running ${n}`, running ? "yes" : "no");
  }

  /** What runs of this script asked to be remembered, by key. */
  memories(script: string): Record<string, string> {
    const key = `${PREFIX}${script}`, text = this.#get(script);
    const large = [...this.#large].filter(([other]) => other.startsWith(`${key} `));
    return { ...Object.fromEntries(large), ...(text === undefined ? {} : { [key]: text }) };
  }

  /** Remembers a text for a run; differences (lib/exercise/kept.ts), which are large, only as long as the page is open. */
  remember(key: string, text: string): void {
    if (/^\S+ \S+ differences /.test(key)) this.#large.set(key, text);
    else this.#set(key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key, text);
  }

  /** The lecture's list of names, if the reader has given it. */
  get lectureNames(): string | undefined {
    return this.#get("lecture names");
  }

  /** Keeps the lecture's list of names. */
  set lectureNames(text: string) {
    this.#set("lecture names", text);
  }

  /** What is kept of how exercise n was left in the editor. */
  left(n: number | string): string | undefined {
    return this.#get(`left ${n}`);
  }

  /** Keeps how exercise n was left in the editor. Where there is no room for it, it is not missed. */
  keepLeft(n: number | string, left: string): void {
    try {
      localStorage.setItem(`${PREFIX}left ${n}`, left);
    } catch {
      this.#inMemory.set(`left ${n}`, left);
    }
  }

  /** Whether every gradient of exercise n was right once. */
  isDone(n: number | string): boolean {
    return this.#get(`done ${n}`) === "yes";
  }

  /** Keeps that every gradient of exercise n was right. */
  keepDone(n: number | string): void {
    this.#set(`done ${n}`, "yes");
  }

  /** How the reader has set something of the page's looks. */
  setting(name: string): string | undefined {
    return this.#get(`setting ${name}`);
  }

  /** Keeps how the reader has set something. */
  keepSetting(name: string, value: string): void {
    this.#set(`setting ${name}`, value);
  }

  #get(key: string): string | undefined {
    try {
      return this.#inMemory.get(key) ?? localStorage.getItem(PREFIX + key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  #set(key: string, text: string): void {
    try {
      localStorage.setItem(PREFIX + key, text);
      this.#inMemory.delete(key);
    } catch {
      this.failed = true;
      this.#inMemory.set(key, text);
    }
  }
}

/** Whether something that was kept is a copy: whoever else writes to the browser's storage must not stop the page. */
function isCopy(it: Partial<Copy> | null): it is Copy {
  return typeof it === "object" && it !== null && Number.isFinite(it.when) && typeof it.source === "string";
}
