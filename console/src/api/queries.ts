// Every read of the console, with the key under which the cache holds it. Writes invalidate by these keys.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client, page } from "./client";
import { ApiError } from "./problem";
import type { TaskState } from "./types";

/** What may be asked of the task list. */
export interface TaskFilter {
  queue_key?: string;
  state?: TaskState[];
  external_id?: string;
  assignee_id?: string;
  order?: "created_desc" | "turn";
}

/** Who I am; null when nobody is logged in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    try {
      return await answer(client.GET("/v1/me", { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const queuesQuery = queryOptions({
  queryKey: ["queue"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.GET("/v1/queue", { signal, params: { query: pageOf(cursor) } })),
});

export const queueQuery = (key: string) =>
  queryOptions({
    queryKey: ["queue", key],
    queryFn: ({ signal }) => answer(client.GET("/v1/queue/{queue}", { signal, params: { path: { queue: key } } })),
  });

export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ["tasks", filter],
    queryFn: ({ signal, pageParam }) =>
      page(client.GET("/v1/task", { signal, params: { query: { ...filter, ...pageOf(pageParam) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id],
    queryFn: ({ signal }) => answer(client.GET("/v1/task/{id}", { signal, params: { path: { id } } })),
  });

export const taskEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "event"],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.GET("/v1/task/{id}/event", { signal, params: { path: { id }, query: pageOf(cursor) } }),
      ),
  });

export const commentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "comment"],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.GET("/v1/task/{id}/comment", { signal, params: { path: { id }, query: pageOf(cursor) } }),
      ),
  });

export const membersQuery = queryOptions({
  queryKey: ["member"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.GET("/v1/member", { signal, params: { query: pageOf(cursor) } })),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.GET("/v1/invitation", { signal, params: { query: pageOf(cursor) } })),
});

export const keysQuery = queryOptions({
  queryKey: ["key"],
  queryFn: ({ signal }) => everyPage((cursor) => client.GET("/v1/key", { signal, params: { query: pageOf(cursor) } })),
});

export const tokensQuery = queryOptions({
  queryKey: ["token"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.GET("/v1/token", { signal, params: { query: pageOf(cursor) } })),
});

export const sessionsQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.GET("/v1/session", { signal, params: { query: pageOf(cursor) } })),
});

function pageOf(cursor: string | null | undefined) {
  return cursor ? { cursor } : {};
}

/** Lists that are short by nature, whole. The bound keeps a fault from looping for ever. */
async function everyPage<T>(
  request: (cursor: string | null) => Promise<{ data?: T[]; error?: unknown; response: Response }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 40; pages++) {
    const got: { items: T[]; next: string | null } = await page(request(cursor));
    items.push(...got.items);
    cursor = got.next;
    if (cursor === null) return items;
  }
  return items;
}
