// The text of the learner's file, as Deno gives it without a permission: a text import with a literal path needs none. With it
// messages can quote the line that they are about.
// Left out: files of other names, such as a practice network's, whose paths are not known here; and Bun, which may read.

/**
 * The files that blanks are written to; an import of one that is not there rejects. With `?text` it is another module than the
 * one that runs: else a Deno that knows no text imports refuses that, before it can say that it is too old.
 */
const TEXTS: Readonly<Record<string, () => Promise<object>>> = {
  // @ts-ignore: blanks come and go
  "my/ex1.ts": () => import("../../my/ex1.ts?text", { with: { type: "text" } }),
  // @ts-ignore: blanks come and go
  "my/ex2.ts": () => import("../../my/ex2.ts?text", { with: { type: "text" } }),
  // @ts-ignore: blanks come and go
  "my/ex3.ts": () => import("../../my/ex3.ts?text", { with: { type: "text" } }),
  // @ts-ignore: blanks come and go
  "my/ex4.ts": () => import("../../my/ex4.ts?text", { with: { type: "text" } }),
  // @ts-ignore: blanks come and go
  "my/layernorm.ts": () => import("../../my/layernorm.ts?text", { with: { type: "text" } }),
  // @ts-ignore: blanks come and go
  "my/attention.ts": () => import("../../my/attention.ts?text", { with: { type: "text" } }),
};

/** The text of a blank by its path in the project's folder; undefined for any other file. */
export async function ownText(script: string): Promise<string | undefined> {
  try {
    return (await TEXTS[script]() as { default: string }).default;
  } catch {
    return undefined;
  }
}
