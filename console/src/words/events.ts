// Entries of the event log in words that follow the name of who did it. What an entry carries beside its type is data from the
// log: it is read guardedly, and left out where it is not what it ought to be.
import type { Event } from "@/api/types";
import { length } from "@/ui/time";
import { METRICS } from "./clocks";
import { lookUp } from "./look-up";
import { list } from "./workflow";

type Told = Pick<Event, "type" | "detail">;
type Names = (id: string) => string;

const PLAIN: Record<string, string> = {
  "task.submitted": "submitted this task",
  "task.claimed": "took it for review",
  "task.released": "gave it back",
  "task.skipped": "skipped it",
  "task.revised": "revised the content",
  "task.commented": "commented",
  "task.cancelled": "cancelled it",
  "task.expired": "let it expire",
  "task.reopened": "reopened it",
  "task.reviewed": "settled the decision",
  "task.overridden": "decided it in place of the stage's rule",
  "delegation.created": "had somebody decide in another's place",
  "delegation.revoked": "ended a delegation",
  "absence.created": "entered an absence",
  "absence.revoked": "took an absence back",
};

const SENTENCES: Record<string, (detail: Detail, nameOf: Names) => string> = {
  "task.assigned": (detail, nameOf) => {
    const to = detail.text("assignee_id");
    if (to === null) {
      const before = detail.text("before");
      return before === null ? "assigned it to nobody" : `took it from ${nameOf(before)}`;
    }
    return `assigned it to ${nameOf(to)}${behalf(detail, nameOf)}${lookUp(BY, detail.text("cause")) ?? ""}`;
  },
  "review.submitted": (detail, nameOf) => {
    if (detail.yes("override")) return "gave the review that overrides the rule";
    if (detail.yes("surplus")) return "had a late review kept as surplus, which counts for nothing";
    return `submitted a review${behalf(detail, nameOf)}`;
  },
  "stage.opened": (detail) => {
    const wanted = detail.number("wanted");
    return `opened ${stage(detail)}${wanted === null ? "" : `, which wants ${wanted === 1 ? "one review" : `${wanted} reviews`}`}`;
  },
  "stage.passed": (detail) => {
    const why = detail.text("why");
    const reason = detail.text("reason");
    if (why === "not_applicable") return `passed by ${stage(detail)}: its condition does not hold`;
    if (why === "policy_decided") return `decided ${stage(detail)} by policy`;
    return `passed ${stage(detail)} on undecided${reason === null ? "" : `: ${reason}`}`;
  },
  "stage.completed": (detail) => {
    const reviews = detail.number("reviews");
    const of = reviews === null ? "" : ` after ${reviews === 1 ? "one review" : `${reviews} reviews`}`;
    return detail.text("ended") === "disagreement"
      ? `completed ${stage(detail)}${of}, without agreement`
      : `completed ${stage(detail)}${of}`;
  },
  "stage.impossible": (detail) => {
    const missing = detail.number("missing");
    return `found too few reviewers left for the stage${missing === null ? "" : `: ${missing} more ${missing === 1 ? "is" : "are"} needed`}`;
  },
  "task.offered": (detail, nameOf) =>
    `offered it to ${named(detail.text("member_id"), nameOf)}${behalf(detail, nameOf)}`,
  "offer.ended": (detail, nameOf) => {
    const who = named(detail.text("member_id"), nameOf);
    const state = detail.text("state");
    return state === "declined" ? `declined the offer to ${who}` : `let the offer to ${who} run out`;
  },
  "task.unroutable": () => "found nobody to offer it to",
  "skill.dropped": (detail) => `no longer asks for the skill ${detail.text("skill") ?? "it asked for"}`,
  "task.overflowed": (detail) =>
    `asked the reviewers of ${detail.text("overflow_queue") ?? "another queue"} to help out`,
  "task.moved": (detail) =>
    `moved it from ${detail.text("from") ?? "its queue"} to ${detail.text("to") ?? "another queue"}`,
  "task.prioritized": (detail) => {
    const [from, to] = [detail.text("before"), detail.text("priority")];
    const cause = detail.text("cause");
    const why = cause === "ageing" ? ", since it has waited long" : cause === "escalation" ? ", by escalation" : "";
    return `changed the priority${from === null ? "" : ` from ${from}`}${to === null ? "" : ` to ${to}`}${why}`;
  },
  "sla.warning": (detail) => {
    const share = detail.number("percent");
    return `warned${share === null ? "" : ` at ${share} % of the time`}: ${metric(detail)}`;
  },
  "sla.breached": (detail) => `noted that the time is used up: ${metric(detail)}`,
  "task.escalated": (detail, nameOf) => escalated(detail, nameOf),
  "member.availability": (detail, nameOf) => {
    const presence = detail.text("presence");
    const who = detail.text("member_id");
    return detail.texts("parts").includes("presence") && presence !== null
      ? `is ${presence}`
      : `changed when ${who === null ? "somebody" : nameOf(who)} is available`;
  },
  "resource.changed": (detail) => `changed the ${resource(detail)}`,
  "resource.deleted": (detail) => `deleted the ${resource(detail)}`,
};

