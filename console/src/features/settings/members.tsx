// The members and the invitations that wait.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { membersQuery } from "@/api/queries";
import type { Member, Role } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { barTo, barToDisable, barToMember } from "@/rules";
import { Button } from "@/ui/button";
import { Complaint, Failed, LoadingRows } from "@/ui/states";
import { Ago } from "@/ui/time";
import { Invitations } from "./invitations";
import { ROLES } from "./roles";

export function Members() {
  const me = useMe();
  const members = useQuery(membersQuery);
  const cache = useQueryClient();
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; role?: Role; state?: "active" | "disabled" }) =>
      answer(client.PATCH("/member/{id}", { params: { path: { id } }, body })),
    onSettled: () => cache.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  if (members.isPending) return <LoadingRows label="Members" rows={4} />;
  if (members.isError && members.data === undefined) {
    return <Failed error={members.error} what="The members" onRetry={() => members.refetch()} />;
  }
  return (
    <>
      <section className="card">
        <h2 className="card__title">Members</h2>
        <Complaint error={change.error} />
        <ul className="list">
          {members.data.map((member) => (
            <li key={member.id} className="list__row">
              <MemberFacts member={member} isMe={member.id === me.member.id} />
              <MemberControls
                member={member}
                bar={barToMember(me, member)}
                disableBar={barToDisable(me, member)}
                busy={change.isPending && change.variables.id === member.id}
                onChange={(wanted) => change.mutate({ id: member.id, ...wanted })}
              />
            </li>
          ))}
        </ul>
      </section>
      {barTo(me, "member.manage") === null ? <Invitations /> : null}
    </>
  );
}

function MemberFacts({ member, isMe }: { member: Member; isMe: boolean }) {
  return (
    <div className="list__what">
      <strong>
        <SafeText text={member.name} />
      </strong>
      {isMe ? <span className="badge">you</span> : null}
      {member.state === "disabled" ? <span className="badge badge--bad">disabled</span> : null}
      <div className="quiet list__facts">
        <span>
          <SafeText text={member.email} />
        </span>
        <span>
          {member.last_seen_at === null ? (
            "never seen"
          ) : (
            <>
              seen <Ago at={member.last_seen_at} />
            </>
          )}
        </span>
      </div>
    </div>
  );
}

interface ControlsProps {
  member: Member;
  bar: string | null;
  disableBar: string | null;
  busy: boolean;
  onChange(wanted: { role?: Role; state?: "active" | "disabled" }): void;
}

function MemberControls({ member, bar, disableBar, busy, onChange }: ControlsProps) {
  return (
    <div className="list__controls">
      <select
        className="select"
        aria-label={`Role of ${member.name}`}
        title={bar ?? undefined}
        disabled={bar !== null || busy}
        value={member.role}
        onChange={(event) => onChange({ role: event.target.value as Role })}
      >
        {ROLES.map((role) => (
          <option key={role.value} value={role.value}>
            {role.label}
          </option>
        ))}
      </select>
      <Button
        bar={disableBar}
        busy={busy}
        onClick={() => onChange({ state: member.state === "active" ? "disabled" : "active" })}
      >
        {member.state === "active" ? "Disable" : "Enable"}
      </Button>
    </div>
  );
}
