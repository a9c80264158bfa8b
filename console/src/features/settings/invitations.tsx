// Inviting people: an e-mail, a role, and a link that the administrator passes on.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { invitationsQuery } from "@/api/queries";
import type { Role } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { Button } from "@/ui/button";
import { CopyLine } from "@/ui/copy";
import { Field } from "@/ui/field";
import { Modal } from "@/ui/modal";
import { Complaint, LoadingRows, Note } from "@/ui/states";
import { exact } from "@/ui/time";
import { ROLES } from "./roles";

export function Invitations() {
  const me = useMe();
  const invitations = useQuery(invitationsQuery);
  const cache = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("reviewer");
  const changed = () => cache.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const invite = useMutation({
    mutationFn: () =>
      answer(client.POST("/invitation", { headers: { "Idempotency-Key": idempotencyKey() }, body: { email, role } })),
    onSuccess: () => {
      setEmail("");
      changed();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => answer(client.DELETE("/invitation/{id}", { params: { path: { id } } })),
    onSuccess: changed,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim() !== "") invite.mutate();
  }
  const open = (invitations.data ?? []).filter((invitation) => invitation.accepted_at === null);
  return (
    <section className="card">
      <h2 className="card__title">Invite somebody</h2>
      <form className="inline-form" onSubmit={submit}>
        <Field label="E-mail">
          {(control) => (
            <input
              {...control}
              className="input"
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Role">
          {(control) => (
            <select
              {...control}
              className="select"
              value={role}
              onChange={(event) => setRole(event.target.value as Role)}
            >
              {ROLES.filter((each) => each.value !== "owner" || me.member.role === "owner").map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label}: {each.deeds}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button
          kind="primary"
          type="submit"
          busy={invite.isPending}
          bar={email.trim() === "" ? "Enter an e-mail address." : null}
        >
          Make a link
        </Button>
      </form>
      <Complaint error={invite.error ?? revoke.error ?? invitations.error} />
      {invitations.isPending ? <LoadingRows label="Invitations" rows={2} /> : null}
      {open.length === 0 ? null : (
        <ul className="list">
          {open.map((invitation) => (
            <li key={invitation.id} className="list__row">
              <div className="list__what">
                <strong>
                  <SafeText text={invitation.email} />
                </strong>
                <span className="badge">{invitation.role}</span>
                <div className="quiet list__facts">
                  <span>invited {exact(invitation.created_at)}</span>
                  <span>ends {exact(invitation.expires_at)}</span>
                </div>
              </div>
              <Button
                busy={revoke.isPending && revoke.variables === invitation.id}
                onClick={() => revoke.mutate(invitation.id)}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Modal open={invite.data !== undefined} onClose={() => invite.reset()} title="The invitation">
        <CopyLine value={absolute(invite.data?.link ?? "")} label="Invitation link" />
        <Note kind="warn">Send this link to {invite.data?.email} yourself. It works once and is shown this once.</Note>
      </Modal>
    </section>
  );
}

/** The link as others can open it, also where the server does not know the address under which it is reached. */
function absolute(link: string): string {
  return link === "" ? "" : new URL(link, window.location.origin).href;
}
