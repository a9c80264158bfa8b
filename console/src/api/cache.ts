// The query cache: how long things are fresh, what is tried again, and what a 401 means.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isTransient } from "./problem";
import { meQuery } from "./queries";

export function makeCache(): QueryClient {
  const loggedOut = (error: unknown) => {
    // The session ended: everything else stays in the cache, and the shell asks for the password.
    // A wrong password is a 401 too, and says nothing about the session.
    if (error instanceof ApiError && error.status === 401 && error.code !== "login_failed")
      cache.setQueryData(meQuery.queryKey, null);
  };
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: loggedOut }),
    mutationCache: new MutationCache({ onError: loggedOut }),
    defaultOptions: {
      queries: {
        // The event stream says what changed; this is the net below it.
        staleTime: 30_000,
        retry: (failures, error) => isTransient(error) && failures < 3,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000),
      },
      mutations: {
        retry: false,
        networkMode: "always",
      },
    },
  });
  return cache;
}
