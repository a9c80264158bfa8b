// The queues with what is open in each.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { queuesQuery } from "@/api/queries";
import type { Queue } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { useRowKeys } from "@/features/tasks/row-keys";
import { barToQueue, may } from "@/rules";
import { REVIEW_TYPES } from "@/ui/badges";
import { ButtonLink } from "@/ui/button-link";
import { Empty, Failed, LoadingRows } from "@/ui/states";
import "./queues.css";
import { counted } from "@/ui/count";

export function Queues() {
  const me = useMe();
  const standsIn = useStandsIn();
  const queues = useQuery(queuesQuery);
  useRowKeys();
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">Queues</h1>
        {may(me, "queue.write") ? (
          <Link to="/queue/new" className="button button--plain button--normal">
            New queue
          </Link>
        ) : null}
      </header>
      {queues.isPending ? (
        <LoadingRows label="Queues" />
      ) : queues.isError && queues.data === undefined ? (
        <Failed error={queues.error} what="The queues" onRetry={() => queues.refetch()} />
      ) : queues.data.length === 0 ? (
        <Empty icon="queues" title="There is no queue yet">
          A queue holds one kind of decision.{" "}
          {may(me, "queue.write") ? "Create the first one." : "An administrator creates them."}
        </Empty>
      ) : (
        <ul className="queues">
          {queues.data.map((queue) => (
            <li key={queue.id}>
              <QueueRow queue={queue} bar={barToQueue(me, queue, standsIn)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function QueueRow({ queue, bar }: { queue: Queue; bar: string | null }) {
  return (
    <div className="queue-row">
      <Link to="/queue/$key" params={{ key: queue.key }} className="queue-row__link" data-row>
        <span className="queue-row__name">{queue.name}</span>
        <span className="queue-row__about">
          <code>{queue.key}</code> · {REVIEW_TYPES[queue.review_type]}
          {queue.timing === "after" ? " · after the action" : ""}
          {queue.deleted_at === null ? "" : " · closed"}
        </span>
      </Link>
      <span className="queue-row__open">
        <strong>{counted(queue.open_count ?? 0)}</strong> open
      </span>
      <ButtonLink
        bar={bar ?? (!queue.open_count ? "Nothing is open in this queue." : null)}
        to="/review"
        search={{ queue: queue.key }}
      >
        Start reviewing
      </ButtonLink>
    </div>
  );
}
