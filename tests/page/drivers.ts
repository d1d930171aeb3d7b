// Firefox and WebKit, driven by the standards that they speak: WebDriver BiDi over a WebSocket, and WebDriver over HTTP.
// (Chromium is browser.ts's.) A driver does what the tests in every browser need: open an address, and run a script there.
//
// Left out: all that playwright does for Chromium.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A browser with one window. */
export interface Driver {
  /** Opens an address and waits until it is loaded. */
  goto(address: string): Promise<void>;
  /** The value, as JSON has it, of an expression in the window. */
  evaluate(expression: string): Promise<unknown>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** Where Debian puts the browser with which WebKit is driven. */
const MINI_BROWSERS = ["4.1", "4.0"].map((version) => `/usr/lib/${machine()}/webkit2gtk-${version}/MiniBrowser`);

function machine(): string {
  const names = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];
  return names.find((name) => /^\w+-linux-gnu$/.test(name)) ?? "x86_64-linux-gnu";
}

/** Firefox. */
export async function firefox(): Promise<Driver> {
  const profile = mkdtempSync(join(tmpdir(), "backprop-ninja-firefox-"));
  // Nothing that a browser does on its own account.
  const off = ["app.update.enabled", "browser.shell.checkDefaultBrowser", "datareporting.policy.dataSubmissionEnabled"]
    .concat("network.captive-portal-service.enabled", "network.connectivity-service.enabled", "extensions.enabled")
    .concat("browser.safebrowsing.malware.enabled", "browser.safebrowsing.phishing.enabled", "app.normandy.enabled");
  writeFileSync(join(profile, "user.js"), off.map((name) => `user_pref("${name}", false);\n`).join(""));
  const browser = start("firefox-esr", [
    ...["--headless", "--no-remote", "--profile", profile],
    ...["--remote-debugging-port", String(await freePort())],
  ], {});
  const socket = new WebSocket(await said(browser, /WebDriver BiDi listening on (ws:\S+)/) + "/session");
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("Firefox does not answer."));
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  };
  let last = 0;
  const call = async (method: string, params: object) => {
    const id = ++last, { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await promise;
    if (type === "error") throw new Error(`Firefox, ${method}: ${message}`);
    return result!;
  };
  await call("session.new", { capabilities: {} });
  const { contexts } = await call("browsingContext.getTree", {}) as unknown as { contexts: { context: string }[] };
  const context = contexts[0].context;
  return {
    async goto(url) {
      await call("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = await call("script.evaluate", {
        expression: `JSON.stringify(${expression})`,
        target: { context },
        awaitPromise: true,
      }) as unknown as { result?: { value?: string }; exceptionDetails?: { text: string } };
      if (exceptionDetails) throw new Error(`Firefox: ${exceptionDetails.text}`);
      return result?.value === undefined ? undefined : JSON.parse(result.value);
    },
    async close() {
      socket.close();
      await end(browser);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Answer {
  id?: number;
  type: string;
  message?: string;
  result?: Record<string, unknown>;
}

/** WebKit, the engine of Safari. It needs a screen: a virtual one is started for it. */
export async function webkit(): Promise<Driver> {
  const binary = MINI_BROWSERS.find((path) => existsSync(path));
  if (!binary) throw new Error(`None of these is there: ${MINI_BROWSERS.join(", ")}.`);
  const screen = start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {});
  const display = `:${await said(screen, /^(\d+)\n/)}`, port = await freePort();
  const driver = start("WebKitWebDriver", [`--port=${port}`], { DISPLAY: display });
  const call = async (method: string, path: string, body?: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      ...{ method, headers, body: body && JSON.stringify(body) },
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`WebKit, ${method} ${path}: ${value.message}`);
    return value;
  };
  await until(() => fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false));
  const options = { binary, args: ["--automation"] };
  const { sessionId } = await call("POST", "", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
  });
  return {
    goto: (url) => call("POST", `/${sessionId}/url`, { url }),
    async evaluate(expression) {
      const script = `const done = arguments[0]; Promise.resolve().then(() => ${expression}).then(
        (value) => done({ json: JSON.stringify(value) }), (error) => done({ error: String(error) }));`;
      const { json, error } = await call("POST", `/${sessionId}/execute/async`, { script, args: [] });
      if (error) throw new Error(`WebKit: ${error}`);
      return json === undefined || json === null ? undefined : JSON.parse(json);
    },
    async close() {
      await call("DELETE", `/${sessionId}`);
      await end(driver);
      await end(screen);
    },
  };
}

/** Waits until a condition holds, half a minute at most. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  for (const began = performance.now(); !await condition();) {
    if (performance.now() - began > seconds * 1000) throw new Error(`Not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function start(program: string, args: string[], environment: Record<string, string>): ChildProcess {
  return spawn(program, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
}

/** What a program says that matches, within half a minute. */
function said(program: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const hear = (part: unknown) => {
      text += part;
      const found = wanted.exec(text);
      if (found) resolve(found[1]);
    };
    program.stdout!.on("data", hear);
    program.stderr!.on("data", hear);
    program.on("error", reject);
    program.on("exit", () => reject(new Error(`${program.spawnfile} ended:\n${text}`)));
    setTimeout(() => reject(new Error(`${program.spawnfile} did not say ${wanted}:\n${text}`)), 30_000).unref();
  });
}

function end(program: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (program.exitCode !== null || program.signalCode !== null) return resolve();
    program.on("exit", () => resolve());
    program.kill();
    setTimeout(() => program.kill("SIGKILL"), 5000).unref();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
