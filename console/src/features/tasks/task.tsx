// One task at its own address, for anybody who may read it: content, reviews, comments, history, and what may be done with it.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { taskQuery } from "@/api/queries";
import type { Queue, Task } from "@/api/types";
import { FoldsProvider } from "@/content/folds";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { barToReview } from "@/rules";
import { PriorityBadge, StateBadge } from "@/ui/badges";
import { ButtonLink } from "@/ui/button-link";
import { Failed, LoadingRows } from "@/ui/states";
import { Ago, Deadline, exact } from "@/ui/time";
import { TaskActions } from "./actions";
import { Comments } from "./comments";
import { TaskContent, ViewSwitch } from "./content";
import { History } from "./history";
import { Reviews } from "./reviews";
import { summaryOf } from "./rows";
import { TaskTabs } from "./tabs";
import "./tasks.css";

export function TaskPage() {
  const { id } = useParams({ from: "/shell/task/$id" });
  const task = useQuery(taskQuery(id));
  if (task.isPending) return <LoadingRows label="Task" />;
  if (task.isError && task.data === undefined) {
    return <Failed error={task.error} what="This task" onRetry={() => task.refetch()} />;
  }
  return (
    <FoldsProvider>
      <Loaded task={task.data} queue={task.data.queue} />
    </FoldsProvider>
  );
}

function Loaded({ task, queue }: { task: Task; queue: Queue | null }) {
  const me = useMe();
  const search = useSearch({ from: "/shell/task/$id" });
  const navigate = useNavigate({ from: "/task/$id" });
  const tab = search.tab ?? "content";
  const view = search.view ?? "text";
  return (
    <div className="page">
      <header className="page__head">
        <div>
          <p className="crumb">
            <Link to="/queue/$key" params={{ key: task.queue_key }}>
              {queue?.name ?? task.queue_key}
            </Link>
          </p>
          <h1 className="page__title">
            <SafeText text={summaryOf(task)} />
          </h1>
          <div className="content__facts">
            <StateBadge state={task.state} outcome={task.outcome} />
            <PriorityBadge priority={task.priority} />
            {task.state === "queued" ? <Deadline at={task.sla_deadline} /> : null}
          </div>
        </div>
        <div className="page__actions">
          <TaskActions task={task} />
          <ButtonLink
            kind="primary"
            bar={queue === null ? null : barToReview(me, task, queue)}
            to="/review"
            search={{ task: task.id, queue: task.queue_key }}
          >
            Review
          </ButtonLink>
        </div>
      </header>
      <div className="task">
        <div className="task__main">
          <TaskTabs
            task={task}
            tab={tab}
            tabs={["content", "reviews", "comments", "history"]}
            onTab={(next) =>
              navigate({
                search: (before) => ({ ...before, tab: next === "content" ? undefined : next }),
                replace: true,
              })
            }
            extra={
              tab === "content" ? (
                <ViewSwitch
                  view={view}
                  onView={(next) =>
                    navigate({
                      search: (before) => ({ ...before, view: next === "text" ? undefined : next }),
                      replace: true,
                    })
                  }
                />
              ) : null
            }
          />
          <div className="task__body" id="task-panel" role="tabpanel" tabIndex={-1} aria-label={tab}>
            {tab === "comments" ? (
              <Comments task={task} />
            ) : tab === "history" ? (
              <History taskId={task.id} />
            ) : tab === "reviews" ? (
              <Reviews task={task} queue={queue} />
            ) : (
              <TaskContent task={task} view={view} />
            )}
          </div>
        </div>
        <TaskFacts task={task} />
      </div>
    </div>
  );
}

function TaskFacts({ task }: { task: Task }) {
  return (
    <aside className="task__facts" aria-label="Facts">
      <dl className="facts">
        <dt>Submitted</dt>
        <dd>
          <Ago at={task.created_at} /> by <SafeText text={task.created_by.name ?? task.created_by.kind} />
        </dd>
        {task.sla_deadline === null ? null : (
          <>
            <dt>Due</dt>
            <dd>{exact(task.sla_deadline)}</dd>
          </>
        )}
        {task.outcome === null ? null : (
          <>
            <dt>
              {task.outcome.kind === "decided"
                ? "Decided"
                : task.outcome.kind === "cancelled"
                  ? "Cancelled"
                  : "Expired"}
            </dt>
            <dd>
              {exact(task.outcome.at)}
              {task.outcome.reason === null ? null : (
                <div>
                  <SafeText text={task.outcome.reason} block />
                </div>
              )}
            </dd>
            {task.outcome.rule === null ? null : (
              <>
                <dt>By the rule</dt>
                <dd>
                  <code>{task.outcome.rule}</code>
                </dd>
              </>
            )}
          </>
        )}
        {task.lease === null ? null : (
          <>
            <dt>Reviewing now</dt>
            <dd>{task.lease.member_name}</dd>
          </>
        )}
        <dt>Queue version</dt>
        <dd>{task.queue_version}</dd>
        <dt>Revision</dt>
        <dd>{task.revision}</dd>
        {task.external_id === null ? null : (
          <>
            <dt>External id</dt>
            <dd>
              <SafeText text={task.external_id} />
            </dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <code className="facts__id">{task.id}</code>
        </dd>
      </dl>
    </aside>
  );
}
