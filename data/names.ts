// The names to learn from: the lecture's list when `deno task lecture-names` has put it here, else the embedded one.
// Left out: where the two texts come from (texts.ts).
import { UserError } from "../lib/errors.ts";
import { parseNames } from "./dataset.ts";
import { embeddedText, lectureText } from "./texts.ts";

/** The lecture's list: where it is published, and how to know it. */
export const LECTURE_NAMES = {
  url: "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt",
  bytes: 228_145,
  sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
} as const;

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

/** Why these bytes are not the lecture's list, as a sentence; undefined when they are. */
export async function whyNotLecture(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (bytes.length !== LECTURE_NAMES.bytes) {
    return `it has ${bytes.length.toLocaleString("en")} bytes instead of ${LECTURE_NAMES.bytes.toLocaleString("en")}.`;
  }
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return sha256 === LECTURE_NAMES.sha256 ? undefined : `its sha256 is ${sha256} instead of ${LECTURE_NAMES.sha256}.`;
}
