// `deno task learn` except for its outside: the current exercise, what keys do, when it runs again, and the messages.
//
// A run is a process of its own. It is ended when the file is saved again, and when it has been silent for so long that it is
// likely in a loop that does not end.
// Left out: processes, files, the terminal and the clock (lib/scripts/learn.ts), and everything about gradients.
import { hintText } from "../exercise/hints.ts";
import { clock, link } from "../exercise/lecture.ts";
import { type Entry, type Manifest, nextAfter, scriptOf } from "../exercise/manifest.ts";
import type { Desk, ToDesk } from "../exercise/desk.ts";
import { fitted, paint, wrap } from "../exercise/terminal.ts";
import { firstOpen, lastWords, type Scores, scoresFrom, scoresLine } from "./progress.ts";
import { inPlainWords } from "./syntax.ts";

/** Seconds of silence after which a run is ended; a training's evaluation takes longer. */
const PATIENCE = { check: 10, training: 60 };

/** Characters that a run may print: a loop that prints does not end either. */
const MOST = 1_000_000;

/** A run that has begun. */
export interface Running {
  /** Ends it at once. */
  kill(): void;
  /** Interrupts it, as Ctrl-C does. */
  interrupt(): void;
}

/** Hears of a run. */
export interface RunListener {
  /** What it writes to standard output. */
  out(text: string): void;
  /** What it writes to standard error, except for its records. */
  err(text: string): void;
  /** A record of its. */
  report(message: ToDesk): void;
  /** That it is over, with its exit code; null if a signal ended it. */
  over(code: number | null): void;
}

/** What a session needs of the outside. */
export interface World {
  /** The terminal's size, and whether a key can be pressed. */
  size(): Desk;
  /** Whether it may be coloured. */
  readonly colour: boolean;
  /** Whether a line in it can be written over: not in a file or a pipe. */
  readonly live: boolean;
  /** Writes a text to it as it is. */
  write(text: string): void;
  /** Clears it. */
  clear(): void;
  /** Milliseconds, from any moment on. */
  now(): number;
  /** Different for each content of a file; undefined if there is no file. */
  stamp(script: string): string | undefined;
  /** A file's text; undefined if it cannot be read. */
  text(script: string): string | undefined;
  /** Writes the blank of an exercise. Rejects with a sentence where it cannot. */
  writeBlank(entry: Entry): Promise<void>;
  /** Runs a file with flags. */
  run(script: string, flags: readonly string[], listener: RunListener): Running;
  /** What an earlier session kept. */
  recall(): string | undefined;
  /** Keeps a text for later sessions, if it can. */
  keep(text: string): void;
  /** Ends the program. */
  quit(code: number): void;
}

/** A learner's session. */
export class Session {
  readonly #world: World;
  readonly #manifest: Manifest;
  readonly #scores: Scores;
  #entry: Entry;
  #run: { running: Running; training: boolean; heard: number; printed: number; errors: string } | undefined;
  #stamp: string | undefined;
  #next: string | undefined;
  #hints: Record<string, number> = {};
  #status = false;
  #busy = false;
  #leaving = false;
  /** Whether the current exercise could not be opened. */
  #hasFailed = false;

  /** A session on the first exercise that is not done. */
  constructor(manifest: Manifest, world: World) {
    this.#world = world;
    this.#manifest = manifest;
    this.#scores = scoresFrom(world.recall());
    this.#entry = firstOpen(manifest, this.#scores) ?? manifest[0];
  }

