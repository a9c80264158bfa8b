// What is offered to me: above the list, since each waits for an answer and goes on to the next reviewer without one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { offersQuery } from "@/api/operations";
import { ApiError } from "@/api/problem";
import { taskQuery } from "@/api/queries";
import type { Offer } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useNames } from "@/features/tasks/names";
import { barOfRefusal } from "@/rules";
import { useAnnounce } from "@/ui/announcer";
import { PriorityBadge } from "@/ui/badges";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { Complaint, Note } from "@/ui/states";
import { Deadline, exact, useNow } from "@/ui/time";
import { originWords } from "@/words/assignment";
import { standsFor } from "@/words/events";
import { DeclineDialog } from "./decline";
import "./offers.css";

export function Offers() {
  const { data: offers = [] } = useQuery(offersQuery);
  const now = useNow();
  const [declining, setDeclining] = useState<Offer | null>(null);
  const [ended, setEnded] = useState<unknown>(null);
  const nameOf = useNames(offers.some((offer) => offer.on_behalf_of !== null));
  const standing = offers.filter((offer) => standsFor(offer.expires_at, now) !== null);
  if (standing.length === 0 && ended === null) return null;
  return (
    <section className="offers" aria-labelledby="offers-title">
      <h2 className="offers__title" id="offers-title">
        Offered to you
      </h2>
      <Refused error={ended} />
      <ul className="offers__list">
        {standing.map((offer) => (
          <li key={offer.id}>
            <OfferRow
              offer={offer}
              stands={standsFor(offer.expires_at, now) ?? ""}
              principal={offer.on_behalf_of === null ? null : nameOf(offer.on_behalf_of)}
              onDecline={() => setDeclining(offer)}
              onRefused={setEnded}
            />
          </li>
        ))}
      </ul>
      {declining === null ? null : (
        <DeclineDialog offer={declining} onClose={() => setDeclining(null)} onRefused={setEnded} />
      )}
    </section>
  );
}

function Refused({ error }: { error: unknown }) {
  if (error === null) return null;
  const words = error instanceof ApiError ? barOfRefusal(error.code) : null;
  return words === null ? <Complaint error={error} /> : <Note kind="warn">{words}</Note>;
}

interface RowProps {
  offer: Offer;
  /** How long it still stands. */
  stands: string;
  principal: string | null;
  onDecline(): void;
  onRefused(error: unknown): void;
}

function OfferRow({ offer, stands, principal, onDecline, onRefused }: RowProps) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const accept = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/task/{id}/offer/accept", {
          params: { path: { id: offer.task_id } },
          headers: { "Idempotency-Key": idempotencyKey() },
        }),
      ),
    onSuccess: (task) => {
      cache.setQueryData(taskQuery(task.id).queryKey, task);
      announce("Accepted");
      navigate({ to: "/review", search: { task: task.id } });
    },
    onError: onRefused,
    onSettled: () => cache.invalidateQueries({ queryKey: offersQuery.queryKey }),
  });
  return (
    <article className="offer">
      <div className="offer__what">
        <Link to="/task/$id" params={{ id: offer.task_id }} className="offer__summary" data-row>
          <SafeText text={offer.summary ?? offer.task_id} />
        </Link>
        <div className="offer__facts">
          <span>{offer.queue_key}</span>
          <PriorityBadge priority={offer.priority} />
          {principal === null ? null : (
            <span className="offer__behalf">
              <Icon name="person" size={13} />
              on behalf of {principal}
            </span>
          )}
          <span>{originWords(offer.strategy)}</span>
          <Deadline at={offer.sla_deadline} />
        </div>
      </div>
      <time className="offer__stands" dateTime={offer.expires_at} title={`Until ${exact(offer.expires_at)}`}>
        stands for {stands}
      </time>
      <div className="offer__actions">
        <Button onClick={onDecline}>Decline</Button>
        <Button kind="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Accept
        </Button>
      </div>
    </article>
  );
}
