// Moments as people say them: how long ago, how long still. The exact time is in the tooltip.
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let tick = Date.now();

/** The time, again every ten seconds while something shows it. One clock for the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    tick = Date.now();
    ticking = setInterval(() => {
      tick = Date.now();
      for (const other of listeners) other();
    }, 10_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(ticking);
  };
}

/** A length of time in its two largest units: "2 h 10 min". */
export function length(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return days >= 10 || hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

export function exact(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function Ago({ at }: { at: string }) {
  const now = useNow();
  const passed = Math.max(0, now - Date.parse(at));
  return (
    <time dateTime={at} title={exact(at)}>
      {passed < 60_000 ? "just now" : `${length(passed)} ago`}
    </time>
  );
}

/** How long a task has waited. */
export function Age({ since }: { since: string }) {
  const now = useNow();
  const passed = Math.max(0, now - Date.parse(since));
  return (
    <time dateTime={since} title={exact(since)}>
      {passed < 60_000 ? "now" : length(passed)}
    </time>
  );
}

export type Urgency = "calm" | "soon" | "late";

/** What remains until a deadline, in words: urgency is never colour alone. */
export function remaining(deadline: string, now: number): { text: string; urgency: Urgency } {
  const left = Date.parse(deadline) - now;
  if (left < 0) return { text: `overdue by ${length(-left)}`, urgency: "late" };
  return { text: `${length(left)} left`, urgency: left < 3_600_000 ? "soon" : "calm" };
}

export function Deadline({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return null;
  const { text, urgency } = remaining(at, now);
  return (
    <time className={`deadline deadline--${urgency}`} dateTime={at} title={`Due ${exact(at)}`}>
      {text}
    </time>
  );
}
