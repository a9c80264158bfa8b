import { describe, expect, it } from "vitest";
import { choose, type Moment, type Press, SETTLE_MS, type Shortcut } from "./guard";

const approve: Shortcut = { keys: ["a"], label: "Approve", group: "Decision", verdict: true, run: () => undefined };
const submit: Shortcut = {
  keys: ["mod+enter"],
  label: "Submit",
  group: "Decision",
  verdict: true,
  run: () => undefined,
};
const next: Shortcut = { keys: ["j", "arrowright"], label: "Next", group: "Review", run: () => undefined };
const help: Shortcut = { keys: ["?"], label: "Keys", group: "Everywhere", run: () => undefined };
const all = [approve, submit, next, help];

const calm: Moment = { now: 10_000, paintedAt: 1_000, busy: false, dialog: false, letters: true };

function press(key: string, more: Partial<Omit<Press, "getModifierState">> & { altGraph?: boolean } = {}): Press {
  const { altGraph = false, ...rest } = more;
  return {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    repeat: false,
    isComposing: false,
    target: document.body,
    getModifierState: (name) => name === "AltGraph" && altGraph,
    ...rest,
  };
}

function element(html: string): Element {
  const host = document.createElement("div");
  host.innerHTML = html;
  const found = host.querySelector("[data-target]");
  if (found === null) throw new Error("no target in the markup");
  return found;
}

describe("a verdict key", () => {
  it("acts on settled content, in either case", () => {
    expect(choose(press("a"), calm, all)).toBe(approve);
    expect(choose(press("A"), calm, all)).toBe(approve);
  });

  it("does not act while it is held down", () => {
    expect(choose(press("a", { repeat: true }), calm, all)).toBeNull();
    expect(choose(press("Enter", { ctrlKey: true, repeat: true }), calm, all)).toBeNull();
  });

  it("does not act before the content was painted and could have been read", () => {
    expect(choose(press("a"), { ...calm, paintedAt: null }, all)).toBeNull();
    expect(choose(press("a"), { ...calm, now: 1_000 + SETTLE_MS - 1 }, all)).toBeNull();
    expect(choose(press("a"), { ...calm, now: 1_000 + SETTLE_MS }, all)).toBe(approve);
  });

  it("does not act while a decision is being sent or a dialog is open", () => {
    expect(choose(press("a"), { ...calm, busy: true }, all)).toBeNull();
    expect(choose(press("a"), { ...calm, dialog: true }, all)).toBeNull();
  });

  it("does not act with Ctrl, Meta or Alt, which belong to the browser", () => {
    expect(choose(press("a", { ctrlKey: true }), calm, all)).toBeNull();
    expect(choose(press("a", { metaKey: true }), calm, all)).toBeNull();
    expect(choose(press("a", { altKey: true }), calm, all)).toBeNull();
  });

  it("acts when AltGr typed it, which is reported as Ctrl and Alt on some systems", () => {
    expect(choose(press("a", { ctrlKey: true, altKey: true, altGraph: true }), calm, all)).toBe(approve);
  });

  it("does not act while an input method composes", () => {
    expect(choose(press("a", { isComposing: true }), calm, all)).toBeNull();
  });
});

describe("a key in a widget", () => {
  it.each([
    "<input data-target>",
    "<input type=search data-target>",
    "<textarea data-target></textarea>",
    "<select data-target></select>",
    "<div role=menu><button data-target></button></div>",
    "<ul role=listbox><li data-target></li></ul>",
  ])("is left to %s", (html) => {
    expect(choose(press("a", { target: element(html) }), calm, all)).toBeNull();
    expect(choose(press("j", { target: element(html) }), calm, all)).toBeNull();
  });

  it("acts from a checkbox or a radio, where letters type nothing", () => {
    expect(choose(press("a", { target: element("<input type=radio data-target>") }), calm, all)).toBe(approve);
  });

  it("leaves the arrows to tabs and radios, and takes them elsewhere", () => {
    expect(
      choose(
        press("ArrowRight", { target: element("<div role=tablist><button data-target></button></div>") }),
        calm,
        all,
      ),
    ).toBeNull();
    expect(choose(press("ArrowRight", { target: element("<input type=radio data-target>") }), calm, all)).toBeNull();
    expect(choose(press("ArrowRight"), calm, all)).toBe(next);
  });

  it("submits from inside a text field with the chord alone", () => {
    const target = element("<textarea data-target></textarea>");
    expect(choose(press("Enter", { target, ctrlKey: true }), calm, all)).toBe(submit);
    expect(choose(press("Enter", { target, metaKey: true }), calm, all)).toBe(submit);
    expect(choose(press("Enter", { target }), calm, all)).toBeNull();
  });
});

describe("single letters turned off", () => {
  it("do nothing, while chords and the sheet of keys still work", () => {
    const off = { ...calm, letters: false };
    expect(choose(press("a"), off, all)).toBeNull();
    expect(choose(press("j"), off, all)).toBeNull();
    expect(choose(press("?"), off, all)).toBe(help);
    expect(choose(press("Enter", { ctrlKey: true }), off, all)).toBe(submit);
  });
});
