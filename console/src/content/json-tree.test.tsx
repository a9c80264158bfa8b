import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FoldsProvider, useFolds } from "./folds";
import { JsonTree } from "./json-tree";

function Count() {
  const { folded, openAll } = useFolds();
  return (
    <button type="button" onClick={openAll}>
      folded: {folded}
    </button>
  );
}

function show(value: unknown) {
  return render(
    <FoldsProvider>
      <JsonTree value={value} label="Content" />
      <Count />
    </FoldsProvider>,
  );
}

describe("the JSON tree", () => {
  it("shows everything that is not very large, and reads as the value", () => {
    const value = { to: "a@b.example", n: [1, null, true, {}], deep: { er: { "k\u200b": "v" } } };
    show(value);
    screen.getByText("folded: 0");
    const text = screen.getByLabelText("Content").textContent?.replaceAll("U+200B", "\u200b") ?? "";
    expect(JSON.parse(text)).toEqual(value);
  });

  it("counts what is folded until it is unfolded", () => {
    show({ a: { b: 1 } });
    fireEvent.click(screen.getByRole("button", { name: "Fold a" }));
    screen.getByText("folded: 1");
    fireEvent.click(screen.getByRole("button", { name: "1 member" }));
    screen.getByText("folded: 0");
  });

  it("folds the larger parts of a very large value, and opens all of it at once", () => {
    const groups = Object.fromEntries(
      Array.from({ length: 10 }, (_, group) => [`g${group}`, Array.from({ length: 300 }, (_, row) => row)]),
    );
    show(groups);
    fireEvent.click(screen.getByText("folded: 10"));
    screen.getByText("folded: 0");
    expect(screen.getByLabelText("Content").textContent).toContain("299");
  });
});
