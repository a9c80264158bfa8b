import { describe, expect, it } from "vitest";
import type { Choice, Queue, Task } from "@/api/types";
import { barOfDraft, type Draft, EMPTY, isEdited, scores, selectables, toBody, toggle, verdictWords } from "./verdict";

type AskedQueue = Parameters<typeof barOfDraft>[0];
type AskedTask = Parameters<typeof barOfDraft>[1];

const option = (id: string, display_order: number, hotkey: string | null = null): Queue["review_options"][number] => ({
  id,
  label: id.toUpperCase(),
  display_order,
  description: null,
  color: null,
  hotkey,
});

function queue(more: Partial<AskedQueue>): AskedQueue {
  return {
    review_type: "approval",
    review_options: [option("approved", 0), option("rejected", 1)],
    max_selections: 1,
    result_required: true,
    feedback_required: "never",
    scale: null,
    allow_edits: false,
    ...more,
  };
}

const task: AskedTask = { data: { body: "hello" }, choices: null, max_selections: null };
const draft = (more: Partial<Draft>): Draft => ({ ...EMPTY, ...more });

describe("keys of options", () => {
  it("are A and R for approve and reject", () => {
    expect(selectables(queue({}), task).map(({ key }) => key)).toEqual(["a", "r"]);
  });

  it("are the option's own, else its number, and never one key for two", () => {
    const options = [option("c", 2), option("a", 0), option("b", 1, "3")];
    const found = selectables(queue({ review_type: "labeling", review_options: options }), task);
    expect(found.map(({ id, key }) => [id, key])).toEqual([
      ["a", "1"],
      ["b", "3"],
      ["c", null],
    ]);
  });

  it("end with 0 for the tenth", () => {
    const options = Array.from({ length: 11 }, (_, index) => option(`o${index}`, index));
    const keys = selectables(queue({ review_type: "classification", review_options: options }), task).map(
      ({ key }) => key,
    );
    expect(keys.slice(8)).toEqual(["9", "0", null]);
  });

  it("number the candidates of the task", () => {
    const choices: Choice[] = [
      { key: "x", label: "X", description: null, data: null },
      { key: "y", label: "Y", description: null, data: { n: 1 } },
    ];
    const found = selectables(queue({ review_type: "multiple_choice", review_options: [] }), { ...task, choices });
    expect(found.map(({ id, key }) => [id, key])).toEqual([
      ["x", "1"],
      ["y", "2"],
    ]);
  });
});

describe("scores", () => {
  const scale = (min: number, max: number, step: number) =>
    queue({ review_type: "scoring", scale: { min, max, step, min_label: null, max_label: null } });

  it("are each a button on a short scale, without the dust of fractions", () => {
    expect(scores(scale(0, 1, 0.1))).toEqual(["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]);
    expect(scores(scale(0, 100, 1))).toEqual([]);
  });

  it("have the key that is the score where there is one", () => {
    expect(selectables(scale(0, 4, 1), task).map(({ id, key }) => [id, key])).toEqual(
      ["0", "1", "2", "3", "4"].map((score) => [score, score]),
    );
  });

  it("must lie on the scale", () => {
    expect(barOfDraft(scale(0, 100, 5), task, draft({ result: ["35"] }))).toBeNull();
    for (const wrong of ["36", "105", "-5", "x", " "]) {
      expect(barOfDraft(scale(0, 100, 5), task, draft({ result: [wrong] }))).toContain("from 0 to 100");
    }
  });
});

describe("toggle", () => {
  it("replaces a single choice and takes it away", () => {
    const one = toggle(draft({ result: ["a"] }), "b", 1);
    expect(one.result).toEqual(["b"]);
    expect(toggle(one, "b", 1).result).toEqual([]);
  });

  it("adds up to the most and no more", () => {
    expect(toggle(draft({ result: ["a", "b"] }), "c", 2).result).toEqual(["a", "b"]);
    expect(toggle(draft({ result: ["a", "b"] }), "c", null).result).toEqual(["a", "b", "c"]);
  });
});

describe("a draft cannot be submitted", () => {
  it("without a selection where one is needed", () => {
    expect(barOfDraft(queue({ review_type: "labeling" }), task, EMPTY)).toBe("Select an option.");
    expect(barOfDraft(queue({ review_type: "labeling", result_required: false }), task, EMPTY)).toBeNull();
  });

  it("without feedback where the queue asks for it", () => {
    const cases: [AskedQueue["feedback_required"], string[], boolean][] = [
      ["never", ["rejected"], false],
      ["always", ["approved"], true],
      ["when_rejected", ["rejected"], true],
      ["when_rejected", ["approved"], false],
    ];
    for (const [feedback_required, result, needed] of cases) {
      const asked = queue({ feedback_required });
      expect(barOfDraft(asked, task, draft({ result })) !== null).toBe(needed);
      expect(barOfDraft(asked, task, draft({ result, feedback: "  " })) !== null).toBe(needed);
      expect(barOfDraft(asked, task, draft({ result, feedback: "why" }))).toBeNull();
    }
    const empty = queue({ review_type: "labeling", result_required: false, feedback_required: "when_empty" });
    expect(barOfDraft(empty, task, EMPTY)).toContain("Say why");
  });

  it("as a rejection with edits", () => {
    const edited = draft({ result: ["rejected"], data: { body: "bye" } });
    expect(barOfDraft(queue({ allow_edits: true }), task, edited)).toContain("carries no edits");
    expect(barOfDraft(queue({ allow_edits: true }), task, { ...edited, result: ["approved"] })).toBeNull();
  });
});

describe("the request", () => {
  it("carries the selection, the lease and feedback that says something", () => {
    expect(toBody(queue({}), task, draft({ result: ["approved"], feedback: " " }), "lea_1")).toEqual({
      result: ["approved"],
      lease_id: "lea_1",
    });
  });

  it("carries edits only where they are taken and change something", () => {
    const edited = draft({ result: ["approved"], data: { body: "bye" } });
    expect(toBody(queue({ allow_edits: true }), task, edited, null).data).toEqual({ body: "bye" });
    expect(toBody(queue({ allow_edits: false }), task, edited, null)).not.toHaveProperty("data");
    expect(
      toBody(queue({ allow_edits: true }), task, draft({ result: ["approved"], data: { body: "hello" } }), null),
    ).not.toHaveProperty("data");
    expect(isEdited(task, draft({ data: { body: "hello" } }))).toBe(false);
  });

  it("of an augmentation is the content, edited or as it was", () => {
    const asked = queue({ review_type: "augmentation", review_options: [], allow_edits: true });
    expect(toBody(asked, task, EMPTY, null)).toEqual({ data: { body: "hello" } });
    expect(toBody(asked, task, draft({ data: { body: "bye" } }), null)).toEqual({ data: { body: "bye" } });
  });
});

describe("verdictWords", () => {
  it("speaks in the queue's labels", () => {
    const asTask = task as Task;
    expect(verdictWords(queue({}), asTask, ["approved"])).toBe("APPROVED");
    expect(verdictWords(queue({ review_type: "augmentation" }), asTask, ["unchanged"])).toBe("left unchanged");
    expect(verdictWords(queue({ review_type: "labeling" }), asTask, [])).toBe("nothing selected");
  });
});
