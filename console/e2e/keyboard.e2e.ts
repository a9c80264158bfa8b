import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Task } from "../src/api/types";
import { eventually, launch, open, review, settled } from "./browser";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let page: Page;
let tasks: Task[];
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  await server.queue("email", "approval");
  ({ page } = await open(browser, server));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  for (const task of tasks ?? []) await server.admin("POST", `/v1/task/${task.id}/cancel`, {}).catch(() => undefined);
  tasks = [];
  for (const summary of ["One", "Two", "Three"])
    tasks.push(await server.submit({ queue_key: "email", summary, data: { n: summary } }));
});

const first = () => tasks[0] as Task;
const states = () => Promise.all(tasks.map(async (task) => (await server.task(task.id)).state));

describe("verdict keys", () => {
  it("decide one task when the key is held down, not all that wait", async () => {
    await review(page, server, first());
    // The second down of a key that was not let go is a repeat, as the browser reports it.
    for (let times = 0; times < 40; times++) {
      await page.keyboard.down("a");
      await page.waitForTimeout(40);
    }
    await page.keyboard.up("a");
    expect(await states()).toEqual(["reviewed", "queued", "queued"]);
  });

  it("do not count in the first 300 ms of a task", async () => {
    await page.goto(`${server.base}/app/review?queue=email&task=${first().id}`);
    await page.getByRole("heading", { name: "One" }).waitFor();
    await settled(page);
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Two" }).waitFor();
    await page.keyboard.press("a");
    await page.waitForTimeout(400);
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    await page.keyboard.press("a");
    await eventually(states, (now) => now[1] === "reviewed");
  });

  it("are letters in a text field, and in a dialog decide nothing", async () => {
    await review(page, server, first());
    await page.getByLabel("Feedback").focus();
    await page.keyboard.type("a r a r");
    expect(await page.getByLabel("Feedback").inputValue()).toBe("a r a r");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("a");
    await page.waitForTimeout(200);
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  it("leave Ctrl+A, Alt+A and Ctrl+R to the browser", async () => {
    await review(page, server, first());
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Alt+a");
    await page.waitForTimeout(300);
    expect(await states()).toEqual(["queued", "queued", "queued"]);
  });

  it("decide once however fast they come while the request is under way", async () => {
    await review(page, server, first());
    let posts = 0;
    await page.route("**/review", async (route) => {
      posts += 1;
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue();
    });
    await page.keyboard.press("a");
    await page.keyboard.press("a");
    await page.keyboard.press("r");
    await eventually(states, (now) => now[0] === "reviewed");
    await page.unroute("**/review");
    expect(posts).toBe(1);
    expect((await server.task(first().id)).outcome?.result).toEqual(["approved"]);
  });

  it("never find Approve focused", async () => {
    await review(page, server, first());
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  });
});

describe("other keys", () => {
  it("J and K walk through the list without deciding", async () => {
    await review(page, server, first());
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Two" }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Three" }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "Two" }).waitFor();
    expect(await states()).toEqual(["queued", "queued", "queued"]);
  });

  it("do nothing as single letters once that is turned off, while Ctrl+Enter still submits", async () => {
    await review(page, server, first());
    await page.keyboard.press("?");
    await page.getByLabel(/Single letters act/).uncheck();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("a");
    await page.waitForTimeout(200);
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    await page.keyboard.press("?");
    await page.getByLabel(/Single letters act/).check();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });
});
