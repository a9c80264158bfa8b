// The middle of the workspace: what the task is, its content as data or under edit, what was said about it and what happened.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, type RefObject, Suspense } from "react";
import type { JsonObject, Queue, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { Comments } from "@/features/tasks/comments";
import { TaskContent, ViewSwitch } from "@/features/tasks/content";
import { History } from "@/features/tasks/history";
import { summaryOf } from "@/features/tasks/rows";
import { TaskTabs } from "@/features/tasks/tabs";
import { PriorityBadge, REVIEW_TYPES, StateBadge } from "@/ui/badges";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { Ago, Deadline } from "@/ui/time";
import { BehalfFact, StageFact } from "./standing";
import { type Draft, isEdited } from "./verdict";

const AssignmentAccount = lazy(() =>
  import("@/features/tasks/assignment").then(({ AssignmentAccount }) => ({ default: AssignmentAccount })),
);
const Editor = lazy(() => import("./editor"));
const DiffView = lazy(() => import("@/content/diff-view"));
const Markdown = lazy(() => import("@/content/markdown"));

interface Props {
  task: Task;
  queue: Queue;
  heading: RefObject<HTMLHeadingElement | null>;
  position: number | null;
  waiting: number;
  draft: Draft;
  canEdit: boolean;
  editing: boolean;
  notices: ReactNode;
  onEdit(): void;
  onLeaveEditing(): void;
  onChange(data: JsonObject | null): void;
  onInvalid(reason: string | null): void;
  onStep(by: 1 | -1): void;
}

export function ContentPane(props: Props) {
  const { task, queue, draft, editing } = props;
  const search = useSearch({ from: "/shell/review" });
  const navigate = useNavigate({ from: "/review" });
  const tab = search.tab ?? "content";
  const view = search.view ?? "text";
  return (
    <section className="content" aria-label="Task">
      <Header {...props} />
      <TaskTabs
        task={task}
        tab={tab}
        tabs={["content", "comments", "history", "why"]}
        onTab={(next) =>
          navigate({ search: (before) => ({ ...before, tab: next === "content" ? undefined : next }), replace: true })
        }
        extra={
          tab !== "content" ? null : (
            <>
              {props.canEdit ? (
                editing ? (
                  <Button size="small" onClick={props.onLeaveEditing}>
                    Look at the original
                  </Button>
                ) : (
                  <Button size="small" keys="e" onClick={props.onEdit}>
                    Edit
                  </Button>
                )
              ) : null}
              {editing ? null : (
                <ViewSwitch
                  view={view}
                  onView={(next) =>
                    navigate({
                      search: (before) => ({ ...before, view: next === "text" ? undefined : next }),
                      replace: true,
                    })
                  }
                />
              )}
            </>
          )
        }
      />
      <div className="content__body" id="task-panel" role="tabpanel" tabIndex={-1} aria-label={tab}>
        {props.notices}
        {tab === "comments" ? (
          <Comments task={task} />
        ) : tab === "history" ? (
          <History taskId={task.id} />
        ) : tab === "why" ? (
          <Suspense fallback={null}>
            <AssignmentAccount taskId={task.id} />
          </Suspense>
        ) : (
          <>
            {queue.instructions === null ? null : (
              <details className="instructions" open={false}>
                <summary>What to look for</summary>
                <Suspense fallback={null}>
                  <Markdown text={queue.instructions} />
                </Suspense>
              </details>
            )}
            {editing ? (
              <Suspense fallback={null}>
                <Editor
                  key={task.revision}
                  original={task.data}
                  value={draft.data ?? task.data}
                  onChange={props.onChange}
                  onInvalid={props.onInvalid}
                />
              </Suspense>
            ) : null}
            {isEdited(task, draft) ? (
              <section className="block">
                <div className="block__head">
                  <h2 className="block__title">Your changes</h2>
                  <Button
                    size="small"
                    kind="quiet"
                    onClick={() => {
                      props.onChange(null);
                      props.onInvalid(null);
                    }}
                  >
                    Discard them
                  </Button>
                </div>
                <Suspense fallback={null}>
                  <DiffView before={task.data} after={draft.data} />
                </Suspense>
              </section>
            ) : null}
            <TaskContent task={task} view={view} only={editing ? "background" : "everything"} />
          </>
        )}
      </div>
    </section>
  );
}

function Header({ task, queue, heading, position, waiting, onStep }: Props) {
  return (
    <header className="content__head">
      <div className="content__line">
        <Link to="/" className="icon-button content__back" aria-label="My turn">
          <Icon name="back" />
        </Link>
        <span className="content__queue">
          <Link to="/queue/$key" params={{ key: task.queue_key }}>
            {queue.name}
          </Link>
          <span className="quiet"> · {REVIEW_TYPES[queue.review_type]}</span>
          {queue.timing === "after" ? <span className="badge">after the action</span> : null}
        </span>
        <span className="content__steps">
          {position === null ? null : (
            <span className="quiet">
              {position} of {waiting}
            </span>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label="Previous task"
            title="Previous task (K)"
            onClick={() => onStep(-1)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Next task"
            title="Next task (J)"
            onClick={() => onStep(1)}
          >
            <Icon name="next" />
          </button>
          <Link
            to="/task/$id"
            params={{ id: task.id }}
            className="icon-button"
            aria-label="Permanent link"
            title="Permanent link"
          >
            <Icon name="link" />
          </Link>
        </span>
      </div>
      <h1 className="content__title" ref={heading} tabIndex={-1}>
        <SafeText text={summaryOf(task)} />
      </h1>
      <div className="content__facts">
        {task.state === "queued" ? null : <StateBadge state={task.state} outcome={task.outcome} />}
        <PriorityBadge priority={task.priority} />
        {task.state === "queued" ? <Deadline at={task.sla_deadline} /> : null}
        {task.state === "queued" ? <StageFact task={task} queue={queue} /> : null}
        {task.state === "queued" ? <BehalfFact task={task} /> : null}
        <span>
          <Icon name={task.created_by.kind === "member" ? "person" : "agent"} size={13} />
          <SafeText text={task.created_by.name ?? task.created_by.kind} />
        </span>
        <span>
          <Icon name="clock" size={13} />
          <Ago at={task.created_at} />
        </span>
        {task.external_id === null ? null : (
          <span className="content__external">
            <SafeText text={task.external_id} />
          </span>
        )}
        {task.revision > 1 ? <span>revision {task.revision}</span> : null}
      </div>
    </header>
  );
}
