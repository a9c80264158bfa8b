// What happens when nobody takes care of a task, and a dry run of it.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { answer, client } from "@/api/client";
import type { PlannedStep, Queue } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { instantOf, localNow } from "@/ui/local-time";
import { Complaint } from "@/ui/states";
import { actionWords, afterWords, escalationWords, unlessWords } from "@/words/clocks";
import { moment } from "@/words/moment";
import { capital } from "@/words/workflow";

interface Props {
  queue: Queue;
  nameOf(id: string): string;
}

export function EscalationPart({ queue, nameOf }: Props) {
  const { escalation } = queue;
  return (
    <section className="card">
      <h2 className="card__title">When nobody acts</h2>
      {escalation === null ? (
        <p className="quiet">Nothing is escalated, but that a task finds nobody: then its leads are told.</p>
      ) : (
        <>
          <p>
            <SafeText text={escalationWords(escalation)} />
          </p>
          <ol className="plan">
            {escalation.steps.map((step, at) => {
              const unless = unlessWords(step);
              return (
                <li key={at} className="plan__step">
                  <strong>{afterWords(step.after)}</strong>
                  <span>
                    <SafeText text={actionWords(step.action, nameOf)} />
                    {unless === null ? null : <span className="quiet">, {unless}</span>}
                    {step.when === null ? null : (
                      <>
                        , if{" "}
                        <code className="condition">
                          <SafeText text={step.when} />
                        </code>
                      </>
                    )}
                  </span>
                </li>
              );
            })}
          </ol>
          <DryRun queueKey={queue.key} nameOf={nameOf} />
        </>
      )}
    </section>
  );
}

function DryRun({ queueKey, nameOf }: { queueKey: string; nameOf(id: string): string }) {
  const title = useId();
  const [at, setAt] = useState(localNow);
  const run = useMutation({
    mutationFn: (submitted_at: string) =>
      answer(client.POST("/escalation/dry-run", { body: { queue_key: queueKey, submitted_at } })),
  });
  const instant = instantOf(at);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (instant !== null) run.mutate(instant);
  }
  return (
    <form className="try" aria-labelledby={title} onSubmit={submit}>
      <h3 className="try__title" id={title}>
        What would happen to a task that nobody looks at?
      </h3>
      <div className="try__line">
        <Field label="Submitted">
          {(control) => (
            <input
              {...control}
              className="input"
              type="datetime-local"
              value={at}
              onChange={(event) => setAt(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={run.isPending} bar={instant === null ? "Enter when it is submitted." : null}>
          Dry run
        </Button>
      </div>
      <Complaint error={run.error} />
      <div role="status">{run.data === undefined ? null : <Planned steps={run.data} nameOf={nameOf} />}</div>
    </form>
  );
}

function Planned({ steps, nameOf }: { steps: readonly PlannedStep[]; nameOf(id: string): string }) {
  if (steps.length === 0) return <p className="quiet">Nothing would happen.</p>;
  return (
    <ol className="plan" aria-label="What would happen">
      {steps.map((step, at) => (
        <li key={at} className="plan__step">
          <strong>
            <time dateTime={step.at}>{moment(step.at)}</time>
          </strong>
          <span>
            <SafeText text={capital(actionWords(step.action, nameOf))} />
            <span className="quiet">
              {" "}
              · step {step.step + 1}, round {step.loop}
            </span>
            {step.note === null ? null : (
              <span className="plan__note">
                <SafeText text={step.note} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
