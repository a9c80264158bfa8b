import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../src/api/types";
import { eventually, launch, open, settled } from "./browser";
import { TestServer } from "./server";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = fileURLToPath(new URL("../test-results/", import.meta.url));

let server: TestServer;
let browser: Browser;
const screens: Record<string, string> = {};
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  mkdirSync(pictures, { recursive: true });
  const jonas = await server.reviewer("Jonas");
  await server.queue("outbound-email", "approval", {
    name: "Outbound e-mail",
    allow_edits: true,
    feedback_required: "when_rejected",
    sla_minutes: 45,
    instructions: "Check **tone** and amounts.\n\n- No promise of a refund date",
  });
  await server.queue("triage", "classification", {
    name: "Ticket triage",
    review_options: [
      { id: "billing", label: "Billing", description: "Invoices, charges, refunds", color: "#3a4fc4" },
      { id: "technical", label: "Technical", description: "Something does not work", color: "#187a45" },
    ],
  });
  await server.queue("clauses", "labeling", {
    name: "Contract clauses",
    review_options: ["Liability", "Termination", "Payment"].map((label) => ({ id: label.toLowerCase(), label })),
  });
  await server.queue("quality", "scoring", {
    name: "Answer quality",
    timing: "after",
    scale: { min: 1, max: 5, step: 1 },
  });
  await server.queue("match", "multiple_choice", { name: "Entity match" });
  await server.queue("draft", "augmentation", { name: "Draft post" });
  const submitted: Record<string, Task> = {};
  submitted.approval = await server.submit({
    queue_key: "outbound-email",
    summary: "Reply to Ms Ortega about the delayed order 4471",
    external_id: "mail-4471",
    priority: "urgent",
    data: {
      to: "m.ortega@example.com",
      subject: "Your order 4471",
      body: "Dear Ms Ortega,\n\nI am sorry that your order has not arrived. We have sent a **replacement** today.\n\nKind regards",
    },
    context: { ticket: { id: 88213, language: "en", tags: ["delay", "vip"] } },
    metadata: { region: "eu" },
  });
  submitted.classification = await server.submit({
    queue_key: "triage",
    summary: "Cannot log in",
    data: { message: "Since Monday\nI cannot log in." },
  });
  submitted.labeling = await server.submit({
    queue_key: "clauses",
    summary: "Clause 14.2",
    data: { clause: "Neither party shall be liable." },
  });
  submitted.scoring = await server.submit({
    queue_key: "quality",
    summary: "How do I export?",
    data: { answer: "Open Settings, then Export." },
  });
  submitted.multiple_choice = await server.submit({
    queue_key: "match",
    summary: "Which company is ACME?",
    data: { mention: "ACME" },
    choices: [
      { key: "a", label: "ACME AB", data: { vat: "SE5566", employees: 240 } },
      { key: "b", label: "None of these" },
    ],
  });
  submitted.augmentation = await server.submit({
    queue_key: "draft",
    summary: "Winter hours",
    data: { title: "Hours", text: "We are open.", tags: ["news"] },
  });
  const decided = await server.submit({
    queue_key: "outbound-email",
    summary: "Reply about the warranty",
    data: { body: "Two years." },
  });
  await server.as({ ...jonas, "if-match": '"1"' }, "POST", `/v1/task/${decided.id}/review`, {
    result: ["approved"],
    data: { body: "Two years from the day of purchase." },
    feedback: "Said from when they count.",
  });
  const held = await server.submit({ queue_key: "triage", summary: "Held by a colleague", data: {} });
  await server.as(jonas, "POST", `/v1/task/${held.id}/claim`);
  await server.agent("POST", `/v1/task/${submitted.approval.id}/comment`, {
    body: "The customer wrote **twice** already.",
  });
  await server.admin("POST", "/v1/token", { name: "laptop" });
  await server.admin("POST", "/v1/invitation", { email: "li@example.org", role: "auditor" });

  const { member: ada } = await server.admin<{ member: { id: string } }>("GET", "/v1/me");
  await server.queue("deploys", "approval", {
    name: "Deployments",
    assignment: "round_robin",
    routing: {
      offer_timeout_seconds: 86_400,
      ageing_minutes: 60,
      skills: [{ skill: "production", mandatory: false, drop_after_seconds: 1 }],
    },
    stages: [
      { key: "risk", name: "Risk", actor: "policy", when: 'task.data.service == "docs"', decide: ["approved"] },
      { key: "peers", name: "Two peers", actor: "people", rule: { type: "unanimous", n: 2 } },
      { key: "lead", name: "The lead", actor: "people", reviewers: { groups: [], member_ids: [ada.id] } },
    ],
    sla_minutes: 480,
    sla: {
      calendar: null,
      metrics: [
        { kind: "time_to_assign", target_minutes: { urgent: 15, default: 60 } },
        { kind: "time_to_decision", target_minutes: { default: 240 }, warn_at_percent: [50, 75] },
      ],
      on_deadline: { action: "expire" },
    },
    escalation: {
      steps: [
        { after: { elapsed_minutes: 30 }, unless: "claimed", action: { type: "notify", targets: ["queue_lead"] } },
        {
          after: { sla_percent: 75 },
          when: "task.data.amount > 500",
          action: { type: "raise_priority", to: "urgent" },
        },
      ],
    },
    lead_ids: [ada.id],
  });
  const staged = await server.submit({
    queue_key: "deploys",
    summary: "Deploy billing 4.2 to production",
    priority: "high",
    data: { service: "billing", amount: 900 },
  });
  // This one stays an offer: its review is never opened here.
  await server.submit({
    queue_key: "deploys",
    summary: "Deploy search 1.9 to production",
    data: { service: "search" },
  });
  await eventually(
    () => server.admin<unknown[]>("GET", "/v1/me/offer"),
    (offers) => offers.length > 1,
  );
  await server.as({ ...jonas, "if-match": '"1"' }, "POST", `/v1/task/${staged.id}/review`, { result: ["approved"] });
  const plans = { starts_at: "2027-07-01T07:00:00Z", ends_at: "2027-07-08T07:00:00Z" };
  await server.admin("POST", "/v1/absence", { ...plans, open_work: "delegate", reason: "Summer" });
  await server.admin("POST", "/v1/delegation", {
    ...plans,
    to: { member: (await server.as<{ member: { id: string } }>(jonas, "GET", "/v1/me")).member.id },
  });
  Object.assign(screens, {
    staged: `/review?task=${staged.id}`,
    why: `/task/${staged.id}?tab=why`,
    "staged-task": `/task/${staged.id}`,
    "staged-history": `/task/${staged.id}?tab=history`,
    "queue-rules": "/queue/deploys/rules",
    absence: "/settings/absence",
  });

  for (const [type, task] of Object.entries(submitted)) screens[`review-${type}`] = `/review?task=${task.id}`;
  Object.assign(screens, {
    turn: "/",
    queues: "/queue",
    queue: "/queue/outbound-email",
    "queue-new": "/queue/new",
    "queue-edit": "/queue/triage/edit",
    tasks: "/task",
    "task-reviews": `/task/${decided.id}?tab=reviews`,
    "task-history": `/task/${decided.id}?tab=history`,
    comments: `/review?task=${submitted.approval.id}&tab=comments`,
    markdown: `/review?task=${submitted.approval.id}&view=markdown`,
    json: `/review?task=${submitted.approval.id}&view=json`,
    held: `/review?task=${held.id}`,
    account: "/settings/account",
    sessions: "/settings/sessions",
    tokens: "/settings/tokens",
    members: "/settings/members",
    keys: "/settings/keys",
    login: "/login",
    link: "/link#x",
    "not-found": "/nowhere",
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

interface Violation {
  impact: string;
  id: string;
  nodes: { target: string[]; html: string }[];
}

/** What axe finds, of every severity. Evaluated by the debugger: the page's own policy forbids eval. */
async function violations(page: Page): Promise<Violation[]> {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: axe });
  const run = await debug.send("Runtime.evaluate", {
    expression: "axe.run({ resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations))",
    awaitPromise: true,
    returnByValue: true,
  });
  await debug.detach();
  return JSON.parse(String(run.result.value)) as Violation[];
}

