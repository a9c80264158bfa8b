import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, launch, open, review, settled } from "./browser";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  await server.queue("email", "approval", { allow_edits: true, feedback_required: "when_rejected" });
  await server.queue("triage", "classification", {
    review_options: [
      { id: "billing", label: "Billing" },
      { id: "technical", label: "Technical", hotkey: "t" },
    ],
  });
  await server.queue("clauses", "labeling", {
    review_options: [
      { id: "liability", label: "Liability" },
      { id: "payment", label: "Payment" },
      { id: "law", label: "Law" },
    ],
  });
  await server.queue("quality", "scoring", { scale: { min: 1, max: 5, step: 0.5 } });
  await server.queue("match", "multiple_choice", { max_selections: 1 });
  await server.queue("draft", "augmentation");
  ({ page } = await open(browser, server));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const decided = (id: string) =>
  eventually(
    () => server.task(id),
    (task) => task.state === "reviewed",
  );

describe("the six review types", () => {
  it("approval: one press approves, and the agent's task is settled", async () => {
    const task = await server.submit({
      queue_key: "email",
      summary: "Send the reply",
      data: { to: "a@example.com", body: "Hello" },
    });
    await review(page, server, task);
    await page.getByRole("button", { name: "Approve" }).click();
    const settledTask = await decided(task.id);
    expect(settledTask.outcome?.result).toEqual(["approved"]);
    expect(settledTask.reviews?.[0]?.reviewer?.name).toBe("Ada Lindqvist");
  });

  it("approval: a rejection asks for the reason first", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Send the threat", data: { body: "Pay!" } });
    await review(page, server, task);
    await page.getByRole("button", { name: "Reject" }).click();
    expect((await server.task(task.id)).state).toBe("queued");
    const feedback = page.getByLabel("Feedback");
    expect(await feedback.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type("Not our tone");
    await page.keyboard.press("Control+Enter");
    const rejected = await decided(task.id);
    expect(rejected.outcome?.result).toEqual(["rejected"]);
    expect(rejected.reviews?.[0]?.feedback).toBe("Not our tone");
  });

  it("approval with edits: shows the difference and sends it", async () => {
    const task = await server.submit({
      queue_key: "email",
      summary: "Send the offer",
      data: { to: "b@example.com", body: "We offer 10 %." },
    });
    await review(page, server, task);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByLabel("body").fill("We offer 5 %.");
    await page.getByRole("heading", { name: "Your changes" }).waitFor();
    expect(await page.locator("ins").innerText()).toContain("5");
    expect(await page.locator("del").innerText()).toContain("10");
    await page.getByRole("button", { name: "Approve with edits" }).click();
    const edited = await decided(task.id);
    expect(edited.reviews?.[0]?.data).toEqual({ to: "b@example.com", body: "We offer 5 %." });
    expect(edited.data).toEqual({ to: "b@example.com", body: "We offer 10 %." });
  });

  it("classification: by the option's own key and Ctrl+Enter", async () => {
    const task = await server.submit({ queue_key: "triage", summary: "It crashes", data: { text: "It crashes" } });
    await review(page, server, task);
    await page.keyboard.press("1");
    await page.keyboard.press("t");
    expect(await page.getByLabel("Technical").isChecked()).toBe(true);
    await page.keyboard.press("Control+Enter");
    expect((await decided(task.id)).outcome?.result).toEqual(["technical"]);
  });

  it("labeling: several, by number", async () => {
    const task = await server.submit({ queue_key: "clauses", summary: "Clause 14", data: { clause: "…" } });
    await review(page, server, task);
    await page.keyboard.press("1");
    await page.keyboard.press("2");
    await page.keyboard.press("3");
    await page.keyboard.press("2");
    await page.keyboard.press("Control+Enter");
    expect((await decided(task.id)).outcome?.result).toEqual(["liability", "law"]);
  });

  it("scoring: a half step by its button", async () => {
    const task = await server.submit({ queue_key: "quality", summary: "An answer", data: { answer: "42" } });
    await review(page, server, task);
    await page.getByRole("radio", { name: "4.5" }).check();
    await page.getByRole("button", { name: "Submit" }).click();
    expect((await decided(task.id)).outcome?.result).toEqual(["4.5"]);
  });

  it("multiple choice: among the candidates of the task, with their data beside the content", async () => {
    const task = await server.submit({
      queue_key: "match",
      summary: "Who is ACME?",
      data: { mention: "ACME" },
      choices: [
        { key: "ab", label: "ACME AB", data: { vat: "SE55" } },
        { key: "oy", label: "Acme Oy", description: "Helsinki" },
      ],
    });
    await review(page, server, task);
    await page.getByText("SE55").waitFor();
    await page.keyboard.press("2");
    await page.keyboard.press("Control+Enter");
    expect((await decided(task.id)).outcome?.result).toEqual(["oy"]);
  });

  it("augmentation: edits text and JSON, and refuses what is not JSON", async () => {
    const task = await server.submit({
      queue_key: "draft",
      summary: "A post",
      data: { title: "Hours", tags: ["a"], publish: false },
    });
    await review(page, server, task);
    await page.getByLabel("title").fill("Winter hours");
    await page.getByLabel("tags").fill("[");
    await page.locator("#submit-why", { hasText: "Part of the edited content is not valid JSON." }).waitFor();
    await page.getByLabel("tags").fill('["a", "b"]');
    await page.getByLabel("publish").check();
    await page.getByRole("button", { name: "Submit" }).click();
    const done = await decided(task.id);
    expect(done.outcome?.result).toEqual(["edited"]);
    expect(done.outcome?.data).toEqual({ title: "Winter hours", tags: ["a", "b"], publish: true });
  });
});

