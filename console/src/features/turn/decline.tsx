// Not taking an offer, with the reason why.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, idempotencyKey } from "@/api/client";
import { offersQuery } from "@/api/operations";
import { ApiError } from "@/api/problem";
import type { Offer } from "@/api/types";
import { useAnnounce } from "@/ui/announcer";
import { ReasonDialog } from "@/ui/reason-dialog";

const REASONS = ["Not my field", "I am too close to it", "No time now"];

interface Props {
  offer: Offer;
  onClose(): void;
  /** The offer is no longer there. */
  onRefused(error: unknown): void;
}

export function DeclineDialog({ offer, onClose, onRefused }: Props) {
  const cache = useQueryClient();
  const announce = useAnnounce();
  const decline = useMutation({
    mutationFn: (reason: string) =>
      answer(
        client.POST("/task/{id}/offer/decline", {
          params: { path: { id: offer.task_id } },
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { reason },
        }),
      ),
    onSuccess: () => {
      announce("Declined");
      onClose();
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== "offer_ended") return;
      onRefused(error);
      onClose();
    },
    onSettled: () => cache.invalidateQueries({ queryKey: offersQuery.queryKey }),
  });
  return (
    <ReasonDialog
      open
      title="Decline this offer"
      about="It goes on to the next reviewer, and you are not asked again at this stage."
      usual={REASONS}
      deed="Decline"
      busy={decline.isPending}
      error={decline.error}
      onClose={onClose}
      onReason={(reason) => decline.mutate(reason)}
    />
  );
}
