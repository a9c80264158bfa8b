// The reviews of a task: who said what, why, and what they changed.
import { lazy, Suspense } from "react";
import type { Queue, Review, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { verdictWords } from "@/features/review/verdict";
import { Icon } from "@/ui/icon";
import { Ago } from "@/ui/time";

const DiffView = lazy(() => import("@/content/diff-view"));

export function Reviews({ task, queue }: { task: Task; queue: Queue | null }) {
  const reviews = task.reviews ?? [];
  if (reviews.length === 0) return <p className="quiet">Nobody has reviewed this task yet.</p>;
  return (
    <ol className="comments__list">
      {reviews.map((review) => (
        <li key={review.id}>
          <ReviewView review={review} task={task} queue={queue} />
        </li>
      ))}
    </ol>
  );
}

function ReviewView({ review, task, queue }: { review: Review; task: Task; queue: Queue | null }) {
  const edited = review.patch !== null && review.patch.length > 0;
  return (
    <article className={review.voided_at === null ? "comment" : "comment comment--void"}>
      <header className="comment__head">
        <Icon name={review.reviewer?.type === "human" ? "person" : "agent"} size={13} />
        <strong>{review.reviewer?.name ?? "A former reviewer"}</strong>
        <span>{queue === null ? review.result.join(", ") : verdictWords(queue, task, review.result)}</span>
        <span className="quiet">
          <Ago at={review.created_at} />
          {review.revision === task.revision ? null : ` · revision ${review.revision}`}
        </span>
        {review.voided_at === null ? null : <span className="badge">void</span>}
      </header>
      {review.feedback === null ? null : (
        <blockquote className="said">
          <SafeText text={review.feedback} block />
        </blockquote>
      )}
      {/* A review of an older revision was an edit of content that is no longer here to compare with. */}
      {edited && review.revision === task.revision ? (
        <Suspense fallback={null}>
          <DiffView before={task.data} after={review.data} />
        </Suspense>
      ) : null}
    </article>
  );
}
