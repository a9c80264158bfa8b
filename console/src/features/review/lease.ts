// The right to edit a review now: taken when a task is shown, renewed while the page is seen, given back when the reviewer
// leaves. Losing it loses nothing that was typed.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { answer, client } from "@/api/client";
import { type ApiError, asApiError } from "@/api/problem";
import { taskQuery } from "@/api/queries";
import type { Lease } from "@/api/types";
import { useNow } from "@/ui/time";

const RENEW_MS = 60_000;
/** Walking quickly through the list takes no leases. */
const SETTLE_MS = 250;
const WARN_MS = 60_000;

export interface Hold {
  lease: Lease | null;
  /** The last lease that was mine for this revision: what was written under it can still be kept. */
  lastId: string | null;
  /** Why the task could not be held, or was lost. */
  problem: ApiError | null;
  /** Milliseconds until it ends, once that is soon. */
  ending: number | null;
  /** Takes it, or takes it again. */
  take(): void;
  /** The lease ended with the review or the skip: nothing is to be given back. */
  spent(): void;
}

export function useLease(taskId: string, revision: number, wanted: boolean, known: Lease | null): Hold {
  // A new revision ends the leases of the old one: each is held anew.
  const subject = `${taskId}/${revision}`;
  const cache = useQueryClient();
  const [held, setHeld] = useState<{ subject: string; lease: Lease } | null>(null);
  const [problem, setProblem] = useState<{ subject: string; error: ApiError } | null>(null);
  const now = useNow();
  const current = useRef<{ subject: string; lease: Lease } | null>(null);
  const last = useRef<{ subject: string; id: string } | null>(null);
  const here = useRef(false);
  const already = useRef(known);
  already.current = known;

  const keep = useCallback(
    (lease: Lease | null) => {
      current.current = lease === null ? null : { subject, lease };
      if (lease !== null) last.current = { subject, id: lease.id };
      setHeld(current.current);
    },
    [subject],
  );

  const take = useCallback(() => {
    answer(client.POST("/task/{id}/claim", { params: { path: { id: taskId } } })).then(
      (claim) => {
        // The answer may come after the reviewer has gone on.
        if (!here.current) return giveBack(taskId, claim.lease);
        setProblem(null);
        keep(claim.lease);
      },
      (error: unknown) => {
        keep(null);
        setProblem({ subject, error: asApiError(error) });
        cache.invalidateQueries({ queryKey: taskQuery(taskId).queryKey });
      },
    );
  }, [cache, keep, subject, taskId]);

  const renew = useCallback(() => {
    const lease = current.current?.subject === subject ? current.current.lease : null;
    if (lease === null) return;
    answer(client.POST("/task/{id}/renew", { params: { path: { id: taskId } }, body: { lease_id: lease.id } })).then(
      (next) => keep(next),
      (error: unknown) => {
        const met = asApiError(error);
        // No answer is not a refusal: the lease runs on, and the next beat tries again.
        if (met.status !== 409 && met.status !== 404) return;
        keep(null);
        setProblem({ subject, error: met });
        cache.invalidateQueries({ queryKey: taskQuery(taskId).queryKey });
      },
    );
  }, [cache, keep, subject, taskId]);

  useEffect(() => {
    if (!wanted) return;
    here.current = true;
    let settle: ReturnType<typeof setTimeout> | undefined;
    if (already.current !== null) {
      keep(already.current);
      renew();
    } else settle = setTimeout(take, SETTLE_MS);
    const beat = setInterval(() => {
      if (document.visibilityState === "visible") renew();
    }, RENEW_MS);
    const onVisible = () => {
      if (document.visibilityState === "visible") renew();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      here.current = false;
      clearTimeout(settle);
      clearInterval(beat);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [keep, renew, take, wanted]);

  // Given back when the reviewer leaves, and not when something bars them: a late review is kept under its lease.
  useEffect(() => {
    const leave = () => {
      const left = current.current;
      current.current = null;
      if (left !== null && left.subject === subject) giveBack(taskId, left.lease);
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [subject, taskId]);

  const lease = held?.subject === subject ? held.lease : null;
  const left = lease === null ? null : Date.parse(lease.expires_at) - now;
  return {
    lease,
    lastId: last.current?.subject === subject ? last.current.id : null,
    problem: problem?.subject === subject ? problem.error : null,
    ending: left !== null && left < WARN_MS ? Math.max(0, left) : null,
    take: lease === null ? take : renew,
    spent: useCallback(() => {
      current.current = null;
    }, []),
  };
}

function giveBack(taskId: string, lease: Lease): void {
  // If this fails the lease runs out by itself.
  client
    .POST("/task/{id}/release", { params: { path: { id: taskId } }, body: { lease_id: lease.id }, keepalive: true })
    .catch(() => undefined);
}
