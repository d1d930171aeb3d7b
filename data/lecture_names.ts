// The lecture's list of names, which is not part of this repository: where it is published, and how to recognise it.

/** The lecture's list: where it is published, its size and its checksum. */
export const LECTURE_NAMES = {
  url: "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt",
  bytes: 228_145,
  sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
} as const;

/** Why these bytes are not the lecture's list, as a sentence; undefined if they are the list. */
export async function whyNotLecture(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (bytes.length !== LECTURE_NAMES.bytes) {
    return `it has ${bytes.length.toLocaleString("en")} bytes instead of ${LECTURE_NAMES.bytes.toLocaleString("en")}.`;
  }
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return sha256 === LECTURE_NAMES.sha256 ? undefined : `its sha256 is ${sha256} instead of ${LECTURE_NAMES.sha256}.`;
}
