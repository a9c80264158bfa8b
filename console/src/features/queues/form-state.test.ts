import { describe, expect, it } from "vitest";
import { feedbackRules, jsonFault, keyFor, NEW_QUEUE, toChange } from "./form-state";

describe("the queue form", () => {
  it("sends only what belongs to the review type", () => {
    const scoring = toChange({ ...NEW_QUEUE, review_type: "scoring", name: "Quality" });
    expect(scoring.scale).toEqual({ min: 1, max: 5, step: 1, min_label: null, max_label: null });
    for (const foreign of ["review_options", "max_selections", "allow_edits", "edit_schema"]) {
      expect(scoring).not.toHaveProperty(foreign);
    }
    expect(toChange({ ...NEW_QUEUE, review_type: "classification" })).not.toHaveProperty("max_selections");
    expect(toChange({ ...NEW_QUEUE, review_type: "labeling", max_selections: "3" }).max_selections).toBe(3);
    expect(toChange({ ...NEW_QUEUE, review_type: "augmentation" })).not.toHaveProperty("result_required");
  });

  it("takes the schema of edits away with the edits", () => {
    const entries = { ...NEW_QUEUE, allow_edits: true, edit_schema: '{"type":"object"}' };
    expect(toChange(entries).edit_schema).toEqual({ type: "object" });
    expect(toChange({ ...entries, allow_edits: false }).edit_schema).toBeNull();
  });

  it("offers and sends no rule about feedback that cannot hold", () => {
    expect(feedbackRules({ review_type: "labeling", result_required: true })).toEqual(["never", "always"]);
    expect(feedbackRules({ review_type: "labeling", result_required: false })).toContain("when_empty");
    const left = { ...NEW_QUEUE, review_type: "scoring" as const, feedback_required: "when_rejected" as const };
    expect(toChange(left).feedback_required).toBe("never");
  });

  it("numbers the options in the order shown and leaves empty parts out", () => {
    const options = [
      { id: "b", label: "B", description: "", color: "", hotkey: "X" },
      { id: "a", label: "A", description: "when", color: "#aabbcc", hotkey: "" },
    ];
    expect(toChange({ ...NEW_QUEUE, review_type: "classification", options }).review_options).toEqual([
      { id: "b", label: "B", display_order: 0, description: null, color: null, hotkey: "x" },
      { id: "a", label: "A", display_order: 1, description: "when", color: "#aabbcc", hotkey: null },
    ]);
  });

  it("makes keys of names", () => {
    expect(keyFor("Refunds over 100 €")).toBe("refunds-over-100");
    expect(keyFor("Réponse à l’élève")).toBe("reponse-a-l-eleve");
    expect(keyFor("—")).toBe("");
  });

  it("says what is wrong with a schema", () => {
    expect(jsonFault("")).toBeNull();
    expect(jsonFault("{}")).toBeNull();
    expect(jsonFault("{")).not.toBeNull();
  });
});
