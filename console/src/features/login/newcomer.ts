// Who has yet to say who they are: the first administrator, whom the server made without asking anybody.
import type { Me } from "@/api/types";

export function isNewcomer(me: Me): boolean {
  return me.member.name === "" || me.member.email === "";
}
