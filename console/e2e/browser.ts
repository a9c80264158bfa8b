// The system's Chromium, watched: whatever a page asks of another origin, complains of or opens as a dialog is kept.
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { TestServer } from "./server";

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Watched {
  page: Page;
  /** Requests to other origins. */
  foreign: string[];
  /** Dialogs that a script opened. */
  dialogs: string[];
  /** Violations of the content security policy, and exceptions nobody caught. */
  complaints: string[];
}

export async function open(
  browser: Browser,
  server: TestServer,
  options: BrowserContextOptions & { loggedIn?: boolean } = {},
): Promise<Watched> {
  const { loggedIn = true, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, ...rest });
  if (loggedIn) await context.addCookies([server.session]);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const watched: Watched = { page, foreign: [], dialogs: [], complaints: [] };
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== server.base) watched.foreign.push(request.url());
  });
  page.on("dialog", (dialog) => {
    watched.dialogs.push(dialog.message());
    dialog.dismiss().catch(() => undefined);
  });
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/i.test(message.text()))
      watched.complaints.push(message.text());
  });
  return watched;
}

/** Opens a task in the workspace and waits until a verdict would count. */
export async function review(page: Page, server: TestServer, task: { id: string; queue_key: string }): Promise<void> {
  await page.goto(`${server.base}/app/review?queue=${task.queue_key}&task=${task.id}`);
  await settled(page);
}

/** Waits out the time in which no verdict counts, for the task on the screen. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("complementary", { name: "Decision" }).waitFor();
  await page.waitForTimeout(450);
}

/** Asks until the answer is as wanted; fails after five seconds with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  let last = await ask();
  for (let tries = 0; tries < 100 && !wanted(last); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await ask();
  }
  if (!wanted(last)) throw new Error(`not in five seconds; the last answer was ${JSON.stringify(last).slice(0, 500)}`);
  return last;
}
