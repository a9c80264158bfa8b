// Sending a decision. One intention is one request: retries after a lost answer carry the same key, so that a decision is
// never taken twice and its outcome is never guessed.
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, idempotencyKey, type Page } from "@/api/client";
import { ApiError, isTransient } from "@/api/problem";
import { queuesQuery, taskQuery } from "@/api/queries";
import type { Review, ReviewBody, Task } from "@/api/types";

export interface Submission {
  task: Task;
  body: ReviewBody;
  /** The `Idempotency-Key`. */
  key: string;
}

export function useSubmit(onDone: (review: Review, task: Task) => void, onLeaseLost: () => void) {
  const cache = useQueryClient();
  const leave = useLeaveLists();
  return useMutation({
    mutationFn: ({ task, body, key }: Submission) =>
      answer(
        client.POST("/task/{id}/review", {
          params: { path: { id: task.id }, header: { "If-Match": `"${task.revision}"` } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    retry: (failures, error) => isTransient(error) && failures < 4,
    retryDelay: (failures) => 400 * 2 ** failures,
    onSuccess: (review, { task }) => {
      leave(task.id);
      onDone(review, task);
    },
    onError: (error) => {
      // Trying to hold it again finds out who has it now, and says so beside the content.
      if (error instanceof ApiError && (error.code === "lease_lost" || error.code === "task_leased")) onLeaseLost();
    },
    onSettled: (_review, _error, { task }) => {
      cache.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
    },
  });
}

/** Keeps a review that came too late to count as surplus. */
export function useKeepLate(onDone: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ task, body, key }: Submission) =>
      answer(
        client.POST("/task/{id}/review", {
          params: { path: { id: task.id }, header: { "If-Match": `"${task.revision}"` } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    retry: (failures, error) => isTransient(error) && failures < 4,
    onSuccess: onDone,
    onSettled: (_review, _error, { task }) => cache.invalidateQueries({ queryKey: taskQuery(task.id).queryKey }),
  });
}

export interface SkipRequest {
  task: Task;
  reason: string;
  leaseId: string | null;
}

export function useSkip(onDone: (task: Task) => void) {
  const leave = useLeaveLists();
  return useMutation({
    mutationFn: ({ task, reason, leaseId }: SkipRequest) =>
      answer(
        client.POST("/task/{id}/skip", {
          params: { path: { id: task.id } },
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { reason, ...(leaseId === null ? {} : { lease_id: leaseId }) },
        }),
      ),
    onSuccess: (_nothing, { task }) => {
      leave(task.id);
      onDone(task);
    },
  });
}

/** Takes a task out of the lists of open ones at once; the event that follows makes them ask again. */
function useLeaveLists(): (taskId: string) => void {
  const cache = useQueryClient();
  return (taskId) => {
    cache.setQueriesData<InfiniteData<Page<Task>>>(
      { queryKey: ["tasks"], predicate: (query) => JSON.stringify(query.queryKey[1]).includes('"turn"') },
      (list) =>
        list && {
          ...list,
          pages: list.pages.map((page) => ({ ...page, items: page.items.filter((task) => task.id !== taskId) })),
        },
    );
    cache.invalidateQueries({ queryKey: queuesQuery.queryKey });
  };
}
