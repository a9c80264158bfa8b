// The tabs of a task: content, comments, history. Arrow keys walk through them, as tabs do.
import { useQuery } from "@tanstack/react-query";
import type { KeyboardEvent, ReactNode } from "react";
import { commentsQuery } from "@/api/queries";
import type { Task } from "@/api/types";
import type { Tab } from "@/routes/search";

const LABELS: Record<Tab, string> = {
  content: "Content",
  reviews: "Reviews",
  comments: "Comments",
  history: "History",
  why: "Why",
};

interface Props {
  task: Task;
  tab: Tab;
  tabs: readonly Tab[];
  onTab(tab: Tab): void;
  extra?: ReactNode;
}

export function TaskTabs({ task, tab, tabs, onTab, extra }: Props) {
  const { data: comments = [] } = useQuery(commentsQuery(task.id));
  const counts: Partial<Record<Tab, number>> = { comments: comments.length, reviews: task.reviews?.length ?? 0 };

  function walk(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[tabs.indexOf(tab) + by];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    onTab(next);
    const list = event.currentTarget;
    requestAnimationFrame(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  }

  return (
    <div className="tabs">
      <div className="tabs__list" role="tablist" aria-label="About this task" onKeyDown={walk}>
        {tabs.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tabs__tab"
            aria-selected={each === tab}
            aria-controls={each === tab ? "task-panel" : undefined}
            tabIndex={each === tab ? 0 : -1}
            onClick={() => onTab(each)}
          >
            {LABELS[each]}
            {counts[each] ? <span className="tabs__count">{counts[each]}</span> : null}
          </button>
        ))}
      </div>
      {extra ? <div className="tabs__extra">{extra}</div> : null}
    </div>
  );
}
