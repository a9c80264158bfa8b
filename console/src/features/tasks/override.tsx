// Deciding in place of a stage's rule, for who may: with a reason, and only after being told what it does.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import type { Queue, Task } from "@/api/types";
import { SafeText } from "@/content/safe-text";
import { EMPTY, maxSelections, selectables, toggle } from "@/features/review/verdict";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Modal } from "@/ui/modal";
import { Complaint } from "@/ui/states";
import { placeWords, ruleOf, ruleWords, stageOf } from "@/words/workflow";

interface Props {
  task: Task;
  queue: Queue;
  onClose(): void;
}

export function OverrideDialog({ task, queue, onClose }: Props) {
  const cache = useQueryClient();
  const [result, setResult] = useState<string[]>([]);
  const [score, setScore] = useState("");
  const [reason, setReason] = useState("");
  const options = selectables(queue, task);
  const most = maxSelections(queue, task) ?? null;
  const types = queue.review_type === "scoring" && options.length === 0;
  const edits = queue.review_type === "augmentation";
  const chosen = types ? (score.trim() === "" ? [] : [score.trim()]) : result;
  const override = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/task/{id}/override", {
          params: { path: { id: task.id }, header: { "If-Match": `"${task.revision}"` } },
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { result: chosen, reason, ...(edits ? { data: task.data } : {}) },
        }),
      ),
    onSuccess: (decided) => {
      cache.setQueryData(["task", task.id], decided);
      cache.invalidateQueries({ queryKey: ["task", task.id] });
      cache.invalidateQueries({ queryKey: ["tasks"] });
      onClose();
    },
  });
  const bar =
    reason.trim() === ""
      ? "Give a reason."
      : chosen.length === 0 && queue.result_required && !edits
        ? "Choose what it is decided as."
        : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (bar === null && !override.isPending) override.mutate();
  }
  const one = most === 1 || queue.review_type === "approval" || queue.review_type === "scoring";
  const place = placeWords(queue, task);
  return (
    <Modal open onClose={onClose} title="Decide in place of the rule">
      <form className="form" onSubmit={submit}>
        <div className="note note--warn">
          <div className="note__text">
            <p>
              This decides the task at once and for good. {place === null ? "" : <SafeText text={`${place}. `} />}
              Its rule no longer counts: <SafeText text={ruleWords(ruleOf(stageOf(queue, task)))} />
            </p>
            <p>
              Reviews and stages that are still wanted are not waited for, and the agent goes on with your answer. The
              record has it as an override, with your name and reason.
            </p>
          </div>
        </div>
        {edits ? (
          <p className="quiet">The content is passed as it is.</p>
        ) : types ? (
          <Field label="Score">
            {(control) => (
              <input
                {...control}
                className="input input--short"
                type="number"
                step="any"
                value={score}
                onChange={(event) => setScore(event.target.value)}
              />
            )}
          </Field>
        ) : (
          <fieldset className="plain-set">
            <legend className="field__label">Decide as</legend>
            {options.map((option) => (
              <label key={option.id} className="check">
                <input
                  type={one ? "radio" : "checkbox"}
                  name="override"
                  checked={result.includes(option.id)}
                  onChange={() => setResult(one ? [option.id] : toggle({ ...EMPTY, result }, option.id, most).result)}
                />
                <SafeText text={option.label} />
              </label>
            ))}
          </fieldset>
        )}
        <Field label="Reason">
          {(control) => (
            <textarea
              {...control}
              className="textarea"
              rows={2}
              maxLength={1_000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Complaint error={override.error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button kind="bad" type="submit" busy={override.isPending} bar={bar}>
            Override
          </Button>
        </div>
      </form>
    </Modal>
  );
}
