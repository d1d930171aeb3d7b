// The texts of the two lists of names: text imports with a literal path, which no runtime asks a permission for.
// Left out: what is in them (names.ts). The page puts a module of its own in this one's place.

/** The embedded list. */
export async function embeddedText(): Promise<string> {
  return (await import("./names.txt", { with: { type: "text" } })).default;
}

/** The lecture's list, where `deno task lecture-names` has put it. */
export async function lectureText(): Promise<string | undefined> {
  try {
    return (await import("./lecture-names.txt", { with: { type: "text" } })).default;
  } catch {
    return undefined; // not there: both runtimes reject
  }
}
