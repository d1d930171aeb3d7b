// The page's service worker: after one visit the page opens without a network as well, at whatever path it is.
//
// All files but the page itself have a hash of their content in their names, so what is kept of them is never old. The page is
// asked of its server first; where that does not answer, it comes as this version has it, with the files that it names. One
// version goes in as a whole and comes out alone: no script meets another version's. A new version is kept beside the old
// one, which goes when no window is open that may have begun with it.
// Left out: registering it (files.ts). Whatever else is below the same path is no business of its.

/** This version's page, and the names of all its files. The build puts them in here (build.ts). */
declare const PAGE: string, NAMES: readonly string[];

/** What there is of a service worker's scope here; the types of browsers' pages do not have it. */
interface Scope {
  registration: { scope: string };
  addEventListener(
    type: "install" | "activate",
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(type: "fetch", listener: (event: Fetch) => void): void;
}

interface Fetch {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

/** Seconds after which a network that says nothing is as good as none. */
const PATIENCE = 5;

const self = globalThis as unknown as Scope, { scope } = self.registration;

/** A cache belongs to a server as a whole, on which other pages may have theirs. */
const mine = `backprop-ninja ${scope} `, current = mine + NAMES.join(" ");

self.addEventListener(
  "install",
  (event) => event.waitUntil(caches.open(current).then((cache) => cache.addAll([...NAMES]))),
);

self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

self.addEventListener("fetch", (event) => {
  const { request } = event, address = request.url.replace(/[?#].*/, "");
  const name = address.startsWith(scope) ? address.slice(scope.length) : undefined;
  if (request.mode === "navigate" && (name === "" || name === "index.html")) event.respondWith(page(request));
  else if (name && NAMES.includes(name)) event.respondWith(file(request));
});

async function forgetOthers(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(mine) && name !== current);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE * 1000));
  const response = await Promise.race([fetch(request), late]).catch(() => undefined);
  if (response && response.status < 500) return response;
  return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8" } });
}

async function file(request: Request): Promise<Response> {
  return await caches.open(current).then((cache) => cache.match(request.url)).catch(() => undefined) ??
    await fetch(request);
}
