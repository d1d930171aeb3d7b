// The page in a real browser, for its tests: built, served below a path of its own, opened in Chromium.
/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright-core";
import { spawnSync } from "node:child_process";
import { Buffer } from "node:buffer";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { serve } from "../../lib/page/serve.ts";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

// Without what a browser does on its own account, and without a sandbox, which a container may not have.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
  .concat("--disable-component-update", "--disable-sync");

/** Builds the page as `deno task page` does. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ["task", "page"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`deno task page failed:\n${stderr}`);
}

/** Chromium. */
export function chromiumItself(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

/** A folder on a server of its own, at any free port or this one, below a path of its own. Closed, it answers nobody any more. */
export async function served(folder: string, at = 0): Promise<{ address: string; close: () => Promise<void> }> {
  const { port, server } = await serve(folder, at, "/some/where/");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: `http://127.0.0.1:${port}/some/where/`, close };
}

/** What a reader's window is like. */
export interface Reader {
  width?: number;
  height?: number;
  dark?: boolean;
  watched?: boolean;
  serviceWorkers?: "allow" | "block";
}

/** The page's server and a browser. */
export class Site {
  /** Every address that any page has asked for. */
  readonly requests: string[] = [];
  /** What went wrong in pages, and messages on their consoles. */
  readonly complaints: string[] = [];

  /** Where the page is served. */
  readonly address: string;
  /** Ends browser and server. */
  readonly close: () => Promise<void>;
  readonly #browser: Browser;

  private constructor(browser: Browser, address: string, close: () => Promise<void>) {
    this.#browser = browser;
    this.address = address;
    this.close = close;
  }

  /** Serves page/ and starts a browser. */
  static async open(): Promise<Site> {
    const server = await served(`${root}page`), browser = await chromiumItself();
    return new Site(browser, server.address, async () => {
      await browser.close();
      await server.close();
    });
  }

  /**
   * A window of a reader's who was never here before. What a page there asks for and complains of is noted, unless it is not
   * `watched`: tests cut its network, or have a server of their own.
   */
  async window(
    { width = 1280, height = 800, dark = false, watched = true, serviceWorkers }: Reader = {},
  ): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      serviceWorkers,
    });
    context.setDefaultTimeout(20_000); // much else may go on beside
    await context.addInitScript(countRuns);
    const page = await context.newPage();
    if (!watched) return page;
    context.on("request", (request) => this.requests.push(request.url()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    return page;
  }

  /** A window with an exercise open, its first run done. */
  async exercise(n: number | string, options: Reader = {}): Promise<Page> {
    const page = await this.window(options);
    await page.goto(`${this.address}#${n}`);
    await finished(page);
    return page;
  }
}

/** Waits until the run at hand is over. */
export async function finished(page: Page, seconds = 60): Promise<void> {
  await page.locator("body[data-run=done]").waitFor({ state: "attached", timeout: seconds * 1000 });
}

/** Counts the runs that are over, in the page. */
function countRuns(): void {
  const counted = globalThis as unknown as { runs: number };
  counted.runs = 0;
  new MutationObserver((changes) => counted.runs += changes.filter(({ oldValue }) => oldValue === "running").length)
    .observe(document, { subtree: true, attributeFilter: ["data-run"], attributeOldValue: true });
}

/** Does something that makes the page run, and waits until a run is over that was not before. */
export async function untilRun(page: Page, work: () => Promise<void>, seconds = 60): Promise<void> {
  const runs = () => page.evaluate(() => (globalThis as unknown as { runs: number }).runs);
  const before = await runs();
  await work();
  await page.waitForFunction((n) => (globalThis as unknown as { runs: number }).runs > n, before, {
    timeout: seconds * 1000,
  });
  await finished(page, seconds);
}

/** Puts code into the editor as a reader opens a file, and waits until it has run. */
export function openFile(page: Page, source: string, seconds?: number): Promise<void> {
  const file = { name: "ex.ts", mimeType: "text/plain", buffer: new TextEncoder().encode(source) };
  return untilRun(page, () => choose(page, "Open …", file), seconds);
}

/** Picks an entry of the File menu that asks for a file. */
export async function choose(
  page: Page,
  entry: string,
  file: { name: string; mimeType: string; buffer: Uint8Array },
): Promise<void> {
  if (!await page.locator(".menu").evaluate((menu) => (menu as HTMLDetailsElement).open)) await page.click("summary");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: entry }).click();
  await (await chooser).setFiles({ ...file, buffer: Buffer.from(file.buffer) });
}

/** What the run printed on standard output and standard error. */
export function output(page: Page): Promise<{ stdout: string; stderr: string }> {
  return page.locator(".output").evaluate((output) => {
    const lines = [...output.querySelectorAll("pre")];
    const text = (error: boolean) =>
      lines.filter((line) => line.classList.contains("error") === error).map((line) => line.textContent).join("");
    return { stdout: text(false), stderr: text(true) };
  });
}

/** The code in the editor, though only a part of it is on the page. */
export async function code(page: Page, n: number): Promise<string> {
  return await page.evaluate((n) => localStorage.getItem(`backprop-ninja code ${n}`) ?? "", n);
}
