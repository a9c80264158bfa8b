// The queue form: what is asked, how it is answered, by whom and by when.
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asApiError } from "@/api/problem";
import { membersQuery } from "@/api/queries";
import type { Assignment, FeedbackRequired, ReviewType } from "@/api/types";
import { REVIEW_TYPES } from "@/ui/badges";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint } from "@/ui/states";
import { type Entries, feedbackRules, hasOptions, hasSelections, jsonFault, keyFor } from "./form-state";
import { OptionsEditor } from "./options-editor";

interface Props {
  initial: Entries;
  isNew: boolean;
  bar: string | null;
  busy: boolean;
  error: unknown;
  onSubmit(entries: Entries): void;
}

export function QueueForm({ initial, isNew, bar, busy, error, onSubmit }: Props) {
  const [entries, setEntries] = useState(initial);
  const [ownKey, setOwnKey] = useState(!isNew);
  const set = <Name extends keyof Entries>(name: Name, value: Entries[Name]) =>
    setEntries((before) => ({ ...before, [name]: value }));
  const type = entries.review_type;
  const wrong = error === null || error === undefined ? {} : asApiError(error).errors;
  const faults = [jsonFault(entries.data_schema), jsonFault(entries.edit_schema)];
  const edits = type === "augmentation" || (type === "approval" && entries.allow_edits);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (bar === null && faults.every((fault) => fault === null)) onSubmit(entries);
  }

  return (
    <form className="form form--wide" onSubmit={submit}>
      <section className="form__part">
        <h2>What is asked</h2>
        <Field label="Name" errors={wrong["/name"]}>
          {(control) => (
            <input
              {...control}
              className="input"
              required
              maxLength={120}
              value={entries.name}
              onChange={(event) => {
                set("name", event.target.value);
                if (!ownKey) set("key", keyFor(event.target.value));
              }}
            />
          )}
        </Field>
        {isNew ? (
          <Field label="Key" hint="By this name agents submit to the queue. It never changes." errors={wrong["/key"]}>
            {(control) => (
              <input
                {...control}
                className="input input--code"
                required
                pattern="[a-z0-9][a-z0-9_\-]{0,62}"
                value={entries.key}
                onChange={(event) => {
                  setOwnKey(true);
                  set("key", event.target.value);
                }}
              />
            )}
          </Field>
        ) : null}
        <Field label="Description" optional errors={wrong["/description"]}>
          {(control) => (
            <input
              {...control}
              className="input"
              value={entries.description}
              onChange={(event) => set("description", event.target.value)}
            />
          )}
        </Field>
        <Field label="What reviewers do" hint={isNew ? "This never changes." : "This cannot be changed."}>
          {(control) => (
            <select
              {...control}
              className="select"
              disabled={!isNew}
              value={type}
              onChange={(event) => set("review_type", event.target.value as ReviewType)}
            >
              {Object.entries(REVIEW_TYPES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}: {DEEDS[value as ReviewType]}
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
              value={entries.timing}
              onChange={(event) => set("timing", event.target.value as Entries["timing"])}
            >
              <option value="before">Before the action: the agent waits</option>
              <option value="after">After the action: quality review, nothing waits</option>
            </select>
          )}
        </Field>
        <Field
          label="Instructions"
          optional
          hint="Markdown. Reviewers see it beside every task."
          errors={wrong["/instructions"]}
        >
          {(control) => (
            <textarea
              {...control}
              className="textarea"
              rows={5}
              value={entries.instructions}
              onChange={(event) => set("instructions", event.target.value)}
            />
          )}
        </Field>
      </section>

      <section className="form__part">
        <h2>How it is answered</h2>
        {hasOptions(type) ? (
          <OptionsEditor
            options={entries.options}
            errors={wrong}
            hint={
              type === "approval"
                ? "Without options, reviewers approve or reject. Your own must include the ids approved and rejected."
                : "At least one."
            }
            onChange={(options) => set("options", options)}
          />
        ) : null}
        {type === "scoring" ? (
          <ScaleEditor entries={entries} onChange={(scale) => set("scale", scale)} errors={wrong["/scale"]} />
        ) : null}
        {hasSelections(type) ? (
          <Field
            label="At most this many may be selected"
            hint="Empty: any number. 1: one alone."
            errors={wrong["/max_selections"]}
          >
            {(control) => (
              <input
                {...control}
                className="input input--short"
                type="number"
                min={1}
                value={entries.max_selections}
                onChange={(event) => set("max_selections", event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {type === "approval" || type === "augmentation" ? null : (
          <label className="check">
            <input
              type="checkbox"
              checked={entries.result_required}
              onChange={(event) => set("result_required", event.target.checked)}
            />
            Something must be selected
          </label>
        )}
        {type === "approval" ? (
          <label className="check">
            <input
              type="checkbox"
              checked={entries.allow_edits}
              onChange={(event) => set("allow_edits", event.target.checked)}
            />
            Reviewers may edit the content and approve it as edited
          </label>
        ) : null}
        <Field label="Feedback is needed">
          {(control) => (
            <select
              {...control}
              className="select"
              value={entries.feedback_required}
              onChange={(event) => set("feedback_required", event.target.value as FeedbackRequired)}
            >
              {feedbackRules(entries).map((rule) => (
                <option key={rule} value={rule}>
                  {FEEDBACK[rule]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </section>

      <section className="form__part">
        <h2>Who and by when</h2>
        <Reviewers chosen={entries.reviewer_ids} onChange={(ids) => set("reviewer_ids", ids)} />
        <Field label="Due after minutes" optional hint="From the moment of submission." errors={wrong["/sla_minutes"]}>
          {(control) => (
            <input
              {...control}
              className="input input--short"
              type="number"
              min={1}
              max={525_600}
              value={entries.sla_minutes}
              onChange={(event) => set("sla_minutes", event.target.value)}
            />
          )}
        </Field>
        <Field label="How tasks find a reviewer">
          {(control) => (
            <select
              {...control}
              className="select"
              value={entries.assignment}
              onChange={(event) => set("assignment", event.target.value as Assignment)}
            >
              <option value="manual">Reviewers choose from the list</option>
              <option value="pull">Reviewers are given the next one</option>
              <option value="round_robin">Offered in turn</option>
              <option value="load_balanced">Offered to whoever has the most room</option>
              <option value="skill_based">Offered to whoever has the skills</option>
              <option value="sticky">Offered to whoever reviewed the thread last</option>
              {entries.assignment.startsWith("ai_") ? (
                <option value={entries.assignment}>With a model ({entries.assignment})</option>
              ) : null}
            </select>
          )}
        </Field>
      </section>

      <section className="form__part">
        <h2>What agents send</h2>
        <Field
          label="Summary template"
          optional
          hint={
            <>
              Text with <code>{"{data.path}"}</code>, for tasks that come without a summary.
            </>
          }
          errors={wrong["/summary_template"]}
        >
          {(control) => (
            <input
              {...control}
              className="input input--code"
              value={entries.summary_template}
              onChange={(event) => set("summary_template", event.target.value)}
            />
          )}
        </Field>
        <SchemaField
          label="Schema of the content"
          value={entries.data_schema}
          errors={wrong["/data_schema"]}
          onChange={(text) => set("data_schema", text)}
        />
        {edits ? (
          <SchemaField
            label="Schema of edited content"
            value={entries.edit_schema}
            errors={wrong["/edit_schema"]}
            onChange={(text) => set("edit_schema", text)}
          />
        ) : null}
      </section>

      <Complaint error={error} />
      <div className="form__actions form__actions--start">
        <Button
          kind="primary"
          size="large"
          type="submit"
          busy={busy}
          bar={bar ?? (faults.some((fault) => fault !== null) ? "A schema is not valid JSON." : null)}
        >
          {isNew ? "Create queue" : "Save"}
        </Button>
      </div>
    </form>
  );
}

const FEEDBACK: Record<FeedbackRequired, string> = {
  never: "Never",
  always: "Always",
  when_empty: "When nothing is selected",
  when_rejected: "When it is rejected",
};

const DEEDS: Record<ReviewType, string> = {
  approval: "say yes or no",
  classification: "pick the one category",
  labeling: "pick every label that applies",
  scoring: "give a number on a scale",
  multiple_choice: "pick among candidates that the agent sends",
  augmentation: "correct the content",
};

function SchemaField({
  label,
  value,
  errors,
  onChange,
}: {
  label: string;
  value: string;
  errors: string[] | undefined;
  onChange(text: string): void;
}) {
  const fault = jsonFault(value);
  return (
    <Field
      label={label}
      optional
      hint="JSON Schema 2020-12, with local references only."
      errors={fault === null ? errors : [fault]}
    >
      {(control) => (
        <textarea
          {...control}
          className="textarea textarea--code"
          rows={5}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function ScaleEditor({
  entries,
  onChange,
  errors,
}: {
  entries: Entries;
  onChange(scale: Entries["scale"]): void;
  errors: string[] | undefined;
}) {
  const { scale } = entries;
  const number = (name: "min" | "max" | "step", label: string) => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          className="input"
          type="number"
          step="any"
          required
          value={scale[name]}
          onChange={(event) => onChange({ ...scale, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const text = (name: "min_label" | "max_label", label: string) => (
    <Field label={label} optional>
      {(control) => (
        <input
          {...control}
          className="input"
          value={scale[name]}
          onChange={(event) => onChange({ ...scale, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="form__row">
        {number("min", "From")}
        {number("max", "To")}
        {number("step", "In steps of")}
      </div>
      <div className="form__row">
        {text("min_label", "The lowest means")}
        {text("max_label", "The highest means")}
      </div>
      {errors === undefined ? null : <div className="field__error">{errors.join(" ")}</div>}
    </>
  );
}

function Reviewers({ chosen, onChange }: { chosen: string[] | null; onChange(ids: string[] | null): void }) {
  const { data: members = [] } = useQuery(membersQuery);
  const able = members.filter((member) => member.state === "active" && member.role !== "auditor");
  return (
    <fieldset className="plain-set">
      <legend className="field__label">Who may review</legend>
      <label className="check">
        <input type="radio" name="reviewers" checked={chosen === null} onChange={() => onChange(null)} />
        Every member whose role may review
      </label>
      <label className="check">
        <input type="radio" name="reviewers" checked={chosen !== null} onChange={() => onChange(chosen ?? [])} />
        Only these
      </label>
      {chosen === null ? null : (
        <div className="plain-set__inner">
          {able.map((member) => (
            <label key={member.id} className="check">
              <input
                type="checkbox"
                checked={chosen.includes(member.id)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, member.id] : chosen.filter((id) => id !== member.id))
                }
              />
              {member.name} <span className="quiet">{member.email}</span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
