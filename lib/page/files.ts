// The page's other files, each fetched once and kept in memory: so every run after the first is without the network, and an
// old page never meets a new worker. For a reload without a network, a service worker keeps them all (offline.ts).
// Left out: their names, which have a hash of what is in them; the build puts them in here (build.ts).

/** The names of the files beside the page. The build puts them in the place of this. */
declare const FILES: { worker: string; names: string };

/** A file that the page has a use for. */
class PageFile {
  readonly #url: string;
  #kept: Promise<string> | undefined;
  /** Where it can be had at once: in memory, as soon as it is there. */
  address: string;

  constructor(name: string) {
    this.#url = this.address = new URL(name, document.baseURI).href;
  }

  /**
   * Its address in memory.
   *
   * @throws Error with a sentence that says why it is not there. The next call tries again.
   */
  load(): Promise<string> {
    this.#kept ??= this.#fetch().catch((error) => {
      this.#kept = undefined;
      throw error;
    });
    return this.#kept;
  }

  async #fetch(): Promise<string> {
    const response = await fetch(this.#url).catch(() => {
      throw new Error("A part of the page could not be loaded: is the network there? Press Run to try again.");
    });
    if (!response.ok) {
      throw new Error(
        response.status === 404
          ? "The page has changed on its server since you opened it: reload it. Your code is kept."
          : `The server did not give a part of the page (${response.status}). Press Run to try again.`,
      );
    }
    return this.address = URL.createObjectURL(await response.blob());
  }
}

/** What runs exercises. */
export const worker = new PageFile(FILES.worker);

/** The list of names that exercise 4 learns from. */
export const names = new PageFile(FILES.names);

/**
 * Keeps all that any exercise needs, for when the network is gone by then. Returns how far that goes: until the page is closed, or
 * over a reload as well, which takes a service worker; some browsers and addresses allow none.
 *
 * @throws Error with a sentence that says what did not come.
 */
export async function keepAll(): Promise<"open" | "reload"> {
  await names.load();
  try {
    await navigator.serviceWorker.register("offline.js");
    await navigator.serviceWorker.ready;
    return "reload";
  } catch {
    return "open";
  }
}
