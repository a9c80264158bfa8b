import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, launch, open } from "./browser";
import { ADMIN, TestServer } from "./server";

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

const status = async (headers: Record<string, string>) => (await fetch(`${server.base}/v1/me`, { headers })).status;

describe("settings", () => {
  it("make an API key that works, show it once, and revoke it", async () => {
    await page.goto(`${server.base}/app/settings/keys`);
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name").fill("billing-agent");
    await page.getByLabel("email").check();
    await page.getByRole("button", { name: "Create key" }).click();
    const key = await page.getByRole("textbox", { name: "The new key" }).inputValue();
    expect(key).toMatch(/^sk_live_[0-9A-Za-z]{36}$/);
    expect(await status({ authorization: `Bearer ${key}` })).toBe(200);
    await page.getByRole("button", { name: "Close" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "billing-agent" });
    await row.getByText("only in email").waitFor();
    await row.getByRole("button", { name: "Revoke" }).click();
    await row.getByText("revoked").waitFor();
    await eventually(
      () => status({ authorization: `Bearer ${key}` }),
      (code) => code === 401,
    );
  });

  it("make an access token that acts as me", async () => {
    await page.goto(`${server.base}/app/settings/tokens`);
    await page.getByLabel("Name").fill("laptop");
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByRole("textbox", { name: "The new token" }).inputValue();
    const me = await server.as<{ member: { name: string } }>({ authorization: `Bearer ${token}` }, "GET", "/v1/me");
    expect(me.member.name).toBe(ADMIN.name);
  });

  it("list my sessions and end another", async () => {
    const login = await fetch(`${server.base}/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.base, "x-signoff-csrf": "1" },
      body: JSON.stringify({ email: ADMIN.email, password: ADMIN.password }),
    });
    const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(await status({ cookie })).toBe(200);
    await page.goto(`${server.base}/app/settings/sessions`);
    await page.getByRole("button", { name: "End" }).first().click();
    await eventually(
      () => status({ cookie }),
      (code) => code === 401,
    );
    await page.getByText("this one").waitFor();
  });

  it("disable a member, whose sessions end at once", async () => {
    expect(await status(jonas)).toBe(200);
    await page.goto(`${server.base}/app/settings/members`);
    const row = page.getByRole("listitem").filter({ hasText: "Jonas" });
    await row.getByRole("button", { name: "Disable" }).click();
    await row.getByText("disabled").waitFor();
    await eventually(
      () => status(jonas),
      (code) => code === 401,
    );
    const mine = page.getByRole("listitem").filter({ hasText: ADMIN.email });
    const disable = mine.getByRole("button", { name: "Disable" });
    expect(await disable.getAttribute("aria-disabled")).toBe("true");
    expect(await disable.getAttribute("data-bar")).toBe("You cannot disable yourself.");
  });

  it("ask for the password before the e-mail changes", async () => {
    await page.goto(`${server.base}/app/settings/account`);
    await page.getByLabel("E-mail").fill("ada.l@example.org");
    await page.getByLabel("Your password, to change the e-mail").fill("not my password at all");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Your password, to change the e-mail").fill(ADMIN.password);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Your password, to change the e-mail").waitFor({ state: "hidden" });
    const me = await server.admin<{ member: { email: string } }>("GET", "/v1/me");
    expect(me.member.email).toBe("ada.l@example.org");
  });

  it("remember the theme", async () => {
    await page.goto(`${server.base}/app/settings/account`);
    await page.getByLabel("Theme").selectOption("dark");
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.reload();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    expect(await ground()).toBe(dark);
    await page.getByLabel("Theme").selectOption("light");
    expect(await ground()).not.toBe(dark);
  });
});

describe("an administrator with a task", () => {
  it("assigns, cancels and reopens it, with reasons on record", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Administered", data: {} });
    await page.goto(`${server.base}/app/task/${task.id}`);
    await page.getByRole("button", { name: "Assign" }).click();
    await page.getByLabel("Reviewer").selectOption({ label: ADMIN.name });
    await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    const assigned = await server.task(task.id);
    expect(assigned.assignee_id).toMatch(/^mem_/);

    await server.admin("POST", `/v1/task/${task.id}/review`, { result: ["approved"] }, { "if-match": '"1"' });
    await page.getByRole("button", { name: "Reopen" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("The amount was wrong");
    await page.getByRole("dialog").getByRole("button", { name: "Reopen" }).click();
    await eventually(
      () => server.task(task.id),
      (now) => now.state === "queued",
    );
    await page.getByRole("tab", { name: "Reviews" }).click();
    await page.getByText("void", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Cancel task" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("No longer needed");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel task" }).click();
    const cancelled = await eventually(
      () => server.task(task.id),
      (now) => now.state === "cancelled",
    );
    expect(cancelled.outcome?.reason).toBe("No longer needed");
  });
});
