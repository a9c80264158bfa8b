// My absences: listed, added after a look at what would be left without anybody, taken back.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { absencesQuery } from "@/api/operations";
import { asApiError } from "@/api/problem";
import type { Absence, Delegation, OpenWork, Uncovered } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { useMe } from "@/features/shell/me";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint, Note } from "@/ui/states";
import { moment } from "@/words/moment";
import { faultOf, lackWords, NO_PERIOD, type Period, PeriodFields, periodOf } from "./period";

const OPEN_WORK: Record<OpenWork, string> = {
  keep: "It waits for me",
  delegate: "It goes to whom I delegate to",
  return: "It goes back to the queue",
};

const BECOMES: Record<OpenWork, string> = {
  keep: "waits for you",
  delegate: "goes to whom you delegate to",
  return: "goes back to the queue",
};

interface Props {
  absences: readonly Absence[];
  delegations: readonly Delegation[];
}

export function Absences({ absences, delegations }: Props) {
  const me = useMe();
  const cache = useQueryClient();
  const mine = absences.filter((absence) => absence.member_id === me.member.id);
  const changed = () => cache.invalidateQueries({ queryKey: absencesQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (id: string) => answer(client.DELETE("/absence/{id}", { params: { path: { id } } })),
    onSuccess: changed,
  });
  return (
    <section className="card">
      <h2 className="card__title">When I am away</h2>
      <p className="quiet">Nothing is offered to you then. What you have is kept, handed over or given back.</p>
      <NewAbsence onAdded={changed} />
      <Complaint error={revoke.error} />
      {mine.length === 0 ? (
        <p className="quiet list__none">No absence is entered.</p>
      ) : (
        <ul className="list" aria-label="My absences">
          {mine.map((absence) => (
            <li key={absence.id} className="list__row">
              <div className="list__what">
                <div>
                  {moment(absence.starts_at)} – {moment(absence.ends_at)}
                  {Date.parse(absence.starts_at) <= Date.now() ? <span className="badge">now</span> : null}
                </div>
                <div className="list__facts quiet">
                  <span>Open work {BECOMES[absence.open_work]}</span>
                  {absence.open_work === "delegate" && !isRepresented(absence, delegations) ? (
                    <span>you delegate to nobody then</span>
                  ) : null}
                  {absence.reason === null ? null : (
                    <span>
                      <SafeText text={absence.reason} />
                    </span>
                  )}
                </div>
              </div>
              <Button
                size="small"
                busy={revoke.isPending && revoke.variables === absence.id}
                onClick={() => revoke.mutate(absence.id)}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Whether somebody decides in the place of who is absent at some time of the absence. */
function isRepresented(absence: Absence, delegations: readonly Delegation[]): boolean {
  return delegations.some(
    ({ from, revoked_at, starts_at, ends_at }) =>
      from === absence.member_id &&
      revoked_at === null &&
      Date.parse(starts_at) < Date.parse(absence.ends_at) &&
      Date.parse(ends_at) > Date.parse(absence.starts_at),
  );
}

function NewAbsence({ onAdded }: { onAdded(): void }) {
  const me = useMe();
  const [period, setPeriod] = useState<Period>(NO_PERIOD);
  const [openWork, setOpenWork] = useState<OpenWork>("keep");
  const [reason, setReason] = useState("");
  const span = periodOf(period);
  const create = useMutation({
    mutationFn: (between: { from: string; to: string }) =>
      answer(
        client.POST("/absence", {
          headers: { "Idempotency-Key": idempotencyKey() },
          body: {
            starts_at: between.from,
            ends_at: between.to,
            open_work: openWork,
            ...(reason.trim() === "" ? {} : { reason }),
          },
        }),
      ),
    onSuccess: () => {
      setPeriod(NO_PERIOD);
      setReason("");
      onAdded();
    },
  });
  const preview = useQuery({
    queryKey: ["absence", "preview", me.member.id, span],
    enabled: span !== null,
    queryFn: ({ signal }) =>
      answer(
        client.GET("/absence/preview", {
          signal,
          params: { query: { member_id: me.member.id, from: span?.from ?? "", to: span?.to ?? "" } },
        }),
      ),
  });
  const errors = create.error === null ? {} : asApiError(create.error).errors;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (span !== null && !create.isPending) create.mutate(span);
  }
  return (
    <form className="form period-form" aria-label="New absence" onSubmit={submit}>
      <PeriodFields
        period={period}
        errors={{ from: errors["/starts_at"], to: errors["/ends_at"] }}
        onChange={setPeriod}
      />
      <div className="form__row">
        <Field label="What I have then">
          {(control) => (
            <select
              {...control}
              className="select"
              value={openWork}
              onChange={(event) => setOpenWork(event.target.value as OpenWork)}
            >
              {Object.entries(OPEN_WORK).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Reason" optional>
          {(control) => (
            <input
              {...control}
              className="input"
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
      {span === null ? null : preview.data !== undefined ? (
        <Preview uncovered={preview.data} />
      ) : (
        <Complaint error={preview.error} />
      )}
      <Complaint error={create.error} />
      <div className="form__actions form__actions--start">
        <Button kind="primary" type="submit" busy={create.isPending} bar={faultOf(period)}>
          Add absence
        </Button>
      </div>
    </form>
  );
}

function Preview({ uncovered }: { uncovered: readonly Uncovered[] }) {
  if (uncovered.length === 0) return <Note kind="good">Every queue still has somebody then.</Note>;
  return (
    <Note kind="warn">
      Without you, then:
      <ul className="note__list">
        {uncovered.map((each) => (
          <li key={`${each.queue_key} ${each.from} ${JSON.stringify(each.lack)}`}>
            <strong>
              <SafeText text={each.queue_key} />
            </strong>{" "}
            {lackWords(each.lack)}, {moment(each.from)} – {moment(each.to)}
          </li>
        ))}
      </ul>
    </Note>
  );
}
