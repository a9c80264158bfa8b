import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, launch, open, review, settled } from "./browser";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let page: Page;
let jonas: Record<string, string>;
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  await server.queue("email", "approval");
  jonas = await server.reviewer("Jonas");
  ({ page } = await open(browser, server));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const cancel = (id: string) => server.admin("POST", `/v1/task/${id}/cancel`, {});

describe("live updates", () => {
  it("bring a new task to my turn within a second, and take it away when another decides it", async () => {
    await page.goto(`${server.base}/app/`);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("Nothing waits for you").waitFor();
    const begun = Date.now();
    const task = await server.submit({ queue_key: "email", summary: "Fresh from the agent", data: {} });
    await page.getByRole("link", { name: /Fresh from the agent/ }).waitFor();
    expect(Date.now() - begun).toBeLessThan(1_000);
    await server.as({ ...jonas, "if-match": '"1"' }, "POST", `/v1/task/${task.id}/review`, { result: ["approved"] });
    await page.getByText("Nothing waits for you").waitFor();
  });

  it("show who holds a task, and bar a second decision on it", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Held by Jonas", data: {} });
    await server.as(jonas, "POST", `/v1/task/${task.id}/claim`);
    await review(page, server, task);
    await page.getByText("Jonas is reviewing this task now.", { exact: false }).first().waitFor();
    await page.keyboard.press("a");
    await page.waitForTimeout(300);
    expect((await server.task(task.id)).state).toBe("queued");
    await cancel(task.id);
    await page.getByRole("heading", { name: "Cancelled" }).waitFor();
  });

  it("never change the content under a finger that is about to approve", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Pay the invoice", data: { amount: 10 } });
    await review(page, server, task);
    await eventually(
      () => server.task(task.id),
      (now) => now.lease !== null,
    );
    await server.agent("POST", `/v1/task/${task.id}/revise`, { data: { amount: 10_000 } });
    await page.getByText("The agent has revised this task. You are looking at", { exact: false }).waitFor();
    await page.getByText("10", { exact: true }).waitFor();
    await page.keyboard.press("a");
    await page.waitForTimeout(300);
    expect((await server.task(task.id)).state).toBe("queued");
    await page.getByRole("button", { name: "Show revision 2" }).click();
    await page.getByText("10000", { exact: true }).waitFor();
    await settled(page);
    await page.keyboard.press("a");
    const decided = await eventually(
      () => server.task(task.id),
      (now) => now.state === "reviewed",
    );
    expect(decided.reviews?.at(-1)?.revision).toBe(2);
  });

  it("ask for the password over the work when the session ends, and lose nothing", async () => {
    // The administrator's page would take the task as its next one.
    await page.goto("about:blank");
    const task = await server.submit({ queue_key: "email", summary: "Long thoughts", data: {} });
    const login = await server.as<{ member: { id: string } }>({}, "POST", "/v1/login", {
      email: "jonas@example.org",
      password: "correct horse battery",
    });
    expect(login.member.id).toMatch(/^mem_/);
    const other = await open(browser, server, { loggedIn: false });
    const [name = "", value = ""] = (jonas.cookie ?? "").split(/=(.*)/s);
    await other.page.context().addCookies([{ name, value, url: server.base }]);
    await review(other.page, server, task);
    await other.page.getByLabel("Feedback").fill("Everything I thought of");
    await other.page.context().clearCookies();
    await other.page.getByRole("button", { name: "Approve" }).click();
    await other.page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    await other.page.getByRole("dialog").getByLabel("Password").fill("correct horse battery");
    await other.page.getByRole("dialog").getByRole("button", { name: "Log in" }).click();
    await other.page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await other.page.getByLabel("Feedback").inputValue()).toBe("Everything I thought of");
    await other.page.context().close();
    await cancel(task.id);
  });
});
