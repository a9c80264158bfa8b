// From when until when: the two fields, what is wrong with them, and what a queue lacks then.
import type { Uncovered } from "@/api/types";
import { Field } from "@/ui/field";
import { instantOf } from "@/ui/local-time";

/** As it is typed. */
export interface Period {
  from: string;
  to: string;
}

export const NO_PERIOD: Period = { from: "", to: "" };

/** Why this is no period; null when it is one. */
export function faultOf(period: Period): string | null {
  const [from, to] = [instantOf(period.from), instantOf(period.to)];
  if (from === null) return "Enter from when.";
  if (to === null) return "Enter until when.";
  return from < to ? null : "It ends before it starts.";
}

/** The period in instants; null when it is none. */
export function periodOf(period: Period): { from: string; to: string } | null {
  const [from, to] = [instantOf(period.from), instantOf(period.to)];
  return from !== null && to !== null && from < to ? { from, to } : null;
}

export function lackWords(lack: Uncovered["lack"]): string {
  switch (lack.kind) {
    case "anybody":
      return "has nobody";
    case "skill":
      return `has nobody with the skill ${lack.skill}`;
    case "skills_together":
      return "has nobody with all the skills at once";
  }
}

interface Props {
  period: Period;
  errors: { from: string[] | undefined; to: string[] | undefined };
  onChange(period: Period): void;
}

export function PeriodFields({ period, errors, onChange }: Props) {
  return (
    <div className="form__row">
      <Field label="From" errors={errors.from}>
        {(control) => (
          <input
            {...control}
            className="input"
            type="datetime-local"
            value={period.from}
            onChange={(event) => onChange({ ...period, from: event.target.value })}
          />
        )}
      </Field>
      <Field label="Until" errors={errors.to}>
        {(control) => (
          <input
            {...control}
            className="input"
            type="datetime-local"
            value={period.to}
            onChange={(event) => onChange({ ...period, to: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
