// Where I am logged in, with the means to end it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { meQuery, sessionsQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { Button } from "@/ui/button";
import { Complaint, Failed, LoadingRows } from "@/ui/states";
import { Ago, exact } from "@/ui/time";

export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: (session: Session) => answer(client.DELETE("/session/{id}", { params: { path: { id: session.id } } })),
    onSuccess: (_nothing, session) => {
      if (session.current) cache.setQueryData(meQuery.queryKey, null);
      else cache.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  if (sessions.isPending) return <LoadingRows label="Sessions" rows={3} />;
  if (sessions.isError && sessions.data === undefined) {
    return <Failed error={sessions.error} what="Your sessions" onRetry={() => sessions.refetch()} />;
  }
  return (
    <section className="card">
      <h2 className="card__title">Sessions</h2>
      <p className="quiet">
        Every browser in which you are logged in. End those that you do not know, then change your password.
      </p>
      <Complaint error={end.error} />
      <ul className="list">
        {sessions.data.map((session) => (
          <li key={session.id} className="list__row">
            <div className="list__what">
              <strong>
                <SafeText text={browserOf(session.user_agent)} />
              </strong>
              {session.current ? <span className="badge badge--good">this one</span> : null}
              <div className="quiet list__facts">
                <span>since {exact(session.created_at)}</span>
                {session.last_seen_at === null ? null : (
                  <span>
                    seen <Ago at={session.last_seen_at} />
                  </span>
                )}
                {session.address === null ? null : <span>{session.address}</span>}
              </div>
            </div>
            <Button busy={end.isPending && end.variables.id === session.id} onClick={() => end.mutate(session)}>
              {session.current ? "Log out" : "End"}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The browser and system that a User-Agent names, as far as it is one of the common ones. */
export function browserOf(agent: string | null): string {
  if (agent === null || agent === "") return "Unknown browser";
  const browser = ["Edg/", "OPR/", "Firefox/", "Chrome/", "Safari/"].find((name) => agent.includes(name));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"].find((name) => agent.includes(name));
  if (browser === undefined) return agent.slice(0, 80);
  const name = { "Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari" }[
    browser
  ];
  return system === undefined ? `${name}` : `${name} on ${system.replace("Mac OS X", "macOS")}`;
}
