// Keeps the cache true: events from the server's feed say which reads are out of date. An event carries no data into the
// screen; it only makes the screen ask again.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "@/api/stream";
import type { Event } from "@/api/types";

export type Connection = "connecting" | "live" | "lost";

/** Events closer together than this are answered with one round of reads. */
const GATHER_MS = 150;

export function useLive(enabled: boolean): Connection {
  const cache = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const visible = useVisible();
  useEffect(() => {
    // A hidden page holds no connection: browsers allow six to a host, and a person has many tabs.
    if (!enabled || !visible) return;
    const end = new AbortController();
    const stale = gatherer(cache);
    follow(
      {
        onEvent: stale.add,
        onConnected: () => {
          setConnection("live");
          cache.invalidateQueries();
        },
        onDisconnected: () => setConnection("lost"),
      },
      end.signal,
    );
    return () => {
      end.abort();
      stale.stop();
    };
  }, [cache, enabled, visible]);
  return connection;
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const update = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, []);
  return visible;
}

function gatherer(cache: QueryClient) {
  const keys = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(event: Event) {
      for (const key of keysOf(event)) keys.set(JSON.stringify(key), key);
      timer ??= setTimeout(() => {
        timer = undefined;
        const due = [...keys.values()];
        keys.clear();
        for (const queryKey of due) cache.invalidateQueries({ queryKey });
      }, GATHER_MS);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

/** The cache keys that an event makes doubtful. */
export function keysOf(event: Pick<Event, "type" | "task_id">): (readonly unknown[])[] {
  const [subject] = event.type.split(".");
  switch (subject) {
    case "task":
    case "review":
    case "stage":
    case "offer":
    case "skill":
    case "sla": {
      const keys: (readonly unknown[])[] = event.task_id === null ? [] : [["task", event.task_id]];
      // A comment and a warning change no list and no count.
      if (event.type === "task.commented" || event.type === "sla.warning") return keys;
      return [...keys, ["tasks"], ["queue"], ["offer"]];
    }
    case "batch":
      return [["tasks"], ["queue"]];
    case "queue":
      return [["queue"]];
    case "member":
      return event.type === "member.availability" ? [["availability"]] : [["member"], ["invitation"], ["me"]];
    case "absence":
    case "delegation":
      return [[subject], ["offer"], ["tasks"]];
    case "resource":
      return [["group"], ["tasks"]];
    case "key":
    case "token":
    case "session":
      return [[subject]];
    default:
      return [];
  }
}
