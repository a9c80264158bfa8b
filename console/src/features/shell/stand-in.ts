// Whether I may be asked in somebody's place: then whom the queue names is not all that counts.
import { useQuery } from "@tanstack/react-query";
import { delegationsQuery } from "@/api/operations";
import type { Delegation } from "@/api/types";
import { may } from "@/rules";
import { useMe } from "./me";

export function useStandsIn(): boolean {
  const me = useMe();
  const { data = [] } = useQuery({ ...delegationsQuery, enabled: may(me, "member.read"), staleTime: 300_000 });
  return data.some((delegation) => reaches(delegation, me.member.id, Date.now()));
}

/** Whether a delegation may be to this member at a moment. Who is in a group is left to the server. */
export function reaches(delegation: Delegation, memberId: string, now: number): boolean {
  const { from, to, starts_at, ends_at, revoked_at } = delegation;
  if (from === memberId || revoked_at !== null) return false;
  if (now < Date.parse(starts_at) || now >= Date.parse(ends_at)) return false;
  return "group" in to || to.member === memberId;
}
