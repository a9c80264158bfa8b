// Who has yet to say who they are: the first administrator, whom the server made without asking anybody, and who has no password.
import type { Me } from "@/api/types";

export function isNewcomer(me: Me): boolean {
  return !me.has_password;
}
