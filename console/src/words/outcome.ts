// By what a task was resolved, in a sentence.
import type { Outcome } from "@/api/types";
import { lookUp } from "./look-up";
import { percent } from "./workflow";

const RULES: Record<string, string> = {
  override: "Decided by override, in place of the stage's rule.",
  disagreement: "The reviewers did not agree.",
  policy: "Decided by policy, without a person.",
  otherwise: "No stage applied: the queue's answer for that.",
  timeout: "The stage was not decided in time.",
  deadline: "Nobody decided before the deadline. That is no rejection.",
  returned_to_agent: "Nobody decided before the deadline: it went back to its agent.",
  deadline_reject: "Nobody decided before the deadline: rejected by policy.",
  deadline_default_answer: "Nobody decided before the deadline: answered by policy.",
  deadline_approve_without_review: "Nobody decided before the deadline: APPROVED WITHOUT A REVIEW.",
  escalation_default_decision: "Nobody took care of it: ended by the last step of the escalation.",
  k_of_n: "Enough reviewers agreed.",
  majority: "More than half of the reviewers agreed.",
  unanimous: "All reviewers agreed.",
  any_reject_vetoes: "A rejection would have ended it; where there is one, it did.",
  role_quorum: "Enough of each group agreed.",
  numeric_mean: "The mean of the scores.",
  numeric_median: "The median of the scores.",
  weighted_posterior: "Probable enough by the reviewers' records.",
  adaptive: "Enough reviewers agreed.",
};

/** Null where one review simply decided, or where the record names a rule that this console does not know. */
export function originOf(outcome: Pick<Outcome, "rule" | "agreement" | "posterior">): string | null {
  const words = lookUp(RULES, outcome.rule);
  if (words === undefined) return null;
  if (outcome.posterior !== null) return `${words} Probability ${percent(outcome.posterior)}.`;
  if (outcome.agreement !== null && outcome.agreement < 1) return `${words} Agreement ${percent(outcome.agreement)}.`;
  return words;
}
