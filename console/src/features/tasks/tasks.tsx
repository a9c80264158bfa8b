// Every task of the organization, by state, queue, external id and assignee.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { queuesQuery } from "@/api/queries";
import type { TaskState } from "@/api/types";
import { useShortcuts } from "@/keyboard/shortcuts";
import { Icon } from "@/ui/icon";
import { Keys } from "@/ui/keys";
import { Empty } from "@/ui/states";
import { TaskList } from "./list";
import { useRowKeys } from "./row-keys";

const STATES: { value: TaskState; label: string }[] = [
  { value: "queued", label: "Open" },
  { value: "pending", label: "Pending" },
  { value: "reviewed", label: "Decided" },
  { value: "cancelled", label: "Cancelled" },
  { value: "expired", label: "Expired" },
];

export function Tasks() {
  const search = useSearch({ from: "/shell/task" });
  const navigate = useNavigate({ from: "/task" });
  const { data: queues = [] } = useQuery(queuesQuery);
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.external_id ?? "");
  useRowKeys();
  useShortcuts([{ keys: ["/"], label: "Search", group: "Lists", run: () => field.current?.focus() }]);

  function find(event: FormEvent) {
    event.preventDefault();
    const wanted = text.trim();
    if (/^task_[0-9a-z]{26}$/.test(wanted)) navigate({ to: "/task/$id", params: { id: wanted } });
    else navigate({ search: (before) => ({ ...before, external_id: wanted === "" ? undefined : wanted }) });
  }

  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">Tasks</h1>
      </header>
      <div className="filters">
        <form className="search" role="search" onSubmit={find}>
          <Icon name="search" />
          <input
            ref={field}
            className="search__input"
            type="search"
            aria-label="Task id or external id"
            placeholder="Task id or external id"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Keys name="/" />
        </form>
        <select
          className="select"
          aria-label="State"
          value={search.state ?? ""}
          onChange={(event) =>
            navigate({
              search: (before) => ({ ...before, state: (event.target.value || undefined) as TaskState | undefined }),
            })
          }
        >
          <option value="">Every state</option>
          {STATES.map((state) => (
            <option key={state.value} value={state.value}>
              {state.label}
            </option>
          ))}
        </select>
        <select
          className="select"
          aria-label="Queue"
          value={search.queue ?? ""}
          onChange={(event) =>
            navigate({ search: (before) => ({ ...before, queue: event.target.value || undefined }) })
          }
        >
          <option value="">Every queue</option>
          {queues.map((queue) => (
            <option key={queue.id} value={queue.key}>
              {queue.name}
            </option>
          ))}
        </select>
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
        filter={{
          ...(search.state === undefined ? {} : { state: [search.state] }),
          ...(search.queue === undefined ? {} : { queue_key: search.queue }),
          ...(search.external_id === undefined ? {} : { external_id: search.external_id }),
          ...(search.mine === undefined ? {} : { assignee_id: "me" }),
        }}
        to="task"
        label="Tasks"
        empty={
          <Empty icon="search" title="No task matches">
            The search compares whole external ids. Change the filters to see more.
          </Empty>
        }
      />
    </div>
  );
}