  /** Opens the current exercise: writes its blank if there is none, and runs it. */
  async open(entry: Entry = this.#entry): Promise<void> {
    this.#stop();
    this.#busy = true;
    this.#entry = entry;
    this.#next = undefined;
    const script = scriptOf(entry);
    let isNew = false;
    try {
      if (this.#world.stamp(script) === undefined) {
        await this.#world.writeBlank(entry);
        isNew = true;
      }
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      this.#say((error as Error).message, 31);
      if (this.#leaving) this.#quit(1);
      return;
    } finally {
      this.#busy = false;
    }
    this.#start();
    if (isNew) this.#say(`${script} is new: fill in a gradient and save. It runs again by itself.`);
  }

  /** Called now and then: looks whether the file was saved or is gone, and whether a run is stuck. */
  tick(): void {
    if (this.#busy) return;
    const stamp = this.#world.stamp(scriptOf(this.#entry));
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      if (stamp !== undefined) return this.#start();
      this.#stop();
      this.#say(`${scriptOf(this.#entry)} is gone. It runs as soon as it is back; r writes a new blank.`, 33);
    }
    const run = this.#run, patience = run?.training ? PATIENCE.training : PATIENCE.check;
    if (!run || this.#world.now() - run.heard < 1000 * patience) return;
    this.#stopWith(
      `Stopped: ${
        scriptOf(this.#entry)
      } has been silent for ${patience} seconds. There is likely a loop in it that does not ` +
        "end. Change it and save.",
    );
  }

  /** What a key does. */
  key(key: string): void {
    if (key === "\x03" && this.#run?.training) return this.#run.running.interrupt();
    if (key === "q" || key === "\x03" || key === "\x04") return this.#quit(0);
    if (this.#busy) return;
    const chosen = this.#manifest[Number(key) - 1];
    if (key === "h") this.#hint();
    else if (key === "a") this.#start(["--all"]);
    else if (key === "r" || key === "\r" || key === "\n") void this.open();
    else if (key === "n") void this.open(nextAfter(this.#manifest, this.#entry) ?? this.#manifest[0]);
    else if (key === "l") this.#list();
    else if (chosen) void this.open(chosen);
    else if (/^[!-~]$/.test(key)) this.#say(KEYS);
  }

  /** No more keys will come: the session ends when nothing runs. */
  leave(): void {
    this.#leaving = true;
    if (!this.#run && !this.#busy) this.#quit(this.#hasFailed ? 1 : 0);
  }

  /** Ends the session and whatever runs. */
  #quit(code: number): void {
    this.#stop();
    this.#clearStatus();
    this.#world.quit(code);
  }

  #start(flags: readonly string[] = []): void {
    this.#stop();
    const { size, now } = this.#world, script = scriptOf(this.#entry);
    this.#stamp = this.#world.stamp(script);
    if (this.#stamp === undefined) return;
    this.#world.clear();
    const run = { training: false, heard: now(), printed: 0, errors: "", running: undefined as unknown as Running };
    const heard = () => {
      run.heard = now();
      return this.#run === run; // what a run that was ended still says is not shown
    };
    this.#run = run;
    run.running = this.#world.run(script, flags, {
      out: (text) => {
        if (!heard()) return;
        this.#clearStatus();
        this.#world.write(text);
        run.printed += text.length;
        if (run.printed > MOST) {
          this.#stopWith(
            `Stopped: ${script} has printed a million characters. Is it in an endless loop?`,
          );
        }
      },
      err: (text) => void (heard() && (run.errors += text)),
      report: (message) => heard() && this.#reported(message, run),
      over: (code) => heard() && this.#over(code, run.errors),
    });
    this.#showStatus(`${script} …`.slice(0, size().columns - 1));
  }

  #reported(message: ToDesk, run: { training: boolean }): void {
    if (message.kind === "progress") this.#showStatus(message.text);
    else if (message.kind === "training") run.training = true;
    else {
      this.#next = message.next;
      const { right, rows } = message;
      this.#scores[this.#entry.id] = { right, rows, done: this.#scores[this.#entry.id]?.done ?? false };
    }
  }

  #over(code: number | null, errors: string): void {
    this.#run = undefined;
    this.#clearStatus();
    const script = scriptOf(this.#entry), wrong = inPlainWords(errors, script, this.#world.text(script) ?? "");
    if (wrong) this.#say(wrong, 31);
    const score = this.#scores[this.#entry.id];
    if (score && (code === 0 || code === 1)) {
      score.done = code === 0;
      this.#world.keep(JSON.stringify(this.#scores));
    }
    const last = lastWords(this.#manifest, this.#scores), next = nextAfter(this.#manifest, this.#entry);
    if (code === 0 && last) this.#say(last, 32);
    else if (code === 0 && next && this.#world.size().keys) {
      this.#say(`n opens exercise ${next.id}: ${next.title}.`, 32);
    }
    this.#say(scoresLine(this.#manifest, this.#scores, this.#entry), 2);
    this.#sayKeys();
    if (this.#leaving) this.#quit(0);
  }

  #hint(): void {
    const dname = this.#next, { hints, gradients, file, another } = this.#entry;
    if (!dname || !Object.hasOwn(hints, dname)) {
      return this.#say(dname ? `There is no hint for ${dname}.` : "There is no row to give a hint for.");
    }
    const level = this.#hints[dname] = (this.#hints[dname] ?? 0) % 3 + 1, [at] = gradients[dname] ?? [];
    const solution = level === 3 && !another ? `\nThe solution is in exercises/${file}, at "#region ${dname}".` : "";
    const lecture = at === undefined ? "" : `\nIn the lecture: ${clock(at)}, ${link(at)}`;
    this.#say(`${hintText(hints, dname, level)}${lecture}${solution}`, 36);
  }

  #list(): void {
    const lines = this.#manifest.map((entry, i) => {
      const score = this.#scores[entry.id],
        rows = score ? `${score.right}/${score.rows} right` : "not begun";
      const key = i < 9 ? `${i + 1}` : " ", mark = entry === this.#entry ? ">" : " ";
      const { columns } = this.#world.size();
      return `${mark} ${key}  ${wrap(`${score?.done ? "done" : rows}: ${entry.title}`, columns - 5, "     ")}`;
    });
    this.#say(`${lines.join("\n")}\nA number opens its exercise.`);
  }

  #stopWith(text: string): void {
    this.#stop();
    this.#say(text, 31);
    this.#sayKeys();
    if (this.#leaving) this.#quit(0);
  }

  #stop(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.running.kill();
    this.#clearStatus();
  }

  #sayKeys(): void {
    if (this.#world.size().keys) this.#say(KEYS, 2);
  }

  #say(text: string, colour?: number): void {
    this.#clearStatus();
    const { columns } = this.#world.size(), broken = fitted(text, { columns: () => columns });
    this.#world.write((colour ? paint(broken, colour, this.#world) : broken) + "\n");
  }

  /** A line that the next text replaces. */
  #showStatus(text: string): void {
    if (!this.#world.live) return;
    this.#clearStatus();
    this.#world.write(text.slice(0, this.#world.size().columns - 1));
    this.#status = text !== "";
  }

  #clearStatus(): void {
    if (this.#status) this.#world.write("\r\x1b[K");
    this.#status = false;
  }
}

const KEYS = "h hint  a all rows  n next  l list  q quit";
