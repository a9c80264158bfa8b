// The organization's event feed over SSE. Read with fetch rather than EventSource, whose named events cannot be
// subscribed to as a whole and whose failures do not say their status.
import type { Event } from "./types";

export interface Feed {
  /** Events, in order. */
  onEvent(event: Event): void;
  /** Connected after a time without: whatever was read before may be out of date. */
  onConnected(): void;
  onDisconnected(): void;
}

/** Follows the feed until `signal` is aborted. Reconnects with backoff and resumes after the last event seen. */
export async function follow(feed: Feed, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (last !== null) headers["Last-Event-ID"] = last;
      const response = await fetch("/v1/event/stream", { headers, signal, credentials: "same-origin" });
      if (response.status === 401 || response.status === 403) return;
      // The log is another one than before, shorter: a backup was restored. What it holds is read anew.
      if (response.status === 400) last = null;
      if (!response.ok || response.body === null) throw new Error(`stream answered ${response.status}`);
      failures = 0;
      feed.onConnected();
      for await (const message of messages(response.body)) {
        if (message.id !== null) last = message.id;
        if (message.data !== "") feed.onEvent(JSON.parse(message.data) as Event);
      }
    } catch {
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    feed.onDisconnected();
    failures += 1;
    // Jitter, so that every console does not come back in the same instant after a restart.
    await pause(Math.min(500 * 2 ** failures, 15_000) * (0.5 + Math.random() / 2), signal);
  }
}

export interface Message {
  id: string | null;
  data: string;
}

/** Splits an SSE body into its messages. Comments and unknown fields are dropped, as the specification says. */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let id: string | null = null;
  let data: string[] = [];
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { id, data: data.join("\n") };
          data = [];
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon === -1 ? line : line.slice(0, colon);
        const text = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "data") data.push(text);
        else if (field === "id") id = text;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
