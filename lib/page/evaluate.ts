// A learner's TypeScript as a function: its types and imports are taken out by sucrase, which keeps every line where it is.
// So a stack trace has the learner's own line numbers.
// Left out: checking types; editors and `deno check` do that.
import { transform } from "sucrase";
import { UserError } from "../errors.ts";

/** A source that no JavaScript engine can read. */
export class SourceError extends UserError {}

/**
 * Runs a source to its end. `url` is what stack traces call it, `script` what the learner calls it.
 *
 * @throws SourceError with the line when the source cannot be read, and whatever the source throws.
 */
export async function evaluate(
  source: string,
  { url, script, moduleOf }: { url: string; script: string; moduleOf: (specifier: string) => object },
): Promise<void> {
  const code = compile(source, script);
  const text = `(async (require, exports) => {${code}\n})\n//# sourceURL=${url}`;
  let run: (require: (specifier: string) => object, exports: object) => Promise<void>;
  try {
    run = (0, eval)(text);
  } catch (error) {
    throw new SourceError(`${script}, line ${await lineOf(text)}: ${(error as Error).message}`);
  }
  await run(moduleOf, {});
}

/** @throws SourceError for what sucrase cannot parse. */
function compile(source: string, script: string): string {
  try {
    return transform(source, {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
      preserveDynamicImport: true,
      production: true,
    }).code;
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number } };
    const text = message.replace(/ \(\d+:\d+\)$/, "");
    throw new SourceError(`${script}, line ${loc?.line ?? 1}: ${text}.`);
  }
}

/** The line of a syntax error: only an error that nothing catches tells it, so it is made again where nothing does. */
function lineOf(text: string): Promise<number> {
  return new Promise((resolve) => {
    addEventListener("error", (event) => {
      event.preventDefault();
      resolve((event as ErrorEvent).lineno || 1);
    }, { once: true });
    setTimeout(() => (0, eval)(text), 0);
  });
}
