// A link to an exercise with code and flags in it, compressed, in the part of an address that no server is sent.
//
//     …/#1&code=…
//
// Left out: asking before any of it is put in (question.ts).

/** What a link has in it. */
export interface Linked {
  code: string;
  flags: string;
}

/** A text that is longer than this is no exercise. */
const MOST = 1e6;

/** The part of an address after `#` that holds this. */
export async function hashOf(n: number | string, linked: Linked): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(linked));
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  return `#${n}&code=${packed.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** Whether there is code in such a part of an address. */
export function holdsCode(hash: string): boolean {
  return /&code=/.test(hash);
}

/**
 * What such a part of an address holds.
 *
 * @throws Error with a sentence when it is damaged, as links are that were cut off.
 */
export async function linkedIn(hash: string): Promise<Linked> {
  try {
    const packed = Uint8Array.fromBase64(/&code=([\w-]*)/.exec(hash)![1], { alphabet: "base64url" });
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      await through(packed, new DecompressionStream("deflate-raw")),
    );
    const { code, flags } = JSON.parse(text) as Linked;
    if (typeof code !== "string" || typeof flags !== "string") throw new Error("something else");
    return { code, flags };
  } catch {
    throw new Error("The link is damaged: the code in it cannot be read. Was it cut off? Copy it again as a whole.");
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, by: CompressionStream | DecompressionStream) {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of new Blob([bytes]).stream().pipeThrough(by) as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST) throw new RangeError("too long");
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
