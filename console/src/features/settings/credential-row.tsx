// A key or token in a list: its name, how it starts, and when it was made, used, and ends.
import type { ReactNode } from "react";
import type { Token } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { Button } from "@/ui/button";
import { Ago, exact } from "@/ui/time";

interface Props {
  credential: Omit<Token, "token">;
  bar?: string | null;
  busy: boolean;
  onRevoke(): void;
  children?: ReactNode;
}

export function CredentialRow({ credential, bar = null, busy, onRevoke, children }: Props) {
  const state = stateOf(credential, Date.now());
  return (
    <li className="list__row">
      <div className="list__what">
        <strong>
          <SafeText text={credential.name} />
        </strong>{" "}
        <code>{credential.prefix}…</code>
        {state === null ? null : <span className="badge">{state}</span>}
        <div className="quiet list__facts">
          <span>made {exact(credential.created_at)}</span>
          <span>
            {credential.last_used_at === null ? (
              "never used"
            ) : (
              <>
                used <Ago at={credential.last_used_at} />
              </>
            )}
          </span>
          {credential.expires_at === null ? (
            <span>does not expire</span>
          ) : (
            <span>ends {exact(credential.expires_at)}</span>
          )}
        </div>
        {children}
      </div>
      {state === null ? (
        <Button bar={bar} busy={busy} onClick={onRevoke}>
          Revoke
        </Button>
      ) : null}
    </li>
  );
}

/** Why it works no more; null while it works. */
export function stateOf(
  credential: Pick<Token, "revoked_at" | "expires_at">,
  now: number,
): "revoked" | "expired" | null {
  if (credential.revoked_at !== null) return "revoked";
  return credential.expires_at !== null && Date.parse(credential.expires_at) <= now ? "expired" : null;
}
