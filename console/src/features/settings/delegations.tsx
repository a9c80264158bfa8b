// Who decides in my place, and in whose place I may decide.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { delegationsQuery, groupsQuery } from "@/api/operations";
import { asApiError } from "@/api/problem";
import { membersQuery, queuesQuery } from "@/api/queries";
import type { Delegation, DelegationMode } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { reaches } from "@/features/shell/stand-in";
import { useNames } from "@/features/tasks/names";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint } from "@/ui/states";
import { moment } from "@/words/moment";
import { list } from "@/words/workflow";
import { faultOf, NO_PERIOD, type Period, PeriodFields, periodOf } from "./period";

const MODES: Record<DelegationMode, string> = {
  while_absent: "While I am absent",
  always: "The whole time",
};

export function Delegations({ delegations }: { delegations: readonly Delegation[] }) {
  const me = useMe();
  const cache = useQueryClient();
  const nameOf = useNames(true);
  const open = delegations.filter((delegation) => delegation.revoked_at === null);
  const mine = open.filter((delegation) => delegation.from === me.member.id);
  const others = open.filter((delegation) => reaches(delegation, me.member.id, Date.now()));
  const changed = () => cache.invalidateQueries({ queryKey: delegationsQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (id: string) => answer(client.DELETE("/delegation/{id}", { params: { path: { id } } })),
    onSuccess: changed,
  });
  return (
    <section className="card">
      <h2 className="card__title">Who decides in my place</h2>
      <p className="quiet">
        They decide as themselves, on your behalf, and the record names you both. They pass nothing on, and may decide
        nothing that you may not.
      </p>
      <NewDelegation onAdded={changed} />
      <Complaint error={revoke.error} />
      {mine.length === 0 ? (
        <p className="quiet list__none">You delegate to nobody.</p>
      ) : (
        <ul className="list" aria-label="My delegations">
          {mine.map((delegation) => (
            <li key={delegation.id} className="list__row">
              <div className="list__what">
                <div>
                  To{" "}
                  <strong>
                    <SafeText text={toWords(delegation, nameOf)} />
                  </strong>
                </div>
                <Facts delegation={delegation} />
              </div>
              <Button
                size="small"
                busy={revoke.isPending && revoke.variables === delegation.id}
                onClick={() => revoke.mutate(delegation.id)}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      {others.length === 0 ? null : (
        <>
          <h3 className="card__title">In whose place I may decide</h3>
          <ul className="list">
            {others.map((delegation) => (
              <li key={delegation.id} className="list__row">
                <div className="list__what">
                  <div>
                    For{" "}
                    <strong>
                      <SafeText text={nameOf(delegation.from)} />
                    </strong>
                    {"group" in delegation.to ? (
                      <>
                        , if you are in the group <SafeText text={delegation.to.group} />
                      </>
                    ) : null}
                  </div>
                  <Facts delegation={delegation} />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function toWords({ to }: Delegation, nameOf: (id: string) => string): string {
  return "group" in to ? `the group ${to.group}` : nameOf(to.member);
}

function Facts({ delegation }: { delegation: Delegation }) {
  const queues = delegation.scope.queue_keys;
  return (
    <div className="list__facts quiet">
      <span>
        {moment(delegation.starts_at)} – {moment(delegation.ends_at)}
      </span>
      <span>{delegation.mode === "always" ? "the whole time" : "while absent"}</span>
      <span>
        {queues === null || queues === undefined ? "every queue" : <SafeText text={`only ${list(queues)}`} />}
      </span>
      {delegation.include_existing ? <span>with what is open already</span> : null}
      {delegation.reason === null ? null : (
        <span>
          <SafeText text={delegation.reason} />
        </span>
      )}
    </div>
  );
}

function NewDelegation({ onAdded }: { onAdded(): void }) {
  const me = useMe();
  const { data: members = [] } = useQuery(membersQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const { data: queues = [] } = useQuery(queuesQuery);
  const [to, setTo] = useState("");
  const [period, setPeriod] = useState<Period>(NO_PERIOD);
  const [mode, setMode] = useState<DelegationMode>("while_absent");
  const [queue, setQueue] = useState("");
  const [existing, setExisting] = useState(false);
  const span = periodOf(period);
  const create = useMutation({
    mutationFn: (between: { from: string; to: string }) =>
      answer(
        client.POST("/delegation", {
          headers: { "Idempotency-Key": idempotencyKey() },
          body: {
            to: to.startsWith("group:") ? { group: to.slice("group:".length) } : { member: to },
            starts_at: between.from,
            ends_at: between.to,
            mode,
            include_existing: existing,
            ...(queue === "" ? {} : { scope: { queue_keys: [queue] } }),
          },
        }),
      ),
    onSuccess: () => {
      setTo("");
      setPeriod(NO_PERIOD);
      onAdded();
    },
  });
  const errors = create.error === null ? {} : asApiError(create.error).errors;
  const able = members.filter(
    (member) => member.state === "active" && member.role !== "auditor" && member.id !== me.member.id,
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (span !== null && to !== "" && !create.isPending) create.mutate(span);
  }
  return (
    <form className="form period-form" aria-label="New delegation" onSubmit={submit}>
      <div className="form__row">
        <Field label="To" errors={errors["/to"]}>
          {(control) => (
            <select {...control} className="select" value={to} onChange={(event) => setTo(event.target.value)}>
              <option value="">Choose somebody</option>
              {able.map((member) => (
                <option key={member.id} value={member.id}>
                  {member.name}
                </option>
              ))}
              {groups.map((group) => (
                <option key={group.key} value={`group:${group.key}`}>
                  Anyone of {group.name ?? group.key}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="In">
          {(control) => (
            <select {...control} className="select" value={queue} onChange={(event) => setQueue(event.target.value)}>
              <option value="">Every queue</option>
              {queues.map((each) => (
                <option key={each.id} value={each.key}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="When">
          {(control) => (
            <select
              {...control}
              className="select"
              value={mode}
              onChange={(event) => setMode(event.target.value as DelegationMode)}
            >
              {Object.entries(MODES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <PeriodFields
        period={period}
        errors={{ from: errors["/starts_at"], to: errors["/ends_at"] }}
        onChange={setPeriod}
      />
      <label className="check">
        <input type="checkbox" checked={existing} onChange={(event) => setExisting(event.target.checked)} />
        With what I have already
      </label>
      <Complaint error={create.error} />
      <div className="form__actions form__actions--start">
        <Button
          kind="primary"
          type="submit"
          busy={create.isPending}
          bar={to === "" ? "Choose to whom." : faultOf(period)}
        >
          Add delegation
        </Button>
      </div>
    </form>
  );
}