const BY: Record<string, string> = {
  delegation: ", by delegation",
  absence: ", because of an absence",
  escalation: ", by escalation",
};

/** What happened, in words that follow a name. */
export function deedOf(event: Told, nameOf: Names = (id) => id): string {
  const sentence = lookUp(SENTENCES, event.type);
  if (sentence !== undefined) return sentence(new Detail(event.detail), nameOf);
  return lookUp(PLAIN, event.type) ?? event.type;
}

/** Members that an entry names, so that their names are looked up only where one does. */
export function namesMembers(event: Told): boolean {
  return JSON.stringify(event.detail).includes('"mem_');
}

class Detail {
  readonly #detail: { [name: string]: unknown };

  constructor(detail: { [name: string]: unknown }) {
    this.#detail = detail;
  }

  text(name: string): string | null {
    const value = this.#detail[name];
    return typeof value === "string" && value !== "" ? value : null;
  }

  number(name: string): number | null {
    const value = this.#detail[name];
    return typeof value === "number" ? value : null;
  }

  yes(name: string): boolean {
    return this.#detail[name] === true;
  }

  texts(name: string): string[] {
    const value = this.#detail[name];
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
  }
}

function stage(detail: Detail): string {
  const key = detail.text("stage");
  return key === null ? "the stage" : `the stage ${key}`;
}

function named(id: string | null, nameOf: Names): string {
  return id === null ? "somebody" : nameOf(id);
}

function behalf(detail: Detail, nameOf: Names): string {
  const principal = detail.text("on_behalf_of");
  return principal === null ? "" : ` on behalf of ${nameOf(principal)}`;
}

function metric(detail: Detail): string {
  const words = lookUp(METRICS, detail.text("metric")) ?? "a promised time";
  const at = detail.text("stage");
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}${at === null ? "" : ` (${at})`}`;
}

function resource(detail: Detail): string {
  return `${detail.text("kind") ?? "setting"} ${detail.text("key") ?? ""}`.trim();
}

const SKIPPED: Record<string, string> = {
  unnecessary: "somebody takes care of it",
  condition_false: "its condition does not hold",
  condition_failed: "its condition could not be worked out",
  earlier_round: "it belongs to the last round",
  untimed: "its time cannot be told",
};

function escalated(detail: Detail, nameOf: Names): string {
  const round = detail.number("loop");
  const step = detail.number("step");
  const place = step === null ? "" : ` (step ${step + 1}${round === null ? "" : `, round ${round}`})`;
  const skipped = detail.text("skipped");
  if (skipped !== null) return `left a step of the escalation out${place}: ${lookUp(SKIPPED, skipped) ?? skipped}`;
  const people = detail.texts("member_ids").map(nameOf);
  const who = people.length === 0 ? "nobody" : list(people);
  switch (detail.text("action")) {
    case "notify":
      return detail.text("cause") === "unroutable"
        ? `escalated it: told ${who} that nobody can be asked`
        : `escalated it${place}: told ${who}`;
    case "reassign":
      return `escalated it${place}: gave it to ${who}`;
    case "add_reviewer":
      return `escalated it${place}: asked ${who} as well`;
    case "raise_priority":
      return `escalated it${place}: priority ${detail.text("priority") ?? "raised"}`;
    case "move_queue":
      return `escalated it${place}: to the queue ${detail.text("queue") ?? "named for it"}`;
    case "add_stage":
      return `escalated it${place}: opened ${stage(detail)}`;
    case "default_decision":
      return `escalated it${place}: ended it by default`;
    default:
      return `escalated it${place}`;
  }
}

/** The reviews that count at a task's stage by now, as its history tells: blind reviews are counted, not shown. */
export function reviewsIn(
  task: { stage: number; revision: number },
  events: readonly Pick<Event, "type" | "detail" | "revision" | "actor">[],
): number {
  let reviewers = new Set<string>();
  for (const event of events) {
    if (["task.reopened", "task.revised", "task.moved"].includes(event.type)) reviewers = new Set();
    if (event.type !== "review.submitted" || event.detail.surplus === true) continue;
    if (event.detail.stage === task.stage && event.revision === task.revision) reviewers.add(event.actor.id);
  }
  return reviewers.size;
}

/** For whom the member acts in a task, as its history tells; null when for themself. */
export function principalOf(memberId: string, events: readonly Pick<Event, "type" | "detail">[]): string | null {
  const assigned = events.findLast(
    (event) =>
      (event.type === "task.assigned" && event.detail.assignee_id === memberId) ||
      (event.type === "task.offered" && event.detail.member_id === memberId),
  );
  const principal = assigned?.detail.on_behalf_of;
  return typeof principal === "string" ? principal : null;
}

/** How long an offer still stands: "50 seconds", "2 min"; null when it has ended. */
export function standsFor(expiresAt: string, now: number): string | null {
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return null;
  if (left < 60_000) return `${Math.max(1, Math.ceil(left / 10_000)) * 10} seconds`;
  return length(left);
}
