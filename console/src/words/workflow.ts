// The stages of a queue in sentences: who acts, by which rule, under which condition, and what follows.
import type { Follow, Queue, Rule, Stage, Task } from "@/api/types";

type Staged = Pick<Queue, "stages">;

/** The stage of a queue without any of its own: one review by people decides. */
const PLAIN: Stage = {
  key: "review",
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
};

/** The stages of a queue; a queue that names none has one. */
export function stagesOf(queue: Staged): Stage[] {
  return queue.stages.length === 0 ? [PLAIN] : queue.stages;
}

/** The stage that a task is at. */
export function stageOf(queue: Staged, task: Pick<Task, "stage">): Stage {
  return stagesOf(queue)[task.stage] ?? PLAIN;
}

export function stageName(stage: Pick<Stage, "key" | "name">): string {
  return stage.name ?? stage.key;
}

/** "Stage 2 of 3: Legal"; null where there is only one. */
export function placeWords(queue: Staged, task: Pick<Task, "stage">): string | null {
  const stages = stagesOf(queue);
  if (stages.length < 2) return null;
  return `Stage ${task.stage + 1} of ${stages.length}: ${stageName(stageOf(queue, task))}`;
}

export function ruleWords(rule: Rule): string {
  switch (rule.type) {
    case "single":
      return "One review decides.";
    case "k_of_n":
      return `${rule.k} of ${rule.n} have to agree.`;
    case "majority":
      return `The answer of more than half of ${rule.n} reviewers decides.`;
    case "unanimous":
      return rule.n === 2 ? "Both reviewers have to agree." : `All ${rule.n} reviewers have to agree.`;
    case "any_reject_vetoes":
      return rule.n === 1
        ? "One approval is enough. Any rejection ends it."
        : `${rule.n} have to approve. Any rejection ends it.`;
    case "role_quorum":
      return `${list(rule.groups.map(({ group, count }) => `${count} of ${group}`))} have to give the same answer.`;
    case "numeric": {
      const spread =
        rule.max_spread === null || rule.max_spread === undefined
          ? ""
          : ` Scores more than ${rule.max_spread} apart are a disagreement.`;
      return `The ${rule.aggregate} of ${rule.n} scores counts.${spread}`;
    }
    case "weighted_posterior":
      return `One reviewer after another, at most ${rule.n_max}, until an answer is ${percent(rule.threshold)} probable.`;
    case "adaptive":
      return `${rule.n0} reviewers, then one more at a time, at most ${rule.n_max}, until ${percent(rule.agreement)} of them agree.`;
  }
}

/** How many reviews the rule takes at the most. */
export function mostReviews(rule: Rule): number {
  switch (rule.type) {
    case "single":
      return 1;
    case "weighted_posterior":
    case "adaptive":
      return rule.n_max;
    case "role_quorum":
      return rule.groups.reduce((sum, { count }) => sum + count, 0);
    default:
      return rule.n;
  }
}

/** How far the stage is: "1 review is in, 2 more are wanted." */
export function progressWords(reviewsIn: number, wanted: number): string {
  const there =
    reviewsIn === 0 ? "No review is in yet" : `${reviewsIn} ${reviewsIn === 1 ? "review is" : "reviews are"} in`;
  if (wanted <= 0) return `${there}.`;
  return `${there}, ${wanted}${reviewsIn === 0 ? "" : " more"} ${wanted === 1 ? "is" : "are"} wanted.`;
}

export const ACTORS: Record<Stage["actor"], string> = { people: "People", policy: "A policy", ai: "A model" };

/** Whom a stage of people asks; `nameOf` gives the names of members. */
export function reviewersWords(stage: Pick<Stage, "reviewers">, nameOf: (id: string) => string): string {
  if (stage.reviewers === null) return "Whoever may review in this queue.";
  const groups = (stage.reviewers.groups ?? []).map((key) => `the group ${key}`);
  const members = (stage.reviewers.member_ids ?? []).map(nameOf);
  return groups.length + members.length === 0 ? "Nobody." : `${capital(list([...groups, ...members]))}.`;
}

/** Where a task goes; `from` is the place of the stage that it leaves, among `stages`. */
export function followWords(follow: Follow, stages: readonly Stage[], from: number): string {
  if (typeof follow === "object") {
    const stage = stages.find((candidate) => candidate.key === follow.stage);
    return `on to ${stage === undefined ? follow.stage : stageName(stage)}`;
  }
  switch (follow) {
    case "next": {
      const next = stages[from + 1];
      return next === undefined ? "that is the decision" : `on to ${stageName(next)}`;
    }
    case "finish":
      return "that is the decision";
    case "reject":
      return "rejected";
    case "open":
      return "stays open until a review changes or somebody overrides";
  }
}

interface Way {
  when: string;
  follows: string;
}

/** What follows each ending of a stage, in the order in which people think of them. */
export function waysOf(stages: readonly Stage[], at: number, isApproval: boolean): Way[] {
  const stage = stages[at];
  if (stage === undefined) return [];
  const way = (when: string, follow: Follow) => ({ when, follows: followWords(follow, stages, at) });
  const onApprove = stage.on_approve ?? (stage.actor === "policy" ? "finish" : "next");
  const onReject = stage.on_reject ?? "finish";
  const ways: Way[] = [];
  // A policy has one answer.
  const refuses = stage.actor === "policy" && (stage.decide ?? []).includes("rejected");
  if (!refuses) ways.push(way(isApproval ? "Approved" : "Answered", onApprove));
  if (isApproval && (refuses || stage.actor !== "policy")) ways.push(way("Rejected", onReject));
  if (stage.actor !== "people") ways.push(way("Cannot say", stage.on_abstain ?? "next"));
  if (stage.actor === "people" && mostReviews(stage.rule ?? PLAIN_RULE) > 1) {
    const disagreement = stage.on_disagreement ?? (isApproval ? "reject" : null);
    if (disagreement !== null) ways.push(way("No agreement", disagreement));
  }
  if (stage.on_timeout !== null) ways.push(way("Not in time", stage.on_timeout));
  return ways;
}

const PLAIN_RULE: Rule = { type: "single" };

export function ruleOf(stage: Pick<Stage, "rule">): Rule {
  return stage.rule ?? PLAIN_RULE;
}

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
