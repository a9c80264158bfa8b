// One queue: what it asks, and its tasks by state.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { queueQuery, type TaskFilter } from "@/api/queries";
import type { Queue, TaskState } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { TaskList } from "@/features/tasks/list";
import { useRowKeys } from "@/features/tasks/row-keys";
import { barToQueue, may } from "@/rules";
import { REVIEW_TYPES } from "@/ui/badges";
import { ButtonLink } from "@/ui/button-link";
import { Empty, Failed, LoadingRows, Note } from "@/ui/states";
import { length } from "@/ui/time";
import "./queues.css";

const Markdown = lazy(() => import("@/content/markdown"));

const TABS: { state: TaskState | "all" | undefined; label: string }[] = [
  { state: undefined, label: "Open" },
  { state: "reviewed", label: "Decided" },
  { state: "cancelled", label: "Cancelled" },
  { state: "expired", label: "Expired" },
  { state: "all", label: "All" },
];

export function QueuePage() {
  const { key } = useParams({ from: "/shell/queue/$key" });
  const search = useSearch({ from: "/shell/queue/$key" });
  const navigate = useNavigate({ from: "/queue/$key" });
  const me = useMe();
  const standsIn = useStandsIn();
  const queue = useQuery(queueQuery(key));
  useRowKeys();
  if (queue.isPending) return <LoadingRows label="Queue" />;
  if (queue.isError && queue.data === undefined) {
    return <Failed error={queue.error} what="This queue" onRetry={() => queue.refetch()} />;
  }
  const open = search.state === undefined || search.state === "queued";
  const filter: TaskFilter = {
    queue_key: key,
    ...(search.state === "all" ? {} : { state: [search.state ?? "queued"] }),
    ...(open ? { order: "turn" } : {}),
    ...(search.mine ? { assignee_id: "me" } : {}),
  };
  return (
    <div className="page">
      <header className="page__head">
        <div>
          <p className="crumb">
            <Link to="/queue">Queues</Link>
          </p>
          <h1 className="page__title">{queue.data.name}</h1>
          <p className="page__lead">{queue.data.description ?? about(queue.data)}</p>
        </div>
        <div className="page__actions">
          <Link to="/queue/$key/rules" params={{ key }} className="button button--plain button--normal">
            How it works
          </Link>
          {may(me, "queue.write") ? (
            <Link to="/queue/$key/edit" params={{ key }} className="button button--plain button--normal">
              Edit
            </Link>
          ) : null}
          <ButtonLink
            kind="primary"
            bar={
              barToQueue(me, queue.data, standsIn) ?? (!queue.data.open_count ? "Nothing is open in this queue." : null)
            }
            to="/review"
            search={{ queue: key }}
          >
            Start reviewing
          </ButtonLink>
        </div>
      </header>
      {queue.data.deleted_at === null ? null : (
        <Note kind="warn">This queue is closed: it takes no new tasks. What is open in it is still decided.</Note>
      )}
      <QueueFacts queue={queue.data} />
      <div className="filters">
        <div className="segments" role="group" aria-label="State">
          {TABS.map((tab) => (
            <button
              key={tab.label}
              type="button"
              className="segment"
              aria-pressed={search.state === tab.state}
              onClick={() => navigate({ search: (before) => ({ mine: before.mine, state: tab.state }) })}
            >
              {tab.label}
            </button>
          ))}
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={search.mine ?? false}
            onChange={(event) =>
              navigate({ search: (before) => ({ ...before, mine: event.target.checked || undefined }) })
            }
          />
          Assigned to me
        </label>
      </div>
      <TaskList
        filter={filter}
        to={open ? "review" : "task"}
        queue={key}
        label={`Tasks of ${queue.data.name}`}
        empty={
          <Empty icon="tasks" title={open ? "Nothing is open" : "No task is in this state"}>
            {open ? "Tasks that agents submit to this queue appear here by themselves." : null}
          </Empty>
        }
      />
    </div>
  );
}

function about(queue: Queue): string {
  const deadline = queue.sla_minutes === null ? "" : `, due within ${length(queue.sla_minutes * 60_000)}`;
  return `${REVIEW_TYPES[queue.review_type]}${queue.timing === "after" ? " after the action" : " before the action"}${deadline}.`;
}

function QueueFacts({ queue }: { queue: Queue }) {
  return (
    <details className="facts-fold">
      <summary>
        {REVIEW_TYPES[queue.review_type]} · version {queue.version}
        {queue.sla_minutes === null ? "" : ` · due within ${length(queue.sla_minutes * 60_000)}`}
        {queue.reviewer_ids === null ? "" : ` · ${queue.reviewer_ids.length} named reviewers`}
      </summary>
      {queue.review_options.length === 0 ? null : (
        <ul className="option-list">
          {queue.review_options.map((option) => (
            <li key={option.id}>
              <strong>{option.label}</strong> <code>{option.id}</code> {option.description}
            </li>
          ))}
        </ul>
      )}
      {queue.instructions === null ? (
        <p className="quiet">No instructions.</p>
      ) : (
        <Suspense fallback={null}>
          <Markdown text={queue.instructions} />
        </Suspense>
      )}
    </details>
  );
}
