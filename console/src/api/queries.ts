// Every read of the console, with the key under which the cache holds it. Writes invalidate by these keys.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client, type Page, page } from "./client";
import { ApiError } from "./problem";
import type { Me, TaskState } from "./types";

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
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return asPerson(await answer(client.GET("/me", { signal })));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const queuesQuery = queryOptions({
  queryKey: ["queue"],
  queryFn: ({ signal }) => answer(client.GET("/queue", { signal })),
});

export const queueQuery = (key: string) =>
  queryOptions({
    queryKey: ["queue", key],
    queryFn: ({ signal }) => answer(client.GET("/queue/{key}", { signal, params: { path: { key } } })),
  });

export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ["tasks", filter],
    queryFn: ({ signal, pageParam }) =>
      page(client.GET("/task", { signal, params: { query: { ...filter, ...pageOf(pageParam) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id],
    queryFn: ({ signal }) => answer(client.GET("/task/{id}", { signal, params: { path: { id } } })),
  });

export const taskEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "event"],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        page(
          client.GET("/task/{id}/event", {
            signal,
            params: { path: { id }, query: { limit: 100, ...pageOf(cursor) } },
          }),
        ),
      ),
  });

/** Every review of a task, oldest first: also those that are void or were kept as surplus. */
export const taskReviewsQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "review"],
    queryFn: async ({ signal }) => {
      const reviews = await everyPage((cursor) =>
        page(client.GET("/review", { signal, params: { query: { task_id: id, limit: 100, ...pageOf(cursor) } } })),
      );
      return reviews.reverse();
    },
  });

export const commentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id, "comment"],
    queryFn: ({ signal }) => answer(client.GET("/task/{id}/comment", { signal, params: { path: { id } } })),
  });

export const membersQuery = queryOptions({
  queryKey: ["member"],
  queryFn: ({ signal }) =>
    everyPage((cursor) =>
      page(client.GET("/member", { signal, params: { query: { limit: 100, ...pageOf(cursor) } } })),
    ),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: ({ signal }) =>
    everyPage((cursor) =>
      page(client.GET("/invitation", { signal, params: { query: { limit: 100, ...pageOf(cursor) } } })),
    ),
});

export const keysQuery = queryOptions({
  queryKey: ["key"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => page(client.GET("/key", { signal, params: { query: { limit: 100, ...pageOf(cursor) } } }))),
});

export const tokensQuery = queryOptions({
  queryKey: ["token"],
  queryFn: ({ signal }) =>
    everyPage((cursor) => page(client.GET("/token", { signal, params: { query: { limit: 100, ...pageOf(cursor) } } }))),
});

export const sessionsQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) =>
    everyPage((cursor) =>
      page(client.GET("/session", { signal, params: { query: { limit: 100, ...pageOf(cursor) } } })),
    ),
});

/** Only people use the console; a program's credentials never reach a browser's cookie. */
export function asPerson(me: Omit<Me, "member"> & { member: Me["member"] | null }): Me {
  const { member } = me;
  if (member === null) throw new ApiError(403, "not_a_person", "The console is for people, not for keys.");
  return { ...me, member };
}

function pageOf(cursor: string | null) {
  return cursor === null ? {} : { cursor };
}

/** Every page of a list. The bound keeps a fault from looping for ever. */
async function everyPage<T>(request: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages++) {
    const got: Page<T> = await request(cursor);
    items.push(...got.items);
    cursor = got.next;
    if (cursor === null) break;
  }
  return items;
}
