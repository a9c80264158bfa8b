import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, open } from "./browser";
import { ADMIN, TestServer } from "./server";

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("logging in", () => {
  it("takes the first administrator from the printed link to a name, a password and the empty home", async () => {
    const { page, complaints } = await open(browser, server, { loggedIn: false });
    // Mail scanners fetch links. A fetch must not use the link up.
    expect((await fetch(`${server.base}/app/link`)).ok).toBe(true);
    await page.goto(`${server.base}/app/link#${server.linkToken}`);
    const button = page.getByRole("button", { name: "Log in" });
    await button.waitFor();
    expect(page.url()).not.toContain(server.linkToken);
    await button.click();

    await page.getByRole("heading", { name: "Welcome to Signoff" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill(ADMIN.name);
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("heading", { name: "My turn" }).waitFor();
    await page.getByRole("link", { name: "Create the first queue" }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("refuses the link a second time", async () => {
    const { page } = await open(browser, server, { loggedIn: false });
    await page.goto(`${server.base}/app/link#${server.linkToken}`);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").waitFor();
    await page.context().close();
  });

  it("leads through the password to the address that was asked for, and out again", async () => {
    const { page } = await open(browser, server, { loggedIn: false });
    await page.goto(`${server.base}/app/queue?x=1`);
    await page.getByRole("heading", { name: "Log in to Signoff" }).waitFor();
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password").fill("wrong wrong wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Queues", exact: true }).waitFor();

    await page.getByRole("button", { name: ADMIN.name }).click();
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in to Signoff" }).waitFor();
    await page.goto(`${server.base}/app/`);
    await page.getByRole("heading", { name: "Log in to Signoff" }).waitFor();
    await page.context().close();
  });

  it("makes a member of whom an administrator invites", async () => {
    const { page } = await open(browser, server, { loggedIn: false });
    await page.goto(`${server.base}/app/login`);
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "My turn" }).waitFor();
    await page.goto(`${server.base}/app/settings/members`);
    await page.getByLabel("E-mail").fill("jonas@example.org");
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByLabel("Invitation link").inputValue();
    await page.context().close();

    const guest = await open(browser, server, { loggedIn: false });
    await guest.page.goto(new URL(new URL(link).pathname + new URL(link).hash, server.base).href);
    await guest.page.getByLabel("Your name").fill("Jonas Weber");
    await guest.page.getByLabel("Password").fill(ADMIN.password);
    await guest.page.getByRole("button", { name: "Join" }).click();
    await guest.page.getByRole("heading", { name: "My turn" }).waitFor();
    await guest.page.goto(`${server.base}/app/settings/account`);
    await guest.page.getByText("Your role is reviewer").waitFor();
    expect(await guest.page.getByRole("link", { name: "API keys" }).count()).toBe(0);
    await guest.page.context().close();
  });
});
