import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Offer, Review } from "../src/api/types";
import { eventually, launch, open, review, settled } from "./browser";
import { ADMIN, TestServer } from "./server";

type Headers = Record<string, string>;

let server: TestServer;
let browser: Browser;
let page: Page;
let jonas: Headers;
let jonasId: string;
let adaId: string;
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  jonas = await server.reviewer("Jonas");
  adaId = (await server.admin<{ member: { id: string } }>("GET", "/v1/me")).member.id;
  jonasId = (await server.as<{ member: { id: string } }>(jonas, "GET", "/v1/me")).member.id;
  await server.queue("turns", "approval", { assignment: "round_robin", reviewer_ids: [adaId] });
  await server.queue("deploys", "approval", {
    name: "Deployments",
    stages: [
      { key: "risk", actor: "policy", when: "task.data.amount < 10", decide: ["approved"] },
      { key: "peers", name: "Two peers", actor: "people", rule: { type: "unanimous", n: 2 } },
      {
        key: "lead",
        name: "The lead",
        actor: "people",
        separate: false,
        reviewers: { groups: [], member_ids: [adaId] },
      },
    ],
    sla: {
      calendar: null,
      metrics: [{ kind: "time_to_decision", target_minutes: { default: 240 } }],
      on_deadline: { action: "expire" },
    },
    sla_minutes: 480,
    escalation: {
      steps: [
        { after: { elapsed_minutes: 30 }, action: { type: "notify", targets: ["queue_lead"] }, unless: "claimed" },
        { after: { sla_percent: 100 }, action: { type: "raise_priority", to: "urgent" } },
      ],
      loops: 1,
    },
    lead_ids: [adaId],
  });
  await server.queue("pairs", "approval", {
    stages: [{ key: "review", actor: "people", rule: { type: "unanimous", n: 3 } }],
  });
  await server.queue("plain", "approval");
  ({ page } = await open(browser, server));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const offered = () =>
  eventually(
    () => server.admin<Offer[]>("GET", "/v1/me/offer"),
    (offers) => offers.length > 0,
  );

