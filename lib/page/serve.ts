// A small web server for a folder, on this machine only: for `deno task page --serve` and the page's tests.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { UserError } from "../errors.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves a folder at a port, or at any free one for 0, below the path `/` or another such as `/a/b/`. Whatever is asked for
 * that is no file below it, or no address at all, is not found.
 *
 * @throws UserError when nothing can listen at the port.
 */
export function serve(folder: string, port: number, base = "/"): Promise<{ port: number; server: Server }> {
  const server = createServer(async ({ url = "/" }, response) => {
    try {
      const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
      const inside = path.startsWith(base) ? normalize(path.slice(base.length) || "index.html") : "..";
      if (inside.startsWith("..")) throw new Error("outside");
      const content = await readFile(join(folder, inside));
      response.writeHead(200, { "content-type": TYPES[extname(inside)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
    }
  });
  return new Promise((resolve, reject) => {
    server.on("error", (error: Error & { code?: string }) => reject(new UserError(why(error, port))));
    server.listen(port, "127.0.0.1", () => resolve({ port: (server.address() as AddressInfo).port, server }));
  });
}

function why({ code, message }: { code?: string; message: string }, port: number): string {
  if (code === "EADDRINUSE") return `Port ${port} is taken: another program listens there. Choose another number.`;
  if (code === "EACCES") return `Port ${port} is not open to you. Choose a number above 1023.`;
  return `Nothing can listen at port ${port}: ${message}.`;
}
