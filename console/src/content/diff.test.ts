import { describe, expect, it } from "vitest";
import { changes } from "./diff";
import { same } from "./same";

describe("changes", () => {
  it("names each changed place as a JSON pointer", () => {
    const found = changes({ a: 1, "x/y": { b: [1] }, gone: true }, { a: 2, "x/y": { b: [1, 2] }, come: null });
    expect(found.map(({ path, kind }) => [path, kind])).toEqual([
      ["/a", "changed"],
      ["/x~1y/b", "changed"],
      ["/gone", "removed"],
      ["/come", "added"],
    ]);
  });

  it("marks the words that changed, and the parts give both texts back", () => {
    const [change] = changes({ t: "The warranty is two years." }, { t: "The warranty is three full years." });
    const parts = change?.parts ?? [];
    const side = (drop: string) =>
      parts
        .filter((part) => part.kind !== drop)
        .map((part) => part.text)
        .join("");
    expect(side("added")).toBe("The warranty is two years.");
    expect(side("removed")).toBe("The warranty is three full years.");
    expect(parts.some((part) => part.kind === "same" && part.text.includes("warranty"))).toBe(true);
  });

  it("finds nothing where the order of members alone differs", () => {
    expect(changes({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toEqual([]);
  });
});

describe("same", () => {
  it("tells null, absence, order of lists and types apart", () => {
    expect(same({ a: null }, {})).toBe(false);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same("1", 1)).toBe(false);
    expect(same([], {})).toBe(false);
    expect(same({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
  });
});
