// How a task found its reviewer, or nobody, in sentences.
import type { Candidate, Explanation, Filter, Routing, Strategy } from "@/api/types";
import { lookUp } from "./look-up";
import { list } from "./workflow";

/** What each filter asks, as it reads after "left:". In the order in which they are applied. */
export const FILTERS: Record<Filter, string> = {
  enabled: "can log in",
  presence: "are online",
  hours: "are within their hours and not absent",
  access: "may review this stage",
  skills: "have the skills",
  capacity: "have room for it",
  daily_limit: "are below their daily number",
  requester: "did not submit it themselves",
  earlier_stage: "reviewed no earlier stage of it",
  voted: "have not reviewed it yet",
  same_person: "are not a second membership of somebody who has a part in it",
  declined: "did not decline it or let it pass",
  excluded: "are not excluded",
  holds: "do not have it already",
};

const STRATEGIES: Record<Strategy, string> = {
  manual: "Reviewers choose from the list, or somebody is named.",
  pull: "Reviewers are given the next one when they ask.",
  round_robin: "Offered to whoever was assigned a task least recently.",
  load_balanced: "Offered to whoever has the largest share of their capacity to spare.",
  skill_based: "Offered to whoever has the skills.",
  sticky: "Offered to whoever reviewed the same thread last.",
};

export function strategyWords(strategy: Strategy): string {
  return STRATEGIES[strategy];
}

/** The strategy of an offer, which is text on the wire. */
export function originWords(origin: string): string {
  return lookUp(SHORT, origin) ?? origin;
}

const SHORT: Record<Strategy, string> = {
  manual: "named for it",
  pull: "next in line",
  round_robin: "your turn",
  load_balanced: "most room",
  skill_based: "your skills",
  sticky: "same thread as before",
};

/** What came of looking for a reviewer; `chosen` is the name of who was, or would be. */
export function resultWords(explanation: Explanation, chosen: string | null): string {
  const { reason } = explanation;
  if (reason === null) return `${chosen ?? "Somebody"}${scoreWords(explanation)}`;
  switch (reason.kind) {
    case "no_candidates":
      return "Nobody: there is no member to choose from.";
    case "emptied_by":
      if (reason.filter === "holds") return "Nobody more: whoever may be given it has it already.";
      if (reason.filter === "voted") return "Nobody more: whoever may review it has done so.";
      return `Nobody: of those left before, none ${SINGULAR[reason.filter]}.`;
    case "left_to_people":
      return "Nobody in particular: whoever is left may take it from the list.";
  }
}

const SINGULAR: Record<Filter, string> = {
  enabled: "can log in",
  presence: "is online",
  hours: "is within their hours and not absent",
  access: "may review this stage",
  skills: "has the skills that are needed",
  capacity: "has room for it",
  daily_limit: "is below their daily number",
  requester: "is somebody else than who submitted it",
  earlier_stage: "is new to the task",
  voted: "is still to review it",
  same_person: "is a person without a part in it",
  declined: "was not asked before",
  excluded: "is not excluded",
  holds: "is without it already",
};

function scoreWords({ score }: Explanation): string {
  if (score === null) return ".";
  switch (score.by) {
    case "least_recent":
      return score.last_assigned_at === null
        ? ", who was never assigned a task before."
        : `, who was assigned a task least recently.`;
    case "spare_share":
      return `, with ${score.spare_units} of ${score.capacity_units} units to spare.`;
    case "same_thread":
      return ", who reviewed the same thread last.";
  }
}

/** How I stand to a task, by the first filter that stops me. */
export function mineWords(filter: Filter | null): string {
  return filter === null ? "You may be given this task." : MINE[filter];
}

const MINE: Record<Filter, string> = {
  enabled: "Your membership is disabled.",
  presence: "You are not online, so nothing new is offered to you.",
  hours: "You are absent, or it is outside your hours.",
  access: "This stage does not ask you.",
  skills: "You do not have all the skills that are needed.",
  capacity: "You have no room for it.",
  daily_limit: "You have had all your tasks of today.",
  requester: "You submitted it yourself.",
  earlier_stage: "You reviewed an earlier stage of it.",
  voted: "You have reviewed it at this stage.",
  same_person: "Another membership of yours has a part in it.",
  declined: "You declined it, or let an offer of it pass.",
  excluded: "You are excluded from the tasks of this queue.",
  holds: "You have it already.",
};

/** One step of the way from all to the chosen. */
export interface Step {
  filter: Filter;
  words: string;
  left: number;
  /** How many it took out. */
  out: number;
}

export function stepsOf(explanation: Explanation): Step[] {
  let before = explanation.candidates;
  return explanation.left.map(({ filter, left }) => {
    const step = { filter, words: FILTERS[filter], left, out: before - left };
    before = left;
    return step;
  });
}

/** Eligible ones first, then by the filter that stopped them, in the filters' order. */
export function byFilter(members: readonly Candidate[]): Candidate[] {
  const order = Object.keys(FILTERS);
  const rank = (candidate: Candidate) => (candidate.stopped_by === null ? -1 : order.indexOf(candidate.stopped_by));
  return [...members].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export function droppedWords(skills: readonly string[]): string | null {
  return skills.length === 0 ? null : `No longer asked for after waiting: ${list(skills)}.`;
}

/** How a queue finds reviewers beside its strategy, a sentence each. */
export function routingWords(routing: Routing, assignment: string): string[] {
  const words: string[] = [];
  const named = ["round_robin", "load_balanced", "skill_based", "sticky"].includes(assignment);
  if (named) words.push(`An offer stands for ${seconds(routing.offer_timeout_seconds ?? 120)}.`);
  if (assignment === "skill_based" || assignment === "sticky") {
    words.push(
      routing.then === "round_robin"
        ? "Among several, whoever was assigned a task least recently."
        : "Among several, whoever has the most room.",
    );
  }
  if (assignment === "sticky") words.push(`A thread is remembered for ${seconds(routing.sticky_seconds ?? 3600)}.`);
  for (const { skill, min_level, mandatory, drop_after_seconds } of routing.skills ?? []) {
    const level = min_level ? ` from level ${min_level}` : "";
    const drop =
      mandatory === false && drop_after_seconds ? `, no longer after ${seconds(drop_after_seconds)} of waiting` : "";
    words.push(`Asks for the skill ${skill}${level}${drop}.`);
  }
  if ((routing.weight ?? 1) !== 1) words.push(`A task takes ${routing.weight} units of capacity.`);
  if (routing.ageing_minutes) {
    words.push(`A task gains a step of priority for every ${seconds(routing.ageing_minutes * 60)} of waiting.`);
  }
  if (routing.overflow_queue) {
    words.push(
      `The reviewers of ${routing.overflow_queue} help out after ${seconds((routing.overflow_after_minutes ?? 0) * 60)}.`,
    );
  }
  const excluded = routing.excluded_member_ids?.length ?? 0;
  if (excluded > 0) words.push(`${excluded} ${excluded === 1 ? "member is" : "members are"} never given a task of it.`);
  return words;
}

/** A length of time given in seconds: "90 seconds", "2 minutes", "3 hours", "2 days". */
export function seconds(count: number): string {
  for (const [unit, size] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const) {
    if (count >= size && count % size === 0) return counted(count / size, unit);
  }
  return counted(count, "second");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
