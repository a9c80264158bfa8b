// Promised times and escalations in sentences.
import type {
  Escalation,
  EscalationAction,
  EscalationStep,
  EscalationTarget,
  MetricKind,
  OnDeadline,
  SlaClock,
  Targets,
} from "@/api/types";
import { length, remaining, type Urgency } from "@/ui/time";
import { seconds } from "./assignment";
import { list } from "./workflow";

export const METRICS: Record<MetricKind, string> = {
  time_to_assign: "Until somebody takes it",
  time_to_first_view: "Until it is opened",
  time_to_decision: "Until the stage is decided",
  total: "Until the task is decided",
};

/** Where a clock stands, in words with the time left; null for one that no longer means anything. */
export function clockWords(clock: SlaClock, now: number): { text: string; urgency: Urgency } | null {
  const warned = clock.warned_at_percent.at(-1);
  const note = warned === undefined ? "" : `, warned at ${warned} %`;
  switch (clock.state) {
    case "running": {
      if (clock.due_at === null) return { text: `running${note}`, urgency: "calm" };
      const left = remaining(clock.due_at, now);
      const urgency = left.urgency === "calm" && warned !== undefined ? "soon" : left.urgency;
      return { text: `${left.text}${note}`, urgency };
    }
    case "paused":
      return { text: `paused, ${used(clock)}${note}`, urgency: "calm" };
    case "met":
      return { text: "in time", urgency: "calm" };
    case "breached": {
      const since = clock.breached_at ?? clock.due_at;
      return { text: since === null ? "missed" : `missed ${ago(since, now)}`, urgency: "late" };
    }
    case "cancelled":
      return null;
  }
}

function used({ used_seconds, target_seconds }: SlaClock): string {
  return `${length(used_seconds * 1000)} of ${length(target_seconds * 1000)} used`;
}

function ago(at: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(at));
  return passed < 60_000 ? "just now" : `${length(passed)} ago`;
}

export function onDeadlineWords(what: OnDeadline): string {
  switch (what.action) {
    case "keep":
      return "Past its deadline a task stays open, and late.";
    case "reject":
      return "Past its deadline a task is rejected by policy.";
    case "expire":
      return "Past its deadline a task expires. That is no rejection.";
    case "escalate":
      return "Past its deadline a task is escalated.";
    case "default_answer":
      return `Past its deadline a task is answered by policy with ${list(what.result)}.`;
    case "return_to_agent":
      return "Past its deadline a task goes back to its agent undecided.";
    case "approve":
      return "Past its deadline a task is APPROVED WITHOUT A REVIEW. The record says so.";
  }
}

/** Targets by priority: "normal 2 hours, urgent 30 minutes". */
export function targetWords(targets: Targets): string {
  const words = (["urgent", "high", "normal", "low"] as const).flatMap((priority) => {
    const minutes = targets[priority];
    return minutes === null || minutes === undefined ? [] : [`${priority} ${seconds(minutes * 60)}`];
  });
  if (targets.default !== null && targets.default !== undefined) {
    words.push(words.length === 0 ? seconds(targets.default * 60) : `others ${seconds(targets.default * 60)}`);
  }
  return words.join(", ");
}

export function afterWords(after: EscalationStep["after"]): string {
  if ("elapsed_minutes" in after) {
    return after.elapsed_minutes === 0 ? "At once" : `After ${seconds(after.elapsed_minutes * 60)}`;
  }
  if ("business_minutes" in after) return `After ${seconds(after.business_minutes * 60)} of business time`;
  return after.sla_percent === 100 ? "At the deadline" : `At ${after.sla_percent} % of the time to the deadline`;
}

const UNLESS: Record<string, string> = {
  acknowledged: "somebody has accepted it",
  claimed: "somebody holds it",
  assigned: "it is somebody's",
};

/** What keeps a step from being done; null when nothing does. */
export function unlessWords(step: Pick<EscalationStep, "unless">): string | null {
  return step.unless === null || step.unless === undefined ? null : `unless ${UNLESS[step.unless] ?? step.unless}`;
}

export function targetsWords(targets: readonly EscalationTarget[], nameOf: (id: string) => string): string {
  return list(
    targets.map((target) => {
      if (target === "queue_lead") return "the queue's leads";
      if ("member" in target) return nameOf(target.member);
      if ("group" in target) return `the group ${target.group}`;
      return `whoever is on call by ${target.schedule}`;
    }),
  );
}

export function actionWords(action: EscalationAction, nameOf: (id: string) => string): string {
  switch (action.type) {
    case "notify":
      return `tell ${targetsWords(action.targets, nameOf)}${action.profile === "important" ? ", as important" : ""}`;
    case "reassign":
      return `give it to one of ${targetsWords(action.targets, nameOf)}`;
    case "add_reviewer":
      return `ask one more reviewer: ${targetsWords(action.targets, nameOf)}`;
    case "raise_priority":
      return `raise the priority to ${action.to}`;
    case "move_queue":
      return `move it to the queue ${action.queue}`;
    case "add_stage":
      return `open the stage ${action.stage}`;
    case "default_decision":
      return action.result === "approved"
        ? "end it as approved WITHOUT A REVIEW"
        : `end it with the result ${action.result}`;
  }
}

/** What holds for all steps of an escalation. */
export function escalationWords(escalation: Escalation): string {
  const rounds = escalation.loops ?? 2;
  const words = [rounds === 1 ? "One round." : `${rounds} rounds.`];
  if (escalation.acknowledge_timeout_minutes) {
    words.push(`Accepting it holds the steps back for ${seconds(escalation.acknowledge_timeout_minutes * 60)}.`);
  }
  if (escalation.support_hours) words.push(`Outside the hours of ${escalation.support_hours} steps wait.`);
  return words.join(" ");
}
