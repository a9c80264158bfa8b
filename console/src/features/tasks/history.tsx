// What happened to a task, from the organization's event log, oldest first.
import { useQuery } from "@tanstack/react-query";
import { taskEventsQuery } from "@/api/queries";
import type { Event } from "@/api/types";
import { JsonTree } from "@/content/json-tree";
import { SafeText } from "@/content/safe-text";
import { Failed, LoadingRows } from "@/ui/states";
import { exact } from "@/ui/time";
import { deedOf, namesMembers } from "@/words/events";
import { useNames } from "./names";

export function History({ taskId }: { taskId: string }) {
  const events = useQuery(taskEventsQuery(taskId));
  const nameOf = useNames(events.data?.some(namesMembers) ?? false);
  if (events.isPending) return <LoadingRows label="History" rows={4} />;
  if (events.isError && events.data === undefined) {
    return <Failed error={events.error} what="The history" onRetry={() => events.refetch()} />;
  }
  return (
    <ol className="history">
      {events.data.map((event) => (
        <li key={event.id} className="history__event">
          <EventView event={event} nameOf={nameOf} />
        </li>
      ))}
    </ol>
  );
}

function EventView({ event, nameOf }: { event: Event; nameOf(id: string): string }) {
  const { actor } = event;
  const ways = [actor.method, actor.channel].filter((way) => way !== null && way !== "");
  return (
    <>
      <div className="history__line">
        <strong>
          <SafeText text={actorName(event)} />
        </strong>{" "}
        <SafeText text={deedOf(event, nameOf)} />
        {event.revision !== null && event.revision > 1 ? (
          <span className="quiet"> · revision {event.revision}</span>
        ) : null}
      </div>
      {event.reason === null ? null : (
        <p className="history__reason">
          <SafeText text={event.reason} />
        </p>
      )}
      <div className="history__facts">
        <time dateTime={event.at}>{exact(event.at)}</time>
        {ways.length === 0 ? null : <span>by {ways.join(", ")}</span>}
        <span title="Its number in the event log">no. {event.seq}</span>
        <code>{event.type}</code>
      </div>
      {Object.keys(event.detail).length === 0 ? null : (
        <details className="history__detail">
          <summary>Details</summary>
          <JsonTree value={event.detail} label={`Details of ${event.type}`} />
        </details>
      )}
    </>
  );
}

/** What a rule of the queue does is told of the queue. */
function actorName({ actor }: Event): string {
  return actor.kind === "system" && actor.method === "rule" ? "The queue's rules" : (actor.name ?? actor.kind);
}
