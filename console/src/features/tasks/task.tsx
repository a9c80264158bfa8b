// One task at its own address, for anybody who may read it: content, reviews, comments, history, and what may be done with it.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { taskSlaQuery } from "@/api/operations";
import { taskQuery } from "@/api/queries";
import type { Queue, Task } from "@/api/types";
import { FoldsProvider } from "@/content/folds";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { barToReview } from "@/rules";
import { PriorityBadge, StateBadge } from "@/ui/badges";
import { ButtonLink } from "@/ui/button-link";
import { Failed, LoadingRows } from "@/ui/states";
import { Ago, Deadline, exact } from "@/ui/time";
import { originOf } from "@/words/outcome";
import { placeWords, ruleOf, ruleWords, stageOf } from "@/words/workflow";
import { TaskActions } from "./actions";
import { Clocks } from "./clocks";
import { Comments } from "./comments";
import { TaskContent, ViewSwitch } from "./content";
import { History } from "./history";
import { Reviews } from "./reviews";
import { summaryOf } from "./rows";
import { TaskTabs } from "./tabs";
import "./tasks.css";

const AssignmentAccount = lazy(() =>
  import("./assignment").then(({ AssignmentAccount }) => ({ default: AssignmentAccount })),
);

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
  const standsIn = useStandsIn();
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
            bar={queue === null ? null : barToReview(me, task, queue, standsIn)}
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
            tabs={["content", "reviews", "comments", "history", "why"]}
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
            ) : tab === "why" ? (
              <Suspense fallback={<LoadingRows label="Assignment" rows={4} />}>
                <AssignmentAccount taskId={task.id} />
              </Suspense>
            ) : (
              <TaskContent task={task} view={view} />
            )}
          </div>
        </div>
        <TaskFacts task={task} queue={queue} />
      </div>
    </div>
  );
}

function TaskFacts({ task, queue }: { task: Task; queue: Queue | null }) {
  const { data: sla } = useQuery(taskSlaQuery(task.id));
  const clocks = (sla?.clocks ?? []).filter((clock) => clock.state !== "cancelled");
  const place = queue === null ? null : placeWords(queue, task);
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
            <dt>By the rule</dt>
            <dd>
              {originOf(task.outcome)} <code>{task.outcome.rule}</code>
            </dd>
          </>
        )}
        {queue === null || task.outcome !== null ? null : (
          <>
            <dt>{place === null ? "Rule" : <SafeText text={place} />}</dt>
            <dd>
              <SafeText text={ruleWords(ruleOf(stageOf(queue, task)))} />
            </dd>
          </>
        )}
        {clocks.length === 0 ? null : (
          <>
            <dt>Promised times</dt>
            <dd>
              <Clocks clocks={clocks} />
            </dd>
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
