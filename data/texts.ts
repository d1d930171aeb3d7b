// The texts of the two lists of names. They are text imports with a literal path, which need no permission.
// Left out: what is in them (names.ts). The page replaces this module with its own.

/** The embedded list. */
export async function embeddedText(): Promise<string> {
  return (await import("./names.txt", { with: { type: "text" } })).default;
}

/** The lecture's list; undefined unless `deno task lecture-names` has fetched it. */
export async function lectureText(): Promise<string | undefined> {
  try {
    return (await import("./lecture-names.txt", { with: { type: "text" } })).default;
  } catch {
    return undefined; // no such file: both runtimes reject the import
  }
}