describe("an offer", () => {
  it("appears by itself, is accepted, and leads to the review", async () => {
    await page.goto(`${server.base}/app/`);
    await page.getByRole("heading", { name: "My turn" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    const task = await server.submit({ queue_key: "turns", summary: "Offered to Ada", data: {} });
    const offers = page.getByRole("region", { name: "Offered to you" });
    await offers.getByText("Offered to Ada").waitFor();
    await offers.getByText(/stands for/).waitFor();
    await offers.getByRole("button", { name: "Accept" }).click();
    await settled(page);
    await page.getByRole("button", { name: "Approve" }).click();
    await eventually(
      () => server.task(task.id),
      (now) => now.state === "reviewed",
    );
  });

  it("is declined with a reason, and nobody is left", async () => {
    // A workspace that is done takes the next task as it comes, before it could be offered.
    await page.goto(`${server.base}/app/`);
    const task = await server.submit({ queue_key: "turns", summary: "Not for Ada", data: {} });
    await offered();
    const offers = page.getByRole("region", { name: "Offered to you" });
    await offers.getByRole("button", { name: "Decline" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "No time now" }).click();
    await dialog.getByRole("button", { name: "Decline" }).click();
    await offers.waitFor({ state: "hidden" });
    await page.goto(`${server.base}/app/task/${task.id}?tab=history`);
    await page.getByText(`declined the offer to ${ADMIN.name}`).waitFor();
    await page.getByText("found nobody to offer it to").waitFor();
  });

  it("that has ended meanwhile says so plainly", async () => {
    const task = await server.submit({ queue_key: "turns", summary: "Gone in a moment", data: {} });
    await offered();
    await page.goto(`${server.base}/app/`);
    const row = page.getByRole("region", { name: "Offered to you" });
    await row.getByText("Gone in a moment").waitFor();
    // The event stream would take it away at once: the click comes before the news.
    await page.route("**/v1/me/offer", (route) => route.abort());
    await server.agent("POST", `/v1/task/${task.id}/cancel`, {});
    await row.getByRole("button", { name: "Accept" }).click();
    await page.getByText("This offer has ended").waitFor();
    await page.unroute("**/v1/me/offer");
  });
});

describe("an approval in stages", () => {
  it("is blind until one's own review is in, and then goes on to the next stage", async () => {
    const task = await server.submit({ queue_key: "deploys", summary: "Deploy 4.2", data: { amount: 500 } });
    const verdict = { result: ["approved"], feedback: "Looks right to Jonas" };
    await server.as<Review>({ ...jonas, "if-match": '"1"' }, "POST", `/v1/task/${task.id}/review`, verdict);
    await review(page, server, task);
    const standing = page.getByRole("region", { name: "How this is decided" });
    await standing.getByText("Stage 2 of 3: Two peers").waitFor();
    await standing.getByText("Both reviewers have to agree.").waitFor();
    await standing.getByText("1 review is in, 1 more is wanted.").waitFor();
    await standing.getByText(/Blind: what/).waitFor();
    await standing.getByText(/left$/).waitFor();
    expect(await page.getByText("Looks right to Jonas").count()).toBe(0);
    await page.getByRole("button", { name: "Approve" }).click();
    const next = await eventually(
      () => server.task(task.id),
      (now) => now.stage === 2,
    );
    expect(next.state).toBe("queued");

    await page.goto(`${server.base}/app/task/${task.id}?tab=reviews`);
    await page.getByText("Looks right to Jonas").waitFor();
    await review(page, server, task);
    await page.getByText("Stage 3 of 3: The lead").first().waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await eventually(
      () => server.task(task.id),
      (now) => now.state === "reviewed",
    );
    await page.goto(`${server.base}/app/task/${task.id}?tab=history`);
    await page.getByText("passed by the stage risk: its condition does not hold").waitFor();
    await page.getByText("completed the stage peers after 2 reviews").waitFor();
  });

  it("says that my review is in, and waits for the others", async () => {
    const task = await server.submit({ queue_key: "pairs", summary: "Three of us", data: {} });
    await server.admin("POST", `/v1/task/${task.id}/review`, { result: ["approved"] }, { "if-match": '"1"' });
    await review(page, server, task);
    await page
      .locator("span:not([hidden])", { hasText: "Your review is in. The task waits for the other reviewers." })
      .first()
      .waitFor();
    const approve = page.getByRole("button", { name: "Approve" });
    expect(await approve.getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("a");
    expect((await server.task(task.id)).reviews?.length).toBe(1);
  });

  it("decided by policy says that no person did", async () => {
    const task = await server.submit({ queue_key: "deploys", summary: "A small one", data: { amount: 5 } });
    await page.goto(`${server.base}/app/task/${task.id}?tab=reviews`);
    await page.getByText("The queue's policy").waitFor();
    await page.getByText("no person").waitFor();
  });
});

describe("an override", () => {
  it("says what it does, takes a reason, and is on record as one", async () => {
    const task = await server.submit({ queue_key: "pairs", summary: "The release is off", data: {} });
    await review(page, server, task);
    await page.getByRole("button", { name: "Decide in place of the rule" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/at once and for good/).waitFor();
    await dialog.getByRole("radio", { name: "Reject" }).check();
    const button = dialog.getByRole("button", { name: "Override" });
    expect(await button.getAttribute("data-bar")).toBe("Give a reason.");
    await dialog.getByLabel("Reason").fill("The customer withdrew");
    await button.click();
    const decided = await eventually(
      () => server.task(task.id),
      (now) => now.state === "reviewed",
    );
    expect(decided.outcome).toMatchObject({ rule: "override", result: ["rejected"], reason: "The customer withdrew" });
    await page.getByText("Decided by override, in place of the stage's rule.").waitFor();
  });

  it("is not there for who may not", async () => {
    const task = await server.submit({ queue_key: "pairs", summary: "No override here", data: {} });
    const { page: theirs } = await open(browser, server, { loggedIn: false });
    const [name = "", value = ""] = (jonas.cookie ?? "").split(/=(.*)/s);
    await theirs.context().addCookies([{ name, value, url: server.base }]);
    await review(theirs, server, task);
    await theirs.getByText("All 3 reviewers have to agree.").waitFor();
    expect(await theirs.getByRole("button", { name: "Decide in place of the rule" }).count()).toBe(0);
    await theirs.goto(`${server.base}/app/task/${task.id}`);
    await theirs.getByRole("link", { name: "Review" }).waitFor();
    expect(await theirs.getByRole("button", { name: "Override" }).count()).toBe(0);
    await theirs.context().close();
  });
});

describe("why", () => {
  it("counts who is left at each filter, and says why each is not asked", async () => {
    await server.as(jonas, "PUT", "/v1/me/presence", { presence: "away" });
    const task = await server.submit({ queue_key: "turns", summary: "Why nobody", data: {} });
    await offered();
    await page.goto(`${server.base}/app/task/${task.id}?tab=why`);
    const steps = page.getByRole("list", { name: "Candidates left at each filter" }).first();
    await steps.getByText("are online").waitFor();
    expect(await steps.getByRole("listitem").count()).toBe(15);
    const his = page.getByRole("listitem").filter({ hasText: "Jonas" });
    await his.getByText(/online/i).waitFor();
    await page.getByText("You have it already.").waitFor();
    await server.as(jonas, "PUT", "/v1/me/presence", { presence: "online" });
    await server.agent("POST", `/v1/task/${task.id}/cancel`, {});
  });
});

describe("presence", () => {
  it("is switched in the shell and remembered by the server", async () => {
    await page.goto(`${server.base}/app/`);
    await page.getByRole("button", { name: /Online/ }).click();
    await page.getByRole("menuitemradio", { name: "Away" }).click();
    await eventually(
      () => server.admin<{ presence: string }>("GET", `/v1/member/${adaId}/availability`),
      (now) => now.presence === "away",
    );
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("button", { name: /Away/ }).waitFor();
    // And from elsewhere it arrives by itself.
    await page.getByText("Live", { exact: true }).waitFor();
    await server.admin("PUT", "/v1/me/presence", { presence: "online" });
    await page.getByRole("button", { name: /Online/ }).waitFor();
  });
});

describe("a review whose place is gone", () => {
  it("is kept as surplus when asked, with all that was typed", async () => {
    const task = await server.submit({ queue_key: "plain", summary: "Too late", data: {} });
    await review(page, server, task);
    await page.getByLabel("Feedback").fill("Half an hour of thought");
    await page.getByLabel("Feedback").blur();
    // The clock of the real server cannot be moved: its refusal of a late review is given here in its place.
    const sent: { keep_late?: boolean; lease_id?: string; feedback?: string }[] = [];
    await page.route(`**/v1/task/${task.id}/review`, async (route) => {
      sent.push(route.request().postDataJSON() as (typeof sent)[number]);
      if (sent.length > 1) return route.continue();
      const message = "Jonas is reviewing this task.";
      await route.fulfill({ status: 409, json: { code: "task_leased", title: "Taken", detail: message, message } });
    });
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("The place of your review is taken.").waitFor();
    expect(await page.getByLabel("Feedback").inputValue()).toBe("Half an hour of thought");
    await page.getByRole("button", { name: "Keep it as surplus" }).click();
    await page.getByText("Kept as surplus").waitFor();
    expect(sent[1]).toMatchObject({ keep_late: true, feedback: "Half an hour of thought", result: ["approved"] });
    expect(sent[1]?.lease_id).toMatch(/^lea/);
    await page.unroute(`**/v1/task/${task.id}/review`);
  });
});

describe("how a queue works", () => {
  it("is there to read, and tried out", async () => {
    await page.goto(`${server.base}/app/queue/deploys`);
    await page.getByRole("link", { name: "How it works" }).click();
    await page.getByRole("heading", { name: "3 stages" }).waitFor();
    await page.getByText("task.data.amount < 10").waitFor();
    await page.getByText("Both reviewers have to agree.").waitFor();
    await page.getByText("Past its deadline a task expires.").waitFor();

    const sla = page.getByRole("form", { name: "When would a task be due?" });
    await sla.getByLabel("Submitted").fill("2026-07-03T16:30");
    await sla.getByRole("button", { name: "Work it out" }).click();
    await sla.getByText(/Submitted at Fri/).waitFor();
    await sla.getByText(/due Sat/).waitFor();

    const run = page.getByRole("form", { name: "What would happen to a task that nobody looks at?" });
    await run.getByLabel("Submitted").fill("2026-07-03T16:30");
    await run.getByRole("button", { name: "Dry run" }).click();
    const planned = run.getByRole("list", { name: "What would happen" });
    await planned.getByText("Tell the queue's leads").waitFor();
    await planned.getByText("Raise the priority to urgent").waitFor();
  });
});

describe("absence and delegation", () => {
  it("previews what would be left without anybody, and is added and taken back", async () => {
    await page.goto(`${server.base}/app/settings/absence`);
    const absence = page.getByRole("form", { name: "New absence" });
    await absence.getByLabel("From").fill("2027-07-01T09:00");
    await absence.getByLabel("Until").fill("2027-07-08T09:00");
    await absence.getByText("turns", { exact: true }).waitFor();
    await absence
      .getByText(/has nobody/)
      .first()
      .waitFor();
    await absence.getByRole("button", { name: "Add absence" }).click();
    const mine = page.getByRole("list", { name: "My absences" });
    await mine.getByText("Open work waits for you").waitFor();
    await mine.getByRole("button", { name: "Take back" }).click();
    await page.getByText("No absence is entered.").waitFor();

    const delegation = page.getByRole("form", { name: "New delegation" });
    await delegation.getByLabel("To", { exact: true }).selectOption({ label: "Jonas" });
    await delegation.getByLabel("From").fill("2027-07-01T09:00");
    await delegation.getByLabel("Until").fill("2027-07-08T09:00");
    await delegation.getByRole("button", { name: "Add delegation" }).click();
    const delegations = page.getByRole("list", { name: "My delegations" });
    await delegations.getByText("Jonas").waitFor();
    await delegations.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("You delegate to nobody.").waitFor();
  });

  it("shows on whose behalf I act", async () => {
    const hour = 3_600_000;
    const at = (from: number) => new Date(Date.now() + from).toISOString();
    await server.queue("his", "approval", { reviewer_ids: [jonasId], assignment: "round_robin" });
    await server.as(jonas, "POST", "/v1/delegation", {
      to: { member: adaId },
      starts_at: at(-hour),
      ends_at: at(hour),
      mode: "always",
    });
    await server.as(jonas, "PUT", "/v1/me/presence", { presence: "away" });
    const task = await server.submit({ queue_key: "his", summary: "For Jonas", data: {} });
    await review(page, server, task);
    await page.getByRole("button", { name: "Approve" }).click();
    const decided = await eventually(
      () => server.task(task.id),
      (now) => now.state === "reviewed",
    );
    expect(decided.reviews?.[0]?.on_behalf_of).toBe(jonasId);
    await page.goto(`${server.base}/app/task/${task.id}?tab=reviews`);
    await page.getByText("on behalf of Jonas").waitFor();
  });
});