const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1360, height: 850 } },
  dark: { colorScheme: "dark", viewport: { width: 1360, height: 850 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const;

describe.each(Object.entries(LOOKS))("every screen, %s", (look, options) => {
  it("has no finding of axe, no sideways scrolling, no breach of the policy", { timeout: 240_000 }, async () => {
    const { page, complaints, foreign } = await open(browser, server, options);
    const found: string[] = [];
    for (const [name, path] of Object.entries(screens)) {
      await page.goto("about:blank");
      await page.goto(`${server.base}/app${path}`);
      await page.waitForTimeout(600);
      await page.screenshot({ path: `${pictures}${name}-${look}.png` });
      for (const violation of await violations(page)) {
        found.push(
          `${name}: ${violation.impact} ${violation.id} at ${violation.nodes[0]?.target.join(" ")} ${violation.nodes[0]?.html.slice(0, 120)}`,
        );
      }
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (over > 0) found.push(`${name}: scrolls sideways by ${over} px`);
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    expect(foreign.filter((url) => url !== "about:blank")).toEqual([]);
    await page.context().close();
  });
});

describe("the title of the page", () => {
  it("says which screen it is", { timeout: 60_000 }, async () => {
    const { page } = await open(browser, server);
    const task = /^Task task_[0-9a-z]{26}$/;
    const titles: Record<string, string | RegExp> = {
      turn: "My turn",
      queues: "Queues",
      queue: "Queue outbound-email",
      "queue-new": "New queue",
      "queue-edit": "Edit queue triage",
      "queue-rules": "How queue deploys works",
      absence: "Absence and delegation",
      tasks: "Tasks",
      "task-history": task,
      "review-approval": "Review",
      account: "Account",
      sessions: "Sessions",
      tokens: "Access tokens",
      members: "Members",
      keys: "API keys",
      login: "Log in",
      link: "Login link",
      "not-found": "Not found",
    };
    for (const [name, wanted] of Object.entries(titles)) {
      await page.goto("about:blank");
      await page.goto(`${server.base}/app${screens[name]}`);
      const fits = (title: string) => {
        const screen = title.replace(/ · Signoff$/, "");
        return screen !== title && (typeof wanted === "string" ? screen === wanted : wanted.test(screen));
      };
      expect(fits(await eventually(() => page.title(), fits)), name).toBe(true);
    }
    // And it changes with the screen, without a new page.
    await page.goto(`${server.base}/app/`);
    await page.getByRole("link", { name: "Queues" }).first().click();
    expect(
      await eventually(
        () => page.title(),
        (title) => title.startsWith("Queues"),
      ),
    ).toBe("Queues · Signoff");
    await page.context().close();
  });
});

describe("on a phone", () => {
  it("the verdicts are under the thumb and a touch decides", async () => {
    const task = await server.submit({
      queue_key: "outbound-email",
      summary: "Touch me",
      data: { body: "text\n".repeat(200) },
    });
    const { page } = await open(browser, server, LOOKS.phone);
    await page.goto(`${server.base}/app/review?task=${task.id}`);
    await settled(page);
    const approve = page.getByRole("button", { name: "Approve" });
    const box = await approve.boundingBox();
    expect(box && box.y > 600 && box.y + box.height <= 844 && box.height >= 44).toBe(true);
    await approve.tap();
    await page.waitForTimeout(500);
    expect((await server.task(task.id)).state).toBe("reviewed");
    await page.context().close();
  });
});

describe("the first load", () => {
  it("brings less than 150 kB of JavaScript, compressed", async () => {
    const { page } = await open(browser, server);
    const scripts = new Map<string, number>();
    page.on("response", async (response) => {
      if (response.url().endsWith(".js")) scripts.set(response.url(), gzipSync(await response.body()).length);
    });
    await page.goto(`${server.base}/app/`);
    await page.getByRole("heading", { name: "My turn" }).waitFor();
    await page.getByRole("list", { name: "Tasks waiting for me" }).waitFor();
    const total = [...scripts.values()].reduce((sum, size) => sum + size, 0);
    console.info(`initial JavaScript: ${(total / 1000).toFixed(1)} kB gzip in ${scripts.size} files`);
    expect(scripts.size).toBeGreaterThan(0);
    expect(total).toBeLessThan(150_000);
    await page.context().close();
  });
});