describe("going on", () => {
  it("opens the next task after a decision, and ends with what was done", async () => {
    const first = await server.submit({ queue_key: "email", summary: "First of two", data: {}, priority: "urgent" });
    const second = await server.submit({ queue_key: "email", summary: "Second of two", data: {} });
    await page.goto(`${server.base}/app/queue/email`);
    await page.getByRole("link", { name: "Start reviewing" }).click();
    await page.getByRole("heading", { name: "First of two" }).waitFor();
    await settled(page);
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: "Second of two" }).waitFor();
    expect(page.url()).toContain(second.id);
    await settled(page);
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: "That was all" }).waitFor();
    await page.getByText("You decided 2.").waitFor();
    expect((await server.task(first.id)).state).toBe("reviewed");
    expect((await server.task(second.id)).state).toBe("reviewed");
  });

  it("skips with a reason, for the record", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Not for me", data: {} });
    await review(page, server, task);
    await page.keyboard.press("s");
    await page.getByRole("button", { name: "I am too close to it" }).click();
    await page.getByRole("button", { name: "Skip", exact: true }).last().click();
    await page.getByRole("heading", { name: "That was all" }).waitFor();
    const skipped = (await server.events(task.id)).find((event) => event.type === "task.skipped");
    expect(skipped?.actor.name).toBe("Ada Lindqvist");
    expect((await server.task(task.id)).state).toBe("queued");
    await server.admin("POST", `/v1/task/${task.id}/cancel`, {});
  });

  it("keeps what was typed over a reload, and gives the lease back on leaving", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Slow thoughts", data: {} });
    await review(page, server, task);
    await page.getByLabel("Feedback").fill("half a sent");
    await eventually(
      () => server.task(task.id),
      (now) => now.lease !== null,
    );
    await page.reload();
    await settled(page);
    expect(await page.getByLabel("Feedback").inputValue()).toBe("half a sent");
    await page.getByRole("link", { name: "Queues" }).click();
    await eventually(
      () => server.task(task.id),
      (now) => now.lease === null,
    );
    await server.admin("POST", `/v1/task/${task.id}/cancel`, {});
  });
});

describe("beside the decision", () => {
  it("shows the history of a task with who did what", async () => {
    const task = await server.submit({ queue_key: "email", summary: "With a past", data: { a: 1 } });
    await review(page, server, task);
    await page.keyboard.press("a");
    await decided(task.id);
    await page.goto(`${server.base}/app/task/${task.id}`);
    await page.getByRole("tab", { name: "History" }).click();
    const history = page.getByRole("tabpanel");
    await history.getByText("submitted this task").waitFor();
    await history.getByText("submitted a review").waitFor();
    expect(await history.innerText()).toContain("Ada Lindqvist");
  });

  it("takes comments, and Ctrl+Enter in one decides nothing", async () => {
    const task = await server.submit({ queue_key: "email", summary: "Talk about it", data: {} });
    await review(page, server, task);
    await page.getByRole("tab", { name: "Comments" }).click();
    await page.getByLabel("Comment", { exact: true }).fill("Is the amount **right**?");
    await page.keyboard.press("Control+Enter");
    await page.locator(".comment strong", { hasText: "right" }).waitFor();
    expect((await server.task(task.id)).state).toBe("queued");
    await server.admin("POST", `/v1/task/${task.id}/cancel`, {});
  });

  it("creates a queue in the form and refuses what the server refuses, at its place", async () => {
    await page.goto(`${server.base}/app/queue/new`);
    await page.getByLabel("Name").fill("Refunds over 100 €");
    expect(await page.getByLabel("Key").inputValue()).toBe("refunds-over-100");
    await page.getByLabel("Key").fill("email");
    await page.getByRole("button", { name: "Create queue" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Key").fill("refunds");
    await page.getByLabel("What reviewers do").selectOption("classification");
    await page.getByRole("button", { name: "Add an option" }).click();
    await page.getByLabel("Option 1: label").fill("Pay it");
    await page.getByRole("button", { name: "Create queue" }).click();
    await page.getByRole("heading", { name: "Refunds over 100 €" }).waitFor();
    const queue = await server.admin<{ review_options: { id: string }[] }>("GET", "/v1/queue/refunds");
    expect(queue.review_options.map((option) => option.id)).toEqual(["pay_it"]);
  });
});
