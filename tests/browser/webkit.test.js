import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { describeBits } from "./bits.js";

/** What WebKitGTK needs where there is no screen; Debian's webkit2gtk-driver, xvfb, xauth and dbus. */
const NEEDED = ["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run", "/usr/bin/xauth", "/usr/bin/dbus-run-session"];
const missing = NEEDED.filter((file) => !existsSync(file));
const SCRIPT_TIME = 600_000; // ms for a page's work, on a slow machine that is busy

/** @type {import("node:child_process").ChildProcess} */ let driver;
let session = "";

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });

/** One command of WebDriver. @param {string} method @param {string} address @param {object} [body] */
async function ask(method, address, body) {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

async function start() {
  const port = await freePort();
  const server = `http://127.0.0.1:${port}`;
  const args = ["--", "xvfb-run", "-a", "WebKitWebDriver", `--port=${port}`];
  // A system without a language, where WebKit names one that no format takes. And without a graphics card's work done by
  // the processor, which would be half of all.
  const env = { ...process.env, LC_ALL: "C", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  driver = spawn("dbus-run-session", args, { stdio: "ignore", detached: true, env });
  for (let ready = false; !ready; ) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
    ready = await ask("GET", `${server}/status`).then(
      (status) => status.ready,
      () => new Promise((done) => setTimeout(() => done(false), 100)),
    );
  }
  const { sessionId } = await ask("POST", `${server}/session`, { capabilities: { alwaysMatch: {} } });
  session = `${server}/session/${sessionId}`;
  await ask("POST", `${session}/timeouts`, { script: SCRIPT_TIME });
}

async function end() {
  if (session) await ask("DELETE", session);
  if (driver?.pid) process.kill(-driver.pid); // with its X server and its bus, which are its own group
}

const RUN = `const done = arguments[1];
(async () => done({ result: await (WORK)(...arguments[0]) }))().catch((error) => done({ error: String(error) }));`;

describeBits(
  "WebKitGTK",
  () => ({
    open: (address) => ask("POST", `${session}/url`, { url: address }),
    run: async (work, ...args) => {
      const script = RUN.replace("WORK", () => String(work));
      const { result, error } = await ask("POST", `${session}/execute/async`, { script, args: [args] });
      if (error) throw new Error(error);
      return result;
    },
  }),
  { skip: missing.length ? `${missing.join(", ")} missing` : false, before: start, after: end },
);
