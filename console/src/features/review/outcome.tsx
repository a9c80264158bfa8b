// How a decision came about, for a task that has one.
import type { Outcome, Review } from "@/api/types";
import { originOf } from "@/words/outcome";

/** By which rule, where that is not simply that somebody reviewed it. */
export function RuleLine({ outcome }: { outcome: Outcome }) {
  const words = originOf(outcome);
  return words === null ? null : <p className="quiet">{words}</p>;
}

/** Who reviewed it last, and how many others did. */
export function reviewersWords(reviews: readonly Review[]): string | null {
  const last = reviews.at(-1);
  if (last === undefined) return null;
  if (last.reviewer.type === "policy") return "policy";
  const others = new Set(reviews.map((review) => review.reviewer_id)).size - 1;
  return others === 0 ? last.reviewer.name : `${last.reviewer.name} and ${others} ${others === 1 ? "other" : "others"}`;
}
