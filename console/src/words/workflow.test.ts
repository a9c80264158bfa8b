import { describe, expect, it } from "vitest";
import type { Queue, Rule, Stage } from "@/api/types";
import { followWords, mostReviews, placeWords, progressWords, reviewersWords, ruleWords, waysOf } from "./workflow";

const stage = (key: string, more: Partial<Stage> = {}) =>
  ({
    key,
    name: null,
    actor: "people",
    when: null,
    rule: { type: "single" },
    reviewers: null,
    blind: true,
    separate: true,
    decide: null,
    on_approve: null,
    on_reject: null,
    on_abstain: null,
    on_timeout: null,
    on_disagreement: null,
    ...more,
  }) as Stage;

describe("rules", () => {
  it.each<[Rule, string, number]>([
    [{ type: "single" }, "One review decides.", 1],
    [{ type: "k_of_n", k: 2, n: 3 }, "2 of 3 have to agree.", 3],
    [{ type: "majority", n: 5 }, "The answer of more than half of 5 reviewers decides.", 5],
    [{ type: "unanimous", n: 2 }, "Both reviewers have to agree.", 2],
    [{ type: "any_reject_vetoes", n: 3 }, "3 have to approve. Any rejection ends it.", 3],
    [{ type: "any_reject_vetoes", n: 1 }, "One approval is enough. Any rejection ends it.", 1],
    [
      {
        type: "role_quorum",
        groups: [
          { group: "legal", count: 2 },
          { group: "security", count: 1 },
        ],
      },
      "2 of legal and 1 of security have to give the same answer.",
      3,
    ],
    [{ type: "numeric", n: 3, aggregate: "mean", max_spread: null }, "The mean of 3 scores counts.", 3],
    [
      { type: "numeric", n: 3, aggregate: "median", max_spread: 1 },
      "The median of 3 scores counts. Scores more than 1 apart are a disagreement.",
      3,
    ],
    [
      { type: "weighted_posterior", n_max: 5, threshold: 0.95 },
      "One reviewer after another, at most 5, until an answer is 95 % probable.",
      5,
    ],
    [
      { type: "adaptive", n0: 2, n_max: 6, agreement: 0.667 },
      "2 reviewers, then one more at a time, at most 6, until 66.7 % of them agree.",
      6,
    ],
  ])("%o is said in words", (rule, words, most) => {
    expect(ruleWords(rule)).toBe(words);
    expect(mostReviews(rule)).toBe(most);
  });

  it("say how far a stage is", () => {
    expect(progressWords(0, 3)).toBe("No review is in yet, 3 are wanted.");
    expect(progressWords(1, 2)).toBe("1 review is in, 2 more are wanted.");
    expect(progressWords(2, 1)).toBe("2 reviews are in, 1 more is wanted.");
    expect(progressWords(2, 0)).toBe("2 reviews are in.");
  });
});

describe("stages", () => {
  const stages = [stage("risk", { actor: "policy" }), stage("first", { name: "First look" }), stage("legal")];
  const queue = { stages } as Pick<Queue, "stages">;

  it("are counted only where there are several", () => {
    expect(placeWords(queue, { stage: 1 })).toBe("Stage 2 of 3: First look");
    expect(placeWords({ stages: [] }, { stage: 0 })).toBeNull();
  });

  it("say where a task goes", () => {
    expect(followWords("next", stages, 1)).toBe("on to legal");
    expect(followWords("next", stages, 2)).toBe("that is the decision");
    expect(followWords({ stage: "first" }, stages, 0)).toBe("on to First look");
    expect(followWords({ stage: "gone" }, stages, 0)).toBe("on to gone");
    expect(waysOf(stages, 0, true).map((way) => `${way.when}: ${way.follows}`)).toEqual([
      "Approved: that is the decision",
      "Cannot say: on to First look",
    ]);
    expect(waysOf([stage("a", { rule: { type: "unanimous", n: 2 } })], 0, true).at(-1)).toEqual({
      when: "No agreement",
      follows: "rejected",
    });
    const refusal = [stage("a", { actor: "policy", decide: ["rejected"] })];
    expect(waysOf(refusal, 0, true)[0]?.when).toBe("Rejected");
    expect(waysOf(stages, 7, true)).toEqual([]);
  });

  it("say whom they ask", () => {
    const nameOf = (id: string) => (id === "mem_1" ? "Ada" : "a member");
    expect(reviewersWords(stage("a"), nameOf)).toBe("Whoever may review in this queue.");
    expect(reviewersWords(stage("a", { reviewers: { groups: ["legal"], member_ids: ["mem_1"] } }), nameOf)).toBe(
      "The group legal and Ada.",
    );
    expect(reviewersWords(stage("a", { reviewers: { groups: [], member_ids: [] } }), nameOf)).toBe("Nobody.");
  });
});
