// A labelled control with its hint and what is wrong with it.
import { type ReactNode, useId } from "react";

interface Props {
  label: string;
  hint?: ReactNode;
  /** What is wrong, in sentences. */
  errors?: string[] | undefined;
  optional?: boolean;
  children(control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }): ReactNode;
}

export function Field({ label, hint, errors = [], optional = false, children }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint === undefined ? null : hintId, errors.length > 0 ? errorId : null].filter(Boolean).join(" ");
  return (
    <div className={errors.length > 0 ? "field field--wrong" : "field"}>
      <label className="field__label" htmlFor={id}>
        {label}
        {optional ? <span className="field__optional"> optional</span> : null}
      </label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": errors.length > 0 ? true : undefined,
      })}
      {hint === undefined ? null : (
        <div className="field__hint" id={hintId}>
          {hint}
        </div>
      )}
      {errors.length === 0 ? null : (
        <div className="field__error" id={errorId}>
          {errors.join(" ")}
        </div>
      )}
    </div>
  );
}
