// Whether I am there, as the server knows it: who is not online is offered nothing new.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { availabilityQuery } from "@/api/operations";
import type { Me, Presence } from "@/api/types";

export const PRESENCES: Record<Presence, { label: string; about: string }> = {
  online: { label: "Online", about: "Tasks are offered to you." },
  away: { label: "Away", about: "You keep what you have and get nothing new." },
  offline: { label: "Offline", about: "You are not there." },
};

/** My presence; null while it is not known. */
export function usePresence(me: Me): Presence | null {
  const { data } = useQuery({ ...availabilityQuery(me.member.id), staleTime: 300_000 });
  return data?.presence ?? null;
}

/** Says whether I am there. The answer is shown at once, and taken back if the server refuses. */
export function useSetPresence(me: Me): (presence: Presence) => void {
  const cache = useQueryClient();
  const key = availabilityQuery(me.member.id).queryKey;
  const set = useMutation({
    mutationFn: (presence: Presence) => answer(client.PUT("/me/presence", { body: { presence } })),
    onMutate: async (presence) => {
      await cache.cancelQueries({ queryKey: key });
      cache.setQueryData(key, (before) => before && { ...before, presence });
    },
    onSuccess: (now) => cache.setQueryData(key, now),
    onError: () => cache.invalidateQueries({ queryKey: key }),
  });
  return set.mutate;
}

/** A dot with its word: shape and text beside the colour. */
export function PresenceMark({ presence }: { presence: Presence }) {
  return (
    <span className={`presence presence--${presence}`}>
      <span className="presence__dot" aria-hidden="true" />
      {PRESENCES[presence].label}
    </span>
  );
}
