// How a task under review is decided: its stage and rule, how many reviews are in, for whom one acts, and the promised times.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { taskSlaQuery } from "@/api/operations";
import { taskEventsQuery } from "@/api/queries";
import type { Queue, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { Clocks } from "@/features/tasks/clocks";
import { useNames } from "@/features/tasks/names";
import { may } from "@/rules";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { principalOf, reviewsIn } from "@/words/events";
import { mostReviews, placeWords, progressWords, ruleOf, ruleWords, stageOf } from "@/words/workflow";

const OverrideDialog = lazy(() =>
  import("@/features/tasks/override").then(({ OverrideDialog }) => ({ default: OverrideDialog })),
);

interface Props {
  task: Task;
  queue: Queue;
}

/** Which stage of how many, for the line of facts under the title. Nothing where there is only one. */
export function StageFact({ task, queue }: Props) {
  const words = placeWords(queue, task);
  if (words === null) return null;
  return (
    <span className="badge">
      <SafeText text={words} />
    </span>
  );
}

/** For whom I act in this task; nothing when for myself. */
export function BehalfFact({ task }: { task: Task }) {
  const me = useMe();
  const { data: events = [] } = useQuery(taskEventsQuery(task.id));
  const principal = principalOf(me.member.id, events);
  const nameOf = useNames(principal !== null);
  if (principal === null) return null;
  return (
    <span className="behalf">
      <Icon name="person" size={13} />
      You act on behalf of <SafeText text={nameOf(principal)} />
    </span>
  );
}

export function Standing({ task, queue }: Props) {
  const me = useMe();
  const stage = stageOf(queue, task);
  const rule = ruleOf(stage);
  const several = mostReviews(rule) > 1;
  const { data: events = [] } = useQuery({ ...taskEventsQuery(task.id), enabled: several });
  const { data: sla } = useQuery(taskSlaQuery(task.id));
  const [overriding, setOverriding] = useState(false);
  const place = placeWords(queue, task);
  const mineIsIn = (task.reviews ?? []).some(
    (review) => review.reviewer_id === me.member.id && review.stage === task.stage && review.voided_at === null,
  );
  const clocks = (sla?.clocks ?? []).filter((clock) => clock.state !== "cancelled");
  if (place === null && !several && clocks.length === 0) return null;
  return (
    <section className="standing" aria-label="How this is decided">
      <h3 className="standing__title">{place === null ? "How this is decided" : <SafeText text={place} />}</h3>
      <p>
        <SafeText text={ruleWords(rule)} />
      </p>
      {several ? <p>{progressWords(reviewsIn(task, events), task.wanted)}</p> : null}
      {several && stage.blind && !mineIsIn ? (
        <p className="standing__blind">
          <Icon name="lock" size={13} /> Blind: what the others said is shown once your review is in.
        </p>
      ) : null}
      {clocks.length === 0 ? null : <Clocks clocks={clocks} />}
      {(several || place !== null) && may(me, "task.override") ? (
        <Button size="small" kind="quiet" onClick={() => setOverriding(true)}>
          Decide in place of the rule
        </Button>
      ) : null}
      {overriding ? (
        <Suspense fallback={null}>
          <OverrideDialog task={task} queue={queue} onClose={() => setOverriding(false)} />
        </Suspense>
      ) : null}
    </section>
  );
}
