// The review workspace: the list of what waits, the content, and the decision, each always in the same place. Which queue and
// which task are in the address.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useReducer, useRef } from "react";
import { answer, client } from "@/api/client";
import { queuesQuery, taskQuery, tasksQuery } from "@/api/queries";
import type { Task } from "@/api/types";
import { useMe } from "@/features/shell/me";
import { useStandsIn } from "@/features/shell/stand-in";
import { SWEEP_MS } from "@/features/tasks/list";
import { useShortcuts } from "@/keyboard/shortcuts";
import { usePreference } from "@/preferences";
import { barToQueue, heldByOther } from "@/rules";
import { Failed, LoadingRows } from "@/ui/states";
import { End } from "./end";
import { Rail } from "./rail";
import { Reviewing } from "./reviewing";
import "./review.css";
import "./panel.css";

/** What this visit to the workspace has done. */
export interface Tally {
  decided: number;
  skipped: ReadonlySet<string>;
}

type Deed = { kind: "decided" } | { kind: "skipped"; taskId: string };

function count(tally: Tally, deed: Deed): Tally {
  if (deed.kind === "decided") return { ...tally, decided: tally.decided + 1 };
  return { ...tally, skipped: new Set([...tally.skipped, deed.taskId]) };
}

export function Workspace() {
  const me = useMe();
  const search = useSearch({ from: "/shell/review" });
  const navigate = useNavigate({ from: "/review" });
  const cache = useQueryClient();
  const [rail, setRail] = usePreference("rail");
  const [advance] = usePreference("advance");
  const [tally, done] = useReducer(count, { decided: 0, skipped: new Set<string>() });
  const { data: queues = [] } = useQuery(queuesQuery);
  const list = useInfiniteQuery({
    ...tasksQuery({
      state: ["queued"],
      order: "turn",
      ...(search.queue === undefined ? {} : { queue_key: search.queue }),
    }),
    refetchInterval: SWEEP_MS,
  });
  const standsIn = useStandsIn();
  const mayReview = new Map(queues.map((queue) => [queue.key, barToQueue(me, queue, standsIn) === null]));
  const waiting = (list.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((task) => !tally.skipped.has(task.id) && (mayReview.get(task.queue_key) ?? true));
  const at = waiting.findIndex((task) => task.id === search.task);

  // Without a task in the address the server names the one that is next for me, and gives me its lease with it.
  const next = useMutation({
    mutationFn: () =>
      answer(client.POST("/task/next", { body: search.queue === undefined ? {} : { queue_key: search.queue } })),
    onSuccess: (claim) => {
      if (!claim) return;
      cache.setQueryData(taskQuery(claim.task.id).queryKey, { ...claim.task, lease: claim.lease });
      navigate({ search: (before) => ({ ...before, task: claim.task.id }), replace: true });
    },
  });
  const asked = useRef<string | null>(null);
  const question = search.task === undefined ? (search.queue ?? "*") : null;
  const askNext = next.mutate;
  useEffect(() => {
    if (question !== null && asked.current !== question) askNext();
    asked.current = question;
  }, [question, askNext]);

  function open(task: Task | undefined) {
    navigate({ search: { queue: search.queue, task: task?.id, view: search.view } });
  }

  /** The next in the list that nobody else holds; else whatever the server says is next. */
  function goOn(from: string) {
    const index = waiting.findIndex((task) => task.id === from);
    const free = (task: Task) => task.id !== from && !heldByOther(me, task);
    open(waiting.slice(index + 1).find(free) ?? waiting.slice(0, Math.max(0, index)).find(free));
  }

  useShortcuts([
    { keys: ["j", "arrowright"], label: "Next task, without deciding", group: "Review", run: () => step(1) },
    { keys: ["k", "arrowleft"], label: "Previous task", group: "Review", run: () => step(-1) },
    {
      keys: ["/"],
      label: "Search tasks",
      group: "Review",
      run: () => navigate({ to: "/task" }),
    },
    {
      keys: ["l"],
      label: "Show or hide the list",
      group: "Review",
      run: () => setRail(rail === "open" ? "closed" : "open"),
    },
  ]);

  function step(by: 1 | -1) {
    const task = waiting[at === -1 ? 0 : at + by];
    if (task) open(task);
  }

  // The next task is read ahead; its lease is taken when it is shown.
  const ahead = waiting[at + 1]?.id;
  useEffect(() => {
    if (ahead !== undefined) cache.prefetchQuery(taskQuery(ahead));
  }, [cache, ahead]);

  return (
    <div className={rail === "open" ? "workspace" : "workspace workspace--wide"}>
      {rail === "open" ? (
        <Rail
          tasks={waiting}
          queues={queues}
          queue={search.queue}
          current={search.task}
          pending={list.isPending}
          more={list.hasNextPage ? () => list.fetchNextPage() : null}
        />
      ) : null}
      {search.task !== undefined ? (
        <Reviewing
          key={search.task}
          taskId={search.task}
          position={at === -1 ? null : at + 1}
          waiting={waiting.length}
          onDecided={(task) => {
            done({ kind: "decided" });
            if (advance === "on") goOn(task.id);
          }}
          onSkipped={(task) => {
            done({ kind: "skipped", taskId: task.id });
            goOn(task.id);
          }}
          onNext={() => goOn(search.task ?? "")}
          onStep={step}
        />
      ) : next.isError ? (
        <Failed error={next.error} what="The next task" onRetry={() => askNext()} />
      ) : next.isSuccess && !next.data ? (
        <End
          tally={tally}
          queue={queues.find((queue) => queue.key === search.queue)}
          waiting={waiting.length}
          onRetry={() => askNext()}
        />
      ) : (
        <LoadingRows label="The next task" rows={8} />
      )}
    </div>
  );
}
