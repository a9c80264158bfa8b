// The list beside the content: what waits, in the order in which it is due, with the one that is open marked.
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Queue, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { summaryOf } from "@/features/tasks/rows";
import { heldByOther } from "@/rules";
import { PriorityBadge } from "@/ui/badges";
import { Icon } from "@/ui/icon";
import { Age, Deadline } from "@/ui/time";

interface Props {
  tasks: readonly Task[];
  queues: readonly Queue[];
  queue: string | undefined;
  current: string | undefined;
  pending: boolean;
  /** Fetches the next page; null when there is none. */
  more: (() => void) | null;
}

export function Rail({ tasks, queues, queue, current, pending, more }: Props) {
  const navigate = useNavigate({ from: "/review" });
  return (
    <aside className="rail" aria-label="Waiting tasks">
      <div className="rail__head">
        <select
          className="select rail__queue"
          aria-label="Queue"
          value={queue ?? ""}
          onChange={(event) => navigate({ search: { queue: event.target.value || undefined } })}
        >
          <option value="">All my queues</option>
          {queues.map((each) => (
            <option key={each.id} value={each.key}>
              {each.name}
            </option>
          ))}
        </select>
      </div>
      <ul className="rail__list">
        {tasks.map((task) => (
          <li key={task.id}>
            <Item task={task} queue={queue} isCurrent={task.id === current} />
          </li>
        ))}
        {tasks.length === 0 && !pending ? <li className="rail__none quiet">Nothing waits.</li> : null}
        {more === null ? null : (
          <li>
            <button type="button" className="rail__more" onClick={more}>
              Show more
            </button>
          </li>
        )}
      </ul>
    </aside>
  );
}

function Item({ task, queue, isCurrent }: { task: Task; queue: string | undefined; isCurrent: boolean }) {
  const me = useMe();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  return (
    <Link
      ref={link}
      to="/review"
      search={{ queue, task: task.id }}
      className="rail__item"
      aria-current={isCurrent ? "true" : undefined}
      preload={false}
    >
      <span className="rail__summary">
        <SafeText text={summaryOf(task)} />
      </span>
      <span className="rail__facts">
        {queue === undefined ? <span className="rail__key">{task.queue_key}</span> : null}
        <PriorityBadge priority={task.priority} />
        {heldByOther(me, task) ? (
          <span className="holder">
            <Icon name="lock" size={12} />
            {task.lease?.member_name}
          </span>
        ) : task.sla_deadline === null ? (
          <Age since={task.created_at} />
        ) : (
          <Deadline at={task.sla_deadline} />
        )}
      </span>
    </Link>
  );
}
