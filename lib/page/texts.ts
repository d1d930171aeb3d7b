// The texts of the two lists of names, in the page: the embedded one is among its files, the lecture's is the reader's to give.
// The build puts this module in the place of data/texts.ts.
import { decoded } from "./front_coding.ts";
import { job } from "./job.ts";

/** The embedded list. */
export async function embeddedText(): Promise<string> {
  const response = await fetch(job.names);
  if (!response.ok) throw new Error(`The list of names beside the page could not be read: ${response.status}.`);
  return decoded(await response.text());
}

/** The lecture's list, where the reader has given it. */
export function lectureText(): Promise<string | undefined> {
  return Promise.resolve(job.lectureNames);
}
