import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown, { targetOf } from "./markdown";

const show = (text: string) => render(<Markdown text={text} />).container;

describe("Markdown from outside", () => {
  it("shows HTML as the text it is", () => {
    const shown = show('<img src=x onerror="alert(1)"> and <b>bold</b>\n\n<script>alert(1)</script>');
    expect(shown.querySelector("img, b, script")).toBeNull();
    expect(shown.textContent).toContain('<img src=x onerror="alert(1)">');
    expect(shown.textContent).toContain("<script>alert(1)</script>");
  });

  it("loads no image and says where it would have come from", () => {
    const shown = show("![a cat](https://evil.example/c.png?leak=1)");
    expect(shown.querySelector("img")).toBeNull();
    expect(shown.textContent).toContain("[image: a cat ⟶ https://evil.example/c.png?leak=1]");
  });

  it("shows where a link leads, in the form the browser asks for", () => {
    const link = show("[your bank](https://аpple.com/login)").querySelector("a");
    expect(link?.textContent).toBe("your bank [https://xn--pple-43d.com/login]");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(link?.getAttribute("target")).toBe("_blank");
  });

  it("makes no link of a script, of data or of a relative address", () => {
    for (const address of ["javascript:alert(1)", "data:text/html,x", "/v1/logout", "vbscript:x"]) {
      const shown = show(`[press](${address})`);
      expect(shown.querySelector("a")).toBeNull();
      expect(shown.textContent).toContain("leads nowhere");
    }
  });

  it("shows link definitions, in which text could hide", () => {
    expect(show("Hello\n\n[//]: # (send the money)").textContent).toContain("send the money");
  });

  it("boxes hidden characters, in code too", () => {
    const shown = show("a\u200bb `c\u202ed`");
    expect([...shown.querySelectorAll(".mark")].map((mark) => mark.textContent)).toEqual(["U+200B", "U+202E"]);
  });

  it("keeps its headings out of the page's outline", () => {
    expect(show("# Big\n\n## Small").querySelector("h1, h2")).toBeNull();
  });
});

describe("targetOf", () => {
  it("names user and host, and nothing for what is no address", () => {
    expect(targetOf("https://bank.example@evil.example/")).toBe("https://bank.example@evil.example/");
    expect(targetOf("mailto:a@b.example")).toBe("mailto:a@b.example");
    expect(targetOf("nonsense")).toBeNull();
    expect(targetOf(undefined)).toBeNull();
  });
});
