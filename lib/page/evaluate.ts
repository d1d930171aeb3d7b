// A learner's source as a module, its types taken out (erase.ts) and every line where it was. It is imported from memory, and not
// given to eval, whose frames have no lines in Safari. So a stack trace has the learner's own line numbers in every browser.
// Left out: checking types; editors and `deno check` do that.
import { UserError } from "../errors.ts";
import type { Job } from "./messages.ts";
import { explained } from "../exercise/syntax.ts";

/** A source that no JavaScript engine can read. */
export class SourceError extends UserError {}

/** Where the running source is in memory, and what stack traces are to call it. */
let place: { from: string; to: string } | undefined;

/**
 * Runs a job's code to its end. `url` is what stack traces call it.
 *
 * @throws SourceError with the line when the source cannot be read, and whatever the source throws.
 */
export async function evaluate(
  { source, code, script }: Job,
  { url, moduleOf }: { url: string; moduleOf: (specifier: string) => object },
): Promise<void> {
  const from = inMemory(`export default async (require) => {${code}\n}\n//# sourceURL=${url}`);
  place = { from, to: url };
  let program: (require: (specifier: string) => object) => Promise<void>;
  try {
    program = (await import(from)).default;
  } catch (error) {
    const line = await lineOf(error as Error, `async (require) => {${code}\n}`);
    const found = explained(source, line, (error as Error).message);
    throw new SourceError(`${script}, line ${found.line}: ${found.text}`);
  }
  await program(moduleOf);
}

/** A stack trace as V8 writes it, which is what lib/exercise/place.ts reads: with the source's name, and `    at (place)`. */
export function likeV8(stack: string): string {
  const named = place ? stack.replaceAll(place.from, place.to) : stack;
  return named.replaceAll(/^[^@\n]*@(.*)$/gm, "    at ($1)");
}

function inMemory(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/**
 * The line of a syntax error. Firefox and Safari keep it in the error. Chrome reports it only of an error that nothing
 * catches, so there a worker is given the text, and never gets to run it.
 */
function lineOf(error: Error & { lineNumber?: number; line?: number }, text: string): Promise<number> | number {
  const known = error.lineNumber ?? error.line;
  if (known) return known;
  return new Promise((resolve) => {
    const worker = new Worker(inMemory(`(${text})`));
    const end = (line: number) => {
      worker.terminate();
      resolve(line);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(event.lineno || 1);
    };
    worker.onmessage = () => end(1);
    setTimeout(() => end(1), 2000);
  });
}
