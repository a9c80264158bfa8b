// Tasks as rows: what it is about, where it belongs, how urgent it is, who sent it, who has it. The whole row leads to the task.
import { Link } from "@tanstack/react-router";
import type { Me, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { heldByOther, isOpen } from "@/rules";
import { PriorityBadge, StateBadge } from "@/ui/badges";
import { Icon } from "@/ui/icon";
import { Age, Deadline } from "@/ui/time";
import "./tasks.css";

interface Props {
  tasks: readonly Task[];
  /** Where a row leads: into the workspace, or to the task's own page. */
  to: "review" | "task";
  /** Only within this queue: its name is not repeated, and the workspace stays in it. */
  queue?: string | undefined;
  label: string;
}

export function TaskRows({ tasks, to, queue, label }: Props) {
  return (
    <div className="rows">
      <div className="rows__head" aria-hidden="true">
        <span>Task</span>
        <span>Deadline</span>
        <span>Waiting</span>
        <span>Agent</span>
        <span>Reviewer</span>
      </div>
      <ul className="rows__list" aria-label={label}>
        {tasks.map((task) => (
          <li key={task.id}>
            <Row task={task} to={to} queue={queue} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Row({ task, to, queue }: { task: Task; to: Props["to"]; queue: string | undefined }) {
  const me = useMe();
  const content = (
    <>
      <span className="row__what">
        <span className="row__summary">
          <SafeText text={summaryOf(task)} />
        </span>
        <span className="row__facts">
          {queue === undefined ? <span className="row__queue">{task.queue_key}</span> : null}
          <PriorityBadge priority={task.priority} />
          {isOpen(task) && task.state !== "pending" ? null : <StateBadge state={task.state} outcome={task.outcome} />}
          {task.external_id === null ? null : (
            <span className="row__external">
              <SafeText text={task.external_id} />
            </span>
          )}
        </span>
      </span>
      <span className="row__deadline">{isOpen(task) ? <Deadline at={task.sla_deadline} /> : null}</span>
      <span className="row__age">
        <Age since={task.created_at} />
      </span>
      <span className="row__agent">
        <SafeText text={task.created_by.name ?? task.created_by.kind} />
      </span>
      <span className="row__holder">
        <Holder task={task} me={me} />
      </span>
    </>
  );
  return to === "review" ? (
    <Link to="/review" search={{ task: task.id, queue }} className="row" data-row>
      {content}
    </Link>
  ) : (
    <Link to="/task/$id" params={{ id: task.id }} className="row" data-row>
      {content}
    </Link>
  );
}

function Holder({ task, me }: { task: Task; me: Me }) {
  if (task.lease !== null) {
    return (
      <span className={heldByOther(me, task) ? "holder" : "holder holder--me"} title="Reviewing now">
        <Icon name="lock" size={13} />
        {task.lease.member_id === me.member.id ? "you, now" : task.lease.member_name}
      </span>
    );
  }
  if (task.assignee_id !== null) {
    return <span className="holder">{task.assignee_id === me.member.id ? "assigned to you" : "assigned"}</span>;
  }
  return <span className="quiet">–</span>;
}

export function summaryOf(task: Pick<Task, "summary" | "id">): string {
  return task.summary ?? task.id;
}
