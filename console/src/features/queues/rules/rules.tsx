// How a queue works, to read: its stages, how reviewers are found, the times it promises, and what happens when nobody acts.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { queueQuery } from "@/api/queries";
import type { Queue } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useNames } from "@/features/tasks/names";
import { Failed, LoadingRows } from "@/ui/states";
import { routingWords, strategyWords } from "@/words/assignment";
import { list } from "@/words/workflow";
import { EscalationPart } from "./escalation";
import { SlaPart } from "./sla";
import { Stages } from "./stages";
import "../queues.css";
import "./rules.css";

export function QueueRules() {
  const { key } = useParams({ from: "/shell/queue/$key/rules" });
  const queue = useQuery(queueQuery(key));
  if (queue.isPending) return <LoadingRows label="Queue" />;
  if (queue.isError && queue.data === undefined) {
    return <Failed error={queue.error} what="This queue" onRetry={() => queue.refetch()} />;
  }
  return <Rules queue={queue.data} />;
}

function Rules({ queue }: { queue: Queue }) {
  const nameOf = useNames(JSON.stringify([queue.stages, queue.escalation, queue.lead_ids]).includes('"mem_'));
  return (
    <div className="page page--form">
      <p className="crumb">
        <Link to="/queue">Queues</Link> /{" "}
        <Link to="/queue/$key" params={{ key: queue.key }}>
          <SafeText text={queue.name} />
        </Link>
      </p>
      <h1 className="page__title">How this queue works</h1>
      <p className="page__lead">
        Version {queue.version}. Tasks that are already open are decided under the version they were submitted to.
      </p>
      <div className="parts">
        <Stages queue={queue} nameOf={nameOf} />
        <Finding queue={queue} nameOf={nameOf} />
        <SlaPart queue={queue} />
        <EscalationPart queue={queue} nameOf={nameOf} />
      </div>
    </div>
  );
}

interface PartProps {
  queue: Queue;
  nameOf(id: string): string;
}

/** How a task finds its reviewer. */
function Finding({ queue, nameOf }: PartProps) {
  const { assignment } = queue;
  const strategy = assignment === "ai_first" || assignment === "ai_last" ? null : strategyWords(assignment);
  return (
    <section className="card">
      <h2 className="card__title">Who is asked</h2>
      <p>{strategy ?? "A model and people, in an order that the queue's stages say."}</p>
      <ul className="sentences">
        {routingWords(queue.routing, assignment).map((words) => (
          <li key={words}>
            <SafeText text={words} />
          </li>
        ))}
        <li>
          {queue.allow_own_review
            ? "Members may review what they submitted themselves."
            : "Nobody reviews what they submitted themselves."}
        </li>
        <li>
          {queue.lead_ids.length === 0 ? (
            "Nobody leads it: its administrators are told when something is wrong."
          ) : (
            <SafeText text={`Led by ${list(queue.lead_ids.map(nameOf))}.`} />
          )}
        </li>
      </ul>
    </section>
  );
}
