// The one way to the server: a typed client with the session cookie, the CSRF header and problems as errors.
import createClient from "openapi-fetch";
import { fromAnswer, fromSilence } from "./problem";
import type { paths } from "./schema.gen";
import type { Reply } from "./types";

export const client = createClient<paths>({
  baseUrl: `${globalThis.location?.origin ?? ""}/v1`,
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: true } },
});

client.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-Signoff-Csrf", "1");
    return request;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    return fromSilence(error);
  },
});

type Result<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer; throws `ApiError` for any other. */
export async function answer<T>(request: Promise<Result<T>>): Promise<Reply<T>> {
  const { data, error, response } = await request;
  if (!response.ok) throw fromAnswer(response.status, error);
  return data as Reply<T>;
}

/** One page of a list. `next` is null on the last one. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** One page of a list with the cursor of the next, which the server sends as a header. */
export async function page<T>(request: Promise<Result<T[]>>): Promise<Page<Reply<T>>> {
  const { data, error, response } = await request;
  if (!response.ok) throw fromAnswer(response.status, error);
  return { items: (data ?? []) as Reply<T>[], next: response.headers.get("X-Next-Cursor") };
}

/** A fresh `Idempotency-Key`. Made once for one intention, so that its retries are the same request. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
