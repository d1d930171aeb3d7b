// The names to learn from: the lecture's list when `deno task lecture-names` has put it here, else the embedded one.
// Left out: where the two texts come from (texts.ts).
import { UserError } from "../lib/errors.ts";
import { parseNames } from "./dataset.ts";
import { LECTURE_NAMES, whyNotLecture } from "./lecture_names.ts";
import { embeddedText, lectureText } from "./texts.ts";

export { LECTURE_NAMES, whyNotLecture };

/** A list of names and which it is. */
export interface Names {
  /** "lecture" for the lecture's list, "ssa" for the embedded one. */
  source: "lecture" | "ssa";
  /** The names, in the list's order. */
  names: string[];
}

/**
 * The lecture's names if they are there, else the embedded ones.
 *
 * @throws UserError when data/lecture-names.txt is there but is not the lecture's list: its numbers would be others.
 */
export async function loadNames(): Promise<Names> {
  const lecture = await lectureText();
  if (lecture === undefined) {
    return { source: "ssa", names: parseNames(await embeddedText()) };
  }
  // Bytes that are not ASCII have become one character or another by now, so how many there were is lost.
  const wrong = /[^\s -~]/.test(lecture)
    ? "it holds more than letters a to z."
    : await whyNotLecture(new TextEncoder().encode(lecture));
  if (wrong) {
    throw new UserError(
      `data/lecture-names.txt is not the lecture's list: ${wrong} Fetch it again (deno task lecture-names) or delete it.`,
    );
  }
  return { source: "lecture", names: parseNames(lecture) };
}
