// With --json: what is written to standard output when the program is ended in the middle, by a signal or by an exit in the
// learner's lines. While gradients are checked, no event is handled, so JavaScript itself hears no signal.
//
// In Deno a thread beside it does (hearing.ts). In Bun a thread hears no signals, but starting a process needs no permission:
// one beside it receives each text and, when this one is gone without a goodbye, writes the last. That may be a moment after
// the end, and even after SIGKILL.
// Left out: signals while a network is trained under Bun, which are events (host.ts).
import process from "node:process";
import type { Hearing } from "./hearing.ts";

/** A text that is written when the program is ended in the middle. */
export interface LastWords {
  /** Takes a text in the place of the last one. */
  keep(text: string): void;
  /** Ends the program if a signal came; most signals do that without. */
  hear(): void;
  /** The program says itself what there is to say: nothing is written any more. */
  done(): void;
}

/** What writes the text when the program cannot. */
type Beside = Pick<Hearing, "keep" | "claim" | "hear">;

/** Last words of this process, none at first. `write` writes a line to standard output; `hearing` is Deno's thread. */
export function lastWords(write: (text: string) => void, hearing: Hearing | undefined): LastWords {
  const beside: Beside = hearing ?? writer();
  let last: string | undefined;
  const speak = () => {
    if (last !== undefined && beside.claim()) write(last);
    last = undefined;
  };
  if (!hearing) process.on("exit", speak);
  else addEventListener("unload", speak); // which, unlike "exit", Deno.exit sends, too
  return {
    keep(text) {
      last = text;
      beside.keep(text);
    },
    hear: () => void beside.hear(),
    done() {
      last = undefined;
      if (!beside.claim()) beside.hear();
    },
  };
}

/** What is used of Bun. */
interface Bun {
  spawn(command: string[], options: object): { unref(): void; stdin: { write(text: string): void; flush(): void } };
}

/** The process in Bun. */
function writer(): Beside {
  const { Bun } = globalThis as unknown as { Bun: Bun };
  // In a group of its own, so that Ctrl-C at a terminal does not end it, too.
  const options = { stdio: ["pipe", "inherit", "ignore"], detached: true };
  const child = Bun.spawn([process.execPath, "-e", `(${writeLast})(process)`], options);
  child.unref();
  const keep = (text: string) => {
    child.stdin.write(`${text}\n`);
    child.stdin.flush(); // at once: no event comes in which it would be
  };
  const claim = () => {
    keep("");
    return true;
  };
  return { keep, claim, hear: () => false };
}

/** What the process does: when its input ends, it writes the last line, if there is anything on it. */
function writeLast({ stdin, stdout }: typeof process): void {
  let text = "";
  stdin.setEncoding("utf8").on("data", (piece) => text += piece).on("end", () => {
    const last = text.split("\n").at(-2);
    if (last) stdout.write(`${last}\n`);
  });
}
