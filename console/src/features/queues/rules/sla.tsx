// The times that a queue promises, and a simulator: submitted then, due when.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { answer, client } from "@/api/client";
import type { Priority, Queue, SlaSimulation } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { instantOf, localNow } from "@/ui/local-time";
import { Complaint } from "@/ui/states";
import { length } from "@/ui/time";
import { METRICS, onDeadlineWords, targetWords } from "@/words/clocks";
import { moment } from "@/words/moment";

const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];

export function SlaPart({ queue }: { queue: Queue }) {
  const { sla, sla_minutes } = queue;
  const metrics = sla?.metrics ?? [];
  return (
    <section className="card">
      <h2 className="card__title">By when</h2>
      <ul className="sentences">
        <li>
          {sla_minutes === null
            ? "Tasks have no deadline unless their agent gives one."
            : `Due within ${length(sla_minutes * 60_000)} of being submitted.`}
        </li>
        {sla === null ? null : (
          <>
            <li>
              {sla.calendar === null ? "Time counts around the clock." : `Time counts in the hours of ${sla.calendar}.`}
            </li>
            <li>
              <SafeText text={onDeadlineWords(sla.on_deadline ?? { action: "keep" })} />
            </li>
          </>
        )}
      </ul>
      {metrics.length === 0 ? null : (
        <dl className="terms">
          {metrics.map((metric) => (
            <div key={`${metric.kind} ${metric.stage}`} className="terms__pair">
              <dt>
                {METRICS[metric.kind]}
                {metric.stage === null ? null : <> ({metric.stage})</>}
              </dt>
              <dd>
                {targetWords(metric.target_minutes)}
                {(metric.warn_at_percent ?? []).length === 0
                  ? null
                  : `; a warning at ${(metric.warn_at_percent ?? []).join(", ")} %`}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Simulator queueKey={queue.key} />
    </section>
  );
}

function Simulator({ queueKey }: { queueKey: string }) {
  const title = useId();
  const [at, setAt] = useState(localNow);
  const [priority, setPriority] = useState<Priority>("normal");
  const simulate = useMutation({
    mutationFn: (submitted_at: string) =>
      answer(client.POST("/sla/simulate", { body: { queue_key: queueKey, priority, submitted_at } })),
  });
  const instant = instantOf(at);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (instant !== null) simulate.mutate(instant);
  }
  return (
    <form className="try" aria-labelledby={title} onSubmit={submit}>
      <h3 className="try__title" id={title}>
        When would a task be due?
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
        <Field label="Priority">
          {(control) => (
            <select
              {...control}
              className="select"
              value={priority}
              onChange={(event) => setPriority(event.target.value as Priority)}
            >
              {PRIORITIES.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" busy={simulate.isPending} bar={instant === null ? "Enter when it is submitted." : null}>
          Work it out
        </Button>
      </div>
      <Complaint error={simulate.error} />
      <div role="status">{simulate.data === undefined ? null : <Result simulation={simulate.data} />}</div>
    </form>
  );
}

function Result({ simulation }: { simulation: SlaSimulation }) {
  const { submitted_at, priority, metrics, deadline, time_zone } = simulation;
  const say = (at: string) => moment(at, time_zone);
  return (
    <div className="try__result">
      <p>
        Submitted at {say(submitted_at)}, {priority}:{" "}
        <strong>{deadline === null ? "no deadline." : `due ${say(deadline)}.`}</strong>
      </p>
      {metrics.length === 0 ? null : (
        <dl className="terms">
          {metrics.map((metric) => (
            <div key={`${metric.kind} ${metric.stage}`} className="terms__pair">
              <dt>
                {METRICS[metric.kind]}
                {metric.stage === null ? null : <> ({metric.stage})</>}
              </dt>
              <dd>
                {metric.due_at === null ? "more than ten years ahead" : say(metric.due_at)}
                {metric.warnings.map((warning) => (
                  <span key={warning.percent} className="quiet">
                    {" "}
                    · warning at {warning.percent} %: {say(warning.at)}
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {time_zone === null ? null : <p className="quiet">In the time of {time_zone}, the calendar's zone.</p>}
    </div>
  );
}
