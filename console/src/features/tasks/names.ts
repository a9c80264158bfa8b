// The names of members by their ids, for what refers to people by id only.
import { useQuery } from "@tanstack/react-query";
import { membersQuery } from "@/api/queries";
import { useMe } from "@/features/shell/me";
import { may } from "@/rules";

/** Looks names up once `wanted`; a member whose name is not known is "a member". */
export function useNames(wanted: boolean): (id: string) => string {
  const me = useMe();
  const { data: members } = useQuery({
    ...membersQuery,
    enabled: wanted && may(me, "member.read"),
    staleTime: 300_000,
  });
  return (id) =>
    members?.find((member) => member.id === id)?.name ?? (id === me.member.id ? me.member.name : "a member");
}
