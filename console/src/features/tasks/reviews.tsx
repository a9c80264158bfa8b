// The reviews of a task: who said what, why, on whose behalf and what they changed; with those that are void, late or of a rule.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { taskReviewsQuery } from "@/api/queries";
import type { Queue, Review, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { verdictWords } from "@/features/review/verdict";
import { Icon } from "@/ui/icon";
import { Failed, LoadingRows } from "@/ui/states";
import { Ago } from "@/ui/time";
import { stageName, stagesOf } from "@/words/workflow";
import { useNames } from "./names";

const DiffView = lazy(() => import("@/content/diff-view"));

export function Reviews({ task, queue }: { task: Task; queue: Queue | null }) {
  const query = useQuery(taskReviewsQuery(task.id));
  const nameOf = useNames(query.data?.some((review) => review.on_behalf_of !== null) ?? false);
  if (query.isPending) return <LoadingRows label="Reviews" rows={3} />;
  if (query.isError && query.data === undefined) {
    return <Failed error={query.error} what="The reviews" onRetry={() => query.refetch()} />;
  }
  const reviews = query.data;
  if (reviews.length === 0) {
    return <p className="quiet">There is no review to show. Those of a blind stage are hidden until your own is in.</p>;
  }
  return (
    <ol className="comments__list">
      {reviews.map((review) => (
        <li key={review.id}>
          <ReviewView
            review={review}
            task={task}
            queue={queue}
            principal={review.on_behalf_of === null ? null : nameOf(review.on_behalf_of)}
          />
        </li>
      ))}
    </ol>
  );
}

interface ViewProps {
  review: Review;
  task: Task;
  queue: Queue | null;
  principal: string | null;
}

function ReviewView({ review, task, queue, principal }: ViewProps) {
  const stages = queue === null ? [] : stagesOf(queue);
  const stage = stages.length < 2 ? undefined : stages[review.stage];
  const edited = review.patch !== null && review.patch.length > 0;
  return (
    <article className={review.voided_at === null && !review.surplus ? "comment" : "comment comment--void"}>
      <header className="comment__head">
        <Icon name={review.reviewer.type === "human" ? "person" : "agent"} size={13} />
        <strong>
          <SafeText text={review.reviewer.type === "policy" ? "The queue's policy" : review.reviewer.name} />
        </strong>
        {principal === null ? null : (
          <span>
            on behalf of <SafeText text={principal} />
          </span>
        )}
        <span>{queue === null ? review.result.join(", ") : verdictWords(queue, task, review.result)}</span>
        <span className="quiet">
          <Ago at={review.created_at} />
          {review.revision === task.revision ? null : ` · revision ${review.revision}`}
        </span>
        {stage === undefined ? null : (
          <span className="badge">
            <SafeText text={stageName(stage)} />
          </span>
        )}
        {review.reviewer.type === "policy" ? <span className="badge">no person</span> : null}
        {review.surplus ? (
          <span className="badge" title="It came too late and counts for nothing">
            surplus
          </span>
        ) : null}
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
