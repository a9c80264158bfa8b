// A list of tasks by a filter, page by page, with what stands in its place while there is none.
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type TaskFilter, tasksQuery } from "@/api/queries";
import type { Task } from "@/api/types";
import { Button } from "@/ui/button";
import { Failed, LoadingRows } from "@/ui/states";
import { TaskRows } from "./rows";

/** Asked again this often even when no event says so. */
export const SWEEP_MS = 60_000;

interface Props {
  filter: TaskFilter;
  to: "review" | "task";
  queue?: string | undefined;
  label: string;
  empty: ReactNode;
  /** Which of the tasks to show; the others are another list's. */
  keep?: (task: Task) => boolean;
}

export function TaskList({ filter, to, queue, label, empty, keep = () => true }: Props) {
  const list = useInfiniteQuery({ ...tasksQuery(filter), refetchInterval: SWEEP_MS });
  if (list.isPending) return <LoadingRows label={label} />;
  if (list.isError && list.data === undefined) {
    return <Failed error={list.error} what="The list" onRetry={() => list.refetch()} />;
  }
  const tasks = list.data.pages.flatMap((page) => page.items).filter(keep);
  if (tasks.length === 0 && !list.hasNextPage) return empty;
  return (
    <>
      <TaskRows tasks={tasks} to={to} queue={queue} label={label} />
      {list.hasNextPage ? (
        <div className="more">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}
