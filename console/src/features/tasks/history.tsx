// What happened to a task, from the organization's event log, oldest first.
import { useQuery } from "@tanstack/react-query";
import { taskEventsQuery } from "@/api/queries";
import type { Event } from "@/api/types";
import { JsonTree } from "@/content/json-tree";
import { SafeText } from "@/content/safe-text";
import { Failed, LoadingRows } from "@/ui/states";
import { exact } from "@/ui/time";
import { deedOf } from "./deeds";

export function History({ taskId }: { taskId: string }) {
  const events = useQuery(taskEventsQuery(taskId));
  if (events.isPending) return <LoadingRows label="History" rows={4} />;
  if (events.isError && events.data === undefined) {
    return <Failed error={events.error} what="The history" onRetry={() => events.refetch()} />;
  }
  return (
    <ol className="history">
      {events.data.map((event) => (
        <li key={event.id} className="history__event">
          <EventView event={event} />
        </li>
      ))}
    </ol>
  );
}

function EventView({ event }: { event: Event }) {
  const { actor } = event;
  const ways = [actor.method, actor.channel].filter((way) => way !== null && way !== "");
  return (
    <>
      <div className="history__line">
        <strong>
          <SafeText text={actor.name ?? actor.kind} />
        </strong>{" "}
        {deedOf(event.type)}
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
