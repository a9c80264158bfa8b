import { describe, expect, it } from "vitest";
import { hiddenIn, pieces } from "./pieces";

const labels = (text: string, line = false) =>
  pieces(text, { line }).flatMap((piece) => (piece.kind === "hidden" ? [piece.label] : []));

describe("pieces", () => {
  it("lose nothing: joined they are the text", () => {
    const text = "plain \u202egnp.exe\u202c a\u200bb \u0007 раypal \ud800 👩‍💻 ✔️\r\nend";
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });

  it("leave ordinary text of every script alone", () => {
    for (const text of [
      "Grüße, señor",
      "Привет мир",
      "こんにちは",
      "שלום עולם",
      "مرحبا",
      "a\tb\nc",
      "naïve – “quoted” €5",
    ]) {
      expect(pieces(text)).toEqual([{ kind: "text", text }]);
    }
  });

  // reliability: the ranges that must be visible, both ends of each.
  it.each([
    0x00, 0x08, 0x0b, 0x1b, 0x1f, 0x7f, 0x80, 0x9f, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180f,
    0x200b, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2064, 0x2066, 0x2069, 0x3164, 0xfe00, 0xfe0e, 0xfeff,
    0xffa0, 0xe000, 0xf8ff, 0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0xe0000, 0xe0041, 0xe007f, 0xe0100, 0xe01ef, 0xf0000,
    0x10ffff,
  ])("box U+%s", (code) => {
    const label = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    expect(labels(`a${String.fromCodePoint(code)}b`)).toEqual([label]);
  });

  it("box a surrogate without its partner", () => {
    expect(labels("a\ud800b")).toEqual(["U+D800"]);
  });

  it("box line breaks and tabs where a text is one line", () => {
    expect(labels("a\nb\tc", true)).toEqual(["U+000A", "U+0009"]);
    expect(labels("a\nb\tc")).toEqual([]);
  });

  it("take CR LF for a line break and box a CR that stands alone", () => {
    expect(labels("a\r\nb")).toEqual([]);
    expect(labels("safe\rrm -rf")).toEqual(["U+000D"]);
  });

  it("allow the emoji selector after an emoji and nowhere else", () => {
    expect(labels("✔️ 1️⃣")).toEqual([]);
    expect(labels("a\ufe0f 1\ufe0f")).toEqual(["U+FE0F", "U+FE0F"]);
  });

  it("mark words that mix look-alike scripts, not texts that use several", () => {
    expect(pieces("pаypal")).toEqual([{ kind: "mixed", text: "pаypal", scripts: "Latin and Cyrillic" }]);
    expect(pieces("gооgle Αlpha").filter((piece) => piece.kind === "mixed")).toHaveLength(2);
    expect(pieces("Москва is Moscow, 5 kΩ, 3 µm").filter((piece) => piece.kind === "mixed")).toEqual([]);
  });

  it("are quick on a megabyte", () => {
    const text = "lorem ipsum dolor ".repeat(60_000);
    const begun = performance.now();
    expect(pieces(text)).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});

describe("hiddenIn", () => {
  it("counts each hidden character with its name", () => {
    expect(hiddenIn("a\u200bb\u200b\u202e")).toEqual([
      { label: "U+200B", name: "zero width space", count: 2 },
      { label: "U+202E", name: "right-to-left override", count: 1 },
    ]);
  });
});
