// My turn: the tasks that wait for me, in the order in which they are due.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { queuesQuery } from "@/api/queries";
import type { Queue, Task } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { TaskList } from "@/features/tasks/list";
import { useRowKeys } from "@/features/tasks/row-keys";
import { useShortcuts } from "@/keyboard/shortcuts";
import { barTo, barToQueue, may } from "@/rules";
import { Button } from "@/ui/button";
import { counted } from "@/ui/count";
import { Empty, Failed, LoadingRows } from "@/ui/states";
import { Offers } from "./offers";

export function Turn() {
  const me = useMe();
  const { mine } = useSearch({ from: "/shell/" });
  const navigate = useNavigate({ from: "/" });
  const queues = useQuery(queuesQuery);
  const standsIn = useStandsIn();
  const bar = barTo(me, "task.review");
  useRowKeys();
  useShortcuts([
    {
      keys: ["g"],
      label: "Start reviewing",
      group: "Lists",
      run: () => {
        if (bar === null) navigate({ to: "/review" });
      },
    },
  ]);
  if (queues.isPending) return <LoadingRows label="My turn" />;
  if (queues.isError && queues.data === undefined) {
    return <Failed error={queues.error} what="My turn" onRetry={() => queues.refetch()} />;
  }
  const mayReview = new Map(queues.data.map((queue) => [queue.key, barToQueue(me, queue, standsIn) === null]));
  // The server lists what is mine to take; to somebody who may not review it lists what is open.
  const keep = (task: Task) => bar === null && (mayReview.get(task.queue_key) ?? true);
  return (
    <div className="page">
      <header className="page__head">
        <div>
          <h1 className="page__title">My turn</h1>
          <p className="page__lead">{bar ?? lead(queues.data, mayReview)}</p>
        </div>
        <div className="page__actions">
          <div className="segments" role="group" aria-label="Which tasks">
            <button type="button" className="segment" aria-pressed={!mine} onClick={() => navigate({ search: {} })}>
              All I can review
            </button>
            <button
              type="button"
              className="segment"
              aria-pressed={mine ?? false}
              onClick={() => navigate({ search: { mine: true } })}
            >
              Assigned to me
            </button>
          </div>
          <Button kind="primary" keys="g" bar={bar} onClick={() => navigate({ to: "/review" })}>
            Start reviewing
          </Button>
        </div>
      </header>
      {bar === null ? <Offers /> : null}
      <TaskList
        filter={{ state: ["queued"], order: "turn", ...(mine ? { assignee_id: "me" } : {}) }}
        to="review"
        label="Tasks waiting for me"
        keep={keep}
        empty={<NothingWaits queues={queues.data} mayWrite={may(me, "queue.write")} />}
      />
    </div>
  );
}

function lead(queues: Queue[], mayReview: Map<string, boolean>): string {
  const counts = queues.filter((queue) => mayReview.get(queue.key)).map((queue) => queue.open_count ?? 0);
  const open = counts.reduce((sum, count) => sum + count, 0);
  if (open === 0) return "Nothing is open in your queues.";
  return `${counted(...counts)} open ${open === 1 ? "task" : "tasks"} in your queues, the most urgent first.`;
}

function NothingWaits({ queues, mayWrite }: { queues: Queue[]; mayWrite: boolean }) {
  if (queues.length === 0) {
    return (
      <Empty
        icon="queues"
        title="There is no queue yet"
        action={
          mayWrite ? (
            <Link to="/queue/new" className="button button--primary button--normal">
              Create the first queue
            </Link>
          ) : undefined
        }
      >
        A queue holds one kind of decision: what is asked, who may answer, and by when. Agents submit their tasks to it.
      </Empty>
    );
  }
  return (
    <Empty icon="done" title="Nothing waits for you">
      New tasks appear here by themselves, the most urgent first.
    </Empty>
  );
}
