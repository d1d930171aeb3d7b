// The names to learn from: the lecture's list if `deno task lecture-names` has fetched it, else the embedded one.
// Left out: where the two texts come from (texts.ts).
import { UserError } from "../lib/errors.ts";
import { parseNames } from "./dataset.ts";
import { LECTURE_NAMES, whyNotLecture } from "./lecture_names.ts";
import { embeddedText, lectureText } from "./texts.ts";

export { LECTURE_NAMES, whyNotLecture };

/** A list of names, and which one it is. */
export interface Names {
  /** "lecture" for the lecture's list, "ssa" for the embedded one. */
  source: "lecture" | "ssa";
  /** The names, in the list's order. */
  names: string[];
}

/**
 * The lecture's names if they have been fetched, else the embedded ones.
 *
 * @throws UserError when data/lecture-names.txt exists but is not the lecture's list: it would give other numbers.
 */
export async function loadNames(): Promise<Names> {
  const lecture = await lectureText();
  if (lecture === undefined) {
    return { source: "ssa", names: parseNames(await embeddedText()) };
  }
  // Bytes beyond ASCII have already been decoded, so the size of the file is no longer known.
  const wrong = /[^\s -~]/.test(lecture)
    ? "it contains more than the letters a to z."
    : await whyNotLecture(new TextEncoder().encode(lecture));
  if (wrong) {
    throw new UserError(
      `data/lecture-names.txt is not the lecture's list: ${wrong} Fetch it again (deno task lecture-names) or delete it.`,
    );
  }
  return { source: "lecture", names: parseNames(lecture) };
}
